# SPDX-License-Identifier: Apache-2.0
"""Axolotl: settings that change what was trained, and how long the rows were."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.domain.names import FoundOnly
from core.scan import scan_path
from tests.hostile.tool_settings import AXOLOTL


def found(folder: Path, name: str, **changed: Any) -> Any:
    (folder / "run.yml").write_text(yaml.safe_dump({**AXOLOTL, **changed}), "utf-8")
    fact = scan_path(folder).fact(name)
    return None if fact is None else fact.value


@pytest.mark.parametrize(
    ("changed", "method"),
    [
        ({}, "qlora"),
        ({"adapter": None}, "full"),
        ({"adapter": ""}, "full"),
        ({"adapter": None, "unfrozen_parameters": []}, "full"),
        ({"adapter": None, "unfrozen_parameters": ["^lm_head.weight$"]}, "frozen_partial"),
        ({"adapter": None, "freeze_mm_modules": True}, None),
        ({"adapter": "llama-adapter"}, None),
    ],
)
def test_what_was_trained(tmp_path: Path, changed: dict[str, Any], method: str | None) -> None:
    assert found(tmp_path, "training_method", **changed) == method


def test_weights_that_are_drawn_anew_have_no_base(tmp_path: Path) -> None:
    fresh = {"adapter": None, "reinit_weights": True}
    assert found(tmp_path, "origin", **fresh) == "from_scratch"
    assert found(tmp_path, "base_model", **fresh) is None
    assert found(tmp_path, "origin", reinit_weights=True) == "fine_tune"  # not with an adapter


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, {"packing": True}),
        ({"flash_attention": True}, {"packing": True, "packing_strategy": "multipack", "attn_implementation": "flash_attention_2"}),
        ({"attn_implementation": "flash_attention_3"},
         {"packing": True, "packing_strategy": "multipack", "attn_implementation": "flash_attention_3"}),
        ({"attn_implementation": "sdpa"}, {"packing": True}),
        ({"sample_packing": False}, {}),
        ({"sample_packing": False, "pad_to_sequence_len": True}, {"pad_to_sequence_len": True}),
    ],
)  # fmt: skip
def test_how_rows_are_filled(tmp_path: Path, changed: dict[str, Any], words: dict[str, Any]) -> None:
    settings = found(tmp_path, FoundOnly.HYPERPARAMETERS, **changed)
    names = ("packing", "packing_strategy", "attn_implementation", "pad_to_sequence_len")
    assert {name: settings[name] for name in names if name in settings} == words


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"gradient_checkpointing": "offload"}, "gradient_checkpointing", True),
        ({"gradient_checkpointing": False}, "gradient_checkpointing", False),
        ({"gradient_checkpointing": None}, "gradient_checkpointing", None),
        ({"bf16": None, "bfloat16": True}, "precision", "bf16"),
        ({"bf16": "auto"}, "precision", None),
        ({"bf16": False, "float16": True}, "precision", "fp16"),
        ({"rl": "gdpo"}, "training_stage", "grpo"),
        ({"rl": "ebft"}, "training_stage", None),
    ],
)
def test_settings_of_the_run(tmp_path: Path, changed: dict[str, Any], name: str, value: Any) -> None:
    assert found(tmp_path, name, **changed) == value
