# SPDX-License-Identifier: Apache-2.0
"""A list in front matter changed item by item, and a check of how far references in YAML unfold."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import yaml

from core.documents import yaml_text

Edit = tuple[int, int, str]
"""Replace the characters from the first up to the second place by the text."""

MOST_NODES = 20_000
"""Values that a front matter may unfold to when references are followed; real cards stay far below."""


def list_edits(meta: str, node: yaml.SequenceNode, wanted: Sequence[str], eol: str) -> list[Edit] | None:
    """Edits that make the block list at `node` hold `wanted`, items that stay untouched; None when it is written in another way."""
    items = node.value
    if node.flow_style:
        return _in_brackets(node, wanted)
    if not items or not all(_is_plain_line(meta, item) for item in items):
        return None
    starts = [_line_start(meta, item.start_mark.index) for item in items]
    heads = [meta[start : item.start_mark.index] for start, item in zip(starts, items, strict=True)]
    if not all(re.fullmatch(r" *-[ \t]+", head) for head in heads):
        return None
    ends = [_line_end(meta, item.end_mark.index) for item in items]
    edits: list[Edit] = []
    matcher = SequenceMatcher(a=[item.value for item in items], b=list(wanted), autojunk=False)
    for kind, low, high, new_low, new_high in matcher.get_opcodes():
        if kind == "equal":
            continue
        new = list(wanted[new_low:new_high])
        both = min(high - low, len(new))
        for item, value in zip(items[low : low + both], new[:both], strict=True):
            edits.append((item.start_mark.index, item.end_mark.index, yaml_text.scalar(value)))
        edits += [(starts[n], ends[n], "") for n in range(low + both, high)]
        if new[both:]:
            place = starts[0] if high == 0 else ends[high - 1]
            before = "" if meta[:place].endswith(("\n", "\r")) or not place else eol
            lines = "".join(f"{heads[0]}{yaml_text.scalar(value)}{eol}" for value in new[both:])
            edits.append((place, place, before + lines))
    return edits


def _in_brackets(node: yaml.SequenceNode, wanted: Sequence[str]) -> list[Edit]:
    """`[a, b]`: items are changed and added in place; when one goes, the brackets are written anew."""
    items = node.value
    plain = all(isinstance(item, yaml.ScalarNode) for item in items)
    kept = [item.value for item in items] if plain else []
    if not items or len(wanted) < len(items) or not plain:
        return [(node.start_mark.index, node.end_mark.index, yaml_text.flow_list(wanted))]
    edits: list[Edit] = [
        (item.start_mark.index, item.end_mark.index, yaml_text.scalar(value))
        for item, old, value in zip(items, kept, wanted, strict=False)
        if old != value
    ]
    more = "".join(f", {yaml_text.scalar(value)}" for value in wanted[len(items) :])
    place = items[-1].end_mark.index
    return [*edits, (place, place, more)] if more else edits


def readable(meta: str) -> str:
    """`meta` for PyYAML, of the same length: it refuses tabs between a key and its value, which YAML and the Hub allow."""
    if "\t" not in meta:
        return meta
    try:
        yaml.compose(meta, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return re.sub(r"(?<=\S)[ \t]+", lambda gap: " " * len(gap[0]), meta)
    return meta


def unfolds_too_far(node: yaml.Node) -> bool:
    """Whether references make the value larger than `MOST_NODES`, or endless: a few bytes could become gigabytes."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(one: yaml.Node) -> int:
        key = id(one)
        if key in sizes:
            return sizes[key]
        if key in open_nodes:
            return MOST_NODES + 1
        open_nodes.add(key)
        children: list[yaml.Node] = []
        if isinstance(one, yaml.MappingNode):
            children = [part for pair in one.value for part in pair]
        elif isinstance(one, yaml.SequenceNode):
            children = one.value
        total = 1
        for child in children:
            total += size(child)
            if total > MOST_NODES:
                break
        open_nodes.discard(key)
        sizes[key] = total
        return total

    return size(node) > MOST_NODES


def _is_plain_line(meta: str, item: yaml.Node) -> bool:
    if (
        not isinstance(item, yaml.ScalarNode)
        or item.tag != "tag:yaml.org,2002:str"
        or item.style in ("|", ">")
    ):
        return False
    return not re.search(r"[\r\n]", meta[item.start_mark.index : item.end_mark.index])


def _line_start(meta: str, index: int) -> int:
    return max(meta.rfind("\n", 0, index), meta.rfind("\r", 0, index)) + 1


def _line_end(meta: str, index: int) -> int:
    """Behind the line end of the line that `index` is in."""
    found = re.compile(r"\r\n|\n|\r").search(meta, index)
    return found.end() if found else len(meta)
