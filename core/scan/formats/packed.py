# SPDX-License-Identifier: Apache-2.0
"""How many parameters stored tensors stand for: packed weights unpacked, bookkeeping left out.

Naming of the packed forms: huggingface.js, parse-safetensors-metadata.ts; GPTQ/AWQ, bitsandbytes, compressed-tensors,
MXFP4 and mlx as their own savers write them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.scan.formats.safetensors_header import BITS, Tensor

_BOOKKEEPING = re.compile(
    r"\.(?:absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.[\w.]+|qzeros|g_idx|SCB|weight_format"
    r"|weight_scale|weight_scale_inv|weight_scale_2|weight_global_scale|input_scale|input_global_scale|output_scale"
    r"|weight_zero_point|input_zero_point|weight_shape|weight_g_idx|k_scale|v_scale|inv_freq|masked_bias"
    r"|running_mean|running_var|num_batches_tracked)$|_scales$"
)
_MASK = re.compile(r"\.(?:attn|attention)\.bias$")
_INTEGERS = frozenset({"I64", "U64", "I32", "U32", "I16", "U16", "BOOL"})


@dataclass(frozen=True, slots=True)
class Counted:
    """`parameters` as stored, and whether packed weights had to be unpacked for that."""

    parameters: int
    packed: bool


def count_parameters(tensors: Iterable[Tensor], quantisation: Mapping[str, Any] | None) -> Counted:
    """Parameters of `tensors`. `quantisation` is quantization_config (or mlx `quantization`) of config.json."""
    listed = list(tensors)
    names = {tensor.name for tensor in listed}
    bits = _bits(quantisation)
    total, packed = 0, False
    for tensor in listed:
        size = _parameters(tensor, names, bits)
        total += size
        packed = packed or size > tensor.elements
    return Counted(total, packed)


def _parameters(tensor: Tensor, names: set[str], bits: int) -> int:
    name, stem = tensor.name, tensor.name.rpartition(".")[0]
    if _BOOKKEEPING.search(name) or (_MASK.search(name) and len(tensor.shape) == 4):
        return 0
    if f"{name}.absmax" in names:  # bitsandbytes 4-bit: two parameters per stored byte
        return tensor.size * 2
    if name.endswith((".qweight", ".weight_packed")) and tensor.dtype in ("I32", "U32", "U8", "I8"):
        return tensor.size * 8 // bits
    if name.endswith("_blocks") and f"{name[: -len('_blocks')]}_scales" in names:  # MXFP4
        return tensor.size * 2
    if tensor.dtype == "U32" and f"{stem}.scales" in names:  # mlx
        return tensor.size * 8 // bits
    if name.endswith((".scales", ".biases")) and names & {f"{stem}.qweight", f"{stem}.weight_packed"}:
        return 0
    if name.endswith((".scales", ".biases")) and f"{stem}.weight" in names:
        return 0
    if tensor.dtype in _INTEGERS:  # position ids, masks and other buffers
        return 0
    return tensor.elements


def _bits(quantisation: Mapping[str, Any] | None) -> int:
    """Bits per packed weight; 4 when the configuration does not say (by far the usual case)."""
    for value in _values(quantisation or {}, 0):
        if value in (1, 2, 3, 4, 5, 6, 8):
            return value
    return 4


def _values(config: Mapping[str, Any], depth: int) -> Iterable[int]:
    for key in ("bits", "w_bit", "num_bits"):
        if isinstance(config.get(key), int) and not isinstance(config.get(key), bool):
            yield config[key]
    if depth < 5:
        for key in ("config_groups", "group_0", "weights"):
            if isinstance(config.get(key), dict):
                yield from _values(config[key], depth + 1)


def element_bytes(dtype: str) -> int | None:
    """Bytes per parameter of a torch type name ("bfloat16") or a safetensors one ("BF16")."""
    names = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8}
    plain = dtype.removeprefix("torch.")
    if plain in names:
        return names[plain]
    bits = BITS.get(plain)
    return bits // 8 if bits and bits >= 8 else None
