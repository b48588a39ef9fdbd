# SPDX-License-Identifier: Apache-2.0
"""What the readers make of the folders of training tools, tool by tool."""

from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from tests.hostile.tool_maker import FOLDERS, Weights, build, lora
from tests.hostile.tool_settings import BOARD, LLAMA_FACTORY, NANOCHAT, TIMM, ULTRALYTICS


def scan(tmp_path: Path, name: str, **changes: Any) -> ScanResult:
    return scan_path(build(tmp_path, {**FOLDERS[name], **changes}))


def values(result: ScanResult) -> dict[str, Any]:
    return {fact.name: fact.value for fact in result.facts}


EXPECTED: dict[str, dict[str, Any]] = {
    "kohya": {
        "training_tool": "kohya sd-scripts", "training_method": "lora", "origin": "fine_tune", "lora_rank": 4, "steps": 1376,
        "epochs": 2.0, "steps_planned": 2064, "epochs_planned": 3, "batch_per_device": 4, "global_batch": 16, "world_size": 2,
        "gradient_accumulation": 2, "samples": 22000, "resolution": [512, 768], "precision": "bf16", "gradient_checkpointing": True,
        "base_path_name": "animefull-final-pruned-fp16.safetensors", "base_sha256": "04" * 32, "model_family": "sdxl_base_v1-0",
        "output_modalities": ["image"], "train_runtime_seconds": 1000.0, "dataset_size": 11000, "license": "mit",
        "adapter_style": "kohya lora", "parameters_trainable": 192,
        "hyperparameters": {"learning_rate": 0.0001, "unet_lr": 0.0001, "text_encoder_lr": 5e-05, "network_alpha": 2, "seed": 42,
                            "optimizer": "adamw8bit", "lr_scheduler": "cosine"},
    },
    "kohya_gui": {
        "training_tool": "kohya sd-scripts", "training_method": "full", "steps": 1600, "batch_per_device": 4,
        "gradient_accumulation": 1, "resolution": [1024, 1024], "base_path_name": "sdxl.safetensors", "latents_cached": False,
    },
    "musubi": {
        "training_tool": "musubi-tuner", "steps": 480, "epochs": 10.0, "batch_per_device": 2, "resolution": [960, 544],
        "dataset_size": 96, "samples": 960, "output_modalities": ["video"], "model_family": "wan2.1",
    },
    "ai_toolkit": {
        "training_tool": "ai-toolkit", "steps": 1000, "steps_planned": 2000, "batch_per_device": 1, "gradient_accumulation": 2,
        "base_model": "black-forest-labs/FLUX.1-dev", "resolution": [1024, 1024], "precision": "bf16", "lora_rank": 4,
        "adapter_style": "diffusers lora", "versions": {"ai-toolkit": "0.12.26"}, "training_method": "lora",
    },
    "ai_toolkit_folders": {
        "training_tool": "ai-toolkit", "steps": 4, "steps_planned": 4, "gradient_accumulation": 2, "batch_per_device": 1,
        "training_method": "full", "model_family": "sd_1.5", "base_path_name": "tiny-sd", "parameters_total": 27,
        "versions": {"Diffusers": "0.42.1", "ai-toolkit": "0.12.26"}, "latents_cached": False,
    },
    "onetrainer_workspace": {
        "training_tool": "OneTrainer", "steps": 240, "epochs": 4.0, "lora_rank": 4, "batch_per_device": 4, "world_size": 1,
        "global_batch": 8, "samples": 1920, "resolution": [768, 768], "resolutions": [[512, 512], [768, 768]],
    },
    "onetrainer_header": {
        "training_tool": "OneTrainer", "training_method": "lora", "batch_per_device": 4, "gradient_accumulation": 2,
        "epochs_planned": 30, "base_model": "black-forest-labs/FLUX.1-dev", "resolution": [768, 768], "precision": "bf16",
    },
    "onetrainer_backup": {"steps": 240, "batch_per_device": 4, "training_method": "lora", "gradient_accumulation": 2},
    "simpletuner": {
        "training_tool": "SimpleTuner", "steps": 1000, "global_batch": 8, "batch_per_device": 2, "gradient_accumulation": 4,
        "world_size": 1, "lora_rank": 16, "samples": 8000, "base_model": "black-forest-labs/FLUX.1-dev", "steps_planned": 5000,
        "training_method": "lora", "model_family": "flux", "precision": "bf16",
    },
    "diffusers": {
        "library_name": "diffusers", "architecture_class": "UNet2DModel", "parameters_total": 224, "resolution": [128, 128],
        "base_model": "google/ddpm-cat-256", "output_modalities": ["image"], "versions": {"Diffusers": "0.42.1"},
        "components": {"scheduler": {"class": "DDPMScheduler"}, "unet": {"class": "UNet2DModel", "parameters": 224},
                       "helper": {"class": "Odd"}},
    },
    "text_webui": {
        "training_tool": "text-generation-webui", "training_method": "qlora", "origin": "fine_tune", "batch_per_device": 2,
        "gradient_accumulation": 4, "steps": 6, "epochs": 2.0, "epochs_planned": 2.0, "sequence_length": 32, "lora_rank": 8, "samples": 42,
        "global_batch": 8, "world_size": 1, "recorded_flos": 1351655424, "train_runtime_seconds": 22.5959, "base_path_name": "acme_tiny-llama",
        "hyperparameters": {"learning_rate": 0.0003, "lr_scheduler_type": "linear", "optimizer": "adamw_torch", "warmup_steps": 100,
                            "lora_alpha": 16, "lora_dropout": 0.05},
    },
    "diffusers_script": {
        "training_tool": "diffusers", "training_method": "lora", "origin": "fine_tune", "lora_rank": 4, "steps": 500, "steps_planned": 500,
        "epochs_planned": 84, "batch_per_device": 4, "gradient_accumulation": 4, "resolution": [1024, 1024], "precision": "fp16",
        "gradient_checkpointing": True, "base_model": "stabilityai/stable-diffusion-xl-base-1.0", "datasets": ["owner/pictures"],
        "output_modalities": ["image"], "adapter_style": "diffusers lora", "parameters_trainable": 192,
        "hyperparameters": {"learning_rate": 1e-4, "lr_scheduler": "constant", "lr_warmup_steps": 0, "rank": 4, "snr_gamma": 5,
                            "train_text_encoder": False},
    },
    "diffusers_part": {"library_name": "diffusers", "architecture_class": "UNet2DModel", "parameters_total": 4},
    "axolotl": {
        "training_tool": "Axolotl", "training_method": "qlora", "training_stage": "sft", "base_model": "NousResearch/Llama-3.2-1B",
        "sequence_length": 4096, "batch_per_device": 2, "gradient_accumulation": 4, "epochs_planned": 3, "lora_rank": 32,
        "steps": 90, "tokens": 2949120, "tokens_recorded": 2949120, "datasets": ["teknium/GPT4-LLM-Cleaned"], "precision": "bf16",
        "versions": {"Axolotl": "0.19.0"},
    },
    "axolotl_card": {
        "training_method": "qlora", "sequence_length": 4096, "batch_per_device": 2,
        "hyperparameters": {"packing": True, "learning_rate": 2e-4, "optimizer": "adamw_8bit", "lr_scheduler": "cosine", "lora_alpha": 16},
    },
    "ms_swift": {
        "training_tool": "ms-swift", "training_method": "lora", "training_stage": "sft", "origin": "fine_tune", "lora_rank": 8,
        "base_model": "meta-llama/Llama-3.2-1B", "steps": 32, "steps_planned": 32, "epochs": 2.0, "epochs_planned": 2.0, "world_size": 2,
        "batch_per_device": 2, "gradient_accumulation": 2, "global_batch": 8, "sequence_length": 512, "precision": "bf16",
        "gradient_checkpointing": True, "versions": {"ms-swift": "4.6.0"}, "datasets": ["AI-ModelScope/alpaca-gpt4-data-zh"],
        "dataset_size": 124, "tokens_recorded": 30840, "tokens": None, "samples_per_second": 11.0, "train_loss": 6.25,
        "train_runtime_seconds": 22.5,
        "hyperparameters": {"learning_rate": 1e-4, "warmup_ratio": 0.05, "weight_decay": 0.1, "seed": 42, "lora_alpha": 16,
                            "lora_dropout": 0.05, "packing": False, "padding_free": False, "attn_implementation": "flash_attention_2"},
    },
    "autotrain": {
        "training_tool": "AutoTrain", "training_method": "qlora", "training_stage": "sft", "origin": "fine_tune", "lora_rank": 16,
        "base_model": "meta-llama/Llama-3.2-1B", "batch_per_device": 2, "gradient_accumulation": 4, "epochs_planned": 2,
        "sequence_length": 1024, "precision": "bf16", "gradient_checkpointing": True, "datasets": ["owner/public-data"], "license": None,
        "hyperparameters": {"packing": True, "lr": 3e-5, "optimizer": "adamw_torch", "scheduler": "linear", "warmup_ratio": 0.1,
                            "weight_decay": 0, "max_grad_norm": 1, "seed": 42, "lora_alpha": 32, "lora_dropout": 0.05},
    },
    "ms_swift_2": {
        "training_tool": "ms-swift", "training_method": "qlora", "training_stage": "dpo", "batch_per_device": 1, "sequence_length": 2048,
        "base_path_name": "Qwen2-7B-Instruct", "gradient_accumulation": 16, "versions": None,
    },
    "llama_factory": {
        "training_tool": "LLaMA-Factory", "training_method": "qlora", "training_stage": "dpo", "base_model": "Qwen/Qwen3-14B",
        "steps": 60, "steps_planned": 80, "epochs": 2.25, "tokens": 983040, "train_runtime_seconds": 90123, "lora_rank": 8,
        "batch_per_device": 2, "gradient_accumulation": 8, "sequence_length": 2048, "datasets": ["owner/public-data"],
    },
    "llama_board": {
        "training_method": "full", "training_stage": "sft", "base_model": "google/gemma-2-9b", "batch_per_device": 4,
        "sequence_length": 1024, "epochs_planned": 2.0, "precision": "bf16",
    },
    "torchtune": {
        "training_tool": "torchtune", "training_method": "lora", "lora_rank": 64, "epochs": 2.0, "steps": 200, "sequence_length": 2048,
        "batch_per_device": 2, "gradient_accumulation": 8, "precision": "bf16", "base_path_name": "Llama-3.2-1B-Instruct",
        "datasets": ["tatsu-lab/alpaca"], "gradient_checkpointing": True, "model_family": "lora_llama3_2_1b",
    },
    "litgpt": {
        "training_tool": "LitGPT", "training_method": "qlora", "lora_rank": 4, "base_model": "EleutherAI/pythia-160m",
        "precision": "bf16", "world_size": 2, "batch_per_device": 2, "gradient_accumulation": 4, "global_batch": 16,
        "sequence_length": 512, "epochs": 2.0, "epochs_planned": 2, "steps": 9, "tokens": None, "tokens_recorded": 6400, "origin": "fine_tune",
        "adapter_targets": None,
        "training_stage": "sft",
        "hyperparameters": {"lora_alpha": 16, "lora_dropout": 0.05, "seed": 1337, "lr_warmup_steps": 2, "lr": 0.0002,
                            "weight_decay": 0.01},
    },
    "mergekit": {
        "origin": "merge", "merge_method": "dare_ties", "base_model": "mistralai/Mistral-7B-v0.1",
        "base_models": ["mistralai/Mistral-7B-v0.1", "owner/one", "owner/three", "owner/adapter"], "base_names": ["two"],
    },
    "mergekit_moe": {"origin": "merge", "merge_method": "mixture_of_experts", "base_models": ["owner/base", "owner/one", "owner/two"]},
    "nanochat": {
        "training_tool": "nanochat", "model_type": "nanochat", "output_modalities": ["text"], "steps": 750, "tokens": 650 * 524288 + 100 * 65536, "world_size": 4, "sequence_length": 2048,
        "global_batch": 32, "batch_per_device": 8, "training_stage": "sft", "origin": "from_scratch", "training_method": "full",
        "gradient_accumulation": 1,
    },
    "ultralytics": {
        "training_tool": "Ultralytics", "library_name": "ultralytics", "pipeline_tag": "object-detection", "epochs": 3.0,
        "epochs_planned": 100.0, "global_batch": 16, "world_size": 2, "resolution": [640, 640], "train_runtime_seconds": 26.0,
        "base_path_name": "yolo11n.pt", "training_method": "full", "precision": "fp16",
        "eval_metrics": {"metrics/mAP50(B)": 0.3, "val/box_loss": 1.8},
    },
    "timm": {
        "training_tool": "timm", "epochs": 2.0, "epochs_planned": 20, "batch_per_device": 64, "gradient_accumulation": 2,
        "resolution": [224, 224], "precision": "bf16", "model_family": "resnet50", "origin": "fine_tune",
        "eval_metrics": {"eval_loss": 1.4, "eval_top1": 55.25}, "train_loss": 1.5, "library_name": "timm",
    },
    "fastai": {
        "training_tool": "fastai", "epochs": 3.0, "train_runtime_seconds": 65 + 3602 + 10, "train_loss": 0.4,
        "eval_metrics": {"valid_loss": 0.5, "accuracy": 0.8},
    },
    "sentence_transformers": {
        "library_name": "sentence-transformers", "output_modalities": ["embedding"], "dataset_size": 64, "batch_per_device": 8,
        "epochs_planned": 2.0, "train_runtime_seconds": 90.0, "pipeline_tag": "sentence-similarity",
        "versions": {"Sentence Transformers": "5.1.0", "Transformers": "4.56.0", "Pytorch": "2.8.0"},
        "hyperparameters": {"loss": "MultipleNegativesRankingLoss", "warmup_ratio": 0.1, "pooling": "mean", "max_seq_length": 256},
    },
    "setfit": {"library_name": "setfit", "pipeline_tag": "text-classification", "output_modalities": ["label"], "batch_per_device": 16},
    "spacy": {
        "library_name": "spacy", "languages": ["en"], "license": "cc-by-sa-4.0", "pipeline_tag": "token-classification",
        "eval_metrics": {"ents_f": 0.875, "speed": 1000.0}, "versions": {"spaCy": "3.8.18"}, "steps_planned": 20000,
        "gradient_accumulation": 3,
    },
    "licence": {"license": "mit"},
    "eval": {"eval_metrics": {"cais/hle": 20.9}},
}  # fmt: skip


