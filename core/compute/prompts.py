# SPDX-License-Identifier: Apache-2.0
"""Trained prompts as part of the table: prompt tuning, P-tuning, prefix tuning, textual inversion. The base is frozen.

Source: peft 0.21 (peft_model.py get_prompt and forward, tuners/{prompt_tuning,p_tuning,prefix_tuning}/model.py), and
diffusers' textual_inversion.py. Prompt tuning and P-tuning put trained rows before the words, so every layer sees a
longer sequence, and gradients run through all of it. Prefix tuning puts trained keys and values before those of each
layer: only attention grows, and nothing before the first layer's attention needs a gradient. A network that makes the
rows runs in training only, and its weights are not saved.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.compute.inputs import Inputs
from core.compute.layers import Block, Call, Op, Value
from core.compute.notes import refuse
from core.errors import BadConfig

PROMPTS = ("PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "TEXTUAL_INVERSION")
_ATTENTION = ("causal attention", "attention")
_LABEL = "adapter"
_MOST = 100_000
_LSTM_LAYERS = 2
"""PEFT's default for the layers of P-tuning's LSTM."""


class Prompt(NamedTuple):
    """A prompt method as read. `tokens`: virtual ones per sequence. `width`: of a row, 0 when the file has none.
    `hidden`: of the network that makes the rows (0: the width). `layers`: of the LSTM, 0 for the usual three linear
    layers. `projected`: the prefix is made by two linear layers. `halves`: 2 where both halves hold a prompt."""

    kind: str
    tokens: int
    width: int = 0
    hidden: int = 0
    layers: int = 0
    projected: bool = False
    halves: int = 1


def is_prompt(config: Mapping[str, object]) -> bool:
    """Is this the configuration of a trained prompt?"""
    return config.get("peft_type") in PROMPTS


def usable(config: Mapping[str, object]) -> bool:
    """Can the prompt of this configuration be counted? Not when its length makes no sense or its kind is another."""
    if not is_prompt(config):
        return False
    try:
        read_prompt(config)
    except BadConfig:
        return False
    return True


def read_prompt(config: Mapping[str, object]) -> Prompt:
    """Read a PEFT adapter_config.json of a prompt method. Raises BadConfig when a value does not fit."""
    kind = str(config.get("peft_type"))
    lstm = str(config.get("encoder_reparameterization_type") or "MLP").rpartition(".")[2] == "LSTM"
    layers = (_size(config, "encoder_num_layers") or _LSTM_LAYERS) if lstm and kind == "P_TUNING" else 0
    if layers > 1000:
        raise refuse("adapter", key="encoder_num_layers", value=layers)
    both = config.get("num_transformer_submodules") == 2 or (
        config.get("num_transformer_submodules") is None and config.get("task_type") == "SEQ_2_SEQ_LM"
    )
    tokens = _size(config, "num_virtual_tokens")
    if not tokens:
        raise refuse("adapter", key="num_virtual_tokens", value=config.get("num_virtual_tokens"))
    return Prompt(
        kind=kind,
        tokens=tokens,
        width=_size(config, "token_dim"),
        hidden=_size(config, "encoder_hidden_size"),
        layers=layers,
        projected=config.get("prefix_projection") is True,
        halves=2 if both else 1,
    )


def _size(config: Mapping[str, object], key: str) -> int:
    value = config.get(key)
    if value is None:
        return 0
    if type(value) is not int or not 0 < value <= _MOST:
        raise refuse("adapter", key=key, value=value)
    return value


def lengthened(inputs: Inputs, config: Mapping[str, object]) -> Inputs:
    """The batch with the virtual tokens in front, where the method puts them among the words."""
    prompt = read_prompt(config)
    if prompt.kind not in ("PROMPT_TUNING", "P_TUNING"):
        return inputs
    if prompt.halves == 2 or inputs.encoder_len is not None:
        # Of a model with both halves only the source grows (PeftModelForSeq2SeqLM.forward).
        source = inputs.encoder_len or inputs.seq_len or 1
        target = inputs.decoder_len or inputs.seq_len or 1
        return inputs._replace(encoder_len=source + prompt.tokens, decoder_len=target)
    return inputs if inputs.seq_len is None else inputs._replace(seq_len=inputs.seq_len + prompt.tokens)


def add_prompt(network: Block, config: Mapping[str, object]) -> Block:
    """`network`, laid out for the lengthened batch, with the prompt. Raises BadConfig when it has no place for it."""
    prompt = read_prompt(config)
    if prompt.kind == "TEXTUAL_INVERSION":
        # A text's states are the only values of three dimensions that nothing in a denoiser's table makes.
        return _learned(network, prompt, [one for one in _unmade(network) if len(network.shapes[one]) == 3])
    writer = _Writer(prompt, causal=_has(network, _ATTENTION[0]))
    new = writer.block(network)
    if not writer.placed and prompt.kind == "PROMPT_TUNING":
        # No words (pictures, sound): what is trained is added to the input itself.
        return _learned(network, prompt, _unmade(network))
    if not writer.placed:
        raise refuse("no_target")
    if prompt.kind == "PREFIX_TUNING" and prompt.projected:
        _project(new, prompt, writer)
    return new


def _has(block: Block, label: str) -> bool:
    return any(
        _has(step.block, label) if isinstance(step, Call) else step.label == label for step in block.steps
    )


def _unmade(network: Block) -> list[int]:
    """What the batch brings in: values that are used and that nothing in the table makes."""
    made = {step.output for step in network.steps if isinstance(step, Op)}
    made |= {slot for step in network.steps if isinstance(step, Call) for slot in step.outputs}
    return sorted({slot for step in network.steps for slot in step.inputs} - made)


def _learned(network: Block, prompt: Prompt, slots: list[int]) -> Block:
    """Something trained is part of what comes in at `slots`, so all that reads them needs a gradient."""
    if not slots:
        raise refuse("no_target")
    new = Block()
    new.shapes, new.inputs, new.outputs = list(network.shapes), network.inputs, network.outputs
    for slot in slots:
        count = prompt.tokens * (prompt.width or network.shapes[slot][-1])
        new.steps.append(Op("free", _LABEL, "learned", (), slot, weights=count, active=count, trained=True))
    new.steps.extend(network.steps)
    return new


class _Writer:
    """Writes the table anew with the prompt in it; equal layers stay shared."""

    def __init__(self, prompt: Prompt, *, causal: bool) -> None:
        self._prompt = prompt
        self._label = _ATTENTION[0] if causal else _ATTENTION[1]
        self._done: dict[int, Block] = {}
        self._scores: set[int] = set()
        self.placed = False
        self.batch = 1
        self.width = 0
        """Of the keys that were met, for a file that does not give it."""

    def block(self, old: Block) -> Block:
        if id(old) not in self._done:
            new = Block()
            new.shapes, new.inputs, new.outputs = list(old.shapes), old.inputs, old.outputs
            outer, self._scores = self._scores, set()
            for step in old.steps:
                self._step(new, step)
            self._scores = outer
            self._done[id(old)] = new
        return self._done[id(old)]

    def _step(self, t: Block, step: Op | Call) -> None:
        if isinstance(step, Call):
            t.steps.append(step._replace(block=self.block(step.block)))
        elif self._prompt.kind == "PREFIX_TUNING":
            self._attend(t, step)
        elif step.kind == "embedding" and not self.placed:
            self.placed = True
            self._rows(t, step)
        else:
            t.steps.append(step)

    def _rows(self, t: Block, op: Op) -> None:
        """The trained rows join those of the word table. They are made once for the whole batch."""
        p = self._prompt
        width = p.width or op.fan[1]
        out = Value(op.output, t.shapes[op.output])
        words = t.value(out.shape)
        t.steps.append(op._replace(output=words.slot))
        count = p.tokens * p.halves * width
        rows = t.added("prompt_encoder.embedding", count, (p.tokens * p.halves, width))
        if p.kind == "P_TUNING":
            rows = _encoded(t, rows, p, width)
        t.steps.append(Op("mix", "", "", (words.slot, rows.slot), out.slot, unfused=True))

    def _attend(self, t: Block, op: Op) -> None:
        """Keys and values get trained ones in front; scores and sums grow by as many."""
        if op.kind != "product" or op.label != self._label or len(op.inputs) != 2:
            if self._scores.intersection(op.inputs):
                # A position bias or a softcap between scores and values.
                self._scores.add(op.output)
            t.steps.append(op)
            return
        more = self._prompt.tokens
        scores = op.inputs[0] not in self._scores
        shape = t.shapes[op.inputs[1]]
        keys = shape[-2]
        longer = t.value((*shape[:-2], keys + more, shape[-1]))
        prefix = self._prefix(t, shape, "key" if scores else "value")
        inputs = (op.inputs[1], prefix.slot)
        t.steps.append(Op("mix", "", "", inputs, longer.slot, unfused=True))
        t.steps.append(op._replace(inputs=(op.inputs[0], longer.slot), flop=op.flop * (keys + more) // keys))
        if scores:
            self._scores.add(op.output)

    def _prefix(self, t: Block, shape: tuple[int, ...], name: str) -> Value:
        self.placed, self.batch = True, shape[0]
        self.width = max(self.width, shape[-1])
        tokens = self._prompt.tokens
        if not self._prompt.projected:
            return t.added(f"prefix.{name}", tokens * shape[-1], (shape[0], tokens, shape[-1]))
        # What the projection makes: it needs a gradient, its weights are counted where they are.
        value = t.value((shape[0], tokens, shape[-1]))
        t.steps.append(Op("free", _LABEL, "", (), value.slot, shares="prefix", trained=True))
        return value


def _project(t: Block, p: Prompt, writer: _Writer) -> None:
    """The two linear layers that make all layers' keys and values, for each sequence of the batch."""
    width = p.width or writer.width
    blocks = sum(_prefixes(step) for step in t.steps)
    rows = t.added("prompt_encoder.embedding", p.tokens * width, (writer.batch, p.tokens, width))
    inner = _linear(t, "prompt_encoder.transform.0", rows, p.hidden or width)
    _linear(t, "prompt_encoder.transform.2", inner, blocks * width)


