# SPDX-License-Identifier: Apache-2.0
"""SPDX 3.0.1 with the AI and Dataset profiles, as JSON-LD.

Energy is in kilowatt-hours. The profile has no field for CO2 or FLOP: they stand in hyperparameter entries.
`releaseTime`, `suppliedBy`, `downloadLocation` and `packageVersion`, which the profile wants, are gaps until somebody
says them: an invented one would be worse.
"""

import json
import uuid
from typing import Any

from core.documents.bom.record import NAMESPACE, BomRecord, Named, bom_record, record_gaps
from core.documents.kinds import AIBOM_SPDX, document_kind
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.project import Project

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_INFO = "_:creation"


def render_spdx(project: Project, assessment: Assessment) -> RenderedDocument:
    """aibom.spdx.json. The same release on the same day gives the same bytes."""
    withheld = Withheld()
    record = bom_record(project, assessment, withheld)
    kind = document_kind(AIBOM_SPDX)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=json.dumps(spdx(record, assessment.on.isoformat()), indent=2, ensure_ascii=False) + "\n",
        gaps=record_gaps(record, AIBOM_SPDX),
        withheld=withheld.remarks,
    )


def spdx(record: BomRecord, on: str) -> dict[str, Any]:
    """The document. Ids are derived from the content (UUIDv5)."""
    whole = record.model_dump_json() + on
    root = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, whole)}"
    graph = _Graph(root)
    tool = graph.add("SoftwareAgent", "tool", name="Weighbridge")
    supplier = graph.add("Agent", "supplier", name=record.supplier) if record.supplier else None
    model = graph.add("ai_AIPackage", "model", **_model(record, supplier))
    for number, (name, digest) in enumerate(record.files):
        one = graph.add("software_File", f"file-{number}", name=name, verifiedUsing=[_hash(digest)])
        graph.link("contains", model, one)
    for number, base in enumerate(record.bases):
        place = f"https://huggingface.co/{base.hub_id}"
        one = graph.add(
            "ai_AIPackage",
            f"base-{number}",
            name=base.hub_id,
            software_primaryPurpose="model",
            software_downloadLocation=place,
            software_packageUrl=f"pkg:huggingface/{base.hub_id}",
        )
        graph.link("descendantOf", model, one)
        if base.licence is not None:
            graph.link("hasConcludedLicense", one, graph.licence(base.licence))
    for number, data in enumerate(record.datasets):
        more = {"software_downloadLocation": data.url} if data.url else {}
        one = graph.add(
            "dataset_DatasetPackage",
            f"data-{number}",
            name=data.value,
            software_primaryPurpose="data",
            dataset_datasetType=["noAssertion"],
            **more,
        )
        graph.link("trainedOn", model, one)
    if record.licence is not None:
        graph.link("hasDeclaredLicense", model, graph.licence(record.licence))
    info = {
        "type": "CreationInfo",
        "@id": _INFO,
        "specVersion": "3.0.1",
        "created": f"{on}T00:00:00Z",
        "createdBy": [tool],
    }
    document = {
        "type": "SpdxDocument",
        "spdxId": f"{root}#document",
        "creationInfo": _INFO,
        "profileConformance": ["core", "software", "ai", "dataset", "simpleLicensing", "expandedLicensing"],
        "rootElement": [model],
    }
    return {"@context": CONTEXT, "@graph": [info, document, *graph.elements]}


def _model(record: BomRecord, supplier: str | None) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "name": record.title,
        "description": record.use,
        "suppliedBy": supplier,
        "releaseTime": f"{record.release_date}T00:00:00Z" if record.release_date else None,
        "software_primaryPurpose": "model",
        "software_packageVersion": record.version,
        "software_downloadLocation": record.location,
        "ai_typeOfModel": [one for one in (record.model_type, record.identity.architecture) if one],
        "ai_domain": [record.identity.pipeline_tag] if record.identity.pipeline_tag else None,
        "ai_informationAboutApplication": record.use,
        "ai_informationAboutTraining": record.data_summary,
        "ai_limitation": "\n\n".join(record.limits),
        "ai_useSensitivePersonalInformation": None
        if record.personal_data is None or record.personal_data
        else "no",  # personal data need not be sensitive data
        "ai_metric": [_entry(one.label, one.value) for one in record.metrics],
        "ai_hyperparameter": [
            *(_entry(f"{NAMESPACE}:{name}", value) for name, value in record.numbers if value),
            *(_entry(one.label, one.value) for one in record.settings),
        ],
        "ai_energyConsumption": _energy(record),
    }
    return {key: value for key, value in parts.items() if value}


def _energy(record: BomRecord) -> dict[str, Any] | None:
    if record.energy is None:
        return None
    field = "ai_trainingEnergyConsumption" if record.from_scratch else "ai_finetuningEnergyConsumption"
    amount = {
        "type": "ai_EnergyConsumptionDescription",
        "ai_energyQuantity": record.energy.central,
        "ai_energyUnit": "kilowattHour",
    }
    return {"type": "ai_EnergyConsumption", field: [amount]}


def _entry(key: str, value: str) -> dict[str, str]:
    return {"type": "DictionaryEntry", "key": key, "value": value}


def _hash(digest: str) -> dict[str, str]:
    return {"type": "Hash", "algorithm": "sha256", "hashValue": digest}


class _Graph:
    """Elements with their ids, relationships and licences."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.elements: list[dict[str, Any]] = []
        self._licences: dict[Named, str] = {}

    def add(self, kind: str, tail: str, /, **values: Any) -> str:
        """Add an element; returns its id."""
        found = f"{self._root}#{tail}"
        self.elements.append({"type": kind, "spdxId": found, "creationInfo": _INFO, **values})
        return found

    def link(self, kind: str, start: str, end: str) -> None:
        """Add a relationship."""
        self.add(
            "Relationship",
            f"link-{len(self.elements)}",
            **{"from": start, "to": [end], "relationshipType": kind},
        )

    def licence(self, licence: Named) -> str:
        """The id of a licence, added once."""
        if licence not in self._licences:
            number = f"licence-{len(self._licences)}"
            if licence.spdx:
                self._licences[licence] = self.add(
                    "simplelicensing_LicenseExpression",
                    number,
                    simplelicensing_licenseExpression=licence.spdx,
                )
            else:
                words = " ".join(part for part in (licence.name, licence.url) if part)
                self._licences[licence] = self.add(
                    "expandedlicensing_CustomLicense",
                    number,
                    name=licence.name,
                    simplelicensing_licenseText=words,
                )
        return self._licences[licence]
