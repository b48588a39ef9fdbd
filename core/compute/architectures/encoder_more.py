# SPDX-License-Identifier: Apache-2.0
"""Text encoders whose layers are not plain attention, as data. Defaults and layout of transformers 5.23."""

from collections.abc import Callable

from core.compute.architectures.config import MOST_LAYERS, Config
from core.compute.architectures.decoder import Layer
from core.compute.architectures.encoder import Encoder, assemble, body
from core.compute.architectures.encoder_mixers import (
    BigBird,
    ConvBert,
    Grouped,
    Longformer,
    NoMixer,
    Nystrom,
    Squeeze,
    SqueezeForward,
    Unseen,
)
from core.compute.architectures.encoder_types import plain
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse

_TWO_LAYERS = ("classifier.dense", "classifier.out_proj")
_ROBERTA_MLM = ("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder")
BASE: dict[str, object] = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
}


def build(request: Request) -> Block:
    """The layer table of one of these encoders with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    e = _TYPES[request.model_type](request)
    return assemble(e, request, _padded(request) if request.model_type in _PADDED else None)


def _same(e: Encoder, **layer: object) -> Encoder:
    """All layers of `e` changed in the same way."""
    return e._replace(stack=(e.stack[0]._replace(**layer),) * len(e.stack))  # type: ignore[arg-type]


def _head_size(c: Config) -> tuple[int, int]:
    heads = c.count("num_attention_heads")
    return heads, c.share("hidden_size", c.count("hidden_size"), heads)


def convbert(request: Request) -> Encoder:
    """convbert."""
    c = request.config
    more: dict[str, object] = {"embedding_size": 768, "head_ratio": 2, "conv_kernel_size": 9, "num_groups": 1}
    c.use({**BASE, **more})
    e = plain(c, "convbert")
    heads = max(1, c.count("num_attention_heads") // c.count("head_ratio"))
    size = c.share("hidden_size", c.count("hidden_size"), heads) // 2
    groups, width = c.count("num_groups"), c.count("embedding_size")
    e = _same(e, attention=ConvBert(heads, max(1, size), c.count("conv_kernel_size")))
    if groups > 1:
        e = _same(e, mlp=Grouped(c.count("intermediate_size"), groups))
    return e._replace(
        embed_width=width,
        widen="embeddings_project" if width != e.hidden else "",
        pooler="",
        classify=_TWO_LAYERS,
        mlm=("generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head"),
        spare_bias=False,
        choice_dense=False,
    )


def fnet(request: Request) -> Encoder:
    """fnet: a Fourier transform in place of attention."""
    c = request.config.use({**BASE, "vocab_size": 32000, "type_vocab_size": 4, "num_attention_heads": 1})
    e = plain(c, "fnet")
    e = _same(e, attention=NoMixer(), attn_norm="fourier.output.LayerNorm")
    return e._replace(widen="embeddings.projection", always_pools=True)


def nystromformer(request: Request) -> Encoder:
    """nystromformer."""
    c = request.config
    more: dict[str, object] = {"vocab_size": 30000, "max_position_embeddings": 510}
    marks: dict[str, object] = {"segment_means_seq_len": 64, "num_landmarks": 64, "conv_kernel_size": 65}
    c.use({**BASE, **more, **marks})
    e = plain(c, "nystromformer")
    kernel = c.count("conv_kernel_size", 0, low=0)
    heads, size = _head_size(c)
    mixer = Nystrom(heads, size, kernel, c.count("num_landmarks"), c.count("segment_means_seq_len"))
    rows = c.count("max_position_embeddings") + 2
    tables = (("embeddings.position_embeddings", rows), *e.tables[1:])
    return _same(e, attention=mixer)._replace(pooler="", classify=_TWO_LAYERS, tables=tables)


def mra(request: Request) -> Encoder:
    """mra: its sparse attention runs in a kernel of its own, which PyTorch's counter cannot see; nor is it here."""
    c = request.config.use({**BASE, "vocab_size": 50265, "type_vocab_size": 1})
    c.notes.append(note("unseen"))
    e = plain(c, "mra")
    heads, size = _head_size(c)
    rows = c.count("max_position_embeddings") + 2
    tables = (("embeddings.position_embeddings", rows), *e.tables[1:])
    return _same(e, attention=Unseen(heads * size))._replace(pooler="", classify=_TWO_LAYERS, tables=tables)


def squeezebert(request: Request) -> Encoder:
    """squeezebert."""
    c = request.config
    names = ("q", "k", "v", "post_attention", "intermediate", "output")
    usual: dict[str, object] = {f"{name}_groups": 1 if name == "post_attention" else 4 for name in names}
    c.use({**BASE, **usual})
    e = plain(c, "transformer")
    hidden, width = e.hidden, c.count("intermediate_size")
    q, k, v, after, up, down = (c.count(f"{name}_groups") for name in names)
    for groups, size in ((q, hidden), (k, hidden), (v, hidden), (after, hidden), (up, width), (down, width)):
        c.share("groups", size, groups)
    e = _same(
        e,
        attention=Squeeze((q, k, v), after),
        mlp=SqueezeForward(width, (up, down)),
        attn_norm="post_attention.layernorm",
        mlp_norm="output.layernorm",
    )
    return e._replace(layers="encoder.layers", always_pools=True)


