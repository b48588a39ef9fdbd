# SPDX-License-Identifier: Apache-2.0
"""Which tokens of a sequence the trainer runs the output head for, by the versions it left behind."""

import re
from enum import StrEnum

from core.compute.recorded_tokens import without_padding
from core.domain.known import Known
from core.domain.names import FoundOnly


class Head(StrEnum):
    """Which tokens the output head runs for.

    WHOLE: all. LAST: all but the last of each sequence. SHIFTED: as LAST, and perhaps none for those masked from the
    loss. In both the logits are made a second time for the backward pass. ANSWERS: those from the first that counts for
    the loss. OPEN: one of these.
    """

    WHOLE = "whole"
    LAST = "last"
    SHIFTED = "shifted"
    ANSWERS = "answers"
    OPEN = "open"


_FUSED = (1, 15)
"""TRL that never builds the logits of a whole sequence in its SFT, DPO, KTO, GRPO and RLOO trainers (trl/trainer/utils.py,
add_fused_lm_head)."""
_PLAIN = frozenset({"orpo", "cpo", "reward"})
"""Trainers of TRL that call the model as it is: orpo_trainer.py and cpo_trainer.py, concatenated_forward; reward_trainer.py, whose head is no
table of words."""
_CHUNKED = (1, 7)
"""TRL whose SFT trainer runs the head in chunks of counted tokens (sft_config.py: loss_type "chunked_nll")."""
_DENSE = (1, 16)
"""TRL that drops masked tokens only on graphics cards with Triton (the same function, "compact"); before, everywhere."""
_VERSION = re.compile(r"(\d+)\.(\d+)")


def on_processor(known: Known) -> bool:
    """Whether no graphics card was at work: by the device that the settings name, else by a PyTorch that was built for the
    processor alone ("2.13.0+cpu")."""
    kind = known.text(FoundOnly.DEVICE_KIND)
    if kind is not None:
        return kind.value == "cpu"
    return str((known.mapping(FoundOnly.VERSIONS) or {}).get("Pytorch", "")).endswith("+cpu")


_KEPT = frozenset({"", "sft", "dpo", "kto"})
"""Stages in which ms-swift runs the head from the first label on (swift/trainers/mixin.py, prepare_logits_to_keep)."""


def trainer_head(known: Known, stage: str) -> Head:
    """By the versions of TRL and PyTorch on the card; a log that TRL wrote without them leaves it open."""
    versions = known.mapping(FoundOnly.VERSIONS) or {}
    tool = known.text(FoundOnly.TRAINING_TOOL)
    if tool is not None and tool.value == "ms-swift":
        kept = (known.mapping(FoundOnly.HYPERPARAMETERS) or {}).get("use_logits_to_keep")
        return Head.ANSWERS if stage in _KEPT and kept is not False else Head.WHOLE
    found = _VERSION.match(str(versions.get("TRL", "")))
    if stage == "sft" and tool is not None and tool.value == "Unsloth":
        # It puts TRL's chunked loss back and its own, over all tokens, in place of it (models/rl.py, fused_losses).
        return Head.WHOLE
    if stage in _PLAIN:
        return Head.WHOLE
    if found is not None:
        version = (int(found[1]), int(found[2]))
        if version < (_CHUNKED if stage == "sft" else _FUSED):
            return Head.WHOLE
        return Head.LAST if on_processor(known) and version >= _DENSE else Head.SHIFTED
    recorded = known.integer(FoundOnly.TOKENS_RECORDED)
    return Head.OPEN if recorded is not None and without_padding(recorded) else Head.WHOLE
