# SPDX-License-Identifier: Apache-2.0
"""How unequal the prompts were that a model answered in training (GRPO, RLOO), by the log.

Each entry of TRL's log tells the tokens of prompts and answers so far, and the mean length of the answers: the rest are the
prompts. An entry's sum of k prompts, each taken g times, has the standard deviation g·√k·s, s being that of one prompt.
So the sums of entries of equal size tell s; a standard deviation from n values is itself uncertain by 1/√(2(n - 1)).
"""

import math
import statistics
from collections import Counter

from pydantic import JsonValue

from core.domain.known import Known
from core.domain.names import FoundOnly

_FEWEST = 3
"""Entries from which a spread says anything."""
_SIZES = ("batch_per_device", "gradient_accumulation", "world_size")
_SETTINGS = ("num_generations", "steps_per_generation", "num_iterations")


def spread_of_prompts(known: Known) -> tuple[float, float] | None:
    """Standard deviation of the prompts' lengths over their mean, and its relative uncertainty; None where the log does not tell."""
    shape = _generations(known)
    fact = known.get(FoundOnly.WRITTEN_LOG)
    if shape is None or fact is None or not isinstance(fact.value, list):
        return None
    sequences, copies, updates = shape
    parts = [part for one in fact.value if (part := _part(one)) is not None]
    usual = Counter(part[0] for part in parts).most_common(1)
    if not usual or usual[0][0] % updates:
        return None  # a text may be written in one entry and trained on in the next
    written = usual[0][0] // updates * sequences
    sums = [tokens - written * mean for steps, tokens, mean in parts if steps == usual[0][0]]
    prompts = written // copies
    if len(sums) < _FEWEST or prompts < 1 or min(sums) <= 0:
        return None
    of_one = statistics.stdev(sums) / (copies * math.sqrt(prompts))
    mean = statistics.fmean(sums) / written
    return of_one / mean, 1 / math.sqrt(2 * (len(sums) - 1))


def _generations(known: Known) -> tuple[int, int, int] | None:
    """Sequences that are written at once, how many of them answer one prompt, and the updates they serve."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    device, accumulation, world = (
        _count(fact.value if (fact := known.integer(name)) else None) for name in _SIZES
    )
    copies, batches, passes = (_count(settings.get(name)) for name in _SETTINGS)
    batches, passes = batches or accumulation, passes or 1
    if not (device and accumulation and world and copies and batches):
        return None
    served = batches * passes  # passes over one batch that one generation serves
    if served % accumulation == 0:
        return device * batches * world, copies, served // accumulation
    if accumulation % served == 0:
        return device * batches * world * (accumulation // served), copies, 1
    return None


def _count(value: object) -> int:
    """A number that can be one of batches; 0 for all else."""
    return value if isinstance(value, int) and 0 < value < 10**6 else 0


def _part(one: JsonValue) -> tuple[int, float, float] | None:
    """Updates, tokens, mean tokens written."""
    parts = [part for part in one if isinstance(part, int | float)] if isinstance(one, list) else []
    return (int(parts[0]), float(parts[1]), float(parts[2])) if len(parts) == 3 else None
