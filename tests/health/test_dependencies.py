# SPDX-License-Identifier: Apache-2.0
"""Every library is listed with its licence, and each licence goes with how it is used."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest

from tests.health.tree import ROOT


@pytest.fixture
def dependencies(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("dependencies")


@pytest.mark.skipif(sys.platform == "win32", reason="written on Linux and macOS")
def test_the_page_lists_what_the_locks_hold(dependencies: ModuleType) -> None:
    """`python packaging/dependencies.py` writes it anew after `make lock`."""
    listed = dependencies.packages()
    assert (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8") == dependencies.page(listed)
    assert [one.name for one in listed if not one.fits] == []
    assert len([one for one in listed if one.ships]) > 10


@pytest.mark.parametrize(
    ("licence", "may_ship", "may_test"),
    [
        ("MIT", True, True),
        ("GPL-3.0-only", False, False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True, True),
        ("MPL-2.0 AND MIT", False, True),
        ("MIT AND GPL-2.0-only", False, False),
        ("Apache-2.0 OR (MIT AND GPL-2.0-only)", True, True),
        ("AGPL-3.0-only OR LicenseRef-Commercial", False, False),
    ],
)
def test_what_may_ship_and_what_may_test(
    dependencies: ModuleType, licence: str, may_ship: bool, may_test: bool
) -> None:
    assert dependencies.fits(licence, dependencies.MAY_SHIP) is may_ship
    assert dependencies.fits(licence, dependencies.MAY_TEST) is may_test


def test_a_package_without_a_known_licence_is_named(
    dependencies: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "SPELLINGS", {})
    with pytest.raises(LookupError, match="jinja2 names no licence that we know"):
        dependencies.licence_of("jinja2")
