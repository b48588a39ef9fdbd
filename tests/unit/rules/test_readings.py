# SPDX-License-Identifier: Apache-2.0
"""How the rules read a release: where it started, what it makes, who pays, and whether size alone settles a line."""

import datetime
from typing import Any

import pytest

from core.domain.names import FoundOnly
from core.rules.case import Case, Start
from core.rules.conditions import amount, intimate, is_service, likeness, outputs, serves, service
from core.rules.eu.lines import direct_of, eu_lines
from core.rules.frontier import frontier_line
from core.rules.us_california import SB_53
from core.texts import text
from tests.unit.rules.cases import release

LABEL = {"output_modalities": ["label"]}


@pytest.mark.parametrize(
    ("said", "found", "start"),
    [
        ({}, {}, Start.UNKNOWN),
        ({"origin": "from_scratch"}, {}, Start.SCRATCH),
        ({"origin": "fine_tune"}, {}, Start.MODIFICATION),
        ({"origin": "continued_pretraining"}, {}, Start.MODIFICATION),
        ({"origin": "merge"}, {}, Start.MERGE),
        ({"origin": "conversion"}, {}, Start.CONVERSION),
        ({"base_model": "a/b"}, {}, Start.MODIFICATION),
        ({"base_flop": 10**22}, {}, Start.MODIFICATION),
        ({"base_folder": "/somewhere"}, {}, Start.MODIFICATION),
        ({}, {FoundOnly.ADAPTER_CONFIG: {"peft_type": "LORA"}}, Start.MODIFICATION),
        ({}, {FoundOnly.BASE_PATH_NAME: "llama"}, Start.MODIFICATION),
        ({"origin": "from_scratch"}, {FoundOnly.ADAPTER_CONFIG: {"peft_type": "LORA"}}, Start.SCRATCH),
        # further training of one's own model is the same model (point 22), a merge of one's own is a merge
        ({"origin": "fine_tune", "base_is_own": True}, {}, Start.SCRATCH),
        ({"base_model": "me/mine", "base_is_own": True}, {}, Start.SCRATCH),
        ({"origin": "merge", "base_is_own": True}, {}, Start.MERGE),
        ({"origin": "conversion", "base_is_own": True}, {}, Start.CONVERSION),
        ({"origin": "fine_tune", "base_is_own": False}, {}, Start.MODIFICATION),
    ],
)
def test_where_it_started(said: dict[str, Any], found: dict[str, Any], start: Start) -> None:
    assert release(found=found, **said).start is start


def test_a_start_from_scratch_is_no_earlier_version() -> None:
    assert not release(origin="from_scratch", base_is_own=True).own_base
    assert release(origin="fine_tune", base_is_own=True).own_base


def test_what_updated_the_model() -> None:
    """An earlier version of one's own counts with it; with either unknown the sum is unknown."""
    mine: dict[str, Any] = {"origin": "fine_tune", "base_is_own": True}
    both = release(3 * 10**20, 10**20, **mine).update
    assert both is not None
    assert (both.low, both.central, both.high) == (4 * 10**20, 4 * 10**20, 4 * 10**20)
    assert release(3 * 10**20, **mine).update is None
    assert release(None, 10**20, **mine).update is None
    others = release(3 * 10**20, 10**20, origin="fine_tune").update
    assert others is not None
    assert others.central == 3 * 10**20


def test_a_conversion_trains_nothing() -> None:
    nothing = direct_of(release(origin="conversion"))
    assert nothing is not None
    assert (nothing.low, nothing.central, nothing.high) == (0, 0, 0)
    some = direct_of(release(5, origin="conversion"))
    assert some is not None
    assert some.central == 5
    assert direct_of(release(origin="fine_tune")) is None


