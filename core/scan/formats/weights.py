# SPDX-License-Identifier: Apache-2.0
"""Facts from the tensors of a model or an adapter, from one file or many shards."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats.packed import count_parameters
from core.scan.formats.safetensors_header import Tensor
from core.scan.guarded import Source
from core.scan.types import Found, Item, Note
from core.texts import text

_ADAPTER_NAMES = re.compile(r"(?:^|[._])lora_?(?:[AB]|a|b|up|down|magnitude|embedding)(?:[._]|$)|\.lora\.")
_LORA_A = re.compile(r"\.lora_A(?:\.[\w-]+)?(?:\.weight)?$|\.lora_embedding_A(?:\.[\w-]+)?$")
_MLX_A = re.compile(r"\.lora_a$")
_LAYER = re.compile(r"^(.*?(?:layers?|blocks?|h))\.(\d+)\.")
_EMBEDDING = re.compile(
    r"(?:^|\.)(?:embed_tokens|lm_head|wte|embed_out|word_embeddings|embed_in|output)\.weight$"
)
ADAPTER_FILES = ("adapter_model.safetensors", "adapters.safetensors")


def is_adapter(name: str, tensors: Iterable[Tensor]) -> bool:
    """Whether the tensors are an adapter's: by the file's fixed name, or because low-rank pairs are among them."""
    return name in ADAPTER_FILES or any(_ADAPTER_NAMES.search(tensor.name) for tensor in tensors)


def weight_facts(source: Source, tensors: tuple[Tensor, ...], note: str | None = None) -> Iterator[Item]:
    """Facts of a complete set of tensors that was found in `source` (a file or the index of its shards)."""
    dtypes = Counter(tensor.dtype for tensor in tensors)
    yield Found(FoundOnly.WEIGHT_DTYPES, dict(sorted(dtypes.items())), "dtype", note)
    yield Found(FoundOnly.WEIGHT_BYTES, sum(tensor.size for tensor in tensors), "data_offsets", note)
    if is_adapter(source.entry.name, tensors):
        yield from _adapter(source, tensors)
    else:
        yield from _model(source, tensors, note)


def _model(source: Source, tensors: tuple[Tensor, ...], note: str | None) -> Iterator[Item]:
    config = _sibling_json(source, "config.json")
    quantisation = config.get("quantization_config") or config.get("quantization")
    counted = count_parameters(tensors, quantisation if isinstance(quantisation, dict) else None)
    if counted.packed:
        note = text("scan.weights.packed")
    yield Found(FoundOnly.PARAMETERS_STORED, counted.parameters, "shape", note)
    twice = _tied_twice(tensors) if config.get("tie_word_embeddings") is True else 0
    if twice:
        note = text("scan.weights.tied")
    yield Found("parameters_total", counted.parameters - twice, "shape", note)


def _tied_twice(tensors: tuple[Tensor, ...]) -> int:
    """Parameters of an output head that is stored although it shares its values with the embedding."""
    heads = [tensor for tensor in tensors if tensor.name.endswith(("lm_head.weight", "embed_out.weight"))]
    inputs = [
        tensor
        for tensor in tensors
        if tensor.name.endswith(
            ("embed_tokens.weight", "wte.weight", "embed_in.weight", "word_embeddings.weight")
        )
    ]
    if len(heads) == 1 and len(inputs) == 1 and heads[0].shape == inputs[0].shape:
        return heads[0].elements
    return 0


def _adapter(source: Source, tensors: tuple[Tensor, ...]) -> Iterator[Item]:
    stored = sum(tensor.elements for tensor in tensors)
    yield Found(FoundOnly.PARAMETERS_STORED, stored, "shape")
    kept = _kept_whole(source, tensors)
    if kept:
        yield Note(text("scan.weights.embedding_kept", file=source.entry.path))
    yield Found("parameters_trainable", stored - sum(tensor.elements for tensor in kept), "shape")
    ranks = {tensor.shape[0] for tensor in tensors if _LORA_A.search(tensor.name) and len(tensor.shape) == 2}
    ranks |= {tensor.shape[1] for tensor in tensors if _MLX_A.search(tensor.name) and len(tensor.shape) == 2}
    if len(ranks) == 1:
        yield Found("lora_rank", ranks.pop(), "shape")
    layers = {match.groups() for tensor in tensors if (match := _LAYER.match(tensor.name))}
    if layers:
        yield Found(FoundOnly.LAYERS_TOUCHED, len(layers), "")


def _kept_whole(source: Source, tensors: tuple[Tensor, ...]) -> list[Tensor]:
    """Embeddings that PEFT stores whole because the vocabulary was changed, although they were not trained."""
    settings = _sibling_json(source, "adapter_config.json")
    if not settings or settings.get("modules_to_save") or settings.get("trainable_token_indices"):
        return []
    return [
        tensor
        for tensor in tensors
        if _EMBEDDING.search(tensor.name) and not _ADAPTER_NAMES.search(tensor.name)
    ]


def _sibling_json(source: Source, name: str) -> dict[str, Any]:
    """The neighbour's JSON object; empty when it is missing or unreadable (its own reader says so)."""
    sibling = source.sibling(name)
    if sibling is None:
        return {}
    try:
        return sibling.json_object()
    except CannotRead:
        return {}
