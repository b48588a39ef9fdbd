# SPDX-License-Identifier: Apache-2.0
"""State space models, and decoders that mix such layers with attention.

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer, assemble
from core.compute.architectures.decoder_types import heads_of, stacked, usual
from core.compute.architectures.parts import Attention, Experts, FeedForward, Mixer
from core.compute.architectures.request import Request
from core.compute.architectures.state_space import Lightning, Mamba, Mamba2, RgLru, ShortConv
from core.compute.layers import Block
from core.compute.notes import note, refuse


def build(request: Request) -> Block:
    """The layer table of a state space or hybrid decoder."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    d = TYPES[request.model_type](request.config)
    if any(isinstance(layer.attention, Mamba | Mamba2 | RgLru) for layer in d.stack):
        request.config.notes.append(note("scan"))
    return assemble(d, request)


def layer_kinds(c: Config, layers: int, key: str = "layer_types") -> tuple[str, ...] | None:
    """The list of layer kinds, one per layer, or None when missing."""
    return c.words(key, layers)


def _rank(c: Config, key: str) -> int:
    return -(-c.count("hidden_size") // 16) if c.get(key) == "auto" else c.count(key)


def _stack(
    c: Config, stack: list[Layer], *, tied: bool, norm: str = "norm", prefix: str = "model"
) -> Decoder:
    return Decoder(
        hidden=c.count("hidden_size"),
        vocab=c.count("vocab_size"),
        stack=tuple(stack),
        tied=c.flag("tie_word_embeddings", tied),
        prefix=prefix,
        norm=norm,
    )


def _pure(c: Config, mixer: Mixer, *, tied: bool) -> Decoder:
    """A stack of nothing but state space layers."""
    layer = Layer(mixer, None, attn_norm="norm")
    d = _stack(c, [layer] * c.layers(), tied=tied, norm="norm_f", prefix="backbone")
    return d._replace(embed="embeddings")


_MAMBA: Mapping[str, object] = {
    "vocab_size": 50280,
    "hidden_size": 768,
    "state_size": 16,
    "num_hidden_layers": 32,
    "expand": 2,
    "conv_kernel": 4,
    "time_step_rank": "auto",
}


def mamba(c: Config) -> Decoder:
    """mamba, falcon_mamba (whose extra norms hold no weights)."""
    c.use(_MAMBA)
    mixer = Mamba(
        c.count("intermediate_size", c.count("expand") * c.count("hidden_size")),
        c.count("state_size"),
        _rank(c, "time_step_rank"),
        c.count("conv_kernel"),
        c.flag("use_bias"),
        c.flag("use_conv_bias", True),
    )
    return _pure(c, mixer, tied=True)


def mamba2(c: Config) -> Decoder:
    """mamba2 (also Codestral Mamba)."""
    more: dict[str, object] = {"num_heads": 128, "head_dim": 64, "n_groups": 8, "chunk_size": 256}
    sizes: dict[str, object] = {"vocab_size": 32768, "hidden_size": 4096, "state_size": 128}
    c.use({**_MAMBA, **sizes, **more, "num_hidden_layers": 64})
    mixer = Mamba2(
        c.count("expand") * c.count("hidden_size"),
        c.count("num_heads"),
        c.count("head_dim"),
        c.count("n_groups"),
        c.count("state_size"),
        c.count("conv_kernel"),
        c.count("chunk_size"),
        c.flag("use_bias"),
        c.flag("use_conv_bias", True),
    )
    return _pure(c, mixer, tied=False)


def jamba(c: Config) -> Decoder:
    """jamba: attention in every eighth layer, experts in every second."""
    periods: dict[str, object] = {
        "attn_layer_period": 8,
        "attn_layer_offset": 4,
        "expert_layer_period": 2,
        "expert_layer_offset": 1,
    }
    more: dict[str, object] = {"mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2}
    routed: dict[str, object] = {"num_experts": 16, "num_experts_per_tok": 2, "mamba_dt_rank": "auto"}
    c.use(
        usual(65536, 4096, 14336, 32, 32, 8, **more, **routed, **periods),
        {"num_experts": "num_local_experts"},
    )
    mixer = Mamba(
        c.count("mamba_expand") * c.count("hidden_size"),
        c.count("mamba_d_state"),
        _rank(c, "mamba_dt_rank"),
        c.count("mamba_d_conv"),
        c.flag("mamba_proj_bias"),
        c.flag("mamba_conv_bias", True),
        name="mamba",
        norms=True,
    )
    plain = FeedForward(c.count("intermediate_size"), name="feed_forward")
    number = c.count("num_experts")
    used = c.count("num_experts_per_tok", high=number)
    routed_mlp = Experts(number, used, plain.width, name="feed_forward", router="router")
    a = heads_of(c)
    at, every = c.count("attn_layer_offset", low=0), c.count("attn_layer_period")
    expert_at, expert_every = c.count("expert_layer_offset", low=0), c.count("expert_layer_period")
    stack = [
        Layer(
            a if i % every == at else mixer,
            routed_mlp if number > 1 and i % expert_every == expert_at else plain,
            mlp_norm="pre_ff_layernorm",
        )
        for i in range(c.layers())
    ]
    return _stack(c, stack, tied=False, norm="final_layernorm")


_MAMBA2_PARTS: dict[str, object] = {
    "mamba_n_heads": 128,
    "mamba_n_groups": 1,
    "mamba_d_state": 256,
    "mamba_d_conv": 4,
    "mamba_expand": 2,
    "mamba_chunk_size": 256,
    "mamba_d_head": "auto",
}


def _mamba2_part(c: Config) -> Mamba2:
    inner, heads = c.count("mamba_expand") * c.count("hidden_size"), c.count("mamba_n_heads")
    each = c.share("mamba_n_heads", inner, heads)
    return Mamba2(
        inner,
        heads,
        each if c.get("mamba_d_head") == "auto" else c.count("mamba_d_head", each),
        c.count("mamba_n_groups"),
        c.count("mamba_d_state"),
        c.count("mamba_d_conv"),
        c.count("mamba_chunk_size"),
        c.flag("mamba_proj_bias"),
        c.flag("mamba_conv_bias", True),
        name="mamba",
    )


def bamba(c: Config) -> Decoder:
    """bamba: attention in the listed layers."""
    c.use(usual(128000, 4096, 14336, 32, 32, 8, **_MAMBA2_PARTS))
    bias = c.flag("attention_bias")
    a = heads_of(c)._replace(biases=(bias,) * 4)
    mlp = FeedForward(c.count("intermediate_size"), name="feed_forward", bias=c.flag("mlp_bias"))
    mixer, where = _mamba2_part(c), frozenset(c.counts("attn_layer_indices") or ())
    stack = [Layer(a if i in where else mixer, mlp, mlp_norm="pre_ff_layernorm") for i in range(c.layers())]
    return _stack(c, stack, tied=False, norm="final_layernorm")


def granitemoehybrid(c: Config) -> Decoder:
    """granitemoehybrid (Granite 4): a shared feed-forward beside the routed experts, or alone."""
    more: dict[str, object] = {
        "num_experts": 8,
        "num_experts_per_tok": 2,
        "shared_intermediate_size": 1024,
    }
    c.use(
        usual(32000, 4096, 11008, 32, 32, None, **_MAMBA2_PARTS, **more), {"num_experts": "num_local_experts"}
    )
    bias = c.flag("attention_bias")
    a = heads_of(c)._replace(biases=(bias,) * 4)
    width = c.count("shared_intermediate_size")
    shared = FeedForward(width, name="shared_mlp", ups=("input_linear",), down="output_linear")
    number = c.count("num_experts", low=0)
    mlp: FeedForward | Experts = shared
    if number:
        used = c.count("num_experts_per_tok", high=number)
        mlp = Experts(number, used, c.count("intermediate_size"), name="block_sparse_moe", router="router")
        mlp = mlp._replace(shared=shared)
    mixer, layers = _mamba2_part(c), c.layers()
    kinds = layer_kinds(c, layers) or ("mamba",) * layers
    stack = [Layer(a if "attention" in _kind(kind) else mixer, mlp) for kind in kinds]
    return _stack(c, stack, tied=False)


def _kind(kind: str) -> str:
    """Which layers attend: "attention" and "full_attention" do, "linear_attention" and "mamba" do not."""
    return "" if kind.startswith("linear") else kind


def lfm2(c: Config) -> Decoder:
    """lfm2: short convolutions with attention in the listed layers."""
    more: dict[str, object] = {"conv_L_cache": 3, "block_multiple_of": 256}
    c.use(
        usual(65536, 2560, 12288, 32, 32, 8, **more),
        {"intermediate_size": "block_ff_dim", "tie_word_embeddings": "tie_embedding"},
    )
    d = _lfm2_width(c)
    a = heads_of(c)
    a = a._replace(
        out="out_proj", norm_names=("q_layernorm", "k_layernorm"), norm_sizes=(a.head_dim, a.head_dim)
    )
    mlp = FeedForward(d, name="feed_forward", ups=("w1", "w3"), down="w2")
    mixer, layers = ShortConv(c.count("conv_L_cache"), c.flag("conv_bias")), c.layers()
    kinds = layer_kinds(c, layers)
    listed = c.counts("full_attn_idxs")
    where = frozenset(range(layers) if listed is None else listed)
    attends = [i in where for i in range(layers)] if kinds is None else [kind != "conv" for kind in kinds]
    stack = [
        Layer(a if one else mixer, mlp, attn_norm="operator_norm", mlp_norm="ffn_norm") for one in attends
    ]
    return _stack(c, stack, tied=True, norm="embedding_norm")


def _lfm2_width(c: Config) -> int:
    """The feed-forward width: two thirds of the given one, rounded up, unless that is switched off."""
    wide = c.count("intermediate_size")
    if not c.flag("block_auto_adjust_ff_dim", True):
        return wide
    wide = 2 * wide // 3
    if (factor := c.get("block_ffn_dim_multiplier")) is not None:
        if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor <= 100:
            raise refuse("not_count", key="block_ffn_dim_multiplier", value=factor, low=0, high=100)
        wide = int(factor * wide)
    step = c.count("block_multiple_of")
    return step * -(-wide // step)


def recurrent_gemma(c: Config) -> Decoder:
    """recurrent_gemma: two recurrent layers for one with local attention."""
    c.use(usual(256000, 2560, 3 * 2560, 26, 10, conv1d_width=4), {"layer_types": "block_types"})
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    bias = c.flag("attention_bias")
    name = "temporal_block"
    size = c.count("head_dim") if c.has("head_dim") else c.share("hidden_size", hidden, heads)
    kv_heads = c.count("num_key_value_heads", heads)
    a = Attention(heads, kv_heads, size, name=name, biases=(bias, bias, bias, True))
    width = c.count("lru_width", hidden)
    c.share("lru_width", width, heads)
    mixer = RgLru(width, heads, c.count("conv1d_width"))
    mlp = FeedForward(c.count("intermediate_size", low=2) // 2, name="mlp_block", bias=True)
    pattern = c.names("block_types") or ("recurrent", "recurrent", "attention")
    stack = [
        Layer(
            mixer if pattern[i % len(pattern)] == "recurrent" else a,
            mlp,
            attn_norm="temporal_pre_norm",
            mlp_norm="channel_pre_norm",
        )
        for i in range(c.layers())
    ]
    return _stack(c, stack, tied=True, norm="final_norm")


def minimax(c: Config) -> Decoder:
    """minimax: linear attention in most layers, experts in all."""
    c.use(
        usual(32000, 4096, 14336, 32, 32, 8, num_experts=8, num_experts_per_tok=2, block_size=256),
        {"num_experts": "num_local_experts"},
    )
    number = c.count("num_experts")
    experts = Experts(number, c.count("num_experts_per_tok", high=number), c.count("intermediate_size"))
    a, layers = heads_of(c), c.layers()
    mixer = Lightning(a.heads, a.head_dim, c.count("block_size"))
    kinds = layer_kinds(c, layers)
    linear = (
        [i % 2 == 1 for i in range(layers)] if kinds is None else [one == "linear_attention" for one in kinds]
    )
    d = stacked(c, Layer(a, experts), tied=False)
    return d._replace(stack=tuple(Layer(mixer if one else a, experts) for one in linear))


TYPES: dict[str, Callable[[Config], Decoder]] = {
    "bamba": bamba,
    "falcon_mamba": mamba,
    "granitemoehybrid": granitemoehybrid,
    "jamba": jamba,
    "lfm2": lfm2,
    "mamba": mamba,
    "mamba2": mamba2,
    "minimax": minimax,
    "recurrent_gemma": recurrent_gemma,
}
