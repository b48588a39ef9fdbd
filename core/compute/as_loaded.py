# SPDX-License-Identifier: Apache-2.0
"""The base as it was loaded for an adapter: the class of the task, its number of classes, the grown table of words.

PEFT writes the task into adapter_config.json, and keeps the head (and a table of another size) whole in the adapter's
file: their shapes tell what the base's own configuration does not. Sources: peft 0.21, PeftModelForSequenceClassification,
…TokenClassification, …QuestionAnswering and utils/save_and_load.py; transformers 5, models/auto/modeling_auto.py, where
the class of a task is called as that of any other task of the family but for its end.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.domain.task import CLASS_OF_PEFT, loses_its_head

_FAMILY = re.compile(r"(\w+?)(?:For[A-Z]\w*|(?:WithLMHead|LMHead|DoubleHeads)?Model)\Z")
_HEADS = (
    "classifier.weight", "score.weight", "classifier.out_proj.weight", "classification_head.out_proj.weight",
)  # fmt: skip
_TABLES = ("embed_tokens.weight", "word_embeddings.weight", "wte.weight", "embed_in.weight", "shared.weight",
           "lm_head.weight")  # fmt: skip


def as_loaded(
    config: Mapping[str, Any], adapter: Mapping[str, Any], ends: Mapping[str, Any]
) -> dict[str, Any]:
    """`config` of the base as the adapter's run had it; `ends` are the shapes of what the adapter's file keeps whole."""
    loaded = dict(config)
    ending = CLASS_OF_PEFT.get(str(adapter.get("task_type")))
    classes = config.get("architectures")
    named = classes[0] if isinstance(classes, list) and classes and isinstance(classes[0], str) else ""
    family = _FAMILY.match(named)
    if ending and family and not named.endswith(ending):
        loaded["architectures"] = [family[1] + ending]
    if family and loses_its_head(adapter.get("task_type"), named):
        loaded["architectures"] = [f"{family[1]}Model"]
    if ending and (labels := _rows(ends, _HEADS)):
        loaded["num_labels"] = labels
    words = _rows(ends, _TABLES)
    if words and isinstance(config.get("vocab_size"), int):
        loaded["vocab_size"] = words
    return loaded


def _rows(ends: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """The first side of the first of these that is there."""
    shapes = (ends.get(name) for name in names)
    sides = (shape[0] for shape in shapes if isinstance(shape, list) and len(shape) == 2)
    return next((side for side in sides if isinstance(side, int) and side > 0), None)
