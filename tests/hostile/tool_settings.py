# SPDX-License-Identifier: Apache-2.0
"""Settings in the layout of training tools, with the tools' own keys. SECRET stands in private places."""

import json

SECRET = "SECRET"

KOHYA_TEXTS = {
    "ss_session_id": "600408049", "ss_training_started_at": "1675787873.1469538", "ss_training_finished_at": "1675788873.1469538",
    "ss_output_name": SECRET, "ss_learning_rate": "0.0001", "ss_unet_lr": "0.0001", "ss_text_encoder_lr": "5e-05",
    "ss_num_train_images": "11000", "ss_num_reg_images": "0", "ss_num_batches_per_epoch": "1375", "ss_num_epochs": "3",
    "ss_epoch": "2", "ss_steps": "1376", "ss_max_train_steps": "2064", "ss_batch_size_per_device": "4",
    "ss_total_batch_size": "16", "ss_gradient_accumulation_steps": "2", "ss_gradient_checkpointing": "True",
    "ss_resolution": "(512, 768)", "ss_bucket_info": "null", "ss_mixed_precision": "bf16", "ss_network_module": "networks.lora",
    "ss_network_dim": "4", "ss_network_alpha": "2.0", "ss_network_args": json.dumps({"note": SECRET}),
    "ss_optimizer": "bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)", "ss_lr_scheduler": "cosine",
    "ss_sd_model_name": "animefull-final-pruned-fp16.safetensors", "ss_new_sd_model_hash": "04" * 32, "ss_sd_model_hash": "0b1893f6",
    "ss_base_model_version": "sdxl_base_v1-0", "ss_training_comment": SECRET, "ss_v2": "False", "ss_seed": "42",
    "ss_dataset_dirs": json.dumps({f"100_{SECRET}": {"n_repeats": 100, "img_count": 110}}),
    "ss_tag_frequency": json.dumps({f"100_{SECRET}": {f"{SECRET} portrait": 12}}), "sshs_model_hash": "e2" * 32,
    "modelspec.title": SECRET, "modelspec.author": SECRET, "modelspec.description": SECRET, "modelspec.license": "MIT",
    "modelspec.architecture": "stable-diffusion-xl-v1-base/lora", "ss_vae_name": SECRET, "ss_clip_skip": "None",
}  # fmt: skip
MUSUBI_TEXTS = {
    "ss_num_train_items": "96", "ss_num_batches_per_epoch": "48", "ss_num_epochs": "20", "ss_max_train_steps": "960",
    "ss_steps": "480", "ss_epoch": "10", "ss_gradient_accumulation_steps": "1", "ss_learning_rate": "0.0002",
    "ss_network_module": "networks.lora_wan", "ss_network_dim": "4", "ss_base_model_version": "wan2.1", "ss_mixed_precision": "bf16",
    "ss_datasets": json.dumps([{"resolution": [960, 544], "batch_size_per_device": 2, "num_repeats": 1, "image_directory": SECRET}]),
    "ss_sd_model_name": "wan2.1_t2v_14B_bf16.safetensors", "ss_training_comment": SECRET, "ss_output_name": SECRET,
}  # fmt: skip
AI_TOOLKIT_TEXTS = {
    "software": json.dumps({"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit", "version": "0.12.26"}),
    "training_info": json.dumps({"step": 2000, "epoch": 83}), "ss_base_model_version": "flux1", "ss_output_name": SECRET,
    "ss_tag_frequency": json.dumps({f"1_{SECRET}": {SECRET: 1}}), "name": SECRET, "format": "pt", "sshs_model_hash": "ab" * 32,
}  # fmt: skip
ONETRAINER = {
    "base_model_name": "black-forest-labs/FLUX.1-dev", "model_type": "FLUX_DEV_1", "training_method": "LORA", "peft_type": "LORA",
    "lora_rank": 4, "lora_alpha": 1.0, "batch_size": 4, "gradient_accumulation_steps": 2, "epochs": 30, "resolution": "512,768",
    "learning_rate": 3e-4, "train_dtype": "BFLOAT_16", "gradient_checkpointing": "ON", "optimizer": {"optimizer": "ADAMW"},
    "workspace_dir": f"/home/{SECRET}/workspace", "concepts": [{"name": SECRET, "path": f"/home/{SECRET}", "text": {"prompt_path": SECRET}}],
    "samples": [{"prompt": SECRET}], "output_model_destination": f"models/{SECRET}.safetensors", "learning_rate_scheduler": "COSINE",
}  # fmt: skip
AXOLOTL = {
    "base_model": "NousResearch/Llama-3.2-1B", "load_in_4bit": True, "adapter": "qlora", "lora_r": 32, "lora_alpha": 16,
    "datasets": [{"path": "teknium/GPT4-LLM-Cleaned", "type": "alpaca"}, {"path": f"./data/{SECRET}.jsonl", "type": "chat_template"}],
    "sequence_len": 4096, "sample_packing": True, "micro_batch_size": 2, "gradient_accumulation_steps": 4, "num_epochs": 3,
    "bf16": True, "gradient_checkpointing": True, "learning_rate": 2e-4, "optimizer": "adamw_8bit", "lr_scheduler": "cosine",
    "wandb_project": SECRET, "wandb_entity": SECRET, "hub_model_id": f"{SECRET}/private", "output_dir": f"/home/{SECRET}/out",
    "dataset_prepared_path": SECRET, "special_tokens": {"pad_token": SECRET},
}  # fmt: skip
MS_SWIFT = {
    "output_dir": f"/home/{SECRET}/v0-20261128-000158", "per_device_train_batch_size": 2, "num_train_epochs": 2.0, "max_steps": -1,
    "learning_rate": 0.0001, "gradient_accumulation_steps": 2, "weight_decay": 0.1, "warmup_ratio": 0.05, "seed": 42, "bf16": True,
    "fp16": False, "gradient_checkpointing": True, "deepspeed": None, "fsdp": [], "hub_token": None, "tuner_type": "lora",
    "model": "LLM-Research/Llama-3.2-1B", "model_type": "llama3_2", "model_dir": f"/home/{SECRET}/.cache/modelscope/Llama-3.2-1B",
    "task_type": "causal_lm", "attn_impl": "flash_attn", "template": "llama3_2", "system": SECRET, "max_length": 512,
    "use_chat_template": True, "loss_scale": "default", "sequence_parallel_size": 1, "use_hf": False, "use_logits_to_keep": None,
    "dataset": ["AI-ModelScope/alpaca-gpt4-data-zh#500", f"/home/{SECRET}/own.jsonl"], "quant_bits": None, "packing": False,
    "packing_length": None, "padding_free": False, "lora_rank": 8, "lora_alpha": 16.0, "lora_dropout": 0.05, "use_dora": False,
    "freeze_parameters": [], "freeze_parameters_ratio": 0.0, "freeze_llm": False, "freeze_vit": True, "freeze_aligner": True,
    "lisa_activated_layers": 0, "swift_version": "4.6.0", "rank": 0, "global_world_size": 2, "local_world_size": 2,
    "model_info": f"ModelInfo(model_type='llama3_2', model_dir='/home/{SECRET}', is_multimodal=False, task_type='causal_lm')",
    "model_meta": "ModelMeta(model_type='llama3_2', model_groups=[ModelGroup(models=[Model(ms_model_id='LLM-Research/Llama-3.2-1B', "
    "hf_model_id='meta-llama/Llama-3.2-1B', model_path=None, ms_revision=None, hf_revision=None)])], is_multimodal=False)",
}  # fmt: skip
AUTOTRAIN = {
    "model": "meta-llama/Llama-3.2-1B", "project_name": SECRET, "data_path": "owner/public-data", "train_split": "train", "valid_split": None,
    "block_size": 1024, "model_max_length": 2048, "trainer": "sft", "log": "tensorboard", "disable_gradient_checkpointing": False,
    "mixed_precision": "bf16", "lr": 3e-5, "epochs": 2, "batch_size": 2, "warmup_ratio": 0.1, "gradient_accumulation": 4,
    "optimizer": "adamw_torch", "scheduler": "linear", "weight_decay": 0.0, "max_grad_norm": 1.0, "seed": 42, "quantization": "int4",
    "peft": True, "lora_r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "text_column": SECRET, "username": SECRET, "merge_adapter": False,
}  # fmt: skip
MS_SWIFT_2 = {
    "sft_type": "lora", "model_type": "qwen2-7b-instruct", "model_id_or_path": f"/home/{SECRET}/Qwen2-7B-Instruct", "rlhf_type": "dpo",
    "batch_size": 1, "gradient_accumulation_steps": 16, "max_length": 2048, "quantization_bit": 4, "dataset": [f"{SECRET}.jsonl"],
    "num_train_epochs": 1, "max_steps": -1, "lora_rank": 8, "output_dir": f"/home/{SECRET}/out", "hub_token": None,
}  # fmt: skip
LLAMA_FACTORY = {
    "stage": "dpo", "do_train": True, "finetuning_type": "lora", "model_name_or_path": "Qwen/Qwen3-14B", "quantization_bit": 4,
    "dataset": f"{SECRET},owner/public-data", "dataset_dir": f"/home/{SECRET}", "template": SECRET, "cutoff_len": 2048,
    "per_device_train_batch_size": 2, "gradient_accumulation_steps": 8, "num_train_epochs": 3.0, "lora_rank": 8, "bf16": True,
    "learning_rate": 5e-5, "lr_scheduler_type": "cosine", "optim": "adamw_torch", "output_dir": f"saves/{SECRET}", "packing": False,
}  # fmt: skip
BOARD = {
    "top.model_name": "Gemma-2-9B", "top.finetuning_type": "full", "top.quantization_bit": "none", "top.model_path": "google/gemma-2-9b",
    "train.training_stage": "Supervised Fine-Tuning", "train.cutoff_len": 1024, "train.batch_size": 4, "train.compute_type": "bf16",
    "train.gradient_accumulation_steps": 2, "train.num_train_epochs": "2.0", "train.dataset": [SECRET], "train.output_dir": SECRET,
    "train.learning_rate": "5e-5",
}  # fmt: skip
TORCHTUNE = {
    "output_dir": f"/tmp/{SECRET}", "tokenizer": {"_component_": "torchtune.models.llama3.llama3_tokenizer", "path": f"/home/{SECRET}/tok", "max_seq_len": 2048},
    "model": {"_component_": "torchtune.models.llama3_2.lora_llama3_2_1b", "lora_rank": 64, "lora_alpha": 128},
    "checkpointer": {"checkpoint_dir": f"/home/{SECRET}/Llama-3.2-1B-Instruct", "output_dir": SECRET},
    "dataset": {"_component_": "torchtune.datasets.alpaca_dataset", "packed": True, "source": "tatsu-lab/alpaca"},
    "batch_size": 2, "gradient_accumulation_steps": 8, "epochs": 2, "max_steps_per_epoch": 100, "dtype": "bf16",
    "enable_activation_checkpointing": True, "optimizer": {"_component_": "torch.optim.AdamW", "lr": 3e-4}, "seed": 7,
    "metric_logger": {"log_dir": SECRET}, "log_dir": SECRET,
}  # fmt: skip
LITGPT = {
    "checkpoint_dir": f"/home/{SECRET}/checkpoints/EleutherAI/pythia-160m", "out_dir": f"/tmp/{SECRET}", "precision": "bf16-true",
    "quantize": "bnb.nf4", "devices": 2, "num_nodes": 1, "lora_r": 4, "lora_alpha": 16, "lora_dropout": 0.05, "lora_query": True,
    "data": {"class_path": "litgpt.data.JSON", "init_args": {"json_path": f"/home/{SECRET}/data.json"}},
    "train": {"save_interval": 1000, "log_interval": 1, "global_batch_size": 17, "micro_batch_size": 2, "lr_warmup_steps": 2,
              "epochs": 2, "max_steps": None, "max_seq_length": 512},
    "eval": {"interval": 100}, "optimizer": {"class_path": "torch.optim.AdamW", "init_args": {"lr": 0.0002, "weight_decay": 0.01}},
    "logger_name": "csv", "seed": 1337, "access_token": f"hf_{SECRET}",
}  # fmt: skip
ULTRALYTICS = {
    "task": "detect", "mode": "train", "model": "yolo11n.pt", "data": f"C:\\Users\\{SECRET}\\data.yaml", "epochs": 100, "batch": 16,
    "imgsz": 640, "device": "0,1", "amp": True, "pretrained": True, "freeze": None, "save_dir": f"/home/{SECRET}/runs/train",
    "project": SECRET, "name": SECRET, "lr0": 0.01, "optimizer": "auto", "seed": 0, "resume": None,
}  # fmt: skip
TIMM = {
    "model": "resnet50", "pretrained": True, "dataset": SECRET, "data_dir": f"/home/{SECRET}/imagenet", "batch_size": 64, "epochs": 20,
    "grad_accum_steps": 2, "opt": "adamw", "sched": "cosine", "lr": 0.001, "num_classes": 10, "img_size": 224, "amp": True,
    "amp_dtype": "bfloat16", "experiment": SECRET, "output": f"/home/{SECRET}/out", "wandb_project": SECRET, "weight_decay": 0.05,
}  # fmt: skip
NANOCHAT = {
    "step": 650, "val_bpb": 0.9, "device_batch_size": 32, "max_seq_len": 2048, "total_batch_size": 524288,
    "model_config": {"sequence_len": 2048, "vocab_size": 32768, "n_layer": 20, "n_head": 10, "n_kv_head": 10, "n_embd": 1280},
    "user_config": {"run": SECRET, "matrix_lr": 0.02, "device_batch_size": 32}, "loop_state": {"total_training_time": 3600.5},
}  # fmt: skip
NANOCHAT_SFT = {
    "step": 100, "val_bpb": 0.7, "model_config": NANOCHAT["model_config"],
    "user_config": {"run": SECRET, "total_batch_size": 65536, "device_batch_size": 8},
}  # fmt: skip
DIFFUSERS_SCRIPT = {
    "pretrained_model_name_or_path": "stabilityai/stable-diffusion-xl-base-1.0", "train_batch_size": 2, "gradient_accumulation_steps": 4,
    "max_train_steps": 500, "num_train_epochs": 84, "resolution": 1024, "mixed_precision": "fp16", "gradient_checkpointing": True,
    "with_prior_preservation": True, "instance_prompt": f"a photo of {SECRET}", "class_prompt": SECRET, "instance_data_dir": f"/home/{SECRET}/me",
    "output_dir": f"/home/{SECRET}/out", "hub_token": f"hf_{SECRET}", "hub_model_id": f"{SECRET}/private", "validation_prompt": SECRET,
    "dataset_name": "owner/pictures", "learning_rate": 1e-4, "lr_scheduler": "constant", "lr_warmup_steps": 0, "rank": 4, "seed": None,
    "train_text_encoder": False, "report_to": "tensorboard", "snr_gamma": 5.0, "cache_dir": f"/home/{SECRET}/.cache",
}  # fmt: skip
