# SPDX-License-Identifier: Apache-2.0
"""Every document for every trained folder: written, read back, no stand-ins, nothing private; and how much is filled."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from core.documents import plan_export
from core.documents.card.build import card_context
from core.documents.card.identity import identify
from core.documents.forms.build import fill, form_case
from core.documents.forms.schema import load_form
from core.documents.privacy import Withheld
from core.domain.known import Known

ROOT = Path(__file__).parents[3]
TRAINED = ROOT / "tests" / "fixtures" / "trained"
FOLDERS = sorted(path.name for path in TRAINED.iterdir() if path.is_dir() and path.name[0] != "_")
TRANSFORMERS = [name for name in FOLDERS if name.startswith(("hf_trainer", "trl_"))]


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("documents_benchmark", ROOT / "benchmarks" / "documents.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK: Any = _benchmark()


@pytest.mark.parametrize("name", FOLDERS)
def test_every_document_is_written_and_holds_no_stand_in_and_nothing_private(
    name: str, tmp_path: Path
) -> None:
    project, assessment = BENCHMARK.opened(TRAINED / name)
    plan = plan_export(project, assessment, tmp_path, BENCHMARK.KINDS)
    assert len(plan.items) == len(BENCHMARK.KINDS)
    problems = [one for item in plan.items for one in BENCHMARK.checks(item.path.name, item.document.content)]
    assert problems == []


def test_the_checks_find_what_they_look_for() -> None:
    text = "---\nlicense: banana\n---\n[More Information Needed] in /home/mira/x with hf_abcdefghijklmnopqrstuvwxyz01\n"
    assert len(list(BENCHMARK.checks("README.md", text))) == 4


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_four_fifths_of_what_files_can_answer_is_filled_without_typing(name: str) -> None:
    folder = TRAINED / name
    project, assessment = BENCHMARK.opened(folder)
    known = Known(project)
    filled: dict[str, bool] = BENCHMARK.card_fields(
        card_context(project, assessment, identify(known), Withheld()), known
    )
    case = form_case(project, assessment, Withheld())
    values = {field.id: value is not None for field, value in fill(load_form("eu_model_form"), case)}
    filled |= {f"form {one}": values[one] for one in BENCHMARK.FORM_FIELDS}
    can = BENCHMARK.answerable(folder)
    assert len(can) >= 25
    assert sum(filled[one] for one in can) / len(can) >= 0.8
