# SPDX-License-Identifier: Apache-2.0
"""When something breaks that nobody foresaw: save, then show, then stop. Nothing is ever sent."""

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

_log = logging.getLogger(__name__)

Show = Callable[[str], None]


class CrashGuard:
    """Catches exceptions nobody caught, and hard faults by a file."""

    def __init__(
        self, folder: Path, save: Callable[[], object], show: Show, stop: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._save = save
        self._show = show
        self._stop = stop
        self._file: IO[str] | None = None
        self._busy = threading.Lock()
        self._former = sys.excepthook

    @property
    def fault_file(self) -> Path:
        """Where a hard fault leaves its traces."""
        return self._folder / "hard-fault.txt"

    @property
    def report_file(self) -> Path:
        """The report of the last crash, for a person to read."""
        return self._folder / "last-crash.txt"

    def install(self) -> bool:
        """Start guarding. Tells whether the last run ended in a hard fault."""
        faulted = False
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            faulted = self.fault_file.is_file() and self.fault_file.stat().st_size > 0
            self._file = self.fault_file.open("w", encoding="utf-8")
            faulthandler.enable(self._file)
        except OSError as error:
            _log.info("no file for hard faults: %s", error)
        sys.excepthook = self.handle
        return faulted

    def remove(self) -> None:
        """Stop guarding; an empty fault file is taken away."""
        sys.excepthook = self._former
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
            self.fault_file.unlink(missing_ok=True)

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Save the draft, write and show the report, stop the app. Each step is tried even if another fails."""
        if issubclass(kind, KeyboardInterrupt):
            self._stop()
            return
        if not self._busy.acquire(blocking=False):
            return  # a crash while telling about a crash
        report = "".join(traceback.format_exception(kind, error, trace))
        for step in (self._save, lambda: self._write(report), lambda: self._show(report), self._stop):
            try:
                step()
            except Exception:  # noqa: BLE001 - the crash boundary: the next step must still be tried
                _log.exception("a step of the crash handler failed")
        self._busy.release()

    def _write(self, report: str) -> None:
        self.report_file.write_text(report, encoding="utf-8")
