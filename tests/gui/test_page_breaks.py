# SPDX-License-Identifier: Apache-2.0
"""Pages for paper: nothing that leads to something else is left at the foot of a page."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPdfWriter, QTextBlock, QTextDocument, QTextTable
from pytestqt.qtbot import QtBot

from gui.page_breaks import draw_pages
from gui.paper import page_layout, paper, pdf
from gui.widgets.document_parts import tables_of

TEXT = "\n\n".join(f"## Part {n}\n\n### Field {n}\n\n" + "Words and words. " * (n % 7 + 1) for n in range(90))
LISTS = "\n\n".join(f"What part {n} asks:\n\n" + "- One thing\n- Another\n" * (n % 4 + 1) for n in range(60))
ROW = "| a | " + "long words " * 30 + " |\n"
TABLES = "\n\n".join(f"## Table {n}\n\n| A | B |\n|---|---|\n{ROW * 3}" for n in range(12))
MIXED = "\n\n".join(
    f"## Part {n}\n\n### Field {n}\n\nWords and words.\n\n- One\n- Two\n\n| A | B |\n|---|---|\n{ROW * (n % 3 + 1)}"
    for n in range(90)
)


def drawn(content: str) -> QTextDocument:
    document = paper(content, "x.md")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    draw_pages(document, writer)
    return document


def page(block: QTextBlock, *, end: bool = False) -> int:
    document = block.document()
    top = document.documentLayout().blockBoundingRect(block).top()
    line = block.layout().lineAt(block.layout().lineCount() - 1 if end else 0)
    return int((top + line.y() + line.height() / 2) // document.pageSize().height())


def test_no_heading_stands_alone_at_the_foot_of_a_page(qtbot: QtBot) -> None:
    for content in (TEXT, LISTS):
        document = drawn(content)
        assert document.pageCount() > 3
        block = document.begin()
        while block.next().isValid():
            if block.blockFormat().headingLevel() or block.text().endswith(":"):
                assert page(block) == page(block.next()), block.text()
            block = block.next()


def test_a_short_table_without_a_heading_is_not_cut_either(qtbot: QtBot) -> None:
    small = "| A | B |\n|---|---|\n| a | b |\n| c | d |\n| e | f |\n"
    document = drawn("\n\n".join(f"Paragraph {n}.\n\n" * (n % 3 + 1) + small for n in range(60)))
    assert document.pageCount() > 3
    for table in tables_of(document):
        first = table.cellAt(0, 0).firstCursorPosition().block()
        assert page(first) == page(table.cellAt(3, 1).lastCursorPosition().block(), end=True)


def test_a_second_line_begins_under_the_first_word_of_an_item_to_tick(qtbot: QtBot) -> None:
    document = drawn("- [ ] " + "Words and words. " * 20)
    layout = document.begin().layout()
    first, second = layout.lineAt(0), layout.lineAt(1)
    word = first.cursorToX(2)
    assert abs((word[0] if isinstance(word, tuple) else word) - second.x()) < second.width() / 200


def test_a_long_table_does_not_begin_with_its_head_alone(qtbot: QtBot) -> None:
    """Wherever on the page it begins."""
    long = "## Table\n\n| A | B |\n|---|---|\n" + "| a | b |\n" * 30
    for lines in range(26, 36):
        document = drawn("A line.\n\n" * lines + long)
        table = next(tables_of(document))
        first = table.cellAt(0, 0).firstCursorPosition().block()
        assert page(first) == page(table.cellAt(2, 0).firstCursorPosition().block()), lines


def test_short_tables_are_not_cut_and_their_heads_come_again(qtbot: QtBot) -> None:
    document = drawn(TABLES)
    assert document.pageCount() > 2
    tables = [one for one in document.rootFrame().childFrames() if isinstance(one, QTextTable)]
    assert len(tables) == 12
    for table in tables:
        assert table.format().headerRowCount() == 1
        first = table.cellAt(0, 0).firstCursorPosition().block()
        last = table.cellAt(table.rows() - 1, 1).lastCursorPosition().block()
        assert page(first) == page(last, end=True)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_every_word_is_on_some_page(qtbot: QtBot, tmp_path: Path) -> None:
    """Qt loses blocks when it draws a layout that was changed in part."""
    file = tmp_path / "x.pdf"
    file.write_bytes(pdf(MIXED, "x.md"))
    shown = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True)
    for n in range(90):
        assert len(re.findall(rf"\bField {n}\b", shown.stdout)) == 1
    assert shown.stdout.count("Words and words.") >= 90
