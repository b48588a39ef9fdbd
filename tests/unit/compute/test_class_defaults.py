# SPDX-License-Identifier: Apache-2.0
"""A config.json may hold nothing but its type: then the class's own defaults apply, and the table has the same ones."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from core.compute.architectures import build, model_types
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.compute.notes import Note
from core.errors import BadConfig

FIXTURES = Path(__file__).parents[2] / "fixtures" / "compute"
NEEDED: dict[str, dict[str, Any]] = {
    "HunyuanDiT2DModel": {"hidden_size": 1408},
    "deepseek_v2": {"num_experts_per_tok": 6},
    "esm": {"vocab_size": 33},
}
"""What a type needs to make a model at all."""


def rows() -> list[dict[str, str]]:
    with (FIXTURES / "class_defaults.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["model_type"])
def test_the_defaults_of_each_class(row: dict[str, str]) -> None:
    found = count_flops({"model_type": row["model_type"]}, Inputs(), model_class=row["model_class"])
    assert found.parameters_total == int(row["parameters"])


def test_most_types_are_among_them() -> None:
    assert len({row["model_type"] for row in rows()}) >= 120


def said(notes: list[Note]) -> tuple[list[str], list[str]]:
    """Defaults as key=value, and the other remarks."""
    values = [(one.key, dict(one.values)) for one in notes]
    defaults = [f"{one['key']}={one['value']}" for key, one in values if key == "default"]
    return defaults, [f"{key} {' '.join(one.values())}".strip() for key, one in values if key != "default"]


def test_every_default_that_is_taken_is_said_with_the_value_of_the_class() -> None:
    """benchmarks/class_defaults.py compared each of them with the class's own configuration."""
    lines = (FIXTURES / "default_values.jsonl").read_text("utf-8").splitlines()
    table = [json.loads(line) for line in lines]
    assert {row["model_type"] for row in table} <= set(model_types())
    assert len(table) >= 187
    for row in table:
        name = row["model_type"]
        _, reader = build({"model_type": name, **NEEDED.get(name, {})}, Inputs(seq_len=8))
        assert (name, *said(reader.notes)) == (name, row["defaults"], row["notes"])


def test_a_class_without_tables_of_places_is_not_said_to_have_them() -> None:
    for name in ("modernbert", "nomic_bert"):
        _, reader = build({"model_type": name}, Inputs(seq_len=8))
        assert not [one for one in said(reader.notes)[0] if one.startswith("max_position_embeddings")]


def test_the_number_of_classes_that_a_type_has_by_itself() -> None:
    """BART's own are the three of inference between texts, PVT's those of ImageNet; every other type has two."""
    for name, model_class, labels in (
        ("bart", "BartForSequenceClassification", 3),
        ("mbart", "MBartForSequenceClassification", 2),
        ("pvt", "PvtForImageClassification", 1000),
    ):
        found = [
            count_flops({"model_type": name, **said}, Inputs(), model_class=model_class).parameters_total
            for said in ({}, {"num_labels": labels}, {"num_labels": labels + 1})
        ]
        assert found[0] == found[1] < found[2]


@pytest.mark.parametrize("name", sorted(model_types()))
def test_a_class_that_the_type_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(BadConfig):
        count_flops({"model_type": name, **NEEDED.get(name, {})}, Inputs(seq_len=8), model_class="ForNothing")


@pytest.mark.parametrize("name", sorted(set(model_types()) - {"levit"}))  # its places stand in squares alone
def test_a_picture_on_its_side_costs_the_same(name: str) -> None:
    """Every network here treats rows and columns alike, in the picture and in the size it was made for."""
    config = {"model_type": name, **NEEDED.get(name, {})}
    tall, wide = (count_flops(config, Inputs(image=sides)) for sides in ((96, 160), (160, 96)))
    assert tall.step_flop == wide.step_flop
    tall, wide = (
        count_flops({**config, "image_size": list(sides)}, Inputs(image=sides))
        for sides in ((96, 160), (160, 96))
    )
    assert (tall.step_flop, tall.parameters_total) == (wide.step_flop, wide.parameters_total)
