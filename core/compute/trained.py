# SPDX-License-Identifier: Apache-2.0
"""Which weights a training run updates."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from core.compute.layers import Block, Call, Op


class Trained(NamedTuple):
    """`full` all, `frozen` none (forward only), `head` the output head, `layers` the last `last` stacked layers with
    the norm after them, `matching` every parameter whose full name (as in the checkpoint) makes `match` true, `part` the
    same when whole modules were told to stand still, which then ask for no gradient either."""

    mode: Literal["full", "frozen", "head", "layers", "matching", "part"] = "full"
    last: int = 0
    match: Callable[[str], bool] | None = None


FULL = Trained()
FROZEN = Trained("frozen")
HEAD_ONLY = Trained("head")


def last_layers(count: int) -> Trained:
    """The last `count` stacked layers and the norm that follows them."""
    if count < 0:
        raise ValueError("a count of layers is not negative")
    return Trained("layers", last=count)


def matching(match: Callable[[str], bool]) -> Trained:
    """The parameters whose full name (for example `model.layers.0.self_attn.q_proj.weight`) `match` accepts."""
    return Trained("matching", match=match)


def part(match: Callable[[str], bool]) -> Trained:
    """As `matching`, where what is not matched was frozen by its own module's switch (freeze_feature_encoder)."""
    return Trained("part", match=match)


def predicate(trained: Trained, network: Block) -> Callable[[str], bool] | bool:
    """A test by parameter name for `network`, or True/False when all or none is trained."""
    if trained.mode == "full":
        return True
    if trained.mode == "frozen":
        return False
    if trained.match is not None:  # "matching" and "part"
        return trained.match
    chosen: tuple[str, ...]
    if trained.mode == "head":
        chosen = tuple(f"{op.shares or op.name}." for op in _ops(network, "head"))
    else:
        layers = [step.prefix for step in network.steps if isinstance(step, Call) and step.layer]
        last = layers[max(0, len(layers) - trained.last) :]
        chosen = tuple(f"{name}." for name in [*last, *(op.name for op in _ops(network, "final_norm"))])
    return lambda name: name.startswith(chosen)


def _ops(network: Block, role: str) -> list[Op]:
    return [step for step in network.steps if isinstance(step, Op) and step.role == role]
