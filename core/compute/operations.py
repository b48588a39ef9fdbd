# SPDX-License-Identifier: Apache-2.0
"""What a layer table is made of: values, operations and calls of blocks. Use them through core.compute.layers."""

from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from core.compute.layers import Block

Kind: TypeAlias = Literal["linear", "conv", "experts", "embedding", "norm", "free", "product", "mix"]
Role: TypeAlias = Literal["body", "head", "final_norm", "router"]
Shape: TypeAlias = tuple[int, ...]


class Value(NamedTuple):
    """A tensor between two operations: `slot` is its number in its block, the last entry of `shape` its width."""

    slot: int
    shape: Shape

    @property
    def width(self) -> int:
        """Numbers per position."""
        return self.shape[-1]

    @property
    def rows(self) -> int:
        """Positions in the whole batch."""
        return prod(self.shape[:-1])


class Op(NamedTuple):
    """One operation and the weights it owns.

    `flop` is the forward cost; each gradient the backward pass needs (of an input, of the weight) costs the same.
    `name` is the module's path inside its block. `weights` and `bias` are parameter counts. `active` is how many of
    `weights` one token uses. `shares` is the full name of another module whose weight this one uses (tied head).
    `fan` is (in, out) of a linear layer or (in/groups, out) of a convolution, `kernel` a convolution's window size.
    `trained` marks what an adapter adds: it is trained whatever happens to the base; `fixed` weights are never trained. `detached` outputs carry no
    gradient. `unfused` operations keep nothing for the backward pass (additions, reshapes). `back`: what each gradient
    costs where that is not `flop` (None: the same). `raw`: a linear layer whose class reads its weight and never calls it,
    so that what an adapter adds to it is held and not run. `module`: whether a linear layer, a convolution or a table is a
    module that an adapter can wrap.
    """

    kind: Kind
    label: str
    name: str
    inputs: tuple[int, ...]
    output: int
    flop: int = 0
    weights: int = 0
    bias: int = 0
    active: int = 0
    shares: str = ""
    fan: tuple[int, int] = (0, 0)
    kernel: int = 1
    module: bool = True
    role: Role = "body"
    trained: bool = False
    fixed: bool = False
    detached: bool = False
    unfused: bool = False
    back: int | None = None
    raw: bool = False


class Call(NamedTuple):
    """A run of `block` under `prefix`. `layer`: one of the stacked layers (what "the last k layers" counts and what
    gradient checkpointing runs again). `again`: the weights were counted before (layers that share weights). `dead`:
    nothing of the loss depends on the outputs, so no backward pass. `drops`: it ends in dropout; `rate`: the chance that a
    training step leaves it out (core.compute.while_training)."""

    prefix: str
    block: "Block"
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    layer: bool = True
    again: bool = False
    dead: bool = False
    drops: bool = False
    rate: float = 0.0
