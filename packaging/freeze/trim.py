# SPDX-License-Identifier: Apache-2.0
"""What of Qt and Python the app needs, as rules over the names of the files that the freezer collected."""

from __future__ import annotations

import re
from collections.abc import Iterable

MODULES_OUT = (
    "tkinter", "unittest", "pydoc", "doctest", "test", "lib2to3", "ensurepip", "venv", "distutils", "setuptools",
    "pkg_resources", "pip", "sqlite3", "curses", "xmlrpc", "wsgiref", "turtle", "idlelib", "pdb", "cProfile",
    "multiprocessing", "asyncio", "PySide6.QtNetworkAuth", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL",
    "PySide6.QtTest", "PySide6.QtSql", "PySide6.QtXml", "PySide6.QtConcurrent", "PySide6.QtUiTools",
    "PySide6.QtDesigner", "PySide6.QtHelp", "pydantic.v1", "pydantic.mypy", "numpy", "ftplib",
    "http", "ssl", "socketserver", "urllib.request", "urllib.robotparser", "smtplib", "imaplib", "_pydecimal", "cffi",
    "pycparser", "lxml.objectify", "lxml.html", "lxml.isoschematron", "lxml.sax", "lxml.cssselect", "lxml.builder",
)  # fmt: skip
"""Python modules nothing of ours needs at run time; with them goes every way to a network."""

PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qminimal", "qwindows", "qcocoa"),
    "platforminputcontexts": ("compose", "ibus"),
    "platformthemes": ("xdgdesktopportal",),
    "iconengines": ("svg",),
    "imageformats": ("svg", "png", "jpeg", "ico", "icns"),
    "xcbglintegrations": (),
    "wayland-decoration-client": ("bradient", "adwaita"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-graphics-integration-client": ("shm",),
    "styles": ("modernwindows", "mac"),
    "printsupport": ("cups",),
}
"""Qt plugins that stay, by kind: parts of their file names. A kind that is not named goes."""

LIBRARIES_OUT = (
    r"libQt6(Qml|Quick|OpenGL|Sql|Test|Xml|Concurrent|Designer|Help|UiTools|VirtualKeyboard|Labs|Shader)",
    r"libQt6EglFS", r"libQt6WlShellIntegration(?!.*xdg)", r"libgtk-3", r"libgdk-3", r"libgdk_pixbuf", r"libcairo", r"libpango",
    r"libatk", r"libatspi", r"libepoxy", r"libharfbuzz-gobject", r"libfribidi", r"libthai", r"libdatrie", r"libgraphite2",
    r"libXcomposite", r"libXdamage", r"libXinerama", r"libXtst",
    r"libcrypto\.so", r"libssl\.so", r"_ssl\.", r"_sqlite3\.", r"libsqlite3", r"_tkinter", r"libtcl", r"libtk",
    r"_curses", r"_codecs_(jp|kr|cn|tw|hk|iso2022)", r"libreadline", r"readline\.", r"_dbm", r"_gdbm", r"libgdbm", r"libdb-",
    r"libstdc\+\+\.so", r"libgcc_s\.so", r"libexpat\.so",
    r"lxml/(objectify|sax|_difflib|builder|html)", r"opengl32sw\.dll", r"d3dcompiler", r"Qt6?Pdf", r"libqpdf",
)  # fmt: skip
"""Shared libraries that go: parts of Qt nobody loads, what a GTK theme pulled in, and what every Linux has newer
(the C++ runtime: a copy from here would raise the oldest system the app runs on)."""

SYSTEM_OUT = (
    "gnutls unistring gcrypt gpg-error p11-kit harfbuzz krb5 k5crypto krb5support gssapi_krb5 keyutils com_err systemd "
    "freetype fontconfig pixman-1 cups avahi-client avahi-common pcre2-8 jpeg gmp nettle hogweed tasn1 idn2 mount blkid "
    "gobject-2.0 gio-2.0 glib-2.0 gmodule-2.0 gthread-2.0 dbus-1 png16 selinux lz4 zstd brotlicommon brotlidec bsd md "
    "cap Xext Xrender Xdmcp Xau X11 X11-xcb wayland-client wayland-cursor wayland-egl wayland-server"
).split()
"""Libraries that every Linux desktop has and the package names in its dependencies: a second copy helps nobody."""

TRANSLATIONS = ("qtbase_de", "qtbase_fr", "qtbase_en")
"""Qt's own words, in the languages of the app."""

_OUT = re.compile("|".join((*LIBRARIES_OUT, rf"^lib(?:{'|'.join(map(re.escape, SYSTEM_OUT))})\.so")))


def stays(name: str) -> bool:
    """Whether the file `name` (path in the bundle, any slashes) is part of the app."""
    path = name.replace("\\", "/")
    file = path.rsplit("/", 1)[-1]
    if "/plugins/" in path:
        kind = path.split("/plugins/", 1)[1].split("/", 1)[0]
        return any(part in file for part in PLUGINS.get(kind, ()))
    if "/translations/" in path:
        return file.startswith(TRANSLATIONS)
    if "/qml/" in path or "/Qt/resources/" in path or "/metatypes/" in path:
        return False
    return _OUT.search(file) is None


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The freezer's (name, source, kind) entries that stay."""
    return [entry for entry in entries if stays(entry[0])]
