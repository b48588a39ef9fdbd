# SPDX-License-Identifier: Apache-2.0
"""A language nobody speaks: each text longer by a third, with accents, in brackets. Words without brackets were never translated.

It is made for tests by `packaging/translations.py pseudo FOLDER` and not shipped.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.35
_ACCENTS = str.maketrans("aeiouncAEIOUNC", "áéíöüñçÁÉÍÖÜÑÇ")
_KEPT = re.compile(r"(\{[^{}]*\}|&&|&\S|\n|%\w+)")
"""Placeholders, mnemonics and line ends stay as they are."""


def pseudo(text: str) -> str:
    """`text` in that language."""
    if not text.strip():
        return text
    parts = _KEPT.split(text)
    changed = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in parts)
    # In words, as a real language is longer: one long tail could not wrap.
    added, words = max(1, round(len(text) * LONGER)), ""
    while len(words) < added:
        words += " öné" if len(text) > 12 else "ö"
    return f"{OPEN}{changed}{words}{CLOSE}"
