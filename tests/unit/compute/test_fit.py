# SPDX-License-Identifier: Apache-2.0
"""What runs a model, and what it would take to train it again."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.fit import HOLDERS, training_gb
from core.compute.network import Network
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import Fit
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

LLAMA_3_8B = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
}


def fit(found: dict[str, Any] | None = None, **answers: Any) -> Fit | None:
    origin = Origin(kind=OriginKind.FILE, file="config.json")
    facts: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=value, origin=origin) for name, value in (found or {}).items()
    )
    project = Project(scan=ScanResult(folder_name="x", facts=facts), answers=Answers.model_validate(answers))
    return weigh(Known(project), load_reference()).fit


def test_eight_billion_at_three_precisions() -> None:
    found = fit({"config": LLAMA_3_8B})
    assert found is not None
    sixteen, eight, four = found.needs
    assert sixteen.weights_gb == pytest.approx(16.06, abs=0.01)
    assert eight.weights_gb == pytest.approx(8.53, abs=0.01)
    assert four.weights_gb == pytest.approx(4.87, abs=0.06)  # the usual file has 4.92 GB
    # 2 x 32 layers x 8 heads x 128 x 4096 tokens x 2 bytes
    assert sixteen.cache_gb == pytest.approx(0.537, abs=0.001)
    assert "a graphics card with 24 GB" in sixteen.runs_on
    assert "a graphics card with 16 GB" in sixteen.too_small
    assert "a graphics card with 8 GB" in four.runs_on
    assert "a phone with 8 GB" in four.too_small


def test_more_bits_never_need_less_and_every_device_is_named_once() -> None:
    for size in (10**6, 10**9, 7 * 10**10, 10**12):
        found = fit(parameters_total=size)
        assert found is not None
        totals = [need.total_gb for need in found.needs]
        assert totals == sorted(totals, reverse=True)
        for need in found.needs:
            assert len(need.runs_on) + len(need.too_small) == len(HOLDERS)
        assert found.needs[0].cache_gb is None


def test_hours_to_train_again() -> None:
    found = fit(parameters_total=10**9, tokens=10**10, epochs=1, training_method="full")
    assert found is not None
    card = {one.device: one for one in found.reruns}["NVIDIA H100 SXM5 80GB"]
    assert card.central == pytest.approx(6 * 10**19 / (989.4e12 * 0.25 * 3600), rel=0.01)
    assert card.low < card.central < card.high
    assert card.fits is True  # 16 bytes x 1e9 = 16 GB
    small = {one.device: one for one in found.reruns}["NVIDIA GeForce RTX 3060 12 GB"]
    assert small.fits is False
    assert small.central > card.central


def test_an_adapter_on_four_bits_fits_a_small_card() -> None:
    answers: dict[str, Any] = {
        "parameters_total": 7 * 10**9,
        "parameters_trainable": 10**7,
        "tokens": 10**7,
        "epochs": 1,
    }
    for method, holds in (("qlora", True), ("lora", False)):
        found = fit(training_method=method, **answers)
        assert found is not None
        assert found.reruns[0].fits is holds


def test_nothing_known_gives_none() -> None:
    assert fit() is None
    assert fit(origin="merge") is None


def test_room_for_a_model_on_each_device() -> None:
    """GB; what a system keeps for itself is judgement, so a change here should be meant."""
    rooms = {one.key: round(one.room, 2) for one in HOLDERS}
    assert rooms == {
        "phone": 4.0,
        "laptop_8": 4.8,
        "gpu_8": 7.36,
        "laptop_16": 11.2,
        "gpu_12": 11.28,
        "gpu_16": 15.2,
        "laptop_32": 24.0,
        "gpu_24": 23.04,
        "gpu_32": 30.72,
        "mac_64": 48.0,
        "gpu_80": 77.6,
    }
    assert [*rooms.values()] == sorted(rooms.values())


def test_memory_to_train() -> None:
    """16 bytes for a trained weight, 2 for a frozen one, 0.6 in 4 bits."""

    def network(method: str, total: int | None, trainable: int | None) -> Network:
        return Network(method=method, method_fact=None, total=total, trainable=trainable)

    million = 10**6
    assert training_gb(network("full", 7000 * million, None)) == pytest.approx(112.0)
    assert training_gb(network("lora", 7000 * million, 10 * million)) == pytest.approx(0.16 + 2 * 6.99)
    assert training_gb(network("qlora", 7000 * million, 10 * million)) == pytest.approx(0.16 + 0.6 * 6.99)
    assert training_gb(network("lora", 7000 * million, None)) is None
    assert training_gb(network("full", None, None)) is None
    assert training_gb(network("lora", million, 2 * million)) == pytest.approx(0.016)


def test_the_span_of_the_hours_is_that_of_the_work_and_of_the_share() -> None:
    found = fit(parameters_total=10**9, tokens=10**10, epochs=1, training_method="full", utilisation=0.4)
    assert found is not None
    card = {one.device: one for one in found.reruns}["NVIDIA A100 SXM4 80 GB"]
    per_hour, flop = 312e12 * 3600, 6e19
    assert card.central == pytest.approx(flop / (per_hour * 0.4), rel=0.001)
    assert card.low == pytest.approx(flop / (per_hour * 0.5), rel=0.01)
    assert card.high == pytest.approx(1.2 * flop / (per_hour * 0.32), rel=0.01)
    assert any("one device" in note for note in found.assumptions)
    assert [one.device for one in found.reruns] == [
        "NVIDIA GeForce RTX 3060 12 GB",
        "NVIDIA GeForce RTX 4090",
        "NVIDIA A100 SXM4 80 GB",
        "NVIDIA H100 SXM5 80GB",
    ]


def test_a_short_context_is_the_models_own() -> None:
    found = fit({"config": LLAMA_3_8B | {"max_position_embeddings": 1000}})
    assert found is not None
    assert found.context == 1000
    assert found.needs[0].cache_gb == pytest.approx(2 * 32 * 8 * 128 * 1000 * 2 / 1e9)
    longer = fit({"config": LLAMA_3_8B | {"max_position_embeddings": 100_000}})
    assert longer is not None
    assert longer.context == 4096


def test_without_a_configuration_the_conversation_is_said_to_be_left_out() -> None:
    found = fit(parameters_total=10**9)
    assert found is not None
    assert found.needs[0].total_gb == pytest.approx(1.1 * 2)
    assert found.needs[1].total_gb == pytest.approx(1.1 * 8.5 / 8)
    assert found.needs[2].total_gb == pytest.approx(1.1 * 4.84 / 8)
    assert any("not counted" in note for note in found.assumptions)
    assert not any("one device" in note for note in found.assumptions)
