# SPDX-License-Identifier: Apache-2.0
"""What it ran on, by hand: hours, devices, the share of the peak for each kind of work, energy and the four accounts."""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.fit import training_gb
from core.compute.hardware import Machine, resolve_machine, utilisation
from core.compute.network import Network
from core.domain.answers import Answers
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.texts import text

REFERENCE = load_reference()
N, D = 10**9, 10**6


def known(found: dict[str, Any] | None = None, **said: Any) -> Known:
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    facts: tuple[AnyFact, ...] = tuple(
        Fact(name=name, value=value, origin=origin) for name, value in (found or {}).items()
    )
    scan = ScanResult(folder_name="x", facts=facts) if facts else None
    return Known(Project(scan=scan, answers=Answers.model_validate(said)))


def weighed(found: dict[str, Any] | None = None, **said: Any) -> Footprint:
    return weigh(known(found, **said), REFERENCE)


def machine(found: dict[str, Any] | None = None, **said: Any) -> Machine:
    return resolve_machine(known(found, **said), REFERENCE)


def test_nothing_known_lacks_both() -> None:
    got = machine()
    assert (got.peak, got.hours, got.count, got.missing) == (None, None, 1, ("hardware", "hours"))
    assert got.assumptions == (text("compute.assume.one_device"),)


@pytest.mark.parametrize(
    ("found", "said", "hours", "named"),
    [
        ({}, {"hours": 2}, 2.0, "hours"),
        ({"train_runtime_seconds": 5400.0}, {}, 1.5, "train_runtime_seconds"),
        ({"train_runtime_seconds": 5400.0}, {"hours": 2}, 2.0, "hours"),
        ({"train_runtime_seconds": 0.0}, {}, None, None),
    ],
)
def test_hours(found: dict[str, Any], said: dict[str, Any], hours: float | None, named: str | None) -> None:
    got = machine(found, **said)
    assert got.hours == hours
    assert [fact.name for fact in got.inputs] == ([named] if named else [])
    assert ("hours" in got.missing) is (hours is None)


@pytest.mark.parametrize(
    ("found", "said", "count", "assumed"),
    [
        ({}, {"device_count": 8}, 8, False),
        ({"world_size": 4}, {}, 4, False),
        ({"world_size": 4}, {"device_count": 8}, 8, False),
        ({"world_size": 0}, {}, 1, True),
        ({}, {}, 1, True),
    ],
)
def test_devices(found: dict[str, Any], said: dict[str, Any], count: int, assumed: bool) -> None:
    got = machine(found, **said)
    assert got.count == count
    assert (text("compute.assume.one_device") in got.assumptions) is assumed


def test_a_peak_that_somebody_names_wins() -> None:
    got = machine(hardware="nvidia-h100-sxm5-80gb", device_peak_flops=10**15)
    assert got.peak == 10**15
    assert not any("TFLOP" in note for note in got.assumptions)
    assert machine(hardware="nvidia-h100-sxm5-80gb").peak == 989_400_000_000_000
    unknown = machine(hardware="a card nobody knows")
    assert (unknown.peak, unknown.device, unknown.missing) == (None, None, ("hardware", "hours"))


def net(model_type: str = "", total: int | None = None, method: str = "full") -> Network:
    config = {"model_type": model_type} if model_type else None
    return Network(method=method, method_fact=None, config=config, total=total)


TEXT = {"output_modalities": ["text"]}


@pytest.mark.parametrize(
    ("network", "stage", "said", "share"),
    [
        (net(), "", {}, (0.05, 0.25, 0.55)),
        (net("llama"), "grpo", {}, (0.01, 0.06, 0.30)),
        (net("llama"), "ppo", {}, (0.01, 0.06, 0.30)),
        (net("llama"), "", {}, (0.10, 0.30, 0.55)),
        (net("llama", method="lora"), "", {}, (0.08, 0.25, 0.45)),
        (net("llama"), "", {"hardware": "nvidia-rtx-4090"}, (0.08, 0.25, 0.45)),
        (net("vit"), "", {}, (0.15, 0.35, 0.60)),
        (net("resnet"), "", {}, (0.03, 0.15, 0.45)),
        (net(), "", TEXT | {"origin": "from_scratch"}, (0.10, 0.30, 0.55)),
        (net(), "", TEXT | {"origin": "continued_pretraining"}, (0.10, 0.30, 0.55)),
        (net(), "", TEXT | {"origin": "fine_tune"}, (0.08, 0.25, 0.45)),
        (net(), "", {"origin": "from_scratch"}, (0.05, 0.25, 0.55)),
        (net(method="lora"), "", TEXT | {"origin": "fine_tune"}, (0.05, 0.25, 0.55)),
        (net("llama", total=49_999_999), "", {}, (0.001, 0.10, 0.40)),
        (net("llama", total=50_000_000), "", {}, (0.10, 0.30, 0.55)),
    ],
)
def test_the_usual_share_of_the_peak(
    network: Network, stage: str, said: dict[str, Any], share: tuple[float, float, float]
) -> None:
    who = known(**said)
    got = utilisation(who, network, resolve_machine(who, REFERENCE), stage)
    assert (got.low, got.central, got.high) == share
    assert got.assumed


