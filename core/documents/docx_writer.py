# SPDX-License-Identifier: Apache-2.0
"""A Markdown document as a Word file (DOCX): the same words, headings, lists, tables and links. python-docx writes it.

The same text and date give the same bytes: no clock, no user name, and fixed times inside the archive.
"""

import datetime
import functools
import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.documents.columns import column_widths, unbroken
from core.documents.docx_template import MONO, style_ids, template
from core.documents.markdown import clean
from core.documents.readme_parts import split_readme

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD_PARTS = {f"{_W}br": " ", f"{_W}cr": " ", f"{_W}tab": " "}
_SHOWN = frozenset({f"{_W}t", *_WORD_PARTS})
_LONGEST = 255
"""Letters of a title among the properties of the file, as python-docx takes them."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LINK = (0x1D, 0x4F, 0x91)
_SHADE = "F2F2F0"
_BOXES = {"[ ] ": "☐", "[x] ": "☒"}
_BOX_INDENT_POINTS = 16
_SHORT_CODE, _FIRST_ROWS = 20, 2
"""Lines of code that stay on one page, and rows that a table has on its first page at least, its head among them."""


@functools.lru_cache(maxsize=2)  # written, then read again and compared
def markdown_tokens(content: str) -> list[Token]:
    """The block tokens of a document, front matter left out; items to tick ("[x] done") hold a box instead."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(split_readme(content).body)
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        first = (inline.children or [inline])[0]
        box = _BOXES.get(first.content[:4].lower())
        if box is not None and first.type == "text":
            first.content = f"{box} {first.content[4:]}"
            paragraph.meta["box"] = True
    return tokens


def as_docx(content: str, title: str, on: datetime.date) -> bytes:
    """`content` (Markdown) as the bytes of a DOCX file with this title and date."""
    import docx  # 60 ms and 16 MB: only who asks for a Word file pays for it

    document = docx.Document(io.BytesIO(template()))
    _about(document, title, on)
    _Writer(document).write(markdown_tokens(content))
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_times(buffer.getvalue())


def docx_words(data: bytes) -> str:
    """Every word of a DOCX file in reading order, for reading back what was written: from its XML, not by the writer."""
    from docx.oxml import parse_xml

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = parse_xml(archive.read("word/document.xml"))
    paragraphs = (
        "".join(_WORD_PARTS.get(part.tag, part.text or "") for part in paragraph.iter() if part.tag in _SHOWN)
        for paragraph in root.iter(f"{_W}p")
    )
    return " ".join(" ".join(paragraphs).split())


def markdown_words(content: str) -> str:
    """Every word that a reader of the drawn Markdown sees, in order."""
    return " ".join(" ".join(_shown(markdown_tokens(content))).split())


