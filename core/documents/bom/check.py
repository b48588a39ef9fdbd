# SPDX-License-Identifier: Apache-2.0
"""Reads a bill of materials back as a program would: parse, look up, compare with the assessment."""

import json
import math
from collections.abc import Iterator
from typing import Any

from core.documents.card.identity import identify
from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.project import Project
from core.licences.spdx import spdx_id


def lost_in_bill(content: str, project: Project, assessment: Assessment) -> str | None:
    """The first fact that the file lost, in words; None when all are there."""
    bill: dict[str, Any] = json.loads(content)
    properties, kwh, tonnes = (_cyclonedx if "bomFormat" in bill else _spdx)(bill)
    for name, value in _exact(assessment):
        if properties.get(name) != value:
            return f"{name} {value}"
    energy, co2 = assessment.footprint.energy, assessment.footprint.co2
    if (kwh is None) != (energy is None) or (energy is not None and kwh != energy.central):
        return "energy"
    # Six digits are kept; a kilogram for a tonne would be a thousand times off.
    wants_co2 = co2 is not None and energy is not None and "bomFormat" in bill
    if wants_co2 and co2 is not None and not math.isclose((tonnes or 0.0) * 1000, co2.central, rel_tol=1e-5):
        return "CO2"
    identity = identify(Known(project))
    for said in (identity.base_model, spdx_id(identity.license) or ""):
        owner, _, name = said.rpartition("/")
        if said and not (f'"{said}"' in content or (owner and f"pkg:huggingface/{owner}/{name}" in content)):
            return said
    return None


def _exact(assessment: Assessment) -> Iterator[tuple[str, str]]:
    for name in ("own", "base", "cumulative"):
        estimate = getattr(assessment.footprint.accounts, name)
        if estimate is not None:
            for end in ("low", "central", "high"):
                yield f"weighbridge:training-compute-flop:{name}:{end}", str(getattr(estimate, end))
    yield "weighbridge:rulebook", assessment.rulebook.hash


def _cyclonedx(bill: dict[str, Any]) -> tuple[dict[str, str], float | None, float | None]:
    card = bill["metadata"]["component"]["modelCard"]
    properties = {one["name"]: one["value"] for one in card["properties"]}
    used = card.get("considerations", {}).get("environmentalConsiderations", {}).get("energyConsumptions", [])
    if not used:
        return properties, None, None
    return (
        properties,
        used[0]["activityEnergyCost"]["value"],
        used[0].get("co2CostEquivalent", {}).get("value"),
    )


def _spdx(bill: dict[str, Any]) -> tuple[dict[str, str], float | None, float | None]:
    model = next(one for one in bill["@graph"] if one["type"] == "ai_AIPackage")
    properties = {one["key"]: one["value"] for one in model["ai_hyperparameter"]}
    for key, amounts in model.get("ai_energyConsumption", {}).items():
        if key.endswith("EnergyConsumption"):
            return properties, amounts[0]["ai_energyQuantity"], None
    return properties, None, None
