# SPDX-License-Identifier: Apache-2.0
"""Rules of single types and adapters that few configurations reach."""

import pytest

from core.compute.adapter_config import Lora
from core.compute.adapter_targets import _layer
from core.compute.flops import count_flops, parameter_count
from core.compute.inputs import Inputs
from core.compute.padding import longest_of, prompt_padding
from core.compute.prompt_spread import spread_of_prompts
from core.errors import BadConfig
from tests.unit.compute.test_prompt_spread import known


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
