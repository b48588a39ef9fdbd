# SPDX-License-Identifier: Apache-2.0
"""House rules about what the code calls, read from its syntax tree."""

from __future__ import annotations

import ast

import pytest

from tests.health.tree import calls, name, python_files

CLOCKS = {
    "date.today", "datetime.today", "datetime.now", "datetime.utcnow",
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.localtime", "time.gmtime",
    "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4",
}  # fmt: skip
RUNS_CODE = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "pickle.load",
    "pickle.loads",
    "torch.load",
}

OWN_NAMES = {"core/cli/main.py", "core/compute/architectures/__init__.py"}


def test_core_has_no_clock() -> None:
    """Days and ids are arguments, so that the same project gives the same documents. Only the command line asks."""
    files = [file for file in python_files("core") if not name(file).startswith("core/cli")]
    found = [
        f"{name(file)}:{line} {called}"
        for file in files
        for line, called in calls(file)
        if any(called == clock or called.endswith("." + clock) for clock in CLOCKS)
    ]
    assert found == []


def test_nothing_from_the_folder_can_run() -> None:
    """No eval, no unpickling, no import by name, no YAML loader that builds objects."""
    found = []
    for file in python_files("core", "gui"):
        # Commands and families of architectures are imported by names that the program itself holds, when asked for.
        own = name(file) in OWN_NAMES
        banned = RUNS_CODE if own else RUNS_CODE | {"importlib.import_module", "import_module"}
        for line, called in calls(file):
            if called in banned or called.endswith(("yaml.unsafe_load", "yaml.full_load")):
                found.append(f"{name(file)}:{line} {called}")
    assert found == []


def test_model_copy_is_banned() -> None:
    """pydantic's model_copy(update=…) skips validation; use the replace() helper of core.domain."""
    found = [
        f"{name(file)}:{node.lineno}"
        for file in python_files("core", "gui", "tests")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "model_copy"
    ]
    assert found == []


def test_no_print_outside_the_command_line() -> None:
    """A windowed app has no terminal: what is printed is lost."""
    found = [
        f"{name(file)}:{line}"
        for file in python_files("core", "gui")
        if not name(file).startswith("core/cli")
        for line, called in calls(file)
        if called == "print"
    ]
    assert found == []


def test_event_order_is_never_repaired() -> None:
    """processEvents() hides an order problem, and a fixed sleep in a test hides a race."""
    found = [
        f"{name(file)}:{line} {called}"
        for file in python_files("core", "gui", "tests")
        for line, called in calls(file)
        if called.endswith(("processEvents", "qtbot.wait", "time.sleep"))
    ]
    assert found == []


@pytest.mark.parametrize("place", ["core", "gui"])
def test_no_assignment_of_globals(place: str) -> None:
    """State lives in objects that are handed down, not in modules."""
    found = [
        f"{name(file)}:{node.lineno}"
        for file in python_files(place)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Global)
    ]
    assert found == []
