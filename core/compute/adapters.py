# SPDX-License-Identifier: Apache-2.0
"""Adapters as extra layers of the same table.

The rules by which PEFT finds its layers are followed (peft 0.21 tuners_utils, also right for the adapter_config.json
files of older versions): a list matches a module's whole name or its end, a text is a pattern for the whole name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from core.compute.adapter_kinds import Wrap, ia3, loha, lokr, on_weight, vera
from core.compute.layers import Block, Call, Op, Value
from core.compute.notes import Note, note, refuse
from core.compute.trained import FROZEN, Trained, matching

_LONGEST_PATTERN = 2000
_HIGHEST_RANK = 65_536
_MOST_RANKS = 1000
_MOST_REPEATS = 6
_COPY = -1
_CLASSIFIERS = ("classifier", "score", "qa_outputs", "qa_classifier", "classification_head", "logits_proj")
Plan: TypeAlias = tuple["int | Plan", ...]
"""For each step of a block: 0 as it is, a rank, or _COPY (trained in full); for a call its block's plan."""


class Lora(NamedTuple):
    """A LoRA configuration as read. `targets` is a list of names, a pattern, or None for every linear layer."""

    rank: int
    targets: tuple[str, ...] | str | None
    excluded: tuple[str, ...] | str = ()
    ranks: tuple[tuple[re.Pattern[str], int], ...] = ()
    only_layers: tuple[int, ...] = ()
    layers_pattern: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    bias: str = "none"
    dora: bool = False
    dropout: bool = False
    lora_bias: bool = False
    kind: str = "LORA"
    parameters: tuple[str, ...] = ()
    tokens: int = 0
    heads_kept: bool = False
    before: tuple[str, ...] | str = ()
    both: bool = False
    factor: int = -1


def read_adapter(config: Mapping[str, object]) -> Lora:
    """Read a PEFT adapter_config.json. Raises BadConfig when a value does not fit or the type is another one."""
    kind = config.get("peft_type", "LORA")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise refuse("adapter_type", value=kind)
    if config.get("layer_replication"):
        raise refuse("adapter", key="layer_replication", value=config.get("layer_replication"))
    parameters = _listed(config, "target_parameters")
    targets: tuple[str, ...] | str | None = _names(config, "target_modules", pattern=True)
    if isinstance(targets, str) and targets.lower() == "all-linear":
        targets = None
    elif not targets and not parameters:
        raise refuse("adapter", key="target_modules", value=config.get("target_modules"))
    ranks = config.get("rank_pattern") or {}
    if not isinstance(ranks, Mapping) or len(ranks) > _MOST_RANKS:
        raise refuse("adapter", key="rank_pattern", value=ranks)
    excluded = _names(config, "exclude_modules", pattern=True)
    saved = _listed(config, "modules_to_save")
    classifies = config.get("task_type") in ("SEQ_CLS", "TOKEN_CLS")
    # PEFT trains the classifier beside the adapter.
    saved = (*saved, "classifier", "score") if classifies else saved
    tokens = config.get("trainable_token_indices") or ()
    if not isinstance(tokens, list | tuple):
        raise refuse("adapter", key="trainable_token_indices", value=tokens)
    rank = "init_r" if kind == "ADALORA" else "r"
    factor = config.get("decompose_factor", -1)
    if type(factor) is not int or not (factor == -1 or 0 < factor <= _HIGHEST_RANK):
        raise refuse("adapter", key="decompose_factor", value=factor)
    if config.get("use_effective_conv2d"):
        raise refuse("adapter", key="use_effective_conv2d", value=True)
    bias = config.get("bias") or "none"
    if bias not in ("none", "all", "lora_only"):
        raise refuse("adapter", key="bias", value=bias)
    dropout = config.get("lora_dropout") or 0
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout <= 1:
        raise refuse("adapter", key="lora_dropout", value=dropout)
    return Lora(
        rank=_rank(rank, config.get(rank, _KINDS[kind])) if _KINDS[kind] else 1,
        targets=targets,
        excluded=excluded,
        ranks=tuple(
            (re.compile(rf"(.*\.)?({_pattern('rank_pattern', key)})$"), _rank("rank_pattern", rank))
            for key, rank in ranks.items()
        ),
        only_layers=_layers(config.get("layers_to_transform")),
        layers_pattern=tuple(_pattern("layers_pattern", one) for one in _listed(config, "layers_pattern")),
        saved=saved,
        bias=str(bias),
        dora=_flag(config, "use_dora"),
        dropout=dropout > 0,
        lora_bias=_flag(config, "lora_bias"),
        kind=kind,
        parameters=parameters,
        tokens=len(tokens),
        heads_kept=config.get("task_type") == "SEQ_CLS",
        before=_names(config, "feedforward_modules", pattern=True),
        both=_flag(config, "decompose_both"),
        factor=factor,
    )


