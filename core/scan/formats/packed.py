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
    r"|running_mean|running_var|num_batches_tracked)$|_scales$|(?:^|\.)final_logits_bias$"
)
"""Also buffers, which no optimizer changes: final_logits_bias is one (transformers, modeling_bart.py and its kin)."""
_MASK = re.compile(r"\.(?:attn|attention)\.bias$")
_INTEGERS = frozenset({"I64", "U64", "I32", "U32", "I16", "U16", "BOOL"})


_UNCOUNTED = frozenset({"aqlm", "vptq", "quip", "spqr", "higgs", "hqq", "exl2", "exl3", "quip#", "fp_quant"})
_CODES = re.compile(r"\.(?:codebooks|codes|q_weight|trellis|W_q)$")
"""Tensors of codes: how many parameters they stand for cannot be seen from their shapes."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`parameters` as stored, in all and by tensor, and whether packed weights had to be unpacked for that. `unknown`
    names a way of packing whose shapes do not tell the parameters; the sum is then no count of the model."""

    parameters: int
    packed: bool
    sizes: Mapping[str, int]
    unknown: str = ""


def count_parameters(tensors: Iterable[Tensor], quantisation: Mapping[str, Any] | None) -> Counted:
    """Parameters of `tensors`. `quantisation` is quantization_config (or mlx `quantization`) of config.json."""
    by_name = {tensor.name: tensor for tensor in tensors}
    method = str((quantisation or {}).get("quant_method", "")).lower()[:40]
    counter = _Counter(by_name, _bits(quantisation), _group(quantisation), method)
    sizes = {name: counter.parameters(tensor) for name, tensor in by_name.items()}
    packed = any(size > by_name[name].elements for name, size in sizes.items())
    unknown = method if method in _UNCOUNTED else ""
    if not unknown and any(_CODES.search(name) for name in by_name):
        unknown = "codes"
    return Counted(sum(sizes.values()), packed, sizes, unknown)


@dataclass(frozen=True, slots=True)
class _Counter:
    by_name: Mapping[str, Tensor]
    bits: int
    group: int | None
    method: str

    def parameters(self, tensor: Tensor) -> int:
        """The parameters one tensor stands for; 0 for bookkeeping."""
        name, stem, names = tensor.name, tensor.name.rpartition(".")[0], self.by_name
        if _BOOKKEEPING.search(name) or (_MASK.search(name) and len(tensor.shape) == 4):
            return 0
        if f"{name}.absmax" in names:  # bitsandbytes 4-bit: two parameters per stored byte
            return tensor.size * 2
        if name.endswith((".qweight", ".weight_packed")) and tensor.dtype in ("I32", "U32", "U8", "I8"):
            return tensor.size * 8 // self._packed_bits(stem)
        if name.endswith("_blocks") and f"{name[: -len('_blocks')]}_scales" in names:  # MXFP4
            return tensor.size * 2
        if tensor.dtype == "U32" and f"{stem}.scales" in names:  # mlx
            return tensor.size * 8 // self._mlx_bits(tensor, names[f"{stem}.scales"])
        if self.method == "bitnet" and tensor.dtype == "U8" and f"{stem}.weight_scale" in names:
            return tensor.elements * 4  # three values in two bits
        if name.endswith((".scales", ".biases")) and any(
            f"{stem}.{kind}" in names for kind in ("qweight", "weight_packed", "weight")
        ):
            return 0
        if tensor.dtype in _INTEGERS:  # position ids, masks and other buffers
            return 0
        return tensor.elements

    def _packed_bits(self, stem: str) -> int:
        """Bits of one layer of GPTQ or AWQ: its zero points are packed as its weights are, its scales are not."""
        zeros, scales = self.by_name.get(f"{stem}.qzeros"), self.by_name.get(f"{stem}.scales")
        if zeros is not None and scales is not None and zeros.shape and scales.shape and scales.shape[-1]:
            bits = 32 * zeros.shape[-1] / scales.shape[-1]
            if bits in _WIDTHS:
                return int(bits)
        return self.bits

    def _mlx_bits(self, tensor: Tensor, scales: Tensor) -> int:
        """Bits of one layer of mlx: layers may differ; one scale stands for each group of weights."""
        if self.group and tensor.shape and scales.shape and scales.shape[-1]:
            bits = 32 * tensor.shape[-1] / (scales.shape[-1] * self.group)
            if bits in _WIDTHS:
                return int(bits)
        return self.bits


_WIDTHS = (1, 2, 3, 4, 5, 6, 8)


def _group(quantisation: Mapping[str, Any] | None) -> int | None:
    size = (quantisation or {}).get("group_size")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None


def _bits(quantisation: Mapping[str, Any] | None) -> int:
    """Bits per packed weight; 4 when the configuration does not say (by far the usual case)."""
    for value in _values(quantisation or {}, 0):
        if value in _WIDTHS:
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
