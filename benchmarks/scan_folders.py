# SPDX-License-Identifier: Apache-2.0
"""Speed of a scan: a header of 1,200 tensors against safe_open, 200 shards, 100,000 unrelated files, weights that grow.

    python benchmarks/scan_folders.py --their-python /path/to/venv/bin/python   (a venv with `pip install safetensors`)

Everything is made by code in a temporary folder. Linux only (/proc). Returns 1 when a bar is missed.
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.header_turns import beside_safe_open  # noqa: E402

PEAK = """
import sys
from pathlib import Path
from core.scan import scan_path
scan_path(Path(sys.argv[1]))
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def weights(path: Path, tensors: int, width: int = 64, prefix: str = "") -> int:
    """A sparse safetensors file of `tensors` square matrices; returns its parameters."""
    size = width * width * 2
    header = {
        f"{prefix}model.layers.{number}.mlp.up_proj.weight": {
            "dtype": "BF16",
            "shape": [width, width],
            "data_offsets": [number * size, (number + 1) * size],
        }
        for number in range(tensors)
    }
    raw = json.dumps(header, separators=(",", ":")).encode()  # as the library writes it
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(raw)) + raw)
        file.truncate(8 + len(raw) + tensors * size)
    return tensors * width * width


def run(python: str, code: str, path: Path) -> list[str]:
    """The words a script prints in a fresh process."""
    done = subprocess.run(
        [python, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout.split()


def against_safe_open(folder: Path, their_python: str) -> bool:
    """A header of 1,200 tensors, one read each in turn."""
    path = folder / "model.safetensors"
    turns = beside_safe_open(path, weights(path, 1200), their_python)
    print(
        f"1,200 tensors, same count {turns.same}: ours {turns.wall * 1e3:.2f} ms, {turns.wall_times:.2f} times as fast as "
        f"safe_open by the wall; {turns.own * 1e3:.2f} ms of processor, {turns.own_times:.2f} times"
    )
    path.unlink()
    return min(turns.wall_times, turns.own_times) >= 1 and turns.same


def make_shards(folder: Path, count: int) -> int:
    """A model of `count` shards of 6 tensors each, with its index; returns its parameters."""
    names = [f"model-{number:05}-of-{count:05}.safetensors" for number in range(1, count + 1)]
    total = sum(weights(folder / name, 6, prefix=f"{name[6:11]}.") for name in names)
    places = {f"{name[6:11]}.model.layers.{n}.mlp.up_proj.weight": name for name in names for n in range(6)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    (folder / "config.json").write_text('{"model_type": "llama"}')
    return total


def shards(folder: Path) -> bool:
    """200 shards of 6 tensors each."""
    from core.scan import scan_path

    total = make_shards(folder, 200)
    started, own = time.perf_counter(), time.process_time()
    fact = scan_path(folder).fact("parameters_total")
    seconds, own = time.perf_counter() - started, time.process_time() - own
    right = fact is not None and fact.value == total
    print(f"200 shards: {seconds:.3f} s, {own:.3f} s of processor (bar 1 s), parameters right: {right}")
    return own < 1 and right


def many_files(folder: Path) -> bool:
    """100,000 unrelated files around one model."""
    from core.scan import scan_path

    for outer in range(100):
        inner = folder / f"images{outer}"
        inner.mkdir()
        for number in range(1000):
            os.close(os.open(inner / f"{number}.jpg", os.O_CREAT | os.O_WRONLY))
    weights(folder / "model.safetensors", 10)
    started, own = time.perf_counter(), time.process_time()
    result = scan_path(folder)
    seconds, own = time.perf_counter() - started, time.process_time() - own
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in result.kinds[:2])
    print(
        f"100,000 unrelated files: {seconds:.2f} s, {own:.2f} s of processor, seen {result.files_seen:,}, "
        f"passed over {result.files_ignored:,} ({kinds}), notes: {len(result.notes)}"
    )
    return own < 10 and result.fact("parameters_total") is not None


def memory(folder: Path) -> bool:
    """Peak memory with weights of 10 MB and of 100 GB (sparse)."""
    peaks = []
    for width in (700, 70_000):
        weights(folder / "model.safetensors", 10, width=width)
        peaks.append(int(run(sys.executable, PEAK, folder)[0]))
    print(f"peak memory: {peaks[0] / 1024:.1f} MB for 10 MB of weights, {peaks[1] / 1024:.1f} MB for 98 GB")
    return peaks[1] < peaks[0] * 1.05


def main() -> int:
    """Run all; 0 when every bar is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--their-python", default=sys.executable)
    arguments = parser.parse_args()
    results = []
    for part in (
        lambda folder: against_safe_open(folder, arguments.their_python),
        shards,
        many_files,
        memory,
    ):
        with tempfile.TemporaryDirectory() as folder:
            results.append(part(Path(folder)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
