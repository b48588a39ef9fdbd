# SPDX-License-Identifier: Apache-2.0
"""lxml for Linux, compiled from its own source of the locked version, for size.

Its wheel holds libxml2, libxslt and libiconv with all they can do, at 5 MB; python-docx asks for a tree and paths. The
same source with the C library's own text encodings, for size and without what nothing calls, is 2 MB. Everything is
checked against a hash: lxml against requirements.lock, the two libraries against SOURCES. Where a tool or the network
is missing the wheel stays, and that is said. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

TOOLS = ("gcc", "make", "strip", "ar")
MIRRORS = (
    "https://deb.debian.org/debian",
    "http://deb.debian.org/debian",  # the hash is what is trusted
    "https://snapshot.debian.org/archive/debian/20261120T000000Z",
)


class Source(NamedTuple):
    """A library's source as Debian keeps it."""

    name: str
    version: str
    file: str
    sha256: str
    options: tuple[str, ...]
    targets: tuple[str, ...]


SOURCES = (
    Source(
        "libxml2", "2.15.4", "libxml2_2.15.4+dfsg.orig.tar.xz",
        "5868d20db42ee21e4881bc53050c7fa226286a277cb3d0543f76b81f7571e934",
        ("--without-python", "--without-icu", "--without-zlib", "--without-http", "--without-debug",
         "--without-modules", "--without-readline", "--without-history"),
        ("libxml2.la",),
    ),
    Source(
        "libxslt", "1.1.45", "libxslt_1.1.45.orig.tar.xz",
        "9acfe68419c4d06a45c550321b3212762d92f41465062ca4ea19e632ee5d216e",
        ("--without-python", "--without-crypto", "--without-debug", "--without-debugger", "--without-plugins"),
        ("-Clibxslt", "-Clibexslt"),
    ),
)  # fmt: skip

