# SPDX-License-Identifier: Apache-2.0
"""Makes awkward folders by code, one per rule."""

import json
import struct
from pathlib import Path
from typing import Any

CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 8,
    "num_hidden_layers": 1,
}
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4" * 64 + b"\nsize 4945284816\n"


def tensor(begin: int, end: int, shape: list[int] | None = None, dtype: str = "F32") -> dict[str, Any]:
    """A header entry of 32-bit numbers, by default one row over its span."""
    return {
        "dtype": dtype,
        "shape": [(end - begin) // 4] if shape is None else shape,
        "data_offsets": [begin, end],
    }


def safetensors(
    path: Path, header: Any, data: int = 0, *, raw: bytes | None = None, length: int | None = None
) -> None:
    """Write a safetensors file with `data` zero bytes after the header; `length` lies about the header."""
    text = raw if raw is not None else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + bytes(data))


def config(folder: Path, **more: Any) -> None:
    """Write a small config.json."""
    (folder / "config.json").write_text(json.dumps(CONFIG | more))
