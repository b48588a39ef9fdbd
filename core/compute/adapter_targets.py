# SPDX-License-Identifier: Apache-2.0
"""Which layers an adapter reaches.

The rules by which PEFT finds its layers are followed (peft 0.21 tuners_utils, also right for the adapter_config.json
files of older versions): a list matches a module's whole name or its end, a text is a pattern for the whole name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from core.compute.adapter_config import Lora
from core.compute.layers import Block, Call, Op
from core.compute.name_pattern import fits

COPY = -1
"""In a plan: the layer is copied and trained."""
_CLASSIFIERS = (
    "classifier",
    "score",
    "qa_outputs",
    "qa_classifier",
    "classification_head",
    "logits_proj",
    "class_labels_classifier",
    "bbox_predictor",
    "class_head",
    "box_head",
    "cls_classifier",
    "distillation_classifier",
)
_NO_OUTPUT = ("text_decoder.cls.predictions.decoder",)
"""Output layers that their class does not name as such, so that PEFT takes them for one like any other."""


@dataclass(frozen=True)
class Rows:
    """In a plan: so many rows of the layer's table are trained; 0 when they are those of the table it shares."""

    count: int


Plan: TypeAlias = tuple["int | Rows | Plan", ...]
"""For each step of a block: 0 (as it is), a rank, COPY, Rows, or the plan of the block it calls."""


class Finder:
    """Decides, layer by layer, what the adapter does to it."""

    def __init__(self, lora: Lora) -> None:
        self._lora = lora
        self.found: set[str] = set()
        self.hit: set[str] = set()
        self._input_table = ""
        self._input_rows: tuple[int, ...] | int = 0

    def plan(self, block: Block, prefix: str) -> Plan:
        path = f"{prefix}." if prefix else ""
        return tuple(
            self.plan(step.block, path + step.prefix)
            if isinstance(step, Call)
            else self._one(step, path + step.name)
            for step in block.steps
        )

    def _one(self, op: Op, name: str) -> int | Rows:
        lora = self._lora
        if not op.name or op.trained:
            return 0
        if lora.saved and any(parent.endswith(lora.saved) for parent in _parents(name)):
            return COPY
        if (lora.tokens or lora.tables) and (rows := self._rows(op, name)):
            return rows
        if op.kind == "experts" and any(name == one or name.endswith(f".{one}") for one in lora.parameters):
            return self._ranked(name)
        if op.kind == "experts" and lora.apart.get(name.rpartition(".")[2]):
            self.hit.update(lora.targets if isinstance(lora.targets, tuple) else ())
            return self._ranked(name)
        if lora.kind == "LN_TUNING" and op.kind == "norm" and self._targeted(op, name):
            self.found.add(name)
            return COPY
        if not op.module or op.kind not in ("linear", "conv", "embedding") or _matches(lora.excluded, name):
            return 0
        return self._ranked(name) if self._targeted(op, name) else 0

    def _rows(self, op: Op, name: str) -> Rows | None:
        """Rows of a table that are trained by themselves. A head that shares the table of words goes with it, unless other
        rows are named for the head (peft 0.21, utils/other.py, set_additional_trainable_modules)."""
        if op.kind not in ("embedding", "linear"):
            return None
        end, named = next((one for one in self._lora.tables if name.endswith(one[0])), ("", ()))
        self.hit.update((end,) if end else ())
        if op.kind == "embedding" and not self._input_table:
            self._input_table, self._input_rows = name, named or self._lora.tokens
            return Rows(len(named) or self._lora.tokens) if self._input_rows else None
        if op.role == "head" and op.shares and self._input_rows and named in ((), self._input_rows):
            return Rows(0)
        return Rows(len(named)) if named else None

    def _ranked(self, name: str) -> int:
        self.found.add(name)
        for pattern, rank in self._lora.ranks:
            if fits(pattern, name):
                return rank
        return self._lora.rank

    def _targeted(self, op: Op, name: str) -> bool:
        targets = self._lora.targets
        if targets is None:
            if op.role == "router":
                return self._lora.routers
            tied = op.shares and op.role == "head" and name not in _NO_OUTPUT
            if tied or not (op.kind == "linear" or op.raw):
                return False
            if name in _NO_OUTPUT or self._lora.heads_too:
                return True
            first = name.partition(".")[0]
            if name in _CLASSIFIERS:
                return not self._lora.heads_kept
            # Every layer but the last one of a language model.
            inner = name.rpartition(".")[2] in ("dense", "vocab_transform")
            return op.role != "head" or first in _CLASSIFIERS or inner
        if isinstance(targets, str):
            return fits(targets, name)
        for one in targets:
            if name == one or name.endswith(f".{one}"):
                if (
                    name != one
                    and self._lora.only_layers
                    and _layer(name, self._lora) not in self._lora.only_layers
                ):
                    return False
                self.hit.add(one)
                return True
        return False


def ends(names: tuple[str, ...] | str, name: str) -> bool:
    """Does `name` end in one of `names`, or fit the pattern in whole?"""
    if isinstance(names, str):
        return bool(names) and fits(names, name)
    return name.endswith(names) if names else False


def _layer(name: str, lora: Lora) -> int | None:
    """The layer number in a module's name, as PEFT reads it."""
    for pattern in lora.layers_pattern or (r"[^.]*",):
        start = r".+\." if not lora.layers_pattern else r"(?:.*\.)?"
        for match in re.finditer(r"\.(\d+)(?=\.)", name):
            if fits(f"{start}(?:{pattern})", name[: match.start()]):
                return int(match[1])
    return None


def _matches(names: tuple[str, ...] | str, name: str) -> bool:
    if isinstance(names, str):
        return bool(names) and fits(names, name)
    return any(name == one or name.endswith(f".{one}") for one in names)


def _parents(name: str) -> Iterator[str]:
    """ "a", "a.b", "a.b.c" of "a.b.c"."""
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name
