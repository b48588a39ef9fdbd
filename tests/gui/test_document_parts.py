# SPDX-License-Identifier: Apache-2.0
"""Tables and items to tick, in the preview and on paper."""

from PySide6.QtGui import QTextBlockFormat, QTextLength
from PySide6.QtWidgets import QApplication

from gui.paper import paper
from gui.widgets.document_parts import tables_of

_LISTS = "- [x] Done\n- [ ] Not done, and [a link](https://example.org)\n\n- A plain item\n"
_NARROW = "| A | B |\n|---|---|\n| 1 | 2 |\n"
_WIDE = f"| Name | Note |\n|---|---|\n| n | {'long words ' * 30} |\n"


def test_boxes_are_letters_of_one_size(qapp: QApplication) -> None:
    """Qt draws a small crossed box beside a large empty one."""
    made = paper(_LISTS, "list.md")
    done, left = made.findBlockByNumber(0), made.findBlockByNumber(1)
    assert done.text() == "☒ Done"
    assert left.text() == "☐ Not done, and a link"
    assert left.blockFormat().marker() is QTextBlockFormat.MarkerType.NoMarker
    assert done.textList() is None
    assert left.blockFormat().textIndent() < 0, "a second line begins under the first word"
    plain = made.findBlockByNumber(2)
    assert plain.textList() is not None
    assert plain.text() == "A plain item"


def test_tables_have_single_lines_and_room_around(qapp: QApplication) -> None:
    papers = [paper(content, "x.md") for content in (_NARROW, _WIDE)]
    narrow, wide = (next(tables_of(made)).format() for made in papers)
    for style in (narrow, wide):
        assert style.borderCollapse()
        assert style.bottomMargin() > 0
    assert narrow.width().type() is not QTextLength.Type.PercentageLength, "no wider than it must be"
    first, second = wide.columnWidthConstraints()
    assert second.rawValue() > first.rawValue() * 5
