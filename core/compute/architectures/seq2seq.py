# SPDX-License-Identifier: Apache-2.0
"""Encoder-decoders: one description (`Pair` of `Half`), one way to lay out each half. Layout of transformers 5.23.

The model types as data are in seq2seq_types.py, the heads in seq2seq_heads.py.
"""

from typing import NamedTuple, Protocol

from core.compute.architectures.parts import (
    Attention,
    Experts,
    FeedForward,
    Mixer,
    attend,
    feed_forward,
    route,
)
from core.compute.architectures.request import Request
from core.compute.layers import Block, Shape, Value


class Windowed(Mixer, Protocol):
    """Attention of its own kind in an encoder."""

    @property
    def name(self) -> str:
        """Path inside the layer."""
        ...


class Half(NamedTuple):
    """One half. Names hold what differs; `biases` (rows, heads) puts a table of relative positions into the first
    layer, or into all with `bias_all`. `after`: norms follow the sums. `cross` only in a decoder. `step`: the sequence is padded
    to a multiple of it inside. `sparse` layers have `routed` experts. `windows`: attention that differs by layer."""

    name: str
    layers: int
    attention: Attention | Windowed
    mlp: FeedForward
    attn_norm: str
    mlp_norm: str
    stack: str = "layers"
    cross: Attention | None = None
    cross_norm: str = ""
    after: bool = False
    norm_bias: bool = True
    final_norm: str = ""
    embed_norm: str = ""
    positions: int = 0
    fixed_positions: bool = False
    biases: tuple[int, ...] = ()
    bias_all: bool = False
    more_bias: str = ""
    step: int = 1
    sparse: tuple[int, ...] = ()
    routed: Experts | None = None
    windows: tuple[Windowed, ...] = ()


class Pair(NamedTuple):
    """A whole model: both halves over one shared word table (none for audio: `mel` bins come in).
    `apart`: each half has a table of its own, and the shared one, when there is one (`spare`), is left over.
    `decoder_vocab` > 0: a table of the decoder's own has so many rows. The head is as wide as the shared table, or as
    the decoder's where there is no shared one."""

    hidden: int
    vocab: int
    encoder: Half
    decoder: Half
    tied: bool
    prefix: str = "model"
    shared: str = "shared"
    head: str = "lm_head"
    mel: int = 0
    apart: bool = False
    spare: bool = True
    decoder_vocab: int = 0


def sound(t: Block, m: Pair, request: Request, path: str) -> Value:
    """A spectrogram through Whisper's two convolutions, which halve its frames."""
    x = t.given((request.inputs.batch, request.inputs.mel_frames or 2 * m.encoder.positions, m.mel))
    x = t.mix(t.conv(f"{path}encoder.conv1", x, m.hidden, kernel=(3,), padding=1))
    return t.mix(t.conv(f"{path}encoder.conv2", x, m.hidden, kernel=(3,), stride=2, padding=1), keeps=True)


def half_of(t: Block, h: Half, x: Value, path: str, memory: Value | None = None) -> Value:
    """Lay out one half; `memory` is what the encoder hands to the decoder (None: its attention to it never runs)."""
    path = f"{path}{h.name}." if h.name else path
    if h.positions:
        table = t.embedding(
            f"{path}embed_positions", h.positions, x.width, x.shape[:-1], fixed=h.fixed_positions
        )
        x = t.mix(x, table)
    if h.embed_norm:
        x = t.norm(path + h.embed_norm, x, bias=h.norm_bias)
    more = () if memory is None else (memory,)
    given = x.shape
    if given[1] % h.step:
        x = t.mix(x, shape=(given[0], h.step * -(-given[1] // h.step), x.width))
    blocks: dict[tuple[bool, bool, Attention | Windowed], Block] = {}
    for index in range(h.layers):
        attention = h.windows[index] if h.windows else h.attention
        key = (bool(h.biases) and (index == 0 or h.bias_all), index in h.sparse, attention)
        if key not in blocks:
            blocks[key] = _layer(h._replace(attention=attention), x.shape, memory, key[0], sparse=key[1])
        x = t.layer(f"{path}{h.stack}.{index}", blocks[key], x, *more)
    if x.shape != given:
        x = t.mix(x, shape=given)
    return t.norm(path + h.final_norm, x, bias=h.norm_bias, role="final_norm") if h.final_norm else x


def _layer(h: Half, shape: Shape, memory: Value | None, biased: bool, *, sparse: bool = False) -> Block:
    t = Block(shape) if memory is None else Block(shape, memory.shape)
    x = t.inputs[0]

    def norm(name: str, value: Value) -> Value:
        return t.norm(name, value, bias=h.norm_bias)

    beside = None
    if biased:
        table = f"{h.attention.name}.relative_attention_bias"
        rows, heads = h.biases
        beside = t.embedding(table, rows, heads, (shape[1],))
        if h.more_bias:
            t.embedding(f"{h.attention.name}.{h.more_bias}", rows, heads, (1,))
    if h.cross is not None and memory is None:
        # Weights that are there and run over nothing.
        idle = t.mix(x, shape=(shape[0], 0, x.width), detached=True)
        norm(h.cross_norm, attend(t, idle, h.cross, idle))
        h = h._replace(cross=None)
    if h.after:
        x = norm(h.attn_norm, t.mix(x, attend(t, x, h.attention)))
        if h.cross is not None:
            x = norm(h.cross_norm, t.mix(x, attend(t, x, h.cross, t.inputs[1])))
        return t.ends(norm(h.mlp_norm, t.mix(x, feed_forward(t, x, h.mlp))))
    x = t.mix(x, attend(t, norm(h.attn_norm, x), h.attention, None, beside))
    if h.cross is not None:
        x = t.mix(x, attend(t, norm(h.cross_norm, x), h.cross, t.inputs[1]))
    inner = norm(h.mlp_norm, x)
    if sparse and h.routed is not None:
        return t.ends(t.mix(x, route(t, inner, h.routed)))
    return t.ends(t.mix(x, feed_forward(t, inner, h.mlp)))
