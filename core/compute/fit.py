# SPDX-License-Identifier: Apache-2.0
"""What runs the model, and what it would cost to train it again.

Memory to run: all weights at a precision (of experts too, whichever run), what is kept of one conversation
(core.compute.memory), a tenth for the program. File sizes per weight are those of llama.cpp's Q8_0 (8.5 bits: a scale of
16 bits for 32 weights of 8) and Q4_K_M (about 4.84 bits for Llama 2 7B, by its own table). Memory to train (mixed precision with Adam): 16 bytes for a trained weight, 2 for a frozen one, 0.6 when
it is held in 4 bits.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.compute.hardware import Machine, utilisation
from core.compute.memory import conversation_bytes
from core.compute.network import PER_SAMPLE, Network
from core.compute.witnesses import Run
from core.domain.estimate import FlopEstimate
from core.domain.footprint import Fit, MemoryNeed, Rerun
from core.domain.known import Known
from core.reference import Reference
from core.texts import text

CONTEXT = 4096
_BITS = ((16, 2.0), (8, 8.5 / 8), (4, 4.84 / 8))
_PROGRAM = 1.1
_GB = 10**9


class Holder(NamedTuple):
    """A common device: an entry of the catalogue, its memory in GB, and the share of it that a model may take."""

    key: str
    memory_gb: float
    share: float

    @property
    def room(self) -> float:
        """GB for a model."""
        return self.memory_gb * self.share


# By room, so that the first that holds a model is the smallest. Phones and laptops keep a part for their system; a
# graphics card gives nearly all. Judgement, not data sheets.
HOLDERS = (
    Holder("phone", 8, 0.5),
    Holder("laptop_8", 8, 0.6),
    Holder("gpu_8", 8, 0.92),
    Holder("laptop_16", 16, 0.7),
    Holder("gpu_12", 12, 0.94),
    Holder("gpu_16", 16, 0.95),
    Holder("gpu_24", 24, 0.96),
    Holder("laptop_32", 32, 0.75),
    Holder("gpu_32", 32, 0.96),
    Holder("mac_64", 64, 0.75),
    Holder("gpu_80", 80, 0.97),
)
RERUN_ON = (
    "nvidia-rtx-3060-12-gb",
    "nvidia-rtx-4090",
    "nvidia-a100-sxm4-80-gb",
    "nvidia-h100-sxm5-80gb",
)


def fit(known: Known, reference: Reference, run: Run, own: FlopEstimate | None) -> Fit | None:
    """Memory at three precisions against common devices, and hours of a few cards. None when neither is known."""
    network = run.network
    total = network.total
    context = _context(network.config)
    needs = _needs(network, total, context) if total else ()
    reruns = _reruns(known, reference, run, own) if own is not None and own.central > 0 else ()
    if not needs and not reruns:
        return None
    notes = []
    if needs:
        notes.append(text("compute.assume.fit_bits"))
        cache = needs[0].cache_gb
        if cache:
            notes.append(text("compute.assume.fit_cache", context=context))
        elif cache is None and network.model_type not in PER_SAMPLE:
            notes.append(text("compute.assume.fit_no_cache"))
    if reruns:
        notes.append(text("compute.assume.fit_train"))
    return Fit(context=context, needs=needs, reruns=reruns, assumptions=tuple(notes))


def _needs(network: Network, total: int, context: int) -> tuple[MemoryNeed, ...]:
    cache = conversation_bytes(network, context)
    found = []
    for bits, each in _BITS:
        weights = total * each / _GB
        whole = (weights + (cache or 0) / _GB) * _PROGRAM
        found.append(
            MemoryNeed(
                bits=bits,
                weights_gb=weights,
                cache_gb=cache / _GB if cache is not None else None,
                total_gb=whole,
                runs_on=tuple(_name(one) for one in HOLDERS if one.room >= whole),
                too_small=tuple(_name(one) for one in HOLDERS if one.room < whole),
            )
        )
    return tuple(found)


def _name(holder: Holder) -> str:
    return text(f"compute.device.{holder.key}")


def _context(config: Mapping[str, Any] | None) -> int:
    longest = _count(config or {}, "max_position_embeddings", "n_positions", "max_seq_len")
    return min(CONTEXT, longest) if longest else CONTEXT


def _reruns(known: Known, reference: Reference, run: Run, own: FlopEstimate) -> tuple[Rerun, ...]:
    memory = training_gb(run.network)
    found = []
    for name in RERUN_ON:
        device = reference.accelerator(name)
        if device is None:
            continue
        share = utilisation(known, run.network, Machine(device=device), run.stage)
        per_hour = device.training_peak_flops * 3600
        holds = device.memory_gb >= memory if memory is not None and device.memory_gb is not None else None
        found.append(
            Rerun(
                device=device.name,
                low=own.low / (per_hour * share.high),
                central=own.central / (per_hour * share.central),
                high=own.high / (per_hour * share.low),
                fits=holds,
            )
        )
    return tuple(found)


def training_gb(network: Network) -> float | None:
    """GB of weights, gradients and optimiser in training; None when the sizes are not known."""
    total, trained = network.total, network.trainable
    if total is None or (trained is None and network.method != "full"):
        return None
    trained = total if trained is None else min(trained, total)
    frozen = 0.6 if network.method == "qlora" else 2.0
    return (16 * trained + frozen * (total - trained)) / _GB


def _count(config: Mapping[str, Any], *keys: str) -> int:
    found = (config.get(key) for key in keys)
    return next((one for one in found if type(one) is int and 0 < one < 10**9), 0)
