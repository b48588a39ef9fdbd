# SPDX-License-Identifier: Apache-2.0
"""The words of the documents: short, plain, all there, none unused."""

import re
from pathlib import Path

import pytest

from core.documents.words import field_label, for_readers
from core.domain.answers import Answers
from core.domain.said import said
from core.resources import read_text
from core.texts import catalogue, text
from tests.unit.rules.readability import grade

ROOT = Path(__file__).parents[3]
TEXTS = {
    f"{name}.{key}": said
    for name in ("documents", "persist", "risk")
    for key, said in catalogue(name).items()
}
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("documents/**/*.py", "persist/*.py", "files.py")
    for path in (ROOT / "core").glob(pattern)
)
BANNED = re.compile(r"\b(shall|invalid|please|sorry|oops|illegal|unfortunately|error)\b", re.IGNORECASE)


@pytest.mark.parametrize("key", TEXTS)
def test_text_is_plain(key: str) -> None:
    said = TEXTS[key]
    assert not BANNED.search(said)
    if len(said.split()) >= 12:
        assert grade(re.sub(r"\{\w+\}", "law", said)) <= 9, (key, said)


@pytest.mark.parametrize(
    "name",
    [
        "what_applies/1/text.md.j2",
        "what_applies/1/page.html.j2",
        "ab2013/1/text.md.j2",
        "compute_record/1/text.md.j2",
        "risk_note/1/text.md.j2",
    ],
)
def test_template_words_are_plain(name: str) -> None:
    words = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", " ", read_text(f"templates/{name}"))
    assert not BANNED.search(words)
    for paragraph in words.split("\n\n"):
        if len(paragraph.split()) >= 12 and not paragraph.lstrip().startswith("|"):  # no heads of tables
            assert grade(paragraph) <= 9, paragraph


def test_every_key_in_the_code_has_its_text_and_every_text_its_use() -> None:
    used = set(re.findall(r'text\(\s*f?"((?:documents|persist|risk)\.[^"]+)"', CODE))
    used |= set(re.findall(r'"(documents\.[a-z_.{}]+)"', CODE))
    # {kind}_why and the like: a pattern for each place that is filled in
    patterns = [
        re.compile(re.escape(re.sub(r"\{[^}]*\}", "\0", key)).replace("\0", r"[\w.-]*")) for key in used
    ]
    for key in used:
        if "{" not in key:
            assert key in TEXTS, key
    by_name = (
        "documents.field.",
        "documents.choice.",
        "documents.metric.",
        "documents.gap.",
        "documents.applies.outcome.",
        "documents.source.",
        "documents.applies.checked",
        "documents.reader.",
    )
    unused = [
        key for key in TEXTS if not key.startswith(by_name) and not any(p.fullmatch(key) for p in patterns)
    ]
    assert unused == []


def test_what_readers_are_told_of_the_figures_stands_for_a_sentence_of_the_weighing() -> None:
    """Without its advice: who reads a record cannot check somebody else's hours."""
    own = {key: words for key, words in catalogue("documents").items() if key.startswith("reader.")}
    assert own
    for key, words in own.items():
        whole = text(key.removeprefix("reader."), ratio="{ratio}")
        assert whole.startswith(words), key
        assert whole != words, key
    told = (said("compute.agree.no", name="the hardware figure", ratio="9"), said("compute.agree.check"))
    assert for_readers(told) == str(told[0])
    assert "Check" not in for_readers((said("compute.agree.recorded_differs", ratio="9"),))


def test_every_fact_of_a_card_has_a_label() -> None:
    shown = {
        "training_method", "training_stage", "lora_rank", "steps", "epochs", "global_batch", "batch_per_device", "gradient_accumulation",
        "world_size", "sequence_length", "samples", "tokens", "precision", "hardware", "device_count", "hours", "device_watts", "pue",
    }  # fmt: skip
    assert shown <= set(Answers.model_fields)
    for name in shown:
        assert f"field.{name}" in catalogue("documents")
        assert field_label(name) == catalogue("documents")[f"field.{name}"]
