# SPDX-License-Identifier: Apache-2.0
"""Pictures of several sizes, frozen parts that ran once or each time, adapters that name their layers.

Measured: train_network.py of sd-scripts (February 2026) with PyTorch 2.13 on a Stable Diffusion 1.5 of random weights,
13 batches of two, 27 November 2026, under PyTorch's counter of operations.
"""

from typing import Any

import pytest

from core.compute.picture_sizes import Size, mean_area, mean_cost, most_usual, picture_sizes
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.domain.project import Project
from tests.unit.compute.scenes import footprint

ENDS = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2", "proj_in", "proj_out")
RUN: dict[str, Any] = {
    "model_family": "sd_v1", "training_method": "lora", "lora_rank": 4, "samples": 26, "resolution": [128, 128],
    "picture_sizes": {"64x192": 4, "128x128": 14}, "latents_cached": False, "text_encoder_trained": True,
    "adapter_targets": dict.fromkeys(ENDS, 4), "denoiser_trainable": 1_695_744, "pictures": 9,
}  # fmt: skip
MEASURED = 4_573_124_614_144
ENCODING = 1_116_658_466_816 // 16
"""Of the autoencoder for a picture of 128 x 128."""


def own(**changes: Any) -> Footprint:
    return footprint({"found": {**RUN, **changes}})


def central(found: Footprint) -> int:
    assert found.accounts.own is not None
    return int(found.accounts.own.central)


def test_a_measured_run() -> None:
    found = own()
    assert central(found) == pytest.approx(MEASURED, rel=0.005)
    assert found.accounts.own is not None
    assert not [note for note in found.accounts.own.assumptions if "layers that the adapter" in note]
    assert {fact.name for fact in found.accounts.own.inputs} >= {
        "picture_sizes",
        "latents_cached",
        "text_encoder_trained",
    }


def test_without_the_sizes_all_pictures_are_as_large_as_the_resolution() -> None:
    assert central(own(picture_sizes=None)) > 1.04 * central(own())


def test_kept_latents_were_made_once() -> None:
    each, kept = central(own(picture_sizes=None)), central(own(picture_sizes=None, latents_cached=True))
    assert each - kept == pytest.approx((26 - 9) * ENCODING, rel=1e-4)
    unknown = own(picture_sizes=None, latents_cached=None)
    assert central(unknown) == pytest.approx(each)
    assert unknown.accounts.own is not None
    assert unknown.accounts.own.low < kept


def test_kept_latents_of_an_unknown_number_stand_in_the_upper_end_alone() -> None:
    told = {"picture_sizes": None, "text_encoder_trained": False, "text_outputs_cached": False}
    each = own(**told).accounts.own
    kept = own(**told, latents_cached=True, pictures=None).accounts.own
    assert each is not None
    assert kept is not None
    assert each.central - kept.central == pytest.approx(26 * ENCODING, rel=1e-4)
    assert kept.high == pytest.approx(each.high, rel=1e-4)
    assert any("How many pictures" in note for note in kept.assumptions)


def test_a_trained_text_encoder_runs_forward_and_back() -> None:
    alone = own(text_encoder_trained=False, text_outputs_cached=False)
    assert central(own()) - central(alone) == 26 * 2 * 85_054_464 * 77


def test_layers_of_other_names_are_said() -> None:
    found = own(denoiser_trainable=1_000_000)
    assert found.accounts.own is not None
    assert any("1,000,000" in note and "1,695,744" in note for note in found.accounts.own.assumptions)


@pytest.mark.parametrize("told", [{"axb": 1}, {"64x64": 0}, {"64x64": True}, {"1x64": 1}, {"99999x64": 1}, 3])
def test_sizes_that_cannot_be(told: Any) -> None:
    assert central(own(picture_sizes=told)) == central(own(picture_sizes=None))


CONVOLUTIONS = {"conv1": 4, "conv2": 4, "downsamplers.0.conv": 4, "upsamplers.0.conv": 4}
SMALL = {"conv_shortcut": 8, "time_emb_proj": 8}


@pytest.mark.parametrize(
    ("family", "more", "trained"),
    [
        ("sd_v1", {}, 3_391_488),
        ("sd_v1", {**SMALL, **CONVOLUTIONS}, 6_230_528),
        ("sd_v2", SMALL, 4_120_064),
        ("sd_v2", {**SMALL, **CONVOLUTIONS}, 6_296_064),
        ("sdxl_base_v1-0", SMALL, 21_747_200),
        ("sdxl_base_v1-0", {**SMALL, **CONVOLUTIONS}, 23_170_560),
    ],
)
def test_layers_by_name_hold_what_sd_scripts_makes(family: str, more: dict[str, int], trained: int) -> None:
    """Parameters of the networks that networks/lora.py of sd-scripts makes for its own U-Nets, rank 8, conv_dim 4."""
    targets = {**dict.fromkeys(ENDS, 8), **more}
    found = own(model_family=family, adapter_targets=targets, denoiser_trainable=trained, lora_rank=8)
    assert found.accounts.own is not None
    assert not any(f"{trained:,}" in note for note in found.accounts.own.assumptions)
    other = own(model_family=family, adapter_targets=targets, denoiser_trainable=trained + 1, lora_rank=8)
    assert other.accounts.own is not None
    assert any(f"{trained:,}" in note for note in other.accounts.own.assumptions)


