# SPDX-License-Identifier: Apache-2.0
"""Decoders with routed experts, and with latent attention (DeepSeek).

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer
from core.compute.architectures.decoder_types import heads_of, stacked, usual
from core.compute.architectures.parts import Attention, Experts, FeedForward, Latent


def _experts(c: Config, count: str = "num_experts", width: str = "moe_intermediate_size") -> Experts:
    number = c.count(count)
    return Experts(number, c.count("num_experts_per_tok", high=number), c.count(width))


def _biased(a: Attention, qkv: bool, out: bool) -> Attention:
    return a._replace(biases=(qkv, qkv, qkv, out))


def _dense_first(c: Config, layer: Layer, dense: int) -> Decoder:
    """Expert layers with a plain feed-forward in the first `dense` layers."""
    d = stacked(c, layer, tied=False)
    plain = layer._replace(mlp=FeedForward(c.count("intermediate_size")))
    return d._replace(stack=tuple(plain if i < dense else layer for i in range(len(d.stack))))


def _shared(c: Config, key: str, width: int) -> FeedForward | None:
    count = c.count(key, 0, low=0)
    return FeedForward(count * width, name="mlp.shared_experts") if count else None


def mixtral(c: Config) -> Decoder:
    """mixtral."""
    c.use(
        usual(32000, 4096, 14336, 32, 32, 8, num_experts=8, num_experts_per_tok=2),
        {"num_experts": "num_local_experts"},
    )
    return stacked(c, Layer(heads_of(c), _experts(c, width="intermediate_size")), tied=False)


def olmoe(c: Config) -> Decoder:
    """olmoe: norms over all heads of queries and keys."""
    c.use(
        usual(50304, 2048, 2048, 16, 16, num_experts=64, num_experts_per_tok=8),
        {"num_experts": "num_local_experts"},
    )
    bias = c.flag("attention_bias")
    a = _biased(heads_of(c), bias, bias)
    a = a._replace(norm_sizes=(a.width, a.kv_width))
    return stacked(c, Layer(a, _experts(c, width="intermediate_size")), tied=False)


def phimoe(c: Config) -> Decoder:
    """phimoe."""
    c.use(
        usual(32064, 4096, 6400, 32, 32, 8, num_experts=16, num_experts_per_tok=2),
        {"num_experts": "num_local_experts"},
    )
    bias = c.flag("attention_bias")
    # The router takes two, whatever num_experts_per_tok says (modeling_phimoe.py, sparsemixer).
    experts = _experts(c, width="intermediate_size")._replace(router="router", used=2)
    layer = Layer(_biased(heads_of(c), bias, bias), experts, norm_bias=True)
    return stacked(c, layer, tied=False)._replace(norm_bias=True, head_bias=c.flag("lm_head_bias"))


def granitemoe(c: Config) -> Decoder:
    """granitemoe."""
    c.use(
        usual(32000, 4096, 11008, 32, 32, num_experts=8, num_experts_per_tok=2),
        {"num_experts": "num_local_experts"},
    )
    bias = c.flag("attention_bias")
    experts = _experts(c, width="intermediate_size")._replace(
        name="block_sparse_moe", router="router.layer", up="input_linear", down="output_linear"
    )
    return stacked(c, Layer(_biased(heads_of(c), bias, bias), experts), tied=False)


def _qwen_stack(c: Config, layer: Layer) -> Decoder:
    """Which qwen layers have experts: every `decoder_sparse_step`-th, without those of `mlp_only_layers`."""
    d = stacked(c, layer, tied=False)
    step, skipped = c.count("decoder_sparse_step", 1), frozenset(c.counts("mlp_only_layers") or ())
    plain = layer._replace(mlp=FeedForward(c.count("intermediate_size")))
    return d._replace(
        stack=tuple(layer if i not in skipped and (i + 1) % step == 0 else plain for i in range(len(d.stack)))
    )


def qwen2_moe(c: Config) -> Decoder:
    """qwen2_moe: a gated shared expert beside the routed ones."""
    more = {"moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632, "qkv_bias": True}
    routed = {"num_experts": 60, "num_experts_per_tok": 4, "use_sliding_window": False}
    c.use(usual(151936, 2048, 5632, 24, 16, 16, **more, **routed), {"num_experts": "num_local_experts"})
    shared = FeedForward(c.count("shared_expert_intermediate_size"), name="mlp.shared_expert")
    experts = _experts(c)._replace(shared=shared, shared_gate="shared_expert_gate")
    return _qwen_stack(c, Layer(_biased(heads_of(c), c.flag("qkv_bias"), False), experts))


def qwen3_moe(c: Config) -> Decoder:
    """qwen3_moe: norms on each head of queries and keys, no shared expert."""
    more = {"moe_intermediate_size": 768, "num_experts": 128, "num_experts_per_tok": 8}
    c.use(
        usual(151936, 2048, 6144, 24, 32, 4, use_sliding_window=False, **more),
        {"num_experts": "num_local_experts"},
    )
    bias = c.flag("attention_bias")
    a = _biased(heads_of(c), bias, bias)
    a = a._replace(norm_sizes=(a.head_dim, a.head_dim))
    return _qwen_stack(c, Layer(a, _experts(c)))


def ernie4_5_moe(c: Config) -> Decoder:
    """ernie4_5_moe: experts in a range of layers; the router's correction is stored but never trained."""
    c.use(
        usual(
            103424,
            2560,
            12288,
            28,
            20,
            4,
            moe_intermediate_size=1536,
            num_experts=64,
            num_experts_per_tok=6,
            moe_num_shared_experts=2,
            moe_layer_start_index=1,
        ),
        {"num_experts": "moe_num_experts", "num_experts_per_tok": "moe_k"},
    )
    bias = c.flag("use_bias")
    experts = _experts(c)
    experts = experts._replace(
        fixed=experts.number, shared=_shared(c, "moe_num_shared_experts", experts.width)
    )
    if experts.shared is not None:
        experts = experts._replace(shared=experts.shared._replace(bias=bias))
    layer = Layer(_biased(heads_of(c), bias, bias), experts)
    plain = layer._replace(mlp=FeedForward(c.count("intermediate_size"), bias=bias))
    d = stacked(c, layer, tied=True)._replace(head_bias=bias)
    first, every = c.count("moe_layer_start_index", low=0), c.count("moe_layer_interval", 1)
    end = c.count("moe_layer_end_index", -1, low=-1)
    last = len(d.stack) - 1 if end == -1 else end
    return d._replace(
        stack=tuple(
            layer if first <= i <= last and (i + 1) % every == 0 else plain for i in range(len(d.stack))
        )
    )