@pytest.mark.parametrize(
    ("said", "share"),
    [(0.4, (0.32, 0.4, 0.5)), (0.9, (0.72, 0.9, 1.0)), (1.0, (0.8, 1.0, 1.0))],
)
def test_a_share_that_somebody_names(said: float, share: tuple[float, float, float]) -> None:
    got = utilisation(known(utilisation=said), net(), Machine(), "")
    assert (got.low, got.central, got.high) == pytest.approx(share)
    assert got.assumed == ""


def test_energy_is_hours_watts_and_overhead() -> None:
    """8 devices × 10 h × 400 W = 32 kWh; × 1.25 = 40 kWh; at 200 g each 8 kg."""
    got = weighed(
        hardware="nvidia-h100-sxm5-80gb",
        hours=10,
        device_count=8,
        device_watts=400,
        pue=1.25,
        grid_g_per_kwh=200,
    )
    assert got.energy is not None
    assert got.co2 is not None
    assert got.energy.central == pytest.approx(40)
    assert (got.energy.low, got.energy.high) == pytest.approx((36, 44))
    assert (got.co2.low, got.co2.central, got.co2.high) == pytest.approx((7.2, 8.0, 8.8))
    assert got.energy.steps[0].expression == "80 h × 400 W × 1.25 / 1000"
    assert got.energy.steps[0].result == "40 kWh"
    assert got.co2.steps[-1].expression == "40 kWh × 200 / 1000"


@pytest.mark.parametrize(
    ("said", "overhead"),
    [
        ({"device_watts": 100}, (1.0, 1.0, 1.2)),
        ({"device_watts": 100, "pue": 1.0}, (1.0, 1.0, 1.0)),
        ({"device_watts": 100, "pue": 1.5}, (1.5, 1.5, 1.5)),
    ],
)
def test_overhead_of_the_building(said: dict[str, Any], overhead: tuple[float, float, float]) -> None:
    got = weighed(hardware="nvidia-h100-sxm5-80gb", hours=10, device_count=1, **said).energy
    assert got is not None
    low, central, high = overhead
    assert (got.low, got.central, got.high) == pytest.approx((0.9 * low, central, 1.1 * high))


def test_a_limit_of_the_board_is_the_most_it_draws() -> None:
    """An H100 SXM may draw 700 W: 0.6 to 1.0 of it, usually 0.8; the building adds a tenth, at most a fifth."""
    got = weighed(hardware="nvidia-h100-sxm5-80gb", hours=10, device_count=1).energy
    assert got is not None
    assert (got.low, got.central, got.high) == pytest.approx((4.2, 5.6 * 1.1, 7.0 * 1.2))
    home = weighed(hardware="nvidia-rtx-4090", hours=10, device_count=1).energy
    assert home is not None
    assert (home.low, home.central, home.high) == pytest.approx((2.7, 3.6, 4.5 * 1.2))


def test_a_meter_is_right_within_a_twentieth() -> None:
    got = weighed(energy_kwh=100).energy
    assert got is not None
    assert (got.low, got.central, got.high) == pytest.approx((95, 100, 105))


def test_hours_from_operations() -> None:
    """6 × 10^9 × 10^9 / (989.4 × 10^12 × 0.5 × 3600) hours at 1,000 W."""
    got = weighed(
        hardware="nvidia-h100-sxm5-80gb",
        parameters_total=N,
        tokens=10**9,
        epochs=1,
        utilisation=0.5,
        device_watts=1000,
        pue=1.0,
    ).energy
    assert got is not None
    assert got.central == pytest.approx(6e18 / (989.4e12 * 0.5 * 3600))
    assert got.low == pytest.approx(0.9 * 6e18 / (989.4e12 * 0.625 * 3600))
    assert got.high == pytest.approx(1.1 * 1.2 * 6e18 / (989.4e12 * 0.4 * 3600))


