# SPDX-License-Identifier: Apache-2.0
"""docs/design.md answers every item of the checklist with tests that exist."""

import ast
import re

from tests.health.tree import ROOT, python_files

ITEMS = 25


def test_every_item_of_the_checklist_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) [^|]*\|(.*)\|$", text, re.MULTILINE))
    assert sorted(map(int, rows)) == list(range(1, ITEMS + 1))
    known = {
        node.name
        for file in python_files("tests")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    for number, proof in rows.items():
        named = re.findall(r"`(test_\w+)`", proof)
        assert named, f"item {number} names no test"
        assert set(named) <= known, f"item {number}: {set(named) - known} is nowhere"
    for path in re.findall(r"`((?:benchmarks|packaging|gui|tests|resources)/[\w/]+\.\w+)", text):
        assert (ROOT / path).is_file(), path
