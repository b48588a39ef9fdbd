# SPDX-License-Identifier: Apache-2.0
"""training_args.bin is read as opcodes: settings come out, nothing runs."""

import io
import json
import os
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, ScanResult
from core.errors import CannotRead
from core.scan import scan_path, symbolic
from core.scan.symbolic import Made, Name, read_pickle

TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"


def packed(
    data: bytes, *, names: tuple[str, ...] = ("run/data.pkl",), how: int = zipfile.ZIP_STORED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name in names:
            archive.writestr(name, data)
    return buffer.getvalue()


def scan(folder: Path, data: bytes) -> ScanResult:
    (folder / "training_args.bin").write_bytes(data)
    return scan_path(folder)


def value(result: ScanResult, name: str) -> Any:
    fact = result.fact(name)
    return None if fact is None else fact.value


class Settings:
    """Stands for TrainingArguments: the pickle only has to look like one."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(per_device_train_batch_size=2, **state)


class Attack:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch ran",)


def test_settings_of_real_runs() -> None:
    sft = scan_path(TRAINED / "trl_sft_llama" / "training_args.bin")
    assert value(sft, "batch_per_device") == 4
    assert value(sft, "gradient_accumulation") == 2
    assert value(sft, "world_size") == 1
    assert value(sft, "training_stage") == "sft"
    assert value(sft, "gradient_checkpointing") is False
    settings = value(sft, FoundOnly.HYPERPARAMETERS)
    assert settings["learning_rate"] == 0.001
    assert settings["packing"] is False
    assert value(sft, FoundOnly.DEVICE_KIND) == "cpu"
    assert settings["lr_scheduler_type"] == "linear"
    ddp = scan_path(TRAINED / "hf_trainer_ddp2_llama")
    assert value(ddp, "world_size") == 2
    assert not ddp.conflicts


def test_a_token_is_told_and_never_shown() -> None:
    result = scan_path(TRAINED / "hf_trainer_secret_token")
    assert any("access token" in note for note in result.notes)
    raw = (TRAINED / "hf_trainer_secret_token" / "training_args.bin").read_bytes()
    (token,) = {match.decode() for match in re.findall(rb"hf_[A-Za-z0-9]{20,}", raw)}
    assert token not in result.model_dump_json()
    assert not any("access token" in note for note in scan_path(TRAINED / "trl_sft_llama").notes)


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol(tmp_path: Path, protocol: int) -> None:
    state = {
        "gradient_accumulation_steps": 3,
        "bf16": True,
        "max_steps": 70,
        "seed": 5,
        "hub_token": None,
        "x": [1, {2}, (3,)],
    }
    data = pickle.dumps(Settings(**state), protocol=protocol)
    if protocol == 0:  # the oldest text form is written by no Trainer
        with pytest.raises(CannotRead):
            read_pickle(data)
        return
    result = scan(tmp_path, packed(data))
    assert value(result, "batch_per_device") == 2
    assert value(result, "gradient_accumulation") == 3
    assert value(result, "precision") == "bf16"
    assert value(result, FoundOnly.STEPS_PLANNED) == 70


@pytest.mark.parametrize("protocol", range(1, 6))
def test_an_attack_stays_a_name(tmp_path: Path, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps(Settings(evil=Attack()), protocol=protocol)
    made = read_pickle(data).value
    assert isinstance(made, Made)
    evil = made.state["evil"]
    assert evil.of == Name(os.system.__module__, "system")
    result = scan(tmp_path, packed(data))
    assert any(os.system.__module__ in note and "not your own" in note for note in result.notes)
    assert not (tmp_path / "ran").exists()


GOOD = pickle.dumps(Settings(), protocol=2)


@pytest.mark.parametrize(
    "data",
    [
        GOOD,  # not in torch's zip
        b"PK\x03\x04 broken",
        packed(GOOD, names=("a/data.pkl", "b/data.pkl")),
        packed(GOOD, names=("other",)),
        packed(GOOD, how=zipfile.ZIP_DEFLATED),
        packed(GOOD[:-1]),
        packed(GOOD[:40]),
        packed(b"\x80\x02" + b"(" * 50 + b"t."),
        packed(b"\x80\x02}}R."[:4] + b"\x8f."),
        packed(GOOD).replace(b"run/data.pkl", b"run/data.pk2", 1),  # local and central names differ
    ],
)
def test_what_is_not_understood_is_refused_with_words(tmp_path: Path, data: bytes) -> None:
    (record,) = scan(tmp_path, data).files
    assert record.outcome in (FileOutcome.UNREADABLE, FileOutcome.SKIPPED)
    assert record.what or record.why


def test_other_pickles_are_not_settings(tmp_path: Path) -> None:
    result = scan(tmp_path, packed(pickle.dumps({"a": 1}, protocol=2)))
    assert result.files[0].outcome is FileOutcome.SKIPPED
    assert not result.facts


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "MAX_OPCODES", 100)
    with pytest.raises(CannotRead, match="too large"):
        read_pickle(pickle.dumps(list(range(1000)), protocol=2))
    monkeypatch.setattr(symbolic, "MAX_BYTES", 10)
    with pytest.raises(CannotRead, match="too large"):
        read_pickle(GOOD)


def test_sharded_runs_are_told(tmp_path: Path) -> None:
    result = scan(tmp_path, packed(pickle.dumps(Settings(deepspeed="/home/mira/ds.json"), protocol=2)))
    assert any("DeepSpeed" in note for note in result.notes)
    assert "mira" not in result.model_dump_json()


class _Maker:
    """Stands for a class of TRL: only its name and its module's are kept."""

    def __init__(self, name: str, module: str = "trl.trainer.x", **state: Any) -> None:
        self.name, self.module = name, module
        self.state = {"per_device_train_batch_size": 2, **state}

    def pickled(self) -> bytes:
        made = b"c" + self.module.encode() + b"\n" + self.name.encode() + b"\n)\x81"
        return b"\x80\x02" + made + pickle.dumps(self.state, 2)[2:-1] + b"b."


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("CPOConfig", "cpo"), ("RLOOConfig", "rloo"), ("ORPOConfig", "orpo"), ("RewardConfig", "reward"),
        ("UnslothGRPOConfig", "grpo"), ("XPOConfig", "other"), ("GKDConfig", "other"), ("PRMConfig", "other"),
        ("Arguments", None),
    ],
)  # fmt: skip
def test_every_trainer_of_trl_has_a_stage(tmp_path: Path, name: str, stage: str | None) -> None:
    found = scan(tmp_path, packed(_Maker(name).pickled()))
    assert value(found, "training_stage") == stage


