# SPDX-License-Identifier: Apache-2.0
"""The system libraries that Qt loads on Linux: which are missing, and how to get them.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

# soname -> Debian package names, the newest name first (Debian 13 and Ubuntu 24.04 renamed some for 64-bit time).
OFFSCREEN: dict[str, tuple[str, ...]] = {
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libdbus-1.so.3": ("libdbus-1-3",),
}
X11: dict[str, tuple[str, ...]] = {
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
}
WAYLAND: dict[str, tuple[str, ...]] = {
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
}


class MissingLibraries(Exception):
    """Libraries are missing and we may not install them; the message says what to run."""


def has_display() -> bool:
    """Whether a window can be shown: always outside Linux, on Linux with an X11 or Wayland display."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def needed_for_tests() -> dict[str, tuple[str, ...]]:
    """What Qt's offscreen platform loads."""
    return OFFSCREEN if sys.platform.startswith("linux") else {}


def needed_for_window() -> dict[str, tuple[str, ...]]:
    """What Qt loads to show a window on the display that is there."""
    if not sys.platform.startswith("linux"):
        return {}
    needed = dict(OFFSCREEN)
    if os.environ.get("DISPLAY"):
        needed |= X11
    if os.environ.get("WAYLAND_DISPLAY"):
        needed |= WAYLAND
    return needed


def missing(needed: dict[str, tuple[str, ...]]) -> list[str]:
    """The sonames of `needed` that the dynamic loader does not find."""
    absent = []
    for soname in needed:
        try:
            ctypes.CDLL(soname)
        except OSError:
            absent.append(soname)
    return absent


def is_debian_like() -> bool:
    """Whether Debian's package tool is here (Debian, Ubuntu, Mint, …)."""
    return shutil.which("apt-get") is not None and Path("/etc/debian_version").exists()


def may_install() -> bool:
    """Whether we are root on a Debian-like system, so that apt-get may be run without asking."""
    return is_debian_like() and hasattr(os, "geteuid") and os.geteuid() == 0


def apt_install(packages: list[str]) -> None:
    """Install Debian packages. Raises MissingLibraries with the line to run when it fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = [
        *("apt-get", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"),
        *("install", "-y", "-qq", "--no-install-recommends", *packages),
    ]
    print("Installing system packages:", " ".join(packages), flush=True)
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(result.stderr, file=sys.stderr)
        raise MissingLibraries(f"apt-get failed. Please run:\n    {_line_to_run(packages)}")


def apt_update() -> None:
    """Refresh the package lists; a failure shows up in the install that follows."""
    subprocess.run(
        ["apt-get", "-o", "Acquire::Retries=3", "update", "-qq"], stdout=subprocess.DEVNULL, check=False
    )


def ensure(needed: dict[str, tuple[str, ...]]) -> None:
    """Make sure that the libraries load. Raises MissingLibraries with the one line to run if they cannot."""
    absent = missing(needed)
    if not absent:
        return
    if not is_debian_like():
        raise MissingLibraries(
            "Qt needs these system libraries, which are missing: "
            + ", ".join(absent)
            + "\nPlease install the packages of your system that hold them."
        )
    if not may_install():
        raise MissingLibraries(
            "Qt needs system libraries that are missing. Please run:\n    "
            + _line_to_run(_packages(absent, needed))
        )
    apt_update()
    apt_install(_packages(absent, needed))
    still = missing(needed)
    if still:
        raise MissingLibraries("Installed, but these libraries still do not load: " + ", ".join(still))


def _packages(absent: list[str], needed: dict[str, tuple[str, ...]]) -> list[str]:
    names = [_known_name(needed[soname]) for soname in absent]
    return list(dict.fromkeys(names))


def _known_name(candidates: tuple[str, ...]) -> str:
    """The first name this release has a version of; without package lists, the old name, which still resolves."""
    for name in candidates[:-1]:
        policy = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True, check=False)
        lines = [line.strip() for line in policy.stdout.splitlines()]
        if any(line.startswith("Candidate:") and "(none)" not in line for line in lines):
            return name
    return candidates[-1]


def _line_to_run(packages: list[str]) -> str:
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"
