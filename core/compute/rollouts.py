# SPDX-License-Identifier: Apache-2.0
"""Training on text that the model writes itself (GRPO, RLOO): generation apart from the passes that change weights.

Source: compute methods, section 6. Per sequence: generation 2N, a frozen reference 2N when its weight (beta) is not
zero, 2N where the model scores the text before it changes, and a training pass 6N for each pass over the same text. With a layer table the passes are counted as the
trainer runs them (trl/trainer/grpo_trainer.py, rloo_trainer.py): the prompt is read once, each further token reads only itself and
the keys and values stored before it, and completions are padded to the longest of their batch.
"""

from typing import TYPE_CHECKING, NamedTuple

from core.compute.cost import Cost
from core.compute.network import Network
from core.compute.ranges import scaled, shown, step
from core.compute.recipe import Recipe
from core.compute.seen import Seen
from core.compute.trainer_head import Head
from core.domain.estimate import ArithmeticStep
from core.texts import text

if TYPE_CHECKING:
    from core.compute.flops import FlopCount


class _Passes(NamedTuple):
    """FLOP of one training pass over all sequences, one forward pass without gradients (by the model, and by the
    reference, which is the base without an adapter), and writing them."""

    train: int
    forward: int
    reference: int
    write: int
    sure: bool
    steps: tuple[ArithmeticStep, ...] = ()


def rollouts(network: Network, seen: Seen, recipe: Recipe, base: Cost) -> Cost:
    """`base` is one training pass over prompts and completions; `own` adds everything that served it."""
    passes = recipe.passes or 1.0
    third = base.own // 3
    one = _counted(network, seen, recipe) or _Passes(base.own, third, third, third, False, base.steps)
    updates = scaled(one.train, passes)
    reads = (one.reference,) * (recipe.reference is not False) + (one.forward,) * recipe.scored
    extra = one.write + sum(reads)
    own = updates + extra
    scoring = "".join(f" + {shown(read)}" for read in reads)
    lines = [step("rollouts", f"{shown(updates)} + {shown(extra)}", own)]
    if scoring:
        lines.insert(0, step("rollouts_scored", f"{shown(one.write)}{scoring}", extra))
    if passes != 1.0:
        lines.insert(0, step("rollouts_passes", f"{shown(one.train)} × {passes:g}", updates))
    notes = [*base.assumptions]
    low, high = base.low, base.high
    if recipe.reference is None:
        low *= (own - one.reference) / own
        notes.append(text("compute.assume.rollout_reference"))
    if recipe.passes is None:
        high *= 1.3
        notes.append(text("compute.assume.rollout_passes"))
    if not one.sure:
        # The head runs for completions only; what share of a text its prompt is, nothing says.
        low, high = low * 0.8, high * 1.3
    notes.append(text("compute.assume.rollouts", stage=recipe.stage.upper()))
    # Prompts are padded too, and groups without a signal may be made and thrown away.
    return Cost(
        own,
        updates,
        base.hardware + own - base.own,
        low * 0.9,
        high * (1.15 if recipe.padded is None else 1.05),
        False,
        base.method,
        tuple(notes),
        (*one.steps, *lines),
    )


def _counted(network: Network, seen: Seen, recipe: Recipe) -> _Passes | None:
    """The passes by the layer table; None where the lengths of prompts and completions are not known."""
    if not network.counted or not seen.tokens or not seen.samples or recipe.completion is None:
        return None
    prompt = seen.tokens / seen.samples - recipe.completion
    if prompt < 0:
        return None
    before, written = round(prompt), max(1, round(recipe.padded or recipe.completion))
    length = before + written
    count = network.sequence(length)
    number = seen.samples
    each, ahead = _of_head(count, length)
    # Tokens that run through the head in training: by the version of the trainer.
    through = {Head.WHOLE: written + 1, Head.LAST: length - 1}.get(seen.head, written)
    skipped = max(0, length - through)
    train = number * (count.step_flop - each * skipped)
    forward = number * (count.forward_flop - ahead * skipped)
    plain = network.sequence(length, with_adapter=False)
    reference = number * (plain.forward_flop - _of_head(plain, length)[1] * skipped)
    mixing = sum(
        count.lines[name].forward_flop for name in ("attention", "causal attention") if name in count.lines
    )
    linear = count.forward_flop - mixing - ahead * length
    # Attention of the prompt at once, then of one new token after the other over all before it.
    pairs = before * before + ((length - 1) * length - before * (before + 1)) // 2
    parts = (linear * (length - 1) // length, ahead * written, mixing * pairs // (length * length))
    write = number * sum(parts)
    lines = (
        step("sequence", text("compute.expression.table", length=shown(length)), count.step_flop),
        step(
            "rollouts_trained",
            f"{shown(number)} × ({shown(count.step_flop)} - {shown(each)} × {skipped})",
            train,
        ),
        step("rollouts_written", f"{shown(number)} × ({' + '.join(shown(part) for part in parts)})", write),
    )
    return _Passes(train, forward, reference, write, seen.sure or recipe.padded is not None, lines)


def _of_head(count: "FlopCount", length: int) -> tuple[int, int]:
    """FLOP of the output head for one token: in a training step, and forward."""
    head = count.lines.get("output head")
    if head is None:
        return 0, 0
    return (head.forward_flop + head.backward_flop) // length, head.forward_flop // length