_KINDS = {"LORA": 8, "LOHA": 8, "LOKR": 8, "ADALORA": 12, "VERA": 256, "IA3": 0, "LN_TUNING": 0}
"""Kinds of adapters that sit on layers, and the rank when none is given (0: it has none)."""
_TOKENS = -2


def adapt(network: Block, config: Mapping[str, object]) -> tuple[Block, Trained, list[Note]]:
    """`network` with the adapter's layers, which base weights are trained beside them, and remarks.

    Raises BadConfig when the adapter fits no layer.
    """
    lora = read_adapter(config)
    finder = _Finder(lora)
    plan = finder.plan(network, "")
    if not finder.found and not lora.saved:
        raise refuse("no_target")
    missing = (
        [one for one in lora.targets if one not in finder.hit] if isinstance(lora.targets, tuple) else []
    )
    base = FROZEN
    if lora.bias == "all":
        base = matching(lambda name: "bias" in name)
    elif lora.bias == "lora_only":
        biases = frozenset(f"{name}.base_layer.bias" for name in finder.found)
        base = matching(lambda name: name in biases)
    return _Rebuilder(lora).block(network, plan), base, [note("target_missing", name=one) for one in missing]


class _Finder:
    """Decides, layer by layer, what the adapter does to it."""

    def __init__(self, lora: Lora) -> None:
        self._lora = lora
        self.found: set[str] = set()
        self.hit: set[str] = set()
        self._embedded = False

    def plan(self, block: Block, prefix: str) -> Plan:
        path = f"{prefix}." if prefix else ""
        return tuple(
            self.plan(step.block, path + step.prefix)
            if isinstance(step, Call)
            else self._one(step, path + step.name)
            for step in block.steps
        )

    def _one(self, op: Op, name: str) -> int:
        lora = self._lora
        if not op.name or op.trained:
            return 0
        if lora.saved and any(parent.endswith(lora.saved) for parent in _parents(name)):
            return _COPY
        if lora.tokens and op.kind == "embedding" and not self._embedded:
            self._embedded = True
            return _TOKENS
        if op.kind == "experts" and any(name == one or name.endswith(f".{one}") for one in lora.parameters):
            return self._ranked(name)
        if lora.kind == "LN_TUNING" and op.kind == "norm" and self._targeted(op, name):
            self.found.add(name)
            return _COPY
        if not op.module or op.kind not in ("linear", "conv", "embedding") or _matches(lora.excluded, name):
            return 0
        return self._ranked(name) if self._targeted(op, name) else 0

    def _ranked(self, name: str) -> int:
        self.found.add(name)
        for pattern, rank in self._lora.ranks:
            if pattern.match(name):
                return rank
        return self._lora.rank

    def _targeted(self, op: Op, name: str) -> bool:
        targets = self._lora.targets
        if targets is None:
            if op.kind != "linear" or op.shares or op.role == "router":
                return False
            first = name.partition(".")[0]
            if name in _CLASSIFIERS:
                return not self._lora.heads_kept
            # Every layer but the last one of a language model.
            return op.role != "head" or first in _CLASSIFIERS or name.rpartition(".")[2] == "dense"
        if isinstance(targets, str):
            return re.fullmatch(targets, name) is not None
        for one in targets:
            if name == one or name.endswith(f".{one}"):
                if (
                    name != one
                    and self._lora.only_layers
                    and _layer(name, self._lora) not in self._lora.only_layers
                ):
                    return False
                self.hit.add(one)
                return True
        return False


