# SPDX-License-Identifier: Apache-2.0
"""How a model was trained, in the words of the tools, and by which rule each is counted.

Source of the kinds of adapters: peft 0.21 (utils/peft_types.py; Bone until 0.18) and LyCORIS 3. "adapter" is a kind that
came later; its origin's note names it.
"""

from typing import Literal, get_args

TrainingMethod = Literal[
    "full", "lora", "qlora", "dora", "adalora", "loha", "lokr", "oft", "boft", "ia3", "vera", "adapter",
    "prompt_tuning", "prefix_tuning", "p_tuning", "frozen_partial",
    "adamss", "adaption_prompt", "beft", "bone", "c3a", "cartridge", "cpt", "deft", "delora", "dylora", "fourierft", "frod",
    "glokr", "glora", "gralora", "hira", "hra", "lily", "ln_tuning", "lorm", "miss", "multitask_prompt_tuning", "osf",
    "peanut", "poly", "psoft", "pvera", "randlora", "road", "shadow", "shira", "supertuning", "tinylora",
    "trainable_tokens", "unilora", "vblora", "waveft", "xlora",
]  # fmt: skip
METHODS: tuple[str, ...] = get_args(TrainingMethod)
OFFERED = METHODS[: METHODS.index("frozen_partial") + 1]
"""What a person is asked about; the rare ones after these are named where a file names them."""
PROMPTS = frozenset(
    {"prompt_tuning", "prefix_tuning", "p_tuning", "multitask_prompt_tuning", "cpt", "cartridge"}
)
"""New vectors before the text; no layer is changed."""
LAYERED = frozenset(METHODS) - PROMPTS - {"full", "frozen_partial"}
"""Small new weights on the layers of a base that stays as it is."""
ADAPTERS = LAYERED | PROMPTS
RANKED = frozenset(
    {
        "lora",
        "qlora",
        "dora",
        "adalora",
        "loha",
        "lokr",
        "vera",
        "delora",
        "dylora",
        "gralora",
        "hira",
        "pvera",
    }
)
"""Adapters of low rank."""
_COUNTED_APART = frozenset({"lora", "qlora", "dora"})


def method_of_peft(kind: str) -> str:
    """The method of an adapter_config.json by its `peft_type`, which is our word for it in capitals."""
    word = kind.lower()
    return word if word in ADAPTERS else "adapter"


def counted_as(method: str) -> str:
    """The rule by which a method is counted: full, frozen_partial, lora, qlora, dora or prompt_tuning.

    Every adapter on layers is counted as LoRA is: the base runs forward and hands gradients on, only the new weights
    change. What the new layers themselves do comes from the adapter's own configuration.
    """
    if method in PROMPTS:
        return "prompt_tuning"
    return "lora" if method in LAYERED - _COUNTED_APART else method
