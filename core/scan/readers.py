# SPDX-License-Identifier: Apache-2.0
"""The registry of readers, in the order in which they read. A new format is one module and one line here."""

from core.scan.formats import (
    adapter_config,
    config,
    diffusers,
    gguf,
    licence_file,
    llama_factory_log,
    pickled,
    readme,
    results,
    rng_state,
    run_table,
    safetensors,
    safetensors_index,
    sentence_transformers,
    simpletuner,
    spacy_config,
    timm_run,
    tokens_state,
    tool_json,
    tool_yaml,
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
    llama_factory_log,
    tokens_state,
    simpletuner,
    run_table,
    tool_yaml,
    tool_json,
    diffusers,
    timm_run,
    sentence_transformers,
    spacy_config,
    readme,
    licence_file,
)
WEIGHT_READERS = frozenset({safetensors_index.NAME, safetensors.NAME, pickled.NAME})
"""Of these, one file is chosen per folder (core.scan.places.weight_entry)."""
