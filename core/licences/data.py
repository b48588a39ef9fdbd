# SPDX-License-Identifier: Apache-2.0
"""Loads the licence table strictly, and finds a licence by exact id. Nothing is guessed from a name."""

import functools
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from core.errors import BadRules
from core.licences.schema import Licence, Test
from core.resources import resource

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]
    """The safe loader, which also refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise BadRules(f"the key {twice[0]!r} stands there twice")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=True)
        return mapping


def parse_licence(text: str, name: str) -> Licence:
    """One file. Raises BadRules naming file and key."""
    try:
        return Licence.model_validate(yaml.load(text, Loader=_StrictLoader))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise BadRules(f"{name}: {where}: {fault['msg']}") from error
    except (yaml.YAMLError, BadRules, ValueError) as error:
        raise BadRules(f"{name}: {' '.join(str(error).split())}") from error


@functools.cache
def licences() -> dict[str, Licence]:
    """Every licence by id and by its other ids, in lower case. Raises BadRules on damaged data."""
    found: dict[str, Licence] = {}
    files = sorted(
        (child for child in resource("licences").iterdir() if child.name.endswith(".yaml")),
        key=lambda child: child.name,
    )
    for file in files:
        if file.name.startswith("_"):
            continue
        licence = parse_licence(file.read_text(encoding="utf-8"), f"licences/{file.name}")
        for name in (licence.id, *licence.also):
            if name.lower() in found:
                raise BadRules(f"licences/{file.name}: id: {name!r} is listed twice")
            found[name.lower()] = licence
    return found


@functools.cache
def _tested() -> dict[str, Test]:
    """Plain licences of which only the free-and-open test is kept."""
    raw = yaml.load(
        resource("licences/_free_and_open.yaml").read_text(encoding="utf-8"), Loader=_StrictLoader
    )
    listed = TypeAdapter(dict[Test, tuple[str, ...]]).validate_python(raw)
    return {name.lower(): test for test, names in listed.items() for name in names}


def find_licence(licence_id: str) -> Licence | None:
    """The licence with exactly this id (any case), or None."""
    return licences().get(licence_id.lower())


def free_and_open(licence_id: str) -> Test | None:
    """The EU free-and-open test of a licence id; None when the table does not hold it.

    Commission Guidelines points 76 to 84 (July 2025 numbers): all of access, use, modification, distribution.
    """
    licence = find_licence(licence_id)
    return licence.free_and_open if licence is not None else _tested().get(licence_id.lower())
