# SPDX-License-Identifier: Apache-2.0
"""Somebody who answers what is asked, and only that: how many questions until the card of an ordinary LoRA is complete."""

import datetime
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.documents import MODEL_CARD, render
from core.domain.assessment import Assessment
from core.domain.document import Severity
from core.domain.project import Project
from core.flow import problems
from core.questions import questions_for, unanswered
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path

MOST = 15
PEFT = Path(__file__).parents[1] / "fixtures" / "trained" / "peft_lora_llama"
SAID: dict[str, Any] = {
    "model_name": "Llama-3.1-8B-Cooking", "origin": "fine_tune", "base_model": "meta-llama/Llama-3.1-8B", "pipeline_tag": "text-generation",
    "output_modalities": ("text",), "languages": ("en",), "summary": "Answers questions about cooking.", "training_method": "lora",
    "sequence_length": 1024, "hardware": "nvidia-rtx-4090", "device_count": 1, "hours": 3.0, "grid_g_per_kwh": 300.0, "datasets": ("mira/recipes",),
    "data_summary": "Recipes that I wrote down.", "personal_data": False, "license": "llama3.1", "release_form": "open_weights",
    "purpose": "hobby", "with_demo": False, "offered_in_california": True, "release_date": datetime.date(2026, 11, 30),
    "developers": "Mira", "intended_use": "Recipes.", "limitations": "It makes things up.", "gradient_checkpointing": False, "tokens": 59_000_000,
}  # fmt: skip


def assessed(project: Project) -> Assessment:
    return assess(
        project, rulebook=load_rulebook(), reference=load_reference(), today=datetime.date(2026, 11, 23)
    )


def walk(project: Project) -> tuple[Project, list[str]]:
    """Answer each question in the order of the pages, as they stand after the answers before."""
    asked: list[str] = []
    for step in ("model", "training", "release"):
        while questions := unanswered(questions_for(step, project, assessed(project)), project):
            name = questions[0].name
            asked.append(name)
            answers = project.answers
            answers = answers.with_answer(name, SAID[name]) if name in SAID else answers.with_dont_know(name)
            project = project.replace(answers=answers)
        assert problems(step, project, assessed(project)) == ()
    return project, asked


@pytest.mark.parametrize("place", ["with the id of its base", "trained from a local folder"])
def test_an_ordinary_lora_takes_at_most_fifteen_answers(place: str, tmp_path: Path) -> None:
    folder = tmp_path / "cooking-lora"
    shutil.copytree(PEFT, folder)
    if place == "with the id of its base":
        for path in (folder / "adapter_config.json", folder / "README.md"):
            words = path.read_text(encoding="utf-8")
            path.write_text(
                re.sub(r"/home/[\w/.-]*tiny-llama-base", "meta-llama/Llama-3.1-8B", words), encoding="utf-8"
            )
    done, asked = walk(Project(folder=str(folder), scan=scan_path(folder)))
    assert ("base_model" in asked) == (place != "with the id of its base")
    gaps = render(MODEL_CARD, done, assessed(done)).gaps
    assert [gap.field for gap in gaps if gap.severity is not Severity.NICE] == []
    assert len(asked) <= MOST, asked
