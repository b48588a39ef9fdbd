# SPDX-License-Identifier: Apache-2.0
"""What sd-scripts says of its pictures, and which layers an image adapter's tensors name.

The texts are those that sd-scripts (February 2026) wrote into the header of a file on 27 November 2026, names left out.
"""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from core.scan.formats.adapter_ends import read_ends
from core.scan.formats.safetensors_header import Tensor
from tests.hostile.tool_maker import Weights, build, lora

PLAIN = {
    "ss_network_module": "networks.lora", "ss_learning_rate": "0.0001", "ss_max_train_steps": "7", "ss_num_reg_images": "0",
    "ss_num_train_images": "18", "ss_num_batches_per_epoch": "9", "ss_cache_latents": "False",
    "ss_bucket_info": '{"buckets": {"0": {"resolution": [64, 192], "count": 4}, "1": {"resolution": [128, 128], "count": 14}}, "mean_img_ar_error": 0.3}',
    "ss_dataset_dirs": '{"2_cat": {"n_repeats": 2, "img_count": 9}}', "ss_reg_dataset_dirs": "{}",
}  # fmt: skip
TWO_SETS = [
    {
        "resolution": [128, 128], "enable_bucket": True, "num_train_images": 4, "subsets": [{"img_count": 4, "num_repeats": 1}],
        "bucket_info": {"buckets": {"0": {"resolution": [64, 192], "count": 1}, "1": {"resolution": [128, 128], "count": 3}}},
    },
    {
        "resolution": [96, 96], "enable_bucket": False, "bucket_info": {}, "num_train_images": 8,
        "subsets": [{"img_count": 4, "num_repeats": 2}],
    },
]  # fmt: skip


def found(tmp_path: Path, **changes: str) -> dict[str, Any]:
    texts = {**PLAIN, **changes}
    result = scan_path(build(tmp_path, {"a.safetensors": Weights(texts, lora("kohya"))}))
    return {fact.name: fact.value for fact in result.facts}


def test_one_set_in_buckets(tmp_path: Path) -> None:
    facts = found(tmp_path)
    assert facts["picture_sizes"] == {"64x192": 4, "128x128": 14}
    assert (facts["pictures"], facts["latents_cached"]) == (9, False)
    assert "text_outputs_cached" not in facts


def test_empty_buckets_are_left_out(tmp_path: Path) -> None:
    buckets = {"0": {"resolution": [64, 64], "count": 0}, "1": {"resolution": [64, 96], "count": 2}}
    assert found(tmp_path, ss_bucket_info=json.dumps({"buckets": buckets}))["picture_sizes"] == {"64x96": 2}


def test_folders_that_do_not_tell_their_pictures_leave_the_number_open(tmp_path: Path) -> None:
    folders = {"a": {"n_repeats": 2, "img_count": 9}, "b": {"n_repeats": 2}}
    assert "pictures" not in found(tmp_path, ss_dataset_dirs=json.dumps(folders))


def test_several_sets_add_up(tmp_path: Path) -> None:
    facts = found(tmp_path, ss_datasets=json.dumps(TWO_SETS), ss_bucket_info="", ss_cache_latents="True")
    assert facts["picture_sizes"] == {"64x192": 1, "128x128": 3, "96x96": 8}
    assert (facts["pictures"], facts["latents_cached"]) == (8, True)


def test_a_set_that_does_not_tell_leaves_the_sizes_open(tmp_path: Path) -> None:
    for buckets in (True, None):
        silent = {**TWO_SETS[1], "enable_bucket": buckets}
        facts = found(
            tmp_path / str(buckets), ss_datasets=json.dumps([TWO_SETS[0], silent]), ss_bucket_info=""
        )
        assert "picture_sizes" not in facts


@pytest.mark.parametrize(
    "buckets",
    [
        "[]", "3", '{"buckets": 3}', '{"buckets": {"0": 3}}', '{"buckets": {"0": {"resolution": [1, 1], "count": 3}}}',
        '{"buckets": {"0": {"resolution": [64, 64], "count": -1}, "1": {"resolution": [64, 96], "count": 2}}}',
    ],
)  # fmt: skip
def test_broken_buckets_tell_nothing(tmp_path: Path, buckets: str) -> None:
    assert "picture_sizes" not in found(tmp_path, ss_bucket_info=buckets)


def test_musubi_trains_on_stored_results(tmp_path: Path) -> None:
    facts = found(tmp_path, ss_num_train_items="18", ss_cache_latents="")
    assert (facts["latents_cached"], facts["text_outputs_cached"]) == (True, True)


MUSUBI = {"ss_num_train_items": "18", "ss_cache_latents": "", "ss_dataset_dirs": "", "ss_bucket_info": ""}


@pytest.mark.parametrize(
    ("repeats", "pictures"), [((2,), 9), ((3, 3), 6), ((1, 2), None), ((2, None), None), ((4,), None)]
)
def test_musubi_counts_a_picture_once_for_each_repeat(
    repeats: tuple[int | None, ...], pictures: int | None, tmp_path: Path
) -> None:
    sets = [{"resolution": [128, 128], "num_repeats": times} for times in repeats]
    facts = found(tmp_path, **MUSUBI, ss_datasets=json.dumps(sets))
    assert facts.get("pictures") == pictures


