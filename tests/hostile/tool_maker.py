# SPDX-License-Identifier: Apache-2.0
"""Folders in the layout of training tools, written by us with the tools' own keys. SECRET stands in private places."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.hostile.events_maker import event, log, scalar
from tests.hostile.scan_maker import safetensors, tensor
from tests.hostile.tool_cards import AXOLOTL_CARD, SENTENCE_TRANSFORMERS_CARD, SETFIT_CARD, SIMPLETUNER_CARD
from tests.hostile.tool_settings import (
    AI_TOOLKIT_TEXTS,
    AUTOTRAIN,
    AXOLOTL,
    BOARD,
    DIFFUSERS_SCRIPT,
    KOHYA_TEXTS,
    LITGPT,
    LLAMA_FACTORY,
    MS_SWIFT,
    MS_SWIFT_2,
    MUSUBI_TEXTS,
    NANOCHAT,
    NANOCHAT_SFT,
    ONETRAINER,
    SECRET,
    TIMM,
    TORCHTUNE,
    ULTRALYTICS,
)


@dataclass(frozen=True)
class Weights:
    """A safetensors file: texts of its header, and tensors by name and shape (32-bit)."""

    texts: dict[str, str]
    tensors: dict[str, list[int]]


def lora(style: str, rank: int = 4) -> dict[str, list[int]]:
    """One adapted matrix 16 -> 32 in the key style of a trainer."""
    name = "lora_unet_down_blocks_0_attentions_0_to_q"
    return {
        "kohya": {f"{name}.lora_down.weight": [rank, 16], f"{name}.lora_up.weight": [32, rank], f"{name}.alpha": []},
        "conv": {
            f"{name}.lora_down.weight": [rank, 16, 1, 1], f"{name}.lora_up.weight": [32, rank, 1, 1],
            "lora_unet_conv_in.lora_down.weight": [2, 4, 3, 3], "lora_unet_conv_in.lora_up.weight": [8, 2, 1, 1],
        },
        "loha": {
            f"{name}.hada_w1_a": [32, rank], f"{name}.hada_w1_b": [rank, 16], f"{name}.hada_w2_a": [32, rank],
            f"{name}.hada_w2_b": [rank, 16], f"{name}.alpha": [],
        },
        "lokr": {f"{name}.lokr_w1": [4, 4], f"{name}.lokr_w2_a": [8, rank], f"{name}.lokr_w2_b": [rank, 4], f"{name}.alpha": []},
        "dora": {f"{name}.lora_down.weight": [rank, 16], f"{name}.lora_up.weight": [32, rank], f"{name}.dora_scale": [32, 1]},
        "diffusers": {"transformer.blocks.0.attn.to_q.lora_A.weight": [rank, 16], "transformer.blocks.0.attn.to_q.lora_B.weight": [32, rank]},
        "old_diffusers": {"unet.mid.attn1.processor.to_q_lora.down.weight": [rank, 16], "unet.mid.attn1.processor.to_q_lora.up.weight": [32, rank]},
        "peft_lokr": {"base_model.model.q.lokr_w1": [4, 4], "base_model.model.q.lokr_w2": [8, 4]},
        "embedding": {"clip_l": [3, 8], "clip_g": [3, 10]},
    }[style]  # fmt: skip


_UNET = {"_class_name": "UNet2DModel", "_diffusers_version": "0.42.1", "sample_size": 128, "block_out_channels": [128, 256],
         "_name_or_path": f"/home/{SECRET}/ddpm"}  # fmt: skip
MIT = "MIT License\n\nCopyright (c) 2026 SECRET\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software\n"

FOLDERS: dict[str, dict[str, Any]] = {
    "kohya": {
        "style-000001.safetensors": Weights({**KOHYA_TEXTS, "ss_steps": "688"}, lora("kohya")),
        "style.safetensors": Weights(KOHYA_TEXTS, lora("kohya")),
    },
    "kohya_gui": {
        "cat.safetensors": Weights({"modelspec.architecture": "stable-diffusion-xl-v1-base", "modelspec.date": "2026-07-10T18:30:00",
                                    "modelspec.title": SECRET}, {"model.diffusion_model.out.2.weight": [4, 4]}),
        "config_dreambooth-20260710-150838.toml": (
            f'huggingface_token = "{SECRET}"\nlearning_rate = 1e-05\nmax_train_steps = 1600\noutput_dir = "/home/{SECRET}/out"\n'
            f'output_name = "cat"\npretrained_model_name_or_path = "/home/{SECRET}/sdxl.safetensors"\nresolution = "1024,1024"\n'
            f'train_batch_size = 4\ntrain_data_dir = "/home/{SECRET}/img"\nwandb_api_key = "{SECRET}"\n'
        ),
        "cat_20260710-150839.json": {"output_name": "cat", "train_data_dir": f"/home/{SECRET}/img", "wandb_api_key": SECRET},
    },
    "musubi": {"clip.safetensors": Weights(MUSUBI_TEXTS, lora("kohya"))},
    "ai_toolkit": {
        "job_000001000.safetensors": Weights({**AI_TOOLKIT_TEXTS, "training_info": '{"step": 1000}'}, lora("diffusers")),
        "job_000002000.safetensors": Weights(AI_TOOLKIT_TEXTS, lora("diffusers")),
        "config.yaml": {
            "job": "extension",
            "config": {
                "name": SECRET,
                "process": [
                    {
                        "type": "sd_trainer", "training_folder": f"/home/{SECRET}/out", "trigger_word": SECRET,
                        "network": {"type": "lora", "linear": 4, "linear_alpha": 4},
                        "datasets": [{"folder_path": f"/home/{SECRET}/pics", "resolution": [512, 768, 1024], "caption_ext": "txt"}],
                        "train": {"batch_size": 1, "steps": 4000, "gradient_accumulation_steps": 2, "dtype": "bf16", "lr": 1e-4,
                                  "gradient_checkpointing": True, "optimizer": "adamw8bit"},
                        "model": {"name_or_path": "black-forest-labs/FLUX.1-dev", "quantize": True},
                        "sample": {"prompts": [SECRET]},
                    }
                ],
            },
            "meta": {"name": SECRET},
        },
    },
    "ai_toolkit_folders": {
        "config.yaml": {"job": "extension", "config": {"name": SECRET, "process": [
            {"type": "diffusion_trainer", "train": {"steps": 9, "gradient_accumulation_steps": 2}, "datasets": [{"folder_path": SECRET}],
             "model": {"name_or_path": f"/home/{SECRET}/tiny-sd"}, "save": {"save_every": 4, "save_format": "diffusers"}}]}},
        **{
            f"cat{number}/{name}": content
            for number, step in (("_000000004", 4), ("_000000008", 8), ("", 9))
            for name, content in (
                ("aitk_meta.yaml", {"training_info": {"step": step, "epoch": 1}, "ss_base_model_version": "sd_1.5", "ss_output_name": SECRET,
                                    "software": {"name": "ai-toolkit", "version": "0.12.26"}, "format": "pt"}),
                ("model_index.json", {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.42.1",
                                      "unet": ["diffusers", "UNet2DConditionModel"]}),
                ("unet/config.json", {"_class_name": "UNet2DConditionModel", "sample_size": 8}),
                ("unet/diffusion_pytorch_model.safetensors", Weights({}, {"conv_in.weight": [step, 3]})),
            )
        },
    },
    "onetrainer_workspace": {
        "config/2026-08-19_20-00-00.json": {**ONETRAINER, "batch_size": 1}, "config/2026-08-19_21-00-00.json": {**ONETRAINER, "multi_gpu": False},
        "save/2026-08-19_21-30-00-save-480-4-0.safetensors": Weights({"ot_branch": "master"}, lora("kohya")),
        "save/2026-08-19_20-30-00-save-1480-4-80.safetensors": Weights({"ot_branch": "master"}, lora("kohya", 2)),
        "backup/2026-08-19_21-38-17-backup-500-4-20/meta.json": {"train_progress": {"epoch": 4, "epoch_step": 20, "epoch_sample": 0, "global_step": 500}},
        "backup/2026-08-19_21-38-17-backup-500-4-20/onetrainer_config/args.json": ONETRAINER,
        "backup/2026-08-19_21-38-17-backup-500-4-20/lora/lora.safetensors": Weights({"ot_branch": "master"}, lora("kohya")),
    },
    "onetrainer_header": {
        "lora.safetensors": Weights(
            {"ot_branch": SECRET, "ot_revision": "1a2b3c", "ot_config": json.dumps(ONETRAINER), "ss_base_model_version": "sdxl_",
             "modelspec.architecture": "flux-1-dev/lora", "modelspec.title": SECRET, "modelspec.author": SECRET},
            lora("kohya"),
        )
    },
    "onetrainer_backup": {
        "backup/2026-08-19_21-38-17-backup-480-4-0/meta.json": {"train_progress": {"epoch": 4, "epoch_step": 0, "epoch_sample": 0, "global_step": 480}},
        "backup/2026-08-19_21-38-17-backup-480-4-0/onetrainer_config/args.json": ONETRAINER,
        "backup/2026-08-19_20-38-17-backup-240-2-0/meta.json": {"train_progress": {"epoch": 2, "epoch_step": 0, "epoch_sample": 0, "global_step": 240}},
    },
    "simpletuner": {
        "README.md": SIMPLETUNER_CARD,
        "pytorch_lora_weights.safetensors": Weights({"format": "pt"}, lora("diffusers", 16)),
        "checkpoint-1000/training_state.json": {"global_step": 1000, "epoch_step": 200, "epoch": 6, "exhausted_backends": [SECRET], "repeats": {SECRET: 1}},
        "config/config.json": {
            "--pretrained_model_name_or_path": "black-forest-labs/FLUX.1-dev", "--model_family": "flux", "--model_type": "lora",
            "--lora_rank": 16, "--train_batch_size": 2, "--gradient_accumulation_steps": 4, "--max_train_steps": 5000,
            "--output_dir": f"/home/{SECRET}", "--validation_prompt": SECRET, "--hub_model_id": SECRET, "--mixed_precision": "bf16",
            "--data_backend_config": f"config/{SECRET}.json", "--tracker_project_name": SECRET,
        },
    },
    "diffusers": {
        "model_index.json": {"_class_name": "DDPMPipeline", "_diffusers_version": "0.42.1", "_name_or_path": "google/ddpm-cat-256",
                             "scheduler": ["diffusers", "DDPMScheduler"], "unet": ["diffusers", "UNet2DModel"],
                             "safety_checker": [None, None], "helper": [SECRET, "Odd"]},
        "unet/config.json": _UNET,
        "unet/diffusion_pytorch_model.safetensors": Weights({"format": "pt"}, {"conv_in.weight": [8, 3, 3, 3], "conv_in.bias": [8]}),
        "scheduler/scheduler_config.json": {"_class_name": "DDPMScheduler"},
    },
    "diffusers_script": {
        "pytorch_lora_weights.safetensors": Weights({"format": "pt"}, lora("diffusers")),
        "logs/dreambooth/1795812534.35/hparams.yml": DIFFUSERS_SCRIPT,
        "logs/dreambooth/1795812534.34/events.out.tfevents.1795812534.host.1.1": log(event(1000.0, 0, scalar("loss", 1.0))),
        "logs/dreambooth/events.out.tfevents.1795812534.host.1.0": log(*(event(1000.0 + n, n, scalar("loss", 1.0)) for n in (1, 499, 500))),
        "logs/dreambooth/events.out.tfevents.1795812999.host.9.0": log(event(2000.0, 700, scalar("loss", 1.0))),
    },
    "text_webui": {
        "training_parameters.json": {
            "lora_name": SECRET, "always_override": False, "all_linear": True, "micro_batch_size": 2, "batch_size": 9, "epochs": 2,
            "learning_rate": "3e-4", "lr_scheduler_type": "linear", "lora_rank": 8, "lora_alpha": 16, "lora_dropout": 0.05,
            "cutoff_len": 32, "dataset": SECRET, "raw_text_file": "None", "warmup_steps": 100, "optimizer": "adamw_torch",
        },
        "training_prompt.json": {"template_type": "dataset", "template_1": SECRET},
        "training_log.json": {
            "base_model_name": f"/home/{SECRET}/acme_tiny-llama", "base_model_class": "LlamaForCausalLM", "base_loaded_in_4bit": True,
            "projections": "all-linear", "loss": 6.2, "epoch": 2.0, "current_steps": 22, "train_runtime": 22.5959,
            "train_samples_per_second": 1.859, "train_steps_per_second": 0.266, "total_flos": 1351655424.0, "train_loss": 6.2,
        },
        "checkpoint-16/training_log.json": {"base_model_name": SECRET, "current_steps": 16, "loss": 6.3},
    },
    "diffusers_part": {"config.json": _UNET, "diffusion_pytorch_model.safetensors": Weights({}, {"conv.weight": [2, 2]})},
    "axolotl": {
        "qlora.yml": AXOLOTL, "README.md": AXOLOTL_CARD,
        "checkpoint-90/tokens_state.json": {"total": 2949120, "trainable": 1000},
        "checkpoint-90/trainer_state.json": {"global_step": 90, "max_steps": 90, "epoch": 3.0},
        "adapter_config.json": {"peft_type": "LORA", "r": 32, "base_model_name_or_path": "NousResearch/Llama-3.2-1B", "revision": None},
    },
    "axolotl_card": {"README.md": AXOLOTL_CARD},
    "ms_swift": {
        "args.json": MS_SWIFT,
        "logging.jsonl": json.dumps({"loss": 6.2, "epoch": 2.0, "global_step/max_steps": "32/32", "elapsed_time": "22s"}) + "\n"
        + json.dumps({"train_dataset": "124.354839±44.864346, min=43.000000, max=206.000000, size=124",
                      "last_model_checkpoint": f"/home/{SECRET}/checkpoint-32", "global_step": 32,
                      "log_history": [{"loss": 6.2, "step": 1}, {"train_runtime": 22.5, "train_samples_per_second": 11.0,
                                      "train_loss": 6.25, "epoch": 2.0, "step": 32}]}) + "\n",
        "checkpoint-32/args.json": MS_SWIFT,
        "checkpoint-32/trainer_state.json": {"global_step": 32, "max_steps": 32, "epoch": 2.0, "num_train_epochs": 2},
    },
    "autotrain": {
        "training_params.json": AUTOTRAIN, "adapter_config.json": {"peft_type": "LORA", "r": 16, "base_model_name_or_path": "meta-llama/Llama-3.2-1B"},
        "README.md": "---\ntags:\n- autotrain\n- peft\nlicense: other\n---\n\n# Model Trained Using AutoTrain\n",
    },
    "ms_swift_2": {"sft_args.json": MS_SWIFT_2},
    "llama_factory": {
        "training_args.yaml": LLAMA_FACTORY,
        "trainer_log.jsonl": '{"current_steps": 10, "total_steps": 80, "loss": 1.5}\n'
        '{"current_steps": 60, "total_steps": 80, "epoch": 2.25, "elapsed_time": "1 day, 1:02:03", "total_tokens": 983040}\n{"curr',
        "running_log.txt": f"[INFO] {SECRET}",
    },
    "llama_board": {"llamaboard_config.yaml": BOARD},
    "torchtune": {
        "torchtune_config.yaml": TORCHTUNE,
        "epoch_0/adapter_config.json": {"peft_type": "LORA", "r": 64, "base_model_name_or_path": f"/home/{SECRET}/Llama-3.2-1B-Instruct"},
        "epoch_1/adapter_config.json": {"peft_type": "LORA", "r": 64, "base_model_name_or_path": f"/home/{SECRET}/Llama-3.2-1B-Instruct"},
    },
    "litgpt": {
        "final/hyperparameters.yaml": LITGPT,
        "final/model_config.yaml": {"name": "pythia-160m", "hf_config": {"org": "EleutherAI", "name": "pythia-160m"},
                                    "n_layer": 12, "n_embd": 768, "block_size": 2048},
        "final/prompt_style.json": {"class_path": "litgpt.prompts.Alpaca"},
        "step-000005/hyperparameters.yaml": LITGPT,
        "step-000005/model_config.yaml": {"name": "pythia-160m"},
        "logs/csv/version_0/metrics.csv": "loss,iter,step,epoch,iter_time,tokens,total_tokens,learning_rate,val_loss\n"
        "3.1,1,1,0,0.2,90,180,0.0001,\n2.9,39,39,1,0.2,3200,6400,0.0002,\n,,39,,,,,,2.5\n",
    },
    "mergekit": {
        "mergekit_config.yml": {
            "merge_method": "dare_ties", "base_model": "mistralai/Mistral-7B-v0.1",
            "slices": [{"sources": [{"model": "owner/one", "layer_range": [0, 32]}, {"model": f"/home/{SECRET}/two", "layer_range": [0, 32]}]}],
            "modules": {"text_decoder": {"models": [{"model": {"path": "owner/three"}}, {"model": "owner/one+owner/adapter"}]}},
            "parameters": {"weight": 0.5, "note": SECRET}, "dtype": "bfloat16", "chat_template": SECRET,
        }
    },
    "mergekit_moe": {
        "mergekit_config.yml": {"base_model": "owner/base", "gate_mode": "hidden",
                                "experts": [{"source_model": "owner/one", "positive_prompts": [SECRET]}, {"source_model": "owner/two"}]}
    },
    "nanochat": {
        "base_checkpoints/d20/meta_000300.json": {**NANOCHAT, "step": 300},
        "base_checkpoints/d20/meta_000650.json": NANOCHAT,
        "base_checkpoints/d20/optim_000650_rank0.pt": b"x", "base_checkpoints/d20/optim_000650_rank1.pt": b"x",
        "chatsft_checkpoints/d20/meta_000100.json": NANOCHAT_SFT,
        "chatsft_checkpoints/d20/optim_000100_rank0.pt": b"x", "chatsft_checkpoints/d20/optim_000100_rank1.pt": b"x",
        "chatsft_checkpoints/d20/optim_000100_rank2.pt": b"x", "chatsft_checkpoints/d20/optim_000100_rank3.pt": b"x",
    },
    "ultralytics": {
        "args.yaml": ULTRALYTICS,
        "results.csv": "                  epoch,  time,  train/box_loss,  metrics/mAP50(B),  val/box_loss\n"
        "  1,  10.5,  1.5,  0.1,  2.0\n  2,  21.0,  1.4,  0.2,  1.9\n  3,  5.0,  1.3,  0.3,  1.8\n",
    },
    "timm": {
        "args.yaml": TIMM,
        "summary.csv": "epoch,train_loss,eval_loss,eval_top1,lr\n0,2.0,1.9,40.5,0.001\n1,1.5,1.4,55.25,0.0005\n",
        "config.json": {"architecture": "resnet50", "num_classes": 10, "num_features": 2048, "label_names": [SECRET],
                        "pretrained_cfg": {"tag": SECRET, "input_size": [3, 288, 288], "license": "apache-2.0"}},
    },
    "fastai": {"history.csv": "epoch,train_loss,valid_loss,accuracy,time\n0,0.9,0.8,0.7,01:05\n1,0.5,0.6,0.75,1:00:02\n0,0.4,0.5,0.8,00:10\n"},
    "sentence_transformers": {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": SECRET, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
        "config_sentence_transformers.json": {"__version__": {"sentence_transformers": "5.1.0", "transformers": "4.56.0", "pytorch": "2.8.0"},
                                              "prompts": {"query": SECRET}},
        "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 256, "do_lower_case": False},
        "README.md": SENTENCE_TRANSFORMERS_CARD,
    },
    "setfit": {
        "modules.json": [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}],
        "config_setfit.json": {"labels": [SECRET, "b"], "normalize_embeddings": False},
        "README.md": SETFIT_CARD,
    },
    "spacy": {
        "meta.json": {"lang": "en", "name": SECRET, "version": "0.0.1", "spacy_version": ">=3.8.18,<3.9.0", "license": "CC BY-SA 4.0",
                      "author": SECRET, "email": SECRET, "url": SECRET, "description": SECRET, "labels": {"ner": [SECRET]},
                      "pipeline": ["tok2vec", "ner"], "performance": {"ents_f": 0.875, "speed": 1000.0, SECRET: 0.5},
                      "sources": [{"name": SECRET, "url": SECRET, "license": "MIT"}]},
        "config.cfg": f"[paths]\ntrain = \"/home/{SECRET}/train.spacy\"\n\n[nlp]\nlang = \"en\"\n\n[training]\nmax_steps = 20000\nmax_epochs = 0\n"
        "accumulate_gradient = 3\ndropout = 0.1\n\n[training.logger]\nproject = \"SECRET\"\n",
    },
    "licence": {"LICENSE": MIT, "model.safetensors": Weights({}, {"w": [2]})},
    "eval": {
        "model.safetensors": Weights({}, {"w": [2]}),
        ".eval_results/hle.yaml": [{"dataset": {"id": "cais/hle", "task_id": "default"}, "value": 20.9, "notes": SECRET,
                                    "source": {"name": SECRET, "url": SECRET, "user": SECRET}}],
    },
}  # fmt: skip


def build(folder: Path, files: dict[str, Any]) -> Path:
    """Write the files of one of FOLDERS below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Weights):
            write_weights(path, content)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        elif name.endswith((".yaml", ".yml")):
            path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def write_weights(path: Path, weights: Weights) -> None:
    """A whole safetensors file of zeros."""
    header: dict[str, Any] = {"__metadata__": weights.texts} if weights.texts else {}
    place = 0
    for name, shape in weights.tensors.items():
        size = 4
        for side in shape:
            size *= side
        header[name] = tensor(place, place + size, shape)
        place += size
    safetensors(path, header, place)
