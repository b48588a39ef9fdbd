# SPDX-License-Identifier: Apache-2.0
"""What every fuzzer of readers needs: the files to change, one input to the readers, and the two limits.

Three endings are allowed: read, not present (nothing found, or "not mine") and could not read with words that say why.
Seconds are CPU time of the process; an input that waits without working is stopped by the clock on the wall. Memory is
the address space (Linux only).
"""

import dataclasses
import json
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks.fuzz_seeds import folders
from core.errors import CannotRead
from core.scan import scan_path
from core.scan.formats import spacy_config
from core.scan.formats.spacy_weights import parameters
from core.scan.guarded import Source, no_placeholder
from core.scan.places import by_folder
from core.scan.readers import READERS
from core.scan.types import Entry, Found, Item, Reader
from core.scan.walk import walk

SECONDS = 2.0
WALL = 60.0
"""Seconds on the wall: wide, because a busy machine may leave a process waiting; a hang lasts for ever."""
MEMORY = 200 << 20


class TooSlow(BaseException):
    """More CPU time than an input may take. No `except Exception` of a reader swallows it."""


class Hangs(BaseException):
    """No CPU time, and no end: a read that blocks, a lock."""


class WithoutWords(Exception):
    """A refusal that does not say what happened or what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class InMemory(Source):
    """The file's bytes without a file: the disk takes longer than most readers. Its neighbours are real files."""

    data: bytes = b""

    def sibling(self, name: str) -> Source | None:
        """As Source; the file itself stays in memory."""
        return self if name == self.entry.name else Source.sibling(self, name)

    def part(self, start: int, length: int) -> bytes:
        """As Source.part, which has its own tests and is used for one input in fifty."""
        if start == 0 or self.size < 1024:
            no_placeholder(self.data[:400])
        length = min(length, len(self.data) - start)
        return self.data[start : start + length] if start >= 0 and length > 0 else b""


@dataclasses.dataclass
class Seed:
    """One file of a folder, the readers that take it, and what stands around it."""

    root: Path
    entry: Entry
    data: bytes
    siblings: dict[str, Entry]
    folders: dict[str, dict[str, Entry]]
    readers: tuple[Reader, ...]

    def source(self, data: bytes, on_disk: bool) -> Source:
        """The file with these bytes."""
        entry = dataclasses.replace(self.entry, size=len(data))
        siblings = {**self.siblings, entry.name: entry}
        return (
            Source(entry, siblings, self.folders)
            if on_disk
            else InMemory(entry, siblings, self.folders, data)
        )


class Components:
    """The files of a spaCy pipeline that its reader finds below config.cfg; each is given to it by itself."""

    NAME = spacy_config.NAME
    EVERY_PLACE = False

    def matches(self, entry: Entry) -> bool:
        """The weights of one component."""
        return entry.name == "model"

    def read(self, source: Source) -> Iterator[Item]:
        """As core.scan.formats.spacy_weights does it for each."""
        yield Found("parameters_total", parameters(source), "")


ALL_READERS: tuple[Reader, ...] = (*READERS, Components())


def seeds(base: Path) -> list[Seed]:
    """Every file that at least one reader takes, written below `base`."""
    found: list[Seed] = []
    for name, write in folders().items():
        root = base / name
        root.mkdir(parents=True)
        write(root)
        listed = {path: dict(folder) for path, folder in by_folder(walk(root).entries).items()}
        for path, files in listed.items():
            for entry in files.values():
                if readers := tuple(reader for reader in ALL_READERS if reader.matches(entry)):
                    found.append(Seed(root, entry, entry.real.read_bytes(), listed[path], listed, readers))
        scan_path(root)  # texts and lists are loaded before memory is counted
    return found


def read(seed: Seed, data: bytes, how: str) -> str:
    """Give one input to every reader of its name: "read" or "refused"; `how` is memory, disk or folder.

    Any other exception is a finding.
    """
    if how != "memory":
        seed.entry.real.write_bytes(data)
    try:
        if how == "folder":
            scan_path(seed.root).model_dump_json()
            return "whole folders"
        source, outcome = seed.source(data, how == "disk"), "read"
        for reader in seed.readers:
            try:
                for item in reader.read(source):
                    if isinstance(item, Found):
                        json.dumps(item.value)
            except CannotRead as refusal:
                outcome = "refused"
                if not (refusal.what and refusal.todo):
                    raise WithoutWords(reader.NAME) from refusal
        return outcome
    finally:
        if how != "memory":
            seed.entry.real.write_bytes(seed.data)


def limit_memory() -> None:
    """From here on the process may take 200 MB more than it has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, hard))


class Guard:
    """Runs inputs under the two limits, counts them for each reader, and keeps what fails."""

    def __init__(self, keep: Path) -> None:
        self.keep, self.slowest = keep, 0.0
        self.counts: Counter[str] = Counter()
        self.readers: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        signal.signal(signal.SIGPROF, self._stop)
        signal.signal(signal.SIGALRM, self._hangs)

    @staticmethod
    def _stop(*_: object) -> None:
        raise TooSlow

    @staticmethod
    def _hangs(*_: object) -> None:
        raise Hangs

    def run(self, seed: Seed, data: bytes, how: str) -> None:
        """One input to the readers of its name."""
        names = [reader.NAME for reader in seed.readers]
        self.watch(names, seed.entry.name, data, lambda: read(seed, data, how))

    def watch(self, names: Iterable[str], file: str, data: bytes, act: Callable[[], str]) -> None:
        """`act`, which gives the word for its ending, on behalf of `names`; `data` is kept under `file` if it fails."""
        started = time.process_time()
        self._clocks(SECONDS, WALL)
        try:
            self.counts[act()] += 1
        except (Exception, TooSlow, Hangs) as error:  # noqa: BLE001  (whatever it is, it is the finding)
            self._clocks(0, 0)
            self._finding(file, data, error)
        finally:
            self._clocks(0, 0)
        self.counts["inputs"] += 1
        self.readers.update(names)
        self.slowest = max(self.slowest, time.process_time() - started)

    @staticmethod
    def _clocks(work: float, wall: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, work)
        signal.setitimer(signal.ITIMER_REAL, wall)

    def _finding(self, file: str, data: bytes, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} ({file})"
        self.findings[kind] += 1
        if self.findings[kind] == 1:
            print("FINDING", kind, flush=True)
            self.keep.mkdir(parents=True, exist_ok=True)
            stem = self.keep / f"{len(self.findings)}-{file}"
            stem.write_bytes(data)
            Path(f"{stem}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")

    def report(self) -> None:
        """Counts so far, one line."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        words = ", ".join(f"{count:,} {name}" for name, count in sorted(self.counts.items()))
        fewest = min(self.readers.items(), key=lambda pair: pair[1], default=("", 0))
        print(
            f"{words}; fewest {fewest[1]:,} ({fewest[0]}); slowest {self.slowest:.3f} s, peak {peak} MB, "
            f"findings {dict(self.findings)}",
            flush=True,
        )

    def table(self) -> None:
        """How many inputs each reader, or each kind of file, was given."""
        for name, count in sorted(self.readers.items()):
            print(f"  {name:24} {count:>12,}")
