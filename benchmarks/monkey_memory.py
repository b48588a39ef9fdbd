# SPDX-License-Identifier: Apache-2.0
"""Whether the window's memory is flat: what is in use at rest, and a straight line through the second half of the run."""

from __future__ import annotations

import ctypes
import gc
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import shiboken6
from PySide6.QtWidgets import QWidget

from gui.tidy import give_back

MIB = 2**20
LIMIT = 0.1
"""MiB in a thousand events. A million events are a working day of eight hours at 35 a second: 100 MiB by its end, which a machine
of 4 GB does not notice. Twice that would show beside the 200 to 300 MiB of the window itself."""
_Z = 1.96
_FEWEST = 6
"""Samples in the second half below which a line says nothing."""


class _Mallinfo2(ctypes.Structure):
    """Of glibc 2.33 and later; all in bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks"),
            *("uordblks", "fordblks", "keepcost"),
        )
    ]


class Sample:
    """What is in use now. Take it at rest: closed dialogs, one known project, each page seen, nothing waiting to be deleted.

    `malloc`: MiB that C and C++ asked for and did not give back, exact. `private`: MiB of the process that nobody shares, after
    the C library gave back what is free; Python's own and what lies torn between live pieces are in it. 0 where not known.
    """

    def __init__(self, events: int) -> None:
        self.events = events
        gc.collect()
        self.malloc = _malloc_mb()
        self.private = _private_mb()
        things = gc.get_objects()
        self.objects = len(things)
        # type(), not isinstance(): the latter asks foreign proxies for __class__ and may run their code.
        self.widgets = sum(1 for one in things if issubclass(type(one), QWidget) and shiboken6.isValid(one))

    def line(self) -> str:
        """One line of a table, as of `HEAD`."""
        return f"{self.events:8} {self.malloc:9.2f} {self.private:9.2f} {self.objects:9} {self.widgets:8}"


HEAD = f"{'events':>8} {'malloc':>9} {'private':>9} {'objects':>9} {'widgets':>8}   (MiB in use, MiB after malloc_trim)"


class Lean(NamedTuple):
    """How memory grows: MiB in a thousand events, and the ends of its 95 % interval."""

    each: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """flat, leans or not known, by `LIMIT`."""
        if self.high < LIMIT:
            return "flat"
        return "leans" if self.low > LIMIT else "not known, run longer"

    def __str__(self) -> str:
        between = f"{self.low:+.3f} to {self.high:+.3f} with 95 %"
        return f"{self.each:+.3f} MiB in a thousand events ({between}; flat is below {LIMIT}): {self.verdict}"


def lean(points: Sequence[tuple[int, float]]) -> Lean:
    """The least-squares line through the second half of (events, MiB); the first half fills caches.

    Samples too few to say anything give an interval without ends. What is left over from the line is taken as independent from
    sample to sample.
    """
    half = points[len(points) // 2 :]
    if len(half) < _FEWEST:
        return Lean(0.0, -math.inf, math.inf)
    free = len(half) - 2
    at = sum(x for x, _ in half) / len(half)
    mean = sum(y for _, y in half) / len(half)
    spread = sum((x - at) ** 2 for x, _ in half)
    slope = sum((x - at) * (y - mean) for x, y in half) / spread
    left = sum((y - mean - slope * (x - at)) ** 2 for x, y in half)
    # Student's t by its expansion in 1 / free: 2.73 for 4 (exact: 2.78), 2.23 for 10 (2.23).
    t = _Z + (_Z**3 + _Z) / (4 * free) + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * free**2)
    error = t * math.sqrt(left / free / spread)
    return Lean(slope * 1000, (slope - error) * 1000, (slope + error) * 1000)


def report(samples: Sequence[Sample]) -> tuple[str, bool]:
    """The table, shortened, with what it says; and whether memory leans for sure."""
    shown = [*samples[:: max(1, len(samples) // 10)], samples[-1]]
    malloc = lean([(one.events, one.malloc) for one in samples])
    private = lean([(one.events, one.private) for one in samples])
    rows = [HEAD, *(one.line() for one in shown), f"  malloc:  {malloc}", f"  private: {private}"]
    return "\n".join(rows), "leans" in (malloc.verdict, private.verdict)


def _malloc_mb() -> float:
    """Bytes in use by malloc in MiB, of the heap and of single mappings; 0 without glibc 2.33."""
    try:
        ask = ctypes.CDLL("libc.so.6").mallinfo2
    except (OSError, AttributeError):
        return 0.0
    ask.restype = _Mallinfo2
    told = ask()
    return (int(told.uordblks) + int(told.hblkhd)) / MIB


def _private_mb() -> float:
    """Anonymous memory of this process in MiB, once the C library gave back what is free (Linux; 0 elsewhere)."""
    give_back()
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Anonymous:")), 0.0)
