# SPDX-License-Identifier: Apache-2.0
"""How much data a run processed: sequences, tokens and their length, each with what it rests on."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from core.compute.input_size import input_size
from core.compute.network import PER_SAMPLE, SEQ2SEQ, Network
from core.compute.padding import most_padding
from core.compute.ranges import shown, step
from core.compute.samples import Sample, one_sample, per_sample
from core.domain.estimate import ArithmeticStep
from core.domain.fact import AnyFact, Fact, OriginKind
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text

PAIRED = frozenset({"dpo", "orpo", "reward"})
"""Stages whose batches count pairs: two sequences each."""

_UNKNOWN_WORLD, _UNKNOWN_ACCUMULATION = 8.0, 8.0
"""One machine rarely holds more than eight devices; accumulation over more than eight batches is rare."""
_TRUNCATED = 0.4
"""Real tokens against steps x batch x maximal length (compute methods, section 8: -60 %)."""


class Head(StrEnum):
    """Which tokens the output head runs for.

    WHOLE: all. LAST: all but the last of each sequence. SHIFTED: as LAST, and perhaps none for those masked from the
    loss. In both the logits are made a second time for the backward pass. OPEN: one of the three.
    """

    WHOLE = "whole"
    LAST = "last"
    SHIFTED = "shifted"
    OPEN = "open"


@dataclass(frozen=True)
class Seen:
    """Data seen in all, epochs included. `low` and `high` are factors on the amount for what had to be assumed.

    `from_recorded` tells that the tokens
    were worked out from the Trainer's own total_flos, so that it is no second witness.
    """

    samples: int | None = None
    tokens: int | None = None
    low: float = 1.0
    high: float = 1.0
    length: int | None = None
    """The length each sequence was padded or packed to, when that is known and the number of sequences is not."""
    from_recorded: bool = False
    sample: Sample | None = None
    """What one sample is, for networks that are counted by samples."""
    head: "Head" = Head.WHOLE
    """For which tokens the trainer runs the output head."""
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Nothing about the amount was assumed."""
        return self.low == 1.0 and self.high == 1.0


@dataclass(frozen=True)
class _Samples:
    count: int | None = None
    high: float = 1.0
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()


def resolve_seen(known: Known, network: Network, stage: str) -> Seen:
    """Work out the data seen from the best source there is.

    In order: tokens the person gave, tokens the tool logged with padding, sequences x padded length, tokens behind
    total_flos, and last what needs an assumption.
    """
    return replace(_resolve(known, network, stage), head=_head(known, stage))


_FUSED = (1, 15)
"""TRL that never builds the logits of a whole sequence, in any of its trainers (trl/trainer/utils.py, add_fused_lm_head)."""
_CHUNKED = (1, 7)
"""TRL whose SFT trainer runs the head in chunks of counted tokens (sft_config.py: loss_type "chunked_nll")."""
_DENSE = (1, 16)
"""TRL that drops masked tokens only on graphics cards with Triton (the same function, "compact"); before, everywhere."""
_VERSION = re.compile(r"(\d+)\.(\d+)")


def _head(known: Known, stage: str) -> Head:
    """By the versions of TRL and PyTorch on the card; a log that TRL wrote without them leaves it open."""
    versions = known.mapping(FoundOnly.VERSIONS) or {}
    found = _VERSION.match(str(versions.get("TRL", "")))
    if found is not None:
        version = (int(found[1]), int(found[2]))
        if version < (_CHUNKED if stage == "sft" else _FUSED):
            return Head.WHOLE
        # A PyTorch built for the processor alone ("2.13.0+cpu") cannot have run on a graphics card.
        on_processor = str(versions.get("Pytorch", "")).endswith("+cpu")
        return Head.LAST if on_processor and version >= _DENSE else Head.SHIFTED
    recorded = known.integer(FoundOnly.TOKENS_RECORDED)
    return Head.OPEN if recorded is not None and _without_padding(recorded) else Head.WHOLE


