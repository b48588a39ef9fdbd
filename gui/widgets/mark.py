# SPDX-License-Identifier: Apache-2.0
"""The small signs that stand before a line of text: a shape and a colour for each meaning, never colour alone."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import tokens_of
from gui.tokens import Tokens

SIZE = 18
"""Pixels of a sign beside letters of the usual size; it grows with them."""


def sign_size(metrics: QFontMetrics, least: int = SIZE) -> int:
    """The side of a sign that stands in a line of text, in pixels."""
    return max(least, round(metrics.height() * 0.8))


class Sign(StrEnum):
    """What a mark says."""

    CLEAR = "clear"  # disc with a tick
    LOOK = "look"  # triangle
    OWED = "owed"  # square with a bar
    LATER = "later"  # half-filled ring
    PAST = "past"  # dotted ring
    OPEN = "open"  # ring: optional
    AHEAD = "ahead"  # small dot


class Mark(QWidget):
    """A sign. It repeats what words beside it say, so assistive technology may pass it by."""

    def __init__(self, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = sign
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def sign(self) -> Sign:
        """The sign shown."""
        return self._sign

    def set_sign(self, sign: Sign) -> None:
        """Show another sign."""
        if sign is not self._sign:
            self._sign = sign
            self.update()

    def sizeHint(self) -> QSize:
        side = sign_size(self.fontMetrics())
        return QSize(side, max(side, self.fontMetrics().height()) if side > SIZE else side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()  # in the middle of the first line that it stands before
        box = QRectF(0, (self.height() - side) / 2, side, side).adjusted(1, 1, -1, -1)
        paint_sign(painter, box, self._sign, tokens_of(self.palette()))
        painter.end()


def paint_sign(painter: QPainter, box: QRectF, sign: Sign, tokens: Tokens) -> None:
    """Draw a sign into a square box."""
    painter.save()
    unit = box.width() / 16
    centre = box.center()
    painter.setPen(Qt.PenStyle.NoPen)
    if sign is Sign.CLEAR:
        painter.setBrush(QColor(tokens.clear))
        painter.drawEllipse(box)
        painter.setPen(_pen(tokens.paper, 2 * unit))
        painter.drawPolyline(
            QPolygonF(
                [centre + QPointF(x * unit, y * unit) for x, y in ((-3.6, 0.2), (-1.1, 2.8), (3.8, -2.8))]
            )
        )
    elif sign is Sign.LOOK:
        painter.setBrush(QColor(tokens.look))
        painter.setPen(_pen(tokens.look, 1.6 * unit))
        painter.drawPolygon(
            QPolygonF([centre + QPointF(x * unit, y * unit) for x, y in ((0, -6.4), (7, 5.8), (-7, 5.8))])
        )
        painter.setPen(_pen(tokens.paper, 1.9 * unit))
        painter.drawLine(centre + QPointF(0, -2.2 * unit), centre + QPointF(0, 1.4 * unit))
        painter.drawPoint(centre + QPointF(0, 4.2 * unit))
    elif sign is Sign.OWED:
        painter.setBrush(QColor(tokens.owed))
        painter.drawRoundedRect(box.adjusted(unit, unit, -unit, -unit), 2.5 * unit, 2.5 * unit)
        painter.setPen(_pen(tokens.paper, 2 * unit))
        painter.drawLine(centre + QPointF(-3.4 * unit, 0), centre + QPointF(3.4 * unit, 0))
    elif sign is Sign.LATER:
        ring = box.adjusted(unit, unit, -unit, -unit)
        painter.setBrush(QColor(tokens.quiet))
        painter.drawPie(ring, 90 * 16, -180 * 16)
        _ring(painter, ring, tokens.quiet, unit)
    elif sign is Sign.PAST:
        _ring(painter, box.adjusted(unit, unit, -unit, -unit), tokens.quiet, unit, Qt.PenStyle.DotLine)
    elif sign is Sign.OPEN:
        _ring(painter, box.adjusted(2 * unit, 2 * unit, -2 * unit, -2 * unit), tokens.edge, unit)
    else:
        painter.setBrush(QColor(tokens.edge))
        painter.drawEllipse(centre, 2.4 * unit, 2.4 * unit)
    painter.restore()


def _ring(
    painter: QPainter, box: QRectF, colour: str, unit: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    pen = _pen(colour, 1.8 * unit)
    pen.setStyle(style)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box)


def _pen(colour: str, width: float) -> QPen:
    return QPen(
        QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
