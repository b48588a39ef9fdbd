# SPDX-License-Identifier: Apache-2.0
"""A short run of the monkey (benchmarks/monkey.py runs the long ones)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from benchmarks.monkey import Monkey
from tests.gui.driver import real_assess


@pytest.mark.slow
def test_three_hundred_random_events_break_nothing(qapp: QApplication, tmp_path: Path) -> None:
    monkey = Monkey(qapp, tmp_path, seed=5, assess=real_assess())
    monkey.sample_every, monkey.one_window = 150, True
    monkey.run(300)
    assert monkey.problems == []
    assert monkey.done == 300
    assert monkey.counts["edits undone and redone"] > 0, "the monkey must change something"
    assert [one.events for one in monkey.samples] == [150, 300]
    assert monkey.counts["started again"] == 0, "one window it is"
    assert all(one.widgets > 0 < one.private for one in monkey.samples) or not sys.platform.startswith(
        "linux"
    )