def test_every_folder_of_the_maker_is_expected() -> None:
    assert EXPECTED.keys() == FOLDERS.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_each_tool_left_is_found(name: str, tmp_path: Path) -> None:
    result = scan(tmp_path, name)
    found = values(result)
    assert {key: found.get(key) for key in EXPECTED[name]} == EXPECTED[name]
    assert not result.unreadable
    assert not result.conflicts, [
        (conflict.name, [fact.value for fact in conflict.facts]) for conflict in result.conflicts
    ]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_fact_has_its_file_and_every_file_a_record(name: str, tmp_path: Path) -> None:
    result = scan(tmp_path, name)
    paths = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    for fact in result.facts:
        assert fact.origin.file is None or fact.origin.file in paths, fact
    assert {record.path for record in result.files} == paths
    for record in result.files:
        assert record.outcome is not FileOutcome.SKIPPED or record.what or record.why, record


STYLES = {
    "kohya": ("kohya lora", 4, 192, "lora"), "conv": ("kohya lora", 4, 192 + 72 + 16, "lora"), "loha": ("kohya loha", 4, 384, "loha"),
    "lokr": ("kohya lokr", 4, 16 + 32 + 16, "lokr"), "dora": ("kohya lora", 4, 224, "dora"), "diffusers": ("diffusers lora", 4, 192, "lora"),
    "old_diffusers": ("diffusers lora", 4, 192, "lora"), "peft_lokr": ("peft lokr", None, 48, "lokr"),
    "embedding": ("embedding textual_inversion", None, 54, "prompt_tuning"),
}  # fmt: skip


