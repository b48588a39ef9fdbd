# SPDX-License-Identifier: Apache-2.0
"""Sentences of the readers of binary files and logs: all there, all used, all plain."""

import re
from pathlib import Path

import pytest

from core.texts import catalogue
from tests.unit.rules.readability import grade

CORE = Path(__file__).parents[3] / "core" / "scan"
BANNED = re.compile(r"\b(?:invalid|please|sorry|oops|illegal|shall)\b", re.I)


def used() -> set[str]:
    keys: set[str] = set()
    for path in CORE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        keys.update(re.findall(r'"scan_files\.([\w.]+)"', source))
        for key in re.findall(r'refuse\(\s*"([\w.]+)",\s*of="scan_files"', source):
            keys.update(f"{key}.{part}" for part in ("what", "why", "todo"))
    return keys


def test_every_key_in_the_code_has_its_text_and_every_text_its_use() -> None:
    assert set(catalogue("scan_files")) == used()


@pytest.mark.parametrize("key", sorted(catalogue("scan_files")))
def test_sentences_are_plain(key: str) -> None:
    said = re.sub(r"\{\w+\}", "it", catalogue("scan_files")[key])
    assert not BANNED.search(said)
    if len(said.split()) >= 5:
        assert grade(said) <= 9, (grade(said), said)
