# SPDX-License-Identifier: Apache-2.0
"""Changes inside a JSON value: the file stays well formed, so that what is odd reaches the reader and not the parser."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

import yaml

_LONGEST = 12_000
"""Bytes of a JSON text that is taken apart; longer ones would cost more than they teach."""
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 7, 0.5, -0.0, 1e-320, 1e308, 2**31, 2**53 + 1, 2**63, 10**30, "", " ", "0", "-1", "1e999", "nan", "x" * 3000,
    "1" * 4000, "../../etc/passwd", "/dev/zero", "C:\\Users\\anna\\model", "https://huggingface.co/a/b", "a/b", "\u202egnp.exe", "\0", "\ud800", "2020-01-01",
    "00:00:61", "apache-2.0", "None", [], {}, [[]], [None], [1, "a", {}], {"": None}, ["a"] * 300, [0] * 300, {str(n): n for n in range(200)},
)  # fmt: skip


_CARD = re.compile(rb"---\n(.*?\n)---\n(.*)", re.DOTALL)


def _yaml(data: bytes) -> Any:
    try:
        return yaml.safe_load(data)
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
        TypeError,
        OverflowError,
        AttributeError,
        LookupError,
    ):
        return None


class Structure:
    """Changes JSON, lines of JSON, YAML, front matter and the header of safetensors at one place of their structure."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.known: dict[bytes, Callable[[], bytes] | None] = {}

    def __call__(self, data: bytes) -> bytes | None:
        """A changed copy, or None when the bytes hold no such structure."""
        if data not in self.known:
            if len(self.known) > 3000:
                self.known.clear()
            self.known[data] = self._way(data)
        way = self.known[data]
        return way() if way is not None else None

    def _way(self, data: bytes) -> Callable[[], bytes] | None:
        size = int.from_bytes(data[:8], "little")
        if len(data) > 9 and data[8:9] == b"{" and size <= min(len(data) - 8, _LONGEST):
            header = self._parsed(data[8 : 8 + size])
            return None if header is None else lambda: self._framed(header, data[8 + size :])
        if len(data) > _LONGEST:
            return None
        if (value := self._parsed(data)) is not None:
            return lambda: self._dumped(value)
        lines = data.splitlines()
        rows = [self._parsed(line) for line in lines]
        if len(rows) > 1 and all(isinstance(row, dict) for row in rows):
            return lambda: self._line(lines, rows)
        if (card := _CARD.fullmatch(data)) is not None and isinstance(front := _yaml(card[1]), dict):
            return lambda: b"---\n" + self._block(front) + b"---\n" + card[2]
        value = _yaml(data)
        return (lambda: self._dumped(value)) if isinstance(value, dict) else None

    @staticmethod
    def _parsed(data: bytes) -> Any:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):  # not UTF-8 either
            return None
        return value if isinstance(value, dict | list) else None

    def _dumped(self, value: Any) -> bytes:
        for _ in range(self.draw.choice((1, 1, 1, 2, 4))):
            value = self._changed(value, 0)
        return json.dumps(value, default=str).encode()

    def _block(self, front: Any) -> bytes:
        """Front matter as people write it: a line for each key; what YAML cannot write so, in braces."""
        try:
            dumped: str = yaml.safe_dump(json.loads(self._dumped(front)), sort_keys=False, allow_unicode=True)
            return dumped.encode()
        except (yaml.YAMLError, UnicodeEncodeError):
            return self._dumped(front) + b"\n"

    def _framed(self, header: Any, rest: bytes) -> bytes:
        text = self._dumped(header)
        return len(text).to_bytes(8, "little") + text + rest

    def _line(self, lines: list[bytes], rows: list[Any]) -> bytes:
        at = self.draw.randrange(len(rows))
        return b"\n".join([*lines[:at], self._dumped(rows[at]), *lines[at + 1 :]])

    def _changed(self, value: Any, depth: int) -> Any:
        """The value with one place below it changed; what is not touched is shared with the old one."""
        draw = self.draw
        if not isinstance(value, dict | list) or not value or draw.random() < 0.1 * (depth > 0):
            return self._instead(value)
        if isinstance(value, list):
            at = draw.randrange(len(value))
            changed = self._changed(value[at], depth + 1)
            instead = draw.choice(([changed], [changed], [], [value[at]] * draw.choice((2, 40))))
            return [*value[:at], *instead, *value[at + 1 :]]
        copy = dict(value)
        key = draw.choice(list(copy))
        match draw.randrange(8):
            case 0:
                del copy[key]
            case 1:
                copy[draw.choice((*copy, "", "x", key.upper(), f"{key}_", "\ud800", "k" * 300))] = copy.pop(
                    key
                )
            case 2:
                copy[key] = copy[draw.choice(list(copy))]
            case _:
                copy[key] = self._changed(copy[key], depth + 1)
        return copy

    def _instead(self, value: Any) -> Any:
        draw = self.draw
        match draw.randrange(4):
            case 0 if isinstance(value, int | float) and not isinstance(value, bool):
                return value * draw.choice((-1, 0, 10**6, 10**18, 3)) + draw.choice((0, 1))
            case 0 if isinstance(value, str):
                return draw.choice(
                    (value + "x", value[:-1], value * 3, value.upper(), f"/home/anna/{value}", f" {value}\n")
                )
            case 1:
                return [value]
            case 2:
                return {"x": value}
        return draw.choice(ODD_VALUES)
