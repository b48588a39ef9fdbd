# SPDX-License-Identifier: Apache-2.0
"""A sample of a diffusion model: a noised picture, and the frozen parts that run before it."""

import math
from typing import NamedTuple, TypeGuard

from core.compute.controlled import beside_learning, encoded
from core.compute.given_pictures import given_pictures
from core.compute.inputs import Inputs
from core.compute.memory_states import whole_number
from core.compute.network import Network
from core.compute.picture_sizes import asked_sizes, mean_area, most_usual, picture_sizes
from core.compute.ranges import shown
from core.compute.sample import Sample
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text

_FROZEN_ENCODER = 1_116_658_466_816 / 512**2
"""FLOP per pixel of the usual autoencoder's encoder, measured at 512 x 512 (compute methods, section 4)."""
_TEXT_ENCODERS = {768: 85_054_464, 1024: 302_000_000, 2048: 714_000_000, 4096: 4_762_000_000}
"""Parameters at work in the frozen text encoders of SD 1, SD 2, SDXL, SD 3 / Flux, by the width they hand over."""
_CLIP_BESIDE_T5 = {"FluxTransformer2DModel": 85_054_464, "SD3Transformer2DModel": 714_000_000}
"""The share in it of CLIP, where T5 reads too."""
_TEXT_LENGTH = 77
_TEXT_LENGTHS = {
    "FluxTransformer2DModel": (512, 512),
    "SD3Transformer2DModel": (154, 77),
    "PixArtTransformer2DModel": (120, 120),
}
"""Tokens that stand beside the picture, and that the text encoder reads, in the training scripts of diffusers 0.42 and of
the papers. Stable Diffusion 3 puts those of CLIP and of T5 behind each other."""
_TEXT_LENGTHS_OF = {("kohya sd-scripts", "SD3Transformer2DModel"): (333, 256)}
"""Where a tool has lengths of its own: sd-scripts lets T5 read 256 (library/sd3_train_utils.py, t5xxl_max_token_length)."""


def noised(known: Known, network: Network) -> Sample:
    """Diffusion: one noise level per picture and step; a frozen autoencoder and text encoder run before it, for each
    picture or, where a file says that their results were kept, once for all."""
    config = network.config or {}
    sides, notes, sizes = picture_sides(known), [], picture_sizes(known)
    usual, deep = whole_number(config, "sample_size") or 64, whole_number(config, "in_channels") or 4
    asked = () if sizes else asked_sizes(known)
    if asked:
        sizes = asked
        notes.append(text("compute.assume.sizes_asked", count=len(asked)))
    if sizes:
        sides = most_usual(sizes)[:2]
    elif sides is None:
        sides = (usual * 8, usual * 8)
        notes.append(text("compute.assume.picture", size=usual * 8))
    given = given_pictures(known, network)
    notes.extend(given.notes)
    wide_px, high_px = given.sides(*sides)
    sizes, asked = given.sizes(sizes), given.sizes(asked)
    area = mean_area(sizes) if sizes else wide_px * high_px
    wide = config.get("cross_attention_dim") or config.get("joint_attention_dim")
    reader = _TEXT_ENCODERS.get(wide) if isinstance(wide, int) else None
    beside, read = _text_lengths(known, network.model_type)
    reading = 2 * (reader or 0) * read
    parts = frozen_parts(
        known,
        network,
        round(_FROZEN_ENCODER * area) * encoded(config),
        reading,
        _learning(known, network.model_type, reading),
    )
    notes.extend(parts.notes)
    again = known.integer(FoundOnly.PASSES_BESIDE)
    if again is not None:
        notes.append(text("compute.assume.passes_beside"))
    whole = _latent(deep, wide_px, high_px, beside)
    smallest, largest = (
        (_latent(deep, *size[:2], beside) for size in (asked[0], asked[-1])) if asked else (whole, whole)
    )
    more, said = beside_learning(known, network, whole)
    notes.extend(said)
    words = text("compute.expression.picture", wide=sides[0], high=sides[1])
    if len(sizes) > 1:
        side = round(math.sqrt(area))
        words = text("compute.expression.pictures", count=len(sizes), side=side)
    return Sample(
        whole,
        limit=given.more(largest) or (largest if asked else None),
        floor=given.alone(smallest) or (smallest if asked else None),
        sizes=sizes if len(sizes) > 1 else (),
        frozen=parts.frozen,
        beside=parts.beside + more,
        once=parts.once,
        stored=parts.stored,
        again=min(again.value, _MOST_PASSES) if again is not None else 0,
        assumptions=tuple(notes),
        facts=tuple(fact for fact in (known.get(name) for name in OF_PICTURES) if fact is not None),
        words=words,
    )


