# SPDX-License-Identifier: Apache-2.0
"""The steps at the left: done, needs you, optional, each by sign and by word. One Tab stop; arrows move."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from core.flow import StepState, StepView
from gui.theme import tokens_of
from gui.tokens import FOCUS_WIDTH, RATIO, UNIT
from gui.widgets.mark import Sign, paint_sign, sign_size

SIGNS = {
    StepState.DONE: Sign.CLEAR,
    StepState.NEEDS_YOU: Sign.LOOK,
    StepState.OPTIONAL: Sign.OPEN,
    StepState.AHEAD: Sign.AHEAD,
}
_SIGN = 16
_NARROW = 100
_WIDTH, _WIDTH_OF_SIGNS = 232, 64


class StepButton(QAbstractButton):
    """One step. Painted, because a style sheet cannot set two lines of text beside a sign."""

    def __init__(self, step: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.step = step
        self._state = StepState.AHEAD
        self._remark = ""
        self._current = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_state(self, view: StepView, words: str, current: bool) -> None:
        """Show the step as it stands; `words` is its state in words."""
        self._state = view.state
        self._remark = view.remark or words
        self.setText(view.title)
        self._current = current
        here = self.tr("this page") if current else ""
        self.setAccessibleName(", ".join(filter(None, (f"{view.title}: {self._remark}", here))))
        self.setToolTip(f"{view.title}: {self._remark}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)
        self.updateGeometry()
        self.update()

    @property
    def current(self) -> bool:
        """Whether this is the page on show."""
        return self._current

    @property
    def remark(self) -> str:
        """The words under the title."""
        return self._remark

    def words_width(self) -> int:
        """The width at which title and remark show whole."""
        bold = self.font()
        bold.setBold(True)
        title = QFontMetrics(bold).horizontalAdvance(self.text())
        remark = QFontMetrics(self._small()).horizontalAdvance(self._remark)
        return self._words_at() + max(title, remark) + UNIT + 2

    def _words_at(self) -> int:
        return UNIT + 4 + sign_size(self.fontMetrics(), _SIGN) + UNIT + 4

    def sizeHint(self) -> QSize:
        small = QFontMetrics(self._small())
        return QSize(180, self.fontMetrics().height() + small.height() + UNIT + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.fontMetrics().height() + UNIT)  # in a low window the title alone

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._current or self.underMouse():
            painter.setBrush(QColor(tokens.tint))
            painter.drawRoundedRect(box, 5, 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), FOCUS_WIDTH))
            painter.drawRoundedRect(box, 5, 5)
        low = self.height() < self.sizeHint().height() - UNIT
        words = self.fontMetrics().height() if low else self.sizeHint().height() - UNIT - 4
        top = (self.height() - words) / 2
        narrow = self.width() < _NARROW
        sign = sign_size(self.fontMetrics(), _SIGN)
        x = (self.width() - sign) / 2 if narrow else UNIT + 4
        if not narrow and self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            x = self.width() - x - sign  # the sign stands where a line begins
        middle = top + (self.fontMetrics().height() - sign) / 2  # of the title's line
        paint_sign(painter, QRectF(x, middle, sign, sign), SIGNS[self._state], tokens)
        if not narrow:
            self._paint_words(painter, top, remark=not low)
        painter.end()

    def _paint_words(self, painter: QPainter, top: float, *, remark: bool) -> None:
        tokens = tokens_of(self.palette())
        font = self.font()
        font.setBold(self._current)
        metrics = QFontMetrics(font)
        room = self.width() - self._words_at() - UNIT
        left = UNIT if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self._words_at()
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            QRectF(left, top, room, metrics.height()), 0, metrics.elidedText(self.text(), elide, room)
        )
        if not remark:
            return
        small = QFontMetrics(self._small())
        painter.setFont(self._small())
        painter.setPen(QColor(tokens.look if self._state is StepState.NEEDS_YOU else tokens.quiet))
        painter.drawText(
            QRectF(left, top + metrics.height(), room, small.height()),
            0,
            small.elidedText(self._remark, elide, room),
        )

    def _small(self) -> QFont:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() / RATIO)
        return font

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


class StepList(QWidget):
    """Every step, in reading order. `chosen(step)` when a person wants to go there."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Steps"))
        self._buttons: dict[str, StepButton] = {}
        self._narrow, self._most = False, _WIDTH
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(UNIT, UNIT * 2, UNIT, UNIT * 2)
        self._box.setSpacing(2)
        self._box.addStretch(1)

    @property
    def buttons(self) -> tuple[StepButton, ...]:
        """The steps shown, in order."""
        return tuple(self._buttons.values())

    def show_steps(self, views: Sequence[StepView], current: str) -> None:
        """Show the steps; buttons are kept where they can be, so focus stays."""
        if list(self._buttons) != [view.id for view in views]:
            self._rebuild([view.id for view in views])
        for view in views:
            self._buttons[view.id].show_state(view, self._words(view.state), view.id == current)
        self._fit()

    def set_narrow(self, narrow: bool, most: int) -> None:
        """Show signs alone, or words too; those take at most `most`."""
        self._narrow, self._most = narrow, most
        self._fit()

    def _fit(self) -> None:
        """As wide as the words need: large letters and long languages need more."""
        needed = max((button.words_width() for button in self.buttons), default=0) + 2 * UNIT
        self.setFixedWidth(_WIDTH_OF_SIGNS if self._narrow else max(_WIDTH, min(needed, self._most)))

    def _rebuild(self, ids: list[str]) -> None:
        for gone in [step for step in self._buttons if step not in ids]:
            button = self._buttons.pop(gone)
            self._box.removeWidget(button)
            button.hide()
            button.deleteLater()
        kept, self._buttons = self._buttons, {}
        before: QWidget | None = None
        for place, step in enumerate(ids):
            button = kept.get(step) or self._made(step)
            self._buttons[step] = button
            self._box.insertWidget(place, button)
            button.raise_()  # a screen reader reads in the order of the children
            if before is not None:
                QWidget.setTabOrder(before, button)
            before = button

    def _made(self, step: str) -> StepButton:
        button = StepButton(step, self)
        button.clicked.connect(lambda _checked=False, name=step: self.chosen.emit(name))
        return button

    def _words(self, state: StepState) -> str:
        return {
            StepState.DONE: self.tr("done"),
            StepState.NEEDS_YOU: self.tr("needs you"),
            StepState.OPTIONAL: self.tr("optional"),
            StepState.AHEAD: self.tr("later"),
        }[state]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        order = self.buttons
        at = next((place for place, button in enumerate(order) if button.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        order[(at + step) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
