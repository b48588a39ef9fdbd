# SPDX-License-Identifier: Apache-2.0
"""No file in the bundle that is not needed, and none without an owner and a licence text."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.health.tree import ROOT

# The largest files, each with the reason why it is there. A new large file must be explained here or left out.
REASONS = {
    r"PySide6/Qt/lib/libQt6Gui\.so": "windows, painting, text layout, PDF files",
    r"PySide6/Qt/lib/libQt6Widgets\.so": "the widgets of every page",
    r"PySide6/Qt/lib/libQt6Core\.so": "event loop, files, settings",
    r"PySide6/Qt/lib/libQt6DBus\.so": "native file dialogs through the desktop portal; screen readers",
    r"PySide6/Qt/lib/libQt6XcbQpa\.so": "windows under X11",
    r"PySide6/Qt/lib/libQt6WaylandClient\.so": "windows under Wayland",
    r"PySide6/Qt/lib/libQt6WlShellIntegration\.so": "windows under Wayland",
    r"PySide6/Qt/lib/libQt6Svg\.so": "icons and the scale",
    r"PySide6/Qt/lib/libQt6PrintSupport\.so": "printing a document",
    r"PySide6/Qt/lib/libQt6OpenGL\.so": "needed by the Wayland platform plugin",
    r"PySide6/Qt/lib/libicudata\.so": "ICU: sorting, word breaks, time zones; rebuilt small",
    r"PySide6/Qt/lib/libicui18n\.so": "ICU: Qt's core links to it",
    r"PySide6/Qt/lib/libicuuc\.so": "ICU: Qt's core links to it",
    r"PySide6/Qt/plugins/": "a plugin that contents.py names",
    r"PySide6/Qt(Core|Gui|Widgets|DBus|PrintSupport)\.": "Python's side of the Qt module of that name",
    r"PySide6/libpyside6|shiboken6/": "ties Python to Qt",
    r"^weighbridge$": "the launcher with all Python modules in its archive",
    r"_internal/libpython3": "Python",
    r"_internal/base_library\.zip": "the modules Python needs to start",
    r"lib-dynload/": "a module of Python written in C",
    r"lxml/etree": "Word files",
    r"docx/templates/default\.docx": "the empty Word file that python-docx begins with",
    r"pydantic_core/": "checks every project, answer and rule",
    r"license_expression/data/": "the SPDX ids",
    r"yaml/_yaml": "reads the rules",
    r"nacl/_sodium|_cffi_backend": "the signature of a rulebook",
    r"PySide6/Qt/translations/qtbase_(de|fr)\.qm": "Qt's own words, in the languages of the app",
    r"resources/examples/": "the example of the first page and of --smoke",
    r"resources/reference": "tables of accelerators, base models and grids",
    r"resources/(rules|texts|licences|forms)/": "rules, words, licences",
    r"libxcb-|libxkbcommon-x11": "X11 libraries that a plain desktop may lack",
    r"licences/": "licence texts and the bill of materials",
}


def _files(bundle: Path) -> dict[str, int]:
    return {
        path.relative_to(bundle).as_posix(): path.stat().st_size
        for path in bundle.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the names are those of the Linux bundle")
def test_the_thirty_largest_files_have_a_reason(bundle: Path) -> None:
    largest = sorted(_files(bundle).items(), key=lambda item: -item[1])[:30]
    for name, size in largest:
        why = next((why for rule, why in REASONS.items() if re.search(rule, name)), None)
        print(f"{size / 2**20:6.2f} MiB  {name}: {why}")
    unexplained = [name for name, _ in largest if not any(re.search(rule, name) for rule in REASONS)]
    assert unexplained == []


@pytest.mark.parametrize(
    "word",
    ["asyncio", "multiprocessing", "weighbridge_de.ts", "pytest", "hypothesis", "mypy", "huggingface", "tkinter", "unittest", "QtQml", "QtQuick", "QtNetwork", "QtSvg.abi", "pyexpat", "libgtk",
     "qtbase_es", "opengl32sw", "libssl", "_ssl", "__pycache__", ".pyi"],
)  # fmt: skip
def test_nothing_of_this_is_in_the_bundle(bundle: Path, word: str) -> None:
    assert [name for name in _files(bundle) if word.lower() in name.lower()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the names are those of the Linux bundle")
@pytest.mark.parametrize(
    "library", ["libcupsprintersupport", "libqsvg", "libxcb-keysyms", "libxcb-icccm", "libxcb-cursor"]
)
def test_what_a_window_and_a_printer_need_is_there(bundle: Path, library: str) -> None:
    """Qt loads plugins by name and says nothing where one is missing: no printers, no picture, no window."""
    assert [name for name in _files(bundle) if f"/{library}" in name]


def test_every_file_has_an_owner_and_every_owner_a_text(bundle: Path) -> None:
    folder = next(bundle.rglob("OWNERS.json")).parent
    owners = json.loads((folder / "OWNERS.json").read_text(encoding="utf-8"))
    owned = {name for files in owners.values() for name in files}
    own = {name for name in _files(bundle) if "/licences/" in name and "/resources/" not in name}
    assert sorted(set(_files(bundle)) - owned - own) == []
    assert [name for name in owners if not (folder / f"{name}.txt").is_file()] == []
    told = (folder / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert [name for name in owners if f"\n{name} " not in told] == []


def test_what_is_inside_a_file_is_told_with_its_licence(bundle: Path) -> None:
    folder = next(bundle.rglob("OWNERS.json")).parent
    told = (folder / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    for line in (
        r"\nicu \d+: Unicode-3.0\n",
        r"inside it: libsodium .*: ISC",
        r"inside it: libyaml 0\.\d",
        r"inside it: libxml2 2\.\d+\.\d+: MIT",
        "libffi",
    ):
        assert re.search(line, told), line
    assert len(re.findall("inside it: .*MIT", told)) > 50, "the crates of pydantic-core"
    assert "harfbuzz" in (folder / "pyside6-essentials-3.txt").read_text(encoding="utf-8").lower()
    assert [
        name
        for name in ("libsodium", "libyaml", "libffi", "libxml2", "libxslt")
        if not (folder / f"{name}.txt").is_file()
    ] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the name of the launcher on Linux")
def test_what_the_first_picture_needs_is_in_front(bundle: Path) -> None:
    """Modules lie plainly in the archive, so their file names can be seen: the start reads one piece from its front."""
    data = (bundle / "weighbridge").read_bytes()
    first = max(data.index(name) for name in (b"gui/first.py", b"gui/start.py", b"gui/stylesheet.py"))
    later = min(
        data.index(name)
        for name in (b"core/compute/flops.py", b"core/documents/docx_writer.py", b"pydantic/main.py")
    )
    assert first < later
    assert first < 2 * 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="on other systems lxml is its wheel's")
def test_lxml_is_the_small_build(bundle: Path) -> None:
    """Where the build could not compile it, the wheel's stays and the bundle misses its size."""
    sizes = [size for name, size in _files(bundle).items() if re.search(r"lxml/etree\.", name)]
    assert len(sizes) == 1
    assert sizes[0] < 2.5 * 2**20


