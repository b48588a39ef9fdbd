# SPDX-License-Identifier: Apache-2.0
"""Translation for code that is not a QObject (a QObject uses its own tr)."""

from PySide6.QtCore import QCoreApplication


def words(context: str, source: str) -> str:
    """The translation of `source`, or `source` itself."""
    return QCoreApplication.translate(context, source)
