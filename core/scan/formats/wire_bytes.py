# SPDX-License-Identifier: Apache-2.0
"""A protocol buffer message that is wholly in memory, as a list of its fields. For files see core.scan.formats.protobuf."""

_WIDTH = {1: 8, 5: 4}
_MOST = 10_000


def parts(data: bytes) -> list[tuple[int, int | bytes]]:
    """Field number with a whole number or the raw bytes. Raises ValueError for anything that is no message."""
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(data):
        if len(found) >= _MOST:
            raise ValueError("too many fields")
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            found.append((number, value))
        else:
            length = _WIDTH.get(wire, -1)
            if wire == 2:
                length, at = _varint(data, at)
            if length < 0 or at + length > len(data):
                raise ValueError("no message")
            found.append((number, data[at : at + length]))
            at += length
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if at >= len(data):
            raise ValueError("cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("a number does not end")
