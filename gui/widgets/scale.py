# SPDX-License-Identifier: Apache-2.0
"""The scale: a log axis with the named lines, and the model's range resting on it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.domain.assessment import Assessment
from core.units import scientific
from gui.announce import announce
from gui.theme import tokens_of
from gui.tokens import FOCUS_WIDTH, GLIDE_MS, RATIO, UNIT, Tokens
from gui.widgets import scale_layout as geometry
from gui.widgets.scale_layout import Axis, Bar, LineState, Mark, PlacedMark
from gui.widgets.scale_text import scale_words

_BAR = 11.0
_NARROWEST = 22.0
_STEP = 17.0
_FOOT = 26.0
_STYLES = {
    LineState.IN_FORCE: Qt.PenStyle.SolidLine,
    LineState.ANNOUNCED: Qt.PenStyle.DashLine,
    LineState.HISTORY: Qt.PenStyle.DotLine,
}
Reach = tuple[float, float, float]
"""low, central, high of a bar as powers of ten."""


class Scale(QWidget):
    """Shows an assessment. Focusable: arrow keys walk over the lines and bars and read each aloud."""

    settled = Signal()
    """The bars are at rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._bars: tuple[Bar, ...] = ()
        self._distances: dict[int, str] = {}
        self._from: dict[str, Reach] = {}
        self._shown: dict[str, Reach] = {}
        self._picked: int | None = None
        self._motion = True
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.valueChanged.connect(self._moved)
        self._glide.finished.connect(self.settled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Scale of training compute"))
        self.show_assessment(None)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What rests on the scale."""
        return self._bars

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The named lines."""
        return self._marks

    @property
    def shown(self) -> dict[str, Reach]:
        """Where each bar stands now, as powers of ten: on its way while it glides."""
        return dict(self._shown)

    def set_motion(self, motion: bool) -> None:
        """Whether bars glide; off when the system or the person asks for less motion."""
        self._motion = motion

    def show_assessment(self, assessment: Assessment | None) -> None:
        """Show an assessment; bars glide from where they are."""
        lines = assessment.lines if assessment is not None else ()
        self._marks = geometry.marks_of(assessment)
        self._distances = {line.value: line.distance for line in reversed(lines) if line.distance}
        self._bars = geometry.bars_of(assessment.footprint if assessment is not None else None)
        self._picked = None
        self.setAccessibleDescription(scale_words(assessment).alternative)
        targets = self._targets()
        self._from = {name: self._shown.get(name, reach) for name, reach in targets.items()}
        self._glide.stop()
        if self._motion and self.isVisible() and self._from != targets and self._shown:
            self._glide.start()
        else:
            self._shown = targets
            self.settled.emit()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        tiers = max((placed.tier for placed in self._placed()), default=0) + 1
        bars = max(len(self._bars), 1)
        return QSize(560, round(UNIT * 2 + tiers * self._line_height() + bars * _STEP + _FOOT + UNIT))

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # at another width the labels may need more or fewer tiers

    def stops(self) -> tuple[str, ...]:
        """What the arrow keys walk over, in words, from left to right."""
        found: list[tuple[float, str]] = []
        for bar in self._bars:
            words = self.tr("{account}: about {central} FLOP, from {low} to {high}").format(
                account=self._account(bar.account),
                central=scientific(bar.central),
                low=scientific(bar.low),
                high=scientific(bar.high),
            )
            found.append((geometry.log10(max(bar.central, 1)), words))
        for mark in self._marks:
            words = self.tr("Line at {value} FLOP: {label}").format(
                value=scientific(mark.value), label=mark.label
            )
            distance = self._distances.get(mark.value, "")
            state = self._state_words(mark.state)
            found.append(
                (geometry.log10(mark.value), ", ".join(part for part in (words, state, distance) if part))
            )
        return tuple(words for _, words in sorted(found))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        stops = self.stops()
        if step is None or not stops:
            super().keyPressEvent(event)
            return
        at = self._picked if self._picked is not None else (-1 if step > 0 else len(stops))
        self._picked = min(max(at + step, 0), len(stops) - 1)
        announce(self, stops[self._picked])
        QToolTip.showText(self.mapToGlobal(QPointF(self.width() / 2, 0).toPoint()), stops[self._picked], self)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.accessibleDescription(), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        axis, beam = self._axis(), self.height() - _FOOT
        for placed in self._placed():
            self._paint_line(painter, tokens, placed, beam)
        self._paint_beam(painter, tokens, axis, beam)
        for place, bar in enumerate(self._bars):
            self._paint_bar(painter, tokens, axis, bar, beam - 4 - _BAR - place * _STEP)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), FOCUS_WIDTH))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 5, 5)
        painter.end()

    def _paint_beam(self, painter: QPainter, tokens: Tokens, axis: Axis, beam: float) -> None:
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
                box = QRectF(x - 40, beam + 7, 80, _FOOT - 8)
                painter.drawText(
                    box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, _power(exponent)
                )

    def _paint_line(self, painter: QPainter, tokens: Tokens, placed: PlacedMark, beam: float) -> None:
        height = self._line_height()
        top = self._labels_bottom() - (placed.tier + 1) * height
        quiet = placed.mark.state is not LineState.IN_FORCE
        pen = QPen(QColor(tokens.quiet if quiet else tokens.ink), 1.5, _STYLES[placed.mark.state])
        painter.setPen(pen)
        painter.drawLine(QPointF(placed.x, top + 3), QPointF(placed.x, beam))
        painter.setPen(QColor(tokens.quiet if quiet else tokens.ink))
        box = QRectF(placed.label_left, top, placed.label_width + 1, height)
        text = QFontMetricsF(painter.font()).elidedText(
            self._mark_words(placed.mark), Qt.TextElideMode.ElideRight, placed.label_width + 1
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_bar(self, painter: QPainter, tokens: Tokens, axis: Axis, bar: Bar, top: float) -> None:
        low, central, high = self._shown.get(bar.account, (0.0, 0.0, 0.0))
        left, right = _at(axis, low), _at(axis, high)
        if right - left < _NARROWEST:
            left, right = (left + right - _NARROWEST) / 2, (left + right + _NARROWEST) / 2
        box = QRectF(left, top, right - left, _BAR)
        accent = QColor(tokens.accent)
        if bar.account == "own":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
        else:
            painter.setPen(QPen(accent, 1.4))
            pattern = Qt.BrushStyle.BDiagPattern if bar.account == "base" else Qt.BrushStyle.NoBrush
            painter.setBrush(QBrush(accent, pattern))
        painter.drawRoundedRect(box, 3, 3)
        x = _at(axis, central)
        painter.setPen(QPen(QColor(tokens.desk), 1.5))
        painter.setBrush(QColor(tokens.ink))
        painter.drawRoundedRect(QRectF(x - 3, top - 3.5, 6, _BAR + 6), 3, 3)
        self._paint_account(painter, tokens, self._account(bar.account), left, right, top)

    def _paint_account(
        self, painter: QPainter, tokens: Tokens, words: str, left: float, right: float, top: float
    ) -> None:
        width = QFontMetricsF(painter.font()).horizontalAdvance(words)
        x = right + UNIT if right + UNIT + width < self.width() - UNIT else left - UNIT - width
        box = QRectF(max(x, 2.0), top - 4, width, _BAR + 8)
        painter.fillRect(box.adjusted(-2, 2, 2, -2), QColor(tokens.desk))
        painter.setPen(QColor(tokens.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _moved(self, value: object) -> None:
        share = value if isinstance(value, float) else 1.0
        targets = self._targets()
        self._shown = {name: _between(self._from[name], reach, share) for name, reach in targets.items()}
        self.update()

    def _targets(self) -> dict[str, Reach]:
        return {
            bar.account: (_exponent(bar.low), _exponent(bar.central), _exponent(bar.high))
            for bar in self._bars
        }

    def _axis(self) -> Axis:
        return geometry.axis_for(self._marks, self._bars, UNIT * 4, self.width() - UNIT * 4)

    def _placed(self) -> tuple[PlacedMark, ...]:
        metrics = QFontMetricsF(self._small())
        named = {mark: self._mark_words(mark) for mark in self._marks}
        measured = {mark.label: metrics.horizontalAdvance(words) for mark, words in named.items()}
        return geometry.place(self._marks, self._axis(), lambda words: measured[words], self.width() - UNIT)

    def _labels_bottom(self) -> float:
        return self.height() - _FOOT - max(len(self._bars), 1) * _STEP - UNIT

    def _line_height(self) -> float:
        return QFontMetricsF(self._small()).height() + 3

    def _small(self) -> QFont:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() / RATIO)
        return font

    def _account(self, account: str) -> str:
        return {
            "own": self.tr("Your training"),
            "base": self.tr("Base model"),
            "cumulative": self.tr("Both together"),
        }.get(account, account)

    def _mark_words(self, mark: Mark) -> str:
        state = self._state_words(mark.state) if mark.state is LineState.ANNOUNCED else ""
        return f"{mark.label} ({state})" if state else mark.label

    def _state_words(self, state: LineState) -> str:
        return {
            LineState.IN_FORCE: "",
            LineState.ANNOUNCED: self.tr("announced"),
            LineState.HISTORY: self.tr("ended"),
        }[state]


def _at(axis: Axis, exponent: float) -> float:
    share = (min(max(exponent, axis.low), axis.high) - axis.low) / (axis.high - axis.low)
    return axis.left + share * (axis.right - axis.left)


def _exponent(value: int) -> float:
    return geometry.log10(max(value, 1))


def _between(one: Reach, other: Reach, share: float) -> Reach:
    low, central, high = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return low, central, high


def _power(exponent: int) -> str:
    return scientific(10**exponent, 1).split("× ")[1]
