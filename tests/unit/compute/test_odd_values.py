# SPDX-License-Identifier: Apache-2.0
"""Which values of which key are refused: none leads to a wrong count, a crash or a wait.

tests/fixtures/compute/odd_values.jsonl holds for each type the keys that it reads, with their usual values where those are
lists or fractions, and what became of each odd value: "r" refused, "." taken, a range when the refusal names one. It is
a record of how the table behaves, to be read when it changes: UPDATE_GOLDEN=1 writes it anew.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.compute.architectures import build, model_types
from core.compute.inputs import Inputs
from core.errors import BadConfig

TABLE = Path(__file__).parents[2] / "fixtures" / "compute" / "odd_values.jsonl"
ODD: tuple[Any, ...] = ("x", -1, True, [], [0], ["x"], 0, 7, 1e9, 10**9)
PLAIN = 8
"""So many of them are told without the range that a refusal names: the last ones name it."""
FRACTIONS = (0.0, 1.0, 1.5, 0.009, 0.01, 99.5, 100.0, 100.5, 1000.0, 1000.5)
SHORT = {
    "n": "rrrrrrr.<1,100000000><1,100000000>",
    "s": "rrrrrrrr<1,100000000><1,100000000>",
    "l": "rrrrrrr.<1,10000><1,10000>",
    "f": "rr.rrrrrrr",
    "o": "rrrrrrrrrr",
}
"""The usual outcomes of a number, one that seven does not fit, a number of layers, a flag, and of what must fit the rest."""


def put(values: dict[str, Any], path: list[str], value: object) -> dict[str, Any]:
    """A copy with one value, perhaps of a part, changed."""
    inner = value if len(path) == 1 else put(dict(values.get(path[0]) or {}), path[1:], value)
    return {**values, path[0]: inner}


def tries(usual: Any) -> Iterator[Any]:
    """Odd values for a key of this usual value."""
    yield from ODD
    if isinstance(usual, list) and usual:
        yield from (usual[:-1], [*usual, usual[-1]], [0, *usual[1:]], ["x", *usual[1:]])
        if all(type(one) is int for one in usual):
            yield from ([1, *usual[1:]], [one + 1 for one in usual])
    elif isinstance(usual, float):
        yield from FRACTIONS


def outcome(config: dict[str, Any], model_class: str | None) -> str:
    """What becomes of a configuration."""
    try:
        build(config, Inputs(seq_len=8), model_class=model_class)
    except BadConfig as error:
        bounds = re.search(r"between (-?[\d,]+) and ([\d,]+)", str(error))
        return f"<{bounds[1]},{bounds[2]}>" if bounds else "r"
    return "."


def told(row: dict[str, Any], key: str, usual: Any) -> str:
    """The outcomes of all odd values of a key."""
    path = key.split(".")
    found = [outcome(put(row["base"], path, odd), row.get("model_class")) for odd in tries(usual)]
    return "".join("r" if one != "." and number < PLAIN else one for number, one in enumerate(found))


def test_what_becomes_of_odd_values() -> None:
    rows = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]
    types = {row["base"].get("model_type") or row["base"]["_class_name"] for row in rows}
    assert types <= set(model_types())
    assert len(types) >= 187
    changed, made = [], []
    for row in rows:
        now: dict[str, Any] = {}
        for key, (usual, before) in row["keys"].items():
            found = told(row, key, usual)
            now[key] = [usual, next((short for short, text in SHORT.items() if text == found), found)]
            if now[key][1] != before:
                changed.append((row["base"], key, before, now[key][1]))
        made.append(json.dumps({**row, "keys": now}))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        TABLE.write_text("\n".join(made) + "\n", "utf-8")
    assert not changed, changed[:5]
