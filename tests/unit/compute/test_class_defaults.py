# SPDX-License-Identifier: Apache-2.0
"""A config.json may hold nothing but its type: then the class's own defaults apply, and the table has the same ones."""

import csv
from pathlib import Path

import pytest

from core.compute.flops import count_flops
from core.compute.inputs import Inputs

TABLE = Path(__file__).parents[2] / "fixtures" / "compute" / "class_defaults.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["model_type"])
def test_the_defaults_of_each_class(row: dict[str, str]) -> None:
    found = count_flops({"model_type": row["model_type"]}, Inputs(), model_class=row["model_class"])
    assert found.parameters_total == int(row["parameters"])


def test_most_types_are_among_them() -> None:
    assert len({row["model_type"] for row in rows()}) >= 120
