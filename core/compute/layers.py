# SPDX-License-Identifier: Apache-2.0
"""The layer table: a network written down once, as the operations it runs and the weights they hold.

A `Block` is a list of `Op`s and `Call`s over numbered values, in the order they run. Values carry their shape
(batch, positions..., width). A `Call` runs another block under a name prefix; identical layers are calls of one
shared block, so a model of 126 equal layers is described, and counted, as cheaply as one of 16.

Convention (that of PyTorch's FlopCounterMode with dense kernels): a product of an m x n and an n x k matrix is
2*m*n*k FLOP; attention runs over the full square also when it is causal or windowed; biases, norms, softmax,
activations, look-ups and scans count nothing.
"""

from math import prod
from typing import Any

from core.compute.operations import Call, Kind, Op, Role, Shape, Value

__all__ = ["Block", "Call", "Kind", "Op", "Role", "Shape", "Value"]


class Block:
    """A piece of a network, built by calling the methods below in the order the network runs."""

    __slots__ = ("inputs", "outputs", "shapes", "steps")

    def __init__(self, *shapes: Shape) -> None:
        self.steps: list[Op | Call] = []
        self.shapes: list[Shape] = []
        self.inputs: tuple[Value, ...] = tuple(self.value(shape) for shape in shapes)
        self.outputs: tuple[Value, ...] = ()

    def value(self, shape: Shape) -> Value:
        """A new value of `shape`."""
        self.shapes.append(shape)
        return Value(len(self.shapes) - 1, shape)

    def given(self, shape: Shape, *, wants: str = "") -> Value:
        """What the batch brings in (pixels, spectrogram): it needs no gradient, unless the module named `wants` one, as it
        does while it is trained itself."""
        value = self.value(shape)
        if wants:
            self.steps.append(Op("free", "", f"{wants}.input", (), value.slot, trained=True))
        return value

    def ends(self, *outputs: Value) -> "Block":
        """Name the values this block hands back."""
        self.outputs = outputs
        return self

    def amend(self, **changes: Any) -> None:
        """Change fields of the operation that was added last. Raises ValueError for a field it does not have."""
        self.steps[-1] = self.steps[-1]._replace(**changes)

    def call(
        self,
        prefix: str,
        block: "Block",
        *inputs: Value,
        layer: bool = True,
        again: bool = False,
        dead: bool = False,
    ) -> tuple[Value, ...]:
        """Run `block` here with `inputs`; its weights are named below `prefix`."""
        outputs = tuple(self.value(out.shape) for out in block.outputs)
        slots = tuple(value.slot for value in inputs)
        self.steps.append(Call(prefix, block, slots, tuple(out.slot for out in outputs), layer, again, dead))
        return outputs

    def layer(self, prefix: str, block: "Block", x: Value, *more: Value, again: bool = False) -> Value:
        """Run `block`, one of the stacked layers, which hands back one value."""
        return self.call(prefix, block, x, *more, again=again)[0]

    def linear(
        self,
        name: str,
        x: Value,
        out: int,
        *,
        bias: bool = False,
        label: str = "projections",
        shares: str = "",
        role: Role = "body",
        module: bool = True,
        dead: bool = False,
        raw: bool = False,
    ) -> Value:
        """x W + b: 2 * rows * in * out FLOP. `dead`: nothing of the loss depends on it, so no backward pass; `raw` as in
        `Op`."""
        y = self.value((*x.shape[:-1], out))
        weights = 0 if shares else x.width * out
        self.steps.append(
            Op(
                "linear",
                label,
                name,
                (x.slot,),
                y.slot,
                flop=2 * x.rows * x.width * out,
                weights=weights,
                bias=out if bias else 0,
                active=weights,
                shares=shares,
                fan=(x.width, out),
                role=role,
                module=module,
                detached=dead,
                raw=raw,
            )
        )
        return y

    def experts(self, name: str, x: Value, out: int, *, experts: int, used: int, bias: bool = False) -> Value:
        """One matrix per expert. `x` has one row per token and expert that runs for it (see `mix`), `used` of them
        for each token."""
        y = self.value((*x.shape[:-1], out))
        one = x.width * out
        self.steps.append(
            Op(
                "experts",
                "experts",
                name,
                (x.slot,),
                y.slot,
                flop=2 * y.rows * one,
                weights=experts * one,
                bias=experts * out if bias else 0,
                active=used * one,
                fan=(x.width, out),
            )
        )
        return y

    def embedding(
        self, name: str, count: int, width: int, positions: Shape, *, fixed: bool = False, shares: str = ""
    ) -> Value:
        """A table look-up: no FLOP. `positions` is the shape of the indices; `fixed` tables are never trained,
        one that `shares` another's weight holds none of its own."""
        y = self.value((*positions, width))
        size = 0 if shares else count * width
        self.steps.append(
            Op(
                "embedding",
                "embeddings",
                name,
                (),
                y.slot,
                weights=size,
                active=size,
                fan=(count, width),
                fixed=fixed,
                shares=shares,
            )
        )
        return y

    def conv(
        self,
        name: str,
        x: Value,
        out: int,
        *,
        kernel: tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        padding: int | tuple[int, ...] = 0,
        groups: int = 1,
        bias: bool = True,
        label: str = "convolutions",
        raw: bool = False,
    ) -> Value:
        """A convolution over the positions of x (batch, size..., channels): 2 * kernel * in/groups * out FLOP for
        each output position. Each gradient costs as much, also when grouped (PyTorch's counter errs there). `raw` as in
        `Op`."""
        strides = (stride,) * len(kernel) if isinstance(stride, int) else stride
        paddings = (padding,) * len(kernel) if isinstance(padding, int) else padding
        sides = zip(x.shape[1:-1], kernel, strides, paddings, strict=True)
        sizes = (max(1, (n + 2 * pad - k) // step + 1) for n, k, step, pad in sides)
        y = self.value((x.shape[0], *sizes, out))
        weights = prod(kernel) * (x.width // groups) * out
        self.steps.append(
            Op(
                "conv",
                label,
                name,
                (x.slot,),
                y.slot,
                flop=2 * y.rows * weights,
                weights=weights,
                bias=out if bias else 0,
                active=weights,
                fan=(x.width // groups, out),
                kernel=prod(kernel),
                raw=raw,
            )
        )
        return y

    def upconv(
        self, name: str, x: Value, out: int, *, kernel: tuple[int, ...], bias: bool = True, times: int = 0
    ) -> Value:
        """A transposed convolution: 2 * kernel * in * out FLOP for each input position. `times`: how much larger
        the output's sides are (0: by the kernel)."""
        grow = (times,) * len(kernel) if times else kernel
        sizes = (n * by for n, by in zip(x.shape[1:-1], grow, strict=True))
        y = self.value((x.shape[0], *sizes, out))
        weights = prod(kernel) * x.width * out
        self.steps.append(
            Op(
                "conv",
                "convolutions",
                name,
                (x.slot,),
                y.slot,
                flop=2 * x.rows * weights,
                weights=weights,
                bias=out if bias else 0,
                active=weights,
                fan=(x.width, out),
                kernel=prod(kernel),
                module=False,
            )
        )
        return y

    def norm(
        self, name: str, x: Value, *, size: int | None = None, bias: bool = False, role: Role = "body"
    ) -> Value:
        """A normalisation with `size` weights (the width of x when None) and as many biases. No FLOP."""
        y = self.value(x.shape)
        count = x.width if size is None else size
        self.steps.append(
            Op(
                "norm",
                "norms",
                name,
                (x.slot,),
                y.slot,
                weights=count,
                bias=count if bias else 0,
                active=count,
                role=role,
            )
        )
        return y

    def free(
        self,
        name: str,
        shape: Shape,
        *,
        label: str = "embeddings",
        count: int | None = None,
        fixed: bool = False,
    ) -> Value:
        """A bare parameter that enters the computation as a value (class token, position table, a gate)."""
        y = self.value(shape)
        size = prod(shape) if count is None else count
        self.steps.append(Op("free", label, name, (), y.slot, weights=size, active=size, fixed=fixed))
        return y

    def added(self, name: str, count: int, shape: Shape = (1,), *, label: str = "adapter") -> Value:
        """A bare parameter that an adapter adds: trained, whatever stands still around it."""
        value = self.free(name, shape, label=label, count=count)
        self.amend(trained=True)
        return value

    def product(self, label: str, a: Value, b: Value, *, flop: int, shape: Shape) -> Value:
        """A product of two activations (attention scores): each gradient costs as much as the product."""
        y = self.value(shape)
        self.steps.append(Op("product", label, "", (a.slot, b.slot), y.slot, flop=flop))
        return y

    def products(
        self,
        label: str,
        *inputs: Value,
        flop: int,
        shape: Shape | None = None,
        back: int | None = None,
        dead: bool = False,
    ) -> Value:
        """A product that needs a gradient for each of `inputs` that is trained: the general form of `product`.
        `back`: the cost of each gradient when it is not `flop`; `dead`: nothing of the loss depends on it."""
        y = self.value(inputs[0].shape if shape is None else shape)
        slots = tuple(value.slot for value in inputs)
        self.steps.append(Op("product", label, "", slots, y.slot, flop=flop, detached=dead, back=back))
        return y

    def attention(
        self, q: Value, k: Value, v: Value, *, width: int, causal: bool, beside: Value | None = None
    ) -> Value:
        """Scores and weighted values of dense attention over the full square: 4 * rows * keys * width FLOP.

        q is (batch, queries, heads * head size); k and v may hold fewer heads (they are repeated). `width` is the
        output's: heads * size of a value head. `beside` enters the scores at no cost (sinks, a position bias).
        """
        keys = k.shape[1]
        label = "causal attention" if causal else "attention"
        scores = self.product(label, q, k, flop=2 * q.rows * keys * q.width, shape=(*q.shape[:-1], keys))
        if beside is not None:
            scores = self.mix(scores, beside)
        return self.product(label, scores, v, flop=2 * q.rows * keys * width, shape=(*q.shape[:-1], width))

    def mix(
        self, *values: Value, shape: Shape | None = None, keeps: bool = False, detached: bool = False
    ) -> Value:
        """Join values elementwise (residual sum, gate, reshape). `keeps`: a multiplication, which stores its inputs.

        That matters to gradient checkpointing, which runs a layer again up to what was stored last, so `keeps` is said only
        where nothing behind it in its block stores more."""
        y = self.value(values[0].shape if shape is None else shape)
        slots = tuple(value.slot for value in values)
        self.steps.append(Op("mix", "", "", slots, y.slot, unfused=not keeps, detached=detached))
        return y
