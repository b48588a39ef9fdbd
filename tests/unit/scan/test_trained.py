# SPDX-License-Identifier: Apache-2.0
"""Folders that real tools wrote, against what is known to be true about them (truth.json beside them)."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.answers import Answers
from core.domain.fact import OriginKind
from core.domain.names import FoundOnly
from core.domain.scan_result import ScanResult
from core.scan import require_model, scan_path

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"
NOT_OF_THE_TRAINER = ("gguf_", "onnx_", "keras_", "mlflow_")
FOLDERS = sorted(
    path.parent.name
    for path in TRAINED.glob("*/truth.json")
    if not path.parent.name.startswith(NOT_OF_THE_TRAINER)
)
FULL = [name for name in FOLDERS if not name.startswith("peft")]


def truth(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((TRAINED / name / "truth.json").read_text())
    return loaded


def scan(name: str) -> ScanResult:
    return scan_path(TRAINED / name)


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def test_the_fixtures_are_there() -> None:
    assert len(FOLDERS) >= 9
    assert "peft_lora_llama" in FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_every_fact_has_a_known_name_and_a_value_that_fits_its_question(name: str) -> None:
    result = scan(name)
    require_model(result)
    known = set(FoundOnly)
    for fact in result.facts:
        assert fact.name in Answers.model_fields or fact.name in known, fact.name
        if fact.name in Answers.model_fields:
            Answers.model_validate({fact.name: fact.value})
        assert fact.origin.kind in (OriginKind.FILE, OriginKind.COMPUTED, OriginKind.ASSUMED)
        if fact.origin.kind is OriginKind.FILE:
            assert fact.origin.file
            assert (TRAINED / name / fact.origin.file).is_file()
        else:
            assert fact.origin.note
    assert len({fact.name for fact in result.facts}) == len(result.facts)
    assert not result.unreadable
    assert ScanResult.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("name", FULL)
def test_parameters_of_full_models_equal_the_truth(name: str) -> None:
    assert value(scan(name), "parameters_total") == truth(name)["params_total"]
    assert value(scan(name), "training_method") == "full"


@pytest.mark.parametrize("name", FOLDERS)
def test_steps_epochs_and_batch_equal_the_truth(name: str) -> None:
    known, result = truth(name), scan(name)
    assert value(result, "steps") == known.get("optimizer_steps", known.get("optimizer_steps_in_final_state"))
    assert value(result, "epochs") == known["epochs"]
    assert value(result, "global_batch") == known.get("global_batch", known.get("global_batch_pairs"))
    world = known.get("world_size", 1)
    if any((TRAINED / name).glob("checkpoint-*/rng_state*")):
        assert value(result, "world_size") == world
        batch = value(result, "batch_per_device") * value(result, "gradient_accumulation") * world
        assert batch == value(result, "global_batch")


@pytest.mark.parametrize("name", FOLDERS)
def test_samples_equal_the_truth(name: str) -> None:
    known, samples = truth(name), value(scan(name), "samples")
    if name == "hf_trainer_resumed_llama":  # the redone steps 11-13 are in no file
        assert samples == known["samples_seen"] - 3 * 8
    elif name == "hf_trainer_ddp2_llama":  # the truth counts rank 0 only
        assert samples == known["samples_seen"] * 2
    else:
        assert samples == known["samples_seen"]


@pytest.mark.parametrize("name", FOLDERS)
def test_recorded_flos_come_from_the_last_state_never_a_sum(name: str) -> None:
    states = truth(name)["trainer_state_values"].values()
    assert value(scan(name), FoundOnly.RECORDED_FLOS) == round(max(state["total_flos"] for state in states))


@pytest.mark.parametrize(
    ("name", "tokens", "length"),
    [("hf_trainer_full_llama_v4", 5120, 32), ("trl_sft_llama", 1760, 22), ("trl_dpo_llama", 1824, 19)],
)
def test_recorded_tokens_and_the_length_they_give(name: str, tokens: int, length: int) -> None:
    assert truth(name)["tokens_input_incl_padding"] == tokens
    result = scan(name)
    assert value(result, FoundOnly.TOKENS_RECORDED) == tokens
    found = result.fact("sequence_length")
    assert found is not None
    # The settings give a maximum; the log gives the real mean. The mean must win.
    assert found.value == length
    assert truth(name)["first_input_shapes"]["input_ids"][0][1] == length


def test_tokens_without_padding_are_not_passed_off_as_all_tokens() -> None:
    result = scan("trl_sft_llama")
    tokens = result.fact("tokens")
    assert tokens is not None
    # The same number here, because nothing was padded; but it rests on the count that includes padding.
    assert tokens.origin.key == "total_flos"
    fact = result.fact(FoundOnly.TOKENS_RECORDED)
    assert fact is not None
    assert fact.origin.key == "log_history.num_tokens"
    assert value(scan("hf_trainer_full_llama_v4"), "tokens") == 5120


def test_adapter_alone_and_with_its_base() -> None:
    alone = scan("peft_lora_llama")
    assert value(alone, "parameters_trainable") == truth("peft_lora_llama")["params_trainable"] == 896
    assert value(alone, FoundOnly.PARAMETERS_STORED) == 896
    assert value(alone, "parameters_total") is None
    assert value(alone, "training_method") == "lora"
    assert value(alone, "lora_rank") == 4
    assert value(alone, FoundOnly.LAYERS_TOUCHED) == 2
    assert value(alone, "base_model") is None
    assert value(alone, FoundOnly.BASE_PATH_NAME) == "tiny-llama-base"
    both = scan_path(TRAINED / "peft_lora_llama", base_folder=TRAINED / "_bases" / "tiny-llama-base")
    assert value(both, "base_parameters") == 26784
    assert value(both, "parameters_total") == truth("peft_lora_llama")["params_total"]
    assert value(both, FoundOnly.BASE_CONFIG)["hidden_size"] == 32
    assert value(both, FoundOnly.CONFIG) is None
    fact = both.fact("base_parameters")
    assert fact is not None
    assert fact.origin.file == "tiny-llama-base/model.safetensors"


def test_base_beside_the_adapter_is_found_by_its_plain_name(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(TRAINED / "peft_lora_llama")  # a link to a folder is not entered
    assert not scan_path(tmp_path).found_model
    (tmp_path / "out").unlink()
    for source, target in (("peft_lora_llama", "out"), ("_bases/tiny-llama-base", "models/tiny-llama-base")):
        folder = tmp_path / target
        folder.mkdir(parents=True)
        for file in (TRAINED / source).iterdir():
            if file.is_file():
                (folder / file.name).write_bytes(file.read_bytes())
    result = scan_path(tmp_path)
    assert value(result, "parameters_trainable") == 896
    assert value(result, "base_parameters") == 26784
    fact = result.fact(FoundOnly.BASE_CONFIG)
    assert fact is not None
    assert fact.origin.file == "models/tiny-llama-base/config.json"
    assert not any("more than one model" in note for note in result.notes)


def test_divergence_is_told() -> None:
    assert value(scan("hf_trainer_nan_loss"), FoundOnly.LOSS_DIVERGED) is True
    assert value(scan("hf_trainer_nan_loss"), FoundOnly.TRAIN_LOSS) is None
    assert value(scan("trl_sft_llama"), FoundOnly.LOSS_DIVERGED) is None


def test_the_stage_comes_from_trl_tags_and_its_blank_licence_is_not_believed() -> None:
    for name, stage in (("trl_sft_llama", "sft"), ("trl_dpo_llama", "dpo")):
        result = scan(name)
        assert value(result, "training_stage") == stage
        assert value(result, "license") is None
        assert any("licence: license" in note for note in result.notes)


def test_the_trainers_card_gives_settings_and_versions() -> None:
    result = scan("hf_trainer_full_llama_v4")
    settings = value(result, FoundOnly.HYPERPARAMETERS)
    assert settings["learning_rate"] == 0.001
    assert settings["total_train_batch_size"] == 8
    assert value(result, FoundOnly.VERSIONS)["Transformers"] == "4.46.3"
    assert value(result, "license") == "apache-2.0"
    assert value(result, "languages") == ["en"]
    assert value(result, FoundOnly.GENERATED_BY_TRAINER) is True
    assert not result.conflicts


@pytest.mark.parametrize("name", FOLDERS)
def test_no_private_text_of_the_folder_reaches_a_scan(name: str) -> None:
    written = scan(name).model_dump_json()
    for private in ("/home/", "mira", "hf_", "@"):
        assert private not in written.replace("hf_trainer", ""), private


def test_one_file_of_a_model_reads_its_neighbours_but_no_folder_below() -> None:
    result = scan_path(TRAINED / "hf_trainer_full_llama_v4" / "model.safetensors")
    assert value(result, "parameters_total") == 26784
    assert value(result, "steps") == 20
    world = result.fact("world_size")  # the files that tell it best lie in the checkpoints below
    assert world is not None
    assert world.origin.file == "training_args.bin"
    assert result.complete


def test_a_file_with_a_name_of_its_own_is_read_alone(tmp_path: Path) -> None:
    weights = (TRAINED / "peft_lora_llama" / "adapter_model.safetensors").read_bytes()
    (tmp_path / "my_style.safetensors").write_bytes(weights)
    (tmp_path / "other.safetensors").write_bytes(b"broken")
    (tmp_path / "config.json").write_text('{"model_type": "llama", "hidden_size": 8}')
    result = scan_path(tmp_path / "my_style.safetensors")
    assert value(result, "parameters_trainable") == 896
    assert value(result, FoundOnly.CONFIG) is None
    assert result.folder_name == "my_style"
    assert not result.unreadable
