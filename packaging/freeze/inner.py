# SPDX-License-Identifier: Apache-2.0
"""Licences of what others' parts bring along: system libraries by their Debian copyright file, what is inside a wheel.

Runs inside the build environment; standard library only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

TEXTS = Path(__file__).resolve().parent / "texts"

# The names that Debian's copyright files use → SPDX.
_SPDX = {
    "mit": "MIT", "mit/x": "MIT", "mit/x11": "MIT", "x11": "MIT", "expat": "MIT", "mit/x consortium license": "MIT",
    "isc": "ISC", "zlib": "Zlib", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "apache-2.0": "Apache-2.0",
    "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only",
    "lgpl-3+": "LGPL-3.0-or-later", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-3+": "GPL-3.0-or-later",
    "mpl-2.0": "MPL-2.0", "openssl": "OpenSSL", "psf-2": "PSF-2.0", "public-domain": "LicenseRef-public-domain",
}  # fmt: skip
# Files from before the machine-readable form are told by the words of the licence itself.
_WORDS = (("permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),)


class UnknownLicence(Exception):
    """A copyright file whose licence is not in the table."""


class Part(NamedTuple):
    """Something inside a file of another project."""

    name: str
    version: str
    licence: str
    kind: str
    text: Path | None = None


def debian_licence(copyright_text: str) -> str:
    """The SPDX expression of a Debian copyright file: of the upstream files, not of the packaging. Raises UnknownLicence."""
    found: dict[str, None] = {}
    for stanza in re.split(r"\n\s*\n", copyright_text):
        files = re.search(r"^Files:\s*(.+)$", stanza, re.M)
        told = re.search(r"^License:\s*(.+)$", stanza, re.M)
        if files and told and not files[1].startswith("debian/"):
            for name in re.split(r"\s+(?:and|or)\s+|,\s*", told[1].strip()):
                if name.lower() not in _SPDX:
                    raise UnknownLicence(f"{name}: add it to packaging/freeze/inner.py.")
                found[_SPDX[name.lower()]] = None
    if not found:
        plain = " ".join(copyright_text.split()).lower()
        found = {licence: None for words, licence in _WORDS if words in plain}
    if not found:
        raise UnknownLicence(f"The licence is not known by its words: {copyright_text[:300]}")
    return " AND ".join(sorted(found))


def parts_of(owner: str) -> list[Part]:
    """What is inside the files of the distribution `owner`: libraries in C, crates of Rust by the wheel's own list."""
    return [*(known() for known in _INSIDE.get(owner, ())), *_crates(owner)]


def more_texts(owner: str) -> list[Path]:
    """Texts that belong to `owner` beside its own licence."""
    return [TEXTS / "Qt-third-parties.txt"] if owner == "pyside6-essentials" else []


def _crates(owner: str) -> list[Part]:
    """Python wheels with Rust inside carry a CycloneDX list of it (PEP 770)."""
    found = []
    for file in metadata.distribution(owner).files or ():
        if "sboms/" in file.as_posix() and file.name.endswith(".json"):
            bill = json.loads(Path(str(file.locate())).read_text(encoding="utf-8"))
            for part in bill.get("components", ()):
                if str(part.get("purl", "")).startswith("pkg:cargo/"):
                    found.append(Part(part["name"], part["version"], _expression(part), "cargo"))
    return sorted(set(found))


def _expression(part: dict[str, list[dict[str, object]]]) -> str:
    told = []
    for one in part.get("licenses", ()):
        licence = one.get("license")
        named = licence.get("id") or licence.get("name") if isinstance(licence, dict) else None
        told.append(str(one.get("expression") or named or "NOASSERTION"))
    return " AND ".join(told).replace("/", " OR ") or "NOASSERTION"


def _in_c(name: str, licence: str, version: Callable[[], str]) -> Callable[[], Part]:
    return lambda: Part(name, version(), licence, "generic", TEXTS / f"{name}.txt")


def _from_strings(module: str, pattern: bytes) -> Callable[[], str]:
    """The version as it stands in the library's own bytes; "bundled" when it does not say."""

    def look() -> str:
        spec = util.find_spec(module)
        found = re.search(pattern, Path(spec.origin).read_bytes()) if spec and spec.origin else None
        return found[1].decode("ascii") if found else "bundled"

    return look


def _told_by_lxml(which: str) -> Callable[[], str]:
    def look() -> str:
        from lxml import etree

        return ".".join(str(number) for number in getattr(etree, f"{which}_VERSION"))

    return look


_INSIDE = {
    "pynacl": [_in_c("libsodium", "ISC AND BSD-2-Clause", lambda: "bundled")],  # it does not say
    "pyyaml": [_in_c("libyaml", "MIT", _from_strings("yaml._yaml", rb"\0(0\.\d+\.\d+)\0"))],
    "cffi": [_in_c("libffi", "MIT", lambda: "bundled")],
    "lxml": [
        _in_c("libxml2", "MIT", _told_by_lxml("LIBXML")),
        _in_c("libxslt", "MIT", _told_by_lxml("LIBXSLT")),
    ],
}