@pytest.mark.parametrize("style", sorted(STYLES))
def test_adapters_in_every_key_style(style: str, tmp_path: Path) -> None:
    found = values(scan_path(build(tmp_path, {"any-name.safetensors": Weights({}, lora(style))})))
    assert (
        found["adapter_style"],
        found.get("lora_rank"),
        found["parameters_trainable"],
        found["training_method"],
    ) == STYLES[style]
    assert "parameters_total" not in found


def test_a_whole_model_is_no_adapter(tmp_path: Path) -> None:
    whole = {"down_blocks.0.attn.to_q.weight": [4, 4], "encoder.laura.weight": [2], "alpha": [1]}
    found = values(scan_path(build(tmp_path, {"unet.safetensors": Weights({}, whole)})))
    assert found["parameters_total"] == 19
    assert "training_method" not in found


def test_planned_is_not_done(tmp_path: Path) -> None:
    """A kohya file says what was planned; with an old version the steps follow from the epochs done."""
    texts = {
        key: text for key, text in FOLDERS["kohya"]["style.safetensors"].texts.items() if key != "ss_steps"
    }
    found = values(scan_path(build(tmp_path, {"a.safetensors": Weights(texts, lora("kohya"))})))
    assert (found["steps"], found["steps_planned"]) == (2 * 688, 2064)
    texts.pop("ss_epoch")
    found = values(scan_path(build(tmp_path, {"a.safetensors": Weights(texts, lora("kohya"))})))
    assert "steps" not in found


