# SPDX-License-Identifier: Apache-2.0
"""Encoder-decoder models: T5 and its kin, BART and its kin, Whisper. Layout and defaults of transformers 5.23."""

from typing import NamedTuple, Protocol

from core.compute.architectures import Request
from core.compute.architectures.config import Config
from core.compute.architectures.parts import (
    Attention,
    Experts,
    FeedForward,
    Mixer,
    attend,
    feed_forward,
    route,
)
from core.compute.layers import Block, Shape, Value
from core.compute.notes import note, refuse


class Windowed(Mixer, Protocol):
    """Attention of its own kind in an encoder."""

    @property
    def name(self) -> str:
        """Path inside the layer."""
        ...

    @property
    def heads(self) -> int:
        """Number of heads."""
        ...


class Half(NamedTuple):
    """One half. Names hold what differs; `bias_rows` > 0 puts a table of relative positions into the first layer,
    or into all with `bias_all`. `after`: norms follow the sums. `cross` only in a decoder. `step`: the sequence is padded
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
    bias_rows: int = 0
    bias_all: bool = False
    more_bias: str = ""
    step: int = 1
    sparse: tuple[int, ...] = ()
    routed: Experts | None = None
    windows: tuple[Windowed, ...] = ()


class Pair(NamedTuple):
    """A whole model: both halves over one shared word table (none for audio: `mel` bins come in).
    `apart`: each half has a table of its own, and the shared one, when there is one (`spare`), is left over.
    `decoder_vocab` > 0: the decoder's table has so many rows."""

    hidden: int
    vocab: int
    encoder: Half
    decoder: Half
    tied: bool = True
    prefix: str = "model"
    shared: str = "shared"
    head: str = "lm_head"
    mel: int = 0
    apart: bool = False
    spare: bool = True
    decoder_vocab: int = 0


def build(request: Request) -> Block:
    """The layer table of an encoder-decoder, with or without its output head."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not request.model_class:
        request.config.notes.append(note("head", head="ForConditionalGeneration"))
    return assemble(_TYPES[request.model_type](request.config), request)


_HEADS = (
    ("ForConditionalGeneration", "lm"),
    ("MTModel", "lm"),
    ("LMHeadModel", "lm"),
    ("ForCausalLM", "causal"),
    ("ForAudioClassification", "sound"),
    ("ForSequenceClassification", "sequence"),
    ("ForTokenClassification", "token"),
    ("ForQuestionAnswering", "question"),
    ("EncoderModel", "encoder"),
    ("Model", "none"),
)


def _head_of(request: Request) -> str:
    name = request.model_class
    for ending, head in (("", "lm"),) if not name else _HEADS:
        if name.endswith(ending):
            return head
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)


def _path(m: Pair, head: str) -> str:
    """Where the names of the halves begin: T5's classes wrap a whole model only to classify."""
    if head in ("none", "encoder"):
        return ""
    if not m.prefix:
        return "transformer." if head in ("sequence", "token") else ""
    return f"{m.prefix}."


def assemble(m: Pair, request: Request) -> Block:
    """Lay out `m` for the request's batch, with the head its class name says."""
    inputs, head = request.inputs, _head_of(request)
    if head in ("causal", "sound"):
        if not m.prefix or (head == "sound" and not m.mel):
            raise refuse("unknown_class", model_class=request.model_class, model_type=request.model_type)
        from core.compute.architectures import seq2seq_halves

        alone = seq2seq_halves.decoder_alone if head == "causal" else seq2seq_halves.sound_classes
        return alone(m, request)
    path = _path(m, head)
    length = inputs.decoder_len or inputs.seq_len or 1
    t = Block()
    if m.mel:
        x = sound(t, m, request, path)
        words = f"{path}decoder.embed_tokens"
    else:
        words = f"{path}{m.shared}"
        own = f"{path}encoder.embed_tokens" if m.apart else words
        if m.apart and m.spare:
            t.free(words, (1,), count=m.vocab * m.hidden)
        x = t.embedding(own, m.vocab, m.hidden, (inputs.batch, inputs.encoder_len or inputs.seq_len or 1))
    memory = half_of(t, m.encoder, x, path)
    if head == "encoder":
        return t.ends(memory)
    if head == "token":
        out = request.config.labels()
        return t.ends(t.linear("classifier", memory, out, bias=True, label="output head", role="head"))
    positions = (inputs.batch, length)
    again = "" if m.mel or m.apart else words
    own, count = f"{path}decoder.embed_tokens", m.decoder_vocab or m.vocab
    y = t.embedding(own, count, m.hidden, positions, shares=again)
    y = half_of(t, m.decoder, y, path, memory)
    if head == "lm":
        shares = (own if m.apart else words) if m.tied else ""
        y = t.linear(m.head, y, count, shares=shares, label="output head", role="head")
    elif head == "question":
        y = t.linear("qa_outputs", y, 2, bias=True, label="output head", role="head")
    elif head == "sequence":
        # The last token of each text is classified.
        y, label = t.mix(y, shape=(inputs.batch, m.hidden)), "output head"
        y = t.linear("classification_head.dense", y, m.hidden, bias=True, label=label, role="head")
        out = request.config.labels()
        y = t.linear("classification_head.out_proj", y, out, bias=True, label=label, role="head")
    return t.ends(y)


