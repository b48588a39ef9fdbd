# SPDX-License-Identifier: Apache-2.0
"""Batches that TRL lays end to end as one row, so that nothing is padded.

With packing by "bfd" (TRL's usual strategy) or with padding_free, the collator joins all sequences of a device's batch and
hands over positions that start again with each text (trl, sft_trainer.py, DataCollatorForLanguageModeling). Flash attention
then runs inside each text. The other kinds of attention mask what lies outside it, and still work out the square of the
whole row (transformers, masking_utils.py).
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.compute.network import Network
from core.compute.trainer_head import on_processor
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text

if TYPE_CHECKING:
    from core.compute.seen import Seen


def end_to_end(known: Known) -> bool:
    """Whether the trainer joined the sequences of a batch. Before it had strategies, it packed "wrapped" rows."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    packed = settings.get("packing") is True and settings.get("packing_strategy") not in (None, "wrapped")
    return packed or settings.get("padding_free") is True


def in_rows(seen: "Seen", known: Known, network: Network) -> "Seen":
    """`seen` with as many sequences as rows were run, where batches were joined."""
    if not end_to_end(known) or not network.counted or not seen.samples or not seen.tokens:
        return seen
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    kind = settings.get("attn_implementation")
    if isinstance(kind, str) and "flash" in kind:
        # Texts fill a part of a row each, from a little to all of it.
        half = min(seen.tokens, 2 * seen.samples)
        share = network.square_share(max(1, seen.tokens // seen.samples))
        note = text("compute.assume.rows_flash")
        return replace(
            seen,
            samples=half,
            low=seen.low * (1 - share) / (1 - share / 2),
            high=seen.high / (1 - share / 2),
            assumptions=(*seen.assumptions, note),
        )
    rows = _rows(known, seen.samples, seen.together)
    if rows >= seen.samples:
        return seen
    joined = replace(seen, samples=rows, together=1)
    if isinstance(kind, str) or on_processor(known):
        # Another attention is named, or the device is none that flash attention runs on.
        return joined
    share = network.square_share(max(1, seen.tokens // rows))
    note = text("compute.assume.rows_joined")
    return replace(joined, low=seen.low * (1 - share), assumptions=(*seen.assumptions, note))


def _rows(known: Known, samples: int, together: int) -> int:
    """Batches of one device in the whole run; where updates take several, the last of an epoch may take fewer."""
    least = -(-samples // together)
    counts = [known.integer(name) for name in ("steps", "gradient_accumulation", "world_size")]
    steps, accumulation, world = (one.value if one is not None else 0 for one in counts)
    return max(least, min(steps * (world or 1), samples)) if accumulation == 1 else least
