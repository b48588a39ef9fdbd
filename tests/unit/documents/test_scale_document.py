# SPDX-License-Identifier: Apache-2.0
"""The scale picture as a file: proposed when something was weighed, read back, nothing lost."""

import datetime
from xml.etree import ElementTree

import pytest

from core.assess import assess
from core.documents import LostInWriting, read_back, render
from core.documents.kinds import SCALE
from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook
from core.units import scientific

WEIGHED = Project(answers=Answers(parameters_total=1_000_000_000, tokens=20_000_000_000))


def assessed(project: Project) -> Assessment:
    day = datetime.date(2026, 11, 23)
    return assess(project, rulebook=load_rulebook(), reference=load_reference(), today=day)


def test_it_is_proposed_only_when_own_compute_is_known() -> None:
    assert SCALE in [kind.id for kind in assessed(WEIGHED).documents]
    assert SCALE not in [kind.id for kind in assessed(Project()).documents]


def test_the_picture_holds_every_account_and_line() -> None:
    assessment = assessed(WEIGHED)
    document = render(SCALE, WEIGHED, assessment)
    assert document.file_name == "training-compute.svg"
    words = " ".join(ElementTree.fromstring(document.content).itertext())
    assert scientific(assessment.lines[0].value) in words
    assert assessment.footprint.accounts.own is not None
    assert scientific(assessment.footprint.accounts.own.central) in words
    read_back(document, WEIGHED, assessment)


def test_a_lost_figure_is_noticed() -> None:
    assessment = assessed(WEIGHED)
    document = render(SCALE, WEIGHED, assessment)
    assert assessment.footprint.accounts.own is not None
    figure = scientific(assessment.footprint.accounts.own.central)
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(figure, "?")), WEIGHED, assessment)
