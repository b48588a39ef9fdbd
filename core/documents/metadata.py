# SPDX-License-Identifier: Apache-2.0
"""Which front matter keys this app sets, and what it makes of those that are already there."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity
from core.documents.front_matter import FrontMatter
from core.documents.hub import hub_names, is_hub_id, is_language
from core.documents.privacy import find_private
from core.documents.yaml_text import MetaValue
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.known import Known
from core.texts import text

# Metric ids of the Hub's `evaluate` library that a Trainer logs under the name eval_<id>.
_METRICS = frozenset(
    "accuracy f1 precision recall bleu sacrebleu rouge wer cer perplexity mae mse r_squared matthews_correlation spearmanr pearsonr "
    "meteor exact_match squad seqeval mean_iou".split()
)
_NO_VALUE = re.compile(
    r"\s*|none|null|license|unknown|\[?more information needed\]?|\{\{.*\}\}", re.IGNORECASE
)


class Setting(Frozen):
    """One key of the front matter. `said` when the person answered it in the app: then it wins over the file."""

    key: str
    value: JsonValue
    said: bool = False


def settings(identity: Identity, assessment: Assessment, facts: CardFacts) -> tuple[Setting, ...]:
    """The front matter this release should have, in the order of a new card. Nothing unknown is in it."""
    known = facts.known
    stage = known.text("training_stage")
    found: list[tuple[str, JsonValue, str]] = [
        ("license", identity.license, "license"),
        ("license_name", facts.short("license_name") if identity.license == "other" else "", "license_name"),
        ("license_link", facts.short("license_link") if identity.license == "other" else "", "license_link"),
        ("language", list(identity.languages), "languages"),
        ("library_name", identity.library, "library_name"),
        ("pipeline_tag", identity.pipeline_tag, "pipeline_tag"),
        ("base_model", _bases(identity, known), "base_model"),
        ("base_model_relation", identity.relation, ""),
        ("datasets", list(identity.datasets), "datasets"),
        ("instance_prompt", facts.short("trigger_words"), "trigger_words"),
        ("tags", _tags(facts, identity, stage.value if stage is not None else ""), ""),
        ("metrics", _metrics(facts), ""),
        ("co2_eq_emissions", _emissions(assessment, facts), ""),
    ]
    return tuple(
        Setting(key=key, value=value, said=bool(name) and known.said(name))
        for key, value, name in found
        if value
    )


def _bases(identity: Identity, known: Known) -> JsonValue:
    """The base, or all parents of a merge: the Hub takes a list."""
    several = [name for name in known.strings("base_models") if is_hub_id(name)]
    return [*several] if len(several) > 1 and not known.said("base_model") else identity.base_model


def apply_settings(front: FrontMatter, wanted: tuple[Setting, ...]) -> None:
    """Put `wanted` into an author's front matter: fill what is missing, replace what a tool left, keep what was meant.

    A key the author gave a meaningful value stays, unless the person gave another answer in the app.
    Raises NotEditable when the text cannot be changed safely.
    """
    _clear_tool_defaults(front, wanted)
    for setting in wanted:
        there = front.values.get(setting.key)
        meant = is_meaningful(setting.key, there)
        if setting.key == "tags" and (meant := meant and _own_tags(there) != []):
            continue
        ours = setting.key == "co2_eq_emissions" and _is_our_estimate(there)
        if not meant or ((setting.said or ours) and not same(there, setting.value)):
            front.set(setting.key, meta_value(setting))
    if _licence_changed(front.values, wanted):
        for key in ("license_name", "license_link"):
            if not any(setting.key == key for setting in wanted):
                front.remove(key)


def meta_value(setting: Setting) -> MetaValue:
    """The value as the YAML writer takes it."""
    value: Any = setting.value
    result: MetaValue = value
    return result


def is_meaningful(key: str, value: Any) -> bool:
    """Whether an author can have meant `value`; tool defaults, blanks and local paths are not meant."""
    if value is None or value == [] or value == {}:
        return False
    if isinstance(value, list):
        return any(is_meaningful(key, item) for item in value)
    if not isinstance(value, str):
        return True
    if key == "license_link" and value.casefold() in ("license", "licence"):
        return True  # the name of a file in the folder, as the Hub wants it
    if _NO_VALUE.fullmatch(value):
        return key == "license" and value.lower() == "unknown"
    if key == "base_model":
        return is_hub_id(value)
    return True


def same(left: Any, right: Any) -> bool:
    """Whether two metadata values say the same: a single text equals a list of that text."""
    return (left if isinstance(left, list) else [left]) == (right if isinstance(right, list) else [right])


def metadata_problems(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Keys whose value the Hub would refuse or misread: (key, plain sentence)."""
    names = hub_names()
    found: list[tuple[str, str]] = []
    for key, allowed in (
        ("license", names.licences),
        ("pipeline_tag", names.pipeline_tags),
        ("library_name", names.libraries),
    ):
        value = values.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and is_meaningful(key, one) and one not in allowed:
                found.append((key, text(f"documents.problem.{key}", value=one)))
    language = values.get("language")
    for one in language if isinstance(language, list) else [language]:
        if one is not None and not is_language(one):
            found.append(("languages", text("documents.problem.language", value=str(one))))
    return tuple(found)


