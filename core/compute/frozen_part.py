# SPDX-License-Identifier: Apache-2.0
"""Which part of a network stood still, from how many parameters the optimizer changed.

People freeze in few ways: one module (a sound encoder, a vision tower, the embeddings, an encoder), all but one (a new
head), or everything up to some layer. A part is named only when its size fits to the last weight and no other part
fits too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from core.compute.architectures import build
from core.compute.inputs import Inputs
from core.compute.layers import Block, Call
from core.compute.trained import Trained, part
from core.errors import BadConfig

_DEEPEST = 4
"""Modules deeper inside than this are nobody's choice of what to freeze."""


class Part(NamedTuple):
    """Modules by the beginning of their names. `kept`: they alone were trained; else they alone stood still."""

    names: tuple[str, ...]
    kept: bool = False

    def trained(self) -> Trained:
        """The weights that a run with this part changes."""
        return part(self.changes)

    def changes(self, name: str) -> bool:
        """Whether a weight of this full name, or an operation that holds it, was trained."""
        inside = name in self.names or name.startswith(tuple(f"{module}." for module in self.names))
        return inside is self.kept


def frozen_part(config: Mapping[str, Any], model_class: str | None, trainable: int) -> Part | None:
    """The one part that leaves `trainable` parameters to train; None when none fits, or several."""
    try:
        network, _ = build(config, Inputs(), model_class=model_class)
    except BadConfig:
        return None
    sizes = list(_sizes(network, ""))
    still = sum(size for _, size in sizes) - trainable
    if trainable <= 0 or still <= 0:
        return None
    modules = _modules(sizes)
    found = [Part((name,), kept=True) for name in _outermost(modules, trainable)]
    found += [Part((name,)) for name in _outermost(modules, still)]
    if not found and (start := _beginning(sizes, still)):
        found.append(Part(start))
    # "The head alone was trained" and "the body stood still" may be the same.
    meant = {frozenset(name for name, _ in sizes if one.changes(name)) for one in found}
    return found[0] if len(meant) == 1 else None


def _sizes(block: Block, prefix: str) -> Iterator[tuple[str, int]]:
    """Name and parameters of each operation that holds any, in the order they run; shared ones once."""
    for step in block.steps:
        name = ".".join(filter(None, (prefix, step.prefix if isinstance(step, Call) else step.name)))
        if not isinstance(step, Call):
            if (step.weights or step.bias) and not step.fixed:
                yield name, step.weights + step.bias
        elif not step.again:
            yield from _sizes(step.block, name)


def _modules(sizes: list[tuple[str, int]]) -> dict[str, int]:
    """Parameters of each module, those inside it included."""
    sums: dict[str, int] = {}
    for name, size in sizes:
        parts = name.split(".")[:_DEEPEST]
        for end in range(1, len(parts) + 1):
            module = ".".join(parts[:end])
            sums[module] = sums.get(module, 0) + size
    return sums


def _outermost(modules: Mapping[str, int], size: int) -> list[str]:
    """Modules of that size; of one inside another that is as large, the outer one."""
    fitting = [name for name, held in modules.items() if held == size]
    return [name for name in fitting if not any(name.startswith(f"{other}.") for other in fitting)]


def _beginning(sizes: list[tuple[str, int]], still: int) -> tuple[str, ...] | None:
    """Everything that runs before some point, when the sizes add up there."""
    names: list[str] = []
    for name, size in sizes:
        names.append(name)
        still -= size
        if still <= 0:
            break
    return tuple(names) if still == 0 and len(names) < len(sizes) else None
