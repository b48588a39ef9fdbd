# SPDX-License-Identifier: Apache-2.0
"""Colours measured, light and dark forced and followed, sizes on one ratio."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.help import show_words
from gui.rulebook_dialog import RulebookDialog
from gui.theme import Theme, palette, tokens_of
from gui.tokens import DARK, LIGHT, RATIO, Tokens, contrast, sizes
from tests.gui.driver import running, settle

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda one: one.name)
TEXT = ("ink", "quiet", "accent", "clear", "look", "owed")
GROUNDS = ("paper", "desk", "raised")


@BOTH
def test_text_reaches_four_and_a_half(tokens: Tokens) -> None:
    measured = {(t, g): contrast(getattr(tokens, t), getattr(tokens, g)) for t in TEXT for g in GROUNDS}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < 4.5} == {}


@BOTH
def test_text_on_colour_reaches_four_and_a_half(tokens: Tokens) -> None:
    assert contrast(tokens.accent_ink, tokens.accent) >= 4.5
    assert contrast(tokens.accent_ink, tokens.accent_hover) >= 4.5
    assert contrast(tokens.ink, tokens.tint) >= 4.5
    assert contrast(tokens.look, tokens.tint) >= 4.5, "the words under a chosen step"
    for meaning in ("clear", "look", "owed"):
        assert contrast(tokens.ink, getattr(tokens, f"{meaning}_tint")) >= 4.5
        assert contrast(getattr(tokens, meaning), getattr(tokens, f"{meaning}_tint")) >= 3


@BOTH
def test_controls_and_signs_reach_three(tokens: Tokens) -> None:
    drawn = ("edge", "accent", "clear", "look", "owed")
    measured = {(c, g): contrast(getattr(tokens, c), getattr(tokens, g)) for c in drawn for g in GROUNDS}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < 3} == {}


def test_contrast_is_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_pictures_in_the_sheet_have_the_colours_of_their_scheme(tokens: Tokens, repository: Path) -> None:
    icons = repository / "resources" / "icons"
    assert tokens.quiet in (icons / f"chevron-{tokens.name}.svg").read_text(encoding="utf-8")
    for name in ("tick", "dot"):
        assert tokens.accent_ink in (icons / f"{name}-{tokens.name}.svg").read_text(encoding="utf-8")


def test_four_sizes_on_one_ratio() -> None:
    found = sizes(10)
    assert found["body"] == 10
    assert found["lead"] / found["body"] == pytest.approx(RATIO)
    assert found["body"] / found["small"] == pytest.approx(RATIO)
    assert found["heading"] / found["body"] == pytest.approx(RATIO**3)


@BOTH
def test_painted_widgets_find_their_tokens(tokens: Tokens) -> None:
    assert tokens_of(palette(tokens)) is tokens


def test_a_forced_scheme_reaches_every_pixel_and_can_be_switched(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path, theme="dark") as app:
        assert app.window.palette().color(QPalette.ColorRole.Window).name() == DARK.paper
        picture = app.window.grab().toImage()
        assert picture.pixelColor(picture.width() - 20, picture.height() // 2).name() == DARK.paper
        app.theme.choose("light")
        settle()
        picture = app.window.grab().toImage()
        assert picture.pixelColor(picture.width() - 20, picture.height() // 2).name() == LIGHT.paper


class Counting(QObject):
    """How often each widget takes on a style."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.times: Counter[int] = Counter()
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, thing: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.StyleChange and isinstance(thing, QWidget):
            self.times[id(thing)] += 1
        return False

    def end(self) -> None:
        self._app.removeEventFilter(self)


def test_a_switch_dresses_what_is_in_sight_and_a_hidden_page_when_it_is_shown(
    qapp: QApplication, example: Path, tmp_path: Path
) -> None:
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        for step in ("applies", "found"):
            app.wizard.open_step(step)
            settle()
        hidden = app.wizard.sheet.area("applies")
        inside = {
            id(one): one for one in (hidden, *hidden.findChildren(QWidget))
        }  # held: no id is used again
        counting = Counting(qapp)
        app.theme.choose("dark")
        counting.end()
        assert len(counting.times) > 50
        each = counting.times.total() / len(counting.times)
        assert each < 3, "the application's own sheet: once more for each ancestor, ten times here"
        assert not counting.times.keys() & inside.keys()
        app.wizard.open_step("applies")
        settle()
        picture = app.window.grab().toImage()
        words = app.wizard.page.findChild(QLabel)
        assert words is not None
        assert words.palette().color(QPalette.ColorRole.WindowText).name() == DARK.ink
        assert picture.pixelColor(picture.width() - 20, picture.height() // 2).name() == DARK.paper


def test_a_label_that_has_no_height_yet_keeps_its_margins(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    part = QWidget()
    words = QLabel("Your model", part)
    words.setContentsMargins(0, 24, 0, 4)
    words.setGeometry(QRect(0, 0, 100, 10))
    theme.dress(part)
    assert words.contentsMargins().top() == 24
    theme.choose("dark")
    assert words.contentsMargins().top() == 24
    part.deleteLater()
    theme.deleteLater()


def test_a_dialog_has_the_look_and_follows_a_switch(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as app:
        app.show_rulebook()
        rules = app.window.findChild(RulebookDialog)
        assert rules is not None
        for dialog in (rules, show_words(app.window, "")):
            head = dialog.findChild(QLabel)
            assert head is not None
            settle()
            assert head.font().pointSizeF() == pytest.approx(app.theme.body * RATIO**3, abs=0.01)
            app.theme.choose("dark")
            assert head.palette().color(QPalette.ColorRole.WindowText).name() == DARK.ink
            app.theme.choose("light")
            dialog.close()


def test_the_system_is_followed_until_a_scheme_is_forced(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme(qapp, "system")

    class Hints:
        scheme = Qt.ColorScheme.Dark

        def colorScheme(self) -> Qt.ColorScheme:
            return self.scheme

    monkeypatch.setattr(theme, "_hints", Hints())
    theme._system_changed()
    assert theme.tokens is DARK
    Hints.scheme = Qt.ColorScheme.Unknown
    theme._system_changed()
    assert theme.tokens is LIGHT
    Hints.scheme = Qt.ColorScheme.Dark
    theme.choose("light")
    theme._system_changed()
    assert theme.tokens is LIGHT
    theme.deleteLater()


def test_the_menu_switches_and_remembers(qapp: QApplication, tmp_path: Path) -> None:
    with running(qapp, tmp_path) as app:
        dark = next(
            a for a in app.window.findChildren(type(app.window.menuBar().actions()[0])) if a.text() == "&Dark"
        )
        dark.trigger()
        assert app.theme.tokens is DARK
        assert app.settings.theme == "dark"
