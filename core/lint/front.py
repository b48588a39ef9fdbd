# SPDX-License-Identifier: Apache-2.0
"""Rules on the keys of the front matter: what the Hub refuses or misreads (hub-docs modelcard.md, repositories-licenses.md)."""

import difflib
import re
from collections.abc import Iterator
from typing import Any

from core.documents.hub import hub_names, is_hub_id, is_language
from core.licences.spdx import licence_ids
from core.lint.card import Card
from core.lint.problem import Problem, problem

KEYS = frozenset(
    "language license license_name license_link library_name pipeline_tag tags datasets buckets metrics base_model "
    "base_model_relation new_version model-index co2_eq_emissions thumbnail widget inference instance_prompt model_name "
    "extra_gated_prompt extra_gated_fields extra_gated_heading extra_gated_description extra_gated_button_content gated "
    "extra_gated_eu_disallowed viewer disable_embedding model_type model_creator quantized_by".split()
)
_TYPOS = {
    "licence": "license", "licence_name": "license_name", "licence_link": "license_link", "licenses": "license",
    "lang": "language", "languages": "language", "dataset": "datasets", "tag": "tags", "metric": "metrics",
    "base_models": "base_model", "base-model": "base_model", "basemodel": "base_model", "base model": "base_model",
    "library": "library_name", "pipeline": "pipeline_tag", "task": "pipeline_tag", "model_index": "model-index",
    "co2_emissions": "co2_eq_emissions", "co2_eq_emission": "co2_eq_emissions", "co2": "co2_eq_emissions",
}  # fmt: skip
_LEGACY = re.compile(
    r"(?:gpt2|bert|roberta|distilbert|distilgpt2|distilroberta|albert|xlnet|xlm|t5|openai-gpt|transfo-xl|ctrl|camembert)[\w.-]*"
)
"""Names without an owner that the Hub still forwards (the first models of 2019)."""
_FIELD_TYPES = frozenset({"text", "checkbox", "date_picker", "country", "select"})
_GATED = ("extra_gated_prompt", "extra_gated_fields", "extra_gated_heading", "extra_gated_description")


def front_problems(card: Card, has_licence_file: bool | None) -> Iterator[Problem]:
    """Problems of single keys. `has_licence_file` is None when the folder is not known."""
    yield from _typos(card)
    yield from _licence(card, has_licence_file)
    yield from _bases(card)
    yield from _names(card)
    yield from _languages(card)
    yield from _lists(card)
    yield from _index(card)
    yield from _gates(card)
    for key in ("pipeline_tag", "library_name"):
        if key not in card.values:
            yield problem("key-useful", None, kind=key)


def _typos(card: Card) -> Iterator[Problem]:
    for key in card.values:
        if key in KEYS:
            continue
        folded = re.sub(r"[-\s]", "_", key.lower())
        meant = _TYPOS.get(key.lower()) or _TYPOS.get(folded) or (folded if folded in KEYS else None)
        if meant is None and len(key) > 5:
            near = difflib.get_close_matches(folded, KEYS, 1, 0.88)
            meant = near[0] if near else None
        if meant is not None and meant not in card.values:
            yield problem("key-typo", card.line(key), key=key, meant=meant)


def _licence(card: Card, has_file: bool | None) -> Iterator[Problem]:
    line = card.line("license")
    stated = [one for one in card.listed("license") if one not in (None, "")]
    if not stated:
        yield problem("license-missing", line)
        return
    for one in stated:
        if not isinstance(one, str) or one not in hub_names().licences:
            yield problem("license-unknown", line, value=str(one), hint=_licence_hint(one))
    if "unknown" in stated:
        yield problem("license-missing", line, kind="unknown")
    if "other" not in stated:
        return
    if not card.values.get("license_name"):
        yield problem("license-name-missing", line)
    link = card.values.get("license_link")
    if not link:
        if not has_file:
            yield problem("license-link-missing", line)
        return
    if not (
        isinstance(link, str)
        and (link.startswith(("https://", "http://")) or re.fullmatch(r"LICEN[CS]E[\w.-]*", link))
    ):
        yield problem("license-link-odd", card.line("license_link"), value=str(link))
    elif has_file is False and not link.startswith("http"):
        yield problem("license-link-odd", card.line("license_link"), kind="no_file", value=link)


def _licence_hint(value: object) -> str:
    names = hub_names().licences
    said = str(value).strip()
    for one in (said.lower(), *licence_ids(said)):
        if one in names:
            return one
    near = difflib.get_close_matches(re.sub(r"[\s_]+", "-", said.lower()), names, 1, 0.6)
    return near[0] if near else "other"


