# SPDX-License-Identifier: Apache-2.0
"""Models of llama.cpp: *.gguf, in one file or in numbered parts. No file of this kind says how long it was trained."""

import re
from collections import Counter
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.gguf_config import config_of
from core.scan.formats.gguf_header import GgufHeader, GgufTensor, Value, read_gguf
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.private import hub_id, is_private, short_text
from core.scan.refusal import refuse
from core.scan.types import AlsoRead, Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "gguf"
EVERY_PLACE = False
MAX_PARTS = 1_000
_PART = re.compile(r"(.+-)(\d{5})-of-(\d{5})(\.gguf)\Z", re.I)
_BUFFERS = re.compile(r"rope_(?:freqs|factors_long|factors_short)\.weight\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z|multilingual\Z|code\Z")
_HUB_URL = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([\w.-]+/[\w.-]+)/?\Z")
_MOST = 100


def matches(entry: Entry) -> bool:
    """*.gguf; of numbered parts the first, which names the others."""
    part = _PART.match(entry.name)
    return entry.name.lower().endswith(".gguf") and (part is None or int(part[2]) == 1)


def read(source: Source) -> Iterator[Item]:
    """Facts of the header, parts taken together. Raises CannotRead."""
    header = read_gguf(source)
    settings = header.settings
    kind = settings.get("general.type", "model")
    if kind in ("mmproj", "imatrix") or not header.tensors:
        key = "scan_files.gguf.projector" if kind == "mmproj" else "scan_files.gguf.imatrix"
        yield NotMine(text(key) if kind in ("mmproj", "imatrix") else text("scan.weights.none"))
        return
    tensors, parts = list(header.tensors), 1
    if split := _PART.match(source.entry.name):
        parts = int(split[3])
        missing: list[str] = []
        yield from _parts(source, split, tensors, missing)
        if missing:
            raise refuse(
                "gguf.split", of="scan_files", count=len(missing), total=parts, first=shown(missing[0])
            )
    counted = [tensor for tensor in tensors if not _BUFFERS.search(tensor.name)]
    total = sum(tensor.elements for tensor in counted)
    note = text("scan_files.gguf.logical")
    if parts > 1:
        note += "; " + text("scan_files.gguf.split_note", count=parts)
    if kind == "adapter":
        yield Found("parameters_trainable", total, "tensors", note)
        yield Found("origin", "fine_tune", "general.type", text("scan.adapter.origin"))
    else:
        yield Found("parameters_total", total, "tensors", note)
        yield from _architecture(header, counted)
    yield Found(FoundOnly.WEIGHT_DTYPES, dict(sorted(Counter(t.kind for t in tensors).items())), "tensors")
    sizes = [tensor.size for tensor in tensors]
    if None not in sizes:
        yield Found(FoundOnly.WEIGHT_BYTES, sum(size or 0 for size in sizes), "tensors")
    yield from _general(source, settings)


def _parts(
    source: Source, split: re.Match[str], tensors: list[GgufTensor], missing: list[str]
) -> Iterator[Item]:
    count = int(split[3])
    if count > MAX_PARTS:
        raise refuse("index.many", count=f"{count:,}", cap=f"{MAX_PARTS:,}")
    for number in range(2, count + 1):
        name = f"{split[1]}{number:05}-of-{split[3]}{split[4]}"
        part = source.sibling(name)
        if part is None:
            missing.append(name)
            continue
        try:
            tensors.extend(read_gguf(part).tensors)
            yield AlsoRead(part.entry, NAME)
        except CannotRead as trouble:
            yield AlsoRead(part.entry, NAME, (trouble.what, trouble.why, trouble.todo))
            missing.append(name)
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise refuse("index.twice")


def _architecture(header: GgufHeader, tensors: list[GgufTensor]) -> Iterator[Item]:
    name = header.settings.get("general.architecture")
    if not isinstance(name, str) or not re.fullmatch(r"[\w.-]{1,60}", name):
        return
    config = config_of(name, header.settings, tensors)
    if config is not None:
        yield Found(FoundOnly.CONFIG, config, f"{name}.*", text("scan_files.gguf.config"))
        yield Found("model_type", config["model_type"], "general.architecture")
        return
    yield Found("model_type", name, "general.architecture", text("scan_files.gguf.architecture"))
    experts, used = (
        header.settings.get(f"{name}.expert_count"),
        header.settings.get(f"{name}.expert_used_count"),
    )
    if isinstance(experts, int) and isinstance(used, int) and 0 < used <= experts:
        routed = sum(tensor.elements for tensor in tensors if "_exps." in tensor.name)
        if routed and routed * used % experts == 0:
            rest = sum(tensor.elements for tensor in tensors) - routed
            note = text("scan_files.gguf.active")
            yield Found(
                "parameters_active", rest + routed * used // experts, f"{name}.expert_used_count", note
            )


def _general(source: Source, settings: dict[str, Value]) -> Iterator[Item]:
    for fact, key, limit in (
        ("model_name", "general.name", 96),
        ("license", "general.license", 60),
        ("license_name", "general.license.name", 80),
        ("license_link", "general.license.link", 200),
    ):
        value = short_text(settings.get(key), limit)
        if value:
            yield Found(fact, value.lower() if fact == "license" else value, key)
    tags = [tag for item in _list(settings.get("general.tags")) if (tag := short_text(item, 100))]
    if tags:
        yield Found(FoundOnly.TAGS, list(tags), "general.tags")
    languages = [
        item
        for item in _list(settings.get("general.languages"))
        if isinstance(item, str) and _LANGUAGE.match(item)
    ]
    if languages:
        yield Found("languages", list(languages), "general.languages")
    bases = [found for found, _ in _referred(settings, "base_model")]
    if bases:
        several = text("scan.card.first_base") if len(bases) > 1 else None
        yield Found("base_model", bases[0], "general.base_model.0.repo_url", several)
    if len(bases) > 1:
        yield Note(text("scan_files.gguf.bases", file=source.entry.path, names=", ".join(bases[:8])))
    datasets = [found for found, _ in _referred(settings, "dataset", names=True)]
    datasets += [found for item in _list(settings.get("general.datasets")) if (found := hub_id(item))]
    if datasets:
        yield Found("datasets", list(dict.fromkeys(datasets)), "general.dataset")
    packed_from = [settings.get(f"quantize.imatrix.{key}") for key in ("file", "dataset")]
    if any(isinstance(value, str) and is_private(value) for value in packed_from):
        yield Note(text("scan_files.gguf.private", file=source.entry.path))


def _referred(settings: dict[str, Value], kind: str, *, names: bool = False) -> Iterator[tuple[str, int]]:
    """The public ids under general.base_model.N or general.dataset.N; with `names`, else the plain name."""
    count = settings.get(f"general.{kind}.count")
    for number in range(min(count, _MOST) if isinstance(count, int) else 0):
        url = settings.get(f"general.{kind}.{number}.repo_url")
        match = _HUB_URL.match(url) if isinstance(url, str) and len(url) <= 300 else None
        if match and (found := hub_id(match[2])):
            yield found, number
        elif names and (name := short_text(settings.get(f"general.{kind}.{number}.name"), 120)):
            yield name, number


def _list(value: Value | None) -> list[object]:
    return list(value[:_MOST]) if isinstance(value, list) else [value] if isinstance(value, str) else []