def roformer(request: Request) -> Encoder:
    """roformer: sine positions turned into the queries and keys; their table is never trained."""
    c = request.config.use({**BASE, "vocab_size": 50000, "max_position_embeddings": 1536})
    e = plain(c, "roformer")
    width = c.count("embedding_size", e.hidden)
    return e._replace(
        tables=e.tables[1:],
        embed_width=width,
        widen="embeddings_project" if width != e.hidden else "",
        pooler="",
        classify=_TWO_LAYERS,
        choice_dense=False,
        fixed=(("encoder.embed_positions", c.count("max_position_embeddings") * _head_size(c)[1]),),
    )


def eurobert(request: Request) -> Encoder:
    """eurobert: llama's layers, seeing both sides."""
    c = request.config
    more: dict[str, object] = {"vocab_size": 128256, "max_position_embeddings": 8192}
    c.use({**BASE, **more})
    heads, hidden = c.count("num_attention_heads"), c.count("hidden_size")
    kv_heads = c.count("num_key_value_heads", heads)
    c.share("num_attention_heads", heads, kv_heads)
    size = c.count("head_dim", max(1, hidden // heads))
    bias = c.flag("attention_bias")
    a = Attention(heads, kv_heads, size, biases=(bias,) * 4, causal=False)
    layer = Layer(a, FeedForward(c.count("intermediate_size"), bias=c.flag("mlp_bias")))
    return Encoder(
        hidden=hidden,
        vocab=c.count("vocab_size"),
        stack=(layer,) * c.layers(),
        prefix="model",
        tied=c.flag("tie_word_embeddings"),
        layers="layers",
        word="embed_tokens",
        embed_norm="",
        final_norm="norm",
        norm_bias=False,
        pooler="",
        classify=("dense", "classifier"),
        mlm=("", "", "lm_head"),
        mlm_biases=(False, c.flag("mlp_bias")),
        spare_bias=False,
        late=c.word("classifier_pooling", "late") == "late",
    )


def big_bird(request: Request) -> Encoder:
    """big_bird: short sequences run with full attention, longer ones with its sparse pattern."""
    c = request.config
    more: dict[str, object] = {"vocab_size": 50358, "max_position_embeddings": 4096}
    c.use({**BASE, **more, "block_size": 64, "num_random_blocks": 3, "attention_type": "block_sparse"})
    e = plain(c, "bert")
    block, random = c.count("block_size"), c.count("num_random_blocks")
    full = (
        c.word("attention_type") == "original_full"
        or (request.inputs.seq_len or 1) <= (5 + 2 * random) * block
    )
    e = _same(e, attention=BigBird(block, random, c.flag("use_bias", True), full))
    return e._replace(
        pooler="pooler",
        classify=_TWO_LAYERS,
        choice_dense=False,
        always_pools=True,
        question=c.count("intermediate_size"),
    )


def longformer(request: Request) -> Encoder:
    """longformer: sequences are padded to whole windows; a classifier's first token sees everything, and so do the words of a question."""
    c = request.config.use({**BASE, "attention_window": 512})
    e = plain(c, "longformer")
    windows = windows_of(c, "attention_window", len(e.stack))
    layer = e.stack[0]
    answers = request.model_class.endswith("ForQuestionAnswering")
    if answers:
        c.notes.append(note("question"))
    marked = answers or request.model_class.endswith("ForSequenceClassification")
    return e._replace(
        stack=tuple(layer._replace(attention=Longformer(one, marked)) for one in windows),
        classify=_TWO_LAYERS,
        mlm=_ROBERTA_MLM,
    )


def windows_of(c: Config, key: str, layers: int) -> tuple[int, ...]:
    """One even window per layer, from a number or a list. Raises BadConfig when there are too few."""
    if isinstance(c.get(key), int):
        given: tuple[int, ...] = (c.count(key, low=2),) * layers
    else:
        given = c.counts(key, low=2, most=MOST_LAYERS) or ()
    if len(given) < layers or any(one % 2 for one in given):
        raise refuse("not_list", key=key, value=c.get(key), count=layers)
    return given[:layers]


def _padded(request: Request) -> Callable[[Block, Encoder, tuple[int, int], str], Value]:
    """Layers that run on the sequence padded to whole blocks, heads on the sequence itself."""
    c = request.config

    def inside(t: Block, e: Encoder, positions: tuple[int, int], path: str) -> Value:
        mixer = e.stack[0].attention
        if isinstance(mixer, BigBird):
            step = 1 if mixer.full else mixer.block
        else:
            step = max(one.attention.window for one in e.stack if isinstance(one.attention, Longformer))
        batch, length = positions
        whole = step * -(-length // step)
        if whole != length:
            c.notes.append(note("padded", length=whole))
        x = body(t, e, (batch, whole), path)
        return t.mix(x, shape=(batch, length, e.hidden))

    return inside


_PADDED = ("big_bird", "longformer")
_TYPES: dict[str, Callable[[Request], Encoder]] = {
    "big_bird": big_bird,
    "convbert": convbert,
    "eurobert": eurobert,
    "fnet": fnet,
    "longformer": longformer,
    "mra": mra,
    "nystromformer": nystromformer,
    "roformer": roformer,
    "squeezebert": squeezebert,
}
