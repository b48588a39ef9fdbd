# SPDX-License-Identifier: Apache-2.0
"""ONNX graphs: who wrote them, and the parameters by the shapes of the stored tensors. Other files they name stay shut.

Field numbers: onnx/onnx.proto (ModelProto, GraphProto, TensorProto, ValueInfoProto). The file says nothing about the training.

Exporters work out what does not depend on the input. PyTorch's (2.5 and later) keeps, for inputs of a fixed length, only those rows
of a small table of positions that they need: [1, length, width] under a name of its own. How many the table had may still be seen
from buffers of one row of whole numbers (position_ids), which are as long as the table.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from core.domain.names import FoundOnly
from core.scan.formats.protobuf import Field, Wire
from core.scan.guarded import Source
from core.scan.private import short_text
from core.scan.refusal import refuse
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "onnx"
EVERY_PLACE = False
MAX_TENSORS = 100_000
_TYPES = {1: "F32", 2: "U8", 3: "I8", 4: "U16", 5: "I16", 6: "I32", 7: "I64", 9: "BOOL", 10: "F16", 11: "F64",
          12: "U32", 13: "U64", 14: "C64", 16: "BF16", 17: "F8_E4M3", 18: "F8_E4M3FNUZ", 19: "F8_E5M2",
          20: "F8_E5M2FNUZ", 21: "U4", 22: "I4", 23: "F4"}  # fmt: skip
_WEIGHTS = frozenset({"F32", "F16", "F64", "BF16", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "U4", "I4", "F4",
                      "U8", "I8"})  # fmt: skip
_MADE = re.compile(r"(?:val|embedding|add|slice|expand|unsqueeze|mul)(?:_\d+)?\Z")
"""Names that PyTorch's exporter gives to what it worked out; those of weights hold dots."""
_BOOKKEEPING = re.compile(
    r"(?:running_mean|running_var|(?<!logit)_scales?|_zero_points?|\.scales|\.qzeros|inv_freq)$"
)
_LICENCE = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}\Z")


def matches(entry: Entry) -> bool:
    """*.onnx."""
    return entry.name.lower().endswith(".onnx")


def read(source: Source) -> Iterator[Item]:
    """Facts of a model file. Raises CannotRead."""
    wire = Wire(source)
    writer: dict[int, str] = {}
    properties: dict[str, str] = {}
    tensors: list[_Stored] = []
    lengths: set[int] = set()
    graph = version = False
    outside = 0
    source.part(0, 16)
    for field in wire.fields(0, source.size):
        if field.number == 1 and field.wire == 0:
            version = True
        elif field.number in (2, 3) and field.wire == 2:
            writer[field.number] = wire.text(field, 200)
        elif field.number == 14 and field.wire == 2 and len(properties) < 200:
            key, value = _pair(wire, field)
            properties[key] = value
        elif field.number == 7 and field.wire == 2:
            graph = True
            for part in wire.inside(field):
                if part.number == 11 and part.wire == 2 and len(lengths) < 100:
                    lengths |= _length(wire, part)
                elif part.number == 5 and part.wire == 2:
                    tensors.append(_tensor(wire, part))
                    outside += tensors[-1].elsewhere
                    if len(tensors) > MAX_TENSORS:
                        raise refuse("onnx.rule", of="scan_files", rule="it lists too many tensors")
    if not (graph and version):
        raise refuse("onnx.rule", of="scan_files", rule="it holds no graph")
    yield from _facts(source, tensors, outside, lengths)
    yield from _written(writer, properties)


class _Stored(NamedTuple):
    """A stored tensor: its number format, its parameters (0 for masks, shapes and bookkeeping), whether its numbers lie in
    another file, its name and its shape."""

    kind: str
    elements: int
    elsewhere: bool
    name: str
    shape: tuple[int, ...]


