# SPDX-License-Identifier: Apache-2.0
"""What the installed app puts right before anything else runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gui import frozen


def test_a_program_we_start_gets_the_sessions_library_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    environment = {"LD_LIBRARY_PATH": "/usr/lib/weighbridge/_internal", "LD_LIBRARY_PATH_ORIG": "/opt/mine"}
    frozen.restore_library_path(environment)
    assert environment == {"LD_LIBRARY_PATH": "/opt/mine"}


def test_without_a_former_path_none_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    environment = {"LD_LIBRARY_PATH": "/usr/lib/weighbridge/_internal", "HOME": "/h"}
    frozen.restore_library_path(environment)
    assert environment == {"HOME": "/h"}


def test_from_source_the_persons_own_path_stays() -> None:
    environment = {"LD_LIBRARY_PATH": "/opt/mine"}
    frozen.restore_library_path(environment)
    assert environment == {"LD_LIBRARY_PATH": "/opt/mine"}


def test_a_crash_without_any_output_leaves_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A windowed program on Windows has None for its streams."""

    def broken() -> int:
        print("said into the void")
        raise RuntimeError("the sky fell")

    monkeypatch.setenv("WEIGHBRIDGE_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert frozen.main(broken) == 1
    report = (tmp_path / "crashes" / "start-failed.txt").read_text(encoding="utf-8")
    assert "the sky fell" in report


def test_a_folder_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file is in the way", encoding="utf-8")
    assert frozen.leave_report("report", tmp_path / "crashes") is None


def test_the_exit_code_is_the_apps() -> None:
    assert frozen.main(lambda: 3) == 3
