# SPDX-License-Identifier: Apache-2.0
import datetime
from pathlib import Path
from typing import Any

import pytest

from core.assess import assess
from core.documents import COMPUTE_RECORD, LostInWriting, read_back, render
from core.documents.words import flop, range_cell
from core.domain.answers import Answers
from core.domain.assessment import Assessment
from core.domain.document import RenderedDocument
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Accounts, Footprint
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path
from tests.unit.documents import samples

EXAMPLE = Path(__file__).parents[3] / "resources" / "examples" / "tiny-llama-lora"


def record(project: Project, assessment: Assessment) -> RenderedDocument:
    document = render(COMPUTE_RECORD, project, assessment)
    read_back(document, project, assessment)
    return document


def weighed() -> tuple[Project, Assessment]:
    project = Project(
        scan=scan_path(EXAMPLE),
        answers=Answers(
            base_model="meta-llama/Llama-3.1-8B", hardware="nvidia-rtx-4090", device_count=1, hours=2.0
        ),
    )
    book, tables = load_rulebook(), load_reference()
    return project, assess(project, rulebook=book, reference=tables, today=datetime.date(2026, 11, 23))


def test_a_real_run_can_be_checked_with_a_calculator() -> None:
    project, assessment = weighed()
    content = record(project, assessment).content
    for words in (
        "60,882,944 × 192 = 11,689,525,248 FLOP",
        "11,689,525,248 FLOP; lowest",
        "trainer_state.json, num_input_tokens_seen",
        "the whole file was read | config.json",
        "The tool wrote 13,783,007,232 FLOP.",
        assessment.rulebook.hash,
        "23 November 2026",
    ):
        assert words in content, words
    own = assessment.footprint.accounts.own
    assert own is not None
    row = next(line for line in content.splitlines() if line.startswith("| This training run"))
    assert f"| {flop(own.central)} | {range_cell(own)} | {own.method} |" in row
    steps = [line for line in content.splitlines() if " = " in line]
    assert len(steps) == len(set(steps)) >= len(assessment.footprint.explain)


def test_tables_and_what_was_worked_out_name_their_place() -> None:
    origin = Origin(kind=OriginKind.FILE, file="a.safetensors", key="ss_bucket_info")
    sizes = {f"{side}x64": side for side in range(1, 11)}
    facts = [
        Fact[Any](name="model_family", value="sd_v1", origin=origin.replace(key="family")),
        Fact[Any](name="training_method", value="lora", origin=origin.replace(key="method")),
        Fact[Any](name="lora_rank", value=4, origin=origin.replace(key="rank")),
        Fact[Any](name="picture_sizes", value=sizes, origin=origin),
        Fact[Any](
            name="samples",
            value=26,
            origin=Origin(
                kind=OriginKind.COMPUTED, file="a.safetensors", key="ss_items", note="items × passes"
            ),
        ),
    ]
    project = Project(scan=ScanResult(folder_name="x", facts=tuple(facts)))
    day = datetime.date(2026, 11, 23)
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=day)
    content = record(project, assessment).content
    assert "items × passes (a.safetensors, ss_items)" in content
    assert "1x64: 1, 2x64: 2" in content
    assert "8x64: 8 and 2 more" in content


@pytest.mark.parametrize(
    "words",
    ["60,882,944 × 192", "11,689,525,248 FLOP", "num_input_tokens_seen", "23 November", "rulebook"],
)
def test_a_lost_fact_is_noticed(words: str) -> None:
    project, assessment = weighed()
    document = record(project, assessment)
    if words == "rulebook":
        words = assessment.rulebook.hash
    assert words in document.content
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(words, "")), project, assessment)


def test_what_is_not_known_is_said_and_no_number_stands_for_it() -> None:
    project = samples.project(Answers(), ())
    nothing = Footprint(accounts=Accounts())
    content = record(project, samples.assessment(project, footprint=nothing)).content
    assert "This training run: not known." in content
    assert "All together: not known." in content
    assert "## Arithmetic" not in content
    assert "FLOP |" not in content


