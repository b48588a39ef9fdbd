# SPDX-License-Identifier: Apache-2.0
"""Text encoders (BERT and its kin): one description (`Encoder`), one way to lay it out with its heads."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from core.compute.architectures.decoder import Layer, layer_block
from core.compute.architectures.parts import Attention
from core.compute.architectures.request import Request
from core.compute.layers import Block, Op, Value
from core.compute.notes import note, refuse


class Encoder(NamedTuple):
    """A whole encoder. `tables` are further embedding tables added to the word table (name, rows); `widen` names a
    projection from `embed_width` to `hidden`. `classify` says how a sequence is classified: from the pooler, or by
    two layers. `mlm` names the masked-word head: dense, norm, decoder (dense and norm may be missing). `groups`: how
    many sets of weights the layers share in turn (0: each its own), `inner` layers in each set. `idle`: parameters no ordinary pass uses, `idle_layers` linear ones (name, in, out, bias), `fixed`
    ones that are never trained. `always_pools`: the pooler runs under every head; without `model_pools` not in the bare
    model. `question`: the width of a feed-forward before the answer.
    `split_head`: so much of the width meets the word table in the masked-word head, the rest a table of its own.
    `late`: a sequence is classified at every token, and the answers averaged.
    `token_dense`, `question_dense`: a layer before the classifier of tokens, of answers; with `heads_alike` it is that of
    `classify`, and every head ends in its last layer. `choice_dense`: choices are classified by both layers of
    `classify`. `spare_bias`: a masked-word head that is not tied holds its bias twice. `pretrain` names what ForPreTraining
    adds to the masked-word head for the pair of sentences, or the two layers that tell replaced words."""

    hidden: int
    vocab: int
    stack: tuple[Layer, ...]
    prefix: str
    tied: bool
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
    inner: int = 1
    bias_table: tuple[str, int] = ("", 0)
    idle: tuple[tuple[str, int], ...] = ()
    idle_layers: tuple[tuple[str, int, int, bool], ...] = ()
    fixed: tuple[tuple[str, int], ...] = ()
    always_pools: bool = False
    model_pools: bool = True
    question: int = 0
    split_head: int = 0
    late: bool = False
    token_dense: str = ""
    question_dense: str = ""
    heads_alike: bool = False
    choice_dense: bool = True
    spare_bias: bool = True
    pretrain: tuple[str, ...] = ("cls.predictions", "cls.seq_relationship")


Inside: TypeAlias = Callable[[Block, Encoder, tuple[int, int], str], Value]
"""Lays out embeddings and layers: block, encoder, (batch, length), path of the names."""

_HEADS = (
    ("ForMaskedLM", "mlm"),
    ("LMHeadModel", "mlm"),
    ("ForCausalLM", "mlm"),
    ("ForSequenceClassification", "sequence"),
    ("ForTokenClassification", "token"),
    ("ForQuestionAnswering", "question"),
    ("ForMultipleChoice", "choice"),
    ("ForPreTraining", "pretrain"),
    ("ForNextSentencePrediction", "pair"),
    ("Model", "none"),
)


def assemble(e: Encoder, request: Request, inside: Inside | None = None) -> Block:
    """Lay out `e` for the request's batch. `inside` does the embeddings and layers where they are unusual."""
    head = _head(request)
    batch, length = request.inputs.batch, request.inputs.seq_len or 1
    t = Block()
    path = f"{e.prefix}." if head != "none" else ""
    x = (inside or body)(t, e, (batch, length), path)
    labels = request.config.labels()
    one = head in ("sequence", "choice")
    reads = (one and e.classify[0] == "pooler") or head == "pair"
    reads = reads or (head == "pretrain" and not _tells(e))
    pooled = first = t.mix(x, shape=(batch, e.hidden))
    if e.pooler and (
        (head == "none" and e.model_pools)
        or reads
        or (e.always_pools and not (head == "question" and e.question))
    ):
        pooled = t.linear(path + e.pooler, first, e.hidden, bias=True, label="output head", dead=not reads)
    if head == "none":
        return t.ends(x)
    if head in ("pretrain", "pair"):
        return t.ends(_pretrained(t, e, x, pooled, path, words=head == "pretrain"))
    if one:
        first = x if e.late else first
        if head == "choice" and not e.choice_dense:
            e = e._replace(classify=("pooler", e.classify[1].partition(".")[0]))
            pooled = pooled if e.pooler else first
        return t.ends(_classify(t, e, first, pooled, labels if head == "sequence" else 1))
    if head == "mlm":
        return t.ends(_masked(t, e, x, path))
    if e.heads_alike:
        return t.ends(_classify(t, e, x, x, labels if head == "token" else 2))
    name, out = ("classifier", labels) if head == "token" else ("qa_outputs", 2)
    if head == "question" and e.question:
        name = f"qa_classifier.{name}"
        inner = t.linear("qa_classifier.intermediate.dense", x, e.question, bias=True, label="output head")
        x = t.mix(x, t.linear("qa_classifier.output.dense", inner, e.hidden, bias=True, label="output head"))
        x = t.norm("qa_classifier.output.LayerNorm", x, bias=True, role="head")
    if dense := e.token_dense if head == "token" else e.question_dense:
        x = t.linear(dense, x, e.hidden, bias=True, label="output head", role="head")
        name = f"{name}.out_proj"
    return t.ends(t.linear(name, x, out, bias=True, label="output head", role="head"))


