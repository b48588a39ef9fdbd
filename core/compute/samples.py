# SPDX-License-Identifier: Apache-2.0
"""Samples that are no plain run of tokens: pictures, sound, pairs of texts, noised latents.

One sample is counted through the layer table; where a length or a size is not known, the smallest and the largest
it may be bound the range. For clips the geometric middle of what both cost is taken: no other point can be less wrong, as
a factor, at the worse of the two ends. A text that is written from another may be as long or a hundredth of it (a
translation, a summary, a label): there each ratio is taken as equally likely, and the mean length of those is taken.
"""

import math

from core.compute.clips import noised_clip
from core.compute.input_size import InputSize, captioned, longest_caption
from core.compute.inputs import Inputs
from core.compute.longest_length import FEW_WORDS, TRUNCATED, only_longest
from core.compute.memory_states import whole_number
from core.compute.network import DIFFUSION, PER_SAMPLE, SEQ2SEQ, Network
from core.compute.noised import noised, picture_sides
from core.compute.padding import most_padding
from core.compute.ranges import shown
from core.compute.sample import Sample
from core.domain.fact import AnyFact, Fact, any_fact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.errors import BadConfig
from core.texts import text

_SOUND_RATE = 16_000
"""Samples per second that wav2vec2 and its relatives are fed with."""
_SECONDS = (1, 30)
"""A clip of one word, and the window that speech data is usually cut to."""
_SHORTEST_LABEL = 3
"""Of Whisper: "no timestamps", one token of text, "end of text" (the model for English alone; the others have five)."""
_LONGEST_TEXT = 10**6


def per_sample(network: Network) -> bool:
    """Is the run counted by samples, because its input is not one sequence of tokens?"""
    return network.counted and (network.model_type in PER_SAMPLE or network.model_type in SEQ2SEQ)


def one_sample(
    known: Known, network: Network, source_length: int | None = None, size: InputSize | None = None
) -> Sample | None:
    """The sample of a network for which `per_sample` holds; None when its size cannot be known or bounded.

    `source_length` is the mean length of a source text, for models that read one text and write another; `size` is that of
    the pictures or clips, where the run's own records tell it.
    """
    kind = network.model_type
    if kind == "whisper":
        return _speech_to_text(known, network)
    if kind in SEQ2SEQ:
        return _text_to_text(known, source_length)
    if kind in DIFFUSION:
        return noised_clip(known, network) or noised(known, network)
    if kind in _SOUND:
        if size is not None:
            uneven = () if size.even else (text("compute.assume.sound_mean"),)
            words = text("compute.expression.sound_values", length=shown(size.length))
            return Sample(Inputs(samples=size.length), assumptions=uneven, facts=(size.flos,), words=words)
        least, most = (Inputs(samples=seconds * _SOUND_RATE) for seconds in _SECONDS)
        note = text("compute.assume.sound", least=_SECONDS[0], most=_SECONDS[1])
        return Sample(most, least, most, assumptions=(note,), words=text("compute.expression.sound"))
    sides = picture_sides(known)
    note = text("compute.assume.image")
    if captioned(network):
        return _captioned(network, sides, size)
    channels = whole_number(network.config or {}, "num_channels") or 3
    if not sides and size and (side := size.side(channels)):
        words = text("compute.expression.image_sized", wide=side, high=side)
        sized = Sample(Inputs(image=(side, side)), facts=(size.flos,), words=words)
        if _takes(network, sized.inputs):
            return sized
    if sides:
        note = text("compute.assume.image_said", wide=sides[0], high=sides[1])
    return Sample(
        Inputs(image=(sides[1], sides[0])) if sides else Inputs(),
        assumptions=(note,),
        words=text("compute.expression.image"),
    )


def _captioned(network: Network, sides: tuple[int, int] | None, size: InputSize | None) -> Sample:
    """A picture and its text: as long as total_flos tells, else as long as the places for it, to which scripts pad."""
    image = (sides[1], sides[0]) if sides else None
    said = (text("compute.assume.image_said", wide=sides[0], high=sides[1]),) if sides else ()
    longest = longest_caption(network)
    if size is not None and size.length <= longest:
        return Sample(
            Inputs(image=image, seq_len=size.length),
            assumptions=said if size.even else (*said, text("compute.assume.caption_mean")),
            facts=(size.flos,),
            words=text("compute.expression.caption", length=shown(size.length)),
        )
    return Sample(
        Inputs(image=image, seq_len=longest),
        floor=Inputs(image=image, seq_len=1),
        assumptions=(*said, text("compute.assume.caption", most=longest)),
        words=text("compute.expression.caption", length=shown(longest)),
    )


