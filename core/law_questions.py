# SPDX-License-Identifier: Apache-2.0
"""Questions that only a law asks, each for the few releases where the answer can change the outcome.

An ordinary fine-tune far below every line is asked none of them.
"""

import re

from core.domain.assessment import Assessment
from core.domain.known import Known
from core.licences import free_and_open
from core.relevance import (
    Relevant,
    always,
    base_is_unknown,
    form,
    has_base,
    is_service,
    makes_media,
    makes_pictures,
    may_have_demo,
    near_any_line,
    near_frontier,
    serves_content,
)

_MANY = 1_000_000
_HARM = re.compile(r"malware|phish|exploit|jailbreak|scam|fraud|ransom|keylog|hacking", re.IGNORECASE)
_BIOLOGY = re.compile(
    r"protein|genom|\bdna\b|\brna\b|nucleotide|amino|\besm|prot_?bert|evo2?\b", re.IGNORECASE
)


def _word(known: Known, name: str) -> str | None:
    fact = known.text(name)
    return None if fact is None else fact.value


def _yes(known: Known, name: str) -> bool:
    fact = known.flag(name)
    return fact is not None and fact.value


def _named(known: Known) -> str:
    """What the model, its base and its data are called."""
    words = (_word(known, name) or "" for name in ("model_name", "base_model", "summary", "intended_use"))
    return " ".join((*words, *known.strings("datasets")))


def hints_at_harm(known: Known, _assessment: Assessment | None) -> bool:
    """Names that speak of attacks or fraud; often it is research against them, so the question is put calmly."""
    return known.said("harmful_purpose") or _HARM.search(_named(known)) is not None


def hints_at_biology(known: Known, _assessment: Assessment | None) -> bool:
    """Names that speak of proteins or genes."""
    return known.said("biological_data") or _BIOLOGY.search(_named(known)) is not None


def may_be_provider(known: Known, assessment: Assessment | None) -> bool:
    """Near a line, and the EU chapter may count this person as provider."""
    near = near_any_line(known, assessment)
    return near and assessment is not None and assessment.eu.provider != "no"


def _base_near(known: Known, assessment: Assessment | None) -> bool:
    return has_base(known, assessment) and near_any_line(known, assessment)


def _unknown_base_near(known: Known, assessment: Assessment | None) -> bool:
    return base_is_unknown(known, assessment) and near_any_line(known, assessment)


def _private_near(known: Known, assessment: Assessment | None) -> bool:
    return form(known) == "private" and near_any_line(known, assessment)


def _research_near(known: Known, assessment: Assessment | None) -> bool:
    return _word(known, "purpose") == "research" and near_any_line(known, assessment)


def _general_near(known: Known, assessment: Assessment | None) -> bool:
    """Below the EU sign, but not far: only a test of the model itself can then say that it is general."""
    below = assessment is not None and assessment.eu.gpai == "criterion_not_met"
    answered = known.said("very_general")
    return answered or (below and near_any_line(known, assessment) and not _yes(known, "narrow_task"))


def _integrates(known: Known, _assessment: Assessment | None) -> bool:
    return _word(known, "role") == "integrator"


def _college_near(known: Known, assessment: Assessment | None) -> bool:
    return _word(known, "developer_kind") == "university" and near_frontier(known, assessment)


def _own_terms_near(known: Known, assessment: Assessment | None) -> bool:
    """A licence the table does not hold: only its words can say if it is free and open."""
    licence = _word(known, "license")
    unknown = licence is not None and free_and_open(licence) is None
    return unknown and may_be_provider(known, assessment)


def _takes_money(known: Known, assessment: Assessment | None) -> bool:
    return _yes(known, "monetised") and (near_any_line(known, assessment) or is_service(known, assessment))


def _sells_near(known: Known, assessment: Assessment | None) -> bool:
    return _yes(known, "monetised") and may_be_provider(known, assessment)


def _gated_near(known: Known, assessment: Assessment | None) -> bool:
    return form(known) == "gated" and may_be_provider(known, assessment)


def _own_site(known: Known, assessment: Assessment | None) -> bool:
    """Of those whose demo many people use, the same law asks already."""
    users = known.integer("monthly_users")
    many = users is not None and users.value > _MANY
    return makes_media(known, assessment) and may_have_demo(known, assessment) and not many


def _easy_to_misuse(known: Known, assessment: Assessment | None) -> bool:
    made_for_it = _word(known, "sexual_images") in ("real_people", "children")
    return makes_pictures(known, assessment) and is_service(known, assessment) and not made_for_it


def _people_post(known: Known, _assessment: Assessment | None) -> bool:
    return _yes(known, "demo_uploads")


def _made_for_it(known: Known, _assessment: Assessment | None) -> bool:
    return _word(known, "sexual_images") == "real_people"


def _large_in_korea(known: Known, _assessment: Assessment | None) -> bool:
    users = known.integer("monthly_users")
    return "kr" in known.strings("demo_countries") and users is not None and users.value >= _MANY


def _decides(known: Known, _assessment: Assessment | None) -> bool:
    return _yes(known, "consequential_decisions")


def _closed_frontier(known: Known, assessment: Assessment | None) -> bool:
    return form(known) in ("gated", "api_or_app") and near_frontier(known, assessment)


LAW_CHECKS: tuple[tuple[str, str, str, Relevant], ...] = (
    # name, step, kind, when; all of them may be left open
    ("base_flop", "model", "count", base_is_unknown),
    ("base_general", "model", "yes_no", _unknown_base_near),
    ("base_systemic", "model", "yes_no", _unknown_base_near),
    ("base_is_own", "model", "yes_no", _base_near),
    ("earlier_tunes_flop", "model", "count", _base_near),
    ("trained_through_api", "training", "yes_no", _base_near),
    ("biological_data", "training", "yes_no", hints_at_biology),
    ("harmful_purpose", "release", "yes_no", hints_at_harm),
    ("research_only", "release", "yes_no", _research_near),
    ("internal_use", "release", "yes_no", _private_near),
    ("very_general", "release", "yes_no", _general_near),
    ("offered_in_eu", "release", "yes_no", may_be_provider),
    ("offered_in_new_york", "release", "yes_no", near_frontier),
    ("ny_college_research", "release", "yes_no", _college_near),
    ("license_free", "release", "yes_no", _own_terms_near),
    ("base_excludes_eu", "release", "yes_no", _integrates),
    ("monetised_how", "release", "multi_choice", _takes_money),
    ("micro_only", "release", "yes_no", _sells_near),
    ("gate", "release", "choice", _gated_near),
    ("weights_public", "release", "yes_no", may_be_provider),
    ("architecture_public", "release", "yes_no", may_be_provider),
    ("usage_public", "release", "yes_no", may_be_provider),
    ("eu_business_users", "release", "count", may_be_provider),
    ("eu_designated", "release", "yes_no", may_be_provider),
    ("largest_open_flop", "release", "count", _closed_frontier),
    ("self_hosted", "release", "yes_no", _own_site),
    ("shows_ai", "release", "choice", makes_media),
    ("shows_intimate", "release", "yes_no", _made_for_it),
    ("undress_easy", "release", "yes_no", _easy_to_misuse),
    ("marking_exempt", "release", "choice", serves_content),
    ("mainly_user_content", "release", "yes_no", _people_post),
    ("korea_daily_users", "release", "count", _large_in_korea),
    ("korea_revenue_krw", "release", "count", _large_in_korea),
    ("korea_ai_revenue_krw", "release", "count", _large_in_korea),
    ("high_risk_supply", "release", "yes_no", _decides),
    ("special_use", "statement", "choice", always),
)
