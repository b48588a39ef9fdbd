# SPDX-License-Identifier: Apache-2.0
"""Image, dual and diffusion models: what must hold for every one, and the passes that run a part of a model."""

from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compute.architectures import build
from core.compute.flops import FlopCount, count_flops, parameter_count, supported
from core.compute.inputs import Inputs, parse_inputs
from core.compute.trained import HEAD_ONLY, last_layers
from core.errors import BadConfig

BACKBONES = (
    "beit bit convnext convnextv2 cvt deit detr dinov2 dinov2_with_registers dinov3_vit dpt efficientnet focalnet hiera "
    "mobilenet_v1 mobilenet_v2 mobilevit poolformer pvt regnet resnet segformer swin videomae vit vit_mae vitdet yolos"
).split()
DIFFUSION = (
    "AutoencoderKL ChromaTransformer2DModel ControlNetModel DiTTransformer2DModel Flux2Transformer2DModel "
    "FluxTransformer2DModel HunyuanVideoTransformer3DModel Lumina2Transformer2DModel PixArtTransformer2DModel "
    "QwenImageTransformer2DModel SD3Transformer2DModel UNet2DConditionModel UNet2DModel WanTransformer3DModel "
    "ZImageTransformer2DModel"
).split()
OTHERS = "altclip chinese_clip clip depth_anything levit owlvit sam siglip siglip2 swinv2".split()
KEYS = (
    "image_size patch_size num_channels hidden_size hidden_sizes depths num_heads num_attention_heads embed_dim window_size "
    "mlp_ratio out_indices mask_ratio backbone_config text_config vision_config layer_type neck_hidden_sizes num_labels "
    "reassemble_factors block_out_channels layers_per_block down_block_types only_cross_attention cross_attention_dim "
    "class_embed_type num_class_embeds latent_channels in_channels sample_size num_layers attention_head_dim key_dim "
    "masked_unit_attention query_stride sr_ratios strides depth kernel_sizes expand_ratios neck_hidden_sizes backbone"
).split()
values = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, 7, -1, 10**6, 10**12, 0.5, -2.0, "SAME", "x"])
    | st.lists(st.sampled_from([0, 1, 8, 64, 10**9, None, "a", True]), max_size=5)
    | st.dictionaries(
        st.sampled_from(["model_type", "hidden_size", "depths"]), st.integers(-1, 9), max_size=2
    )
)


def count(name: str, inputs: Inputs | None = None, **more: Any) -> FlopCount:
    return count_flops({"_class_name": name}, inputs or Inputs(), **more)


@pytest.mark.parametrize("name", [*BACKBONES, *DIFFUSION])
def test_twice_the_batch_costs_twice_as_much(name: str) -> None:
    one, two = count(name), count(name, Inputs(batch=2))
    assert (two.forward_flop, two.step_flop) == (2 * one.forward_flop, 2 * one.step_flop)
    assert two.parameters_total == one.parameters_total > 0


@pytest.mark.parametrize("name", [*BACKBONES, *OTHERS])
def test_a_larger_picture_costs_more_and_holds_no_more(name: str) -> None:
    small, large = (count(name, Inputs(image=(side, side))) for side in (256, 512))
    assert small.forward_flop < large.forward_flop
    assert small.parameters_total == large.parameters_total


@pytest.mark.parametrize("name", [*BACKBONES, *DIFFUSION, *OTHERS])
def test_full_training_costs_at_most_three_passes_and_freezing_saves(name: str) -> None:
    full = count(name)
    assert 1.2 * full.forward_flop < full.step_flop <= 3 * full.forward_flop
    head, last = count(name, trained=HEAD_ONLY), count(name, trained=last_layers(1))
    assert head.backward_flop <= full.backward_flop
    assert last.backward_flop <= full.backward_flop
    assert head.parameters_trainable <= full.parameters_trainable <= full.parameters_total


def test_a_grouped_convolution_costs_in_the_backward_pass_what_it_costs_forward() -> None:
    """Twice, but for the first layer, which passes nothing on to the pixels: 4 x 4 x 3 x 96 over 56 x 56 places."""
    got = count("convnext")
    assert 3 * got.forward_flop - got.step_flop == 2 * 56 * 56 * 4 * 4 * 3 * 96


@pytest.mark.parametrize("name", ["clip", "siglip", "altclip", "chinese_clip", "owlvit"])
def test_the_two_towers_make_the_whole(name: str) -> None:
    inputs = Inputs(batch=3, seq_len=16)
    whole, text, image = (count(name, inputs, part=part) for part in ("main", "text_tower", "image_tower"))
    assert whole.parameters_total == text.parameters_total == image.parameters_total
    matched = 2 * 3 * 3 * (768 if name in ("siglip", "altclip") else 512)
    assert whole.forward_flop == text.forward_flop + image.forward_flop + matched


def test_the_text_tower_alone_is_causal_in_clip_and_not_in_siglip() -> None:
    inputs = Inputs(seq_len=16)
    clip, siglip = (count(name, inputs, part="text_tower") for name in ("clip", "siglip"))
    assert clip.causal_flop == clip.attention_flop > 0
    assert siglip.causal_flop == 0 < siglip.attention_flop


