# SPDX-License-Identifier: Apache-2.0
"""The layer table against PyTorch's own counter (tests/fixtures/flops/PROVENANCE.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute.architectures import model_types
from core.compute.flops import FlopCount, Inputs, count_flops
from core.compute.trained import FULL, HEAD_ONLY, Trained, last_layers

FIXTURES = Path(__file__).parents[2] / "fixtures" / "flops"
TRAINED = Path(__file__).parents[2] / "fixtures" / "trained"
FREEZES = {"head": HEAD_ONLY, "last2layers": last_layers(2)}


def rows() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted(FIXTURES.glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]


def name(row: dict[str, Any]) -> str:
    config = row["config"]
    kind = config.get("model_type") or config.get("_class_name")
    size = "x".join(str(one) for one in row["inputs"].values()).replace(" ", "")
    return f"{kind}-{row['name'].split('/')[-1]}-{row['part']}-{row['variant']}-{size}"


def count(row: dict[str, Any]) -> FlopCount:
    inputs = Inputs(**{key: tuple(v) if isinstance(v, list) else v for key, v in row["inputs"].items()})
    adapter = None
    if row["variant"] in ("lora", "dora", "lora+embed", "peft"):
        adapter = {"peft_type": "LORA", **row["peft"]}
    trained: Trained = FREEZES[row["peft"]["freeze"]] if row["variant"] == "freeze" else FULL
    return count_flops(
        row["config"],
        inputs,
        model_class=row["model_class"],
        part=row["part"],
        adapter=adapter,
        trained=trained,
    )


@pytest.mark.parametrize("row", rows(), ids=name)
def test_equals_the_measurement(row: dict[str, Any]) -> None:
    got = count(row)
    step = got.step_flop + (got.recompute_flop if row["variant"] == "gradckpt" else 0)
    assert (got.parameters_total, got.parameters_trainable) == (row["parameters"], row["trainable"])
    assert got.forward_flop == row["forward"]
    assert row["step"] is None or step == row["step"]


def test_what_no_file_says_of_a_question_is_said() -> None:
    made = count_flops(
        {"model_type": "longformer"}, Inputs(seq_len=64), model_class="LongformerForQuestionAnswering"
    )
    assert "question" in {note.key for note in made.notes}
    plain = count_flops({"model_type": "longformer"}, Inputs(seq_len=64), model_class="LongformerForMaskedLM")
    assert "question" not in {note.key for note in plain.notes}


def test_the_gradient_of_the_sound_is_said_of_speech_encoders_only() -> None:
    for kind, said in (("wav2vec2", True), ("hubert", True), ("moonshine", False), ("whisper", False)):
        made = count_flops({"model_type": kind}, Inputs(samples=8000))
        assert ("sound" in {note.key for note in made.notes}) is said


def test_every_kind_of_training_is_among_the_measurements() -> None:
    variants = {row["variant"] for row in rows()}
    assert {"full", "lora", "dora", "lora+embed", "peft", "freeze", "gradckpt"} <= variants
    measured = {row["config"].get("model_type") or row["config"].get("_class_name") for row in rows()}
    assert measured <= set(model_types())
    assert len(measured) >= 60


def test_the_sample_lora_run_is_exact_to_the_last_flop() -> None:
    """60 micro-steps of 4 sequences of 32 tokens, 870 973 440 FLOP measured; the first block's k needs no gradient."""
    base = json.loads((TRAINED / "_bases" / "tiny-llama-base" / "config.json").read_text())
    adapter = json.loads((TRAINED / "peft_lora_llama" / "adapter_config.json").read_text())
    got = count_flops(base, Inputs(batch=4, seq_len=32), adapter=adapter)
    assert 60 * got.step_flop == 870_973_440
    assert (got.parameters_total, got.parameters_trainable) == (27_680, 896)


@pytest.mark.parametrize(
    ("folder", "sequences", "length", "measured"),
    [("hf_trainer_mixtral_moe", 80, 32, 605_552_640), ("hf_trainer_ddp2_llama", 40, 32, 204_472_320)],
)
def test_sample_full_runs_are_exact(folder: str, sequences: int, length: int, measured: int) -> None:
    config = json.loads((TRAINED / folder / "config.json").read_text())
    truth = json.loads((TRAINED / folder / "truth.json").read_text())
    got = count_flops(config, Inputs(batch=sequences, seq_len=length))
    assert got.step_flop == truth["flops_measured_FlopCounterMode_total"] == measured
    assert got.parameters_total == truth["params_total"]


def test_the_sample_whisper_run_is_exact() -> None:
    """32 clips of 100 spectrogram frames and 12 tokens: 220 348 416 FLOP measured; the encoder's positions are fixed."""
    config = {
        "model_type": "whisper",
        "d_model": 32,
        "vocab_size": 128,
        "num_mel_bins": 16,
        "max_source_positions": 50,
        "max_target_positions": 32,
    }
    sides = {"layers": 1, "attention_heads": 2, "ffn_dim": 64}
    config |= {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in sides.items()}
    got = count_flops(config, Inputs(batch=32, mel_frames=100, decoder_len=12))
    assert got.step_flop == 220_348_416
    assert (got.parameters_total, got.parameters_trainable) == (32_800, 31_200)
