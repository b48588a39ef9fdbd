# SPDX-License-Identifier: Apache-2.0
"""Dense decoder-only model types before llama: learned or no positions, LayerNorm, plain feed-forward.

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable, Mapping

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer
from core.compute.architectures.parts import Attention, FeedForward

_GPT = {"hidden_size": "n_embd", "num_hidden_layers": "n_layer", "num_attention_heads": "n_head"}
_GPT_KEYS = {**_GPT, "max_position_embeddings": "n_positions"}
_NEOX_MLP = FeedForward(0, ups=("dense_h_to_4h",), down="dense_4h_to_h", gated=False, bias=True)
_FC = FeedForward(0, name="", ups=("fc1",), down="fc2", gated=False, bias=True)
_FOUR = (True, True, True, True)
_NONE = (False, False, False, False)


def _defaults(
    vocab: int, hidden: int, layers: int, heads: int, positions: int = 0, **more: object
) -> Mapping[str, object]:
    named = {
        "vocab_size": vocab,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
    }
    return {**named, "max_position_embeddings": positions, **more}


def _attention(c: Config, kv_heads: int | None = None, **more: object) -> Attention:
    heads = c.count("num_attention_heads")
    size = c.share("hidden_size", c.count("hidden_size"), heads)
    return Attention(heads, kv_heads or heads, size)._replace(**more)  # type: ignore[arg-type]


def _decoder(c: Config, layer: Layer, *, tied: bool = True, **more: object) -> Decoder:
    d = Decoder(
        hidden=c.count("hidden_size"),
        vocab=c.count("vocab_size"),
        stack=(layer._replace(norm_bias=True),) * c.layers(),
        tied=c.flag("tie_word_embeddings", tied),
        norm_bias=True,
        labels_head="classifier",
    )
    return d._replace(**more)  # type: ignore[arg-type]


def _gpt(c: Config, attention: Attention, mlp: FeedForward) -> Decoder:
    """The GPT-2 shape: wte, wpe, h.N with ln_1, attn, ln_2, mlp; ln_f."""
    layer = Layer(attention, mlp, attn_norm="ln_1", mlp_norm="ln_2")
    named = {"prefix": "transformer", "embed": "wte", "layers": "h", "norm": "ln_f"}
    table = {"positions": c.count("max_position_embeddings"), "position_name": "wpe"}
    return _decoder(c, layer)._replace(**{**named, **table})  # type: ignore[arg-type]


def _inner(c: Config, key: str) -> int:
    """The feed-forward width: four times the hidden size unless the configuration says otherwise."""
    return c.count(key, 4 * c.count("hidden_size"))


def gpt2(c: Config) -> Decoder:
    """gpt2."""
    c.use(_defaults(50257, 768, 12, 12, 1024), _GPT_KEYS)
    a = _attention(c, name="attn", names=("c_attn",), out="c_proj", biases=_FOUR)
    mlp = FeedForward(_inner(c, "n_inner"), ups=("c_fc",), down="c_proj", gated=False, bias=True)
    return _gpt(c, a, mlp)


def gpt_bigcode(c: Config) -> Decoder:
    """gpt_bigcode (SantaCoder, StarCoder): one key and value head when multi_query."""
    c.use(_defaults(50257, 768, 12, 12, 1024), _GPT_KEYS)
    kv_heads = 1 if c.flag("multi_query", True) else None
    a = _attention(c, kv_heads, name="attn", names=("c_attn",), out="c_proj", biases=_FOUR)
    mlp = FeedForward(_inner(c, "n_inner"), ups=("c_fc",), down="c_proj", gated=False, bias=True)
    return _gpt(c, a, mlp)


def gpt_neo(c: Config) -> Decoder:
    """gpt_neo: local layers are counted over the full square, as dense kernels run them."""
    c.use(
        _defaults(50257, 2048, 24, 16, 2048),
        {"num_hidden_layers": "num_layers", "num_attention_heads": "num_heads"},
    )
    a = _attention(c, name="attn.attention", out="out_proj", biases=(False, False, False, True))
    mlp = FeedForward(_inner(c, "intermediate_size"), ups=("c_fc",), down="c_proj", gated=False, bias=True)
    return _gpt(c, a, mlp)


def _gptj(c: Config, a: Attention) -> Decoder:
    mlp = FeedForward(_inner(c, "n_inner"), ups=("fc_in",), down="fc_out", gated=False, bias=True)
    layer = Layer(a, mlp, attn_norm="ln_1", mlp_norm="", parallel=True)
    return _decoder(
        c, layer, tied=False, prefix="transformer", embed="wte", layers="h", norm="ln_f", head_bias=True
    )


def gptj(c: Config) -> Decoder:
    """gptj."""
    c.use(_defaults(50400, 4096, 28, 16), _GPT)
    return _gptj(c, _attention(c, name="attn", out="out_proj"))


def codegen(c: Config) -> Decoder:
    """codegen: gptj with one fused projection."""
    c.use(_defaults(50400, 4096, 28, 16), _GPT)
    return _gptj(c, _attention(c, name="attn", names=("qkv_proj",), out="out_proj"))


def gpt_neox(c: Config) -> Decoder:
    """gpt_neox (Pythia)."""
    c.use(_defaults(50432, 6144, 44, 64, intermediate_size=24576, attention_bias=True))
    bias = c.flag("attention_bias")
    a = _attention(c, name="attention", names=("query_key_value",), out="dense", biases=(bias,) * 4)
    mlp = _NEOX_MLP._replace(width=c.count("intermediate_size"))
    layer = Layer(a, mlp, parallel=c.flag("use_parallel_residual", True))
    return _decoder(c, layer, tied=False, prefix="gpt_neox", embed="embed_in", norm="final_layer_norm")


def gpt_neox_japanese(c: Config) -> Decoder:
    """gpt_neox_japanese: only the last layer's attention has a bias."""
    c.use(_defaults(32000, 2560, 32, 32, intermediate_multiple_size=4))
    a = _attention(c, name="attention", names=("query_key_value",), out="dense")
    mlp = _NEOX_MLP._replace(width=c.count("intermediate_multiple_size") * c.count("hidden_size"), bias=False)
    d = _decoder(c, Layer(a, mlp), prefix="gpt_neox_japanese", embed="embed_in", norm="final_layer_norm")
    last = d.stack[-1]._replace(attention=a._replace(biases=(False, False, False, True)))
    return d._replace(stack=(*d.stack[:-1], last), head="embed_out")