def test_the_kind_of_attention_is_read_and_nothing_else_of_how_a_model_was_loaded(tmp_path: Path) -> None:
    loaded = {"attn_implementation": "sdpa", "cache_dir": "/home/somebody"}
    found = scan(tmp_path, packed(_Maker("SFTConfig", model_init_kwargs=loaded).pickled()))
    assert value(found, FoundOnly.HYPERPARAMETERS) == {"attn_implementation": "sdpa"}
    bare = scan(tmp_path, packed(_Maker("SFTConfig", model_init_kwargs=None).pickled()))
    assert value(bare, FoundOnly.HYPERPARAMETERS) is None


@pytest.mark.parametrize(
    ("module", "name", "tool", "stage"),
    [
        ("axolotl.core.training_args", "AxolotlTrainingArguments", "Axolotl", None),
        ("axolotl.core.trainers.dpo.args", "AxolotlDPOConfig", "Axolotl", "dpo"),
        ("axolotl.core.training_args", "AxolotlPRMConfig", "Axolotl", "other"),
        ("swift.trainers.arguments", "Seq2SeqTrainingArguments", "ms-swift", None),
        ("swift.rlhf_trainers.arguments", "KTOConfig", "ms-swift", "kto"),
        ("UnslothSFTTrainer", "UnslothSFTConfig", "Unsloth", "sft"),
        ("llamafactory.hparams.training_args", "TrainingArguments", "LLaMA-Factory", None),
    ],
)
def test_tools_with_classes_of_their_own(
    tmp_path: Path, module: str, name: str, tool: str, stage: str | None
) -> None:
    found = scan(tmp_path, packed(_Maker(name, module, gradient_checkpointing=False).pickled()))
    assert (value(found, FoundOnly.TRAINING_TOOL), value(found, "training_stage")) == (tool, stage)
    assert not any("unusual" in note for note in found.notes)
    # These turn it on themselves, whatever is said here.
    assert value(found, "gradient_checkpointing") is (None if tool in ("ms-swift", "Unsloth") else False)


def test_code_of_another_module_is_told(tmp_path: Path) -> None:
    found = scan(tmp_path, packed(_Maker("TrainingArguments", "myswift.arguments").pickled()))
    assert any("myswift.arguments" in note for note in found.notes)


def _rebuilt(name: str, **state: Any) -> bytes:
    """Settings as Unsloth lets copyreg put them together: _reconstructor(class, object, None), then the state."""
    head = (
        b"\x80\x02ccopy_reg\n_reconstructor\n(ctrl.trainer.x\n"
        + name.encode()
        + b"\nc__builtin__\nobject\nNtR"
    )
    return head + pickle.dumps({"per_device_train_batch_size": 2, **state}, 2)[2:-1] + b"b."


def test_settings_that_copyreg_puts_together(tmp_path: Path) -> None:
    found = scan(tmp_path, packed(_rebuilt("DPOConfig", gradient_accumulation_steps=4)))
    assert (value(found, FoundOnly.TRAINING_TOOL), value(found, "training_stage")) == ("TRL", "dpo")
    assert value(found, "gradient_accumulation") == 4


@pytest.mark.parametrize("again", [True, False])
def test_unsloth_recomputes_whatever_the_trainer_is_told(tmp_path: Path, again: bool) -> None:
    settings = packed(_Maker("SFTConfig", gradient_checkpointing=again).pickled())
    assert value(scan(tmp_path, settings), "gradient_checkpointing") is again
    mapping = {"base_model_class": "LlamaForCausalLM", "parent_library": "x", "unsloth_fixed": True}
    adapter = {"peft_type": "LORA", "r": 4, "base_model_name_or_path": "unsloth/x", "auto_mapping": mapping}
    (tmp_path / "adapter_config.json").write_text(json.dumps(adapter), "utf-8")
    assert value(scan(tmp_path, settings), "gradient_checkpointing") is (True if again else None)
