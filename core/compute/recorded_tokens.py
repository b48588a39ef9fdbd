# SPDX-License-Identifier: Apache-2.0
"""Tokens that the run's own log tells, and what its figures mean."""

from core.compute.network import PER_SAMPLE, SEQ2SEQ, Network
from core.domain.fact import AnyFact, Fact, OriginKind
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.scan.formats.litgpt import TOKENS
from core.scan.formats.ms_swift_log import LENGTHS


def without_padding(fact: Fact[int]) -> bool:
    """TRL's num_tokens counts the tokens of the text, not the padding, and so do ms-swift's lengths of the texts."""
    key = fact.origin.key or ""
    return "num_tokens" in key or key in (LENGTHS, TOKENS)


def behind_flos(fact: Fact[int]) -> bool:
    """Whether the scan worked it out from the Trainer's total_flos (core.scan.derive_run)."""
    return fact.origin.kind is OriginKind.COMPUTED and fact.origin.key == "total_flos"


def tokens_from_flos(
    known: Known, network: Network, *, source: bool = False
) -> tuple[int, AnyFact, int] | None:
    """Tokens behind the Trainer's total_flos = 6 x N x tokens, with N the parameters outside embedding layers.

    Returns tokens, the fact and N; None where the formula does not hold (pictures, sound, two-sided models, of which
    only the `source` texts are counted) or where the result is absurd. Source: transformers `floating_point_ops`.
    """
    flos = known.get(FoundOnly.RECORDED_FLOS)
    raw = known.integer(FoundOnly.RECORDED_FLOS)
    if flos is None or raw is None or raw.value <= 0 or not network.counted or network.embedding is None:
        return None
    if known.found(FoundOnly.SHARDED) is not None:
        return None
    if network.model_type in PER_SAMPLE or (network.model_type in SEQ2SEQ and not source):
        return None
    outside = network.sequence(8).parameters_total - network.embedding
    if outside <= 0:
        return None
    tokens = (
        round(raw.value / (6 * outside)) if raw.value < 2**53 else (raw.value + 3 * outside) // (6 * outside)
    )
    steps = known.integer("steps")
    if tokens <= 0 or (steps is not None and tokens < steps.value):
        return None
    return tokens, flos, outside
