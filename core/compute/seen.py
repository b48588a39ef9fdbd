# SPDX-License-Identifier: Apache-2.0
"""How much data a run processed: sequences, tokens and their length, each with what it rests on."""

from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import JsonValue

from core.compute.choices import with_choices
from core.compute.end_to_end import in_rows
from core.compute.input_size import caption_length, captioned, input_size
from core.compute.longest_length import FEW_WORDS, TRUNCATED, all_so_long, only_longest
from core.compute.network import SEQ2SEQ, Network
from core.compute.padding import most_padding, texts_together
from core.compute.ranges import shown, step
from core.compute.recorded_tokens import behind_flos, tokens_from_flos, without_padding
from core.compute.sample import Sample
from core.compute.sample_count import SampleCount, sample_count
from core.compute.samples import one_sample, per_sample
from core.compute.trainer_head import Head, trainer_head
from core.compute.uneven_texts import padded_length
from core.compute.written_texts import Padded, once, prompts_padded
from core.domain.estimate import ArithmeticStep
from core.domain.fact import AnyFact, Fact, OriginKind, any_fact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.stage_run import PAIRED, WRITTEN
from core.errors import BadConfig
from core.texts import text

_PER_WORD = (1.0, 4 / 3, 3.0)
"""Tokens of a word: each word whole, the usual for English (OpenAI, "What are tokens": 75 words are 100 tokens), other languages and rare words."""
_MARKS = 2
"""Marks of start and end that encoders put round a text."""


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
    head: Head = Head.WHOLE
    """For which tokens the trainer runs the output head."""
    together: int = 1
    """Sequences that one device runs in one pass."""
    inputs: tuple[AnyFact, ...] = ()
    assumptions: tuple[str, ...] = ()
    steps: tuple[ArithmeticStep, ...] = ()
    missing: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    """What no file says, though a figure is there: said beside it, because the range is wide for it."""

    @property
    def sure(self) -> bool:
        """Nothing about the amount was assumed."""
        return self.low == 1.0 and self.high == 1.0


def resolve_seen(known: Known, network: Network, stage: str) -> Seen:
    """Work out the data seen from the best source there is.

    In order: tokens the person gave, tokens the tool logged with padding, sequences x padded length, tokens behind
    total_flos, and last what needs an assumption.
    """
    found = with_choices(_resolve(known, network, stage), network)
    found = replace(found, head=trainer_head(known, stage), together=_together(known, stage))
    return in_rows(found, known, network)


def _together(known: Known, stage: str) -> int:
    """Sequences in one pass of one device; 1 where nothing says, for then nothing is shared."""
    batch = known.integer("batch_per_device")
    each = 2 if stage in PAIRED else 1
    return batch.value * each if batch is not None and batch.value > 0 else 1


def _resolve(known: Known, network: Network, stage: str) -> Seen:
    samples = once(known, stage, sample_count(known, stage))
    if per_sample(network):
        return _of_samples(known, network, samples)
    length = known.integer("sequence_length")
    said = known.integer("tokens")
    recorded = known.integer(FoundOnly.TOKENS_RECORDED)
    backed_out = tokens_from_flos(known, network)
    count = samples.count
    if said is not None and behind_flos(said):
        # The scan divided total_flos itself: the same division, or no second witness.
        length = None if length is not None and behind_flos(length) else length
        if backed_out is not None and backed_out[0] == said.value:
            return _of_flos(backed_out, samples)
        return replace(_of_tokens(said, samples, length=length), from_recorded=True)
    if said is not None and said.value > 0:
        return _of_tokens(said, samples, length=length)
    if recorded is not None and recorded.value > 0:
        return _of_recorded(known, network, samples, recorded, length, backed_out, stage)
    filled = length is not None and not only_longest(known, length)
    if count is not None and length is not None and filled and not samples.assumptions and length.value > 0:
        return _of_length(known, network, samples, count, length)
    if count is not None:
        texts = _of_texts(known, samples, count)
        if texts is not None:
            return texts
    if backed_out is not None:
        return _of_flos(backed_out, samples)
    if count is not None and length is not None and length.value > 0:
        return _of_length(known, network, samples, count, length)
    missing = (
        ("sequence_length",) if count is not None else ("tokens",) if length is None else ("samples", "steps")
    )
    return Seen(
        samples=count,
        low=samples.low,
        high=samples.high,
        inputs=samples.inputs,
        assumptions=samples.assumptions,
        steps=samples.steps,
        missing=missing,
    )