def falcon(c: Config) -> Decoder:
    """falcon: one shared key head (7B), groups of them (40B), or one each (RW); parallel or not."""
    c.use(_defaults(65024, 4544, 32, 71), {"hidden_size": "n_embed"})
    bias, new, parallel = c.flag("bias"), c.flag("new_decoder_architecture"), c.flag("parallel_attn", True)
    heads = c.count("num_attention_heads")
    kv_heads = c.count("num_kv_heads", heads) if new else 1 if c.flag("multi_query", True) else heads
    c.share("num_attention_heads", heads, kv_heads)
    a = _attention(
        c, kv_heads, name="self_attention", names=("query_key_value",), out="dense", biases=(bias,) * 4
    )
    mlp = _NEOX_MLP._replace(width=_inner(c, "ffn_hidden_size"), bias=bias)
    layer = Layer(a, mlp, parallel=parallel or new)
    if parallel and c.count("num_ln_in_parallel_attn", 2 if new else 1) == 2:
        layer = layer._replace(attn_norm="ln_attn", mlp_norm="ln_mlp")
    elif parallel:
        layer = layer._replace(mlp_norm="")
    return _decoder(c, layer, prefix="transformer", embed="word_embeddings", layers="h", norm="ln_f")


def bloom(c: Config) -> Decoder:
    """bloom."""
    aliases = {"hidden_size": "n_embed", "num_hidden_layers": "n_layer", "num_attention_heads": "n_head"}
    c.use(_defaults(250880, 64, 2, 8), aliases)
    a = _attention(c, name="self_attention", names=("query_key_value",), out="dense", biases=_FOUR)
    layer = Layer(a, _NEOX_MLP._replace(width=4 * c.count("hidden_size")))
    return _decoder(
        c,
        layer,
        prefix="transformer",
        embed="word_embeddings",
        embed_norm="word_embeddings_layernorm",
        layers="h",
        norm="ln_f",
    )


def mpt(c: Config) -> Decoder:
    """mpt."""
    aliases = {"hidden_size": "d_model", "num_hidden_layers": "n_layers", "num_attention_heads": "n_heads"}
    c.use(_defaults(50368, 2048, 24, 16), aliases)
    a = _attention(c, name="attn", names=("Wqkv",), out="out_proj")
    mlp = FeedForward(4 * c.count("hidden_size"), name="ffn", ups=("up_proj",), down="down_proj", gated=False)
    d = _decoder(
        c,
        Layer(a, mlp, attn_norm="norm_1", mlp_norm="norm_2"),
        prefix="transformer",
        embed="wte",
        layers="blocks",
        norm="norm_f",
        norm_bias=False,
    )
    return d._replace(stack=tuple(layer._replace(norm_bias=False) for layer in d.stack))


