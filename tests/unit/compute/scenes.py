# SPDX-License-Identifier: Apache-2.0
"""A weighing in keys and numbers: everything that a person can see of it, line by line.

Sentences stand as their keys in the catalogue with the values put into them, so that better words change nothing here.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import core.compute
import core.domain.said
from core.compute import weigh
from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference


def key_and_values(key: str, /, **values: object) -> str:
    """Stands in for core.texts.text."""
    return " ".join([key, *(f"{name}={value}" for name, value in values.items())])


def with_keys(patch: pytest.MonkeyPatch) -> None:
    """Let every module of the weighing say keys in place of sentences."""
    patch.setattr(core.domain.said, "text", key_and_values)
    for found in pkgutil.iter_modules(core.compute.__path__, "core.compute."):
        module = importlib.import_module(found.name)
        if hasattr(module, "text"):
            patch.setattr(module, "text", key_and_values)


def footprint(scene: Mapping[str, Any]) -> Footprint:
    """Weigh a scene: `found` in files (`keys`: of what name there; `computed`: worked out by the scan) and `answers`."""
    keys, computed = scene.get("keys", {}), scene.get("computed", {})
    facts = []
    for name, value in {**scene.get("found", {}), **computed}.items():
        kind = OriginKind.COMPUTED if name in computed else OriginKind.FILE
        origin = Origin(kind=kind, file="trainer_state.json", key=keys.get(name, name))
        facts.append(Fact[Any](name=name, value=value, origin=origin))
    scan = ScanResult(folder_name="x", facts=tuple(facts)) if facts else None
    answers = Answers.model_validate(scene.get("answers", {}))
    return weigh(Known(Project(scan=scan, answers=answers)), load_reference())


def lines(found: Footprint) -> list[str]:
    """The footprint as lines; what was said once is not said again."""
    made: list[str] = []
    for line in _lines(found):
        if line not in made:
            made.append(line)
    return made


def _lines(found: Footprint) -> Iterator[str]:
    p = found.parameters
    if p is not None:
        origin = p.origin.origin if p.origin is not None else None
        yield f"parameters {p.total} {p.trainable} {p.active_per_token} {p.embedding} {origin and (origin.note or origin.key)}"
    for one in found.witnesses:
        yield f"{one.id} used={one.used} raw={one.raw} missing={','.join(one.missing)}"
        yield f"  {one.remark}"
        yield from _estimate(f"  {one.id}", one.estimate)
    for name in type(found.accounts).model_fields:
        yield from _estimate(name, getattr(found.accounts, name))
    for item in found.items:
        yield f"item {item.key} {item.flop} {item.direct} {item.cumulative} {item.points}"
        yield f"  {item.why}"
    yield found.agreement
    yield from _quantity("energy", found.energy)
    yield from _quantity("co2", found.co2)
    if found.fit is not None:
        yield f"fit {found.fit.context}"
        for need in found.fit.needs:
            held = f"{need.cache_gb:.6g}" if need.cache_gb is not None else "?"
            yield f"  {need.bits} bits {need.weights_gb:.6g} {held} {need.total_gb:.6g} {len(need.runs_on)} {need.too_small[-1:]}"
        for one_more in found.fit.reruns:
            yield f"  {one_more.device} {one_more.low:.5g} {one_more.central:.5g} {one_more.high:.5g} {one_more.fits}"
        yield from (f"  {note}" for note in found.fit.assumptions)
    yield from (f"explain {line.label}" for line in found.explain)
    yield from (f"warning {line}" for line in found.warnings)


def _estimate(name: str, found: FlopEstimate | None) -> Iterator[str]:
    if found is None:
        return
    yield f"{name} {found.low} {found.central} {found.high} {found.method}"
    yield f"  of {' '.join(fact.name for fact in found.inputs)}"
    yield from (f"  {note}" for note in found.assumptions)
    yield from (f"  {line.label}: {line.expression} = {line.result}" for line in found.steps)


def _quantity(name: str, found: Quantity | None) -> Iterator[str]:
    if found is None:
        return
    yield f"{name} {found.low:.6g} {found.central:.6g} {found.high:.6g} {found.unit} {found.method}"
    yield f"  of {' '.join(fact.name for fact in found.inputs)}"
    yield from (f"  {note}" for note in found.assumptions)
    yield from (f"  {line.label}: {line.expression} = {line.result}" for line in found.steps)
