# SPDX-License-Identifier: Apache-2.0
"""What a stage of training runs, as operations: full training, adapters, preference and reward tuning.

Source of the factors: compute methods sections 2, 5 and 6 (forward 2N per token, both gradients 4N; a frozen
weight needs no weight gradient; a frozen reference model runs forward only).
"""

import math
from typing import TYPE_CHECKING

from core.compute.cost import Cost
from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.phases import PPO_PASSES
from core.compute.ranges import scaled, shown, step
from core.compute.recipe import Recipe
from core.compute.rollouts import rollouts
from core.compute.sampled import sampled_cost
from core.compute.seen import Seen
from core.compute.trainer_head import Head
from core.domain.estimate import ArithmeticStep
from core.domain.stage_run import WRITTEN
from core.texts import text

if TYPE_CHECKING:
    from core.compute.flops import FlopCount

ASSUMED_LENGTH = {"pretraining": 4096, "dpo": 512}
"""Tokens per sequence when nothing says: pre-training fills the context, tuning data is shorter."""
_TUNING_LENGTH = 1024


_TABLE_FOR_ALL = ("deberta", "deberta-v2")
_FACTORS = {
    # stage: (all passes, passes that update) over one full training pass of 6N; low and high on the first
    # KTO: model and reference also read each text with another's answer, to know how far apart they are (trl,
    # kto_trainer.py, calculate_KL). Low: without that (apo_zero_unpaired) and with the reference stored before.
    "kto": (12 / 6, 1.0, 0.5, 10 / 8),
    "other": (1.0, 1.0, 0.5, 4.0),
}


def cost_of(network: Network, seen: Seen, recipe: Recipe) -> Cost | None:
    """Operations of the run, or None when size or data are not known."""
    stage = recipe.stage
    if seen.sample is not None:
        return sampled_cost(network, seen, stage)
    if seen.tokens is None:
        return None
    if network.counted:
        base = _counted(network, seen, stage)
    elif network.working is not None:
        base = _from_parameters(network, seen.tokens)
    else:
        return None
    return _as_stage(network, seen, recipe, base)


def _counted(network: Network, seen: Seen, stage: str) -> Cost:
    """One pass over all sequences, counted by the layer table. Uneven means are split into two whole lengths."""
    tokens = seen.tokens or 0
    notes: list[str] = list(network.assumptions)
    if seen.samples or seen.length:
        parts = _split(tokens, seen.samples) if seen.samples else _whole(tokens, seen.length or 1)
        own = sum(network.sequence(length).step_flop * times for length, times in parts)
        mean = max(1, round(tokens / seen.samples)) if seen.samples else parts[0][0]
        low, high, exact = 0.95, 1.05, True
        lines = _lines(network, parts, own)
        own = _shared(network, seen, parts, own, lines)
        if len(parts) > 1 and seen.samples:
            # Sequences of unlike length: attention grows with the square, a mean is too low.
            high += 0.5 * network.square_share(mean)
    else:
        mean = _assumed_length(network, stage)
        own = network.sequence(mean).step_flop * tokens // mean
        share = network.square_share(mean)
        low, high, exact = 0.95 * (1 - share), 1.05 * (1 + 3 * share), False
        notes.append(text("compute.assume.length", length=mean))
        one = network.sequence(mean).step_flop
        table = _table(network, mean)
        every = f"{shown(one)} × {shown(tokens)} / {shown(mean)}"
        lines = [step("sequence", table, one), step("all_sequences", every, own)]
    count = network.sequence(mean)
    hardware = own + own * count.recompute_flop // count.step_flop if count.step_flop else own
    method = "counted"
    if seen.head is not Head.WHOLE and stage not in WRITTEN and count.step_flop:
        part, last, twice = _head(count, mean)
        if seen.head in (Head.SHIFTED, Head.LAST):
            before, own = own, scaled(own, 1 - last)
            hardware = scaled(hardware, 1 - last + twice)
            lines.append(step("head", f"{shown(before)} × (1 - {part:.6g} / {shown(mean)})", own))
        if seen.head is not Head.LAST:
            # Where masked tokens are skipped as well, up to the whole head is left out; no file tells how many they are.
            low, exact = low * (1 - part), False
            answers = seen.head is Head.ANSWERS
            notes.append(text("compute.assume.head_answers") if answers else text("compute.assume.head"))
    if network.method == "frozen_partial" and network.part is None:
        # Between the head alone (forward and a little more) and everything: the middle of both.
        forward = own * count.forward_flop // count.step_flop
        own, low, high, exact = math.isqrt(forward * own), 0.58, 1.74, False
        hardware = own
        notes.append(text("compute.assume.partial"))
    if network.guessed:
        low, high, exact = low * 0.92, high * 1.1, False
    exact = exact and seen.sure and not network.warnings
    return Cost(own, own, hardware, low, high, exact, method, tuple(notes), tuple(lines))


