# SPDX-License-Identifier: Apache-2.0
"""Version and publisher, and the resources that carry them. pyproject.toml is the only place that says either.

python packaging/freeze/version_info.py version|name|email|homepage|id
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Publisher(NamedTuple):
    """Who stands behind the files: `id` is their domain, turned round, to which the names of the app are added."""

    name: str
    email: str
    homepage: str
    id: str

    @property
    def app_id(self) -> str:
        """The app's own id for software centres and macOS."""
        return f"{self.id}.Weighbridge"

    @property
    def project_type(self) -> str:
        """macOS's name for the kind of file that projects are."""
        return f"{self.id}.project"


def version() -> str:
    """The version of pyproject.toml."""
    return str(_pyproject()["project"]["version"])


def publisher() -> Publisher:
    """The publisher of pyproject.toml."""
    return Publisher(**_pyproject()["tool"]["weighbridge"]["publisher"])


def filled(template: str, **more: str) -> str:
    """`template` with @NAME@, @EMAIL@, @HOMEPAGE@, @ID@ and what `more` names put in."""
    for name, value in {**publisher()._asdict(), **more}.items():
        template = template.replace(f"@{name.upper()}@", value)
    return template


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def four_numbers() -> tuple[int, int, int, int]:
    """Windows wants four numbers: 0.1.0 → 0.1.0.0. Anything after the numbers is left out."""
    numbers = []
    for part in version().split(".")[:4]:
        digits = "".join(sign for sign in part if sign.isdigit())
        numbers.append(int(digits or 0))
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def windows_text() -> str:
    """The version resource in PyInstaller's notation; plain text, so that it can be checked on any system."""
    numbers, said = four_numbers(), version()
    strings = {
        "CompanyName": publisher().name,
        "FileDescription": "Weighbridge",
        "FileVersion": said,
        "InternalName": "weighbridge",
        "LegalCopyright": "Apache License 2.0",
        "OriginalFilename": "weighbridge.exe",
        "ProductName": "Weighbridge",
        "ProductVersion": said,
    }
    pairs = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, "
        "fileType=0x1, subtype=0x0, date=(0, 0)), "
        f"kids=[StringFileInfo([StringTable('040904B0', [{pairs}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def for_windows() -> str | None:
    """Path of the version resource on Windows, written anew; None elsewhere."""
    if sys.platform != "win32":
        return None
    file = ROOT / "build" / "version-info.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text(windows_text(), encoding="utf-8")
    return str(file)


def for_macos() -> dict[str, Any]:
    """Info.plist beyond PyInstaller's own keys."""
    return {
        "CFBundleShortVersionString": version(),
        "CFBundleVersion": version(),
        "CFBundleDisplayName": "Weighbridge",
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSHumanReadableCopyright": "Apache License 2.0",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Weighbridge project",
                "CFBundleTypeRole": "Editor",
                "LSItemContentTypes": [publisher().project_type],
                "LSHandlerRank": "Owner",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": publisher().project_type,
                "UTTypeDescription": "Weighbridge project",
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {"public.filename-extension": ["weighbridge.json"]},
            }
        ],
    }


def identity() -> str | None:
    """The Developer ID to sign with on macOS, from the release job's environment."""
    return (os.environ.get("WEIGHBRIDGE_CODESIGN_IDENTITY") or None) if sys.platform == "darwin" else None


def entitlements(folder: str) -> str | None:
    """The entitlements file, on macOS only."""
    return str(Path(folder).parent / "macos" / "entitlements.plist") if sys.platform == "darwin" else None


if __name__ == "__main__":
    print(version() if sys.argv[1] == "version" else getattr(publisher(), sys.argv[1]))
