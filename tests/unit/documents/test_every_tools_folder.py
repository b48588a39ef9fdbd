# SPDX-License-Identifier: Apache-2.0
"""Every document of every folder that a tool leaves: written, and read back with nothing lost."""

import datetime
from pathlib import Path

import pytest

from core.assess import assess
from core.documents import COMPUTE_RECORD, MODEL_CARD, plan_export, render
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path
from tests.hostile.tool_maker import FOLDERS, build

DAY = datetime.date(2026, 11, 28)


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_all_documents_are_written(name: str, tmp_path: Path) -> None:
    project = Project(scan=scan_path(build(tmp_path / "model", FOLDERS[name])))
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=DAY)
    target = tmp_path / "out"
    target.mkdir()
    plan = plan_export(project, assessment, target, only=[kind.id for kind in assessment.documents])
    assert len(plan.items) == len(assessment.documents)


@pytest.mark.parametrize("kind", [MODEL_CARD, COMPUTE_RECORD])
def test_trained_parameters_name_the_adapter_they_were_counted_in(kind: str, tmp_path: Path) -> None:
    project = Project(scan=scan_path(build(tmp_path / "model", FOLDERS["kohya"])))
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=DAY)
    whole = str(render(kind, project, assessment).content)
    rows = [line for line in whole.splitlines() if line.startswith("| Parameters")]
    assert [row for row in rows if "style.safetensors" in row and "trained" in row], rows
    assert [row for row in rows if row.startswith("| Parameters |") and "configuration" in row], rows
