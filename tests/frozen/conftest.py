# SPDX-License-Identifier: Apache-2.0
"""The frozen app under test: dist/weighbridge, or the folder named by WEIGHBRIDGE_FROZEN. Skipped where none is built."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.health.tree import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def bundle() -> Path:
    folder = Path(os.environ.get("WEIGHBRIDGE_FROZEN", ROOT / "dist" / "weighbridge"))
    if not folder.is_dir():
        pytest.skip("the app is not frozen here; `make test-frozen` freezes it and runs these tests")
    return folder


@pytest.fixture
def run(bundle: Path, tmp_path: Path) -> Run:
    """Runs the frozen program in a home of its own, without anything of the development environment."""
    program = bundle / ("weighbridge-cli.exe" if sys.platform == "win32" else "weighbridge")
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG"}
    }

    def start(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
        return subprocess.run(
            [str(program), *words], env=kept | home | extra, cwd=tmp_path, capture_output=True, text=True,
            encoding="utf-8", timeout=90, check=False,
        )  # fmt: skip

    return start
