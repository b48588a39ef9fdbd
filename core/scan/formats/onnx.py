# SPDX-License-Identifier: Apache-2.0
"""ONNX graphs: who wrote them, and the parameters by the shapes of the stored tensors. Other files they name stay shut.

Field numbers: onnx/onnx.proto (ModelProto, GraphProto, TensorProto). The file says nothing about the training.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

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
_BOOKKEEPING = re.compile(r"(?:running_mean|running_var|_scales?|_zero_points?|\.scales|\.qzeros|inv_freq)$")
_LICENCE = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}\Z")


def matches(entry: Entry) -> bool:
    """*.onnx."""
    return entry.name.lower().endswith(".onnx")


def read(source: Source) -> Iterator[Item]:
    """Facts of a model file. Raises CannotRead."""
    wire = Wire(source)
    writer: dict[int, str] = {}
    properties: dict[str, str] = {}
    tensors: list[tuple[str, int]] = []
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
                if part.number == 5 and part.wire == 2:
                    kind, elements, elsewhere = _tensor(wire, part)
                    tensors.append((kind, elements))
                    outside += elsewhere
                    if len(tensors) > MAX_TENSORS:
                        raise refuse("onnx.rule", of="scan_files", rule="it lists too many tensors")
    if not (graph and version):
        raise refuse("onnx.rule", of="scan_files", rule="it holds no graph")
    yield from _facts(source, tensors, outside)
    yield from _written(writer, properties)


def _facts(source: Source, tensors: list[tuple[str, int]], outside: int) -> Iterator[Item]:
    counted = sum(elements for _, elements in tensors)
    if not counted:
        yield NotMine(text("scan.weights.none"))
        return
    yield Found("parameters_total", counted, "graph.initializer", text("scan_files.onnx.counted"))
    kinds = Counter(kind for kind, elements in tensors if elements)
    yield Found(FoundOnly.WEIGHT_DTYPES, dict(sorted(kinds.items())), "graph.initializer")
    if outside:
        yield Note(text("scan_files.onnx.outside", file=source.entry.path, count=outside))


def _written(writer: dict[int, str], properties: dict[str, str]) -> Iterator[Item]:
    name = short_text(writer.get(2), 60)
    if name and (version := short_text(writer.get(3), 40)):
        yield Found(FoundOnly.VERSIONS, {name: version}, "producer_version")
    licence = properties.get("license", properties.get("licence", "")).strip().lower()
    if licence.startswith("agpl-3.0"):
        yield Found("license", "agpl-3.0", "metadata_props.license")
    elif _LICENCE.match(licence):
        yield Found("license", licence, "metadata_props.license")


def _tensor(wire: Wire, field: Field) -> tuple[str, int, bool]:
    """Number format, parameters (0 for masks, shapes and bookkeeping), and whether its numbers lie in another file."""
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
    return known, elements if known in _WEIGHTS and not _BOOKKEEPING.search(name) else 0, elsewhere


def _pair(wire: Wire, field: Field) -> tuple[str, str]:
    found = {part.number: wire.text(part, 500) for part in wire.inside(field) if part.wire == 2}
    return found.get(1, "")[:100], found.get(2, "")