def test_about_can_tell_the_versions_of_what_we_depend_on(bundle: Path) -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=~!;\[ ]", line)[0] for line in wanted} | {"weighbridge"}
    told = [file.read_text(encoding="utf-8") for file in bundle.rglob("*.dist-info/METADATA")]
    found = {line[6:] for text in told for line in text.splitlines() if line.startswith("Name: ")}
    assert {normal(name) for name in names} - {normal(name) for name in found} == set()


def normal(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_bill_of_materials_names_every_owner(bundle: Path) -> None:
    folder = next(bundle.rglob("OWNERS.json")).parent
    owners = json.loads((folder / "OWNERS.json").read_text(encoding="utf-8"))
    bill = json.loads((folder / "weighbridge.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    named = {part["name"] for part in bill["components"]} | {bill["metadata"]["component"]["name"]}
    assert named == set(owners) | {"weighbridge"}
    assert [part["name"] for part in bill["components"] if not part.get("licenses")] == []


def test_the_ui_data_of_icu_fits_its_library(bundle: Path) -> None:
    """The rebuilt data carries the version of the libraries that load it."""
    data = [path for path in bundle.rglob("libicudata.so.*") if not path.is_symlink()]
    if not data:
        pytest.skip("this platform's Qt brings no ICU of its own")
    version = data[0].name.rsplit(".", 1)[1]
    assert f"icudt{version}".encode() in data[0].read_bytes()
    assert [path.name for path in bundle.rglob(f"libicui18n.so.{version}")]
    assert data[0].stat().st_size < 14 * 2**20