def _shown(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "inline":
            yield "".join(_shown_inline(token.children or []))


def _shown_inline(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("text", "code_inline", "image"):
            yield token.content


def _about(document: "Document", title: str, on: datetime.date) -> None:
    about, line = document.core_properties, " ".join(clean(title).split())
    about.title, about.author, about.last_modified_by, about.comments = (
        line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…",
        "Weighbridge",
        "Weighbridge",
        "",
    )
    about.created = about.modified = datetime.datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a day
    about.revision, about.language = 1, "en"


class _Writer:
    """Walks the tokens and adds paragraphs and tables."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        section = document.sections[0]
        assert section.page_width is not None
        self._width = section.page_width - 2 * (section.left_margin or 0)
        self._numbered: Any = None

    def write(self, tokens: list[Token]) -> None:
        lists: list[str] = []
        quoted, index = 0, 0
        first_in_item = True
        while index < len(tokens):
            token = tokens[index]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
                if lists[-1] == "List Number":
                    self._numbered = _new_numbering(self._document)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "list_item_open":
                first_in_item = True
            elif token.type in ("blockquote_open", "blockquote_close"):
                quoted += 1 if token.nesting > 0 else -1
            elif token.type == "heading_open":
                level = int(token.tag[1:])
                self._inline(self._add(f"Heading {level}"), tokens[index + 1])
                index += 2
            elif token.type == "paragraph_open":
                box = bool(token.meta.get("box"))
                paragraph = self._box() if box else self._paragraph(lists, first=first_in_item, quoted=quoted)
                self._inline(paragraph, tokens[index + 1])
                if tokens[index + 1].content.endswith(":"):  # nothing without what it leads to
                    paragraph.paragraph_format.keep_with_next = True
                first_in_item = False
                index += 2
            elif token.type in ("fence", "code_block"):
                self._code(token.content)
            elif token.type == "table_open":
                end = next(n for n in range(index, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[index:end])
                index = end
            index += 1

    def _paragraph(self, lists: list[str], *, first: bool, quoted: int) -> "Paragraph":
        from docx.shared import Pt

        if lists:
            depth = min(len(lists), 3)
            base = lists[-1] if first else "List Continue"
            paragraph = self._add(base if depth == 1 else f"{base} {depth}")
            paragraph.paragraph_format.space_after = Pt(2)
            if base == "List Number":
                _number(paragraph, self._numbered, depth - 1)
            return paragraph
        return self._add("Quote" if quoted else None)

    def _add(self, style: str | None, words: str = "") -> "Paragraph":
        paragraph = self._document.add_paragraph(words)
        if style is not None:
            paragraph._p.style = style_ids()[style]
        return paragraph

    def _box(self) -> "Paragraph":
        """An item to tick: its box is the mark, so it needs no bullet."""
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        style = paragraph.paragraph_format
        style.left_indent, style.first_line_indent = Pt(_BOX_INDENT_POINTS), Pt(-_BOX_INDENT_POINTS)
        style.space_after = Pt(2)
        return paragraph

    def _code(self, content: str) -> None:
        lines = content.rstrip("\n").split("\n")
        for number, line in enumerate(lines, 1):
            paragraph = self._add("Code", line)
            paragraph.paragraph_format.keep_together = True
            paragraph.paragraph_format.keep_with_next = number < len(lines) <= _SHORT_CODE
            _shade(paragraph._p.get_or_add_pPr())
        self._gap()

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[Token]] = []
        for index, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(tokens[index + 1])
        table = self._document.add_table(rows=len(rows), cols=max(len(row) for row in rows))
        table.style, table.autofit = "Table Grid", False
        widths = column_widths([[_words(cell) for cell in row] for row in rows], self._width)
        for column, width in zip(table.columns, widths, strict=False):
            column.width = width  # the table's own grid: LibreOffice looks at nothing else
        for number, (made, row) in enumerate(zip(table.rows, rows, strict=True)):
            _whole(made)
            for cell, inline, width in zip(made.cells, row, widths, strict=False):
                cell.width = width
                self._cell(cell, inline, head=number == 0)
                if (
                    number < _FIRST_ROWS and len(rows) > _FIRST_ROWS
                ):  # a table does not begin with its head alone
                    cell.paragraphs[0].paragraph_format.keep_with_next = True
        _repeat_head(table.rows[0])
        self._gap()

    def _gap(self) -> None:
        """The paragraph that Word wants after a table, as low as it gets."""
        from docx.shared import Pt

        style = self._document.add_paragraph().paragraph_format
        style.space_after, style.line_spacing = Pt(0), Pt(6)

    def _cell(self, cell: "_Cell", inline: Token, *, head: bool) -> None:
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        self._inline(paragraph, inline, bold=head)
        for run in paragraph.runs:
            run.font.size = Pt(9.5)
        if head:
            _shade(cell._tc.get_or_add_tcPr())

    def _inline(self, paragraph: "Paragraph", token: Token, *, bold: bool = False) -> None:
        strong, italic, link = int(bold), 0, ""
        for child in token.children or []:
            if child.type in ("strong_open", "strong_close"):
                strong += child.nesting
            elif child.type in ("em_open", "em_close"):
                italic += child.nesting
            elif child.type == "link_open":
                link = str(child.attrs.get("href", ""))
            elif child.type == "link_close":
                link = ""
            elif child.type in ("text", "code_inline", "image", "softbreak", "hardbreak"):
                words = " " if child.type.endswith("break") else child.content
                _run(
                    paragraph,
                    words,
                    strong=strong > 0,
                    italic=italic > 0,
                    mono=child.type == "code_inline",
                    link=link,
                )


def _run(paragraph: "Paragraph", words: str, *, strong: bool, italic: bool, mono: bool, link: str) -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(words if mono else unbroken(words))
    run.bold, run.italic = strong or None, italic or None
    if mono:
        run.font.name = MONO
    if link:
        run.font.underline = True
        run.font.color.rgb = RGBColor(*_LINK)
        _hyperlink(paragraph, run._r, link)


def _hyperlink(paragraph: "Paragraph", run: Any, url: str) -> None:
    """Move the last run into a link to `url` (python-docx reads links but has no way to make one)."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(element)
    element.append(run)


def _words(token: Token) -> str:
    return "".join(_shown_inline(token.children or []))


def _new_numbering(document: "Document") -> int:
    """A list that counts from one again; returns its id."""
    from docx.oxml.ns import qn

    style = document.styles["List Number"].element
    numbering = document.part.numbering_part.element
    first = style.pPr.numPr.numId.val
    kind = next(num for num in numbering.num_lst if num.numId == first).abstractNumId.val
    made = numbering.add_num(kind)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.get(qn("w:numId")))


def _number(paragraph: "Paragraph", list_id: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = list_id
    properties.get_or_add_ilvl().val = level


def _shade(properties: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


def _repeat_head(row: Any) -> None:
    """The head of a long table stands on each page, and a screen reader knows it as the head."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """A row is not cut in two by the end of a page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fixed_times(data: bytes) -> bytes:
    """The same archive with one time for every member."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return made.getvalue()
