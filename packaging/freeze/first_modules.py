# SPDX-License-Identifier: Apache-2.0
"""Prints the modules that the first picture loads, in order: they come first in the archive, so that a cold start reads
two megabytes in one piece and not ten in many. Runs inside the build environment, without a display.
"""

from __future__ import annotations

import os
import sys


def tell() -> None:
    """Print what is loaded now, and end at once."""
    print("\n".join(sys.modules), flush=True)
    os._exit(0)


def main(what: str) -> None:
    """Start `what` up to its first picture."""
    if what == "hello":
        import PySide6.QtCore
        import PySide6.QtWidgets  # noqa: F401 - loaded to be listed

        tell()
    import gui.start
    from gui.__main__ import main as run

    shown = gui.start.Start.show

    def show(start: gui.start.Start) -> None:
        start.window.first.painted.connect(tell)
        shown(start)

    gui.start.Start.show = show  # type: ignore[method-assign]
    run([])


if __name__ == "__main__":
    main(sys.argv[1])
