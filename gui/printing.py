# SPDX-License-Identifier: Apache-2.0
"""PDF files without a window, for the command line."""

import datetime
import os
import sys

from PySide6.QtGui import QGuiApplication

from gui.paper import pdf

_kept: list[QGuiApplication] = []


def print_pdf(content: str, title: str, on: datetime.date) -> bytes:
    """`content` (Markdown) as a PDF file dated `on`. Raises CannotWrite, as `pdf` does."""
    if QGuiApplication.instance() is None:
        if sys.platform.startswith("linux"):  # a server has no screen; elsewhere there always is one
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _kept.append(QGuiApplication(sys.argv[:1]))
    return pdf(content, "document.md", title=title, on=on)
