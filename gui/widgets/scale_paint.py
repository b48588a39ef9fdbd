# SPDX-License-Identifier: Apache-2.0
"""How the scale is drawn: lines by their state, bars by their account, the beam they rest on. Palette tokens only."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from core.documents.scale_svg import Landmark
from core.units import scientific
from gui.tokens import UNIT, Tokens
from gui.widgets.scale_layout import Axis, LineState, Mark, PlacedMark

BAR = 11.0
STEP = 17.0
"""From one account's bar to the next."""
LOW_STEP = 15.0
"""The same where there is little height."""
FOOT = 26.0
"""Room under the beam for the ticks and their numbers."""
_AIR = 4.0
"""Between a bar and the beam."""
_NARROWEST = 22.0
_STYLES = {
    LineState.IN_FORCE: Qt.PenStyle.SolidLine,
    LineState.ANNOUNCED: Qt.PenStyle.DashLine,
    LineState.HISTORY: Qt.PenStyle.DotLine,
}
Reach = tuple[float, float, float]
"""low, central, high of a bar as powers of ten."""
Leader = tuple[int, str]
"""A line's value in FLOP and the distance to it in words."""


def bar_step(metrics: QFontMetricsF, *, low: bool) -> float:
    """Pixels from one account's bar to the next: their names, in these letters, must not touch."""
    return max(LOW_STEP if low else STEP, metrics.height() - 2)


def room_under(metrics: QFontMetricsF) -> float:
    """Pixels under the beam that the ticks and their numbers need in these letters."""
    return max(FOOT, metrics.height() + 9)


