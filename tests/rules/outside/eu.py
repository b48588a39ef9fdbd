# SPDX-License-Identifier: Apache-2.0
"""EU scenarios written by others: their keys put into the answers of a project."""

import datetime
from typing import Any

from core.domain.footprint import Accounts
from core.rules import Judgement, load_rulebook
from core.rules.eu.fines import domain_list, fine_ceiling
from tests.rules.outside.common import flop, judged, same_named, total

_TODAY = datetime.date(2026, 11, 23)
_KINDS = {
    "text-to-image": "image",
    "images": "image",
    "text-to-video": "video",
    "code": "text",
    "audio_language": "audio",
    "speech": "audio",
    "text-to-speech": "audio",
    "class": "label",
    "labels": "label",
    "embeddings": "embedding",
}
_OUTPUTS = ("text", "image", "audio", "video", "embedding", "label")
_ROLES = {
    "consortium": "consortium",
    "group": "consortium",
    "host": "host",
    "hub": "host",
    "platform": "host",
    "contractor": "made_for_other",
    "commissioned": "made_for_other",
    "made_for_other": "made_for_other",
    "integrator": "integrator",
    "system_builder": "integrator",
    "deployer": "integrator",
}
_ORIGINS = {
    "merge": "merge",
    "average": "merge",
    "quant": "conversion",
    "conversion": "conversion",
    "convert": "conversion",
    "format": "conversion",
    "prun": "conversion",
    "reupload": "conversion",
    "re-upload": "conversion",
    "gguf": "conversion",
    "continued": "continued_pretraining",
    "scratch": "from_scratch",
}
_MONEY = {
    "dual": "dual_licence",
    "optional": "optional_services",
    "premium": "optional_services",
    "beside": "optional_services",
    "unrelated": "optional_services",
    "donation": "donations",
    "support": "must_buy_support",
    "host": "own_site_only",
    "ads": "own_site_only",
    "personal": "personal_data",
    "data_for_access": "personal_data",
    "micro": "price",
    "price": "price",
    "paid": "price",
    "sale": "price",
}
_SAME = (
    ("narrow_task", "narrow_task"),
    ("monetised", "monetised"),
    ("weights_public", "weights_public"),
    ("architecture_public", "architecture_info_public"),
    ("usage_public", "usage_info_public"),
    ("developer_in_eu", "provider_in_eu"),
    ("license", "licence"),
    ("release_date", "date_placed"),
    ("with_demo", "ships_system"),
    ("internal_use", "internal_use_essential"),
    ("very_general", "exceptionally_general"),
    ("eu_designated", "designated"),
    ("eu_business_users", "registered_business_users"),
    ("small_firm", "sme"),
    ("undress_easy", "foreseeable_ncii"),
    ("high_risk_supply", "supplies_high_risk"),
    ("license_free", "licence_foss"),
)


def differences(scenario: dict[str, Any], today: datetime.date) -> list[str]:
    """What the rules say otherwise than the scenario expects."""
    facts, expect = scenario["inputs"], scenario["expected"]
    if facts.get("role") == "calc":
        return _calculated(facts, expect)
    placed = facts.get("date_placed")
    day = max(today, datetime.date.fromisoformat(placed)) if placed else today
    judgement = judged(answers_of(facts), accounts_of(facts), day)
    wrong = _summary(facts, expect, judgement)
    if expect["provider"] == "calc-only":
        return wrong
    return [*wrong, *_duties(expect, judgement), *_computed(facts, expect, judgement)]


def answers_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The scenario's keys as answers."""
    base = facts.get("base") or {}
    answers: dict[str, Any] = {"origin": _origin(facts), **same_named(facts), **_role(facts)}
    answers["output_modalities"] = _outputs(facts)
    for ours, theirs in _SAME:
        if facts.get(theirs) is not None:
            answers[ours] = facts[theirs]
    if not isinstance(answers.get("license_free"), bool):
        answers.pop("license_free", None)
    if facts.get("placed_on_market") is False:
        answers["release_form"] = "private"
        answers.pop("weights_public", None)
    if facts.get("excludes_eu") or (facts.get("upstream_excluded_eu") and "integrator" not in str(facts)):
        answers["offered_in_eu"] = False
    if "api" in str(facts.get("kind", "")):
        answers["trained_through_api"] = True
    if facts.get("safeguards") is True:
        answers["undress_easy"] = False
    for key, who in (("intended_ncii", "real_people"), ("intended_csam", "children")):
        if facts.get(key):
            answers |= {"sexual_images": who, "output_modalities": ["image"]}
    if facts.get("deepfake") or facts.get("publishes_deepfakes"):
        answers["shows_ai"] = "deepfakes"
    answers["purpose"], answers["research_only"] = _purpose(str(facts.get("purpose", "commercial")))
    return answers | _money(facts) | _base(base, facts)


