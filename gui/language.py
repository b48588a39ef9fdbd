# SPDX-License-Identifier: Apache-2.0
"""The language of the window: chosen, or the system's where there is a translation, else English.

Light: it is loaded before the first picture.
"""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core.languages import ENGLISH, LANGUAGES
from gui.ground import RESOURCES, prepare

SYSTEM = "system"
CHOICES = (SYSTEM, *LANGUAGES)
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français"}
"""Each language by its own name: whoever looks for it can read that."""


def chosen(choice: str, wanted: list[str] | None = None) -> str:
    """The language to speak for a choice of settings; `wanted` are the system's, best first ("de-AT", "en")."""
    if choice in LANGUAGES:
        return choice
    for name in QLocale.system().uiLanguages() if wanted is None else wanted:
        short = name.replace("_", "-").split("-")[0].lower()
        if short in LANGUAGES:
            return short
    return ENGLISH


def install(application: QCoreApplication, language: str) -> tuple[QTranslator, ...]:
    """Speak `language` in all words of the window that are built from now on; returns what was installed.

    Dates are written in it too; numbers as in the country of the system, where that is known.
    """
    if QLocale().language() != QLocale(language).language():
        QLocale.setDefault(QLocale(QLocale(language).language(), QLocale.system().territory()))
    if language == ENGLISH:
        return ()
    ours, qts = QTranslator(application), QTranslator(application)
    ours.load(str(RESOURCES / "i18n" / f"weighbridge_{language}.qm"))
    # Qt's own words, such as the buttons of a file dialog; a build without them falls back to English.
    qts.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for one in (qts, ours):
        application.installTranslator(one)
    return ours, qts


def remove(application: QCoreApplication, installed: tuple[QTranslator, ...]) -> None:
    """Back to English: for tests, which share one application."""
    for one in installed:
        application.removeTranslator(one)
        one.deleteLater()
    QLocale.setDefault(QLocale.system())
    prepare()
