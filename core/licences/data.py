# SPDX-License-Identifier: Apache-2.0
"""Loads the licence table strictly, and finds a licence by exact id. Nothing is guessed from a name."""

import functools
from typing import cast

from pydantic import TypeAdapter

from core.errors import BadRules
from core.licences.schema import Licence, Test
from core.licences.spdx import is_plain, judged
from core.licences.strict_yaml import parse, read_yaml
from core.resources import resource


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
        licence = parse(Licence, file.read_text(encoding="utf-8"), f"licences/{file.name}")
        for name in (licence.id, *licence.also):
            if name.lower() in found:
                raise BadRules(f"licences/{file.name}: id: {name!r} is listed twice")
            found[name.lower()] = licence
    return found


def licence_of_base(hub_id: str) -> Licence | None:
    """The licence which names exactly this base model, or None."""
    wanted = hub_id.lower()
    named = (one for one in licences().values() if wanted in (base.lower() for base in one.bases))
    return next(named, None)


@functools.cache
def _tested() -> dict[str, Test]:
    """Plain licences of which only the free-and-open test is kept."""
    raw = read_yaml(
        resource("licences/_free_and_open.yaml").read_text(encoding="utf-8"), "licences/_free_and_open.yaml"
    )
    listed = TypeAdapter(dict[Test, tuple[str, ...]]).validate_python(raw)
    return {name.lower(): test for test, names in listed.items() for name in names}


_FROM_WORST = ("fail", "unclear", "pass")


def find_licence(licence_id: str) -> Licence | None:
    """The licence with exactly this id (any case), or None."""
    return licences().get(licence_id.lower())


def free_and_open(licence_id: str) -> Test | None:
    """The EU free-and-open test of a licence id or expression; None when the table does not hold what decides it.

    A choice (OR) is as free as its freest part, several licences at once (AND) as their least free one.
    Commission Guidelines points 76 to 84 (July 2025 numbers): all of access, use, modification, distribution.
    """
    if licence_id.strip() and not is_plain(licence_id):
        return cast("Test | None", judged(licence_id, _free_and_open, _FROM_WORST))
    return _free_and_open(licence_id)


def _free_and_open(licence_id: str) -> Test | None:
    licence = find_licence(licence_id)
    return licence.free_and_open if licence is not None else _tested().get(licence_id.lower())
