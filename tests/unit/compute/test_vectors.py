# SPDX-License-Identifier: Apache-2.0
"""Adapters that give vectors (sentence-transformers, PEFT's FEATURE_EXTRACTION): their base ran without the head that writes words.

Measured around SentenceTransformerTrainer (sentence-transformers 6.2, PEFT 0.21, PyTorch 2.13's FlopCounterMode): BERT of 2
layers with LoRA of rank 4 on query and value, 70 pairs of texts twice in batches of 8.
"""

from typing import Any

import pytest

from core.compute import weigh
from core.compute.as_loaded import as_loaded
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

BERT = {"model_type": "bert", "architectures": ["BertForMaskedLM"], "hidden_size": 32, "intermediate_size": 64, "vocab_size": 320,
        "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}  # fmt: skip
LORA = {
    "peft_type": "LORA",
    "task_type": "FEATURE_EXTRACTION",
    "r": 4,
    "target_modules": ["query", "value"],
    "bias": "none",
}
TEXTS = [{"min": 6, "mean": 17.77, "max": 29}, {"min": 23, "mean": 37.29, "max": 55}]
MEASURED = 1_008_184_768


def weighed(**adapter: Any) -> tuple[float, float, float]:
    found = {"base_config": BERT, "adapter_config": {**LORA, **adapter}, "training_method": "lora", "samples": 140,
             "sample_lengths": TEXTS, "batch_per_device": 8, "base_parameters": 30944, "parameters_trainable": 1024}  # fmt: skip
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    facts = tuple(Fact[Any](name=name, value=value, origin=origin) for name, value in found.items())
    own = weigh(Known(Project(scan=ScanResult(folder_name="x", facts=facts))), load_reference()).accounts.own
    assert own is not None
    return own.low, own.central, own.high


def test_the_texts_of_an_adapter_s_rows_are_weighed() -> None:
    low, central, high = weighed()
    assert central == pytest.approx(MEASURED, rel=0.05)
    assert low < MEASURED < high
    assert weighed(task_type=None)[1] > 1.3 * MEASURED  # with the head of its base's own class


@pytest.mark.parametrize(
    ("named", "task", "loaded"),
    [
        ("BertForMaskedLM", "FEATURE_EXTRACTION", "BertModel"),
        ("Qwen3ForCausalLM", "FEATURE_EXTRACTION", "Qwen3Model"),
        ("GPT2LMHeadModel", "FEATURE_EXTRACTION", "GPT2Model"),
        ("BertModel", "FEATURE_EXTRACTION", "BertModel"),
        ("Qwen2VLForConditionalGeneration", "FEATURE_EXTRACTION", "Qwen2VLForConditionalGeneration"),
        ("Qwen3ForCausalLM", "CAUSAL_LM", "Qwen3ForCausalLM"),
    ],
)
def test_the_class_the_base_was_loaded_in(named: str, task: str, loaded: str) -> None:
    assert as_loaded({"architectures": [named]}, {"task_type": task}, {})["architectures"] == [loaded]
