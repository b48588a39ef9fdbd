# SPDX-License-Identifier: Apache-2.0
"""The review: every fact and answer that matters once, with its source and the page that can change it."""

import datetime
from pathlib import Path

from core.assess import assess
from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.fact import AnyFact, Conflict, Origin, OriginKind
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.questions import questions_for
from core.reference import load_reference
from core.review import ReviewLine, ReviewSource, review
from core.rules import load_rulebook
from core.scan import scan_path

EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "tiny-llama-lora"


def _assessed(project: Project) -> Assessment:
    return assess(
        project, rulebook=load_rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 23)
    )


def _lines(project: Project, assessment: Assessment | None = None) -> dict[str, ReviewLine]:
    named = [line for group in review(project, assessment) for line in group.lines if line.name]
    assert len({line.name for line in named}) == len(named), "no line stands twice"
    return {line.name: line for line in named}


def test_each_of_the_five_sources() -> None:
    facts = (
        AnyFact(
            name="license", value="mit", origin=Origin(kind=OriginKind.FILE, file="README.md", key="license")
        ),
        AnyFact(name="world_size", value=1, origin=Origin(kind=OriginKind.ASSUMED, note="one device")),
    )
    project = Project(
        scan=ScanResult(folder_name="run", facts=facts),
        answers=Answers(purpose="hobby", dont_know=("parameters_total",)),
    )
    lines = _lines(project)
    assert lines["license"].source is ReviewSource.FOUND
    assert "README.md" in lines["license"].source_words
    assert lines["license"].value == "mit"
    assert lines["purpose"].source is ReviewSource.SAID
    assert lines["world_size"].source is ReviewSource.ASSUMED
    assert "one device" in lines["world_size"].source_words
    assert lines["parameters_total"].source is ReviewSource.UNKNOWN
    assert lines["parameters_total"].source_words, "its consequence is told"
    assert lines["release_form"].source is ReviewSource.MISSING
    assert lines["release_form"].value is None
    assert lines["release_form"].remark, "a needed answer is pointed at"
    assert not lines["summary"].remark


def test_a_found_value_is_changed_where_files_are_corrected_and_an_answer_where_it_was_given() -> None:
    weights = Origin(kind=OriginKind.FILE, file="model.safetensors", key="shape")
    found = scan_path(EXAMPLE)
    size = AnyFact(name="parameters_total", value=26_000, origin=weights)
    project = Project(scan=found.replace(facts=(*found.facts, size)))
    lines = _lines(project)
    assert lines["parameters_total"].step == "found"
    assert lines["base_model"].step == "model"
    corrected = project.replace(answers=Answers(parameters_total=27_000))
    line = _lines(corrected)["parameters_total"]
    assert (line.source, line.step, line.value) == (ReviewSource.SAID, "model", 27_000)


def test_nothing_known_or_asked_is_left_out() -> None:
    project = Project(
        scan=scan_path(EXAMPLE),
        answers=Answers(purpose="hobby", contact="me@example.org", dont_know=("hours",)),
    )
    assessment = _assessed(project)
    lines = _lines(project, assessment)
    asked = {
        question.name
        for step in ("model", "training", "release")
        for question in questions_for(step, project, assessment)
    }
    assert project.scan is not None
    found = {
        fact.name for fact in project.scan.facts if fact.name in {"steps", "tokens", "license", "lora_rank"}
    }
    assert asked | found | {"contact", "purpose", "hours"} <= set(lines)
    assert lines["contact"].step == "", "no page asks for it: it can be taken back"


def test_an_answer_that_no_longer_matters_is_still_shown() -> None:
    """Who named a base model and then says "from nothing" sees the name and can take it back."""
    project = Project(by_hand=True, answers=Answers(origin="from_scratch", base_model="a/b"))
    line = _lines(project)["base_model"]
    assert (line.source, line.value, line.step) == (ReviewSource.SAID, "a/b", "")


def test_assumptions_of_the_weighing_are_listed() -> None:
    project = Project(
        by_hand=True,
        answers=Answers(origin="from_scratch", parameters_total=10**9, hours=10.0, hardware="rtx-4090"),
    )
    assessment = _assessed(project)
    own = assessment.footprint.accounts.own
    assert own is not None
    assert own.assumptions
    shown = [
        line.value for group in review(project, assessment) if group.step == "weight" for line in group.lines
    ]
    assert shown == list(dict.fromkeys(own.assumptions))


def test_a_disagreement_is_pointed_at_until_somebody_chose() -> None:
    origin = Origin(kind=OriginKind.FILE, file="config.json", key="x")
    facts = tuple(AnyFact(name="steps", value=value, origin=origin) for value in (10, 20))
    scan = ScanResult(folder_name="run", facts=facts[:1], conflicts=(Conflict(name="steps", facts=facts),))
    assert _lines(Project(scan=scan))["steps"].remark
    assert not _lines(Project(scan=scan, answers=Answers(steps=20)))["steps"].remark
