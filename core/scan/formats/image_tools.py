# SPDX-License-Identifier: Apache-2.0
"""What the trainers of image and video models share: families, resolutions, who says so."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.numbers import whole
from core.scan.private import hub_id
from core.scan.settings import Settings
from core.scan.types import Found, Item

_FAMILY = re.compile(
    r"(?:sd[_-]?(?:v?[1235]|xl|turbo)|stable-|stable_|flux|lumina|hunyuan|wan|qwen|hv|hvideo|framepack|chroma|z[_-]?image"
    r"|kontext|pixart|aura|cascade|ltx|cosmos|hidream|omnigen|anima|sana|kolors|ssd_1b|wuerstchen|hi_?dream|fpack|ernie"
    r"|krea|ideogram|boogu|mageflow|nucleus|prx|zeta_?chroma|f-?lite|vega|kandinsky|longcat|minimax_?h3)"
    r"[\w.-]{0,40}\Z",
    re.I,
)
_VIDEO = re.compile(
    r"(?!.*image)(?:wan|hv|framepack|fpack|ltx|cosmos|minimax|infinitetalk|kandinsky5|.*video)", re.I
)
_PAIR = re.compile(r"\D{0,2}(\d{2,5})\s*[,xX]\s*(\d{2,5})\D{0,2}\Z")
_SINGLE = re.compile(r"\s*(\d{2,5})\s*\Z")
_SIZES = 100
"""Resolutions that are told."""
_DULL = frozenset(
    "unet transformer vae prior decoder text_encoder model models checkpoint output final pytorch_model "
    "diffusion_pytorch_model adapter_model".split()
)
"""Last parts of paths that name a part and not a model."""


def family(value: object) -> str | None:
    """A family of image or video models in the tool's word, or None when the word is none of the known ones."""
    if not isinstance(value, str):
        return None
    word = value.strip().partition("/")[0].lower()
    return word if _FAMILY.match(word) else None


def family_facts(value: object, key: str) -> Iterator[Item]:
    """The family, and what such a model gives out."""
    if word := family(value):
        yield Found(FoundOnly.MODEL_FAMILY, word, key)
        yield Found("output_modalities", ["video" if _VIDEO.match(word) else "image"], key)


def makes_videos(value: object) -> bool:
    """Whether a word or a base's name stands for a family of video models."""
    return isinstance(value, str) and _VIDEO.match(value.rpartition("/")[2]) is not None


def resolution(value: object) -> list[JsonValue] | None:
    """[width, height] from (512, 768), "512,768", "(512, 512)", 1024 or "1024"; None for anything else."""
    return None if (pair := _pair(value)) is None else [*pair]


def _pair(value: object) -> tuple[int, int] | None:
    if isinstance(value, list) and len(value) == 2:
        pair = [side for item in value if (side := whole(item, 16)) is not None and side < 100_000]
        return (pair[0], pair[1]) if len(pair) == 2 else None
    if isinstance(value, str):
        if found := _PAIR.match(value):
            return int(found[1]), int(found[2])
        value = int(found[1]) if (found := _SINGLE.match(value)) else None
    side = whole(value, 16)
    return (side, side) if side is not None and side < 100_000 else None


def largest(values: Iterable[Any]) -> list[JsonValue] | None:
    """The largest of several resolutions."""
    pairs = [pair for value in values if (pair := _pair(value)) is not None]
    return [*max(pairs, key=lambda pair: pair[0] * pair[1])] if pairs else None


def resolution_facts(values: Iterable[Any], key: str, note: str | None = None) -> Iterator[Item]:
    """The largest of several resolutions, and all of them when there is more than one."""
    pairs = {pair for value in values if (pair := _pair(value)) is not None}
    if pairs:
        yield Found(FoundOnly.RESOLUTION, largest([*pair] for pair in pairs), key, note)
    if len(pairs) > 1:
        listed = sorted(pairs, key=lambda pair: (pair[0] * pair[1], pair))
        yield Found(FoundOnly.RESOLUTIONS, [[*pair] for pair in listed[:_SIZES]], key)


def base_name(value: object) -> bool:
    """Whether `value` can name a base model: not just a part of one."""
    if not isinstance(value, str):
        return False
    if hub_id(value):
        return True
    return value.replace("\\", "/").rstrip("/").rpartition("/")[2].lower() not in _DULL


def said_by(reader: str, items: Iterable[Item], where: str = "") -> Iterator[Item]:
    """The items as said by `reader`, their keys below `where`."""
    for item in items:
        if isinstance(item, Found):
            key = ".".join(part for part in (where, item.key) if part)
            item = dataclasses.replace(item, reader=reader, key=key)
        yield item


def sha256(settings: Settings, key: str) -> Iterator[Item]:
    """The base file's SHA-256 as the tool wrote it down."""
    value = settings.get(key)
    if isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F]{64}", value):
        yield Found(FoundOnly.BASE_SHA256, value.lower(), key)