def test_an_evaluation_is_no_training(tmp_path: Path) -> None:
    board = {key: value for key, value in BOARD.items() if not key.startswith("train.")} | {
        "eval.dataset": ["a"]
    }
    arguments = {**LLAMA_FACTORY, "do_train": False}
    validation = {**ULTRALYTICS, "mode": "val"}
    result = scan_path(
        build(
            tmp_path,
            {"llamaboard_config.yaml": board, "training_args.yaml": arguments, "args.yaml": validation},
        )
    )
    assert result.facts == ()
    assert sum("evaluation" in record.why for record in result.files) == 2


def test_one_name_three_tools(tmp_path: Path) -> None:
    for number, (content, tool) in enumerate(
        ((ULTRALYTICS, "Ultralytics"), (TIMM, "timm"), ({"args": [{"name": "reg"}]}, None))
    ):
        folder = tmp_path / str(number)
        found = values(scan_path(build(folder, {"args.yaml": content})))
        assert found.get("training_tool") == tool


def test_a_save_of_nanochat_is_no_other_type(tmp_path: Path) -> None:
    name = "base_checkpoints/d20/meta_000650.json"
    meta = NANOCHAT | {"model_config": {**NANOCHAT["model_config"], "model_type": "llama"}}
    config = values(scan_path(build(tmp_path, {name: meta})))["config"]
    assert (config["model_type"], config["n_embd"]) == ("nanochat", 1280)


