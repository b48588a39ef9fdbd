# SPDX-License-Identifier: Apache-2.0
"""After each window test nothing may be left: no top-level widget, no thread, no timer, no work in a pool."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QStandardPaths, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget

GRACE_MS = 2000  # a job that has just delivered its result may still be returning
_Kind = TypeVar("_Kind")
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember a failure: its traceback keeps widgets alive, which is then not a leak of its own."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh settings and app folders for each test; nobody's own are reachable."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        folder = tmp_path / ".home" / name.lower()
        folder.mkdir(parents=True)
        monkeypatch.setenv(name, str(folder))
    if not sys.platform.startswith("linux"):
        QStandardPaths.setTestModeEnabled(True)
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(tmp_path / ".home" / "settings"))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when it leaves widgets, threads, timers or unfinished work behind."""
    widgets = {id(widget) for widget in qapp.topLevelWidgets()}
    threads = set(threading.enumerate())
    timers = {id(timer) for timer in _alive(QTimer) if timer.isActive()}
    sheet = qapp.styleSheet()
    yield
    left = [f"pool still working: {pool}" for pool in _pools() if not pool.waitForDone(GRACE_MS)]
    _delete_what_asked_for_it()
    if not request.node.stash.get(_FAILED, False):
        left += [_name(widget) for widget in qapp.topLevelWidgets() if id(widget) not in widgets]
        left += [f"QThread running: {thread}" for thread in _alive(QThread) if _runs_on(thread)]
        left += [
            f"timer active: {timer}"
            for timer in _alive(QTimer)
            if timer.isActive() and id(timer) not in timers
        ]
    left += [
        f"Python thread: {thread.name}"
        for thread in threading.enumerate()
        if thread not in threads and thread.is_alive() and not isinstance(thread, threading._DummyThread)
    ]
    for widget in qapp.topLevelWidgets():  # the next test must not pay for this one
        if id(widget) not in widgets:
            widget.close()
            widget.deleteLater()
    _delete_what_asked_for_it()
    if qapp.styleSheet() != sheet:
        qapp.setStyleSheet(sheet)
    if left:
        pytest.fail("left behind:\n" + "\n".join(left), pytrace=False)


def _delete_what_asked_for_it() -> None:
    """Carry out deleteLater (a test has no event loop that would), then drop what only Python still holds."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _alive(kind: type[_Kind]) -> list[_Kind]:
    """Every object of `kind` that Python knows and Qt has not deleted."""
    # type(), not isinstance(): the latter asks foreign proxies for __class__ and may run their code.
    found = [thing for thing in gc.get_objects() if issubclass(type(thing), kind)]
    return [thing for thing in found if shiboken6.isValid(thing)]


def _pools() -> list[QThreadPool]:
    return [QThreadPool.globalInstance(), *_alive(QThreadPool)]


def _runs_on(thread: QThread) -> bool:
    """Whether a thread other than the one we are in is at work."""
    return thread.isRunning() and thread != QThread.currentThread()


def _name(widget: QWidget) -> str:
    return f"widget: {type(widget).__name__} {widget.objectName() or widget.windowTitle()!r}"