def sound(t: Block, m: Pair, request: Request, path: str) -> Value:
    """A spectrogram through Whisper's two convolutions, which halve its frames."""
    x = t.given((request.inputs.batch, request.inputs.mel_frames or 2 * m.encoder.positions, m.mel))
    x = t.mix(t.conv(f"{path}encoder.conv1", x, m.hidden, kernel=(3,), padding=1), keeps=True)
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
        key = (bool(h.bias_rows) and (index == 0 or h.bias_all), index in h.sparse, attention)
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
        beside = t.embedding(table, h.bias_rows, h.attention.heads, (shape[1],))
        if h.more_bias:
            t.embedding(f"{h.attention.name}.{h.more_bias}", h.bias_rows, h.attention.heads, (1,))
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


def t5_like(c: Config, defaults: dict[str, object], *, bias_all: bool = False) -> Pair:
    """T5\'s shape; `bias_all`: a table of relative positions in every layer."""
    aliases = {
        "hidden_size": "d_model",
        "num_hidden_layers": "num_layers",
        "num_attention_heads": "num_heads",
    }
    c.use({"relative_attention_num_buckets": 32, "d_kv": 64, **defaults}, {**aliases, "d_kv": "head_dim"})
    hidden, layers, heads, size = (
        c.count("hidden_size"),
        c.layers(),
        c.count("num_attention_heads"),
        c.count("d_kv"),
    )
    act = c.word("feed_forward_proj", "relu")
    # The flag is derived from the name, but a file that holds it overrides that (configuration_t5.py).
    gated = c.flag("is_gated_act", act.startswith("gated"))
    a = Attention(
        heads, heads, size, name="layer.0.SelfAttention", names=("q", "k", "v"), out="o", causal=False
    )
    mlp = FeedForward(
        c.count("d_ff"),
        name="layer.1.DenseReluDense",
        ups=("wi_0", "wi_1") if gated else ("wi",),
        down="wo",
        gated=gated,
    )
    encoder = Half(
        "encoder",
        layers,
        a,
        mlp,
        "layer.0.layer_norm",
        "layer.1.layer_norm",
        stack="block",
        norm_bias=False,
        final_norm="final_layer_norm",
        bias_rows=c.count("relative_attention_num_buckets"),
        bias_all=bias_all,
    )
    decoder = encoder._replace(
        name="decoder",
        layers=c.count("num_decoder_layers", layers, high=10_000),
        attention=a._replace(causal=True),
        cross=a._replace(name="layer.1.EncDecAttention"),
        cross_norm="layer.1.layer_norm",
        mlp=mlp._replace(name="layer.2.DenseReluDense"),
        mlp_norm="layer.2.layer_norm",
    )
    return Pair(
        hidden, c.count("vocab_size"), encoder, decoder, c.flag("tie_word_embeddings", True), prefix=""
    )


def t5(c: Config) -> Pair:
    """t5 (also flan-t5, byt5)."""
    return t5_like(
        c,
        {
            "vocab_size": 32128,
            "hidden_size": 512,
            "d_ff": 2048,
            "num_hidden_layers": 6,
            "num_attention_heads": 8,
        },
    )


_MT5: dict[str, object] = {
    "vocab_size": 250112,
    "hidden_size": 512,
    "d_ff": 1024,
    "num_hidden_layers": 8,
    "num_attention_heads": 6,
    "feed_forward_proj": "gated-gelu",
}


def mt5(c: Config) -> Pair:
    """mt5."""
    return t5_like(c, _MT5)


def umt5(c: Config) -> Pair:
    """umt5: a table of relative positions in each layer."""
    return t5_like(c, _MT5, bias_all=True)