def _text_lengths(known: Known, model_type: str) -> tuple[int, int]:
    """Tokens beside the picture, and tokens that the text encoder reads."""
    tool = known.text(FoundOnly.TRAINING_TOOL)
    usual = _TEXT_LENGTHS.get(model_type, (_TEXT_LENGTH, _TEXT_LENGTH))
    return _TEXT_LENGTHS_OF.get((tool.value, model_type), usual) if tool is not None else usual


def _learning(known: Known, model_type: str, reading: int) -> int:
    """Forward FLOP of those text encoders that an adapter is trained in. sd-scripts trains it in the CLIP ones alone, and
    beside them in T5 when train_t5xxl stands in network_args (networks/lora_flux.py and lora_sd3.py, create_network)."""
    tool = known.text(FoundOnly.TRAINING_TOOL)
    clip = _CLIP_BESIDE_T5.get(model_type)
    if clip is None or tool is None or tool.value != "kohya sd-scripts":
        return reading
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    return reading if settings.get("train_t5xxl") is True else min(reading, 2 * clip * _TEXT_LENGTH)


def _latent(deep: int, wide: int, high: int, beside: int) -> Inputs:
    return Inputs(latent=(deep, max(1, high // 8), max(1, wide // 8)), text_len=beside)


_COUNT_REPEATS = frozenset({"kohya sd-scripts", "musubi-tuner"})
"""Tools whose rows of one pass count a picture once for each of its repeats."""
_MOST_PASSES = 20
"""Passes beside a training pass that are believed."""
OF_PICTURES = (
    FoundOnly.PASSES_BESIDE,
    FoundOnly.PICTURES_GIVEN,
    FoundOnly.RESOLUTIONS,
    FoundOnly.PICTURE_SIZES,
    FoundOnly.ADAPTER_TARGETS,
    FoundOnly.LATENTS_CACHED,
    FoundOnly.TEXT_OUTPUTS_CACHED,
    FoundOnly.TEXT_ENCODER_TRAINED,
    FoundOnly.PICTURES,
)


class _Parts(NamedTuple):
    """FLOP of the parts before the denoiser: `frozen` for each sample, unless they were stored; `beside` for each sample
    in any case; `once` in the whole run; `stored` for each picture, where no file tells how many there were."""

    frozen: int
    beside: int
    once: int
    stored: int
    beside_words: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of them."""
        said = (
            self.beside_words,
            text("compute.assume.frozen_parts", flop=shown(self.frozen)) if self.frozen else "",
            text("compute.assume.stored") if self.stored else "",
        )
        return tuple(filter(None, said))


def frozen_parts(
    known: Known, network: Network, encoding: int, reading: int, learning: int | None = None
) -> _Parts:
    """`encoding` and `reading` are the forward FLOP of the autoencoder's encoder and the text encoder for one sample;
    `learning` is the share in `reading` of those text encoders that an adapter may be trained in, else all of it."""
    frozen = beside = once = stored = 0
    words = ""
    pictures = known.integer(FoundOnly.PICTURES)
    tool = known.text(FoundOnly.TRAINING_TOOL)
    if pictures is None and (tool is None or tool.value not in _COUNT_REPEATS):
        pictures = known.integer(FoundOnly.DATASET_SIZE)
    trained = known.flag(FoundOnly.TEXT_ENCODER_TRAINED)
    if network.method != "prompt_tuning" and trained is not None and trained.value:
        # Its own weights stand still: gradients run through it, to the adapter's.
        share = reading if learning is None else learning
        beside, reading = 2 * share, reading - share
        words = text("compute.assume.text_encoder_trained")
    for flop, name in ((encoding, FoundOnly.LATENTS_CACHED), (reading, FoundOnly.TEXT_OUTPUTS_CACHED)):
        cached = known.flag(name)
        if name == FoundOnly.TEXT_OUTPUTS_CACHED and network.method == "prompt_tuning":
            beside += 2 * flop
            words = text("compute.assume.learned_word")
        elif cached is None:
            frozen += flop
        elif cached.value and pictures is not None:
            once += flop * pictures.value
        elif cached.value:
            stored += flop
        else:
            beside += flop
    return _Parts(frozen, beside, once, stored, words)


def picture_sides(known: Known) -> tuple[int, int] | None:
    """Width and height of a picture in pixels, where a trainer wrote down its resolution."""
    fact = known.get(FoundOnly.RESOLUTION)
    if fact is not None and isinstance(fact.value, list) and len(fact.value) == 2:
        wide, high = fact.value
        if _pixels(wide) and _pixels(high):
            return wide, high
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    for key in ("resolution", "image_size"):
        value = settings.get(key)
        if _pixels(value):
            return value, value
    return None


def _pixels(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 8 <= value <= 16384