def body(t: Block, e: Encoder, positions: tuple[int, int], path: str) -> Value:
    """Embeddings and layers of `e`, added to `t`."""
    return stack(t, e, embed(t, e, positions, path), path)


def embed(t: Block, e: Encoder, positions: tuple[int, int], path: str) -> Value:
    """The embeddings of `e`, their norm and their projection to the width of the layers."""
    wide = e.embed_width or e.hidden
    x = t.embedding(path + e.word, e.vocab, wide, positions)
    for name, rows in e.tables:
        x = t.mix(x, t.embedding(path + name, rows, wide, positions))
    if e.embed_norm:
        x = t.norm(path + e.embed_norm, x, bias=e.norm_bias)
    return t.linear(path + e.widen, x, e.hidden, bias=True) if e.widen else x


def stack(t: Block, e: Encoder, x: Value, path: str, *more: Value) -> Value:
    """The layers of `e`; `more` is a second value all of them read."""
    first = e.stack[0].attention
    if e.bias_table[0] and isinstance(first, Attention):
        t.embedding(path + e.bias_table[0], e.bias_table[1], first.heads, (1,))
    blocks: dict[Layer, Block] = {}
    last = -1
    for index, layer in enumerate(e.stack):
        if layer not in blocks:
            blocks[layer] = layer_block(layer, x.shape, *(value.shape for value in more))
        # As the class rounds it (modeling_albert.py, AlbertTransformer).
        place = int(index / (len(e.stack) / e.groups)) if e.groups else index
        _unread(t, e, x, path, range(last + 1, place))
        for number in range(e.inner):
            name = f"{path}{e.layers.format(place)}.{number if e.groups else place}"
            x = t.layer(name, blocks[layer], x, *more, again=place == last)
        last = place
    _unread(t, e, x, path, range(last + 1, e.groups))
    return finish(t, e, x, path)


def _unread(t: Block, e: Encoder, x: Value, path: str, places: range) -> None:
    """Groups of weights whose turn never comes: they are held and not run."""
    if not places:
        return
    none = t.mix(x, shape=(0, *x.shape[1:]))
    block = layer_block(e.stack[0], none.shape)
    block.steps = [step._replace(raw=True) if isinstance(step, Op) else step for step in block.steps]
    for place in places:
        for number in range(e.inner):
            t.call(f"{path}{e.layers.format(place)}.{number}", block, none, layer=False, dead=True)


def finish(t: Block, e: Encoder, x: Value, path: str) -> Value:
    """The norm after the layers, and what no ordinary pass uses. Layers that no pass runs are found by an adapter."""
    if e.final_norm:
        x = t.norm(path + e.final_norm, x, bias=e.norm_bias, role="final_norm")
    for name, given, out, bias in e.idle_layers:
        t.linear(path + name, t.given((0, given)), out, bias=bias, label="output head", dead=True)
    for name, size in (*e.idle, *e.fixed):
        label = "output head" if (name, size) in e.idle else "embeddings"
        t.free(path + name, (size,), label=label, fixed=(name, size) in e.fixed)
    return x


def _classify(t: Block, e: Encoder, first: Value, pooled: Value, labels: int) -> Value:
    dense, last = e.classify
    x = pooled
    if dense != "pooler":
        x = t.linear(dense, first, e.hidden, bias=e.classify_bias, label="output head", role="head")
        if e.more_dense[1]:
            x = t.norm(e.more_dense[1], x, bias=e.norm_bias, role="head")
    return t.linear(last, x, labels, bias=True, label="output head", role="head")


def _tells(e: Encoder) -> bool:
    """Is the pre-training head one that tells replaced words?"""
    return e.pretrain[-1].endswith("dense_prediction")


def _pretrained(t: Block, e: Encoder, x: Value, pooled: Value, path: str, *, words: bool) -> Value:
    """The heads a model was first trained with: masked words and pairs of sentences, or replaced words."""
    if words and _tells(e):
        x = t.linear(e.pretrain[0], x, e.hidden, bias=True, label="output head", role="head")
        return t.linear(e.pretrain[1], x, 1, bias=True, label="output head", role="head")
    name = e.pretrain[1] if words else "cls.seq_relationship"
    pair = t.linear(name, pooled, 2, bias=True, label="output head", role="head")
    return t.mix(_masked(t, e, x, path), pair) if words else pair


def _masked(t: Block, e: Encoder, x: Value, path: str) -> Value:
    dense, norm, decoder = e.mlm
    width = e.mlm_width or e.embed_width or e.hidden
    first_bias, last_bias = e.mlm_biases
    if dense:
        x = t.linear(dense, x, width, bias=first_bias, label="output head", role="head")
    if norm:
        x = t.norm(norm, x, bias=e.norm_bias, role="head")
    shared = path + e.word if e.tied else ""
    if last_bias and not e.tied and e.spare_bias:
        t.free(f"{decoder.rpartition('.')[0]}.bias", (1,), label="output head", count=e.vocab)
    if e.split_head:
        label, shape = "output head", (*x.shape[:-1], e.hidden - e.split_head)
        dense = decoder.replace("decoder", "dense")
        # Both tables are read as one; the class holds this one with its sides exchanged.
        rest = t.linear(dense, t.mix(x, shape=shape), e.vocab, label=label, role="head", raw=True)
        t.amend(fan=(e.vocab, shape[-1]))
        x = t.mix(x, shape=(*x.shape[:-1], e.split_head))
        tied = t.linear(
            decoder, x, e.vocab, bias=last_bias, shares=shared, label=label, role="head", raw=True
        )
        return t.mix(tied, rest)
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
