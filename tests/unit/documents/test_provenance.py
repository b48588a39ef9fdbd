# SPDX-License-Identifier: Apache-2.0
"""Which words of a document are which value: right name, right file, no overlap, no chance hit of a small number."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.documents import MODEL_CARD, render
from core.documents.provenance import Source, sources, spans
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
