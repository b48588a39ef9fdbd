# SPDX-License-Identifier: Apache-2.0
"""The Assessment as JSON format 1: FLOP are integers, dates ISO, nothing is left out silently (null = not known)."""

from typing import Any

from core.domain.assessment import Assessment
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.finding import Finding
from core.domain.footprint import ParameterCount, Witness


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """The documented object (docs/cli.md)."""
    footprint = assessment.footprint
    accounts = footprint.accounts
    return {
        "format": 1,
        "on": assessment.on.isoformat(),
        "verdict": assessment.verdict.model_dump(mode="json"),
        "parameters": _parameters(footprint.parameters),
        "compute": {
            "own": _flop(accounts.own),
            "base": _flop(accounts.base),
            "direct": _flop(accounts.direct),
            "cumulative": _flop(accounts.cumulative),
            "hardware_own": _flop(accounts.hardware_own),
            "items": [item.model_dump(mode="json") for item in footprint.items],
            "witnesses": [_witness(witness) for witness in footprint.witnesses],
            "agreement": footprint.agreement,
        },
        "energy_kwh": _quantity(footprint.energy),
        "co2_kg": _quantity(footprint.co2),
        "fit": None if footprint.fit is None else footprint.fit.model_dump(mode="json"),
        "warnings": list(footprint.warnings),
        "eu": assessment.eu.model_dump(mode="json"),
        "findings": [_finding(finding) for finding in assessment.findings],
        "licences": [licence.model_dump(mode="json") for licence in assessment.licences],
        "lines": [line.model_dump(mode="json") for line in assessment.lines],
        "documents": [kind.model_dump(mode="json") for kind in assessment.documents],
        "gaps": [gap.model_dump(mode="json") for gap in assessment.gaps],
        "rulebook": assessment.rulebook.model_dump(mode="json"),
    }


def _parameters(count: ParameterCount | None) -> dict[str, Any] | None:
    """The counts, and in words where the total and the trained ones come from."""
    if count is None:
        return None
    places = {"origin": count.origin, "trainable_origin": count.trainable_origin}
    return count.model_dump(mode="json", exclude=set(places)) | {
        name: None if fact is None else fact.origin.describe() for name, fact in places.items()
    }


def _flop(estimate: FlopEstimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "low": estimate.low,
        "central": estimate.central,
        "high": estimate.high,
        "method": estimate.method,
        "assumptions": list(estimate.assumptions),
        "inputs": [
            {"name": fact.name, "value": fact.value, "from": fact.origin.describe()}
            for fact in estimate.inputs
        ],
        "steps": [step.model_dump() for step in estimate.steps],
    }


def _quantity(quantity: Quantity | None) -> dict[str, Any] | None:
    return None if quantity is None else quantity.model_dump(mode="json", exclude={"inputs"})


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "id": witness.id.value,
        "title": witness.title,
        "used": witness.used,
        "raw": witness.raw,
        "remark": witness.remark,
        "missing": list(witness.missing),
        "estimate": _flop(witness.estimate),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    dumped = finding.model_dump(mode="json")
    dumped["from"] = dumped.pop("applies_from")
    return dumped
