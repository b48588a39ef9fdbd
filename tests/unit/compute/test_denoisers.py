# SPDX-License-Identifier: Apache-2.0
"""Denoisers of 2025: their families by the tools' words, and what one sample of them costs."""

from typing import Any

import pytest

from core.compute.families import attention_of, config_of_base, config_of_family
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.compute.network import count_sequence
from core.domain.estimate import FlopEstimate
from tests.unit.compute.scenes import footprint

PICTURE = 4_882_572_509_184
"""FLOP of the encoder of FLUX.1's autoencoder for 1024 x 1024 pixels, measured."""


# Parameters: those of the published weights, counted by the classes of diffusers 0.42.1 built with the published sizes.
FAMILIES = {
    "Z-Image": (6_154_908_736, "z_image zimage Z-Image z-image-turbo Z-Image-Base"),
    "FLUX.2 dev": (32_223_281_152, "FLUX.2-dev flux_2_dev flux2-dev"),
    "FLUX.2 klein 4B": (3_875_544_576, "Flux.2-klein-4b flux_2_klein_4b flux2_klein_4b FLUX.2-klein-base-4B"),
    "FLUX.2 klein 9B": (9_078_581_248, "flux2_klein_9b flux_2_klein_9b FLUX.2-klein-base-9B"),
    "Wan 2.1 1.3B": (1_418_996_800, "Wan2.1-T2V-1.3B-Diffusers wan2.1_t2v_1.3B_bf16.safetensors Wan2_1-T2V-1_3B"),
    "Wan 14B": (
        14_288_491_584,
        "Wan2.1-T2V-14B wan_2.2_14b wan22_14b Wan2.2-T2V-A14B wan2.2_t2v_low_noise_14B_fp16.safetensors",
    ),
    "Wan 2.1 14B, from a picture": (16_394_878_784, "Wan2.1-I2V-14B-480P wan2.1_i2v_720p_14B_fp8_scaled"),
    "Wan 2.2 14B, from a picture": (
        14_288_901_184,
        "Wan2.2-I2V-A14B-Diffusers wan22_14b_i2v wan2.2_i2v_high_noise_14B_fp16",
    ),
    "Wan 2.1 14B, between two pictures": (16_395_536_704, "Wan2.1-FLF2V-14B-720P-diffusers"),
    "Wan 2.2 5B": (4_999_787_712, "Wan2.2-TI2V-5B wan_2.2_5b wan22_5b"),
    "Chroma": (8_899_983_424, "chroma chroma_1 Chroma1-HD chroma-unlocked-v37"),
    "Lumina Image 2.0": (2_609_769_152, "lumina2 lumina-2 Lumina-Image-2.0"),
    "HunyuanVideo": (12_821_012_544, "hunyuan_video hunyuan-video"),
}  # fmt: skip
VAGUE = """flux2 flux_2 wan wan2.1 wan_2.1 z_image_omni Wan2.1-VACE-14B Wan2.1-Fun-1.3B-Control chroma_radiance chromatic lumina
    hunyuan_video_1_5 hunyuan-video-1.5 hunyuanvideo hunyuan_video_i2v wan2.2-s2v-14b FLUX.2-klein zimage_l2p"""


@pytest.mark.parametrize("name", FAMILIES)
def test_words_of_the_tools_and_names_of_the_bases(name: str) -> None:
    parameters, words = FAMILIES[name]
    for word in words.split():
        found = config_of_family(word)
        assert found is not None, word
        assert found[0] == name, word
        assert count_sequence(found[1], None, None, 8).parameters_total == parameters


@pytest.mark.parametrize("word", VAGUE.split())
def test_words_for_several_sizes_or_for_other_networks_mean_none(word: str) -> None:
    assert config_of_family(word) is None


