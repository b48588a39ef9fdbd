# SPDX-License-Identifier: Apache-2.0
"""Parameters of an adapter with its base against PEFT's own print_trainable_parameters.

Rows of tests/fixtures/adapters/peft_totals.jsonl: small models made with transformers 5.23 and peft 0.21.2, the shapes in
both files as save_pretrained wrote them, and the two numbers PEFT counted in the live model.
"""

import json
import struct
from datetime import date
from math import prod
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "adapters" / "peft_totals.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def weights(path: Path, shapes: dict[str, list[int]]) -> None:
    header: dict[str, Any] = {}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + 4 * prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    raw = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(raw)) + raw + bytes(end))


def by_name(row: dict[str, Any]) -> dict[str, Any]:
    """The same adapter with its rows written by the table's name: PEFT makes that out of a list."""
    rows = {"embed_tokens": row["adapter_config"]["trainable_token_indices"]}
    changed = row["adapter_config"] | {"trainable_token_indices": rows}
    return row | {"adapter_config": changed, "name": f"{row['name']}_by_name"}


LISTED = [row for row in ROWS if isinstance(row["adapter_config"].get("trainable_token_indices"), list)]


@pytest.mark.parametrize("row", [*ROWS, *map(by_name, LISTED)], ids=lambda row: row["name"])
def test_total_and_trainable_are_what_peft_prints(row: dict[str, Any], tmp_path: Path) -> None:
    adapter, base = tmp_path / "adapter", tmp_path / "base"
    adapter.mkdir()
    base.mkdir()
    (base / "config.json").write_text(json.dumps(row["config"]))
    weights(base / "model.safetensors", row["base"])
    settings = row["adapter_config"] | {"base_model_name_or_path": "/home/x/base"}
    (adapter / "adapter_config.json").write_text(json.dumps(settings))
    weights(adapter / "adapter_model.safetensors", row["adapter"])
    scan = scan_path(adapter, base_folder=base)
    said = scan.fact("parameters_total")
    assert said is None or said.value == row["total"]
    weighed = assess(
        Project(folder=str(adapter), scan=scan),
        rulebook=load_rulebook(),
        reference=load_reference(),
        today=date(2026, 11, 1),
    )
    parameters = weighed.footprint.parameters
    assert parameters is not None
    assert (parameters.total, parameters.trainable) == (row["total"], row["trainable"])
