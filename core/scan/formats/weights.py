# SPDX-License-Identifier: Apache-2.0
"""Facts from the tensors of a model or an adapter, from one file or many shards."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.domain.training_method import METHODS
from core.errors import CannotRead
from core.scan.formats.adapter_ends import read_ends
from core.scan.formats.adapter_kept import end_shapes, only_kept
from core.scan.formats.adapter_keys import AdapterKeys, read_keys
from core.scan.formats.adapter_rare import is_untold
from core.scan.formats.packed import count_parameters
from core.scan.formats.safetensors_header import Tensor
from core.scan.guarded import Source
from core.scan.types import Found, Item, Note
from core.texts import text

_LAYER = re.compile(r"^(.*?(?:layers?|blocks?|h))\.(\d+)\.")
_TABLES = re.compile(
    r"(?:^|\.)(?:shared|embed_tokens|tok_embeddings|wte|wpe|word_embeddings?|position_embeddings|token_type_embeddings|embed_in"
    r"|embed_positions|rel_embeddings|relative_attention_bias|embed_tokens_per_layer)\.weight$"
)
"""Tables of torch.nn.Embedding, by the names that transformers gives them."""
_FIXED = {"whisper": re.compile(r"(?:^|\.)encoder\.embed_positions\.weight$")}
"""By model type, weights that the class itself keeps out of training (modeling_whisper.py, WhisperEncoder)."""
ADAPTER_FILES = ("adapter_model.safetensors", "adapters.safetensors")


def is_adapter(name: str, tensors: Iterable[Tensor]) -> bool:
    """Whether the tensors are an adapter's: by the file's fixed name, or by their own names."""
    return name in ADAPTER_FILES or read_keys(tensors, name) is not None


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
    if counted.unknown:
        yield Note(text("scan_files.packed.unknown", file=source.entry.path))
        return
    if counted.packed:
        note = text("scan.weights.packed")
    yield Found(FoundOnly.PARAMETERS_STORED, counted.parameters, "shape", note)
    for name, pattern in (
        (FoundOnly.PARAMETERS_EMBEDDING, _TABLES),
        (FoundOnly.PARAMETERS_FIXED, _FIXED.get(str(config.get("model_type")))),
    ):
        inside = sum(
            counted.sizes.get(one.name, 0) for one in tensors if pattern and pattern.search(one.name)
        )
        if inside:
            yield Found(name, inside, "shape")
    if ends := end_shapes(tensors):
        yield Found(FoundOnly.END_SHAPES, ends, "shape")
    twice = _tied_twice(tensors, counted.sizes) if config.get("tie_word_embeddings") is True else 0
    if twice:
        note = text("scan.weights.tied")
    yield Found("parameters_total", counted.parameters - twice, "shape", note)


def _tied_twice(tensors: tuple[Tensor, ...], sizes: Mapping[str, int]) -> int:
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
        return sizes[heads[0].name]
    return 0


def _adapter(source: Source, tensors: tuple[Tensor, ...]) -> Iterator[Item]:
    stored = sum(tensor.elements for tensor in tensors)
    yield Found(FoundOnly.PARAMETERS_STORED, stored, "shape")
    kept = only_kept(tensors, _sibling_json(source, "adapter_config.json"))
    if kept:
        yield Note(text("scan.weights.embedding_kept", file=source.entry.path))
    keys = read_keys(tensors, source.entry.name)
    fixed = sum(tensor.elements for tensor in keys.fixed) if keys is not None else 0
    trained = stored - fixed - sum(tensor.elements for tensor in kept)
    if not is_untold(tensors) and (keys is not None or not _made_by_a_network(source)):
        yield Found("parameters_trainable", trained, "shape")
    if keys is not None:
        yield from _kind(keys)
        if keys.kind == "adalora" and (ranks := sum(".lora_E" in tensor.name for tensor in tensors)):
            # One number beside each, the rank in use, which is kept out of the file (peft, tuners/adalora/layer.py).
            yield Found(FoundOnly.PARAMETERS_FIXED, ranks, "shape")
    layers = {match.groups() for tensor in tensors if (match := _LAYER.match(tensor.name))}
    if layers:
        yield Found(FoundOnly.LAYERS_TOUCHED, len(layers), "")
    if ends := end_shapes(tensors):
        yield Found(FoundOnly.END_SHAPES, ends, "shape")
    if shapes := _shapes(tensors):
        yield Found(FoundOnly.ADAPTER_SHAPES, shapes, "shape")
    if pictures := read_ends(tensors):
        yield Found(FoundOnly.TEXT_ENCODER_TRAINED, pictures.text_encoder, "", reader="adapter_keys")
        if pictures.ranks:
            yield Found(FoundOnly.ADAPTER_TARGETS, dict(pictures.ranks), "shape", reader="adapter_keys")
            yield Found(FoundOnly.DENOISER_TRAINABLE, pictures.trained, "shape", reader="adapter_keys")


_PAIR = re.compile(r"([\w-]{1,60})\.lora_(A|B)(?:\.[\w-]+)?\.weight$")


def _shapes(tensors: tuple[Tensor, ...]) -> dict[str, JsonValue]:
    """Width in, width out and number of the layers changed, by the last part of their names, where all agree."""
    sizes: dict[str, dict[str, Counter[int]]] = {}
    for tensor in tensors:
        match = _PAIR.search(tensor.name)
        if match and len(tensor.shape) == 2:
            side = 1 if match[2] == "A" else 0
            sizes.setdefault(match[1], {"A": Counter(), "B": Counter()})[match[2]][tensor.shape[side]] += 1
    return {
        name: [*pair["A"], *pair["B"], next(iter(pair["A"].values()))]
        for name, pair in sorted(sizes.items())[:40]
        if len(pair["A"]) == len(pair["B"]) == 1
    }


def _kind(keys: AdapterKeys) -> Iterator[Item]:
    """What the names of the tensors say. The method stands in a configuration too, which may know more (QLoRA)."""
    yield Found(FoundOnly.ADAPTER_STYLE, f"{keys.style} {keys.kind}", "", reader="adapter_keys")
    if keys.kind == "textual_inversion":
        method, note = "prompt_tuning", text("scan_tools.keys.inversion")
    else:
        relative = keys.kind != "lora"
        own = keys.kind if keys.kind in METHODS else "adapter"
        method = "dora" if keys.dora and not relative else own
        note = text("scan_tools.keys.relative", kind=keys.kind) if relative else text("scan_tools.keys.lora")
    yield Found("training_method", method, "", note, reader="adapter_keys")
    yield Found("origin", "fine_tune", "", text("scan.adapter.origin"), reader="adapter_keys")
    if keys.rank is not None:
        yield Found("lora_rank", keys.rank, "shape")


def _made_by_a_network(source: Source) -> bool:
    """Whether the stored vectors are the output of a small network that was trained but not kept (peft 0.21,
    PeftModel.get_prompt_embedding_to_save): what was trained is then another number than what is stored.
    """
    settings = _sibling_json(source, "adapter_config.json")
    # A cartridge is saved with its first rows, which were not trained (tuners/cartridge/model.py).
    kind = settings.get("peft_type")
    return kind in ("P_TUNING", "CARTRIDGE") or settings.get("prefix_projection") is True


def _sibling_json(source: Source, name: str) -> dict[str, Any]:
    """The neighbour's JSON object; empty when it is missing or unreadable (its own reader says so)."""
    sibling = source.sibling(name)
    if sibling is None:
        return {}
    try:
        return sibling.json_object()
    except CannotRead:
        return {}