class _Rebuilder:
    """Writes the table anew with the adapter's layers; equal layers stay shared."""

    def __init__(self, lora: Lora) -> None:
        self._lora = lora
        self._done: dict[tuple[int, Plan], Block] = {}

    def block(self, old: Block, plan: Plan) -> Block:
        key = (id(old), plan)
        if key not in self._done:
            new = Block()
            new.shapes, new.inputs, new.outputs = list(old.shapes), old.inputs, old.outputs
            for step, what in zip(old.steps, plan, strict=True):
                self._step(new, step, what)
            self._done[key] = new
        return self._done[key]

    def _step(self, t: Block, step: Op | Call, what: "int | Plan") -> None:
        if isinstance(step, Call):
            assert isinstance(what, tuple)
            t.steps.append(step._replace(block=self.block(step.block, what)))
        elif what == 0:
            t.steps.append(step)
        elif what == _TOKENS:
            self._tokens(t, step)
        elif what == _COPY:
            weights = step.weights or step.fan[0] * step.fan[1]
            t.steps.append(
                step._replace(weights=weights, active=step.active or weights, shares="", trained=True)
            )
            if not step.shares:
                parked = t.free(
                    f"{step.name}.original_module", (1,), label=step.label, count=step.weights + step.bias
                )
                t.steps[-1] = t.steps[-1]._replace(output=parked.slot)  # type: ignore[call-arg]
        else:
            assert isinstance(what, int)
            (self._other(step) or self._wrap)(t, step, what)

    def _other(self, op: Op) -> Wrap | None:
        """How a kind of adapter that is no LoRA changes a layer."""
        lora = self._lora
        if op.kind == "experts" or op.role == "router":
            return on_weight
        if lora.kind == "LOHA":
            return loha
        if lora.kind == "LOKR":
            return lokr(lora.both, lora.factor)
        if lora.kind == "VERA":
            return vera
        if lora.kind == "IA3":
            return ia3(lambda name: _ends(lora.before, name))
        return None

    def _tokens(self, t: Block, op: Op) -> None:
        """A few rows of the word table are trained."""
        out = Value(op.output, t.shapes[op.output])
        base = t.value(out.shape)
        t.steps.append(op._replace(output=base.slot))
        rows = t.free(f"{op.name}.trainable_tokens_delta", (1,), count=self._lora.tokens * op.fan[1])
        t.steps[-1] = t.steps[-1]._replace(trained=True)  # type: ignore[call-arg]
        t.steps.append(Op("mix", "", "", (base.slot, rows.slot), out.slot, module=False, unfused=True))

    def _wrap(self, t: Block, op: Op, rank: int) -> None:
        """result = base(x) + B(A(x)), the output of `op` becoming the sum."""
        out = Value(op.output, t.shapes[op.output])
        base = t.value(out.shape)
        t.steps.append(op._replace(output=base.slot, name=f"{op.name}.base_layer"))
        low = (*out.shape[:-1], rank)
        wide = op.fan[1]
        small = Op(
            "linear", "adapter", f"{op.name}.lora_A.default", op.inputs, t.value(low).slot, trained=True
        )
        if op.kind == "embedding":
            size = op.fan[0] * rank
            small = small._replace(
                kind="embedding", weights=size, active=size, name=f"{op.name}.lora_embedding_A"
            )
        else:
            size = op.fan[0] * op.kernel * rank
            small = small._replace(kind=op.kind, flop=2 * out.rows * size, weights=size, active=size)
        t.steps.append(small)
        down = Value(small.output, low)
        if self._lora.kind == "ADALORA":
            t.free(f"{op.name}.ranknum", (1,), label="adapter", fixed=True)
            scale = t.free(f"{op.name}.lora_E", (rank,), label="adapter")
            t.steps[-1] = t.steps[-1]._replace(trained=True)  # type: ignore[call-arg]
            down = t.mix(down, scale, shape=low)
        up = t.linear(f"{op.name}.lora_B.default", down, wide, bias=self._lora.lora_bias, label="adapter")
        t.steps[-1] = t.steps[-1]._replace(trained=True)  # type: ignore[call-arg]
        parts = [base, up]
        if self._lora.dora and op.kind != "embedding":
            parts.extend(self._magnitude(t, op, rank, out))
        t.steps.append(
            Op(
                "mix",
                "",
                "",
                tuple(one.slot for one in parts),
                out.slot,
                module=False,
                unfused=not self._lora.dora,
            )
        )

    def _magnitude(self, t: Block, op: Op, rank: int, out: Value) -> Iterator[Value]:
        """DoRA (peft/tuners/lora/dora.py): B A is computed once more on the unit matrix for the norm of the weight,
        without gradients; with dropout the base layer runs a second time on the dropped input."""
        rows, wide = op.fan[0] * op.kernel, op.fan[1]
        flop = (
            2 * rows * rows * rank + 2 * rows * rank * wide if op.kind == "linear" else 2 * rows * rank * wide
        )
        t.steps.append(
            Op(
                "product",
                "adapter",
                "",
                (),
                t.value((1,)).slot,
                flop=flop,
                module=False,
                detached=True,
                unfused=True,
            )
        )
        magnitude = t.free(f"{op.name}.lora_magnitude_vector.default.weight", (wide,), label="adapter")
        t.steps[-1] = t.steps[-1]._replace(trained=True)  # type: ignore[call-arg]
        yield magnitude
        if self._lora.dropout:
            second = t.value(out.shape)
            t.steps.append(
                op._replace(output=second.slot, name="", weights=0, bias=0, active=0, label="adapter")
            )
            yield second


