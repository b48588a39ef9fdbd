# SPDX-License-Identifier: Apache-2.0
"""The lock files fit pyproject.toml, carry hashes, and name no address."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.health.tree import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.M))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    """Each entry goes on with at least one hash; no index or file address is in the file."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_locks_fit_the_project() -> None:
    """Every direct dependency is pinned within its range; `make lock` repairs this."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = [Requirement(line) for line in project["dependencies"]]
    dev = [Requirement(line) for line in project["optional-dependencies"]["dev"]]
    wrong = []
    for lock, wanted in ((LOCKS[0], runtime), (LOCKS[1], runtime + dev)):
        pins = _pins(lock)
        for requirement in wanted:
            pin = pins.get(canonicalize_name(requirement.name))
            if pin is None or pin not in requirement.specifier:
                wrong.append(f"{lock}: {requirement} is {pin}")
    assert wrong == []


def test_the_locks_agree() -> None:
    """What is tested is what ships."""
    runtime, dev = _pins(LOCKS[0]), _pins(LOCKS[1])
    assert {name: pin for name, pin in runtime.items() if dev.get(name) != pin} == {}