_SOUND = frozenset("wav2vec2 hubert wavlm wav2vec2-bert wav2vec2-conformer sew unispeech moonshine".split())


def _speech_to_text(known: Known, network: Network) -> Sample:
    """Whisper: the encoder runs all its frames for each clip, short or long; only the labels vary.

    A label holds at least a mark on either side of one token. The text of one clip fills at most half of the decoder's
    places: the other half is kept for the text before it (openai/whisper, decoding.py: `sample_len` is `n_text_ctx // 2`),
    which few training scripts give. Labels that are padded to the full length reach the limit too.
    """
    said = known.integer("sequence_length")
    if said is not None and said.value > 0:
        fact: AnyFact = said  # type: ignore[assignment]
        words = text("compute.expression.speech", length=shown(said.value))
        return Sample(Inputs(decoder_len=said.value), facts=(fact,), words=words)
    longest = (network.config or {}).get("max_target_positions")
    places = longest if isinstance(longest, int) and not isinstance(longest, bool) and longest > 0 else 448
    most = max(1, places // 2)
    least = min(_SHORTEST_LABEL, most)
    return Sample(
        Inputs(decoder_len=most),
        Inputs(decoder_len=least),
        Inputs(decoder_len=most),
        limit=Inputs(decoder_len=places),
        assumptions=(text("compute.assume.labels", least=least, most=most, places=places),),
        words=text("compute.expression.speech", length=shown(most)),
        words_least=text("compute.expression.speech", length=shown(least)),
    )


def _text_to_text(known: Known, source_length: int | None) -> Sample | None:
    """Two halves: the source's length is known or said. The target is as long as the texts that the evaluation wrote, or,
    where no file tells, between one token (a label) and as long as the source; an unusual run writes twice as much."""
    length = source_length
    facts: tuple[AnyFact, ...] = ()
    if length is None:
        said = known.integer("sequence_length")
        if said is None or said.value <= 0:
            return None
        length = said.value
        if only_longest(known, said):
            return _cut_short(known, said)
    written = _written(known)
    if written is None:
        least, most, usual = 1, length, _mean_of_any(1, length)
        note = text("compute.assume.target", most=length, usual=usual)
    else:
        least, most = max(1, round(written)), max(1, round(written * most_padding(known)))
        usual = _mean_of_any(least, most)
        note = text("compute.assume.target_written", mean=f"{written:.4g}", most=most)
        facts = tuple(fact for fact in (known.get(FoundOnly.EVAL_METRICS),) if fact is not None)
    return Sample(
        Inputs(encoder_len=length, decoder_len=usual),
        limit=Inputs(encoder_len=length, decoder_len=2 * max(length, most)),
        floor=Inputs(encoder_len=length, decoder_len=max(1, least // 2)),
        assumptions=(note,),
        facts=facts,
        words=text("compute.expression.pair", source=shown(length), target=shown(usual)),
    )


def _cut_short(known: Known, longest: Fact[int]) -> Sample:
    """The same where only the longest length is told to which a source text was cut: a few words, what published runs filled of
    it, all of it. The target goes with it."""
    most = longest.value
    usual = min(most, max(FEW_WORDS, round(TRUNCATED * most)))
    written = _written(known)
    target = _mean_of_any(1, usual) if written is None else max(1, round(written))
    padded = most if written is None else max(most, round(written * most_padding(known)))
    note = text("compute.assume.source_cut", most=most, usual=usual, target=target)
    return Sample(
        Inputs(encoder_len=usual, decoder_len=target),
        limit=Inputs(encoder_len=most, decoder_len=2 * padded),
        floor=Inputs(encoder_len=min(FEW_WORDS, usual), decoder_len=1),
        assumptions=(note,),
        facts=(any_fact(longest),),
        words=text("compute.expression.pair", source=shown(usual), target=shown(target)),
    )


def _mean_of_any(least: int, most: int) -> int:
    """The mean of lengths spread evenly by their logarithm: (b - a) / ln(b / a), for 0 < a <= b."""
    return least if least == most else round((most - least) / math.log(most / least))


def _written(known: Known) -> float | None:
    """Mean tokens of a text that the model wrote when it was last evaluated (`gen_len` of transformers' example scripts for
    summaries and translations): it was trained to write as much as the targets hold."""
    value = (known.mapping(FoundOnly.EVAL_METRICS) or {}).get("eval_gen_len")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 1 <= value <= _LONGEST_TEXT else None


def _takes(network: Network, inputs: Inputs) -> bool:
    try:
        network.sample(inputs)
    except BadConfig:
        return False
    return True
