# SPDX-License-Identifier: Apache-2.0
"""Funnel transformer: each block of layers halves the sequence; a decoder spreads it out again.

Defaults and layout are those of transformers 5.23 (modeling_funnel.py).
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_attention_heads": 12,
    "d_head": 64,
    "d_inner": 3072,
    "block_sizes": [4, 4, 4],
    "num_decoder_layers": 2,
}
_LABEL = "attention"


class _Funnel(NamedTuple):
    hidden: int
    heads: int
    size: int
    inner: int
    factorized: bool
    separate: bool
    q_only: bool


def build(request: Request) -> Block:
    """The layer table of a funnel transformer with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c = request.config.use(_DEFAULTS, {"hidden_size": "d_model", "num_attention_heads": "n_head"})
    name = request.model_class
    if not name:
        c.notes.append(note("head", head="Model"))
        name = "FunnelModel"
    short = name.endswith(("BaseModel", "ForSequenceClassification", "ForMultipleChoice"))
    path = "" if name.endswith("Model") else "funnel."
    f = _read(c)
    vocab = c.count("vocab_size")
    t = Block()
    words = f"{path}embeddings.word_embeddings"
    x = t.embedding(words, vocab, f.hidden, (request.inputs.batch, request.inputs.seq_len or 1))
    x = t.norm(f"{path}embeddings.layer_norm", x, bias=True)
    x, first = _encode(t, f, c, x, path)
    if not short:
        x = t.mix(x, first, shape=first.shape)
        block = _layer(f, x.shape, x.shape, _distances(f, 0, x.shape[1], x.shape[1]))
        for index in range(c.count("num_decoder_layers", low=0)):
            x = t.layer(f"{path}decoder.layers.{index}", block, x, x)
    return t.ends(_head(t, c, name, x, words, vocab))


def _read(c: Config) -> _Funnel:
    return _Funnel(
        c.count("hidden_size"),
        c.count("num_attention_heads"),
        c.count("d_head"),
        c.count("d_inner"),
        c.word("attention_type", "relative_shift") == "factorized",
        c.flag("separate_cls", True),
        c.flag("pool_q_only", True),
    )


def _encode(t: Block, f: _Funnel, c: Config, x: Value, path: str) -> tuple[Value, Value]:
    """The blocks of layers; hands back the last values and those after the first block."""
    sizes = c.counts("block_sizes", low=1) or ()
    repeats = c.counts("block_repeats", low=1) or (1,) * len(sizes)
    if not sizes or len(repeats) != len(sizes) or sum(sizes) > 10_000 or max(repeats) > 100:
        raise refuse("not_list", key="block_sizes", value=c.get("block_sizes"), count=len(sizes))
    first = x
    blocks: dict[tuple[int, int], Block] = {}
    for number, size in enumerate(sizes):
        pools = number > 0 and x.shape[1] > (2 if f.separate else 1)
        for index in range(size):
            for turn in range(repeats[number]):
                key = x
                if pools and index == 0 and turn == 0:
                    x = t.mix(x, shape=(x.shape[0], _halved(f, c, x.shape[1]), x.width))
                    key = key if f.q_only else x
                pair = (number, key.shape[1])
                if pair not in blocks:
                    rows = _distances(f, number, x.shape[1], key.shape[1])
                    blocks[pair] = _layer(f, x.shape, key.shape, rows)
                name = f"{path}encoder.blocks.{number}.{index}"
                x = t.layer(name, blocks[pair], x, key, again=turn > 0)
        if number == 0:
            first = x
    return x, first


def _halved(f: _Funnel, c: Config, length: int) -> int:
    """The sequence after pooling: with the class token kept apart, the last token goes when truncated."""
    if f.separate:
        rest = length - 1 if c.flag("truncate_seq", True) else length
        return (rest + 1 + 1) // 2
    return (length + 1) // 2


