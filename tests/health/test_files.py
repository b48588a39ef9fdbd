# SPDX-License-Identifier: Apache-2.0
"""House rules about files: short, with a licence line, and none that shadows a library."""

from __future__ import annotations

import re

from tests.health.tree import ROOT, name, python_files

SOFT_LINES = 300
HARD_LINES = 500
SPDX = "# SPDX-License-Identifier: Apache-2.0"


def test_files_stay_short() -> None:
    """Over the hard limit fails; over the soft limit is listed for whoever looks (`pytest -s`)."""
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in python_files()}
    for file, lines in lengths.items():
        if lines > SOFT_LINES:
            print(f"soft limit of {SOFT_LINES} lines: {file} has {lines}")
    assert {file: lines for file, lines in lengths.items() if lines > HARD_LINES} == {}


def test_every_file_names_its_licence() -> None:
    """The SPDX line is the first, or the second after a shebang."""
    without = [
        name(file)
        for file in python_files()
        if SPDX not in file.read_text(encoding="utf-8").split("\n", 2)[:2]
    ]
    assert without == []


def test_packaging_is_no_package() -> None:
    """packaging/__init__.py would shadow the library `packaging`, which pip, pytest and others import."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_no_file_shadows_the_standard_library() -> None:
    """A file called imp.py or json.py at the top of a folder that is run breaks frozen builds."""
    shadowing = {"imp.py", "json.py", "types.py", "platform.py", "logging.py", "enum.py", "token.py"}
    top = [
        file for folder in ("packaging", "benchmarks", "docs", ".") for file in (ROOT / folder).glob("*.py")
    ]
    assert [name(file) for file in top if file.name in shadowing] == []


def test_version_is_said_once() -> None:
    """The version is in pyproject.toml and nowhere in the code."""
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert version is not None
    repeated = [
        name(file)
        for file in python_files("core", "gui")
        if f'"{version.group(1)}"' in file.read_text(encoding="utf-8")
    ]
    assert repeated == []
