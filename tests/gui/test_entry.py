# SPDX-License-Identifier: Apache-2.0
"""The one entry: commands without Qt, the window otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_NO_QT = """
import sys
sys.modules["PySide6"] = None  # any import of it now fails
from gui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run(
    *arguments: str, code: str | None = None, home: Path, repository: Path
) -> subprocess.CompletedProcess[str]:
    """The app in a process of its own."""
    start = ["-c", code] if code else ["-m", "gui"]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=repository,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(home),
            "XDG_DATA_HOME": str(home),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], 0, "weighbridge"),
        (["--help"], 0, "weigh"),
        (["weigh", "no/such/folder"], 3, "is not there"),
    ],
)
def test_a_command_runs_without_qt(
    arguments: list[str], code: int, said: str, tmp_path: Path, repository: Path
) -> None:
    done = run(*arguments, code=_NO_QT, home=tmp_path, repository=repository)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr


def test_smoke_does_the_whole_job_and_ends(tmp_path: Path, repository: Path) -> None:
    done = run("--smoke", "--theme", "dark", home=tmp_path, repository=repository)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("What did you train?")
    assert "written and read back" in done.stdout
    assert list(tmp_path.rglob("*.weighbridge.json")) == []


def test_an_unknown_option_is_a_usage_error(tmp_path: Path, repository: Path) -> None:
    assert run("--nonsense", home=tmp_path, repository=repository).returncode == 2


def test_the_start_does_not_read_the_source_of_every_module(repository: Path) -> None:
    """PySide would; gui/quick.py says why it need not. A newer PySide that asks in another way shows here."""
    code = (
        "import linecache, PySide6.QtCore\n"
        "from gui.quick import read_no_sources\n"
        "before = len(linecache.cache)\n"
        "assert read_no_sources()\n"
        "import gui.shelf, core.flow\n"
        "print(len(linecache.cache) - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repository
    )
    assert done.stdout.strip() == "0"
