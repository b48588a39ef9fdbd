# SPDX-License-Identifier: Apache-2.0
"""Qt's ICU data without what the app never asks for: names of countries and units, spell-out rules, old code pages.

Qt takes dates, numbers and names from tables of its own; it asks ICU for sorting, time zones and text codecs. Those
stay, for every language. The licence of ICU (Unicode-3.0) allows modified data. Needs icupkg (Debian: icu-devtools), objcopy and gcc.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

SONAME = re.compile(r"libicudata\.so\.(\d+)")
_TREES_OUT = re.compile(r"^(?:curr|lang|region|unit|zone|rbnf|translit)/|^[a-z]{2,3}(?:_\w+)?\.res$")
_ENGLISH = re.compile(r"/(?:en|root|pool|res_index|supplementalData)(?:_\w+)?\.(?:res|icu)$")
_CONVERTERS = re.compile(r"^[^/]+\.cnv$")
_KEPT_CONVERTERS = re.compile(
    r"^(?:utf|ibm-(?:367|819|912|1208|5348|9447)|iso-8859|windows-125|us-ascii)", re.IGNORECASE
)


class CannotShrink(Exception):
    """A tool is missing or the data is not as expected; the message says what to do."""


def unneeded(items: list[str]) -> list[str]:
    """Of the names in an ICU data file, those the app does without."""
    out = []
    for name in items:
        if (_TREES_OUT.match(name) and not _ENGLISH.search(f"/{name}")) or (
            _CONVERTERS.match(name) and not _KEPT_CONVERTERS.match(name)
        ):
            out.append(name)
    return out


def shrink(library: Path) -> tuple[int, int]:
    """Replace libicudata.so.NN by one with less data; returns its size before and after, in bytes."""
    match = SONAME.fullmatch(library.name)
    if match is None:
        raise CannotShrink(f"{library.name} is not a library of ICU data.")
    for tool in ("icupkg", "objcopy", "gcc"):
        if not _tool(tool):
            raise CannotShrink(
                f"{tool} is missing. Install icu-devtools, binutils and gcc, or build with --full-icu."
            )
    number = match[1]
    before = library.stat().st_size
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        whole, small = folder / "whole" / f"icudt{number}l.dat", folder / f"icudt{number}l.dat"
        whole.parent.mkdir()
        _run("objcopy", "-O", "binary", "--only-section=.rodata", str(library), str(whole))
        items = _run("icupkg", "-l", str(whole)).split()
        out = folder / "out.txt"
        out.write_text("\n".join(unneeded(items)) + "\n", encoding="ascii")
        _run("icupkg", "-r", str(out), str(whole), str(small))
        source = folder / "data.s"
        symbol = f"icudt{number}_dat"
        source.write_text(
            f'.section .rodata\n.globl {symbol}\n.type {symbol}, @object\n.balign 16\n{symbol}:\n.incbin "{small}"\n'
            f'.size {symbol}, .-{symbol}\n.section .note.GNU-stack,"",@progbits\n',
            encoding="ascii",
        )
        made = folder / library.name
        options = ["-shared", "-nostdlib", "-Wl,--build-id=none", f"-Wl,-soname,{library.name}"]
        _run("gcc", *options, "-o", str(made), str(source))
        shutil.copyfile(made, library)
    return before, library.stat().st_size


def _tool(name: str) -> str:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/bin") or ""


def _run(tool: str, *words: str) -> str:
    done = subprocess.run([_tool(tool), *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotShrink(f"{tool} failed: {done.stderr.strip()}")
    return done.stdout
