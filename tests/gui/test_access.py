# SPDX-License-Identifier: Apache-2.0
"""Names, order, focus, mnemonics, announcements, and room: on every page."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QTextEdit,
    QWidget,
)

from core.flow import STEPS
from core.languages import ENGLISH, LANGUAGES
from core.texts import speak
from gui import announce as announcing
from gui import language
from gui.app import App
from gui.help import show_about, show_shortcuts, show_words
from gui.pages.documents import DocumentsPage
from gui.widgets.discloser import Discloser
from gui.widgets.fold import Fold
from gui.widgets.scale import Scale
from gui.widgets.text import tab_stops
from tests.gui.driver import running, settle, wait

INPUTS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractItemView,
    QProgressBar,
    Scale,
)
PAGES = ("home", *(step.value for step in STEPS))


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        made.open(str(example))
        yield made


def pages(app: App) -> Iterator[str]:
    """Every page in turn, with all folds open."""
    for name in PAGES:
        if name == "home":
            app.wizard.show_home()
        else:
            app.wizard.open_step(name)
        settle()
        yield name


def visible(app: App, kind: type[QWidget] | tuple[type[QWidget], ...]) -> list[QWidget]:
    return [one for one in app.window.findChildren(QWidget) if isinstance(one, kind) and one.isVisible()]


def spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def test_every_input_has_a_name_on_every_page(app: App) -> None:
    unnamed: list[str] = []
    count = 0
    for name in pages(app):
        for widget in visible(app, INPUTS):
            if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox):
                continue
            count += 1
            if not spoken(widget).strip():
                unnamed.append(f"{name}: {type(widget).__name__}")
    assert unnamed == []
    assert count > 150


def test_opened_folds_have_names_too(app: App) -> None:
    for name in ("weight", "applies", "documents"):
        app.wizard.open_step(name)
        settle()
        for fold in visible(app, QAbstractButton):
            if isinstance(fold, Discloser):
                fold.set_open(True)
                settle()
        assert all(
            spoken(one).strip() for one in visible(app, INPUTS) if not isinstance(one.parent(), QComboBox)
        )


def test_what_a_fold_shows_comes_right_after_its_button(app: App) -> None:
    app.wizard.open_step("applies")
    settle()
    fold = next(
        one for one in app.wizard.page.findChildren(Fold) if isinstance(one, Fold) and "AB 2013" in one.title
    )
    fold.set_open(True)
    settle()
    stops = tab_stops(fold.body)
    assert stops, "a link to the law"
    assert fold.button.nextInFocusChain() is stops[0]


def test_tab_goes_through_documents_as_the_eye_does(app: App) -> None:
    app.wizard.open_step("documents")
    settle()
    shown = app.wizard.page
    assert isinstance(shown, DocumentsPage)
    away = shown.take_away
    gaps = [one.button for one in shown._gaps.findChildren(Fold) if isinstance(one, Fold)]
    assert gaps
    wanted = [shown.list, *gaps, away.sources, away.compare, away.copy, shown.preview]
    chain: list[QWidget] = [shown.list]
    while (after := chain[-1].nextInFocusChain()) is not shown.list and len(chain) < 5000:
        chain.append(after)
    places = [chain.index(one) for one in wanted]
    assert places == sorted(places)


def test_a_fold_is_a_button_to_a_screen_reader_not_a_check_box(app: App) -> None:
    app.wizard.open_step("applies")
    settle()
    folds = visible(app, Discloser)
    assert folds
    for one in folds:
        interface = QAccessible.queryAccessibleInterface(one)
        assert interface.role() == QAccessible.Role.Button


def test_the_same_question_under_two_gaps_says_what_it_is_for(app: App) -> None:
    app.wizard.open_step("documents")
    settle()
    for fold in app.wizard.page.findChildren(Fold):
        assert isinstance(fold, Fold)
        fold.set_open(True)
    settle()
    told = Counter(
        (spoken(one), one.accessibleDescription())
        for one in visible(app, (QLineEdit, QPlainTextEdit, QComboBox))
        if not isinstance(one.parent(), QComboBox) and spoken(one)
    )
    assert len(told) > 5
    assert [names for names, times in told.items() if times > 1] == []


def test_no_name_hides_the_live_text_of_a_label(app: App) -> None:
    for name in pages(app):
        for widget in visible(app, QLabel):
            assert isinstance(widget, QLabel)
            assert not widget.accessibleName(), f"{name}: {widget.text()!r}"


def test_mnemonics_are_unique_on_every_page(app: App) -> None:
    for name in pages(app):
        texts = [one.text() for one in visible(app, QAbstractButton) if isinstance(one, QAbstractButton)]
        texts += [action.text() for action in app.window.menuBar().actions()]
        keys = [found[1].lower() for text in texts if (found := re.search(r"(?:^|[^&])&([^&\s])", text))]
        twice = {key for key, times in Counter(keys).items() if times > 1}
        assert not twice, f"{name}: Alt+{twice}"


@pytest.mark.parametrize("name", [one for one in LANGUAGES if one != ENGLISH])
def test_mnemonics_are_unique_in_every_language(
    name: str, qapp: QApplication, tmp_path: Path, example: Path
) -> None:
    installed = language.install(qapp, name)
    speak(name)
    try:
        with running(qapp, tmp_path) as app:
            app.open(str(example))
            test_mnemonics_are_unique_on_every_page(app)
    finally:
        speak(ENGLISH)
        language.remove(qapp, installed)


def test_every_control_is_reached_by_tab(app: App) -> None:
    missed: list[str] = []
    count = 0
    for name in pages(app):
        wanted = {
            one
            for one in visible(app, INPUTS)
            if one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and _own_stop(one)
        }
        seen: set[QWidget] = set()
        for _ in range(400):
            focus = app.window.focusWidget()
            if focus is None or focus in seen:
                break
            seen.add(focus)
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        count += len(wanted)
        missed += [f"{name}: {type(one).__name__} {spoken(one)!r}" for one in wanted - seen]
    assert missed == []
    assert count > 150


def _own_stop(widget: QWidget) -> bool:
    """Of a group of radio buttons only one is a stop, the arrow keys walk the rest; a pick's line belongs to its box."""
    if isinstance(widget, QRadioButton):
        return False
    return not (isinstance(widget, QLineEdit) and isinstance(widget.parent(), QComboBox))


