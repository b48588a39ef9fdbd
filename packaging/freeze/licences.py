# SPDX-License-Identifier: Apache-2.0
"""Whose each file of the bundle is, and under which licence: collected into the bundle's folder licences/.

A file without an owner stops the build. Runs inside the build environment.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import inner

HERE = Path(__file__).resolve().parent
TEXT_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
STDLIB = Path(sysconfig.get_paths()["stdlib"]).resolve()

# Metadata that names no SPDX expression, and parts that are inside a wheel of another name.
KNOWN = {
    "weighbridge": "Apache-2.0",
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "python": "PSF-2.0",
    "icu": "Unicode-3.0",
}


@dataclass
class Owner:
    """One component of the bundle. `kind` is pypi, deb or generic; `files` are paths inside the bundle."""

    name: str
    version: str
    licence: str
    kind: str = "pypi"
    files: set[str] = field(default_factory=set)
    texts: list[Path] = field(default_factory=list)
    inside: list[inner.Part] = field(default_factory=list)


class WithoutOwner(Exception):
    """Files in the bundle that belong to nobody known."""


def collect(bundle: Path, analysis: Path) -> list[Owner]:
    """Find the owners of all files, write licences/ into the bundle. Raises WithoutOwner."""
    owners: dict[str, Owner] = {}
    by_source = _distributions()
    sources = _sources(analysis)
    orphans = []
    for file in sorted(bundle.rglob("*")):
        if file.is_dir() or file.is_symlink():  # a link is its target's
            continue
        name = file.relative_to(bundle).as_posix()
        inner = name.removeprefix("_internal/")
        owner = _owner(inner, sources.get(inner), by_source, top=file.parent == bundle)
        if owner is None:
            orphans.append(name)
            continue
        owners.setdefault(owner.name, owner).files.add(name)
    if orphans:
        raise WithoutOwner("\n".join(["These files of the bundle have no known owner:", *orphans]))
    for source in _modules(analysis):
        known = by_source.get(source)
        if known is not None:
            owners.setdefault(known, _from_metadata(known)).files.add("weighbridge (in the archive)")
    _add_inner_parts(owners)
    result = sorted(owners.values(), key=lambda owner: owner.name)
    _write(
        result, bundle / "_internal" / "licences" if (bundle / "_internal").is_dir() else bundle / "licences"
    )
    return result


def _distributions() -> dict[str, str]:
    """Absolute path of every installed file → the distribution that brought it."""
    found = {}
    for distribution in metadata.distributions():
        for file in distribution.files or ():
            found[str(Path(str(distribution.locate_file(file))).resolve())] = _normal(
                distribution.metadata["Name"]
            )
    return found


def _normal(name: str) -> str:
    """A distribution's name as it is compared: PySide6_Essentials → pyside6-essentials."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _sources(analysis: Path) -> dict[str, str]:
    """Path in the bundle → the file it came from, from PyInstaller's COLLECT list."""
    return {Path(entry[0]).as_posix(): entry[1] for entry in _entries(analysis, "COLLECT") if entry[1]}


def _modules(analysis: Path) -> list[str]:
    found = [entry[1] for entry in _entries(analysis, "PYZ") if entry[1] and entry[1] != "-"]
    return sorted(str(Path(path).resolve()) for path in found)


def _entries(analysis: Path, kind: str) -> list[tuple[str, str, str]]:
    """PyInstaller writes what it collected as Python literals, a tuple with one list of (name, source, type)."""
    listed = sorted(analysis.glob(f"{kind}-*.toc"))[-1]
    parts = ast.literal_eval(listed.read_text(encoding="utf-8"))
    return next(part for part in parts if isinstance(part, list) and part and len(part[0]) == 3)


def _owner(name: str, source: str | None, by_source: dict[str, str], *, top: bool) -> Owner | None:
    if top:  # the launcher: PyInstaller's loader, our modules behind it
        return _from_metadata("pyinstaller")
    if source is None:
        target = name.rsplit("/", 1)[-1]
        return _python() if target in ("base_library.zip",) else None
    path = Path(source).resolve()
    known = by_source.get(str(path))
    if known is not None:
        return _from_metadata(known)
    if name == "base_library.zip" or STDLIB in path.parents or path.name.startswith(("libpython", "python3")):
        return _python()
    if any(part in ("dist-info",) or part.endswith(".dist-info") for part in Path(name).parts):
        folder = next(part for part in Path(name).parts if part.endswith(".dist-info"))
        return _from_metadata(_normal(folder.rsplit("-", 2)[0]))
    return _debian(path)