def glm4_moe(c: Config) -> Decoder:
    """glm4_moe (GLM-4.5)."""
    more = {"moe_intermediate_size": 1408, "n_routed_experts": 128, "num_experts_per_tok": 8}
    c.use(
        usual(151552, 4096, 10944, 46, 96, 8, n_shared_experts=1, first_k_dense_replace=1, **more),
        {"n_routed_experts": "num_local_experts"},
    )
    a = _biased(heads_of(c, exact=False), c.flag("attention_bias"), False)
    if c.flag("use_qk_norm"):
        a = a._replace(norm_sizes=(a.head_dim, a.head_dim))
    experts = _experts(c, "n_routed_experts")
    experts = experts._replace(shared=_shared(c, "n_shared_experts", experts.width))
    return _dense_first(c, Layer(a, experts), c.count("first_k_dense_replace", 0, low=0))


def gpt_oss(c: Config) -> Decoder:
    """gpt_oss: biases everywhere, one learned sink per head."""
    c.use(
        usual(
            201088,
            2880,
            2880,
            36,
            64,
            8,
            head_dim=64,
            num_experts=128,
            num_experts_per_tok=4,
            sliding_window=128,
            attention_bias=True,
        ),
        {"num_experts": "num_local_experts"},
    )
    bias = c.flag("attention_bias")
    a = _biased(heads_of(c), bias, bias)._replace(sinks=True)
    experts = _experts(c, width="intermediate_size")._replace(router="router", router_bias=True, bias=True)
    return stacked(c, Layer(a, experts), tied=False)


def _latent(c: Config) -> Latent:
    return Latent(
        heads=c.count("num_attention_heads"),
        q_rank=c.count("q_lora_rank", 0, low=0),
        kv_rank=c.count("kv_lora_rank"),
        nope=c.count("qk_nope_head_dim"),
        rope=c.count("qk_rope_head_dim"),
        v_dim=c.count("v_head_dim"),
        bias=c.flag("attention_bias"),
    )


def _deepseek(c: Config) -> Decoder:
    experts = _experts(c, "n_routed_experts")
    experts = experts._replace(shared=_shared(c, "n_shared_experts", experts.width))
    return _dense_first(c, Layer(_latent(c), experts), c.count("first_k_dense_replace", 0, low=0))


_RANKS = {
    "q_lora_rank": 1536,
    "kv_lora_rank": 512,
    "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64,
    "v_head_dim": 128,
}


def deepseek_v2(c: Config) -> Decoder:
    """deepseek_v2."""
    more = {"n_routed_experts": 64, "n_shared_experts": 2, "moe_intermediate_size": 1407}
    c.use(usual(102400, 4096, 11008, 32, 32, **_RANKS, **more), {"n_routed_experts": "num_experts"})
    return _deepseek(c)


def deepseek_v3(c: Config) -> Decoder:
    """deepseek_v3 (also Kimi K2). The extra layers that predict further tokens are not part of this class."""
    more = {"n_routed_experts": 256, "n_shared_experts": 1, "moe_intermediate_size": 2048}
    routed = {"num_experts_per_tok": 8, "first_k_dense_replace": 3}
    c.use(
        usual(129280, 7168, 18432, 61, 128, 128, **_RANKS, **more, **routed),
        {"n_routed_experts": "num_local_experts"},
    )
    return _deepseek(c)


TYPES: dict[str, Callable[[Config], Decoder]] = {
    "deepseek_v2": deepseek_v2,
    "deepseek_v3": deepseek_v3,
    "ernie4_5_moe": ernie4_5_moe,
    "glm4_moe": glm4_moe,
    "gpt_oss": gpt_oss,
    "granitemoe": granitemoe,
    "mixtral": mixtral,
    "olmoe": olmoe,
    "phimoe": phimoe,
    "qwen2_moe": qwen2_moe,
    "qwen3_moe": qwen3_moe,
}
