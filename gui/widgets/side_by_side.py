# SPDX-License-Identifier: Apache-2.0
"""The file as it is beside the file as it will be; lines that differ are marked by a sign and a shade."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from core.documents.side_by_side import LinePair, PairKind
from gui.theme import tokens_of
from gui.tokens import UNIT
from gui.widgets.text import label, leave_ground_to_frame

_LINES = 14
_LEFT_SIGN = {PairKind.CHANGED: "−", PairKind.REMOVED: "−"}
_RIGHT_SIGN = {PairKind.CHANGED: "+", PairKind.ADDED: "+"}


class SideBySide(QWidget):
    """Two columns that scroll together. Each is a field of plain text for a screen reader, with its own name."""

    def __init__(self, name: str, pairs: Sequence[LinePair], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs = tuple(pairs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        self.now = self._column(row, self.tr("Now"), self.tr("{name} as it is now").format(name=name))
        self.new = self._column(row, self.tr("New"), self.tr("{name} as it will be").format(name=name))
        digits = len(
            str(
                max(
                    (number for pair in pairs for number in (pair.left_number, pair.right_number) if number),
                    default=1,
                )
            )
        )
        self._fill(
            self.now, [(one.left_number, _LEFT_SIGN.get(one.kind, ""), one.left) for one in pairs], digits
        )
        self._fill(
            self.new, [(one.right_number, _RIGHT_SIGN.get(one.kind, ""), one.right) for one in pairs], digits
        )
        self._keep_together(self.now, self.new)
        self._keep_together(self.new, self.now)
        self._shade()
        self.setMinimumHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        lines = min(len(self._pairs) + 4, _LINES)
        return QSize(480, lines * self.now.fontMetrics().lineSpacing() + UNIT * 3)

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)  # type: ignore[arg-type]
        self._shade()  # another scheme has other shades

    def _column(self, row: QHBoxLayout, head: str, name: str) -> QPlainTextEdit:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(head, "small", self))
        made = QPlainTextEdit(self)
        leave_ground_to_frame(made)
        made.setReadOnly(True)
        made.setTabChangesFocus(True)
        made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # else the two columns would not stay level
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setProperty("role", "code")
        made.setAccessibleName(name)
        made.setMinimumWidth(120)
        column.addWidget(made, 1)
        row.addLayout(column, 1)
        return made

    def _fill(
        self, column: QPlainTextEdit, lines: Sequence[tuple[int | None, str, str | None]], digits: int
    ) -> None:
        said = [
            "⋯"
            if pair.kind is PairKind.GAP
            else ""
            if text is None
            else f"{number:>{digits}} {sign or ' '} {text}"
            for pair, (number, sign, text) in zip(self._pairs, lines, strict=True)
        ]
        column.setPlainText("\n".join(said))

    def _keep_together(self, one: QPlainTextEdit, other: QPlainTextEdit) -> None:
        for mine, theirs in (
            (one.verticalScrollBar(), other.verticalScrollBar()),
            (one.horizontalScrollBar(), other.horizontalScrollBar()),
        ):
            # partial: PySide 6.11 keeps a text for each method of Qt's own that it connects
            mine.valueChanged.connect(partial(theirs.setValue))

    def _shade(self) -> None:
        if not hasattr(self, "new"):
            return  # Qt tells of the first font before the columns stand
        tokens = tokens_of(self.palette())
        for column, sides, colour in (
            (self.now, _LEFT_SIGN, tokens.owed_tint),
            (self.new, _RIGHT_SIGN, tokens.clear_tint),
        ):
            shades = []
            for place, pair in enumerate(self._pairs):
                if pair.kind in sides:
                    shades.append(_whole_line(column, place, QColor(colour)))
            column.setExtraSelections(shades)


def _whole_line(column: QPlainTextEdit, place: int, colour: QColor) -> QTextEdit.ExtraSelection:
    shade = QTextEdit.ExtraSelection()
    style = QTextCharFormat()
    style.setBackground(colour)
    style.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
    shade.format = style
    shade.cursor = QTextCursor(column.document().findBlockByNumber(place))
    return shade
