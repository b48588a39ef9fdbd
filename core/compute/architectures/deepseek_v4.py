# SPDX-License-Identifier: Apache-2.0
"""DeepSeek V4: several streams of values through the layers, keys compressed over windows, experts in every layer.

Keys of a compressed layer are those of all tokens and one for each window; dense kernels run over all of them. The
indexer that picks windows gets no gradient. Defaults and layout are those of transformers 5.23 (modeling_deepseek_v4.py).
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import head_of
from core.compute.architectures.parts import Experts, FeedForward, route
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 129280,
    "hidden_size": 4096,
    "moe_intermediate_size": 2048,
    "num_hidden_layers": 43,
    "num_attention_heads": 64,
    "head_dim": 512,
    "q_lora_rank": 1024,
    "num_experts_per_tok": 6,
    "n_routed_experts": 256,
    "hc_mult": 4,
    "o_groups": 8,
    "o_lora_rank": 1024,
    "index_n_heads": 64,
    "index_head_dim": 128,
}
_SPARSE, _HEAVY = "compressed_sparse_attention", "heavily_compressed_attention"
_RATES = {_SPARSE: 4, _HEAVY: 128}
_OLD_KINDS = {0: "sliding_attention", 4: _SPARSE, 128: _HEAVY}


class _Sizes(NamedTuple):
    """`rate`: how many tokens share one compressed key (0: none); `picks`: an indexer chooses among those."""

    heads: int
    size: int
    rank: int
    groups: int
    o_rank: int
    streams: int
    indexer: tuple[int, int]
    experts: Experts
    rate: int = 0
    picks: bool = False


def build(request: Request) -> Block:
    """The layer table of DeepSeek V4."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    head, c = head_of(request), request.config.use(_DEFAULTS, {"n_routed_experts": "num_local_experts"})
    if head not in ("lm", "none"):
        raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
    path = "model." if head == "lm" else ""
    hidden, vocab, streams = c.count("hidden_size"), c.count("vocab_size"), c.count("hc_mult", high=1000)
    batch, length = request.inputs.batch, request.inputs.seq_len or 1
    t = Block()
    x = t.embedding(f"{path}embed_tokens", vocab, hidden, (batch, length))
    x = t.mix(x, shape=(batch, length, streams, hidden))
    blocks: dict[_Sizes, Block] = {}
    for index, sizes in enumerate(_stack(c, streams)):
        if sizes not in blocks:
            blocks[sizes] = _layer(sizes, x.shape)
        x = t.layer(f"{path}layers.{index}", blocks[sizes], x)
    x, _ = _collapse(t, f"{path}hc_head.hc_", x, streams, 1)
    x = t.norm(f"{path}norm", x, role="final_norm")
    if head == "lm":
        shares = f"{path}embed_tokens" if c.flag("tie_word_embeddings") else ""
        x = t.linear("lm_head", x, vocab, shares=shares, label="output head", role="head")
    return t.ends(x)


def _stack(c: Config, streams: int) -> list[_Sizes]:
    width, number, layers = c.count("moe_intermediate_size"), c.count("n_routed_experts"), c.layers()
    experts = Experts(number, c.count("num_experts_per_tok", high=number), width)
    # The class makes one shared expert, whatever n_shared_experts says.
    shared = FeedForward(width, name="mlp.shared_experts", bias=c.flag("mlp_bias"))
    experts = experts._replace(shared=shared)
    heads, size, groups = c.count("num_attention_heads"), c.count("head_dim"), c.count("o_groups")
    c.share("o_groups", heads * size, groups)
    index = (c.count("index_n_heads"), c.count("index_head_dim"))
    base = _Sizes(
        heads, size, c.count("q_lora_rank"), groups, c.count("o_lora_rank"), streams, index, experts
    )
    rates = _rates(c)
    return [base._replace(rate=rates.get(kind, 0), picks=kind == _SPARSE) for kind in _kinds(c, layers)]


def _rates(c: Config) -> dict[str, int]:
    part = Config(c.part("compress_rates"), _RATES)
    part.notes = c.notes
    found = {kind: part.count(kind) for kind in _RATES}
    for kind, old in ((_SPARSE, "compress_rate_csa"), (_HEAVY, "compress_rate_hca")):
        found[kind] = c.count(old, found[kind])
    return found


