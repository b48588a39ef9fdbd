# SPDX-License-Identifier: Apache-2.0
"""Which words of a document are which value: right name, right file, no overlap, no chance hit of a small number."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.documents import MODEL_CARD, render
from core.documents.provenance import Source, sources, spans
from core.domain.answers import Answers
from core.domain.known import Known
from core.questions import all_questions, build_question
from core.texts import text
from tests.unit.documents import samples


def made(*forms: str, name: str = "tokens", label: str = "Tokens seen") -> Source:
    return Source(name=name, label=label, where="x", step="found", forms=forms)


def test_the_values_of_a_card_say_where_they_come_from() -> None:
    project = samples.project()
    assessment = samples.assessment(project)
    card = render(MODEL_CARD, project, assessment, existing=None).content
    found = spans(card, sources(project, assessment))
    assert len(found) > 5
    by_name = {span.source.name: span for span in found}
    for span in found:
        words = " ".join(card[span.start : span.end].split())
        assert words in [" ".join(form.split()) for form in span.source.forms]
        assert span.source.where
        assert span.source.step
    assert {"you said"} < {span.source.where for span in found}
    assert any(span.source.where.startswith("Found in ") for span in found)
    assert any(span.source.label == "Your training" for span in found), by_name.keys()


def test_a_value_leads_to_the_page_where_it_is_changed() -> None:
    project = samples.project()
    known = {one.name: one for one in sources(project, samples.assessment(project)) if one.name}
    said = {name for name, one in known.items() if one.where == "you said"}
    assert said, "answers are among them"
    assert len(said) < len(known), "facts are among them"
    questions = all_questions()
    for name, one in known.items():
        if name not in said:
            assert one.step == "found", name
        else:
            step = build_question(name, Known(project)).step if name in questions else "documents"
            assert one.step == step != "found", name
    assert "dont_know" not in known
    assert not {name for name in known if known[name].label == ""}


def test_all_three_accounts_are_named_or_left_out_one_by_one() -> None:
    project = samples.project()
    assessment = samples.assessment(project)
    accounts = assessment.footprint.accounts
    there = [name for name in ("own", "base", "cumulative") if getattr(accounts, name) is not None]
    assert len(there) > 1
    without_own = assessment.footprint.replace(accounts=accounts.replace(own=None))
    for footprint, expected in ((assessment.footprint, there), (without_own, there[1:])):
        results = [one for one in sources(project, assessment.replace(footprint=footprint)) if not one.name]
        assert [one.label for one in results] == [text(f"documents.provenance.{name}") for name in expected]


def test_each_kind_of_value_is_found_as_a_document_writes_it() -> None:
    facts = {
        "tokens": 12_288, "seed": 10**31, "learning_rate": 2e-4, "languages": ["English", "French"], "packing": True,
        "training_method": "lora",
    }  # fmt: skip
    project = samples.project(Answers(), tuple(samples.fact(name, value) for name, value in facts.items()))
    forms = {one.name: one.forms for one in sources(project, None)}
    assert forms["tokens"] == ("12,288", "12288")
    assert forms["learning_rate"] == ("0.0002",)
    assert forms["languages"] == ("English, French", "English", "French")
    assert "LoRA" in " ".join(forms["training_method"])
    assert not {"packing", "seed"} & forms.keys(), "a yes stands everywhere, an absurd number nowhere"


def test_a_short_word_counts_only_near_its_name_and_a_long_number_too() -> None:
    assert not spans(
        "An SFT run of 2026 sequences.", [made("SFT", name="stage", label="Stage"), made("2026")]
    )
    assert (
        len(spans("Stage: SFT. Tokens seen: 2026", [made("SFT", name="stage", label="Stage"), made("2026")]))
        == 2
    )
    assert len(spans("ab-cdef ghij", [made("ab-cdef"), made("ghij", name="other", label="Other")])) == 2


def test_a_small_number_counts_only_near_its_name() -> None:
    rank = made("8", name="lora_rank", label="LoRA rank")
    assert not spans("There are 8 planets.", [rank])
    (found,) = spans("There are 8 planets. Rank of the adapter: 8, no more.", [rank])
    assert found.start == 42


def test_a_part_of_a_longer_number_or_word_is_no_value() -> None:
    assert not spans("Tokens seen: 12,288.5 and v12,288 and 112,288", [made("12,288", "12288")])
    assert spans("Tokens seen: 12,288.", [made("12,288", "12288")])


def test_the_longer_value_wins() -> None:
    long, short = made("meta-llama/Llama-3.1-8B", name="base_model"), made("Llama", name="family")
    (found,) = spans("made from meta-llama/Llama-3.1-8B", [short, long])
    assert found.source.name == "base_model"


@given(st.text("ab 12,.\n", max_size=80), st.lists(st.text("ab12", min_size=1, max_size=6), max_size=5))
def test_places_never_overlap_and_stand_in_order(written: str, forms: list[str]) -> None:
    found = spans(written, [made(form, name=f"n{place}") for place, form in enumerate(forms)])
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start
