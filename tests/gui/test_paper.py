# SPDX-License-Identifier: Apache-2.0
"""The document on show leaves the window as text, as PDF and on paper; and it gets the room it needs."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import SIGNAL, QLocale, Qt
from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QFileDialog, QLineEdit

from core.documents import render
from core.documents.docx_writer import docx_words, markdown_words
from gui.app import App
from gui.pages.documents import DocumentsPage
from gui.paper import page_layout, paper, pdf
from tests.gui.driver import button, click, key, running, settle

_CARD = """---
license: mit
---
# A small card

<!-- nobody reads this -->
A [link](https://example.org/) and a picture ![x](/etc/hostname).

```python
print("code stands on a shade")
```

""" + "\n\n".join(f"Paragraph {number} " + "of words " * 40 for number in range(40))


@pytest.fixture
def app(qapp: QApplication, tmp_path: Path, example: Path) -> Iterator[App]:
    with running(qapp, tmp_path) as made:
        made.open(str(example))
        made.wizard.open_step("documents")
        settle()
        yield made


def page(app: App) -> DocumentsPage:
    found = app.wizard.page
    assert isinstance(found, DocumentsPage)
    return found


def content(app: App, place: int = 0) -> str:
    assessment = app.derive.assessment
    assert assessment is not None
    kind = assessment.documents[place]
    project = app.store.project
    assert project.folder is not None
    card = Path(project.folder) / "README.md"
    existing = card.read_bytes() if kind.file_name == "README.md" else None
    return render(kind.id, project, assessment, existing=existing).content


def words_of(data: bytes, folder: Path) -> str:
    """The text of a PDF file by poppler, in one line."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("no pdftotext here; test_a_pdf_has_pages_with_letters reads the bytes")
    (folder / "read.pdf").write_bytes(data)
    done = subprocess.run([tool, str(folder / "read.pdf"), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode("utf-8").split())


def test_a_pdf_says_what_the_card_says(qapp: QApplication, tmp_path: Path) -> None:
    read = words_of(pdf(_CARD, "README.md"), tmp_path)
    for part in ("license mit", "A small card", "A link and a picture", "Paragraph 0 of", "Paragraph 39 of"):
        assert part in read
    assert "nobody reads this" not in read
    assert "# A small" not in read, "drawn, not its source"
    page = "<html><head><style>p { color: red }</style></head><body><p>One <b>1</b></p></body></html>"
    assert words_of(pdf(page, "page.html"), tmp_path).startswith("One 1"), (
        "a page is drawn, without its style sheet"
    )
    assert "<b>1</b>" in words_of(pdf("<b>1</b>", "mof.yml"), tmp_path), "anything else as its source"


def test_a_pdf_has_pages_with_letters(qapp: QApplication) -> None:
    data = pdf(_CARD, "README.md")
    pages = re.search(rb"/Type /Pages.*?/Count (\d+)", data, re.DOTALL)
    assert pages is not None
    assert int(pages[1]) >= 3
    drawn = 0
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            drawn += zlib.decompress(found[1]).count(b" Tj")
        except zlib.error:
            continue
    assert drawn >= 100, "lines of text are drawn as text"
    few = pdf("One line.", "README.md")
    assert re.search(rb"/Count 1\b", few)


def _drawn_on(kind: type) -> int:
    """What pages were drawn on and is still there."""
    gc.collect()
    return sum(1 for one in gc.get_objects() if type(one) is kind and shiboken6.isValid(one))


def test_a_pdf_leaves_no_writer_behind(qapp: QApplication) -> None:
    before = _drawn_on(QPdfWriter)
    for _ in range(3):
        pdf("# Card\n\nWords.", "card.md")
    assert _drawn_on(QPdfWriter) == before


def test_paper_is_black_on_white_and_loads_nothing(app: App) -> None:
    app.theme.choose("dark")
    made = paper(_CARD, "README.md")
    assert made.loadResource(QTextDocument.ResourceType.ImageResource.value, "file:///etc/hostname") is None
    shades = {
        block.blockFormat().background().color().lightness()
        for block in _blocks(made)
        if block.blockFormat().background().style() is not Qt.BrushStyle.NoBrush
    }
    assert shades
    assert min(shades) > 230, "the dark scheme stays in the window"
    app.theme.choose("light")


def _blocks(document: QTextDocument) -> Iterator[object]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def test_paper_sizes_follow_the_country(qapp: QApplication) -> None:
    before = QLocale()
    try:
        for country, size in (
            (QLocale.Country.UnitedStates, QPageSize.PageSizeId.Letter),
            (QLocale.Country.UnitedKingdom, QPageSize.PageSizeId.A4),
        ):
            QLocale.setDefault(QLocale(QLocale.Language.English, country))
            assert page_layout().pageSize().id() is size
    finally:
        QLocale.setDefault(before)


def test_copy_takes_the_text_of_the_file(app: App) -> None:
    click(button(page(app), "Copy"))
    assert QGuiApplication.clipboard().text() == content(app)
    assert page(app).take_away.done.text() == "Copied."
    page(app).list.setCurrentRow(1)
    assert page(app).take_away.done.text() == "", "said of the other document"
    click(button(page(app), "Copy"))
    assert QGuiApplication.clipboard().text() == content(app, 1)


def test_save_as_pdf_writes_the_document_on_show(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "card"
    offered: list[str] = []

    def choose(*given: object) -> tuple[str, str]:
        offered.append(str(given[2]))
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    click(button(page(app), "PDF…"))
    assert offered[0].endswith("README.pdf")
    data = target.with_suffix(".pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert "card.pdf" in page(app).take_away.done.text()
    assert "adapter for text generation" in words_of(data, tmp_path)


def test_a_pdf_that_cannot_be_written_is_told(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "x.pdf"), ""))
    click(button(page(app), "PDF…"))
    assert "x.pdf" in app.board.message
    assert page(app).take_away.done.text() == ""


def test_print_goes_to_the_chosen_printer(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "printed.pdf"

    def accept(dialog: QPrintDialog) -> int:
        lines = [
            one for one in dialog.findChildren(QLineEdit) if isinstance(one.parentWidget(), QAbstractSpinBox)
        ]
        assert lines
        assert all(one.receivers(SIGNAL("destroyed(QObject*)")) for one in lines), "Qt must hear of their end"
        printer = dialog.printer()
        assert isinstance(printer, QPrinter)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out))
        return int(QPrintDialog.DialogCode.Accepted)

    before = _drawn_on(QPrinter)
    monkeypatch.setattr(QPrintDialog, "exec", accept)
    key(app.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "adapter for text generation" in words_of(out.read_bytes(), tmp_path)
    out.unlink()
    monkeypatch.setattr(QPrintDialog, "exec", lambda _: int(QPrintDialog.DialogCode.Rejected))
    page(app).list.setCurrentRow(1)
    click(button(page(app), "Print…"))
    assert not out.exists()
    assert page(app).take_away.done.text() == "", "nothing was sent"
    settle()
    assert _drawn_on(QPrinter) == before


def test_the_scale_folds_to_one_line_and_comes_back(app: App) -> None:
    app.window.resize(1180, 780)
    settle()
    foot = app.wizard.foot
    assert foot.folded
    assert not foot.scale.isVisible()
    assert "FLOP" in foot.figure.text()
    assert foot.height() <= 60
    assert page(app).preview.height() >= app.window.height() * 0.55, "most of the height is the document's"
    assert page(app).preview.width() >= 2 * page(app).list.width()
    foot.unfold.setFocus()
    key(app.window, Qt.Key.Key_Return)
    assert foot.scale.isVisible()
    assert foot.scale.hasFocus()
    app.wizard.open_step("export")
    assert foot.scale.isVisible()
    app.wizard.open_step("documents")
    assert foot.folded


def test_a_dated_pdf_is_the_same_each_time_and_bears_its_day(qapp: QApplication) -> None:
    day = date(2026, 11, 23)
    first = pdf(_CARD, "card.md", title="A card", on=day)
    assert first == pdf(_CARD, "card.md", title="A card", on=day)
    assert b"/CreationDate (D:20261123000000Z" in first
    assert first.count(b"2026-11-23T00:00:00") == 3
    assert first != pdf(_CARD, "card.md", title="A card", on=date(2026, 11, 24))


def test_save_as_word_writes_the_document_on_show(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "card"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    click(page(app).take_away.word)
    written = (tmp_path / "card.docx").read_bytes()
    assert docx_words(written) == markdown_words(content(app))
    assert "Saved card.docx." in page(app).take_away.done.text()
