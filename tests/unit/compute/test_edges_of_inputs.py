# SPDX-License-Identifier: Apache-2.0
"""Numbers at the edge of what is taken: sizes on the command line, readings of files, joined batches, adapters alone."""

from dataclasses import replace
from typing import Any

import pytest

from core.compute.adapter_only import adapter_factors
from core.compute.adapter_rotations import read_rotation
from core.compute.end_to_end import in_rows
from core.compute.flops import count_flops
from core.compute.inputs import LARGEST, Inputs, parse_inputs
from core.compute.network import Network
from core.compute.readings import Readings
from core.compute.resolve import _with_count, resolve_network
from core.compute.seen import Seen
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.errors import BadConfig
from core.reference import load_reference
from tests.unit.compute.configs import TINY_LLAMA
from tests.unit.compute.test_samples import known


@pytest.mark.parametrize("key", [one for one in Inputs._fields if one not in ("image", "latent")])
def test_the_least_and_the_largest_size(key: str) -> None:
    least = 0 if key in ("images", "image_tokens", "points", "text_len") else 1
    for size in (least, LARGEST):
        assert getattr(parse_inputs([f"{key}={size}"]), key) == size
    for size in (least - 1, LARGEST + 1):
        with pytest.raises(ValueError, match=key):
            parse_inputs([f"{key}={size}"])


def test_both_sides_of_a_picture_are_at_least_one() -> None:
    assert parse_inputs(["image=1x1"]).image == (1, 1)
    for sides in ("0x1", "1x0"):
        with pytest.raises(ValueError, match="image"):
            parse_inputs([f"image={sides}"])


@pytest.mark.parametrize(
    ("value", "whole", "number"),
    [
        (0, 0, 0.0),
        (-1, None, None),
        (10**30, 10**30, None),
        (10**30 + 1, None, None),
        (1e-9, 0, 1e-9),
        (9e-10, 0, None),
        (1e15, 10**15, 1e15),
        (1.1e15, 11 * 10**14, None),
        (True, None, None),
        (float("nan"), None, None),
        (float("inf"), None, None),
    ],
)
def test_only_numbers_that_could_be_true_are_read(
    value: float, whole: int | None, number: float | None
) -> None:
    read = Readings(known({"steps": value}))
    for found, wanted in ((read.integer("steps"), whole), (read.number("steps"), number)):
        assert (found.value if found else None) == wanted


def network() -> Network:
    return _with_count(Network(method="full", method_fact=None, config=TINY_LLAMA))


def joined(seen: Seen, **settings: Any) -> Seen:
    told: dict[str, Any] = {"hyperparameters": {"padding_free": True, **settings}}
    return in_rows(seen, known(told), network())


@pytest.mark.parametrize(
    ("samples", "tokens", "rows", "length"), [(10, 10, 10, 1), (10, 400, 20, 40), (10, 15, 15, 1)]
)
def test_texts_of_one_row_under_flash_attention_fill_a_part_of_it_each(
    samples: int, tokens: int, rows: int, length: int
) -> None:
    """Half as long on the middle: attention's share is halved; from none of it to all of it."""
    seen = Seen(samples=samples, tokens=tokens, together=4)
    found, share = joined(seen, attn_implementation="flash_attention_2"), network().square_share(length)
    assert found.samples == rows
    assert found.low == pytest.approx((1 - share) / (1 - share / 2))
    assert found.high == pytest.approx(1 / (1 - share / 2))


def test_other_attention_works_out_the_square_of_the_whole_row() -> None:
    seen = Seen(samples=10, tokens=400, together=4)
    named = joined(seen, attn_implementation="sdpa")
    assert (named.samples, named.together, named.low, named.high) == (3, 1, 1.0, 1.0)
    unnamed = joined(seen)
    assert (unnamed.samples, unnamed.high) == (3, 1.0)
    assert unnamed.low == pytest.approx(1 - network().square_share(400 // 3))
    assert len(unnamed.assumptions) == 1


def test_rows_of_less_than_a_token_are_of_one() -> None:
    found = joined(Seen(samples=10, tokens=2, together=4))
    assert found.low == pytest.approx(1 - network().square_share(1))


@pytest.mark.parametrize("more", [{"samples": None}, {"tokens": None}, {"together": 1}])
def test_rows_that_are_as_many_as_the_texts_change_nothing(more: dict[str, Any]) -> None:
    seen = replace(Seen(samples=10, tokens=400, together=4), **more)
    assert joined(seen) is seen


def test_an_adapter_of_unknown_size_is_taken_as_weightless() -> None:
    shapes = {"adapter_shapes": {"q_proj": [64, 64, 8], "v_proj": [64, 64, 8]}, "adapter_layers": 4}
    none, zero, some = (
        adapter_factors(known({**shapes, **more}), 10**9, 10)
        for more in ({}, {"parameters_trainable": 0}, {"parameters_trainable": 10**6})
    )
    assert none is not None
    assert none == zero != some


def test_sound_that_nobody_measured_has_the_usual_length() -> None:
    """1500 places of two frames for Whisper's encoder, 1000 frames for Speech2Text, one second at 16 kHz for raw sound."""

    def cost(name: str, **sound: int) -> int:
        return count_flops({"model_type": name}, Inputs(seq_len=1, decoder_len=1, **sound)).forward_flop

    for name, frames in (
        ("whisper", 3000),
        ("qwen2_audio", 3000),
        ("voxtral", 3000),
        ("speech_to_text", 1000),
    ):
        assert cost(name) == cost(name, mel_frames=frames) > cost(name, mel_frames=frames - 8), name
    for name in ("wav2vec2", "hubert", "wavlm", "moonshine"):
        shorter = 16_000 - 400  # more than one window
        assert cost(name) == cost(name, samples=16_000) > cost(name, samples=shorter), name


def test_the_blocks_of_a_rotation() -> None:
    """BOFT: a size (4 when not said) or a number; OFT: r (8 when not said) or a size; never both (peft 0.21)."""
    assert read_rotation("BOFT", {})[:2] == read_rotation("BOFT", {"boft_block_size": 4})[:2] == (4, 0)
    assert read_rotation("BOFT", {"boft_block_size": 0, "boft_block_num": 3})[:2] == (0, 3)
    assert read_rotation("OFT", {})[:2] == (0, 8)
    assert read_rotation("OFT", {"r": 0, "oft_block_size": 1})[:2] == (1, 0)
    for kind, config in (
        ("BOFT", {"boft_block_num": 1}),
        ("BOFT", {"boft_block_size": 0}),
        ("OFT", {"oft_block_size": 1}),
        ("OFT", {"r": 0}),
    ):
        with pytest.raises(BadConfig, match="block_size"):
            read_rotation(kind, config)


def test_a_configuration_that_cannot_be_read_is_said() -> None:
    record = FileRecord(
        path="run/config.json", size=3, outcome=FileOutcome.UNREADABLE, what="It is cut off.", why="Line 1."
    )
    scan = ScanResult(folder_name="x", files=(record,))
    network = resolve_network(Known(Project(scan=scan)), load_reference())
    assert any("cut off" in one for one in network.warnings)