def test_a_later_stage_of_nanochat_takes_over_the_sizes_of_the_pretraining(tmp_path: Path) -> None:
    """Its command names none by default: then they stand as null in its own file (chat_sft.py)."""
    asked = {"max_seq_len": None, "device_batch_size": None, "total_batch_size": None, "model_step": None}
    tuned = {"step": 3, "val_bpb": 0.7, "model_config": NANOCHAT["model_config"], "user_config": asked}
    files = {
        "base_checkpoints/d20/meta_000650.json": NANOCHAT,
        "chatsft_checkpoints/d20/meta_000003.json": tuned,
    }
    found = values(scan_path(build(tmp_path / "a", files)))
    assert (found["tokens"], found["steps"]) == (653 * 524288, 653)
    assert (found["batch_per_device"], found["global_batch"], found["sequence_length"]) == (32, 256, 2048)
    early = {**NANOCHAT, "step": 300, "total_batch_size": 262144}
    files["base_checkpoints/d20/meta_000300.json"] = early
    files["chatsft_checkpoints/d20/meta_000003.json"] = {**tuned, "user_config": {**asked, "model_step": 300}}
    assert values(scan_path(build(tmp_path / "b", files)))["global_batch"] == 128
    # A version that does not know the setting took over nothing, and without the pretraining nobody knows.
    files["chatsft_checkpoints/d20/meta_000003.json"] = {**tuned, "user_config": {}}
    assert "tokens" not in values(scan_path(build(tmp_path / "c", files)))
    alone = {"chatsft_checkpoints/d20/meta_000003.json": tuned}
    assert "tokens" not in values(scan_path(build(tmp_path / "d", alone)))


def test_nanochat_taken_up_again_with_another_batch(tmp_path: Path) -> None:
    """base_train.py, --resume-from-step: each save holds the batch of its own start, and the step that it went on from."""

    def save(step: int, start: int, batch: int) -> dict[str, Any]:
        asked = {**NANOCHAT["user_config"], "resume_from_step": start}
        return {**NANOCHAT, "step": step, "total_batch_size": batch, "user_config": asked}

    files = {
        "base_checkpoints/d20/meta_000300.json": save(300, -1, 524288),
        "base_checkpoints/d20/meta_000400.json": save(
            400, -1, 524288
        ),  # thrown away: the next start is from 300
        "base_checkpoints/d20/meta_000500.json": save(500, 300, 262144),
        "base_checkpoints/d20/meta_000650.json": save(650, 500, 262144),
    }
    found = values(scan_path(build(tmp_path / "changed", files)))
    assert (found["steps"], found["tokens"]) == (650, 300 * 524288 + 350 * 262144)
    assert "global_batch" not in found
    assert "samples" not in found
    files["base_checkpoints/d20/meta_000300.json"] = save(300, -1, 262144)
    found = values(scan_path(build(tmp_path / "same", files)))
    assert (found["tokens"], found["global_batch"]) == (650 * 262144, 128)
    circle = {"base_checkpoints/d20/meta_000650.json": save(650, 650, 262144)}
    assert values(scan_path(build(tmp_path / "circle", circle)))["tokens"] == 650 * 262144


