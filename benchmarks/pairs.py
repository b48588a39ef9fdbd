# SPDX-License-Identifier: Apache-2.0
"""Timing for `make bench`: whole processes in pairs, ours and the peer's in turn, medians and ratios of medians.

In pairs, because what else the machine does then slows both sides alike. The ratio is the median of the ratios of
each pair, not the ratio of two medians: a slow spell hits one pair, not one side.
"""

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).resolve().parents[1]
MIB = 2**20
T = TypeVar("T")


class Cost(NamedTuple):
    """Seconds of wall clock, seconds of processor, and the most memory held (MiB; 0.0 where nobody tells)."""

    wall: float
    own: float
    peak: float


class Row(NamedTuple):
    """One line of the table of bars. `met` is None where nothing is promised or nothing could be measured."""

    part: str
    what: str
    measured: str
    bar: str
    met: bool | None
    command: str


class Growth(NamedTuple):
    """How one cost grows: what it is measured in, and (size, value) from small to large."""

    what: str
    by: str
    points: tuple[tuple[str, str], ...]


_LAUNCH = """
import os, sys, time
out = os.open(os.devnull, os.O_WRONLY)
started = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, use = os.wait4(pid, 0)
wall = time.perf_counter() - started
print(wall, use.ru_utime + use.ru_stime, use.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def cold(command: Sequence[str], *, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Cost:
    """One new process from start to end (not on Windows). Raises SystemExit with its words when it fails.

    A small process of its own starts it: on Linux a child's peak begins with what its parent held.
    """
    launcher = [sys.executable, "-S", "-E", "-c", _LAUNCH, *command]
    done = subprocess.run(
        launcher, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=True
    )
    wall, own, peak, code = (float(word) for word in done.stdout.split())
    if code:
        raise SystemExit(f"{' '.join(command)}: exit code {code:.0f}\n{done.stderr}")
    return Cost(wall, own, peak * (1 if sys.platform == "darwin" else 1024) / MIB)


def in_turn(ours: Callable[[], T], theirs: Callable[[], T], pairs: int) -> list[tuple[T, T]]:
    """(ours, theirs) for each pair, after one of each that fills the disk cache. Who goes first changes."""
    ours(), theirs()
    found = []
    for number in range(pairs):
        if number % 2:
            peer = theirs()
            found.append((ours(), peer))
        else:
            found.append((ours(), theirs()))
    return found


def times(pairs: Sequence[tuple[Cost, Cost]], what: Callable[[Cost], float]) -> float:
    """Median over the pairs of theirs / ours, of one figure."""
    return statistics.median(what(theirs) / what(ours) for ours, theirs in pairs)


def timed(work: Callable[[], object], runs: int) -> list[Cost]:
    """Each of `runs` calls after one that warms up, without the collector in between; no peak is told."""
    work()
    gc.collect()
    gc.disable()
    try:
        taken = []
        for _ in range(runs):
            started, own = time.perf_counter(), time.process_time()
            work()
            taken.append(Cost(time.perf_counter() - started, time.process_time() - own, 0.0))
    finally:
        gc.enable()
    return taken


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def p99(values: Sequence[float]) -> float:
    """The value that 99 in 100 do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def both(cost: Cost) -> str:
    """Wall time, and processor time in brackets."""
    return f"{ms(cost.wall)} ({ms(cost.own)})"


def ms(seconds: float) -> str:
    """0.0123 → "12 ms"; under ten with a decimal, from ten seconds on in seconds."""
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.0f} ms" if seconds >= 0.01 else f"{seconds * 1e3:.2g} ms"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
