# SPDX-License-Identifier: Apache-2.0
"""A unified difference as two columns: what stands there now, what will stand there."""

import re
from enum import StrEnum

from core.domain.base import Frozen

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class PairKind(StrEnum):
    """What two lines that stand beside each other have to do with one another."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    GAP = "gap"


class LinePair(Frozen):
    """One row: line number and text at each side. None where that side has no line; a GAP stands for equal lines left out."""

    kind: PairKind
    left: str | None = None
    right: str | None = None
    left_number: int | None = None
    right_number: int | None = None


def side_by_side(difference: str) -> tuple[LinePair, ...]:
    """The rows of a unified diff as `core.documents.export.difference` makes it; none for other words."""
    if not difference.startswith("--- "):
        return ()
    pairs: list[LinePair] = []
    removed: list[tuple[int, str]] = []
    added: list[tuple[int, str]] = []
    left = right = 1

    def flush() -> None:
        for place in range(max(len(removed), len(added))):
            old = removed[place] if place < len(removed) else None
            new = added[place] if place < len(added) else None
            kind = PairKind.REMOVED if new is None else PairKind.ADDED if old is None else PairKind.CHANGED
            pairs.append(
                LinePair(
                    kind=kind,
                    left=None if old is None else old[1],
                    right=None if new is None else new[1],
                    left_number=None if old is None else old[0],
                    right_number=None if new is None else new[0],
                )
            )
        removed.clear()
        added.clear()

    # Only LF ends a line of a difference; a form feed or U+2028 inside one is a letter of it. The first two name the files.
    for line in difference.removesuffix("\n").split("\n")[2:]:
        hunk = _HUNK.match(line)
        if hunk is not None:
            flush()
            start = int(hunk[1])
            if start > left or pairs:
                pairs.append(LinePair(kind=PairKind.GAP))
            left, right = max(start, 1), max(int(hunk[2]), 1)
        elif line.startswith("-"):
            removed.append((left, line[1:]))
            left += 1
        elif line.startswith("+"):
            added.append((right, line[1:]))
            right += 1
        elif line.startswith(" "):
            flush()
            same = line[1:]
            pairs.append(
                LinePair(kind=PairKind.SAME, left=same, right=same, left_number=left, right_number=right)
            )
            left, right = left + 1, right + 1
    flush()
    return tuple(pairs)
