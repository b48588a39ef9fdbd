# SPDX-License-Identifier: Apache-2.0
"""Small upgraders, each from one format of the project file to the next, chained.

A new format needs three things: an upgrader here, a higher PROJECT_FORMAT, and a file of the new format in the
museum (tests/fixtures/projects). Files of every format that was ever written are opened for good.
"""

from collections.abc import Callable, Mapping
from typing import Any

Upgrader = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADERS: Mapping[int, Upgrader] = {}
"""Format n -> function that turns the JSON object of format n into one of format n + 1."""


def upgrade(
    data: dict[str, Any], newest: int, upgraders: Mapping[int, Upgrader] = UPGRADERS
) -> dict[str, Any]:
    """Bring the JSON object of a project file to format `newest`. Raises KeyError when a step is missing."""
    current: int = data["format"]
    while current < newest:
        data = upgraders[current](data)
        current += 1
        data = {**data, "format": current}
    return data
