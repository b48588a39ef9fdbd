# SPDX-License-Identifier: Apache-2.0
"""What the saves of LitGPT and DeepSpeed tell: updates, sizes, the trained part."""

from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from tests.hostile.tool_maker import FOLDERS, build
from tests.hostile.torch_maker import T, Thing, save


def values(folder: Path) -> dict[str, Any]:
    return {fact.name: fact.value for fact in scan_path(folder).facts}


def test_a_save_of_litgpt_on_the_way_tells_its_own_updates(tmp_path: Path) -> None:
    files = {name: made for name, made in FOLDERS["litgpt"].items() if not name.startswith("final")}
    found = values(build(tmp_path, files))
    assert found["steps"] == 5
    assert "epochs" not in found
    assert "tokens" not in found


def test_litgpt_trained_part_and_shape(tmp_path: Path) -> None:
    shape = {"norm_class_name": "RMSNorm", "mlp_class_name": "LLaMAMLP", "bias": False, "parallel_residual": False, "n_layer": 2,
             "n_embd": 32, "n_head": 4, "n_query_groups": 2, "head_size": 8, "intermediate_size": 64, "padded_vocab_size": 512,
             "block_size": 128}  # fmt: skip
    train = {"global_batch_size": 8, "micro_batch_size": 4, "log_interval": 1, "max_tokens": 1000}
    build(
        tmp_path,
        {
            "hyperparameters.yaml": {"model_name": "tiny", "devices": "auto", "train": train},
            "model_config.yaml": shape,
        },
    )
    found = values(tmp_path)
    assert found["origin"] == "from_scratch"
    assert found["sequence_length"] == 128
    assert found["config"]["num_key_value_heads"] == 2
    assert "world_size" not in found
    assert "global_batch" not in found
    build(tmp_path, {"hyperparameters.yaml": {"checkpoint_dir": "checkpoints/owner/base", "train": train},
                     "model_config.yaml": shape | {"bias": True}})  # fmt: skip
    save(tmp_path / "lit_model.pth.adapter", {"model": {"a": T((3, 4), "0"), "b": T((5,), "1")}})
    found = values(tmp_path)
    assert found["base_model"] == "owner/base"
    assert found["training_method"] == "adaption_prompt"
    assert found["parameters_trainable"] == 17


@pytest.mark.parametrize(
    ("folder", "steps", "rows"), [("final", 50, 404), ("step-00000030", 30, 240), ("other", None, None)]
)
def test_a_pretraining_by_litgpt_fills_every_sequence(
    tmp_path: Path, folder: str, steps: int | None, rows: int | None
) -> None:
    """A run of litgpt 0.5.13 over 26,000 tokens: 101 passes, of which the last one made no update."""
    train = {"global_batch_size": 8, "micro_batch_size": 4, "log_interval": 1, "max_tokens": 26_000, "max_seq_length": 64,
             "tie_embeddings": True}  # fmt: skip
    shape = {"norm_class_name": "RMSNorm", "mlp_class_name": "LLaMAMLP", "n_layer": 2, "n_embd": 32, "n_head": 4,
             "n_query_groups": 2, "head_size": 8, "intermediate_size": 64, "padded_vocab_size": 512, "block_size": 128}  # fmt: skip
    settings = {"model_name": "tiny", "devices": 1, "num_nodes": 1, "train": train}
    build(tmp_path, {f"{folder}/hyperparameters.yaml": settings, f"{folder}/model_config.yaml": shape})
    found = values(tmp_path)
    assert found["training_stage"] == "pretraining"
    assert (found.get("steps"), found.get("samples")) == (steps, rows)
    assert found.get("tokens") == (rows * 64 if rows else None)
    assert found["sequence_length"] == 64
    assert found["hyperparameters"]["packing"] is True
    assert found["config"]["tie_word_embeddings"] is True


@pytest.mark.parametrize(
    ("changed", "tokens", "samples"),
    [({}, 27_888, 112), ({"devices": "auto"}, None, None), ({"num_nodes": 2}, None, None)],
)
def test_litgpt_writes_what_one_device_ran_with_the_padding(
    tmp_path: Path, changed: dict[str, Any], tokens: int | None, samples: int | None
) -> None:
    """The columns of Lightning's monitor (litgpt 0.5.13, finetune/lora.py); without them, the tokens of the texts alone."""
    train = {
        "global_batch_size": 4,
        "micro_batch_size": 2,
        "log_interval": 1,
        "max_seq_length": 256,
        "epochs": 1,
    }
    settings = {"checkpoint_dir": "checkpoints/owner/base", "devices": 2, "num_nodes": 1, "lora_r": 8, "lora_query": True,
                "lora_key": False, "lora_mlp": True, "train": train, **changed}  # fmt: skip
    log = "batches,iter,lengths,samples,total_tokens\n,28,,,13019\n28,,13944,56,\n"
    files = {"final/hyperparameters.yaml": settings, "final/model_config.yaml": {"name": "x"},
             "logs/csv/version_0/metrics.csv": log}  # fmt: skip
    found = values(build(tmp_path, files))
    assert (found.get("tokens"), found.get("samples")) == (tokens, samples)
    assert found.get("tokens_recorded") == (None if tokens else 13_019)
    assert "adapter_targets" not in found  # the base's names of matrices are not known
    for kind, known in (("mistral", True), ("gpt_neox", False)):
        build(tmp_path, {"final/config.json": {"model_type": kind}})
        layers = dict.fromkeys(("q_proj", "gate_proj", "up_proj", "down_proj"), 8)
        assert values(tmp_path).get("adapter_targets") == (layers if known else None)


