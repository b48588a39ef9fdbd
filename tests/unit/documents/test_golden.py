# SPDX-License-Identifier: Apache-2.0
"""Whole documents against files under tests/golden. UPDATE_GOLDEN=1 writes them anew; then read the difference."""

import os
from pathlib import Path

import pytest

from core.documents import (
    AB2013,
    COMPUTE_RECORD,
    MODEL_CARD,
    NOTICE,
    RISK_NOTE,
    WHAT_APPLIES,
    WHAT_APPLIES_HTML,
    render,
)
from core.documents.kinds import AIBOM, AIBOM_17, AIBOM_SPDX, BADGE, CHECKLIST, MOF
from core.domain.answers import Answers
from tests.unit.documents import samples

GOLDEN = Path(__file__).parents[2] / "golden"
AUTHOR = (Path(__file__).parents[2] / "fixtures" / "cards" / "author.md").read_bytes()

CASES = {
    "lora.README.md": (MODEL_CARD, samples.project(), None),
    "few-facts.README.md": (MODEL_CARD, samples.project(Answers(), ()), None),
    "author.README.md": (MODEL_CARD, samples.project(), AUTHOR),
    "lora.training-data-statement.md": (AB2013, samples.project(), None),
    "full.training-data-statement.md": (AB2013, samples.STATED, None),
    "lora.compute-record.md": (COMPUTE_RECORD, samples.project(), None),
    "lora.risk-note.md": (RISK_NOTE, samples.project(), None),
    "full.risk-note.md": (RISK_NOTE, samples.RISKY, None),
    "lora.NOTICE": (NOTICE, samples.project(), None),
    "lora.what-applies.md": (WHAT_APPLIES, samples.project(), None),
    "lora.what-applies.html": (WHAT_APPLIES_HTML, samples.project(), None),
    "lora.release-checklist.md": (CHECKLIST, samples.project(), None),
    "lora.badge.svg": (BADGE, samples.project(), None),
    "lora.mof.yml": (MOF, samples.project(), None),
    "lora.aibom-1.6.cdx.json": (AIBOM, samples.project(), None),
    "lora.aibom-1.7.cdx.json": (AIBOM_17, samples.project(), None),
    "lora.aibom.spdx.json": (AIBOM_SPDX, samples.project(), None),
    "lora.eu-model-documentation.md": ("eu_model_form", samples.project(), None),
    "lora.eu-training-summary.md": ("eu_public_summary", samples.project(), None),
    "lora.eu-copyright-policy.md": ("eu_copyright_policy", samples.project(), None),
    "lora.eu-downstream-notes.md": ("eu_downstream", samples.project(), None),
    "lora.eu-article-52-notice.md": ("eu_notification", samples.project(), None),
}


@pytest.mark.parametrize("name", CASES)
def test_document_is_as_it_was(name: str) -> None:
    kind, project, existing = CASES[name]
    content = render(kind, project, samples.assessment(project), existing=existing).content.encode()
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_bytes(content)
    assert path.read_bytes().decode() == content.decode()


def test_every_golden_file_is_used() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)
