# SPDX-License-Identifier: Apache-2.0
"""What reading a folder gave."""

from enum import StrEnum

from core.domain.base import Frozen
from core.domain.fact import AnyFact, Conflict


class FileOutcome(StrEnum):
    """The only three endings of an attempt to read (absence of a file is the fourth, and leaves no record)."""

    READ = "read"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


class FileRecord(Frozen):
    """One file that a reader tried, or the reason why it was left alone.

    `path` is relative to the scanned folder. For UNREADABLE, `what` says what happened, `why` the cause and
    `todo` what the person can do.
    """

    path: str
    size: int
    outcome: FileOutcome
    reader: str | None = None
    what: str = ""
    why: str = ""
    todo: str = ""


class ScanResult(Frozen):
    """Facts with their origins, disagreements kept, and what could not be read."""

    folder_name: str
    facts: tuple[AnyFact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    files: tuple[FileRecord, ...] = ()
    notes: tuple[str, ...] = ()
    files_seen: int = 0
    files_ignored: int = 0
    complete: bool = True
    kinds: tuple[tuple[str, int], ...] = ()
    """File endings with the number of files seen, most frequent first (what to say when no model was found)."""

    def fact(self, name: str) -> AnyFact | None:
        """The fact used for `name`, or None when no file says."""
        return next((fact for fact in self.facts if fact.name == name), None)

    @property
    def unreadable(self) -> tuple[FileRecord, ...]:
        """Files that exist but could not be read, with the reason."""
        return tuple(record for record in self.files if record.outcome is FileOutcome.UNREADABLE)

    @property
    def found_model(self) -> bool:
        """Whether anything about a model was found at all."""
        return bool(self.facts)
