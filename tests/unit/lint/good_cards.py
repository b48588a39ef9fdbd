# SPDX-License-Identifier: Apache-2.0
"""Thirty cards without a fault: twelve written by hand, eighteen written by this app over varied answers."""

import datetime
import functools
from pathlib import Path
from typing import Any

from core.assess import assess
from core.documents import MODEL_CARD, render
from core.domain.answers import Answers
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference
from core.rules import load_rulebook
from tests.unit.documents.samples import fact

BY_HAND = Path(__file__).parents[2] / "fixtures" / "lint"
ON = datetime.date(2026, 11, 23)

SAID: dict[str, Any] = {
    "summary": "Answers short questions about plants in plain words.",
    "intended_use": "Hobby gardening, and lessons at school.",
    "limitations": "It makes things up about rare plants. Not for questions of health.",
    "data_summary": "4,000 questions that I wrote, with answers from a public-domain book.",
    "languages": ("en",),
    "model_type": "llama",
    "origin": "fine_tune",
    "training_method": "lora",
    "hardware": "rtx-4090",
    "device_count": 1,
    "hours": 3.5,
}
FOUND = (
    fact("library_name", "peft", "README.md"),
    fact("eval_metrics", {"eval_loss": 1.21, "eval_accuracy": 0.66}, "trainer_state.json"),
)
BASES = (
    ("Llama-3.2-1B-Plants", "meta-llama/Llama-3.2-1B", "llama3.2"),
    ("Llama-3.1-8B-Plants", "meta-llama/Llama-3.1-8B-Instruct", "llama3.1"),
    ("Llama-3.3-70B-Plants", "meta-llama/Llama-3.3-70B-Instruct", "llama3.3"),
    ("plants-qwen", "Qwen/Qwen2.5-7B", "apache-2.0"),
    ("plants-mistral", "mistralai/Mistral-7B-v0.1", "apache-2.0"),
    ("plants-gemma", "google/gemma-2-2b", "gemma"),
    ("plants-phi", "microsoft/phi-4", "mit"),
    ("plants-olmo", "allenai/OLMo-2-1124-7B", "cc-by-4.0"),
    ("plants-smol", "HuggingFaceTB/SmolLM2-1.7B", "apache-2.0"),
)


@functools.cache
def good_cards() -> dict[str, str]:
    """Name -> text of the card."""
    cards = {path.stem: path.read_text(encoding="utf-8") for path in sorted(BY_HAND.glob("[a-z]*.md"))}
    for name, base, licence in BASES:
        said = SAID | {
            "model_name": name,
            "base_model": base,
            "license": licence,
            "pipeline_tag": "text-generation",
        }
        cards[f"app-{name}"] = written(said)
        more = {
            "energy_kwh": 1.9,
            "grid_g_per_kwh": 300.0,
            "developers": "Mira",
            "datasets": ("mira/plants",),
        }
        cards[f"app-{name}-more"] = written(said | more | {"training_method": "full"})
    return cards


def written(said: dict[str, Any]) -> str:
    """The card of this app for these answers, with a library and a result found in files."""
    project = Project(answers=Answers(**said), scan=ScanResult(folder_name="plants", facts=FOUND))
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=ON)
    return render(MODEL_CARD, project, assessment).content