def _resolve(known: Known, network: Network, stage: str) -> Seen:
    samples = _samples(known, stage)
    if per_sample(network):
        return _of_samples(known, network, samples)
    length = known.integer("sequence_length")
    said = known.integer("tokens")
    recorded = known.integer(FoundOnly.TOKENS_RECORDED)
    backed_out = tokens_from_flos(known, network)
    count = samples.count
    if said is not None and _behind_flos(said):
        # The scan divided total_flos itself: the same division, or no second witness.
        length = None if length is not None and _behind_flos(length) else length
        if backed_out is not None and backed_out[0] == said.value:
            return _of_flos(backed_out, samples)
        return replace(_of_tokens(said, samples, length=length), from_recorded=True)
    if said is not None and said.value > 0:
        return _of_tokens(said, samples, length=length)
    if recorded is not None and recorded.value > 0:
        return _of_recorded(known, samples, recorded, length, backed_out)
    if count is not None and length is not None and not samples.assumptions and length.value > 0:
        return _of_length(samples, count, length)
    if count is not None and not network.is_adapter:
        texts = _of_texts(known, samples, count)
        if texts is not None:
            return texts
    if backed_out is not None:
        return _of_flos(backed_out, samples)
    if count is not None and length is not None and length.value > 0:
        return _of_length(samples, count, length)
    missing = (
        ("sequence_length",) if count is not None else ("tokens",) if length is None else ("samples", "steps")
    )
    return Seen(
        samples=count,
        high=samples.high,
        inputs=samples.inputs,
        assumptions=samples.assumptions,
        steps=samples.steps,
        missing=missing,
    )


def _of_recorded(
    known: Known,
    samples: _Samples,
    recorded: Fact[int],
    length: Fact[int] | None,
    backed_out: tuple[int, AnyFact, int] | None,
) -> Seen:
    """Tokens that the run counted itself: all of them, or those that were no padding."""
    if not _without_padding(recorded):
        return _of_tokens(recorded, samples, length=length)
    if backed_out is not None and backed_out[0] >= recorded.value:
        return _of_flos(backed_out, samples)
    if samples.count is not None and length is not None and not samples.assumptions:
        return _of_length(samples, samples.count, length)
    most = most_padding(known)
    note = (text("compute.assume.no_padding", most=f"{most:.2g}"),) if most > 1 else ()
    return _of_tokens(recorded, samples, high=most, assumptions=note)


_SOURCE_LENGTH = 512


