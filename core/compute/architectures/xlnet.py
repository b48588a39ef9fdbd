# SPDX-License-Identifier: Apache-2.0
"""XLNet: attention to content and to relative positions, with bare parameters for its projections.

Defaults and layout are those of transformers 5.23 (modeling_xlnet.py); one stream, as in fine-tuning.
"""

from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_DEFAULTS: dict[str, object] = {
    "vocab_size": 32000,
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "d_inner": 4096,
}
_NAMES = {"hidden_size": "d_model", "num_hidden_layers": "n_layer", "num_attention_heads": "n_head"}
_LABEL = "attention"


class _Sizes(NamedTuple):
    hidden: int
    wide: int
    inner: int
    places: int


def build(request: Request) -> Block:
    """The layer table of an XLNet with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    c = request.config.use(_DEFAULTS, _NAMES)
    name = request.model_class
    if not name:
        c.notes.append(note("head", head="LMHeadModel"))
        name = "XLNetLMHeadModel"
    path = "" if name == "XLNetModel" else "transformer."
    hidden, heads, vocab = c.count("hidden_size"), c.count("num_attention_heads"), c.count("vocab_size")
    batch, length = request.inputs.batch, request.inputs.seq_len or 1
    both = c.word("attn_type", "bi") == "bi"
    size = c.count("d_head", c.share("d_model", hidden, heads))
    sizes = _Sizes(hidden, heads * size, c.count("d_inner"), 2 * length if both else length + 1)
    t = Block()
    t.free(f"{path}mask_emb", (hidden,))
    x = t.embedding(f"{path}word_embedding", vocab, hidden, (batch, length))
    block = _layer(sizes, x.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}layer.{index}", block, x)
    return t.ends(_head(t, c, name, x, vocab))


def _layer(s: _Sizes, shape: Shape) -> Block:
    t = Block(shape)
    (x,) = t.inputs
    path, label = "rel_attn.", "projections"

    def turn(name: str, value: Value | None, rows: int, wide: Shape) -> Value:
        weight = t.free(path + name, (s.hidden * s.wide,), label=label)
        inputs = (weight,) if value is None else (value, weight)
        return t.products(label, *inputs, flop=2 * rows * s.hidden * s.wide, shape=wide)

    wide = (*shape[:-1], s.wide)
    q, k, v = (turn(name, x, x.rows, wide) for name in "qkv")
    # The waves of the relative positions are fixed: only the weight needs a gradient.
    places = turn("r", None, shape[0] * s.places, (shape[0], s.places, s.wide))
    r, _, w = (t.free(f"{path}r_{name}_bias", (s.wide,), label=label) for name in ("r", "s", "w"))
    t.free(f"{path}seg_embed", (2 * s.wide,), label=label)
    square: Shape = (*shape[:-1], shape[1])
    content = t.product(_LABEL, t.mix(q, w), k, flop=2 * x.rows * shape[1] * s.wide, shape=square)
    placed = t.product(_LABEL, t.mix(q, r), places, flop=2 * x.rows * s.places * s.wide, shape=square)
    scores = t.mix(content, placed)
    mixed = t.product(_LABEL, scores, v, flop=2 * x.rows * shape[1] * s.wide, shape=wide)
    y = t.norm(f"{path}layer_norm", t.mix(turn("o", mixed, x.rows, shape), x), bias=True)
    z = t.linear("ff.layer_1", y, s.inner, bias=True, label="feed-forward")
    z = t.linear("ff.layer_2", t.mix(z), s.hidden, bias=True, label="feed-forward")
    return t.ends(t.norm("ff.layer_norm", t.mix(y, z), bias=True))


def _head(t: Block, c: Config, name: str, x: Value, vocab: int) -> Value:
    label = "output head"
    if name == "XLNetModel":
        return x
    if name.endswith("LMHeadModel"):
        shares = "transformer.word_embedding" if c.flag("tie_word_embeddings", True) else ""
        return t.linear("lm_loss", x, vocab, bias=True, shares=shares, label=label, role="head")
    if name.endswith("ForTokenClassification"):
        return t.linear("classifier", x, c.labels(), bias=True, label=label, role="head")
    if name.endswith("ForQuestionAnsweringSimple"):
        return t.linear("qa_outputs", x, 2, bias=True, label=label, role="head")
    if name.endswith(("ForSequenceClassification", "ForMultipleChoice")):
        out = c.labels() if name.endswith("Classification") else 1
        pooled = t.mix(x, shape=(x.shape[0], x.width))
        if c.flag("summary_use_proj", True):
            pooled = t.linear(
                "sequence_summary.summary", pooled, x.width, bias=True, label=label, role="head"
            )
        return t.linear("logits_proj", pooled, out, bias=True, label=label, role="head")
    raise refuse("unknown_class", model_class=name, model_type="xlnet")
