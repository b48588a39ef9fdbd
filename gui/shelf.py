# SPDX-License-Identifier: Apache-2.0
"""What the first page lists: saved projects, drafts of windows that are gone, folders read lately."""

import datetime
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from core.domain.assessment import Assessment
from core.domain.project import Project
from core.errors import WeighbridgeError
from gui.files import read_project
from gui.words import words


class EntryKind(StrEnum):
    """What an entry opens."""

    PROJECT = "project"
    DRAFT = "draft"
    FOLDER = "folder"


@dataclass(frozen=True)
class Entry:
    """One line. `headline` is the verdict's when it was last seen, `day` that date (ISO); "" when not known.

    `answer` marks what the laws answered then (core.recheck.answer_mark).
    """

    kind: EntryKind
    path: str
    title: str
    headline: str = ""
    day: str = ""
    answer: str = ""

    @property
    def date(self) -> datetime.date | None:
        """The day as a date."""
        try:
            return datetime.date.fromisoformat(self.day)
        except ValueError:
            return None


def project_title(project: Project) -> str:
    """The project's name, or words for one without."""
    return project.title or words("Shelf", "A model described by hand")


def to_line(entry: Entry) -> str:
    """An entry as one line of the settings file."""
    return json.dumps(asdict(entry), ensure_ascii=True, sort_keys=True)


def from_line(line: str) -> Entry | None:
    """An entry from the settings file; None when it does not fit."""
    try:
        read = json.loads(line)
        if not isinstance(read, dict) or not all(isinstance(value, str) for value in read.values()):
            return None
        return Entry(**{**read, "kind": EntryKind(read["kind"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def look_again(entries: tuple[Entry, ...], judge: Callable[[Project], Assessment | None]) -> dict[str, str]:
    """The verdict today, in one sentence, of each saved project whose laws answer otherwise than when it was seen.

    By path. A project that cannot be read or judged is left out: opening it tells why.
    """
    from core.recheck import answer_mark

    found = {}
    for entry in entries:
        if entry.kind is not EntryKind.PROJECT or not entry.answer:
            continue
        try:
            assessment = judge(read_project(Path(entry.path)))
        except WeighbridgeError:
            continue
        if assessment is not None and answer_mark(assessment) != entry.answer:
            found[entry.path] = assessment.verdict.headline
    return found


def read_drafts(paths: tuple[Path, ...], headline: Callable[[Project], str]) -> tuple[Entry, ...]:
    """The drafts worth going on with, newest first; one that cannot be read is left out."""
    found = []
    for path in paths:
        try:
            project, changed = read_project(path), path.stat().st_mtime
        except (WeighbridgeError, OSError):
            continue
        if project.scan is None and not project.by_hand:
            continue
        day = _day(changed)
        found.append(
            (changed, Entry(EntryKind.DRAFT, str(path), project_title(project), headline(project), day))
        )
    return tuple(entry for _, entry in sorted(found, key=lambda pair: -pair[0]))


def _day(changed: float) -> str:
    """The day of a file's time (ISO); "" for a time no calendar has, as a clock that jumped can leave."""
    try:
        return datetime.datetime.fromtimestamp(changed, datetime.UTC).astimezone().date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
