# SPDX-License-Identifier: Apache-2.0
"""What PEFT's adapters other than LoRA add to one layer: LoHa, LoKr, VeRA, IA3 (peft 0.21, tuners/*/layer.py).

Each function writes the layer anew; its output keeps the old slot, so the rest of the table does not change.
"""

from collections.abc import Callable
from math import prod
from typing import TypeAlias

from core.compute.layers import Block, Op, Shape, Value

Wrap: TypeAlias = Callable[[Block, Op, int], None]
_LABEL = "adapter"


def _base(t: Block, op: Op) -> Value:
    out = Value(op.output, t.shapes[op.output])
    base = t.value(out.shape)
    t.steps.append(op._replace(output=base.slot, name=f"{op.name}.base_layer"))
    return base


def _joined(t: Block, op: Op, *parts: Value, keeps: bool = False) -> None:
    slots = tuple(one.slot for one in parts)
    t.steps.append(Op("mix", "", "", slots, op.output, unfused=not keeps))


def _given(t: Block, op: Op) -> Value:
    return Value(op.inputs[0], t.shapes[op.inputs[0]])


def second_pass(t: Block, op: Op, delta: Value) -> None:
    """The base layer's product once more, with the adapter's matrix in place of the weight."""
    base = _base(t, op)
    _joined(t, op, base, t.products(_LABEL, _given(t, op), delta, flop=op.flop, shape=base.shape))


def loha(t: Block, op: Op, rank: int) -> None:
    """LoHa: two products of low rank, multiplied element by element; the backward pass makes both once more."""
    wide, narrow = op.fan[1], op.fan[0] * op.kernel
    factors = t.added(f"{op.name}.hada", 2 * rank * (wide + narrow))
    flop = 4 * wide * narrow * rank
    second_pass(t, op, t.products(_LABEL, factors, flop=flop, back=3 * flop))


def lokr(both: bool, factor: int) -> Wrap:
    """LoKr: a Kronecker product of two small matrices, each whole or of low rank. `both`: the first may be of low
    rank too; `factor`: how large the first matrix is (-1: as near to the root as it goes)."""

    def wrap(t: Block, op: Op, rank: int) -> None:
        (in_few, in_many), (out_few, out_many) = (split(size, factor) for size in op.fan)
        count = flop = 0
        low_first = both and rank < max(out_few, in_few) / 2
        low_second = rank < max(out_many, in_many) / 2
        for rows, columns, low in (
            (out_few, in_few, low_first),
            (out_many, in_many * op.kernel, low_second),
        ):
            count += rank * (rows + columns) if low else rows * columns
            flop += 2 * rows * columns * rank if low else 0
        factors = t.added(f"{op.name}.lokr", count)
        second_pass(t, op, t.products(_LABEL, factors, flop=flop, back=2 * flop))

    return wrap


def split(size: int, factor: int) -> tuple[int, int]:
    """`size` as a product of two numbers, the smaller first (peft/tuners/lokr/layer.py, factorization)."""
    if factor > 0 and size % factor == 0:
        return factor, size // factor
    limit = size if factor == -1 else factor
    few, many = 1, size
    for one in range(2, int(size**0.5) + 1):
        if size % one == 0:
            if one > limit:
                break
            few, many = one, size // one
    return (few, many) if few <= many else (many, few)


def vera(t: Block, op: Op, rank: int) -> None:
    """VeRA: two fixed random matrices, shared by all layers and no parameters, with trained factors between."""
    base, x = _base(t, op), _given(t, op)
    low: Shape = (*base.shape[:-1], rank)
    rows = prod(base.shape[:-1])
    down = t.products(_LABEL, x, flop=2 * rows * op.fan[0] * rank, shape=low)
    inner = t.mix(down, t.added(f"{op.name}.vera_lambda_d", rank), shape=low, keeps=True)
    up = t.products(_LABEL, inner, flop=2 * rows * op.fan[1] * rank, shape=base.shape)
    factor = t.added(f"{op.name}.vera_lambda_b", op.fan[1])
    _joined(t, op, base, t.mix(up, factor, shape=base.shape, keeps=True))


def ia3(before: Callable[[str], bool]) -> Wrap:
    """IA3: a trained factor for each number that leaves a layer, or enters it where `before` says so of its name."""

    def wrap(t: Block, op: Op, _rank: int) -> None:
        if not before(op.name):
            base = _base(t, op)
            _joined(t, op, base, t.added(f"{op.name}.ia3_l", op.fan[1]), keeps=True)
            return
        x = _given(t, op)
        scaled = t.mix(x, t.added(f"{op.name}.ia3_l", op.fan[0]), shape=x.shape, keeps=True)
        t.steps.append(op._replace(inputs=(scaled.slot, *op.inputs[1:]), name=f"{op.name}.base_layer"))

    return wrap


def on_weight(t: Block, op: Op, rank: int) -> None:
    """LoRA on a bare weight (a router, the matrices of all experts): B A is made for it in every pass, and for all
    experts whichever run (peft 0.21, ParamWrapper)."""
    one = op.fan[0] * op.fan[1]
    number = op.weights // one
    factors = t.added(f"{op.name}.lora", rank * number * (op.fan[0] + op.fan[1]))
    flop = 2 * number * rank * one
    # A forward pass of experts makes the matrices twice; a router's matrix is made once.
    times = 2 if op.kind == "experts" else 1
    delta = t.products(_LABEL, factors, flop=times * flop, back=2 * flop)
    t.steps.append(op._replace(inputs=(*op.inputs, delta.slot), name=f"{op.name}.base_layer"))
