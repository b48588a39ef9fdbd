# SPDX-License-Identifier: Apache-2.0
"""How much padding may stand beside tokens that a log counted without it.

A batch is padded to its longest text. For b texts whose lengths spread like an exponential distribution (a standard
deviation as large as the mean, more uneven than most tuning data) the longest is on average the harmonic number
1 + 1/2 + … + 1/b times the mean (the expected maximum of b exponential variables). Published speed-ups of packing over padding, 1.4 and 2.0 for two data sets (Hugging Face's post on
packing, 2024), lie inside.
"""

from core.domain.known import Known
from core.domain.names import FoundOnly

USUAL_BATCH = 8
"""Texts on one device when nothing says: the default of the Trainer."""
_MOST = 10_000


def most_prompt_padding(known: Known) -> float:
    """The same for the prompts that a model answers several times each: those of one generation differ, its copies do not."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    batch, copies = known.integer("batch_per_device"), settings.get("num_generations")
    each = settings.get("steps_per_generation")
    if batch is None or batch.value < 1 or not isinstance(copies, int) or copies < 1:
        return most_padding(known)
    written = batch.value * (each if isinstance(each, int) and each > 0 else 1)
    return _longest_of(min(-(-written // copies), _MOST))


def most_padding(known: Known) -> float:
    """The most that processed tokens may be over the tokens of the text; 1.0 where nothing is padded."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    if settings.get("packing") is True or settings.get("padding_free") is True:
        return 1.0
    return _longest_of(texts_together(known))


def texts_together(known: Known) -> int:
    """Texts that one device pads to one length: its batch, or the usual one."""
    batch = known.integer("batch_per_device")
    return min(batch.value, _MOST) if batch is not None and batch.value > 0 else USUAL_BATCH


def _longest_of(texts: int) -> float:
    """The expected longest of so many texts over their mean."""
    return sum(1 / number for number in range(1, texts + 1))
