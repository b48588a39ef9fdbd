# SPDX-License-Identifier: Apache-2.0
"""How many numbers a scikit-learn model learned, from the shapes of its arrays: linear models and small networks.

Trees, neighbours and tables of counts have no parameters in this sense, so nothing is said of them. Forms: a pickled
array is a call of numpy's `_reconstruct` with its shape in the state (numpy/_core/multiarray.py), in joblib's files a wrapper
that says it (core.scan.formats.joblib_file); skops keeps each array as an .npy file in its zip (numpy/lib/format.py: magic,
version, length, a line with the shape).
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

from core.errors import CannotRead
from core.scan.formats.joblib_file import WRAPPER
from core.scan.formats.zip_directory import Member, read_member
from core.scan.guarded import Source
from core.scan.symbolic import TUPLE_STATE, Made, Name

Shape = tuple[int, ...]
_LEARNED = ("coef_", "intercept_", "coefs_", "intercepts_")
"""sklearn.linear_model, sklearn.svm with a linear kernel, sklearn.neural_network."""
_NPY = 64_000_000
"""Bytes of one array in a skops file that are looked at."""
_SHAPE = re.compile(rb"'shape': ?\(((?:\d{1,15}, ?)*\d{0,15})\)")
_MOST = 200


def learned(state: Mapping[Any, Any], shape_of: Callable[[Any], Shape | None]) -> int | None:
    """The learned numbers in an estimator's state; None when it has none of these arrays, or one cannot be read."""
    if all(state.get(name) is None for name in ("coef_", "coefs_")):
        return None  # sklearn.svm.SVC keeps an intercept and its support vectors, from which coefficients only follow
    found = [item for name in _LEARNED if (value := state.get(name)) is not None for item in _listed(value)]
    shapes = [shape_of(item) for item in found[:_MOST]]
    if not found or len(found) > _MOST or None in shapes:
        return None
    total = sum(math.prod(shape) for shape in shapes if shape is not None)
    return total if 0 < total < 2**63 else None


def _listed(value: Any) -> list[Any]:
    # skops writes a list as a node with a list in it.
    inner = value.get("content") if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else [value]


def pickled_shape(value: Any) -> Shape | None:
    """The shape of an array in a pickle; a single number has the shape ()."""
    if isinstance(value, float | int):
        return ()
    if not isinstance(value, Made) or not isinstance(value.of, Name):
        return None
    if value.of.name == "scalar" and value.of.module.startswith("numpy"):
        return ()
    if value.of == WRAPPER:
        return _whole(value.state.get("shape"))
    kept = value.state.get(TUPLE_STATE)
    if value.of.name != "_reconstruct" or not isinstance(kept, tuple) or len(kept) < 3:
        return None
    return _whole(kept[1])


def npy_shape(source: Source, members: Mapping[str, Member]) -> Callable[[Any], Shape | None]:
    """A function that gives the shape of a node of skops's schema."""

    def shape(node: Any) -> Shape | None:
        name = node.get("file") if isinstance(node, dict) else None
        # The name is a key into the zip's own list, never a path.
        member = members.get(name) if isinstance(name, str) else None
        if member is None or not isinstance(name, str) or not name.endswith(".npy"):
            return None
        try:
            data = read_member(source, member, _NPY)
        except CannotRead:
            return None
        return _npy(data[:10_000])

    return shape


def _npy(data: bytes) -> Shape | None:
    if len(data) < 12 or data[:6] != b"\x93NUMPY":
        return None
    wide = data[6] >= 2
    length = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    header = data[12 if wide else 10 :][:length]
    found = _SHAPE.search(header)
    return _whole(tuple(int(part) for part in found[1].split(b",") if part.strip())) if found else None


def _whole(value: Any) -> Shape | None:
    good = isinstance(value, tuple) and len(value) <= 8
    if not good or not all(type(size) is int and 0 <= size < 2**50 for size in value):
        return None
    return tuple(value)
