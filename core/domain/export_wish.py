# SPDX-License-Identifier: Apache-2.0
"""What a person wants written: which documents other than the proposed ones, and as which kinds of file."""

from collections.abc import Iterable
from typing import Literal

from core.domain.base import Frozen
from core.domain.document import DocumentKind

FileKind = Literal["md", "docx", "pdf"]
_ORDER: tuple[FileKind, ...] = ("md", "docx", "pdf")


class ExportWish(Frozen):
    """Only what differs from the proposal is kept: so a document that a later answer asks for comes along."""

    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    formats: tuple[FileKind, ...] = ("md",)

    def documents(self, kinds: Iterable[DocumentKind]) -> tuple[str, ...]:
        """Ids of the documents to write, of those there are."""
        return tuple(
            kind.id
            for kind in kinds
            if kind.id in self.added or (kind.proposed and kind.id not in self.left_out)
        )

    def with_document(self, kind: DocumentKind, on: bool) -> "ExportWish":
        """The same with one document ticked or unticked."""
        added, left_out = set(self.added) - {kind.id}, set(self.left_out) - {kind.id}
        if on and not kind.proposed:
            added.add(kind.id)
        if not on and kind.proposed:
            left_out.add(kind.id)
        return self.replace(added=tuple(sorted(added)), left_out=tuple(sorted(left_out)))

    def with_format(self, which: str, on: bool) -> "ExportWish":
        """The same with one kind of file ticked or unticked."""
        wanted = {*self.formats, which} if on else set(self.formats) - {which}
        return self.replace(formats=tuple(one for one in _ORDER if one in wanted))
