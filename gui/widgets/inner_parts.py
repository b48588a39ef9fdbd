# SPDX-License-Identifier: Apache-2.0
"""Fields and lists inside combo boxes and spin boxes: nothing that style sheets worked out for them outlives them.

Qt 6.11 keeps 1 KB for each: it asks about their looks like about any widget's, finds that they have none of their own, and so does not
listen for their end. Once a part has had a style sheet it listens, and what it kept goes with the part.
"""

from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QComboBox, QLineEdit, QWidget


def let_go_with(*parts: QWidget | None) -> None:
    """Have what Qt keeps for `parts` go when they go. Their looks stay as they are."""
    for part in parts:
        if part is not None:
            part.setStyleSheet(" ")
            part.setStyleSheet("")


def let_go_inside(top: QWidget) -> None:
    """The same for all parts inside `top`: a dialog of Qt's own."""
    for box in top.findChildren(QComboBox):
        let_go_with(box.view().parentWidget())
    for area in top.findChildren(QAbstractScrollArea):
        let_go_with(area.viewport())
    for line in top.findChildren(QLineEdit):
        if isinstance(line.parentWidget(), QComboBox | QAbstractSpinBox):
            let_go_with(line)