def test_every_control_of_a_dialog_has_a_name(app: App) -> None:
    app.show_rulebook()
    dialogs = [
        show_words(app.window, app.wizard.words_in_sight()),
        show_about(app.window, "1"),
        show_shortcuts(app.window),
        app.window.findChildren(QDialog)[0],
    ]
    for dialog in dialogs:
        settle()
        controls = [
            one for one in dialog.findChildren(QWidget) if isinstance(one, INPUTS) and one.isVisible()
        ]
        assert controls, dialog.windowTitle()
        assert all(spoken(one).strip() for one in controls), dialog.windowTitle()
        dialog.close()


def test_the_focus_starts_on_the_page_and_tab_follows_reading_order(app: App) -> None:
    for name in pages(app):
        first = app.window.focusWidget()
        assert first is not None
        assert app.wizard.page.isAncestorOf(first) or first is app.wizard.sheet.forward, name
        if name not in ("model", "training", "release"):
            continue
        seen: list[QWidget] = []
        for _ in range(80):
            focus = app.window.focusWidget()
            if focus is None or focus in seen:
                break
            if app.wizard.page.isAncestorOf(focus):
                seen.append(focus)
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        tops = [one.mapTo(app.wizard.page, one.rect().topLeft()).y() for one in seen]
        drops = sum(1 for one, other in itertools.pairwise(tops) if other < one - 20)
        assert drops <= 1, f"{name}: Tab jumps upwards"
        assert len(seen) >= 3, name  # what nobody needs is folded


