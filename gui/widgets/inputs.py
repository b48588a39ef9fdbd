# SPDX-License-Identifier: Apache-2.0
"""The editor for each kind of question."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from core.questions import Choice, Question, QuestionKind
from gui.widgets.lines import (
    CountEditor,
    DateEditor,
    Editor,
    FolderEditor,
    LineEditor,
    ListEditor,
    LongEditor,
    NumberEditor,
    StagesEditor,
)
from gui.widgets.picks import ChoiceEditor, ManyEditor, PickEditor
from gui.words import words

_LINES: dict[QuestionKind, type[LineEditor]] = {
    QuestionKind.COUNT: CountEditor,
    QuestionKind.NUMBER: NumberEditor,
    QuestionKind.LIST: ListEditor,
    QuestionKind.DATE: DateEditor,
    QuestionKind.FOLDER: FolderEditor,
    QuestionKind.STAGES: StagesEditor,
}

_MOST_IN_SIGHT = 7
"""More answers than these are picked by a part of their name: a page of radio buttons hides the next question."""


def editor_for(
    question: Question, lists: dict[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
) -> Editor:
    """The editor for a question. `lists` holds the long lists (accelerator, licence) by kind."""
    kind, example = question.kind, question.example
    if kind in (QuestionKind.ACCELERATOR, QuestionKind.LICENCE):
        return PickEditor(lists[kind], parent=parent)
    if kind is QuestionKind.CHOICE and len(question.choices) > _MOST_IN_SIGHT:
        return PickEditor(_pairs(question.choices), parent=parent)
    if kind is QuestionKind.CHOICE:
        return ChoiceEditor(_pairs(question.choices), parent=parent)
    if kind is QuestionKind.MULTI_CHOICE:
        return ManyEditor(_pairs(question.choices), parent=parent)
    if kind is QuestionKind.YES_NO:
        pairs = [(True, words("Inputs", "Yes")), (False, words("Inputs", "No"))]
        return ChoiceEditor(pairs, beside=True, parent=parent)
    if kind is QuestionKind.LONG_TEXT:
        return LongEditor(example, parent)
    return _LINES.get(kind, LineEditor)(example, parent)


def _pairs(choices: Sequence[Choice]) -> list[tuple[Any, str]]:
    return [(choice.value, choice.label) for choice in choices]
