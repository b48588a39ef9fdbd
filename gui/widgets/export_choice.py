# SPDX-License-Identifier: Apache-2.0
"""Which documents to write, and as which kinds of file. Folded: the proposal fits most people."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from core.documents import Format
from core.domain.document import DocumentKind
from gui.tokens import UNIT
from gui.widgets.fold import Fold
from gui.widgets.option import Option
from gui.widgets.text import clear_layout, label


class ExportChoice(QWidget):
    """`changed` when somebody ticked or unticked something. Starts with what is proposed, as Markdown."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.formats: tuple[Format, ...] = (Format.MD,)
        self._kinds: tuple[DocumentKind, ...] = ()
        self._said: dict[str, bool] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.fold: Fold | None = None

    @property
    def only(self) -> tuple[str, ...]:
        """Ids of the documents to write."""
        return tuple(kind.id for kind in self._kinds if self._said.get(kind.id, kind.proposed))

    def show_kinds(self, kinds: tuple[DocumentKind, ...]) -> None:
        """Show the documents there are; what somebody ticked stays."""
        if kinds == self._kinds:
            return
        was_open = self.fold is not None and self.fold.is_open
        self._kinds = kinds
        clear_layout(self._box)
        self.fold = Fold(
            self.tr("Which documents"),
            self._words(),
            self._fill,
            more=self.tr("Change"),
            less=self.tr("Close"),
            parent=self,
        )
        self._box.addWidget(self.fold)
        self.fold.set_open(was_open)

    def _words(self) -> str:
        chosen = self.only
        titles = ", ".join(kind.title for kind in self._kinds if kind.id in chosen)
        names = ", ".join(words for one, words in self._names() if one in self.formats)
        return self.tr("{documents}. As {formats}.").format(
            documents=titles or self.tr("None"), formats=names or self.tr("nothing")
        )

    def _names(self) -> Sequence[tuple[Format, str]]:
        return (
            (Format.MD, self.tr("Markdown")),
            (Format.DOCX, self.tr("Word")),
            (Format.PDF, self.tr("PDF")),
        )

    def _fill(self, box: QVBoxLayout) -> None:
        for kind in self._kinds:
            self._tick(box, kind.title, kind.id in self.only).toggled.connect(
                lambda on, name=kind.id: self._choose(name, on)
            )
        box.addSpacing(UNIT)
        for one, words in self._names():
            self._tick(box, words, one in self.formats).toggled.connect(
                lambda on, which=one: self._choose_format(which, on)
            )
        box.addWidget(
            label(self.tr("README.md, pictures and NOTICE always stay what they are."), "small", self)
        )

    def _tick(self, box: QVBoxLayout, words: str, on: bool) -> QCheckBox:
        made = QCheckBox(self)
        made.setChecked(on)
        box.addWidget(Option(made, words, self))
        return made

    def _choose(self, name: str, on: bool) -> None:
        self._said[name] = on
        self._tell()

    def _choose_format(self, which: Format, on: bool) -> None:
        wanted = {*self.formats, which} if on else set(self.formats) - {which}
        self.formats = tuple(one for one in Format if one in wanted)
        self._tell()

    def _tell(self) -> None:
        if self.fold is not None:
            self.fold.say(self._words())
        self.changed.emit()
