# SPDX-License-Identifier: Apache-2.0
"""Many witnesses, one fact: the best one is used, disagreements are kept.

The order of witnesses per quantity is section 0 of the format notes: what was counted before what was written down,
what the run did before what was planned.
"""

from collections import defaultdict
from collections.abc import Iterable

from pydantic import JsonValue

from core.domain.fact import AnyFact, Conflict, Fact, Origin, OriginKind
from core.domain.names import FoundOnly
from core.domain.training_method import LAYERED
from core.scan.types import Witness
from core.texts import text

_GENERAL = (
    "adapter_config", "safetensors_index", "safetensors", "gguf", "pickled", "onnx", "keras", "trainer_state", "results", "rng_state", "optimizer_file",
    "training_args",
    "readme", "llama_factory_log", "ms_swift_log", "tokens_state", "kohya", "kohya_gui", "ai_toolkit", "onetrainer", "simpletuner",
    "nanochat",
    "run_table", "mergekit", "llama_factory", "axolotl", "ms_swift", "autotrain", "torchtune", "litgpt", "ultralytics", "timm", "setfit",
    "sentence_transformers", "spacy", "spacy_config", "diffusers", "licence_file", "adapter_keys", "config",
    "sklearn_model", "tfevents", "accelerate", "wandb", "mlflow", "codecarbon",
)  # fmt: skip
_TOOLS = (
    "mergekit",
    "llama_factory",
    "axolotl",
    "ms_swift",
    "ms_swift_log",
    "autotrain",
    "torchtune",
    "litgpt",
    "kohya",
    "kohya_gui",
    "ai_toolkit",
    "onetrainer",
    "simpletuner",
)
ORDER: dict[str, tuple[str, ...]] = {
    "base_model": ("adapter_config", "readme", "config", *_TOOLS, "diffusers"),
    # A run's own settings know whether the base was squeezed to 4 bits; the adapter does not.
    "training_method": (
        "llama_factory",
        "axolotl",
        "ms_swift",
        "autotrain",
        "torchtune",
        "litgpt",
        "adapter_config",
        "kohya",
        "kohya_gui",
        "adapter_keys",
    ),
    "license": ("readme", "licence_file"),
    "lora_rank": ("safetensors", "adapter_config"),
    FoundOnly.LAYERS_TOUCHED: ("safetensors", "adapter_config"),
    "world_size": ("rng_state", "training_args", "readme"),
    "gradient_accumulation": ("training_args", "readme", "adapter_config"),
    "batch_per_device": ("trainer_state", "training_args", "readme"),
    FoundOnly.LIBRARY_NAME: ("readme", "adapter_config", "setfit"),
    # The header of the chosen weights says how far they got; a file beside them may be another save's.
    "steps": ("kohya", "kohya_gui", "ai_toolkit", "onetrainer"),
    # A pickle may be the best save, from before the end; a table has the last row of the run.
    "epochs": ("run_table", *(reader for reader in _GENERAL if reader != "run_table")),
    "training_stage": ("training_args", "readme"),
    "parameters_trainable": ("safetensors", "litgpt", "pickled", "optimizer_file"),
    # Most tools are built on the Trainer and leave its files behind beside their own.
    FoundOnly.TRAINING_TOOL: (
        "adapter_config",
        *_TOOLS,
        "setfit",
        "sentence_transformers",
        "training_args",
        "readme",
        "trainer_state",
    ),
}
MERGED = frozenset({FoundOnly.HYPERPARAMETERS, FoundOnly.VERSIONS, FoundOnly.EVAL_METRICS})
"""Objects whose readings are joined; for one key the better witness wins."""
_QUIET = frozenset({FoundOnly.EVAL_METRICS, FoundOnly.HYPERPARAMETERS, FoundOnly.VERSIONS, FoundOnly.TAGS,
                    FoundOnly.WEIGHT_DTYPES, FoundOnly.CONFIG, FoundOnly.ADAPTER_CONFIG, FoundOnly.COMPONENTS,
                    FoundOnly.RUNS, FoundOnly.TRAINING_TOOL, FoundOnly.MODEL_FAMILY})  # fmt: skip
"""Differences here are no contradiction a person has to solve."""
_WEIGHTS = (".safetensors", "aitk_meta.yaml")
"""A file of weights tells how far it got itself; a state beside it that got elsewhere is another save's."""
_TOLERANCE = 2e-3
"""Relative difference of two decimals that is only rounding."""
_COARSE = {FoundOnly.TRAIN_RUNTIME_SECONDS.value: 0.05}
"""Quantities that some tools write down in few digits."""


