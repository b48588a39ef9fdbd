# SPDX-License-Identifier: Apache-2.0
"""What an adapter's file of PEFT holds beside the adapter: whole modules, trained or only kept, some of them twice.

Source: peft 0.21, utils/save_and_load.py (get_peft_model_state_dict: a table of words that changed its size is saved with
all that lies below it) and utils/other.py (ModulesToSaveWrapper, TrainableTokensWrapper).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import JsonValue

from core.scan.formats.adapter_keys import is_adapter_key
from core.scan.formats.safetensors_header import Tensor

_TABLE = re.compile(
    r"(?:^|\.)(?:embed_tokens|lm_head|wte|embed_out|word_embeddings|embed_in|output)\.weight$"
)
_END = re.compile(
    r"(?:^|\.)((?:classifier|score|pre_classifier|qa_outputs|classification_head|lm_head|embed_out|embed_tokens|embed_in|wte"
    r"|word_embeddings|shared)(?:\.(?:dense|out_proj))?\.(?:weight|bias))$"
)
"""Heads and tables of words, whose size follows the task and the vocabulary. Names that transformers gives them."""
_WRAPPING = re.compile(r"\.(?:modules_to_save|original_module|token_adapter|base_layer)(?=\.)")
_LOADED = re.compile(r"\.(?:original_module|base_layer)\.")
_COPY = ".modules_to_save."
_HEADS = ("lm_head", "embed_out")
_TIED_ROWS = re.compile(r"\.(?:lm_head|embed_out)\.(?:token_adapter\.)?trainable_tokens_")


def only_kept(tensors: Iterable[Tensor], settings: Mapping[str, Any]) -> list[Tensor]:
    """Tensors that were not trained, or that stand in the file a second time; `settings` is adapter_config.json."""
    listed = list(tensors)
    names = {tensor.name for tensor in listed}
    saved = settings.get("modules_to_save")
    trained = tuple(f"{name}.weight" for name in saved if name) if isinstance(saved, list) else ()
    shared = _only_words(settings)

    def kept(name: str) -> bool:
        if _LOADED.search(name) or (shared and _TIED_ROWS.search(name)):
            return True
        if _COPY in name and name.replace(_COPY, ".") in names:
            return True
        resized = bool(_TABLE.search(name)) and not is_adapter_key(name) and _COPY not in name
        return bool(settings) and resized and not name.endswith(trained)

    return [tensor for tensor in listed if kept(tensor.name)]


def _only_words(settings: Mapping[str, Any]) -> bool:
    """Whether rows of the table of words alone are trained: a head that shares the table is wrapped and saved with it."""
    names: Any = settings.get("trainable_token_indices")
    if settings.get("peft_type") == "TRAINABLE_TOKENS":
        names = settings.get("target_modules") or []
        names = [names] if isinstance(names, str) else names
    elif isinstance(names, list):
        names = []  # a list of rows names no table: it is the one of the words
    return isinstance(names, list | dict) and not any(str(name).endswith(_HEADS) for name in names)


def end_shapes(tensors: Iterable[Tensor]) -> dict[str, JsonValue]:
    """The shapes of heads and tables of words by the end of their names, where that is one module's alone."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for tensor in tensors:
        name = _WRAPPING.sub("", tensor.name)
        if not is_adapter_key(tensor.name) and (match := _END.search(name)):
            found.setdefault(match[1], {})[name] = tensor.shape
    return {
        name: [*next(iter(shapes.values()))] for name, shapes in sorted(found.items()) if len(shapes) == 1
    }
