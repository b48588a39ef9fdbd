# SPDX-License-Identifier: Apache-2.0
"""What the Hugging Face Hub accepts in the front matter of a card (resources/reference_hub/hf_ids.json)."""

import functools
import json
import re

from core.domain.base import Frozen
from core.resources import read_text

_HUB_ID = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?/[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"
)
_FOLDERS = frozenset(
    {
        "home",
        "users",
        "root",
        "kaggle",
        "content",
        "mnt",
        "tmp",
        "data",
        "output",
        "outputs",
        "checkpoints",
        "models",
    }
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|code|multilingual")


class HubNames(Frozen):
    """The fixed lists of the Hub: id -> display name."""

    licences: dict[str, str]
    pipeline_tags: dict[str, str]
    libraries: dict[str, str]
    relations: tuple[str, ...]


@functools.cache
def hub_names() -> HubNames:
    """The lists as shipped with the app."""
    data = json.loads(read_text("reference_hub/hf_ids.json"))
    return HubNames(
        licences={key: str(name).replace("\\*", "*") for key, name in data["licence_ids"].items()},
        pipeline_tags=data["pipeline_tags"],
        libraries={key: _label(key, value) for key, value in data["library_names"].items()},
        relations=tuple(data["base_model_relation"]),
    )


def _label(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value.get("prettyLabel", key)) if isinstance(value, dict) else key


def is_hub_id(value: object) -> bool:
    """Whether `value` has the form owner/name of a repository on the Hub and is no relative folder."""
    if not isinstance(value, str) or not _HUB_ID.fullmatch(value) or "--" in value or ".." in value:
        return False
    owner, name = value.split("/")
    return owner.lower() not in _FOLDERS and not name.startswith("checkpoint-")


def is_language(value: object) -> bool:
    """Whether `value` is an ISO 639 code (or the Hub's `code`, `multilingual`)."""
    return isinstance(value, str) and bool(_LANGUAGE.fullmatch(value))


def licence_label(licence_id: str) -> str:
    """The name of a licence for people; the id itself when the Hub does not know it."""
    return hub_names().licences.get(licence_id, licence_id)
