# SPDX-License-Identifier: Apache-2.0
"""A list that is shown anew after each change: rows that would look the same stay, the others come a few per turn."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.widgets.gradual import Gradual, Make
from gui.widgets.text import tab_stops

Entry = tuple[str, object, Make]
"""Which row it is, what it shows (compared with what it showed before), and the call that makes it."""


class _Row(NamedTuple):
    name: tuple[str, int]
    shows: object
    widget: QWidget


class KeptRows(QObject):
    """Fills a layout. `whole` when the last row stands; a row that is out of date stays until the new one takes its place."""

    whole = Signal()

    def __init__(self, box: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self._rows: list[_Row] = []
        self._gradual = Gradual(lambda _widget: None, self)
        self._gradual.whole.connect(self._end)
        self._between = False

    @property
    def busy(self) -> bool:
        """Whether rows are still to come."""
        return self._gradual.busy

    def show(self, entries: Iterable[Entry]) -> None:
        """Show these rows in this order."""
        self._gradual.stop()
        times: Counter[str] = Counter()
        wanted = []
        for name, shows, make in entries:
            times[name] += 1
            wanted.append(((name, times[name]), shows, make))
        places = {name: place for place, (name, _, _) in enumerate(wanted)}
        kept, last = [], -1
        for row in self._rows:
            place = places.get(row.name, -1)
            if place > last:
                kept.append(row)
                last = place
            else:  # gone, or in another place now
                self._drop(row)
        self._rows = kept
        self._gradual.begin(self._makers(wanted))

    def finish(self) -> None:
        """Build all that is left, now: something among it is wanted."""
        if self.busy:
            self._gradual.finish()

    def _makers(self, wanted: list[tuple[tuple[str, int], object, Make]]) -> Iterator[Make]:
        """A call for each row that is new or shows something else by now; all rows before it stand by then."""
        for place, (name, shows, make) in enumerate(wanted):
            former = self._rows[place] if place < len(self._rows) else None
            if former is None or former.name != name:
                yield lambda place=place, name=name, shows=shows, make=make: self._put(  # type: ignore[misc]
                    place, _Row(name, shows, make())
                )
            elif former.shows != shows:
                yield lambda place=place, name=name, shows=shows, make=make: self._put(  # type: ignore[misc]
                    place, _Row(name, shows, make()), instead=True
                )

    def _end(self) -> None:
        """Rows that came between others are read and reached by Tab where they stand."""
        if self._between:
            self._between = False
            controls = []
            for row in self._rows:
                row.widget.raise_()  # a screen reader reads in the order of the children
                controls += tab_stops(row.widget)
            for one, other in itertools.pairwise(controls):
                QWidget.setTabOrder(one, other)
        self.whole.emit()

    def _put(self, place: int, row: _Row, *, instead: bool = False) -> QWidget:
        focused = instead and self._drop(self._rows.pop(place))
        self._between = self._between or place < len(self._rows)
        self._rows.insert(place, row)
        self._box.insertWidget(place, row.widget)
        if focused and (controls := tab_stops(row.widget)):
            row.widget.show()  # the layout would do it a turn later, and what is hidden gets no focus
            controls[0].setFocus()
        return row.widget

    def _drop(self, row: _Row) -> bool:
        """Take a row away; says whether the focus was in it."""
        focus = QApplication.focusWidget()
        focused = focus is not None and row.widget.isAncestorOf(focus)
        self._box.removeWidget(row.widget)
        row.widget.hide()
        row.widget.deleteLater()
        return focused
