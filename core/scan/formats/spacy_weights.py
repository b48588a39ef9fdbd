# SPDX-License-Identifier: Apache-2.0
"""Parameters of a spaCy pipeline: the arrays in the file `model` of each of its components, by their shapes alone.

Layout: thinc 8, Model.to_dict (nodes, attrs, params, shims) in msgpack, arrays as msgpack-numpy writes them (nd, type,
kind, shape, data). A component that listens to another's vectors keeps none of them: nothing is counted twice. Not told
when it is not all: with a table of word vectors (vocab/vectors, fixed), with weights of another library (shims), or
without the file of a component that has a model by the settings.
"""

import math
import re
from collections.abc import Collection, Iterator

from core.errors import CannotRead
from core.scan.formats.msgpack import Outline, bad
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import AlsoRead, Found, Item
from core.texts import text

_NAME = re.compile(r"[\w.-]{1,80}\Z")
_MOST = 30
"""Components of a pipeline."""
_FORMAT = re.compile(r"[<>|=]?[fiu](1|2|4|8)\Z")


def weight_facts(source: Source, sections: Collection[str], reader: str) -> Iterator[Item]:
    """The sum over the pipeline whose config.cfg is `source`, with these sections."""
    beside = source.sibling("meta.json")
    try:
        meta = Settings(beside.json_object()) if beside is not None else Settings({})
    except CannotRead:  # its own reader says so
        return
    parts = meta.listed("pipeline")
    if not parts or len(parts) > _MOST or meta.part("vectors").get("vectors") != 0:
        return
    total = 0
    for part in dict.fromkeys(parts):
        if not isinstance(part, str) or not _NAME.match(part):
            return
        model = source.near(part, "model")
        if model is None:
            if f"components.{part}.model" in sections:
                return
            continue  # a component that goes by rules
        try:
            count = parameters(model)
        except CannotRead as trouble:
            yield AlsoRead(model.entry, reader, (trouble.what, trouble.why, trouble.todo))
            return
        yield AlsoRead(model.entry, reader)
        if count is None:
            return
        total += count
    if total:
        yield Found("parameters_total", total, "pipeline", text("scan_files.keras.weights"))


def parameters(model: Source) -> int | None:
    """Numbers in the arrays of one component; None when another library keeps weights in it. Raises CannotRead."""
    outline = Outline(model)
    seen: dict[str, int | None] = {}
    top = outline.head()
    if top.sort != "map" or top.size > 16:
        raise bad("there is no table of its parts")
    for _ in range(top.size):
        name = outline.text()
        if name in seen:
            raise bad("a part stands there twice")
        seen[name] = None
        if name == "params":
            seen[name] = sum(_node(outline) for _ in range(_members(outline)))
        elif name == "shims":
            seen[name] = sum(_passed(outline) for _ in range(_members(outline)))
        else:
            outline.skip()
    if outline.at != model.size or not {"nodes", "params", "shims"} <= seen.keys():
        raise bad("its parts are not those of a model")
    return None if seen["shims"] else seen["params"]


def _members(outline: Outline) -> int:
    head = outline.head()
    if head.sort != "list":
        raise bad("a list is missing")
    return head.size


def _passed(outline: Outline) -> int:
    """Members of a list, which are stepped over."""
    count = _members(outline)
    for _ in range(count):
        outline.skip()
    return count


def _node(outline: Outline) -> int:
    """The numbers of one layer: a table of names, each with an array or nothing."""
    head = outline.head()
    if head.sort != "map":
        raise bad("a layer has no table of its arrays")
    total = 0
    for _ in range(head.size):
        outline.text()
        total += _array(outline)
    return total


def _array(outline: Outline) -> int:
    head = outline.head()
    if head.sort == "other":  # not yet given a size
        return 0
    if head.sort != "map" or head.size > 8:
        raise bad("an array is of no known kind")
    shape: list[int] | None = None
    width = stored = 0
    for _ in range(head.size):
        key = outline.text()
        if key == "shape":
            sides = _members(outline)
            if sides > 32:
                raise bad("an array has too many sides")
            heads = [outline.head() for _ in range(sides)]
            shape = [one.size for one in heads if one.sort == "number" and 0 <= one.size < 2**40]
            if len(shape) < sides:
                raise bad("an array has an unusual shape")
        elif key == "type":
            match = _FORMAT.match(outline.text())
            width = int(match[1]) if match else 0
        elif key == "data":
            content = outline.head()
            stored = content.size if content.sort == "bytes" else -1
        else:
            outline.skip()
    if shape is None or not width or math.prod(shape) * width != stored:
        raise bad("an array is not as long as its shape says")
    return math.prod(shape)
