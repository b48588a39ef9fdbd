# SPDX-License-Identifier: Apache-2.0
"""Bills of materials against the official schemas, the units of each, and their way back."""

import functools
import hashlib
import json
import re
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from core.documents import LostInWriting, read_back, render
from core.documents.kinds import AIBOM, AIBOM_17, AIBOM_SPDX, FOR_MACHINES
from core.domain.answers import Answers
from core.domain.footprint import Accounts, Footprint
from core.domain.project import Project
from core.licences.spdx import _SPDX
from core.resources import read_bytes, read_text
from tests.unit.documents import samples


@functools.cache
def validator(kind: str) -> Any:
    """The strict validator of a kind, from the bundled schemas."""
    if kind == AIBOM_SPDX:
        return jsonschema.Draft202012Validator(json.loads(read_text("schemas/spdx-3.0.1.schema.json")))
    names = ("spdx", "jsf-0.82", "cryptography-defs")
    loaded = [json.loads(read_text(f"schemas/{name}.schema.json")) for name in names]
    # The library's copies refer to each other by file name.
    registry = Registry().with_resources(
        (name, Resource.from_contents(one))
        for short, one in zip(names, loaded, strict=True)
        for name in (
            one["$id"],
            f"{short}.SNAPSHOT.schema.json",
            f"http://cyclonedx.org/schema/{short}.SNAPSHOT.schema.json",
        )
    )
    main = json.loads(read_text(f"schemas/bom-{'1.7' if kind == AIBOM_17 else '1.6'}.schema.json"))
    return jsonschema.Draft7Validator(main, registry=registry)


def faults(kind: str, content: str) -> list[str]:
    """What the official schema has against a file."""
    return [
        f"{list(one.path)}: {one.message[:200]}" for one in validator(kind).iter_errors(json.loads(content))
    ]


@pytest.mark.parametrize("kind", FOR_MACHINES)
@pytest.mark.parametrize("of", [samples.project(), samples.STATED, samples.project(samples.ANSWERS.replace(license="other", license_name="mine", release_date="2026-12-01", model_versions="1.0", model_name="mira/Llama-3.1-8B-Cooking", personal_data=False, origin="from_scratch"))], ids=["lora", "full", "other"])  # fmt: skip
def test_valid_and_read_back(kind: str, of: Project) -> None:
    assessment = samples.assessment(of)
    document = render(kind, of, assessment)
    assert faults(kind, document.content) == []
    read_back(document, of, assessment)
    assert render(kind, of, assessment).content == document.content


@pytest.mark.parametrize("kind", FOR_MACHINES)
def test_an_almost_empty_release_is_valid_too(kind: str) -> None:
    of = Project(answers=Answers(), by_hand=True)
    assessment = samples.assessment(of, footprint=Footprint(accounts=Accounts()), licences=())
    document = render(kind, of, assessment)
    assert faults(kind, document.content) == []
    read_back(document, of, assessment)


@pytest.mark.parametrize("kind", FOR_MACHINES)
@pytest.mark.parametrize("fact", ["1234567890123456789", "3.04", samples.HASH])
def test_a_lost_fact_is_noticed(kind: str, fact: str) -> None:
    of = samples.project()
    assessment = samples.assessment(of)
    document = render(kind, of, assessment)
    assert fact in document.content
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(fact, fact[::-1])), of, assessment)


def test_units() -> None:
    """1.0864 kg of CO2eq are 0.0010864 t; energy is in kWh in both; a wrong unit is refused by the schema."""
    of = samples.project()
    content = render(AIBOM, of, samples.assessment(of)).content
    card = json.loads(content)["metadata"]["component"]["modelCard"]
    (used,) = card["considerations"]["environmentalConsiderations"]["energyConsumptions"]
    assert used["activityEnergyCost"] == {"value": 3.04, "unit": "kWh"}
    assert used["co2CostEquivalent"] == {"value": 0.0010864, "unit": "tCO2eq"}
    assert used["activity"] == "fine-tuning"
    assert faults(AIBOM, content.replace("tCO2eq", "kg"))
    model = next(
        one
        for one in json.loads(render(AIBOM_SPDX, of, samples.assessment(of)).content)["@graph"]
        if one["type"] == "ai_AIPackage"
    )
    (amount,) = model["ai_energyConsumption"]["ai_finetuningEnergyConsumption"]
    assert (amount["ai_energyQuantity"], amount["ai_energyUnit"]) == (3.04, "kilowattHour")


