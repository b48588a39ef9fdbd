# SPDX-License-Identifier: Apache-2.0
"""`make test-deb`: the .deb and the tarball in a clean Debian 12: install, walk, upgrade, downgrade, uninstall without a trace.

Needs root, debootstrap and Xvfb. The clean root is made once and kept in /var/tmp/weighbridge-deb (set
WEIGHBRIDGE_DEBIAN to move it); each run works in an overlay copy that goes away.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import environment
import system_libraries
from freeze import version_info
from linux import packages, trial_tarball
from linux.clean_root import Failed, Machine, clean_root, must, say, screen, until

EXAMPLE = "/usr/lib/weighbridge/_internal/resources/examples/tiny-llama-lora"
TOOLS = {
    "debootstrap": "debootstrap",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "openbox": "openbox",
    "lintian": "lintian",
}
OLD_VERSION, NEW_VERSION = "0.0.1", "99.0"
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
MIME = "application/x-weighbridge-project+json"
WITH_PROJECT = ".+ Weighbridge$"  # the model's name stands before the app's once the project is open
SETTINGS = Path("root/.config/weighbridge/weighbridge.ini")


def main(rest: list[str], root: Path) -> int:
    """Try the packages; a name in `rest` is where the screenshot goes (default build/test-deb.png)."""
    _check()
    deb = root / "dist" / f"weighbridge_{version_info.version()}_{_machine()}.deb"
    if not deb.is_file():
        packages.main([], root)
    other = {version: _other(root, version) for version in (OLD_VERSION, NEW_VERSION)}
    shot = Path(rest[0]) if rest else root / "build" / "test-deb.png"
    try:
        _lint(deb)
        with clean_root() as place, screen() as display:
            machine = Machine(place, display)
            _trial(machine, deb, other, shot)
            trial_tarball.trial(machine, packages.tarball_of(root), SETTINGS, shot)
    except Failed as problem:
        print(f"FAILED: {problem}")
        return 1
    print(f"Both packages install, work and go without a trace. Screenshot: {shot}")
    return 0


def _lint(deb: Path) -> None:
    """Debian's own checker: no error, no warning, and each override is in linux/lintian-overrides with its reason."""
    say("lintian")
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", str(deb)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(done.stdout, end="")
    must(done.returncode == 0, f"lintian: {done.stdout}{done.stderr}")


def _trial(machine: Machine, deb: Path, other: dict[str, Path], shot: Path) -> None:
    for file in (deb, *other.values()):
        shutil.copyfile(file, machine.place / "tmp" / file.name)
    new, old, newest = (f"/tmp/{file.name}" for file in (deb, *other.values()))  # noqa: S108 - inside the throw-away root
    say("what desktops have: the data bases of menus and file types")
    machine.run(*INSTALL, "desktop-file-utils", "shared-mime-info")
    say("an older version is installed and used")
    machine.run(*INSTALL, old)
    project = _use(machine)
    say("upgrade keeps project and settings")
    settings = (machine.place / SETTINGS).read_bytes()
    machine.run(*INSTALL, new)
    must(version_info.version() in machine.run("weighbridge", "--version"), "the new version answers")
    must((machine.place / SETTINGS).read_bytes() == settings, "settings are as they were")
    before = machine.run("weighbridge", "weigh", project, "--on", "2026-11-26", code=0)
    must("FLOP" in before, "the old project is weighed")
    say("the smoke test runs on the X server")
    print(machine.run("weighbridge", "--smoke"), end="")
    say("a double click on a project opens this app")
    _double_click(machine, there=True)
    say("the window opens on the project")
    walk(machine, shot, "weighbridge", project, title=WITH_PROJECT)
    say("a newer version comes and goes: its project is refused politely, its settings are no harm")
    machine.run(*INSTALL, newest)
    with machine.file(str(SETTINGS)).open("a", encoding="utf-8") as opened:
        opened.write("[of a later version]\nunknown=1\n")
    settings = machine.file(str(SETTINGS)).read_bytes()
    machine.run(*INSTALL, "--allow-downgrades", new)
    must(version_info.version() in machine.run("weighbridge", "--version"), "the version went back")
    must(machine.file(str(SETTINGS)).read_bytes() == settings, "settings are as the newer version left them")
    walk(machine, shot.with_name("test-deb-downgraded.png"), "weighbridge", project, title=WITH_PROJECT)
    newer = machine.file("/root/newer.weighbridge.json")
    data = json.loads(machine.file(project).read_text(encoding="utf-8"))
    newer.write_text(json.dumps(data | {"format": data["format"] + 1}), encoding="utf-8")
    kept = newer.read_bytes()
    said = machine.run("weighbridge", "weigh", "/root/newer.weighbridge.json", code=3)
    must("Traceback" not in said and "newer" in said, f"said: {said}")
    must(newer.read_bytes() == kept, "the newer project is untouched")
    print(said, end="")
    say("uninstall leaves no trace, and the person's own files")
    machine.run("apt-get", "purge", "-y", "-qq", "weighbridge")
    left = machine.named_after_us()
    must(not left, f"left behind: {sorted(left)}")
    _double_click(machine, there=False)
    must(
        (machine.place / "usr/lib").is_dir() and (machine.place / project.lstrip("/")).is_file(),
        "user data is kept",
    )
    must((machine.place / SETTINGS).is_file(), "settings are kept")