def _python() -> Owner:
    texts = [
        place for place in (STDLIB / "LICENSE.txt", STDLIB.parent.parent / "LICENSE.txt") if place.is_file()
    ]
    return Owner("python", sys.version.split()[0], KNOWN["python"], "generic", texts=texts[:1])


def _from_metadata(name: str) -> Owner:
    found = metadata.distribution(name)
    said = found.metadata
    licence = KNOWN.get(name) or said.get("License-Expression") or said.get("License") or _classified(said)
    texts = [
        Path(str(found.locate_file(file)))
        for file in found.files or ()
        if ".dist-info" in str(file) and file.name.upper().startswith(TEXT_NAMES)
    ]
    return Owner(name, found.version, " ".join(licence.split())[:120], texts=sorted(texts))


def _classified(said: metadata.PackageMetadata) -> str:
    names = {"MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0"}
    for line in said.get_all("Classifier") or ():
        if line.startswith("License ::"):
            last = line.rsplit(" :: ", 1)[-1]
            return names.get(last, last)
    raise WithoutOwner(f"{said['Name']} names no licence; add it to KNOWN in packaging/freeze/licences.py.")


def _debian(path: Path) -> Owner | None:
    """The Debian package of a system library, with its copyright file."""
    if shutil.which("dpkg-query") is None:
        return None
    candidates = [str(path), str(path).removeprefix("/usr"), f"/usr{path}"]
    for candidate in candidates:
        shown = subprocess.run(["dpkg-query", "-S", candidate], capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            package = shown.stdout.split(": ", 1)[0].split(",")[0]
            version = subprocess.run(
                ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True
            ).stdout
            name = package.split(":")[0]
            text = Path("/usr/share/doc", name, "copyright")
            if not text.is_file():
                raise WithoutOwner(f"{text} is missing: this system left out the copyright files.")
            licence = inner.debian_licence(text.read_text(encoding="utf-8"))
            return Owner(name, version, licence, "deb", texts=[text])
    return None


def _add_inner_parts(owners: dict[str, Owner]) -> None:
    """ICU comes inside Qt's wheel, under a licence of its own; other parts are inside a single file."""
    for name, owner in sorted(owners.items()):
        if owner.kind == "pypi":
            owner.inside = inner.parts_of(name)
            if more := inner.more_texts(name):
                owner.texts = [*(owner.texts or [HERE / "texts" / one for one in _texts_for(owner)]), *more]
    qt = owners.get("pyside6-essentials")
    if qt is None:
        return
    mine = {file for file in qt.files if "libicu" in file}
    if mine:
        version = sorted(mine)[0].rsplit(".", 1)[-1]
        owners["icu"] = Owner("icu", version, KNOWN["icu"], "generic", mine, [HERE / "texts" / "ICU.txt"])
        qt.files -= mine


def _write(owners: list[Owner], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "What is in this copy of Weighbridge, and under which licence. The texts are beside this file.",
        "",
        "Qt and PySide6 are used under the GNU Lesser General Public License 3. They are separate files in the folder",
        "PySide6 and may be replaced by your own builds. Their source is offered at https://download.qt.io.",
        "",
    ]
    for owner in owners:
        lines.append(f"{owner.name} {owner.version}: {owner.licence}")
        texts = owner.texts or [HERE / "texts" / name for name in _texts_for(owner)]
        for number, text in enumerate(texts):
            target = folder / f"{owner.name}{'' if number == 0 else f'-{number + 1}'}.txt"
            shutil.copyfile(text, target)
        for part in owner.inside:
            lines.append(f"    inside it: {part.name} {part.version}: {part.licence}")
            if part.text is not None:
                shutil.copyfile(part.text, folder / f"{part.name}.txt")
    listing = {owner.name: sorted(owner.files) for owner in owners}
    (folder / "OWNERS.json").write_text(json.dumps(listing, indent=1) + "\n", encoding="utf-8")
    (folder / "THIRD-PARTY.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _texts_for(owner: Owner) -> tuple[str, ...]:
    if "LGPL-3.0-only" in owner.licence:
        return ("LGPL-3.0.txt", "GPL-3.0.txt")
    if owner.name == "python":
        return ("PSF.txt",)
    raise WithoutOwner(f"No licence text for {owner.name} ({owner.licence}).")
