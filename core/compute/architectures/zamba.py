# SPDX-License-Identifier: Apache-2.0
"""Zamba and Zamba 2: state space layers, with one transformer layer (or a few) that many places share.

The shared layer reads the running values beside the word embeddings; its weights are counted once. Defaults and
layout are those of transformers 5.23 (modeling_zamba.py, modeling_zamba2.py).
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import head_of
from core.compute.architectures.decoder_types import usual
from core.compute.architectures.parts import Mixer
from core.compute.architectures.request import Request
from core.compute.architectures.state_space import Mamba, Mamba2
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse


class _Shared(NamedTuple):
    """The shared layer. `rank` of the small matrices each place adds to it: to the feed-forward, and with
    `attention_rank` to queries, keys and values. `groups`: how many such layers take turns."""

    name: str
    heads: int
    kv_heads: int
    head_dim: int
    inner: int
    rank: int = 0
    attention_rank: int = 0
    groups: int = 1


class _Zamba(NamedTuple):
    hidden: int
    mixer: Mixer
    shared: _Shared
    hybrid: tuple[bool, ...]


def build(request: Request) -> Block:
    """The layer table of a Zamba model."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    head = head_of(request)
    c = request.config
    c.notes.append(note("scan"))
    z = zamba(c) if request.model_type == "zamba" else zamba2(c)
    path = "model." if head != "none" else ""
    vocab = c.count("vocab_size")
    t = Block()
    x = words = t.embedding(
        f"{path}embed_tokens", vocab, z.hidden, (request.inputs.batch, request.inputs.seq_len or 1)
    )
    mamba = _mamba_layer(z, x.shape)
    owners: list[str] = []
    place, places = 0, sum(z.hybrid)
    for index, hybrid in enumerate(z.hybrid):
        name = f"{path}layers.{index}"
        if not hybrid:
            x = t.layer(name, mamba, x)
            continue
        owner = owners[place % z.shared.groups] if place >= z.shared.groups else ""
        owners.append(f"{name}.{z.shared.name}")
        others = tuple(one for one in range(place % z.shared.groups, places, z.shared.groups) if one != place)
        x = t.layer(name, _hybrid_layer(z, x.shape, place, owner, others), x, words)
        place += 1
    x = t.norm(f"{path}final_layernorm", x, role="final_norm")
    if head == "lm":
        shares = f"{path}embed_tokens" if c.flag("tie_word_embeddings", True) else ""
        x = t.linear("lm_head", x, vocab, shares=shares, label="output head", role="head")
    elif head == "sequence":
        x = t.linear("score", x, c.labels(), label="output head", role="head")
    elif head != "none":
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    return t.ends(x)


def _mamba_layer(z: _Zamba, shape: Shape) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    return t.ends(t.mix(x, z.mixer.run(t, t.norm("input_layernorm", x))))


def _hybrid_layer(z: _Zamba, shape: Shape, place: int, owner: str, others: tuple[int, ...]) -> Block:
    """The shared layer, a projection of its output, and a state space layer that reads both."""
    t = Block(shape, shape)
    x, words = t.inputs
    y = t.call(z.shared.name, _shared_layer(z.shared, shape, place, owner, others), x, words, layer=False)[0]
    y = t.linear("linear", y, z.hidden)
    inner = Block(shape, shape)
    a, b = inner.inputs
    h = inner.norm("input_layernorm", inner.mix(a, b))
    inner.ends(inner.mix(a, z.mixer.run(inner, h)))
    return t.ends(t.call("mamba_decoder", inner, x, y, layer=False)[0])