def _use(machine: Machine) -> str:
    """What a person leaves behind: settings and a saved project; returns the project's path."""
    settings = machine.place / SETTINGS
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[look]\ntheme=dark\n", encoding="utf-8")
    machine.run("sh", "-c", f"cp -r {EXAMPLE} /root/model && weighbridge weigh /root/model >/dev/null")
    fixture = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "projects"
    source = sorted(fixture.rglob("*.weighbridge.json"))[0]
    shutil.copyfile(source, machine.place / "root/mine.weighbridge.json")
    return "/root/mine.weighbridge.json"


def _double_click(machine: Machine, *, there: bool) -> None:
    """The desktop's own tables, as its package scripts wrote them, tie project files to the app."""
    tables = {
        "/usr/share/mime/globs2": f"80:{MIME}:*.weighbridge.json",
        "/usr/share/applications/mimeinfo.cache": f"{MIME}=weighbridge.desktop;",
    }
    for table, line in tables.items():
        file = machine.file(table)
        found = file.is_file() and line in file.read_text(encoding="utf-8").splitlines()
        must(found is there, f"{table} {'has no' if there else 'still has'} {line}")


def walk(machine: Machine, shot: Path, *command: str, title: str = "Weighbridge") -> None:
    """Open the real window, wait for `title` in its frame, take a picture, close it by keyboard as a person would."""
    window = machine.start(*command)
    try:
        found = until(lambda: _xdotool(machine.display, "search", "--onlyvisible", "--name", title), 120)
        number = found.split()[-1]
        time.sleep(5)  # the first derivation and its painting
        colours = _picture(machine.display, number, shot)
        must(colours > 50, f"the window shows something ({colours} colours)")
        # Keys do nothing before the menus are there, which takes its time on a busy machine: pressed until it is heard.
        until(lambda: "over" if window.poll() is not None else _quit(machine, number), 120)
        must(window.returncode == 0, f"the window ended with {window.returncode}")
    finally:
        if window.poll() is None:
            window.terminate()
            window.wait(10)


def _quit(machine: Machine, number: str) -> str:
    _xdotool(machine.display, "windowactivate", "--sync", number)
    _xdotool(machine.display, "key", "--window", number, "ctrl+q")
    time.sleep(2)
    return ""


def _picture(display: dict[str, str], window: str, shot: Path) -> int:
    shot.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["import", "-window", window, str(shot)], env=display, check=True)
    told = subprocess.run(
        ["identify", "-format", "%k", str(shot)], capture_output=True, text=True, check=True
    )
    return int(told.stdout.strip())


def _xdotool(display: dict[str, str], *words: str) -> str:
    return subprocess.run(
        ["xdotool", *words], env=display, capture_output=True, text=True, check=False
    ).stdout.strip()


def _other(root: Path, version: str) -> Path:
    """The same bundle under another version, for upgrade and downgrade."""
    from freeze import build as freezing

    kept = root / "build" / f"weighbridge_{version}_{_machine()}.deb"
    made = packages.make_deb(
        root, root / "dist" / "weighbridge", freezing.source_date(root), quick=True, version=version
    )
    made.replace(kept)
    return kept


def _machine() -> str:
    return subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _check() -> None:
    if os.geteuid() != 0:
        raise environment.SetupError("make test-deb makes a Debian root and so must be run as root.")
    absent = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if absent:
        system_libraries.apt_update()
        system_libraries.apt_install(absent)
