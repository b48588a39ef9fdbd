# SPDX-License-Identifier: Apache-2.0
"""The scale: a log axis with the named lines, and the model's range resting on it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.documents.scale_svg import Landmark
from core.domain.assessment import Assessment
from core.domain.finding import Line
from gui.announce import announce
from gui.number_words import distance_words, scientific_words
from gui.theme import tokens_of
from gui.tokens import FOCUS_WIDTH, GLIDE_MS, RATIO, UNIT
from gui.widgets import scale_layout as geometry
from gui.widgets.scale_hold import Hold
from gui.widgets.scale_layout import Axis, Bar, LineState, Mark, PlacedMark
from gui.widgets.scale_paint import Reach, ScaleDrawing, bar_step, room_under
from gui.widgets.scale_text import nearest_to_own, scale_words

_REACH = 5.0
"""Pixels to either side within which the mouse takes hold of a line."""
_BARS, _TIERS = 3, 4
"""Rows of bars and of names that always have their place: what comes with a base model moves no button."""


class Scale(QWidget):
    """Shows an assessment. Focusable: arrow keys walk over the lines and bars and read each aloud."""

    settled = Signal()
    """The bars are at rest."""
    pushed = Signal(str, int)
    """("own" or a line's id, tenths of a power of ten): somebody wants to see it elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._bars: tuple[Bar, ...] = ()
        self._distances: dict[int, str] = {}
        self._ids: dict[int, str] = {}
        self._from: dict[str, Reach] = {}
        self._shown: dict[str, Reach] = {}
        self._picked: int | None = None
        self._placed_for: object = None
        self._places: tuple[PlacedMark, ...] = ()
        self._leader: Line | None = None
        self._motion = True
        self._ghost: Bar | None = None
        self._models: tuple[Landmark, ...] = ()
        self._named = self._low = False
        self._hold = Hold(self)
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.valueChanged.connect(self._moved)
        self._glide.finished.connect(self.settled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
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

    def show_models(self, models: tuple[Landmark, ...]) -> None:
        """Show well-known models on the beam, to compare with."""
        self._models = models
        self.update()

    def name_models(self, named: bool) -> None:
        """Whether the well-known models have their names under the beam; their signs are always there."""
        if named != self._named:
            self._named = named
            self.updateGeometry()
            self.update()

    def set_low(self, low: bool) -> None:
        """Where there is little height: one row of labels, the nearest line's first. The rest is read by mouse and keys."""
        if low != self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def show_assessment(self, assessment: Assessment | None, real: Assessment | None = None) -> None:
        """Show an assessment; bars glide from where they are. `real` when it is a what-if: its bar stays as a ghost."""
        was = geometry.bars_of(real.footprint) if real is not None else ()
        self._ghost = next((bar for bar in was if bar.account == "own"), None)
        lines = assessment.lines if assessment is not None else ()
        self._marks = geometry.marks_of(assessment)
        self._ids = {line.value: line.id for line in sorted(lines, key=lambda one: one.in_force)}
        self._distances = {line.value: distance_words(line) for line in reversed(lines) if line.distance}
        self._bars = geometry.bars_of(assessment.footprint if assessment is not None else None)
        self._picked = None
        self._leader = nearest_to_own(assessment) if assessment is not None else None
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
        bars = max(len(self._bars), _BARS) * self._step() + self._under()
        if self._low:
            return QSize(560, round(UNIT + tiers * self._line_height() + bars))
        return QSize(560, round(UNIT * 3 // 2 + max(tiers, _TIERS) * self._line_height() + bars))

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # at another width the labels may need more or fewer tiers

    def stops(self) -> tuple[str, ...]:
        """What the arrow keys walk over, in words, from left to right."""
        return tuple(words for _, words, _ in self._stops())

    def _stops(self) -> list[tuple[float, str, str]]:
        """(place, words, what can be pushed there)."""
        found: list[tuple[float, str, str]] = []
        for bar in self._bars:
            words = self.tr("{account}: about {central} FLOP, from {low} to {high}").format(
                account=self._account(bar.account),
                central=scientific_words(bar.central),
                low=scientific_words(bar.low),
                high=scientific_words(bar.high),
            )
            push = "own" if bar.account == "own" else ""
            found.append((geometry.log10(max(bar.central, 1)), words, push))
        for model in self._models:
            words = self.tr("To compare: {name}, {value} FLOP").format(
                name=model.name, value=scientific_words(model.value)
            )
            found.append((geometry.log10(model.value), words, ""))
        for mark in self._marks:
            words = self.tr("Line at {value} FLOP: {label}").format(
                value=scientific_words(mark.value), label=mark.label
            )
            distance = self._distances.get(mark.value, "")
            others = (f"{label} ({self._state_words(state)})" for label, state in mark.others)
            said = ", ".join(
                part for part in (words, self._state_words(mark.state), *others, distance) if part
            )
            found.append((geometry.log10(mark.value), said, self._ids.get(mark.value, "")))
        return sorted(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        stops = self._stops()
        if step is None or not stops:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pushed.emit(stops[self._picked][2] if self._picked is not None else "own", step)
            return
        at = self._picked if self._picked is not None else (-1 if step > 0 else len(stops))
        self._picked = min(max(at + step, 0), len(stops) - 1)
        words = stops[self._picked][1]
        announce(self, words)
        QToolTip.showText(self.mapToGlobal(QPointF(self.width() / 2, 0).toPoint()), words, self)

    def grip(self, at: QPointF) -> str:
        """What the mouse would take hold of there: "own", a line's id, or ""."""
        axis, beam = self._axis(), self.height() - self._under()
        own = self._shown.get("own")
        if own is not None and beam - self._step() - 4 <= at.y() <= beam:
            ends = (axis.x(10 ** own[0]), axis.x(10 ** own[2]))
            if min(ends) - _REACH * 2 <= at.x() <= max(ends) + _REACH * 2:
                return "own"
        if at.y() < beam:
            for mark in self._marks:
                if abs(axis.x(mark.value) - at.x()) <= _REACH:
                    return self._ids.get(mark.value, "")
        return ""

    def decade(self) -> float:
        """Pixels of one power of ten."""
        axis = self._axis()
        return (axis.right - axis.left) / (axis.high - axis.low)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hold.take(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hold.move(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._hold.let_go()

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
        drawing = ScaleDrawing(
            painter, tokens, self._axis(), self.height() - self._under(), self.width(), self._low
        )
        bottom, line = self._labels_bottom(), self._line_height()
        for mark in self._unnamed():
            drawing.bare_line(mark, bottom)
        for placed in self._placed():
            drawing.line(placed, self._mark_words(placed.mark), bottom - (placed.tier + 1) * line, line)
        drawing.beam()
        drawing.models(self._models, named=self._named)
        if self._ghost is not None:
            ghost = self._ghost
            drawing.ghost((_exponent(ghost.low), _exponent(ghost.central), _exponent(ghost.high)))
        for place, bar in enumerate(self._bars):
            own = bar.account == "own" and self._leader is not None
            leader = (
                (self._leader.value, distance_words(self._leader))
                if own and self._leader is not None
                else None
            )
            reach = self._shown.get(bar.account, (0.0, 0.0, 0.0))
            drawing.bar(bar.account, reach, self._account(bar.account), place, leader)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), FOCUS_WIDTH))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 5, 5)
        painter.end()

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
        bars = self._bars if self._ghost is None else (*self._bars, self._ghost)
        return geometry.axis_for(self._marks, bars, UNIT * 4, self.width() - UNIT * 4)

    def _placed(self) -> tuple[PlacedMark, ...]:
        now = (self._marks, self._axis(), self.width(), self._small().pointSizeF(), self._low, self._leader)
        if now != self._placed_for:
            metrics = QFontMetricsF(self._small())
            widths = {mark.label: metrics.horizontalAdvance(self._mark_words(mark)) for mark in self._marks}
            edge, axis = self.width() - UNIT, self._axis()
            if self._low:
                first = None if self._leader is None else self._leader.value
                places = geometry.place_few(self._marks, axis, widths.__getitem__, edge, first)
            else:
                places = geometry.place(self._marks, axis, widths.__getitem__, edge)
            self._placed_for, self._places = now, places
        return self._places

    def _unnamed(self) -> list[Mark]:
        named = {placed.mark for placed in self._placed()}
        return [mark for mark in self._marks if mark not in named]

    def _step(self) -> float:
        return bar_step(QFontMetricsF(self._small()), low=self._low)

    def _under(self) -> float:
        """Room under the beam: ticks, and the names of the models when they are shown."""
        under = room_under(QFontMetricsF(self._small()))
        return under + (self._line_height() if self._named and self._models else 0)

    def _labels_bottom(self) -> float:
        return (
            self.height()
            - self._under()
            - max(len(self._bars), 1) * self._step()
            - (2 if self._low else UNIT)
        )

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
        words = f"{mark.label} ({state})" if state else mark.label
        return (
            self.tr("{line} and {count} more").format(line=words, count=len(mark.others))
            if mark.others
            else words
        )

    def _state_words(self, state: LineState) -> str:
        return {
            LineState.IN_FORCE: "",
            LineState.ANNOUNCED: self.tr("announced"),
            LineState.HISTORY: self.tr("ended"),
        }[state]


def _exponent(value: int) -> float:
    return geometry.log10(max(value, 1))


def _between(one: Reach, other: Reach, share: float) -> Reach:
    low, central, high = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return low, central, high