def test_both_ways_of_an_autoencoder_hold_it_whole() -> None:
    inputs = Inputs(image=(64, 64))
    whole, there, back = (count("AutoencoderKL", inputs, part=part) for part in ("main", "encode", "decode"))
    assert whole.forward_flop == there.forward_flop + back.forward_flop
    assert whole.parameters_total == there.parameters_total == back.parameters_total
    with pytest.raises(BadConfig, match="vision"):
        count("AutoencoderKL", inputs, part="vision")


def test_a_latent_as_large_as_the_image_s_own_is_the_same() -> None:
    config = {"_class_name": "AutoencoderKL", "block_out_channels": [32, 64, 64, 64]}
    by_image = count_flops(config, Inputs(image=(256, 128)), part="decode")
    assert count_flops(config, Inputs(latent=(4, 32, 16)), part="decode") == by_image


# torchvision's parameters without the last layer, less those of the batch norms, which DETR keeps still as buffers.
RESNETS = {
    "resnet18": (11_176_512 - 9_600, 512),
    "resnet34": (21_284_672 - 17_024, 512),
    "resnet50": (23_508_032 - 53_120, 2048),
    "resnet101": (42_500_160 - 105_344, 2048),
    "resnet152": (58_143_808 - 151_424, 2048),
}


@pytest.mark.parametrize("name", sorted(RESNETS))
def test_the_backbones_of_detr(name: str) -> None:
    """Beside ResNet-50 only the backbone differs, and the layer that makes 256 of its last channels."""

    def apart(one: str) -> int:
        convolutions, last = RESNETS[one]
        return convolutions + 256 * last

    usual = parameter_count({"model_type": "detr", "backbone": "resnet50"}).total
    assert parameter_count({"model_type": "detr", "backbone": name}).total - usual == apart(name) - apart(
        "resnet50"
    )


def test_detr_s_backbone_is_frozen_as_far_as_the_library_freezes_it() -> None:
    """Of a timm ResNet-50 the stem and the first stage; of a ResNet of transformers all. Norms are no parameters."""
    timm = parameter_count({"model_type": "detr"})
    own = parameter_count({"model_type": "detr", "backbone_config": {"model_type": "resnet"}})
    assert timm.total == own.total
    assert timm.total - timm.trainable == 222_400
    assert own.total - own.trainable == 23_454_912
    other = {"model_type": "detr", "backbone": "resnet101"}
    assert parameter_count(other).total - timm.total == 17 * (2 * 1024 * 256 + 9 * 256 * 256)
    with pytest.raises(BadConfig, match="convnext"):
        parameter_count({"model_type": "detr", "backbone": "convnext_tiny"})


def test_the_control_net_adds_less_than_the_u_net_it_guides() -> None:
    latent = Inputs(latent=(4, 64, 64), text_len=77)
    assert count("ControlNetModel", latent).forward_flop < count("UNet2DConditionModel", latent).forward_flop


def test_more_text_costs_more_in_every_model_that_reads_it() -> None:
    for name in ("UNet2DConditionModel", "PixArtTransformer2DModel", "FluxTransformer2DModel"):
        few, many = (count(name, Inputs(text_len=length)) for length in (77, 154))
        assert few.forward_flop < many.forward_flop


def test_a_latent_of_other_channels_is_refused() -> None:
    with pytest.raises(BadConfig, match="in_channels"):
        count("UNet2DConditionModel", Inputs(latent=(9, 64, 64)))


def test_a_video_s_latent_is_read_from_words() -> None:
    assert parse_inputs(["latent=16x21x60x104"]) == Inputs(latent=(16, 21, 60, 104))
    with pytest.raises(ValueError, match="3 or 4"):
        parse_inputs(["latent=16x21"])


def test_kept_patches_follow_the_mask_ratio() -> None:
    few, all_of_them = (
        count_flops({"model_type": "vit_mae", "mask_ratio": share}, Inputs()) for share in (0.75, 0.0)
    )
    assert few.forward_flop < all_of_them.forward_flop


@given(
    st.sampled_from([*BACKBONES, *DIFFUSION, *OTHERS]),
    st.dictionaries(st.sampled_from(KEYS), values, max_size=3),
)
@settings(deadline=2000, max_examples=400)
def test_no_value_leads_to_anything_but_a_count_or_a_refusal(name: str, changes: dict[str, Any]) -> None:
    config = {"model_type": name, **changes}
    try:
        got = count_flops(config, Inputs())
    except BadConfig:
        assert not supported(config)
    else:
        assert got.parameters_total > 0


@pytest.mark.parametrize("name", [*BACKBONES, *DIFFUSION, *OTHERS])
def test_tiny_and_huge_inputs_are_answered_at_once(name: str) -> None:
    """A picture of a pixel still gives a count; a square of a million pixels a side takes no longer."""
    start = process_time()
    for side in (1, 10**6):
        count(name, Inputs(image=(side, side)))
    count_flops(
        {"model_type": name, "image_size": 10**6}, Inputs(image=(64, 64))
    ) if name == "levit" else None
    assert process_time() - start < 2


def test_equal_layers_are_laid_out_once() -> None:
    from core.compute.layers import Call

    for config in ({"model_type": "vit"}, {"_class_name": "FluxTransformer2DModel"}, {"model_type": "clip"}):
        network, _ = build(config, Inputs(seq_len=8))
        calls = [step for step in network.steps if isinstance(step, Call)]
        assert len({id(call.block) for call in calls}) <= 2 < len(calls)
