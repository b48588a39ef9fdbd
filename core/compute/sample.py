# SPDX-License-Identifier: Apache-2.0
"""One sample of a run that is counted by its samples: what it is taken as."""

from typing import NamedTuple

from core.compute.inputs import Inputs
from core.compute.picture_sizes import Size
from core.domain.fact import AnyFact


class Sample(NamedTuple):
    """What one sample is taken as: its batch of one, the least and the most it may be, frozen passes beside it.

    With `least` and `most` the cost is the geometric middle of both; `inputs` is then `most`.

    `frozen` is the forward FLOP of parts that are never trained (autoencoder, text encoder), 0 where there are none;
    they may have been run once and stored, so the range goes down to none of them.
    """

    inputs: Inputs
    least: Inputs | None = None
    most: Inputs | None = None
    limit: Inputs | None = None
    """What an unusual run may reach; the range goes up to it, the middle does not count it."""
    floor: Inputs | None = None
    """The same downwards."""
    frozen: int = 0
    beside: int = 0
    """FLOP of a frozen part that gradients run through, so that it runs for every sample: the text encoder of a learned
    word (forward, and back to the word: twice its forward pass; compute methods, section 5)."""
    once: int = 0
    """FLOP in the whole run of frozen parts that ran once for each picture and whose results were kept."""
    stored: int = 0
    """FLOP for each picture of such parts, where no file tells how many pictures there were: at most one for each sample, so
    only the upper end of the range counts them."""
    again: int = 0
    """Forward passes at most that ran beside; the range goes up to them, the middle does not count them."""
    sizes: tuple[Size, ...] = ()
    """The sizes of pictures, where there are several; `inputs` is then one of the most usual size."""
    assumptions: tuple[str, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    words: str = ""
    """What it is, for the line of arithmetic."""
    words_least: str = ""
    """The same for `least`."""
