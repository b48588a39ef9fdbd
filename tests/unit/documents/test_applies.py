# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from core.documents import WHAT_APPLIES, WHAT_APPLIES_HTML, read_back, render
from core.documents.applies import line_words
from core.domain.document import RenderedDocument
from core.domain.finding import Outcome, TraceStep
from tests.unit.documents import samples

KINDS = (WHAT_APPLIES, WHAT_APPLIES_HTML)


def applies(kind: str, **changes: object) -> RenderedDocument:
    project = samples.project()
    assessment = samples.assessment(project, **changes)
    document = render(kind, project, assessment)
    read_back(document, project, assessment)
    return document


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_comes_first_then_what_is_owed_then_each_law(kind: str) -> None:
    content = applies(kind).content
    places = [
        content.index(words)
        for words in (
            "Nothing stops this release.", "What you still owe", "Give a copy of the licence.", "Law by law", "Applies to you.",
            "Does not apply to you.", "What we cannot know", samples.HASH,
        )
    ]  # fmt: skip
    assert places == sorted(places)
    for words in (
        "2 August 2025",
        "read on 1 November 2026",
        "in a bill tracker",
        "Article 53",
        "about 190,000 times below the line",
        "(section 3111(a))",
    ):
        assert words in content


def test_each_outcome_has_its_words() -> None:
    for outcome in Outcome:
        finding = samples.FINDINGS[1].replace(outcome=outcome)
        pages = {kind: applies(kind, findings=(finding,)).content for kind in KINDS}
        assert f'<article class="{outcome.value}">' in pages[WHAT_APPLIES_HTML]
        list_of_duties = pages[WHAT_APPLIES].split("## Law by law")[0]
        words = {
            Outcome.APPLIES: "California AB 2013:",
            Outcome.UNCERTAIN: "California AB 2013 (only if it covers this release):",
            Outcome.NOT_YET: "California AB 2013 (from 1 January 2026):",
        }.get(outcome)
        assert ("California AB 2013" in list_of_duties) == (words is not None)
        assert words is None or words in list_of_duties


def test_a_line_names_what_it_counts() -> None:
    """One law may count the run alone on one line, and all training on the next."""
    lines = [
        samples.LINES[0].replace(account=account, model_value=10**20, distance="far below the line")
        for account in ("own", "direct", "base", "cumulative")
    ]
    assert [line_words(line).split(" FLOP. ")[1].split(" counts")[0] for line in lines] == [
        "Your own training",
        "Your own training",
        "The base model",
        "All training together",
    ]


def test_laws_that_ask_nothing_stand_by_outcome() -> None:
    aside = [
        samples.FINDINGS[1].replace(
            instrument=f"law_{n}", title=f"Law {n}", outcome=outcome, duties=(), matters=False
        )
        for n, outcome in enumerate((Outcome.HISTORY_ONLY, Outcome.DOES_NOT_APPLY, Outcome.HISTORY_ONLY))
    ]
    content = applies(WHAT_APPLIES, findings=tuple(aside)).content
    rest = content.split("## Laws and plans that ask nothing")[1]
    assert rest.count("### Does not apply to you") == rest.count("### History only") == 1
    assert rest.index("Law 1") < rest.index("### History only") < rest.index("Law 0") < rest.index("Law 2")
    assert "(History only)" not in rest, "said once, over all of them"


def test_the_place_of_a_rule_stands_inside_its_sentence() -> None:
    step = TraceStep(rule="A rule of two words. (Article 5(1) and 6)", result="It counts.")
    finding = samples.FINDINGS[0].replace(because=(step,))
    assert (
        "A rule of two words (Article 5(1) and 6): It counts."
        in applies(WHAT_APPLIES, findings=(finding,)).content
    )


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    content = applies(WHAT_APPLIES_HTML).content
    assert content.startswith("<!doctype html>")
    assert "prefers-color-scheme: dark" in content
    assert "@media print" in content
    assert not re.search(r"(?i)<script|<iframe|<img|<link|@import|url\(|\son\w+=", content)
    assert re.findall(r'href="([^"]*)"', content) == ["https://eur-lex.europa.eu/eli/reg/2024/1689/oj"] * 3


def test_hostile_words_stay_words() -> None:
    evil = "</style><script>alert(1)</script> **x** /home/mira/secret"
    finding = samples.FINDINGS[1].replace(
        title=evil,
        why=evil,
        headline=evil,
        sources=(samples.SOURCE.replace(url="javascript:alert(1)", title=evil),),
    )
    for kind in KINDS:
        document = applies(kind, findings=(finding,))
        assert "<script" not in document.content
        assert 'href="javascript' not in document.content
        assert "](javascript" not in document.content
        assert "/home/mira" not in document.content
        assert document.withheld == ("A folder of your machine was left out of this document.",)


def test_an_open_licence_question_is_headed_by_its_base() -> None:
    duty = samples.LICENCES[0].replace(licence_id="unknown", licence_name="no permission found")
    assert "Licence of meta-llama/Llama-3.1-8B" in applies(WHAT_APPLIES, licences=(duty,)).content
