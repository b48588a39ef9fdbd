# SPDX-License-Identifier: Apache-2.0
"""A Markdown document as a Word file (DOCX): the same words, headings, lists, tables and links.

The same text and date give the same bytes: no clock, no user name, and fixed times inside the archive.
"""

import datetime
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.documents import word_parts as word
from core.documents.readme_parts import split_readme

_BOXES = {"[ ] ": "☐", "[x] ": "☒"}
_BOX_INDENT = 320


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
    writer = _Writer()
    body = "".join(writer.blocks(markdown_tokens(content)))
    return word.pack(body, writer.links, writer.lists, title, on)


def docx_words(data: bytes) -> str:
    """Every word of a DOCX file in reading order, for reading back what was written."""
    return " ".join(" ".join(word.words_of(data)).split())


def markdown_words(content: str) -> str:
    """Every word that a reader of the drawn Markdown sees, in order."""
    return " ".join(word.readable(" ".join(_shown(markdown_tokens(content)))).split())


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


class _Writer:
    """Walks the tokens and tells the paragraphs and tables; remembers which links and numbered lists they name."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.lists = 0

    def blocks(self, tokens: list[Token]) -> Iterator[str]:
        """The XML of each block."""
        lists: list[tuple[str, int]] = []
        quoted, index = 0, 0
        first_in_item = True
        while index < len(tokens):
            token = tokens[index]
            if token.type == "bullet_list_open":
                lists.append(("ListBullet", 0))
            elif token.type == "ordered_list_open":
                self.lists += 1
                lists.append(("ListNumber", word.NUMBERS + self.lists))
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "list_item_open":
                first_in_item = True
            elif token.type in ("blockquote_open", "blockquote_close"):
                quoted += 1 if token.nesting > 0 else -1
            elif token.type == "heading_open":
                yield _paragraph(
                    f'<w:pStyle w:val="Heading{token.tag[1:]}"/>', self._inline(tokens[index + 1])
                )
                index += 2
            elif token.type == "paragraph_open":
                kind = _BOXED if token.meta.get("box") else _kind(lists, first=first_in_item, quoted=quoted)
                yield _paragraph(kind, self._inline(tokens[index + 1]))
                first_in_item = False
                index += 2
            elif token.type in ("fence", "code_block"):
                for line in token.content.rstrip("\n").split("\n"):
                    yield _paragraph('<w:pStyle w:val="Code"/>', _run(line))
                yield _GAP
            elif token.type == "table_open":
                end = next(n for n in range(index, len(tokens)) if tokens[n].type == "table_close")
                yield from self._table(tokens[index:end])
                yield _GAP
                index = end
            index += 1

    def _table(self, tokens: list[Token]) -> Iterator[str]:
        rows: list[list[Token]] = []
        for index, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(tokens[index + 1])
        widths = column_widths([[_words(cell) for cell in row] for row in rows], word.TEXT_WIDTH)
        # LibreOffice looks at the table's own grid only, Word at each cell.
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0420" w:firstRow="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        )
        for number, row in enumerate(rows):
            head = number == 0
            # The head of a long table stands on each page, and a screen reader knows it as the head; no row is cut in
            # two by the end of a page.
            kept = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
            # The parser has given each row as many cells as the head.
            cells = "".join(
                self._cell(inline, width, head=head) for inline, width in zip(row, widths, strict=True)
            )
            yield f"<w:tr><w:trPr>{kept}</w:trPr>{cells}</w:tr>"
        yield "</w:tbl>"

    def _cell(self, inline: Token, width: int, *, head: bool) -> str:
        words = self._inline(inline, bold=head, points=9.5)
        shade = word.shading() if head else ""
        inner = _paragraph('<w:spacing w:after="20"/>', words)
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{inner}</w:tc>'

    def _inline(self, token: Token, *, bold: bool = False, points: float = 0) -> str:
        strong, italic, link = int(bold), 0, ""
        made: list[str] = []
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
                look = (
                    ('<w:rStyle w:val="Hyperlink"/>' if link else "")
                    + (word.mono() if child.type == "code_inline" else "")
                    + ("<w:b/><w:bCs/>" if strong > 0 else "")
                    + ("<w:i/><w:iCs/>" if italic > 0 else "")
                    + (word.size(points) if points else "")
                )
                made.append(self._linked(_run(words, look), link) if link else _run(words, look))
        return "".join(made)

    def _linked(self, run: str, url: str) -> str:
        if url not in self.links:
            self.links.append(url)
        return f'<w:hyperlink r:id="{word.link_id(self.links.index(url))}">{run}</w:hyperlink>'


def _kind(lists: list[tuple[str, int]], *, first: bool, quoted: int) -> str:
    """The properties of a paragraph of text where it stands."""
    if lists:
        (name, number), depth = lists[-1], len(lists)
        style = word.list_style(name if first else "ListContinue", depth)
        counted = word.in_list(number, depth) if first and number else ""
        return f'<w:pStyle w:val="{style}"/>{counted}<w:spacing w:after="40"/>'
    return '<w:pStyle w:val="Quote"/>' if quoted else ""


_BOXED = f'<w:spacing w:after="40"/><w:ind w:left="{_BOX_INDENT}" w:hanging="{_BOX_INDENT}"/>'
"""An item to tick: its box is the mark, so it needs no bullet."""
_GAP = '<w:p><w:pPr><w:spacing w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
"""The paragraph that Word wants after a table, as low as it gets."""


def _paragraph(kind: str, inner: str) -> str:
    return f"<w:p>{f'<w:pPr>{kind}</w:pPr>' if kind else ''}{inner}</w:p>"


def _run(words: str, look: str = "") -> str:
    drawn = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{drawn}<w:t xml:space="preserve">{word.xml_text(words)}</w:t></w:r>' if words else ""


def _words(token: Token) -> str:
    return "".join(_shown_inline(token.children or []))


def column_widths(rows: list[list[str]], total: int) -> list[int]:
    """Widths of columns that share `total`: by what stands in them, but no word is cut if there is room."""
    columns = [[row[n] if n < len(row) else "" for row in rows] for n in range(max(map(len, rows)))]
    longest = [
        max((len(one) for cell in column for one in cell.split()), default=1) + 2 for column in columns
    ]
    wanted = [
        max(long, min(max(map(len, column)), 60)) for long, column in zip(longest, columns, strict=True)
    ]
    return [round(total * one / sum(wanted)) for one in wanted]