@pytest.mark.parametrize(
    ("said", "found", "makes"),
    [
        ({}, {}, None),
        ({"generative": False, "output_modalities": ["text"]}, {}, False),
        ({"generative": True, "output_modalities": ["label"]}, {}, True),
        ({"output_modalities": ["label", "text"]}, {}, True),
        ({"output_modalities": ["video"]}, {}, True),
        ({"output_modalities": ["label", "embedding"]}, {}, False),
        ({"output_modalities": ["label", "other"]}, {}, None),
        ({"output_modalities": ["other"], "pipeline_tag": "text-generation"}, {}, None),
        ({"pipeline_tag": "translation"}, {}, True),
        ({"pipeline_tag": "image-to-video"}, {}, True),
        ({"pipeline_tag": "object-detection"}, {}, False),
        ({"pipeline_tag": "fill-mask"}, {}, False),
        ({"pipeline_tag": "sentence-similarity"}, {}, False),
        ({"pipeline_tag": "feature-extraction"}, {}, False),
        ({"pipeline_tag": "image-segmentation"}, {}, False),
        ({"pipeline_tag": "robotics"}, {}, None),
        ({}, {FoundOnly.ARCHITECTURE_CLASS: "LlamaForCausalLM"}, True),
        ({}, {FoundOnly.ARCHITECTURE_CLASS: "GPT2LMHeadModel"}, True),
        ({}, {FoundOnly.ARCHITECTURE_CLASS: "T5ForConditionalGeneration"}, True),
        ({}, {FoundOnly.ARCHITECTURE_CLASS: "BertForTokenClassification"}, False),
        ({}, {FoundOnly.ARCHITECTURE_CLASS: "ForCausalLMOfMine"}, None),
        ({"pipeline_tag": "robotics"}, {FoundOnly.ARCHITECTURE_CLASS: "LlamaForCausalLM"}, True),
        ({"pipeline_tag": "text-classification"}, {FoundOnly.ARCHITECTURE_CLASS: "XForCausalLM"}, False),
    ],
)
def test_whether_it_makes_new_content(
    said: dict[str, Any], found: dict[str, Any], makes: bool | None
) -> None:
    assert release(found=found, **said).generative is makes


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"output_modalities": ["label"], "generative": True}, False),
        ({"output_modalities": ["label", "image"]}, True),
        ({"generative": True}, True),
        ({"generative": False}, False),
        ({}, None),
    ],
)
def test_kinds_that_the_indicator_names(said: dict[str, Any], kind: bool | None) -> None:
    assert release(**said).indicator_kind is kind


@pytest.mark.parametrize(
    ("said", "money"),
    [
        ({}, None),
        ({"monetised": True}, True),
        ({"monetised": False}, False),
        ({"monetised_how": ["donations"]}, False),
        ({"monetised_how": ["optional_services", "donations"], "monetised": True}, False),
        ({"monetised_how": ["donations", "price"]}, True),
        ({"gate": "personal_data", "monetised": False}, True),
        ({"gate": "safety_check", "monetised": False}, False),
        ({"gate": "personal_data", "monetised_how": ["donations"]}, False),
    ],
)
def test_whether_money_is_taken(said: dict[str, Any], money: bool | None) -> None:
    assert release(**said).takes_money is money


@pytest.mark.parametrize(("form", "private"), [("private", True), ("gated", False), (None, False)])
def test_kept_private(form: str | None, private: bool) -> None:
    assert release(release_form=form).private is private


def test_the_day_of_release() -> None:
    assert release(release_date=datetime.date(2025, 8, 1)).released == datetime.date(2025, 8, 1)
    assert release().released is None


def test_a_model_too_small_for_a_line() -> None:
    """6 × parameters × 10^15 tokens against 10^26, strictly: 16,666,666,666 parameters stay below, one more does not."""
    line = frontier_line(release(), SB_53)
    assert (line.value, line.operator) == (10**26, ">")
    assert release(parameters=16_666_666_666).too_small_for(line)
    assert not release(parameters=16_666_666_667).too_small_for(line)
    assert release(parameters=8_333_333_333).too_small_for(line, models=2)
    assert not release(parameters=8_333_333_334).too_small_for(line, models=2)
    assert not release().too_small_for(line)
    assert not release(parameters=1, synthetic_data="private").too_small_for(line)
    assert release(parameters=1, synthetic_data="public").too_small_for(line)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ({}, set()),
        ({"output_modalities": ["text", "audio"], "pipeline_tag": "text-to-image"}, {"text", "audio"}),
        ({"pipeline_tag": "text-to-image"}, {"image"}),
        ({"pipeline_tag": "image-to-image"}, {"image"}),
        ({"pipeline_tag": "unconditional-image-generation"}, {"image"}),
        ({"pipeline_tag": "text-to-video"}, {"video"}),
        ({"pipeline_tag": "image-to-video"}, {"video"}),
        ({"pipeline_tag": "text-to-speech"}, {"audio"}),
        ({"pipeline_tag": "text-to-audio"}, {"audio"}),
        ({"pipeline_tag": "text-generation"}, {"text"}),
        ({"pipeline_tag": "text-classification"}, set()),
        ({"generative": True}, set()),
    ],
)
def test_kinds_of_output(said: dict[str, Any], kinds: set[str]) -> None:
    assert outputs(release(**said)) == kinds


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        ({}, None),
        ({"with_demo": True}, True),
        ({"with_demo": False}, False),
        ({"release_form": "api_or_app", "with_demo": False}, True),
        ({"release_form": "open_weights"}, None),
    ],
)
def test_whether_it_is_a_service(said: dict[str, Any], runs: bool | None) -> None:
    assert is_service(release(**said)) is runs


