# SPDX-License-Identifier: Apache-2.0
"""docs/architecture.md tells of this tree: its doors exist, and no room is left out."""

from __future__ import annotations

import importlib
import re

from tests.health.tree import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:core|gui)(?:\.\w+)+)`", PAGE)))


def _exists(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or "?") or "." not in name:
            raise
        holder, _, last = name.rpartition(".")
        return hasattr(importlib.import_module(holder), last)
    return True


def test_every_door_exists() -> None:
    """A renamed function or a moved module must take this page along."""
    assert [name for name in NAMED if name != "gui.__main__" and not _exists(name)] == []


def test_every_room_is_named() -> None:
    """Each module and package directly under core and gui."""
    rooms = {
        f"{place}.{path.stem}"
        for place in ("core", "gui")
        for path in (ROOT / place).iterdir()
        if (path.suffix == ".py" and path.name != "__init__.py") or (path / "__init__.py").is_file()
    }
    named = {".".join(name.split(".")[:2]) for name in NAMED}
    assert sorted(rooms - named) == []
