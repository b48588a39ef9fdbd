# SPDX-License-Identifier: Apache-2.0
"""ViLT: words and patches in one stack of layers. Defaults and layout of transformers 5.23 (modeling_vilt.py)."""

from core.compute.architectures.captions import Pass, pass_of
from core.compute.architectures.decoder import Layer, layer_block
from core.compute.architectures.parts import Attention, FeedForward
from core.compute.architectures.request import Request
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse

_BERT = FeedForward(0, name="", ups=("intermediate.dense",), down="output.dense", gated=False, bias=True)
_PLAIN: dict[str, object] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_channels": 3,
}


def build(request: Request) -> Block:
    """The layer table of a ViLT with the head its class name says."""
    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    name = request.model_class or "ViltForQuestionAnswering"
    if not request.model_class:
        request.config.notes.append(note("head", head=name))
    c, p = request.config, pass_of(request)
    more = {"vocab_size": 30522, "type_vocab_size": 2, "modality_type_vocab_size": 2}
    c.use({**_PLAIN, **more, "max_position_embeddings": 40, "image_size": 384, "patch_size": 32})
    hidden, heads = c.count("hidden_size"), c.count("num_attention_heads")
    size = c.share("hidden_size", hidden, heads)
    path = "" if name.endswith("ViltModel") else "vilt."
    words, e = f"{path}embeddings.text_embeddings.", f"{path}embeddings."
    t = Block()
    x = t.embedding(f"{words}word_embeddings", c.count("vocab_size"), hidden, (p.texts, p.length))
    for table, rows in (
        ("position", c.count("max_position_embeddings")),
        ("token_type", c.count("type_vocab_size")),
    ):
        x = t.mix(x, t.embedding(f"{words}{table}_embeddings", rows, hidden, x.shape[:2]))
    x = t.norm(f"{words}LayerNorm", x, bias=True)
    patch, sides = c.sides("patch_size", high=10_000), c.sides("image_size")
    height, width = request.inputs.image or sides
    y = t.given((p.pictures, max(height, patch[0]), max(width, patch[1]), c.count("num_channels")))
    y = t.conv(
        f"{e}patch_embeddings.projection", y, hidden, kernel=patch, stride=patch, label="patch embedding"
    )
    rows = (sides[0] // patch[0]) * (sides[1] // patch[1]) + 1
    tokens = [t.free(f"{e}cls_token", (1, 1, hidden)), t.free(f"{e}position_embeddings", (1, rows, hidden))]
    kinds = t.embedding(f"{e}token_type_embeddings", c.count("modality_type_vocab_size"), hidden, x.shape[:2])
    patches = y.shape[1] * y.shape[2] + 1 if p.pictures else 0
    x = t.mix(
        x, y, *tokens, kinds, shape=(max(p.texts, p.pictures), p.length * (p.texts > 0) + patches, hidden)
    )
    bias = c.flag("qkv_bias", True)
    names = ("attention.attention.query", "attention.attention.key", "attention.attention.value")
    a = Attention(heads, heads, size, name="", names=names, out="attention.output.dense", causal=False)
    a = a._replace(biases=(bias, bias, bias, True))
    layer = Layer(a, _BERT._replace(width=c.count("intermediate_size")), norm_bias=True)
    block = layer_block(layer._replace(attn_norm="layernorm_before", mlp_norm="layernorm_after"), x.shape)
    for index in range(c.layers()):
        x = t.layer(f"{path}encoder.layer.{index}", block, x)
    x = t.norm(f"{path}layernorm", x, bias=True, role="final_norm")
    return t.ends(_head(t, request, name, x, p, path))


def _head(t: Block, request: Request, name: str, x: Value, p: Pass, path: str) -> Value:
    c, label, hidden = request.config, "output head", x.width
    reads = name.endswith(("ForQuestionAnswering", "ForImageAndTextRetrieval"))
    pooled = t.mix(x, shape=(x.shape[0], hidden))
    pooled = t.linear(f"{path}pooler.dense", pooled, hidden, bias=True, label=label, dead=not reads)
    if name.endswith("ViltModel"):
        return x
    if name.endswith("ForImageAndTextRetrieval"):
        return t.linear("rank_output", pooled, 1, bias=True, label=label, role="head")
    if name.endswith("ForQuestionAnswering"):
        y = t.linear("classifier.0", pooled, 2 * hidden, bias=True, label=label, role="head")
        y = t.norm("classifier.1", y, bias=True, role="head")
        return t.linear("classifier.3", y, c.labels(), bias=True, label=label, role="head")
    if name.endswith("ForMaskedLM"):
        y = t.mix(x, shape=(p.texts, p.length, hidden))
        y = t.linear("mlm_score.transform.dense", y, hidden, bias=True, label=label, role="head")
        y = t.norm("mlm_score.transform.LayerNorm", y, bias=True, role="head")
        shares = f"{path}embeddings.text_embeddings.word_embeddings"
        return t.linear(
            "mlm_score.decoder", y, c.count("vocab_size"), bias=True, shares=shares, label=label, role="head"
        )
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)