def bart_half(c: Config, side: str, hidden: int, **more: object) -> Half:
    """One half of BART's shape, by the keys that begin with `side`."""
    heads = c.count(f"{side}_attention_heads")
    size = c.share("d_model", hidden, heads)
    a = Attention(heads, heads, size, out="out_proj", biases=(True,) * 4, causal=side == "decoder")
    mlp = FeedForward(c.count(f"{side}_ffn_dim"), name="", ups=("fc1",), down="fc2", gated=False, bias=True)
    layers = c.layers(f"{side}_layers")
    half = Half(side, layers, a, mlp, "self_attn_layer_norm", "final_layer_norm")
    if side == "decoder":
        cross = a._replace(name="encoder_attn", causal=False)
        half = half._replace(cross=cross, cross_norm="encoder_attn_layer_norm")
    return half._replace(**more)  # type: ignore[arg-type]


def bart_like(c: Config, defaults: dict[str, object], *, extra: int = 0, **half: object) -> Pair:
    """BART's shape; `extra` spare position rows; `half` fields are those of both halves."""
    usual = {"vocab_size": 50265, "d_model": 1024, "max_position_embeddings": 1024}
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in _SIDE.items()}
    c.use({**usual, **sides, **defaults}, {"d_model": "hidden_size"})
    hidden = c.count("d_model")
    rows = c.count("max_position_embeddings") + extra if half.pop("has_positions", True) else 0
    encoder, decoder = (bart_half(c, side, hidden, positions=rows, **half) for side in ("encoder", "decoder"))
    tied = c.flag("tie_word_embeddings", True)
    return Pair(hidden, c.count("vocab_size"), encoder, decoder, tied, apart=not tied)


_SIDE: dict[str, object] = {"layers": 12, "ffn_dim": 4096, "attention_heads": 16}


def bart(c: Config) -> Pair:
    """bart: norms after the sums."""
    return bart_like(c, {}, extra=2, after=True, embed_norm="layernorm_embedding")


def mbart(c: Config) -> Pair:
    """mbart: norms before, and one at the end of each half."""
    return bart_like(c, {}, extra=2, embed_norm="layernorm_embedding", final_norm="layer_norm")


def marian(c: Config) -> Pair:
    """marian: sine positions stored as a table that is never trained; the halves may have words of their own."""
    pair = bart_like(c, {"vocab_size": 58101}, after=True, fixed_positions=True)
    if c.flag("share_encoder_decoder_embeddings", True):
        return pair
    count = c.count("decoder_vocab_size", pair.vocab)
    return pair._replace(apart=True, spare=False, decoder_vocab=count)


def pegasus(c: Config) -> Pair:
    """pegasus."""
    return bart_like(c, {}, final_norm="layer_norm", fixed_positions=True)


def blenderbot(c: Config) -> Pair:
    """blenderbot."""
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in _BLENDERBOT.items()}
    more: dict[str, object] = {"vocab_size": 8008, "d_model": 2560, "max_position_embeddings": 128}
    return bart_like(c, {**sides, **more, "encoder_layers": 2, "decoder_layers": 24}, final_norm="layer_norm")


_BLENDERBOT: dict[str, object] = {"ffn_dim": 10240, "attention_heads": 32}


def m2m_100(c: Config) -> Pair:
    """m2m_100 (also NLLB): sine positions that are not stored."""
    return bart_like(c, {"vocab_size": 128112}, final_norm="layer_norm", has_positions=False)


def whisper(c: Config) -> Pair:
    """whisper: two convolutions over the spectrogram; keys have no bias; the encoder's positions stay fixed."""
    sides = {f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in _WHISPER.items()}
    more: dict[str, object] = {"vocab_size": 51865, "d_model": 384, "num_mel_bins": 80}
    places: dict[str, object] = {"max_source_positions": 1500, "max_target_positions": 448}
    c.use({**sides, **more, **places}, {"d_model": "hidden_size"})
    hidden = c.count("d_model")
    halves = []
    for side, rows in (("encoder", "max_source_positions"), ("decoder", "max_target_positions")):
        half = bart_half(c, side, hidden, positions=c.count(rows), final_norm="layer_norm")
        biases = (True, False, True, True)
        if isinstance(half.attention, Attention):
            half = half._replace(attention=half.attention._replace(biases=biases))
        if half.cross is not None:
            half = half._replace(cross=half.cross._replace(biases=biases))
        halves.append(half)
    return Pair(
        hidden,
        c.count("vocab_size"),
        halves[0]._replace(fixed_positions=True),
        halves[1],
        c.flag("tie_word_embeddings", True),
        head="proj_out",
        mel=c.count("num_mel_bins"),
    )


_WHISPER: dict[str, object] = {"layers": 4, "ffn_dim": 1536, "attention_heads": 6}

_TYPES = {
    "bart": bart,
    "blenderbot": blenderbot,
    "m2m_100": m2m_100,
    "marian": marian,
    "mbart": mbart,
    "mt5": mt5,
    "pegasus": pegasus,
    "t5": t5,
    "umt5": umt5,
    "whisper": whisper,
}
