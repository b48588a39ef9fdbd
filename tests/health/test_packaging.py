# SPDX-License-Identifier: Apache-2.0
"""What of the installers can be checked without building them: formats, versions, links between the files."""

from __future__ import annotations

import ast
import plistlib
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from core.persist import PROJECT_SUFFIX
from tests.health.tree import ROOT

PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"


@pytest.fixture
def version_info(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(PACKAGING / "freeze"))
    import importlib

    return importlib.import_module("version_info")


@pytest.mark.parametrize("spec", ["weighbridge.spec", "hello.spec"])
def test_specs_parse(spec: str) -> None:
    ast.parse((PACKAGING / "freeze" / spec).read_text(encoding="utf-8"))


def test_the_windows_icon_holds_every_size() -> None:
    data = (PACKAGING / "icons" / "weighbridge.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind) == (0, 1)
    sides = set()
    for number in range(count):
        side, _, _, _, _, bits, size, place = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        assert data[place : place + 8] == b"\x89PNG\r\n\x1a\n"
        assert place + size <= len(data)
        assert bits == 32
        sides.add(side or 256)
    assert {16, 32, 48, 256} <= sides


def test_the_mac_icon_is_whole() -> None:
    data = (PACKAGING / "icons" / "weighbridge.icns").read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8])[0] == len(data)
    place, kinds = 8, []
    while place < len(data):
        kinds.append(data[place : place + 4])
        place += struct.unpack(">I", data[place + 4 : place + 8])[0]
    assert place == len(data)
    assert b"ic10" in kinds


def test_the_windows_version_resource_carries_the_version(version_info: object) -> None:
    """It is an expression of PyInstaller's classes; here it is read as Python."""
    text = version_info.windows_text()  # type: ignore[attr-defined]
    ast.parse(text, mode="eval")
    said = version_info.version()  # type: ignore[attr-defined]
    assert f"StringStruct('ProductVersion', '{said}')" in text
    assert f"filevers={version_info.four_numbers()}" in text  # type: ignore[attr-defined]


def test_mac_keys_and_entitlements_are_property_lists(version_info: object) -> None:
    keys = version_info.for_macos()  # type: ignore[attr-defined]
    assert plistlib.loads(plistlib.dumps(keys)) == keys
    assert plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    types = keys["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]["public.filename-extension"]
    assert [f".{ending}" for ending in types] == [PROJECT_SUFFIX]


def test_the_mime_type_is_the_project_files() -> None:
    names = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    kind = ElementTree.parse(LINUX / "weighbridge.xml").getroot().find("m:mime-type", names)
    assert kind is not None
    glob = kind.find("m:glob", names)
    assert glob is not None
    assert glob.get("pattern") == f"*{PROJECT_SUFFIX}"
    desktop = (LINUX / "weighbridge.desktop").read_text(encoding="utf-8")
    assert f"MimeType={kind.get('type')};" in desktop


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed"
)
def test_the_desktop_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", str(LINUX / "weighbridge.desktop")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstream is not installed")
def test_the_metainfo_is_valid(tmp_path: Path, version_info: object) -> None:
    text = (LINUX / "weighbridge.metainfo.xml").read_text(encoding="utf-8")
    file = tmp_path / f"{version_info.publisher().app_id}.metainfo.xml"  # type: ignore[attr-defined]
    file.write_text(version_info.filled(text, version="0.1.0", date="2026-11-26"), encoding="utf-8")  # type: ignore[attr-defined]
    assert "@" not in file.read_text(encoding="utf-8")
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", ["linux/install.sh", "linux/uninstall.sh", "macos/make_dmg.sh", "dev.sh"])
@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_shell_scripts_parse(script: str) -> None:
    subprocess.run(["sh", "-n", str(PACKAGING / script)], check=True)


def test_workflows_name_what_is_there() -> None:
    """Each path of ours that a workflow runs exists, and each job that it waits for is in it."""
    for file in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        for path in re.findall(r"packaging[/\\][\w/\\]+\.(?:py|sh|ps1|iss)", text):
            assert (ROOT / path.replace("\\", "/")).is_file(), f"{file.name}: {path}"
        jobs = yaml.safe_load(text)["jobs"]
        for job in jobs.values():
            needs = job.get("needs", [])
            assert set([needs] if isinstance(needs, str) else needs) <= set(jobs)


def test_the_build_lock_has_hashes_and_agrees_with_what_ships() -> None:
    text = (PACKAGING / "freeze" / "requirements-build.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    ships = dict(
        re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    )
    builds = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.M))
    assert {name: pin for name, pin in builds.items() if ships.get(name, pin) != pin} == {}
    assert "pyinstaller" in builds


def test_the_publisher_stands_in_one_place(version_info: object) -> None:
    """Whoever publishes puts their own name, address and page into pyproject.toml, and nowhere else."""
    said = version_info.publisher()  # type: ignore[attr-defined]
    paths = [path for folder in (PACKAGING, ROOT / ".github") for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        if path.suffix in {".py", ".sh", ".xml", ".head", ".iss", ".ps1", ".yml", ".spec", ".desktop", ".1"}:
            text = path.read_text(encoding="utf-8")
            assert [one for one in said if one in text] == [], path