def _shared_layer(s: _Shared, shape: Shape, place: int, owner: str, others: tuple[int, ...]) -> Block:
    """The shared layer at `place`. `owner` is the path of the place that holds its weights ("" when it is this
    one); the small matrices are each place's own, and those of the `others` that share the layer lie idle beside them."""
    t = Block(shape, shape)
    x, words = t.inputs

    def linear(name: str, value: Value, out: int, label: str) -> Value:
        shares = f"{owner}.{name}" if owner else ""
        return t.linear(name, value, out, shares=shares, label=label)

    def small(name: str, value: Value, out: int) -> Value:
        for other in others:
            path = f"{name}_adapter_list.{other}"
            low = t.linear(f"{path}.0", t.mix(value, shape=(0, value.width)), s.rank, shares=path, dead=True)
            t.linear(f"{path}.1", low, out, shares=path, dead=True)
        low = t.linear(f"{name}_adapter_list.{place}.0", value, s.rank)
        return t.linear(f"{name}_adapter_list.{place}.1", low, out)

    def norm(name: str, value: Value) -> Value:
        return t.norm(name, value, size=0 if owner else None)

    both = norm("input_layernorm", t.mix(x, words, shape=(*shape[:-1], 2 * shape[-1])))
    qkv = []
    for name, width in (("q", s.heads), ("k", s.kv_heads), ("v", s.kv_heads)):
        one = linear(f"self_attn.{name}_proj", both, width * s.head_dim, "projections")
        if s.attention_rank:
            one = t.mix(one, small(f"self_attn.linear_{name}", both, both.width), shape=one.shape)
        qkv.append(one)
    mixed = t.attention(*qkv, width=s.heads * s.head_dim, causal=True)
    h = norm("pre_ff_layernorm", linear("self_attn.o_proj", mixed, shape[-1], "projections"))
    path, label = "feed_forward.", "feed-forward"
    if s.rank:
        up = linear(f"{path}gate_up_proj", h, 2 * s.inner, label)
        up = t.mix(up, small(f"{path}gate_up_proj", h, 2 * s.inner))
        up = t.mix(up, shape=(*shape[:-1], s.inner))
    else:
        gate, up = (linear(path + name, h, s.inner, label) for name in ("gate_proj", "up_proj"))
        up = t.mix(gate, up)
    return t.ends(linear(f"{path}down_proj", up, shape[-1], label))


def _where(c: Config, layers: int, usual: list[bool]) -> tuple[bool, ...]:
    kinds = c.words("layers_block_type", layers)
    if kinds is not None:
        return tuple(kind == "hybrid" for kind in kinds)
    return tuple((usual + [False] * layers)[:layers])


def zamba(c: Config) -> _Zamba:
    """zamba."""
    more: dict[str, object] = {"mamba_d_state": 16, "mamba_d_conv": 4, "mamba_expand": 2, "n_mamba_heads": 2}
    places: dict[str, object] = {"attn_layer_period": 6, "attn_layer_offset": 4, "mamba_dt_rank": "auto"}
    c.use(usual(32000, 3712, 14848, 76, 16, 16, **more, **places), {"attention_head_dim": "head_dim"})
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    rank = -(-hidden // 16) if c.get("mamba_dt_rank") == "auto" else c.count("mamba_dt_rank")
    mixer = Mamba(
        c.count("mamba_expand") * hidden,
        c.count("mamba_d_state"),
        rank,
        c.count("mamba_d_conv"),
        c.flag("mamba_proj_bias"),
        c.flag("mamba_conv_bias", True),
        name="mamba",
        heads=c.count("n_mamba_heads"),
    )
    size = c.count("attention_head_dim", max(1, 2 * hidden // heads))
    shared = _Shared(
        "shared_transf", heads, c.count("num_key_value_heads", heads), size, c.count("intermediate_size")
    )
    layers, every, at = c.layers(), c.count("attn_layer_period"), c.count("attn_layer_offset", low=0)
    listed = [False, False, True, *(i % every == at for i in range(layers - 3))]
    return _Zamba(hidden, mixer, shared, _where(c, layers, listed))


def zamba2(c: Config) -> _Zamba:
    """zamba2: small matrices at each place of the shared layers."""
    more: dict[str, object] = {"mamba_d_state": 64, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_ngroups": 1}
    places: dict[str, object] = {
        "n_mamba_heads": 8,
        "chunk_size": 256,
        "num_mem_blocks": 1,
        "adapter_rank": 128,
    }
    c.use({**usual(32000, 2560, 0, 54, 32, None, **more, **places), "intermediate_size": None})
    hidden, heads, rank = c.count("hidden_size"), c.count("num_attention_heads"), c.count("adapter_rank")
    if c.flag("add_bias_linear"):
        raise refuse("not_choice", key="add_bias_linear", value=True)
    inner, m_heads = c.count("mamba_expand") * hidden, c.count("n_mamba_heads")
    mixer = Mamba2(
        inner,
        m_heads,
        c.share("n_mamba_heads", inner, m_heads),
        c.count("mamba_ngroups"),
        c.count("mamba_d_state"),
        c.count("mamba_d_conv"),
        c.count("chunk_size"),
        c.flag("add_bias_linear"),
        # The class reads use_conv_bias and makes the bias whatever it says.
        True,
        name="mamba",
    )
    shared = _Shared(
        "shared_transformer",
        heads,
        c.count("num_key_value_heads", heads),
        max(1, 2 * hidden // heads),
        c.count("intermediate_size", 4 * hidden),
        rank=rank,
        attention_rank=rank if c.flag("use_shared_attention_adapter") else 0,
        groups=c.count("num_mem_blocks"),
    )
    six = [*[False] * 5, True]
    listed = [False, *six * 7, *[False] * 4, True, *[False] * 3, True, False, False]
    return _Zamba(hidden, mixer, shared, _where(c, c.layers(), listed))