@pytest.mark.parametrize(
    ("base", "word", "name"),
    [
        ("tencent/HunyuanVideo", "", "HunyuanVideo"),
        ("tencent/HunyuanVideo", "hunyuanvideo", "HunyuanVideo"),
        ("Wan-AI/Wan2.2-TI2V-5B", "", "Wan 2.2 5B"),
        ("someone/Wan2.2-TI2V-5B", "", None),  # anybody may call anything so
        ("someone/Wan2.2-TI2V-5B", "wan", "Wan 2.2 5B"),
        ("wan2.1_t2v_14B.safetensors", "wan", "Wan 14B"),
        ("wan2.1_t2v_14B.safetensors", "flux", None),
        ("flux-2-klein-9b.safetensors", "flux_2", "FLUX.2 klein 9B"),
        ("Tongyi-MAI/Z-Image", "", "Z-Image"),
        ("models\\wan2.1_t2v_14B.safetensors", "wan2.1", "Wan 14B"),
    ],
)
def test_a_word_for_several_sizes_beside_the_name_of_a_base(base: str, word: str, name: str | None) -> None:
    found = config_of_base(base, word)
    assert (found[0] if found else None) == name


def own(**found: Any) -> FlopEstimate:
    usual = {"training_method": "lora", "lora_rank": 16, "samples": 10, "latents_cached": True}
    estimate = footprint({"found": {**usual, "text_outputs_cached": True, **found}}).accounts.own
    assert estimate is not None
    return estimate


def step(word: str, latent: tuple[int, ...], text: int) -> int:
    found = config_of_family(word)
    assert found is not None
    adapter = {"peft_type": "LORA", "r": 16, "target_modules": [*attention_of(found[1])]}
    return count_flops(found[1], Inputs(latent=latent, text_len=text), adapter=adapter).step_flop


@pytest.mark.parametrize(
    ("word", "text", "reader"),
    [
        ("flux_2_dev", (512, 512, 512), 22_229_811_200),
        ("flux_2_klein_4b", (512, 512, 512), 3_633_315_840),
        ("flux_2_klein_9b", (512, 512, 512), 6_945_767_424),
        ("chroma", (512, 512, 512), 4_630_511_616),
        ("z_image", (32, 128, 512), 3_633_315_840),
        ("lumina2", (16, 64, 256), 2_024_275_968),
    ],
)
def test_an_adapter_for_pictures(word: str, text: tuple[int, int, int], reader: int) -> None:
    """The picture's places are those of the latent, an eighth a side, cut into squares of two."""
    found = own(model_family=word, resolution=[1024, 768])
    least, usual, most = (step(word, (16, 96, 128), length) for length in text)
    assert found.central == 10 * usual
    # 5 % either way, and 8 and 10 % for layer sizes that stand in no file; frozen parts ran at most once for each sample.
    frozen = round(PICTURE * 0.75) + 2 * reader * text[2]
    assert found.low == pytest.approx(0.95 * 0.92 * 10 * least, rel=1e-6)
    assert found.high == pytest.approx(1.05 * 1.1 * 10 * (most + frozen), rel=1e-6)
    kept = own(model_family=word, resolution=[1024, 768], pictures=4)
    assert kept.central - found.central == 4 * frozen
    unknown = own(model_family=word, resolution=[1024, 768], latents_cached=None, text_outputs_cached=None)
    assert unknown.central - found.central == 10 * frozen


def test_pictures_of_a_size_that_no_file_tells() -> None:
    found, small, large = (
        own(model_family="chroma"),
        *(own(model_family="chroma", resolution=[side, side]) for side in (512, 1024)),
    )
    assert small.central < found.central < large.central
    assert found.low == pytest.approx(small.low, rel=1e-6)
    assert found.high == pytest.approx(large.high, rel=1e-6)
    assert any("512 × 512" in note and "1024 × 1024" in note for note in found.assumptions)


def test_pictures_of_several_sizes() -> None:
    sizes = {"1024x1024": 1, "512x512": 3}
    found = own(model_family="chroma", picture_sizes=sizes)
    large, small = (step("chroma", (16, side, side), 512) for side in (128, 64))
    assert found.central == pytest.approx(10 * (large + 3 * small) / 4, rel=1e-6)


def test_sizes_that_were_asked_for_bound_the_range() -> None:
    sides: dict[str, Any] = {"resolution": [1024, 1024], "resolutions": [[512, 512], [1024, 1024]]}
    found = own(model_family="chroma", **sides)
    large, small = (step("chroma", (16, side, side), 512) for side in (128, 64))
    assert found.central == pytest.approx(10 * (large + small) / 2, rel=1e-6)
    assert found.low <= 10 * small < 10 * large <= found.high
    clip = own(model_family="wan_2.2_14b", frames=[33], **sides)
    ends = [step("wan_2.2_14b", (16, 9, side, side), 512) for side in (64, 128)]
    assert clip.central == pytest.approx(10 * (ends[0] * ends[1]) ** 0.5, rel=1e-6)
    assert clip.low <= 10 * ends[0] < 10 * ends[1] <= clip.high


