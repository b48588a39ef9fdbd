# SPDX-License-Identifier: Apache-2.0
"""Decoders with routed experts that need parts of their own: DeepSeek V3.2 and Llama 4.

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer, assemble
from core.compute.architectures.decoder_moe import deepseek_v3
from core.compute.architectures.decoder_types import heads_of, stacked, usual
from core.compute.architectures.parts import Experts, FeedForward, Latent, attend_latent
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import refuse


def build(request: Request) -> Block:
    """The layer table of one of these decoders."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(TYPES[request.model_type](request.config), request)


class Indexed(NamedTuple):
    """Latent attention to the tokens an indexer picks. The indexer's choice carries no gradient; the attention is
    counted over all tokens, which dense kernels run under a mask."""

    latent: Latent
    heads: int
    size: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        return attend_latent(t, x, self.latent, self._pick)

    def _pick(self, t: Block, x: Value, low: Value) -> None:
        path, keys, label = f"{self.latent.name}.indexer.", x.shape[1], "indexer"
        q = t.linear(f"{path}wq_b", low, self.heads * self.size, label=label, dead=True)
        k = t.linear(f"{path}wk", x, self.size, label=label, dead=True)
        t.norm(f"{path}k_norm", k, bias=True)
        t.linear(f"{path}weights_proj", x, self.heads, label=label, dead=True)
        square = 2 * x.rows * keys * self.heads
        t.products(label, q, flop=square * self.size, dead=True)
        t.products(label, q, flop=square, dead=True)


def deepseek_v32(c: Config) -> Decoder:
    """deepseek_v32: DeepSeek V3 with an indexer in every layer."""
    d = deepseek_v3(c)
    c.also({"index_n_heads": 64, "index_head_dim": 128})
    heads, size = c.count("index_n_heads"), c.count("index_head_dim")
    kinds = c.words("mlp_layer_types", len(d.stack))
    stack = []
    for index, layer in enumerate(d.stack):
        if kinds is not None:
            dense = FeedForward(c.count("intermediate_size"))
            layer = layer._replace(mlp=dense if kinds[index] == "dense" else d.stack[-1].mlp)
        if isinstance(layer.attention, Latent):
            layer = layer._replace(attention=Indexed(layer.attention, heads, size))
        stack.append(layer)
    return d._replace(stack=tuple(stack))


def llama4(c: Config) -> Decoder:
    """llama4_text: one routed expert and a shared one. (The class itself runs all experts on every token; counted
    are those a token is sent to.)"""
    more: dict[str, object] = {"head_dim": 128, "intermediate_size_mlp": 16384, "num_experts_per_tok": 1}
    routed: dict[str, object] = {"num_experts": 16, "interleave_moe_layer_step": 1}
    c.use(usual(202048, 5120, 8192, 48, 40, 8, **more, **routed), {"num_experts": "num_local_experts"})
    bias = c.flag("attention_bias")
    a = heads_of(c)._replace(biases=(bias,) * 4)
    width, number, layers = c.count("intermediate_size"), c.count("num_experts"), c.layers()
    name = "feed_forward"
    shared = FeedForward(width, name=f"{name}.shared_expert")
    experts = Experts(number, c.count("num_experts_per_tok", high=number), width, name=name, router="router")
    sparse, plain = (
        Layer(a, experts._replace(shared=shared)),
        FeedForward(c.count("intermediate_size_mlp"), name=name),
    )
    step = c.count("interleave_moe_layer_step")
    listed = c.counts("moe_layers")
    where = frozenset(range(step - 1, layers, step) if listed is None else listed)
    d = stacked(c, sparse, tied=False)
    return d._replace(
        stack=tuple(sparse if i in where else sparse._replace(mlp=plain) for i in range(layers))
    )


TYPES: dict[str, Callable[[Config], Decoder]] = {"deepseek_v32": deepseek_v32, "llama4_text": llama4}