def opt(c: Config) -> Decoder:
    """opt: two spare position rows; the 350M model has its norms after the sums and narrower embeddings."""
    c.use(_defaults(50272, 768, 12, 12, 2048, ffn_dim=3072))
    bias, before = c.flag("enable_bias", True), c.flag("do_layer_norm_before", True)
    size = None if c.flag("layer_norm_elementwise_affine", True) else 0
    layer = Layer(
        _attention(c, out="out_proj", biases=(bias,) * 4),
        _FC._replace(width=c.count("ffn_dim"), bias=bias),
        attn_norm="self_attn_layer_norm",
        mlp_norm="final_layer_norm",
        after=not before,
        norm_size=size,
    )
    return _decoder(
        c,
        layer,
        prefix="model.decoder",
        bare="decoder.",
        norm="final_layer_norm" if before and not c.flag("_remove_final_layer_norm") else "",
        norm_size=size,
        positions=c.count("max_position_embeddings") + 2,
        position_name="embed_positions",
        embed_width=c.count("word_embed_proj_dim", c.count("hidden_size")),
    )


def biogpt(c: Config) -> Decoder:
    """biogpt."""
    c.use(_defaults(42384, 1024, 24, 16, 1024, intermediate_size=4096))
    layer = Layer(
        _attention(c, out="out_proj", biases=_FOUR),
        _FC._replace(width=c.count("intermediate_size")),
        attn_norm="self_attn_layer_norm",
        mlp_norm="final_layer_norm",
    )
    return _decoder(
        c,
        layer,
        prefix="biogpt",
        norm="layer_norm",
        head="output_projection",
        positions=c.count("max_position_embeddings") + 2,
        position_name="embed_positions",
    )


def xglm(c: Config) -> Decoder:
    """xglm: sine positions, which hold no parameters."""
    aliases = {
        "hidden_size": "d_model",
        "num_hidden_layers": "num_layers",
        "num_attention_heads": "attention_heads",
    }
    c.use(_defaults(256008, 1024, 24, 16, ffn_dim=4096), aliases)
    layer = Layer(
        _attention(c, out="out_proj", biases=_FOUR),
        _FC._replace(width=c.count("ffn_dim")),
        attn_norm="self_attn_layer_norm",
        mlp_norm="final_layer_norm",
    )
    return _decoder(c, layer, norm="layer_norm")


def openai_gpt(c: Config) -> Decoder:
    """openai-gpt (GPT-1): norms after the sums, none at the end."""
    c.use(_defaults(40478, 768, 12, 12, 512), _GPT_KEYS)
    a = _attention(c, name="attn", names=("c_attn",), out="c_proj", biases=_FOUR)
    mlp = FeedForward(4 * c.count("hidden_size"), ups=("c_fc",), down="c_proj", gated=False, bias=True)
    layer = Layer(a, mlp, attn_norm="ln_1", mlp_norm="ln_2", after=True)
    return _decoder(
        c,
        layer,
        prefix="transformer",
        embed="tokens_embed",
        layers="h",
        norm="",
        positions=c.count("max_position_embeddings"),
        position_name="positions_embed",
    )


def ctrl(c: Config) -> Decoder:
    """ctrl: sine positions; the tied head has a bias."""
    c.use(_defaults(246534, 1280, 48, 16, dff=8192), _GPT)
    a = _attention(c, name="multi_head_attention", names=("Wq", "Wk", "Wv"), out="dense", biases=_FOUR)
    mlp = FeedForward(c.count("dff"), name="ffn", ups=("0",), down="2", gated=False, bias=True)
    layer = Layer(a, mlp, attn_norm="layernorm1", mlp_norm="layernorm2")
    d = _decoder(c, layer, prefix="transformer", embed="w", layers="h", norm="layernorm", head_bias=True)
    return d._replace(sequence_head="classifier")


TYPES: dict[str, Callable[[Config], Decoder]] = {
    "biogpt": biogpt,
    "bloom": bloom,
    "codegen": codegen,
    "ctrl": ctrl,
    "falcon": falcon,
    "gpt2": gpt2,
    "gpt_bigcode": gpt_bigcode,
    "gpt_neo": gpt_neo,
    "gpt_neox": gpt_neox,
    "gpt_neox_japanese": gpt_neox_japanese,
    "gptj": gptj,
    "mpt": mpt,
    "openai-gpt": openai_gpt,
    "opt": opt,
    "xglm": xglm,
}
