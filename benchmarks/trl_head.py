# SPDX-License-Identifier: Apache-2.0
"""The output head of TRL, counted with the real trainer.

    python -m venv /tmp/trl && /tmp/trl/bin/pip install torch transformers trl datasets
    /tmp/trl/bin/python benchmarks/trl_head.py

TRL 1.15 and later runs the head in a function of its own: no logits for the last token, logits made a second time for
the backward pass, gradients added in place with `addmm_`. PyTorch's FlopCounterMode does not know `addmm_`, so on a
CPU it misses two of the head's four products. This counts once as PyTorch does and once with `addmm_`, and compares
with the layer table. Not part of the tests: torch is none of the app's dependencies.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROWS, LENGTH, STEPS = 4, 16, 4
CONFIG: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 128, "max_position_embeddings": 64,
    "tie_word_embeddings": False,
}  # fmt: skip


def main() -> int:
    """Print both counts and the layer table's; exit 1 when they differ from what is claimed."""
    from core.compute.flops import count_flops
    from core.compute.inputs import Inputs

    table = count_flops(CONFIG, Inputs(batch=1, seq_len=LENGTH))
    head = table.lines["output head"]
    rows = ROWS * STEPS
    model = (table.step_flop - (head.forward_flop + head.backward_flop) // LENGTH) * rows
    again = head.forward_flop * (LENGTH - 1) // LENGTH * rows
    plain, whole = _measured(knows_addmm=False), _measured(knows_addmm=True)
    print(f"layer table, without the head of each last token: {model:,} FLOP; logits made again: {again:,}")
    print(f"PyTorch's counter: {plain:,}; the same with addmm_: {whole:,}")
    agrees = whole == model + again and plain == model - again
    print("as claimed" if agrees else "NOT as claimed")
    return 0 if agrees else 1


def _measured(*, knows_addmm: bool) -> int:
    import torch
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from torch.utils.flop_counter import FlopCounterMode, mm_flop
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from trl import SFTConfig, SFTTrainer

    words = Tokenizer(
        models.WordLevel({"<e>": 0, "<u>": 1} | {f"w{n}": n for n in range(2, 128)}, unk_token="<u>")
    )
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, eos_token="<e>", pad_token="<e>", unk_token="<u>"
    )
    said = {key: value for key, value in CONFIG.items() if key != "model_type"}
    model = LlamaForCausalLM(LlamaConfig(**said, attn_implementation="eager"))
    texts = [
        {"text": " ".join(f"w{2 + (row + n) % 100}" for n in range(LENGTH - 1))}
        for row in range(ROWS * STEPS)
    ]

    def in_place(_total: Any, a: Any, b: Any, *_rest: Any, **_more: Any) -> int:
        return int(mm_flop(a, b))

    counter = FlopCounterMode(
        display=False, custom_mapping={torch.ops.aten.addmm_: in_place} if knows_addmm else None
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = SFTConfig(
            output_dir=folder, per_device_train_batch_size=ROWS, max_steps=STEPS, report_to=[], use_cpu=True,
            bf16=False, save_strategy="no", gradient_checkpointing=False, disable_tqdm=True,
        )  # fmt: skip
        trainer = SFTTrainer(
            model=model, args=settings, train_dataset=Dataset.from_list(texts), processing_class=tokenizer
        )
        with counter:
            trainer.train()
    return int(counter.get_total_flops())


if __name__ == "__main__":
    sys.exit(main())