def _clear_tool_defaults(front: FrontMatter, wanted: tuple[Setting, ...]) -> None:
    setting_keys = {setting.key for setting in wanted}
    typo = front.values.get("licence")
    if isinstance(typo, str) and _NO_VALUE.fullmatch(typo):  # TRL writes the literal line "licence: license"
        front.remove("licence")
    for key in ("base_model", "license"):
        # Blank, too: mergekit writes "base_model: []" for a merge of local folders. A licence without a value is the
        # author's own reminder and stays.
        there = front.values.get(key, "")
        reminder = key == "license" and there is None
        if not reminder and key in front.values and key not in setting_keys and not is_meaningful(key, there):
            front.remove(key)
    if _is_our_estimate(front.values.get("co2_eq_emissions")) and "co2_eq_emissions" not in setting_keys:
        front.remove("co2_eq_emissions")
    tags = front.values.get("tags")
    if isinstance(tags, list):
        keep = _own_tags(tags)
        if not keep:
            if tags and "tags" not in setting_keys:
                front.remove("tags")
        elif len(keep) < len(tags):
            front.keep_items("tags", keep)


def _is_our_estimate(value: Any) -> bool:
    """Whether emissions were written by an earlier export: those are refreshed, an author's own figure is not."""
    return isinstance(value, dict) and str(value.get("source", "")).startswith(
        text("documents.emissions.mark")
    )


def _own_tags(tags: Any) -> list[Any]:
    """The tags without those that only a tool can have meant."""
    listed = tags if isinstance(tags, list) else [tags]
    return [tag for tag in listed if not (isinstance(tag, str) and _is_local_tag(tag))]


def _is_local_tag(tag: str) -> bool:
    """PEFT writes `base_model:adapter:<path>` also for a local path; the Hub makes this tag itself from base_model."""
    if not tag.startswith("base_model:"):
        return bool(find_private(tag))
    return not is_hub_id(tag.rsplit(":", 1)[1])


def _licence_changed(values: Mapping[str, Any], wanted: tuple[Setting, ...]) -> bool:
    new = next((setting for setting in wanted if setting.key == "license"), None)
    return new is not None and new.said and values.get("license") == "other" and new.value != "other"


def _tags(facts: CardFacts, identity: Identity, stage: str) -> list[JsonValue]:
    tags = [tag for tag in facts.strings("tags") if not tag.startswith("base_model:")]
    method = facts.known.text("training_method")
    if identity.is_adapter and method is not None and method.value in {"lora", "qlora", "dora"}:
        tags.append("lora")
    if stage in {"sft", "dpo", "orpo", "cpo", "kto", "grpo", "rloo", "ppo"}:
        tags.append(stage)
    return list(dict.fromkeys(tags))


def _metrics(facts: CardFacts) -> list[JsonValue]:
    metrics = facts.known.mapping("eval_metrics") or {}
    names = (name.removeprefix("eval_").lower() for name in metrics)
    return [name for name in dict.fromkeys(names) if name in _METRICS]


def _emissions(assessment: Assessment, facts: CardFacts) -> JsonValue:
    """Grams of CO2eq (the Hub's unit), with the way they were worked out; empty when not known."""
    co2 = assessment.footprint.co2
    if co2 is None or co2.central <= 0:
        return None
    grams = co2.central * (1000 if co2.unit.startswith("kg") else 1)
    value: dict[str, JsonValue] = {
        "emissions": float(f"{grams:.3g}"),
        "source": text("documents.emissions.source", on=assessment.on.isoformat()),
    }
    origin = facts.known.text("origin")
    stage = facts.known.text("training_stage")
    if (origin is not None and origin.value == "from_scratch") or (
        stage is not None and stage.value == "pretraining"
    ):
        value["training_type"] = "pre-training"
    elif origin is not None and origin.value == "fine_tune":
        value["training_type"] = "fine-tuning"
    hardware = facts.item("hardware")
    if hardware is not None:
        value["hardware_used"] = hardware.value
    return value
