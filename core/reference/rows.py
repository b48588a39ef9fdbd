# SPDX-License-Identifier: Apache-2.0
"""The rows of the reference tables."""

from dataclasses import dataclass
from enum import StrEnum

from core.texts import text


class Match(StrEnum):
    """How an id that somebody used was matched to a row."""

    EXACT = "exact"
    RENAMED = "renamed"
    """An older or shorter name of the same repository."""
    MIRROR = "mirror"
    """A copy, often quantised, under another name: same weights, the licensor's row."""
    VARIANT = "variant"
    """A chat or instruct version that has no row of its own; the row is its base."""
    FOLDER = "folder"
    """A folder of this machine with the model's name, or with layers of exactly its sizes."""


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device. Peaks are dense (no sparsity) FLOP/s with FP32 accumulation; watts is the board's limit (TDP).

    `kind` is datacentre, workstation, consumer, laptop, soc or cpu. `confidence` is high, medium or low.
    """

    id: str
    name: str
    vendor: str
    kind: str
    year: int | None
    memory_gb: float | None
    watts: float | None
    training_peak_flops: int
    training_precision: str
    peaks: dict[str, int]
    confidence: str
    source: str
    note: str

    def peak(self, precision: str | None) -> tuple[int, str]:
        """Dense peak FLOP/s and the precision it holds for.

        A precision the device does not know, or a storage format (int8, int4), gives the usual training peak.
        """
        if precision is not None and precision in self.peaks:
            return self.peaks[precision], precision
        return self.training_peak_flops, self.training_precision

    @property
    def at_home(self) -> bool:
        """Whether people usually run it at home or under a desk."""
        return self.kind in ("consumer", "laptop", "soc", "workstation")


@dataclass(frozen=True, slots=True)
class BaseModelRow:
    """One published base model. FLOP are integers; None is "not known". Licence ids are hub ids.

    `asked` is the id that was looked up and `match` how it led to this row.
    """

    hub_id: str
    modality: str
    release: str
    parameters_total: int | None
    parameters_active: int | None
    layers: int | None
    hidden: int | None
    heads: int | None
    kv_heads: int | None
    ffn: int | None
    vocab: int | None
    context: int | None
    training_data: int | None
    data_unit: str
    flop_best: int | None
    flop_low: int | None
    flop_high: int | None
    basis: str
    confidence: str
    licence_id: str
    verification: str
    note: str
    asked: str = ""
    match: Match = Match.EXACT

    @property
    def training_tokens(self) -> int | None:
        """Tokens seen in training, where the data is text."""
        return self.training_data if self.data_unit == "tokens" else None

    @property
    def verified(self) -> bool:
        """Whether the figures were read in the primary document (mark V) rather than recalled (mark R)."""
        return self.verification == "V"

    @property
    def doubt(self) -> str:
        """What a person must be told about this row: how it was checked and how it was matched. May be empty."""
        remarks = []
        if self.match is not Match.EXACT:
            remarks.append(
                text(f"compute.reference.match.{self.match}", asked=self.asked, hub_id=self.hub_id)
            )
        if not self.verified:
            remarks.append(text("compute.reference.from_memory", hub_id=self.hub_id))
        if self.confidence == "low":
            remarks.append(text("compute.reference.low_confidence", hub_id=self.hub_id))
        return " ".join(remarks)


@dataclass(frozen=True, slots=True)
class GridRow:
    """Carbon intensity of an electricity grid: g CO2eq per kWh in `year`. `kind` is country, us_state, cloud_region…"""

    code: str
    kind: str
    name: str
    g_per_kwh: float
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class ThroughputRow:
    """Published training speed of one device: the median of `measurements`.

    `kind` is decoder (units are tokens) or vision (images); `model_class` a model of the benchmark or a model_type.
    `utilisation` is units per second x FLOP per unit over the device's dense peak; low and high its span.
    """

    device: str
    kind: str
    model_class: str
    parameters: int
    unit: str
    units_per_second: float
    flop_per_unit: int
    utilisation: float
    utilisation_low: float
    utilisation_high: float
    measurements: int
    source: str
