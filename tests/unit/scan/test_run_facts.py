# SPDX-License-Identifier: Apache-2.0
"""What a run's records give together: tokens behind total_flos, what was trained, the number format, the tool."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.scan import scan_path
from core.scan.derive import derive
from tests.hostile.scan_maker import config, safetensors, tensor
from tests.hostile.torch_maker import T, save

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"
LLAMA = {"model_type": "llama", "vocab_size": 100, "hidden_size": 8}


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


def derived(key: str = "total_flos", **values: JsonValue) -> dict[str, AnyFact]:
    facts = (
        Fact(name=name, value=item, origin=Origin(kind=OriginKind.FILE, file="f.json", key=key))
        for name, item in values.items()
    )
    return {fact.name: fact for fact in derive(tuple(facts))}


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("hf_trainer_bert_classifier", 6800), ("hf_trainer_ddp2_llama", 2 * 1280), ("hf_trainer_mixtral_moe", 2560),
        ("hf_trainer_nan_loss", 2560), ("hf_trainer_secret_token", 512), ("trl_dpo_llama", 1824),
    ],
)  # fmt: skip
def test_tokens_behind_total_flos_equal_the_truth(name: str, tokens: int) -> None:
    truth = json.loads((TRAINED / name / "truth.json").read_text())
    assert truth["tokens_input_incl_padding"] * truth.get("world_size", 1) == tokens
    result = scan_path(TRAINED / name)
    fact = result.fact("tokens")
    assert fact is not None
    assert (fact.value, fact.origin.key) == (tokens, "total_flos")
    assert fact.origin.kind is OriginKind.COMPUTED
    if "seq_len" in truth:
        assert value(result, "sequence_length") == truth["seq_len"]


def test_tokens_of_an_adapter_need_its_base() -> None:
    assert value(scan_path(TRAINED / "peft_lora_llama"), "tokens") is None
    both = scan_path(TRAINED / "peft_lora_llama", base_folder=TRAINED / "_bases" / "tiny-llama-base")
    assert value(both, "tokens") == 7680
    assert value(both, "sequence_length") == 32


def flos(**changed: JsonValue) -> dict[str, AnyFact]:
    """1,000 parameters, 800 of them in tables: 1,200 FLOP per token."""
    values: dict[str, JsonValue] = {
        "config": LLAMA, "parameters_total": 1000, "parameters_embedding": 800, "recorded_flos": 1200 * 77, **changed,
    }  # fmt: skip
    return derived(**{name: item for name, item in values.items() if item is not None})


def test_tokens_only_where_the_division_comes_out_even() -> None:
    assert flos()["tokens"].value == 77
    for changed in (
        {"recorded_flos": 1200 * 77 + 1}, {"parameters_embedding": None}, {"sharded": True}, {"samples": 78},
        {"config": {**LLAMA, "is_encoder_decoder": True, "encoder": {}}}, {"config": {**LLAMA, "vision_config": {}}},
        {"config": {"model_type": "vit"}}, {"tokens_recorded": 78}, {"parameters_total": 800},
    ):  # fmt: skip
        assert "tokens" not in flos(**changed), changed


def test_a_count_without_padding_gives_way() -> None:
    found = flos(tokens=70, tokens_recorded=70)
    assert (found["tokens"].value, found["tokens_recorded"].value) == (77, 70)
    assert flos(tokens=77, tokens_recorded=77)["tokens"].origin.kind is OriginKind.FILE


def test_a_merged_adapter_and_soft_prompts_count_what_ran() -> None:
    merged = {"adapter_config": {}, "parameters_trainable": 50, "training_method": "lora"}
    assert flos(**merged, recorded_flos=6 * 250 * 9)["tokens"].value == 9
    prompts = {"adapter_config": {}, "base_config": LLAMA, "base_parameters": 1000, "base_parameters_embedding": 800,
               "parameters_trainable": 64, "parameters_total": None, "parameters_embedding": None,
               "training_method": "p_tuning"}  # fmt: skip
    assert flos(**prompts)["tokens"].value == 77
    assert flos(**{**prompts, "training_method": "lora"}).get("tokens") is None


def test_a_log_of_24_bits_is_enough_for_few_tokens_only() -> None:
    exact = 1200 * 7_654_321
    near = exact + 300  # what 24 bits keep of it
    values: dict[str, JsonValue] = {"config": LLAMA, "parameters_total": 1000, "parameters_embedding": 800}
    assert "tokens" not in derived(key="train/total_flos", **values, recorded_flos=near)
    few = 1200 * 54_321
    assert derived(key="train/total_flos", **values, recorded_flos=few + 3)["tokens"].value == 54_321
    assert "tokens" not in derived(**values, recorded_flos=few + 3)


def run(folder: Path, *, state: Any, groups: Any = None) -> ScanResult:
    """A whole model of 6 + 12 parameters, a state file, and an optimizer's file."""
    config(folder)
    header = {"a.weight": tensor(0, 24, [2, 3]), "b.weight": tensor(24, 72, [4, 3])}
    safetensors(folder / "model.safetensors", header, 72)
    (folder / "trainer_state.json").write_text(json.dumps({"global_step": 5, "log_history": []}))
    listed = [{"params": sorted(state)}] if groups is None else groups
    save(folder / "optimizer.pt", {"state": state, "param_groups": listed})
    return scan_path(folder)


def kept(*shape: int, key: str = "0", name: str = "exp_avg") -> dict[str, T]:
    return {"step": T((), f"{key}s"), name: T(shape, key), "exp_avg_sq": T(shape, f"{key}q")}


