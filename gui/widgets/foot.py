# SPDX-License-Identifier: Apache-2.0
"""The foot of the window: the number in words, and the scale."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.domain.assessment import Assessment
from gui.announce import announce
from gui.tokens import UNIT
from gui.widgets.scale import Scale
from gui.widgets.scale_text import scale_words
from gui.widgets.text import label, rule, set_role

_WORDS_WIDTH, _USUAL_LINE = 232, 18
"""Width of the words in pixels, and the height of their lines up to which it is enough."""
_USUAL_LINES = 4
"""Lines of the distance in words."""
_ANY_WIDTH = 16777215  # Qt's own largest width


class Foot(QFrame):
    """Always in sight. The words beside the scale are live text and are announced when they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule(self))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._words = QWidget(self)
        self._column = words = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._words)
        self._caption = label(self.tr("Your training"), "small", self._words)
        self.figure = label("", "figure", self._words)
        self.distance = label("", "smallink", self._words)
        for one in (self._caption, self.figure, self.distance):
            words.addWidget(one)
        words.setStretch(2, 1)
        self.what_if = QPushButton(self.tr("What if…"), self._words)
        self.what_if.setProperty("role", "link")
        self.what_if.setCursor(Qt.CursorShape.PointingHandCursor)
        self.what_if.setAccessibleDescription(self.tr("Try more training, another line or another law"))
        self.picture = QPushButton(self.tr("Picture…"), self._words)
        self.picture.setProperty("role", "link")
        self.picture.setCursor(Qt.CursorShape.PointingHandCursor)
        self.picture.setAccessibleName(self.tr("Save the scale as a picture"))
        self.picture.setAccessibleDescription(self.tr("As SVG or PNG, to show in a README"))
        self.picture.setToolTip(self.tr("Save the scale as a picture"))
        self.unfold = QPushButton(self.tr("Show the scale"), self._words)
        self.unfold.setProperty("role", "link")
        self.unfold.setCursor(Qt.CursorShape.PointingHandCursor)
        self.unfold.setAccessibleDescription(self.tr("Brings the scale back while you are on this page"))
        self.unfold.clicked.connect(self._unfold)
        self._links = links = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        links.setSpacing(UNIT)
        links.addWidget(self.what_if, 0, Qt.AlignmentFlag.AlignLeft)
        links.addWidget(self.picture, 1, Qt.AlignmentFlag.AlignLeft)
        words.addLayout(links)
        words.addWidget(self.unfold)
        row.addWidget(self._words)
        self.scale = Scale(self)
        row.addWidget(self.scale, 1, Qt.AlignmentFlag.AlignBottom)
        outer.addLayout(row)
        self._folded = self._narrow = self._low = self._measured = False
        self._blank: Assessment | None = None
        self._arrange()
        self.show_assessment(None)

    @property
    def folded(self) -> bool:
        """Whether only one line of words shows."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Give the page more room: one line of words instead of the scale, which a button brings back."""
        if folded != self._folded:
            self._folded = folded
            self._arrange()

    def _unfold(self) -> None:
        self.set_folded(False)
        self.scale.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        sideways = QBoxLayout.Direction.LeftToRight
        self._column.setDirection(sideways if self._folded else QBoxLayout.Direction.TopToBottom)
        self._column.setSpacing(UNIT * 2 if self._folded else 2)
        above, below = (UNIT, UNIT) if self._folded else (UNIT // 2 if self._low else UNIT * 2, UNIT // 2)
        self._column.setContentsMargins(UNIT * 2 + 4, above, UNIT * 2 if self._folded else UNIT, below)
        self.figure.setWordWrap(not self._folded)
        place = Qt.AlignmentFlag.AlignVCenter if self._folded else Qt.AlignmentFlag.AlignTop
        self.distance.setAlignment(Qt.AlignmentFlag.AlignLeading | place)
        self.unfold.setVisible(self._folded)
        self.scale.setVisible(not self._folded)
        # Large text in a narrow column would be many lines, and the foot would squeeze the page or cut its own words.
        larger = max(1.0, self.distance.fontMetrics().height() / _USUAL_LINE)
        width = round((_WORDS_WIDTH - UNIT * 6 if self._narrow else _WORDS_WIDTH) * larger)
        self._words.setMinimumWidth(0 if self._folded else width)
        self._words.setMaximumWidth(_ANY_WIDTH if self._folded else width)
        needed = self.what_if.sizeHint().width() + self.picture.sizeHint().width() + UNIT * 5
        self._links.setDirection(
            QBoxLayout.Direction.LeftToRight if needed <= width else QBoxLayout.Direction.TopToBottom
        )
        self._words.setMinimumHeight(0 if self._folded else self._words_height())
        self._say()
        self.updateGeometry()

    def _say(self) -> None:
        self._caption.setVisible(self._measured and not self._folded and not self._low)
        for link in (self.what_if, self.picture):
            link.setVisible(self._measured and not self._folded)

    def show_assessment(self, real: Assessment | None, supposed: Assessment | None = None) -> None:
        """Show what the scale shows, in words too. With `supposed` that is shown, marked, and the real one as a ghost."""
        assessment = supposed or real
        self._caption.setText(self.tr("What if") if supposed is not None else self.tr("Your training"))
        set_role(self._caption, "look" if supposed is not None else "small")
        said = scale_words(assessment)
        changed = self.figure.text() not in ("", said.figure)
        self.figure.setText(said.figure)
        self.distance.setText(said.distance)
        self._measured = bool(said.range)
        self._say()
        self.scale.show_assessment(assessment or self._blank, real if supposed is not None else None)
        if changed and self.isVisible():
            announce(self, f"{said.figure} {said.distance}")

    def show_lines(self, assessment: Assessment | None) -> None:
        """Show the lines of an assessment with nothing resting on the scale: now, and whenever there is no model."""
        self._blank = assessment
        self.scale.show_assessment(assessment)

    def set_low(self, low: bool) -> None:
        """In a low window the scale shows fewer names, and the page has the room."""
        self._low = low
        self.scale.set_low(low)
        self._arrange()

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window the words take less room."""
        self._narrow = narrow
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_links"):
            self._arrange()  # larger letters need more room

    def sizeHint(self) -> QSize:
        if self._folded:
            return super().sizeHint()
        least = UNIT * 11 if self._low else UNIT * 14
        return QSize(800, max(self.scale.sizeHint().height(), least))

    def _words_height(self) -> int:
        """What the words need once there is something to weigh: they come, and nothing above them moves."""
        usual = (
            self.distance.fontMetrics().lineSpacing() * _USUAL_LINES + self.figure.fontMetrics().lineSpacing()
        )
        caption = 0 if self._low else self._caption.fontMetrics().lineSpacing() + self._column.spacing()
        margins = self._column.contentsMargins()
        around = margins.top() + margins.bottom() + 2 * self._column.spacing() + 1
        return usual + caption + around + self.what_if.sizeHint().height()