class ScaleDrawing:
    """One painting of the scale. `beam_y` is where the beam lies, `width` the room there is."""

    def __init__(
        self, painter: QPainter, tokens: Tokens, axis: Axis, beam_y: float, width: int, low: bool = False
    ) -> None:
        self._painter = painter
        metrics = QFontMetricsF(painter.font())
        self._step = bar_step(metrics, low=low)
        self._foot = room_under(metrics)
        self._bar = max(BAR, metrics.height() * 0.6)
        self._height = metrics.height()
        self._tokens = tokens
        self._axis = axis
        self._beam_y = beam_y
        self._width = width

    def beam(self) -> None:
        """The axis with its ticks; each third power of ten has its number."""
        painter, tokens, axis, beam = self._painter, self._tokens, self._axis, self._beam_y
        painter.setPen(QPen(QColor(tokens.ink), 2))
        painter.drawLine(QPointF(axis.left - UNIT, beam), QPointF(axis.right + UNIT, beam))
        ticks = axis.ticks()
        for exponent in range(axis.low, axis.high + 1):
            x = axis.x(10**exponent)
            long = exponent in ticks
            painter.setPen(QPen(QColor(tokens.ink if long else tokens.edge), 1))
            painter.drawLine(QPointF(x, beam + 1), QPointF(x, beam + (6 if long else 4)))
            if long:
                painter.setPen(QColor(tokens.quiet))
                box = QRectF(x - 60, beam + 7, 120, self._foot - 8)
                painter.drawText(
                    box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, _power(exponent)
                )

    def line(self, placed: PlacedMark, words: str, top: float, height: float) -> None:
        """A named line: solid in force, dashed announced, dotted ended."""
        painter, tokens = self._painter, self._tokens
        quiet = placed.mark.state is not LineState.IN_FORCE
        pen = QPen(QColor(tokens.quiet if quiet else tokens.ink), 1.5, _STYLES[placed.mark.state])
        painter.setPen(pen)
        painter.drawLine(QPointF(placed.x, top + 3), QPointF(placed.x, self._beam_y))
        painter.setPen(QColor(tokens.quiet if quiet else tokens.ink))
        box = QRectF(placed.label_left, top, placed.label_width + 1, height)
        text = QFontMetricsF(painter.font()).elidedText(
            words, Qt.TextElideMode.ElideRight, placed.label_width + 1
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def bare_line(self, mark: Mark, top: float) -> None:
        """A line whose name has no room here: the arrow keys and the mouse still tell it."""
        quiet = mark.state is not LineState.IN_FORCE
        pen = QPen(QColor(self._tokens.quiet if quiet else self._tokens.ink), 1.5, _STYLES[mark.state])
        self._painter.setPen(pen)
        x = self._axis.x(mark.value)
        self._painter.drawLine(QPointF(x, top), QPointF(x, self._beam_y))

    def bar(self, account: str, reach: Reach, words: str, place: int, leader: Leader | None) -> None:
        """An account's range resting on the beam, `place` bars above it, with its central value as a weight."""
        painter, tokens = self._painter, self._tokens
        top = self._top(place)
        left, central, right = (self._at(exponent) for exponent in reach)
        if right - left < _NARROWEST:
            left, right = (left + right - _NARROWEST) / 2, (left + right + _NARROWEST) / 2
        box = QRectF(left, top, right - left, self._bar)
        accent = QColor(tokens.accent)
        if account == "own":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
        else:
            painter.setPen(QPen(accent, 1.4))
            pattern = Qt.BrushStyle.BDiagPattern if account == "base" else Qt.BrushStyle.NoBrush
            painter.setBrush(QBrush(accent, pattern))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QPen(QColor(tokens.desk), 1.5))
        painter.setBrush(QColor(tokens.ink))
        painter.drawRoundedRect(QRectF(central - 3, top - 3.5, 6, self._bar + 6), 3, 3)
        end = self._name(words, left, right, top)
        if leader is not None and end > right:
            value, distance = leader
            self._leader(distance, end + UNIT * 2, self._axis.x(value) - UNIT, top + self._bar / 2)

    def ghost(self, reach: Reach) -> None:
        """Where the own bar really rests, while a what-if shows it elsewhere: a dotted outline."""
        left, _, right = (self._at(exponent) for exponent in reach)
        if right - left < _NARROWEST:
            left, right = (left + right - _NARROWEST) / 2, (left + right + _NARROWEST) / 2
        pen = QPen(QColor(self._tokens.quiet), 1.4, Qt.PenStyle.DotLine)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(QRectF(left, self._top(0), right - left, self._bar), 3, 3)

    def models(self, models: Sequence[Landmark], *, named: bool) -> None:
        """Well-known models as diamonds on the beam; `named` writes as many names under it as have room."""
        painter, tokens = self._painter, self._tokens
        metrics, free = QFontMetricsF(painter.font()), 0.0
        for model in models:
            x, y = self._axis.x(model.value), self._beam_y
            painter.setPen(QPen(QColor(tokens.quiet), 1.2))
            painter.setBrush(QColor(tokens.desk))
            points = [QPointF(x, y - 4), QPointF(x + 4, y), QPointF(x, y + 4), QPointF(x - 4, y)]
            painter.drawPolygon(QPolygonF(points))
            width = metrics.horizontalAdvance(model.name)
            left = min(max(x - width / 2, 2.0), self._width - width - 2)
            if named and left >= free:
                painter.setPen(QColor(tokens.quiet))
                painter.drawText(QPointF(left, y + self._foot - 2 + metrics.ascent()), model.name)
                free = left + width + UNIT * 1.5

    def _name(self, words: str, left: float, right: float, top: float) -> float:
        """Write an account's name beside its bar; returns where the name ends."""
        painter, tokens = self._painter, self._tokens
        width = QFontMetricsF(painter.font()).horizontalAdvance(words)
        x = right + UNIT if right + UNIT + width < self._width - UNIT else left - UNIT - width
        height = max(self._bar + 8, self._height)
        box = QRectF(max(x, 2.0), top + (self._bar - height) / 2, width, height)
        painter.fillRect(box.adjusted(-2, 2, 2, -2), QColor(tokens.desk))
        painter.setPen(QColor(tokens.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        return box.right()

    def _leader(self, words: str, start: float, end: float, middle: float) -> None:
        """A dimension line from the bar to the nearest line it is tested against, with the distance in words."""
        painter, tokens = self._painter, self._tokens
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(words)
        if end - start < width + UNIT * 8:
            return  # no room: the words stand at the left as well
        painter.setPen(QPen(QColor(tokens.edge), 1))
        centre = (start + end) / 2
        painter.drawLine(QPointF(start, middle), QPointF(centre - width / 2 - UNIT, middle))
        painter.drawLine(QPointF(centre + width / 2 + UNIT, middle), QPointF(end, middle))
        for x in (start, end):
            painter.drawLine(QPointF(x, middle - 3), QPointF(x, middle + 3))
        painter.setPen(QColor(tokens.quiet))
        box = QRectF(centre - width / 2, middle - metrics.height() / 2, width + 1, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _top(self, place: int) -> float:
        """The upper edge of the bar that is `place` bars above the beam: neither it nor its name touches the beam."""
        middle = max(_AIR + self._bar / 2, self._height / 2)
        return self._beam_y - middle - self._bar / 2 - place * self._step

    def _at(self, exponent: float) -> float:
        axis = self._axis
        share = (min(max(exponent, axis.low), axis.high) - axis.low) / (axis.high - axis.low)
        return axis.left + share * (axis.right - axis.left)


def _power(exponent: int) -> str:
    return scientific(10**exponent, 1).split("× ")[1]
