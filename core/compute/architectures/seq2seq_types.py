# SPDX-License-Identifier: Apache-2.0
"""T5 and its kin, BART and its kin, Whisper: what their configurations say. Defaults of transformers 5.23."""

from core.compute.architectures.config import Config
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.request import Request
from core.compute.architectures.seq2seq import Half, Pair
from core.compute.architectures.seq2seq_heads import assemble
from core.compute.layers import Block
from core.compute.notes import note, refuse


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
        biases=(c.count("relative_attention_num_buckets"), heads),
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
    pair = pair._replace(decoder_vocab=c.count("decoder_vocab_size", pair.vocab))
    if c.flag("share_encoder_decoder_embeddings", True):
        return pair
    return pair._replace(apart=True, spare=False)


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


def build(request: Request) -> Block:
    """The layer table of an encoder-decoder, with or without its output head."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    if not request.model_class:
        request.config.notes.append(note("head", head="ForConditionalGeneration"))
    return assemble(_TYPES[request.model_type](request.config), request)
