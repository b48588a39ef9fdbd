# SPDX-License-Identifier: Apache-2.0
"""CycloneDX ML-BOM 1.6 and 1.7 (ECMA-424). Written by hand: the library has no model card and drops it when it saves.

Energy is in kWh and CO2 in tonnes, the only units that the standard has. Compute has no field: it stands in properties.
"""

import json
import uuid
from typing import Any

from core.documents.bom.record import NAMESPACE, Base, BomRecord, Named, bom_record
from core.documents.kinds import AIBOM_17, document_kind
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.project import Project

_MODEL = "model"


def render_cyclonedx(kind_id: str, project: Project, assessment: Assessment) -> RenderedDocument:
    """aibom.cdx.json, or the same in version 1.7. The same release on the same day gives the same bytes."""
    withheld = Withheld()
    made = cyclonedx(
        bom_record(project, assessment, withheld),
        assessment.on.isoformat(),
        "1.7" if kind_id == AIBOM_17 else "1.6",
    )
    kind = document_kind(kind_id)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=json.dumps(made, indent=2, ensure_ascii=False) + "\n",
        withheld=withheld.remarks,
    )


def cyclonedx(record: BomRecord, on: str, version: str) -> dict[str, Any]:
    """The bill. The serial number is derived from the content (UUIDv5), so it is new when anything is."""
    bases = [_base(base) for base in record.bases]
    data = [
        {"type": "data", "bom-ref": f"data:{one.value}", "name": one.value, **_website(one.url)}
        for one in record.datasets
    ]
    bill: dict[str, Any] = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "version": 1,
        "metadata": {
            "timestamp": f"{on}T00:00:00Z",
            "tools": {"components": [{"type": "application", "name": "Weighbridge"}]},
            "component": _model(record, bases),
        },
        "components": [*bases, *data],
        "dependencies": [
            {"ref": _MODEL, "dependsOn": [one["bom-ref"] for one in (*bases, *data)]},
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True, ensure_ascii=False))
    return {
        **dict(list(bill.items())[:3]),
        "serialNumber": f"urn:uuid:{serial}",
        **dict(list(bill.items())[3:]),
    }


def _model(record: BomRecord, bases: list[dict[str, Any]]) -> dict[str, Any]:
    identity = record.identity
    parts: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": _MODEL,
        "name": record.title,
        "version": record.version,
        "supplier": {"name": record.supplier} if record.supplier else None,
        "description": record.use,
        "licenses": _licences(record.licence),
        "purl": _purl(record.location.removeprefix("https://huggingface.co/")) if record.location else "",
        "pedigree": {"ancestors": [{**base, "bom-ref": f"ancestor:{base['name']}"} for base in bases]}
        if bases
        else None,
        "externalReferences": _website(record.location).get("externalReferences"),
        "components": [
            {
                "type": "file",
                "bom-ref": f"file:{name}",
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for name, digest in record.files
        ],
        "modelCard": _card(record),
        "properties": _properties(
            [
                ("library", identity.library),
                ("relation-to-base", identity.relation),
                ("languages", ", ".join(identity.languages)),
            ]
        ),
    }
    return {key: value for key, value in parts.items() if value}


def _card(record: BomRecord) -> dict[str, Any]:
    identity = record.identity
    parameters: dict[str, Any] = {
        "approach": {"type": record.approach} if record.approach else None,
        "task": identity.pipeline_tag,
        "architectureFamily": record.model_type,
        "modelArchitecture": identity.architecture,
        "datasets": [{"ref": f"data:{one.value}"} for one in record.datasets]
        + ([{"type": "dataset", "description": record.data_summary}] if record.data_summary else []),
    }
    card: dict[str, Any] = {
        "modelParameters": {key: value for key, value in parameters.items() if value},
        "quantitativeAnalysis": {
            "performanceMetrics": [{"type": one.label, "value": one.value} for one in record.metrics]
        }
        if record.metrics
        else None,
        "considerations": _considerations(record),
        "properties": _properties(
            [*record.numbers, *((f"setting:{one.label}", one.value) for one in record.settings)]
        ),
    }
    return {key: value for key, value in card.items() if value}


def _considerations(record: BomRecord) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if record.use:
        made["useCases"] = [record.use]
    if record.limits:
        made["technicalLimitations"] = list(record.limits)
    if record.energy is not None:
        use: dict[str, Any] = {
            "activity": record.activity,
            "energyProviders": [],  # nobody said who sold the energy
            "activityEnergyCost": {"value": record.energy.central, "unit": "kWh"},
        }
        if record.co2 is not None:
            use["co2CostEquivalent"] = {"value": _tonnes(record), "unit": "tCO2eq"}
        made["environmentalConsiderations"] = {"energyConsumptions": [use]}
    return made


def _tonnes(record: BomRecord) -> float:
    """Tonnes of CO2eq from the assessment's kilograms."""
    assert record.co2 is not None
    return float(f"{record.co2.central / 1000:.6g}")


def _base(base: Base) -> dict[str, Any]:
    owner, _, name = base.hub_id.rpartition("/")
    parts: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": f"base:{base.hub_id}",
        "group": owner,
        "name": name,
        "licenses": _licences(base.licence),
        "purl": _purl(base.hub_id),
        **_website(f"https://huggingface.co/{base.hub_id}"),
    }
    return {key: value for key, value in parts.items() if value}


def _licences(licence: Named | None) -> list[dict[str, Any]]:
    """An SPDX id where there is one, else a plain name: an unknown id would make the whole bill invalid."""
    if licence is None:
        return []
    if licence.spdx:
        return [{"license": {"id": licence.spdx}}]
    return [{"license": {"name": licence.name} | ({"url": licence.url} if licence.url else {})}]


def _purl(hub_id: str) -> str:
    """Package URL of type huggingface, without a version: the commit is not known offline."""
    return f"pkg:huggingface/{hub_id}"


def _website(url: str) -> dict[str, Any]:
    return {"externalReferences": [{"type": "distribution", "url": url}]} if url else {}


def _properties(pairs: Any) -> list[dict[str, str]]:
    return [{"name": f"{NAMESPACE}:{name}", "value": value} for name, value in pairs if value]
