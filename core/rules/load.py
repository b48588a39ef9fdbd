# SPDX-License-Identifier: Apache-2.0
"""Reads the rule data strictly: whatever is odd is refused with the name of the file and the key."""

import functools
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources.abc import Traversable

from pydantic import TypeAdapter, ValidationError

from core.errors import BadRules
from core.licences.strict_yaml import first_fault, parse, read_yaml
from core.resources import resource
from core.rules.rulebook import RuleBook
from core.rules.schema import CoverageRow, Edition, Instrument, Parameter

COVERAGE, EDITION, INSTRUMENT = "coverage.yaml", "edition.yaml", "instrument.yaml"


def read_files(root: Traversable) -> dict[str, str]:
    """The text of every file under `root` by its path ("eu/ai_act/gpai_indicator.yaml"), in order of the paths."""
    found: dict[str, str] = {}
    waiting = [("", root)]
    while waiting:
        prefix, folder = waiting.pop()
        for child in folder.iterdir():
            if child.is_dir():
                waiting.append((f"{prefix}{child.name}/", child))
            else:
                found[f"{prefix}{child.name}"] = child.read_text(encoding="utf-8")
    return dict(sorted(found.items()))


def load_from(root: Traversable) -> RuleBook:
    """Read every file under `root` (<jurisdiction>/<instrument>/*.yaml, coverage.yaml, edition.yaml); see load_files."""
    return load_files(read_files(root))


def load_files(files: Mapping[str, str]) -> RuleBook:
    """The rulebook from the texts of its files.

    Raises BadRules for unknown keys, keys that stand twice, missing sources, unordered dates, a parameter whose
    id does not match its place, and an instrument without a coverage row (or the other way round).
    """
    parameters: dict[str, Parameter] = {}
    instruments: dict[str, Instrument] = {}
    for folder, names in _by_instrument(files).items():
        place = folder.replace("/", ".")
        for name in names:
            file = name.rsplit("/", 1)[1]
            if file == INSTRUMENT:
                instruments[place] = parse(Instrument, files[name], name)
                continue
            parameter = parse(Parameter, files[name], name)
            if parameter.id != f"{place}.{file.removesuffix('.yaml')}":
                raise BadRules(f"{name}: id: {parameter.id!r} does not match the file's place")
            parameters[parameter.id] = parameter
        if place not in instruments:
            raise BadRules(f"{folder}/{INSTRUMENT}: the file is missing")
    return RuleBook(
        parameters=parameters,
        instruments=instruments,
        coverage=_coverage(_required(files, COVERAGE), instruments),
        edition=parse(Edition, _required(files, EDITION), EDITION),
    )


def _by_instrument(files: Mapping[str, str]) -> dict[str, list[str]]:
    """The files of each instrument by its folder "jurisdiction/instrument", both in order."""
    folders: dict[str, list[str]] = defaultdict(list)
    for name in sorted(files):
        if name in (COVERAGE, EDITION):
            continue
        if not name.endswith(".yaml"):
            raise BadRules(f"{name}: only .yaml files belong here")
        if name.count("/") != 2:
            raise BadRules(f"{name}: a rule file lies in jurisdiction/instrument/")
        folders[name.rsplit("/", 1)[0]].append(name)
    return folders


def _required(files: Mapping[str, str], name: str) -> str:
    if name not in files:
        raise BadRules(f"{name}: the file is missing")
    return files[name]


def _coverage(content: str, instruments: dict[str, Instrument]) -> tuple[CoverageRow, ...]:
    data = read_yaml(content, COVERAGE)
    try:
        rows = TypeAdapter(tuple[CoverageRow, ...]).validate_python(data)
    except ValidationError as error:
        raise BadRules(f"{COVERAGE}: {first_fault(error)}") from error
    listed = {row.folder: row.instrument for row in rows}
    built = {place: instrument.id for place, instrument in instruments.items()}
    if listed != built:
        odd = sorted(set(listed.items()) ^ set(built.items()))[0]
        raise BadRules(
            f"{COVERAGE}: folder: {odd[0]} ({odd[1]}) is not both listed here and present as a folder"
        )
    return rows


@functools.cache
def load_rulebook() -> RuleBook:
    """The rules that ship with the app, read once. Raises BadRules when the data is damaged."""
    return load_from(resource("rules"))
