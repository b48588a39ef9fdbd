# SPDX-License-Identifier: Apache-2.0
"""What both spec files share: the app and the yardstick are frozen alike."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from contents import EXCLUDED_MODULES, OWN, PLAIN_TWINS, START_HOOKS_LEFT_OUT, keep, trimmed
from lines import coarse_lines, joined_lines
from packaging.requirements import Requirement
from PyInstaller.building.utils import get_code_object


def analyse(analysis_class, script, *, hidden=(), data=()):
    """PyInstaller's analysis, trimmed by contents.py."""
    found = analysis_class(
        [script],
        hiddenimports=list(hidden),
        datas=list(data),
        excludes=EXCLUDED_MODULES,
        noarchive=False,
        optimize=2,
    )
    found.binaries = trimmed(found.binaries)
    found.datas = trimmed(found.datas)
    found.scripts = [entry for entry in found.scripts if entry[0] not in START_HOOKS_LEFT_OUT]
    found.binaries = _without_orphans(found.binaries)
    _plain_twins(found)
    return found


def _plain_twins(found):
    """Modules that a wheel holds in C and in Python, where speed does not matter: the one in Python is a tenth of the size."""
    for name in PLAIN_TWINS:
        start = name.replace(".", "/") + "."
        for entry in [entry for entry in found.binaries if entry[0].replace("\\", "/").startswith(start)]:
            source = Path(entry[1]).parent / f"{name.rsplit('.', 1)[1]}.py"
            if source.is_file():
                found.binaries.remove(entry)
                found.pure.append((name, str(source), "PYMODULE-2"))


def in_start_order(archive_class, work):
    """PyInstaller's archive with the modules of the first picture in front; the rest by name, as it has them."""
    wanted = Path(work, "first-modules.txt").read_text(encoding="utf-8").split()
    places = {name: place for place, name in enumerate(wanted)}

    def assemble(archive):
        archive.toc.sort(key=lambda entry: (places.get(entry[0], len(places)), entry[0]))
        for name, source, kind in archive.toc:
            own = name.split(".")[0] in OWN
            if own or "site-packages" in Path(source).parts:
                code = archive.code_dict.get(name) or get_code_object(name, source, optimize=int(kind[-1:]))
                archive.code_dict[name] = joined_lines(code) if own else coarse_lines(code)
        archive_class.assemble(archive)

    # The same name: PyInstaller calls its list of what went in after the class.
    return type(archive_class.__name__, (archive_class,), {"assemble": assemble})


def direct_dependencies():
    """The names of pyproject.toml's run-time dependencies."""
    wanted = (Requirement(line) for line in metadata.requires("weighbridge") or ())
    return sorted(one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""}))


def _without_orphans(binaries):
    """Leave out system libraries that only a left-out plugin needed (GTK through qgtk3)."""
    if not sys.platform.startswith("linux"):
        return binaries
    import subprocess

    by_name = {name.rsplit("/", 1)[-1]: (name, path, kind) for name, path, kind in binaries}
    needed: set[str] = set()
    todo = [
        path
        for name, path, kind in binaries
        if kind == "EXTENSION" or "/plugins/" in name or ("PySide6/" not in name and "/" in name)
    ]
    seen: set[str] = set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        shown = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        for line in shown.splitlines():
            if "(NEEDED)" in line:
                soname = line.split("[", 1)[1].rstrip("]")
                if soname in by_name and soname not in needed:
                    needed.add(soname)
                    todo.append(by_name[soname][1])
    return [
        entry
        for entry in binaries
        if entry[2] != "BINARY" or entry[1] in seen or entry[0].startswith("libpython")
    ]


__all__ = ["analyse", "direct_dependencies", "in_start_order", "keep"]
