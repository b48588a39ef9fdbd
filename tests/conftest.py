# SPDX-License-Identifier: Apache-2.0
"""A hostile test run: no display, no network, nobody's own settings, and no unexpected warning in the log.

No Qt here, so that tests/unit can be run where Qt cannot be loaded.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

# Before anything imports Qt: it reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory(prefix="weighbridge-tests-", ignore_cleanup_errors=True)


def _redirect_home(folder: Path) -> None:
    """Point every place where a program keeps its settings into `folder`."""
    places = {
        "HOME": folder,
        "USERPROFILE": folder,
        "APPDATA": folder / "appdata",
        "LOCALAPPDATA": folder / "localappdata",
        "XDG_CONFIG_HOME": folder / "config",
        "XDG_DATA_HOME": folder / "data",
        "XDG_CACHE_HOME": folder / "cache",
        "XDG_STATE_HOME": folder / "state",
        "XDG_RUNTIME_DIR": folder / "runtime",
    }
    for name, place in places.items():
        place.mkdir(mode=0o700, exist_ok=True)
        os.environ[name] = str(place)


_redirect_home(Path(_HOME.name))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shuffle SEED`: the same seed gives the same order."""
    parser.addoption(
        "--shuffle", metavar="SEED", default="", help="files, and tests within a file, in random order"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that passes only after another one is a test that lies. Files stay whole: their fixtures are dear."""
    seed = config.getoption("--shuffle")
    if not seed:
        return
    chance = random.Random(seed)
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    order = list(files)
    chance.shuffle(order)
    for tests in files.values():
        chance.shuffle(tests)
    items[:] = [item for path in order for item in files[path]]


# The same examples each time: a failure seen once can be seen again. Slow machines are not failures.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


_NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


def _refuse_network(event: str, given: tuple[Any, ...]) -> None:
    """No part of Python in this run reaches out, by whatever library: windows are told apart by files, not by sockets."""
    if event in _NETWORK:
        raise AssertionError(f"the network was tried: {event} {given[1:]!r}")


sys.addaudithook(_refuse_network)


class _Collector(logging.Handler):
    """Keeps what was logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A log message at WARNING or above fails the test, unless it is marked `expects_log`."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.lines and request.node.get_closest_marker("expects_log") is None:
        pytest.fail("unexpected log:\n" + "\n".join(collector.lines), pytrace=False)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting anywhere fails the test: the app needs no network, so its tests need none."""

    def refuse(_socket: socket.socket, address: Any) -> NoReturn:
        pytest.fail(f"a connection was tried: {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def trained(repository: Path) -> Path:
    """Folders that real training tools wrote, with truth.json beside (tests/fixtures/trained)."""
    return repository / "tests" / "fixtures" / "trained"


@pytest.fixture(scope="session")
def example(repository: Path) -> Path:
    """The example that ships with the app; its truth is tests/fixtures/example_truth.json."""
    return repository / "resources" / "examples" / "tiny-llama-lora"
