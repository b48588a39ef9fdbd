# SPDX-License-Identifier: Apache-2.0
"""The openness file against the tool's own schema; unknown stays unknown."""

import json
from typing import get_args

import jsonschema
import pytest
import yaml

from core.documents import read_back, render
from core.documents.kinds import MOF
from core.documents.openness import NEEDED, class_reached
from core.domain.answers import Answers
from core.domain.fact import AnyFact
from core.domain.openness import OpenPart
from core.domain.project import Project
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.questions import questions_for
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


OPEN = samples.STATED.answers.replace(
    license="apache-2.0", release_form="open_weights", data_summary="Recipes."
)
FACTS = (
    samples.fact("architecture_class", "LlamaForCausalLM"),
    samples.fact("config", {"architectures": ["LlamaForCausalLM"]}),
    samples.fact("library_name", "transformers", "README.md"),
    samples.fact("eval_metrics", {"eval_loss": 1.5}, "trainer_state.json"),
    samples.fact("hyperparameters", {"learning_rate": 2e-05}, "README.md"),
)


def release(answers: Answers, *files: str, facts: tuple[AnyFact, ...] = FACTS) -> Project:
    records = tuple(FileRecord(path=name, size=9, outcome=FileOutcome.SKIPPED) for name in files)
    return Project(scan=ScanResult(folder_name="x", facts=facts, files=records), answers=answers)


def reached(of: Project) -> str:
    """The first line of the file, after it was read back."""
    assessment = samples.assessment(of)
    document = render(MOF, of, assessment)
    read_back(document, of, assessment)
    jsonschema.validate(yaml.safe_load(document.content), json.loads(read_text("schemas/mof.schema.json")))
    return document.content.splitlines()[0]


def test_files_and_one_answer_reach_each_class() -> None:
    weights = ("model.safetensors",)
    assert "no class is shown yet" in reached(release(OPEN, *weights))
    three = OPEN.replace(openness_parts=("technical_report",))
    assert "class 3 is shown" in reached(release(three, *weights))
    assert "class 3 is shown" in reached(release(OPEN, *weights, "docs/technical_report.pdf"))
    code = ("train.py", "inference.py", "scripts/evaluate_model.py", "data/test.jsonl", "technical-report.md")
    assert "class 2 is shown" in reached(release(OPEN, *weights, *code))
    rest = ("data/train.parquet", "preprocess.py", "checkpoint-10/model.safetensors", "paper.pdf")
    assert "class 1 is shown" in reached(release(OPEN, *weights, *code, *rest))


def test_one_answer_alone_reaches_the_most_open_class() -> None:
    every = OPEN.replace(openness_parts=get_args(OpenPart))
    assert "class 1 is shown" in reached(release(every, "model.safetensors"))


def test_the_class_cannot_be_had_by_files_that_will_not_be_published() -> None:
    told = OPEN.replace(openness_parts=("technical_report",))
    for form in (None, "gated", "api_or_app", "private"):
        assert "no class" in reached(release(told.replace(release_form=form), "model.safetensors"))
    assert "no class" in reached(release(told.replace(license="llama3.1"), "model.safetensors"))
    own_code = (
        samples.fact("config", {"auto_map": {"AutoModel": "modeling_x.X"}}),
        *(f for f in FACTS if f.name != "config"),
    )
    assert "no class" in reached(release(told, "model.safetensors", facts=own_code))
    assert "class 3" in reached(release(told, "model.safetensors", "modeling_x.py", facts=own_code))
    assert "no class" in reached(release(told.replace(architecture_public=False), "model.safetensors"))


def test_names_that_only_look_alike_show_nothing() -> None:
    odd = (
        "training_args.bin",
        "trainer_state.json",
        "latest.py",
        "contest.csv",
        "retrain_notes.txt",
        "wallpaper.pdf",
    )
    of = release(OPEN, *odd)
    shown = {
        one["name"]
        for one in yaml.safe_load(render(MOF, of, samples.assessment(of)).content)["release"]["components"]
    }
    assert not shown & {
        "Training code",
        "Evaluation code",
        "Evaluation data",
        "Research paper",
        "Technical report",
        "Datasets",
    }


def test_the_question_is_asked_here_and_nowhere_else() -> None:
    of = release(OPEN, "model.safetensors")
    document = render(MOF, of, samples.assessment(of))
    assert [gap.field for gap in document.gaps] == ["openness_parts"]
    for step in ("model", "training", "release"):
        assert "openness_parts" not in [one.name for one in questions_for(step, of)]
    assert "openness_parts" not in {gap.field for gap in samples.assessment(of).gaps}
    for answers in (OPEN.replace(openness_parts=()), OPEN.replace(dont_know=("openness_parts",))):
        known = release(answers, "model.safetensors")
        assert render(MOF, known, samples.assessment(known)).gaps == ()


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
