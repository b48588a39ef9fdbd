# SPDX-License-Identifier: Apache-2.0
"""One thing that is wrong, and the list of all rules. The ids are stable: people switch rules off by them."""

from enum import StrEnum

from core.domain.base import Frozen
from core.texts import text

CARD = "README.md"


class Level(StrEnum):
    """error: refused or misread by the Hub, leaks, or breaks a licence. warning: misleads readers. note: could be better."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


RULES: dict[str, Level] = {
    # The front matter as a whole
    "card-missing": Level.ERROR,
    "front-matter-missing": Level.ERROR,
    "front-matter-not-first": Level.ERROR,
    "front-matter-open": Level.ERROR,
    "front-matter-bom": Level.ERROR,
    "front-matter-yaml": Level.ERROR,
    "front-matter-not-mapping": Level.ERROR,
    "key-twice": Level.ERROR,
    "key-typo": Level.ERROR,
    "yaml-truth-word": Level.WARNING,
    # Single keys
    "license-missing": Level.WARNING,
    "license-unknown": Level.ERROR,
    "license-name-missing": Level.ERROR,
    "license-link-missing": Level.WARNING,
    "license-link-odd": Level.WARNING,
    "base-model-id": Level.ERROR,
    "base-model-no-owner": Level.WARNING,
    "relation-unknown": Level.ERROR,
    "pipeline-tag-unknown": Level.ERROR,
    "library-unknown": Level.WARNING,
    "language-code": Level.ERROR,
    "dataset-id": Level.WARNING,
    "list-wanted": Level.WARNING,
    "model-index": Level.ERROR,
    "emissions-value": Level.ERROR,
    "emissions-unit": Level.WARNING,
    "emissions-source": Level.WARNING,
    "gate-field": Level.ERROR,
    "gate-eu": Level.WARNING,
    "key-useful": Level.NOTE,
    # Against the folder and the base
    "base-model-missing": Level.WARNING,
    "base-model-differs": Level.WARNING,
    "relation-wrong": Level.WARNING,
    "licence-conflict": Level.ERROR,
    "display-text-missing": Level.WARNING,
    "notice-missing": Level.WARNING,
    "name-prefix": Level.WARNING,
    # The text
    "placeholder": Level.WARNING,
    "body-empty": Level.WARNING,
    "how-to-use-missing": Level.WARNING,
    "limits-missing": Level.WARNING,
    "data-missing": Level.WARNING,
    "evaluation-missing": Level.NOTE,
    "compute-missing": Level.NOTE,
    "by-a-tool": Level.NOTE,
    # Owed by law or licence
    "owed": Level.WARNING,
    "owed-unanswered": Level.NOTE,
    # Private things and files
    "secret": Level.ERROR,
    "secret-file": Level.ERROR,
    "private-path": Level.WARNING,
    "pickle-weights": Level.WARNING,
    "training-leftover": Level.NOTE,
    "file-unreadable": Level.NOTE,
}
"""Rule id -> how much it matters. Titles and advice stand in resources/texts/en/lint.yaml."""


class Problem(Frozen):
    """One finding. `file` is relative to the checked folder; `line` counts from 1, None when no line is at fault."""

    rule: str
    level: Level
    file: str
    line: int | None
    what: str
    todo: str


class Report(Frozen):
    """All findings, the gravest first, and what was looked at."""

    name: str
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
    """What could not be checked, in plain words. No fault of the card."""
    files_read: int = 0

    def count(self, level: Level) -> int:
        """How many findings of this level there are."""
        return sum(one.level is level for one in self.problems)

    @property
    def clean(self) -> bool:
        """No error and no warning; notes do not count."""
        return all(one.level is Level.NOTE for one in self.problems)


def problem(
    rule: str, line: int | None = None, *, file: str = CARD, kind: str = "", **values: str
) -> Problem:
    """A finding in the words of the catalogue: `<rule>[.<kind>]` says what, `<rule>.todo` what to do."""
    shown = {name: _short(value) for name, value in values.items()}
    key = f"lint.{rule}.{kind}" if kind else f"lint.{rule}"
    return Problem(
        rule=rule,
        level=RULES[rule],
        file=file,
        line=line,
        what=text(key, **shown),
        todo=text(f"lint.{rule}.todo", **shown),
    )


def _short(value: str) -> str:
    line = "".join(char if char.isprintable() else "�" for char in " ".join(value.split()))
    return line if len(line) <= 160 else line[:159] + "…"
