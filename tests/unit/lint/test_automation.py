# SPDX-License-Identifier: Apache-2.0
"""The GitHub Action's own step and the pre-commit hooks, run as their hosts run them, on a repository of a model."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.unit.lint.good_cards import good_cards

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or sys.platform == "win32", reason="the Action and its step need bash"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "Llama-model"
    folder.mkdir()
    (folder / "README.md").write_text(good_cards()["llama-lora"], encoding="utf-8")
    (folder / "NOTICE").write_text("Llama 3.1 is licensed …", encoding="utf-8")
    config = {"base_model_name_or_path": "meta-llama/Llama-3.1-8B-Instruct", "peft_type": "LORA", "r": 16}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder like the action's environment, with a `weighbridge` that runs this checkout."""
    place = tmp_path / "temp" / "weighbridge" / "bin"
    place.mkdir(parents=True)
    script = place / "weighbridge"
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from gui.__main__ import main; raise SystemExit(main())"
    script.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} {shlex.quote(str(ROOT))} "$@"\n'
    )
    script.chmod(0o755)
    return place


def act(repository: Path, commands: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The step "Check" with the inputs that a workflow gives; the others have the action's defaults."""
    [step] = [one for one in ACTION["runs"]["steps"] if one["name"] == "Check"]
    values = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
    given = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: values[match[1]], value)
        for name, value in step["env"].items()
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=repository,
        env=os.environ | given | {"RUNNER_TEMP": str(commands.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_passes_a_good_folder_and_leaves_sarif(repository: Path, commands: Path) -> None:
    done = act(repository, commands)
    assert done.returncode == 0, done.stderr
    log = json.loads((repository / "weighbridge.sarif").read_text(encoding="utf-8"))
    assert log["version"] == "2.1.0"


def test_the_action_fails_on_a_fault_and_on_what_is_owed_and_still_leaves_sarif(
    repository: Path, commands: Path
) -> None:
    (repository / "NOTICE").unlink()
    (repository / "answers.yaml").write_text("offered_in_california: true\n", encoding="utf-8")
    done = act(repository, commands, sarif="out.sarif", answers="answers.yaml", off="pickle-weights")
    assert done.returncode == 1
    assert "[notice-missing]" in done.stdout
    assert "[owed]" in done.stdout
    log = json.loads((repository / "out.sarif").read_text(encoding="utf-8"))
    assert {"notice-missing", "owed"} <= {one["ruleId"] for one in log["runs"][0]["results"]}


def test_each_hook_runs_as_pre_commit_runs_it(repository: Path, commands: Path) -> None:
    assert [hook["id"] for hook in HOOKS] == ["weighbridge-check", "weighbridge-check-folder"]
    for broken in (False, True):
        if broken:
            card = repository / "README.md"
            card.write_text(card.read_text(encoding="utf-8").replace("license: llama3.1", "license: banana"))
        for hook in HOOKS:
            names = [name.name for name in repository.iterdir() if re.search(hook["files"], name.name)]
            files = names if hook.get("pass_filenames", True) else []
            done = subprocess.run(
                [*shlex.split(hook["entry"]), *files],
                cwd=repository,
                env=os.environ | {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == (1 if broken else 0), done.stdout + done.stderr
