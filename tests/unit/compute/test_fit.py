# SPDX-License-Identifier: Apache-2.0
"""What runs a model, and what it would take to train it again."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.fit import HOLDERS
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
