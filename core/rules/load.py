# SPDX-License-Identifier: Apache-2.0
"""Reads the rule data strictly: whatever is odd is refused with the name of the file and the key."""

import functools
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from pydantic import TypeAdapter, ValidationError

from core.errors import BadRules
from core.licences.strict_yaml import first_fault, parse, read_yaml
from core.resources import resource
from core.rules.rulebook import RuleBook
from core.rules.schema import CoverageRow, Instrument, Parameter


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
        raise BadRules(f"{name}: {first_fault(error)}") from error
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
