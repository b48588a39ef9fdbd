# SPDX-License-Identifier: Apache-2.0
"""Tensors in the symbolic content of a PyTorch file: names, shapes and number formats, without one number of theirs.

Calls a checkpoint makes: torch/_utils.py `_rebuild_tensor_v2`, `_rebuild_tensor_v3`, `_rebuild_parameter`.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from core.scan.formats.safetensors_header import BITS, Tensor
from core.scan.refusal import refuse
from core.scan.symbolic import Made, Name

MAX_TENSORS = 100_000
_DEPTH = 48
_TYPES = {
    "FloatStorage": "F32", "DoubleStorage": "F64", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
    "BoolStorage": "BOOL", "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2", "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ", "float8_e8m0fnu": "F8_E8M0", "uint16": "U16", "uint32": "U32", "uint64": "U64",
    "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL",
    "ComplexFloatStorage": "C64", "complex64": "C64",
}  # fmt: skip
_WRAPPERS = frozenset({"_rebuild_parameter", "_rebuild_parameter_with_state"})
_REBUILDERS = frozenset({"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"})


class Collector:
    """Gathers tensors, each piece of storage once: tied weights are saved under two names over the same numbers."""

    def __init__(self, bytes_there: int) -> None:
        self.tensors: list[Tensor] = []
        self._seen: set[tuple[object, ...]] = set()
        self._storages: dict[str, int] = {}
        self._room = bytes_there

    def add(self, name: str, value: Any) -> bool:
        """Take `value` when it is a tensor. Raises CannotRead when it cannot be what it says."""
        found = _tensor(value)
        if found is None:
            return False
        dtype, shape, key, offset, stride, room = found
        elements = math.prod(shape)
        bits = BITS.get(dtype, 8)
        if elements >= 2**63 or (elements > room and 0 not in stride):
            raise refuse("torch.claims", of="scan_files")
        if key not in self._storages:
            self._storages[key] = room * bits // 8
            self._room -= self._storages[key]
            if self._room < 0:
                raise refuse("torch.claims", of="scan_files")
        mark = (key, offset, shape, stride)
        if mark not in self._seen:
            self._seen.add(mark)
            self.tensors.append(Tensor(name, dtype, shape, elements * bits // 8, elements))
        if len(self.tensors) > MAX_TENSORS:
            raise refuse("torch.claims", of="scan_files")
        return True


def entries(value: Any) -> Mapping[Any, Any]:
    """The entries of a dict or OrderedDict; empty for anything else."""
    if isinstance(value, dict):
        return value
    return value.items if isinstance(value, Made) else {}


def state_dict(value: Any, into: Collector) -> bool:
    """Take the tensors of a state dict (names to tensors). False when `value` is something else."""
    listed = entries(value)
    found = False
    for name, item in listed.items():
        if isinstance(name, str):
            found = into.add(name, item) or found
    return found


def is_module(value: Any) -> TypeGuard[Made]:
    """Whether `value` is a whole pickled torch.nn.Module."""
    return isinstance(value, Made) and "_modules" in value.state and "_parameters" in value.state


def module(value: Made, into: Collector) -> None:
    """Take the parameters of a pickled module and of the modules inside it; each object is visited once."""
    visited: set[int] = set()
    waiting: list[tuple[str, Made, int]] = [("", value, 0)]
    while waiting:
        prefix, part, depth = waiting.pop()
        if id(part) in visited or depth > _DEPTH:
            continue
        visited.add(id(part))
        for name, item in entries(part.state.get("_parameters")).items():
            into.add(f"{prefix}{str(name)[:120]}", item)
        inner = [item for item in _inner(prefix, part) if is_module(item[1])]
        waiting.extend((name, item, depth + 1) for name, item in reversed(inner))


def _inner(prefix: str, part: Made) -> Iterator[tuple[str, Made]]:
    for name, item in entries(part.state.get("_modules")).items():
        if isinstance(item, Made):
            yield f"{prefix}{str(name)[:120]}."[-2_000:], item


def _tensor(
    value: Any,
) -> tuple[str, tuple[int, ...], str, int, tuple[int, ...], int] | None:
    """Number format, shape, storage key, offset, stride and numbers in the storage; None when it is no tensor."""
    for _ in range(3):
        if (
            not isinstance(value, Made)
            or not isinstance(value.of, Name)
            or not isinstance(value.arguments, tuple)
        ):
            return None
        if value.of.name in _WRAPPERS and value.arguments:
            value = value.arguments[0]
            continue
        break
    else:
        return None
    arguments = value.arguments
    if value.of.module != "torch._utils" or value.of.name not in _REBUILDERS or len(arguments) < 4:
        return None
    storage, offset, shape, stride = arguments[:4]
    if (
        not isinstance(storage, Made)
        or not isinstance(storage.arguments, tuple)
        or len(storage.arguments) < 5
    ):
        return None
    kind, key, count = storage.arguments[1], storage.arguments[2], storage.arguments[4]
    if value.of.name == "_rebuild_tensor_v3" and len(arguments) > 6 and isinstance(arguments[6], Name):
        # An untyped storage counts bytes; the number format stands beside it.
        kind = arguments[6]
        width = BITS.get(_TYPES.get(kind.name, ""), 8)
        count = count * 8 // width if _count(count) else count
    sizes = (*_whole(shape), *_whole(stride))
    if (
        not isinstance(kind, Name)
        or not isinstance(key, str)
        or not all(map(_count, (offset, count, *sizes)))
    ):
        return None
    return _TYPES.get(kind.name, kind.name[:32]), _whole(shape), key[:200], offset, _whole(stride), count


def _whole(value: Any) -> tuple[Any, ...]:
    # torch.Size is a call with one tuple in it.
    if isinstance(value, Made) and isinstance(value.arguments, tuple) and len(value.arguments) == 1:
        value = value.arguments[0]
    return tuple(value[:16]) if isinstance(value, tuple | list) else (None,)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
