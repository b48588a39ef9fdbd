# SPDX-License-Identifier: Apache-2.0
"""The YAML block at the top of a model card, as plain texts, lists and maps. Nothing in it is interpreted.

Every scalar stays the text that was written (YAML 1.1 would read `no`, Norwegian, as false). Aliases, tags with a
meaning, duplicate keys and deep nesting are refused: core/scan opens strangers' files.
"""

from typing import Any

import yaml

from core.scan import strictjson
from core.scan.refusal import refuse

CAP = 512_000
"""Characters of a front matter; sentence-transformers cards carry long widgets."""
_DEPTH = 24
_MARK = "---"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one: eight times faster
_LINES_BEFORE = {"yaml": 2}
"""Number of the block's first line in its file."""


def split(card: str) -> tuple[str | None, str]:
    """The front matter (None when there is none) and the body of a card, any line ends."""
    lines = card.splitlines()
    if not lines or lines[0].rstrip() != _MARK:
        return None, card
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _MARK:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, card


def parse(block: str, kind: str = "yaml") -> dict[str, Any]:
    """The front matter as a map of texts, lists and maps. Raises CannotRead in the words of `kind`.

    The kind "settings" is a YAML file of its own.
    """
    value = parse_any(block, kind)
    if not isinstance(value, dict):
        raise refuse(f"{kind}.not_map")
    return value


def parse_any(block: str, kind: str = "yaml") -> Any:
    """As `parse`, but the whole may also be a list or a text."""
    if len(block) > CAP:
        raise refuse(f"{kind}.large")
    skipped = _LINES_BEFORE.get(kind, 1)
    try:
        depth = 0
        for event in yaml.parse(block, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise refuse(f"{kind}.alias")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                raise refuse(f"{kind}.deep")
        node = yaml.compose(block, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise refuse(f"{kind}.broken", line=mark.line + skipped if mark is not None else "?") from error
    except (RecursionError, ValueError) as error:
        raise refuse(f"{kind}.deep") from error
    return _plain(node, kind, skipped) if node is not None else {}


def _plain(node: yaml.Node, kind: str, skipped: int) -> Any:
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key, value in node.value:
            name = strictjson.mended(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in result:
                line = key.start_mark.line + skipped
                raise refuse(f"{kind}.duplicate", name=ascii(name[:60]), line=line)
            result[name] = _plain(value, kind, skipped)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, kind, skipped) for item in node.value]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return strictjson.mended(str(node.value))
