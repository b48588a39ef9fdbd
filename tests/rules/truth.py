# SPDX-License-Identifier: Apache-2.0
"""Runs legal scenarios from outside files (eu_scenarios.json, world_scenarios.json) against the rules.

`python -m tests.rules.truth FILE …` prints every difference and the pass rate by confidence. The files are not part
of the project and no test needs them; this is how an independent set is compared.
"""

import argparse
import datetime
import json
from collections import Counter
from pathlib import Path
from typing import Any

from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.footprint import Accounts, Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.rules import Judgement, judge, load_rulebook
from core.rules.eu.fines import domain_list, fine_ceiling

_OUTCOMES = {"not_yet_applicable": "not_yet"}
_KINDS = {"text-to-image": "image", "text-to-video": "video", "audio_language": "audio", "speech": "audio"}
_PLACES = {"KR": "kr", "CN": "cn", "IN": "in", "VN": "vn", "KZ": "kz", "UK": "gb", "GB": "gb"}


def _flop(value: Any) -> FlopEstimate | None:
    if value is None:
        return None
    whole = int(value) if isinstance(value, str | int) else round(value)
    if isinstance(value, float):  # 1e24 means 10^24, not the nearest double
        mantissa, _, power = repr(value).partition("e")
        digits = mantissa.replace(".", "").rstrip("0") or "0"
        shift = int(power or 0) - (len(digits) - 1) if power else None
        whole = int(digits) * 10**shift if shift is not None and shift >= 0 else whole
    return FlopEstimate(low=whole, central=whole, high=whole, method="scenario")


def _judge(answers: dict[str, Any], accounts: Accounts, on: datetime.date) -> Judgement:
    known = Known(Project(answers=Answers.model_validate(answers)))
    return judge(known, Footprint(accounts=accounts), load_rulebook().at(on))


# EU ------------------------------------------------------------------------------------------------------------


def eu(scenario: dict[str, Any], today: datetime.date) -> list[str]:
    """Differences of one EU scenario."""
    facts, expect = scenario["inputs"], scenario["expected"]
    if facts.get("role") == "calc":
        return _calc(facts, expect)
    placed = facts.get("date_placed")
    day = max(today, datetime.date.fromisoformat(placed)) if placed else today
    answers, accounts = _eu_answers(facts), _eu_accounts(facts)
    judgement = _judge(answers, accounts, day)
    wrong = _eu_summary(facts, expect, judgement)
    if expect["provider"] == "calc-only":
        return wrong
    findings = {one.instrument: one for one in judgement.findings}
    chapter = findings["eu-ai-act-gpai"]
    said = {duty.code for duty in chapter.duties}
    for name in ("eu-ai-act-art50", "eu-ai-act-art5"):
        said |= {duty.code for duty in findings[name].duties}
    wanted = {code.removesuffix(" prohibited") for code in expect["obligations"]}
    if said != wanted:
        wrong.append(f"obligations {sorted(said)}, expected {sorted(wanted)}")
    spared = {duty.code for duty in chapter.relieved}
    if spared != set(expect["exempt_obligations"]):
        wrong.append(f"exempt {sorted(spared)}, expected {sorted(expect['exempt_obligations'])}")
    if expect["applies_from"] and expect["obligations"]:
        owing = [one for one in judgement.findings if one.duties and one.instrument.startswith("eu-ai-act")]
        days = {str(one.applies_from) for one in owing}
        if expect["applies_from"] not in days:
            wrong.append(f"from {sorted(days)}, expected {expect['applies_from']}")
    return wrong + _computed(facts, expect, judgement)


def _eu_answers(facts: dict[str, Any]) -> dict[str, Any]:
    role = facts.get("role")
    answers: dict[str, Any] = {
        "origin": "fine_tune" if role == "downstream_modifier" else "from_scratch",
        "purpose": facts.get("purpose", "commercial"),
    }
    if role in ("consortium", "host"):
        answers["role"] = role
    if role == "downstream_integrator":
        answers |= {"role": "integrator", "origin": "fine_tune"}
        if facts.get("upstream_excluded_eu"):
            answers["base_excludes_eu"] = True
    kinds = [_KINDS.get(kind, kind) for kind in facts.get("output_modalities", ())]
    known_kinds = ("text", "image", "audio", "video", "embedding", "label")
    answers["output_modalities"] = [kind if kind in known_kinds else "other" for kind in kinds] or None
    for ours, theirs in (
        ("narrow_task", "narrow_task"),
        ("monetised", "monetised"),
        ("weights_public", "weights_public"),
        ("architecture_public", "architecture_info_public"),
        ("usage_public", "usage_info_public"),
        ("developer_in_eu", "provider_in_eu"),
        ("license", "licence"),
        ("release_date", "date_placed"),
        ("with_demo", "ships_system"),
    ):
        if facts.get(theirs) is not None:
            answers[ours] = facts[theirs]
    if facts.get("placed_on_market") is False:
        answers |= {"release_form": "private"}
        answers.pop("weights_public", None)
    if facts.get("excludes_eu"):
        answers["offered_in_eu"] = False
    if facts.get("kind") == "api_finetune":
        answers["trained_through_api"] = True
    if facts.get("kind") in ("merge", "quantise", "quantize", "conversion", "quantization"):
        answers["origin"] = "merge" if facts["kind"] == "merge" else "conversion"
    if facts.get("designated"):
        answers["eu_designated"] = True
    if facts.get("intended_ncii"):
        answers |= {"sexual_images": "real_people", "output_modalities": ["image"]}
    if facts.get("intended_csam"):
        answers |= {"sexual_images": "children", "output_modalities": ["image"]}
    purpose = str(answers["purpose"])
    answers["purpose"] = (
        "commercial"
        if "commercial" in purpose and "non" not in purpose
        else "research"
        if "research" in purpose or "scien" in purpose
        else "hobby"
    )
    base = facts.get("base") or {}
    if base.get("systemic"):
        answers["base_systemic"] = True
    if base and not base.get("compute_communicated") and base.get("compute_estimable") is False:
        answers |= {"base_flop": "unknown", "base_tokens": "unknown"}
    return {key: value for key, value in answers.items() if value is not None}


