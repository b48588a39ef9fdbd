# SPDX-License-Identifier: Apache-2.0
"""What runs frozen beside a network that is trained to steer or to change pictures, against what PyTorch counted.

`MEASURED`: torch.utils.flop_counter (PyTorch 2.13, meta tensors, one picture) around a frozen U-Net of diffusers 0.42.1 that was
given results of a ControlNet with gradients (ControlNetModel.from_unet), forward and back.
"""

from typing import Any

import pytest

from core.compute.controlled import mirrored, steered_flop
from core.compute.inputs import Inputs
from core.compute.network import Network
from core.compute.noised import noised
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.texts import text

SD15 = {"_class_name": "ControlNetModel", "in_channels": 4, "layers_per_block": 2, "cross_attention_dim": 768, "attention_head_dim": 8,
        "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"], "block_out_channels": [320, 640, 1280, 1280]}  # fmt: skip
XL = {"_class_name": "ControlNetModel", "in_channels": 4, "layers_per_block": 2, "cross_attention_dim": 2048,
      "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], "block_out_channels": [320, 640, 1280],
      "transformer_layers_per_block": [1, 2, 10], "attention_head_dim": [5, 10, 20], "use_linear_projection": True,
      "addition_embed_type": "text_time", "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816}  # fmt: skip
MEASURED = [(SD15, 64, 1_416_974_827_520), (XL, 128, 10_981_597_511_680)]


@pytest.mark.parametrize(("config", "side", "measured"), MEASURED)
def test_the_steered_u_net_is_counted_from_the_control_net_alone(
    config: dict[str, Any], side: int, measured: int
) -> None:
    found = steered_flop(config, None, Inputs(latent=(4, side, side), text_len=77))
    assert found == pytest.approx(measured, rel=1e-3)
    own = mirrored(config)
    assert steered_flop({}, own, Inputs(latent=(4, side, side), text_len=77)) == found
    other = {"_class_name": "SD3Transformer2DModel"}
    assert steered_flop(config, other, Inputs(latent=(4, side, side), text_len=77)) == found


@pytest.mark.parametrize(
    "odd", [{"down_block_types": 3}, {"down_block_types": ["A", "B", "C", "D"]}, {"block_out_channels": None}]
)
def test_a_u_net_that_cannot_be_counted_is_said(odd: dict[str, Any]) -> None:
    config = {**SD15, **odd}
    assert steered_flop(config, None, Inputs(latent=(4, 8, 8), text_len=77)) is None
    assert text("compute.assume.steered_unknown") in sample(config).assumptions


def sample(config: dict[str, Any]) -> Any:
    origin = Origin(kind=OriginKind.FILE, file="x.json", key="resolution")
    side: Fact[Any] = Fact(name="resolution", value=[512, 512], origin=origin)
    known = Known(Project(scan=ScanResult(folder_name="x", facts=(side,))))
    return noised(known, Network(method="full", method_fact=None, config=config))


def test_it_runs_for_every_picture() -> None:
    found, unet = sample(SD15), sample(mirrored(SD15) or {})
    assert found.beside == pytest.approx(MEASURED[0][2], rel=1e-3)
    assert unet.beside == 0
    assert found.frozen == unet.frozen


@pytest.mark.parametrize(("channels", "pictures"), [(4, 1), (5, 1), (7, 1), (8, 2), (9, 2), (400, 4)])
def test_a_picture_that_leads_is_encoded_too(channels: int, pictures: int) -> None:
    """InstructPix2Pix reads 8 channels, inpainting 9, the depth and the upscaling models 5 and 7 of no second latent."""
    unet = {**(mirrored(SD15) or {}), "out_channels": 4}
    plain = sample(unet).frozen
    encoder = 1_116_658_466_816
    assert sample({**unet, "in_channels": channels}).frozen == plain + (pictures - 1) * encoder
    flux = {"_class_name": "FluxTransformer2DModel", "in_channels": 384, "out_channels": 64}
    assert sample(flux).frozen == sample({**flux, "in_channels": 64}).frozen


def test_a_distillation_runs_teacher_and_target_too() -> None:
    """The argument num_ddim_timesteps is that of train_lcm_distill_*.py alone."""
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    unet = mirrored(SD15) or {}
    inputs = Inputs(latent=(4, 64, 64), text_len=77)
    for steps, passes in ((50, 3), ("50", 0)):
        told: Fact[Any] = Fact(name="hyperparameters", value={"num_ddim_timesteps": steps}, origin=origin)
        known = Known(Project(scan=ScanResult(folder_name="x", facts=(told,))))
        network = Network(method="full", method_fact=None, config=unet, counted=True)
        found = noised(known, network)
        assert found.beside == passes * network.sample(inputs).forward_flop
        assert any("teacher twice" in note for note in found.assumptions) is bool(passes)
        assert noised(known, Network(method="full", method_fact=None, config=unet)).beside == 0
        odd = Network(method="full", method_fact=None, config={**unet, "down_block_types": 3}, counted=True)
        assert noised(known, odd).beside == 0
