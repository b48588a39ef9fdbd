# SPDX-License-Identifier: Apache-2.0
"""A run of sd-scripts that was taken up again from a saved state: its weights count the steps of the last start alone.

The texts are those of flux_train_network.py (February 2026), run on 28 November 2026 for two epochs and again up to four.
"""

from pathlib import Path
from typing import Any

import pytest

from core.scan import scan_path
from tests.hostile.tool_maker import Weights, build, lora

TEXTS = {
    "ss_network_module": "networks.lora_flux", "ss_learning_rate": "0.0001", "ss_num_epochs": "4", "ss_max_train_steps": "16",
    "ss_num_batches_per_epoch": "7", "ss_gradient_accumulation_steps": "2", "ss_num_train_images": "18", "ss_steps": "8",
    "ss_epoch": "4", "ss_total_batch_size": "6", "ss_batch_size_per_device": "3", "ss_training_started_at": "1000.0",
    "ss_training_finished_at": "1100.0",
}  # fmt: skip


def found(folder: Path, **changes: str) -> dict[str, Any]:
    result = scan_path(build(folder, {"a.safetensors": Weights({**TEXTS, **changes}, lora("kohya"))}))
    return {fact.name: fact.value for fact in result.facts}


def test_the_epochs_before_count_too(tmp_path: Path) -> None:
    facts = found(tmp_path)
    assert (facts["steps"], facts["epochs"], facts["samples"]) == (16, 4.0, 72)
    # From the start of the last part alone.
    assert "train_runtime_seconds" not in facts


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({"ss_steps": "16"}, 16),
        ({"ss_steps": "13"}, 13),  # stopped in the last epoch
        ({"ss_steps": "9", "ss_epoch": "2"}, 9),  # a save on the way: two epochs are over
        ({"ss_steps": "8", "ss_epoch": "2"}, 8),
        ({"ss_max_train_steps": "8"}, 8),  # more than was planned cannot be
        ({"ss_max_train_steps": ""}, 8),
        ({"ss_epoch": ""}, 8),
    ],
)
def test_a_run_in_one_go(changes: dict[str, str], steps: int, tmp_path: Path) -> None:
    facts = found(tmp_path, **changes)
    assert (facts["steps"], facts["train_runtime_seconds"]) == (steps, 100.0)
