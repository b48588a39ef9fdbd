# SPDX-License-Identifier: Apache-2.0
"""The comparison of two builds sees each kind of difference."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from tests.health.tree import ROOT


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("freeze.compare")


def made(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a").write_bytes(b"same")
    (folder / "b").write_bytes(b"same")
    (folder / "link").symlink_to("b")
    return folder


def test_equal_folders_have_no_difference(compare: ModuleType, tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), made(tmp_path / "two")
    assert compare.differences(compare.listing(one), compare.listing(other)) == []


def test_bytes_modes_links_and_absence_are_told(compare: ModuleType, tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), made(tmp_path / "two")
    (other / "in" / "a").write_bytes(b"sAme")
    (other / "b").chmod(0o755)
    (other / "link").unlink()
    (other / "link").symlink_to("in/a")
    (one / "c").touch()
    assert compare.differences(compare.listing(one), compare.listing(other)) == [
        "mode differ: b",
        "only in the first: c",
        "bytes differ: in/a",
        "bytes differ: link",
    ]


def test_the_packed_size_knows_no_owner_and_no_time(compare: ModuleType, tmp_path: Path) -> None:
    import os

    one, other = made(tmp_path / "one"), made(tmp_path / "two")
    os.utime(other / "b", (1, 1))
    assert compare._packed(one) == compare._packed(other)
