# SPDX-License-Identifier: Apache-2.0
"""The size of one batch: what goes into a model in one forward pass."""

from collections.abc import Iterable
from typing import NamedTuple

LARGEST = 10**9
_MAY_BE_NONE = ("images", "image_tokens", "points", "text_len")
"""Text without a picture is a batch too."""


class Inputs(NamedTuple):
    """One batch. None: not given, the family's own default applies. Lengths are counted with padding.

    `seq_len` tokens per sequence; `encoder_len`, `decoder_len` for models with both halves; `image` (height, width)
    pixels; `latent` (channels, height, width), of a video (channels, frames, height, width); `text_len` tokens of the text beside an image; `image_tokens`
    placeholders in the text; `samples` audio samples; `mel_frames` spectrogram frames; `frames` of a video;
    `images` and `points` given to one forward pass.
    """

    batch: int = 1
    seq_len: int | None = None
    encoder_len: int | None = None
    decoder_len: int | None = None
    image: tuple[int, int] | None = None
    latent: tuple[int, ...] | None = None
    text_len: int | None = None
    image_tokens: int | None = None
    samples: int | None = None
    mel_frames: int | None = None
    frames: int | None = None
    images: int | None = None
    points: int | None = None


def parse_inputs(items: Iterable[str]) -> Inputs:
    """Read `KEY=VALUE` words (`batch=4`, `image=224x224`).

    Raises ValueError, naming the word, for an unknown key or a value that is not a size of that key's form.
    """
    given: dict[str, object] = {}
    for item in items:
        key, _, value = item.partition("=")
        if key not in Inputs._fields:
            raise ValueError(f"{item!r}: the keys are {', '.join(Inputs._fields)}")
        given[key] = _sizes(item, value, {"image": (2,), "latent": (3, 4)}.get(key, (1,)))
    return Inputs(**given)  # type: ignore[arg-type]


def _sizes(item: str, value: str, counts: tuple[int, ...]) -> int | tuple[int, ...]:
    parts = value.lower().split("x")
    if len(parts) not in counts or not all(
        part.isascii() and part.isdecimal() and len(part) < 11 for part in parts
    ):
        wanted = " or ".join(str(count) for count in counts)
        raise ValueError(f"{item!r}: {wanted} whole number(s) expected, joined by x")
    sizes = tuple(int(part) for part in parts)
    least = 0 if item.partition("=")[0] in _MAY_BE_NONE else 1
    if not all(least <= size <= LARGEST for size in sizes):
        raise ValueError(f"{item!r}: a size is between {least} and {LARGEST}")
    return sizes[0] if counts == (1,) else sizes