def merge(witnesses: Iterable[Witness]) -> tuple[tuple[AnyFact, ...], tuple[Conflict, ...]]:
    """The facts to use, and the conflicts with every differing reading, the one used first."""
    grouped: dict[str, list[Witness]] = defaultdict(list)
    for witness in witnesses:
        grouped[witness.found.name].append(witness)
    _without_defaults(grouped)
    facts: list[AnyFact] = []
    conflicts: list[Conflict] = []
    for name, group in grouped.items():
        ranked = sorted(group, key=lambda witness: _rank(name, witness))
        best = ranked[0]
        value = _joined(ranked) if name in MERGED else best.found.value
        facts.append(fact(best, value))
        if name in _QUIET or (name in ("steps", "epochs") and best.file.endswith(_WEIGHTS)):
            continue
        differing = [best]
        for witness in ranked[1:]:
            if not any(same(name, witness.found.value, other.found.value) for other in differing):
                differing.append(witness)
        if len(differing) > 1:
            readings = tuple(fact(witness) for witness in differing)
            conflicts.append(Conflict(name=name, facts=readings, why_first=_why(differing[0])))
    return tuple(facts), tuple(conflicts)


def _without_defaults(grouped: dict[str, list[Witness]]) -> None:
    """SetFit makes its Trainer with default arguments and sets the batch afterwards (setfit 1.2, trainer.py): what the
    Trainer's state calls the batch is the default, 8, and not what was used."""
    if any(witness.found.value == "setfit" for witness in grouped.get(FoundOnly.LIBRARY_NAME, ())):
        batches = grouped.get("batch_per_device", [])
        if given := [witness for witness in batches if witness.reader != "trainer_state"]:
            grouped["batch_per_device"] = given
    if any(witness.found.value == "Unsloth" for witness in grouped.get(FoundOnly.TRAINING_TOOL, ())):
        # Unsloth turns it on with the adapter, whatever the Trainer is told (unsloth/models/llama.py, get_peft_model).
        again = grouped.pop("gradient_checkpointing", [])
        if sure := [one for one in again if one.found.value is True or one.reader != "training_args"]:
            grouped["gradient_checkpointing"] = sure
    _without_the_table_of_words(grouped)


def _without_the_table_of_words(grouped: dict[str, list[Witness]]) -> None:
    """A learned word is one row of a table, all of which the optimizer is given; the script writes the other rows back after
    each update (diffusers, textual_inversion.py)."""
    methods = grouped.get("training_method", [])
    if any(one.found.value == "prompt_tuning" and one.reader == "adapter_keys" for one in methods):
        counts = grouped.get("parameters_trainable", [])
        if rows := [witness for witness in counts if witness.reader != "optimizer_file"]:
            grouped["parameters_trainable"] = rows


def fact(witness: Witness, value: JsonValue = None) -> AnyFact:
    """The fact of a witness, with its file and key."""
    found = witness.found
    origin = Origin(
        kind=OriginKind.FILE, file=found.file or witness.file, key=found.key or None, note=found.note
    )
    return Fact(name=str(found.name), value=found.value if value is None else value, origin=origin)


def same(name: str, one: JsonValue, other: JsonValue) -> bool:
    """Whether two readings agree: equal, equal but for rounding of decimals, or the same id in other letters."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= _COARSE.get(name, _TOLERANCE) * max(abs(one), abs(other))
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold() or (
            name == "training_method"
            and ({one, other} == {"lora", "qlora"} or (one in LAYERED and other == "adapter"))
        )
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other


def _rank(name: str, witness: Witness) -> tuple[int, int, int]:
    order = ORDER.get(name, _GENERAL)
    known = order.index(witness.reader) if witness.reader in order else len(order)
    return (
        known,
        witness.place,
        _GENERAL.index(witness.reader) if witness.reader in _GENERAL else len(_GENERAL),
    )


def _joined(ranked: list[Witness]) -> JsonValue:
    joined: dict[str, JsonValue] = {}
    for witness in ranked:
        if isinstance(witness.found.value, dict):
            joined = {**witness.found.value, **joined}
    return joined


def _why(first: Witness) -> str:
    reasons = {
        "safetensors": "scan.why.weights", "safetensors_index": "scan.why.weights", "trainer_state": "scan.why.state",
        "adapter_config": "scan.why.adapter", "rng_state": "scan.why.rng", "training_args": "scan.why.args",
    }  # fmt: skip
    return text(reasons.get(first.reader, "scan.why.other"))
