# SPDX-License-Identifier: Apache-2.0
"""Fuzzing of every reader, binary and text: each input ends in a result or a typed refusal, in 2 s and 200 MB.

    python benchmarks/fuzz_readers.py --inputs 100000 [--seed 1]      mutations of files of every format
    python benchmarks/fuzz_readers.py --atheris --inputs 100000       guided by coverage (pip install atheris)

One input is one file, true but for a few changes, given to every reader that takes its name; one in fifty goes through a
scan of its whole folder. Seconds are CPU time of the process; an input that waits without working is stopped by the
clock on the wall. Memory is the address space (Linux only). An input that fails is kept in --keep with its traceback;
returns 1 when there is one.
"""

import argparse
import dataclasses
import json
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.fuzz_mutate import Mutator  # noqa: E402
from benchmarks.fuzz_seeds import folders  # noqa: E402
from core.errors import CannotRead  # noqa: E402
from core.scan import scan_path  # noqa: E402
from core.scan.guarded import Source  # noqa: E402
from core.scan.places import by_folder  # noqa: E402
from core.scan.readers import READERS  # noqa: E402
from core.scan.types import Entry, Found  # noqa: E402
from core.scan.walk import walk  # noqa: E402

SECONDS = 2.0
WALL = 60.0
"""Seconds on the wall: wide, because a busy machine may leave a process waiting; a hang lasts for ever."""
MEMORY = 200 << 20


class TooSlow(BaseException):
    """More CPU time than an input may take. No `except Exception` of a reader swallows it."""


class Hangs(BaseException):
    """No CPU time, and no end: a read that blocks, a lock."""


@dataclasses.dataclass
class Seed:
    """One file of a folder, the readers that take it, and what stands around it."""

    root: Path
    entry: Entry
    data: bytes
    siblings: dict[str, Entry]
    folders: dict[str, dict[str, Entry]]

    def source(self, size: int) -> Source:
        """The file at this size."""
        entry = dataclasses.replace(self.entry, size=size)
        return Source(entry, {**self.siblings, entry.name: entry}, self.folders)


def seeds(base: Path) -> list[Seed]:
    """Every file that at least one reader takes."""
    found: list[Seed] = []
    for name, write in folders().items():
        root = base / name
        root.mkdir(parents=True)
        write(root)
        listed = {path: dict(folder) for path, folder in by_folder(walk(root).entries).items()}
        for path, files in listed.items():
            for entry in files.values():
                if any(reader.matches(entry) for reader in READERS):
                    found.append(Seed(root, entry, entry.real.read_bytes(), listed[path], listed))
    return found


def read(seed: Seed, data: bytes, whole: bool) -> str:
    """Give one input to the readers: "read" or "refused". Any other exception is a finding."""
    seed.entry.real.write_bytes(data)
    if whole:
        scan_path(seed.root).model_dump_json()
        return "whole folders"
    source, outcome = seed.source(len(data)), "read"
    for reader in READERS:
        if reader.matches(seed.entry):
            try:
                for item in reader.read(source):
                    if isinstance(item, Found):
                        json.dumps(item.value)
            except CannotRead as refusal:
                outcome = "refused" if refusal.what and refusal.todo else "refused without words"
    return outcome


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


class Guard:
    """Runs inputs under the two limits, counts, and keeps what fails."""

    def __init__(self, keep: Path) -> None:
        self.keep, self.counts, self.slowest = keep, Counter[str](), 0.0
        self.formats: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        signal.signal(signal.SIGPROF, self._stop)
        signal.signal(signal.SIGALRM, self._hangs)

    @staticmethod
    def _stop(*_: object) -> None:
        raise TooSlow

    @staticmethod
    def _hangs(*_: object) -> None:
        raise Hangs

    def run(self, seed: Seed, data: bytes, whole: bool) -> None:
        """One input."""
        started = time.process_time()
        self._clocks(SECONDS, WALL)
        try:
            self.counts[read(seed, data, whole)] += 1
        except (Exception, TooSlow, Hangs) as error:  # noqa: BLE001  (whatever it is, it is the finding)
            self._clocks(0, 0)
            self._finding(seed, data, error)
        finally:
            self._clocks(0, 0)
        self.counts["inputs"] += 1
        self.formats[seed.entry.name.rpartition(".")[2]] += 1
        self.slowest = max(self.slowest, time.process_time() - started)

    @staticmethod
    def _clocks(work: float, wall: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, work)
        signal.setitimer(signal.ITIMER_REAL, wall)

    def _finding(self, seed: Seed, data: bytes, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} ({seed.entry.name})"
        self.findings[kind] += 1
        if self.findings[kind] == 1:
            print("FINDING", kind, flush=True)
            self.keep.mkdir(parents=True, exist_ok=True)
            stem = self.keep / f"{len(self.findings)}-{seed.entry.name}"
            stem.write_bytes(data)
            Path(f"{stem}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")

    def report(self) -> None:
        """Counts so far, one line."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        words = ", ".join(f"{count:,} {name}" for name, count in sorted(self.counts.items()))
        print(
            f"{words}; slowest {self.slowest:.3f} s, peak {peak} MB, findings {dict(self.findings)}",
            flush=True,
        )


def mutations(guard: Guard, listed: list[Seed], inputs: int, seed: int) -> None:
    """`inputs` random changes, the files in turn."""
    draw = random.Random(seed)
    mutate = Mutator(draw, [one.data for one in listed])
    for number in range(inputs):
        one = listed[number % len(listed)]
        guard.run(one, mutate(one.data), number % 50 == 49)
        one.entry.real.write_bytes(one.data)
        if number % 20_000 == 19_999:
            guard.report()


def guided(guard: Guard, listed: list[Seed], inputs: int, corpus: Path) -> None:
    """atheris: two bytes choose the file, the rest is its content. Does not return."""
    import atheris  # a tool of the developer, in no list of packages

    corpus.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(listed):
        (corpus / f"{number}").write_bytes(number.to_bytes(2, "little") + one.data)

    def one_input(data: bytes) -> None:
        one = listed[int.from_bytes(data[:2], "little") % len(listed)]
        guard.run(one, data[2:], False)
        one.entry.real.write_bytes(one.data)
        if guard.counts["inputs"] % 20_000 == 0:
            guard.report()

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(corpus), f"-runs={inputs}", "-max_len=20000"], one_input)
    atheris.Fuzz()


def main() -> int:
    """0 when no input failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "weighbridge-fuzz")
    arguments = parser.parse_args()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        listed = seeds(Path(folder))
        names = {reader.NAME for one in listed for reader in READERS if reader.matches(one.entry)}
        print(f"{len(listed)} files, {len(names)} of {len(READERS)} readers:", *sorted(names), flush=True)
        for one in listed:
            scan_path(one.root)  # texts and lists are loaded before memory is counted
        guard = Guard(arguments.keep)
        if arguments.atheris:
            guided(guard, listed, arguments.inputs, Path(folder, "corpus"))
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEMORY, resource.RLIM_INFINITY))
        begun = time.perf_counter()
        mutations(guard, listed, arguments.inputs, arguments.seed)
        guard.report()
        print(
            f"{arguments.inputs / (time.perf_counter() - begun):.0f} inputs a second; by ending: {dict(guard.formats)}"
        )
        missing = {reader.NAME for reader in READERS} - names
        if missing:
            print("no file for:", *sorted(missing))
        return 1 if guard.findings or missing or guard.counts["refused without words"] else 0


if __name__ == "__main__":
    sys.exit(main())
