# SPDX-License-Identifier: Apache-2.0
"""The example in CONTRIBUTING.md is a reader that works."""

from __future__ import annotations

import re
import types
from pathlib import Path
from typing import Any, cast

import pytest

from core.domain.scan_result import FileOutcome
from core.scan import scan_path, scanner
from core.scan.types import Reader
from tests.health.tree import ROOT


def test_the_reader_in_contributing_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """About 20 lines of code, and one line in the registry."""
    block = re.search(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.S)
    assert block is not None
    lines = [line for line in block[1].splitlines() if line.strip() and not line.startswith(("#", '"""'))]
    assert len(lines) <= 20
    example: Any = types.ModuleType("example_progress")
    exec(compile(block[1], "CONTRIBUTING.md", "exec"), example.__dict__)
    monkeypatch.setattr(scanner, "READERS", (*scanner.READERS, cast("Reader", example)))
    (tmp_path / "progress.json").write_text('{"done_steps": "120", "batch": 4.0}')
    result = scan_path(tmp_path)
    assert {fact.name: fact.value for fact in result.facts} == {"steps": 120, "batch_per_device": 4}
    assert result.facts[0].origin.describe() == "progress.json, done_steps"
    (tmp_path / "progress.json").write_text('{"done_steps": ')
    (record,) = scan_path(tmp_path).files
    assert record.outcome is FileOutcome.UNREADABLE
