# SPDX-License-Identifier: Apache-2.0
"""Writes docs/dependencies.md: every package of the locks with its licence, from the metadata of the environment.

    .venv/bin/python packaging/dependencies.py

Exit code 1 when a licence does not go with Apache-2.0 in the way the package is used; the page then says which.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from license_expression import ExpressionError, LicenseSymbol, get_spdx_licensing

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dependencies.md"
SHIPPED, FOR_TESTS = "requirements.lock", "requirements-dev.lock"

# What may be in a work under Apache-2.0 that is handed on. LGPL: Qt's own files, which anybody may replace.
MAY_SHIP = frozenset(
    {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "LGPL-3.0-only"}
)
# What may run the tests: never handed on, so that the files' own copyleft (MPL) asks nothing of ours.
MAY_TEST = MAY_SHIP | {"MPL-2.0"}

# Other words for the same, in metadata that names no SPDX expression.
SPELLINGS = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
# Installed on Windows only, where this page is not written.
ELSEWHERE = {"colorama": ("Windows", "BSD-3-Clause")}


class Package(NamedTuple):
    """One line of the page. `fits` is whether its licence goes with how it is used."""

    name: str
    licence: str
    ships: bool
    fits: bool


def pins(lock: str) -> list[str]:
    """The packages of a lock that are installed on some system we serve."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)==[^ ]+(?: ; ([^\\\n]*))?", text, re.M)
    return [name for name, only in found if "sys_platform == 'emscripten'" not in only]


def licence_of(name: str) -> str:
    """The SPDX expression of a package. Raises LookupError when it names none that we know."""
    if name in ELSEWHERE:
        return ELSEWHERE[name][1]
    said = metadata.metadata(name)
    words = [said[key] for key in ("License-Expression", "License") if key in said]
    words += [
        line.rsplit(" :: ", 1)[-1] for line in said.get_all("Classifier") or () if line.startswith("License ")
    ]
    for word in words:
        expression = SPELLINGS.get(word.strip(), word.strip())
        try:
            return str(get_spdx_licensing().parse(expression, validate=True))
        except ExpressionError:
            continue
    raise LookupError(
        f"{name} names no licence that we know: {words}. Add its spelling to packaging/dependencies.py."
    )


def fits(licence: str, allowed: frozenset[str]) -> bool:
    """Whether one of the choices that an SPDX expression gives is allowed."""
    tree = get_spdx_licensing().parse(licence)

    def holds(node: object) -> bool:
        if isinstance(node, LicenseSymbol):
            return node.key in allowed
        parts = [holds(one) for one in getattr(node, "args", ())]
        return bool(parts) and (any(parts) if type(node).__name__ == "OR" else all(parts))

    return holds(tree)


def packages() -> list[Package]:
    """Every package of both locks."""
    shipped = set(pins(SHIPPED))
    found = []
    for name in sorted(shipped | set(pins(FOR_TESTS))):
        licence, ships = licence_of(name), name in shipped
        found.append(Package(name, licence, ships, fits(licence, MAY_SHIP if ships else MAY_TEST)))
    return found


def page(listed: list[Package]) -> str:
    """docs/dependencies.md."""
    rows = [
        f"| {one.name} | {one.licence} | {'ships' if one.ships else 'tests only'} | {'yes' if one.fits else '**no**'} |"
        for one in listed
    ]
    shipped = sum(one.ships for one in listed)
    return _PAGE.format(shipped=shipped, rest=len(listed) - shipped, rows="\n".join(rows))


_PAGE = """# Libraries and their licences

Written by `python packaging/dependencies.py` from the locks and the metadata of the packages. Do not edit.

{shipped} packages ship with the app, {rest} more only run its tests and checks. Versions and hashes are in `requirements.lock` and
`requirements-dev.lock`. Qt and PySide6 are taken under the LGPL: they stay separate files that anybody may replace. The licence texts are in
the installed app (`licences/`), with the system libraries of that build.

| package | licence | used | goes with Apache-2.0 |
| --- | --- | --- | --- |
{rows}
"""


def main() -> int:
    """Write the page."""
    listed = packages()
    PAGE.write_text(page(listed), encoding="utf-8", newline="\n")
    return 0 if all(one.fits for one in listed) else 1


if __name__ == "__main__":
    sys.exit(main())
