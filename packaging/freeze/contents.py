# SPDX-License-Identifier: Apache-2.0
"""What goes into the bundle: the rules by which collected files are kept or left out.

One place for all platforms. A rule names why; tests/frozen/test_contents.py holds the finished bundle against it.
"""

from __future__ import annotations

import re
import sys

# Python modules that nothing at run time needs, though something refers to them.
EXCLUDED_MODULES = [
    # Tests, tools and other front ends.
    *("tkinter", "unittest", "doctest", "pydoc", "pdb", "test", "idlelib", "lib2to3", "ensurepip", "venv"),
    *("setuptools", "pkg_resources", "pip", "distutils", "_distutils_hack", "wheel", "pytest", "hypothesis", "mypy"),
    *("huggingface_hub", "numpy", "pandas", "torch", "IPython", "rich", "dotenv", "email_validator", "yapf"),
    # The network: the app opens none. _ssl alone brings OpenSSL's libssl.
    *("_ssl", "ssl", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc", "http", "urllib.request", "urllib.robotparser"),
    # Other ways to do two things at once: the app has Qt's threads. Jinja2 names asyncio for templates that await.
    *("asyncio", "multiprocessing", "concurrent"),
    # Databases and terminals.
    *("sqlite3", "_sqlite3", "dbm", "curses", "readline"),
    # Old East Asian encodings: everything we read is UTF-8.
    *(f"_codecs_{name}" for name in ("cn", "hk", "iso2022", "jp", "kr", "tw")), "_multibytecodec",
    # Front ends of libraries that we do not use.
    *("pydantic.v1", "pydantic.mypy", "lxml.objectify", "lxml.html", "lxml.cssselect", "lxml.isoschematron"),
    *("lxml.builder", "lxml.sax", "lxml.doctestcompare", "lxml.ElementInclude", "lxml.usedoctest"),
    *("cffi.recompiler", "cffi.setuptools_ext", "pycparser", "markdown_it.cli"),
    *("pydantic.color", "pydantic.experimental", "pydantic.networks", "pydantic.validate_call_decorator"),
    *(f"pydantic.{name}" for name in ("class_validators", "error_wrappers", "datetime_parse", "env_settings", "validators")),
    *(f"pydantic.{name}" for name in ("generics", "decorator", "typing", "schema", "utils", "tools", "parse", "json")),
    *("pydantic.deprecated", "jinja2.ext", "jinja2.sandbox", "jinja2.constants"),
    # XML is read by lxml, which python-docx needs anyway: no second parser beside it.
    *("xml", "pyexpat", "_elementtree"),
    # The twin in Python of a module that is there in C, and what only other systems run.
    *("zoneinfo._zoneinfo", "_pydecimal", "_bootsubprocess", "_aix_support"),
    # Mail that is written, archives that are packed, traces of memory: shutil, warnings and importlib.metadata do without.
    *("email.policy", "email.headerregistry", "email._header_value_parser", "email.contentmanager"),
    *("tarfile", "tracemalloc", "pprint"),
    # The folders of other systems.
    *(f"platformdirs.{name}" for name in ("android", "ios", "_android")),
    *(() if sys.platform == "win32" else ("platformdirs.windows", "ctypes.wintypes")),
    *(() if sys.platform == "darwin" else ("platformdirs.macos",)),
    # Qt modules that no import of ours reaches.
    *(f"PySide6.Qt{name}" for name in ("Qml", "Quick", "QuickWidgets", "Sql", "Test", "Designer", "Help", "UiTools")),
    *("PySide6.QtNetwork", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtSvg"),
]  # fmt: skip

# Modules taken in Python though the wheel holds them in C too.
PLAIN_TWINS = ("lxml._elementpath",)  # finding elements of a Word file by path

# Our own packages: their tracebacks tell every line. Those of other packages tell the function.
OWN = ("core", "gui", "resources")

# Qt plugins that stay; every other plugin is left out.
KEPT_PLUGINS = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qsvg",),
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qxdgdesktopportal",),  # native file dialogs; qgtk3 would bring 25 MB of GTK
    "printsupport": ("cupsprintersupport", "windowsprintersupport", "cocoaprintersupport"),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "wayland-decoration-client": ("bradient",),
    "wayland-shell-integration": ("xdg-shell",),
    "xcbglintegrations": (),  # widgets are painted without OpenGL
}

# System libraries that every desktop has in its own, newer build: bundling them breaks what loads them as well.
SYSTEM_LIBRARIES = (
    *("libc", "libm", "libdl", "libpthread", "librt", "libutil", "libresolv", "ld-linux-x86-64", "libnsl", "libcrypt"),
    *("libstdc++", "libgcc_s", "libexpat", "libz", "libfontconfig", "libfreetype", "libpng16", "libbrotlidec"),
    *("libbrotlicommon", "libglib-2.0", "libgthread-2.0", "libgobject-2.0", "libgio-2.0", "libgmodule-2.0"),
    *("libpcre2-8", "libffi", "libmount", "libblkid", "libselinux", "libuuid", "libdbus-1", "libsystemd", "liblz4"),
    *("liblzma", "libzstd", "libcap", "libgcrypt", "libgpg-error", "libbz2", "libEGL", "libGL", "libGLX"),
    *("libGLdispatch", "libOpenGL", "libdrm", "libgbm", "libX11", "libX11-xcb", "libXau", "libXdmcp", "libxcb"),
    *("libxcb-glx", "libxcb-randr", "libxcb-render", "libxcb-shape", "libxcb-shm", "libxcb-sync", "libxcb-xfixes"),
    *("libbsd", "libmd", "libwayland-client", "libwayland-cursor", "libwayland-egl", "libwayland-server"),
    *("libxkbcommon", "libcrypto", "libssl", "libcups", "libgssapi_krb5", "libkrb5", "libkrb5support"),
    *("libk5crypto", "libcom_err", "libkeyutils", "libavahi-client", "libavahi-common", "libgnutls", "libinput"),
)  # fmt: skip

# Collected by hooks, used by nothing here.
LEFT_OUT = (
    r"PySide6/(Qt/)?translations/(?!qtbase_(de|fr)\.qm)",  # Qt's own words, in the languages of the app
    r"(^|/)(lib)?opengl32sw",  # 20 MB of software OpenGL on Windows
    r"(^|/)(Qt6|libQt6)(Qml|Quick|Network|Pdf|VirtualKeyboard|Sql|Test)",
    r"\.pyi$|\.pxd$|(^|/)py\.typed$|\.h$|\.pxi$",
    r"\.dist-info/(?!METADATA$)",
    r"(^|/)lxml/(isoschematron|includes)/",
    r"(^|/)resources/__pycache__/",
    r"(^|/)resources/schemas/",  # what tests hold written files against
    r"(^|/)resources/i18n/.*\.ts$",  # what translators edit; the app reads the .qm beside it
    r"(^|/)docx/templates/default-docx-template/",  # the source of default.docx, unpacked
    r"(^|/)(tests?|testing)/",
)

# Scripts that PyInstaller runs before ours. On Linux Qt finds itself, so the command line need not load Qt.
START_HOOKS_LEFT_OUT = (
    {
        "pyi_rth_pyside6",
        "pyi_rth_inspect",
        "pyi_rth_pkgutil",
        "pyi_rth_multiprocessing",
        "pyi_rth_cryptography_openssl",
    }
    if sys.platform.startswith("linux")
    else {"pyi_rth_pkgutil", "pyi_rth_multiprocessing"}
)


def keep(name: str) -> bool:
    """Whether the collected file `name` (path in the bundle) belongs in it."""
    path = name.replace("\\", "/")
    if any(re.search(rule, path) for rule in LEFT_OUT):
        return False
    plugin = re.search(r"/plugins/([^/]+)/(?:lib)?([^/.]+)\.", path)
    if plugin is not None and "PySide6/" in path:
        return plugin.group(2) in KEPT_PLUGINS.get(plugin.group(1), ())
    return not (
        sys.platform.startswith("linux") and "/" not in path and soname_stem(path) in SYSTEM_LIBRARIES
    )


def soname_stem(name: str) -> str:
    """libxcb.so.1 and libcrypto-9f2.so.3 → libxcb, libcrypto-9f2."""
    return name.split(".so", 1)[0]


def trimmed(collected: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The entries of a PyInstaller list of files that stay, in a fixed order."""
    return sorted(entry for entry in collected if keep(entry[0]))
