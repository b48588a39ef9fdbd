# SPDX-License-Identifier: Apache-2.0
"""Text encoder model types as data. Defaults and layout are those of transformers 5.23."""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import MOST_LAYERS, Config
from core.compute.architectures.decoder import Layer
from core.compute.architectures.encoder import Encoder, assemble
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.request import Request
from core.compute.layers import Block
from core.compute.notes import refuse

_FOUR = (True, True, True, True)
_SELF = ("attention.self.query", "attention.self.key", "attention.self.value")
_ROBERTA_MLM = ("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder")
_TWO_LAYERS = ("classifier.dense", "classifier.out_proj")


def _defaults(
    vocab: int | None, hidden: int, layers: int, heads: int, width: int, **more: object
) -> Mapping[str, object]:
    named = {
        "vocab_size": vocab,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "intermediate_size": width,
    }
    return {
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        **named,
        "num_attention_heads": heads,
        **more,
    }


def _attention(c: Config, **more: object) -> Attention:
    heads = c.count("num_attention_heads")
    size = c.share("hidden_size", c.count("hidden_size"), heads)
    plain = Attention(
        heads, heads, size, name="", names=_SELF, out="attention.output.dense", biases=_FOUR, causal=False
    )
    return plain._replace(**more)  # type: ignore[arg-type]


def _layer(c: Config) -> Layer:
    """BERT's layer: norms after the sums."""
    mlp = FeedForward(
        c.count("intermediate_size"),
        name="",
        ups=("intermediate.dense",),
        down="output.dense",
        gated=False,
        bias=True,
    )
    return Layer(
        _attention(c),
        mlp,
        attn_norm="attention.output.LayerNorm",
        mlp_norm="output.LayerNorm",
        after=True,
        norm_bias=True,
    )


def _encoder(c: Config, layer: Layer, prefix: str, **more: object) -> Encoder:
    if "tables" not in more:  # else a default that the class does not have would be noted
        more["tables"] = _tables(c)
    e = Encoder(
        hidden=c.count("hidden_size"),
        vocab=c.count("vocab_size"),
        stack=(layer,) * c.layers(),
        prefix=prefix,
        tied=c.flag("tie_word_embeddings", True),
    )
    return e._replace(**more)  # type: ignore[arg-type]


def _tables(c: Config) -> tuple[tuple[str, int], ...]:
    kinds = c.count("type_vocab_size", 0, low=0)
    positions = ("embeddings.position_embeddings", c.count("max_position_embeddings"))
    return (positions, ("embeddings.token_type_embeddings", kinds)) if kinds else (positions,)


def plain(c: Config, prefix: str) -> Encoder:
    """BERT's layers with the defaults already set in `c` (text towers of other models)."""
    return _encoder(c, _layer(c), prefix)


def bert(c: Config) -> Encoder:
    """bert."""
    c.use(_defaults(30522, 768, 12, 12, 3072))
    return _encoder(c, _layer(c), "bert")


def _roberta(vocab: int) -> Callable[[Config], Encoder]:
    def read(c: Config) -> Encoder:
        c.use(_defaults(vocab, 768, 12, 12, 3072))
        return _encoder(c, _layer(c), "roberta", mlm=_ROBERTA_MLM, classify=_TWO_LAYERS)

    return read


def ernie(c: Config) -> Encoder:
    """ernie: bert with a table of tasks when it is used."""
    c.use(_defaults(30522, 768, 12, 12, 3072, task_type_vocab_size=3))
    e = _encoder(c, _layer(c), "ernie")
    if not c.flag("use_task_id"):
        return e
    task = ("embeddings.task_type_embeddings", c.count("task_type_vocab_size"))
    return e._replace(tables=(*e.tables, task))


def layoutlm(c: Config) -> Encoder:
    """layoutlm: bert with tables for the place on the page."""
    c.use(_defaults(30522, 768, 12, 12, 3072, max_2d_position_embeddings=1024))
    e = _encoder(c, _layer(c), "layoutlm")
    rows = c.count("max_2d_position_embeddings")
    place = tuple((f"embeddings.{side}_position_embeddings", rows) for side in "xyhw")
    return e._replace(tables=(*e.tables, *place), always_pools=True)


