# SPDX-License-Identifier: Apache-2.0
"""Encoder-decoders with attention in windows (LED, BigBird-Pegasus, LongT5) or with experts (Switch).

Defaults and layout are those of transformers 5.23 (modeling_*.py).
"""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.architectures.config import Config
from core.compute.architectures.encoder_mixers import BigBird, Longformer
from core.compute.architectures.encoder_more import windows_of
from core.compute.architectures.parts import Attention, Experts
from core.compute.architectures.request import Request
from core.compute.architectures.seq2seq import Half, Pair
from core.compute.architectures.seq2seq_heads import assemble
from core.compute.architectures.seq2seq_types import bart_like, t5_like
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse

_LABEL = "attention"


def build(request: Request) -> Block:
    """The layer table of one of these models, with or without its output head."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not request.model_class:
        request.config.notes.append(note("head", head="ForConditionalGeneration"))
    length = request.inputs.encoder_len or request.inputs.seq_len or 1
    pair = _TYPES[request.model_type](request.config, length)
    return assemble(pair, request)


def led(c: Config, length: int) -> Pair:
    """led: longformer's attention in the encoder."""
    rows = {"max_encoder_position_embeddings": 16384, "max_decoder_position_embeddings": 1024}
    pair = bart_like(c, {**rows, "attention_window": 512}, after=True, embed_norm="layernorm_embedding")
    windows = windows_of(c, "attention_window", pair.encoder.layers)
    named = {"name": "self_attn", "inner": "longformer_self_attn", "after": "output"}
    step = max(windows)
    if length % step:
        c.notes.append(note("padded", length=step * -(-length // step)))
    encoder = pair.encoder._replace(
        windows=tuple(Longformer(one, **named) for one in windows),  # type: ignore[arg-type]
        step=step,
        positions=c.count("max_encoder_position_embeddings"),
    )
    decoder = pair.decoder._replace(positions=c.count("max_decoder_position_embeddings"))
    return pair._replace(encoder=encoder, decoder=decoder, prefix="led")


def bigbird_pegasus(c: Config, length: int) -> Pair:
    """bigbird_pegasus: BigBird's attention in the encoder, once a text is long enough for it."""
    usual = {"vocab_size": 96103, "max_position_embeddings": 4096, "encoder_layers": 16, "decoder_layers": 16}
    sparse = {"block_size": 64, "num_random_blocks": 3, "attention_type": "block_sparse"}
    pair = bart_like(c, {**usual, **sparse}, final_norm="layernorm_embedding")
    block, random, bias = c.count("block_size"), c.count("num_random_blocks"), c.flag("use_bias")
    full = c.word("attention_type") == "original_full" or length <= (5 + 2 * random) * block
    mixer = BigBird(block, random, bias, full, "self_attn", "self", "output", out_bias=bias)
    if not full and length % block:
        c.notes.append(note("padded", length=block * -(-length // block)))
    encoder = pair.encoder._replace(attention=mixer, step=1 if full else block)
    decoder = pair.decoder
    biases = (bias,) * 4
    if isinstance(decoder.attention, Attention) and decoder.cross is not None:
        attention = decoder.attention._replace(biases=biases)
        decoder = decoder._replace(attention=attention, cross=decoder.cross._replace(biases=biases))
    return pair._replace(encoder=encoder, decoder=decoder)


class Local(NamedTuple):
    """LongT5's attention: each block of tokens sees itself and both neighbours. `marks` > 0: and one summary for
    every so many tokens of the whole text."""

    name: str
    heads: int
    size: int
    block: int
    marks: int

    def run(self, t: Block, x: Value) -> Value:
        """Add the layer to `t`."""
        path, wide = f"{self.name}.", self.heads * self.size
        q, k, v = (t.linear(path + name, x, wide) for name in "qkv")
        batch, length = x.shape[0], x.shape[1]
        rows = batch * self.block * -(-length // self.block)
        keys = 3 * self.block
        if self.marks:
            count = length // self.marks
            keys += count
            k, v = self._summaries(t, x, k, v, count)
        scores = t.products(_LABEL, q, k, flop=2 * rows * keys * wide)
        mixed = t.products(_LABEL, scores, v, flop=2 * rows * keys * wide, shape=q.shape)
        return t.linear(f"{path}o", mixed, x.width)

    def _summaries(self, t: Block, x: Value, k: Value, v: Value, count: int) -> tuple[Value, Value]:
        batch, length = x.shape[0], x.shape[1]
        shape = (batch, count, x.width)
        side = t.products(_LABEL, x, flop=2 * batch * length * count * x.width, shape=shape)
        side = t.norm(f"{self.name}.global_input_layer_norm", side)
        # The same layers as for the tokens, run a second time.
        again = Block(shape)
        more = [again.linear(name, again.inputs[0], k.width) for name in "kv"]
        again.ends(*more)
        marks = t.call(self.name, again, side, layer=False, again=True)
        return t.mix(k, marks[0], shape=k.shape), t.mix(v, marks[1], shape=v.shape)


def longt5(c: Config, length: int) -> Pair:
    """longt5: attention in windows in the encoder."""
    more: dict[str, object] = {"local_radius": 127, "global_block_size": 16}
    pair = t5_like(c, {**_T5, **more})
    marked = c.word("encoder_attention_type", "local") == "transient-global"
    name = "layer.0.TransientGlobalSelfAttention" if marked else "layer.0.LocalSelfAttention"
    marks = min(c.count("global_block_size"), length) if marked else 0
    heads, size = c.count("num_attention_heads"), c.count("d_kv")
    mixer = Local(name, heads, size, c.count("local_radius") + 1, marks)
    encoder = pair.encoder._replace(
        attention=mixer, more_bias="global_relative_attention_bias" if marked else ""
    )
    return pair._replace(encoder=encoder)


_T5: dict[str, object] = {
    "vocab_size": 32128,
    "hidden_size": 512,
    "d_ff": 2048,
    "num_hidden_layers": 6,
    "num_attention_heads": 8,
}


def switch(c: Config, _length: int) -> Pair:
    """switch_transformers: in some layers one of several feed-forwards runs for each token."""
    sizes: dict[str, object] = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12}
    sparse: dict[str, object] = {
        "num_sparse_encoder_layers": 3,
        "num_sparse_decoder_layers": 3,
        "num_experts": 8,
        "num_decoder_layers": 12,
        "expert_capacity": 64,
    }
    pair = t5_like(c, {**_T5, **sizes, **sparse})
    c.notes.append(note("capacity", tokens=c.count("expert_capacity")))
    halves = []
    for half, place in ((pair.encoder, 1), (pair.decoder, 2)):
        name = f"layer.{place}.mlp"
        routed = Experts(
            c.count("num_experts"),
            1,
            half.mlp.width,
            name=name,
            router="router.classifier",
            router_bias=c.flag("router_bias"),
            up="experts.wi",
            down="experts.wo",
            gated=False,
            # Tokens beyond the room of their expert pass by; how many that are depends on the text.
            most=c.count("num_experts") * c.count("expert_capacity"),
        )
        mlp = half.mlp._replace(name=name, ups=("wi",), gated=False)
        halves.append(half._replace(mlp=mlp, routed=routed, sparse=_sparse(c, half)))
    return pair._replace(encoder=halves[0], decoder=halves[1])


def _sparse(c: Config, half: Half) -> tuple[int, ...]:
    """Every so many layers have experts, beginning with the second."""
    count = c.count(f"num_sparse_{half.name}_layers", low=0)
    step = half.layers // count if count else half.layers
    if c.has(f"{half.name}_sparse_step"):
        step = c.count(f"{half.name}_sparse_step", low=0)
    if step == 1:
        return tuple(range(half.layers))
    return tuple(range(1, half.layers, step)) if step else ()


_TYPES: dict[str, Callable[[Config, int], Pair]] = {
    "bigbird_pegasus": bigbird_pegasus,
    "led": led,
    "longt5": longt5,
    "switch_transformers": switch,
}
