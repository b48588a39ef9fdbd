# SPDX-License-Identifier: Apache-2.0
"""What PEFT's FourierFT and HRA add to a linear layer: a whole matrix, made once for each batch (peft 0.21,
tuners/fourierft/layer.py and tuners/hra/layer.py)."""

from collections.abc import Mapping

from core.compute.adapter_kinds import Wrap, second_pass
from core.compute.adapter_values import whole_setting
from core.compute.layers import Block, Op
from core.compute.notes import refuse

MATRICES = frozenset({"FOURIERFT", "HRA"})
_LABEL = "adapter"
_MOST_FREQUENCIES = 10**7
"""Any number of a layer's weights may be chosen, so this is no rank."""


def matrix(config: Mapping[str, object]) -> Wrap:
    """How one layer is changed. Raises BadConfig."""
    if config.get("peft_type") == "FOURIERFT":
        if config.get("n_frequency_pattern"):
            raise refuse("adapter", key="n_frequency_pattern", value=config.get("n_frequency_pattern"))
        return _fourier(whole_setting(config, "n_frequency", 1000, most=_MOST_FREQUENCIES))
    return _reflections(whole_setting(config, "r", 8), config.get("apply_GS") is True)


def _fourier(frequencies: int) -> Wrap:
    """FourierFT: the spectrum of a matrix is trained; the transform counts nothing, the matrix meets the input."""

    def wrap(t: Block, op: Op, _rank: int) -> None:
        _linear(op, "FOURIERFT")
        second_pass(t, op, t.added(f"{op.name}.fourierft_spectrum", frequencies))

    return wrap


def _reflections(rank: int, orthogonal: bool) -> Wrap:
    """HRA: `rank` reflections make a square matrix, it turns the weight, and the turned weight meets the input.

    A reflection multiplies the matrix before it with a vector and that with the vector's other side; the first one is
    multiplied with the unit matrix, which asks for no gradient. With `orthogonal` all are one product instead, after the
    vectors were set at right angles.
    """

    def wrap(t: Block, op: Op, _rank: int) -> None:
        _linear(op, "HRA")
        wide, out = op.fan
        square = 2 * wide * wide
        held = t.added(f"{op.name}.hra_u", wide * rank)
        if orthogonal:
            angles = rank * (rank - 1) // 2 * 2 * wide
            made, back = rank * square + angles, 2 * (rank * square + angles)
        else:
            made, back = 2 * rank * square, (4 * rank - 1) * square
        # The unit matrix times the reflections, the weight times that: both hand a gradient to the reflections alone.
        turned = square * wide + square * out
        weight = t.products(_LABEL, held, flop=made + turned, back=back + turned)
        t.steps.append(op._replace(inputs=(*op.inputs, weight.slot), name=f"{op.name}.base_layer"))

    return wrap


def _linear(op: Op, kind: str) -> None:
    if op.kind != "linear":
        raise refuse("adapter_type", value=f"{kind} ({op.kind})")
