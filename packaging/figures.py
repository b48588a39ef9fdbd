# SPDX-License-Identifier: Apache-2.0
"""Writes the figures of README.md, between its two marks, from what measured them.

    .venv/bin/python packaging/figures.py

The sources: docs/accuracy.md and docs/performance.md (both written by `make bench`), the truth of the bundled example, the rulebook.
tests/health/test_readme.py fails when README.md says otherwise.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.rules import load_rulebook  # noqa: E402

README = ROOT / "README.md"
FIRST, LAST = "<!-- figures: written by packaging/figures.py -->\n", "<!-- end of figures -->"
ACCURACY = {
    "Operations from parameters and tokens": "its size and the number of tokens",
    "Device hours": "its hardware and hours",
    "Combined, where data and hours speak": "both",
}
"""Rows of docs/accuracy.md, and what they are called here."""
QUICK = {
    ("flops", "cold `weighbridge flops`"): "a model counted from its `config.json`, cold start: time",
    ("memory", "cold `weighbridge flops`"): "the same: memory",
    (
        "flops",
        "cold count of Llama 3.2 1B, beside calflops",
    ): "the same for Llama 3.2 1B, beside calflops: speed",
    ("memory", "cold count of Llama 3.2 1B, beside calflops"): "the same, beside calflops: memory",
    ("scan", "GGUF with 256,000 tokens"): "a GGUF header with 256,000 tokens, beside gguf.GGUFReader: speed",
    ("GUI start", "first painted window on a display, beside a bare PySide6 window: wall time"): (
        "the window, cold start until painted, beside a bare PySide6 window: time"
    ),
    ("memory", "first painted window"): "the same: memory",
    (
        "recompute",
        "keystroke until painted",
    ): "from a keystroke until scale and verdict are painted (99 of 100)",
}
"""Part and beginning of the rows of docs/performance.md that are told here where there is a figure, and their names here."""


def rows(page: str) -> list[list[str]]:
    """The cells of every line of a Markdown page's tables."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]


def figures() -> str:
    """The part of README.md between the marks."""
    truth = json.loads((ROOT / "tests" / "fixtures" / "example_truth.json").read_text(encoding="utf-8"))
    lines = [
        (
            "A LoRA run that transformers and PEFT really did (the bundled example): PyTorch's own counter measured "
            f"{truth['flops_measured']:,} FLOP, and so many are counted here from its files; the Trainer's log says "
            f"{truth['total_flos_recorded']:,}."
        ),
        "",
        "With less to go on a figure becomes a range. Against published training runs:",
        "",
        "| what is known of the run | runs | median error, powers of ten | published value in the range |",
        "| --- | --- | --- | --- |",
    ]
    for cells in rows("accuracy.md"):
        if cells[0] in ACCURACY:
            lines.append(f"| {ACCURACY[cells[0]]} | {cells[1]} | {cells[2]} | {cells[3]} |")
    told = [
        f"| {words} | {cells[2]} | {cells[3]} |"
        for (part, start), words in QUICK.items()
        for cells in rows("performance.md")
        if cells[0] == part and cells[1].startswith(start) and re.match(r"[\d.]", cells[2])
    ]
    lines += (
        [
            "",
            "How quick it is (in brackets: time of the processor):",
            "",
            "| what | measured | the bar set for it |",
            "| --- | --- | --- |",
            *told,
        ]
        if told
        else []
    )
    lines += [
        "",
        f"The rulebook holds {len(load_rulebook().instruments)} laws and plans.",
    ]
    return "\n".join(lines) + "\n"


def filled(readme: str) -> str:
    """README.md with its figures anew. Raises ValueError when a mark is missing."""
    before, found, rest = readme.partition(FIRST)
    _, end, after = rest.partition(LAST)
    if not found or not end:
        raise ValueError("README.md has lost the marks around its figures")
    return f"{before}{FIRST}{figures()}{LAST}{after}"


def main() -> int:
    """Write them."""
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
