# SPDX-License-Identifier: Apache-2.0
"""Writes docs/performance.md: every bar beside what was measured, and how costs grow.

    QT_QPA_PLATFORM=offscreen .venv/bin/python benchmarks/performance.py [--peers PYTHON] [--only scan,flops] [--quick]
        [--json FILE] [--write docs/performance.md]

`--peers` is the python of an environment with torch, transformers, calflops, gguf and safetensors; without it those
lines say that they were not measured. `--quick` tries the program, its figures mean nothing. Not on Windows.
Exit code 1 when a bar was missed.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pairs import Growth, Row, table  # noqa: E402

PARTS = ("scan", "flops", "weigh", "write", "window", "bundle")
HEAD = ("part", "what", "measured", "bar", "met", "command")
_MET = {True: "yes", False: "**no**", None: "–"}


def page(rows: Sequence[Row], growths: Sequence[Growth], machine: str) -> str:
    """docs/performance.md."""
    cells = [
        (row.part, row.what, row.measured, row.bar, _MET[row.met], f"`{row.command}`")
        for row in sorted(rows, key=lambda row: row.part)
    ]
    grown = [
        table(
            (growth.by, *(size for size, _ in growth.points)),
            [(growth.what, *(value for _, value in growth.points))],
        )
        for growth in growths
    ]
    met, missed = sum(row.met is True for row in rows), sum(row.met is False for row in rows)
    rest = sum(row.met is None for row in rows)
    return _PAGE.format(
        machine=machine, met=met, missed=missed, rest=rest, rows=table(HEAD, cells), grown="\n\n".join(grown)
    )


_PAGE = """# How quick it is

Written by `make bench` (`benchmarks/performance.py --write docs/performance.md`). Do not edit.

Ours and the peer ran in turn, in one run, each in a process of its own where a start is measured; a ratio is the median of the ratios of
the pairs. Times are wall time, with processor time in brackets: other work on the machine lengthens
the first, so a time is held against its bar by the second; ratios to a peer are of wall time unless they say otherwise. PEER is the python of an environment with torch, transformers, calflops, gguf and safetensors. Machine: {machine}.

## Bars

{met} met, {missed} missed, {rest} without a bar or not measured in this run.

{rows}

## How costs grow

{grown}
"""


def machine() -> str:
    """What it was measured on, without names; the load says how quiet it was."""
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}{load}"
    )


def main() -> int:
    """Measure, print, and with --write write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peers", type=Path, metavar="PYTHON")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--json", type=Path, help="keep what was measured here; parts left out by --only are taken from it"
    )
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    if given.peers and given.peers.is_dir():
        given.peers = given.peers / "bin" / "python"
    chosen = given.only.split(",")
    kept: dict[str, Any] = {}
    if given.json and given.json.is_file():
        kept = json.loads(given.json.read_text(encoding="utf-8"))
    for name in chosen:
        part = import_module(f"benchmarks.parts.{name}")
        found: dict[str, list[Any]] = {"rows": [], "growths": []}
        for row in part.rows(given.peers, given.quick):
            print(f"{row.part:10} {row.what}: {row.measured} (bar: {row.bar}; met: {row.met})", flush=True)
            found["rows"].append(row)
        for growth in part.growth(given.quick):
            shown = ", ".join(f"{size}: {value}" for size, value in growth.points)
            print(f"grows      {growth.what} by {growth.by}: {shown}", flush=True)
            found["growths"].append(growth)
        kept[name] = found
        if given.json:
            given.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    rows = [Row(*row) for name in PARTS if name in kept for row in kept[name]["rows"]]
    growths = [Growth(*growth) for name in PARTS if name in kept for growth in kept[name]["growths"]]
    if given.write:
        given.write.write_text(page(rows, growths, machine()), encoding="utf-8", newline="\n")
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
