# SPDX-License-Identifier: Apache-2.0
"""Multiple choice: a question is read once with each of its answers, so that one sample is several texts.

The class takes (questions, answers, tokens) and runs every answer as a sequence of its own (transformers, BertForMultipleChoice
and its kin). No file tells how many answers there were: four, as in SWAG, RACE, ARC and the example of transformers
(examples/pytorch/multiple-choice); from two (COPA, PIQA) to five (CommonsenseQA) the range is wide enough.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.compute.network import Network
from core.errors import BadConfig
from core.texts import text

if TYPE_CHECKING:
    from core.compute.seen import Seen

USUAL, FEWEST, MOST = 4, 2, 5


def with_choices(seen: "Seen", network: Network) -> "Seen":
    """`seen` in texts instead of questions, where the tokens are known to be those of all answers."""
    if not network.named_class.endswith("ForMultipleChoice") or not network.counted or not seen.from_recorded:
        return seen
    if not seen.samples or not seen.tokens or seen.tokens < seen.samples * MOST:
        return seen
    try:
        costs = [
            many * network.sequence(max(1, round(seen.tokens / seen.samples / many))).step_flop
            for many in (USUAL, FEWEST, MOST)
        ]
    except BadConfig:
        return seen
    return replace(
        seen,
        samples=seen.samples * USUAL,
        low=seen.low * min(1.0, costs[2] / costs[0]),
        high=seen.high * max(1.0, costs[1] / costs[0]),
        assumptions=(*seen.assumptions, text("compute.assume.choices", count=USUAL)),
    )
