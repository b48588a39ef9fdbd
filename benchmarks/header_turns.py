# SPDX-License-Identifier: Apache-2.0
"""A safetensors header, ours beside safe_open: two processes that stay, one read of the file each in turn.

Both open the file, read every name and shape, and add up the parameters; imports, the start and the first reads (file
cache, memory the process asks for) are over before anything counts. One thread each. A pair is one read of each within
four milliseconds, and who goes first changes, so what else the machine does hits both; a ratio of medians of whole
processes moved by a third from run to run. Wall and processor time are taken of the same reads.
"""

import json
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
READS = 300
WARM = 20
OURS = """
from pathlib import Path
from core.scan.formats.safetensors_header import read_header
from core.scan.guarded import Source
from core.scan.types import Entry

def count(path):
    path = Path(path)
    header = read_header(Source(Entry("m", "", "m", path, path.stat().st_size), {}))
    return sum(tensor.elements for tensor in header.tensors)
"""
THEIRS = """
import math
from safetensors import safe_open

def count(path):
    with safe_open(path, framework="np") as file:
        return sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())
"""
_TURN = """
import json, sys, time
for _ in sys.stdin:
    wall, own = time.perf_counter(), time.process_time()
    found = count(sys.argv[1])
    own, wall = time.process_time() - own, time.perf_counter() - wall
    print(json.dumps([wall, own, found]), flush=True)
"""


class Turns(NamedTuple):
    """Medians in seconds, and the medians of theirs / ours over the pairs; `same` when every read counted `count`."""

    wall: float
    own: float
    wall_times: float
    own_times: float
    same: bool


def beside_safe_open(path: Path, count: int, their_python: str, reads: int = READS) -> Turns:
    """Read the header of `path` (`count` parameters) in turn; `their_python` has safetensors and numpy."""
    with ExitStack() as stack:
        sides = [
            stack.enter_context(
                subprocess.Popen(
                    [python, "-c", code + _TURN, str(path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            for python, code in ((sys.executable, OURS), (their_python, THEIRS))
        ]
        pairs = []
        for number in range(WARM + reads):
            first = number % 2
            found = {at: _turn(sides[at]) for at in (first, 1 - first)}
            pairs.append((found[0], found[1]))
        for side in sides:
            _pipe(side.stdin).close()
    counted = pairs[WARM:]
    middle = statistics.median
    return Turns(
        middle(ours[0] for ours, _ in counted),
        middle(ours[1] for ours, _ in counted),
        middle(theirs[0] / ours[0] for ours, theirs in counted),
        middle(theirs[1] / ours[1] for ours, theirs in counted),
        all(side[2] == count for pair in pairs for side in pair),
    )


def _turn(side: "subprocess.Popen[str]") -> tuple[float, float, int]:
    print(file=_pipe(side.stdin), flush=True)
    line = _pipe(side.stdout).readline()
    if not line:
        raise SystemExit(f"{side.args!r}: ended with {side.wait()}")
    wall, own, count = json.loads(line)
    return wall, own, count


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
