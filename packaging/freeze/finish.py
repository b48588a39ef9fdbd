# SPDX-License-Identifier: Apache-2.0
"""After PyInstaller, inside the build environment: strip, slim ICU and data, licences, bill of materials, fixed times and modes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import icu
import licences
import sbom
import slim


def main(bundle: Path, analysis: Path) -> int:
    """Finish the frozen folder `bundle`, whose PyInstaller work files are in `analysis`."""
    inside = bundle / "_internal"
    if sys.platform.startswith("linux"):
        for link in sorted(bundle.rglob("*")):
            if link.is_symlink() and not link.exists():
                link.unlink()  # PyInstaller links libraries that contents.py then leaves out
        _strip(bundle)
        icu.slim(inside)
    elif not inside.is_dir():  # macOS: the .app is made beside it
        inside = bundle
    slim.slim_data(inside)
    if (bundle / "weighbridge").exists() or (bundle / "weighbridge.exe").exists():
        owners = licences.collect(bundle, analysis)
        sbom.write(owners, inside / "licences" / "weighbridge.cdx.json")
    _settle(bundle)
    return 0


def _strip(bundle: Path) -> None:
    for file in sorted(bundle.rglob("*")):
        if file.is_symlink() or not file.is_file() or file.parent == bundle:
            continue  # the launcher carries its archive behind the ELF part: it must not be stripped
        with file.open("rb") as opened:
            if opened.read(4) != b"\x7fELF":
                continue
        subprocess.run(["strip", "--strip-unneeded", "--remove-section=.comment", str(file)], check=True)


def _settle(bundle: Path) -> None:
    """The same modes and times in every build; only the launcher is a program."""
    when = int(os.environ["SOURCE_DATE_EPOCH"])
    for place in sorted(bundle.rglob("*"), reverse=True):
        if place.is_symlink():
            continue
        if sys.platform != "win32":
            program = place.is_dir() or place.parent == bundle
            place.chmod(0o755 if program else 0o644)
        os.utime(place, (when, when))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
