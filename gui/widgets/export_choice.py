# SPDX-License-Identifier: Apache-2.0
"""Which documents to write, and as which kinds of file. Folded: the proposal fits most people."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from core.domain.document import DocumentKind
from core.domain.export_wish import ExportWish
from core.texts import in_words
from gui.tokens import UNIT
from gui.widgets.fold import Fold
from gui.widgets.option import Option
from gui.widgets.text import clear_layout, label


class ExportChoice(QWidget):
    """Shows a wish; `changed(wish)` when somebody ticked or unticked something. It keeps nothing itself."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish = ExportWish()
        self._kinds: tuple[DocumentKind, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.fold: Fold | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing is ticked."""
        return not self._wish.documents(self._kinds) or not self._wish.formats

    def show_wish(self, kinds: tuple[DocumentKind, ...], wish: ExportWish) -> None:
        """Show the documents there are and what is wished for."""
        self._wish = wish
        if kinds != self._kinds or self.fold is None:
            self._kinds = kinds
            self._build()
        else:
            self.fold.say(self._words())
            for name, box in self._boxes.items():
                box.setChecked(name in self._ticked())

    def _build(self) -> None:
        was_open = self.fold is not None and self.fold.is_open
        self._boxes = {}
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

    def _ticked(self) -> set[str]:
        return {*self._wish.documents(self._kinds), *self._wish.formats}

    def _words(self) -> str:
        chosen = self._wish.documents(self._kinds)
        titles = ", ".join(in_words(kind.title) for kind in self._kinds if kind.id in chosen)
        names = ", ".join(words for one, words in self._names() if one in self._wish.formats)
        return self.tr("{documents}. As {formats}.").format(
            documents=titles or self.tr("None"), formats=names or self.tr("nothing")
        )

    def _names(self) -> Sequence[tuple[str, str]]:
        return (
            ("md", self.tr("Markdown")),
            ("docx", self.tr("Word")),
            ("pdf", self.tr("PDF")),
        )

    def _fill(self, box: QVBoxLayout) -> None:
        for kind in self._kinds:
            self._tick(box, kind.id, in_words(kind.title)).clicked.connect(
                lambda on, one=kind: self.changed.emit(self._wish.with_document(one, on))
            )
        box.addSpacing(UNIT)
        for one, words in self._names():
            self._tick(box, one, words).clicked.connect(
                lambda on, which=one: self.changed.emit(self._wish.with_format(which, on))
            )
        box.addWidget(
            label(self.tr("README.md, pictures and NOTICE always stay what they are."), "small", self)
        )

    def _tick(self, box: QVBoxLayout, name: str, words: str) -> QCheckBox:
        made = QCheckBox(self)
        made.setChecked(name in self._ticked())
        self._boxes[name] = made
        box.addWidget(Option(made, words, self))
        return made