def _eu_accounts(facts: dict[str, Any]) -> Accounts:
    base = facts.get("base") or {}
    base_flop = _flop(base.get("direct_flop"))
    if base_flop is None and base.get("gpai") and "direct_flop" not in base:
        base_flop = _flop(2 * 10**23)  # said to be general-purpose, without a figure
    own = _flop(facts.get("modification_flop", facts.get("direct_flop")))
    if facts.get("role") == "system_provider" and own is None:
        own = _flop(10**18)  # an app around a home fine-tune: Chapter V is not what is asked
    total = _flop(facts.get("cumulative_flop"))
    if total is None and own is not None and (base_flop is not None or not base):
        total = _flop(own.central + (base_flop.central if base_flop else 0))
    return Accounts(own=own, base=base_flop, direct=own, cumulative=total)


def _eu_summary(facts: dict[str, Any], expect: dict[str, Any], judgement: Judgement) -> list[str]:
    said = judgement.eu
    wrong = []
    if expect["gpai"] not in ("n/a", None):
        wanted = expect["gpai"].replace(" ", "_")
        if said.gpai != wanted:
            wrong.append(f"gpai {said.gpai}, expected {wanted}")
    if expect["systemic"] not in ("n/a", None) and said.systemic != expect["systemic"]:
        wrong.append(f"systemic {said.systemic}, expected {expect['systemic']}")
    provider = {
        "n/a": "no",
        "no (model)": "no",
        "usually coordinator": "unclear",
        "case by case": "unclear",
        "downstream integrator": "yes",
        "not for the EU market": "no",
        "calc-only": None,
    }.get(expect["provider"], expect["provider"])
    if facts.get("role") == "system_provider":
        provider = None if said.provider != "yes" else "no"
    if provider is not None and said.provider != provider:
        wrong.append(f"provider {said.provider}, expected {provider}")
    return wrong


def _computed(facts: dict[str, Any], expect: dict[str, Any], judgement: Judgement) -> list[str]:
    wanted = expect.get("computed", {})
    wrong = []
    if "bar_flop" in wanted:
        bar = next((line.value for line in judgement.lines if line.id == "eu.modification_bar"), 0)
        if abs(bar - wanted["bar_flop"]) > 1e-6 * wanted["bar_flop"]:
            wrong.append(f"bar {bar}, expected {wanted['bar_flop']}")
    if "max_fine_eur" in wanted:
        fine = fine_ceiling(load_rulebook().at(datetime.date(2026, 11, 23)), "eu.ai_act")
        got = (fine.amount_eur, fine.share_percent, fine.rule)
        if got != (wanted["max_fine_eur"], wanted["turnover_pct"], wanted["rule"]):
            wrong.append(f"fine {got}")
    del facts
    return wrong


def _calc(facts: dict[str, Any], expect: dict[str, Any]) -> list[str]:
    wanted = expect.get("computed", {})
    if "list_max" in wanted:
        rules = load_rulebook().at(datetime.date(2026, 11, 23))
        got = domain_list(rules, facts["domains"], small=facts["sme"])
        return [] if got == wanted["list_max"] else [f"list {got}, expected {wanted['list_max']}"]
    return []  # a question of counting, which the rules do not decide


# World ---------------------------------------------------------------------------------------------------------


def world(scenario: dict[str, Any], _today: datetime.date) -> list[str]:
    """Differences of one scenario outside the EU chapter."""
    facts = scenario["facts"]
    own, base = _flop(facts.get("own_flop")), _flop(facts.get("base_model_flop"))
    total = _flop(facts.get("cumulative_flop"))
    judgement = _judge(
        _world_answers(facts),
        Accounts(own=own, base=base, direct=own, cumulative=total),
        datetime.date.fromisoformat(facts["date"]),
    )
    findings = {one.instrument: one for one in judgement.findings}
    wrong = []
    for instrument, wanted in scenario["expected"].items():
        said = findings[instrument].outcome.value
        if said != _OUTCOMES.get(wanted, wanted):
            wrong.append(f"{instrument}: {said}, expected {wanted}")
    return wrong


