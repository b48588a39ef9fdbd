# SPDX-License-Identifier: Apache-2.0
"""Puts the tokens on the application: palette, style sheet, light or dark, the system's or forced."""

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.stylesheet import style_sheet
from gui.tokens import DARK, LIGHT, Tokens, sizes

CHOICES = ("system", "light", "dark")
SMALLEST_BODY = 10.5
"""Points. A system font below this is raised: long reading needs it."""

_MIDDLE = 128
"""Lightness of a ground, 0 to 255: below it a scheme is dark."""


class Theme(QObject):
    """The look of the whole application. Follows the system until a scheme is forced.

    The style sheet is not the application's but each part's: at a switch Qt goes through all widgets of a sheet, and
    for the application's once more for each ancestor they have (0.6 s here). A page out of sight waits until it is shown.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._choice = choice if choice in CHOICES else "system"
        self._body = max(app.font().pointSizeF(), SMALLEST_BODY)
        self._worn: dict[QWidget, str] = {}  # each part and the sheet it has on
        self._waiting: set[QWidget] = set()  # parts that need not be up to date while nobody sees them
        self._hints = app.styleHints()
        self._hints.colorSchemeChanged.connect(self._system_changed)
        self._system_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < _MIDDLE
        if app.style().name().lower() != "fusion":  # setting it anew costs 12 ms
            app.setStyle("Fusion")

    @property
    def choice(self) -> str:
        """system, light or dark."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        if self._choice == "system":
            return DARK if self._system_is_dark() else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _system_is_dark(self) -> bool:
        """By the palette the system gave: asking for its colour scheme makes all of `Qt` (see gui/first.py)."""
        return self._system_dark

    @property
    def body(self) -> float:
        """The body type size in points."""
        return self._body

    def choose(self, choice: str) -> None:
        """Force light or dark, or follow the system again."""
        if choice in CHOICES and choice != self._choice:
            before, self._choice = self.tokens, choice
            if self.tokens is not before:
                self.apply()

    def set_body(self, points: float) -> None:
        """Set the body type size; everything else follows."""
        self._body = points
        self.apply()

    def apply(self) -> None:
        """Put palette and font on the application, the style sheet on every part in sight."""
        font = QFont(self._app.font())
        font.setPointSizeF(self._body)
        self._app.setFont(font)
        self._app.setPalette(palette(self.tokens))
        self._forget_gone()
        for part in tuple(self._worn):
            if part not in self._waiting or part.isVisible():
                self.freshen(part)
        self.changed.emit()

    def dress(self, *parts: QWidget) -> None:
        """Put the style sheet on parts of a window, none inside another, now and after each switch."""
        self._forget_gone()
        for part in parts:
            self._worn[part] = ""
            self.freshen(part)

    def dress_late(self, part: QWidget) -> None:
        """The same for a part that is out of sight: whoever shows it calls `freshen` first."""
        self._worn[part] = ""
        self._waiting.add(part)

    def freshen(self, part: QWidget) -> None:
        """Put the style sheet in use on a part unless it has it on."""
        sheet = style_sheet(self.tokens, sizes(self._body))
        if self._worn[part] == sheet:
            return
        self._worn[part] = sheet
        kept = [(one, one.contentsMargins()) for one in part.findChildren(QLabel)]
        part.setStyleSheet(sheet)
        for one, margins in kept:  # Qt drops those of a label that no layout has given its height yet
            one.setContentsMargins(margins)

    def _forget_gone(self) -> None:
        for part in [one for one in self._worn if not shiboken6.isValid(one)]:
            del self._worn[part]
            self._waiting.discard(part)

    def _system_changed(self) -> None:
        from PySide6.QtCore import Qt

        self._system_dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        if self._choice == "system":
            self.apply()


def palette(tokens: Tokens) -> QPalette:
    """The palette of a scheme. Bare X11 has no dark palette of its own, so we carry both."""
    role = QPalette.ColorRole
    made = QPalette()
    for roles, colour in (
        ((role.Window, role.AlternateBase), tokens.paper),
        ((role.Base, role.Button, role.ToolTipBase), tokens.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), tokens.ink),
        ((role.PlaceholderText,), tokens.quiet),
        ((role.Highlight, role.Link, role.LinkVisited, role.Accent), tokens.accent),
        ((role.HighlightedText,), tokens.accent_ink),
        ((role.Light, role.Midlight, role.Mid), tokens.rule),
        ((role.Dark,), tokens.edge),
        ((role.Shadow,), tokens.desk),
    ):
        for one in roles:
            made.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(tokens.edge))
    return made


def tokens_of(colours: QPalette) -> Tokens:
    """The tokens behind a widget's palette: painted widgets ask this, so they follow every switch."""
    return DARK if colours.color(QPalette.ColorRole.WindowText).lightness() > 127 else LIGHT
