# SPDX-License-Identifier: Apache-2.0
"""Reading: a safetensors header beside safe_open, a GGUF beside gguf.GGUFReader, and what makes a scan longer."""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import scan_folders, scan_gguf
from benchmarks.header_turns import READS, beside_safe_open
from benchmarks.pairs import Cost, Growth, Row, both, middle, ms, timed
from core.scan import scan_path

FOLDERS = "python benchmarks/scan_folders.py --their-python PEER"
GGUF = "python benchmarks/scan_gguf.py --their-python PEER"


def rows(peers: Path | None, quick: bool) -> Iterator[Row]:
    """The bars of reading."""
    yield from _beside_peers(peers, quick)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cost = _shards(folder, 200)
        yield Row("scan", "folder of 200 shards", both(cost), "under 1 s", cost.own < 1, FOLDERS)
    peaks = []
    for width in (700, 70_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            scan_folders.weights(folder / "model.safetensors", 10, width=width)
            peaks.append(int(scan_folders.run(sys.executable, scan_folders.PEAK, folder)[0]))
    yield Row(
        "memory",
        "scan: weights of 98 GB against weights of 10 MB",
        f"{peaks[1] / 1024:.1f} against {peaks[0] / 1024:.1f} MiB",
        "the same within 5 %",
        peaks[1] < peaks[0] * 1.05,
        FOLDERS,
    )


def _beside_peers(peers: Path | None, quick: bool) -> Iterator[Row]:
    name, bar = "safetensors header of 1,200 tensors, beside safe_open", "at least 1.0 times as fast"
    big, most = "GGUF with 256,000 tokens, beside gguf.GGUFReader", "at least 150 times as fast"
    memory, least = "GGUF: memory grown, beside gguf.GGUFReader", "under 1/20"
    if peers is None:
        for part, what, wanted, command in (
            ("scan", f"{name}: wall time", bar, FOLDERS),
            ("scan", f"{name}: processor time", bar, FOLDERS),
            ("scan", big, most, GGUF),
            ("memory", memory, least, GGUF),
        ):
            yield Row(part, what, "no --peers in this run", wanted, None, command)
        return
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "model.safetensors")
        turns = beside_safe_open(path, scan_folders.weights(path, 1200), str(peers), 60 if quick else READS)
    for kind, times, taken in (
        ("wall", turns.wall_times, turns.wall),
        ("processor", turns.own_times, turns.own),
    ):
        met = times >= 1 and turns.same
        yield Row("scan", f"{name}: {kind} time", f"{times:.2f} times ({ms(taken)})", bar, met, FOLDERS)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "big.gguf")
        scan_gguf.make(path, 32_000 if quick else 256_000)
        pairs = [
            (
                scan_gguf.run(sys.executable, scan_gguf.OURS, path),
                scan_gguf.run(str(peers), scan_gguf.THEIRS, path),
            )
            for _ in range(1 if quick else 3)
        ]
        ratio = statistics.median(other["seconds"] / mine["seconds"] for mine, other in pairs)
        taken = statistics.median(mine["seconds"] for mine, _ in pairs)
        yield Row("scan", big, f"{ratio:.0f} times ({ms(taken)})", most, ratio >= 150, GGUF)
        grown = statistics.median(other["grown"] / max(mine["grown"], 1) for mine, other in pairs)
        yield Row("memory", memory, f"1/{grown:.0f}", least, grown >= 20, GGUF)


def growth(quick: bool) -> Iterator[Growth]:
    """Scans of more shards, and of more files that are none of ours."""
    counts = (1, 10, 100) if quick else (1, 10, 100, 1000)
    points = []
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            points.append((f"{count:,}", both(_shards(Path(name), count))))
    yield Growth("scan", "shards of 6 tensors", tuple(points))
    points = []
    for count in (100, 1_000, 10_000) if quick else (100, 1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _unrelated(folder, count)
            scan_folders.weights(folder / "model.safetensors", 10)
            cost = middle(timed(lambda where=folder: scan_path(where), 3))  # type: ignore[misc]
            points.append((f"{count:,}", both(cost)))
    yield Growth("scan", "unrelated files around one model", tuple(points))


def _shards(folder: Path, count: int) -> Cost:
    scan_folders.make_shards(folder, count)
    return middle(timed(lambda: scan_path(folder), 5))


def _unrelated(folder: Path, count: int) -> None:
    for number in range(count):
        inner = folder / f"images{number // 1000}"
        if number % 1000 == 0:
            inner.mkdir()
        os.close(os.open(inner / f"{number}.jpg", os.O_CREAT | os.O_WRONLY))
