# SPDX-License-Identifier: Apache-2.0
"""What the bundle needs from the system, read from its own files: the Depends line of the .deb. Standard library only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

# soname → Debian package, as an alternative where newer releases renamed it.
PACKAGES = {
    "libc.so.6": "", "libm.so.6": "", "libdl.so.2": "", "libpthread.so.0": "", "librt.so.1": "", "libutil.so.1": "",
    "libresolv.so.2": "", "libcrypt.so.1": "libcrypt1", "ld-linux-x86-64.so.2": "", "ld-linux-aarch64.so.1": "",
    "libstdc++.so.6": "libstdc++6", "libgcc_s.so.1": "libgcc-s1", "libexpat.so.1": "libexpat1",
    "libz.so.1": "zlib1g", "libcrypto.so.3": "libssl3t64 | libssl3", "libuuid.so.1": "libuuid1",
    "libfontconfig.so.1": "libfontconfig1", "libfreetype.so.6": "libfreetype6", "libpng16.so.16": "libpng16-16t64 | libpng16-16",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0", "libgio-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3", "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0", "libX11.so.6": "libx11-6", "libX11-xcb.so.1": "libx11-xcb1", "libxcb.so.1": "libxcb1",
    "libxcb-glx.so.0": "libxcb-glx0", "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0", "libxcb-shm.so.0": "libxcb-shm0", "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0", "libxkbcommon.so.0": "libxkbcommon0",
    "libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1", "libffi.so.8": "libffi8", "libzstd.so.1": "libzstd1",
    "libbz2.so.1.0": "libbz2-1.0", "liblzma.so.5": "liblzma5",
    "libcups.so.2": "",  # only to print on paper: a Recommends
}  # fmt: skip

_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)\b")


class NotKnown(Exception):
    """The bundle needs a library that no entry of PACKAGES names."""


def libraries(bundle: Path) -> list[Path]:
    """The ELF files of the bundle."""
    found = []
    for file in sorted(bundle.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                if opened.read(4) == b"\x7fELF":
                    found.append(file)
    return found


def depends(bundle: Path) -> list[str]:
    """The packages, libc6 with its floor first. Raises NotKnown."""
    files = libraries(bundle)
    shown = subprocess.run(
        ["readelf", "-dVW", *map(str, files)], capture_output=True, text=True, check=True
    ).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[([^\]]+)\]", shown))
    own = {file.name for file in bundle.rglob("*.so*")}
    unknown = sorted(needed - own - set(PACKAGES))
    if unknown:
        raise NotKnown(f"Add these to PACKAGES in packaging/linux/depends.py: {', '.join(unknown)}")
    major, minor = max((int(a), int(b)) for a, b in _GLIBC.findall(shown))
    # Python loads libcrypto by hand only when it hashes; the desktop's keyboard data is loaded by name.
    packages = sorted({PACKAGES[name] for name in needed - own} - {""} | {"xkb-data"})
    return [f"libc6 (>= {major}.{minor})", *packages]
