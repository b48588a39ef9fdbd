# SPDX-License-Identifier: Apache-2.0
"""Makes awkward folders by code, one per rule, and says what the scan made of them."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.errors import CannotRead
from core.scan import require_model, scan_path

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


def record(result: ScanResult, name: str) -> FileRecord:
    """What the scan wrote down of one file."""
    return next(record for record in result.files if record.path == name)


def refused(result: ScanResult, name: str) -> str:
    """The words with which a file was refused."""
    found = record(result, name)
    assert found.outcome is FileOutcome.UNREADABLE
    assert found.what
    assert found.todo
    return f"{found.what} {found.why}"


def no_model(folder: Path) -> CannotRead:
    """The words with which a folder without a model is refused."""
    with pytest.raises(CannotRead) as caught:
        require_model(scan_path(folder))
    assert caught.value.what
    return caught.value
