# SPDX-License-Identifier: Apache-2.0
"""Names of classes that run the same network, and of keys as the files of today spell them."""

import json
from pathlib import Path

import pytest

from core.compute.flops import count_flops
from core.compute.inputs import Inputs

ROWS = Path(__file__).parents[2] / "fixtures" / "flops" / "multimodal.jsonl"


def test_blip2_by_either_class_is_the_same_network() -> None:
    """Blip2Model holds the decoder with its head and calls it (transformers 5.23, modeling_blip_2.py)."""
    row = next(
        row for line in ROWS.read_text().splitlines() if (row := json.loads(line))["name"] == "small blip-2"
    )
    inputs = Inputs(**row["inputs"])
    found = count_flops(row["config"], inputs, model_class="Blip2Model")
    assert found.parameters_total == row["parameters"]
    assert found == count_flops(row["config"], inputs, model_class="Blip2ForConditionalGeneration")


@pytest.mark.parametrize("kind", ["bloom", "falcon"])
def test_a_default_is_told_by_the_key_that_files_hold_today(kind: str) -> None:
    told = [dict(note.values) for note in count_flops({"model_type": kind}, Inputs(batch=1, seq_len=8)).notes]
    keys = {one.get("key") for one in told}
    assert "hidden_size" in keys
    assert "n_embed" not in keys
