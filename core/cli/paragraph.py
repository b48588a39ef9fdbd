# SPDX-License-Identifier: Apache-2.0
"""Running text on a terminal."""

import shutil
import textwrap

_WIDEST = 96
"""Columns; longer lines are hard to read."""


def paragraph(words: str, indent: str = "") -> None:
    """Print `words` folded to the terminal's width; the lines after the first stand two places further in, if `indent`."""
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    print(
        textwrap.fill(
            words, width=width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent)
        )
    )