def _prefixes(step: Op | Call) -> int:
    """Prefixes below a step: one for the keys and one for the values of each layer."""
    if isinstance(step, Op):
        return int(step.kind == "free" and step.shares == "prefix")
    return sum(_prefixes(one) for one in step.block.steps)


def _encoded(t: Block, rows: Value, p: Prompt, width: int) -> Value:
    """P-tuning's network: three linear layers, or a two-sided LSTM and two."""
    hidden = p.hidden or width
    if not p.layers:
        first = _linear(t, "prompt_encoder.mlp_head.0", rows, hidden)
        return _linear(
            t, "prompt_encoder.mlp_head.4", _linear(t, "prompt_encoder.mlp_head.2", first, hidden), width
        )
    entering = width
    for layer in range(p.layers):
        # Four gates, each of input and state, in both directions; PyTorch holds two biases for each.
        weights = 2 * 4 * hidden * (entering + hidden)
        name = f"prompt_encoder.lstm_head.{layer}"
        factors = t.added(name, weights + 2 * 8 * hidden)
        rows = t.products(_LABEL, rows, factors, flop=2 * rows.rows * weights, shape=(rows.rows, 2 * hidden))
        entering = 2 * hidden
    return _linear(
        t, "prompt_encoder.mlp_head.2", _linear(t, "prompt_encoder.mlp_head.0", rows, 2 * hidden), width
    )


def _linear(t: Block, name: str, x: Value, out: int) -> Value:
    y = t.linear(name, x, out, bias=True, label=_LABEL)
    t.amend(trained=True)
    return y
