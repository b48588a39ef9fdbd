# SPDX-License-Identifier: Apache-2.0
"""A short run of the monkey (benchmarks/monkey.py runs the long ones)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from benchmarks.monkey import Monkey
from tests.gui.driver import real_assess


@pytest.mark.slow
def test_three_hundred_random_events_break_nothing(qapp: QApplication, tmp_path: Path) -> None:
    monkey = Monkey(qapp, tmp_path, seed=5, assess=real_assess())
    monkey.run(300)
    assert monkey.problems == []
    assert monkey.done == 300
    assert monkey.counts["edits undone and redone"] > 0, "the monkey must change something"
