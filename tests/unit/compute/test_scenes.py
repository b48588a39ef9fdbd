# SPDX-License-Identifier: Apache-2.0
"""Whole weighings, drawn at random and then chosen because each shows something that the others do not.

tests/fixtures/compute/scenes.jsonl holds what was found and said, and all that the weighing gave. Other tests say what is
right; these say what changes. UPDATE_GOLDEN=1 writes the file anew: then read the difference.
"""

import json
import os
from pathlib import Path

import pytest

from tests.unit.compute.scenes import footprint, lines, with_keys

TABLE = Path(__file__).parents[2] / "fixtures" / "compute" / "scenes.jsonl"


def test_weighings_are_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    with_keys(monkeypatch)
    made, changed = [], []
    for line in TABLE.read_text("utf-8").splitlines():
        scene = json.loads(line)
        before = scene.pop("expect", [])
        found = lines(footprint(scene))
        made.append(json.dumps({**scene, "expect": found}, ensure_ascii=False))
        if found != before:
            gone = [one for one in before if one not in found]
            changed.append((scene, gone, [one for one in found if one not in before]))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        TABLE.write_text("\n".join(made) + "\n", "utf-8")
    assert not changed, changed[0]
    assert len(made) > 50
