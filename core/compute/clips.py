# SPDX-License-Identifier: Apache-2.0
"""A sample of a denoiser of 2025: a noised picture or clip. What no file tells is bounded, never guessed."""

import math

from core.compute.denoisers import FRAMES_TOGETHER, Denoiser, denoiser
from core.compute.given_pictures import given_pictures
from core.compute.inputs import Inputs
from core.compute.memory_states import whole_number
from core.compute.network import Network
from core.compute.noised import OF_PICTURES, frozen_parts, picture_sides
from core.compute.picture_sizes import Size, asked_sizes, mean_area, most_usual, picture_sizes
from core.compute.sample import Sample
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text

_MOST_FRAMES = 10_000


def noised_clip(known: Known, network: Network) -> Sample | None:
    """One noise level per picture or clip and step; None for classes that noised.py knows."""
    told = denoiser(network.model_type, network.config or {})
    if told is None:
        return None
    notes: list[str] = []
    sizes = () if told.clip else picture_sizes(known)
    asked = () if sizes else asked_sizes(known)
    if asked and not told.clip:
        sizes = asked
        notes.append(text("compute.assume.sizes_asked", count=len(asked)))
    given = given_pictures(known, network)
    notes.extend(given.notes)
    shown_sides = most_usual(sizes)[:2] if sizes else picture_sides(known)
    sizes, asked = given.sizes(sizes), given.sizes(asked)
    sides = given.sides(*shown_sides) if shown_sides is not None else None
    if sides is None or (asked and told.clip):
        small, large = (asked[0][:2], asked[-1][:2]) if asked else told.sides
        notes.append(text("compute.assume.picture_between", least=_size(small), most=_size(large)))
    else:
        small = large = sides
    frames = _frames(known) if told.clip else (1, 1)
    few, many = frames or (1, told.clip)
    if frames is None:
        notes.append(text("compute.assume.clip", least=few, most=many))
    elif few < many:
        notes.append(text("compute.assume.clip_between", least=few, most=many))
    least_text, most_text = told.texts
    usual_text = math.isqrt(least_text * most_text)
    if least_text < most_text:
        notes.append(text("compute.assume.text_between", least=least_text, most=most_text, usual=usual_text))
    least, most = (
        _inputs(network, told, side, length, usual_text) for side, length in ((small, few), (large, many))
    )
    encoded = [_encoding(told, side, length) for side, length in ((small, few), (large, many))]
    if sizes:
        encoded = 2 * [round(told.encoder * mean_area(sizes))]
    reading = 2 * told.reader * told.read
    parts = frozen_parts(known, network, math.isqrt(encoded[0] * encoded[1]), reading)
    notes.extend(parts.notes)
    open_ended = least != most
    floor, limit = (least, most)
    if sizes and asked:
        floor, limit = (_inputs(network, told, size[:2], 1, usual_text) for size in (asked[0], asked[-1]))
    floor, limit = given.alone(floor) or floor, given.more(limit) or limit
    return Sample(
        most,
        least=least if open_ended else None,
        most=most if open_ended else None,
        limit=limit._replace(text_len=most_text),
        floor=floor._replace(text_len=least_text),
        sizes=sizes if len(sizes) > 1 else (),
        frozen=parts.frozen,
        beside=parts.beside,
        once=parts.once,
        stored=frozen_parts(known, network, encoded[1], reading).stored,
        assumptions=tuple(notes),
        facts=tuple(fact for fact in (known.get(name) for name in _FACTS) if fact is not None),
        words=_words(told, shown_sides or large, many, sizes),
        words_least=_words(told, small, few),
    )


_FACTS = (*OF_PICTURES, FoundOnly.FRAMES)


def _frames(known: Known) -> tuple[int, int] | None:
    """The shortest and the longest clip in frames; None when no file tells."""
    fact = known.get(FoundOnly.FRAMES)
    value = fact.value if fact is not None else None
    if isinstance(value, list):
        lengths = [one for one in value if type(one) is int and 0 < one <= _MOST_FRAMES]
        if lengths and len(lengths) == len(value):
            return min(lengths), max(lengths)
    return None


def _inputs(network: Network, told: Denoiser, sides: tuple[int, int], frames: int, length: int) -> Inputs:
    wide, high = sides
    deep = whole_number(network.config or {}, "in_channels") or 16
    places = (max(1, high // told.cut), max(1, wide // told.cut))
    if not told.clip:
        return Inputs(latent=(deep, *places), text_len=length)
    return Inputs(latent=(deep, 1 + (frames - 1) // FRAMES_TOGETHER, *places), text_len=length)


def _encoding(told: Denoiser, sides: tuple[int, int], frames: int) -> int:
    """FLOP of the frozen autoencoder for one sample."""
    whole = 1 + (frames - 1) // FRAMES_TOGETHER * FRAMES_TOGETHER
    once = sides[0] * sides[1] * (told.encoder + told.later * (whole - 1))
    return round(2 * once if told.pictured else once)


def _size(sides: tuple[int, int]) -> str:
    return f"{sides[0]} × {sides[1]}"


def _words(told: Denoiser, sides: tuple[int, int], frames: int, sizes: tuple[Size, ...] = ()) -> str:
    if len(sizes) > 1:
        side = round(math.sqrt(mean_area(sizes)))
        return text("compute.expression.pictures", count=len(sizes), side=side)
    if told.clip:
        return text("compute.expression.clip", frames=frames, wide=sides[0], high=sides[1])
    return text("compute.expression.picture", wide=sides[0], high=sides[1])
