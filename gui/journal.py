# SPDX-License-Identifier: Apache-2.0
"""Writes the newest state of the project on a thread of its own: neither a busy window nor a slow disk holds the other up."""

import contextvars
import threading
import time
from collections.abc import Callable

from core.domain.project import Project

Write = Callable[[Project], None]
Failed = Callable[[Exception], None]


class Journal:
    """`put` a project to have it written by `write`; `failed` is told of an error, on the journal's thread.

    Each `put` says how long it may wait. The earliest moment asked for counts: later states never put it off, and only the
    newest of them is written. The thread begins with the first `put` and ends with `stop`.
    """

    def __init__(self, write: Write, failed: Failed) -> None:
        self._write = write
        self._failed = failed
        self._newest: Project | None = None
        self._due = 0.0
        self._news = threading.Condition()
        self._at_work = threading.Lock()
        self._thread: threading.Thread | None = None
        self._over = False

    @property
    def pending(self) -> bool:
        """Whether a state waits to be written."""
        return self._newest is not None

    def put(self, project: Project, wait_s: float) -> None:
        """Have `project` written within `wait_s` seconds, or sooner when an earlier state asked for that."""
        with self._news:
            due = time.monotonic() + wait_s
            self._due = due if self._newest is None else min(self._due, due)
            self._newest = project
            if self._thread is None:
                self._over = False
                here = contextvars.copy_context()  # errors are told in the language of the window
                self._thread = threading.Thread(
                    target=here.run, args=(self._run,), name="journal", daemon=True
                )
                self._thread.start()
            self._news.notify()

    def write_now(self, project: Project) -> None:
        """Write `project` on this thread in place of whatever waits. Raises what `write` raises."""
        with self._at_work:  # an older state that is being written must not come after this one
            with self._news:
                self._newest = None
            self._write(project)

    def stop(self) -> None:
        """Write what waits and end the thread."""
        with self._news:
            self._over, self._due = True, 0.0
            self._news.notify()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._wait():
            with self._at_work:
                with self._news:
                    project, self._newest = self._newest, None
                if project is None:
                    continue
                try:
                    self._write(project)
                except Exception as error:  # noqa: BLE001 - the edge of the thread: every failure is handed on
                    self._failed(error)

    def _wait(self) -> bool:
        """Sleep until a state is due; False when the thread is to end and nothing is left to write."""
        with self._news:
            while True:
                if self._newest is None:
                    if self._over:
                        return False
                    self._news.wait()
                elif (left := self._due - time.monotonic()) > 0:
                    self._news.wait(left)
                else:
                    return True
