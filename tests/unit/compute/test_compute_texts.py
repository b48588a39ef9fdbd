# SPDX-License-Identifier: Apache-2.0
"""Every sentence the code asks for exists, and none lies unused."""

import re
from pathlib import Path

from core.texts import catalogue

CORE = Path(__file__).parents[3] / "core"


def test_sentences_asked_for_exist_and_none_is_left_over() -> None:
    entries = set(catalogue("compute"))
    patterns: set[str] = set()
    for path in [*(CORE / "compute").glob("*.py"), *(CORE / "reference").glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        patterns.update(re.findall(r'(?:text|said)\(\s*f?"compute\.([^"]+)"', source))
        patterns.update(re.findall(r'"compute\.([^"{}]+)" if', source))
        patterns.update(re.findall(r'else "compute\.([^"{}]+)"', source))
        patterns.update(f"method.{name}" for name in re.findall(r'method="(\w+)"', source))
        patterns.update(f"step.{name}" for name in re.findall(r'\bstep\(\s*"(\w+)"', source))
    missing = {key for key in patterns if "{" not in key and " " not in key and key not in entries}
    assert not missing
    tests = [re.compile(re.sub(r"\\\{[^}]*\\\}", r"[\\w.]+", re.escape(key)) + r"\Z") for key in patterns]
    assert not {entry for entry in entries if not any(test.match(entry) for test in tests)}


def test_sentences_are_plain() -> None:
    for key, sentence in catalogue("compute").items():
        words = set(re.findall(r"[a-z]+", sentence.lower()))
        assert not words & {"invalid", "please", "sorry", "oops", "illegal", "shall"}, key
        for part in re.split(r"(?<=[.!?])\s+", sentence):
            assert len(part.split()) <= 28, key
