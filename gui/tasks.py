# SPDX-License-Identifier: Apache-2.0
"""One door for background work: a ticket with progress, cancel and one ending. The newest of a kind wins.

The caller's side owns every QObject. A job on the pool carries only a bound emit and a threading.Event, so
nothing of Qt is destroyed on a worker thread.
"""

import contextvars
import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot

from core.errors import Cancelled

_log = logging.getLogger(__name__)

Progress = Callable[[Any], None]
IsCancelled = Callable[[], bool]
Work = Callable[[Progress, IsCancelled], Any]

_PROGRESS, _DONE, _FAILED = "progress", "done", "failed"


class Runner(Protocol):
    """Where jobs run."""

    def run(self, job: Callable[[], None]) -> None:
        """Run `job` some time soon."""

    def wait(self, milliseconds: int) -> bool:
        """Wait until every job is over; False when time ran out."""


class PoolRunner:
    """Jobs on a thread pool of our own."""

    def __init__(self) -> None:
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(2)

    def run(self, job: Callable[[], None]) -> None:
        """Queue `job` on the pool."""
        self._pool.start(job)

    def wait(self, milliseconds: int) -> bool:
        """Wait until the pool is empty."""
        return self._pool.waitForDone(milliseconds)


class ImmediateRunner:
    """Jobs at once, on the caller's thread: for tests."""

    def run(self, job: Callable[[], None]) -> None:
        """Run `job` now."""
        job()

    def wait(self, milliseconds: int) -> bool:
        """Nothing is ever left over."""
        return milliseconds >= 0


class Ticket(QObject):
    """One piece of work in hand. Lives on the caller's thread; signals arrive there."""

    progress = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _from_job = Signal(str, object)

    def __init__(self, kind: str, parent: QObject) -> None:
        super().__init__(parent)
        self.kind = kind
        self._stop = threading.Event()
        self._over = False
        # Qt.AutoConnection: direct for an immediate runner, queued from a pool thread.
        self._from_job.connect(self._arrived, Qt.ConnectionType.AutoConnection)

    @property
    def over(self) -> bool:
        """Whether it ended or was stopped."""
        return self._over

    def cancel(self) -> None:
        """Ask the work to stop; whatever it still brings is dropped."""
        self._stop.set()
        if not self._over:
            self._over = True
            self.ended.emit()

    def ask_to_stop(self) -> None:
        """Ask the work to stop, but hear what it still says: what is done already must be told."""
        self._stop.set()

    def job(self, work: Work) -> Callable[[], None]:
        """What the runner calls."""
        emit, stopped = self._from_job.emit, self._stop.is_set
        here = contextvars.copy_context()  # the language spoken is part of it: a job speaks it too

        def run() -> None:
            try:
                result = here.run(work, lambda value: None if stopped() else emit(_PROGRESS, value), stopped)
            except Cancelled:
                emit(_FAILED, None)
            except Exception as error:  # noqa: BLE001 - the job boundary: every failure is handed to the caller
                emit(_FAILED, error)
            else:
                emit(_DONE, result)

        return run

    @Slot(str, object)
    def _arrived(self, what: str, value: object) -> None:
        if what == _PROGRESS:
            if not self._over:
                self.progress.emit(value)
            return
        if not self._over:
            self._over = True
            if what == _DONE:
                self.done.emit(value)
            elif value is not None:
                self.failed.emit(value)
            self.ended.emit()
        self.deleteLater()  # the job said its last word: nobody emits on this object again


class Tasks(QObject):
    """Starts work and keeps its tickets."""

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner: Runner = runner or PoolRunner()
        self._tickets: dict[str, Ticket] = {}

    def start(
        self,
        kind: str,
        work: Work,
        *,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        progress: Progress | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Ticket:
        """Run `work(progress, cancelled)` in the background and tell the callbacks on this thread.

        Work of the same `kind` that is still running is cancelled first. `ended` comes last, also after a stop.
        """
        self.cancel(kind)
        ticket = Ticket(kind, self)
        self._tickets[kind] = ticket
        ticket.done.connect(done)
        ticket.failed.connect(failed)
        if progress is not None:
            ticket.progress.connect(progress)
        if ended is not None:
            ticket.ended.connect(ended)
        self._runner.run(ticket.job(work))
        return ticket

    def cancel(self, kind: str) -> None:
        """Stop the work of a kind, if there is any."""
        ticket = self._tickets.pop(kind, None)
        if ticket is not None and not ticket.over:
            ticket.cancel()

    def ask_to_stop(self, kind: str) -> None:
        """Ask the work of a kind to stop; it ends by itself, and says whether it was done by then."""
        ticket = self._tickets.get(kind)
        if ticket is not None:
            ticket.ask_to_stop()

    def running(self, kind: str) -> bool:
        """Whether work of a kind is under way."""
        ticket = self._tickets.get(kind)
        return ticket is not None and not ticket.over

    def stop_all(self, milliseconds: int = 5000) -> bool:
        """Cancel everything and wait for the threads: before the window goes away."""
        for kind in tuple(self._tickets):
            self.cancel(kind)
        finished = self._runner.wait(milliseconds)
        if not finished:
            _log.warning("background work did not stop in time")
        return finished
