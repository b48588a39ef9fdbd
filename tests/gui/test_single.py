# SPDX-License-Identifier: Apache-2.0
"""A second start hands its path to the first window, and opens its own when nobody answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gui.single import Doorbell, hand_over
from tests.gui.driver import wait

CALL = "import sys; from pathlib import Path; from gui.single import hand_over; sys.exit(not hand_over(sys.argv[2], Path(sys.argv[1])))"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("path", ["", "/home/mira/models/mine", "/tmp/Größe ✓"])
def test_the_first_window_hears_a_second_start(qapp: QApplication, place: Path, path: str) -> None:
    heard: list[str] = []
    bell = Doorbell(place)
    bell.rung.connect(heard.append)
    assert bell.listen()
    second = subprocess.Popen([sys.executable, "-c", CALL, str(place), path])
    wait(lambda: bool(heard), 10_000)
    assert heard == [path]
    assert second.wait(10) == 0
    bell.close()
    assert list(place.iterdir()) == []


def test_nobody_there_is_told_and_nothing_is_left(place: Path) -> None:
    assert not hand_over("/x", place, wait_ms=50)
    assert list(place.iterdir()) == []
    assert not hand_over("/x", place / "missing", wait_ms=50)


def test_an_old_call_is_forgotten_and_a_huge_one_is_not_heard(qapp: QApplication, place: Path) -> None:
    (place / "window.call").write_text("/old")
    heard: list[str] = []
    bell = Doorbell(place)
    bell.rung.connect(heard.append)
    bell.listen()
    assert not (place / "window.call").exists()
    (place / "window.call").write_bytes(b"x" * 10_000)
    wait(lambda: not (place / "window.call").exists(), 5000)
    assert heard == []
    bell.close()