def test_focus_is_to_be_seen(app: App) -> None:
    app.wizard.open_step("release")
    app.window.resize(1180, 900)
    settle()
    controls = [
        app.wizard.sheet.back,
        app.wizard.sheet.forward,
        app.wizard.foot.scale,
        app.wizard.step_list.buttons[5],
    ]
    controls += [row.first_control for row in app.wizard.page.form.rows[:4]]  # type: ignore[attr-defined]
    controls += [row.unknown for row in app.wizard.page.form.rows[:1]]  # type: ignore[attr-defined]
    for control in controls:
        other = controls[0] if control is not controls[0] else controls[1]
        other.setFocus()
        settle()
        without = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        assert control.hasFocus()
        assert control.grab().toImage() != without, f"{type(control).__name__} looks the same with the focus"


def test_a_new_page_and_a_new_result_are_announced(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        announcing.QAccessible,
        "updateAccessibility",
        lambda event: said.append(getattr(event, "message", str)()),
    )
    app.wizard.open_step("training")
    assert any("How was it trained?" in words for words in said)
    said.clear()
    app.store.answer("tokens", 7_000_000_000)
    assert any("FLOP" in words for words in said)
    said.clear()
    app.wizard.open_step("model")
    app.wizard.go_on()
    assert any("left before you go on" in words for words in said)


def test_every_page_fits_and_the_small_window_is_usable(app: App) -> None:
    for size in (QSize(1024, 700), QSize(800, 600)):
        app.window.resize(size)
        for name in pages(app):
            assert app.window.size() == size, f"{name} forces a larger window"
            hint = app.window.minimumSizeHint()
            assert hint.width() <= 800, name
            assert hint.height() <= 600, name
            area = app.wizard.area
            holder = area.widget()
            assert holder is not None
            assert holder.width() <= area.viewport().width(), f"{name} runs out at the right"
            assert area.viewport().height() >= 120, f"{name} has no room left"
            assert (
                app.wizard.sheet.forward.visibleRegion().boundingRect().size()
                == app.wizard.sheet.forward.size()
                or name == "home"
            )


def test_nothing_is_cut_at_twice_the_text_size(app: App) -> None:
    app.theme.set_body(app.theme.body * 2)
    app.window.resize(1180, 780)
    cut = [f"{name}: {text}" for name in pages(app) for text in still_cut(app)]
    app.begin_by_hand()
    for name in ("model", "training", "release"):
        app.wizard.open_step(name)
        settle()
        cut += [f"{name}, by hand: {text}" for text in still_cut(app)]
    app.theme.set_body(app.theme.body / 2)
    assert cut == []


def still_cut(app: App) -> list[str]:
    """Words that do not fit once the layout has come to rest: on a busy machine that takes more turns."""
    wait(lambda: next(cut_off(app), None) is None, 2000)
    return list(cut_off(app))


def cut_off(app: App) -> Iterator[str]:
    """Words that do not fit where they stand."""
    for widget in visible(app, (QLabel, QAbstractButton)):
        text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if not text or widget in app.wizard.step_list.buttons:
            continue  # steps are drawn elided, with the whole words as their name and tip
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()):
                yield text
        elif widget.width() < QFontMetrics(widget.font()).horizontalAdvance(text.replace("&", "")):
            yield text


def _body(app: App) -> tuple[str, ...]:
    assessment = app.derive.assessment
    assert assessment is not None
    return assessment.verdict.body


def test_running_text_is_not_wider_than_can_be_read(app: App) -> None:
    app.window.resize(1900, 1000)
    for name in pages(app):
        assert app.wizard.page.width() <= 880, name
    app.wizard.open_step("applies")
    settle()
    average = app.wizard.page.fontMetrics().averageCharWidth()
    said = [one for one in visible(app, QLabel) if isinstance(one, QLabel) and one.text() in _body(app)]
    assert said
    assert all(one.width() <= average * 75 for one in said)