def deepspeed(**changes: Any) -> dict[str, Any]:
    """mp_rank_00_model_states.pt as engine.py of DeepSpeed 0.19 writes it."""
    shapes = [{"w": Thing("torch", "Size", {}), "a": (3, 4), "b": (5,)}]
    settings = {"train_batch_size": 32, "train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 2,
                "bf16": {"enabled": True}, "fp16": {"enabled": False}, "zero_optimization": {"stage": 3}}  # fmt: skip
    state = {"module": {}, "param_shapes": shapes, "frozen_param_shapes": {"c": (10, 10)}, "global_steps": 120,
             "global_samples": 3840, "skipped_steps": 0, "dp_world_size": 4, "mp_world_size": 1, "ds_config": settings,
             "ds_version": "0.19.8"}  # fmt: skip
    return state | changes


def test_deepspeed_under_zero_3_tells_the_run_and_the_sizes(tmp_path: Path) -> None:
    for step in (40, 120):
        folder = tmp_path / f"global_step{step}"
        folder.mkdir()
        save(folder / "mp_rank_00_model_states.pt", deepspeed(global_steps=step))
        (folder / "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt").write_bytes(b"not looked at")
    (tmp_path / "latest").write_text("global_step120")
    result = scan_path(tmp_path)
    expected = {
        "steps": 120, "samples": 3840, "world_size": 4, "global_batch": 32, "batch_per_device": 4, "gradient_accumulation": 2,
        "precision": "bf16", "sharded": True, "versions": {"DeepSpeed": "0.19.8"}, "parameters_trainable": 17,
        "parameters_total": 117,
    }  # fmt: skip
    found = {fact.name: fact.value for fact in result.facts}
    assert {key: found.get(key) for key in expected} == expected
    assert not result.conflicts
    assert not result.unreadable


def test_deepspeed_with_whole_weights_and_with_parts_of_layers(tmp_path: Path) -> None:
    path = tmp_path / "mp_rank_00_model_states.pt"
    save(path, deepspeed(module={"x": T((20, 2), "0")}, param_shapes=None))
    found = values(tmp_path)
    assert found["parameters_total"] == 40
    assert found["steps"] == 120
    save(path, deepspeed(module={"x": T((20, 2), "0")}, mp_world_size=2))
    found = values(tmp_path)
    assert "parameters_total" not in found
    assert "parameters_trainable" not in found
    assert found["world_size"] == 8


def test_saves_on_the_way_are_no_other_models(tmp_path: Path) -> None:
    result = scan_path(build(tmp_path, FOLDERS["litgpt"]))
    assert not any("more than one model" in note for note in result.notes)
    other = {name.replace("step-000005", "out/step-000005"): made for name, made in FOLDERS["litgpt"].items()}
    assert any("more than one model" in note for note in scan_path(build(tmp_path / "b", other)).notes)


@pytest.mark.parametrize(
    ("resume", "micro", "samples"), [("auto", 4, 404), ("auto", 2, None), (False, 2, 404), (True, None, 404)]
)
def test_a_pretraining_by_litgpt_that_went_on_with_other_batches(
    tmp_path: Path, resume: object, micro: int | None, samples: int | None
) -> None:
    """Each save keeps the settings of its own start; the passes of all starts are counted together (pretrain.py).
    Settings without a batch are those of no run."""
    train = {"global_batch_size": 8, "micro_batch_size": 4, "max_tokens": 26_000, "max_seq_length": 64}
    settings = {"model_name": "tiny", "devices": 1, "num_nodes": 1, "train": train, "resume": resume}
    earlier = {**settings, "resume": False, "train": {**train, "micro_batch_size": micro}}
    files = {"final/hyperparameters.yaml": settings, "final/model_config.yaml": {"block_size": 128},
             "step-00000030/hyperparameters.yaml": earlier}  # fmt: skip
    result = scan_path(build(tmp_path, files))
    found = {fact.name: fact.value for fact in result.facts}
    assert found.get("samples") == samples
    assert found.get("global_batch") == (8 if samples else None)
    assert any("batches of another size" in note for note in result.notes) == (samples is None)


@pytest.mark.parametrize(("place", "samples"), [(39, None), (0, 404)])
def test_only_the_latest_saves_of_litgpt_are_looked_at(
    tmp_path: Path, place: int, samples: int | None
) -> None:
    train = {"global_batch_size": 8, "micro_batch_size": 4, "max_tokens": 26_000, "max_seq_length": 64}
    settings = {"model_name": "tiny", "devices": 1, "num_nodes": 1, "train": train, "resume": "auto"}
    other = {**settings, "train": {**train, "micro_batch_size": 2}}
    files = {
        f"step-{number:08}/hyperparameters.yaml": other if number == place else settings
        for number in range(40)
    }
    files |= {"final/hyperparameters.yaml": settings, "final/model_config.yaml": {"block_size": 128}}
    found = {fact.name: fact.value for fact in scan_path(build(tmp_path, files)).facts}
    assert found.get("samples") == samples
