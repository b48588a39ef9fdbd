# SPDX-License-Identifier: Apache-2.0
"""Licences in whole releases: a link to a file beside the card, a sentence that holds the release's name."""

import datetime

from core.assess import assess
from core.documents import read_back, render
from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook


def released(**answers: object) -> tuple[Project, Assessment]:
    project = Project(by_hand=True, answers=Answers.model_validate(answers))
    today = datetime.date(2026, 11, 23)
    return project, assess(project, rulebook=load_rulebook(), reference=load_reference(), today=today)


def test_a_licence_file_in_the_folder_is_a_link() -> None:
    project, assessment = released(
        model_name="Mine", license="other", license_name="my-licence", license_link="LICENSE"
    )
    card = render("model_card", project, assessment)
    assert "license_link: LICENSE\n" in card.content
    read_back(card, project, assessment)


def test_the_name_of_the_release_stands_in_the_licences_sentence() -> None:
    project, assessment = released(
        model_name="Falcon2-Recipes",
        origin="fine_tune",
        base_model="tiiuae/falcon-11B",
        training_method="lora",
        tokens=30_000_000,
    )
    for document in ("model_card", "notice"):
        written = render(document, project, assessment)
        assert "Falcon2-Recipes is built using Falcon LLM technology" in written.content.replace("\\", "")
        assert "(your model)" not in written.content
        read_back(written, project, assessment)
