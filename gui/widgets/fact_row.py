# SPDX-License-Identifier: Apache-2.0
"""A fact in one line: name, value, where it came from, and "Correct"."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from gui.tokens import UNIT
from gui.widgets.text import copyable, label, plain_mnemonic

Action = tuple[str, str, Callable[[], None]]
"""Words, accessible description, what it does."""


_NAME_WIDTH = 176


def name_width(metrics: QFontMetrics) -> int:
    """Pixels of the column of names: the same in every row, wide enough for a long German word in large letters too."""
    return max(_NAME_WIDTH, metrics.averageCharWidth() * 18)


class FactRow(QWidget):
    """Name at the left, value and origin in the middle, what can be done at the right: for a screen reader with `action_name`,
    else the name of the row."""

    def __init__(
        self,
        name: str,
        value: str,
        origin: str,
        *,
        remark: str = "",
        value_role: str = "",
        action: Action | None = None,
        action_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self.value, self.origin = name, value, origin
        grid = QGridLayout(self)
        grid.setContentsMargins(0, UNIT, 0, UNIT)
        grid.setHorizontalSpacing(UNIT * 3)
        width = name_width(self.fontMetrics())
        grid.setColumnMinimumWidth(0, width)
        grid.setColumnStretch(1, 1)
        head = label(name, "quiet", self)
        head.setFixedWidth(width)
        grid.addWidget(head, 0, 0, Qt.AlignmentFlag.AlignTop)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(copyable(value, value_role, self))
        if origin:
            middle.addWidget(copyable(origin, "small", self))
        if remark:
            middle.addWidget(label(remark, "look", self))
        middle.addStretch(1)
        grid.addLayout(middle, 0, 1)
        self.button: QPushButton | None = None
        if action is not None:
            words, description, run = action
            self.button = QPushButton(plain_mnemonic(words), self)
            self.button.setProperty("role", "small")
            self.button.setAccessibleName(f"{words}: {action_name or name}")
            self.button.setAccessibleDescription(description)
            self.button.clicked.connect(run)
            grid.addWidget(self.button, 0, 2, Qt.AlignmentFlag.AlignTop)
