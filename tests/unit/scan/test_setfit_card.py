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
