# SPDX-License-Identifier: Apache-2.0
"""`make test-deb`: the .deb in a clean Debian 12: install, start, walk, upgrade, downgrade, uninstall without a trace.

Needs root, debootstrap and Xvfb. The clean root is made once and kept in /var/tmp/weighbridge-deb (set
WEIGHBRIDGE_DEBIAN to move it); each run works in an overlay copy that goes away.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import environment
import system_libraries
from freeze import version_info
from linux import packages

EXAMPLE = "/usr/lib/weighbridge/_internal/resources/examples/tiny-llama-lora"
CACHE = Path(os.environ.get("WEIGHBRIDGE_DEBIAN", "/var/tmp/weighbridge-deb"))  # noqa: S108 - kept between runs on purpose
TOOLS = {
    "debootstrap": "debootstrap",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "import": "imagemagick",
    "openbox": "openbox",
}
OLD_VERSION = "0.0.1"
SETTINGS = Path("root/.config/weighbridge/weighbridge.ini")


class Failed(Exception):
    """A step of the trial did not come out as it must."""


def main(rest: list[str], root: Path) -> int:
    """Try the package; a name in `rest` is where the screenshot goes (default build/test-deb.png)."""
    _check()
    deb = root / "dist" / f"weighbridge_{version_info.version()}_{_machine()}.deb"
    if not deb.is_file():
        packages.main([], root)
    older = _older(root)
    shot = Path(rest[0]) if rest else root / "build" / "test-deb.png"
    try:
        with _clean_root() as place, _display(place) as display:
            _trial(Machine(place, display), deb, older, shot)
    except Failed as problem:
        print(f"FAILED: {problem}")
        return 1
    print(f"The package installs, works, upgrades and goes without a trace. Screenshot: {shot}")
    return 0


class Machine:
    """A Debian root to run commands in."""

    def __init__(self, place: Path, display: str) -> None:
        self.place = place
        self._environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DISPLAY": display, "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
        }  # fmt: skip

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command; returns its output. Raises Failed when it ends with another code."""
        done = subprocess.run(
            ["chroot", str(self.place), *words],
            env=self._environment, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        if done.returncode != code:
            raise Failed(
                f"{' '.join(words)} ended with {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
            )
        return done.stdout + done.stderr

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program and go on."""
        return subprocess.Popen(["chroot", str(self.place), *words], env=self._environment)

    def named_after_us(self) -> set[str]:
        """Every path outside home and temporary folders that carries the app's name."""
        found = set()
        for folder, folders, files in os.walk(self.place):
            folders[:] = [
                one for one in folders if Path(folder, one) not in {self.place / "proc", self.place / "tmp"}
            ]
            for one in (*folders, *files):
                if "weighbridge" in one.lower():
                    found.add("/" + str(Path(folder, one).relative_to(self.place)))
        return {path for path in found if not path.startswith(("/root/", "/var/cache/", "/var/lib/apt/"))}


def _trial(machine: Machine, deb: Path, older: Path, shot: Path) -> None:
    for file in (deb, older):
        shutil.copyfile(file, machine.place / "tmp" / file.name)
    new, old = f"/tmp/{deb.name}", f"/tmp/{older.name}"  # noqa: S108 - inside the throw-away root
    _say("an older version is installed and used")
    machine.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", old)
    project = _use(machine)
    _say("upgrade keeps project and settings")
    settings = (machine.place / SETTINGS).read_bytes()
    machine.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", new)
    _must(version_info.version() in machine.run("weighbridge", "--version"), "the new version answers")
    _must((machine.place / SETTINGS).read_bytes() == settings, "settings are as they were")
    before = machine.run("weighbridge", "weigh", project, "--on", "2026-11-26", code=0)
    _must("FLOP" in before, "the old project is weighed")
    _say("the smoke test runs on the X server")
    print(machine.run("weighbridge", "--smoke"), end="")
    _say("the window opens on the project")
    _walk(machine, project, shot)
    _say("a newer project is refused politely")
    newer = machine.place / "root/newer.weighbridge.json"
    data = json.loads((machine.place / project.lstrip("/")).read_text(encoding="utf-8"))
    newer.write_text(json.dumps(data | {"format": data["format"] + 1}), encoding="utf-8")
    kept = newer.read_bytes()
    said = machine.run("weighbridge", "weigh", "/root/newer.weighbridge.json", code=3)
    _must("Traceback" not in said and "newer" in said, f"said: {said}")
    _must(newer.read_bytes() == kept, "the newer project is untouched")
    print(said, end="")
    _say("uninstall leaves no trace, and the person's own files")
    machine.run("apt-get", "purge", "-y", "-qq", "weighbridge")
    left = machine.named_after_us()
    _must(not left, f"left behind: {sorted(left)}")
    _must(
        (machine.place / "usr/lib").is_dir() and (machine.place / project.lstrip("/")).is_file(),
        "user data is kept",
    )
    _must((machine.place / SETTINGS).is_file(), "settings are kept")


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


def _walk(machine: Machine, project: str, shot: Path) -> None:
    """Open the real window, go forward by keyboard, take a picture, close it as a person would."""
    display = {**os.environ, "DISPLAY": machine._environment["DISPLAY"]}
    window = machine.start("weighbridge", project)
    try:
        found = _until(lambda: _xdotool(display, "search", "--onlyvisible", "--name", "Weighbridge"), 30)
        number = found.split()[-1]
        time.sleep(2)  # the first derivation and its painting
        first = _picture(display, number, shot)
        _must(first > 50, f"the window shows something ({first} colours)")
        _xdotool(display, "windowactivate", "--sync", number)
        _xdotool(display, "key", "--window", number, "ctrl+q")
        _until(lambda: "over" if window.poll() is not None else "", 15)
        _must(window.returncode == 0, f"the window ended with {window.returncode}")
    finally:
        if window.poll() is None:
            window.terminate()
            window.wait(10)


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


def _until(ask: Callable[[], str], seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    raise Failed(f"nothing came within {seconds} seconds")


def _older(root: Path) -> Path:
    """The same bundle under a lower version, for the upgrade."""
    from freeze import build as freezing

    kept = root / "build" / f"weighbridge_{OLD_VERSION}_{_machine()}.deb"
    made = packages.make_deb(
        root, root / "dist" / "weighbridge", freezing.source_date(root), quick=True, version=OLD_VERSION
    )
    made.replace(kept)
    return kept


@contextmanager
def _clean_root() -> Iterator[Path]:
    base = CACHE / "bookworm"
    if not (base / "usr/bin/dpkg").is_file() or not (CACHE / "ready").is_file():
        _say(f"a clean Debian 12 is made in {base} (once)")
        shutil.rmtree(base, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(base)], check=True)
        (CACHE / "ready").touch()
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        place = Path(folder) / "root"
        subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(place)], check=True)
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", place / "etc" / name)
        mounts = [place / "proc", place / "dev", place / "tmp/.X11-unix"]
        mounts[2].mkdir(parents=True, exist_ok=True)
        Path("/tmp/.X11-unix").mkdir(exist_ok=True)  # noqa: S108 - where X servers put their sockets
        for source, target in zip(("/proc", "/dev", "/tmp/.X11-unix"), mounts, strict=True):  # noqa: S108
            subprocess.run(["mount", "--bind", source, str(target)], check=True)
        try:
            _bring_package_lists(place)
            yield place
        finally:
            for target in reversed(mounts):
                subprocess.run(["umount", "-l", str(target)], check=False)


def _bring_package_lists(place: Path) -> None:
    """The host's way to Debian's packages (mirror, proxy), and fresh lists."""
    for source in Path("/etc/apt/apt.conf.d").glob("*proxy*"):
        shutil.copyfile(source, place / "etc/apt/apt.conf.d" / source.name)
    update = ["chroot", str(place), "apt-get", "update", "-qq"]
    subprocess.run(update, check=True, env=os.environ | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


@contextmanager
def _display(place: Path) -> Iterator[str]:
    """A virtual X server with a window manager; its socket is seen inside `place`."""
    del place
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-ac"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        display = ":" + os.read(reading, 16).decode().strip()
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait(10)
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)


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


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise Failed(what)


def _say(step: str) -> None:
    print(f"── {step}", flush=True)
