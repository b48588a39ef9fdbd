# SPDX-License-Identifier: Apache-2.0
"""What a model keeps in memory of one conversation: keys and values, and the states of recurrent layers.

Each layer that attends to what came before keeps a key and a value for each token, as wide as its key and value heads
together (grouped heads: narrower than the queries); a layer with a sliding window keeps no more than the window.
Latent attention keeps its latent and one rotary key (DeepSeek-V2, arXiv 2405.04434, section 2.1). A recurrent layer
keeps one state, however long the text; a layer may have both (Falcon H1, Hymba, Zamba). Widths come from the layer table,
so they are those of the architecture.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core.compute.layers import Block, Call
from core.compute.memory_states import attending_of, recurrent_of, states, whole_number
from core.compute.network import DIFFUSION, PER_SAMPLE, Network
from core.errors import BadConfig

_BYTES = 2
"""Of one number at 16 bits."""
_PATTERN = {"gemma2": 2, "gemma3": 6, "gemma3_text": 6, "cohere2": 4, "gpt_oss": 2}
"""Every so many layers one attends to everything (class defaults of transformers 5.23), where the file does not say."""
_FULL = ("full_attention", "attention", "global", "full")
_WINDOWED = ("sliding_attention", "sliding", "local", "chunked_attention")
_SHORT = 8
_MOST_LAYERS = 10_000


class _Kept(NamedTuple):
    """Numbers a layer keeps for each token (`own`: of the text itself; `other`: of a source text it also reads)."""

    own: int
    other: int = 0


def conversation_bytes(network: Network, context: int) -> int | None:
    """Bytes for `context` tokens at 16 bits: 0 for a model that keeps nothing, None when its layers are not known."""
    if network.config is None or network.model_type in PER_SAMPLE or network.model_type in DIFFUSION:
        return None
    config = network.config
    text = config.get("text_config")
    inner = text if isinstance(text, Mapping) else config
    if network.counted:
        found = _counted_layers(json.dumps(dict(config)), network.model_class)
    else:
        found = _by_keys(inner)
    if found is None:
        return None
    kept, recurrent = found
    latent, rotary = whole_number(inner, "kv_lora_rank"), whole_number(inner, "qk_rope_head_dim")
    if latent:
        kept = [_Kept(latent + rotary) for _ in kept]
    windows = _windows(inner, network.model_type, len(kept))
    # Learned tokens that stand before every text (Hymba) are kept like those of the text, and never slide out.
    before = whole_number(inner, "num_memory_tokens")
    numbers = 0
    for one, window in zip(kept, windows, strict=True):
        seen = before + (min(context, window) if window else context)
        numbers += one.own * seen + one.other * context
    return _BYTES * (numbers + states(inner, recurrent, pure=not kept))


@functools.lru_cache(maxsize=64)
def _counted_layers(config: str, model_class: str | None) -> tuple[list[_Kept], int] | None:
    """For each layer that attends to what came before, in their order, and how many layers recur. Keys that several
    products share count once."""
    from core.compute.architectures import build
    from core.compute.inputs import Inputs

    try:
        table, _ = build(json.loads(config), Inputs(batch=1, seq_len=_SHORT), model_class=model_class)
    except BadConfig:
        return None
    return list(_attending(table)), _recurrent(table)


def _recurrent(block: Block) -> int:
    """Layers with a state: those that scan."""
    own = any(not isinstance(step, Call) and step.label == "scan" for step in block.steps)
    return own + sum(_recurrent(step.block) for step in block.steps if isinstance(step, Call))


def _by_keys(config: Mapping[str, Any]) -> tuple[list[_Kept], int] | None:
    """The usual layers of a decoder, for a type that the table does not know, and how many of them recur."""
    layers = whole_number(config, "num_hidden_layers", "n_layer", "num_layers")
    heads = whole_number(config, "num_attention_heads", "n_head")
    shared = whole_number(config, "num_key_value_heads", "num_kv_heads") or heads
    size = whole_number(config, "head_dim")
    if not size and heads:
        size = whole_number(config, "hidden_size", "n_embd", "d_model") // heads
    if not (0 < layers < _MOST_LAYERS and shared and size):
        return None
    attending = attending_of(config, layers)
    return [_Kept(2 * shared * size) for _ in attending], recurrent_of(config, layers)


def _attending(block: Block) -> Iterator[_Kept]:
    # Keys and values may be one value, read twice: by the queries, and by their scores.
    own: dict[tuple[int, bool], int] = {}
    other: dict[tuple[int, bool], int] = {}
    scores: set[int] = set()
    for step in block.steps:
        if isinstance(step, Call):
            yield from _attending(step.block)
        elif step.kind == "product" and len(step.inputs) == 2 and step.label.endswith("attention"):
            slot = step.inputs[1]
            kind = own if step.label == "causal attention" else other
            kind[slot, step.inputs[0] in scores] = block.shapes[slot][-1]
            scores.add(step.output)
        elif scores.intersection(step.inputs) and step.kind == "mix":
            scores.add(step.output)
    if own:
        # Attention to a source text stands in the same layer; elsewhere it belongs to an encoder, which keeps nothing.
        yield _Kept(sum(own.values()), sum(other.values()))


def _windows(config: Mapping[str, Any], model_type: str, layers: int) -> list[int]:
    """For each attending layer its window in tokens, 0 where it sees everything."""
    window = whole_number(config, "sliding_window", "attention_window_size", "window_size")
    if not window or config.get("use_sliding_window") is False:
        return [0] * layers
    whole = config.get("global_attn_idx")
    if isinstance(whole, list):
        places = attending_of(config, whole_number(config, "num_hidden_layers"))
        if len(places) == layers:
            return [0 if place in whole else window for place in places]
    kinds = config.get("layer_types") or config.get("attention_layers")
    if isinstance(kinds, list):
        attending = [kind for kind in kinds if kind in _FULL or kind in _WINDOWED]
        if len(attending) == layers:
            return [window if kind in _WINDOWED else 0 for kind in attending]
    if config.get("use_sliding_window") is True and "max_window_layers" in config:
        first = whole_number(config, "max_window_layers")
        return [window if number >= first else 0 for number in range(layers)]
    every = whole_number(config, "sliding_window_pattern", "_sliding_window_pattern") or _PATTERN.get(
        model_type, 0
    )
    return [0 if every and (number + 1) % every == 0 else window for number in range(layers)]