def test_bases_licences_and_ranges() -> None:
    of = samples.project()
    bill = json.loads(render(AIBOM_17, of, samples.assessment(of)).content)
    model = bill["metadata"]["component"]
    (ancestor,) = model["pedigree"]["ancestors"]
    assert ancestor["purl"] == "pkg:huggingface/meta-llama/Llama-3.1-8B"
    assert "name" in ancestor["licenses"][0]["license"]
    assert "id" not in model["licenses"][0]["license"]  # llama3.1 is no SPDX id
    said = {one["name"]: one["value"] for one in model["modelCard"]["properties"]}
    low, central, high = (
        int(said[f"weighbridge:training-compute-flop:own:{end}"]) for end in ("low", "central", "high")
    )
    assert low < central == 1_234_567_890_123_456_789 < high
    assert said["weighbridge:training-compute-flop:own:method"] == "operations"
    refs = {one["bom-ref"] for one in bill["components"]}
    assert (
        set(bill["dependencies"][0]["dependsOn"])
        == refs
        == {"base:meta-llama/Llama-3.1-8B", "data:mira/recipes"}
    )


def test_every_spdx_id_of_the_table_is_one_of_the_standard() -> None:
    assert set(_SPDX.values()) <= set(json.loads(read_text("schemas/spdx.schema.json"))["enum"])
    for kind in (AIBOM, AIBOM_17):
        of = samples.project(samples.ANSWERS.replace(license="apache-2.0"))
        content = render(kind, of, samples.assessment(of)).content
        assert '"id": "Apache-2.0"' in content
        assert faults(kind, content) == []
        assert faults(kind, content.replace('"id": "Apache-2.0"', '"id": "apache-2.0"'))


def test_serial_number_follows_the_content() -> None:
    of = samples.project()
    assessment = samples.assessment(of)
    serial = json.loads(render(AIBOM, of, assessment).content)["serialNumber"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", serial)
    other = samples.project(samples.ANSWERS.replace(limitations="Another limit."))
    assert json.loads(render(AIBOM, other, assessment).content)["serialNumber"] != serial


def test_spdx_gaps_instead_of_inventions() -> None:
    of = samples.project(samples.ANSWERS.replace(developers=None))
    document = render(AIBOM_SPDX, of, samples.assessment(of))
    assert {gap.field for gap in document.gaps} == {
        "developers",
        "release_date",
        "model_versions",
        "model_name",
    }
    assert "suppliedBy" not in document.content
    assert "NOASSERTION" not in document.content


def test_spdx_passes_the_model_of_spdx_itself() -> None:
    from spdx_python_model import v3_0_1 as model

    of = samples.project(samples.STATED.answers.replace(release_date="2026-12-01", model_versions="1.0", model_name="mira/Llama-3.1-8B-Cooking"))  # fmt: skip
    content = render(AIBOM_SPDX, of, samples.assessment(of)).content
    objects = model.SHACLObjectSet()
    model.JSONLDDeserializer().deserialize_data(json.loads(content), objects)
    (package,) = (
        one
        for one in objects.foreach_type(model.ai_AIPackage, match_subclass=False)
        if one.name.startswith("mira")
    )
    assert package.suppliedBy.name == "Mira"
    assert str(package.releaseTime).startswith("2026-12-01")


def test_nothing_private() -> None:
    of = samples.project(
        samples.ANSWERS.replace(limitations="See /home/mira/notes and hf_" + "abcdefghijklmnopqrstuv")
    )
    for kind in FOR_MACHINES:
        document = render(kind, of, samples.assessment(of))
        assert "/home/mira" not in document.content
        assert "hf_abc" not in document.content
        assert document.withheld


def test_the_schemas_are_those_of_the_provenance() -> None:
    page = read_text("schemas/PROVENANCE.md")
    for digest, name in re.findall(r"([0-9a-f]{64})  (\S+)", page):
        assert hashlib.sha256(read_bytes(f"schemas/{name}")).hexdigest() == digest
    assert len(re.findall(r"[0-9a-f]{64}", page)) == 7
