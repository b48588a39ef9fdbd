# SPDX-License-Identifier: Apache-2.0
"""The one door through which a file of the folder is opened: size caps first, placeholders told apart, no blocking."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.scan import strictjson
from core.scan.refusal import refuse
from core.scan.types import Entry
from core.scan.walk import reason

JSON_CAP = 10_000_000
"""Bytes of a configuration file (huggingface.js uses the same cap)."""
STATE_CAP = 200_000_000
"""Bytes of a trainer_state.json: long logs are honest."""
TEXT_CAP = 2_000_000
"""Bytes of a README."""
_POINTER = b"version https://git-lfs.github.com/spec/"
OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file a reader may read, the plain names of its neighbours, and every listed folder by its path."""

    entry: Entry
    siblings: Mapping[str, Entry]
    folders: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Size in bytes when the folder was listed."""
        return self.entry.size

    def sibling(self, name: str) -> "Source | None":
        """The file of this plain name in the same folder, if it was listed there."""
        entry = self.siblings.get(name)
        return Source(entry, self.siblings, self.folders) if entry is not None else None

    def below(self, folder: str) -> Mapping[str, Entry]:
        """The files listed in the folder of this plain name (or "unet/lora") beside the file; empty when none."""
        return self.folders.get(f"{self.entry.folder}/{folder}" if self.entry.folder else folder, {})

    def near(self, folder: str, name: str) -> "Source | None":
        """The file `name` in the folder `folder` beside this file, if it was listed there."""
        files = self.below(folder)
        return Source(files[name], files, self.folders) if name in files else None

    def part(self, start: int, length: int) -> bytes:
        """Up to `length` bytes from `start`. Raises CannotRead, also when the file is a git-lfs placeholder."""
        try:
            handle = os.open(self.entry.real, OPEN_FLAGS)
        except OSError as error:
            raise refuse("file.closed", reason=reason(error)) from error
        try:
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise refuse("file.not_regular")
                if start == 0 or self.size < 1024:
                    no_placeholder(file.read(400))
                # A length out of a file may be any number: what is asked for never exceeds what is there.
                length = min(length, status.st_size - start)
                if start < 0 or length <= 0:
                    return b""
                file.seek(start)
                return file.read(length)
        except OSError as error:
            raise refuse("file.closed", reason=reason(error)) from error

    def content(self, cap: int) -> bytes:
        """All bytes of the file. Raises CannotRead when it is larger than `cap` bytes or empty."""
        if self.size > cap:
            raise refuse("file.large", size=f"{self.size:,}", cap=f"{cap:,}")
        data = self.part(0, cap + 1)
        if len(data) > cap:
            raise refuse("file.large", size=f"{len(data):,}", cap=f"{cap:,}")
        if not data.strip(b"\0 \r\n\t"):
            raise refuse("file.empty")
        return data

    def text(self, cap: int = TEXT_CAP) -> str:
        """The file as text. Raises CannotRead."""
        return strictjson.decode(self.content(cap))

    def json_object(
        self, cap: int = JSON_CAP, *, not_finite: bool = False, most: int = strictjson.MOST
    ) -> dict[str, Any]:
        """The file as one JSON object. Raises CannotRead."""
        value = strictjson.parse(self.content(cap), not_finite=not_finite, most=most)
        if not isinstance(value, dict):
            raise refuse("json.not_object")
        return value


def no_placeholder(head: bytes) -> None:
    """Raise CannotRead when a file begins like a git-lfs placeholder."""
    if head.startswith(_POINTER):
        size = re.search(rb"\nsize (\d{1,20})\s", head + b"\n")
        raise refuse("file.placeholder", size=f"{int(size[1]):,}" if size else "?")