def _layer(f: _Funnel, shape: Shape, key_shape: Shape, rows: int) -> Block:
    t = Block(shape, key_shape)
    x, key = t.inputs
    path, wide, label = "attention.", f.heads * f.size, "projections"
    q = t.linear(f"{path}q_head", x, wide)
    k, v = (t.linear(f"{path}{name}_head", key, wide, bias=True) for name in "kv")
    shifts = [t.free(f"{path}r_{name}_bias", (wide,), label=label) for name in "wrs"]
    kernel = t.free(f"{path}r_kernel", (f.hidden * wide,), label=label)
    kinds = t.free(f"{path}seg_embed", (2 * wide,), label=label)
    keys = key.shape[1]
    score: Shape = (*shape[:-1], keys)
    scores = t.product(_LABEL, t.mix(q, shifts[0]), k, flop=2 * x.rows * keys * wide, shape=score)
    places = _positions(t, f, t.mix(q, shifts[1]), kernel, rows, score)
    same = t.products(_LABEL, t.mix(q, shifts[2]), kinds, flop=2 * x.rows * 2 * wide, shape=score)
    scores = t.mix(scores, places, same)
    mixed = t.product(_LABEL, scores, v, flop=2 * x.rows * keys * wide, shape=q.shape)
    y = t.linear(f"{path}post_proj", mixed, f.hidden, bias=True)
    y = t.norm(f"{path}layer_norm", t.mix(x, y), bias=True)
    inner = t.linear("ffn.linear_1", y, f.inner, bias=True, label="feed-forward")
    z = t.linear("ffn.linear_2", t.mix(inner), f.hidden, bias=True, label="feed-forward")
    return t.ends(t.norm("ffn.layer_norm", t.mix(y, z), bias=True))


def _positions(t: Block, f: _Funnel, q: Value, kernel: Value, rows: int, score: Shape) -> Value:
    """Scores of relative positions, which are fixed sine waves put through a learned kernel."""
    wide = f.heads * f.size
    if f.factorized:
        turned = t.products(_LABEL, q, kernel, flop=2 * q.rows * wide * f.hidden)
        flop = 2 * 2 * q.rows * f.heads * score[-1] * f.hidden
        return t.products(_LABEL, turned, flop=flop, shape=score)
    table = t.products(_LABEL, kernel, flop=2 * rows * f.hidden * wide, shape=(1, rows, wide))
    return t.products(_LABEL, q, table, flop=2 * q.rows * rows * wide, shape=score)


def _distances(f: _Funnel, number: int, length: int, keys: int) -> int:
    """How many relative positions a layer of block `number` makes: from beyond the last key down to the first, in
    steps of the distance between tokens. Queries of a pooling layer (`keys` > `length`) lie one block further on."""
    step: int = 1 << number
    low, high = (1 - step, 1 + (length - 2) * step) if f.separate else (0, (length - 1) * step)
    if length == keys:
        return -(-(length * step - (low - max(low, high)) + 1) // step)
    step //= 2
    before, end = (1 - step, 1 + (keys - 2) * step) if f.separate else (0, (keys - 1) * step)
    return -(-(low - before + 2 * length * step - (low - max(before, end)) + 1) // step)


def _head(t: Block, c: Config, name: str, x: Value, words: str, vocab: int) -> Value:
    label = "output head"
    if name.endswith("Model"):
        return x
    if name.endswith("ForMaskedLM"):
        shares = words if c.flag("tie_word_embeddings", True) else ""
        return t.linear("lm_head", x, vocab, bias=True, shares=shares, label=label, role="head")
    if name.endswith(("ForSequenceClassification", "ForMultipleChoice")):
        out = c.labels() if name.endswith("Classification") else 1
        pooled = t.mix(x, shape=(x.shape[0], x.width))
        pooled = t.linear("classifier.linear_hidden", pooled, x.width, bias=True, label=label, role="head")
        return t.linear("classifier.linear_out", pooled, out, bias=True, label=label, role="head")
    if name.endswith("ForTokenClassification"):
        return t.linear("classifier", x, c.labels(), bias=True, label=label, role="head")
    if name.endswith("ForQuestionAnswering"):
        return t.linear("qa_outputs", x, 2, bias=True, label=label, role="head")
    if name.endswith("ForPreTraining"):
        path = "discriminator_predictions."
        x = t.linear(f"{path}dense", x, x.width, bias=True, label=label, role="head")
        return t.linear(f"{path}dense_prediction", x, 1, bias=True, label=label, role="head")
    raise refuse("unknown_class", model_class=name, model_type="funnel")
