# SPDX-License-Identifier: Apache-2.0
"""A clean Debian 12 to try packages in: made once, copied for each run, with an X server beside it. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from x_server import x_server

CACHE = Path(os.environ.get("WEIGHBRIDGE_DEBIAN", "/var/tmp/weighbridge-deb"))  # noqa: S108 - kept between runs on purpose


class Failed(Exception):
    """A step of the trial did not come out as it must."""


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

    @property
    def display(self) -> dict[str, str]:
        """What programs outside the root need to see its screen."""
        return {**os.environ, "DISPLAY": self._environment["DISPLAY"]}

    def file(self, path: str) -> Path:
        """The file that programs inside call `path`."""
        return self.place / path.lstrip("/")

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


def until(ask: Callable[[], str], seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    raise Failed(f"nothing came within {seconds} seconds")


@contextmanager
def clean_root() -> Iterator[Path]:
    base = CACHE / "bookworm"
    if not (base / "usr/bin/dpkg").is_file() or not (CACHE / "ready").is_file():
        say(f"a clean Debian 12 is made in {base} (once)")
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
def screen() -> Iterator[str]:
    """A virtual X server with a window manager; its socket is seen inside the clean root."""
    with x_server() as display:
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait(10)


def must(holds: bool, what: str) -> None:
    if not holds:
        raise Failed(what)


def say(step: str) -> None:
    print(f"── {step}", flush=True)
