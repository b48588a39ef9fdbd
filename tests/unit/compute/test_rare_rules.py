# SPDX-License-Identifier: Apache-2.0
"""Rules of single types and adapters that few configurations reach."""

from typing import Any

import pytest

from core.compute.adapter_config import Lora
from core.compute.adapter_targets import _layer
from core.compute.flops import count_flops, parameter_count
from core.compute.input_size import caption_length
from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.padding import longest_of, prompt_padding
from core.compute.prompt_spread import spread_of_prompts
from core.compute.resolve import _with_count
from core.compute.tables import table_weights
from core.errors import BadConfig
from tests.unit.compute.configs import TINY_LLAMA
from tests.unit.compute.test_prompt_spread import known
from tests.unit.compute.test_samples import known as samples_known


@pytest.mark.parametrize("name", ["resnet26", "", 5, ["resnet50"]])
def test_a_backbone_that_nobody_knows_is_refused(name: object) -> None:
    config = {"model_type": "detr", "backbone_config": {"model_type": "timm_backbone", "backbone": name}}
    if not name:  # then it is the usual one
        assert parameter_count(config).total == 41_501_895  # DETR's published size with ResNet-50
        return
    with pytest.raises(BadConfig, match="backbone"):
        parameter_count(config)


@pytest.mark.parametrize("ratio", [-0.01, 1.01, "0.5", True, [0.5]])
def test_a_share_of_hidden_patches_is_between_none_and_all(ratio: object) -> None:
    with pytest.raises(BadConfig, match="mask_ratio"):
        count_flops({"model_type": "vit_mae", "mask_ratio": ratio}, Inputs())


def test_hidden_patches_are_not_read_by_the_encoder() -> None:
    """14 x 14 patches and the class token: 197 rows, of which a ratio hides some before the twelve layers."""

    def rows(ratio: float | None) -> int:
        got = count_flops({"model_type": "vit_mae", "mask_ratio": ratio}, Inputs(), model_class="ViTMAEModel")
        # Feed-forward of one row: two products of 768 x 3072, twelve times.
        return got.lines["feed-forward"].forward_flop // (12 * 2 * 2 * 768 * 3072)

    assert [rows(ratio) for ratio in (0, 0.25, 0.5, 0.75, 1)] == [197, 148, 99, 50, 1]
    assert rows(None) == rows(0.75)


@pytest.mark.parametrize(
    ("read", "taken"),
    [([1, 2, 3, 4], True), ([1, 2, 3, 12], True), ([0, 2, 3, 4], False), ([1, 2, 3, 13], False)],
)
def test_a_map_of_places_reads_four_layers_that_there_are(read: list[int], taken: bool) -> None:
    """transformers holds out_indices to the stages it has: "stem", "stage1" to "stage12"."""
    config = {"model_type": "beit", "out_indices": read}
    try:
        count_flops(config, Inputs(), model_class="BeitForSemanticSegmentation")
    except BadConfig:
        assert not taken
    else:
        assert taken


@pytest.mark.parametrize(
    ("place", "taken"), [(0, True), (3, True), (-4, True), (4, False), (-5, False), (1.0, False)]
)
@pytest.mark.parametrize(
    ("kind", "model_class"),
    [
        ("dpt", "DPTForDepthEstimation"),
        ("dpt", "DPTForSemanticSegmentation"),
        ("depth_anything", "DepthAnythingForDepthEstimation"),
    ],
)
def test_a_head_reads_one_of_the_maps_that_there_are(
    kind: str, model_class: str, place: object, taken: bool
) -> None:
    config = {"model_type": kind, "head_in_index": place}
    if taken:
        assert count_flops(config, Inputs(), model_class=model_class).forward_flop > 0
        return
    with pytest.raises(BadConfig, match="head_in_index"):
        count_flops(config, Inputs(), model_class=model_class)


@pytest.mark.parametrize(("layers", "taken"), [(1, True), (2, True), (3, False), (4, True), (5, False)])
def test_long_skips_need_as_many_layers_that_give_as_take(layers: int, taken: bool) -> None:
    """diffusers 0.42: an odd number of layers ends in "pop from empty list", but for one layer alone."""
    config = {"_class_name": "HunyuanDiT2DModel", "hidden_size": 1408, "num_layers": layers}
    if taken:
        assert parameter_count(config).total > 0
        return
    with pytest.raises(BadConfig, match="num_layers"):
        parameter_count(config)


