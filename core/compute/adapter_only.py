# SPDX-License-Identifier: Apache-2.0
"""An adapter whose base is not known: what its own tensors and the Trainer's total_flos say together.

The Trainer counts 6 (N + n) per token, N frozen parameters outside embeddings and n of the adapter; true is
4 N + 6 n, less what lies below the first adapter, plus attention 12 L a s (L layers, a attention width, s length).
The tensors give L, a and the hidden width, so N and s lie between bounds. Source: total_flos notes, 2b and 3.2.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.domain.known import Known
from core.domain.names import FoundOnly

_FEED_FORWARD = (6, 8, 16)
"""Weights of a feed-forward layer over the square of the hidden width: least, usual, most."""
_LARGEST_VOCABULARY = 152_000
_LARGEST_HEAD = 0.4
"""A shared head over the layers: that of the smallest language models people tune (Qwen2.5 0.5B has 0.38)."""
_LENGTHS = (128, 1024, 4096)


class Factors(NamedTuple):
    """Low, central and high of true over recorded."""

    low: float
    central: float
    high: float


def adapter_factors(known: Known, recorded: int, samples: int | None) -> Factors | None:
    """True over recorded operations from the adapter's shapes; None when these do not say enough."""
    shapes = known.mapping(FoundOnly.ADAPTER_SHAPES)
    layers, trained = known.integer(FoundOnly.LAYERS_TOUCHED), known.integer("parameters_trainable")
    widths = _widths(shapes or {})
    if widths is None or layers is None or not 0 < layers.value < 10_000:
        return None
    hidden, attention, values, middle = widths
    n = trained.value if trained is not None else 0
    mixing = 2 * attention * hidden + 2 * values * hidden
    known_middle = (3 * middle / hidden,) * 3 if middle else _FEED_FORWARD
    head = _LARGEST_VOCABULARY * hidden
    least, usual, most = (
        layers.value * (mixing + part * hidden * hidden) * (1 + extra)
        for part, extra in zip(known_middle, (0.0, 0.0, _LARGEST_HEAD), strict=True)
    )

    def grown(frozen: float, length: float) -> float:
        return 2 * layers.value * attention * length / (frozen + n)

    def length(frozen: float, otherwise: int) -> float:
        return recorded / (6 * (frozen + n) * samples) if samples else otherwise

    def linear(frozen: float) -> float:
        return (4 * frozen + 6 * n) / (6 * (frozen + n))

    below = 1 / layers.value
    low = linear(most) * (1 - 0.35 * below) + grown(most, length(most, _LENGTHS[0]))
    central = linear(usual) * (1 - 0.2 * below) + min(0.5, grown(usual, length(usual, _LENGTHS[1])))
    top = min(0.8, grown(least, length(least, _LENGTHS[2])))
    # A head that shares its weights with the embedding is computed but not recorded.
    high = min(1.0, linear(least) * (1 + min(_LARGEST_HEAD, head / least))) + top
    return Factors(min(low, central), central, max(high, central))


def _widths(shapes: Mapping[str, object]) -> tuple[int, int, int, int] | None:
    """Hidden width, width of attention, of its values, of the feed-forward layer (0 when not known)."""
    sizes: dict[str, tuple[int, int]] = {}
    for name, value in shapes.items():
        if isinstance(value, list) and len(value) == 3 and all(type(one) is int and one > 0 for one in value):
            sizes[name] = (value[0], value[1])
    query = sizes.get("q_proj") or sizes.get("query") or sizes.get("o_proj", (0, 0))[::-1]
    if not query[0] or max(query) > 10**6:
        return None
    hidden, attention = query
    side = sizes.get("v_proj") or sizes.get("k_proj") or sizes.get("value") or (hidden, attention)
    up = sizes.get("up_proj") or sizes.get("gate_proj") or (hidden, 0)
    return hidden, attention, min(side[1], attention), up[1]
