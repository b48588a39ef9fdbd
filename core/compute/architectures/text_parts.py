# SPDX-License-Identifier: Apache-2.0
"""The text half of a model that holds its text configuration inside its own."""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder
from core.compute.notes import note, refuse

_QWEN2_VL: dict[str, object] = {
    "vocab_size": 152064,
    "hidden_size": 8192,
    "intermediate_size": 29568,
    "num_hidden_layers": 80,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "use_sliding_window": False,
}
_QWEN3_MOE: dict[str, object] = {
    "vocab_size": 151936,
    "hidden_size": 2048,
    "intermediate_size": 5632,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "moe_intermediate_size": 1408,
    "num_experts_per_tok": 4,
    "num_experts": 60,
    "head_dim": None,
}
_SAME: dict[str, tuple[str, Mapping[str, object]]] = {
    "qwen2_5_vl": ("qwen2", _QWEN2_VL),
    "qwen2_5_vl_text": ("qwen2", _QWEN2_VL),
    "qwen2_vl": ("qwen2", _QWEN2_VL),
    "qwen2_vl_text": ("qwen2", _QWEN2_VL),
    "qwen3_vl_moe_text": ("qwen3_moe", _QWEN3_MOE),
    "qwen3_vl_text": ("qwen3", {}),
}
"""Types that are another type with defaults of their own."""


def text_decoder(c: Config, usual: str, alone: Mapping[str, object], always: bool = False) -> Decoder:
    """The decoder under `text_config`, or in the file itself for old configurations that keep all keys together.

    `usual` is its model type when it names none; `alone` holds its values when there is no text configuration
    (with `always`: for every key it lacks).
    Raises BadConfig for a type that the table does not know.
    """
    given = dict(c.part("text_config"))
    if not given:
        flat = c.values if "hidden_size" in c.values else {}
        given = {
            **alone,
            **{key: value for key, value in flat.items() if key not in ("model_type", "vision_config")},
        }
    elif always:
        given = {**alone, **given}
    named = given.get("model_type") or usual
    if not isinstance(named, str):
        raise refuse("unknown_type", model_type=named)
    name, more = _SAME.get(named, (named, {}))
    # The name the class keeps its experts under counts as given too.
    more = {k: v for k, v in more.items() if not (k == "num_experts" and "num_local_experts" in given)}
    for key, value in more.items():
        if key not in given and value is not None:
            c.notes.append(note("default", key=key, value=value))
    inner = Config({**more, **given})
    inner.notes = c.notes
    return _reader(name)(inner)


def _reader(name: str) -> Callable[[Config], Decoder]:
    from core.compute.architectures import decoders

    known = decoders.TYPES
    if name not in known:
        from core.compute.architectures import delta_types, hybrid

        known = hybrid.TYPES | delta_types.TYPES
    if name not in known:
        raise refuse("unknown_type", model_type=name)
    return known[name]