@pytest.mark.parametrize(
    ("model_class", "more", "key"),
    [
        ("Wav2Vec2ForSequenceClassification", {}, "add_adapter"),
        ("Wav2Vec2ForAudioFrameClassification", {"use_weighted_layer_sum": True}, "add_adapter"),
        ("WavLMForSequenceClassification", {}, "add_adapter"),
        ("HubertForSequenceClassification", {"output_hidden_size": 768}, "add_adapter"),
        ("Wav2Vec2ForXVector", {"output_hidden_size": 40}, "output_hidden_size"),
        ("WavLMForXVector", {"output_hidden_size": 40}, "output_hidden_size"),
        ("HubertForCTC", {"output_hidden_size": 40}, "output_hidden_size"),
        ("HubertForCTC", {}, "output_hidden_size"),
    ],
)
def test_heads_that_no_adapter_of_speech_fits_are_refused(
    model_class: str, more: dict[str, object], key: str
) -> None:
    """transformers 5.23 fails to build or to run each of them."""
    kind = next(one for one in ("wav2vec2", "wavlm", "hubert") if model_class.lower().startswith(one))
    config = {"model_type": kind, **more}
    assert parameter_count(config, model_class=model_class).total > 0
    with pytest.raises(BadConfig, match=key):
        parameter_count({**config, "add_adapter": True}, model_class=model_class)


@pytest.mark.parametrize(
    ("name", "pattern", "layer"),
    [
        ("model.layers.3.self_attn.q_proj", (), 3),
        ("layers.3.self_attn.q_proj", (), None),  # PEFT: .*\.[^.]*\.(\d+)\.
        ("layers.3.self_attn.q_proj", ("layers",), 3),  # PEFT: (?:.*\.)?layers\.(\d+)\.
        ("model.layers.3.self_attn.q_proj", ("layers",), 3),
        ("model.layers.3.experts.2.up", ("experts",), 2),
        ("model.layers.3.experts.2.up", ("h", "layers"), 3),
        ("model.layers.3.self_attn.q_proj", ("h",), None),
        ("model.mylayers.3.q_proj", ("layers",), None),
        ("model.layers.q_proj", (), None),
        ("model.layers.3", (), None),
    ],
)
def test_the_number_of_a_layer_as_peft_reads_it(
    name: str, pattern: tuple[str, ...], layer: int | None
) -> None:
    """peft 0.21, tuners/tuners_utils.py, check_target_module_exists."""
    assert _layer(name, Lora(rank=8, targets=(), layers_pattern=pattern)) == layer


def test_the_padding_of_prompts_has_the_doubt_of_its_spread_on_both_sides() -> None:
    """Spread and doubt come from the log; two times the doubt is taken to either side, no further than 0 and 1."""
    log = [
        [1, 48 * (30 + mean) + more, mean] for mean, more in ((9.5, 0), (11.0, 90), (10.25, 0), (10.0, -90))
    ]
    told = known(log, {"num_generations": 4})
    found = spread_of_prompts(told)
    assert found is not None
    spread, doubt = found
    # Batches of 8 rows, 4 answers to a prompt: a generation pads so many prompts together.
    low, usual, high = prompt_padding(told)
    for value, wanted in (
        (low, max(0.0, spread * (1 - 2 * doubt))),
        (usual, min(1.0, spread)),
        (high, min(1.0, spread * (1 + 2 * doubt))),
    ):
        assert value == pytest.approx(longest_of(2, wanted))
    assert low < usual < high


def test_tables_and_layers_that_an_adapter_names_in_vain_are_said() -> None:
    def missing(**more: Any) -> list[str]:
        config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], **more}
        found = count_flops(TINY_LLAMA, Inputs(seq_len=8), adapter=config)
        return [dict(one.values)["name"] for one in found.notes if one.key == "target_missing"]

    assert missing() == []
    assert missing(trainable_token_indices={"embed_tokens": [1, 2]}) == []
    assert missing(trainable_token_indices={"nothing": [1]}) == ["nothing"]
    assert missing(target_modules=["q_proj", "x_proj"]) == ["x_proj"]


@pytest.mark.parametrize("flos", [0, -6])
def test_the_texts_of_two_towers_are_not_divided_out_of_nothing(flos: int) -> None:
    """6 x parameters outside the tables x tokens is what the Trainer writes down for both towers together."""
    config = {"model_type": "clip", "architectures": ["CLIPModel"]}
    network = _with_count(Network(method="full", method_fact=None, config=config))
    outside = (network.total or 0) - (table_weights(config, None) or 0)

    def tokens(recorded: int, **more: Any) -> int | None:
        found = caption_length(samples_known({"recorded_flos": recorded, **more}), network, 10)
        return found.values if found else None

    assert tokens(6 * outside * 770) == 770
    assert tokens(6 * outside * 10) == 10
    assert tokens(6 * outside * 9) is None
    assert tokens(flos * outside) is None
    assert tokens(6 * outside * 770, sharded=True) is None
