# SPDX-License-Identifier: Apache-2.0
"""Whether the gradients of an adapter run on to what the table of words gives, though nothing below needs them.

Gradient checkpointing needs an input with a gradient, so the tools ask for one (enable_input_require_grads): transformers 5
(modeling_utils.py, gradient_checkpointing_enable), PEFT (peft_model.py, _prepare_model_for_gradient_checkpointing), TRL
(sft_trainer.py), ms-swift (trainers/mixin.py). Axolotl does for every adapter (loaders/adapter.py, load_adapter).
"""

from core.domain.known import Known
from core.domain.names import FoundOnly


def opened(known: Known) -> bool:
    """By the tool, or by the setting."""
    tool, again = known.text(FoundOnly.TRAINING_TOOL), known.get("gradient_checkpointing")
    return (tool is not None and tool.value == "Axolotl") or (again is not None and again.value is True)
