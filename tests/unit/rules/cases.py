# SPDX-License-Identifier: Apache-2.0
"""A release in one line: what was trained, what was said, what the files tell, and the day."""

import datetime
from typing import Any

from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts, Footprint, ParameterCount
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.rules import load_rulebook
from core.rules.case import Case

TODAY = datetime.date(2026, 11, 26)

FREE: dict[str, Any] = {
    "license": "apache-2.0",
    "monetised": False,
    "release_form": "open_weights",
    "architecture_public": True,
    "usage_public": True,
}
"""Every condition of the relief for free and open models is met."""


def exactly(number: int | FlopEstimate | None) -> FlopEstimate | None:
    """An amount that is known to the last operation; an estimate stays as it is."""
    if number is None or isinstance(number, FlopEstimate):
        return number
    return FlopEstimate(low=number, central=number, high=number, method="said")


def release(
    own: int | None = None,
    base: int | FlopEstimate | None = None,
    *,
    total: int | None = None,
    parameters: int | None = None,
    found: dict[str, Any] | None = None,
    on: datetime.date = TODAY,
    **answers: Any,
) -> Case:
    """`total` is the cumulative sum; where it is left out and own is known, it is own + base."""
    if total is None and own is not None:
        total = own + (base.central if isinstance(base, FlopEstimate) else base or 0)
    facts = tuple(
        Fact[Any](name=name, value=value, origin=Origin(kind=OriginKind.FILE, file="x.json"))
        for name, value in (found or {}).items()
    )
    project = Project(answers=Answers.model_validate(answers))
    if facts:
        project = project.replace(scan=ScanResult(folder_name="x", facts=facts))
    accounts = Accounts(own=exactly(own), base=exactly(base), direct=exactly(own), cumulative=exactly(total))
    size = None if parameters is None else ParameterCount(total=parameters)
    return Case(Known(project), Footprint(parameters=size, accounts=accounts), load_rulebook().at(on))
