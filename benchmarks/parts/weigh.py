# SPDX-License-Identifier: Apache-2.0
"""Weighing and judging: a cold `weighbridge weigh`, and Project to Assessment in a process that is warm."""

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pairs import ROOT, Cost, Growth, Row, both, cold, in_turn, middle, p99, timed, times
from core.assess import assess
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path

EXAMPLE = ROOT / "resources" / "examples" / "tiny-llama-lora"
DAY = datetime.date(2026, 11, 26)
BARE = "import argparse, json, pydantic, yaml"


def example() -> Project:
    """The bundled example, read."""
    return Project(folder=str(EXAMPLE), scan=scan_path(EXAMPLE))


def judged(project: Project) -> Assessment:
    """Its assessment."""
    return assess(project, rulebook=load_rulebook(), reference=load_reference(), today=DAY)


def rows(_peers: Path | None, quick: bool) -> Iterator[Row]:
    """The bars of weighing."""
    weigh = [sys.executable, "-m", "core.cli", "weigh", str(EXAMPLE), "--on", DAY.isoformat()]
    floor = [sys.executable, "-c", BARE]
    pairs = in_turn(lambda: cold(weigh), lambda: cold(floor), 3 if quick else 9)
    mine, bare = middle([one for one, _ in pairs]), middle([one for _, one in pairs])
    ratio = 1 / times(pairs, lambda cost: cost.own)
    command = "weighbridge weigh resources/examples/tiny-llama-lora"
    for part, what, measured in (
        ("weigh", "cold, the example (scan, compute, all laws)", both(mine)),
        ("weigh", "the same beside Python with pydantic and PyYAML, processor time", f"{ratio:.1f} times"),
        ("memory", "cold `weighbridge weigh`", f"{mine.peak:.0f} MiB (Python with both: {bare.peak:.0f})"),
    ):
        yield Row(part, what, measured, "none set", None, command)
    project = example()
    again = timed(lambda: judged(project), 20 if quick else 300)
    worst = Cost(p99([one.wall for one in again]), p99([one.own for one in again]), 0.0)
    yield Row(
        "recompute",
        "Project to Assessment, p99 in a warm process",
        f"{both(worst)}; median {both(middle(again))}",
        "under 16 ms",
        worst.own < 0.016,
        "make bench",
    )


def growth(quick: bool) -> Iterator[Growth]:
    """The same judgement with a larger and larger model behind it."""
    from core.domain.answers import Answers

    points = []
    for exponent in (8, 10, 12, 14):
        answers = Answers(origin="from_scratch", parameters_total=10**exponent, tokens=20 * 10**exponent)
        project = Project(answers=answers, by_hand=True)
        taken = timed(lambda one=project: judged(one), 5 if quick else 40)  # type: ignore[misc]
        points.append((f"10^{exponent}", both(middle(taken))))
    yield Growth("Project to Assessment", "parameters, described by hand, 20 tokens each", tuple(points))
