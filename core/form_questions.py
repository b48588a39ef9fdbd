# SPDX-License-Identifier: Apache-2.0
"""Questions that only a form asks: their kind follows from the type of the answer, their words from the form."""

import datetime
import types
import typing
from typing import Any, Literal

from core.domain.answers import Answers
from core.domain.known import Known
from core.questions import Choice, Question, QuestionKind
from core.texts import catalogue, text

TOGETHER: dict[str, tuple[str, ...]] = {
    "hours": ("hardware", "device_count", "hours"),
    "legal_name": ("legal_name", "contact"),
    "crawl_domains": ("crawl_domains", "crawl_domain_count", "small_firm"),
    "data_latest": ("data_latest", "data_goes_on"),
    "datasets": ("datasets", "dataset_sizes"),
}
"""Gaps that only several answers can fill."""


def form_question(name: str, label: str, why: str, known: Known, step: str = "documents") -> Question:
    """The question behind a gap whose answer no page asks for. `name` is a field of Answers; KeyError for others."""
    words = catalogue("forms")
    kind, values = _kind(Answers.model_fields[name].annotation)
    choices = tuple(Choice(value=value, label=words[f"{_words_of(name)}.{value}"]) for value in values)
    return Question(
        name=name,
        step=step,
        kind=kind,
        label=words.get(f"ask.{name}", label),
        why=words.get(f"fill.{name}", why),
        unknown=text("forms.ask.unknown"),
        choices=choices,
        optional=True,
        found=known.found(name),
    )


def _words_of(name: str) -> str:
    return "data_source" if name == "data_sources" else "kind"


def _kind(annotation: Any) -> tuple[QuestionKind, tuple[str, ...]]:
    """How an answer of this type is given, and the values on offer."""
    inner = _bare(annotation)
    if typing.get_origin(inner) is tuple:
        item = _bare(typing.get_args(inner)[0])
        if typing.get_origin(item) is Literal:
            return QuestionKind.MULTI_CHOICE, tuple(str(value) for value in typing.get_args(item))
        return QuestionKind.LIST, ()
    plain = {bool: QuestionKind.YES_NO, int: QuestionKind.COUNT, datetime.date: QuestionKind.DATE}
    return plain.get(inner, QuestionKind.LONG_TEXT), ()


def _bare(annotation: Any) -> Any:
    """The type itself, without "or None" and without limits."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        annotation = next(one for one in typing.get_args(annotation) if one is not type(None))
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation
