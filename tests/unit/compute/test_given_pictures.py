# SPDX-License-Identifier: Apache-2.0
"""Pictures that are given beside the noised one, and text encoders of which an adapter changes one alone.

Measured: flux_kontext_train_network.py of musubi-tuner (June 2026) on the published layer sizes with a LoRA of rank 4 and the
11 pictures of a run that it had made, meta device, PyTorch 2.13's counter, 28 November 2026.
"""

from typing import Any

import pytest

from core.domain.footprint import FlopEstimate
from tests.unit.compute.scenes import footprint

MEASURED = 313_304_745_345_024
CLIP = 2 * 85_054_464 * 77


def own(**found: Any) -> FlopEstimate:
    usual = {"training_method": "lora", "lora_rank": 4, "samples": 11, "latents_cached": True}
    told = {**usual, "text_outputs_cached": True, "resolution": [256, 256], **found}
    estimate = footprint({"found": told}).accounts.own
    assert estimate is not None
    return estimate


def test_a_measured_run_of_kontext() -> None:
    found = own(model_family="flux_kontext", pictures_given=True)
    assert found.central == pytest.approx(MEASURED, rel=0.02)
    assert any("given beside" in note for note in found.assumptions)


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ({"model_family": "flux_2_klein_4b", "pictures_given": True}, "flux_2_klein_4b"),
        ({"model_family": "flux_kontext"}, "flux1"),
        ({"model_family": "flux1", "base_path_name": "flux1-kontext-dev.safetensors"}, "flux1"),
    ],
)
def test_a_given_picture_is_read_as_a_picture_of_twice_the_height(told: dict[str, Any], plain: str) -> None:
    found = own(**told)
    alone, two, three = (own(model_family=plain, resolution=[256, 256 * times]) for times in (1, 2, 3))
    assert found.central == two.central
    assert found.low == pytest.approx(alone.low, rel=1e-6)
    assert found.high == pytest.approx(three.high, rel=0.03)


@pytest.mark.parametrize("family", ["flux1", "flux_2_klein_4b"])
def test_given_pictures_of_several_sizes(family: str) -> None:
    def sizes(times: int) -> dict[str, Any]:
        return {"picture_sizes": {f"128x{128 * times}": 3, f"256x{256 * times}": 5}, "model_family": family}

    assert own(**sizes(1), pictures_given=True).central == own(**sizes(2)).central


@pytest.mark.parametrize("family", ["flux1", "flux_2_klein_4b"])
def test_sizes_that_were_asked_for_bound_the_range_as_well(family: str) -> None:
    """From the smallest picture alone to the largest with two beside it; the autoencoder is taken at the mean size."""
    several = {"resolution": [512, 512], "resolutions": [[256, 256], [512, 512]]}
    found, plain = (
        own(model_family=family, pictures_given=True, **several),
        own(model_family=family, **several),
    )
    assert found.low == pytest.approx(plain.low, rel=1e-6)
    assert found.high == pytest.approx(own(model_family=family, resolution=[512, 3 * 512]).high, rel=0.05)


@pytest.mark.parametrize("told", [{"pictures_given": False}, {"pictures_given": None}])
def test_none_given(told: dict[str, Any]) -> None:
    found, plain = own(model_family="flux1", **told), own(model_family="flux1")
    assert (found.low, found.central, found.high) == (plain.low, plain.central, plain.high)


def test_a_model_that_lays_them_into_its_channels_reads_no_more_rows() -> None:
    plain = own(model_family="wan2.1_14b", frames=[5])
    assert own(model_family="wan2.1_14b", frames=[5], pictures_given=True).central == plain.central


def test_an_adapter_in_clip_alone_leaves_t5_as_it_was() -> None:
    told = {
        "model_family": "flux1", "training_tool": "kohya sd-scripts", "text_outputs_cached": None, "text_encoder_trained": False
    }  # fmt: skip
    still, clip = own(**told), own(**told | {"text_encoder_trained": True})
    both = own(**told | {"text_encoder_trained": True, "hyperparameters": {"train_t5xxl": True}})
    assert clip.central - still.central == 11 * CLIP
    assert both.central - still.central > 100 * (clip.central - still.central) / 2
    other = own(**told | {"text_encoder_trained": True, "training_tool": "OneTrainer"})
    assert other.central == both.central
