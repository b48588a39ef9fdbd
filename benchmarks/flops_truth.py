# SPDX-License-Identifier: Apache-2.0
"""The layer table against measured truth: how many rows are met, by kind of check.

    python benchmarks/flops_truth.py truth.jsonl [...] [--gate] [--misses]

Without a path: tests/fixtures/flops. Each line is a JSON object: config, model_class, part, inputs, variant (null or
full, lora, dora, lora+embed, peft with `peft`, freeze with `peft.freeze`, gradckpt), params_total, fwd_flops, fwd_bwd_flops,
fwd_bwd_reliable, fwd_note (parameters, forward and step are other names of the three numbers), and where they are given
params_active, params_trainable and params_by_group. With gradient checkpointing the step holds what runs again. Of the
groups, experts and convolutions are compared: the others are told apart by names (a class token is a norm, an
embedding or something else), which the table does not keep.
With --gate, exit code 1 when a bar of the project is missed.
"""

import argparse
import collections
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.compute.architectures import build  # noqa: E402
from core.compute.flops import FlopCount, count_flops  # noqa: E402
from core.compute.inputs import Inputs  # noqa: E402
from core.compute.layers import Block, Op  # noqa: E402
from core.compute.trained import FULL, HEAD_ONLY, Trained, last_layers  # noqa: E402
from core.errors import BadConfig  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures" / "flops"
WHOLE, ADAPTERS = (None, "full", "gradckpt"), ("lora", "dora", "lora+embed", "peft")
BARS = {
    "parameters exact": 0.98,
    "forward within 0.1 %": 0.95,
    "forward within 1 %": 0.99,
    "step within 0.5 %": 0.95,
    "adapter step within 0.5 %": 0.95,
}
"""Smallest share of rows that must meet each check."""


class Check(NamedTuple):
    """One number of one row: what was counted (None: refused) and what was measured."""

    kind: str
    row: str
    counted: int | None
    measured: int
    tolerance: float

    @property
    def met(self) -> bool:
        """Whether the count lies within the tolerance (0: is equal)."""
        return (
            self.counted is not None and abs(self.counted - self.measured) <= self.tolerance * self.measured
        )


def rows(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Every line of the files."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _trained(row: dict[str, Any]) -> Trained | None:
    if row.get("variant") != "freeze":
        return FULL
    frozen = str(row["peft"].get("freeze", ""))
    if frozen == "head":
        return HEAD_ONLY
    digits = "".join(letter for letter in frozen if letter.isdecimal())
    return last_layers(int(digits)) if frozen.startswith("last") and digits else None


def _counted(row: dict[str, Any], trained: Trained) -> FlopCount | None:
    given: dict[str, Any] = {key: value for key, value in row["inputs"].items() if key in Inputs._fields}
    given |= {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    adapter = None
    if row.get("variant") in ADAPTERS:
        adapter = {"peft_type": "LORA", "use_dora": row["variant"] == "dora", **row["peft"]}
    try:
        return count_flops(
            row["config"],
            Inputs(**given),
            model_class=row.get("model_class"),
            part=row.get("part") or "main",
            adapter=adapter,
            trained=trained,
        )
    except BadConfig:
        return None


_GROUPS = {"experts": "experts", "conv": "conv"}
"""Groups of parameters that are kinds of operation too."""


def _held(row: dict[str, Any]) -> dict[str, int]:
    """Weights of each kind of operation, each layer's own ones once."""
    block, _ = build(
        row["config"], Inputs(), model_class=row.get("model_class"), part=row.get("part") or "main"
    )
    tally: collections.Counter[str] = collections.Counter()

    def walk(inner: Block) -> None:
        for step in inner.steps:
            if isinstance(step, Op):
                tally[step.kind] += step.weights
            elif not step.again:
                walk(step.block)

    walk(block)
    return {group: tally[kind] for group, kind in _GROUPS.items()}


def _first(row: dict[str, Any], *keys: str) -> int | None:
    return next((int(row[key]) for key in keys if row.get(key)), None)


def checks(row: dict[str, Any]) -> list[Check]:
    """What the row lets one check; nothing for variants this file does not know."""
    variant = row.get("variant")
    trained = _trained(row)
    if trained is None or variant not in (*WHOLE, *ADAPTERS, "freeze"):
        return []
    count = _counted(row, trained)
    prefix = {"freeze": "freeze ", "gradckpt": "checkpointing "}.get(str(variant), "")
    prefix = "adapter " if variant in ADAPTERS else prefix
    name = (
        f"{row['config'].get('model_type') or row['config'].get('_class_name')} {row['name']} {row['inputs']}"
    )
    found: list[Check] = []

    def add(kind: str, counted: int | None, measured: int | None, tolerance: float) -> None:
        if measured:
            found.append(Check(prefix + kind, name, counted, measured, tolerance))

    if not row.get("param_warning"):
        add(
            "parameters exact", count and count.parameters_total, _first(row, "params_total", "parameters"), 0
        )
    if not row.get("param_warning"):
        trained_count = _first(row, "params_trainable", "trainable")
        add("trainable exact", count and count.parameters_trainable, trained_count, 0)
    add("active parameters exact", count and count.parameters_active, _first(row, "params_active"), 0)
    for group, measured in (row.get("params_by_group") or {}).items():
        if group in _GROUPS and measured:
            add(f"group {group} exact", _held(row)[group], measured, 0)
    if "dense figur" in (row.get("fwd_note") or ""):
        return found
    add("forward within 0.1 %", count and count.forward_flop, _first(row, "fwd_flops", "forward"), 0.001)
    add("forward within 1 %", count and count.forward_flop, _first(row, "fwd_flops", "forward"), 0.01)
    if row.get("fwd_bwd_reliable", True):
        again = count.recompute_flop if count and variant == "gradckpt" else 0
        step = count and count.step_flop + again
        add("step within 0.5 %", step, _first(row, "fwd_bwd_flops", "step"), 0.005)
    return found


def shares(found: Iterable[Check]) -> dict[str, tuple[int, int]]:
    """By kind of check: rows that meet it, and rows."""
    tally: dict[str, list[bool]] = collections.defaultdict(list)
    for one in found:
        tally[one.kind].append(one.met)
    return {kind: (sum(met), len(met)) for kind, met in sorted(tally.items())}


def missed_bars(found: dict[str, tuple[int, int]]) -> list[str]:
    """Bars that are not reached; a kind that was never checked reaches none."""
    return [kind for kind, bar in BARS.items() if kind not in found or found[kind][0] < bar * found[kind][1]]


def main() -> int:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("truth", nargs="*", type=Path)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    found = [one for row in rows(given.truth or sorted(FIXTURES.glob("*.jsonl"))) for one in checks(row)]
    for kind, (met, count) in shares(found).items():
        bar = f"  (bar {BARS[kind]:.0%})" if kind in BARS else ""
        print(f"{kind:32} {met:5} of {count:5} = {met / count:6.1%}{bar}")
    if given.misses:
        for one in found:
            if not one.met:
                print(f"{one.kind}: {one.row}: counted {one.counted}, measured {one.measured}")
    missed = missed_bars(shares(found))
    print("missed: " + ", ".join(missed) if missed else "all bars met")
    return 1 if given.gate and missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