def _kinds(c: Config, layers: int) -> tuple[str, ...]:
    kinds = c.words("layer_types", layers)
    if kinds is not None:
        return kinds
    old = c.counts("compress_ratios")
    if old is not None:
        if len(old) < layers or not all(one in _OLD_KINDS for one in old):
            raise refuse("not_list", key="compress_ratios", value=old, count=layers)
        return tuple(_OLD_KINDS[one] for one in old[:layers])
    c.notes.append(note("default", key="layer_types", value=f"{_HEAVY}, {_SPARSE}"))
    return tuple(_SPARSE if index > 1 and index % 2 else _HEAVY for index in range(layers))


def _collapse(t: Block, path: str, x: Value, streams: int, kinds: int) -> tuple[Value, Value]:
    """The streams weighed and added up; hands back the sum and the weights. `kinds`: how many numbers there are for
    each stream."""
    batch, length, _, hidden = x.shape
    wide = streams * hidden
    weight = t.free(f"{path}fn", (streams * kinds * wide,), label="streams")
    shift = t.free(f"{path}base", (streams * kinds,), label="streams")
    scale = t.free(f"{path}scale", (3 if kinds > 1 else 1,), label="streams")
    flop = 2 * batch * length * wide * streams * kinds
    made = t.products("streams", x, weight, flop=flop, shape=(batch, length, streams * kinds))
    made = t.mix(made, shift, scale)
    return t.mix(x, made, shape=(batch, length, hidden)), made


def _layer(s: _Sizes, shape: Shape) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    for name, norm in (("attn_hc", "input_layernorm"), ("ffn_hc", "post_attention_layernorm")):
        one, weights = _collapse(t, f"{name}.", x, s.streams, 2 + s.streams)
        one = t.norm(norm, one)
        y = _attend(t, one, s) if name == "attn_hc" else route(t, one, s.experts)
        # Each stream leaves as a mix of all streams and the part's output.
        mixed = t.products("streams", weights, x, flop=2 * x.rows * s.streams * x.width, shape=x.shape)
        x = t.mix(mixed, y, weights, shape=x.shape, keeps=True)
    return t.ends(x)


def _attend(t: Block, x: Value, s: _Sizes) -> Value:
    path, wide = "self_attn.", s.heads * s.size
    low = t.norm(f"{path}q_a_norm", t.linear(f"{path}q_a_proj", x, s.rank))
    q = t.linear(f"{path}q_b_proj", low, wide)
    kv = t.norm(f"{path}kv_norm", t.linear(f"{path}kv_proj", x, s.size))
    if s.rate:
        windows = _compressed(t, x, f"{path}compressor.", s.rate, s.size, twice=s.picks)
        if s.picks:
            _pick(t, x, low, f"{path}compressor.indexer.", s)
        kv = t.mix(kv, windows, shape=(x.shape[0], x.shape[1] + windows.shape[1], s.size))
    sinks = t.free(f"{path}sinks", (s.heads,), label="projections")
    mixed = t.attention(q, kv, kv, width=wide, causal=True, beside=sinks)
    # Groups of heads are narrowed each by itself.
    narrow = t.conv(
        f"{path}o_a_proj",
        mixed,
        s.groups * s.o_rank,
        kernel=(1,),
        groups=s.groups,
        bias=False,
        label="projections",
    )
    return t.linear(f"{path}o_b_proj", t.mix(narrow), x.width)


def _compressed(
    t: Block, x: Value, path: str, rate: int, size: int, *, twice: bool, dead: bool = False
) -> Value:
    """One key for each whole window of `rate` tokens; `twice`: tokens also enter the next window's key."""
    wide = size * (2 if twice else 1)
    label = "indexer" if dead else "projections"
    dead = dead or x.shape[1] < rate
    k, gate = (t.linear(f"{path}{name}_proj", x, wide, label=label, dead=dead) for name in ("kv", "gate"))
    place = t.free(f"{path}position_bias", (rate * wide,), label=label)
    shape = (x.shape[0], x.shape[1] // rate, size)
    if dead:
        return t.norm(f"{path}kv_norm", t.mix(k, shape=shape))
    return t.norm(f"{path}kv_norm", t.mix(k, gate, place, shape=shape))


def _pick(t: Block, x: Value, low: Value, path: str, s: _Sizes) -> None:
    """The indexer: which windows each token looks at."""
    heads, size = s.indexer
    windows = _compressed(t, x, path, s.rate, size, twice=True, dead=True)
    q = t.linear(f"{path}q_b_proj", low, heads * size, label="indexer", dead=True)
    t.linear(f"{path}scorer.weights_proj", x, heads, label="indexer", dead=True)
    t.products("indexer", q, flop=2 * x.rows * windows.shape[1] * heads * size, dead=True)
