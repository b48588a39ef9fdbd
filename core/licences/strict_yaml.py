# SPDX-License-Identifier: Apache-2.0
"""Strict YAML for data we own: safe, quick, and no key twice (the plain loader keeps the last one silently)."""

from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from core.domain.base import Frozen
from core.errors import BadRules

Model = TypeVar("Model", bound=Frozen)
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]
    """The safe loader, which also refuses a key that stands twice and a key that is no word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[str, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)
            if not isinstance(key, str):
                raise BadRules(f"the key {key!r} is not a word")
            if key in seen:
                raise BadRules(f"the key {key!r} stands there twice")
            seen.add(key)
        mapping: dict[str, Any] = super().construct_mapping(node, deep=True)
        return mapping


def read_yaml(text: str, name: str) -> Any:
    """Parse strict YAML. Raises BadRules naming the file `name`, and the key where one is at fault."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        raise BadRules(f"{name}: not readable as YAML ({' '.join(str(error).split())})") from error
    except (BadRules, ValueError) as error:
        raise BadRules(f"{name}: {error}") from error


def parse(model: type[Model], text: str, name: str) -> Model:
    """One file as `model`. Raises BadRules naming the file and the key of the first fault."""
    data = read_yaml(text, name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadRules(f"{name}: {first_fault(error)}") from error


def first_fault(error: ValidationError) -> str:
    """Where and what the first fault is."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the file"
    return f"{where}: {fault['msg']}"
