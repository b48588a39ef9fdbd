# SPDX-License-Identifier: Apache-2.0
"""What the names of an adapter's tensors say: LoRA and its LyCORIS relatives in the key styles of all trainers.

kohya and musubi write lora_unet_x.lora_down.weight; PEFT and diffusers x.lora_A.weight, old diffusers
x_lora.down.weight; mlx x.lora_a; LyCORIS x.hada_w1_a (LoHa) and x.lokr_w1 (LoKr); DoRA adds dora_scale or
lora_magnitude_vector; PEFT writes x.lora_E for AdaLoRA, x.ia3_l, x.vera_lambda_b, x.oft_R and x.boft_R for its others. `alpha` is a fixed number, not a weight.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.scan.formats.adapter_rare import WORDS_ALONE, is_fixed, rare_kind
from core.scan.formats.safetensors_header import Tensor

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("loha", re.compile(r"\.hada_(?:w[12]_[ab]|t[12])(?:\.[\w-]+)?$")),
    ("lokr", re.compile(r"\.lokr_(?:w[12](?:_[ab])?|t2)(?:\.[\w-]+)?$")),
    ("boft", re.compile(r"\.boft_[rRs](?:\.[\w-]+)?$")),
    ("oft", re.compile(r"\.(?:oft_blocks|oft_diag|oft_r|oft_R)(?:\.[\w-]+){0,3}$")),
    ("vera", re.compile(r"(?:^|\.)vera_(?:A|B|lambda_[bd])(?:\.[\w-]+)?$")),
    ("adalora", re.compile(r"\.lora_E(?:\.[\w-]+)?$")),
    ("ia3", re.compile(r"\.(?:on_input|ia3_l)(?:\.[\w-]+)?$")),
    (
        "lora",
        re.compile(
            r"(?:^|[._])lora_?(?:[AB]|a|b|up|down|mid|magnitude|embedding)(?:[._]|$)|[._]lora\.(?:up|down)\.|\.lora\."
        ),
    ),
    WORDS_ALONE,
)
_STARTS = re.compile(r"(?:lora|lycoris)_(?:unet|te\d?|transformer|prior)_\w+\.")
_ALPHA = re.compile(r"\.alpha$")
_DORA = re.compile(r"\.dora_scale$|lora_magnitude_vector|\.m$")  # the last is mlx-lm's
_DOWN = re.compile(
    r"\.lora_down(?:\.weight)?$|[._]lora\.down\.weight$|\.lora_A(?:\.[\w-]+)?(?:\.weight)?$|\.lora_embedding_A(?:\.[\w-]+)?$"
    r"|\.hada_w[12]_b(?:\.[\w-]+)?$|\.lokr_w[12]_b(?:\.[\w-]+)?$"
)
_MLX_DOWN = re.compile(r"\.lora_a$")
_INVERSION = frozenset({"emb_params", "clip_l", "clip_g", "t5", "t5xxl", "qwen"})


@dataclass(frozen=True, slots=True)
class AdapterKeys:
    """`style` and `kind` of an adapter, its one rank (None when ranks differ), the tensors that are no weights."""

    style: str
    kind: str
    dora: bool
    rank: int | None
    fixed: tuple[Tensor, ...]


def is_adapter_key(name: str) -> bool:
    """Whether a tensor of this name belongs to an adapter."""
    usual = _STARTS.match(name) or any(pattern.search(name) for _, pattern in _KINDS)
    return bool(usual) or rare_kind(name) is not None


def read_keys(tensors: Iterable[Tensor], file: str = "") -> AdapterKeys | None:
    """What the tensors' names say, or None when none of them is an adapter's.

    diffusers calls a learned word's tensor by the word itself, so there the name of the file has to tell.
    """
    listed = list(tensors)
    words = file.startswith("learned_embeds")
    if listed and all((words or tensor.name in _INVERSION) and len(tensor.shape) == 2 for tensor in listed):
        return AdapterKeys("embedding", "textual_inversion", False, None, ())
    kinds = [kind for tensor in listed if (kind := rare_kind(tensor.name))][:1]
    kinds += [kind for kind, pattern in _KINDS if any(pattern.search(tensor.name) for tensor in listed)]
    if not kinds and not any(_STARTS.match(tensor.name) for tensor in listed):
        return None
    kind = kinds[0] if kinds else "lycoris"
    ranks = {rank for tensor in listed if (rank := _rank(tensor)) is not None}
    return AdapterKeys(
        style=_style(listed),
        kind=kind,
        dora=any(_DORA.search(tensor.name) for tensor in listed),
        rank=ranks.pop() if len(ranks) == 1 else None,
        fixed=tuple(
            tensor
            for tensor in listed
            if (_ALPHA.search(tensor.name) and tensor.elements == 1) or is_fixed(tensor.name)
        ),
    )


def _rank(tensor: Tensor) -> int | None:
    """The rank of the pair that `tensor` is the first half of. Convolutions have a rank of their own."""
    flat = len(tensor.shape) == 2 or (len(tensor.shape) in (4, 5) and set(tensor.shape[2:]) == {1})
    if not flat:
        return None
    if _DOWN.search(tensor.name):
        return tensor.shape[0]
    return tensor.shape[1] if _MLX_DOWN.search(tensor.name) else None


def _style(tensors: list[Tensor]) -> str:
    names = [tensor.name for tensor in tensors]
    if any(_STARTS.match(name) for name in names):
        return "kohya"
    if any(name.startswith("base_model.model.") for name in names):
        return "peft"
    if any(_MLX_DOWN.search(name) for name in names):
        return "mlx"
    return "diffusers"
