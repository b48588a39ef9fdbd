# SPDX-License-Identifier: Apache-2.0
"""Writes GGUF files by hand, true ones and lying ones."""

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_BLOCK = {0: (1, 4), 1: (1, 2), 12: (256, 144), 8: (32, 34)}


def text(value: str, order: str = "<", wide: str = "Q") -> bytes:
    """A length and the bytes."""
    raw = value.encode()
    return struct.pack(order + wide, len(raw)) + raw


def value(item: Any, order: str = "<", wide: str = "Q") -> bytes:
    """A type number and the value: text, truth, whole number (u32, u64 when large), decimal, list."""
    if isinstance(item, bool):
        return struct.pack(order + "IB", 7, item)
    if isinstance(item, str):
        return struct.pack(order + "I", 8) + text(item, order, wide)
    if isinstance(item, int):
        return struct.pack(order + ("II" if item < 2**32 else "IQ"), 4 if item < 2**32 else 10, item)
    if isinstance(item, float):
        return struct.pack(order + "If", 6, item)
    inner = [value(one, order, wide) for one in item] or [value(0, order, wide)]
    length = struct.pack(order + wide, len(item))
    return struct.pack(order + "I", 9) + inner[0][:4] + length + b"".join(one[4:] for one in inner if item)


def header(
    settings: Mapping[str, Any],
    tensors: Sequence[tuple[str, tuple[int, ...], int]] = (),
    *,
    version: int = 3,
    order: str = "<",
    counts: tuple[int, int] | None = None,
) -> tuple[bytes, int]:
    """The header, and the bytes of data its tensors need."""
    wide = "I" if version == 1 else "Q"
    given = counts or (len(tensors), len(settings))
    out = [b"GGUF", struct.pack(order + "I", version), struct.pack(order + wide * 2, *given)]
    out += [text(key, order, wide) + value(item, order, wide) for key, item in settings.items()]
    offset = 0
    for name, shape, kind in tensors:
        out.append(text(name, order, wide) + struct.pack(order + "I", len(shape)))
        out.append(struct.pack(order + wide * len(shape), *shape) + struct.pack(order + "IQ", kind, offset))
        block, width = _BLOCK.get(kind, (1, 1))
        offset += -(-math.prod(shape) // block * width // 32) * 32
    return b"".join(out), offset


def write(path: Path, settings: Mapping[str, Any], tensors: Any = (), *, cut: int = 0, **more: Any) -> None:
    """A whole file, less `cut` bytes at its end."""
    head, data = header(settings, tensors, **more)
    whole = head + bytes(-len(head) % 32) + bytes(data)
    path.write_bytes(whole[: len(whole) - cut] if cut else whole)


def llama(
    layers: int = 2, width: int = 64, vocabulary: int = 96, kind: int = 0
) -> tuple[dict[str, Any], Any]:
    """Settings and tensors of a small llama with a tied head."""
    settings = {
        "general.architecture": "llama", "llama.embedding_length": width, "llama.block_count": layers,
        "llama.feed_forward_length": 2 * width, "llama.attention.head_count": 4, "llama.attention.head_count_kv": 2,
        "llama.context_length": 128,
    }  # fmt: skip
    tensors: list[tuple[str, tuple[int, ...], int]] = [("token_embd.weight", (width, vocabulary), kind)]
    for layer in range(layers):
        stem = f"blk.{layer}."
        tensors += [(stem + "attn_norm.weight", (width,), 0), (stem + "ffn_norm.weight", (width,), 0)]
        tensors += [(stem + f"attn_{name}.weight", (width, width // (1 if name in "q output" else 2)), kind)
                    for name in ("q", "k", "v", "output")]  # fmt: skip
        tensors += [(stem + f"ffn_{name}.weight", (width, 2 * width), kind) for name in ("gate", "up")]
        tensors.append((stem + "ffn_down.weight", (2 * width, width), kind))
    return settings, [*tensors, ("output_norm.weight", (width,), 0)]
