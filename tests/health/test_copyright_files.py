# SPDX-License-Identifier: Apache-2.0
"""The licence of a bundled system library is read from Debian's copyright file."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from tests.health.tree import ROOT

FORM = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"


@pytest.fixture
def inner(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "freeze"))
    return importlib.import_module("inner")


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (
            FORM
            + "Files: *\nCopyright: 2013 A\nLicense: MIT/X\n\nFiles: debian/*\nCopyright: B\nLicense: GPL-2+\n",
            "MIT",
        ),
        (FORM + "Files: *\nLicense: MIT/X Consortium License\n Permission …\n", "MIT"),
        (FORM + "Files: *\nLicense: Expat\n\nFiles: src/a.c\nLicense: ISC\n", "ISC AND MIT"),
        (
            "Old form.\n\nPermission is hereby granted, free of charge,\nto any person obtaining a\ncopy …",
            "MIT",
        ),
    ],
)
def test_the_licence_of_the_upstream_files(inner: ModuleType, text: str, licence: str) -> None:
    assert inner.debian_licence(text) == licence


@pytest.mark.parametrize("text", [FORM + "Files: *\nLicense: Beerware\n", "All rights reserved."])
def test_an_unknown_licence_stops_the_build(inner: ModuleType, text: str) -> None:
    with pytest.raises(inner.UnknownLicence):
        inner.debian_licence(text)


def test_crates_of_a_wheel_are_told_by_its_own_list(inner: ModuleType) -> None:
    crates = [part for part in inner.parts_of("pydantic-core") if part.kind == "cargo"]
    assert len(crates) > 50
    assert {"serde", "speedate"} <= {part.name for part in crates}
    assert all("/" not in part.licence for part in crates)
