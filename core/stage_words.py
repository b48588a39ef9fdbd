# SPDX-License-Identifier: Apache-2.0
"""Stages of a training as a person writes them: "sft tokens 50M lora; dpo tokens 8M".

Stages are separated by semicolons or lines, each begins with its kind. After it come names with numbers, and single
words, in any order.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from core.domain.stage_run import StageKind, StageRun
from core.domain.training_method import METHODS
from core.errors import WeighbridgeError
from core.numbers import NotANumber, parse_count, parse_number
from core.texts import text

KINDS: tuple[str, ...] = get_args(StageKind)
_MOST = 50
_COUNTS = {
    "tokens": "tokens",
    "generated": "generated",
    "prompts": "prompts",
    "parameters": "parameters",
    "helper": "helper_parameters",
    "teacher": "helper_parameters",
    "generator": "helper_parameters",
    "scorer": "helper_parameters",
}
"""What a number means, by the word before it. The first word of each field is the one we write back."""
_WORDS: dict[str, tuple[str, Any]] = {
    "public": ("public", True),
    "private": ("public", False),
    "stored": ("helper_stored", True),
    **{word: ("method", word) for word in METHODS},
}
_ALIASES = {
    "pretrain": "pretraining",
    "quantization": "quantisation",
    "finetune": "sft",
    "best-of-n": "best_of_n",
}


class NotAStage(WeighbridgeError, ValueError):
    """The words cannot be read as a stage; the message says which and what can be written."""


def parse_stages(written: str, decimal: str = ".") -> tuple[StageRun, ...]:
    """The stages in `written`, none for an empty text. Raises NotAStage, naming the word it stumbled over."""
    parts = [part for part in re.split(r"[;\n]+", written) if part.strip()]
    if len(parts) > _MOST:
        raise NotAStage(text("numbers.stages_many", most=_MOST))
    return tuple(_stage(part, decimal) for part in parts)


def write_stages(stages: Iterable[StageRun | Mapping[str, Any]]) -> str:
    """The words that `parse_stages` reads back to the same stages."""
    return "; ".join(
        _written(one if isinstance(one, StageRun) else StageRun.model_validate(one)) for one in stages
    )


def _stage(part: str, decimal: str) -> StageRun:
    first, *rest = re.split(r"(?:[\s:=]|,(?=\s))+", part.strip().rstrip(",:= ").lower())
    kind = _ALIASES.get(first, first)
    if kind not in KINDS:
        raise NotAStage(text("numbers.stage_kind", word=first, kinds=", ".join(KINDS)))
    fields: dict[str, Any] = {"kind": kind}
    words = iter(rest)
    for word in words:
        if word in _WORDS:
            name, value = _WORDS[word]
        elif word in _COUNTS or word == "passes":
            name, number = _COUNTS.get(word, word), next(words, "")
            try:
                value = parse_number(number, decimal) if word == "passes" else _count(number, decimal)
            except NotANumber as error:
                raise NotAStage(text("numbers.stage_number", word=word, number=number)) from error
        else:
            raise NotAStage(
                text("numbers.stage_word", word=word, words=", ".join([*_COUNTS, "passes", *_WORDS]))
            )
        fields[name] = value
    try:
        return StageRun.model_validate(fields)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise NotAStage(text("numbers.stage_number", word=field, number=fields.get(field, ""))) from error


def _count(written: str, decimal: str) -> int:
    # Plain digits need no reading, whatever their length.
    plain = written.isascii() and written.isdecimal() and len(written) <= 31
    return int(written) if plain else parse_count(written, decimal)


def _written(stage: StageRun) -> str:
    words: list[str] = [stage.kind]
    named: dict[str, str] = {}
    for word, field in _COUNTS.items():
        named.setdefault(field, word)
    for field, word in named.items():
        value = getattr(stage, field)
        if value is not None:
            words += [word, str(value)]
    if stage.passes is not None:
        words += ["passes", f"{stage.passes:g}"]
    words += [
        word
        for word, (field, value) in _WORDS.items()
        if getattr(stage, field) is not None and getattr(stage, field) == value
    ]
    return " ".join(words)
