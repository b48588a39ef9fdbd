# SPDX-License-Identifier: Apache-2.0
"""What the bundle's data files lose is never read."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import license_expression
import pytest

from tests.health.tree import ROOT


@pytest.fixture
def slim(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "freeze"))
    return importlib.import_module("slim")


def test_the_shortened_licence_index_knows_the_same_licences(slim: ModuleType, tmp_path: Path) -> None:
    whole = license_expression.vendored_scancode_licensedb_index_location
    (tmp_path / "a").mkdir()
    short = tmp_path / "a" / slim.LICENCE_INDEX
    short.write_bytes(Path(whole).read_bytes())
    slim.slim_data(tmp_path)
    assert short.stat().st_size < Path(whole).stat().st_size / 3

    def known(place: str) -> dict[str, tuple[bool, tuple[str, ...]]]:
        symbols = license_expression.get_spdx_licensing(place).known_symbols
        return {
            key: (symbol.is_exception, tuple(getattr(symbol, "aliases", ())))
            for key, symbol in symbols.items()
        }

    assert known(str(short)) == known(str(whole))
    assert len(json.loads(short.read_text(encoding="utf-8"))) > 2000


def test_metadata_keeps_every_header_and_no_readme(slim: ModuleType) -> None:
    text = "Name: x\nVersion: 1.0\nLicense-Expression: MIT\n\n# Read me\n\nVersion: 2\n"
    assert slim.headers(text) == "Name: x\nVersion: 1.0\nLicense-Expression: MIT\n"