def test_an_optimizer_tells_that_layers_were_frozen(tmp_path: Path) -> None:
    result = run(tmp_path, state={0: kept(4, 3)})
    assert value(result, "parameters_trainable") == 12
    assert value(result, "training_method") == "frozen_partial"
    fact = result.fact("parameters_trainable")
    assert fact is not None
    assert (fact.origin.file, fact.origin.key) == ("optimizer.pt", "state")


def test_an_optimizer_of_every_parameter_is_full_training(tmp_path: Path) -> None:
    result = run(tmp_path, state={0: kept(2, 3), 1: kept(4, 3, key="1")})
    assert value(result, "parameters_trainable") == 18
    method = result.fact("training_method")
    assert method is not None
    assert (method.value, method.origin.kind) == ("full", OriginKind.COMPUTED)


@pytest.mark.parametrize(
    ("state", "groups"),
    [
        ({0: kept(4, 3)}, [{"params": [0, 1]}]),  # a parameter without an entry: an expert no token went to
        ({0: {**kept(4, 3), "projector": {}}}, None),  # GaLore keeps a smaller shape
        ({0: {"step": 5}}, None),
        ({}, []),
        ({0: kept(4, 3)}, {}),
    ],
)
def test_an_optimizer_that_does_not_tell_is_passed_over(tmp_path: Path, state: Any, groups: Any) -> None:
    result = run(tmp_path, state=state, groups=groups)
    record = next(one for one in result.files if one.path == "optimizer.pt")
    assert record.outcome is FileOutcome.SKIPPED
    assert record.why
    assert value(result, "training_method") == "full"
    assert value(result, "parameters_trainable") == 18  # assumed, and said to be
    fact = result.fact("parameters_trainable")
    assert fact is not None
    assert fact.origin.kind is OriginKind.ASSUMED


def test_adafactor_and_8_bit_states_have_the_weights_shape(tmp_path: Path) -> None:
    state = {
        0: {"step": 3, "RMS": 0.1, "exp_avg_sq_row": T((2,), "0"), "exp_avg_sq_col": T((3,), "1")},
        1: {"step": 3, "state1": T((4, 3), "2", "ByteStorage"), "state2": T((4, 3), "3", "ByteStorage")},
    }
    assert value(run(tmp_path, state=state), "parameters_trainable") == 18


def test_whisper_keeps_its_positions_fixed(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "whisper", "d_model": 4}))
    positions = {"model.encoder.embed_positions.weight": tensor(0, 80, [5, 4])}
    weights = {**positions, "model.x.weight": tensor(80, 144, [4, 4])}
    safetensors(tmp_path / "model.safetensors", weights, 144)
    (tmp_path / "trainer_state.json").write_text(json.dumps({"global_step": 5}))
    result = scan_path(tmp_path)
    assert (value(result, "parameters_total"), value(result, "parameters_trainable")) == (36, 16)


@pytest.mark.parametrize(
    ("dtypes", "mixed", "expected"),
    [
        ({"F32": 3}, "no", "fp32"), ({"BF16": 3, "I64": 1}, "no", "bf16"), ({"F16": 1}, "no", "fp16"),
        ({"F32": 3, "BF16": 1}, "no", None), ({"F32": 3}, "bf16", None), ({"F32": 3}, None, None),
    ],
)  # fmt: skip
def test_precision_without_mixed_precision_is_that_of_the_weights(
    dtypes: dict[str, JsonValue], mixed: str | None, expected: str | None
) -> None:
    found = derived(weight_dtypes=dtypes, **({"mixed_precision": mixed} if mixed else {}))
    assert (found["precision"].value if "precision" in found else None) == expected


def test_precision_of_an_adapter_is_the_bases() -> None:
    values: dict[str, JsonValue] = {
        "weight_dtypes": {"F32": 2},
        "mixed_precision": "no",
        "adapter_config": {},
    }
    base: JsonValue = {"dtype": "bfloat16"}
    five: JsonValue = {"PEFT": "0.21.2", "Transformers": "5.23.0"}
    assert "precision" not in derived(**values, versions=five)
    found = derived(**values, base_config=base, versions=five)["precision"]
    assert found.value == "bf16"
    assert "base model" in (found.origin.note or "")
    assert "precision" not in derived(**values, base_config=base, versions=five, training_method="qlora")


@pytest.mark.parametrize(
    "versions", [{"transformers": "4.57.1"}, {"transformers": "main"}, {"peft": "0.21.2"}, None]
)
def test_before_transformers_5_a_base_was_loaded_in_32_bits_unless_told(versions: JsonValue) -> None:
    values: dict[str, JsonValue] = {
        "weight_dtypes": {"F32": 2},
        "mixed_precision": "no",
        "adapter_config": {},
        "base_config": {"dtype": "bfloat16"},
    }
    known: dict[str, JsonValue] = {"versions": versions} if versions else {}
    assert "precision" not in derived(**values, **known)
    # A base that was saved in 32 bits is loaded in them by either rule.
    whole = derived(**{**values, "base_config": {"torch_dtype": "float32"}}, **known)
    assert whole["precision"].value == "fp32"


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("hf_trainer_full_llama_v4", "Hugging Face Trainer"), ("trl_sft_llama", "TRL"), ("trl_dpo_llama", "TRL"),
        ("hf_trainer_nan_loss", "Hugging Face Trainer"),
    ],
)  # fmt: skip
def test_the_tool_and_the_version_that_trained(name: str, tool: str) -> None:
    result = scan_path(TRAINED / name)
    assert value(result, FoundOnly.TRAINING_TOOL) == tool
    version = "4.46.3" if name.endswith("v4") else "5.23.0"
    assert value(result, FoundOnly.VERSIONS)["Transformers"] == version
    # The settings of the run that diverged are not among the fixtures, so its format is not known.
    assert value(result, "precision") == (None if name == "hf_trainer_nan_loss" else "fp32")
