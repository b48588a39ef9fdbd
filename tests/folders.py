# SPDX-License-Identifier: Apache-2.0
"""The folders of six people, small and made by rule: what the training tools write, with made-up sizes."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import zipfile
from pathlib import Path
from typing import Any

TRAINED = Path(__file__).resolve().parent / "fixtures" / "trained"


def safetensors(path: Path, tensors: dict[str, list[int]], metadata: dict[str, str]) -> None:
    """A file of zeros with this header."""
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, shape in tensors.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    told = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(told)) + told + bytes(end))


def lora(folder: Path) -> None:
    shutil.copytree(TRAINED / "peft_lora_llama", folder, dirs_exist_ok=True)


def full(folder: Path) -> None:
    shutil.copytree(TRAINED / "hf_trainer_full_llama_v4", folder, dirs_exist_ok=True)


def bert(folder: Path) -> None:
    shutil.copytree(TRAINED / "hf_trainer_bert_classifier", folder, dirs_exist_ok=True)


def sdxl_kohya(folder: Path) -> None:
    told = {
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_sd_model_name": "sd_xl_base_1.0.safetensors",
        "ss_network_module": "networks.lora",
        "ss_network_dim": "8",
        "ss_steps": "1600",
        "ss_num_train_images": "400",
        "ss_num_epochs": "4",
        "ss_resolution": "(1024, 1024)",
    }
    name = "lora_unet_mid_block_attentions_1_proj_in"
    safetensors(
        folder / "style.safetensors",
        {f"{name}.lora_down.weight": [8, 16], f"{name}.lora_up.weight": [16, 8]},
        told,
    )


def whisper(folder: Path) -> None:
    config = {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "d_model": 32,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
        "vocab_size": 128,
        "num_mel_bins": 16,
        "max_source_positions": 50,
        "max_target_positions": 32,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    state = {"epoch": 2.0, "global_step": 16, "train_batch_size": 2, "max_steps": 16, "log_history": []}
    (folder / "trainer_state.json").write_text(json.dumps(state), encoding="utf-8")


def merge(folder: Path) -> None:
    (folder / "mergekit_config.yml").write_text(
        "merge_method: linear\nmodels:\n- model: org/one\n  parameters: {weight: 0.5}\n"
        "- model: org/two\n  parameters: {weight: 0.5}\ndtype: float16\n",
        encoding="utf-8",
    )
    safetensors(folder / "model.safetensors", {"model.embed_tokens.weight": [16, 8]}, {"format": "pt"})


def nanogpt(folder: Path) -> None:
    arguments = {"n_layer": 2, "n_head": 2, "n_embd": 16, "block_size": 32, "vocab_size": 65, "bias": False}
    told = {"model_args": arguments, "iter_num": 2000, "config": {"batch_size": 12, "block_size": 32}}
    with zipfile.ZipFile(folder / "ckpt.pt", "w") as file:
        file.writestr("ckpt/data.pkl", pickle.dumps(told, protocol=2))
        file.writestr("ckpt/version", "3\n")
