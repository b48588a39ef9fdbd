# SPDX-License-Identifier: Apache-2.0
"""The YAML block at the top of a model card, as plain texts, lists and maps. Nothing in it is interpreted.

Every scalar stays the text that was written (YAML 1.1 would read `no`, Norwegian, as false). Aliases, tags with a
meaning, duplicate keys and deep nesting are refused: core/scan opens strangers' files.
"""

from typing import Any

import yaml

from core.scan.refusal import refuse

CAP = 512_000
"""Characters of a front matter; sentence-transformers cards carry long widgets."""
_DEPTH = 24
_MARK = "---"


def split(card: str) -> tuple[str | None, str]:
    """The front matter (None when there is none) and the body of a card, any line ends."""
    lines = card.splitlines()
    if not lines or lines[0].rstrip() != _MARK:
        return None, card
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _MARK:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, card


def parse(block: str) -> dict[str, Any]:
    """The front matter as a map of texts, lists and maps. Raises CannotRead."""
    if len(block) > CAP:
        raise refuse("yaml.large")
    try:
        depth = 0
        for event in yaml.parse(block, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise refuse("yaml.alias")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                raise refuse("yaml.deep")
        node = yaml.compose(block, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise refuse("yaml.broken", line=mark.line + 2 if mark is not None else "?") from error
    except (RecursionError, ValueError) as error:
        raise refuse("yaml.deep") from error
    value = _plain(node) if node is not None else {}
    if not isinstance(value, dict):
        raise refuse("yaml.not_map")
    return value


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in result:
                raise refuse("yaml.duplicate", name=ascii(name[:60]), line=key.start_mark.line + 2)
            result[name] = _plain(value)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return str(node.value)
