# SPDX-License-Identifier: Apache-2.0
"""Pictures that are given beside the noised one, for a model that changes pictures: read by it as rows of the same kind.

FLUX.1 Kontext and FLUX.2 put their places behind those of the noised picture and run all of them through every layer
(musubi-tuner, flux_kontext_train_network.py and flux_2_train_network.py, call_dit). So a picture with a given one of the
same size costs what one of twice the height does. musubi-tuner cuts given pictures to the size of the other unless it is
told otherwise, and takes one or several of them; neither is written down.
"""

import re
from typing import NamedTuple

from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.picture_sizes import Size
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.texts import text

_READ_AS_ROWS = frozenset({"FluxTransformer2DModel", "Flux2Transformer2DModel"})
_KONTEXT = re.compile(r"kontext", re.I)
_USUAL, _MOST = 1, 2
"""Given pictures for each noised one."""


class Given(NamedTuple):
    """How much higher a picture counts than it is: in the middle, and at the upper end of the range."""

    high: int = 1
    most: int = 1

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of it."""
        return (text("compute.assume.pictures_given"),) if self.high > 1 else ()

    def sides(self, wide: int, high: int) -> tuple[int, int]:
        """Width and height of the picture together with the usual number of given ones."""
        return wide, high * self.high

    def sizes(self, sizes: tuple[Size, ...]) -> tuple[Size, ...]:
        """The same for several sizes."""
        return tuple(size._replace(high=size.high * self.high) for size in sizes)

    def alone(self, inputs: Inputs) -> Inputs | None:
        """The picture without any given one: the least that it may cost. None where none is given."""
        return self._of(inputs, 1) if self.high > 1 else None

    def more(self, inputs: Inputs) -> Inputs | None:
        """The picture with as many as are usually given at most."""
        return self._of(inputs, self.most) if self.high > 1 else None

    def _of(self, inputs: Inputs, times: int) -> Inputs:
        if inputs.latent is None:
            return inputs
        *others, high, wide = inputs.latent
        return inputs._replace(latent=(*others, high // self.high * times, wide))


def given_pictures(known: Known, network: Network) -> Given:
    """Whether pictures were given: the data sets say so, or the base is one that changes pictures."""
    if network.model_type not in _READ_AS_ROWS:
        return Given()
    told = known.flag(FoundOnly.PICTURES_GIVEN)
    words = (
        known.text(FoundOnly.MODEL_FAMILY), known.text("base_model"), known.text(FoundOnly.BASE_PATH_NAME),
    )  # fmt: skip
    if (told is not None and told.value) or any(word and _KONTEXT.search(word.value) for word in words):
        return Given(1 + _USUAL, 1 + _MOST)
    return Given()
