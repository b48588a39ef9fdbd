# SPDX-License-Identifier: Apache-2.0
"""What PEFT's OFT and BOFT add to a linear layer: its input is turned before it enters (peft 0.21, tuners/oft and boft).

The turning matrix is made of small blocks, once for each batch. Solving for it (torch.linalg.solve) counts nothing, as in
PyTorch's counter, but for the one product of its backward pass. BOFT spreads its blocks over a whole square matrix and multiplies it with whole permutation matrices.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.compute.adapter_kinds import Wrap
from core.compute.adapter_values import whole_setting
from core.compute.layers import Block, Op, Value
from core.compute.notes import refuse

ROTATIONS = frozenset({"OFT", "BOFT"})
_LABEL = "adapter"


class Rotation(NamedTuple):
    """How the blocks are cut: `size` numbers in each, or `number` of them (the other is 0). `shared`: one block for all.
    With `series` the inverse is taken from a series of `terms`, else it is solved. `factors`: whole matrices in a row
    (BOFT)."""

    size: int
    number: int
    shared: bool = False
    series: bool = False
    terms: int = 0
    factors: int = 1


def read_rotation(kind: str, config: Mapping[str, object]) -> Rotation:
    """The blocks of an adapter_config.json of OFT or BOFT. Raises BadConfig."""
    if kind == "BOFT":
        found = Rotation(
            whole_setting(config, "boft_block_size", 4, least=0),
            whole_setting(config, "boft_block_num", 0, least=0),
            factors=whole_setting(config, "boft_n_butterfly_factor", 1, most=64),
        )
        if (found.size > 0) == (found.number > 0):
            raise refuse("adapter", key="boft_block_size", value=found.size)
        return found
    # Before 0.14 the blocks were cut by r alone and no series was taken; the key did not exist.
    size = whole_setting(config, "oft_block_size", 0, least=0)
    number = whole_setting(config, "r", 8, least=0)
    if (size > 0) == (number > 0):
        raise refuse("adapter", key="oft_block_size", value=size)
    terms = whole_setting(config, "num_cayley_neumann_terms", 5, least=0)
    series = config.get("use_cayley_neumann") is True
    return Rotation(size, number, config.get("block_share") is True, series, terms)


def rotation(kind: str, how: Rotation) -> Wrap:
    """How one layer is changed."""

    def wrap(t: Block, op: Op, _rank: int) -> None:
        if op.kind != "linear":
            raise refuse("adapter_type", value=f"{kind} ({op.kind})")
        (_boft if kind == "BOFT" else _oft)(t, op, how)

    return wrap


def _oft(t: Block, op: Op, how: Rotation) -> None:
    """Each block turns its own part of the input."""
    wide = op.fan[0]
    size = _fitting(wide, how.size) if how.size else wide // _fitting(wide, how.number)
    blocks = 1 if how.shared else wide // size
    held = t.added(f"{op.name}.oft_R", blocks * size * (size - 1) // 2)
    products = 2 + max(0, how.terms - 4) if how.series and how.terms > 2 else 0
    one = 2 * blocks * size**3
    back = 2 * products * one if how.series else one
    turn = t.products(_LABEL, held, flop=products * one, back=back)
    x = Value(op.inputs[0], t.shapes[op.inputs[0]])
    turned = t.products(_LABEL, x, turn, flop=2 * x.rows * wide * size, shape=x.shape)
    t.steps.append(op._replace(inputs=(turned.slot, *op.inputs[1:]), name=f"{op.name}.base_layer"))


def _boft(t: Block, op: Op, how: Rotation) -> None:
    """One whole matrix turns the input, and each number that leaves is scaled."""
    wide, out = op.fan
    size = how.size or wide // how.number
    if not size or wide % size:
        raise refuse("adapter", key="boft_block_size", value=how.size or how.number)
    held = t.added(f"{op.name}.boft_R", how.factors * wide * size)
    # Two permutations for each factor, the factors with each other, and the last with the unit matrix: only the factors
    # are trained, but a product of two factors hands a gradient to both.
    one = 2 * wide**3
    between = how.factors - 1
    flop = (2 * how.factors + between + 1) * one
    solved = 2 * how.factors * wide * size**2
    turn = t.products(_LABEL, held, flop=flop, back=flop + between * one + solved)
    x = Value(op.inputs[0], t.shapes[op.inputs[0]])
    turned = t.products(_LABEL, x, turn, flop=2 * x.rows * wide * wide, shape=x.shape)
    result = Value(op.output, t.shapes[op.output])
    base = t.value(result.shape)
    t.steps.append(
        op._replace(inputs=(turned.slot, *op.inputs[1:]), output=base.slot, name=f"{op.name}.base_layer")
    )
    scale = t.added(f"{op.name}.boft_s", out)
    t.steps.append(Op("mix", "", "", (base.slot, scale.slot), op.output))


def _fitting(wide: int, wanted: int) -> int:
    """The divisor of `wide` next to `wanted`, the smaller of two (OFTLayer.adjust_oft_parameters)."""
    if wanted >= wide:
        return wide
    higher = next(one for one in range(wanted, wide + 1) if wide % one == 0)
    lower = next(one for one in range(wanted, 0, -1) if wide % one == 0)
    return lower if wanted - lower <= higher - wanted else higher
