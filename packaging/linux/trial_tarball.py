# SPDX-License-Identifier: Apache-2.0
"""The self-contained tarball in the clean Debian: unpack, install into a home folder, start from the menu, remove."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from linux.clean_root import Machine, must, say

LOCAL = "/root/.local"


def trial(machine: Machine, tarball: Path, settings: Path, shot: Path) -> None:
    """Raises Failed. The system libraries are those that a desktop has; the .deb is gone by now."""
    from linux.trial import walk

    say(f"{tarball.name}: unpacked and installed into a home folder")
    machine.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "xz-utils")
    inside = machine.file("/root/downloads")
    inside.mkdir()
    shutil.copyfile(tarball, inside / tarball.name)
    machine.run("tar", "-xJf", f"/root/downloads/{tarball.name}", "-C", "/root/downloads")
    before = _local(machine)
    script = f"/root/downloads/{tarball.name.removesuffix('.tar.xz')}/install.sh"
    print(machine.run("sh", script), end="")
    shutil.rmtree(inside)  # a person tidies up; nothing may lean on the unpacked folder
    machine.run(f"{LOCAL}/bin/weighbridge", "--smoke")
    say("started as the menu does")
    entry = machine.file(f"{LOCAL}/share/applications/weighbridge.desktop").read_text(encoding="utf-8")
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    words = shlex.split(line.removeprefix("Exec=").replace("%f", ""))
    machine.run("desktop-file-validate", f"{LOCAL}/share/applications/weighbridge.desktop")
    walk(machine, shot.with_name("test-tarball.png"), *words)
    say("removed without a trace")
    kept = machine.file(str(settings)).read_bytes()
    print(machine.run("sh", f"{LOCAL}/lib/weighbridge/uninstall.sh"), end="")
    left = {path for path in _local(machine) - before if "weighbridge" in path.lower()}
    own = {path for path in left if path.startswith("share/weighbridge")}  # drafts: the person's
    must(left == own, f"left behind: {sorted(left - own)}")
    must(machine.file(str(settings)).read_bytes() == kept, "settings are kept")


def _local(machine: Machine) -> set[str]:
    place = machine.file(LOCAL)
    return {path.relative_to(place).as_posix() for path in place.rglob("*")} if place.is_dir() else set()