@pytest.mark.parametrize(
    ("word", "cut", "deep", "encoder"),
    [
        ("wan_2.2_14b", 8, 16, (1_770_826_760_192 / 512**2, 1_313_079_296_000 / 4 / 256**2)),
        ("wan_2.2_5b", 16, 48, (1_220_016_078_848 / 512**2, 915_254_280_192 / 4 / 256**2)),
        ("hunyuan_video", 8, 16, (3_249_620_910_080 / 512**2, 2_388_440_121_344 / 4 / 256**2)),
    ],
)
def test_an_adapter_for_videos(word: str, cut: int, deep: int, encoder: tuple[float, float]) -> None:
    """Four frames behind the first one stand together."""
    text, wide, high = 256 if word == "hunyuan_video" else 512, 832, 480
    settings: dict[str, Any] = {"model_family": word, "resolution": [wide, high]}
    picture = own(**settings, frames=[1])
    clip = own(**settings, frames=[33])
    assert picture.central == 10 * step(word, (deep, 1, high // cut, wide // cut), text)
    assert clip.central == 10 * step(word, (deep, 9, high // cut, wide // cut), text)
    reader = 6_979_321_856 * 351 if word == "hunyuan_video" else 4_630_511_616 * 512
    frozen = own(**settings, frames=[33], latents_cached=None, text_outputs_cached=None)
    wanted = wide * high * (encoder[0] + 32 * encoder[1]) + 2 * reader
    assert (frozen.central - clip.central) / 10 == pytest.approx(wanted, rel=1e-6)
    several = own(**settings, frames=[33, 1])
    assert several.low == pytest.approx(picture.low, rel=1e-6)
    assert several.high == pytest.approx(clip.high, rel=1e-6)
    assert several.central == pytest.approx((picture.central * clip.central) ** 0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("word", "frames"), [("wan_2.2_14b", 81), ("wan_2.2_5b", 121), ("hunyuan_video", 129)]
)
def test_a_clip_whose_length_no_file_tells(word: str, frames: int) -> None:
    """Between one picture and the length that the model was built for; what the file tells wrongly counts as untold."""
    settings: dict[str, Any] = {"model_family": word, "resolution": [832, 480]}
    found = own(**settings)
    least, most = own(**settings, frames=[1]), own(**settings, frames=[frames])
    assert least.central < found.central < most.central
    assert found.low == pytest.approx(least.low, rel=1e-6)
    assert found.high == pytest.approx(most.high, rel=1e-6)
    assert any(f"{frames}, the length" in note for note in found.assumptions)
    for odd in ([], [0], ["x"], [10**9], 81):
        assert own(**settings, frames=odd).central == found.central
    rough = own(model_family=word)
    assert rough.low < found.low
    assert rough.high >= 0.999999 * found.high
    assert any("256 × 256" in note for note in rough.assumptions)


def test_the_range_holds_frozen_parts_of_the_longest_clip() -> None:
    settings: dict[str, Any] = {"model_family": "wan_2.2_14b", "resolution": [832, 480]}
    running = {"latents_cached": None, "text_outputs_cached": None}
    found, most = own(**settings, **running), own(**settings, **running, frames=[81])
    assert found.high >= 1.049 * most.central


def test_a_picture_beside_a_clip_is_encoded_as_long_as_the_clip() -> None:
    settings: dict[str, Any] = {"resolution": [832, 480], "frames": [33], "text_outputs_cached": True}
    costs = []
    for word in ("wan22_14b", "wan22_14b_i2v"):
        running, kept = (own(**settings, model_family=word, latents_cached=one) for one in (False, True))
        costs.append(running.central - kept.central)
    assert costs[1] == pytest.approx(2 * costs[0], rel=1e-6)


def test_layers_that_make_all_at_once_are_among_those_of_an_adapter() -> None:
    flux1, flux2 = (config_of_family(word) for word in ("flux1", "flux_2_dev"))
    assert flux1 is not None
    assert flux2 is not None
    assert {*attention_of(flux2[1])} - {*attention_of(flux1[1])} == {"to_qkv_mlp_proj", "to_out"}
