# SPDX-License-Identifier: Apache-2.0
"""`make deb`: the .deb and, for other Linux systems, a self-contained tarball with an install script.

Both hold the same bundle. Standard library and dpkg-deb only; the same commit gives the same bytes.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

import environment
import system_libraries
from freeze import build as freezing
from freeze import version_info
from linux import depends

HERE = Path(__file__).resolve().parent
ICONS = HERE.parent / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
RECOMMENDED = "xdg-utils, shared-mime-info, desktop-file-utils, libcups2t64 | libcups2"
"""Links, file types, menus, paper: the app runs without them."""
TOOLS = {"dpkg-deb": "dpkg", "readelf": "binutils", "xz": "xz-utils"}


def main(rest: list[str], root: Path) -> int:
    """Build both files into dist/. `--again` freezes anew first; `--quick` compresses less, for trying out."""
    _check_tools()
    bundle = root / "dist" / "weighbridge"
    if "--again" in rest or not bundle.is_dir():
        freezing.build(root)
    when = freezing.source_date(root)
    deb = make_deb(root, bundle, when, quick="--quick" in rest)
    tarball = make_tarball(root, bundle, when, quick="--quick" in rest)
    sums = "".join(f"{_sha256(file)}  {file.name}\n" for file in (deb, tarball))
    (root / "dist" / "SHA256SUMS").write_text(sums, encoding="ascii")
    for file in (deb, tarball):
        print(f"{file.relative_to(root)}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


def make_deb(root: Path, bundle: Path, when: int, *, quick: bool = False, version: str | None = None) -> Path:
    """The Debian package of `bundle`; `version` overrides the project's own for upgrade tests."""
    version = version or version_info.version()
    machine = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    tree = root / "build" / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(bundle, tree / "usr/lib/weighbridge", symlinks=True)
    share(tree / "usr/share", version, when)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/weighbridge").symlink_to("../lib/weighbridge/weighbridge")
    _documentation(root, tree, version, when)
    size = (
        sum(file.stat().st_size for file in tree.rglob("*") if file.is_file() and not file.is_symlink())
        // 1024
    )
    control = tree / "DEBIAN"
    control.mkdir()
    who = version_info.publisher()
    wanted = ", ".join(depends.depends(bundle))
    (control / "control").write_text(
        f"Package: weighbridge\nVersion: {version}\nArchitecture: {machine}\nSection: devel\nPriority: optional\n"
        f"Maintainer: {who.name} <{who.email}>\n"
        f"Installed-Size: {size}\nDepends: {wanted}\nRecommends: {RECOMMENDED}\n"
        f"Homepage: {who.homepage}\n"
        "Description: weighs a model's training compute and writes its release documents\n"
        " Weighbridge reads what a training run left behind, weighs the compute that went\n"
        " into the model, says which AI rules apply, and writes the model card and the\n"
        " other documents that a release needs. It works offline.\n",
        encoding="utf-8",
    )
    sums = [
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(tree).as_posix()}\n"
        for file in sorted((tree / "usr").rglob("*"))
        if file.is_file() and not file.is_symlink()
    ]
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    settle(tree, when)
    target = root / "dist" / f"weighbridge_{version}_{machine}.deb"
    packing = ["-Zzstd", "-z3"] if quick else ["-Zxz", "-z9"]
    _run(["dpkg-deb", "--root-owner-group", *packing, "--build", str(tree), str(target)], when)
    return target


def share(folder: Path, version: str, when: int) -> None:
    """Desktop entry, metainfo, MIME type, icons and manual page under `folder` (a share folder)."""
    date = datetime.datetime.fromtimestamp(when, datetime.UTC).date().isoformat()
    for source, target in (
        ("weighbridge.desktop", "applications/weighbridge.desktop"),
        ("weighbridge.metainfo.xml", f"metainfo/{version_info.publisher().app_id}.metainfo.xml"),
        ("weighbridge.xml", "mime/packages/weighbridge.xml"),
    ):
        text = version_info.filled((HERE / source).read_text(encoding="utf-8"), version=version, date=date)
        place = folder / target
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    icons = folder / "icons/hicolor"
    for size in SIZES:
        place = icons / f"{size}x{size}/apps/weighbridge.png"
        place.parent.mkdir(parents=True)
        shutil.copyfile(ICONS / f"weighbridge-{size}.png", place)
    (icons / "scalable/apps").mkdir(parents=True)
    shutil.copyfile(
        HERE.parents[1] / "resources/icons/weighbridge.svg", icons / "scalable/apps/weighbridge.svg"
    )
    manual = (
        (HERE / "weighbridge.1")
        .read_text(encoding="utf-8")
        .replace("@VERSION@", version)
        .replace("@DATE@", date)
    )
    (folder / "man/man1").mkdir(parents=True)
    (folder / "man/man1/weighbridge.1.gz").write_bytes(gzip.compress(manual.encode(), 9, mtime=0))


