# SPDX-License-Identifier: Apache-2.0
"""README.md: front matter of a model card, and what the Trainer's card says about the run."""

import re
from collections.abc import Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.scan.formats import ai_toolkit, axolotl, front_matter, sentence_card, simpletuner
from core.scan.formats.card_body import body_facts, written_by_tool
from core.scan.guarded import Source
from core.scan.private import hub_id, last_part, short_text
from core.scan.types import Entry, Found, Item, Note
from core.texts import text

NAME = "readme"
EVERY_PLACE = False
_STAGES = {
    "sft": "sft", "dpo": "dpo", "orpo": "orpo", "cpo": "cpo", "simpo": "cpo", "kto": "kto", "grpo": "grpo",
    "rloo": "rloo", "ppo": "ppo",
    "reward-trainer": "reward", "rm": "reward",
}  # fmt: skip
_LOADERS = frozenset({"generator", "json", "csv", "text", "parquet", "arrow", "pandas", "imagefolder", "audiofolder",
                      "unknown", "none", "null"})  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z|multilingual\Z|code\Z")
_MOST = 200
"""Entries of a list that are kept."""


def matches(entry: Entry) -> bool:
    """README.md in any letters."""
    return entry.name.lower() == "readme.md"


def read(source: Source) -> Iterator[Item]:
    """Facts of the card. A front matter that cannot be read is told; the body's facts still count."""
    block, body = front_matter.split(source.text())
    tool = written_by_tool(body)
    if tool:
        yield Found(FoundOnly.GENERATED_BY_TRAINER, True, "", tool)
    yield from body_facts(body)
    for facts in (axolotl.card_facts, simpletuner.card_facts, sentence_card.card_facts):
        yield from facts(body)
    if block is not None:
        yield from _front(front_matter.parse(block), body)


def _front(card: dict[str, Any], body: str) -> Iterator[Item]:
    tags = [tag for item in _list(card.get("tags")) if (tag := short_text(item, 100)) and _is_public(tag)]
    if tags:
        yield Found(FoundOnly.TAGS, list(tags), "tags")
        yield from sentence_card.tag_facts(tags)
    yield from _licence(card, tags, body)
    yield from _base(card, body)
    for key in (FoundOnly.LIBRARY_NAME.value, "pipeline_tag"):
        if word := short_text(card.get(key), 60):
            yield Found(key, word, key)
    datasets = [name for item in _list(card.get("datasets")) if (name := _dataset(item))]
    if datasets:
        yield Found("datasets", list(datasets), "datasets")
    languages = [
        item for item in _list(card.get("language")) if isinstance(item, str) and _LANGUAGE.match(item)
    ]
    if languages and not (languages == ["en"] and _of_unsloth(tags, body)):
        yield Found("languages", list(languages), "language")
    yield from _name(card)
    lowered = {tag.lower() for tag in tags}
    if "trl" in lowered and (
        stage := next((_STAGES[tag] for tag in sorted(lowered) if tag in _STAGES), None)
    ):
        yield Found("training_stage", stage, "tags")
    if "unsloth" in lowered:
        yield Found(FoundOnly.TRAINING_TOOL, "Unsloth", "tags")
    if "autotrain" in lowered and "Trained Using AutoTrain" in body:
        yield Found(FoundOnly.TRAINING_TOOL, "AutoTrain", "tags")
    if "mergekit" in lowered:
        yield Found("origin", "merge", "tags")


def _is_public(tag: str) -> bool:
    # PEFT writes the base into a tag, be it an id or a folder of this machine.
    return not tag.startswith("base_model:") or hub_id(tag.rpartition(":")[2]) is not None


def _list(value: object) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else [] if value is None else [value]


def _of_unsloth(tags: list[str], body: str) -> bool:
    """Whether the card is Unsloth's own (unsloth/save.py and unsloth_zoo/saving_utils.py, MODEL_CARD)."""
    return "unsloth" in tags and "github.com/unslothai/unsloth" in body


def _licence(card: dict[str, Any], tags: list[str], body: str) -> Iterator[Item]:
    if "licence" in card and "license" not in card:
        yield Note(text("scan.card.licence_placeholder"))
    found = [item.lower() for item in _list(card.get("license")) if isinstance(item, str) and item.strip()]
    if not found:
        return
    if len(found) > 1:
        yield Note(
            text("scan.card.licences", names=", ".join(name for name in found[:5] if short_text(name, 60)))
        )
        return
    # Unsloth's template says apache-2.0 whatever the base's licence is, and English whatever the texts were.
    if found[0] == "apache-2.0" and _of_unsloth(tags, body):
        yield Note(text("scan.card.licence_unsloth"))
        return
    if tool := _template(found[0], body):
        yield Note(text("scan.card.licence_template", licence=found[0], tool=tool))
        return
    # So does AutoTrain's with "other".
    if found[0] == "other" and "autotrain" in tags and "Trained Using AutoTrain" in body:
        yield Note(text("scan.card.licence_autotrain"))
        return
    if licence := short_text(found[0], 60):
        yield Found("license", licence, "license")
    for field, limit in (("license_name", 80), ("license_link", 200)):
        if value := short_text(card.get(field), limit):
            yield Found(field, value, field)


def _template(licence: str, body: str) -> str | None:
    """The tool that wrote the card and this licence with it, by a table of its own and not by the base's."""
    if licence == "creativeml-openrail-m" and ai_toolkit.CARD in body:
        return "ai-toolkit"
    return "SimpleTuner" if licence in simpletuner.LICENCES and simpletuner.is_card(body) else None


def _base(card: dict[str, Any], body: str) -> Iterator[Item]:
    listed = _list(card.get("base_model"))
    if simpletuner.is_card(body):
        listed = [item for item in listed if not str(item).endswith(simpletuner.NO_BASE)]
    ids = [found for item in listed if (found := hub_id(item))]
    if len(ids) == 1:
        yield Found("base_model", ids[0], "base_model")
    elif ids:
        yield Found("base_model", ids[0], "base_model", text("scan.card.first_base"))
        yield Found(FoundOnly.BASE_MODELS, [*ids], "base_model")
        yield Note(text("scan.card.bases", names=", ".join(ids[:8])))
    elif len(listed) == 1 and (name := last_part(listed[0])):
        yield Found(FoundOnly.BASE_PATH_NAME, name, "base_model")


def _dataset(item: object) -> str | None:
    name = short_text(item, 120)
    if name is None or name.lower() in _LOADERS or (("/" in name or "\\" in name) and hub_id(name) is None):
        return None
    return name


def _name(card: dict[str, Any]) -> Iterator[Item]:
    # Axolotl writes the folder of the run into both (train.py, create_model_card): outputs/name, or home/somebody/name.
    if name := last_part(card.get("model_name")):
        yield Found("model_name", name, "model_name")
        return
    index = _list(card.get("model-index"))
    if len(index) == 1 and isinstance(index[0], dict) and (name := last_part(index[0].get("name"))):
        yield Found("model_name", name, "model-index.name")
