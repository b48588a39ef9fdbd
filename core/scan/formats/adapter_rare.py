# SPDX-License-Identifier: Apache-2.0
"""The rarer adapters of PEFT by the names of their tensors, and which of those stay as they are.

Source: peft 0.21, tuners/*/layer.py (`adapter_layer_names` are trained; a BufferDict that is saved is not) and tuners/*/model.py
(`_get_adapter_state_dict`).
"""

import re
from collections.abc import Iterable

from core.scan.formats.safetensors_header import Tensor

_NAMES = {
    "adamss": "adamss_A adamss_B", "adaption_prompt": "adaption_prompt adaption_gate", "beft": "beft_bias",
    "bone": "bone_block", "c3a": "c3a_kernel", "deft": "deft_P deft_R", "delora": "delora_A delora_B",
    "fourierft": "fourierft_spectrum", "frod": "frod_lambda_l frod_lambda_s_values",
    "glora": "glora_A glora_B glora_C glora_D glora_E",
    "gralora": "gralora_A gralora_B gralora_A_general gralora_B_general",
    "hira": "hira_A hira_B hira_embedding_A hira_embedding_B", "hra": "hra_u", "lily": "lily_A lily_B",
    "ln_tuning": "ln_tuning_layers", "miss": "miss_block", "osf": "osf_svd_params", "peanut": "peanut_A peanut_B",
    "poly": "poly_lora_A poly_lora_B", "psoft": "psoft_R", "pvera": "pvera_lambda_b pvera_lambda_d",
    "randlora": "randlora_lambda randlora_gamma", "road": "road_theta road_alpha", "shira": "shira_weight",
    "supertuning": "supertuning_values", "tinylora": "tinylora_v", "unilora": "unilora_theta_d",
    "vblora": "vblora_logits_A vblora_logits_B vblora_vector_bank vblora_logits_A_topk_weights",
    "waveft": "waveft_spectrum",
}  # fmt: skip
_KIND_OF = {part: kind for kind, parts in _NAMES.items() for part in parts.split()}
WORDS_ALONE = ("trainable_tokens", re.compile(r"(?:^|\.)trainable_tokens_delta(?:\.[\w-]+)?$"))
"""Also stands beside LoRA, which then is the kind."""
_FIXED = re.compile(
    r"(?:^|\.)(?:p?vera_[AB]|randlora_[AB]|frod_(?:V|U|s_indices|s_size)|tinylora_[ABP]|unilora_(?:indices|scales)_[AB]"
    r"|adamss_newB|supertuning_indices|shira_indices|delora_w_norm|glora_[A-E](?:\.[\w-]+)?\.zeros)(?:\.[\w-]+)*$"
)
"""Random or computed matrices, and places in a matrix, that nobody trains."""
_SHORTENED = re.compile(r"vblora_logits_[AB]\w*_topk_")
_SHARED = re.compile(r"(?:^|\.)(?:lily_[AB]|shadow_\w+)(?:\.[\w-]+)*$")


def rare_kind(name: str) -> str | None:
    """The kind of the rarer adapter that a tensor of this name belongs to, or None."""
    return next((_KIND_OF[part] for part in name.split(".") if part in _KIND_OF), None)


def is_fixed(name: str) -> bool:
    """Whether a tensor of this name is saved with an adapter but not trained."""
    return bool(_FIXED.search(name))


def is_untold(tensors: Iterable[Tensor]) -> bool:
    """Whether the shapes do not tell what was trained: VB-LoRA kept only its best logits, Lily saves shared matrices with each
    layer that uses them, a shadow network may be saved with a frozen table of words."""
    return any(_SHORTENED.search(one.name) or _SHARED.search(one.name) for one in tensors)
