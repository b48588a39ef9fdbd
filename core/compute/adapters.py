# SPDX-License-Identifier: Apache-2.0
"""Adapters as extra layers of the same table: which layers they reach is decided in adapter_targets."""

from collections.abc import Iterator, Mapping

from core.compute.adapter_config import ROWS, Lora, read_adapter, saved_modules
from core.compute.adapter_experts import for_experts, on_each
from core.compute.adapter_kinds import Wrap, ia3, loha, lokr, on_weight, vera
from core.compute.adapter_matrices import matrix
from core.compute.adapter_rotations import rotation
from core.compute.adapter_targets import COPY, Finder, Plan, Rows, ends
from core.compute.adaption_prompt import with_adaption_prompt
from core.compute.layers import Block, Call, Op, Value
from core.compute.notes import Note, note, refuse
from core.compute.prompts import add_prompt, is_prompt
from core.compute.trained import FROZEN, Trained, matching


def adapt(
    network: Block, config: Mapping[str, object], model_type: str = ""
) -> tuple[Block, Trained, list[Note]]:
    """`network` with the adapter's layers, which base weights are trained beside them, and remarks.

    Raises BadConfig when the adapter fits no layer.
    """
    if is_prompt(config):
        return _prompted(network, config), FROZEN, []
    if config.get("peft_type") == "ADAPTION_PROMPT":
        return with_adaption_prompt(network, config, model_type), FROZEN, []
    lora = for_experts(read_adapter(config), model_type, config)
    finder = Finder(lora)
    plan = finder.plan(network, "")
    if not finder.found and not lora.saved and lora.kind != ROWS:
        raise refuse("no_target")
    wanted = (*(lora.targets if isinstance(lora.targets, tuple) else ()), *(name for name, _ in lora.tables))
    missing = [one for one in wanted if one not in finder.hit]
    base = FROZEN
    if lora.bias == "all":
        base = matching(lambda name: name.endswith(".bias"))
    elif lora.bias == "lora_only":
        biases = frozenset(f"{name}.base_layer.bias" for name in finder.found)
        base = matching(lambda name: name in biases)
    return _Rebuilder(lora).block(network, plan), base, [note("target_missing", name=one) for one in missing]


def _prompted(network: Block, config: Mapping[str, object]) -> Block:
    """A trained prompt, and the modules that are trained beside it."""
    network = add_prompt(network, config)
    beside = Lora(rank=1, targets=(), saved=saved_modules(config))
    return _Rebuilder(beside).block(network, Finder(beside).plan(network, ""))


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

    def _step(self, t: Block, step: Op | Call, what: "int | Rows | Plan") -> None:
        if isinstance(step, Call):
            assert isinstance(what, tuple)
            t.steps.append(step._replace(block=self.block(step.block, what)))
        elif what == 0:
            t.steps.append(step)
        elif isinstance(what, Rows):
            self._rows(t, step, what.count)
        elif what == COPY:
            weights = step.weights or step.fan[0] * step.fan[1]
            t.steps.append(
                step._replace(weights=weights, active=step.active or weights, shares="", trained=True)
            )
            if not step.shares:
                parked = t.free(
                    f"{step.name}.original_module", (1,), label=step.label, count=step.weights + step.bias
                )
                t.amend(output=parked.slot)
        else:
            assert isinstance(what, int)
            first = len(t.steps)
            if step.raw:
                self._held(t, step, what)
                return
            (self._other(step) or self._wrap)(t, step, what)
            if step.detached:
                # Nothing of the loss depends on the layer, so nothing does on what sits on it.
                _still(t, first)

    def _held(self, t: Block, op: Op, rank: int) -> None:
        """What an adapter adds to a layer whose class reads its weight itself: it is there, trained, and never run."""
        t.steps.append(op._replace(name=f"{op.name}.base_layer"))
        first = len(t.steps)
        idle = op._replace(output=t.value(t.shapes[op.output]).slot, weights=0, bias=0, active=0, shares="")
        (self._other(idle) or self._wrap)(t, idle, rank)
        _still(t, first, runs=False)

    def _other(self, op: Op) -> Wrap | None:
        """How a kind of adapter that is no LoRA changes a layer."""
        lora = self._lora
        if lora.apart and op.kind == "experts":
            return on_each(lora.apart[op.name.rpartition(".")[2]], lora.dora)
        if op.kind == "experts" or (op.role == "router" and not lora.apart):
            return on_weight
        if lora.kind == "LOHA":
            return loha
        if lora.kind == "LOKR":
            return lokr(lora.both, lora.factor)
        if lora.kind == "VERA":
            return vera
        if lora.turns is not None:
            return rotation(lora.kind, lora.turns)
        if lora.matrix:
            return matrix(lora.matrix)
        if lora.kind == "IA3":
            return ia3(lambda name: ends(lora.before, name))
        return None

    def _rows(self, t: Block, op: Op, count: int) -> None:
        """A few rows of a table are trained."""
        if op.kind == "linear":
            # The rows are put into the whole table, so the head makes the gradient of all of it (peft 0.21,
            # tuners/trainable_tokens/layer.py, get_merged_weights).
            table = t.added(f"{op.name}.trainable_tokens_delta", count * op.fan[0])
            t.steps.append(op._replace(inputs=(*op.inputs, table.slot)))
            return
        out = Value(op.output, t.shapes[op.output])
        base = t.value(out.shape)
        t.steps.append(op._replace(output=base.slot))
        # No table proper, so the Trainer counts these rows among the parameters outside embeddings.
        rows = t.added(f"{op.name}.trainable_tokens_delta", count * op.fan[1])
        t.steps.append(Op("mix", "", "", (base.slot, rows.slot), out.slot, unfused=True))

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
            scale = t.added(f"{op.name}.lora_E", rank, (rank,))
            down = t.mix(down, scale, shape=low)
        up = t.linear(f"{op.name}.lora_B.default", down, wide, bias=self._lora.lora_bias, label="adapter")
        t.amend(trained=True)
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
                unfused=not self._lora.dora,
            )
        )

    def _magnitude(self, t: Block, op: Op, rank: int, out: Value) -> Iterator[Value]:
        """DoRA (peft/tuners/lora/dora.py): B A is computed once more on the unit matrix for the norm of the weight,
        without gradients; with dropout the base layer runs a second time on the dropped input, before peft 0.14 always."""
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
                # A layer that never runs takes no norm.
                flop=flop if op.flop else 0,
                detached=True,
                unfused=True,
            )
        )
        yield t.added(f"{op.name}.lora_magnitude_vector.default.weight", wide, (wide,))
        if self._lora.base_again:
            second = t.value(out.shape)
            t.steps.append(
                op._replace(output=second.slot, name="", weights=0, bias=0, active=0, label="adapter")
            )
            yield second


def _still(t: Block, first: int, *, runs: bool = True) -> None:
    """No gradient reaches what `t` runs from step `first` on; without `runs` it is not even run."""
    for place, step in enumerate(t.steps[first:], first):
        if isinstance(step, Op):
            t.steps[place] = step._replace(
                detached=True, flop=step.flop if runs else 0, back=step.back if runs else None
            )