def test_a_way_without_its_inputs_is_not_called_a_comparison() -> None:
    project = samples.project()
    row = next(
        line
        for line in record(project, samples.assessment(project)).content.splitlines()
        if line.startswith("| Device hours |")
    )
    assert row == "| Device hours | not known | not known |  |"


def test_recomputed_work_is_an_account_of_its_own_only_when_it_differs() -> None:
    project = samples.project()
    found = samples.footprint().accounts
    more = samples.flop(2 * found.own.central) if found.own is not None else None
    label = "repeated work included"
    same = samples.footprint(accounts=found.replace(hardware_own=found.own))
    other = samples.footprint(accounts=found.replace(hardware_own=more))
    assert label not in record(project, samples.assessment(project, footprint=same)).content
    assert label in record(project, samples.assessment(project, footprint=other)).content


def test_private_things_stay_out() -> None:
    inputs: tuple[Any, ...] = (
        samples.fact("steps", 1200, "my secret client/trainer_state.json", "global_step"),
    )
    own = samples.flop(10**15, inputs=inputs, assumptions=("Read from /home/mira/run.",))
    project = samples.project()
    assessment = samples.assessment(project, footprint=samples.footprint(accounts=Accounts(own=own)))
    document = record(project, assessment)
    assert "secret client" not in document.content
    assert "/home/mira" not in document.content
    assert document.withheld


def test_a_key_that_begins_with_underscores_survives() -> None:
    key = "__metadata__.ss_base_model_version"
    own = samples.flop(10**15, inputs=(samples.fact("model_family", "sdxl", "style.safetensors", key),))
    project = samples.project()
    assessment = samples.assessment(project, footprint=samples.footprint(accounts=Accounts(own=own)))
    read_back(record(project, assessment), project, assessment)


def test_every_figure_stands_once_to_the_digit() -> None:
    own = samples.flop(123_456_789_012_345_678)
    project = samples.project()
    footprint = samples.footprint(accounts=Accounts(own=own, direct=own, cumulative=own))
    content = record(project, samples.assessment(project, footprint=footprint)).content
    assert content.count(f"{own.central:,}") == 1
    assert (
        "| This training run (the same as: the training that changed the model itself, all together) |"
        in content
    )


def test_points_of_the_annex_are_counted_in_words() -> None:
    project, assessment = weighed()
    content = record(project, assessment).content
    assert "(points 115, 116)" in content
    assert "(point 118)" in content


def test_what_cannot_be_is_not_told_as_not_known() -> None:
    """From nothing: there is no base. Nothing trained: no parameters were."""
    own = samples.flop(123_456_789_012_345_678)
    alone = samples.footprint(accounts=Accounts(own=own, direct=own, cumulative=own))
    new = samples.project(samples.ANSWERS.replace(origin="from_scratch"))
    assert "Base model: not known." not in record(new, samples.assessment(new, footprint=alone)).content
    tuned = samples.project(samples.ANSWERS.replace(origin="fine_tune"))
    assert "Base model: not known." in record(tuned, samples.assessment(tuned, footprint=alone)).content
    nothing = samples.flop(0)
    merged = samples.footprint(accounts=Accounts(own=nothing, direct=nothing), witnesses=())
    assert "| Parameters trained |" not in record(tuned, samples.assessment(tuned, footprint=merged)).content
    assert "| Parameters trained |" in record(tuned, samples.assessment(tuned, footprint=alone)).content


def test_how_a_base_was_weighed_is_told_without_notes_that_no_reader_has() -> None:
    told = {row.basis for row in load_reference().base_models}
    assert len(told) > 5
    assert not [words for words in told if "notes" in words or "op count" in words]


def test_short_enough_to_print() -> None:
    project, assessment = weighed()
    assert len(record(project, assessment).content.splitlines()) <= 90