def _world_answers(facts: dict[str, Any]) -> dict[str, Any]:
    flags = " ".join(facts.get("flags", ())).lower()
    modality = facts.get("modality", "")
    kinds = [kind for kind in ("image", "audio", "video", "text") if kind in modality] or ["text"]
    if "voice" in modality or "speech" in modality:
        kinds = ["audio"]
    if "scoring" in modality or "tabular" in modality or "classif" in modality:
        kinds = ["label"]
    release = facts.get("release", "")
    answers: dict[str, Any] = {
        "origin": "from_scratch" if facts.get("base_model_flop") is None else "fine_tune",
        "output_modalities": kinds,
        "developer_kind": {"individual": "individual", "university": "university"}.get(
            facts.get("developer_kind", ""), "company"
        ),
        "developer_in_eu": facts.get("developer_place") == "EU",
        "annual_revenue_usd": facts.get("annual_revenue_usd"),
        "monthly_users": facts.get("monthly_users"),
        "narrow_task": not facts.get("foundation_model", True) and kinds == ["label"],
        "biological_data": facts.get("primarily_biological_sequence"),
        "sexual_images": "no",
        "real_person": "no",
        "personal_data": "personal_data" in flags,
        "consequential_decisions": "consequential" in flags,
        "purpose": "commercial" if "commercial" in flags and "non" not in flags else "hobby",
    }
    answers |= _release(release, facts)
    if "app" in release and "paid" in release:
        answers |= {"monetised": True, "purpose": "commercial"}
    if "paid" in flags or "monetis" in flags or "sells" in flags:
        answers |= {"monetised": True, "purpose": "commercial"}
    for word in ("nudif", "undress", "ncii", "intimate"):
        if word in flags:
            answers["sexual_images"] = "real_people"
    if "csam" in flags or "csa_" in flags or "child" in flags:
        answers["sexual_images"] = "children"
    if "real_person" in flags or "likeness" in flags or "voice_clone" in flags or "celebrity" in flags:
        agreed = "consent" in flags and "no_consent" not in flags and "without_consent" not in flags
        answers["real_person"] = "with_consent" if agreed else "without_consent"
    if "invest" in flags:
        answers["investing_abroad"] = True
    if "upload" in flags or "user_content" in flags or "gallery" in flags:
        answers["demo_uploads"] = True
    if "pirat" in flags:
        answers["data_rights"] = "pirated"
    if "harm" in flags or "malware" in flags or "fraud" in flags:
        answers["harmful_purpose"] = True
    if "gated" in flags:
        answers["release_form"] = "gated"
    if "security" in flags or "aircraft" in flags:
        answers["special_use"] = "aircraft" if "aircraft" in flags else "security"
    if (
        "quanti" in flags
        or "conversion" in flags
        or (facts.get("own_flop") == "0" and "base_model_flop" in facts)
    ):
        answers["origin"] = "conversion"
    if "merge" in flags:
        answers["origin"] = "merge"
    first = [flag for flag in facts.get("flags", ()) if flag.startswith("first_release=")]
    if first:
        answers["release_date"] = first[0].partition("=")[2]
    return {key: value for key, value in answers.items() if value is not None}


def _release(release: str, facts: dict[str, Any]) -> dict[str, Any]:
    open_weights = "open weights" in release
    service = any(word in release.lower() for word in ("app", "api", "space", "demo", "service"))
    answers: dict[str, Any] = {"with_demo": service}
    if "gated" in release:
        answers["release_form"] = "gated"
    elif open_weights:
        answers["release_form"] = "open_weights"
    elif service:
        answers["release_form"] = "api_or_app"
    elif "private" in release or "internal" in release or "not released" in release:
        answers["release_form"] = "private"
    markets = [_PLACES[one] for one in facts.get("markets", ()) if one in _PLACES]
    home = _PLACES.get(facts.get("developer_place", ""))
    countries = sorted({*markets, *([home] if home else [])})
    if countries or "worldwide" not in facts.get("markets", ()):
        answers["demo_countries"] = countries or ["other"]
    return answers


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        data = json.loads(path.read_text(encoding="utf-8"))
        today = datetime.date.fromisoformat(data["meta"]["as_of"])
        compare = eu if "inputs" in data["scenarios"][0] else world
        good: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for scenario in data["scenarios"]:
            wrong = compare(scenario, today)
            seen[scenario["confidence"]] += 1
            good[scenario["confidence"]] += not wrong
            for line in wrong:
                print(f"  {scenario['id']} ({scenario['confidence']}) {scenario['title']}: {line}")
        rates = ", ".join(f"{name} {good[name]}/{number}" for name, number in sorted(seen.items()))
        print(f"{path.name}: {rates}")


if __name__ == "__main__":
    main()
