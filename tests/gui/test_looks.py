# SPDX-License-Identifier: Apache-2.0
"""Every page in a test language, German, French, large letters and right to left: nothing untranslated, clipped or overlapping."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.rules import load_rulebook
from gui.help import parts

NAMES = {"English", "Deutsch", "Français", "tiny-llama-lora", "apache-2.0", "Apache license 2.0"}
"""What is the same in every language."""
ABOUT = {
    "Python",
    "Apache-2.0",
    "PSF-2.0",
    "LGPL-3.0",
    *(said for name, _, licence in parts() for said in (name, licence)),
}
"""Of the page About: names and licences. "Close" is Qt's own word, which the test language does not have."""
DATA = re.compile(
    r"[\w./-]+\.(safetensors|json|bin|md|svg|html)\b.*|[\d.,]+ (thousand|million|billion|trillion)|Ctrl\+.*|[^A-Za-z]*FLOP\W.*"
)
"""The name of a file and what was read there; figures of the law's own language."""
PAGES = [
    "home", "folder", "found", "model", "training", "weight", "release", "review", "applies", "documents", "export", "what if",
    "what if, moved", "difference", "written", "left",
]  # fmt: skip


def walked(repository: Path, folder: Path, language: str, percent: int, direction: str) -> dict[str, Any]:
    """What the walk saw, in a process of its own."""
    homes = {f"XDG_{place}_HOME": str(folder) for place in ("CONFIG", "DATA", "CACHE")}
    done = subprocess.run(
        [sys.executable, "tests/gui/looks.py", language, str(percent), direction, str(folder)],
        cwd=repository,
        env={**os.environ, **homes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["pages"] == PAGES
    return seen


def untranslated(words: dict[str, str]) -> dict[str, str]:
    """What was seen without the brackets of the test language, names and data aside."""
    laws = {instrument.title for instrument in load_rulebook().instruments.values()}
    return {
        said: where
        for said, where in words.items()
        if "⟦" not in said
        and re.search("[A-Za-z]{3}", said)
        and said not in NAMES | laws | ABOUT | {"Close"}
        and not DATA.fullmatch(said)
    }


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("language", "percent", "direction"),
    [
        ("pseudo", 100, "ltr"),
        ("pseudo", 200, "ltr"),
        ("pseudo", 200, "rtl"),
        ("de", 100, "ltr"),
        ("fr", 100, "ltr"),
        ("de", 200, "ltr"),
        ("fr", 200, "ltr"),
        ("en", 100, "rtl"),
    ],
)
def test_every_page(tmp_path: Path, repository: Path, language: str, percent: int, direction: str) -> None:
    seen = walked(repository, tmp_path, language, percent, direction)
    assert seen["clipped"] == []
    assert seen["overlaps"] == []
    assert seen["sideways"] == []
    assert seen["twice"] == [], "two controls of one page with the same letter"
    if language == "pseudo":
        assert untranslated(seen["words"]) == {}
        assert sum("⟦" in said for said in seen["words"]) > 300
