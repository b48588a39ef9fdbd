# SPDX-License-Identifier: Apache-2.0
"""What the parts of the scanner hand to each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import JsonValue

if TYPE_CHECKING:
    from core.scan.guarded import Source


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is: files seen so far and the file at hand (relative path with forward slashes)."""

    files_seen: int
    current: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One regular file. `path`, `folder` and `name` are for showing; `real` is what is opened. Size in bytes."""

    path: str
    folder: str
    name: str
    real: Path
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """A value a reader found. `name` is a field of Answers or of FoundOnly, `key` the place inside the file.

    `file` is the path to show when the value stands in another file than the one that is read.
    """

    name: str
    value: JsonValue
    key: str
    note: str | None = None
    file: str | None = None
    reader: str | None = None
    """Who says so, when that is not the reader of the file as a whole (a tool's texts inside a weights file)."""


@dataclass(frozen=True, slots=True)
class Note:
    """A plain sentence for ScanResult.notes."""

    text: str


@dataclass(frozen=True, slots=True)
class AlsoRead:
    """Another file that a reader opened on the way, such as a shard. `trouble` is set when it was unreadable."""

    entry: Entry
    reader: str
    trouble: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class NotMine:
    """The file has the right name but another content; it is recorded as skipped with this reason."""

    why: str


LogRows = tuple[tuple[int, float], ...]
"""Step and loss of each row of a log."""


@dataclass(frozen=True, slots=True)
class Log:
    """What a run logged, to tell runs apart. No fact by itself."""

    rows: LogRows


Item = Found | Note | AlsoRead | NotMine | Log


class Reader(Protocol):
    """One file format. A module with these names is a reader."""

    NAME: str
    EVERY_PLACE: bool
    """True: read the file in the model's folder and in each checkpoint. False: the first one that can be read."""

    def matches(self, entry: Entry) -> bool:
        """Whether the file's name is of this format."""

    def read(self, source: "Source") -> Iterator[Item]:
        """Yield what the file says. Raises CannotRead; what was yielded before counts."""


class LogReader(Reader, Protocol):
    """A reader of what a logger wrote, often once for each run."""

    def newest(self, source: "Source") -> tuple[Any, str]:
        """Sorts the files of several runs: the largest is read first. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A found value together with who said it: reader, file, and how far the place is from the model's folder."""

    found: Found
    reader: str
    file: str
    place: int