def electra(c: Config) -> Encoder:
    """electra: narrower embeddings, no pooler."""
    c.use(_defaults(30522, 256, 12, 4, 1024, embedding_size=128))
    width = c.count("embedding_size")
    return _encoder(
        c,
        _layer(c),
        "electra",
        embed_width=width,
        widen="embeddings_project" if width != c.count("hidden_size") else "",
        pooler="",
        classify=_TWO_LAYERS,
        mlm=("generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head"),
        spare_bias=False,
        pretrain=("discriminator_predictions.dense", "discriminator_predictions.dense_prediction"),
    )


def rembert(c: Config) -> Encoder:
    """rembert: narrow input and wide output embeddings, not tied."""
    c.use(_defaults(250300, 1152, 32, 18, 4608, input_embedding_size=256, output_embedding_size=1664))
    decoder = "cls.predictions"
    return _encoder(
        c,
        _layer(c),
        "rembert",
        tied=False,
        embed_width=c.count("input_embedding_size"),
        widen="encoder.embedding_hidden_mapping_in",
        mlm=(f"{decoder}.dense", f"{decoder}.LayerNorm", f"{decoder}.decoder"),
        mlm_width=c.count("output_embedding_size"),
        spare_bias=False,
    )


def albert(c: Config) -> Encoder:
    """albert: the layers share the weights of a few groups."""
    c.use(_defaults(30000, 4096, 12, 64, 16384, embedding_size=128, num_hidden_groups=1, inner_group_num=1))
    names = ("attention.query", "attention.key", "attention.value")
    mlp = FeedForward(
        c.count("intermediate_size"), name="", ups=("ffn",), down="ffn_output", gated=False, bias=True
    )
    layer = Layer(
        _attention(c, names=names, out="attention.dense"),
        mlp,
        attn_norm="attention.LayerNorm",
        mlp_norm="full_layer_layer_norm",
        after=True,
        norm_bias=True,
    )
    e = _encoder(
        c,
        layer,
        "albert",
        embed_width=c.count("embedding_size"),
        widen="encoder.embedding_hidden_mapping_in",
        layers="encoder.albert_layer_groups.{}.albert_layers",
        pooler="pooler",
        mlm=("predictions.dense", "predictions.LayerNorm", "predictions.decoder"),
        pretrain=("predictions", "sop_classifier.classifier"),
    )
    inner = c.count("inner_group_num", high=max(1, MOST_LAYERS // len(e.stack)))
    return e._replace(groups=c.count("num_hidden_groups", high=MOST_LAYERS // inner), inner=inner)


def distilbert(c: Config) -> Encoder:
    """distilbert."""
    aliases = {"hidden_size": "dim", "num_attention_heads": "n_heads", "num_hidden_layers": "n_layers"}
    aliases["intermediate_size"] = "hidden_dim"
    c.use(_defaults(30522, 768, 6, 12, 3072), aliases)
    names = ("attention.q_lin", "attention.k_lin", "attention.v_lin")
    mlp = FeedForward(
        c.count("intermediate_size"), name="ffn", ups=("lin1",), down="lin2", gated=False, bias=True
    )
    layer = Layer(
        _attention(c, names=names, out="attention.out_lin"),
        mlp,
        attn_norm="sa_layer_norm",
        mlp_norm="output_layer_norm",
        after=True,
        norm_bias=True,
    )
    return _encoder(
        c,
        layer,
        "distilbert",
        layers="transformer.layer",
        tables=(("embeddings.position_embeddings", c.count("max_position_embeddings")),),
        pooler="",
        classify=("pre_classifier", "classifier"),
        mlm=("vocab_transform", "vocab_layer_norm", "vocab_projector"),
        spare_bias=False,
    )


def mpnet(c: Config) -> Encoder:
    """mpnet: one table of relative position scores for all layers."""
    c.use(_defaults(30527, 768, 12, 12, 3072, relative_attention_num_buckets=32))
    names = ("attention.attn.q", "attention.attn.k", "attention.attn.v")
    layer = _layer(c)._replace(
        attention=_attention(c, names=names, out="attention.attn.o"), attn_norm="attention.LayerNorm"
    )
    return _encoder(
        c,
        layer,
        "mpnet",
        tables=(("embeddings.position_embeddings", c.count("max_position_embeddings")),),
        bias_table=("encoder.relative_attention_bias", c.count("relative_attention_num_buckets")),
        classify=_TWO_LAYERS,
        mlm=_ROBERTA_MLM,
    )


def xlm_roberta_xl(c: Config) -> Encoder:
    """xlm-roberta-xl: norms before the sublayers, one at the end, none on the embeddings."""
    c.use(_defaults(250880, 2560, 36, 32, 10240, max_position_embeddings=514, type_vocab_size=1))
    layer = _layer(c)._replace(attn_norm="attention.self_attn_layer_norm", mlp_norm="LayerNorm", after=False)
    return _encoder(
        c,
        layer,
        "roberta",
        embed_norm="",
        final_norm="encoder.LayerNorm",
        mlm=_ROBERTA_MLM,
        classify=_TWO_LAYERS,
    )


def esm(c: Config) -> Encoder:
    """esm (protein language models): norms before the sublayers; a head for contacts that training leaves alone."""
    c.use(_defaults(None, 768, 12, 12, 3072, max_position_embeddings=1026))
    layer = _layer(c)._replace(attn_norm="attention.LayerNorm", mlp_norm="LayerNorm", after=False)
    kind = c.word("position_embedding_type", "absolute")
    tables = (("embeddings.position_embeddings", c.count("max_position_embeddings")),)
    maps = c.layers() * c.count("num_attention_heads")
    return _encoder(
        c,
        layer,
        "esm",
        tables=tables if kind == "absolute" else (),
        embed_norm="embeddings.layer_norm" if c.flag("emb_layer_norm_before") else "",
        final_norm="encoder.emb_layer_norm_after",
        mlm=_ROBERTA_MLM,
        classify=_TWO_LAYERS,
        idle_layers=(("contact_head.regression", maps, 1, True),),
        spare_bias=False,
    )


def modernbert(c: Config) -> Encoder:
    """modernbert: no norm before the first attention; windows are counted over the full square."""
    c.use(_defaults(50368, 768, 22, 12, 1152))
    bias, norm_bias = c.flag("attention_bias"), c.flag("norm_bias")
    a = _attention(c, name="attn", names=("Wqkv",), out="Wo", biases=(bias,) * 4)
    mlp = FeedForward(c.count("intermediate_size"), ups=("Wi",), down="Wo", bias=c.flag("mlp_bias"))
    layer = Layer(a, mlp, attn_norm="attn_norm", mlp_norm="mlp_norm", norm_bias=norm_bias)
    e = _encoder(
        c,
        layer,
        "model",
        layers="layers",
        word="embeddings.tok_embeddings",
        tables=(),
        embed_norm="embeddings.norm",
        norm_bias=norm_bias,
        final_norm="final_norm",
        pooler="",
        classify=("head.dense", "classifier"),
        classify_bias=c.flag("classifier_bias"),
        more_dense=("", "head.norm"),
        mlm=("head.dense", "head.norm", "decoder"),
        mlm_biases=(c.flag("classifier_bias"), c.flag("decoder_bias", True)),
        spare_bias=False,
        heads_alike=True,
    )
    return e._replace(stack=(layer._replace(attn_norm=""), *e.stack[1:]))


def nomic_bert(c: Config) -> Encoder:
    """nomic_bert: rotary positions, gated feed-forward, no biases in the layers."""
    c.use(_defaults(30528, 768, 12, 12, 3072))
    a = _attention(
        c, name="self_attn", names=("q_proj", "k_proj", "v_proj"), out="o_proj", biases=(False,) * 4
    )
    a = a._replace(head_dim=c.count("head_dim", a.head_dim))
    layer = Layer(
        a,
        FeedForward(c.count("intermediate_size")),
        attn_norm="post_attention_layernorm",
        mlp_norm="post_mlp_layernorm",
        after=True,
        norm_bias=True,
    )
    return _encoder(
        c,
        layer,
        "nomic_bert",
        layers="layers",
        tables=(("embeddings.token_type_embeddings", c.count("type_vocab_size")),),
        model_pools=False,
    )


TYPES: dict[str, Callable[[Config], Encoder]] = {
    "albert": albert,
    "bert": bert,
    "camembert": _roberta(30522),
    "distilbert": distilbert,
    "electra": electra,
    "ernie": ernie,
    "esm": esm,
    "layoutlm": layoutlm,
    "modernbert": modernbert,
    "mpnet": mpnet,
    "nomic_bert": nomic_bert,
    "rembert": rembert,
    "roberta": _roberta(50265),
    "xlm-roberta": _roberta(30522),
    "xlm-roberta-xl": xlm_roberta_xl,
}


def build(request: Request) -> Block:
    """The layer table of an encoder with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(TYPES[request.model_type](request.config), request)