def test_framepack_counts_sections(tmp_path: Path) -> None:
    clips = {"num_repeats": 2, "frame_extraction": "head", "target_frames": [41]}
    for family, told in (("wan", True), ("framepack", False)):
        texts = {**MUSUBI, "ss_datasets": json.dumps([clips]), "ss_base_model_version": family}
        facts = found(tmp_path / family, **texts)
        assert ("pictures" in facts, "frames" in facts) == (told, told)
        assert facts["dataset_size"] == 18


def test_sets_of_several_sizes_are_all_told(tmp_path: Path) -> None:
    sets = [{"resolution": sides} for sides in ([256, 256], [128, 128], [256, 256])]
    facts = found(tmp_path, **MUSUBI, ss_datasets=json.dumps(sets))
    assert (facts["resolution"], facts["resolutions"]) == ([256, 256], [[128, 128], [256, 256]])


@pytest.mark.parametrize(
    ("control", "given"), [([True], True), ([False, True], True), ([False], None), ([], None)]
)
def test_pictures_given_beside(control: list[bool], given: bool | None, tmp_path: Path) -> None:
    sets = [{"resolution": [128, 128], "has_control": one} for one in control]
    assert found(tmp_path, **MUSUBI, ss_datasets=json.dumps(sets)).get("pictures_given") is given


def test_whether_t5_was_trained_too(tmp_path: Path) -> None:
    for word, told in (("True", True), ("False", False)):
        facts = found(tmp_path / word, ss_network_args=json.dumps({"train_t5xxl": word}))
        assert facts["hyperparameters"]["train_t5xxl"] is told


def pair(name: str, rank: int = 4, *, kernel: tuple[int, ...] = ()) -> list[Tensor]:
    ones = (1,) * len(kernel)
    shapes = {"lora_down.weight": (rank, 16, *kernel), "lora_up.weight": (32, rank, *ones), "alpha": ()}
    return [Tensor(f"{name}.{end}", "F32", shape, 0, math.prod(shape)) for end, shape in shapes.items()]


def test_layers_by_their_names() -> None:
    ends = read_ends(
        [
            *pair("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0"),
            *pair("lora_unet_input_blocks_4_0_in_layers_2", 2, kernel=(3, 3)),
            *pair("lora_unet_input_blocks_3_0_op", 2, kernel=(3, 3)),
            *pair("lora_te1_text_model_encoder_layers_0_mlp_fc1"),
        ]
    )
    assert ends is not None
    assert ends.ranks == {"to_out.0": 4, "conv1": 2, "downsamplers.0.conv": 2}
    assert ends.text_encoder
    assert ends.trained == 4 * 48 + 2 * (2 * 16 * 9 + 32 * 2)


def test_the_picture_part_alone() -> None:
    ends = read_ends(pair("lora_unet_mid_block_attentions_0_proj_in"))
    assert ends is not None
    assert (ends.ranks, ends.text_encoder) == ({"proj_in": 4}, False)


def test_the_lengths_of_dora_are_trained_on_the_same_layers() -> None:
    scale = Tensor("lora_unet_a_to_q.dora_scale", "F32", (32, 1), 0, 32)
    vector = Tensor("unet.a.to_q.lora_magnitude_vector.default", "F32", (32,), 0, 32)
    for one in (scale, vector):
        ends = read_ends([*pair("lora_unet_a_to_q"), one])
        assert ends is not None
        assert (ends.ranks, ends.trained) == ({"to_q": 4}, 4 * 48 + 32)


@pytest.mark.parametrize(
    "tensors",
    [
        [*pair("lora_unet_a_to_q"), Tensor("lora_unet_b.diff", "F32", (32, 16), 0, 512)],
        [*pair("lora_unet_a_to_q"), *pair("lora_unet_b_to_q", 8)],
        [*pair("lora_unet_a_to_q"), *pair("lora_unet_double_blocks_0_img_mlp_0")],
        [*pair("lora_unet_a_to_q"), Tensor("lora_unet_b_conv1.lora_mid.weight", "F32", (4, 4, 3, 3), 0, 144)],
    ],
)
def test_what_the_layer_table_cannot_follow_is_no_list_of_layers(tensors: list[Tensor]) -> None:
    ends = read_ends(tensors)
    assert ends is not None
    assert ends.ranks == {}
    assert ends.trained > 0


def test_a_language_model_has_no_picture_part() -> None:
    assert read_ends(pair("base_model.model.model.layers.0.self_attn.q_proj")) is None
    assert read_ends(pair("transformer.h.0.attn.attn")) is None


@pytest.mark.parametrize(
    ("version", "architecture", "family"),
    [
        ("5-large", "stable-diffusion-3-5-large/lora", "stable-diffusion-3-5-large"),
        ("flux1", "flux-1-dev/lora", "flux1"),
        ("krea2", "", "krea2"),
        ("", "", None),
    ],
)
def test_the_family_where_it_is_told(
    version: str, architecture: str, family: str | None, tmp_path: Path
) -> None:
    facts = found(tmp_path, **{"ss_base_model_version": version, "modelspec.architecture": architecture})
    assert facts.get("model_family") == family


def test_more_tensors_than_any_adapter_has_are_not_gone_through() -> None:
    many = pair("lora_unet_a_to_q") * 7_000
    assert read_ends(many[:19_998]) is not None
    assert read_ends(many) is None
