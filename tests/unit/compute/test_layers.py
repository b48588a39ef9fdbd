# SPDX-License-Identifier: Apache-2.0
"""The table itself: what flows back through it, checked on networks small enough to count by hand."""

from collections.abc import Callable

from core.compute.count import Counter, Tally
from core.compute.layers import Block, Call, Op


def tally(t: Block, trained: Callable[[str], bool] | bool = True) -> tuple[int, int]:
    """Forward and backward FLOP."""
    counted: Tally = Counter(trained).count(t)
    return counted.forward_flop, sum(line.backward_flop for line in counted.lines.values())


def chain() -> Block:
    """Ten rows through a (3 x 5), b (5 x 7), c (7 x 2)."""
    t = Block()
    x = t.given((1, 10, 3))
    y = t.linear("c", t.linear("b", t.linear("a", x, 5), 7), 2)
    return t.ends(y)


A, B, C = 2 * 10 * 3 * 5, 2 * 10 * 5 * 7, 2 * 10 * 7 * 2


def test_the_first_layer_needs_no_input_gradient() -> None:
    assert tally(chain()) == (A + B + C, A + 2 * B + 2 * C)


def test_a_frozen_layer_passes_the_gradient_on_and_nothing_goes_below_the_first_trained_one() -> None:
    assert tally(chain(), lambda name: name == "a.weight") == (A + B + C, A + B + C)
    assert tally(chain(), lambda name: name == "b.weight") == (A + B + C, B + C)
    assert tally(chain(), lambda name: name == "c.weight") == (A + B + C, C)
    assert tally(chain(), False) == (A + B + C, 0)


def test_a_product_needs_a_gradient_for_each_operand_that_has_something_trained_below() -> None:
    t = Block()
    x = t.given((1, 10, 4))
    q, k = t.linear("q", x, 4), t.linear("k", x, 4)
    t.ends(t.product("scores", q, k, flop=1000, shape=(1, 10, 10)))
    one = 2 * 10 * 4 * 4
    assert tally(t) == (2 * one + 1000, 2 * one + 2000)
    assert tally(t, lambda name: name.startswith("q")) == (2 * one + 1000, one + 1000)


def test_a_trained_bias_below_makes_layers_above_pass_gradients() -> None:
    t = Block()
    x = t.given((1, 10, 3))
    t.ends(t.linear("b", t.linear("a", x, 5, bias=True), 7))
    assert tally(t, lambda name: name == "a.bias") == (A + B, B)


def test_fixed_and_dead_parts_take_no_backward_pass() -> None:
    t = Block()
    x = t.embedding("table", 9, 3, (1, 10), fixed=True)
    y = t.linear("a", x, 5)
    t.linear("unused", y, 5, dead=True)
    t.ends(y)
    counted = Counter(True).count(t)
    assert sum(line.backward_flop for line in counted.lines.values()) == A
    assert counted.lines["embeddings"].trainable == 0
    assert counted.lines["embeddings"].parameters == 27


def stacked(layers: int) -> Block:
    inner = Block((1, 10, 5))
    inner.ends(inner.linear("half", inner.inputs[0], 5))
    layer = Block((1, 10, 5))
    (x,) = layer.call("inner", inner, layer.inputs[0], layer=False)
    layer.ends(layer.mix(x, layer.linear("last", x, 5)))
    t = Block()
    x = t.embedding("table", 9, 5, (1, 10))
    for index in range(layers):
        x = t.layer(f"layers.{index}", layer, x)
    return t.ends(t.linear("head", x, 2))


SQUARE, HEAD = 2 * 10 * 5 * 5, 2 * 10 * 5 * 2


def test_blocks_inside_blocks_are_counted_for_each_run() -> None:
    assert tally(stacked(4)) == (8 * SQUARE + HEAD, 16 * SQUARE + 2 * HEAD)
    assert tally(stacked(4), lambda name: name == "layers.2.inner.half.weight") == (
        8 * SQUARE + HEAD,
        4 * SQUARE + HEAD,
    )


def test_equal_layers_in_an_equal_situation_are_counted_once() -> None:
    counter = Counter(True)
    counter.count(stacked(100))
    assert len(counter._seen) == 3


def test_checkpointing_runs_a_layer_again_up_to_what_it_stored_last() -> None:
    assert Counter(True).count(stacked(4)).again_flop == 4 * SQUARE
    nested = Block((1, 10, 5))
    inner = Block((1, 10, 5))
    y = inner.linear("two", inner.linear("one", inner.inputs[0], 5), 5)
    inner.ends(y)
    nested.ends(*nested.call("inner", inner, nested.inputs[0], layer=False))
    t = Block()
    t.ends(t.layer("layers.0", nested, t.embedding("table", 9, 5, (1, 10))))
    assert Counter(True).count(t).again_flop == SQUARE
    assert Counter(lambda name: name.endswith("one.weight")).count(t).again_flop == SQUARE
    assert Counter(False).count(t).again_flop == 0


def test_shared_layers_are_held_once() -> None:
    layer = Block((1, 10, 5))
    layer.ends(layer.linear("w", layer.inputs[0], 5))
    t = Block()
    x = t.embedding("table", 9, 5, (1, 10))
    for again in (False, True, True):
        x = t.layer("layer", layer, x, again=again)
    t.ends(x)
    line = Counter(True).count(t).lines["projections"]
    assert (line.parameters, line.forward_flop) == (25, 3 * SQUARE)


def test_experts_hold_all_and_run_some() -> None:
    t = Block()
    x = t.mix(t.embedding("table", 9, 3, (1, 10)), shape=(1, 10, 2, 3))
    t.ends(t.experts("up", x, 5, experts=8, used=2))
    line = Counter(True).count(t).lines["experts"]
    assert (line.parameters, line.active, line.forward_flop) == (8 * 15, 2 * 15, 2 * A)


def test_a_convolution_counts_its_window_at_each_output() -> None:
    t = Block()
    x = t.given((2, 9, 7, 4))
    y = t.conv("conv", x, 6, kernel=(3, 3), stride=2, padding=1, groups=2)
    t.ends(y)
    assert y.shape == (2, 5, 4, 6)
    weights = 9 * 2 * 6
    assert tally(t) == (2 * 40 * weights, 2 * 40 * weights)
    assert Counter(True).count(t).lines["convolutions"].parameters == weights + 6


def test_steps_are_kept_in_the_order_they_run() -> None:
    steps = stacked(2).steps
    assert [step.name if isinstance(step, Op) else step.prefix for step in steps] == [
        "table",
        "layers.0",
        "layers.1",
        "head",
    ]
    assert isinstance(steps[1], Call)
    assert isinstance(steps[2], Call)
    assert steps[1].block is steps[2].block
