# SPDX-License-Identifier: Apache-2.0
"""A place to drop a folder on. Never the only way: a button and a typed path stand beside it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.ground import dropped_path, take_copy
from gui.theme import tokens_of
from gui.tokens import UNIT
from gui.widgets.text import label


class DropZone(QFrame):
    """`dropped(path)` for one local file or folder; `refused(words)` for anything else."""

    dropped = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setAcceptDrops(True)
        self.setMinimumHeight(UNIT * 13)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(UNIT * 3, UNIT * 3, UNIT * 3, UNIT * 3)
        self.box.setSpacing(UNIT)
        self.box.addStretch(1)
        head = label(self.tr("Drop your model's folder here"), "lead", self)
        head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(head)
        note = label(self.tr("It stays on this computer. Nothing in it is run or changed."), "quiet", self)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(note)
        self.box.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            take_copy(event)  # also what does not fit: the drop then says what is missing
            self._set_over(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        path = dropped_path(event.mimeData())
        take_copy(event)
        if path is not None:
            self.dropped.emit(str(path))
        elif len(event.mimeData().urls()) > 1:
            self.refused.emit(
                self.tr("Several things were dropped. Drop one folder: the one that holds your model.")
            )
        else:
            self.refused.emit(
                self.tr("That is not a folder on this computer. Drop the folder your training tool wrote.")
            )

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.accent if self._over else tokens.edge), 2 if self._over else 1.5)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.tint if self._over else tokens.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)
        painter.end()

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()
