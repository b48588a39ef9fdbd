# SPDX-License-Identifier: Apache-2.0
"""Forward and backward operations of a layer table under any freezing pattern.

The rule, as automatic differentiation applies it: a value needs a gradient when something trained lies before it;
an operation's input gradient is computed only for inputs that need one, its weight gradient only when the weight
is trained. Each costs what the forward operation costs.
"""

from collections.abc import Callable
from typing import NamedTuple

from core.compute.layers import Block, Call, Op

WEIGHT, BIAS = 1, 2
_WORDS = frozenset({"embed_tokens", "wte", "word_embeddings", "embed_in"})
"""Last parts of the names of tables of words."""


class Line(NamedTuple):
    """What one kind of layer holds and runs, all layers and the whole batch together."""

    parameters: int = 0
    trainable: int = 0
    active: int = 0
    forward_flop: int = 0
    backward_flop: int = 0

    def plus(self, other: "Line") -> "Line":
        """Both together."""
        return Line(*(a + b for a, b in zip(self, other, strict=True)))


class Tally(NamedTuple):
    """A counted block. `again_flop`: the forward operations gradient checkpointing runs a second time. It stops
    after the last operation that stored something for the backward pass, as PyTorch's non-reentrant kind does.
    `skipped_flop`: what layers that are left out at random spare in a step, forward and backward, on average."""

    lines: dict[str, Line]
    needs_grad: tuple[bool, ...]
    forward_flop: int
    saved_until: int
    again_flop: int
    skipped_flop: float = 0.0


class Counter:
    """Counts a network once. Equal layers in an equal situation are counted one time and added up."""

    def __init__(
        self, trained: Callable[[str], bool] | bool, *, modules: bool = False, opened: bool = False
    ) -> None:
        """`modules`: whole modules stand still, so that what they want of their input falls away too. `opened`: what the
        table of words gives needs a gradient although the table stands still (transformers, enable_input_require_grads).
        """
        self._trained = trained
        self._modules = modules
        self._opened = opened
        self._seen: dict[tuple[int, tuple[bool, ...], bool, bool, tuple[int, ...]], Tally] = {}

    def count(
        self,
        block: Block,
        needs: tuple[bool, ...] = (),
        prefix: str = "",
        again: bool = False,
        dead: bool = False,
    ) -> Tally:
        """Count `block` when its inputs need gradients as `needs` says; `again` and `dead` as in `Call`."""
        flags = self._flags(block, prefix)
        key = (id(block), needs, again, dead, flags)
        known = self._seen.get(key)
        if known is None:
            known = self._seen[key] = self._run(block, needs, prefix, again, dead)
        return known

    def _flags(self, block: Block, prefix: str) -> tuple[int, ...]:
        """For each operation below `block`, in order: is its weight trained, is its bias."""
        if isinstance(self._trained, bool):
            return ()
        found: list[int] = []
        for step in block.steps:
            if isinstance(step, Call):
                found.extend(self._flags(step.block, _join(prefix, step.prefix)))
            else:
                found.append(self._flag(step, prefix))
        return tuple(found)

    def _flag(self, op: Op, prefix: str) -> int:
        if op.fixed:
            return 0
        if op.trained:
            if (
                self._modules
                and not isinstance(self._trained, bool)
                and not self._trained(_join(prefix, op.name))
            ):
                return 0
            return WEIGHT | BIAS
        if isinstance(self._trained, bool):
            return (WEIGHT | BIAS) if self._trained else 0
        if not (op.weights or op.bias or op.shares):
            return 0
        name = _join(prefix, op.name)
        weight = op.shares or name
        # A bare parameter is its own name; a module's parameters end in .weight and .bias.
        own = name if op.kind in ("free", "experts") else f"{weight}.weight"
        flag = WEIGHT if self._trained(own) else 0
        bare = op.kind == "experts" or (op.kind == "linear" and not (op.module or op.shares))
        bias = f"{name}_bias" if bare else f"{name}.bias"
        return flag | (BIAS if op.bias and self._trained(bias) else 0)

    def _run(self, block: Block, needs: tuple[bool, ...], prefix: str, again: bool, dead: bool) -> Tally:
        grad = [False] * len(block.shapes)
        for value, need in zip(block.inputs, needs, strict=True):
            grad[value.slot] = need
        lines: dict[str, Line] = {}
        forward = saved = repeated = 0
        skipped = 0.0
        for step in block.steps:
            if isinstance(step, Call):
                inner = self.count(
                    step.block,
                    tuple(grad[slot] for slot in step.inputs),
                    _join(prefix, step.prefix),
                    again or step.again,
                    dead or step.dead,
                )
                for slot, need in zip(step.outputs, inner.needs_grad, strict=True):
                    grad[slot] = need
                if inner.saved_until:
                    saved = forward + inner.saved_until
                forward += inner.forward_flop
                until = inner.forward_flop if step.drops and any(inner.needs_grad) else inner.saved_until
                repeated += until if step.layer else inner.again_flop
                skipped += step.rate * _whole(inner) if step.rate else inner.skipped_flop
                for label, line in inner.lines.items():
                    _add(lines, label, line)
                continue
            flag = self._flag(step, prefix)
            below = sum(grad[slot] for slot in step.inputs)
            weight = bool(flag & WEIGHT) and bool(step.weights or step.shares)
            bias = bool(flag & BIAS) and bool(step.bias)
            grad[step.output] = bool(
                below > 0
                or weight
                or bias
                or (step.trained and (flag or step.fixed))
                or (self._opened and step.kind == "embedding" and step.name.rpartition(".")[2] in _WORDS)
            ) and not (step.detached or dead)
            if (below or weight) and not step.unfused and not (step.detached or dead):
                saved = forward
            forward += step.flop
            _add(lines, step.label, _line(step, below, weight, bias, again, dead))
        outs = tuple(grad[value.slot] for value in block.outputs)
        return Tally(lines, outs, forward, saved, repeated, skipped)


def _whole(tally: Tally) -> int:
    """Forward and backward operations together."""
    return sum(line.forward_flop + line.backward_flop for line in tally.lines.values())


def _line(op: Op, below: int, weight: bool, bias: bool, again: bool, dead: bool) -> Line:
    each = op.flop if op.back is None else op.back
    backward = 0 if op.detached or dead else each * (below + weight)
    if again:
        return Line(forward_flop=op.flop, backward_flop=backward)
    trainable = (op.weights if weight else 0) + (op.bias if bias else 0)
    spare = op.bias * op.active // op.weights if op.weights else op.bias
    return Line(op.weights + op.bias, trainable, op.active + spare, op.flop, backward)


def _add(lines: dict[str, Line], label: str, line: Line) -> None:
    if label:
        lines[label] = lines[label].plus(line) if label in lines else line


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix and name else prefix or name
