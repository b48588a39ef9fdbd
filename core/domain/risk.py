# SPDX-License-Identifier: Apache-2.0
"""The answers of the risk note: what people fear of open models, what helps against it, what a release is good for."""

from typing import Literal

Misuse = Literal[
    "fraud",
    "disinformation",
    "malware",
    "dangerous_knowledge",
    "deepfakes",
    "intimate_images",
    "voice_cloning",
    "private_data",
    "unfair_decisions",
]
Mitigation = Literal[
    "data_filtering",
    "safety_tuning",
    "use_terms",
    "gating",
    "staged_release",
    "watermark",
    "demo_filters",
    "contact_point",
    "nothing",
]
Benefit = Literal["research", "local_use", "access", "language", "learning", "transparency", "other"]
Compared = Literal["less", "same", "more"]
Decision = Literal["release", "with_conditions", "wait"]
