# SPDX-License-Identifier: Apache-2.0
"""The settings of an image adapter that has none beside it: from the names and shapes of its own tensors."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.compute.families import attention_of
from core.compute.network import Network
from core.compute.ranges import shown
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text


def image_adapter(known: Known, rank: int | None, config: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """A LoRA configuration, and the assumption behind it: none where the tensors name the layers, with a rank each."""
    targets = known.mapping(FoundOnly.ADAPTER_TARGETS)
    if targets:
        ranks = {end: r for end, r in targets.items() if type(r) is int and r > 0}
        usual = Counter(ranks.values()).most_common(1)
        if usual and len(ranks) == len(targets):
            r = usual[0][0]
            others = {re.escape(end): own for end, own in ranks.items() if own != r}
            return {
                "peft_type": "LORA",
                "r": r,
                "target_modules": [*ranks],
                "rank_pattern": others,
                "use_dora": _method(known) == "dora",
            }, ""
    known_rank = "_of_rank" if rank else ""
    r = rank or 16
    return {"peft_type": "LORA", "r": r, "target_modules": [*attention_of(config)]}, text(
        f"compute.assume.adapter_image{known_rank}", rank=r
    )


def checked(known: Known, network: Network) -> Network:
    """Say so where the adapter's own tensors and the layer table, given layers of the same names, do not hold the same."""
    stored = known.integer(FoundOnly.DENOISER_TRAINABLE)
    read = known.mapping(FoundOnly.ADAPTER_TARGETS) and known.mapping(FoundOnly.ADAPTER_CONFIG) is None
    if stored is None or not read or not network.counted or network.trainable in (None, stored.value):
        return network
    note = text("compute.assume.adapter_ends", file=shown(stored.value), table=shown(network.trainable or 0))
    return replace(network, guessed=True, assumptions=(*network.assumptions, note))


def _method(known: Known) -> object:
    fact = known.get("training_method")
    return fact.value if fact is not None else None
