# SPDX-License-Identifier: Apache-2.0
"""The mouse on the scale: takes hold of the own bar or of a line and pushes it. The keyboard has Shift and the arrows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from gui.widgets.scale import Scale

_TENTHS = 10


class Hold:
    """One grip at a time. The own bar follows in tenths of a power of ten, a line in whole ones."""

    def __init__(self, scale: "Scale") -> None:
        self._scale = scale
        self._what = ""
        self._from = 0.0
        self._decade = 1.0
        self._pushed = 0

    def take(self, at: QPointF) -> None:
        """The button went down."""
        self._what, self._from, self._pushed = self._scale.grip(at), at.x(), 0
        self._decade = max(self._scale.decade(), 1.0)

    def move(self, at: QPointF) -> None:
        """The mouse moved, with or without something in its grip."""
        if not self._what:
            over = bool(self._scale.grip(at))
            self._scale.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor)
            return
        decades = (at.x() - self._from) / self._decade
        wanted = round(decades * _TENTHS) if self._what == "own" else round(decades) * _TENTHS
        while self._what and wanted != self._pushed:
            step = wanted - self._pushed
            step = step if self._what == "own" else (_TENTHS if step > 0 else -_TENTHS)
            self._pushed += step
            self._scale.pushed.emit(self._what, step)

    def let_go(self) -> None:
        """The button went up."""
        self._what = ""
