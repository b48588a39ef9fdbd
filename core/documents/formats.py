# SPDX-License-Identifier: Apache-2.0
"""The kinds of file that a document is written as: Markdown, Word, PDF. Markdown is the source of the other two."""

import datetime
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import PurePosixPath

from core.documents.docx_writer import as_docx, docx_words, markdown_words
from core.documents.kinds import MODEL_CARD
from core.domain.document import RenderedDocument
from core.errors import BadAnswers
from core.texts import text


class Format(StrEnum):
    """File formats by their ending."""

    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


Printer = Callable[[str, str, datetime.date], bytes]
"""Makes a PDF file from (Markdown, title, date). The window side brings it: the core draws nothing."""


def read_formats(words: str) -> tuple[Format, ...]:
    """The formats of a list such as "md,docx", each once. Raises BadAnswers for an unknown one."""
    chosen = [part.strip().lower() for part in words.split(",") if part.strip()]
    known = [one.value for one in Format]
    for one in chosen:
        if one not in known:
            raise BadAnswers(
                text("formats.unknown", name=one), todo=text("formats.unknown_todo", known=", ".join(known))
            )
    return tuple(dict.fromkeys(Format(one) for one in chosen)) or (Format.MD,)


def files_of(
    document: RenderedDocument, formats: tuple[Format, ...], on: datetime.date, printer: Printer | None = None
) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of `document` in each format, one after the other: a caller may stop between two.

    The model card stays README.md, and what is no Markdown (a picture, a page, NOTICE) stays what it is.
    Raises BadAnswers when a PDF is asked for and nothing can print.
    """
    plain = (document.file_name, document.content.encode("utf-8"))
    if document.kind.id == MODEL_CARD or not document.file_name.endswith(".md"):
        yield plain
        return
    for one in formats:
        yield plain if one is Format.MD else (_name(document, one), convert(document, one, on, printer))


def convert(
    document: RenderedDocument, to: Format, on: datetime.date, printer: Printer | None = None
) -> bytes:
    """`document` as a Word or PDF file; the Word file is read again and every word compared."""
    title = title_of(document)
    if to is Format.PDF:
        if printer is None:
            raise BadAnswers(text("formats.no_printer"), todo=text("formats.no_printer_todo"))
        return printer(document.content, title, on)
    data = as_docx(document.content, title, on)
    if docx_words(data) != markdown_words(document.content):
        from core.documents.check import LostInWriting

        raise LostInWriting(
            text("documents.lost.what", fact=title, name=_name(document, to)),
            why=text("documents.lost.why"),
            todo=text("documents.lost.todo"),
        )
    return data


def title_of(document: RenderedDocument) -> str:
    """The first heading of a document, else the name of its kind."""
    first = next((line for line in document.content.splitlines() if line.startswith("# ")), "")
    return markdown_words(first) or document.kind.title


def _name(document: RenderedDocument, to: Format) -> str:
    return PurePosixPath(document.file_name).with_suffix(f".{to.value}").name
