# SPDX-License-Identifier: Apache-2.0
"""The Inno Setup script, as far as it can be checked without Inno Setup: its form, its names, the files it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.health.tree import ROOT

SCRIPT = ROOT / "packaging" / "windows" / "weighbridge.iss"
SECTIONS = {"Setup", "Languages", "Tasks", "InstallDelete", "Files", "Icons", "Registry", "Run"}
SETTINGS = {
    "AppId", "AppName", "AppVersion", "AppPublisher", "AppPublisherURL", "DefaultDirName", "DefaultGroupName",
    "DisableProgramGroupPage", "PrivilegesRequired", "PrivilegesRequiredOverridesAllowed", "ArchitecturesAllowed",
    "ArchitecturesInstallIn64BitMode", "MinVersion", "LicenseFile", "SetupIconFile", "UninstallDisplayIcon", "OutputDir",
    "OutputBaseFilename", "Compression", "SolidCompression", "ChangesAssociations", "WizardStyle",
}  # fmt: skip
PARAMETERS = {
    "Name", "MessagesFile", "Description", "Flags", "Type", "Source", "DestDir", "Filename", "Tasks", "Root", "Subkey",
    "ValueType", "ValueName", "ValueData",
}  # fmt: skip
CONSTANTS = {"app", "autopf", "group", "autodesktop"}
FLAGS = {
    "unchecked", "recursesubdirs", "ignoreversion", "uninsdeletekey", "uninsdeletevalue", "nowait", "postinstall",
    "skipifsilent",
}  # fmt: skip


def lines(text: str) -> list[tuple[str, str]]:
    """(section, line) of each line that says something; the preprocessor's lines under ""."""
    section, found = "", []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line.startswith("#"):
            found.append(("", line))
        elif line and not line.startswith(";"):
            found.append((section, line))
    return found


def parameters(line: str) -> dict[str, str]:
    """`Name: "x"; Flags: y` as a mapping; a quote inside a value is doubled."""
    rest, found = line, {}
    while rest:
        taken = re.match(r'(\w+):\s*("(?:[^"]|"")*"|[^;"]*)\s*(?:;\s*|$)', rest)
        assert taken is not None, f"not a list of parameters: {rest}"
        found[taken[1]] = taken[2].strip().strip('"')
        rest = rest[taken.end() :]
    return found


@pytest.fixture(scope="module")
def script() -> list[tuple[str, str]]:
    return lines(SCRIPT.read_text(encoding="utf-8"))


def test_sections_settings_and_parameters_are_those_of_inno_setup(script: list[tuple[str, str]]) -> None:
    assert {section for section, _ in script} - {""} == SECTIONS
    told = [line.partition("=")[0] for section, line in script if section == "Setup"]
    assert set(told) == SETTINGS
    assert len(told) == len(set(told))
    for section, line in script:
        if section not in ("", "Setup"):
            entry = parameters(line)
            assert set(entry) <= PARAMETERS, line
            assert set(entry.get("Flags", "").split()) <= FLAGS, line


def test_constants_and_definitions_are_known(script: list[tuple[str, str]]) -> None:
    text = "\n".join(line for _, line in script)
    used = set(re.findall(r"(?<!\{)\{([a-z]+)\}", text))
    assert used <= CONSTANTS, used
    defined = {line.split()[1] for section, line in script if section == "" and line.startswith("#ifndef")}
    wanted = set(re.findall(r"\{#(\w+)\}", text))
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    given = set(re.findall(r'"/D(\w+)=', workflow))
    assert wanted == given
    assert defined <= given


def test_the_files_it_names_are_there(script: list[tuple[str, str]]) -> None:
    named = {
        line.partition("=")[2]
        for section, line in script
        if section == "Setup" and line.startswith(("License", "SetupIcon"))
    }
    assert len(named) == 2
    for name in named:
        assert (SCRIPT.parent / Path(name.replace("\\", "/"))).is_file(), name
    programs = {f"{name}.exe" for name in ("weighbridge", "weighbridge-cli")}
    text = "\n".join(line for _, line in script)
    assert set(re.findall(r"\{app\}\\([\w-]+\.exe)", text)) <= programs


def test_what_it_writes_it_takes_away(script: list[tuple[str, str]]) -> None:
    """Each registry key of ours goes with the app, by itself or under a key that does."""
    entries = [parameters(line) for section, line in script if section == "Registry"]
    gone = [entry["Subkey"] for entry in entries if "uninsdelete" in entry.get("Flags", "")]
    for entry in entries:
        assert entry["Root"] == "HKA", "per user or per machine, as it is installed"
        assert any(entry["Subkey"].startswith(key) for key in gone), entry


@pytest.mark.parametrize("line", ['Name: "a" Flags: b', 'Name: "a', "no colon"])
def test_a_broken_line_is_seen(line: str) -> None:
    with pytest.raises(AssertionError):
        parameters(line)
