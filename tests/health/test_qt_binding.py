# SPDX-License-Identifier: Apache-2.0
"""Refuses a Qt binding that loses references: PySide6 6.12.0 on Python 3.11 drops one of True at every emit,
and after some hundred emits Python aborts. From Python 3.12 on, True cannot be deleted and the count says nothing.
"""

from __future__ import annotations

import subprocess
import sys

EMITS = 50
_COUNT = f"""
import sys
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rang = Signal()

bell = Bell()
bell.rang.connect(lambda: None)
bell.rang.emit()
before = sys.getrefcount(True)
for _ in range({EMITS}):
    bell.rang.emit()
print(sys.getrefcount(True) - before)
"""


def test_emitting_a_signal_loses_no_reference() -> None:
    """In a process of its own, so that a leaking binding cannot take the test run down with it."""
    done = subprocess.run(
        [sys.executable, "-c", _COUNT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert abs(int(done.stdout)) < EMITS / 2, f"{EMITS} emits changed the references of True by {done.stdout}"
