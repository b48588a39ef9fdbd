# SPDX-License-Identifier: Apache-2.0
"""The relief for free and open models: Articles 53(2) and 54(6), recitals 102 and 103, Guidelines points 73 to 89."""

from typing import Literal

from core.domain.base import Frozen
from core.domain.finding import TraceStep
from core.licences import free_and_open
from core.rules.case import Case
from core.rules.eu.answer import Three
from core.rules.trace import step
from core.texts import text

Status = Literal["yes", "no", "unclear", "judgement"]
_LICENCE: dict[str, Status] = {"pass": "yes", "fail": "no", "unclear": "judgement"}
_WORST_FIRST: tuple[Status, ...] = ("no", "unclear", "judgement", "yes")


class Relief(Frozen):
    """Whether the relief holds. `judgement`: every answer is known and good, but the licence is a matter of opinion."""

    status: Status
    steps: tuple[TraceStep, ...] = ()

    @property
    def summary(self) -> Three:
        """For machines: yes, no or unclear."""
        return "unclear" if self.status == "judgement" else self.status


def relief(case: Case, systemic: Three) -> Relief:
    """All of: a free and open licence, nothing taken for it, weights, architecture and usage public, not systemic."""
    if systemic == "yes":
        return Relief(status="no", steps=(_step("systemic", "no"),))
    licence = case.word("license")
    verdict = free_and_open(licence) if licence is not None else None
    marks: dict[str, Status] = {
        "licence": _LICENCE[verdict] if verdict is not None else _mark(case.yes("license_free")),
        "money": _money(case),
        "gate": _gate(case),
        "weights": _mark(_weights(case)),
        "architecture": _mark(case.yes("architecture_public")),
        "usage": _mark(case.yes("usage_public")),
        "systemic": "unclear" if systemic == "unclear" else "yes",
    }
    steps = tuple(_step(name, mark, licence or "") for name, mark in marks.items())
    found = set(marks.values())
    worst: Status = next(status for status in _WORST_FIRST if status in found)
    return Relief(status=worst, steps=(*steps, step("rules_eu.step.data_may_stay")))


def _money(case: Case) -> Status:
    """Sales among microenterprises count as none (recital 103, Guidelines point 86)."""
    taken = case.takes_money
    if taken and case.yes("micro_only") is True and case.word("gate") != "personal_data":
        return "yes"
    return "unclear" if taken is None else "no" if taken else "yes"


def _gate(case: Case) -> Status:
    """A check for safety is fine; a gate by country or for data on people is not (points 76, 84)."""
    gate = case.word("gate")
    if gate is not None:
        return "yes" if gate == "safety_check" else "no"
    return "unclear" if case.word("release_form") == "gated" else "yes"


def _weights(case: Case) -> bool | None:
    said = case.yes("weights_public")
    if said is None and case.word("release_form") == "open_weights":
        return True
    return said


def _mark(value: bool | None) -> Status:
    return "unclear" if value is None else "yes" if value else "no"


def _step(name: str, mark: Status, value: str = "") -> TraceStep:
    return TraceStep(
        rule=text(f"rules_eu.open.{name}"),
        inputs=value if name == "licence" else "",
        result=text(f"rules_eu.open.mark.{mark}"),
    )
