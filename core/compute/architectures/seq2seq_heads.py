# SPDX-License-Identifier: Apache-2.0
"""Encoder-decoders under the head their class names, or one half by itself: BART's kin and Whisper as decoders of text,
Whisper's encoder as a classifier of sound. Layout of transformers 5.23 (modeling_bart.py, modeling_marian.py,
modeling_whisper.py)."""

from core.compute.architectures.request import Request
from core.compute.architectures.seq2seq import Pair, half_of, sound
from core.compute.layers import Block
from core.compute.notes import refuse

_LABEL = "output head"
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
        alone = _decoder_alone if head == "causal" else _sound_classes
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
    y = t.embedding(own, m.vocab if again else count, m.hidden, positions, shares=again)
    y = half_of(t, m.decoder, y, path, memory)
    if head == "lm":
        shares = (own if m.apart else words) if m.tied else ""
        y = t.linear(m.head, y, m.vocab if m.spare else count, shares=shares, label=_LABEL, role="head")
    elif head == "question":
        y = t.linear("qa_outputs", y, 2, bias=True, label="output head", role="head")
    elif head == "sequence":
        # The last token of each text is classified; BART's own number of classes is that of inference between texts.
        y, label = t.mix(y, shape=(inputs.batch, m.hidden)), "output head"
        y = t.linear("classification_head.dense", y, m.hidden, bias=True, label=label, role="head")
        out = request.config.labels(3 if request.model_type == "bart" else 2)
        y = t.linear("classification_head.out_proj", y, out, bias=True, label=label, role="head")
    return t.ends(y)


def _decoder_alone(m: Pair, request: Request) -> Block:
    """`...ForCausalLM`: the decoder with its head. Its attention to an encoder is there and never runs."""
    inputs = request.inputs
    t = Block()
    words = f"{m.prefix}.decoder.embed_tokens"
    length = inputs.seq_len or inputs.decoder_len or 1
    x = t.embedding(words, m.decoder_vocab or m.vocab, m.hidden, (inputs.batch, length))
    x = half_of(t, m.decoder, x, f"{m.prefix}.")
    # BigBird-Pegasus names no tied weights in this class. Marian's makes a head for the encoder's words; tied to the
    # table, it is as large as the table.
    tied = m.tied and request.model_type != "bigbird_pegasus"
    wide = (m.decoder_vocab or m.vocab) if tied else m.vocab
    return t.ends(t.linear(m.head, x, wide, shares=words if tied else "", label=_LABEL, role="head"))


def _sound_classes(m: Pair, request: Request) -> Block:
    """`...ForAudioClassification`: the encoder, a projection of each frame, and a class for their mean."""
    c, t = request.config, Block()
    x = half_of(t, m.encoder, sound(t, m, request, ""), "")
    if c.flag("use_weighted_layer_sum"):
        # The mean of all layers by trained weights: each of them reaches the loss by itself.
        x = t.mix(x, t.free("layer_weights", (m.encoder.layers + 1,), label="norms"))
    x = t.linear("projector", x, c.count("classifier_proj_size", 256), bias=True, label=_LABEL)
    pooled = t.mix(x, shape=(x.shape[0], x.width))
    return t.ends(t.linear("classifier", pooled, c.labels(), bias=True, label=_LABEL, role="head"))