def test_stages_of_nanochat_stand_in_order_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    result = scan(tmp_path, "nanochat")
    runs = values(result)[FoundOnly.RUNS]
    assert [run["stage"] for run in runs] == ["pretraining", "sft"]
    assert [run["tokens"] for run in runs] == [650 * 524288, 100 * 65536]
    (tmp_path / "chatrl_checkpoints/d20").mkdir(parents=True)
    build(
        tmp_path,
        {
            "chatrl_checkpoints/d20/meta_000010.json": {
                "step": 10,
                "model_config": {"n_embd": 1280},
                "user_config": {},
            }
        },
    )
    result = scan_path(tmp_path)
    assert values(result)["steps"] == 760
    assert "tokens" not in values(result)
    # The script for reinforcement learning writes the shape alone; the name of the file holds the step.
    rewarded = {"model_config": {"n_embd": 1280}}
    build(tmp_path, {"chatrl_checkpoints/d20/meta_000010.json": rewarded})
    bare = values(scan_path(tmp_path))
    assert (bare["training_tool"], bare["training_stage"], bare["steps"]) == ("nanochat", "grpo", 760)
    assert "tokens" not in bare
    assert any("chatrl_checkpoints" in note for note in result.notes)
    assert not any("more than one model" in note for note in result.notes)


def test_other_weights_beside_are_named(tmp_path: Path) -> None:
    files = {
        name: Weights({}, lora("kohya"))
        for name in ("cat.safetensors", "cat-000002.safetensors", "dog.safetensors")
    }
    result = scan_path(build(tmp_path, files))
    assert [note for note in result.notes if "dog.safetensors" in note]
    assert not any("cat-000002" in note for note in result.notes)


def test_the_last_numbered_save_is_taken_when_the_final_one_is_missing(tmp_path: Path) -> None:
    files = {
        f"cat-{number:06}.safetensors": Weights({"ss_base_model_version": "sd_v1"}, lora("kohya", number))
        for number in (2, 10, 4)
    }
    result = scan_path(build(tmp_path, files))
    assert values(result)["lora_rank"] == 10


def test_a_mirror_leads_to_the_licensor(tmp_path: Path) -> None:
    adapter = {
        "peft_type": "LORA",
        "r": 8,
        "base_model_name_or_path": "unsloth/llama-3-8b-bnb-4bit",
        "auto_mapping": {"unsloth_fixed": True},
    }
    found = values(scan_path(build(tmp_path, {"adapter_config.json": adapter})))
    assert found["base_model"] == "unsloth/llama-3-8b-bnb-4bit"
    assert found[FoundOnly.BASE_ORIGINAL] == "meta-llama/Meta-Llama-3-8B"
    assert found["training_tool"] == "Unsloth"


def test_mlx_counts_by_its_saves(tmp_path: Path) -> None:
    settings = {"fine_tune_type": "lora", "model": "mlx-community/granite-4.0-1b-base-4bit", "iters": 400, "grad_accumulation_steps": 2,
                "batch_size": 4, "data": "/Users/someone/data", "lora_parameters": {"rank": 8}}  # fmt: skip
    saves = {f"{number:07}_adapters.safetensors": b"" for number in (100, 300, 200)}
    found = values(scan_path(build(tmp_path, {"adapter_config.json": settings, **saves})))
    assert (found["steps"], found["steps_planned"], found["training_method"]) == (150, 200, "qlora")
    # mlx-lm shares its batch out among the machines, and nothing says how many there were.
    assert found["global_batch"] == 8
    assert not {"batch_per_device", "world_size"} & found.keys()


