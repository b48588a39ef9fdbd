# SPDX-License-Identifier: Apache-2.0
"""From the settings of a GGUF header to the configuration of the same architecture in transformers.

Only architectures whose conversion keeps every weight are mapped (llama.cpp convert_hf_to_gguf.py); for any other the
count of the tensors stands alone.
"""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from core.scan.formats.gguf_header import GgufTensor, Value

_TYPES = {
    "llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "qwen3moe": "qwen3_moe", "gemma": "gemma",
    "gemma2": "gemma2", "gemma3": "gemma3_text", "phi3": "phi3", "olmo2": "olmo2", "granite": "granite",
    "smollm3": "smollm3", "starcoder2": "starcoder2",
}  # fmt: skip
_NEEDED = {
    "hidden_size": "embedding_length",
    "num_hidden_layers": "block_count",
    "intermediate_size": "feed_forward_length",
    "num_attention_heads": "attention.head_count",
}
_MORE = {
    "num_key_value_heads": "attention.head_count_kv",
    "max_position_embeddings": "context_length",
    "head_dim": "attention.key_length",
    "sliding_window": "attention.sliding_window",
}


def config_of(
    architecture: str, settings: Mapping[str, Value], tensors: Iterable[GgufTensor]
) -> dict[str, JsonValue] | None:
    """The configuration in the words of transformers, or None when this architecture cannot be told in them."""
    kind = _TYPES.get(architecture)
    by_name = {tensor.name: tensor for tensor in tensors}
    embedding = by_name.get("token_embd.weight")
    if kind is None or embedding is None or len(embedding.shape) != 2:
        return None
    config: dict[str, JsonValue] = {}
    for name, key in (_NEEDED | _MORE).items():
        value = settings.get(f"{architecture}.{key}")
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            config[name] = value
        elif name in _NEEDED:
            return None  # missing, or a list: layers that differ
    config["vocab_size"] = embedding.shape[1]
    config["tie_word_embeddings"] = "output.weight" not in by_name
    if kind in ("llama", "granite", "smollm3", "qwen3", "qwen3_moe"):
        config["attention_bias"] = any(name.endswith("attn_q.bias") for name in by_name)
    experts = settings.get(f"{architecture}.expert_count")
    if isinstance(experts, int) and experts > 0:
        used = settings.get(f"{architecture}.expert_used_count")
        if not isinstance(used, int) or kind not in ("llama", "qwen3_moe"):
            return None
        config["num_experts_per_tok"] = used
        if kind == "llama":
            kind, config["num_local_experts"] = "mixtral", experts
        else:
            width = settings.get(f"{architecture}.expert_feed_forward_length")
            if not isinstance(width, int):
                return None
            config |= {"num_experts": experts, "moe_intermediate_size": width}
    config["model_type"] = kind
    return config