def _of_recorded(
    known: Known,
    network: Network,
    samples: SampleCount,
    recorded: Fact[int],
    length: Fact[int] | None,
    backed_out: tuple[int, AnyFact, int] | None,
    stage: str,
) -> Seen:
    """Tokens that the run counted itself: all of them, or those that were no padding."""
    if not without_padding(recorded) and stage not in WRITTEN:
        return _of_tokens(recorded, samples, length=length)
    if backed_out is not None and backed_out[0] >= recorded.value:
        return _of_flos(backed_out, samples)
    if (
        samples.count is not None
        and length is not None
        and not samples.assumptions
        and not only_longest(known, length)
    ):
        return _of_length(known, network, samples, samples.count, length)
    if (
        stage in WRITTEN
        and samples.count
        and (padded := prompts_padded(known, recorded.value, samples.count))
    ):
        return _of_prompts(recorded, samples, padded)
    most = most_padding(known)
    note = (text("compute.assume.no_padding", most=f"{most:.2g}"),) if most > 1 else ()
    return _of_tokens(recorded, samples, high=most, assumptions=note)


def _of_prompts(recorded: Fact[int], samples: SampleCount, padded: Padded) -> Seen:
    note = (text("compute.assume.prompts_padded"),) if padded.low < padded.high else ()
    found = _of_tokens(recorded, samples, assumptions=note)
    if padded.tokens == recorded.value:
        return replace(found, low=padded.low, high=padded.high)
    return replace(
        found, tokens=padded.tokens, low=padded.low, high=padded.high, steps=(*found.steps, padded.step)
    )


_SOURCE_LENGTH = 512


def _of_samples(known: Known, network: Network, samples: SampleCount) -> Seen:
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
    size = caption_length(known, network, count) or input_size(known, network, count)
    sample = one_sample(known, network, source, size)
    if size is not None and sample is not None and size.flos in sample.facts:
        line = f"{_flos(size.flos)} / (6 × {shown(size.outside)})"
        label = "caption_tokens" if captioned(network) else "input_values"
        steps = (*steps, step(label, line, size.values, ""))
    missing = () if count and sample else ("samples", "steps") if sample else ("sequence_length",)
    return Seen(
        samples=count,
        low=samples.low,
        high=samples.high,
        sample=sample,
        inputs=(*inputs, *(sample.facts if sample else ())),
        assumptions=samples.assumptions,
        steps=steps,
        missing=missing,
        unsaid=sample.assumptions if sample and count and network.model_type in SEQ2SEQ else (),
    )


def _of_texts(known: Known, samples: SampleCount, count: int) -> Seen | None:
    """Several texts in a sample (anchor, positive, …), their mean and longest length by the tool's own card.

    A batch is padded to its longest text, so the truth lies between the means and the longest. A column is padded for itself.
    """
    fact = known.get(FoundOnly.SAMPLE_LENGTHS)
    listed = fact.value if fact is not None and isinstance(fact.value, list) else []
    together = min(texts_together(known), count)
    lengths: list[tuple[float, float, float]] = []
    for one in listed[:100]:
        read = _lengths_of(one, together) if isinstance(one, dict) else None
        if read is None:
            return None
        lengths.append(read)
    if not lengths or fact is None:
        return None
    least, usual, longest = (sum(column) for column in zip(*lengths, strict=True))
    tokens = max(1, round(count * usual))
    note = () if least == longest else (text("compute.assume.texts_padded"),)
    if any(isinstance(one, dict) and one.get("unit") == "words" for one in listed):
        note = (*note, text("compute.assume.texts_words"))
    line = step("texts", f"{shown(count)} × {usual:.6g}", tokens, "tokens")
    return Seen(
        samples=min(tokens, count * len(lengths)),
        tokens=tokens,
        low=samples.low * least / usual,
        high=samples.high * longest / usual,
        inputs=(*samples.inputs, fact),
        assumptions=(*samples.assumptions, *note),
        steps=(*samples.steps, line),
    )


