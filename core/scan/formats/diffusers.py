# SPDX-License-Identifier: Apache-2.0
"""diffusers: model_index.json of a pipeline with the parts it names, and config.json of a single part."""

import re
from collections.abc import Generator, Iterator, Mapping

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.image_tools import base_name
from core.scan.formats.named_base import base_facts
from core.scan.formats.packed import count_parameters
from core.scan.formats.safetensors_header import Tensor, read_header
from core.scan.formats.safetensors_index import INDEX_CAP, MAX_SHARDS
from core.scan.formats.shards import shard_names
from core.scan.guarded import Source
from core.scan.private import public_json
from core.scan.settings import Settings
from core.scan.types import AlsoRead, Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "diffusers"
EVERY_PLACE = False
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]{2,80}\Z")
_VERSION = re.compile(r"\d{1,3}\.\d{1,4}[\w.]{0,20}\Z")
_PART = re.compile(r"[a-z][a-z0-9_]{1,40}\Z")
_TRAINED = ("unet", "transformer", "prior", "decoder")
"""Parts that make the picture, the ones that are trained; the rest helps and stays as it is."""
_WEIGHTS = ("diffusion_pytorch_model", "model", "pytorch_model")


def matches(entry: Entry) -> bool:
    """model_index.json, and config.json (of a part)."""
    return entry.name in ("model_index.json", "config.json")


def read(source: Source) -> Iterator[Item]:
    """Facts of a pipeline with the headers of its parts, or of one part that stands alone."""
    settings = Settings(source.json_object())
    if "_class_name" not in settings or "_diffusers_version" not in settings:
        yield NotMine(
            text("scan.config.other")
            if source.entry.name == "config.json"
            else text("scan_tools.diffusers.other")
        )
        return
    yield Found(FoundOnly.LIBRARY_NAME, "diffusers", "_diffusers_version")
    version = settings.get("_diffusers_version")
    if isinstance(version, str) and _VERSION.match(version):
        yield Found(FoundOnly.VERSIONS, {"Diffusers": version}, "_diffusers_version")
    if source.entry.name == "model_index.json":
        yield from _pipeline(settings, source)
    else:
        yield from _part_config(settings)
    base = settings.get("_name_or_path")
    if base_name(base):
        yield from base_facts(base, "_name_or_path")


def _pipeline(settings: Settings, source: Source) -> Iterator[Item]:
    parts: dict[str, JsonValue] = {}
    trained: dict[str, int] = {}
    for name, value in settings.values.items():
        made_of = value[1] if isinstance(value, list) and len(value) == 2 else None
        if not _PART.match(name) or not isinstance(made_of, str) or not _CLASS.match(made_of):
            continue
        part: dict[str, JsonValue] = {"class": made_of}
        total = yield from _count(source, name)
        if total:
            part["parameters"] = total
            if name in _TRAINED:
                trained[name] = total
        parts[name] = part
    if parts:
        yield Found(FoundOnly.COMPONENTS, parts, "")
    present = [name for name in _TRAINED if name in parts]
    if present and len(trained) == len(present):
        note = text("scan_tools.diffusers.trained", names=", ".join(present))
        yield Found("parameters_total", sum(trained.values()), "shape", note)
        yield Found(FoundOnly.PARAMETERS_STORED, sum(trained.values()), "shape", note)
    for name in present[:1]:
        config = source.near(name, "config.json")
        if config is not None:
            yield from _config_of(config)
    yield Found("output_modalities", [_modality(str(settings.get("_class_name")))], "_class_name")


def _config_of(config: Source) -> Iterator[Item]:
    try:
        values = Settings(config.json_object())
    except CannotRead as trouble:
        yield AlsoRead(config.entry, NAME, (trouble.what, trouble.why, trouble.todo))
        return
    yield AlsoRead(config.entry, NAME)
    for item in _part_config(values):
        if isinstance(item, Found):
            yield Found(item.name, item.value, item.key, item.note, file=config.entry.path)
        else:
            yield item


def _part_config(settings: Settings) -> Iterator[Item]:
    kind = settings.get("_class_name")
    yield Found(FoundOnly.CONFIG, public_json(dict(settings.values)), "")
    if isinstance(kind, str) and _CLASS.match(kind):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, kind, "_class_name")
    # Only this class works on pixels; the others on latents, whose sides are smaller.
    if kind == "UNet2DModel" and (side := settings.count("sample_size", 16)):
        yield Found(FoundOnly.RESOLUTION, [side, side], "sample_size")


def _modality(pipeline: str) -> str:
    lowered = pipeline.lower()
    if "audio" in lowered or "music" in lowered:
        return "audio"
    return (
        "video"
        if any(word in lowered for word in ("video", "wan", "mochi", "ltx", "animatediff"))
        else "image"
    )


def _count(source: Source, name: str) -> Generator[Item, None, int | None]:
    """Parameters of a part from its headers, or None. A generator: it tells which files were read on the way."""
    files = source.below(name)
    chosen = _weights_of(files)
    if not chosen:
        return None
    tensors: list[Tensor] = []
    for file in chosen:
        part = Source(files[file], files, source.folders)
        try:
            if ".safetensors.index." in file:
                shards = shard_names(part.json_object(INDEX_CAP), ".safetensors", MAX_SHARDS)
                yield AlsoRead(part.entry, NAME)
                if any(shard not in files for shard in shards):
                    yield Note(text("scan_tools.diffusers.shards", file=part.entry.path))
                    return None
                for shard in shards:
                    tensors.extend(read_header(Source(files[shard], files, source.folders)).tensors)
                    yield AlsoRead(files[shard], "safetensors")
            else:
                tensors.extend(read_header(part).tensors)
                yield AlsoRead(part.entry, "safetensors")
        except CannotRead as trouble:
            yield AlsoRead(part.entry, "safetensors", (trouble.what, trouble.why, trouble.todo))
            return None
    return count_parameters(tensors, None).parameters


def _weights_of(files: Mapping[str, Entry]) -> list[str]:
    """One file of weights or the index of its shards: full numbers before a variant such as fp16."""
    for stem in _WEIGHTS:
        for name in (f"{stem}.safetensors", f"{stem}.safetensors.index.json", f"{stem}.fp16.safetensors",
                     f"{stem}.bf16.safetensors", f"{stem}.safetensors.index.fp16.json"):  # fmt: skip
            if name in files:
                return [name]
    return []