def _bases(card: Card) -> Iterator[Problem]:
    line = card.line("base_model")
    for one in card.listed("base_model"):
        if is_hub_id(one):
            continue
        if isinstance(one, str) and "/" not in one and "\\" not in one and re.fullmatch(r"[\w.-]+", one):
            if one.lower() in ("none", "null", "unknown"):
                yield problem("base-model-id", line, value=one)
            elif not _LEGACY.fullmatch(one.lower()):
                yield problem("base-model-no-owner", line, value=one)
        else:
            yield problem("base-model-id", line, value=str(one))
    relation = card.values.get("base_model_relation")
    if relation is not None and relation not in hub_names().relations:
        yield problem(
            "relation-unknown",
            card.line("base_model_relation"),
            value=str(relation),
            known=", ".join(hub_names().relations),
        )


def _names(card: Card) -> Iterator[Problem]:
    names = hub_names()
    for key, rule, allowed in (
        ("pipeline_tag", "pipeline-tag-unknown", names.pipeline_tags),
        ("library_name", "library-unknown", names.libraries),
    ):
        value = card.values.get(key)
        # Files in this form are known to the Hub by themselves, whatever the key says.
        if value is None or value == "gguf" or (isinstance(value, str) and value in allowed):
            continue
        near = difflib.get_close_matches(str(value).lower(), allowed, 1, 0.5)
        yield problem(rule, card.line(key), value=str(value), hint=near[0] if near else "-")


def _languages(card: Card) -> Iterator[Problem]:
    for key in ("language", "tags", "license"):
        for one in card.listed(key):
            if isinstance(one, bool):
                yield problem("yaml-truth-word", card.line(key), key=key, value="no" if not one else "yes")
    for one in card.listed("language"):
        if not isinstance(one, bool) and not is_language(one):
            yield problem("language-code", card.line("language"), value=str(one))


def _lists(card: Card) -> Iterator[Problem]:
    for key in ("tags", "metrics"):
        value = card.values.get(key)
        if value is not None and not isinstance(value, list):
            yield problem("list-wanted", card.line(key), key=key)
    for one in card.listed("datasets"):
        if not isinstance(one, str) or not re.fullmatch(r"[\w.-]{1,96}(?:/[\w.-]{1,96})?", one) or one.lower() in (
            "none", "null", "generator", "unknown"
        ):  # fmt: skip
            yield problem("dataset-id", card.line("datasets"), value=str(one))


def _index(card: Card) -> Iterator[Problem]:
    if "model-index" not in card.values:
        return
    line = card.line("model-index")
    for fault in dict.fromkeys(_index_faults(card.values["model-index"])):
        yield problem("model-index", line, what=fault)


def _index_faults(index: Any) -> Iterator[str]:
    """Keys that huggingface_hub's model_index_to_eval_results needs."""
    if not isinstance(index, list):
        yield "it is no list"
        return
    for entry in index:
        if not isinstance(entry, dict) or not entry.get("name"):
            yield "name"
            continue
        results = entry.get("results")
        if not isinstance(results, list):
            yield "results"
            continue
        for result in results:
            yield from _result_faults(result)


def _result_faults(result: Any) -> Iterator[str]:
    if not isinstance(result, dict):
        yield "results"
        return
    for part, keys in (("task", ("type",)), ("dataset", ("type", "name"))):
        inner = result.get(part)
        for key in keys:
            if not isinstance(inner, dict) or not inner.get(key):
                yield f"{part}.{key}"
    metrics = result.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        yield "metrics"
        return
    for metric in metrics:
        if not isinstance(metric, dict) or not metric.get("type"):
            yield "metrics.type"
        elif isinstance(metric.get("value"), bool) or not isinstance(metric.get("value"), int | float | str):
            yield "metrics.value"


def _gates(card: Card) -> Iterator[Problem]:
    fields = card.values.get("extra_gated_fields")
    if isinstance(fields, dict):
        for name, kind in fields.items():
            wanted = kind.get("type") if isinstance(kind, dict) else kind
            if not isinstance(wanted, str) or wanted not in _FIELD_TYPES:
                yield problem(
                    "gate-field", card.line("extra_gated_fields"), name=str(name), value=str(wanted)
                )
    elif fields is not None:
        yield problem(
            "gate-field", card.line("extra_gated_fields"), name="extra_gated_fields", value=str(fields)
        )
    if card.values.get("extra_gated_eu_disallowed") and not (
        card.values.get("gated") or any(card.values.get(key) for key in _GATED)
    ):
        yield problem("gate-eu", card.line("extra_gated_eu_disallowed"))