def test_whom_the_demo_is_for() -> None:
    assert serves(release(), "kr") is None
    assert serves(release(demo_countries=["cn"]), "cn") is True
    assert serves(release(demo_countries=["cn"]), "vn") is False


DEMO: dict[str, Any] = {"with_demo": True, "output_modalities": ["text"], "demo_countries": ["cn"]}


@pytest.mark.parametrize(
    ("said", "media", "reason", "owed"),
    [
        (DEMO, False, "serves", True),
        (DEMO | {"release_form": "private"}, False, "private", False),
        (DEMO | {"with_demo": False}, False, "files_only", False),
        (DEMO | {"with_demo": None}, False, "files_assumed", False),
        (DEMO | LABEL, False, "labels", False),
        (DEMO, True, "no_media", False),
        (DEMO | {"output_modalities": ["text", "image"]}, True, "serves", True),
        (DEMO | {"output_modalities": None, "generative": True}, True, "serves", True),
        (DEMO | {"demo_countries": None}, False, "where", True),
        (DEMO | {"demo_countries": ["vn"]}, False, "not_there", False),
    ],
)
def test_a_law_on_services(said: dict[str, Any], media: bool, reason: str, owed: bool) -> None:
    ruling = service(release(**said), "cn", "mark", media=media)
    assert ruling.reason == f"rules_why.{reason}"
    assert ruling.duties == (("mark",) if owed else ())


@pytest.mark.parametrize(
    ("said", "reason", "banned"),
    [
        ({"real_person": "without_consent"}, "likeness", True),
        ({"real_person": "with_consent"}, "consent", False),
        ({"real_person": "no", "output_modalities": ["image"]}, "nobody", False),
        ({"output_modalities": ["audio"]}, "likeness_open", False),
        ({"output_modalities": ["text"]}, "nobody_assumed", False),
        ({}, "nobody_assumed", False),
    ],
)
def test_a_law_on_likeness(said: dict[str, Any], reason: str, banned: bool) -> None:
    ruling = likeness(release(**said), "stop")
    assert (ruling.reason, ruling.forbidden) == (f"rules_why.{reason}", banned)
    assert ruling.duties == (("stop",) if banned else ())


@pytest.mark.parametrize(
    ("said", "reason", "banned"),
    [
        ({"sexual_images": "real_people"}, "intimate_real_people", True),
        ({"sexual_images": "children"}, "intimate_children", True),
        ({"sexual_images": "no", "output_modalities": ["image"]}, "not_intimate", False),
        ({"output_modalities": ["video"]}, "intimate_open", False),
        ({"output_modalities": ["audio"]}, "no_images", False),
        ({}, "no_images", False),
    ],
)
def test_a_law_on_intimate_images(said: dict[str, Any], reason: str, banned: bool) -> None:
    ruling = intimate(release(**said), "stop")
    assert (ruling.reason, ruling.forbidden) == (f"rules_why.{reason}", banned)
    assert ruling.duties == (("stop",) if banned else ())


@pytest.mark.parametrize(
    ("number", "crossed", "words", "inputs"),
    [
        (None, None, "unknown", ""),
        (1_000_000, False, "under", "1,000,000 persons"),
        (1_000_001, True, "over", "1,000,001 persons"),
    ],
)
def test_an_amount_beside_its_line(number: int | None, crossed: bool | None, words: str, inputs: str) -> None:
    said, step = amount(release(), "us_california.sb_942.monthly_users", number)
    assert said is crossed
    assert (step.value, step.inputs) == ("> 1,000,000 persons", inputs)
    assert step.result == text(f"rules_why.amount.{words}")


def test_the_bar_of_a_base() -> None:
    """A third of the base; of the line itself where the base is unknown; of 10^25 where the base is systemic."""

    def bar(case: Case) -> int | None:
        line = eu_lines(case).bar
        return None if line is None else line.value

    assert bar(release(1, 9 * 10**23, origin="fine_tune")) == 3 * 10**23
    assert bar(release(1, 10, origin="fine_tune")) == 3
    assert bar(release(1, origin="fine_tune")) == 33_333_333_333_333_333_333_333
    assert bar(release(1, origin="fine_tune", base_systemic=True)) == 3_333_333_333_333_333_333_333_333
    assert bar(release(1, origin="from_scratch")) is None
    assert bar(release(1)) is None
    assert len(eu_lines(release(1)).all) == 2
    assert [line.id for line in eu_lines(release(1, 9, origin="fine_tune")).all] == [
        "eu.gpai_indicator",
        "eu.modification_bar",
        "eu.systemic_presumption",
    ]
