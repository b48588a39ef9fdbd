# SPDX-License-Identifier: Apache-2.0
"""Text encoders (BERT and its kin): one description (`Encoder`), one way to lay it out with its heads."""

from typing import NamedTuple

from core.compute.architectures import Request
from core.compute.architectures.decoder import Layer, layer_block
from core.compute.layers import Block, Value
from core.compute.notes import note, refuse


class Encoder(NamedTuple):
    """A whole encoder. `tables` are further embedding tables added to the word table (name, rows); `widen` names a
    projection from `embed_width` to `hidden`. `classify` says how a sequence is classified: from the pooler, or by
    two layers. `mlm` names the masked-word head: dense, norm, decoder (dense and norm may be missing). `groups`: how
    many sets of weights the layers share in turn (0: each its own). `idle`: parameters no ordinary pass uses."""

    hidden: int
    vocab: int
    stack: tuple[Layer, ...]
    prefix: str
    tied: bool = True
    layers: str = "encoder.layer"
    word: str = "embeddings.word_embeddings"
    tables: tuple[tuple[str, int], ...] = ()
    embed_width: int = 0
    embed_norm: str = "embeddings.LayerNorm"
    widen: str = ""
    norm_bias: bool = True
    final_norm: str = ""
    pooler: str = "pooler.dense"
    classify: tuple[str, ...] = ("pooler", "classifier")
    classify_bias: bool = True
    mlm: tuple[str, str, str] = (
        "cls.predictions.transform.dense",
        "cls.predictions.transform.LayerNorm",
        "cls.predictions.decoder",
    )
    mlm_width: int = 0
    mlm_biases: tuple[bool, bool] = (True, True)
    more_dense: tuple[str, str] = ("", "")
    groups: int = 0
    bias_table: tuple[str, int] = ("", 0)
    idle: tuple[tuple[str, int], ...] = ()


_HEADS = (
    ("ForMaskedLM", "mlm"),
    ("LMHeadModel", "mlm"),
    ("ForCausalLM", "mlm"),
    ("ForSequenceClassification", "sequence"),
    ("ForTokenClassification", "token"),
    ("ForQuestionAnswering", "question"),
    ("ForMultipleChoice", "choice"),
    ("Model", "none"),
)


def build(request: Request) -> Block:
    """The layer table of an encoder with the head its class name says."""
    from core.compute.architectures.encoder_types import TYPES

    if request.part != "main":
        raise refuse("unknown_part", model_type=request.model_type, part=request.part)
    return assemble(TYPES[request.model_type](request.config), request)


def assemble(e: Encoder, request: Request) -> Block:
    """Lay out `e` for the request's batch."""
    head = _head(request)
    batch, length = request.inputs.batch, request.inputs.seq_len or 1
    t = Block()
    path = f"{e.prefix}." if head != "none" else ""
    x = body(t, e, (batch, length), path)
    labels = request.config.labels()
    if head in ("none", "sequence", "choice"):
        first = t.mix(x, shape=(batch, e.hidden))
        pooled = _pool(t, e, first, path, used=head != "none")
        if head == "none":
            return t.ends(x)
        return t.ends(_classify(t, e, first, pooled, labels if head == "sequence" else 1))
    if head == "mlm":
        return t.ends(_masked(t, e, x, path))
    name, out = ("classifier", labels) if head == "token" else ("qa_outputs", 2)
    return t.ends(t.linear(name, x, out, bias=True, label="output head", role="head"))


def body(t: Block, e: Encoder, positions: tuple[int, int], path: str) -> Value:
    """Embeddings and layers of `e`, added to `t`."""
    wide = e.embed_width or e.hidden
    x = t.embedding(path + e.word, e.vocab, wide, positions)
    for name, rows in e.tables:
        x = t.mix(x, t.embedding(path + name, rows, wide, positions))
    if e.embed_norm:
        x = t.norm(path + e.embed_norm, x, bias=e.norm_bias)
    if e.widen:
        x = t.linear(path + e.widen, x, e.hidden, bias=True)
    if e.bias_table[0]:
        rows = e.bias_table[1]
        t.embedding(path + e.bias_table[0], rows, e.stack[0].attention.heads, (1,))
    blocks: dict[Layer, Block] = {}
    for index, layer in enumerate(e.stack):
        if layer not in blocks:
            blocks[layer] = layer_block(layer, x.shape)
        place = index * e.groups // len(e.stack) if e.groups else index
        seen = bool(e.groups) and index > 0 and place == (index - 1) * e.groups // len(e.stack)
        x = t.layer(
            f"{path}{e.layers.format(place)}.{0 if e.groups else place}", blocks[layer], x, again=seen
        )
    if e.final_norm:
        x = t.norm(path + e.final_norm, x, bias=e.norm_bias, role="final_norm")
    for name, size in e.idle:
        t.free(path + name, (size,), label="output head")
    return x


def _pool(t: Block, e: Encoder, first: Value, path: str, *, used: bool) -> Value:
    if not e.pooler or (used and e.classify[0] != "pooler"):
        return first
    return t.linear(path + e.pooler, first, e.hidden, bias=True, label="output head", dead=not used)


def _classify(t: Block, e: Encoder, first: Value, pooled: Value, labels: int) -> Value:
    dense, last = e.classify
    x = pooled
    if dense != "pooler":
        x = t.linear(dense, first, e.hidden, bias=e.classify_bias, label="output head", role="head")
        if e.more_dense[1]:
            x = t.norm(e.more_dense[1], x, bias=e.norm_bias, role="head")
    return t.linear(last, x, labels, bias=True, label="output head", role="head")


def _masked(t: Block, e: Encoder, x: Value, path: str) -> Value:
    dense, norm, decoder = e.mlm
    width = e.mlm_width or e.embed_width or e.hidden
    first_bias, last_bias = e.mlm_biases
    if dense:
        x = t.linear(dense, x, width, bias=first_bias, label="output head", role="head")
    if norm:
        x = t.norm(norm, x, bias=e.norm_bias, role="head")
    shared = path + e.word if e.tied else ""
    return t.linear(decoder, x, e.vocab, bias=last_bias, shares=shared, label="output head", role="head")


def _head(request: Request) -> str:
    name = request.model_class
    if not name:
        request.config.notes.append(note("head", head="Model"))
        return "none"
    for ending, head in _HEADS:
        if name.endswith(ending):
            return head
    raise refuse("unknown_class", model_class=name, model_type=request.model_type)
