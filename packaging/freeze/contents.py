# SPDX-License-Identifier: Apache-2.0
"""What is inside a frozen app: whose each file is, under which licence, as texts and as a CycloneDX list."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

OWN = "weighbridge"
_PROBE = """
import json, sys
from importlib import metadata
found = []
for one in metadata.distributions():
    files = [str(file) for file in one.files or ()]
    meta = one.metadata
    texts = [str(one.locate_file(file)) for file in one.files or ()
             if any(word in file.name.upper() for word in ("LICEN", "COPYING", "NOTICE", "COPYRIGHT"))
             and ".dist-info" in str(file)]
    found.append({"name": meta["Name"], "version": one.version, "files": files, "texts": texts,
                  "licence": meta.get("License-Expression") or meta.get("License") or "",
                  "classifiers": [c for c in meta.get_all("Classifier") or () if c.startswith("License ::")],
                  "url": meta.get("Home-page") or next(iter(meta.get_all("Project-URL") or ()), "")})
json.dump({"python": sys.version.split()[0], "base": sys.base_prefix, "found": found}, sys.stdout)
"""
_BY_IMPORT = {
    "yaml": "PyYAML",
    "_yaml": "PyYAML",
    "_cffi_backend": "cffi",
    "nacl": "PyNaCl",
    "docx": "python-docx",
    "boolean": "boolean.py",
    "license_expression": "license-expression",
}
PYTHON_LICENCE = "PSF-2.0"
_KNOWN = {
    "PySide6_Essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
_SYSTEM = {
    "libxcb": ("X.Org XCB", "MIT"), "libxkbcommon": ("libxkbcommon", "MIT"), "libicu": ("ICU", "Unicode-3.0"),
    "libffi": ("libffi", "MIT"), "libz.": ("zlib", "Zlib"), "libbz2": ("bzip2", "bzip2-1.0.6"),
    "liblzma": ("XZ Utils", "0BSD"), "libpython": ("CPython", PYTHON_LICENCE), "libuuid": ("libuuid", "BSD-3-Clause"),
}  # fmt: skip
"""Libraries of the build system that are carried along, by the start of their names."""
_QT = ("PySide6/", "libQt6", "libpyside6", "libshiboken6", "shiboken6/")


class Unowned(Exception):
    """A file in the bundle belongs to nobody we know; the message names it."""


def write(folder: Path, python: Path) -> None:
    """Write licences/ and sbom.cdx.json into the bundle. Raises Unowned when a file has no owner."""
    inside = folder / "_internal"
    probe = json.loads(
        subprocess.run([str(python), "-c", _PROBE], capture_output=True, check=True, text=True).stdout
    )
    packages = {_plain(one["name"]): one for one in probe["found"]}
    owners = owners_of(inside, packages)
    target = inside / "licences"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    components = []
    lines = ["What Weighbridge is made of, and under which licences.", ""]
    for name in sorted(owners, key=str.casefold):
        version, licence = _version(name, packages, probe["python"]), _licence(name, packages)
        lines.append(f"{name} {version}: {licence} ({owners[name]} files)".replace("  ", " "))
        components.append(_component(name, version, licence))
        for number, text in enumerate(packages.get(_plain(name), {}).get("texts", ())):
            shutil.copyfile(text, target / f"{name}-{number}-{Path(text).name}")
    _common_texts(target, Path(probe["base"]))
    (target / "THIRD_PARTY.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sbom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": _component(OWN, _version(OWN, packages, ""), "Apache-2.0") | {"type": "application"}},
            "components": [one for one in components if one["name"] != OWN]}  # fmt: skip
    (inside / "sbom.cdx.json").write_text(json.dumps(sbom, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def owners_of(inside: Path, packages: dict[str, dict[str, object]]) -> dict[str, int]:
    """How many files of the bundle belong to each package or library. Raises Unowned."""
    counts: dict[str, int] = defaultdict(int)
    for path in sorted(inside.rglob("*")):
        name = path.relative_to(inside).as_posix()
        if path.is_file() and not name.startswith("licences/") and name != "sbom.cdx.json":
            counts[owner(name, packages)] += 1
    # Pure Python lies inside the program's own archive, where no file shows it.
    for name in (
        "annotated-types",
        "Jinja2",
        "markdown-it-py",
        "mdurl",
        "platformdirs",
        "pydantic",
        "python-docx",
        "typing_extensions",
        "typing-inspection",
        "pyinstaller",
    ):
        counts[name] += 0
    return counts


def owner(name: str, packages: dict[str, dict[str, object]]) -> str:
    """The package or library that the file `name` (path in the bundle) comes from. Raises Unowned."""
    first = name.split("/", 1)[0]
    if name.startswith("resources/") or first.startswith(f"{OWN}-"):
        return OWN
    if name.startswith(_QT):
        return "PySide6_Essentials"
    for start, (library, _) in _SYSTEM.items():
        if name.rsplit("/", 1)[-1].startswith(start):
            return library
    if (
        name == "base_library.zip"
        or first.startswith(("python3", "lib-dynload"))
        or (".cpython-" in first and "/" not in name and not first.startswith("_cffi"))
    ):
        return "CPython"
    package = _BY_IMPORT.get(first.split(".", 1)[0]) or first.split("-", 1)[0].split(".", 1)[0]
    if _plain(package) in packages:
        return str(packages[_plain(package)]["name"])
    raise Unowned(
        f"{name} is in the bundle and belongs to nobody we know. Leave it out in trim.py, or name its owner."
    )


def _plain(name: str) -> str:
    return name.replace("-", "_").replace(".", "_").lower()


def _version(name: str, packages: dict[str, dict[str, object]], python: str) -> str:
    return python if name == "CPython" else str(packages.get(_plain(name), {}).get("version", ""))


def _licence(name: str, packages: dict[str, dict[str, object]]) -> str:
    for library, licence in _SYSTEM.values():
        if library == name:
            return licence
    if name in _KNOWN:
        return _KNOWN[name]
    if name == "CPython":
        return PYTHON_LICENCE
    found = packages.get(_plain(name), {})
    said = str(found.get("licence") or "").splitlines()
    if said and len(said[0]) < 60:
        return said[0]
    classifiers = found.get("classifiers")
    if isinstance(classifiers, list) and classifiers:
        return str(classifiers[-1]).rsplit(" :: ", 1)[-1]
    raise Unowned(f"The licence of {name} is not known. Name it in packaging/freeze/contents.py.")


def _component(name: str, version: str, licence: str) -> dict[str, object]:
    made: dict[str, object] = {"type": "library", "name": name, "licenses": [{"license": {"name": licence}}]}
    return made | ({"version": version} if version else {})


def _common_texts(target: Path, base: Path) -> None:
    """The licence of Python, and where the (L)GPL texts and the sources of Qt are."""
    for place in (base / "LICENSE.txt", *base.glob("lib/python3*/LICENSE.txt")):
        if place.is_file():
            shutil.copyfile(place, target / "CPython-LICENSE.txt")
            break
    for licence in ("LGPL-3", "GPL-3", "GPL-2"):
        source = Path("/usr/share/common-licenses") / licence
        if source.is_file():
            shutil.copyfile(source, target / f"{licence}.txt")
    (target / "QT.txt").write_text(
        "Weighbridge uses Qt 6 and PySide6 under the LGPL version 3. Their libraries lie as separate files in the\n"
        "folder PySide6 beside this one, so you may put your own builds in their place. Their sources are published by\n"
        "The Qt Company at download.qt.io, in the folder of the version that THIRD_PARTY.txt names. On Linux the data of\n"
        "ICU was cut down to what Qt asks for.\n",
        encoding="utf-8",
    )