# For size, each function on its own so that the linker can leave it out; hardened, as it reads files.
_FLAGS = (
    *("-Os", "-DNDEBUG", "-fPIC", "-fwrapv", "-g0", "-w", "-ffunction-sections", "-fdata-sections"),
    *("-fvisibility=hidden", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables"),
    *("-D_FORTIFY_SOURCE=2", "-fstack-protector-strong"),
)
_LINK = (
    *("-shared", "-Wl,--gc-sections", "-Wl,--exclude-libs,ALL", "-Wl,--as-needed", "-Wl,-O1"),
    *("-Wl,-z,relro,-z,now", "-Wl,--build-id=none"),
)


class CannotCompile(Exception):
    """Something for the own build is missing or did not work; the message says what."""


def rebuild(python: Path, lock: Path) -> bool:
    """Replace lxml.etree in the environment of `python` by a small build of the same version; returns whether it was done."""
    try:
        plain = None if " " not in tempfile.gettempdir() else "/tmp"  # noqa: S108 - make knows no blanks in paths
        with tempfile.TemporaryDirectory(dir=plain) as folder:
            _rebuild(python, lock, Path(folder))
    except CannotCompile as problem:
        print(f"lxml is taken as its wheel has it, 3 MB larger: {problem}", flush=True)
        return False
    return True


def requirement(lock: str, name: str) -> str:
    """The lines of a lock file that pin `name`, with its hashes. Raises CannotCompile."""
    lines = lock.splitlines()
    for number, line in enumerate(lines):
        if line.startswith(f"{name}=="):
            end = next(
                (at for at in range(number + 1, len(lines)) if not lines[at].startswith(" ")), len(lines)
            )
            return "\n".join(lines[number:end]).rstrip(" \\") + "\n"
    raise CannotCompile(f"{name} is not in the lock")


def _rebuild(python: Path, lock: Path, work: Path) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise CannotCompile(f"{', '.join(missing)} not found (Debian: gcc, make, binutils)")
    asked = "import sysconfig, lxml.etree as e; print(sysconfig.get_path('include'), e.__file__, sep='\\n')"
    include, wheel = _say(python, asked).split("\n")
    if not Path(include, "Python.h").is_file():
        raise CannotCompile("Python's header files are not there (Debian: python3-dev)")
    source = _sdist(python, lock, work) / "src"
    for one in SOURCES:
        _library(one, work)
    made = work / Path(wheel).name
    libraries = [str(work / "made/lib" / f"{name}.a") for name in ("libexslt", "libxslt", "libxml2")]
    places = (
        include,
        work / "made/include",
        work / "made/include/libxml2",
        source,
        source / "lxml",
        source / "lxml/includes",
    )
    _do(
        work, "gcc", *_FLAGS, *_LINK, f"-ffile-prefix-map={work}=.", *(f"-I{place}" for place in places),
        str(source / "lxml/etree.c"), "-o", str(made), *libraries, "-lm",
    )  # fmt: skip
    _do(work, "strip", "--strip-unneeded", str(made))
    if str(work).encode() in made.read_bytes():
        raise CannotCompile("the folder it was built in stands in the file")
    kept = Path(wheel).with_suffix(".wheel")
    shutil.move(wheel, kept)
    shutil.copyfile(made, wheel)
    try:
        _say(python, "import io, docx; docx.Document().save(io.BytesIO()); print('works')")
    except CannotCompile:
        shutil.move(kept, wheel)
        raise
    kept.unlink()


def _sdist(python: Path, lock: Path, work: Path) -> Path:
    wanted = work / "lxml.txt"
    wanted.write_text(requirement(lock.read_text(encoding="utf-8"), "lxml"), encoding="utf-8")
    words = ["-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    _do(work, str(python), *words, "--require-hashes", "-r", str(wanted), "-d", str(work))
    return _unpack(next(work.glob("lxml-*.tar.gz")), work)


def _library(one: Source, work: Path) -> None:
    packed = work / one.file
    packed.write_bytes(_fetched(one))
    tree = _unpack(packed, work)
    flags = " ".join((*_FLAGS, f"-ffile-prefix-map={work}=."))
    made = work / "made"
    # The catalogue of XML names is looked for in the system's folder, never in the one it was built in.
    options = [
        "--quiet",
        "--disable-shared",
        "--enable-static",
        f"--prefix={made}",
        "--sysconfdir=/etc",
        *one.options,
    ]
    extra = [f"--with-libxml-prefix={made}"] if one.name == "libxslt" else []
    _do(tree, "./configure", *options, *extra, CFLAGS=flags)
    for target in one.targets:
        _do(tree, "make", "-s", f"-j{os.cpu_count() or 2}", target)
    if one.name == "libxml2":
        _do(tree, "make", "-s", "install-libLTLIBRARIES", "install-data", "install-binSCRIPTS")
    else:
        for target in one.targets:
            _do(tree, "make", "-s", target, "install")


def _fetched(one: Source) -> bytes:
    problem = ""
    for mirror in MIRRORS:
        address = f"{mirror}/pool/main/libx/{one.name}/{one.file}"
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the addresses stand above
                data: bytes = answer.read()
        except (OSError, urllib.error.URLError) as error:
            problem = f"{address}: {error}"
            continue
        if hashlib.sha256(data).hexdigest() == one.sha256:
            return data
        problem = f"{address} has another hash"
    raise CannotCompile(problem)


def _unpack(packed: Path, work: Path) -> Path:
    with tarfile.open(packed) as archive:
        top = archive.getnames()[0].split("/")[0]
        archive.extractall(work, filter="data")
    return work / top


def _say(python: Path, code: str) -> str:
    done = subprocess.run([str(python), "-B", "-c", code], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotCompile(done.stderr[-500:])
    return done.stdout.strip()


def _do(folder: Path, *words: str, **more: str) -> None:
    own = {"LC_ALL": "C", "CFLAGS": "", "CPPFLAGS": "", "LDFLAGS": ""} | more
    done = subprocess.run(
        list(words), cwd=folder, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotCompile(f"{words[0]} stopped: {done.stderr[-500:]}")


if __name__ == "__main__":
    raise SystemExit(0 if rebuild(Path(sys.argv[1]), Path(sys.argv[2])) else 1)
