# SPDX-License-Identifier: Apache-2.0
"""Scenarios outside the EU written by others: their facts and flags put into the answers of a project."""

import datetime
from typing import Any

from core.domain.footprint import Accounts
from tests.rules.outside.common import flop, judged, same_named

_OUTCOMES = {"not_yet_applicable": "not_yet"}
_PLACES = {"KR": "kr", "CN": "cn", "IN": "in", "VN": "vn", "KZ": "kz", "UK": "gb", "GB": "gb"}


def differences(scenario: dict[str, Any], _today: datetime.date) -> list[str]:
    """Differences of one scenario outside the EU chapter."""
    facts = scenario["facts"]
    own, base = flop(facts.get("own_flop")), flop(facts.get("base_model_flop"))
    whole = flop(facts.get("cumulative_flop"))
    judgement = judged(
        answers_of(facts),
        Accounts(own=own, base=base, direct=own, cumulative=whole),
        datetime.date.fromisoformat(facts["date"]),
    )
    findings = {one.instrument: one for one in judgement.findings}
    wrong = []
    for instrument, wanted in scenario["expected"].items():
        said = findings[instrument].outcome.value
        if said != _OUTCOMES.get(wanted, wanted):
            wrong.append(f"{instrument}: {said}, expected {wanted}")
    return wrong


_KINDS = {"individual": "individual", "hobby": "individual", "universit": "university", "academ": "university",
          "nonprofit": "nonprofit", "non-profit": "nonprofit"}  # fmt: skip
_SAYS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    # any of these words in a flag means these answers
    (("paid", "monetis", "sells", "commercial_app"), {"monetised": True, "purpose": "commercial"}),
    (("nudif", "undress", "ncii", "intimate", "sexual_deepfake"), {"sexual_images": "real_people"}),
    (("csam", "csa_", "child"), {"sexual_images": "children"}),
    (("invest",), {"investing_abroad": True}),
    (("upload", "user_content", "gallery", "user_generated"), {"demo_uploads": True}),
    (("content_platform", "mainly_user"), {"demo_uploads": True, "mainly_user_content": True}),
    (("pirat",), {"data_rights": "pirated"}),
    (("scrap", "crawl", "copyrighted"), {"data_rights": "mixed"}),
    (("public_domain", "licensed_data", "permissive_data"), {"data_rights": "open_licence"}),
    (("malware", "fraud", "self_harm", "incite", "discriminat", "harmful"), {"harmful_purpose": True}),
    (("gated",), {"release_form": "gated"}),
    (("security_", "cybersecurity"), {"special_use": "security"}),
    (("aircraft",), {"special_use": "aircraft"}),
    (("national_security",), {"special_use": "national_security"}),
    (("quanti", "conversion", "gguf"), {"origin": "conversion"}),
    (("merge",), {"origin": "merge"}),
    (("distill",), {"distilled": True}),
    (("self_host", "own_site", "hosting_platform"), {"self_hosted": True}),
    (("accredited", "empire_ai"), {"ny_college_research": True}),
    (("ncii_sample", "publishes_ncii", "sample_images"), {"shows_intimate": True}),
)
_NUMBERS = (
    (("cost",), "training_cost_usd"),
    (("cluster", "ops_per_s", "peak"), "device_peak_flops"),
    (("gbit", "network"), "network_gbit_s"),
    (("largest_open", "most_powerful"), "largest_open_flop"),
    (("krw_ai", "ai_revenue"), "korea_ai_revenue_krw"),
    (("krw",), "korea_revenue_krw"),
    (("daily",), "korea_daily_users"),
)


def answers_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The scenario's facts and flags as answers."""
    flags = [str(flag).lower() for flag in facts.get("flags", ())]
    words = " ".join(flags)
    kinds = _outputs(str(facts.get("modality", "")))
    kind = str(facts.get("developer_kind", ""))
    answers: dict[str, Any] = {
        **same_named(facts),
        "origin": "from_scratch" if facts.get("base_model_flop") is None else "fine_tune",
        "output_modalities": kinds,
        "developer_kind": next((ours for word, ours in _KINDS.items() if word in kind), "company"),
        "developer_in_eu": str(facts.get("developer_place", "")).startswith("EU"),
        "narrow_task": facts.get("foundation_model") is False,
        "biological_data": facts.get("primarily_biological_sequence"),
        "sexual_images": "no",
        "real_person": "no",
        "personal_data": "personal_data" in words and "no_personal" not in words,
        "consequential_decisions": "consequential" in words,
        "purpose": "commercial" if "commercial" in words and "non" not in words else "hobby",
        **_release(str(facts.get("release", "")).lower(), facts),
    }
    for names, said in _SAYS:
        if any(name in words for name in names):
            answers |= said
    if any(name in words for name in ("real_person", "likeness", "voice_clone", "celebrity")):
        agreed = "consent" in words and "no_consent" not in words and "without_consent" not in words
        answers["real_person"] = "with_consent" if agreed else "without_consent"
    if facts.get("own_flop") == "0" and facts.get("base_model_flop") is not None and "merge" not in words:
        answers["origin"] = "conversion"
    return _numbers(answers, flags, facts)


def _outputs(modality: str) -> list[str]:
    if any(word in modality for word in ("scoring", "tabular", "classif", "label")):
        return ["label"]
    if "voice" in modality or "speech" in modality or "music" in modality:
        return ["audio"]
    return [kind for kind in ("image", "audio", "video", "text") if kind in modality] or ["text"]


def _numbers(answers: dict[str, Any], flags: list[str], facts: dict[str, Any]) -> dict[str, Any]:
    pairs = [tuple(flag.split("=", 1)) for flag in flags if "=" in flag]
    pairs += [(key, value) for key, value in facts.items() if isinstance(value, int | str)]
    for key, value in pairs:
        name = next((ours for words, ours in _NUMBERS if any(word in key for word in words)), None)
        if key == "first_release":
            answers["release_date"] = value
        elif name is not None and str(value).replace(".", "").replace("e", "").replace("+", "").isdigit():
            number = flop(value)
            answers[name] = None if number is None else number.central
    if answers.get("device_peak_flops") is not None:
        answers["device_count"] = answers.get("device_count") or 1
    return {key: value for key, value in answers.items() if value is not None}


def _release(release: str, facts: dict[str, Any]) -> dict[str, Any]:
    service = any(word in release for word in ("app", "api", "space", "demo", "service", "site", "bot"))
    answers: dict[str, Any] = {"with_demo": service}
    if "gated" in release or "request access" in release:
        answers["release_form"] = "gated"
    elif "open weights" in release:
        answers["release_form"] = "open_weights"
    elif service:
        answers["release_form"] = "api_or_app"
    elif any(word in release for word in ("private", "internal", "not released", "none", "closed")):
        answers["release_form"] = "private"
    if "paid" in release:
        answers |= {"monetised": True, "purpose": "commercial"}
    markets = [_PLACES[one] for one in facts.get("markets", ()) if one in _PLACES]
    home = _PLACES.get(str(facts.get("developer_place", "")))
    countries = sorted({*markets, *([home] if home else [])})
    if countries or "worldwide" not in facts.get("markets", ()):
        answers["demo_countries"] = countries or ["other"]
    return answers
