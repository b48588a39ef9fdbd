# SPDX-License-Identifier: Apache-2.0
"""Qwen3-Next and the text half of Qwen3.5: the gated delta rule in three layers of four, gated attention in the rest.

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer, assemble
from core.compute.architectures.decoder_types import heads_of, stacked, usual
from core.compute.architectures.delta import DeltaNet
from core.compute.architectures.parts import Attention, Experts, FeedForward
from core.compute.architectures.request import Request
from core.compute.layers import Block
from core.compute.notes import refuse


def build(request: Request) -> Block:
    """The layer table of a decoder with gated delta layers."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(TYPES[request.model_type](request.config), request)


_LINEAR: Mapping[str, object] = {
    "linear_conv_kernel_dim": 4,
    "linear_key_head_dim": 128,
    "linear_value_head_dim": 128,
    "linear_num_key_heads": 16,
    "linear_num_value_heads": 32,
    "full_attention_interval": 4,
    "head_dim": 256,
}


def _delta(c: Config, *, split: bool) -> DeltaNet:
    k_heads, v_heads = c.count("linear_num_key_heads"), c.count("linear_num_value_heads")
    c.share("linear_num_value_heads", v_heads, k_heads)
    return DeltaNet(
        k_heads,
        v_heads,
        c.count("linear_key_head_dim"),
        c.count("linear_value_head_dim"),
        c.count("linear_conv_kernel_dim"),
        split,
    )


def _attention(c: Config) -> Attention:
    bias = c.flag("attention_bias")
    a = heads_of(c)
    return a._replace(biases=(bias,) * 4, norm_sizes=(a.head_dim, a.head_dim), gate=True)


def _attends(c: Config, layers: int) -> list[bool]:
    kinds = c.words("layer_types", layers)
    if kinds is not None:
        return [kind == "full_attention" for kind in kinds]
    every = c.count("full_attention_interval")
    return [(i + 1) % every == 0 for i in range(layers)]


def _experts(c: Config) -> Experts:
    number = c.count("num_experts")
    shared = FeedForward(c.count("shared_expert_intermediate_size"), name="mlp.shared_expert")
    used = c.count("num_experts_per_tok", high=number)
    experts = Experts(number, used, c.count("moe_intermediate_size"))
    return experts._replace(shared=shared, shared_gate="shared_expert_gate")


def _decoder(c: Config, mlps: list[FeedForward | Experts], *, split: bool) -> Decoder:
    a, mixer = _attention(c), _delta(c, split=split)
    attends = _attends(c, len(mlps))
    d = stacked(c, Layer(a, mlps[0]), tied=False)
    stack = (Layer(a if one else mixer, mlp) for one, mlp in zip(attends, mlps, strict=True))
    return d._replace(stack=tuple(stack), window=0)


def qwen3_next(c: Config) -> Decoder:
    """qwen3_next: experts everywhere, or as decoder_sparse_step and mlp_only_layers say."""
    more: dict[str, object] = {"moe_intermediate_size": 512, "shared_expert_intermediate_size": 512}
    routed: dict[str, object] = {"num_experts": 512, "num_experts_per_tok": 10}
    c.use(
        usual(151936, 2048, 5632, 48, 16, 2, **_LINEAR, **more, **routed),
        {"num_experts": "num_local_experts"},
    )
    step, skipped = c.count("decoder_sparse_step", 1), frozenset(c.counts("mlp_only_layers") or ())
    experts, plain = _experts(c), FeedForward(c.count("intermediate_size"))
    mlps: list[FeedForward | Experts] = [
        experts if i not in skipped and (i + 1) % step == 0 else plain for i in range(c.layers())
    ]
    return _decoder(c, mlps, split=False)


def qwen3_5(c: Config) -> Decoder:
    """The text half of qwen3_5."""
    c.use(usual(248320, 4096, 12288, 32, 16, 4, **_LINEAR))
    return _decoder(c, [FeedForward(c.count("intermediate_size"))] * c.layers(), split=True)


def qwen3_5_moe(c: Config) -> Decoder:
    """The text half of qwen3_5_moe."""
    more: dict[str, object] = {"moe_intermediate_size": 512, "shared_expert_intermediate_size": 512}
    routed: dict[str, object] = {"num_experts": 256, "num_experts_per_tok": 8}
    c.use(
        usual(248320, 2048, 0, 40, 16, 2, **_LINEAR, **more, **routed), {"num_experts": "num_local_experts"}
    )
    return _decoder(c, [_experts(c)] * c.layers(), split=True)


TYPES: dict[str, Callable[[Config], Decoder]] = {
    "qwen3_5_moe_text": qwen3_5_moe,
    "qwen3_5_text": qwen3_5,
    "qwen3_next": qwen3_next,
}
