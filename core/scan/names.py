# SPDX-License-Identifier: Apache-2.0
"""File names as they can be shown: one line, readable text, no way to reorder what stands beside them."""

import os
import unicodedata


def shown(name: str) -> str:
    """`name` with undecodable bytes, control and direction characters written as escapes (still unique)."""
    if name.isascii() and name.isprintable():
        return name
    # A name of the disk holds undecodable bytes as half characters; a name out of a file may hold any half character.
    try:
        text = os.fsencode(name).decode("utf-8", errors="backslashreplace")
    except UnicodeEncodeError:
        text = name
    return "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else f"\\u{ord(char):04x}"
        for char in text
    )


def ending(name: str) -> str:
    """The file's ending in small letters with its dot, or "" when it has none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem and 0 < len(last) <= 12 else ""
