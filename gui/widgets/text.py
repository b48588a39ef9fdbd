# SPDX-License-Identifier: Apache-2.0
"""Labels by role, and the small layout helpers every page uses."""

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QWidget,
)


def label(text: str = "", role: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> QLabel:
    """A text. Plain text always: what comes from a folder is never read as markup.

    No accessible name is set on purpose: a name would be read instead of the live text.
    """
    return _dressed(QLabel(parent), text, role, wrap=wrap)


class Pressable(QLabel):
    """A label that can be clicked. A class of its own: an event filter would run Python for every event."""

    pressed = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()
        else:
            super().mouseReleaseEvent(event)


def pressable(
    text: str = "", role: str = "", parent: QWidget | None = None, *, wrap: bool = True
) -> Pressable:
    """The same as a label that can be clicked."""
    made = Pressable(parent)
    _dressed(made, text, role, wrap=wrap)
    return made


def _dressed(made: QLabel, text: str, role: str, *, wrap: bool) -> QLabel:
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
        made.setMinimumWidth(80)
    return made


class Copyable(QLabel):
    """A label whose text can be copied with the mouse. It lets that happen when the mouse first comes: Qt lays such a text
    out in a document of its own, which takes twice as long and more memory, for each value of a long page.
    """

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        super().enterEvent(event)


def copyable(text: str = "", role: str = "", parent: QWidget | None = None) -> Copyable:
    """The same as a label whose text a person can copy with the mouse."""
    made = Copyable(parent)
    _dressed(made, text, role, wrap=True)
    return made


def link(text: str, url: str, parent: QWidget | None = None) -> QLabel:
    """A link that opens in the system's browser. Only https and http are ever made into one."""
    made = label("", "", parent)
    if not url.startswith(("https://", "http://")):
        made.setText(f"{text} ({url})")
        return made
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setText(f'<a href="{_escaped(url)}">{_escaped(text)}</a>')
    made.setOpenExternalLinks(True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleDescription(url)
    made.setToolTip(url)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Change what a widget is, and its look with it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Apply the style sheet again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def rule(parent: QWidget | None = None) -> QFrame:
    """A hairline."""
    made = QFrame(parent)
    made.setProperty("role", "rule")
    return made


def steady_bar(area: QScrollArea) -> None:
    """Keep the scroll bar's place always, its handle unseen while there is nothing to scroll: nothing shifts sideways.

    Sideways it scrolls only where the words are too large for the window: out of reach is nothing.
    """
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = area.verticalScrollBar()
    bar.setEnabled(False)
    bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))


def leave_ground_to_frame(area: QAbstractScrollArea) -> None:
    """Its frame alone draws the ground: what has a rule of the style sheet with a background needs no second one inside.

    Qt 6.11 keeps 1 KB for each inside it drew with a style sheet, and never lets it go: its cache does not hear of their end.
    """
    area.viewport().setAutoFillBackground(False)


def plain_mnemonic(text: str) -> str:
    """`text` with its ampersands kept as letters, for buttons and buddy labels."""
    return text.replace("&", "&&")


def empty_layout(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets stay.

    Not by takeAt alone: PySide never frees the item it returns, and that item, not the next one, is then told when the widget
    needs another size. Rows laid out anew kept their old height.
    """
    while (item := layout.itemAt(0)) is not None:
        if (widget := item.widget()) is not None:
            layout.removeWidget(widget)
        else:
            _drop_first(layout)


def put_in_place_of(former: QWidget, new: QWidget, layout: QLayout) -> None:
    """Lay `new` out where `former` was, which is deleted when the event loop runs."""
    if (item := layout.replaceWidget(former, new)) is not None:
        shiboken6.delete(item)  # nobody else frees it
    former.hide()
    former.deleteLater()


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout; widgets are deleted when the event loop runs."""
    while (item := layout.itemAt(0)) is not None:
        if (widget := item.widget()) is not None:
            layout.removeWidget(widget)
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            _drop_first(layout)
            clear_layout(inner)
            inner.deleteLater()
        else:
            _drop_first(layout)


def _drop_first(layout: QLayout) -> None:
    """Take the first item out: a layout lives on, a stretch is freed."""
    taken = layout.takeAt(0)
    if taken is not None and not isinstance(taken, QLayout):
        shiboken6.delete(taken)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def tab_stops(widget: QWidget) -> list[QWidget]:
    """What Tab reaches in a widget, in the order of its children; a list that drops down is a window of its own."""
    inside, window = (widget, *widget.findChildren(QWidget)), widget.window()
    return [one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is window]
