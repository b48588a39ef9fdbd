# SPDX-License-Identifier: Apache-2.0
"""BLIP: a BERT whose layers can look at a picture; it writes, answers, judges a pair, or stands beside the picture's tower.

Defaults and layout of transformers 5.23 (modeling_blip.py, modeling_blip_text.py).
"""

from core.compute.architectures.captions import PLAIN, Crossed, Pass, crossed, fused_tower, handed, unknown
from core.compute.architectures.config import Config
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value

_TEXT = {**PLAIN, "vocab_size": 30524, "max_position_embeddings": 512, "num_attention_heads": 8}
_LABEL = "output head"


def blip(request: Request, name: str, p: Pass) -> Block:
    """One of BLIP's classes."""
    v = request.config.inner("vision_config", {**PLAIN, "image_size": 384, "patch_size": 16})
    c = request.config.inner("text_config", _TEXT)
    t = Block()
    seen = fused_tower(t, v, "vision_model.", p.pictures, request.inputs.image)
    if name.endswith("ForConditionalGeneration"):
        return _writes(t, request, c, handed(t, seen, p), p)
    if name.endswith("ForImageTextRetrieval"):
        return _judges(t, request, c, handed(t, seen, p), p)
    if name.endswith("ForQuestionAnswering"):
        question = _text(t, c, "text_encoder.", p, handed(t, seen, p))
        return _writes(t, request, c, question, p._replace(length=request.inputs.decoder_len or p.length))
    if name.endswith("BlipModel"):
        return _beside(t, request, c, seen, p)
    raise unknown(request, name)


def _text(t: Block, c: Config, path: str, p: Pass, seen: Value, *, looks: bool = True) -> Value:
    """The words through the layers. Without `looks` the layers' attention to a picture is there and does not run."""
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    size = c.share("hidden_size", hidden, heads)
    x = t.embedding(f"{path}embeddings.word_embeddings", c.count("vocab_size"), hidden, (p.texts, p.length))
    rows = c.count("max_position_embeddings")
    x = t.mix(x, t.embedding(f"{path}embeddings.position_embeddings", rows, hidden, x.shape[:2]))
    x = t.norm(f"{path}embeddings.LayerNorm", x, bias=True)
    kind = Crossed(heads, size, c.count("intermediate_size"), "self", causal=True, idle=not looks)
    block = crossed(kind._replace(looks=c.flag("is_decoder", True)), x.shape, seen.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layer.{index}", block, x, seen)
    return x


def _writes(t: Block, request: Request, c: Config, seen: Value, p: Pass) -> Block:
    path, head = "text_decoder.bert.", "text_decoder.cls.predictions."
    x = _text(t, c, path, p, seen)
    x = t.linear(f"{head}transform.dense", x, x.width, bias=True, label=_LABEL, role="head")
    x = t.norm(f"{head}transform.LayerNorm", x, bias=True, role="head")
    # Either configuration ties: the text half is a model with a rule of its own.
    tied = request.config.flag("tie_word_embeddings", True) or c.flag("tie_word_embeddings", True)
    vocab = c.count("vocab_size")
    if not tied:
        # The bias is tied like the weight: apart, it is held twice.
        t.free(f"{head}bias", (1,), label=_LABEL, count=vocab)
    shares = f"{path}embeddings.word_embeddings" if tied else ""
    return t.ends(t.linear(f"{head}decoder", x, vocab, bias=True, shares=shares, label=_LABEL, role="head"))


def _judges(t: Block, request: Request, c: Config, seen: Value, p: Pass) -> Block:
    """Whether text and picture belong together; the projections for a search do not run."""
    x = _text(t, c, "text_encoder.", p, seen)
    wide = request.config.count("image_text_hidden_size", 256)
    for name, width in (("vision_proj", seen.width), ("text_proj", x.width)):
        nothing = t.mix(x, shape=(0, width), detached=True)
        t.linear(name, nothing, wide, bias=True, label=_LABEL)
    first = t.mix(x, shape=(p.texts, x.width))
    return t.ends(t.linear("itm_head", first, 2, bias=True, label=_LABEL, role="head"))


def _beside(t: Block, request: Request, c: Config, seen: Value, p: Pass) -> Block:
    """Text and picture apart, compared at the end."""
    wide = request.config.count("projection_dim", 512)
    x = _text(t, c, "text_model.", p, seen, looks=False)
    first = t.mix(x, shape=(p.texts, x.width))
    first = t.linear("text_model.pooler.dense", first, x.width, bias=True, label=_LABEL)
    words = t.linear("text_projection", first, wide, label=_LABEL)
    picture = t.mix(seen, shape=(p.pictures, seen.width))
    picture = t.linear("visual_projection", picture, wide, label=_LABEL)
    flop = 2 * p.texts * p.pictures * wide
    scores = t.product("projections", words, picture, flop=flop, shape=(p.texts, p.pictures))
    return t.ends(t.mix(scores, t.free("logit_scale", (1,), label="projections"), keeps=True))