def _lengths_of(one: dict[str, JsonValue], together: int) -> tuple[float, float, float] | None:
    """Mean, usual padded and longest length of one column of texts; None when they cannot be true."""
    shortest, mean, most = one.get("min", 0), one.get("mean"), one.get("max")
    if not isinstance(shortest, int | float) or not isinstance(mean, int | float):
        return None
    if not isinstance(most, int | float) or not 0 <= shortest <= mean <= most < 10**9 or mean <= 0:
        return None
    if one.get("unit") == "words":
        low, usual, high = _PER_WORD
        shortest, middle, longest = (usual * words + _MARKS for words in (shortest, mean, most))
        return low * mean + _MARKS, padded_length(shortest, middle, longest, together), high * most + _MARKS
    return float(mean), padded_length(shortest, mean, most, together), float(most)


def _of_tokens(
    fact: Fact[int],
    samples: SampleCount,
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
            any_fact(fact),
            *(samples.inputs if count else ()),
            *((any_fact(each),) if each is not None and count is None else ()),
        ),
        assumptions=assumptions,
        steps=samples.steps if count else (),
    )


def _of_flos(backed_out: tuple[int, AnyFact, int], samples: SampleCount) -> Seen:
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


def _of_length(known: Known, network: Network, samples: SampleCount, count: int, length: Fact[int]) -> Seen:
    """Sequences times their length. A file often tells only the longest length that was allowed: then texts are taken at
    what published runs filled of it, and the range goes from a few words to all of it."""
    from_file, longest = length.origin.kind is OriginKind.FILE, only_longest(known, length)
    usual = min(length.value, max(FEW_WORDS, round(TRUNCATED * length.value))) if longest else length.value
    tokens = count * usual
    low, high, notes = 1.0, 1.0, samples.assumptions
    unsaid: tuple[str, ...] = ()
    if longest:
        low, high = _spread(network, usual, length.value)
        unsaid = (text("compute.assume.longest_length", most=length.value, usual=usual),)
        notes = (*notes, *unsaid)
    elif from_file and not all_so_long(length):
        low, high, notes = TRUNCATED, 1.05, (*notes, text("compute.assume.maximal_length"))
    line = step("tokens", f"{shown(count)} × {shown(usual)}", tokens, "tokens")
    return Seen(
        samples=count,
        tokens=tokens,
        low=samples.low * low,
        high=samples.high * high,
        inputs=(*samples.inputs, any_fact(length)),
        assumptions=notes,
        steps=(*samples.steps, line),
        unsaid=unsaid,
    )


def _spread(network: Network, usual: int, most: int) -> tuple[float, float]:
    """What texts of a few words, and those of the longest length, cost over usual ones. Long ones cost more for each token: attention."""
    low, high = min(1.0, FEW_WORDS / usual), most / usual
    if network.counted:
        with suppress(BadConfig):
            few, middle, whole = (
                network.sequence(one).step_flop for one in (min(FEW_WORDS, usual), usual, most)
            )
            low, high = few / middle, whole / middle
    return low, 1.05 * high


def _flos(fact: AnyFact) -> str:
    return shown(int(fact.value)) if isinstance(fact.value, int | float) else str(fact.value)
