# SPDX-License-Identifier: Apache-2.0
"""The window's words in other languages.

    .venv/bin/python packaging/translations.py update    collect the words of gui/ into resources/i18n/*.ts
    .venv/bin/python packaging/translations.py release   make the *.qm files that the app loads
    .venv/bin/python packaging/translations.py missing   list what has no translation yet
    .venv/bin/python packaging/translations.py pseudo FOLDER   make a test language there, which is not shipped (pseudo.py)

Translate between `update` and `release`, in the .ts files (Qt Linguist or any editor) and in resources/texts/<language>/.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("de", "fr")


def main(arguments: list[str]) -> int:
    """Carry out one command; returns the exit code."""
    if len(arguments) == 2 and arguments[0] == "pseudo":
        make_pseudo(Path(arguments[1]))
        return 0
    commands = {"update": update, "release": release, "missing": missing}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]]()


def update() -> int:
    """Collect the words; translations that exist are kept, those of words that are gone are dropped."""
    FOLDER.mkdir(exist_ok=True)
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "gui").rglob("*.py"))
    for language in LANGUAGES:
        target = str(FOLDER / f"weighbridge_{language}.ts")
        options = ["-tr-function-alias", "translate+=words", "-no-obsolete", "-locations", "none"]
        languages = ["-source-language", "en", "-target-language", language]
        subprocess.run(
            [_tool("lupdate"), *options, *languages, *sources, "-ts", target], cwd=ROOT, check=True
        )
    return 0


def release() -> int:
    """Make the files that the app loads. The same .ts gives the same bytes."""
    for language in LANGUAGES:
        source = FOLDER / f"weighbridge_{language}.ts"
        subprocess.run(
            [_tool("lrelease"), "-silent", str(source), "-qm", str(source.with_suffix(".qm"))], check=True
        )
    return 0


def missing() -> int:
    """Print each word without a translation; exit 1 when there is one."""
    found = 0
    for language in LANGUAGES:
        for context, source in untranslated(FOLDER / f"weighbridge_{language}.ts"):
            print(f"{language}  {context}: {source}")
            found = 1
    return found


def make_pseudo(folder: Path) -> Path:
    """Make the test language in `folder` from every word that `update` collected; the file a translator loads."""
    from pseudo import pseudo

    tree = ET.parse(FOLDER / f"weighbridge_{LANGUAGES[0]}.ts")
    for message in tree.getroot().iter("message"):
        said = message.find("translation")
        if said is not None:
            said.attrib.pop("type", None)
            said.text = pseudo(message.findtext("source") or "")
    source = folder / "weighbridge_pseudo.ts"
    tree.write(source, encoding="utf-8", xml_declaration=True)
    made = source.with_suffix(".qm")
    subprocess.run([_tool("lrelease"), "-silent", str(source), "-qm", str(made)], check=True)
    return made


def speak(qt: QApplication, name: str, folder: Path) -> None:
    """Show the window in `name` (pseudo is the test language, made in `folder`): for tests and pictures."""
    from PySide6.QtCore import QTranslator

    from core import texts
    from gui import language

    if name != "pseudo":
        language.install(qt, name)
        texts.speak(name)
        return
    from pseudo import pseudo

    made = QTranslator(qt)
    assert made.load(str(make_pseudo(folder)))
    qt.installTranslator(made)
    real = texts.entries
    texts.entries = functools.cache(
        lambda file, _language: {key: pseudo(said) for key, said in real(file, "en").items()}
    )


def untranslated(path: Path) -> list[tuple[str, str]]:
    """(context, source) of each message without a finished translation."""
    found = []
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            said = message.find("translation")
            if said is None or said.get("type") == "unfinished" or not (said.text or "").strip():
                found.append((context.findtext("name") or "", message.findtext("source") or ""))
    return found


def _tool(name: str) -> str:
    beside = Path(sys.executable).with_name(f"pyside6-{name}")
    return str(beside) if beside.exists() else shutil.which(f"pyside6-{name}") or f"pyside6-{name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
