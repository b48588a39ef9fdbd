# SPDX-License-Identifier: Apache-2.0
"""Reads the rule data strictly: whatever is odd is refused with the name of the file and the key."""

import functools
from collections.abc import Hashable, Iterator
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from core.domain.base import Frozen
from core.errors import BadRules
from core.resources import resource
from core.rules.rulebook import RuleBook
from core.rules.schema import CoverageRow, Instrument, Parameter

_Model = TypeVar("_Model", bound=Frozen)
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]
    """The safe loader, which also refuses a key that stands twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise BadRules(f"the key {key!r} is not a word")
            if key in seen:
                raise BadRules(f"the key {key!r} stands there twice")
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=True)
        return mapping


def read_yaml(text: str, name: str) -> Any:
    """Parse strict YAML. Raises BadRules naming the file `name`, and the key where one is at fault."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise BadRules(f"{name}: not readable as YAML ({' '.join(str(error).split())})") from error
    except (BadRules, ValueError) as error:
        raise BadRules(f"{name}: {error}") from error


def parse(model: type[_Model], text: str, name: str) -> _Model:
    """One file as `model`. Raises BadRules naming the file and the key of the first fault."""
    try:
        return model.model_validate(read_yaml(text, name))
    except ValidationError as error:
        raise BadRules(f"{name}: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the file"
    return f"{where}: {fault['msg']}"


def _folders(root: Traversable) -> Iterator[Traversable]:
    return iter(sorted((child for child in root.iterdir() if child.is_dir()), key=lambda child: child.name))


def load_from(root: Traversable) -> RuleBook:
    """Read every file under `root` (<jurisdiction>/<instrument>/*.yaml and coverage.yaml).

    Raises BadRules for unknown keys, keys that stand twice, missing sources, unordered dates, a parameter whose
    id does not match its place, and an instrument without a coverage row (or the other way round).
    """
    parameters: dict[str, Parameter] = {}
    instruments: dict[str, Instrument] = {}
    for jurisdiction in _folders(root):
        for folder in _folders(jurisdiction):
            place = f"{jurisdiction.name}.{folder.name}"
            for file in sorted(folder.iterdir(), key=lambda child: child.name):
                name = f"{jurisdiction.name}/{folder.name}/{file.name}"
                if not file.name.endswith(".yaml"):
                    raise BadRules(f"{name}: only .yaml files belong here")
                text = file.read_text(encoding="utf-8")
                if file.name == "instrument.yaml":
                    instruments[place] = parse(Instrument, text, name)
                    continue
                parameter = parse(Parameter, text, name)
                if parameter.id != f"{place}.{file.name.removesuffix('.yaml')}":
                    raise BadRules(f"{name}: id: {parameter.id!r} does not match the file's place")
                parameters[parameter.id] = parameter
            if place not in instruments:
                raise BadRules(f"{jurisdiction.name}/{folder.name}/instrument.yaml: the file is missing")
    coverage = _coverage(root, instruments)
    return RuleBook(parameters=parameters, instruments=instruments, coverage=coverage)


def _coverage(root: Traversable, instruments: dict[str, Instrument]) -> tuple[CoverageRow, ...]:
    name = "coverage.yaml"
    data = read_yaml(root.joinpath(name).read_text(encoding="utf-8"), name)
    try:
        rows = TypeAdapter(tuple[CoverageRow, ...]).validate_python(data)
    except ValidationError as error:
        raise BadRules(f"{name}: {_first(error)}") from error
    listed = {row.folder: row.instrument for row in rows}
    built = {place: instrument.id for place, instrument in instruments.items()}
    if listed != built:
        odd = sorted(set(listed.items()) ^ set(built.items()))[0]
        raise BadRules(f"{name}: folder: {odd[0]} ({odd[1]}) is not both listed here and present as a folder")
    return rows


@functools.cache
def load_rulebook() -> RuleBook:
    """The rules that ship with the app, read once. Raises BadRules when the data is damaged."""
    return load_from(resource("rules"))
