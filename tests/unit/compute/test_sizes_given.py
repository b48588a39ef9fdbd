# SPDX-License-Identifier: Apache-2.0
"""Rules that hold for every type: what stands in for a size that nobody gave, and sides that are no squares."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.compute.architectures import model_types
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.errors import BadConfig

FIXTURES = Path(__file__).parents[2] / "fixtures"
NEEDED: dict[str, dict[str, Any]] = {
    "HunyuanDiT2DModel": {"hidden_size": 1408},
    "deepseek_v2": {"num_experts_per_tok": 6},
    "esm": {"vocab_size": 33},
}
"""What a type needs to make a model at all."""
ONE_NUMBER = frozenset("audio-spectrogram-transformer levit qwen2_5_vl".split())
"""Their patches and windows are squares in the class itself."""
FIXED = ("mllama",)
"""Pictures of any size are cut into tiles of one size."""


def bare(name: str, **more: Any) -> dict[str, Any]:
    return {"model_type": name, **NEEDED.get(name, {}), **more}


def cost(
    config: dict[str, Any], inputs: Inputs, model_class: str | None = None, part: str = "main"
) -> tuple[int, int] | None:
    """FLOP of a step and parameters; None when it is refused."""
    try:
        found = count_flops(config, inputs, model_class=model_class, part=part)
    except BadConfig:
        return None
    return found.step_flop, found.parameters_total


def classes() -> dict[str, list[tuple[str, str]]]:
    """Type → the classes that were measured, each with its ways to run."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for file in sorted((FIXTURES / "flops").glob("*.jsonl")):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            config = row["config"]
            if row["variant"] == "full":
                kind = config.get("model_type") or config["_class_name"]
                found.setdefault(kind, {})[row["model_class"], row["part"]] = None
    return {kind: list(some) for kind, some in found.items()}


CLASSES = classes()


@pytest.mark.parametrize("name", sorted(set(CLASSES) & set(model_types())))
def test_lengths_that_nobody_gave(name: str) -> None:
    """No length at all is one token; one length is that of both halves."""
    config, known = bare(name), 0
    for model_class, part in CLASSES[name]:
        none = cost(config, Inputs(), model_class, part)
        if none is None:
            continue
        known += 1
        if not name[0].isupper():  # a denoiser's text has a usual length of its own
            one = Inputs(seq_len=1, encoder_len=1, decoder_len=1)
            assert none == cost(config, one, model_class, part), model_class
        seven, both = Inputs(seq_len=7), Inputs(seq_len=7, encoder_len=7, decoder_len=7)
        assert cost(config, seven, model_class, part) == cost(config, both, model_class, part), model_class
    assert known or name in ("gpt_neo", "zamba", "zamba2")


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("UNet2DConditionModel", 77),  # CLIP's
        ("ControlNetModel", 77),
        ("SD3Transformer2DModel", 154),  # CLIP's and as many of T5
        ("PixArtTransformer2DModel", 120),
        ("FluxTransformer2DModel", 512),
        ("QwenImageTransformer2DModel", 512),
        ("WanTransformer3DModel", 512),
        ("ZImageTransformer2DModel", 512),
        ("Flux2Transformer2DModel", 512),
        ("ChromaTransformer2DModel", 512),
        ("Lumina2Transformer2DModel", 256),
        ("HunyuanVideoTransformer3DModel", 256),
    ],
)
def test_a_text_beside_a_picture_that_nobody_gave(name: str, tokens: int) -> None:
    usual, given, longer = (cost(bare(name), Inputs(text_len=size)) for size in (None, tokens, tokens + 8))
    assert usual == given is not None
    assert given != longer


def usual_sides() -> list[tuple[str, int]]:
    """Type → the side of its class's own pictures (benchmarks/class_defaults.py compared them with the class)."""
    found = []
    for line in (FIXTURES / "compute" / "default_values.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        values = dict(one.split("=", 1) for one in row["defaults"])
        if values.get("image_size", "").isdecimal():
            found.append((row["model_type"], int(values["image_size"])))
    return found


@pytest.mark.parametrize(("name", "side"), usual_sides())
def test_a_picture_that_nobody_gave_has_the_usual_side(name: str, side: int) -> None:
    config = bare(name)
    usual, given, larger = (
        cost(config, Inputs(image=size)) for size in (None, (side, side), (2 * side, 2 * side))
    )
    assert usual == given is not None
    assert given != larger or name in FIXED


def test_many_types_have_pictures_of_their_own() -> None:
    assert len(usual_sides()) >= 30


def sided(name: str) -> str | None:
    """Where the configuration of a type has the sides of its pictures, when it takes two of them."""
    for part in ("", "vision_config"):
        said = {"image_size": [96, 160], "patch_size": [8, 16]}
        config = bare(name, **({part: said} if part else said))
        found = cost(config, Inputs())
        if found is not None and found != cost(bare(name), Inputs()):
            return part
    return None


SIDED = {name: part for name in model_types() if (part := sided(name)) is not None}


@pytest.mark.parametrize("name", sorted(set(SIDED) - ONE_NUMBER))
def test_patches_on_their_side_cost_the_same(name: str) -> None:
    """Rows and columns are told apart nowhere: pictures, patches and places all turned make the same network."""

    def turned(sides: tuple[int, int], patch: tuple[int, int], image: tuple[int, int] | None) -> object:
        said = {"image_size": [*sides], "patch_size": [*patch]}
        return cost(bare(name, **({SIDED[name]: said} if SIDED[name] else said)), Inputs(image=image))

    for image in (None, (64, 192)):
        other = image and (image[1], image[0])
        tall, wide = turned((96, 160), (8, 16), image), turned((160, 96), (16, 8), other)
        assert tall == wide is not None


def test_many_types_take_two_sides() -> None:
    assert len(SIDED) >= 50


@pytest.mark.parametrize(
    "name",
    "beit deit dinov2 dinov2_with_registers dinov3_vit dpt swin swinv2 videomae vit vit_mae vitdet yolos".split(),
)
def test_a_patch_is_no_larger_than_the_shorter_side(name: str) -> None:
    for sides in ([96, 160], [160, 96]):
        assert cost(bare(name, image_size=sides, patch_size=96), Inputs()) is not None
        assert cost(bare(name, image_size=sides, patch_size=97), Inputs()) is None
