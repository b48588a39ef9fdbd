# SPDX-License-Identifier: Apache-2.0
"""Operations of a run that is counted by its samples (pictures, clips, pairs of texts)."""

import math

from core.compute.cost import Cost
from core.compute.inputs import Inputs
from core.compute.network import Network, count_sample
from core.compute.picture_sizes import Size, mean_cost
from core.compute.ranges import shown, step
from core.compute.sample import Sample
from core.compute.seen import Seen
from core.errors import BadConfig
from core.texts import text


def sampled_cost(network: Network, seen: Seen, stage: str) -> Cost | None:
    """Samples seen x operations of one, counted by the layer table; None when there is no number of samples.

    `stage` matters only for what else runs: a second, frozen model is not known for such networks.
    """
    sample, count = seen.sample, seen.samples
    if sample is None or not count:
        return None
    try:
        whole = network.sample(sample.inputs)
        least, most, limit, floor = (
            _run(network, other) for other in (sample.least, sample.most, sample.limit, sample.floor)
        )
    except BadConfig:
        return None
    run = _mean(network, sample)
    lines = [step("sample", text("compute.expression.one_sample", what=sample.words), run)]
    if least and most:
        run = math.isqrt(least * most)
        lines = [
            step(key, text("compute.expression.one_sample", what=words), value)
            for key, words, value in (
                ("sample_least", sample.words_least or sample.words, least),
                ("sample_most", sample.words, most),
            )
        ]
        lines.append(step("sample", f"√({shown(least)} × {shown(most)})", run))
    alone = run
    run += sample.beside
    one = run + sample.frozen
    own = one * count
    if sample.beside:
        lines.append(step("beside", f"{shown(run - sample.beside)} + {shown(sample.beside)}", run))
    if sample.frozen:
        lines.append(step("frozen", f"{shown(run)} + {shown(sample.frozen)}", one))
    lines.append(step("all_samples", f"{shown(one)} × {shown(count)}", own))
    if sample.once:
        own += sample.once
        lines.append(step("once", f"{shown(own - sample.once)} + {shown(sample.once)}", own))
    # Frozen parts may have been run once and stored; for a larger sample they cost more too.
    largest = (limit or most or alone) / max(1, alone)
    low, high = (
        0.95 * min(run, least or one, floor or one) / one,
        1.05 * (max(1.0, largest) + sample.stored / one),
    )
    high *= 1 + sample.again * whole.forward_flop / max(1, whole.step_flop)
    notes = [*network.assumptions, *sample.assumptions]
    unsure = network.method == "frozen_partial" and network.part is None
    if unsure:
        forward = run * whole.forward_flop // max(1, whole.step_flop)
        own = math.isqrt((forward + sample.frozen) * one) * count + sample.once
        low, high = low * 0.58, high * 1.74
        notes.append(text("compute.assume.partial"))
    guessed = (
        network.guessed or unsure or network.open_part or bool(sample.least or sample.floor or sample.frozen)
    )
    if network.guessed:
        low, high = low * 0.92, high * 1.1
    if network.open_part:
        all_of_it = count_sample(network.config or {}, network.model_class, None, sample.inputs)
        high *= max(1.0, all_of_it.step_flop / max(1, whole.step_flop))
    if stage not in ("", "sft", "pretraining"):
        high *= 2.0
    exact = not guessed and seen.sure and not network.warnings and not sample.assumptions
    hardware = own + own * whole.recompute_flop // max(1, whole.step_flop + sample.frozen)
    return Cost(own, own, hardware, low, high, exact, "sampled", tuple(notes), tuple(lines))


def _mean(network: Network, sample: Sample) -> int:
    """One training pass, over pictures of all their sizes on average."""
    if not sample.sizes:
        return _run(network, sample.inputs) or 0
    latent = sample.inputs.latent
    deep = latent[0] if latent is not None else 0

    def cost(size: Size) -> int:
        sides = (deep, max(1, size.high // 8), max(1, size.wide // 8))
        return network.sample(sample.inputs._replace(latent=sides)).step_flop

    return mean_cost(sample.sizes, cost)


def _run(network: Network, inputs: Inputs | None) -> int | None:
    """One training pass over `inputs`."""
    return None if inputs is None else network.sample(inputs).step_flop