def _shared(
    network: Network, seen: Seen, parts: list[tuple[int, int]], own: int, lines: list[ArithmeticStep]
) -> int:
    """`own` without what an adapter makes anew for each batch, not for each sequence: its matrix in the form of the
    weight (LoHa, LoKr, OFT, BOFT), or the norm of that (DoRA); and without DeBERTa's projections of its table of
    relative positions, which stand for all sequences of a batch (modeling_deberta_v2.py, disentangled_attention_bias)."""
    if (network.adapter is None and network.model_type not in _TABLE_FOR_ALL) or seen.together < 2:
        return own
    length, count = parts[0][0], sum(times for _, times in parts)
    two = network.sample(Inputs(batch=2, seq_len=length)).step_flop
    once = 2 * network.sequence(length).step_flop - two
    spared = once * (count - -(-count // seen.together))
    if once <= 0 or spared <= 0:
        return own
    lines.append(step("batches", f"{shown(own)} - {shown(spared)}", own - spared))
    return own - spared


def _head(count: "FlopCount", length: int) -> tuple[float, float, float]:
    """Shares of a sequence: the whole output head, the head of its last token, the head's logits made once more."""
    head = count.lines.get("output head")
    if head is None:
        return 0.0, 0.0, 0.0
    part = (head.forward_flop + head.backward_flop) / count.step_flop
    return part, part / length, head.forward_flop * (length - 1) / length / count.step_flop


def _split(tokens: int, samples: int) -> list[tuple[int, int]]:
    """(length, how many sequences) so that whole lengths add up to all tokens."""
    shorter, longer = divmod(tokens, samples)
    batch = [(shorter, samples - longer), (shorter + 1, longer)]
    return [(length, times) for length, times in batch if length and times]


def _whole(tokens: int, length: int) -> list[tuple[int, int]]:
    """(length, how many sequences): full sequences, and one for the rest."""
    full, rest = divmod(tokens, length)
    return [(size, times) for size, times in ((length, full), (rest, 1)) if size and times]


def _lines(network: Network, parts: list[tuple[int, int]], own: int) -> list[ArithmeticStep]:
    ones = [(network.sequence(length).step_flop, length, times) for length, times in parts]
    lines = [step("sequence", _table(network, length), one) for one, length, _ in ones]
    every = " + ".join(f"{shown(one)} × {shown(times)}" for one, _, times in ones)
    return [*lines, step("all_sequences", every, own)]


def _table(network: Network, length: int) -> str:
    """What one count by the layer table holds; virtual tokens are no part of `length`."""
    virtual = (network.adapter or {}).get("num_virtual_tokens")
    if network.method == "prompt_tuning" and virtual:
        return text("compute.expression.table_prompt", length=shown(length), virtual=virtual)
    return text("compute.expression.table", length=shown(length))


def _assumed_length(network: Network, stage: str) -> int:
    longest = (network.config or {}).get("max_position_embeddings") or (network.config or {}).get(
        "n_positions"
    )
    wanted = ASSUMED_LENGTH.get(stage, _TUNING_LENGTH)
    return min(wanted, longest) if isinstance(longest, int) and longest > 0 else wanted


def _from_parameters(network: Network, tokens: int) -> Cost:
    """6ND and its relatives, for a network that is known by its size only."""
    size = network.working
    assert size is not None
    notes: list[str] = list(network.assumptions)
    large = size >= 10**9
    small = size < 5 * 10**8
    low, high = (1.0, 1.2) if large else (0.95, 1.55) if small else (0.95, 1.4)
    recompute = 8 / 6
    if network.method in ("full",):
        own = 6 * size * tokens
        line = step("six_n_d", f"6 × {shown(size)} × {shown(tokens)}", own)
    elif network.method in ("lora", "qlora", "dora"):
        trained = network.trainable
        if trained is None:
            trained = size // 100
            notes.append(text("compute.assume.adapter_size"))
        frozen = max(0, size - trained)
        own = (4 * frozen + 6 * trained) * tokens
        line = step("four_n_d", f"(4 × {shown(frozen)} + 6 × {shown(trained)}) × {shown(tokens)}", own)
        low, high, recompute = (0.9, 1.3, 1.5) if large else (0.75, 1.6, 1.5)
    elif network.method == "prompt_tuning":
        own = 4 * size * tokens
        line = step("prompt", f"4 × {shown(size)} × {shown(tokens)}", own)
        low, high, recompute = low * 0.9, high * 1.1, 1.5
    else:
        trained = network.trainable or 0
        if trained:
            frozen = max(0, size - trained)
            own = (3 * frozen + 6 * trained) * tokens
            line = step("partial", f"(3 × {shown(frozen)} + 6 × {shown(trained)}) × {shown(tokens)}", own)
            low, high = low * 0.66, high * 1.34
        else:
            own = 35 * size * tokens // 10
            line = step("partial", f"3.5 × {shown(size)} × {shown(tokens)}", own)
            low, high = low * 0.57, high * 1.72
        notes.append(text("compute.assume.partial"))
    if network.warnings and not network.counted:
        # A configuration is there, but the layer table cannot use it: what that costs in accuracy is said.
        notes.append(
            text("compute.assume.six_n_d", less=round(100 - 100 * low), more=round(100 * high - 100))
        )
    if network.active is not None:
        notes.append(text("compute.assume.active"))
    return Cost(own, own, scaled(own, recompute), low, high, False, "six_n_d", tuple(notes), (line,))


def _as_stage(network: Network, seen: Seen, recipe: Recipe, base: Cost) -> Cost:
    """Add what the stage runs besides one training pass over its sequences."""
    stage = recipe.stage
    if stage in ("", "sft", "pretraining", "orpo", "cpo", "reward"):
        return base
    if stage == "dpo":
        without = recipe.reference is False and recipe.stored is None
        return base if without else _dpo(network, seen, recipe, base)
    if stage in WRITTEN:
        return rollouts(network, seen, recipe, base)
    auxiliary = 0.0
    if stage == "ppo":
        # Of each token written: writing, reference, reward and value forward (8 N), then that many passes of the policy
        # and of the value model (12 N each). Two of the eight and half of the passes are the value model's.
        passes = recipe.passes or PPO_PASSES
        everything, updates = (8 + 12 * passes) / 6, passes
        auxiliary = (2 + 6 * passes) / (8 + 12 * passes)
        low, high = 0.8 if recipe.passes else 0.3, 1.4
    else:
        everything, updates, low, high = _FACTORS.get(stage, _FACTORS["other"])
        if stage == "kto" and network.is_adapter:
            # The three passes without gradients cost as much as ever; training beside a frozen base costs less.
            everything = 1 + _unpaid_share(network, seen)
            low = 1 / everything
    own = scaled(base.own, everything)
    line = step("stage", f"{shown(base.own)} × {everything:.3g}", own)
    return Cost(
        own,
        scaled(base.updates, updates),
        base.hardware + own - base.own,
        base.low * low,
        base.high * high,
        False,
        base.method,
        (*base.assumptions, text("compute.assume.stage", stage=stage.upper())),
        (*base.steps, line),
        auxiliary=scaled(own, auxiliary),
    )


def _unpaid_share(network: Network, seen: Seen) -> float:
    """KTO's passes without gradients over a training pass of an adapter: one with it, and two of the reference, which is
    the base without it (6 N over 4 N where no table counts them)."""
    if not network.counted or not seen.tokens:
        return 1.5
    mean = max(1, round(seen.tokens / seen.samples)) if seen.samples else _assumed_length(network, "kto")
    count = network.sequence(mean)
    plain = network.sequence(mean, with_adapter=False).forward_flop
    return (count.forward_flop + 2 * plain) / count.step_flop if count.step_flop else 1.5


def _dpo(network: Network, seen: Seen, recipe: Recipe, base: Cost) -> Cost:
    """Direct preference optimisation: the frozen reference model reads every sequence once, forward only.

    What it gives may be stored before the training: then it read each text once, or in an earlier run (trl 1.16 keeps it on the disk).
    """
    tokens = seen.tokens or 0
    if network.counted:
        mean = max(1, round(tokens / seen.samples)) if seen.samples else _assumed_length(network, "dpo")
        forward = network.sequence(mean, with_adapter=False).forward_flop * tokens // mean
        if seen.head in (Head.SHIFTED, Head.LAST):
            count = network.sequence(mean, with_adapter=False)
            head = count.lines.get("output head")
            if head is not None and count.forward_flop:
                forward = scaled(forward, 1 - head.forward_flop / count.forward_flop / mean)
    else:
        forward = 2 * (network.working or 0) * tokens
    label, assumed = "reference", "reference"
    if recipe.stored is not None:
        forward, label, assumed = scaled(forward, recipe.stored), "reference_stored", "reference_stored"
    line = step(label, f"{shown(base.own)} + {shown(forward)}", base.own + forward)
    return Cost(
        base.own + forward,
        base.updates,
        base.hardware + forward,
        # The log-probabilities of the reference may have been stored once: then its pass is one of several epochs.
        base.low * (1.0 if recipe.reference else base.own / (base.own + forward)),
        base.high,
        base.exact and recipe.reference is True,
        base.method,
        (*base.assumptions, *(() if recipe.reference else (text(f"compute.assume.{assumed}"),))),
        (*base.steps, line),
    )