@pytest.mark.parametrize(
    ("method", "total", "trained", "gb"),
    [
        ("full", N, None, 16.0),
        ("full", N, N, 16.0),
        ("full", None, N, None),
        ("lora", N, None, None),
        ("lora", N, N // 10, 16 * 0.1 + 2 * 0.9),
        ("qlora", N, N // 10, 16 * 0.1 + 0.6 * 0.9),
        ("lora", N, 2 * N, 16.0),
    ],
)
def test_memory_to_train(method: str, total: int | None, trained: int | None, gb: float | None) -> None:
    network = Network(method=method, method_fact=None, total=total, trainable=trained)
    assert training_gb(network) == (None if gb is None else pytest.approx(gb))


RUN: dict[str, Any] = {"parameters_total": N, "tokens": D, "epochs": 1}
OWN = 6 * N * D


@pytest.mark.parametrize(
    ("said", "base", "low", "high"),
    [
        ({"base_flop": 10**20}, 10**20, 0.7, 1.3),
        ({"base_parameters": N, "base_tokens": 10**10}, 6 * 10**19, 0.8, 1.5),
        ({"base_flop": 10**20, "base_parameters": N, "base_tokens": 10**10}, 10**20, 0.7, 1.3),
        ({"base_flop": 0, "base_parameters": N, "base_tokens": 10**10}, 6 * 10**19, 0.8, 1.5),
        ({"base_parameters": N}, None, 0, 0),
        ({"base_tokens": N}, None, 0, 0),
        ({"base_parameters": N, "base_tokens": 0}, None, 0, 0),
        ({}, None, 0, 0),
    ],
)
def test_the_base(said: dict[str, Any], base: int | None, low: float, high: float) -> None:
    found = weighed(**RUN, origin="fine_tune", **said).accounts
    if base is None:
        assert found.base is None
        assert found.cumulative is None
        return
    assert found.base is not None
    assert found.cumulative is not None
    assert found.base.central == base
    assert (found.base.low, found.base.high) == pytest.approx((low * base, high * base))
    assert found.cumulative.central == base + OWN
    assert found.cumulative.low == found.base.low + OWN


@pytest.mark.parametrize(
    ("said", "added"),
    [
        ({}, 0),
        ({"synthetic_flop": 10**15}, 10**15),
        ({"synthetic_data": "private", "synthetic_flop": 10**15}, 10**15),
        ({"synthetic_data": "public", "synthetic_flop": 10**15}, 0),
        ({"synthetic_data": "none", "synthetic_flop": 10**15}, 0),
        ({"synthetic_data": "private"}, 0),
        ({"synthetic_data": "private", "synthetic_flop": 0}, 0),
    ],
)
def test_data_made_by_a_model(said: dict[str, Any], added: int) -> None:
    """Only data that is not public counts, and only towards the cumulative account."""
    got = weighed(**RUN, origin="from_scratch", **said)
    assert got.accounts.cumulative is not None
    assert got.accounts.direct is not None
    assert got.accounts.cumulative.central == OWN + added
    assert got.accounts.direct.central == OWN
    unknown = said.get("synthetic_data") == "private" and not said.get("synthetic_flop")
    assert (text("compute.warn.synthetic") in got.warnings) is unknown
    if added:
        assert got.accounts.synthetic is not None
        assert (got.accounts.synthetic.low, got.accounts.synthetic.high) == pytest.approx(
            (0.7 * added, 1.3 * added)
        )


def test_trainings_between_the_base_and_this_one() -> None:
    tuned = weighed(**RUN, origin="fine_tune", base_flop=10**20, earlier_tunes_flop=10**18).accounts
    assert tuned.cumulative is not None
    assert tuned.cumulative.central == 10**20 + 10**18 + OWN
    fresh = weighed(**RUN, origin="from_scratch", earlier_tunes_flop=10**18).accounts
    assert fresh.cumulative is not None
    assert fresh.cumulative.central == OWN


@pytest.mark.parametrize("origin", ["merge", "conversion"])
def test_what_trains_nothing(origin: str) -> None:
    found = weighed(origin=origin, base_flop=10**20).accounts
    assert found.own is not None
    assert (found.own.low, found.own.central, found.own.high) == (0, 0, 0)
    assert found.cumulative is not None
    assert found.cumulative.central == 10**20


@pytest.mark.parametrize(
    ("said", "warning"),
    [
        ({}, "origin_unknown"),
        ({"origin": "fine_tune"}, "base_unnamed"),
        ({"base_model": "somebody/unknown"}, "base_unknown"),
        ({"origin": "from_scratch"}, None),
    ],
)
def test_why_the_base_is_not_known(said: dict[str, Any], warning: str | None) -> None:
    warnings = weighed(**RUN, **said).warnings
    for name in ("origin_unknown", "base_unnamed", "base_unknown"):
        assert (text(f"compute.warn.{name}") in warnings) is (name == warning)


@pytest.mark.parametrize(
    ("total", "said", "doubted"),
    [
        (1_236_000_000, {}, False),
        (2_472_000_000, {}, False),  # twice its base, as a model whose layers were stacked
        (2_472_000_001, {}, True),
        (618_000_000, {}, False),
        (617_999_999, {}, True),
        (26_784, {}, True),
        (26_784, {"origin": "conversion"}, True),
        (26_784, {"origin": "merge"}, False),
        (26_784, {"origin": "from_scratch"}, False),
    ],
)
def test_a_base_of_another_size_is_doubted(total: int, said: dict[str, Any], doubted: bool) -> None:
    """The table gives Llama 3.2 1B 1,236,000,000 parameters."""
    base = "meta-llama/Llama-3.2-1B"
    warnings = weighed({**RUN, "parameters_total": total}, base_model=base, **said).warnings
    sentence = text("compute.warn.base_size", base=base, size=1_236_000_000, total=total)
    assert (sentence in warnings) is doubted


def test_a_base_that_is_not_in_the_table_is_not_doubted() -> None:
    warnings = weighed({**RUN, "parameters_total": N}, base_model="somebody/unknown").warnings
    assert not any("another size" in one for one in warnings)
