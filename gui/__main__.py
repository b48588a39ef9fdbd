# SPDX-License-Identifier: Apache-2.0
"""One entry for both: a command goes to the command line without loading Qt, anything else opens the window."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

_NO_DISPLAY = """There is no display here, so no window can open.
Neither DISPLAY nor WAYLAND_DISPLAY is set. Start Weighbridge on a desktop, or use its commands here: weighbridge --help
"""
_WORDS = ("check", "--help", "-h", "--version")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command or open the window; returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given and _is_command(given[0]):
        import datetime

        from core.cli import main as command_line

        today = datetime.date.today()  # noqa: DTZ011 - the person's own calendar day
        return command_line(given, today=today, printer=_print_pdf)
    if not given:  # the usual start; making the parser costs 3 ms
        return _window(None, None, smoke=False)
    parser = argparse.ArgumentParser(prog="weighbridge", description="Opens the window.")
    parser.add_argument("path", nargs="?", help="a model folder, one of its files, or a saved project")
    parser.add_argument("--theme", choices=("light", "dark", "system"))
    parser.add_argument(
        "--smoke", action="store_true", help="test the installation: weigh the example, then end"
    )
    chosen = parser.parse_args(given)
    return _window(chosen.path, chosen.theme, smoke=chosen.smoke)


def _is_command(word: str) -> bool:
    from core.cli import COMMANDS  # not needed for the window

    return word in (*COMMANDS, *_WORDS)


def _print_pdf(content: str, title: str, on: "datetime.date") -> bytes:
    """A PDF file for the command line; Qt is loaded only when one is asked for."""
    from gui.printing import print_pdf

    return print_pdf(content, title, on)


def _has_display() -> bool:
    """Whether a window can stand anywhere: on Linux one of three variables says where."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def _window(path: str | None, theme: str | None, *, smoke: bool) -> int:
    if not _has_display():  # Qt would end the process with a core dump
        sys.stderr.write(_NO_DISPLAY)
        return 3
    from PySide6.QtWidgets import QApplication

    from gui.quick import read_no_sources

    read_no_sources()
    from gui.start import run

    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("weighbridge")
    qt.setApplicationDisplayName("Weighbridge")
    qt.setDesktopFileName("weighbridge")
    return run(qt, path, theme, smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
