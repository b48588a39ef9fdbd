# SPDX-License-Identifier: Apache-2.0
"""Start of the frozen app against the frozen bare window, in pairs: from the launch to the first painted pixel.

    python3 packaging/dev.py build --start [PAIRS]      needs Xvfb; dist/weighbridge and dist/hello

Seen from outside, as a person sees it: this program asks the X server for the middle of the window until something is
there. "cold" means that the bundle's files were put out of the disk cache before each start (posix_fadvise; shared
system libraries stay), "warm" that they were read just before. Standard library and libX11 only.
"""

from __future__ import annotations

import ctypes
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environment
from x_server import x_server

BAR = 1.3
_POLL = 0.002
_PLACE = (100, 100)  # inside both windows, which stand at the corner of a screen without window manager
_ZPIXMAP, _ALL_PLANES = 2, 0xFFFFFFFF


class Screen:
    """An X server of our own and a look at one of its pixels."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = self._x.XGetImage.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = self._x.XGetPixel.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x.XGetImage.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
            ctypes.c_ulong, ctypes.c_int,
        ]  # fmt: skip
        self._x.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        self._x.XDestroyImage.argtypes = [ctypes.c_void_p]
        self._server = self._x.XOpenDisplay(display.encode())
        if not self._server:
            raise environment.SetupError(f"The X server {display} does not answer.")
        self._root = self._x.XDefaultRootWindow(self._server)

    def painted(self) -> bool:
        """Whether something other than the black of the empty screen is at the place."""
        image = self._x.XGetImage(self._server, self._root, *_PLACE, 1, 1, _ALL_PLANES, _ZPIXMAP)
        try:
            return bool(self._x.XGetPixel(image, 0, 0) & 0xFFFFFF)
        finally:
            self._x.XDestroyImage(image)


def main(root: Path, pairs: int) -> int:
    """Measure cold and warm; returns 1 when the median ratio of the cold starts is over the bar."""
    programs = [root / "dist" / name / name for name in ("weighbridge", "hello")]
    for program in programs:
        if not program.is_file():
            raise environment.SetupError(f"{program} is missing; first: python3 packaging/dev.py build hello")
    failed = False
    with server() as screen, tempfile.TemporaryDirectory() as home:
        for program in programs:
            _start(program, screen, home, cold=False)  # makes settings and caches, as a first start does
        for cold in (True, False):
            found = [
                tuple(_start(program, screen, home, cold=cold) for program in _turned(programs, number))
                for number in range(pairs)
            ]
            for place, clock in enumerate(("clock", "processor")):
                ours = [pair[number % 2][place] for number, pair in enumerate(found)]
                bare = [pair[1 - number % 2][place] for number, pair in enumerate(found)]
                ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
                failed |= cold and clock == "clock" and ratio > BAR
                print(
                    f"{'cold' if cold else 'warm'}, {clock}: median {statistics.median(ours):.3f} s against "
                    f"{statistics.median(bare):.3f} s, least {min(ours):.3f} against {min(bare):.3f} = "
                    f"{min(ours) / min(bare):.2f}; median of {pairs} pairs {ratio:.2f} (bar {BAR})"
                )
    return int(failed)


def _turned(programs: list[Path], number: int) -> list[Path]:
    """Who goes first changes from pair to pair."""
    return programs[::-1] if number % 2 else programs


def _start(program: Path, screen: Screen, home: str, *, cold: bool) -> tuple[float, float]:
    if cold:
        _put_out_of_cache(program.parent)
    return first_picture(program, screen, home)


def first_pixel(program: Path, screen: Screen, home: str) -> float:
    """Seconds from the launch to the first painted pixel; the program is ended then. Raises SetupError without one."""
    return first_picture(program, screen, home)[0]


def first_picture(program: Path, screen: Screen, home: str) -> tuple[float, float]:
    """Seconds from the launch to the first painted pixel, of the clock and of the processor."""
    while screen.painted():  # the last window is still going
        time.sleep(_POLL)
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG")}
    own = {"HOME": home, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    begun = time.perf_counter()
    running = subprocess.Popen(
        [str(program)], env=kept | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not screen.painted():
            if running.poll() is not None or time.perf_counter() - begun > 60:
                raise environment.SetupError(f"{program.name} showed no window.")
            time.sleep(_POLL)
        return time.perf_counter() - begun, _processor(running.pid)
    finally:
        running.kill()
        running.wait()


def _processor(process: int) -> float:
    """Processor seconds of a process; the launcher starts itself anew under the same number."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _put_out_of_cache(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            opened = os.open(file, os.O_RDONLY)
            try:
                os.fsync(opened)
                os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(opened)


@contextmanager
def server() -> Iterator[Screen]:
    """An X server without window manager, for as long as the block runs, and the look at it."""
    with x_server() as display:
        yield Screen(display)
