# SPDX-License-Identifier: Apache-2.0
"""Dense decoder-only model types as data. Defaults are those of the configuration classes of transformers 5.23."""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer
from core.compute.architectures.parts import Attention, FeedForward

_LLAMA: Mapping[str, object] = {
    "vocab_size": 32000,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
}


def heads_of(c: Config, **more: object) -> Attention:
    """Attention widths by the common keys. A missing num_key_value_heads means as many as query heads, a missing
    head_dim hidden size / heads."""
    heads = c.count("num_attention_heads")
    kv_heads = c.count("num_key_value_heads", heads)
    c.share("num_attention_heads", heads, kv_heads)
    head_dim = c.get("head_dim")
    size = (
        c.count("head_dim") if head_dim is not None else c.share("hidden_size", c.count("hidden_size"), heads)
    )
    return Attention(heads, kv_heads, size)._replace(**more)  # type: ignore[arg-type]


def stacked(c: Config, layer: Layer, *, tied: bool, **more: object) -> Decoder:
    """A decoder of equal layers by the common keys."""
    d = Decoder(
        hidden=c.count("hidden_size"),
        vocab=c.count("vocab_size"),
        stack=(layer,) * c.layers(),
        tied=c.flag("tie_word_embeddings", tied),
    )
    return d._replace(**more)  # type: ignore[arg-type]


def gated(c: Config, *, bias: bool = False) -> FeedForward:
    """The usual gated feed-forward."""
    return FeedForward(c.count("intermediate_size"), bias=bias)


def llama(c: Config) -> Decoder:
    """llama."""
    c.use(_LLAMA)
    bias = c.flag("attention_bias")
    attention = heads_of(c, biases=(bias, bias, bias, bias))
    return stacked(c, Layer(attention, gated(c, bias=c.flag("mlp_bias"))), tied=False)


TYPES: dict[str, Callable[[Config], Decoder]] = {"llama": llama}
