# SPDX-License-Identifier: Apache-2.0
"""What every page is handed: the store, the derived assessment, background work, the notice board."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from gui.derive import Derive
from gui.rulebook import Rulebook
from gui.scanning import Scanner
from gui.settings import Settings
from gui.store import Store
from gui.supposing import Supposing
from gui.tasks import Tasks
from gui.theme import Theme
from gui.widgets.notice import NoticeBoard


@dataclass(frozen=True)
class Context:
    """Built once in app.py and handed down by constructors."""

    store: Store
    derive: Derive
    supposing: Supposing
    rules: Rulebook
    tasks: Tasks
    scanner: Scanner
    board: NoticeBoard
    settings: Settings
    theme: Theme
    today: datetime.date
    lists: dict[str, Sequence[tuple[str, str]]]
    app_version: str


def long_lists() -> dict[str, Sequence[tuple[str, str]]]:
    """The choices of questions whose list is a reference table, by kind of question."""
    from core.documents.hub import hub_names
    from core.questions import QuestionKind
    from core.reference import load_reference

    accelerators = [(row.id, row.name) for row in load_reference().accelerators]
    licences = list(hub_names().licences.items())
    return {
        QuestionKind.ACCELERATOR: sorted(accelerators, key=lambda pair: pair[1].casefold()),
        QuestionKind.LICENCE: sorted(licences, key=lambda pair: pair[1].casefold()),
    }
