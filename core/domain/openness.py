# SPDX-License-Identifier: Apache-2.0
"""What can be published with a model beside its weights and its card (Model Openness Framework 1.0)."""

from typing import Literal

OpenPart = Literal[
    "technical_report",
    "research_paper",
    "training_code",
    "inference_code",
    "evaluation_code",
    "evaluation_data",
    "datasets",
    "preprocessing_code",
    "checkpoints",
]
