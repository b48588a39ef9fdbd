# SPDX-License-Identifier: Apache-2.0
"""The openness file against the tool's own schema; unknown stays unknown."""

import json

import jsonschema
import pytest
import yaml

from core.documents import read_back, render
from core.documents.kinds import MOF
from core.documents.openness import NEEDED, class_reached
from core.domain.answers import Answers
from core.domain.project import Project
from core.resources import read_text
from tests.unit.documents import samples

FULL = samples.project(
    samples.STATED.answers.replace(license="apache-2.0", weights_public=True, architecture_public=True)
)


@pytest.mark.parametrize("of", [samples.project(), FULL, Project(answers=Answers(), by_hand=True)])
def test_valid_and_read_back(of: Project) -> None:
    assessment = samples.assessment(of)
    document = render(MOF, of, assessment)
    jsonschema.validate(yaml.safe_load(document.content), json.loads(read_text("schemas/mof.schema.json")))
    read_back(document, of, assessment)


def test_unknown_stays_unknown() -> None:
    of = samples.project()
    content = render(MOF, of, samples.assessment(of)).content
    assert "The weights are public. not known" in content
    assert "Model parameters (Final)" not in [
        one["name"] for one in yaml.safe_load(content)["release"]["components"]
    ]
    assert "no class is shown yet" in content


def test_an_open_licence_passes_and_llama_does_not() -> None:
    content = render(MOF, FULL, samples.assessment(FULL)).content
    assert "share it. yes" in content
    llama = samples.project()
    assert "share it. no\n" in render(MOF, llama, samples.assessment(llama)).content


def test_classes_nest_and_need_an_open_licence() -> None:
    three = NEEDED[3]
    assert class_reached(three, open_licence=True) == 3
    assert class_reached(three, open_licence=False) is None
    assert class_reached(three[1:], open_licence=True) is None
    assert class_reached((*NEEDED[2], *NEEDED[1]), open_licence=True) is None
    assert class_reached((*three, *NEEDED[2], *NEEDED[1]), open_licence=True) == 1
    without_report = tuple(one for one in three if one != "Technical report")
    assert class_reached((*without_report, "Research paper"), open_licence=True) == 3
