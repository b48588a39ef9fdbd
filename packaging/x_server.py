# SPDX-License-Identifier: Apache-2.0
"""A virtual X server for whoever has to see a window here. Standard library only; needs Xvfb."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import environment


@contextmanager
def x_server() -> Iterator[str]:
    """Its display's name, such as ":7", for as long as the block runs; no window manager. SetupError when it ends at once."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-ac"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        number = os.read(reading, 16).decode().strip()
        if not number:
            raise environment.SetupError("Xvfb ended before it opened a screen.")
        yield f":{number}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(10)