def _facts(source: Source, tensors: list[_Stored], outside: int, lengths: set[int]) -> Iterator[Item]:
    counted = sum(one.elements for one in tensors)
    if not counted:
        yield NotMine(text("scan.weights.none"))
        return
    cut = [one for one in tensors if _is_cut(one, lengths)]
    rows = [one for one in tensors if one.kind == "I64" and len(one.shape) == 2 and one.shape[0] == 1]
    longest = max((one.shape[1] for one in rows if len(cut) == 1 and _tells(one, cut[0])), default=0)
    if longest:
        counted += (longest - cut[0].shape[1]) * cut[0].shape[2]
        note = text("scan_files.onnx.positions", rows=longest, kept=cut[0].shape[1])
        yield Found("parameters_total", counted, "graph.initializer", note)
    elif cut:
        yield Found(
            FoundOnly.PARAMETERS_STORED, counted, "graph.initializer", text("scan_files.onnx.counted")
        )
        yield Note(text("scan_files.onnx.cut", file=source.entry.path, count=f"{counted:,}"))
    else:
        yield Found("parameters_total", counted, "graph.initializer", text("scan_files.onnx.counted"))
    kinds = Counter(one.kind for one in tensors if one.elements)
    yield Found(FoundOnly.WEIGHT_DTYPES, dict(sorted(kinds.items())), "graph.initializer")
    if outside:
        yield Note(text("scan_files.onnx.outside", file=source.entry.path, count=outside))


def _is_cut(one: _Stored, lengths: set[int]) -> bool:
    """Whether this is the piece of a table of positions that inputs of a fixed length need."""
    shape = one.shape
    return bool(
        one.elements and len(shape) == 3 and shape[0] == 1 and shape[1] in lengths and _MADE.match(one.name)
    )


def _tells(row: _Stored, cut: _Stored) -> bool:
    """Whether a row of whole numbers is a buffer as long as the table: longer than the piece, or under a module's name."""
    return row.shape[1] > cut.shape[1] or (row.shape[1] == cut.shape[1] and "." in row.name)


def _length(wire: Wire, field: Field) -> set[int]:
    """The fixed length of an input of whole numbers [batch, length]; nothing for any other input."""
    sides: list[int] = []
    whole_numbers = False
    for part in wire.inside(field):  # ValueInfoProto
        for kind in wire.inside(part) if part.number == 2 and part.wire == 2 else ():  # TypeProto
            for tensor in wire.inside(kind) if kind.number == 1 and kind.wire == 2 else ():
                if tensor.number == 1 and tensor.wire == 0:
                    whole_numbers = tensor.value in (6, 7)
                elif tensor.number == 2 and tensor.wire == 2:
                    sides = _sides(wire, tensor)
    return {sides[1]} if whole_numbers and len(sides) == 2 and sides[1] > 1 else set()


def _sides(wire: Wire, field: Field) -> list[int]:
    """The sides of a TensorShapeProto, 0 for one that has only a name."""
    sides: list[int] = []
    for side in wire.inside(field):
        if side.number == 1 and side.wire == 2 and len(sides) < 10:
            values = [part.value for part in wire.inside(side) if part.number == 1 and part.wire == 0]
            sides.append(values[0] if values else 0)
    return sides


def _written(writer: dict[int, str], properties: dict[str, str]) -> Iterator[Item]:
    name = short_text(writer.get(2), 60)
    if name and (version := short_text(writer.get(3), 40)):
        yield Found(FoundOnly.VERSIONS, {name: version}, "producer_version")
    licence = properties.get("license", properties.get("licence", "")).strip().lower()
    if licence.startswith("agpl-3.0"):
        yield Found("license", "agpl-3.0", "metadata_props.license")
    elif _LICENCE.match(licence):
        yield Found("license", licence, "metadata_props.license")


def _tensor(wire: Wire, field: Field) -> _Stored:
    shape: list[int] = []
    kind, name, elsewhere = 0, "", False
    for part in wire.inside(field):
        if part.number == 1 and part.wire in (0, 2):
            shape.extend(wire.numbers(part))
        elif part.number == 2 and part.wire == 0:
            kind = part.value
        elif part.number == 8 and part.wire == 2:
            name = wire.text(part, 500)
        elif part.number == 14 and part.wire == 0:
            elsewhere = part.value == 1
    elements = math.prod(shape) if len(shape) <= 64 else 2**63
    if elements >= 2**63 or any(size >= 2**40 for size in shape):
        raise refuse("onnx.rule", of="scan_files", rule="a tensor is too large to exist")
    known = _TYPES.get(kind, f"type {kind}")
    # A bias of a quantised layer is kept in 32 bits (onnxruntime, quantize_static).
    weights = known in _WEIGHTS or (known == "I32" and name.endswith("_quantized"))
    aside = _BOOKKEEPING.search(name) or (not shape and _MADE.match(name))
    return _Stored(known, elements if weights and not aside else 0, elsewhere, name, tuple(shape))


def _pair(wire: Wire, field: Field) -> tuple[str, str]:
    found = {part.number: wire.text(part, 500) for part in wire.inside(field) if part.wire == 2}
    return found.get(1, "")[:100], found.get(2, "")
