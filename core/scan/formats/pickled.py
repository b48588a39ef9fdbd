# SPDX-License-Identifier: Apache-2.0
"""Weights pickled by PyTorch: pytorch_model.bin and its shards, *.pt, *.pth, *.ckpt. Read as opcodes, never loaded."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import checkpoint_deepspeed
from core.scan.formats.checkpoint_facts import is_timm, run_facts
from core.scan.formats.optimizer_file import state_facts, updates
from core.scan.formats.safetensors_header import Tensor
from core.scan.formats.shards import read_shards, shard_names
from core.scan.formats.torch_file import read_torch
from core.scan.formats.torch_tensors import Collector, entries, is_module, module, state_dict
from core.scan.formats.weights import weight_facts
from core.scan.guarded import Source
from core.scan.names import shown
from core.scan.numbers import whole
from core.scan.places import is_pickled
from core.scan.private import short_text
from core.scan.refusal import refuse
from core.scan.symbolic import Symbols
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "pickled"
EVERY_PLACE = False
MAX_SHARDS = 1_000
_INDEX = ".bin.index.json"
_WEIGHTS = (
    "state_dict",
    "model_state_dict",
    "model",
    "module",
    "net",
    "network",
    "generator",
    "params",
    "weights",
)
_OPTIMIZER = re.compile(r"[oO]pt(?:im(?:izer)?)?(?:[_-][\w-]{1,20}|[A-Z]|\d{1,2})?\Z")
_HARMLESS = frozenset({"torch", "collections", "numpy", "argparse", "transformers", "trl", "peft", "pathlib",
                       "pytorch_lightning", "lightning", "omegaconf", "typing", "ultralytics", "models", "deepspeed", "__builtin__",
                       "builtins", "_codecs", "copyreg", "torchvision", "timm", "datetime"})  # fmt: skip
_SHARP = frozenset({"os", "posix", "nt", "subprocess", "sys", "socket", "shutil", "runpy", "pty", "webbrowser",
                    "pickle", "marshal", "ctypes", "importlib", "pkgutil", "urllib", "requests"})  # fmt: skip


def matches(entry: Entry) -> bool:
    """pytorch_model.bin, *.pt, *.pth, *.ckpt and the index of shards (core.scan.places picks one)."""
    return is_pickled(entry.name)


def read(source: Source) -> Iterator[Item]:
    """Counts from the described tensors, and what the training program wrote beside them. Raises CannotRead."""
    if source.entry.name.lower().endswith(_INDEX):
        yield from _shards(source)
        return
    found = read_torch(source)
    yield from _warnings(source, found.symbols)
    top = entries(found.symbols.value)
    into = Collector(source.size)
    whose = _collect(found.symbols.value, top, into)
    split = checkpoint_deepspeed.is_mine(top) and checkpoint_deepspeed.is_split(top)
    if whose is None or split:
        told = list(run_facts(top))
        yield from told or [NotMine(text("scan_files.torch.no_weights"))]
        return
    note = text("scan_files.torch.from", place=whose) if whose else text("scan_files.torch.note")
    yield from weight_facts(source, tuple(into.tensors), note)
    told = list(run_facts(top))
    yield from told
    yield from _updates(source, top)
    if not told:
        yield from _of_own_loop(source, top)
    elif isinstance(states := top.get("optimizer_states"), list) and len(states) == 1:
        # Lightning counts its steps itself.
        yield from (one for one in _optimizer(source, states[0], "optimizer_states") if one.name != "steps")


def _updates(source: Source, top: Mapping[Any, Any]) -> Iterator[Item]:
    """Steps by the optimizer inside timm's last save; the best one is from before the end, and an optimizer that was
    not taken over on --resume began to count again."""
    given = top.get("args")
    settings = getattr(given, "state", given)
    anew = isinstance(settings, dict) and settings.get("resume") and settings.get("no_resume_opt")
    if not is_timm(top) or anew or not source.entry.name.lower().startswith("last."):
        return
    try:
        steps = updates(entries(entries(top.get("optimizer")).get("state")), source)
    except CannotRead:
        return  # a pickle of the old form, whose numbers lie elsewhere
    if steps:
        yield Found("steps", steps, "optimizer.state.step", text("scan_files.optimizer.steps"))


def _of_own_loop(source: Source, top: Mapping[Any, Any]) -> Iterator[Item]:
    """What the one optimizer beside the weights tells, as in PyTorch's own guide to saving: optimizer_state_dict."""
    names = [name for name in top if isinstance(name, str) and _OPTIMIZER.match(name)]
    if len(names) != 1:
        return  # none, or several that train parts in turn
    yield from _optimizer(source, top[names[0]], names[0])


def _optimizer(source: Source, value: Any, where: str) -> Iterator[Found]:
    try:
        yield from state_facts(value, source, where)
    except CannotRead:
        return  # a pickle of the old form, whose numbers lie elsewhere


def _collect(value: Any, top: Mapping[Any, Any], into: Collector) -> str | None:
    """Gather the tensors; returns the key under which they lie ("" for the top), or None without any."""
    if is_module(value):
        module(value, into)
        return "" if into.tensors else None
    for key in ("ema", *_WEIGHTS):
        inner = top.get(key)
        if is_module(inner):
            module(inner, into)
        elif key != "ema":
            state_dict(inner, into)
        if into.tensors:
            return key
    state_dict(value, into)
    return "" if into.tensors else None


def _warnings(source: Source, symbols: Symbols) -> Iterator[Item]:
    yield Note(text("scan_files.torch.pickle_note", file=source.entry.path))
    strange = sorted({module.split(".")[0] for module in symbols.modules} - _HARMLESS)
    sharp = [name for name in strange if name in _SHARP]
    if named := ", ".join(short_text(name, 60) or "?" for name in (sharp or strange)[:5]):
        key = "scan_files.torch.sharp" if sharp else "scan_files.torch.code"
        yield Note(text(key, file=source.entry.path, modules=named))


def _tensors(shard: Source) -> list[Tensor]:
    into = Collector(shard.size)
    value = read_torch(shard).symbols.value
    _collect(value, entries(value), into)
    return into.tensors


def _shards(source: Source) -> Iterator[Item]:
    index = source.json_object(100_000_000)
    names = shard_names(index, ".bin", MAX_SHARDS)
    gathered, missing = yield from read_shards(source, names, NAME, _tensors)
    if not missing:
        yield from weight_facts(source, tuple(gathered), text("scan.index.shards", count=len(names)))
        return
    claimed = index["metadata"] if isinstance(index.get("metadata"), dict) else {}
    if size := whole(claimed.get("total_size"), 1):
        yield Found(FoundOnly.WEIGHT_BYTES, size, "metadata.total_size", text("scan.index.claim"))
    raise refuse("index.missing", count=len(missing), total=len(names), first=shown(missing[0]))
