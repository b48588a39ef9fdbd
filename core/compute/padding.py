# SPDX-License-Identifier: Apache-2.0
"""How much padding may stand beside tokens that a log counted without it.

A batch is padded to its longest text. For b texts whose lengths spread like an exponential distribution (a standard
deviation as large as the mean, more uneven than most tuning data) the longest is on average the harmonic number
1 + 1/2 + … + 1/b times the mean (the expected maximum of b exponential variables). Published speed-ups of packing over padding, 1.4 and 2.0 for two data sets (Hugging Face's post on
packing, 2024), lie inside.
"""

from statistics import NormalDist

from core.compute.prompt_spread import spread_of_prompts
from core.domain.known import Known
from core.domain.names import FoundOnly

USUAL_BATCH = 8
"""Texts on one device when nothing says: the default of the Trainer."""
_MOST = 10_000


def prompts_together(known: Known) -> int:
    """Prompts that one device pads to one length: those of one generation differ, the copies that each is answered in do not."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    batch, copies = known.integer("batch_per_device"), settings.get("num_generations")
    each = settings.get("steps_per_generation")
    if batch is None or batch.value < 1 or not isinstance(copies, int) or copies < 1:
        return texts_together(known)
    written = batch.value * (each if isinstance(each, int) and each > 0 else 1)
    return min(-(-written // copies), _MOST)


def prompt_padding(known: Known) -> tuple[float, float, float]:
    """Least, usual and most tokens of the prompts with padding, over those without.

    Where the log does not tell how unequal they are, the middle of equal prompts and very unequal ones is taken.
    """
    together = prompts_together(known)
    found = spread_of_prompts(known)
    if found is None:
        return 1.0, (1 + longest_of(together, 1.0)) / 2, longest_of(together, 1.0)
    spread, doubt = found
    low, usual, high = (
        longest_of(together, min(1.0, max(0.0, spread * factor)))
        for factor in (1 - 2 * doubt, 1, 1 + 2 * doubt)
    )
    return low, usual, high


def most_padding(known: Known) -> float:
    """The most that processed tokens may be over the tokens of the text; 1.0 where nothing is padded."""
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    if settings.get("packing") is True or settings.get("padding_free") is True:
        return 1.0
    return longest_of(texts_together(known), 1.0)


def texts_together(known: Known) -> int:
    """Texts that one device pads to one length: its batch, or the usual one."""
    batch = known.integer("batch_per_device")
    return min(batch.value, _MOST) if batch is not None and batch.value > 0 else USUAL_BATCH


def longest_of(texts: int, spread: float) -> float:
    """The expected longest of so many texts over their mean, `spread` (0 to 1) being standard deviation over mean.

    Lengths are not negative: widely spread ones are skewed. A gamma distribution is near a normal one for a small spread and is
    the exponential one for 1; between them the expected maximum is taken in proportion to the spread. That of a normal
    distribution is Blom's (1958, "Statistical estimates and transformed beta-variables"): the quantile of (n - 3/8) / (n + 1/4).
    """
    if texts < 2:
        return 1.0
    skewed = sum(1 / number for number in range(2, texts + 1))
    even = NormalDist().inv_cdf((texts - 0.375) / (texts + 0.25))
    return 1 + spread * (even * (1 - spread) + skewed * spread)
