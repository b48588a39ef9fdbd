# SPDX-License-Identifier: Apache-2.0
"""The size of pictures and clips behind total_flos: figures of real runs of transformers 5.23, counted by PyTorch."""

from typing import Any

import pytest

from core.domain.footprint import Footprint
from tests.unit.compute.test_witnesses import weighed

WAVE: dict[str, Any] = {
    "model_type": "wav2vec2", "architectures": ["Wav2Vec2ForCTC"], "vocab_size": 20, "hidden_size": 32, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 64, "conv_dim": [16, 16], "conv_stride": [5, 2], "conv_kernel": [10, 3],
    "num_feat_extract_layers": 2, "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 4, "mask_time_prob": 0.0, "layerdrop": 0.0,
}  # fmt: skip
WAVE_PARAMETERS, WAVE_FORWARD = 21_436, 4_868_288
"""Of one clip of 800 values, by FlopCounterMode."""
PICTURE: dict[str, Any] = {
    "model_type": "vit", "architectures": ["ViTForImageClassification"], "hidden_size": 32, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 64, "image_size": 224, "patch_size": 8, "num_channels": 3,
}  # fmt: skip


def own(footprint: Footprint) -> Any:
    assert footprint.accounts.own is not None
    return footprint.accounts.own


def sound(values: int, samples: int, parameters: int = WAVE_PARAMETERS, **more: Any) -> Footprint:
    return weighed({"config": WAVE, "recorded_flos": float(6 * parameters * values), **more}, samples=samples)


def test_clips_are_as_long_as_total_flos_says() -> None:
    footprint = sound(40 * 800, 40)
    assert own(footprint).central == pytest.approx(3 * WAVE_FORWARD * 40, rel=1e-9)
    assert own(footprint).high < 1.2 * own(footprint).central
    assert "mean length" not in " ".join(own(footprint).assumptions)


def test_clips_of_many_lengths_are_taken_at_their_mean() -> None:
    assert "mean length" in " ".join(own(sound(40 * 800 + 7, 40)).assumptions)


@pytest.mark.parametrize(
    "footprint",
    [sound(40 * 800, 40, WAVE_PARAMETERS + 1), sound(39, 40), sound(40 * 800, 40, sharded=True)],
    ids=["the division leaves a rest", "fewer values than clips", "sharded weights count too few"],
)
def test_otherwise_the_length_stays_open(footprint: Footprint) -> None:
    assert own(footprint).high > 20 * own(footprint).low


def picture(pixels: int, **config: Any) -> Footprint:
    settings = {**PICTURE, **config}
    total = weighed({"config": settings}, samples=6).parameters.total  # type: ignore[union-attr]
    return weighed({"config": settings, "recorded_flos": float(6 * total * 3 * pixels * 6)}, samples=6)


def plain(**config: Any) -> Footprint:
    return weighed({"config": {**PICTURE, **config}}, samples=6)


def test_pictures_are_as_large_as_total_flos_says() -> None:
    segmenter = {
        "model_type": "segformer", "architectures": ["SegformerForSemanticSegmentation"], "hidden_sizes": [8, 16, 16, 32],
        "decoder_hidden_size": 16, "depths": [1, 1, 1, 1], "num_attention_heads": [1, 2, 2, 4], "image_size": 224,
        "num_channels": 3, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"},
    }  # fmt: skip
    run = {"config": segmenter, "recorded_flos": 32_655_605_760.0}
    measured = own(weighed(run, samples=10, parameters_total=44_292))
    assert measured.central == pytest.approx(7_649_280 * 10, rel=1e-9)
    assert own(weighed({"config": segmenter}, samples=10)).central > 10 * measured.central
    assert any("64 × 64" in line.expression for line in measured.steps)


def test_the_size_of_the_configuration_is_confirmed() -> None:
    confirmed = own(picture(224 * 224))
    assert confirmed.central == own(plain()).central
    assert not any("Pictures are taken" in note for note in confirmed.assumptions)
    assert any("Pictures are taken" in note for note in own(plain()).assumptions)


@pytest.mark.parametrize("pixels", [224 * 200, 4 * 4], ids=["no square", "too small for a picture"])
def test_a_size_that_cannot_be_told_is_not_guessed(pixels: int) -> None:
    assert own(picture(pixels)).central == own(plain()).central
    assert any("Pictures are taken" in note for note in own(picture(pixels)).assumptions)


def test_videos_and_texts_beside_a_picture_are_no_single_picture() -> None:
    for key in ("num_frames", "text_config"):
        assert any("Pictures are taken" in note for note in own(picture(96 * 96, **{key: None})).assumptions)
