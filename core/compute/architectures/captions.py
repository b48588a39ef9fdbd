# SPDX-License-Identifier: Apache-2.0
"""Models that describe pictures: BLIP, BLIP-2, GIT, Fuyu. Defaults and layout of transformers 5.23."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.compute.architectures.clip_parts import CLIP, CLIP_VISION, vision_tower
from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Layer, body, layer_block
from core.compute.architectures.parts import Attention, FeedForward, attend, feed_forward
from core.compute.architectures.request import Request
from core.compute.architectures.text_parts import text_decoder
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse

_BERT = FeedForward(0, name="", ups=("intermediate.dense",), down="output.dense", gated=False, bias=True)
_FOUR = (True, True, True, True)
PLAIN: Mapping[str, object] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_channels": 3,
}


class Pass(NamedTuple):
    """Which halves run: how many pictures, how many texts and their length."""

    pictures: int
    texts: int
    length: int


def build(request: Request) -> Block:
    """The layer table of one of these models."""
    if request.part not in ("main", "text_only", "vision_tower"):
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    usual, make = _TYPES[request.model_type]
    name = request.model_class or usual
    if not request.model_class:
        request.config.notes.append(note("head", head=usual))
    return make(request, name, pass_of(request))


def pass_of(request: Request) -> Pass:
    """What runs, by the request's part and inputs."""
    i = request.inputs
    seen = 1 if i.images is None else i.images
    return Pass(
        0 if request.part == "text_only" else i.batch * seen,
        0 if request.part == "vision_tower" else i.batch,
        i.seq_len or i.text_len or 1,
    )


def unknown(request: Request, name: str) -> Exception:
    return refuse("unknown_class", model_class=name, model_type=request.model_type)


def _heads(c: Config) -> tuple[int, int, int]:
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    return hidden, heads, c.share("hidden_size", hidden, heads)


