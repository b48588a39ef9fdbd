# SPDX-License-Identifier: Apache-2.0
"""The window in German and French: complete, its placeholders kept, and no document changed by it."""

from __future__ import annotations

import datetime
import importlib.util
import re
import shutil
import string
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from core.documents.kinds import FORM_IDS
from core.domain.finding import Line
from core.domain.footprint import WitnessId
from core.domain.said import said
from core.glossary import glossary, terms_in
from core.languages import ENGLISH, LANGUAGES
from core.texts import CHROME, catalogue, entries, in_words, read_names, speak
from core.units import distance, short_count
from gui import language
from gui.number_words import (
    count_words,
    date_words,
    distance_words,
    nearest_words,
    said_words,
    scientific_words,
)
from tests.gui.driver import running

ROOT = Path(__file__).parents[2]
OTHERS = [one for one in LANGUAGES if one != ENGLISH]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


def _messages(path: Path) -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name") or "", message.findtext("source") or "")
            found[key] = message.findtext("translation") or ""
    return found


def _holes(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name is not None}


@pytest.fixture(params=OTHERS)
def spoken(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    installed = language.install(qapp, request.param)
    speak(request.param)
    yield request.param
    speak(ENGLISH)
    language.remove(qapp, installed)


@pytest.mark.parametrize("name", OTHERS)
def test_every_word_of_the_window_is_translated(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Collected anew from the code: a new sentence without its translation fails here."""
    kept = ROOT / "resources" / "i18n" / f"weighbridge_{name}.ts"
    shutil.copy(kept, tmp_path)
    monkeypatch.setattr(TOOL, "FOLDER", tmp_path)
    monkeypatch.setattr(TOOL, "LANGUAGES", (name,))
    TOOL.update()
    assert TOOL.untranslated(tmp_path / kept.name) == []


@pytest.mark.parametrize("name", OTHERS)
def test_the_file_the_app_loads_is_made_from_the_translations(name: str, tmp_path: Path) -> None:
    folder = ROOT / "resources" / "i18n"
    made = tmp_path / "made.qm"
    source = folder / f"weighbridge_{name}.ts"
    subprocess.run([TOOL._tool("lrelease"), "-silent", str(source), "-qm", str(made)], check=True)
    assert made.read_bytes() == (folder / f"weighbridge_{name}.qm").read_bytes()


@pytest.mark.parametrize("name", OTHERS)
def test_placeholders_and_mnemonics_survive(name: str) -> None:
    for (context, source), told in _messages(ROOT / "resources" / "i18n" / f"weighbridge_{name}.ts").items():
        assert _holes(told) == _holes(source), (context, source)
        assert len(re.findall(r"&(?!&)\S", told)) == len(re.findall(r"&(?!&)\S", source)), (context, source)


ORDINARY = {
    "model_name", "origin", "base_model", "base_folder", "base_parameters", "base_tokens", "parameters_total",
    "pipeline_tag", "output_modalities", "languages", "summary", "training_method", "parameters_trainable", "tokens",
    "sequence_length", "hardware", "device_count", "hours", "gradient_checkpointing", "grid_g_per_kwh", "datasets",
    "data_summary", "synthetic_data", "license", "license_name", "license_link", "release_form", "purpose", "monetised",
    "release_date", "developers", "intended_use", "limitations", "with_demo", "personal_data",
    "samples", "steps", "epochs", "global_batch", "batch_per_device", "gradient_accumulation", "world_size", "lora_rank",
    "model_type", "training_stage", "precision", "stages", "offered_in_california",
}  # fmt: skip
"""What an ordinary release is asked. Questions that only a law needs stay English, like the answers of the law."""


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("file", CHROME)
def test_every_text_around_the_work_is_translated(name: str, file: str) -> None:
    english, other = entries(file, ENGLISH), entries(file, name)
    assert other.keys() == english.keys()
    assert {key for key in english if _holes(english[key]) != _holes(other[key])} == set()
    whole = file in ("flow", "facts", "glossary")
    wanted = {key for key in english if whole or key.split(".")[0] in ORDINARY}
    # Names, numbers and examples may be the same in both languages; sentences may not.
    alike = {key for key in wanted if other[key] == english[key] and not key.endswith(".example")}
    assert {key for key in alike if len(english[key].split()) > 2} == set()


@pytest.mark.parametrize(
    "file",
    sorted((ROOT / "resources" / "texts").glob("*/*.yaml")),
    ids=lambda one: f"{one.parent.name}-{one.stem}",
)
def test_no_text_stands_twice(file: Path) -> None:
    keys = re.findall(r"^([\w.-]+):", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys)), {key for key in keys if keys.count(key) > 1}


def test_numbers_inside_a_sentence_of_core_s_have_the_signs_of_the_language(spoken: str) -> None:
    """ "um den Faktor 4.2 billion daneben" stood in a German sentence."""
    apart = said("compute.agree.no", name=said("compute.name.hardware"), ratio="4.2 billion")
    active = said("compute.agree.active", total=46_702_792_704, active=12_879_925_248)
    words = said_words([apart, active])
    assert {"de": "4,2 Milliarden", "fr": "4,2 milliards de fois"}[spoken] in words
    assert "billion" not in words
    assert "46,702" not in words
    assert QLocale().toString(46_702_792_704) in words
    assert "7B-Owl 9.9" in said_words([said("compute.remark.hardware_unknown", name="7B-Owl 9.9")]), (
        "a name stays"
    )


@pytest.mark.parametrize("name", OTHERS)
def test_every_name_that_core_gives_the_window_is_translated(name: str) -> None:
    """Lines of laws, documents, and the ways to know a figure; a new one without its words fails here."""
    named = read_names(name)
    for key, other in named.items():
        file, entry = key.split(".", 1)
        assert _holes(entries(file, ENGLISH)[entry]) == _holes(other), key
    wanted = {f"documents.{key}" for key in entries("documents", ENGLISH) if key.startswith("kind.")}
    wanted |= {f"forms.{one}.{part}" for one in FORM_IDS for part in ("title", "why")}
    wanted |= {f"compute.witness.{one.value}" for one in WitnessId}
    wanted |= {
        f"compute.{key}"
        for key in entries("compute", ENGLISH)
        if key.startswith(("remark.", "name.", "agree.", "stated."))
    }
    wanted |= {
        f"{file}.{key}"
        for file in ("rules_eu", "rules_us", "rules_world")
        for key in entries(file, ENGLISH)
        if key.endswith(".line") or (key.startswith("line.") and key.count(".") == 1)
    }
    assert wanted - named.keys() == set()


def test_names_are_said_in_the_language(spoken: str) -> None:
    assert (
        in_words("Compute record") == {"de": "Nachweis der Rechenleistung", "fr": "Relevé du calcul"}[spoken]
    )
    assert in_words("A sentence nobody knows.") == "A sentence nobody knows."
    speak(ENGLISH)
    assert in_words("Compute record") == "Compute record"


def test_words_are_explained_in_the_language(spoken: str) -> None:
    page = {"de": "Ihre Modellkarte nennt die Gewichte.", "fr": "Votre fiche du modèle nomme les poids."}[
        spoken
    ]
    assert {term.id for term in terms_in(page)} == {"model_card", "weights"}
    assert [term.id for term in terms_in("A provider owes this.")] == ["provider"]  # laws stay English
    names = [term.name for term in glossary()]
    speak(ENGLISH)
    assert names != [term.name for term in glossary()]


def test_the_system_s_language_is_followed() -> None:
    assert language.chosen("system", ["de-AT", "en"]) == "de"
    assert language.chosen("system", ["pt_BR", "fr_CA"]) == "fr"
    assert language.chosen("system", ["ja-JP"]) == "en"
    assert language.chosen("en", ["de"]) == "en"
    with pytest.raises(ValueError, match="xx"):
        speak("xx")


def test_the_window_speaks_it(spoken: str, qapp: QApplication, tmp_path: Path) -> None:
    words = {"de": ("Datei", "Ordner"), "fr": ("Fichier", "Dossier")}[spoken]
    with running(qapp, tmp_path) as app:
        assert app.window.menuBar().actions()[0].text().replace("&", "") == words[0]
        app.wizard.open_step("folder")
        assert words[1] in app.wizard.sheet.heading.text() + catalogue("flow")["folder.title"]


def test_no_document_changes_with_the_language(tmp_path: Path) -> None:
    """Laws and documents stay English, byte for byte."""
    import datetime

    from core.assess import assess
    from core.documents import plan_export
    from core.domain.project import Project
    from core.reference import load_reference
    from core.rules import load_rulebook
    from core.scan import scan_path

    scan = scan_path(ROOT / "resources" / "examples" / "tiny-llama-lora")
    project = Project(scan=scan)

    def written() -> dict[str, object]:
        assessment = assess(
            project, rulebook=load_rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 26)
        )
        plan = plan_export(project, assessment, tmp_path, None, app_version="0")
        return {item.document.file_name: item.document.content for item in plan.items}

    before = written()
    try:
        speak("de")
        assert written() == before
    finally:
        speak(ENGLISH)


def test_numbers_are_told_in_the_language_of_the_window(spoken: str) -> None:
    million = Line(id="a", label="", value=10**24, operator=">", account="own", model_value=4 * 10**17)
    assert (
        distance_words(million.replace(distance="said"))
        == {
            "de": "rund 2,5 Millionen Mal unter der Grenze",
            "fr": "environ 2,5 millions de fois sous le seuil",
        }[spoken]
    )
    assert nearest_words(million.replace(distance="said")) in (
        "rund 2,5 Millionen Mal unter der nächsten Grenze",
        "environ 2,5 millions de fois sous le seuil le plus proche",
    )
    assert scientific_words(12 * 10**9) == "1,2 × 10¹⁰"
    assert scientific_words(10**23, 3, short=True) == "10²³"
    assert count_words(39 * 10**9) == {"de": "39 Milliarden", "fr": "39 milliards"}[spoken]
    day = date_words(datetime.date(2026, 11, 26))
    assert day == {"de": "26. November 2026", "fr": "26 novembre 2026"}[spoken]


@pytest.mark.parametrize("value", [0, 1, 95, 96, 100, 104, 106, 230, 10**6, 10**15])
def test_in_english_numbers_are_told_as_in_the_documents(value: int) -> None:
    said = distance(value, 100)
    line = Line(id="a", label="", value=100, operator=">", account="own", model_value=value, distance=said)
    assert distance_words(line) == said
    assert count_words(value) == short_count(value)