def tarball_of(root: Path) -> Path:
    """Where the tarball lies once it is built."""
    machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
    return root / "dist" / f"weighbridge-{version_info.version()}-linux-{machine}.tar.xz"


def make_tarball(root: Path, bundle: Path, when: int, *, quick: bool = False) -> Path:
    """The self-contained tarball: no AppImage, but unpack, run ./install.sh, and it is in the menu."""
    target = tarball_of(root)
    name = target.name.removesuffix(".tar.xz")
    tree = root / "build" / "tarball" / name
    shutil.rmtree(tree.parent, ignore_errors=True)
    shutil.copytree(bundle, tree / "lib", symlinks=True)
    share(tree / "share", version_info.version(), when)
    for script in ("install.sh", "uninstall.sh"):
        text = version_info.filled((HERE / script).read_text(encoding="utf-8"))
        (tree / script).write_text(text, encoding="utf-8")
    shutil.copyfile(root / "LICENSE", tree / "LICENSE")
    settle(tree, when)
    for script in ("install.sh", "uninstall.sh", "lib/weighbridge"):
        (tree / script).chmod(0o755)
    with tarfile.open(target, "w:xz", preset=1 if quick else 9) as archive:
        archive.add(tree, name, filter=lambda entry: _plain(entry, when))
    return target


def settle(tree: Path, when: int) -> None:
    """Modes and times that do not depend on who builds, and when."""
    import os

    for place in sorted(tree.rglob("*"), reverse=True):
        if place.is_symlink():
            os.utime(place, (when, when), follow_symlinks=False)
            continue
        program = place.is_dir() or (
            place.name == "weighbridge" and place.parent.name in ("weighbridge", "lib")
        )
        place.chmod(0o755 if program else 0o644)
        os.utime(place, (when, when))
    tree.chmod(0o755)
    os.utime(tree, (when, when))


def _documentation(root: Path, tree: Path, version: str, when: int) -> None:
    folder = tree / "usr/share/doc/weighbridge"
    folder.mkdir(parents=True)
    head = version_info.filled((HERE / "copyright.head").read_text(encoding="utf-8"))
    (folder / "copyright").write_text(head, encoding="utf-8")
    who = version_info.publisher()
    stamp = datetime.datetime.fromtimestamp(when, datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    entry = (
        f"weighbridge ({version}) unstable; urgency=medium\n\n  * See /usr/share/doc/weighbridge/NEWS.gz.\n\n"
        f" -- {who.name} <{who.email}>  {stamp}\n"
    )
    (folder / "changelog.gz").write_bytes(gzip.compress(entry.encode(), 9, mtime=0))
    news = (root / "CHANGELOG.md").read_bytes()
    (folder / "NEWS.gz").write_bytes(gzip.compress(news, 9, mtime=0))
    overrides = tree / "usr/share/lintian/overrides/weighbridge"
    overrides.parent.mkdir(parents=True)
    shutil.copyfile(HERE / "lintian-overrides", overrides)


def _plain(entry: tarfile.TarInfo, when: int) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = when
    return entry


def _check_tools() -> None:
    absent = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if absent and system_libraries.may_install():
        system_libraries.apt_update()
        system_libraries.apt_install(absent)
    elif absent:
        raise environment.SetupError(f"Linux packages are built on Debian or Ubuntu with: {' '.join(absent)}")


def _run(command: list[str], when: int) -> None:
    import os

    # One thread: how the archive is cut into blocks must not depend on the number of cores.
    fixed = {"SOURCE_DATE_EPOCH": str(when), "DPKG_DEB_THREADS_MAX": "1"}
    if subprocess.run(command, env=os.environ | fixed, check=False).returncode != 0:
        raise environment.SetupError(f"The build stopped at: {command[0]}")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
