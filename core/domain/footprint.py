# SPDX-License-Identifier: Apache-2.0
"""What weighing a model gives."""

from enum import StrEnum

from core.domain.base import Frozen
from core.domain.estimate import ArithmeticStep, FlopEstimate, Quantity
from core.domain.fact import AnyFact
from core.domain.said import Said, in_english


class WitnessId(StrEnum):
    """The independent ways to know a training run's operations."""

    OPERATIONS = "operations"
    HARDWARE = "hardware"
    RECORDED = "recorded"
    THROUGHPUT = "throughput"
    STATED = "stated"


class Witness(Frozen):
    """One way to know it. `estimate` is None when something is missing; then `missing` says what.

    `used` tells whether it took part in the reconciled figure. `raw` is the number as a tool wrote it,
    before repair; `remarks` name its known error or why it was left out.
    """

    id: WitnessId
    title: str
    estimate: FlopEstimate | None = None
    used: bool = False
    raw: int | None = None
    remarks: tuple[Said, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """The remarks in English; empty when there is none."""
        return in_english(self.remarks)


class ParameterCount(Frozen):
    """Parameters of the whole model as it runs (base and adapter together).

    `trainable_origin` tells where the trained ones come from when that is another place than the total's.
    """

    total: int
    trainable: int | None = None
    active_per_token: int | None = None
    embedding: int | None = None
    origin: AnyFact | None = None
    trainable_origin: AnyFact | None = None


class Accounts(Frozen):
    """The four accounts that laws tell apart (Commission Guidelines annex, points 115-119).

    own: operations of this person's training that updated or served the model. base: training of the model it
    started from. direct: what directly updated parameters (the 1e23 test and the one-third rule). cumulative:
    everything that counts towards capabilities before release (the 1e25 test). None is "not known".
    """

    own: FlopEstimate | None = None
    base: FlopEstimate | None = None
    direct: FlopEstimate | None = None
    cumulative: FlopEstimate | None = None
    hardware_own: FlopEstimate | None = None
    """Own operations with recomputation (gradient checkpointing) as the hardware executed them."""

    synthetic: FlopEstimate | None = None
    """Making training data that is not public: part of cumulative, not of direct."""


class LineItem(Frozen):
    """One thing that was run, and whether the accounts hold it.

    `flop` None: not weighed, because it does not count or is not known. `direct` and `cumulative` None: the text of
    the law is silent, and `why` gives our reading and the other. `points`: of the annex of the Guidelines.
    """

    key: str
    label: str
    flop: int | None
    direct: bool | None
    cumulative: bool | None
    points: str
    why: str


def counted_word(item: LineItem) -> str:
    """The entry of the catalogues that says where a line counts: both, direct, cumulative, none or open."""
    if item.direct is None and item.cumulative is None:
        return "open"
    words = {(True, True): "both", (True, False): "direct", (False, False): "none"}
    return words.get((bool(item.direct), bool(item.cumulative)), "cumulative")


class MemoryNeed(Frozen):
    """What running the model takes at one precision, in GB (10^9 bytes). `bits` per weight: 16, 8 or 4 in name."""

    bits: int
    weights_gb: float
    cache_gb: float | None
    """Keys and values of one conversation of `Fit.context` tokens; None when the layer sizes are not known."""
    total_gb: float
    runs_on: tuple[str, ...] = ()
    """Names of common devices whose memory holds it, smallest first."""
    too_small: tuple[str, ...] = ()


class Rerun(Frozen):
    """Hours that one device of a kind would need for the same training; `fits` None is "not known"."""

    device: str
    low: float
    central: float
    high: float
    fits: bool | None = None


class Fit(Frozen):
    """What runs the model, and what it would take to train it once more. Orders of magnitude, not promises."""

    context: int
    needs: tuple[MemoryNeed, ...] = ()
    reruns: tuple[Rerun, ...] = ()
    assumptions: tuple[str, ...] = ()


class Footprint(Frozen):
    """Parameters, operations by account and witness, energy, and what was missing."""

    parameters: ParameterCount | None = None
    by_samples: bool = False
    """The operations are counted by pictures or clips seen: a number of tokens changes nothing."""
    witnesses: tuple[Witness, ...] = ()
    accounts: Accounts = Accounts()
    items: tuple[LineItem, ...] = ()
    """What the accounts are made of, and what they leave out."""
    agreed: tuple[Said, ...] = ()
    """Plain sentences: whether the witnesses agree and, if not, which input is the likeliest wrong one."""
    energy: Quantity | None = None
    co2: Quantity | None = None
    fit: Fit | None = None
    explain: tuple[ArithmeticStep, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def untrained(self) -> bool:
        """Nothing was trained here (a merge, a conversion), and no tool wrote otherwise: there is nothing to know in several ways."""
        own = self.accounts.own
        return own is not None and not own.central and all(one.estimate is None for one in self.witnesses)

    @property
    def agreement(self) -> str:
        """`agreed` in English."""
        return in_english(self.agreed)
