# SPDX-License-Identifier: Apache-2.0
"""Whole numbers of an adapter_config.json, checked."""

from collections.abc import Mapping

from core.compute.notes import refuse

HIGHEST = 65_536
"""No rank, block, prompt or number of layers is larger; what a table costs to build stays bounded."""


def whole_setting(
    config: Mapping[str, object], key: str, usual: int | None = None, *, least: int = 1, most: int = HIGHEST
) -> int:
    """The setting `key` as a whole number from `least` to `most`; `usual` where it is not written. Raises BadConfig."""
    value = config.get(key, usual)
    if type(value) is not int or not least <= value <= most:
        raise refuse("adapter", key=key, value=value)
    return value
