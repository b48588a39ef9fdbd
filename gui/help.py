# SPDX-License-Identifier: Apache-2.0
"""The pages of the Help menu: every shortcut, the words of the trade, and what this app is made of."""

import platform
from collections.abc import Iterable
from functools import partial
from importlib import metadata

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.glossary import glossary, terms_in
from core.version import version
from gui.main_window import MainWindow
from gui.tokens import UNIT
from gui.widgets.fact_row import FactRow
from gui.widgets.text import label, leave_ground_to_frame, rule
from gui.words import words

_PARTS = (
    "PySide6-Essentials",
    "pydantic",
    "Jinja2",
    "PyYAML",
    "markdown-it-py",
    "python-docx",
    "PyNaCl",
    "platformdirs",
)


_CHARACTERS = 72
NAME = "plain name"
"""Property of an action whose words change ("Undo Answer"): what it is called in the list of shortcuts."""


def shortcuts(window: MainWindow) -> tuple[tuple[str, str], ...]:
    """(what it does, keys) of everything with a shortcut: read from the menus, so that it is never out of date."""
    found = [
        (
            action.property(NAME) or action.text().replace("&", ""),
            action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
        )
        for menu in window.menuBar().actions()
        for action in _under(menu)
        if not action.shortcut().isEmpty()
    ]
    return (
        *found,
        (words("Help", "Continue"), words("Help", "Enter, or Alt and the underlined letter")),
        (words("Help", "Move between the steps"), words("Help", "Up and Down in the list of steps")),
        (words("Help", "Walk over the scale"), words("Help", "Left and Right on the scale")),
    )


def _under(entry: QAction) -> Iterable[QAction]:
    menu = entry.menu()
    return menu.actions() if isinstance(menu, QMenu) else ()


def show_shortcuts(window: MainWindow) -> QDialog:
    """Open the list of shortcuts."""
    dialog, box = _dialog(window, words("Help", "Keyboard shortcuts"))
    for name, keys in shortcuts(window):
        box.addWidget(rule(dialog))
        box.addWidget(FactRow(name, keys, "", parent=dialog))
    return _finish(dialog, box)


def show_words(window: MainWindow, page: str) -> QDialog:
    """Open what the words of the trade mean; those that stand in `page`, the text in sight, come first."""
    dialog, box = _dialog(window, words("Help", "Words explained"))
    here = terms_in(page)
    rest = tuple(term for term in glossary() if term not in here)
    for head, terms in ((words("Help", "On this page"), here), (words("Help", "All other words"), rest)):
        if terms:
            box.addSpacing(UNIT)
            box.addWidget(label(head, "lead", dialog))
        for term in terms:
            box.addWidget(rule(dialog))
            box.addWidget(FactRow(term.name, term.means, "", parent=dialog))
    return _finish(dialog, box)


def show_about(window: MainWindow, rules: str) -> QDialog:
    """Open what the app is: its version, its rules, its parts with their versions and licences."""
    dialog, box = _dialog(window, words("Help", "Weighbridge {version}").format(version=version()))
    box.addWidget(
        label(
            words(
                "Help",
                "Weighs the compute of a trained model, says which laws apply, and writes its papers. "
                "It works on this computer only. It informs; it is not legal advice.",
            ),
            "",
            dialog,
        )
    )
    box.addSpacing(UNIT * 2)
    for name, value, note in (
        (words("Help", "Licence"), "Apache-2.0", ""),
        (words("Help", "Rules"), rules, ""),
        ("Python", platform.python_version(), "PSF-2.0"),
        ("Qt", qVersion(), "LGPL-3.0"),
        *parts(),
    ):
        box.addWidget(rule(dialog))
        box.addWidget(FactRow(name, value, note, parent=dialog))
    return _finish(dialog, box)


def parts() -> tuple[tuple[str, str, str], ...]:
    """(name, version, licence) of the libraries in the app, as they say themselves."""
    found = []
    for name in _PARTS:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        licence = str(told.json.get("license_expression") or "")
        if not licence and "License" in told:
            licence = told["License"].split("\n")[0]
        classifiers = [
            one.split("::")[-1].strip()
            for one in told.get_all("Classifier") or ()
            if one.startswith("License")
        ]
        found.append((name, told["Version"], licence or ", ".join(classifiers)))
    return tuple(found)


def _dialog(window: MainWindow, title: str) -> tuple[QDialog, QVBoxLayout]:
    """A dialog whose inside scrolls when the screen is too low for it; returns where its rows go."""
    dialog = QDialog(window)
    window.theme.dress(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    outer = QVBoxLayout(dialog)
    outer.setContentsMargins(UNIT * 4, UNIT * 3, UNIT * 2, UNIT * 3)
    outer.setSpacing(UNIT)
    outer.addWidget(label(title, "heading", dialog))
    area = QScrollArea(dialog)
    leave_ground_to_frame(area)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(title)
    inner = QWidget(area)
    box = QVBoxLayout(inner)
    box.setContentsMargins(0, 0, UNIT * 2, 0)
    box.setSpacing(0)
    area.setWidget(inner)
    outer.addWidget(area, 1)
    return dialog, box


def _finish(dialog: QDialog, box: QVBoxLayout) -> QDialog:
    box.addStretch(1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(partial(dialog.reject))  # partial: as in side_by_side.py
    outer = dialog.layout()
    if outer is not None:
        outer.addWidget(buttons)
    _fit(dialog, box)
    dialog.open()
    buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()
    return dialog


def _fit(dialog: QDialog, box: QVBoxLayout) -> None:
    """As wide as comfortable reading, as high as its words need; never more than the screen has."""
    screen = dialog.screen().availableGeometry().size()
    width = min(dialog.fontMetrics().averageCharWidth() * _CHARACTERS + UNIT * 6, screen.width() - UNIT * 4)
    inside = width - UNIT * 8  # margins at both sides
    around = dialog.fontMetrics().lineSpacing() * 6 + UNIT * 8  # heading, button, margins
    height = max(box.totalHeightForWidth(inside), box.totalSizeHint().height()) + around
    dialog.resize(width, min(height, screen.height() - UNIT * 8))
