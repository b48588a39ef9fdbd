# SPDX-License-Identifier: Apache-2.0
"""The glossary holds each hard word that a finding, a licence, a question or the verdict can show, and none unused."""

import re

import pytest

from core.glossary import Term, glossary, terms_in
from core.texts import catalogue
from tests.unit.rules.readability import grade, syllables

CATALOGUES = ("rules", "rules_eu", "rules_us", "rules_why", "rules_world", "licences", "verdict", "questions")
TEXTS = [said for name in CATALOGUES for said in catalogue(name).values()]

NAMES = set(
    """EU AI US UK CO AB SB XIII EUR KRW USD RAISE TF DNA SFT DPO ORPO CPO KTO GRPO RLOO PPO IA BOFT OFT adalora
llama-adapter uni-lora polytropon super-tuning tinylora BEFT DEFT CPT HRA LN OSF PSOFT
california californians connecticut minnesota meta-llama huggingfaceh my-model-licence""".split()
)
"""Names of places, money, laws, methods (the choices of a list) and examples."""
EVERYDAY = set(
    """somebody everybody anybody everything everywhere university electricity authority voluntary secondary
identities semicolon summarises generation classification accredited""".split()
)
"""Long words that everyone knows."""


def _hard_words() -> set[str]:
    """Words of four or more syllables, and words in capitals."""
    found = set()
    for said in TEXTS:
        for word in re.findall(r"[A-Za-z][A-Za-z-]+", re.sub(r"\{[^}]*\}", " ", said)):
            capitals = re.fullmatch(r"[A-Z]{2,}", word)
            if capitals or syllables(word) >= 4:
                found.add(word if capitals else word.lower())
    return found


def test_each_hard_word_is_in_the_glossary() -> None:
    explained = {form for term in glossary() for form in term.forms}
    known = {form.lower() for form in explained} | explained | NAMES | EVERYDAY
    assert sorted(_hard_words() - known) == []


@pytest.mark.parametrize("term", glossary(), ids=lambda term: term.id)
def test_a_term_is_plain_and_is_used(term: Term) -> None:
    assert grade(term.means) <= 9.0, grade(term.means)
    assert len(term.means.split()) <= 30
    everything = "\n".join(TEXTS)
    assert any(re.search(rf"\b{re.escape(form)}\b", everything) for form in term.forms)


def test_no_form_means_two_things() -> None:
    forms = [form for term in glossary() for form in term.forms]
    assert len(forms) == len(set(forms))


def test_terms_in_a_text() -> None:
    said = "Your base model has open weights. The base is general-purpose; a rebased one is not."
    assert [term.id for term in terms_in(said)] == ["base_model", "open_weights", "general_purpose"]
    assert terms_in("Nothing here.") == ()
