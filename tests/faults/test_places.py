# SPDX-License-Identifier: Apache-2.0
"""Odd places to run in: other locales and encodings, names that are no text, little memory, no fonts, no display, no network."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import main as command_line

ONLY_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="names of bytes, limits and fontconfig are Linux's"
)
GIGABYTES_4 = 4 * 2**30

_COMMANDS = """
import datetime, sys
opened = []
def heard(event, given):
    if event.startswith("socket.") and event != "socket.gethostname":
        opened.append((event, given[1:]))
sys.addaudithook(heard)
from core.cli import main
model, out = sys.argv[1:]  # a source text cannot hold such names
for words in (["scan", model], ["weigh", model, "--explain"], ["write", model, "--out", out]):
    code = main(words, today=datetime.date(2026, 11, 23))
    assert code == 0, (words, code)
assert not opened, opened
"""


def run(
    *arguments: str | bytes, repository: Path, home: Path, memory: int = 0, **env: str | None
) -> subprocess.CompletedProcess[bytes]:
    """Python in a process of its own with these variables; None takes one away."""
    places = {f"XDG_{name}_HOME": str(home) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    given = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", **env}

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    return subprocess.run(
        [sys.executable, *arguments],
        cwd=repository,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        timeout=110,
        check=False,
        preexec_fn=limit if memory else None,
    )


@pytest.fixture
def model(tmp_path: Path, example: Path) -> Path:
    """The example in a folder whose name is no text, beside a file with such a name."""
    name = b"mod\xff\xfe" if sys.platform == "linux" else "modé".encode()
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    shutil.copytree(example, folder)
    (folder / os.fsdecode(b"notes\xe9.txt" if sys.platform == "linux" else "notesé.txt".encode())).write_text(
        "x"
    )
    return folder


def _documents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


PLACES = {
    "utf-8": {"PYTHONUTF8": "1"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "windows": {"PYTHONIOENCODING": "cp1252"},
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "arabic": {"LC_ALL": "ar_EG.UTF-8", "LANG": "ar_EG.UTF-8"},
}


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_the_same_documents_in_every_locale_and_no_socket(
    tmp_path: Path, model: Path, repository: Path, place: str
) -> None:
    out = Path(os.fsdecode(os.fsencode(tmp_path) + (b"/out\xff" if sys.platform == "linux" else b"/out")))
    done = run(
        "-c",
        _COMMANDS,
        os.fsencode(model),
        os.fsencode(out),
        repository=repository,
        home=tmp_path,
        **PLACES[place],
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    written = _documents(out)
    for name, data in written.items():
        data.decode("utf-8")  # the name of the folder is no text; what stands in a document is
        assert b"\\udc" not in data, name
    command_line(["write", str(model), "--out", str(tmp_path / "here")], today=datetime.date(2026, 11, 23))
    assert written == _documents(tmp_path / "here"), "a document depends on where it was written"


@pytest.mark.parametrize("place", ["utf-8", "ascii"])
def test_json_stays_json_in_every_encoding(tmp_path: Path, model: Path, repository: Path, place: str) -> None:
    done = run(
        "-m",
        "core.cli",
        "scan",
        os.fsencode(model),
        "--json",
        repository=repository,
        home=tmp_path,
        **PLACES[place],
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    read = json.loads(done.stdout.decode("ascii" if place == "ascii" else "utf-8"))
    assert read["format"] == 1
    assert any("×" in str(fact) for fact in read["facts"]) or "×" in json.dumps(read, ensure_ascii=False)


@ONLY_LINUX
@pytest.mark.slow
def test_four_gigabytes_are_enough_for_the_window_and_the_commands(
    tmp_path: Path, example: Path, repository: Path
) -> None:
    out = tmp_path / "out"
    write = ["-m", "core.cli", "write", str(example), "--out", str(out)]
    done = run(*write, repository=repository, home=tmp_path, memory=GIGABYTES_4)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    done = run("-m", "gui", "--smoke", repository=repository, home=tmp_path, memory=GIGABYTES_4)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _no_fonts(folder: Path) -> dict[str, str]:
    empty = folder / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    return {"FONTCONFIG_FILE": str(empty), "FONTCONFIG_PATH": str(folder)}


_PDF = """
import datetime
from core.errors import CannotWrite
from gui.printing import print_pdf
try:
    print(len(print_pdf("# Owl", "Owl", datetime.date(2026, 11, 23))))
except CannotWrite as told:
    print(told.what, told.why, told.todo)
"""


@ONLY_LINUX
@pytest.mark.parametrize("fonts", [True, False])
def test_no_pdf_of_blank_pages_is_made_without_fonts(tmp_path: Path, repository: Path, fonts: bool) -> None:
    done = run("-c", _PDF, repository=repository, home=tmp_path, **({} if fonts else _no_fonts(tmp_path)))
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert (b"This machine has no fonts. Install a font" in done.stdout) is not fonts


@ONLY_LINUX
@pytest.mark.slow
@pytest.mark.parametrize("place", ["turkish", "arabic", "no fonts"])
def test_the_window_does_its_whole_job_there(tmp_path: Path, repository: Path, place: str) -> None:
    env = PLACES.get(place, {})
    if place == "no fonts":
        env = _no_fonts(tmp_path)
    done = run("-m", "gui", "--smoke", repository=repository, home=tmp_path, **env)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"written and read back" in done.stdout


@ONLY_LINUX
def test_no_display_is_said_in_words(tmp_path: Path, repository: Path) -> None:
    done = run(
        "-m",
        "gui",
        repository=repository,
        home=tmp_path,
        DISPLAY=None,
        WAYLAND_DISPLAY=None,
        QT_QPA_PLATFORM=None,
    )
    assert done.returncode == 3
    assert b"no display here" in done.stderr
    assert b"weighbridge --help" in done.stderr
    assert b"Traceback" not in done.stderr


_WINDOW = """
import os, sys
opened = []
sys.addaudithook(lambda event, given: opened.append((event, given[1:])) if event.startswith("socket.") else None)
from gui.__main__ import main
code = main(["--smoke"])
assert code == 0
assert not opened, opened
# Qt's own sockets are not heard of by Python: none is open, and the library that makes them is not even loaded.
assert "libQt6Network" not in open("/proc/self/maps").read()
left = []
for handle in os.listdir("/proc/self/fd"):
    try:
        left.append(os.readlink("/proc/self/fd/" + handle))
    except OSError:
        pass
assert not [one for one in left if one.startswith("socket:")], left
"""


@ONLY_LINUX
def test_the_window_opens_no_socket(tmp_path: Path, repository: Path) -> None:
    done = run("-c", _WINDOW, repository=repository, home=tmp_path)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


@pytest.mark.parametrize("command", ["scan", "flops", "weigh", "check", "write"])
def test_a_path_too_long_ends_no_command(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if command == "write" else []
    code = command_line([command, "x" * 5000, *out], today=datetime.date(2026, 11, 23))
    assert code in (2, 3)
    assert capsys.readouterr().err.strip()
