# SPDX-License-Identifier: Apache-2.0
"""Every text these modules can show: short words, short sentences, none of the banned words, none unused."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.rules import load_rulebook
from core.rules.schema import Instrument
from core.texts import catalogue
from tests.rules.scenario import run, scenarios
from tests.unit.rules.readability import grade, syllables

CATALOGUES = ("rulebook", "rules", "rules_eu", "rules_us", "rules_why", "rules_world", "licences", "verdict")
TEXTS = {f"{name}.{key}": said for name in CATALOGUES for key, said in catalogue(name).items()}
BANNED = re.compile(r"\b(shall|invalid|please|sorry|oops|illegal|unfortunately|error)\b", re.IGNORECASE)
ALL = scenarios()
LONGEST = 9.0


def _filled(said: str) -> str:
    return re.sub(
        r"\{(\w+)\}", lambda hole: "about 140 times below the line" if hole[1] == "distance" else "law", said
    )


@pytest.mark.parametrize("key", TEXTS)
def test_text_is_plain(key: str) -> None:
    said = TEXTS[key]
    assert not BANNED.search(said)
    if (
        len(said.split()) >= 12 and key != "rules.months"
    ):  # the formula says little about a label of a few words
        assert grade(_filled(said)) <= LONGEST, (key, grade(_filled(said)), said)


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one['file']}: {one['name']}")
def test_each_finding_reads_easily(scenario: dict[str, Any]) -> None:
    for finding in run(scenario, load_rulebook()).findings:
        said = " ".join(
            (
                finding.headline,
                finding.why,
                finding.other_reading,
                finding.would_change,
                finding.todo,
                finding.caveat,
                *(duty.text for duty in finding.duties),
            )
        )
        assert grade(said) <= LONGEST, (finding.instrument, grade(said), said)
        assert not BANNED.search(said)
        assert "{" not in said


def test_every_text_is_used() -> None:
    """A key no code builds is a leftover."""
    root = Path(__file__).parents[3] / "core"
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("rules", "licences", "verdict", "cli")
        for path in (root / folder).rglob("*.py")
    )
    built = re.findall(
        r"[\"']((?:rulebook|rules|rules_eu|rules_us|rules_why|rules_world|licences|verdict)\.[^\"'\s]*)[\"']",
        code,
    )
    patterns = [
        re.compile(
            re.sub(r"\\\{.*?\\\}", ".+", re.escape(key))
            + r"(\.rule|\.result|\.headline|\.why|\.other|\.todo)?"
        )
        for key in built
    ]
    unused = [key for key in TEXTS if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert unused == []


def test_every_reason_is_given_by_some_rule() -> None:
    """The pattern above takes any reason; here each must stand in the code by name."""
    root = Path(__file__).parents[3] / "core" / "rules"
    code = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    words = set(re.findall(r"[\"'.]([a-z_0-9]+)[\"']", code)) | {"intimate_real_people", "intimate_children"}
    reasons = {key.removesuffix(".why") for key in catalogue("rules_why") if key.endswith(".why")}
    assert sorted(reasons - words) == []


@pytest.mark.parametrize("instrument", load_rulebook().instruments.values(), ids=lambda one: one.id)
def test_what_the_data_says_to_people_is_plain(instrument: Instrument) -> None:
    for said in (instrument.note, instrument.title):
        assert not BANNED.search(said)
        if len(said.split()) >= 12:
            assert grade(said) <= LONGEST, (grade(said), said)


def test_the_formula_itself() -> None:
    assert [syllables(word) for word in ("line", "model", "training", "a", "the", "used")] == [
        1,
        2,
        2,
        1,
        1,
        1,
    ]
    easy = grade("You keep the model. You owe nothing.")
    hard = grade(
        "Notwithstanding the aforementioned considerations, documentation obligations necessitate verification."
    )
    assert easy < 5 < 12 < hard
