# SPDX-License-Identifier: Apache-2.0
"""What a family is asked to build."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from core.compute.architectures.config import Config
from core.compute.inputs import Inputs
from core.compute.layers import Block


class Request(NamedTuple):
    """What to build: the model class (empty: the one the configuration names, else the usual) and the part."""

    config: Config
    inputs: Inputs
    model_class: str
    part: str
    model_type: str


Builder: TypeAlias = Callable[[Request], Block]
