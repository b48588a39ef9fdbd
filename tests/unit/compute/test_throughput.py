# SPDX-License-Identifier: Apache-2.0
"""Speed times hours: published or logged, and never a second count of the same hours."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.throughput import REAL_RUNS
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.footprint import Footprint, Witness
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.texts import text

A100 = "nvidia-a100-sxm4-40-gb"
SEVEN = {
    "parameters_total": 6_700_000_000,
    "output_modalities": ["text"],
    "origin": "from_scratch",
    "hardware": A100,
    "device_count": 8,
    "hours": 100,
}
VIT = {"model_type": "vit", "architectures": ["ViTForImageClassification"]}


def weighed(
    config: dict[str, Any] | None = None, found: dict[str, Any] | None = None, **answers: Any
) -> Footprint:
    values = dict(found or {}) | ({FoundOnly.CONFIG: config} if config else {})
    origin = Origin(kind=OriginKind.FILE, file="trainer_state.json")
    facts = tuple(Fact(name=name, value=value, origin=origin) for name, value in values.items())
    project = Project(scan=ScanResult(folder_name="x", facts=facts), answers=Answers.model_validate(answers))
    return weigh(Known(project), load_reference())


def the(name: str, footprint: Footprint) -> Witness | None:
    return next((one for one in footprint.witnesses if str(one.id) == name), None)


def test_published_speed_times_hours() -> None:
    witness = the("throughput", weighed(**SEVEN))
    assert witness is not None
    assert witness.estimate is not None
    # MPT-7b on this device: 3665 tokens/s, 43,058,239,028 FLOP a token; 8 devices, 100 hours.
    assert witness.estimate.central == pytest.approx(8 * 100 * 3600 * 3665 * 43_058_239_028 * 0.62, rel=1e-6)
    low, central, high = REAL_RUNS["decoder"]
    assert witness.estimate.low == pytest.approx(witness.estimate.central * low / central, rel=1e-6)
    assert witness.estimate.high == pytest.approx(witness.estimate.central * high / central, rel=1e-6)
    assert "3665 × 43,058,239,028 × 0.62" in witness.estimate.steps[0].expression
    assert "llm-foundry" in str(witness.estimate.inputs[0].origin.note)


def test_the_same_hours_are_not_counted_twice() -> None:
    footprint = weighed(**SEVEN)
    hardware, throughput = the("hardware", footprint), the("throughput", footprint)
    assert hardware is not None
    assert throughput is not None
    assert throughput.used
    assert not hardware.used
    assert "same hours" in hardware.remark
    assert footprint.accounts.own is not None
    assert throughput.estimate is not None
    # One witness only: its range is taken as it is and not narrowed by the other.
    assert (footprint.accounts.own.low, footprint.accounts.own.high) == (
        throughput.estimate.low,
        throughput.estimate.high,
    )


def test_with_tokens_it_is_combined_and_explained() -> None:
    footprint = weighed(**SEVEN, tokens=8_000_000_000)
    throughput, operations = the("throughput", footprint), the("operations", footprint)
    assert throughput is not None
    assert operations is not None
    assert throughput.used
    assert operations.used
    assert any("units per second" in line.label for line in footprint.explain)


@pytest.mark.parametrize(
    "change",
    [
        {"hardware": "nvidia-rtx-4090"},
        {"hours": None},
        {"parameters_total": 300_000_000_000},
        {"utilisation": 0.4},
        {"device_peak_flops": 624_000_000_000_000},
        {"training_method": "lora"},
        {"output_modalities": ["audio"]},
        {"precision": "fp32"},
    ],
)
def test_it_is_silent_where_no_published_speed_fits(change: dict[str, Any]) -> None:
    assert the("throughput", weighed(**(SEVEN | change))) is None


def test_pictures_have_their_own_rows() -> None:
    answers: dict[str, Any] = {"hardware": "nvidia-rtx-3090", "hours": 10, "device_count": 1}
    witness = the("throughput", weighed(VIT, **answers))
    assert witness is not None
    assert witness.estimate is not None
    assert witness.estimate.central == pytest.approx(36000 * 1455.9 * 20_700_000_000 * 0.62, rel=1e-6)
    # The span of the family's own benchmarks widens the range.
    assert witness.estimate.high / witness.estimate.low > REAL_RUNS["vision"][2] / REAL_RUNS["vision"][0]


TINY = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 128}


def test_a_logged_speed_speaks_where_the_steps_are_lost() -> None:
    found: dict[str, Any] = {
        FoundOnly.SAMPLES_PER_SECOND: 4.0,
        FoundOnly.TRAIN_RUNTIME_SECONDS: 7200.0,
        "sequence_length": 512,
    }
    config = TINY | {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
    }
    logged = weighed(config, found)
    counted = weighed(config, {"samples": 28_800, "sequence_length": 512})
    witness = the("throughput", logged)
    assert witness is not None
    assert witness.used
    assert witness.estimate is not None
    assert counted.accounts.own is not None
    assert witness.estimate.central == counted.accounts.own.central
    assert witness.estimate.steps[0].result == "28,800"
    assert the("throughput", weighed(config, found | {"samples": 28_800})) is None
    # 100 steps at one step a second are no two hours: the speed is of another part of the run.
    assert the("throughput", weighed(config, found | {FoundOnly.STEPS_PER_SECOND: 1.0, "steps": 100})) is None


def test_every_row_names_a_device_and_fits_its_peak() -> None:
    reference = load_reference()
    assert len(reference.throughput) >= 30
    for row in reference.throughput:
        device = reference.accelerator(row.device)
        assert device is not None, row.device
        share = row.units_per_second * row.flop_per_unit / device.training_peak_flops
        assert share == pytest.approx(row.utilisation, rel=0.02), row
        assert row.utilisation_low <= row.utilisation <= row.utilisation_high <= 0.7


def test_typed_numbers_that_hours_contradict_are_not_taken_alone() -> None:
    footprint = weighed(**(SEVEN | {"tokens": 30_000_000_000}))
    throughput, operations = the("throughput", footprint), the("operations", footprint)
    assert throughput is not None
    assert operations is not None
    assert throughput.used
    assert operations.used
    assert "both figures count" in footprint.agreement
    assert footprint.accounts.own is not None
    assert operations.estimate is not None
    assert footprint.accounts.own.central < operations.estimate.central
    backed = weighed(**(SEVEN | {"tokens": 30_000_000_000, "sequence_length": 2048}))
    assert backed.accounts.own is not None
    assert "left out" in backed.agreement
    assert backed.accounts.own.central == operations.estimate.central


def test_a_logged_speed_says_nothing_where_only_the_longest_length_is_known() -> None:
    config = {"model_type": "llama", "vocab_size": 128, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
              "num_attention_heads": 4}  # fmt: skip
    log = {"samples_per_second": 10.0, "sequence_length": 64}
    witness = the("throughput", weighed(config, log, hardware=A100, device_count=1, hours=1))
    assert witness is not None
    assert witness.estimate is not None
    assert witness.estimate.method == text("compute.method.throughput_logged")
    keyed = Origin(kind=OriginKind.FILE, file="args.json", key="max_length")
    facts = [Fact(name=FoundOnly.CONFIG, value=config, origin=keyed), Fact(name="sequence_length", value=64, origin=keyed),
             Fact(name="samples_per_second", value=10.0, origin=keyed)]  # fmt: skip
    answers = Answers(hardware=A100, device_count=1, hours=1)
    project = Project(scan=ScanResult(folder_name="x", facts=tuple(facts)), answers=answers)
    longest = the("throughput", weigh(Known(project), load_reference()))
    assert longest is None or longest.estimate is None or longest.estimate.method != witness.estimate.method
