# SPDX-License-Identifier: Apache-2.0
"""Every word the window can say: plain, none of the banned words, and colours that a colour-blind person can tell."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from core.domain.known import Known
from core.domain.project import Project
from core.glossary import glossary, terms_in
from core.questions import all_questions, build_question
from core.texts import catalogue
from gui.tokens import DARK, LIGHT, Tokens
from gui.widgets.fact_row import FactRow
from tests.gui.driver import running, settle
from tests.unit.rules.readability import grade

BANNED = re.compile(r"\b(invalid|please|sorry|oops|illegal|unfortunately|error 0x|shall)\b", re.IGNORECASE)
LONGEST = 9.0
_ENOUGH = 12  # the formula says little about a label of a few words


def window_words(repository: Path) -> list[str]:
    tree = ET.parse(repository / "resources" / "i18n" / "weighbridge_de.ts")
    return [source.text or "" for source in tree.iter("source")]


def test_the_window_speaks_plainly(repository: Path) -> None:
    said = window_words(repository)
    assert len(said) > 300
    for words in said:
        plain = re.sub(r"\{\w+\}", "12", words.replace("&", ""))
        assert not BANNED.search(plain), words
        if len(plain.split()) >= _ENOUGH:
            assert grade(plain) <= LONGEST, (grade(plain), words)


@pytest.mark.parametrize(
    "name", ["flow", "questions", "facts", "suppose", "scale", "scan", "persist", "glossary"]
)
def test_what_core_says_in_the_window_is_plain(name: str) -> None:
    for key, words in catalogue(name).items():
        plain = re.sub(r"\{\w+\}|\w+_\w+", "12", words)  # a key of a file is quoted as it stands
        assert not BANNED.search(plain), (key, words)
        if len(plain.split()) >= _ENOUGH:
            assert grade(plain) <= LONGEST, (key, grade(plain), words)


def test_every_question_says_why_and_what_not_knowing_leads_to() -> None:
    known = Known(Project())
    for name in all_questions():
        question = build_question(name, known)
        assert question.why, name
        assert question.why.count(". ") <= 2, "one line of why"
        if not question.optional:
            assert question.unknown, f"{name}: a needed question without a way out"


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda one: one.name)
def test_the_three_meanings_differ_without_red_and_green(tokens: Tokens) -> None:
    """Seen by a person without the middle cones; the signs and words differ as well."""
    seen = {name: _lab(_deuteranope(getattr(tokens, name))) for name in ("clear", "look", "owed", "accent")}
    for (one, first), (other, second) in itertools.combinations(seen.items(), 2):
        apart = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5
        assert apart >= 9, (one, other, apart)


Colour = tuple[float, float, float]


def _deuteranope(hexadecimal: str) -> Colour:
    """Linear light as seen with deuteranopia (Machado, Oliveira, Fernandes 2009, severity 1)."""
    red, green, blue = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    light = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
    rows = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))
    first, second, third = (
        min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0.0), 1.0) for row in rows
    )
    return first, second, third


def _lab(light: Colour) -> Colour:
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        _curved(sum(a * b for a, b in zip(row, light, strict=True)) / reference)
        for row, reference in zip(rows, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _curved(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


def test_every_word_of_the_trade_is_explained_and_those_of_the_page_come_first(
    qapp: QApplication, tmp_path: Path, example: Path
) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        app.wizard.open_step("weight")
        settle()
        app.window.show_words.emit()
        dialog = app.window.findChildren(QDialog)[-1]
        shown = [row.name for row in dialog.findChildren(FactRow)]
        assert sorted(shown) == sorted(term.name for term in glossary())
        here = [term.name for term in terms_in(app.wizard.words_in_sight())]
        assert "FLOP" in here
        assert shown[: len(here)] == here
        assert len(here) < len(shown)
        dialog.close()
