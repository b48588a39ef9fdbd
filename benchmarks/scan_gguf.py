# SPDX-License-Identifier: Apache-2.0
"""GGUF with a vocabulary of 256,000 tokens: our reader against gguf.GGUFReader, each in a process of its own.

    python benchmarks/scan_gguf.py --their-python /path/to/venv/bin/python   (a venv with `pip install gguf`)

Linux only (/proc). Prints seconds and peak memory of both and the ratios. Bars: at least 150 times as fast, under a twentieth of the memory.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = """
import json, sys, time
from pathlib import Path
from core.scan.formats.gguf_header import read_gguf
from core.scan.guarded import Source
from core.scan.types import Entry
def peak():
    # VmHWM starts anew with the process; ru_maxrss is inherited from the parent.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
path = Path(sys.argv[1])
before = peak()
started, own = time.perf_counter(), time.process_time()
header = read_gguf(Source(Entry("m.gguf", "", "m.gguf", path, path.stat().st_size), {}))
seconds, own = time.perf_counter() - started, time.process_time() - own
after = peak()
count = sum(tensor.elements for tensor in header.tensors)
print(json.dumps({"seconds": seconds, "cpu": own, "grown": after - before, "peak": after, "count": count}))
"""
THEIRS = """
import json, sys, time
from pathlib import Path
from gguf import GGUFReader
def peak():
    # VmHWM starts anew with the process; ru_maxrss is inherited from the parent.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
before = peak()
started, own = time.perf_counter(), time.process_time()
reader = GGUFReader(sys.argv[1])
seconds, own = time.perf_counter() - started, time.process_time() - own
after = peak()
count = sum(int(tensor.n_elements) for tensor in reader.tensors)
print(json.dumps({"seconds": seconds, "cpu": own, "grown": after - before, "peak": after, "count": count}))
"""


def make(path: Path, tokens: int) -> None:
    """A model of 26 layers whose header holds tokens, scores, kinds and merges, as a real tokenizer of this size."""
    sys.path.insert(0, str(ROOT))
    from tests.hostile.gguf_maker import llama, write

    settings, tensors = llama(layers=26, width=64, vocabulary=1024)
    words = [f"▁tok{number:x}" for number in range(tokens)]
    settings |= {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": words,
        "tokenizer.ggml.scores": [0.5] * tokens,
        "tokenizer.ggml.token_type": [1] * tokens,
        "tokenizer.ggml.merges": [f"{number:x} {number:x}" for number in range(tokens)],
    }
    write(path, settings, tensors)


def run(python: str, code: str, path: Path) -> dict[str, float]:
    """One measurement in a fresh process."""
    done = subprocess.run(
        [python, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> int:
    """Pairs of runs, ours and theirs in turn; prints medians and ratios; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--their-python", default=sys.executable)
    parser.add_argument("--tokens", type=int, default=256_000)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "big.gguf")
        make(path, arguments.tokens)
        pairs = [
            (run(sys.executable, OURS, path), run(arguments.their_python, THEIRS, path))
            for _ in range(arguments.pairs)
        ]
        size = path.stat().st_size
    ours = {key: statistics.median(pair[0][key] for pair in pairs) for key in pairs[0][0]}
    theirs = {key: statistics.median(pair[1][key] for pair in pairs) for key in pairs[0][1]}
    faster = statistics.median(pair[1]["cpu"] / pair[0]["cpu"] for pair in pairs)
    grown = theirs["grown"] / max(ours["grown"], 1)
    print(f"file {size:,} bytes, {arguments.tokens:,} tokens, {arguments.pairs} pairs, medians")
    for name, row in (("ours", ours), ("gguf.GGUFReader", theirs)):
        print(
            f"{name:16} {row['seconds']:9.4f} s, of processor {row['cpu']:9.4f} s  memory grown {row['grown'] / 1024:8.1f} MB  peak {row['peak'] / 1024:8.1f} MB"
        )
    print(f"faster {faster:.0f} times, by processor time (bar 150); grown memory 1/{grown:.0f} (bar 1/20)")
    print(f"same parameters: {ours['count'] == theirs['count']}")
    return 0 if faster >= 150 and grown >= 20 and ours["count"] == theirs["count"] else 1


if __name__ == "__main__":
    sys.exit(main())
