# SPDX-License-Identifier: Apache-2.0
"""PDF files without a window, for the command line."""

import datetime
import os
import sys

from PySide6.QtGui import QFontDatabase, QGuiApplication

from core.errors import CannotWrite
from gui.paper import pdf
from gui.words import words

_kept: list[QGuiApplication] = []


def print_pdf(content: str, title: str, on: datetime.date) -> bytes:
    """`content` (Markdown) as a PDF file dated `on`. Raises CannotWrite when the machine has no fonts."""
    if QGuiApplication.instance() is None:
        if sys.platform.startswith("linux"):  # a server has no screen; elsewhere there always is one
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _kept.append(QGuiApplication(sys.argv[:1]))
    if not QFontDatabase.families():
        raise CannotWrite(
            words("paper", "The PDF file could not be made."),
            words("paper", "This machine has no fonts."),
            words("paper", "Install a font, or write a Word file."),
        )
    return pdf(content, "document.md", title=title, on=on)
