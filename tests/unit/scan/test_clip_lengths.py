# SPDX-License-Identifier: Apache-2.0
"""How many frames the clips had, as musubi-tuner, ai-toolkit and OneTrainer say it, and the layers that adapters of Wan and Z-Image name.

Texts as musubi-tuner (June 2026) makes them in training/trainer_base.py and dataset/image_video_dataset.py.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from core.scan.formats.adapter_ends import read_ends
from core.scan.formats.safetensors_header import Tensor
from tests.hostile.tool_maker import Weights, build, lora

PLAIN = {
    "ss_network_module": "networks.lora_wan", "ss_num_train_items": "6", "ss_num_batches_per_epoch": "6", "ss_max_train_steps": "12",
    "ss_base_model_version": "wan", "ss_sd_model_name": "wan2.1_t2v_1.3B_bf16.safetensors", "ss_steps": "12",
}  # fmt: skip
PICTURES = {"resolution": [832, 480], "batch_size_per_device": 1, "num_repeats": 1}
VIDEOS = {**PICTURES, "frame_extraction": "head", "target_frames": [1, 25, 45], "max_frames": 129}


def found(tmp_path: Path, *sets: dict[str, Any], **changes: str) -> dict[str, Any]:
    texts = {**PLAIN, "ss_datasets": json.dumps(sets), **changes}
    result = scan_path(build(tmp_path, {"a.safetensors": Weights(texts, lora("kohya"))}))
    return {fact.name: fact.value for fact in result.facts}


@pytest.mark.parametrize(
    ("sets", "frames"),
    [
        ([PICTURES], [1]),
        ([VIDEOS], [1, 25, 45]),
        ([{**VIDEOS, "target_frames": [26, 45]}], [25, 45]),  # rounded to a multiple of four and one
        ([PICTURES, {**VIDEOS, "target_frames": [33]}], [1, 33]),
        ([{**VIDEOS, "frame_extraction": "full"}], [1, 129]),
        ([{**VIDEOS, "frame_extraction": "full", "max_frames": None}], None),
        ([VIDEOS, {**VIDEOS, "target_frames": None}], None),
        ([{**VIDEOS, "target_frames": ["x"]}], None),
        ([{**VIDEOS, "target_frames": [0]}], None),
        ([{**VIDEOS, "target_frames": [10**6]}], None),
        ([], None),
    ],
)
def test_clips_of_musubi_tuner(tmp_path: Path, sets: list[dict[str, Any]], frames: list[int] | None) -> None:
    facts = found(tmp_path, *sets)
    assert facts.get("frames") == frames
    assert facts["training_tool"] == "musubi-tuner"
    assert facts["base_path_name"] == "wan2.1_t2v_1.3B_bf16.safetensors"


def test_a_family_of_pictures_has_no_frames(tmp_path: Path) -> None:
    assert "frames" not in found(tmp_path, PICTURES, ss_base_model_version="z_image")


JOB = """
job: extension
config:
  name: x
  process:
    - type: diffusion_trainer
      network: {{type: lora, linear: 16}}
      datasets:
{sets}
      train: {{batch_size: 1, steps: 100}}
      model: {{name_or_path: "{base}", arch: "{arch}"}}
"""


@pytest.mark.parametrize(
    ("arch", "sets", "frames"),
    [
        ("wan22_14b:t2v", ["{resolution: [480]}"], [1]),
        ("wan21", ["{num_frames: 41}", "{resolution: [480]}"], [1, 41]),
        ("", ["{num_frames: 41}"], [41]),
        ("wan22_5b", ["{num_frames: 41, auto_frame_count: true}"], None),
        ("wan22_5b", ["{num_frames: x}"], None),
        ("flux", ["{resolution: [512]}"], None),
    ],
)
def test_clips_of_ai_toolkit(tmp_path: Path, arch: str, sets: list[str], frames: list[int] | None) -> None:
    base = "Wan-AI/Wan2.2-T2V-A14B-Diffusers" if arch.startswith("wan") else "black-forest-labs/FLUX.1-dev"
    lines = "\n".join(f"        - {one}" for one in sets)
    (tmp_path / "config.yaml").write_text(JOB.format(sets=lines, base=base, arch=arch), "utf-8")
    facts = {fact.name: fact.value for fact in scan_path(tmp_path).facts}
    assert facts["training_tool"] == "ai-toolkit"
    assert facts.get("frames") == frames


@pytest.mark.parametrize(
    ("model_type", "said", "frames"),
    [
        ("HUNYUAN_VIDEO", "25", [1, 25]),
        ("HUNYUAN_VIDEO", "1", [1]),
        ("HUNYUAN_VIDEO", "x", None),
        ("HUNYUAN_VIDEO", "1000000", None),
        ("FLUX_DEV_1", "25", None),
    ],
)
def test_clips_of_onetrainer(tmp_path: Path, model_type: str, said: str, frames: list[int] | None) -> None:
    settings = {"base_model_name": "x/y", "training_method": "LORA", "model_type": model_type, "frames": said}
    (tmp_path / "config.json").write_text(json.dumps(settings), "utf-8")
    facts = {fact.name: fact.value for fact in scan_path(tmp_path).facts}
    assert facts["training_tool"] == "OneTrainer"
    assert facts.get("frames") == frames


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("lora_unet_blocks_0_self_attn_q.lora_down.weight", "attn1.to_q"),
        ("diffusion_model.blocks.0.self_attn.o.lora_A.weight", "attn1.to_out.0"),
        ("diffusion_model.blocks.0.cross_attn.k.lora_A.weight", "attn2.to_k"),
        ("diffusion_model.blocks.0.cross_attn.v_img.lora_A.weight", "attn2.add_v_proj"),
        ("lora_unet_blocks_0_ffn_0.lora_down.weight", "ffn.net.0.proj"),
        ("lora_unet_blocks_0_ffn_2.lora_down.weight", "ffn.net.2"),
        ("lora_unet_layers_0_attention_to_out_0.lora_down.weight", "to_out.0"),
        ("diffusion_model.layers.0.feed_forward.w3.lora_A.weight", "feed_forward.w3"),
        ("diffusion_model.layers.0.adaLN_modulation.0.lora_A.weight", "adaLN_modulation.0"),
    ],
)
def test_layers_in_other_names(name: str, end: str) -> None:
    ends = read_ends([Tensor(name, "BF16", (8, 64), 0, 1024)])
    assert ends is not None
    assert ends.ranks == {end: 8}