@pytest.mark.parametrize(
    ("saves", "last", "every", "steps"),
    [
        ({5: b"a" * 20_000, 10: b"b" * 20_000}, b"c" * 20_000, 5, 12),  # went on after the last save
        ({10: b"b" * 20_000}, b"b" * 10_000 + b"c" + b"b" * 9_999, 5, 12),
        ({10: b"b" * 20_000}, b"b" * 20_000, 5, 10),  # broke off: the last file is that save's
        ({10: b"b" * 20_000}, b"c" * 19_000, 5, 10),  # not of this run
        ({10: b"b" * 20_000}, None, 5, 10),
        ({12: b"b" * 20_000}, b"b" * 20_000, 5, 12),
        ({}, b"b" * 20_000, 100, 12),  # no save was due before the end
        ({}, b"b" * 20_000, 12, None),
        ({}, b"b" * 20_000, 5, None),  # the saves were taken away: where it ended, nobody says
        ({}, None, 100, None),
    ],
)
def test_mlx_tells_by_its_last_file_whether_it_went_to_the_end(
    tmp_path: Path, saves: dict[int, bytes], last: bytes | None, every: int, steps: int | None
) -> None:
    """As mlx-lm 0.32 did with 12 passes and a save after each 5: adapters.safetensors was another than the save of pass 10."""
    files: dict[str, Any] = {f"{number:07}_adapters.safetensors": data for number, data in saves.items()}
    if last is not None:
        files["adapters.safetensors"] = last
    settings = {
        "fine_tune_type": "lora",
        "model": "owner/x",
        "iters": 12,
        "save_every": every,
        "max_seq_length": 48,
    }
    found = values(scan_path(build(tmp_path, {"adapter_config.json": settings, **files})))
    assert found.get("steps") == steps
    assert found["sequence_length"] == 48
    assert "hyperparameters" not in found  # the length is no setting besides


def test_a_dora_of_mlx_is_one_by_its_keys_too(tmp_path: Path) -> None:
    keys = {
        "model.layers.0.mlp.up_proj.lora_a": [16, 4],
        "model.layers.0.mlp.up_proj.lora_b": [4, 32],
        "model.layers.0.mlp.up_proj.m": [32],
    }
    files = {
        "adapter_config.json": {"fine_tune_type": "dora", "model": "owner/x"},
        "adapters.safetensors": Weights({}, keys),
    }
    result = scan_path(build(tmp_path, files))
    assert values(result)["training_method"] == "dora"
    assert values(result)["parameters_trainable"] == 64 + 128 + 32
    assert not result.conflicts


def test_an_adapter_of_a_diffusers_model_makes_pictures(tmp_path: Path) -> None:
    mapping = {
        "base_model_class": "UNet2DConditionModel",
        "parent_library": "diffusers.models.unets.unet_2d_condition",
    }
    found = values(
        scan_path(
            build(tmp_path, {"adapter_config.json": {"peft_type": "LORA", "r": 16, "auto_mapping": mapping}})
        )
    )
    assert found["library_name"] == "diffusers"
    assert found["output_modalities"] == ["image"]
    assert "base_model" not in found


def test_a_log_kept_on_the_way_tells_no_steps(tmp_path: Path) -> None:
    files = FOLDERS["text_webui"]
    log = {key: value for key, value in files["training_log.json"].items() if not key.startswith("train_")}
    result = scan(tmp_path, "text_webui", **{"training_log.json": log})
    assert "steps" not in values(result)
    assert values(result)["base_path_name"] == "acme_tiny-llama"


def test_without_accumulation_the_log_counts_one_less_than_the_updates(tmp_path: Path) -> None:
    """As measured: 40 rows in batches of 4, three times, are 30 updates; the log said 29."""
    files = FOLDERS["text_webui"]
    settings = {**files["training_parameters.json"], "micro_batch_size": 4, "batch_size": 4}
    log = {**files["training_log.json"], "current_steps": 29}
    result = scan(tmp_path, "text_webui", **{"training_log.json": log, "training_parameters.json": settings})
    assert values(result)["steps"] == 30


def test_a_log_without_its_parameters_tells_no_updates(tmp_path: Path) -> None:
    alone = {"training_log.json": FOLDERS["text_webui"]["training_log.json"]}
    found = values(scan_path(build(tmp_path, alone)))
    assert "steps" not in found
    assert found["recorded_flos"] == 1351655424
