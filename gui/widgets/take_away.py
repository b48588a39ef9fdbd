# SPDX-License-Identifier: Apache-2.0
"""Copy, save as Word or PDF, print: ways to take the document on show away without exporting."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import shiboken6
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QPushButton, QWidget

from core.documents import Format, convert
from core.domain.document import RenderedDocument
from core.errors import WeighbridgeError
from gui.announce import announce
from gui.files import write_atomically
from gui.tokens import UNIT
from gui.widgets.inner_parts import let_go_inside
from gui.widgets.preview import is_markdown
from gui.widgets.text import label

_PAIRS = (slice(0, 2), slice(2, 4), slice(4, 6))
"""The buttons that stay side by side."""
_AIR = 2
"""Place in the layout of the room between what looks and what takes away."""


class TakeAway(QWidget):
    """A row of buttons over the preview. `failed(error)` when a file could not be written."""

    failed = Signal(object)
    sources_wanted = Signal(bool)
    compare_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = self._file_name = ""
        self._folder = Path.home()
        self._document: RenderedDocument | None = None
        self._on = date.min
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, UNIT)
        self._rows.setSpacing(UNIT)
        look, copies, papers = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._take = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for one in (look, self._take, copies, papers):
            one.setSpacing(UNIT)
        self._rows.addLayout(look)
        self.done = label("", "small", self)
        self.done.hide()
        self._rows.addWidget(self.done, 1)
        self._rows.addStretch(0)
        self._rows.addLayout(self._take)
        self._take.addLayout(copies)
        self._take.addLayout(papers)
        self._look, self._pairs = look, (copies, papers)
        self.sources = self._button(
            self.tr("&Sources"),
            self.tr("Shows where each value in this document comes from"),
            self._show_sources,
        )
        self.sources.setCheckable(True)
        self.compare = self._button(
            self.tr("Co&mpare"), self.tr("Shows your README beside the new one"), self._compare
        )
        self.compare.setCheckable(True)
        self.copy = self._button(
            self.tr("C&opy"), self.tr("Copies the text of the file, as it will be written"), self._copy
        )
        self.word = self._button(
            self.tr("&Word…"), self.tr("Writes the document as a Word file"), self._save_word
        )
        self.save = self._button(self.tr("P&DF…"), self.tr("Writes what you see as a PDF file"), self._save)
        self.print = self._button(self.tr("&Print…"), self.tr("Prints what you see"), self._print)
        self._buttons = (self.sources, self.compare, self.copy, self.word, self.save, self.print)
        for place, button in enumerate(self._buttons):
            (look, copies, papers)[place // 2].addWidget(button)  # to look at; to take away
        by_key = QAction(self.tr("Print…"), self)
        by_key.setShortcut(QKeySequence.StandardKey.Print)
        by_key.triggered.connect(self._print)
        self.addAction(by_key)

    def show_document(
        self,
        content: str,
        file_name: str,
        folder: Path,
        document: RenderedDocument | None = None,
        on: date = date.min,
    ) -> None:
        """What to take away; `folder` is where a file is first offered to go, `on` the date it bears."""
        self._document, self._on = document, on
        if (content, file_name) != (self._content, self._file_name):
            self.done.setText("")
            self.done.hide()
        self._content, self._file_name, self._folder = content, file_name, folder
        self.setEnabled(bool(content))
        self.word.setVisible(is_markdown(file_name))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        # What three rows need: by the one row that it is now the page would be too wide, and never become narrow again.
        return QSize(max(map(self._width, _PAIRS)), super().minimumSizeHint().height())

    def _width(self, group: slice) -> int:
        return sum(one.sizeHint().width() + UNIT for one in tuple(self._buttons)[group] if not one.isHidden())

    def _arrange(self) -> None:
        """In one row where all of them fit, else in two or three; a button keeps its width."""
        sideways, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        whole = self._width(slice(None)) + self.done.minimumWidth() + UNIT <= self.width()
        self._rows.setDirection(sideways if whole else down)
        self._take.setDirection(sideways if self._width(slice(2, None)) <= self.width() else down)
        self._rows.setStretch(_AIR, int(whole))  # at the far end of one row, else below the first two
        lead = Qt.AlignmentFlag(0) if whole else Qt.AlignmentFlag.AlignLeading
        for pair in self._pairs:
            self._take.setAlignment(pair, lead)
        for row in (self._look, self._take):
            self._rows.setAlignment(row, lead)

    def _button(self, words: str, description: str, run: object) -> QPushButton:
        made = QPushButton(words, self)
        made.setProperty("role", "small")
        made.setAccessibleDescription(description)
        made.setToolTip(description)
        made.clicked.connect(run)
        return made

    def _show_sources(self) -> None:
        self.sources_wanted.emit(self.sources.isChecked())

    def _compare(self) -> None:
        self.compare_wanted.emit(self.compare.isChecked())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._content)
        self._tell(self.tr("Copied."))

    def _save(self) -> None:
        from gui.paper import pdf  # only who asks for it pays for it

        kinds = self.tr("PDF files ({pattern})").format(pattern="*.pdf")
        self._save_as(self.tr("Save as PDF"), ".pdf", kinds, lambda: pdf(self._content, self._file_name))

    def _save_word(self) -> None:
        document, on = self._document, self._on
        if document is not None:
            kinds = self.tr("Word files ({pattern})").format(pattern="*.docx")
            self._save_as(self.tr("Save as Word"), ".docx", kinds, lambda: convert(document, Format.DOCX, on))

    def _save_as(self, title: str, ending: str, kinds: str, make: Callable[[], bytes]) -> None:
        start = self._folder / f"{Path(self._file_name).stem}{ending}"
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(start), kinds)
        if not chosen:
            return
        path = Path(chosen if chosen.lower().endswith(ending) else chosen + ending)
        try:
            write_atomically(path, make())
        except (WeighbridgeError, OSError) as error:
            self.failed.emit(error)
            return
        self._tell(self.tr("Saved {name}.").format(name=path.name))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from gui.page_breaks import draw_pages
        from gui.paper import page_layout, paper

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(page_layout())
        printer.setDocName(self._file_name)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(self.tr("Print {name}").format(name=self._file_name))
        let_go_inside(dialog)
        try:
            if dialog.exec() == QPrintDialog.DialogCode.Accepted:
                draw_pages(paper(self._content, self._file_name), printer)
                self._tell(self.tr("Sent to the printer."))
        finally:
            dialog.deleteLater()
            shiboken6.delete(printer)  # draw_pages says why

    def _tell(self, words: str) -> None:
        self.done.setText(words)
        self.done.show()
        announce(self, words)
