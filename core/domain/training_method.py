# SPDX-License-Identifier: Apache-2.0
"""How a model was trained, in the words of the tools, and by which rule each is counted.

Source of the kinds of adapters: peft 0.21 (utils/peft_types.py) and LyCORIS 3. "adapter" is every kind without a word
of its own here; its origin's note names it.
"""

from typing import Literal, get_args

TrainingMethod = Literal[
    "full", "lora", "qlora", "dora", "adalora", "loha", "lokr", "oft", "boft", "ia3", "vera", "adapter",
    "prompt_tuning", "prefix_tuning", "p_tuning", "frozen_partial",
]  # fmt: skip
METHODS: tuple[str, ...] = get_args(TrainingMethod)
PROMPTS = frozenset({"prompt_tuning", "prefix_tuning", "p_tuning"})
"""New vectors before the text; no layer is changed."""
LAYERED = frozenset(METHODS) - PROMPTS - {"full", "frozen_partial"}
"""Small new weights on the layers of a base that stays as it is."""
ADAPTERS = LAYERED | PROMPTS
RANKED = frozenset({"lora", "qlora", "dora", "adalora", "loha", "lokr", "vera"})
"""Adapters of low rank."""
_COUNTED_APART = frozenset({"lora", "qlora", "dora"})

_PEFT = {
    "LORA": "lora", "ADALORA": "adalora", "LOHA": "loha", "LOKR": "lokr", "OFT": "oft", "BOFT": "boft", "IA3": "ia3",
    "VERA": "vera", "PROMPT_TUNING": "prompt_tuning", "MULTITASK_PROMPT_TUNING": "prompt_tuning",
    "CPT": "prompt_tuning", "PREFIX_TUNING": "prefix_tuning", "P_TUNING": "p_tuning",
}  # fmt: skip


def method_of_peft(kind: str) -> str:
    """The method of an adapter_config.json by its `peft_type`."""
    return _PEFT.get(kind.upper(), "adapter")


def counted_as(method: str) -> str:
    """The rule by which a method is counted: full, frozen_partial, lora, qlora, dora or prompt_tuning.

    Every adapter on layers is counted as LoRA is: the base runs forward and hands gradients on, only the new weights
    change. What the new layers themselves do comes from the adapter's own configuration.
    """
    if method in PROMPTS:
        return "prompt_tuning"
    return "lora" if method in LAYERED - _COUNTED_APART else method
