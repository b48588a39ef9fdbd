# SPDX-License-Identifier: Apache-2.0
"""Clashes of licences, and the wrong cards seen in the wild (reference on licences and model cards)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.documents.gaps import find_gaps
from core.domain.answers import Answers
from core.domain.document import Severity
from core.domain.fact import AnyFact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.licences import free_and_open, licence_conflicts, licence_duties
from core.licences.spdx import licence_ids, spdx_id
from core.reference import load_reference
from core.verdict import with_clashes
from tests.unit.rules.readability import grade


def _known(**answers: Any) -> Known:
    return Known(Project(answers=Answers.model_validate({"origin": "fine_tune", **answers})))


def _kinds(known: Known) -> list[str]:
    found = licence_conflicts(known, licence_duties(known, load_reference()))
    for finding in found:
        assert finding.headline
        assert finding.todo
        assert finding.sources
        assert grade(f"{finding.headline} {finding.why} {finding.todo}") <= 9.0, finding.why
    return [finding.instrument.partition(":")[2] for finding in found]


def _of(base: str, **answers: Any) -> list[str]:
    return _kinds(_known(base_model=base, **answers))


WRONG_CARDS = {
    "Apache on a Llama 3.1 base, as some training tools write it": (
        "meta-llama/Llama-3.1-8B",
        {"license": "apache-2.0", "model_name": "Llama-3.1-8B-Recipes"},
        ["drops_limits"],
    ),
    "Apache on Gemma 3": ("google/gemma-3-4b-it", {"license": "apache-2.0"}, ["drops_limits"]),
    "Gemma terms on Gemma 4, which is under Apache": (
        "google/gemma-4-12B",
        {"license": "gemma"},
        ["not_of_this_base"],
    ),
    "Apache on Qwen2.5-VL-3B, which is for research": (
        "Qwen/Qwen2.5-VL-3B-Instruct",
        {"license": "apache-2.0"},
        ["drops_limits"],
    ),
    "A name that begins with Meta-Llama": (
        "meta-llama/Llama-3.1-8B",
        {"license": "llama3.1", "model_name": "me/Meta-Llama-3.1-8B-Unsloth-Tuned"},
        ["name"],
    ),
    "MIT instead of the licence of the base": (
        "meta-llama/Llama-3.2-1B",
        {"license": "mit", "model_name": "Llama-3.2-1B-npu"},
        ["drops_limits"],
    ),
}


@pytest.mark.parametrize("card", WRONG_CARDS)
def test_a_wrong_card_is_caught(card: str) -> None:
    base, answers, kinds = WRONG_CARDS[card]
    assert _of(base, **answers) == kinds


def test_a_card_whose_licence_key_is_misspelt_has_none() -> None:
    """`licence: license` leaves the model without a licence: that is owed."""
    known = _known(base_model="meta-llama/Llama-3.1-8B")
    gaps = find_gaps(known, Footprint(), (), licence_duties(known, load_reference()))
    assert any(gap.field == "license" and gap.severity is Severity.OWED for gap in gaps)


def test_a_base_that_is_a_path_gives_no_permission() -> None:
    origin = Origin(kind=OriginKind.FILE, file="adapter_config.json", key="base_model_name_or_path")
    fact = AnyFact(name="base_path_name", value="gemma-3-1b", origin=origin)
    known = Known(Project(scan=ScanResult(folder_name="x", facts=(fact,))))
    (duty,) = licence_duties(known, load_reference())
    assert duty.licence_id == "unknown"
    assert _kinds(known) == []


@pytest.mark.parametrize(
    ("base", "answers", "kinds"),
    [
        ("meta-llama/Llama-3.1-8B", {"license": "llama3.1", "model_name": "Llama-mine"}, []),
        ("mistralai/Mistral-7B-v0.1", {"license": "mit"}, []),
        ("mistralai/Mistral-7B-v0.1", {"license": "cc-by-nc-4.0", "purpose": "commercial"}, []),
        ("google/gemma-3-4b-it", {"license": "other"}, []),
        ("google/gemma-3-4b-it", {}, []),
        ("CohereLabs/aya-expanse-8b", {"license": "cc-by-nc-4.0"}, []),
        ("CohereLabs/aya-expanse-8b", {"license": "cc-by-nc-4.0", "monetised": True}, ["commercial"]),
        ("black-forest-labs/FLUX.1-dev", {"purpose": "commercial"}, ["commercial"]),
        ("Ultralytics/YOLO11n", {"license": "apache-2.0"}, ["share_alike"]),
        ("Ultralytics/YOLO11n", {"license": "AGPL-3.0-or-later"}, []),
        ("meta-llama/Llama-4-Scout-17B-16E", {"developer_in_eu": True}, ["eu"]),
        ("meta-llama/Llama-4-Scout-17B-16E", {"developer_in_eu": False}, []),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", {"license": "mit"}, ["drops_limits"]),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", {"license": "mit"}, []),
        ("me/unknown-base", {"license": "mit", "purpose": "commercial"}, []),
    ],
)
def test_clash(base: str, answers: dict[str, Any], kinds: list[str]) -> None:
    assert _of(base, **answers) == kinds


def test_two_share_alikes_in_a_merge() -> None:
    origin = Origin(kind=OriginKind.FILE, file="mergekit_config.yml", key="models")
    bases = ["Ultralytics/YOLO11n", "microsoft/layoutlmv3-base"]
    fact = AnyFact(name="base_models", value=bases, origin=origin)
    known = Known(Project(scan=ScanResult(folder_name="x", facts=(fact,)), answers=Answers(origin="merge")))
    assert _kinds(known) == ["two_share_alikes"]


def test_clashes_stand_before_what_does_not_matter() -> None:
    known = _known(base_model="google/gemma-4-12B", license="gemma")
    clashes = licence_conflicts(known, licence_duties(known, load_reference()))
    idle = clashes[0].replace(matters=False)
    assert with_clashes((clashes[0], idle), clashes) == (clashes[0], *clashes, idle)


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("apache-2.0", ("apache-2.0",)),
        (" MIT ", ("mit",)),
        ("MIT OR (Apache-2.0 AND CC-BY-4.0)", ("mit", "apache-2.0", "cc-by-4.0")),
        ("mit or apache-2.0", ("mit", "apache-2.0")),
        ("MIT OR MIT", ("mit",)),
        ("GPL-3.0-or-later WITH Classpath-exception-2.0", ("gpl-3.0",)),
        ("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", ("gpl-2.0", "mit")),
        ("GPL-3.0+", ("gpl-3.0",)),
        ("my-own-licence", ("my-own-licence",)),
        ("llama3.1 AND MIT", ("llama3.1", "mit")),
        ("MIT AND (", ("mit and (",)),
        ("(((", ("(((",)),
        ("AND", ("and",)),
        ("", ()),
        ("all rights reserved", ("all rights reserved",)),
    ],
)
def test_licence_ids_of_expressions(expression: str, ids: tuple[str, ...]) -> None:
    assert licence_ids(expression) == ids


def test_spdx_spelling() -> None:
    assert spdx_id("apache-2.0") == "Apache-2.0"
    assert spdx_id("ODBL") == "ODbL-1.0"
    assert spdx_id("llama3.1") is None


def test_a_plain_id_loads_no_library() -> None:
    code = (
        "import sys; from core.licences.spdx import licence_ids, spdx_id; licence_ids('apache-2.0'); "
        "spdx_id('mit'); assert 'license_expression' not in sys.modules; licence_ids('MIT OR ISC'); "
        "assert 'license_expression' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.parametrize(
    ("expression", "test"),
    [
        ("MIT OR Apache-2.0", "pass"),
        ("MIT AND CC-BY-NC-4.0", "fail"),
        ("MIT OR CC-BY-NC-4.0", "pass"),
        ("openrail AND MIT", "unclear"),
        ("openrail OR MIT", "pass"),
        ("MIT AND banana", None),
        ("MIT OR banana", "pass"),
        ("CC-BY-NC-4.0 AND banana", "fail"),
        ("openrail OR banana", None),
        ("GPL-3.0-or-later WITH Classpath-exception-2.0", "pass"),
        ("(MIT", None),
        ("all rights reserved", None),
        ("mit", "pass"),
        ("banana", None),
    ],
)
def test_an_expression_is_as_free_as_what_it_leaves_to_choose(expression: str, test: str | None) -> None:
    assert free_and_open(expression) == test
