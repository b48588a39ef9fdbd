# SPDX-License-Identifier: Apache-2.0
"""Qt's copy of ICU carries 31 MB of data, most of it names of currencies and regions that nothing here shows.

On Linux the data library is rebuilt with what the app can use: the root and English locale data, all collations,
break rules, normalisation and time zone rules. Lost: names of zones, languages, regions, currencies and units in other
languages, and old text encodings; file names and texts are UTF-8. Where a tool is missing the data stays whole.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

TOOLS = ("icupkg", "objcopy", "gcc")
_TREES = re.compile(
    r"^(curr|lang|region|unit|zone|rbnf|translit)/(?!root\.res|en\.res|pool\.res|res_index\.res|supplementalData\.res|tzdbNames\.res)"
)
_LOCALE = re.compile(r"^[a-z]{2,3}(_[A-Za-z0-9]+)*\.res$")
_KEPT_LOCALES = re.compile(r"^(en|en_US|en_GB|en_001)\.res$")
_CODEC = re.compile(r"\.cnv$")
_KEPT_CODECS = re.compile(r"^(ibm-5348|ibm-5346|ibm-1208|iso-8859|utf|us-ascii|windows-125|gb18030)")


def slim(inside: Path) -> bool:
    """Rebuild libicudata in the bundle's folder `inside`; returns whether it was done. Raises CalledProcessError."""
    found = sorted(inside.rglob("libicudata.so.*"))
    libraries = [file for file in found if not file.is_symlink()]
    if len(libraries) != 1:
        return False
    missing = [
        tool for tool in TOOLS if shutil.which(tool, path="/usr/bin:/usr/sbin:/bin:/usr/local/bin") is None
    ]
    if missing:
        print(
            f"ICU data is left whole: {', '.join(missing)} not found (Debian: icu-devtools, binutils, gcc)."
        )
        return False
    _rebuild(libraries[0])
    return True


def _rebuild(library: Path) -> None:
    version = library.name.rsplit(".", 1)[1]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        name = f"icudt{version}l.dat"
        whole, small = work / "whole" / name, work / name
        whole.parent.mkdir()
        subprocess.run(
            ["objcopy", "-O", "binary", "--only-section=.rodata", str(library), str(whole)], check=True
        )
        icupkg = shutil.which("icupkg", path="/usr/bin:/usr/sbin:/usr/local/bin") or "icupkg"
        listed = subprocess.run([icupkg, "-l", str(whole)], capture_output=True, text=True, check=True).stdout
        gone = work / "gone.txt"
        gone.write_text("".join(f"{item}\n" for item in listed.split() if _unused(item)), encoding="ascii")
        subprocess.run([icupkg, "-r", str(gone), str(whole), str(small)], check=True)
        _wrap(work, small, version, library)


def _unused(item: str) -> bool:
    if _TREES.match(item):
        return True
    if _CODEC.search(item):
        return not _KEPT_CODECS.match(item)
    return bool(_LOCALE.match(item)) and not _KEPT_LOCALES.match(item)


def _wrap(work: Path, data: Path, version: str, library: Path) -> None:
    """The data as a library of the same name and entry point; the linker is told to leave no trace of the build."""
    source = work / "data.s"
    symbol = f"icudt{version}_dat"
    source.write_text(
        f'.section .rodata\n.globl {symbol}\n.type {symbol}, @object\n.balign 16\n{symbol}:\n.incbin "{data.name}"\n'
        f'.size {symbol}, . - {symbol}\n.section .note.GNU-stack,"",@progbits\n',
        encoding="ascii",
    )
    linked = work / library.name
    options = [
        "-shared",
        "-nostdlib",
        "-Wl,--build-id=none",
        "-Wl,-z,noexecstack",
        f"-Wl,-soname,{library.name}",
    ]
    subprocess.run(["gcc", *options, "-o", str(linked), source.name], cwd=work, check=True)
    shutil.copyfile(linked, library)
