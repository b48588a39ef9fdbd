# SPDX-License-Identifier: Apache-2.0
"""Dense decoder-only model types of the llama kind, as data: rotary positions, mostly gated feed-forward.

Defaults and layout are those of transformers 5.23 (configuration_*.py, modeling_*.py).
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from core.compute.architectures.config import Config
from core.compute.architectures.decoder import Decoder, Layer
from core.compute.architectures.parts import Attention, FeedForward

Flag: TypeAlias = bool | str
"""True, False, or the key of the configuration that decides."""


def usual(
    vocab: int, hidden: int, width: int, layers: int, heads: int, kv: int | None = None, **more: object
) -> Mapping[str, object]:
    """Class defaults under the common keys."""
    named = {
        "vocab_size": vocab,
        "hidden_size": hidden,
        "intermediate_size": width,
        "num_hidden_layers": layers,
    }
    return {**named, "num_attention_heads": heads, "num_key_value_heads": kv, **more}


class Recipe(NamedTuple):
    """How a type differs from llama. `qk_norm`: a norm on queries and keys, per head or over all heads; `layer` and
    `more` replace fields of Layer and Decoder."""

    defaults: Mapping[str, object]
    tied: bool = False
    qkv_bias: Flag = False
    out_bias: Flag = False
    mlp_bias: Flag = False
    qk_norm: Literal["", "head", "all"] = ""
    qk_norm_if: Flag = True
    attention: Mapping[str, object] = {}
    mlp: Mapping[str, object] = {}
    layer: Mapping[str, object] = {}
    more: Mapping[str, object] = {}

    def read(self, c: Config) -> Decoder:
        """Read the configuration by this recipe."""
        c.use(self.defaults)
        qkv, out, mlp = (_flag(c, one) for one in (self.qkv_bias, self.out_bias, self.mlp_bias))
        a = heads_of(c)._replace(biases=(qkv, qkv, qkv, out), **self.attention)  # type: ignore[arg-type]
        if self.qk_norm and _flag(c, self.qk_norm_if):
            a = a._replace(
                norm_sizes=(a.head_dim, a.head_dim) if self.qk_norm == "head" else (a.width, a.kv_width)
            )
        f = FeedForward(c.count("intermediate_size"), bias=mlp)._replace(**self.mlp)  # type: ignore[arg-type]
        layer = Layer(a, f)._replace(**self.layer)  # type: ignore[arg-type]
        return stacked(c, layer, tied=self.tied)._replace(**self.more)  # type: ignore[arg-type]


def heads_of(c: Config, *, exact: bool = True) -> Attention:
    """Attention widths by the common keys. A missing num_key_value_heads means as many as query heads, a missing
    head_dim hidden size / heads, which must come out even when `exact`."""
    heads = c.count("num_attention_heads")
    kv_heads = c.count("num_key_value_heads", heads)
    c.share("num_attention_heads", heads, kv_heads)
    given = c.get("head_dim") is not None
    hidden = c.count("hidden_size")
    if given or not exact:
        size = c.count("head_dim", max(1, hidden // heads))
    else:
        size = c.share("hidden_size", hidden, heads)
    return Attention(heads, kv_heads, size)


def stacked(c: Config, layer: Layer, *, tied: bool) -> Decoder:
    """A decoder of equal layers by the common keys."""
    return Decoder(
        hidden=c.count("hidden_size"),
        vocab=c.count("vocab_size"),
        stack=(layer,) * c.layers(),
        tied=c.flag("tie_word_embeddings", tied),
        window=c.count("sliding_window", 0, low=0) if c.flag("use_sliding_window", True) else 0,
    )


def _flag(c: Config, flag: Flag) -> bool:
    return c.flag(flag) if isinstance(flag, str) else flag


def _apertus(c: Config) -> Decoder:
    """xIELU, the usual activation, holds two numbers; any other none."""
    d = RECIPES["apertus"].read(c)
    if c.word("hidden_act", "xielu") == "xielu":
        return d
    stack = tuple(
        one._replace(mlp=one.mlp._replace(act_weights=0)) if isinstance(one.mlp, FeedForward) else one
        for one in d.stack
    )
    return d._replace(stack=stack)


def _stablelm(c: Config) -> Decoder:
    d = _STABLELM.read(c)
    if not c.flag("use_parallel_residual"):
        return d
    return d._replace(stack=tuple(layer._replace(parallel=True, mlp_norm="") for layer in d.stack))


_BIAS = "attention_bias"
_SANDWICH = {
    "attn_post_norm": "post_attention_layernorm",
    "mlp_norm": "pre_feedforward_layernorm",
    "mlp_post_norm": "post_feedforward_layernorm",
}
_AFTER = {**_SANDWICH, "attn_norm": "", "mlp_norm": ""}
_FUSED = {"ups": ("gate_up_proj",)}
_PLAIN = {"ups": ("up_proj",), "gated": False}
_STABLELM = Recipe(
    usual(50304, 2560, 6912, 32, 32, 32),
    qkv_bias="use_qkv_bias",
    qk_norm="all",
    qk_norm_if="qk_layernorm",
    attention={"norm_names": ("q_layernorm", "k_layernorm")},
    layer={"norm_bias": True},
    more={"norm_bias": True},
)
_GLM = usual(151552, 4096, 13696, 40, 32, 2, head_dim=128, attention_bias=True)

RECIPES: dict[str, Recipe] = {
    "llama": Recipe(usual(32000, 4096, 11008, 32, 32), qkv_bias=_BIAS, out_bias=_BIAS, mlp_bias="mlp_bias"),
    "mistral": Recipe(usual(32000, 4096, 14336, 32, 32, 8)),
    "qwen2": Recipe(usual(151936, 4096, 22016, 32, 32, 32, use_sliding_window=False), qkv_bias=True),
    "qwen3": Recipe(
        usual(151936, 4096, 22016, 32, 32, 32, head_dim=128, use_sliding_window=False),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="head",
    ),
    "gemma": Recipe(
        usual(256000, 3072, 24576, 28, 16, 16, head_dim=256), tied=True, qkv_bias=_BIAS, out_bias=_BIAS
    ),
    "gemma2": Recipe(
        usual(256000, 2304, 9216, 26, 8, 4, head_dim=256, sliding_window=4096),
        tied=True,
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        layer=_SANDWICH,
    ),
    "gemma3_text": Recipe(
        usual(262208, 2304, 9216, 26, 8, 4, head_dim=256, sliding_window=4096),
        tied=True,
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="head",
        layer=_SANDWICH,
    ),
    "phi": Recipe(
        usual(51200, 2048, 8192, 24, 32),
        qkv_bias=True,
        out_bias=True,
        mlp_bias=True,
        qk_norm="head",
        qk_norm_if="qk_layernorm",
        attention={"out": "dense", "norm_names": ("q_layernorm", "k_layernorm"), "norm_bias": True},
        mlp={"ups": ("fc1",), "down": "fc2", "gated": False},
        layer={"parallel": True, "mlp_norm": "", "norm_bias": True},
        more={"norm": "final_layernorm", "norm_bias": True, "head_bias": True},
    ),
    "phi3": Recipe(usual(32064, 3072, 8192, 32, 32), attention={"names": ("qkv_proj",)}, mlp=_FUSED),
    "olmo": Recipe(
        usual(50304, 4096, 11008, 32, 32),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        layer={"norm_size": 0},
        more={"norm_size": 0},
    ),
    "olmo2": Recipe(
        usual(50304, 4096, 11008, 32, 32), qkv_bias=_BIAS, out_bias=_BIAS, qk_norm="all", layer=_AFTER
    ),
    "olmo3": Recipe(
        usual(50304, 4096, 11008, 32, 32, sliding_window=4096),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="all",
        layer=_AFTER,
    ),
    "granite": Recipe(usual(32000, 4096, 11008, 32, 32), qkv_bias=_BIAS, out_bias=_BIAS, mlp_bias="mlp_bias"),
    "starcoder2": Recipe(
        usual(49152, 3072, 12288, 30, 24, 2, use_bias=True),
        tied=True,
        qkv_bias="use_bias",
        out_bias="use_bias",
        mlp_bias="use_bias",
        mlp={"ups": ("c_fc",), "down": "c_proj", "gated": False},
        layer={"norm_bias": True},
        more={"norm_bias": True},
    ),
    "cohere": Recipe(
        usual(256000, 8192, 22528, 40, 64),
        tied=True,
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="all",
        qk_norm_if="use_qk_norm",
        layer={"parallel": True, "mlp_norm": ""},
    ),
    "cohere2": Recipe(
        usual(256000, 8192, 22528, 40, 64, sliding_window=4096),
        tied=True,
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        layer={"parallel": True, "mlp_norm": ""},
    ),
    "smollm3": Recipe(
        usual(128256, 2048, 11008, 36, 16, 4, use_sliding_window=False),
        tied=True,
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        mlp_bias="mlp_bias",
    ),
    "helium": Recipe(usual(48000, 2560, 7040, 24, 20, 20, head_dim=128), qkv_bias=_BIAS, mlp_bias="mlp_bias"),
    "arcee": Recipe(
        usual(32000, 2560, 18432, 32, 32), qkv_bias=_BIAS, out_bias=_BIAS, mlp_bias="mlp_bias", mlp=_PLAIN
    ),
    "seed_oss": Recipe(
        usual(155136, 4096, 27648, 64, 80, 8, head_dim=128, attention_bias=True),
        qkv_bias=_BIAS,
        out_bias="attention_out_bias",
        mlp_bias="mlp_bias",
    ),
    "ernie4_5": Recipe(
        usual(103424, 1024, 3072, 18, 16, 2, head_dim=128),
        tied=True,
        qkv_bias="use_bias",
        out_bias="use_bias",
        mlp_bias="use_bias",
    ),
    "hunyuan_v1_dense": Recipe(
        usual(290943, 4096, 11008, 32, 32),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="head",
        attention={"norm_names": ("query_layernorm", "key_layernorm")},
    ),
    "glm": Recipe(_GLM, qkv_bias=_BIAS, mlp=_FUSED),
    "glm4": Recipe(
        _GLM,
        qkv_bias=_BIAS,
        mlp=_FUSED,
        layer={
            "attn_post_norm": "post_self_attn_layernorm",
            "mlp_norm": "post_attention_layernorm",
            "mlp_post_norm": "post_mlp_layernorm",
        },
    ),
    "exaone4": Recipe(
        usual(102400, 4096, 16384, 32, 32, 32, sliding_window=4096), qk_norm="head", layer=_AFTER
    ),
    "nemotron": Recipe(
        usual(256000, 6144, 24576, 32, 48),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        mlp_bias="mlp_bias",
        mlp=_PLAIN,
        layer={"norm_bias": True},
        more={"norm_bias": True},
    ),
    "persimmon": Recipe(
        usual(262144, 4096, 16384, 36, 64, qk_layernorm=True),
        qkv_bias=True,
        out_bias=True,
        mlp_bias=True,
        qk_norm="head",
        qk_norm_if="qk_layernorm",
        attention={
            "names": ("query_key_value",),
            "out": "dense",
            "norm_names": ("q_layernorm", "k_layernorm"),
            "norm_bias": True,
        },
        mlp={"ups": ("dense_h_to_4h",), "down": "dense_4h_to_h", "gated": False},
        layer={"norm_bias": True},
        more={"norm": "final_layernorm", "norm_bias": True},
    ),
    "apertus": Recipe(
        usual(131072, 4096, 14336, 32, 32),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        qk_norm="head",
        mlp={**_PLAIN, "act_weights": 2},
        layer={"attn_norm": "attention_layernorm", "mlp_norm": "feedforward_layernorm"},
    ),
    "bitnet": Recipe(
        usual(128256, 2560, 6912, 30, 20, 5),
        qkv_bias=_BIAS,
        out_bias=_BIAS,
        attention={"sub_norm": "attn_sub_norm"},
        mlp={"sub_norm": "ffn_sub_norm"},
    ),
    "diffllama": Recipe(
        usual(32000, 2048, 8192, 16, 32), qkv_bias=_BIAS, out_bias=_BIAS, attention={"differential": True}
    ),
}

TYPES: dict[str, Callable[[Config], Decoder]] = {name: recipe.read for name, recipe in RECIPES.items()}
TYPES["stablelm"] = _stablelm
TYPES["apertus"] = _apertus
