# SPDX-License-Identifier: Apache-2.0
"""Decoder-only transformers: one description (`Decoder`), one way to lay it out.

What differs between model types is data: widths, names, biases, norms and where they sit. Names are those of the
Hugging Face implementation, so adapters find their layers.
"""

from typing import NamedTuple

from core.compute.architectures.parts import (
    Attention,
    Experts,
    FeedForward,
    Latent,
    Mixer,
    attend,
    feed_forward,
    route,
)
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse


class Layer(NamedTuple):
    """One layer. Norm names are empty where there is none. `parallel`: attention and feed-forward read the same
    residual; with an empty `mlp_norm` they also share the first norm. `after`: both norms follow the residual sum.
    `mlp` None: the layer ends after its first part."""

    attention: Attention | Latent | Mixer
    mlp: FeedForward | Experts | Mixer | None
    attn_norm: str = "input_layernorm"
    attn_post_norm: str = ""
    mlp_norm: str = "post_attention_layernorm"
    mlp_post_norm: str = ""
    parallel: bool = False
    after: bool = False
    norm_bias: bool = False
    norm_size: int | None = None


class Decoder(NamedTuple):
    """A whole decoder. `stack` holds one entry per layer; equal entries are laid out once. `bare`: how the paths begin in
    the model without a head."""

    hidden: int
    vocab: int
    stack: tuple[Layer, ...]
    tied: bool
    prefix: str = "model"
    embed: str = "embed_tokens"
    layers: str = "layers"
    norm: str = "norm"
    norm_bias: bool = False
    norm_size: int | None = None
    head: str = "lm_head"
    head_bias: bool = False
    positions: int = 0
    position_name: str = ""
    embed_norm: str = ""
    embed_width: int = 0
    window: int = 0
    labels_head: str = "score"
    sequence_head: str = "score"
    bare: str = ""


def assemble(d: Decoder, request: Request) -> Block:
    """Lay out `d` for the request's batch, with the head its class name says."""
    inputs = request.inputs
    head = head_of(request)
    t = Block()
    if head == "question" and request.model_type in _ANSWER:
        d = d._replace(prefix="transformer")
    path = f"{d.prefix}." if head != "none" else d.bare
    x = body(t, d, (inputs.batch, inputs.seq_len or 1), path)
    if d.window and (inputs.seq_len or 1) > d.window:
        request.config.notes.append(note("window", window=d.window))
    if head == "lm":
        shared = f"{d.prefix}.{d.embed}" if d.tied else ""
        x = t.linear(d.head, x, d.vocab, bias=d.head_bias, shares=shared, label="output head", role="head")
    elif head == "sequence":
        x = t.linear(d.sequence_head, x, request.config.labels(), label="output head", role="head")
    elif head == "token":
        x = t.linear(d.labels_head, x, request.config.labels(), bias=True, label="output head", role="head")
    elif head == "question":
        x = t.linear("qa_outputs", x, 2, bias=True, label="output head", role="head")
    return t.ends(x)


def body(t: Block, d: Decoder, positions: Shape, path: str, beside: Value | None = None) -> Value:
    """Embeddings, layers and final norm of `d`, added to `t`; `beside`: what stands among the words (a picture)."""
    x = t.embedding(path + d.embed, d.vocab, d.embed_width or d.hidden, positions)
    if beside is not None:
        x = t.mix(x, beside)
    if d.embed_width and d.embed_width != d.hidden:
        x = t.linear(f"{path}project_in", x, d.hidden)
    if d.positions:
        x = t.mix(x, t.embedding(path + d.position_name, d.positions, d.hidden, positions))
    if d.embed_norm:
        x = t.norm(path + d.embed_norm, x, bias=d.norm_bias)
    blocks: dict[Layer, Block] = {}
    for index, layer in enumerate(d.stack):
        if layer not in blocks:
            blocks[layer] = layer_block(layer, x.shape)
        x = t.layer(f"{path}{d.layers}.{index}", blocks[layer], x)
    if d.norm:
        x = t.norm(path + d.norm, x, size=d.norm_size, bias=d.norm_bias, role="final_norm")
    if d.embed_width and d.embed_width != d.hidden:
        x = t.linear(f"{path}project_out", x, d.embed_width)
    return x


def layer_block(layer: Layer, shape: Shape, memory: Shape | None = None) -> Block:
    """One layer. `memory`: the shape of a second value that its attention reads."""
    t = Block(shape) if memory is None else Block(shape, memory)
    x = t.inputs[0]
    read = None if memory is None else t.inputs[1]

    def norm(name: str, value: Value) -> Value:
        return t.norm(name, value, size=layer.norm_size, bias=layer.norm_bias) if name else value

    if layer.after:
        x = norm(layer.attn_norm, t.mix(x, attend(t, x, layer.attention, read)))
        return t.ends(norm(layer.mlp_norm, t.mix(x, _mlp(t, x, layer))))
    h = norm(layer.attn_norm, x)
    a = norm(layer.attn_post_norm, attend(t, h, layer.attention, read))
    if layer.mlp is None:
        return t.ends(t.mix(x, a))
    if layer.parallel:
        g = norm(layer.mlp_norm, x) if layer.mlp_norm else h
    else:
        x = t.mix(x, a)
        g = norm(layer.mlp_norm, x)
    f = norm(layer.mlp_post_norm, _mlp(t, g, layer))
    return t.ends(t.mix(x, a, f) if layer.parallel else t.mix(x, f))


def _mlp(t: Block, x: Value, layer: Layer) -> Value:
    mlp = layer.mlp
    if mlp is None:
        return x
    if isinstance(mlp, FeedForward):
        return feed_forward(t, x, mlp)
    return route(t, x, mlp) if isinstance(mlp, Experts) else mlp.run(t, x)


_ANSWER = frozenset(
    "arcee diffllama exaone4 llama nemotron qwen2 qwen3 qwen3_moe qwen3_next seed_oss smollm3".split()
)
"""Types whose class for questions calls its decoder "transformer" (base_model_prefix)."""
_HEADS = (
    ("ForCausalLM", "lm"),
    ("LMHeadModel", "lm"),
    ("ForConditionalGeneration", "lm"),
    ("ForSequenceClassification", "sequence"),
    ("ForTokenClassification", "token"),
    ("ForQuestionAnswering", "question"),
    ("Model", "none"),
)


def head_of(request: Request) -> str:
    """The head that the class name says; a language model's when no class is named."""
    name = request.model_class
    if not name:
        request.config.notes.append(note("head", head="ForCausalLM"))
        return "lm"
    for ending, head in _HEADS:
        if name.endswith(ending):
            return head
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)
