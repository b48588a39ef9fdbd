# SPDX-License-Identifier: Apache-2.0
"""Background work: progress, one ending, failures handed over, the thread that tells is this one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from core.errors import Cancelled, CannotRead
from gui.tasks import ImmediateRunner, PoolRunner, Tasks
from tests.gui.driver import settle, wait


@pytest.fixture(params=[PoolRunner, ImmediateRunner])
def tasks(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Tasks]:
    made = Tasks(request.param())
    yield made
    assert made.stop_all()
    made.deleteLater()


def collect(tasks: Tasks, work: Any) -> list[tuple[str, Any, bool]]:
    """Everything a piece of work tells, and whether it was told on this thread."""
    here, told = threading.get_ident(), []
    tasks.start(
        "x",
        work,
        done=lambda value: told.append(("done", value, threading.get_ident() == here)),
        failed=lambda error: told.append(("failed", error, threading.get_ident() == here)),
        progress=lambda value: told.append(("progress", value, threading.get_ident() == here)),
        ended=lambda: told.append(("ended", None, threading.get_ident() == here)),
    )
    assert wait(lambda: any(what == "ended" for what, _, _ in told))
    return told


def test_progress_result_and_end_in_order_on_this_thread(tasks: Tasks) -> None:
    def work(progress: Any, _cancelled: Any) -> int:
        progress(1)
        progress(2)
        return 3

    assert collect(tasks, work) == [
        ("progress", 1, True),
        ("progress", 2, True),
        ("done", 3, True),
        ("ended", None, True),
    ]
    assert not tasks.running("x")


def test_a_failure_is_handed_over(tasks: Tasks) -> None:
    def work(_progress: Any, _cancelled: Any) -> None:
        raise CannotRead("No.")

    told = collect(tasks, work)
    assert [what for what, _, _ in told] == ["failed", "ended"]
    assert isinstance(told[0][1], CannotRead)


def test_stopped_work_only_ends(tasks: Tasks) -> None:
    def work(_progress: Any, _cancelled: Any) -> None:
        raise Cancelled("Stopped.")

    assert [what for what, _, _ in collect(tasks, work)] == ["ended"]


def test_hundreds_of_jobs_leave_no_ticket_behind(tasks: Tasks) -> None:
    for number in range(300):
        assert collect(tasks, lambda _p, _c, value=number: value)[-1][0] == "ended"
    assert wait(lambda: tasks.running("x") is False)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # a test has no loop that would
    assert len(tasks.children()) == 0


def test_late_results_of_cancelled_work_are_dropped(qapp: QApplication) -> None:
    tasks, hold, told = Tasks(PoolRunner()), threading.Event(), []
    tasks.start("x", lambda _p, _c: hold.wait(5) and "old", done=told.append, failed=told.append)
    tasks.start("x", lambda _p, _c: "new", done=told.append, failed=told.append)
    assert wait(lambda: told == ["new"])
    hold.set()
    assert tasks.stop_all()
    settle()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(tasks.children()) == 0
    assert told == ["new"]
    tasks.deleteLater()


def test_a_job_speaks_the_language_of_the_window(qapp: QApplication) -> None:
    assert qapp is not None
    from core.texts import speak, text

    tasks, said = Tasks(), []
    english = text("facts.tokens")
    try:
        speak("de")
        german = text("facts.tokens")
        tasks.start("job", lambda _p, _c: text("facts.tokens"), done=said.append, failed=said.append)
        assert wait(lambda: bool(said))
    finally:
        speak("en")
    assert said == [german]
    assert german != english
