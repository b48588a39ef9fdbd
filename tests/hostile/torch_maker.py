# SPDX-License-Identifier: Apache-2.0
"""Writes files as torch.save does, opcode by opcode, so that no test needs PyTorch (protocol 2, its default)."""

import math
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAGIC = 0x1950A86A20F9469CFC6C


@dataclass(frozen=True)
class T:
    """A tensor: its shape, the storage it lies in, and that storage's type."""

    shape: tuple[int, ...]
    key: str
    kind: str = "FloatStorage"
    room: int | None = None
    parameter: bool = False


@dataclass(frozen=True)
class Thing:
    """An object of a class: a name and its state."""

    module: str
    name: str
    state: dict[str, Any] = field(default_factory=dict)


class Ordered(dict[str, Any]):
    """A collections.OrderedDict, which PyTorch also gives an attribute."""


def layer(parameters: dict[str, T] | None = None, **modules: Any) -> Thing:
    """A torch.nn.Module with parameters and inner modules."""
    state = {"training": False, "_parameters": Ordered(parameters or {}), "_buffers": Ordered(),
             "_modules": Ordered(modules)}  # fmt: skip
    return Thing("ultralytics.nn.modules.conv", "Conv", state)


def encode(value: Any) -> bytes:
    """The opcodes that make `value`, without frame."""
    if value is None or isinstance(value, bool):
        return {None: b"N", True: b"\x88", False: b"\x89"}[value]
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value) if abs(value) < 2**31 else _long(value)
    if isinstance(value, float):
        return b"G" + struct.pack(">d", value)
    if isinstance(value, str):
        raw = value.encode()
        return b"X" + struct.pack("<I", len(raw)) + raw
    if isinstance(value, Ordered):
        return (
            _name("collections", "OrderedDict")
            + b")R("
            + _pairs(value)
            + b"u"
            + encode({"_metadata": {}})
            + b"b"
        )
    if isinstance(value, dict):
        return b"}(" + _pairs(value) + b"u"
    if isinstance(value, list):
        return b"](" + b"".join(map(encode, value)) + b"e"
    if isinstance(value, tuple):
        return b"(" + b"".join(map(encode, value)) + b"t"
    if isinstance(value, Thing):
        return _name(value.module, value.name) + b")\x81" + encode(value.state) + b"b"
    if isinstance(value, T):
        return _tensor(value)
    raise TypeError(value)


def pickled(value: Any) -> bytes:
    """One whole pickle."""
    return b"\x80\x02" + encode(value) + b"."


def save(path: Path, value: Any, *, room: int = 20_000, kind: int = zipfile.ZIP_STORED) -> None:
    """Today's form: a zip with data.pkl, and `room` bytes of numbers."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(value), kind)
        archive.writestr("archive/data/0", bytes(room))
        archive.writestr("archive/version", "3\n")


def save_legacy(path: Path, value: Any, *, room: int = 20_000) -> None:
    """The form before PyTorch 1.6: pickles in a row."""
    rows = [MAGIC, 1001, {"protocol_version": 1001, "little_endian": True}, value, ["0"]]
    path.write_bytes(b"".join(map(pickled, rows)) + bytes(room))


def _long(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def _name(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def _pairs(value: dict[str, Any]) -> bytes:
    return b"".join(encode(key) + encode(item) for key, item in value.items())


def _tensor(tensor: T) -> bytes:
    count = math.prod(tensor.shape) if tensor.room is None else tensor.room
    storage = (
        b"("
        + encode("storage")
        + _name("torch", tensor.kind)
        + encode(tensor.key)
        + encode("cpu")
        + encode(count)
    ) + b"tQ"
    strides = tuple(math.prod(tensor.shape[index + 1 :]) for index in range(len(tensor.shape)))
    made = _name("torch._utils", "_rebuild_tensor_v2") + b"(" + storage + encode(0) + encode(tensor.shape)
    made += encode(strides) + encode(False) + _name("collections", "OrderedDict") + b")RtR"
    if not tensor.parameter:
        return made
    ordered = _name("collections", "OrderedDict") + b")R"
    return _name("torch._utils", "_rebuild_parameter") + b"(" + made + encode(True) + ordered + b"tR"
