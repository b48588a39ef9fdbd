# SPDX-License-Identifier: Apache-2.0
"""Steps and epochs by the card that SetFit writes."""

from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path

CARD = """---
library_name: setfit
---
This is a [SetFit](https://github.com/huggingface/setfit) model.

### Training Hyperparameters
- batch_size: (2, 4)
- num_epochs: ({epochs}, 16)
- max_steps: {most}
- load_best_model_at_end: {best}

### Training Results
| Epoch  | Step | Training Loss | Validation Loss |
|:------:|:----:|:-------------:|:---------------:|
| 0.0312 | 1    | 0.0021        | -               |
{last}

### Framework Versions
- Python: 3.11.7

| 9.0000 | 1 | nothing of the training |
"""
USUAL = "| 0.9375 | 30   | 0.5327        | -               |"


def facts(
    tmp_path: Path, *, epochs: str = "1", most: str = "-1", best: str = "False", last: str = USUAL
) -> dict[str, Any]:
    (tmp_path / "config_setfit.json").write_text('{"normalize_embeddings": false, "labels": null}')
    (tmp_path / "README.md").write_text(CARD.format(epochs=epochs, most=most, best=best, last=last))
    return {fact.name: fact.value for fact in scan_path(tmp_path).facts if fact.name in ("steps", "epochs")}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, {"steps": 32, "epochs": 1.0}),
        ({"epochs": "3"}, {"steps": 96, "epochs": 3.0}),
        ({"last": "| 2.8125 | 90 | 0.5 | - |", "epochs": "3"}, {"steps": 96, "epochs": 3.0}),
        ({"last": "| 0.0100 | 500 | 0.5 | - |"}, {"epochs": 1.0}),  # 49,752 to 50,251 steps fit
        ({"last": "| 0.0000 | 1 | 0.5 | - |"}, {"epochs": 1.0}),
        ({"last": "| 0.9375 | 31 | 0.5 | - |"}, {"epochs": 1.0}),  # no whole number fits
        ({"last": ""}, {"steps": 32, "epochs": 1.0}),  # 1 / 0.0312 is 32 to 32.1
        ({"most": "20"}, {}),
        ({"best": "True"}, {}),  # it may have stopped early
        ({"epochs": "x"}, {}),
    ],
)
def test_steps_follow_from_the_last_row(
    tmp_path: Path, changed: dict[str, str], found: dict[str, Any]
) -> None:
    assert facts(tmp_path, **changed) == found


TABLE = "### Training Set Metrics\n| Training set | Min | Median  | Max |\n|:---|:---|:---|:---|\n| Word count   | 7   | 31.9375 | 49  |\n"


def of_card(tmp_path: Path, more: str, table: str = TABLE) -> dict[str, Any]:
    (tmp_path / "config_setfit.json").write_text('{"normalize_embeddings": false, "labels": null}')
    text = CARD.format(epochs="1", most="-1", best="False", last=USUAL)
    (tmp_path / "README.md").write_text(text.replace("- max_steps", f"{more}\n- max_steps") + table)
    return {fact.name: fact.value for fact in scan_path(tmp_path).facts}


@pytest.mark.parametrize(
    ("loss", "texts"),
    [("CosineSimilarityLoss", 2), ("ContrastiveLoss", 2), ("BatchAllTripletLoss", 1), ("SupConLoss", 1)],
)
def test_words_of_the_texts_in_a_sample(tmp_path: Path, loss: str, texts: int) -> None:
    column = {"min": 7.0, "mean": 31.9375, "max": 49.0, "unit": "words"}
    assert of_card(tmp_path, f"- loss: {loss}")["sample_lengths"] == [column] * texts


@pytest.mark.parametrize(
    "row", ["| Word count | 9 | 3 | 49 |", "| Word count | 0 | 0 | 0 |", "| Word count | a | 3 | 49 |", ""]
)
def test_impossible_words_say_nothing(tmp_path: Path, row: str) -> None:
    assert "sample_lengths" not in of_card(tmp_path, "- loss: CosineSimilarityLoss", row)


@pytest.mark.parametrize(("amp", "mixed"), [("False", "no"), ("True", "fp16"), ("x", None)])
def test_setfit_updates_after_each_batch_in_the_numbers_it_names(
    tmp_path: Path, amp: str, mixed: str | None
) -> None:
    found = of_card(tmp_path, f"- use_amp: {amp}")
    assert found["gradient_accumulation"] == 1
    assert found.get("mixed_precision") == mixed
