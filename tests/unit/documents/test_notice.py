# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from core.documents import NOTICE, FileAction, LostInWriting, export, plan_export, read_back, render
from core.domain.answers import Answers
from core.domain.document import RenderedDocument, Severity
from core.domain.known import Known
from core.domain.project import Project
from core.errors import BadAnswers, CannotRead
from core.licences import licence_duties
from core.reference import load_reference
from tests.unit.documents import samples

LLAMA = samples.LICENCES[0]


def notice(project: Project, existing: bytes | None = None, **changes: Any) -> RenderedDocument:
    assessment = samples.assessment(project, **changes)
    document = render(NOTICE, project, assessment, existing=existing)
    read_back(document, project, assessment)
    return document


def named(name: str) -> Project:
    return samples.project(samples.ANSWERS.replace(model_name=name))


def test_the_exact_words_of_a_real_licence() -> None:
    project = Project(answers=Answers(base_model="meta-llama/Llama-3.1-8B", model_name="mira/cooking"))
    licences = licence_duties(Known(project), load_reference())
    content = notice(project, licences=licences).content
    assert content == (
        "Llama-cooking\n\n"
        "Made from meta-llama/Llama-3.1-8B, under the Llama 3.1 Community License.\n\n"
        "Llama 3.1 is licensed under the Llama 3.1 Community License, "
        "Copyright (c) Meta Platforms, Inc. All Rights Reserved.\n\n"
        "Built with Llama\n"
    )


def test_a_name_is_proposed_only_when_it_begins_otherwise() -> None:
    fits = notice(named("Llama-3.1-8B-Cooking"))
    assert fits.content.startswith("Llama-3.1-8B-Cooking\n")
    assert fits.gaps == ()
    other = notice(named("cooking"))
    assert other.content.startswith("Llama-cooking\n")
    assert [(one.field, one.severity, one.document) for one in other.gaps] == [
        ("model_name", Severity.OWED, NOTICE)
    ]
    spaced = notice(named("cooking"), licences=(LLAMA.replace(name_prefix="Llama 3"),))
    assert spaced.content.startswith("Llama 3 cooking\n")
    free = notice(named("cooking"), licences=(LLAMA.replace(name_prefix=None),))
    assert free.content.startswith("cooking\n")
    assert free.gaps == ()


def test_a_sentence_with_a_place_for_the_name_gets_it() -> None:
    words = "(your model) is built using Falcon LLM technology"
    licences = (LLAMA.replace(name_prefix=None, notice=None, display_text=words),)
    assert (
        "cooking is built using Falcon LLM technology\n"
        in notice(named("cooking"), licences=licences).content
    )
    nameless = notice(Project(), licences=licences).content
    assert "This model is built using" in nameless
    assert "(your model)" not in nameless


def test_several_bases_each_have_their_words_once() -> None:
    gemma = LLAMA.replace(base_model="google/gemma-2-9b", notice="Gemma is provided.", display_text=None)
    content = notice(samples.project(), licences=(LLAMA, gemma, LLAMA)).content
    assert content.count(LLAMA.notice or "?") == 1
    assert content.count("Gemma is provided.") == 1


def test_only_when_a_licence_asks() -> None:
    silent = (LLAMA.replace(notice=None, display_text=None),)
    project = samples.project()
    for licences in ((), silent):
        assessment = samples.assessment(project, licences=licences)
        assert NOTICE not in [kind.id for kind in assessment.documents]
        with pytest.raises(BadAnswers, match="no notice"):
            render(NOTICE, project, assessment)
    assert NOTICE in [kind.id for kind in samples.assessment(project).documents]


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_what_stands_there_is_kept_to_the_byte(eol: str, end: str) -> None:
    old = f"Copyright 2024 Somebody{eol}  All rights.{end.replace(chr(10), eol)}".encode()
    first = notice(samples.project(), old).content.encode()
    assert first.startswith(old)
    assert (LLAMA.notice or "?").encode() in first
    assert first.endswith(f"Built with Llama{eol}".encode())
    assert first.count(b"\r\n") == (first.count(b"\n") if eol == "\r\n" and end else first.count(b"\r\n"))
    assert notice(samples.project(), first).content.encode() == first


def test_a_notice_that_has_the_words_is_left_alone() -> None:
    wrapped = (LLAMA.notice or "?").replace(" is ", "\n is ")
    old = f"Mine.\n{wrapped}\nBuilt with Llama"
    assert notice(samples.project(), old.encode()).content == old


def test_text_that_cannot_be_read_is_not_replaced() -> None:
    with pytest.raises(CannotRead, match="NOTICE"):
        notice(samples.project(), b"\xff\xfe")


def test_export_adds_and_then_rests(tmp_path: Path) -> None:
    (tmp_path / "NOTICE").write_bytes(b"Mine.\n")
    project = samples.project()
    assessment = samples.assessment(project)
    planned = plan_export(project, assessment, tmp_path, [NOTICE])
    assert planned.items[0].action is FileAction.REPLACE
    assert "\n-" not in planned.items[0].difference
    export(planned, accept_changes=True)
    assert (tmp_path / "NOTICE").read_bytes().startswith(b"Mine.\n")
    again = plan_export(project, assessment, tmp_path, [NOTICE])
    assert again.items[0].action is FileAction.UNCHANGED


def test_private_things_stay_out() -> None:
    licences = (LLAMA.replace(base_model="/home/mira/llama"),)
    document = notice(named("hf_abcdefghijklmnopqrstuv"), licences=licences)
    assert "/home" not in document.content
    assert "hf_abc" not in document.content
    assert document.withheld
    kept = notice(samples.project(), b"Write to a@example.org\n")
    assert any("Line 1" in remark for remark in kept.withheld)


@pytest.mark.parametrize("words", ["Built with Llama", "Llama 3.1 Community License, Copyright"])
def test_lost_words_are_noticed(words: str) -> None:
    project = samples.project()
    assessment = samples.assessment(project)
    document = render(NOTICE, project, assessment)
    assert words in document.content
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(words, "")), project, assessment)
