# SPDX-License-Identifier: Apache-2.0
"""The start of the installed app: what a frozen program must put right before anything else runs."""

import os
import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path

# The frozen program is started with the bundle's own library path. The loader has read it by now; a program that
# we start (xdg-open and through it a browser or an editor) must find its own libraries again.
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def main(run: Callable[[], int] | None = None) -> int:
    """Run the app; returns the exit code. What breaks before the window's own guard stands is left in a file."""
    restore_library_path(os.environ)
    _fill_voids()
    try:
        if run is None:
            from gui.__main__ import main as run_app

            return run_app()
        return run()
    except Exception:  # noqa: BLE001 - the last boundary: a windowed program has no terminal to tell it to
        import traceback  # only who breaks pays for it

        report = traceback.format_exc()
        sys.stderr.write(report)
        place = leave_report(report, crash_folder())
        if place is not None:
            sys.stderr.write(f"Weighbridge could not start. The report is in {place}; nothing was sent.\n")
        return 1


def restore_library_path(environment: MutableMapping[str, str]) -> None:
    """Give programs started from here the library path that the person's session had."""
    for name in _LIBRARY_PATHS:
        former = environment.pop(f"{name}_ORIG", None)
        if former is not None:
            environment[name] = former
        elif getattr(sys, "frozen", False):
            environment.pop(name, None)


def crash_folder() -> Path:
    """Where reports of crashes lie."""
    from core.places import data_folder

    return data_folder() / "crashes"


def leave_report(report: str, folder: Path) -> Path | None:
    """Write the report for a person to read; returns its place, or None when even that was not possible."""
    import datetime

    file = folder / "start-failed.txt"
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{now}\n{report}", encoding="utf-8")
    except OSError:
        return None
    return file


def _fill_voids() -> None:
    """A windowed program on Windows has no output at all; writing to None would be the next crash."""
    import io

    if sys.stdout is None:  # type: ignore[unreachable, unused-ignore]
        sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    if sys.stderr is None:  # type: ignore[unreachable, unused-ignore]
        sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
