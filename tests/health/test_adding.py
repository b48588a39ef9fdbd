# SPDX-License-Identifier: Apache-2.0
"""The worked examples of docs/adding.md work: each block is put where its line says, in a copy, and used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.health.tree import ROOT

WAIT_S = 500
"""Each takes a few seconds of processor; a busy machine may leave it waiting for minutes."""
BLOCK = re.compile(
    r"^In `(?P<file>[^`]+)`, (?P<how>new|at the end|(?P<where>before|after|instead of) `(?P<anchor>[^`]+)`):\n\n"
    r"```\w+\n(?P<body>.*?)```$",
    re.M | re.S,
)
PARTS = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "adding.md").read_text("utf-8"), re.M | re.S)
)
_LEFT = shutil.ignore_patterns("__pycache__", "*.ts", "golden")


def put(tree: Path, part: str) -> None:
    """Carry out the blocks of one example. An anchor that is not there, or is not one place, fails."""
    blocks = list(BLOCK.finditer(PARTS[part]))
    assert len(blocks) == PARTS[part].count("```") // 2, "a block without a line that says where it goes"
    for block in blocks:
        file, body = tree / block["file"], block["body"]
        if block["how"] == "new":
            assert not file.exists(), block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
            continue
        content = file.read_text(encoding="utf-8")
        if block["how"] == "at the end":
            content += body
        elif block["where"] == "instead of":
            assert content.count(block["anchor"]) == 1, f"{block['file']}: {block['anchor']}"
            content = content.replace(block["anchor"], body.rstrip("\n"))
        else:
            lines = content.splitlines(keepends=True)
            places = [
                number for number, line in enumerate(lines) if line.rstrip() == block["anchor"].rstrip()
            ]
            assert places, f"{block['file']}: {block['anchor']}"
            lines.insert(places[0] + (block["where"] == "after"), body)
            content = "".join(lines)
        file.write_text(content, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the examples touch and need."""
    copy = tmp_path / "tree"
    for name in ("core", "gui", "resources"):
        shutil.copytree(ROOT / name, copy / name, ignore=_LEFT)
    for name in ("rules", "gui"):
        shutil.copytree(ROOT / "tests" / name, copy / "tests" / name, ignore=_LEFT)
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy2(ROOT / name, copy / name)
    return copy


def run(tree: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def reader(tree: Path) -> None:
    (tree / "run").mkdir()
    (tree / "run" / "progress.json").write_text('{"done_steps": "120", "batch": 4.0}')
    (tree / "run" / "config.json").write_text('{"model_type": "gpt2"}')
    facts = {
        one["name"]: one["value"] for one in json.loads(run(tree, *CLI, "scan", "run", "--json"))["facts"]
    }
    assert (facts["steps"], facts["batch_per_device"]) == (120, 4)
    (tree / "run" / "progress.json").write_text('{"done_steps": ')
    files = {one["path"]: one for one in json.loads(run(tree, *CLI, "scan", "run", "--json"))["files"]}
    assert files["progress.json"]["outcome"] == "unreadable"


def architecture(tree: Path) -> None:
    (tree / "config.json").write_text('{"model_type": "example_lm"}')
    count = json.loads(run(tree, *CLI, "flops", "config.json", "--seq", "128", "--json"))
    head, heads, kv = 64, 32, 4
    attention = 2 * (2048 * 2048 + 2048 * kv * head) + (heads + 2 * kv) * head + 2 * head
    layer = attention + 3 * 2048 * 5632 + 2 * 2048
    assert count["parameters"]["total"] == 22 * layer + 2048 + 2 * 32000 * 2048


def law(tree: Path) -> None:
    run(
        tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/rules/test_scenarios.py", "-k", "iceland"
    )
    (tree / "answers.yaml").write_text("origin: from_scratch\nstated_flop: 200000000000000000000000000\n")
    told = json.loads(run(tree, *CLI, "weigh", "--answers", "answers.yaml", "--on", "2027-01-01", "--json"))
    (found,) = (one for one in told["findings"] if one["instrument"] == "is-example")
    assert found["outcome"] == "applies"


def document(tree: Path) -> None:
    example = "resources/examples/tiny-llama-lora"
    run(tree, *CLI, "write", example, "--out", "out", "--only", "press")
    assert "tiny-llama-lora took about 1.2 × 10¹⁰ FLOP to train." in (tree / "out" / "press.md").read_text(
        "utf-8"
    )


def page(tree: Path) -> None:
    (tree / "tests" / "gui" / "test_sources.py").write_text(PAGE, encoding="utf-8")
    run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/gui/test_sources.py")


CLI = ("-m", "core.cli")
PAGE = """
from tests.gui.driver import running, wait


def test_sources(qapp, tmp_path, example):
    with running(qapp, tmp_path) as app:
        app.open(str(example))
        assert wait(lambda: app.derive.assessment is not None and not app.scanner.busy)
        app.wizard.open_step("sources")
        assert wait(lambda: any("2024/1689" in words or "AB 2013" in words for words in app.wizard.page.shown))
"""
EXAMPLES: dict[str, Callable[[Path], None]] = {
    "A reader": reader,
    "An architecture": architecture,
    "A law": law,
    "A document": document,
    "A page": page,
}


@pytest.mark.timeout(2 * WAIT_S)
@pytest.mark.parametrize("part", EXAMPLES)
def test_the_worked_example_works(part: str, tree: Path) -> None:
    put(tree, part)
    run(tree, "-m", "ruff", "check", "--no-cache", "core", "gui")
    run(tree, "-m", "ruff", "format", "--no-cache", "--check", "core", "gui")
    EXAMPLES[part](tree)


def test_every_example_is_tried() -> None:
    assert set(PARTS) == set(EXAMPLES)
