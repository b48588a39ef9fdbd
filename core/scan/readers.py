# SPDX-License-Identifier: Apache-2.0
"""The registry of readers, in the order in which they read. A new format is one module and one line here."""

from core.scan.formats import (
    adapter_config,
    config,
    gguf,
    pickled,
    readme,
    results,
    rng_state,
    safetensors,
    safetensors_index,
    trainer_state,
    training_args,
)
from core.scan.types import Reader

READERS: tuple[Reader, ...] = (
    config,
    adapter_config,
    safetensors_index,
    safetensors,
    pickled,
    gguf,
    trainer_state,
    results,
    rng_state,
    training_args,
    readme,
)
WEIGHT_READERS = frozenset({safetensors_index.NAME, safetensors.NAME, pickled.NAME})
"""Of these, one file is chosen per folder (core.scan.places.weight_entry)."""
