# SPDX-License-Identifier: Apache-2.0
"""Whether the length of a sequence is no more than the longest that a tool's settings allowed, or that of every row."""

from core.domain.fact import Fact, OriginKind
from core.domain.known import Known
from core.domain.names import FoundOnly

TRUNCATED = 0.4
"""Real tokens against steps x batch x maximal length (compute methods, section 8: -60 %)."""
FEW_WORDS = 8
"""A short question with a word for an answer."""
_MOST_ALLOWED = frozenset(
    {"max_length", "max_seq_length", "cutoff_len", "sequence_len", "train.max_seq_length", "tokenizer.max_seq_len",
     "block_size", "max_source_length"}
)  # fmt: skip
"""Keys under which tools write the longest length of a text: TRL, ms-swift, mlx-lm, LLaMA-Factory, Axolotl, LitGPT, torchtune, AutoTrain,
transformers' scripts without a Trainer."""
_ALL_SO_LONG = (", no_keep_linebreaks", ", line_by_line", ", pad_to_max_length")
"""Ends of the keys under which those scripts say how long every row is (scan, transformers_script)."""
_IN_A_CARD = "axolotl config."
"""Before the keys of the settings that Axolotl copies into its card."""
_FILLED = ("packing", "pad_to_sequence_len")
"""Settings under which every row is as long as allowed: texts are joined, or padded (Axolotl)."""
_FILLS = frozenset({"text-generation-webui"})
"""Tools that pad every text to that length (text-generation-webui, modules/training.py, tokenize)."""


def only_longest(known: Known, length: Fact[int]) -> bool:
    """True where shorter texts were run as they are. Rows that are packed or padded to the length fill it."""
    key = (length.origin.key or "").removeprefix(_IN_A_CARD)
    if length.origin.kind is not OriginKind.FILE or key not in _MOST_ALLOWED:
        return False
    tool = known.text(FoundOnly.TRAINING_TOOL)
    if tool is not None and tool.value in _FILLS:
        return False
    settings = known.mapping(FoundOnly.HYPERPARAMETERS) or {}
    return not any(settings.get(name) is True for name in _FILLED)


def all_so_long(length: Fact[int]) -> bool:
    """Whether a file says that every row has this length: texts were cut into blocks of it, or padded to it."""
    return length.origin.kind is OriginKind.FILE and (length.origin.key or "").endswith(_ALL_SO_LONG)