def _of_samples(known: Known, network: Network, samples: _Samples) -> Seen:
    """Samples, and the length of a source text where the Trainer's total_flos tells it."""
    count, source, inputs, steps = samples.count, None, samples.inputs, samples.steps
    if network.model_type in SEQ2SEQ:
        backed_out = tokens_from_flos(known, network, source=True)
        said = known.integer("tokens")
        tokens = said.value if said is not None and said.value > 0 else backed_out[0] if backed_out else None
        if tokens is not None and count is not None and count <= tokens:
            source = max(1, round(tokens / count))
        elif tokens is not None and count is None:
            length = known.integer("sequence_length")
            source = length.value if length is not None and length.value > 0 else _SOURCE_LENGTH
            count = max(1, tokens // source)
        if backed_out is not None and tokens == backed_out[0]:
            line = f"{_flos(backed_out[1])} / (6 × {shown(backed_out[2])})"
            inputs, steps = (*inputs, backed_out[1]), (*steps, step("source_tokens", line, tokens, "tokens"))
    size = input_size(known, network, count)
    sample = one_sample(known, network, source, size)
    if size is not None and sample is not None and size.flos in sample.facts:
        line = f"{_flos(size.flos)} / (6 × {shown(size.outside)})"
        steps = (*steps, step("input_values", line, size.values, ""))
    missing = () if count and sample else ("samples", "steps") if sample else ("sequence_length",)
    return Seen(
        samples=count,
        high=samples.high,
        sample=sample,
        inputs=(*inputs, *(sample.facts if sample else ())),
        assumptions=samples.assumptions,
        steps=steps,
        missing=missing,
    )


def _of_texts(known: Known, samples: _Samples, count: int) -> Seen | None:
    """Several texts in a sample (anchor, positive, …), their mean and longest length by the tool's own card.

    A batch is padded to its longest text, so the truth lies between the means and the longest.
    """
    fact = known.get(FoundOnly.SAMPLE_LENGTHS)
    listed = fact.value if fact is not None and isinstance(fact.value, list) else []
    pairs: list[tuple[float, float]] = []
    for one in listed[:100]:
        mean, most = (one.get("mean"), one.get("max")) if isinstance(one, dict) else (None, None)
        if not (isinstance(mean, int | float) and isinstance(most, int | float) and 0 < mean <= most < 10**9):
            return None
        pairs.append((float(mean), float(most)))
    if not pairs or fact is None:
        return None
    least, longest = sum(mean for mean, _ in pairs), sum(most for _, most in pairs)
    # Batches of a few to a few dozen texts reach about half way from the mean to the longest.
    usual = (least + longest) / 2
    tokens = max(1, round(count * usual))
    note = () if least == longest else (text("compute.assume.texts_padded"),)
    line = step("texts", f"{shown(count)} × {usual:.6g}", tokens, "tokens")
    return Seen(
        samples=min(tokens, count * len(pairs)),
        tokens=tokens,
        low=least / usual,
        high=samples.high * longest / usual,
        inputs=(*samples.inputs, fact),
        assumptions=(*samples.assumptions, *note),
        steps=(*samples.steps, line),
    )


def _without_padding(fact: Fact[int]) -> bool:
    """TRL's num_tokens counts the tokens of the text, not the padding."""
    return "num_tokens" in (fact.origin.key or "")


def _behind_flos(fact: Fact[int]) -> bool:
    """Whether the scan worked it out from the Trainer's total_flos (core.scan.derive_run)."""
    return fact.origin.kind is OriginKind.COMPUTED and fact.origin.key == "total_flos"


def tokens_from_flos(
    known: Known, network: Network, *, source: bool = False
) -> tuple[int, AnyFact, int] | None:
    """Tokens behind the Trainer's total_flos = 6 x N x tokens, with N the parameters outside embedding layers.

    Returns tokens, the fact and N; None where the formula does not hold (pictures, sound, two-sided models, of which
    only the `source` texts are counted) or where the result is absurd. Source: transformers `floating_point_ops`.
    """
    flos = known.get(FoundOnly.RECORDED_FLOS)
    raw = known.integer(FoundOnly.RECORDED_FLOS)
    if flos is None or raw is None or raw.value <= 0 or not network.counted or network.embedding is None:
        return None
    if known.found(FoundOnly.SHARDED) is not None:
        return None
    if network.model_type in PER_SAMPLE or (network.model_type in SEQ2SEQ and not source):
        return None
    outside = network.sequence(8).parameters_total - network.embedding
    if outside <= 0:
        return None
    tokens = (
        round(raw.value / (6 * outside)) if raw.value < 2**53 else (raw.value + 3 * outside) // (6 * outside)
    )
    steps = known.integer("steps")
    if tokens <= 0 or (steps is not None and tokens < steps.value):
        return None
    return tokens, flos, outside


def _samples(known: Known, stage: str) -> _Samples:
    said = known.integer("samples")
    if said is not None and said.value > 0:
        return _Samples(said.value, inputs=(_plain(said),))
    steps = known.integer("steps")
    if steps is None or steps.value <= 0:
        return _Samples()
    batch = _global_batch(known)
    if batch is None:
        return _Samples()
    size, high, inputs, assumptions = batch
    each = 2 if stage in PAIRED else 1
    count = steps.value * size * each
    expression = f"{shown(steps.value)} × {shown(size)}" + (" × 2" if each == 2 else "")
    label = "samples_pairs" if each == 2 else "samples"
    return _Samples(count, high, (_plain(steps), *inputs), assumptions, (step(label, expression, count, ""),))


def _global_batch(known: Known) -> tuple[int, float, tuple[AnyFact, ...], tuple[str, ...]] | None:
    """Sequences per optimizer step: the size, a factor upwards for what was assumed, inputs, assumptions."""
    whole = known.integer("global_batch")
    if whole is not None and whole.value > 0:
        return whole.value, 1.0, (_plain(whole),), ()
    device = known.integer("batch_per_device")
    accumulation = known.integer("gradient_accumulation")
    world = known.integer("world_size")
    if device is not None and accumulation is not None and world is not None:
        return (
            max(1, device.value * accumulation.value * world.value),
            1.0,
            (_plain(device), _plain(accumulation), _plain(world)),
            (),
        )
    measured = _batch_from_speed(known, device.value if device is not None else 1)
    if measured is not None:
        return measured
    if device is None or device.value <= 0:
        return None
    size, high, notes, inputs = device.value, 1.0, [], [_plain(device)]
    for fact, factor, name in (
        (accumulation, _UNKNOWN_ACCUMULATION, "accumulation"),
        (world, _UNKNOWN_WORLD, "world"),
    ):
        if fact is not None and fact.value > 0:
            size *= fact.value
            inputs.append(_plain(fact))
        else:
            high *= factor
            notes.append(text(f"compute.assume.{name}"))
    return size, high, tuple(inputs), tuple(notes)


def _batch_from_speed(
    known: Known, device: int
) -> tuple[int, float, tuple[AnyFact, ...], tuple[str, ...]] | None:
    """Samples per second over steps per second is the batch; the log rounds both to three decimals."""
    samples = known.number(FoundOnly.SAMPLES_PER_SECOND)
    steps = known.number(FoundOnly.STEPS_PER_SECOND)
    if samples is None or steps is None or samples.value <= 0 or steps.value <= 0.001:
        return None
    low = (samples.value - 0.0005) / (steps.value + 0.0005)
    high = (samples.value + 0.0005) / (steps.value - 0.0005)
    ratio = samples.value / steps.value
    # Leftover batches at the end of an epoch move the ratio by up to a percent off the true batch.
    multiple = round(ratio / device) * device if device > 0 else 0
    size = multiple if multiple and low * 0.99 <= multiple <= high * 1.01 else max(1, round(ratio))
    spread = max(1.0, high / size)
    note = (text("compute.assume.batch_from_speed", batch=size),)
    inputs = (_number(samples), _number(steps))
    return size, spread if spread > 1.05 else 1.0, inputs, note if spread > 1.05 else ()


def _of_tokens(
    fact: Fact[int],
    samples: _Samples,
    *,
    high: float = 1.0,
    assumptions: tuple[str, ...] = (),
    length: Fact[int] | None = None,
) -> Seen:
    each = length if length is not None and 0 < length.value <= fact.value else None
    count = samples.count if samples.count and samples.count <= fact.value and samples.high == 1.0 else None
    return Seen(
        samples=count,
        tokens=fact.value,
        high=high,
        length=each.value if each is not None and count is None else None,
        inputs=(
            _plain(fact),
            *(samples.inputs if count else ()),
            *((_plain(each),) if each is not None and count is None else ()),
        ),
        assumptions=assumptions,
        steps=samples.steps if count else (),
    )


def _of_flos(backed_out: tuple[int, AnyFact, int], samples: _Samples) -> Seen:
    tokens, fact, outside = backed_out
    count = samples.count if samples.count and samples.count <= tokens and samples.high == 1.0 else None
    line = step("tokens_from_flos", f"{_flos(fact)} / (6 × {shown(outside)})", tokens, "tokens")
    return Seen(
        samples=count,
        tokens=tokens,
        from_recorded=True,
        inputs=(fact, *(samples.inputs if count else ())),
        assumptions=(text("compute.assume.tokens_from_flos"),),
        steps=(*(samples.steps if count else ()), line),
    )


def _of_length(samples: _Samples, count: int, length: Fact[int]) -> Seen:
    tokens = count * length.value
    from_file = length.origin.kind is OriginKind.FILE
    notes = (*samples.assumptions, *((text("compute.assume.maximal_length"),) if from_file else ()))
    line = step("tokens", f"{shown(count)} × {shown(length.value)}", tokens, "tokens")
    return Seen(
        samples=count,
        tokens=tokens,
        low=_TRUNCATED if from_file else 1.0,
        high=samples.high * (1.05 if from_file else 1.0),
        inputs=(*samples.inputs, _plain(length)),
        assumptions=notes,
        steps=(*samples.steps, line),
    )


def _flos(fact: AnyFact) -> str:
    return shown(int(fact.value)) if isinstance(fact.value, int | float) else str(fact.value)


def _plain(fact: Fact[int]) -> AnyFact:
    return Fact(name=fact.name, value=fact.value, origin=fact.origin)


def _number(fact: Fact[float]) -> AnyFact:
    return Fact(name=fact.name, value=fact.value, origin=fact.origin)