def test_no_file_no_sizes() -> None:
    assert picture_sizes(Known(Project())) == ()


SIZES = (Size(64, 64, 1), Size(64, 128, 2), Size(128, 128, 5), Size(128, 192, 1), Size(256, 256, 3))


def test_a_parabola_through_three_areas_is_exact_for_what_grows_like_one() -> None:
    asked = []

    def cost(size: Size) -> int:
        asked.append(size)
        return 7 + 3 * size.area + 2 * size.area**2

    expected = sum((7 + 3 * one.area + 2 * one.area**2) * one.pictures for one in SIZES) / 12
    assert mean_cost(SIZES, cost) == pytest.approx(expected)
    assert len(asked) == 3
    asked.clear()
    expected = sum((7 + 3 * one.area + 2 * one.area**2) * one.pictures for one in SIZES[:4]) / 9
    assert mean_cost(SIZES[:4], cost) == pytest.approx(expected)
    assert len(asked) == 3


def test_frozen_parts_that_ran_each_time_are_in_no_doubt() -> None:
    told = {"text_encoder_trained": False, "text_outputs_cached": False}
    sure, unsure = own(**told).accounts.own, own(**told, latents_cached=None).accounts.own
    assert sure is not None
    assert unsure is not None
    assert sure.central == unsure.central
    assert sure.low > 1.5 * unsure.low


def test_dora_by_its_tensors_costs_more_than_lora() -> None:
    assert central(own(training_method="dora")) > central(own())


def test_most_usual_and_mean() -> None:
    assert most_usual(SIZES) == Size(128, 128, 5)
    assert mean_area(SIZES[:2]) == (4096 + 2 * 8192) / 3
    assert mean_cost(SIZES[:1], lambda size: 9) == 9


def test_a_tool_with_longer_texts_of_its_own() -> None:
    told = {
        "model_family": "stable-diffusion-3-medium",
        "training_method": "lora",
        "samples": 10,
        "lora_rank": 4,
    }
    usual = central(footprint({"found": {**told, "latents_cached": True, "text_outputs_cached": True}}))
    longer = central(
        footprint(
            {
                "found": {
                    **told,
                    "latents_cached": True,
                    "text_outputs_cached": True,
                    "training_tool": "kohya sd-scripts",
                }
            }
        )
    )
    # 333 tokens of text beside 4,096 of the picture, in place of 154.
    assert 1.03 < longer / usual < 1.06


def test_sizes_asked_for_bound_the_range() -> None:
    """How many pictures had which size is not told: as many of each in the middle, one size alone at each end."""

    def asked(*sides: int) -> Footprint:
        told = [[side, side] for side in sides]
        return own(picture_sizes=None, resolution=[sides[-1], sides[-1]], resolutions=told)

    small, large = (own(picture_sizes=None, resolution=[side, side]) for side in (128, 256))
    both = asked(128, 256)
    assert central(both) == pytest.approx((central(small) + central(large)) / 2, rel=0.01)
    assert both.accounts.own is not None
    assert both.accounts.own.low <= central(small)
    assert both.accounts.own.high >= central(large)
    assert any("2 sizes" in note for note in both.accounts.own.assumptions)
    assert central(asked(256)) == central(large)
    # What was counted comes before what was asked for.
    assert central(own(resolutions=[[128, 128], [256, 256]])) == central(own())


@pytest.mark.parametrize(
    "told", [None, 5, [[128, 128]], [[128, 128], 256], [[128, 128], [256]], [[128, 128], [1, 256]], [[128, 128], ["a", 256]]]
)  # fmt: skip
def test_sizes_asked_for_that_are_none(told: Any) -> None:
    assert central(own(picture_sizes=None, resolutions=told)) == central(own(picture_sizes=None))


def test_passes_beside_raise_the_upper_end_alone() -> None:
    """One forward pass is about half of what a LoRA's training pass takes; a second training pass as much again."""
    plain, once, most = own(), own(passes_beside=1), own(passes_beside=10**9)
    assert central(once) == central(plain)
    assert plain.accounts.own is not None
    assert once.accounts.own is not None
    assert most.accounts.own is not None
    assert once.accounts.own.low == plain.accounts.own.low
    assert 1.4 < once.accounts.own.high / plain.accounts.own.high < 1.55
    assert most.accounts.own.high < 20 * plain.accounts.own.high
    assert any("keep what it knew" in note for note in once.accounts.own.assumptions)