def _origin(facts: dict[str, Any]) -> str:
    words = f"{facts.get('kind', '')} {facts.get('method', '')} {facts.get('origin', '')}".lower()
    for word, origin in _ORIGINS.items():
        if word in words:
            return origin
    role = str(facts.get("role"))
    tuned = "modif" in role or "tun" in role or "integrator" in role or facts.get("base")
    return "fine_tune" if tuned else "from_scratch"


def _role(facts: dict[str, Any]) -> dict[str, Any]:
    role = str(facts.get("role", ""))
    answers: dict[str, Any] = {}
    for word, ours in _ROLES.items():
        if word in role:
            answers["role"] = ours
            break
    else:
        answers["role"] = "releaser"
    if answers["role"] == "integrator" and facts.get("upstream_excluded_eu"):
        answers["base_excludes_eu"] = True
    return answers


def _outputs(facts: dict[str, Any]) -> list[str] | None:
    kinds = [_KINDS.get(kind, kind) for kind in facts.get("output_modalities", ())]
    return [kind if kind in _OUTPUTS else "other" for kind in kinds] or None


def _purpose(words: str) -> tuple[str, bool | None]:
    sole = "sole" in words or "only" in words
    if "research" in words or "scien" in words:
        return "research", True if sole else None
    hobby = "non" in words or "hobby" in words or "personal" in words or "fun" in words
    return ("hobby" if hobby else "commercial"), None