def fused_tower(t: Block, c: Config, path: str, batch: int, image: tuple[int, int] | None) -> Value:
    """BLIP's tower: CLIP's shape with one layer for queries, keys and values."""
    hidden, heads, size = _heads(c)
    patch, sides = c.sides("patch_size", high=10_000), c.sides("image_size")
    height, width = image or sides
    name, bias = f"{path}embeddings.", c.flag("qkv_bias", True)
    x = t.given((batch, max(height, patch[0]), max(width, patch[1]), c.count("num_channels")))
    x = t.conv(f"{name}patch_embedding", x, hidden, kernel=patch, stride=patch, label="patch embedding")
    rows = (sides[0] // patch[0]) * (sides[1] // patch[1]) + 1
    first = t.free(f"{name}class_embedding", (1, 1, hidden))
    table = t.free(f"{name}position_embedding", (1, rows, hidden))
    x = t.mix(x, first, table, shape=(batch, x.shape[1] * x.shape[2] + 1, hidden))
    a = Attention(heads, heads, size, names=("qkv",), out="projection", biases=(bias, bias, bias, True))
    mlp = FeedForward(c.count("intermediate_size"), ups=("fc1",), down="fc2", gated=False, bias=True)
    layer = Layer(
        a._replace(causal=False), mlp, attn_norm="layer_norm1", mlp_norm="layer_norm2", norm_bias=True
    )
    block = layer_block(layer, x.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layers.{index}", block, x)
    return t.norm(f"{path}post_layernorm", x, bias=True)


class Crossed(NamedTuple):
    """BERT's layer with attention to a picture. `inner`: how the paths call the part that attends; `ending`: what
    the feed-forward's names end in. `looks`: this layer can look at the picture; `idle`: but does not. `words`: a second
    feed-forward is for words, of which there are none."""

    heads: int
    size: int
    width: int
    inner: str
    ending: str = ""
    looks: bool = True
    causal: bool = False
    idle: bool = False
    words: bool = False


def crossed(s: Crossed, shape: Shape, seen: Shape) -> Block:
    t = Block(shape, seen)
    x, picture = t.inputs
    hidden = shape[-1]
    for name, memory in (("attention", x), ("crossattention", picture)):
        if name == "crossattention" and not s.looks:
            continue
        names = tuple(f"{s.inner}.{part}" for part in ("query", "key", "value"))
        a = Attention(s.heads, s.heads, s.size, name=name, names=names, out="output.dense", biases=_FOUR)
        a = a._replace(causal=s.causal and name == "attention")
        if name == "crossattention" and s.idle:
            nothing = t.mix(x, shape=(shape[0], 0, hidden), detached=True)
            memory = t.mix(picture, shape=(shape[0], 0, seen[-1]), detached=True)
            t.norm(f"{name}.output.LayerNorm", attend(t, nothing, a, memory), bias=True)
            continue
        y = attend(t, x, a, memory if name == "crossattention" else None)
        x = t.norm(f"{name}.output.LayerNorm", t.mix(x, y), bias=True)
    mlp = _BERT._replace(
        width=s.width, ups=(f"intermediate{s.ending}.dense",), down=f"output{s.ending}.dense"
    )
    if s.words:
        nothing = t.mix(x, shape=(0, hidden), detached=True)
        idle = _BERT._replace(width=s.width, ups=("intermediate.dense",), down="output.dense")
        t.norm("output.LayerNorm", feed_forward(t, nothing, idle, hidden), bias=True)
    y = feed_forward(t, x, mlp, hidden)
    return t.ends(t.norm(f"output{s.ending}.LayerNorm", t.mix(x, y), bias=True))


def handed(t: Block, seen: Value, p: Pass) -> Value:
    """What the tower hands on; nothing when it runs alone."""
    return seen if p.texts else t.mix(seen, shape=(0, *seen.shape[1:]))


def _blip(request: Request, name: str, p: Pass) -> Block:
    from core.compute.architectures.blip import blip

    return blip(request, name, p)


_QFORMER: Mapping[str, object] = {**PLAIN, "cross_attention_frequency": 2, "encoder_hidden_size": 1408}


def _blip2(request: Request, name: str, p: Pass) -> Block:
    """blip-2: a few queries read the picture for a decoder. Blip2Model runs the same, its decoder's head included."""
    if not name.endswith(("ForConditionalGeneration", "Blip2Model")):
        raise unknown(request, name)
    c = request.config
    sizes = {
        "hidden_size": 1408,
        "intermediate_size": 6144,
        "num_hidden_layers": 39,
        "num_attention_heads": 16,
    }
    v = c.inner("vision_config", {**PLAIN, **sizes, "image_size": 224, "patch_size": 14})
    q = c.inner("qformer_config", _QFORMER)
    hidden, heads, size = _heads(q)
    count = c.count("num_query_tokens", 32)
    t = Block()
    seen = handed(t, fused_tower(t, v, "vision_model.", p.pictures, request.inputs.image), p)
    tokens = t.free("query_tokens", (1, count, hidden))
    x = t.norm("qformer.layernorm", t.mix(tokens, shape=(seen.shape[0], count, hidden)), bias=True)
    every = q.count("cross_attention_frequency")
    for index in range(q.layers()):
        looks = index % every == 0
        kind = Crossed(heads, size, q.count("intermediate_size"), "attention", "_query", looks)
        kind = kind._replace(words=q.flag("use_qformer_text_input"))
        x = t.layer(f"qformer.encoder.layer.{index}", crossed(kind, x.shape, seen.shape), x, seen)
    d = text_decoder(c, "opt", {})
    x = t.linear("language_projection", x, d.hidden, bias=True)
    path = "language_model."
    y = body(t, d, (p.texts, p.length), f"{path}{d.prefix}.", x if p.pictures and p.texts else None)
    shares = f"{path}{d.prefix}.{d.embed}" if d.tied else ""
    return t.ends(t.linear(f"{path}lm_head", y, d.vocab, shares=shares, label="output head", role="head"))


def _git(request: Request, name: str, p: Pass) -> Block:
    """git: the picture's patches stand before the words, in one stack of layers."""
    c = request.config
    c.use({**PLAIN, "vocab_size": 30522, "num_hidden_layers": 6, "max_position_embeddings": 1024})
    head = name.endswith("ForCausalLM")
    if not head and not name.endswith("GitModel"):
        raise unknown(request, name)
    v = c.inner("vision_config", {**CLIP_VISION, "patch_size": 16})
    hidden, heads, size = _heads(c)
    path = "git." if head else ""
    t = Block()
    x = t.embedding(f"{path}embeddings.word_embeddings", c.count("vocab_size"), hidden, (p.texts, p.length))
    rows = c.count("max_position_embeddings")
    x = t.mix(x, t.embedding(f"{path}embeddings.position_embeddings", rows, hidden, x.shape[:2]))
    x = t.norm(f"{path}embeddings.LayerNorm", x, bias=True)
    tower = f"{path}image_encoder.vision_model."
    states = handed(t, vision_tower(t, v, tower, p.pictures, request.inputs.image, CLIP).states, p)
    seen = t.linear(f"{path}visual_projection.visual_projection.0", states, hidden, bias=True)
    seen = t.norm(f"{path}visual_projection.visual_projection.1", seen, bias=True)
    before = seen.rows // p.texts if p.texts else 0
    # Without a picture nothing of the tower reaches the words, also when the tower is trained.
    x = t.mix(x, *((seen,) if before else ()), shape=(p.texts, before + p.length, hidden))
    names = ("attention.self.query", "attention.self.key", "attention.self.value")
    a = Attention(heads, heads, size, name="", names=names, out="attention.output.dense", biases=_FOUR)
    layer = Layer(a, _BERT._replace(width=c.count("intermediate_size")), after=True, norm_bias=True)
    layer = layer._replace(attn_norm="attention.output.LayerNorm", mlp_norm="output.LayerNorm")
    block = layer_block(layer, x.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layer.{index}", block, x)
    if not head:
        return t.ends(x)
    shares = f"{path}embeddings.word_embeddings" if c.flag("tie_word_embeddings") else ""
    y = t.linear(
        "output", x, c.count("vocab_size"), bias=True, shares=shares, label="output head", role="head"
    )
    return t.ends(y)


def _fuyu(request: Request, name: str, p: Pass) -> Block:
    """fuyu: patches go into the decoder through one linear layer."""
    c = request.config
    bare = name.endswith("FuyuModel")
    if not bare and not name.endswith("ForCausalLM"):
        raise unknown(request, name)
    start = "" if bare else "model."
    d = text_decoder(c, "persimmon", {})
    c.also({"patch_size": 30, "num_channels": 3})
    side = c.count("patch_size", high=10_000)
    height, width = request.inputs.image or (side, side)
    count = max(1, height // side) * max(1, width // side) if request.inputs.image else 0
    t = Block()
    flat = t.given((p.pictures, count, side * side * c.count("num_channels")))
    seen = t.linear(f"{start}vision_embed_tokens", flat, d.hidden, bias=True)
    path = f"{start}language_model."
    x = body(t, d, (p.texts, p.length), path, seen if p.texts and p.pictures and count else None)
    if bare:
        return t.ends(x)
    shares = f"{path}{d.embed}" if c.flag("tie_word_embeddings") else ""
    return t.ends(t.linear("lm_head", x, d.vocab, shares=shares, label="output head", role="head"))


_TYPES: dict[str, tuple[str, Callable[[Request, str, Pass], Block]]] = {
    "blip": ("BlipForConditionalGeneration", _blip),
    "blip-2": ("ForConditionalGeneration", _blip2),
    "fuyu": ("FuyuForCausalLM", _fuyu),
    "git": ("GitForCausalLM", _git),
}
