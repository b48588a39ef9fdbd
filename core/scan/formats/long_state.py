# SPDX-License-Identifier: Apache-2.0
"""A trainer_state.json in bounded memory: of a very long log only the beginning and the end are read."""

from typing import Any

from core.scan import strictjson
from core.scan.guarded import STATE_CAP, Source
from core.scan.refusal import refuse

WHOLE = 24_000_000
"""Bytes up to which a state is read in whole: 170,000 rows of a log."""
_VALUES = 200_000_000
END = 2_000_000
_ROW_ENDS = b"\n    },\n"
"""Between two rows, as the Trainer writes them (trainer_callback.py: json.dumps with indent=2 and sorted keys)."""


def read_state(source: Source) -> tuple[dict[str, Any], bool]:
    """The state, and whether rows in the middle of its log were left out. Raises CannotRead."""
    if source.size <= WHOLE:
        return source.json_object(WHOLE, not_finite=True, most=_VALUES), False
    if source.size > STATE_CAP:
        raise refuse("file.large", size=f"{source.size:,}", cap=f"{STATE_CAP:,}")
    head, tail = source.part(0, END), source.part(source.size - END, END)
    log, cut, on = head.find(b'"log_history": ['), head.rfind(_ROW_ENDS), tail.find(_ROW_ENDS)
    if not 0 <= log < cut or on < 0:
        raise refuse("json.many")
    value = strictjson.parse(head[:cut] + tail[on:], not_finite=True)
    if not isinstance(value, dict):
        raise refuse("json.not_object")
    return value, True