def _money(facts: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    how = str(facts.get("monetisation", facts.get("monetised_how", ""))).lower()
    kind = next((ours for word, ours in _MONEY.items() if word in how), None)
    if kind is not None:
        answers["monetised_how"] = [kind]
    micro = [value for key, value in facts.items() if "micro" in key]
    if "micro" in how or (micro and all(micro)):
        answers["micro_only"] = True
    access = str(facts.get("access", "")).lower()
    if facts.get("gated") or "gat" in access or "verif" in access:
        answers["release_form"] = "gated"
        answers["gate"] = (
            "by_country" if "country" in access else "safety_check" if "verif" in access else None
        )
    return answers


def _base(base: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "base_general": base.get("gpai") if isinstance(base.get("gpai"), bool) else None
    }
    if base.get("direct_flop") is not None and base.get("gpai") is False:
        answers["base_general"] = None  # below the sign: its compute tells
    if base.get("systemic") is not None:
        answers["base_systemic"] = base["systemic"]
    if base and not base.get("compute_communicated") and base.get("compute_estimable") is False:
        answers |= {"base_flop": "unknown", "base_tokens": "unknown"}
    if base.get("own") or base.get("same_provider") or facts.get("same_provider"):
        answers["base_is_own"] = True
    earlier = next(
        (facts[key] for key in facts if "previous" in key or "earlier" in key or "prior" in key), None
    )
    if (
        isinstance(earlier, int | float | str)
        and not isinstance(earlier, bool)
        and not facts.get("same_actor")
    ):
        number = flop(earlier)
        answers["earlier_tunes_flop"] = None if number is None else number.central
    return answers


def accounts_of(facts: dict[str, Any]) -> Accounts:
    """The scenario's numbers as the four accounts."""
    base = facts.get("base") or {}
    started = flop(base.get("direct_flop", base.get("cumulative_flop")))
    own = flop(facts.get("modification_flop", facts.get("direct_flop")))
    if facts.get("role") == "system_provider" and own is None:
        own = flop(10**18)  # an app around a home fine-tune: Chapter V is not what is asked
    whole = flop(facts.get("cumulative_flop"))
    if whole is None and own is not None:
        whole = total(own, started) if base else own
    return Accounts(own=own, base=started, direct=own, cumulative=whole)


def _summary(facts: dict[str, Any], expect: dict[str, Any], judgement: Judgement) -> list[str]:
    said = judgement.eu
    wrong = []
    if expect["gpai"] not in ("n/a", None) and said.gpai != expect["gpai"].replace(" ", "_"):
        wrong.append(f"gpai {said.gpai}, expected {expect['gpai']}")
    if expect["systemic"] not in ("n/a", None) and said.systemic != expect["systemic"]:
        wrong.append(f"systemic {said.systemic}, expected {expect['systemic']}")
    wanted = _provider(str(expect["provider"]), str(facts.get("role")))
    if wanted is not None and said.provider != wanted:
        wrong.append(f"provider {said.provider}, expected {expect['provider']}")
    return wrong


def _provider(words: str, role: str) -> str | None:
    """The scenario's words on this person: yes, no, unclear, or None when nobody asks."""
    if words == "calc-only":
        return None
    if words in ("yes", "no", "unclear"):
        return words
    if words in ("n/a", "None") or words.startswith(("no ", "no(", "not ")):
        return "no"
    if any(word in words for word in ("coordinator", "case by case", "unresolved", "unclear", "unsettled")):
        return "unclear"
    downstream = "downstream" in role or "integrator" in role or "modif" in role
    if "upstream" in words:
        return "no" if downstream else "yes"
    if "downstream" in words or "integrator" in words:
        return "yes" if downstream else "no"
    return "yes" if words.startswith(("yes", "A", "uploader", "commission", "developer")) else "no"


def _duties(expect: dict[str, Any], judgement: Judgement) -> list[str]:
    wrong = []
    findings = [one for one in judgement.findings if one.instrument.startswith("eu-ai-act")]
    chapter = next(one for one in findings if one.instrument == "eu-ai-act-gpai")
    said = {duty.code for one in findings for duty in one.duties}
    wanted = {code.removesuffix(" prohibited") for code in expect["obligations"]}
    if said != wanted:
        wrong.append(f"obligations {sorted(said)}, expected {sorted(wanted)}")
    spared = {duty.code for duty in chapter.relieved}
    if spared != set(expect["exempt_obligations"]):
        wrong.append(f"exempt {sorted(spared)}, expected {sorted(expect['exempt_obligations'])}")
    if expect["applies_from"] and expect["obligations"]:
        days = {str(day) for one in findings if one.duties for day in (one.applies_from, one.deadline)}
        if expect["applies_from"] not in days:
            wrong.append(f"from {sorted(days)}, expected {expect['applies_from']}")
    return wrong


def _computed(facts: dict[str, Any], expect: dict[str, Any], judgement: Judgement) -> list[str]:
    wanted = expect.get("computed", {})
    wrong = []
    if "bar_flop" in wanted:
        bar = next((line.value for line in judgement.lines if line.id == "eu.modification_bar"), 0)
        if abs(bar - wanted["bar_flop"]) > 1e-6 * wanted["bar_flop"]:
            wrong.append(f"bar {bar}, expected {wanted['bar_flop']}")
    return [*wrong, *_fine(facts, wanted)]


def _fine(facts: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    if "max_fine_eur" not in wanted:
        return []
    about = str(facts).lower()
    place = "eu.article_50" if "art50" in about or "50(" in about else "eu.ai_act"
    place = "eu.article_5" if "art5'" in about or "5(1)" in about else place
    turnover = facts.get("turnover_eur", facts.get("annual_turnover_eur"))
    rules = load_rulebook().at(_TODAY)
    fine = fine_ceiling(rules, place, turnover_eur=turnover, small=bool(facts.get("sme")))
    got = {
        "max_fine_eur": fine.ceiling_eur,
        "turnover_pct": fine.share_percent,
        "rule": fine.rule,
    }
    return [
        f"{key} {got[key]}, expected {wanted[key]}"
        for key in got
        if key in wanted and got[key] != wanted[key]
    ]


def _calculated(facts: dict[str, Any], expect: dict[str, Any]) -> list[str]:
    wanted = expect.get("computed", {})
    rules = load_rulebook().at(_TODAY)
    wrong = _fine(facts, wanted)
    if "list_max" in wanted:
        got = domain_list(rules, facts["domains"], small=facts["sme"])
        wrong += [] if got == wanted["list_max"] else [f"list {got}, expected {wanted['list_max']}"]
    return wrong  # what is counted as compute is not for the rules to say
