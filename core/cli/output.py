# SPDX-License-Identifier: Apache-2.0
"""What is printed reaches any terminal, pipe or file: no letter that its encoding lacks ends the program.

A terminal may know no more than ASCII, and Windows redirects into its own code page. Names of files may hold bytes that are
no text at all.
"""

import codecs
import sys

_PLAIN = {
    "—": "-", "–": "-", "−": "-", "×": "x", "·": "*", "≤": "<=", "≥": ">=", "≈": "~", "→": "->", "…": "...",
    "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u2009": " ", "€": "EUR",
}  # fmt: skip
_FOR_PEOPLE, _FOR_PROGRAMS = "weighbridge-plain", "weighbridge-json"


def prepare(*, json: bool) -> None:
    """Let what is printed from now on fit: in plain letters for people, as escapes of JSON for programs."""
    codecs.register_error(_FOR_PEOPLE, _plain)
    codecs.register_error(_FOR_PROGRAMS, _escaped)
    for stream, errors in ((sys.stdout, _FOR_PROGRAMS if json else _FOR_PEOPLE), (sys.stderr, _FOR_PEOPLE)):
        change = getattr(stream, "reconfigure", None)  # a test or a window puts something else there
        if change is not None:
            change(errors=errors)


def _plain(error: UnicodeError) -> tuple[bytes, int]:
    """The nearest plain letters; the bytes of a file's name as they are."""
    assert isinstance(error, UnicodeEncodeError)
    made = b""
    for letter in error.object[error.start : error.end]:
        code = ord(letter)
        if 0xDC80 <= code <= 0xDCFF:
            made += bytes([code - 0xDC00])
        else:
            made += _PLAIN.get(letter, "?").encode("ascii")
    return made, error.end


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Escapes of JSON: outside its texts JSON has only ASCII. A letter beyond \uffff is a pair of them."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[place : place + 2].hex() for place in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end
