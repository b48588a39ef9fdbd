# SPDX-License-Identifier: Apache-2.0
"""How large the pictures or clips of a run were, by the Trainer's total_flos.

The Trainer adds 6 x N x (numbers in the main input) for each batch, N being the parameters outside embedding layers. For
pictures and sound that is no count of operations, but it tells their size: the numbers are pixels or sound values.
Source: transformers `floating_point_ops`; total_flos notes, sections 1 and 2.
"""

import math
from typing import NamedTuple

from core.compute.network import DIFFUSION, SEQ2SEQ, Network
from core.domain.fact import AnyFact
from core.domain.known import Known
from core.domain.names import FoundOnly

_TWO_INPUTS = frozenset(
    (
        "text_config",
        "num_frames",
        "tubelet_size",
        "num_mel_bins",
        "feature_projection_input_dim",
        "input_feat_per_channel",
    )
)
"""Keys of configurations whose main input is no single picture and no wave: text beside it, videos, spectrograms."""
_LEAST_SIDE = 8
_TOWERS = {"clip": 77, "siglip": 64, "siglip2": 64}
"""Models of a text and an image tower that are counted by pictures, and the places their text has."""
_TOWER_CLASSES = ("CLIPModel", "SiglipModel", "Siglip2Model")


class InputSize(NamedTuple):
    """Numbers in all inputs of the run, over `samples`; `flos` is the fact behind them, `outside` its N."""

    values: int
    samples: int
    flos: AnyFact
    outside: int

    def side(self, channels: int) -> int | None:
        """Side of the pictures in pixels, if all were squares of one size."""
        pixels, rest = divmod(self.values, self.samples * channels)
        side = math.isqrt(pixels)
        return side if not rest and side * side == pixels and side >= _LEAST_SIDE else None

    @property
    def length(self) -> int:
        """Mean sound values of a clip, padding included."""
        return max(1, round(self.values / self.samples))

    @property
    def even(self) -> bool:
        """Whether all clips may have had one length."""
        return self.values % self.samples == 0


def input_size(known: Known, network: Network, count: int | None) -> InputSize | None:
    """The size of a run's inputs; None where the division does not come out even, for then the formula was another."""
    flos = known.get(FoundOnly.RECORDED_FLOS)
    raw = known.integer(FoundOnly.RECORDED_FLOS)
    if flos is None or raw is None or not count or not network.counted:
        return None
    config = network.config or {}
    one_input = network.model_type not in DIFFUSION | SEQ2SEQ and not _TWO_INPUTS & config.keys()
    parameters = network.parameters()
    if not one_input or parameters is None or known.found(FoundOnly.SHARDED) is not None:
        return None
    # Tables of places are plain weights in most of these networks (ViT), embedding layers in a few (CLIP's tower).
    for outside in dict.fromkeys((parameters.total, parameters.total - (network.embedding or 0))):
        values = _divided(raw.value, 6 * outside)
        if values is not None and values >= count:
            return InputSize(values, count, flos, outside)
    return None


def caption_length(known: Known, network: Network, count: int | None) -> InputSize | None:
    """The same for a model of two towers (CLIP, SigLIP), whose main input is the text: tokens instead of pixels."""
    flos = known.get(FoundOnly.RECORDED_FLOS)
    raw = known.integer(FoundOnly.RECORDED_FLOS)
    if flos is None or raw is None or not count or not captioned(network):
        return None
    from core.compute.tables import table_weights

    total, tables = network.total, table_weights(network.config or {}, network.model_class)
    if total is None or tables is None or known.found(FoundOnly.SHARDED) is not None:
        return None
    values = _divided(raw.value, 6 * (total - tables))
    return InputSize(values, count, flos, total - tables) if values is not None and values >= count else None


def captioned(network: Network) -> bool:
    """Whether both towers run: the class that matches texts with pictures, not one of the towers or a classifier."""
    return (
        network.counted
        and network.model_type in _TOWERS
        and network.named_class in ("", "Model", *_TOWER_CLASSES)
    )


def longest_caption(network: Network) -> int:
    """Places for the text, to which the usual scripts pad it."""
    inner = (network.config or {}).get("text_config")
    said = inner.get("max_position_embeddings") if isinstance(inner, dict) else None
    usual = _TOWERS[network.model_type]
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else usual


def _divided(flos: int, each: int) -> int | None:
    """How often `each` goes into total_flos; None when it leaves a rest."""
    if each <= 0:
        return None
    times = (flos + each // 2) // each
    # Beyond 2**53 the decimal number in the file is itself rounded.
    slack = 0 if flos < 2**53 else flos >> 40
    return times if abs(flos - times * each) <= slack and 4 * slack <= each else None