def _layer(name: str, lora: Lora) -> int | None:
    """The layer number in a module's name, as PEFT reads it."""
    for pattern in lora.layers_pattern or (r"[^.]*",):
        start = r".*?\." if not lora.layers_pattern else r"(?:^|.*?\.)"
        match = re.match(rf"{start}{pattern}\.(?P<index>\d+)\.", name)
        if match:
            return int(match["index"])
    return None


def _ends(names: tuple[str, ...] | str, name: str) -> bool:
    if isinstance(names, str):
        return bool(names) and re.fullmatch(names, name) is not None
    return name.endswith(names) if names else False


def _matches(names: tuple[str, ...] | str, name: str) -> bool:
    if isinstance(names, str):
        return bool(names) and re.fullmatch(names, name) is not None
    return any(name == one or name.endswith(f".{one}") for one in names)


def _parents(name: str) -> Iterator[str]:
    """ "a", "a.b", "a.b.c" of "a.b.c"."""
    end = name.find(".")
    while end >= 0:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name


def _names(config: Mapping[str, object], key: str, *, pattern: bool = False) -> tuple[str, ...] | str:
    value = config.get(key)
    if isinstance(value, str):
        return _pattern(key, value) if pattern and value.lower() != "all-linear" else value
    return _listed(config, key)


def _listed(config: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = config.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple | set | frozenset) or not all(type(one) is str for one in value):
        raise refuse("adapter", key=key, value=value)
    return tuple(sorted(value))


def _pattern(key: str, value: object) -> str:
    """A pattern that compiles and cannot run away: bearable in length, no repeated group, few open repeats."""
    if not isinstance(value, str) or len(value) > _LONGEST_PATTERN:
        raise refuse("adapter", key=key, value=value)
    if _REPEATED_GROUP.search(value) or len(_OPEN_REPEAT.findall(value)) > _MOST_REPEATS:
        raise refuse("adapter", key=key, value=value)
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        raise refuse("adapter", key=key, value=value) from None
    return value


_REPEATED_GROUP = re.compile(r"\)[*+{]")
_OPEN_REPEAT = re.compile(r"(?<!\\)[*+]|,\}")


def _rank(key: str, value: object) -> int:
    if type(value) is not int or not 0 < value <= _HIGHEST_RANK:
        raise refuse("adapter", key=key, value=value)
    return value


def _layers(value: object) -> tuple[int, ...]:
    if value is None:
        return ()
    if type(value) is int:
        return (value,)
    if not isinstance(value, list | tuple) or not all(type(one) is int for one in value):
        raise refuse("adapter", key="layers_to_transform", value=value)
    return tuple(value)


def _flag(config: Mapping[str, object], key: str) -> bool:
    value = config.get(key)
    if value is not None and type(value) is not bool:
        raise refuse("adapter", key=key, value=value)
    return bool(value)
