# SPDX-License-Identifier: Apache-2.0
"""The plainer sections of the card: details, data, procedure, evaluation, technical figures."""

import re
from collections.abc import Sequence

from core.compute.families import config_of_family
from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity
from core.documents.context import Item
from core.documents.hub import hub_names, is_hub_id
from core.documents.words import exact, language_names, number, source_words
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.texts import catalogue, text
from core.units import grouped, short_count

# Settings of adapter_config.json and of the Trainer's card that a line of our own already says.
_SAME_AS_FIELD = {
    "r": "lora_rank",
    "peft_type": "training_method",
    "num_epochs": "epochs",
    "total_train_batch_size": "global_batch",
    "gradient_accumulation_steps": "gradient_accumulation",
    "num_devices": "world_size",
    "train_batch_size": "batch_per_device",
}

_LESS = frozenset({"eval_batch_size", "distributed_type"})
"""Settings that say nothing about what was trained."""
_OFF = frozenset({"False", "0", "0.0", "none", "None"})
"""Values of a setting that was not in use."""

_WORTH_TELLING = 0.1
"""GB of memory below which any device will do."""


def details(facts: CardFacts, identity: Identity) -> tuple[Item, ...]:
    """Developer, kind of model, languages, licence, base model."""
    lines: list[Item] = []
    developers = facts.short("developers")
    if developers:
        lines.append(Item(label=text("documents.details.developers"), value=developers))
    kind = model_kind(identity)
    if kind:
        lines.append(Item(label=text("documents.details.kind"), value=kind))
    languages = facts.strings("languages")
    if languages:
        lines.append(Item(label=text("documents.details.languages"), value=language_names(languages)))
    parents = [*facts.strings("base_models"), *facts.strings("base_names")]
    if identity.base_model and not (identity.relation == "merge" and len(parents) > 1):  # all are named below
        relation = identity.relation or "base"
        lines.append(
            Item(
                label=text(f"documents.details.relation.{relation}"),
                value=identity.base_model,
                url=f"https://huggingface.co/{identity.base_model}",
            )
        )
    if len(parents) > 1:
        lines.append(Item(label=text("documents.details.merged"), value=", ".join(dict.fromkeys(parents))))
    method = facts.short("merge_method")
    if method:
        lines.append(Item(label=text("documents.details.merge_method"), value=method))
    trigger = facts.said("trigger_words")
    if trigger:
        lines.append(Item(label=text("documents.details.trigger"), value=trigger))
    return tuple(lines)


def model_kind(identity: Identity) -> str:
    """ "LoRA adapter for text generation" and the like; empty when nothing is known."""
    task = hub_names().pipeline_tags.get(identity.pipeline_tag, "").lower()
    if identity.is_adapter:
        return text("documents.details.adapter_for", task=task) if task else text("documents.details.adapter")
    return text("documents.details.model_for", task=task) if task else ""


def datasets(facts: CardFacts) -> tuple[Item, ...]:
    """Data sets by name; those on the Hub with a link."""
    fact = facts.known.get("datasets")
    source = facts.source(fact.origin) if fact is not None else ""
    return tuple(
        Item(
            label=name,
            value=name,
            source=source,
            url=f"https://huggingface.co/datasets/{name}" if is_hub_id(name) else "",
        )
        for name in facts.strings("datasets")
        if name.lower() not in {"none", "generator", "unknown", "json", "csv", "parquet", "text"}
    )


def data_facts(facts: CardFacts) -> tuple[Item, ...]:
    """How much data the run saw."""
    lines = [*facts.items("dataset_size", "samples"), *facts.items("tokens")]
    if facts.known.get("tokens") is None:
        lines += facts.items("tokens_recorded")
    synthetic = facts.known.text("synthetic_data")
    if synthetic is not None:
        lines += facts.items("synthetic_data")
    return tuple(lines)


def procedure(facts: CardFacts) -> tuple[Item, ...]:
    """Method, stage, steps, batch and loss."""
    return facts.items(
        "training_method", "training_stage", "lora_rank", "steps", "epochs", "global_batch", "batch_per_device",
        "gradient_accumulation", "world_size", "sequence_length", "precision", "gradient_checkpointing", "train_loss",
    )  # fmt: skip


def hyperparameters(facts: CardFacts, shown: Sequence[Item]) -> tuple[Item, ...]:
    """Hyperparameters a tool wrote down, and the adapter's own settings."""
    written = facts.mapping_items("hyperparameters", show=_as_logged)
    lines = [item for item in written if item.label not in _LESS and item.value not in _OFF]
    if any(item.label == "optim" for item in lines):
        lines = [item for item in lines if item.label != "optimizer"]
    lines += facts.mapping_items(
        "adapter_config",
        ("peft_type", "r", "lora_alpha", "lora_dropout", "bias", "use_dora", "use_rslora"),
        str,
    )
    lines = [item for item in lines if item.value not in _OFF]
    adapter = facts.known.get("adapter_config")
    modules = (
        adapter.value.get("target_modules")
        if adapter is not None and isinstance(adapter.value, dict)
        else None
    )
    if adapter is not None and isinstance(modules, list) and all(isinstance(name, str) for name in modules):
        names = facts.withheld.value(", ".join(sorted(str(name) for name in modules)), "target_modules")
        if names:
            lines.append(Item(label="target_modules", value=names, source=facts.source(adapter.origin)))
    known = {item.label for item in shown}
    twice = {name for name, field in _SAME_AS_FIELD.items() if text(f"documents.field.{field}") in known}
    return tuple(line for line in lines if line.label not in known | twice)


def _as_logged(value: object) -> str:
    """A setting as it was written; the tail that single precision leaves behind is cut (0.0010000000474974513)."""
    shown = str(value)
    return f"{value:.6g}" if isinstance(value, float) and len(shown) > 12 else shown


def remarks(known: Known) -> tuple[str, ...]:
    """Plain facts of the log that limit the model."""
    diverged = known.flag("loss_diverged")
    if diverged is not None and diverged.value:
        return (text("documents.remark.diverged", source=source_words(diverged.origin)),)
    return ()


def evaluation(facts: CardFacts) -> tuple[Item, ...]:
    """Metrics of the last evaluation in words, speed figures left out."""
    rows = (item for item in facts.mapping_items("eval_metrics") if not _is_speed(item.label))
    return tuple(item.replace(label=metric_words(item.label)) for item in rows)


def metric_words(name: str) -> str:
    """The name of a metric for readers: eval_wer is "Word error rate (WER)"; an unknown one stays as it was logged."""
    return catalogue("documents").get(f"metric.{name.removeprefix('eval_').lower()}", name)


def family_name(word: str) -> str:
    """The name people know a family of image models by, for the word a trainer writes ("sdxl_base_v1-0")."""
    found = config_of_family(word) if word else None
    return found[0] if found is not None else word


def used_in(facts: CardFacts) -> tuple[Item, ...]:
    """What tells image models apart: family, picture size, the file of the base by its digest."""
    family = facts.item("model_family", show=lambda value: family_name(str(value)))
    lines = [] if family is None else [family]
    size = facts.known.get("resolution")
    if size is not None and isinstance(size.value, list) and len(size.value) == 2:
        words = " × ".join(str(side) for side in size.value)
        label = text("documents.field.resolution")
        lines.append(Item(label=label, value=words, source=facts.source(size.origin)))
    return (*lines, *facts.items("base_sha256"))


def _is_speed(name: str) -> bool:
    return name.endswith(("_per_second", "_runtime")) or name in {"epoch", "step", "eval_samples"}


def technical(facts: CardFacts, identity: Identity, footprint: Footprint) -> tuple[Item, ...]:
    """Parameters, architecture, number format, file size."""
    lines: list[Item] = [*facts.items("architecture_class", "model_type"), *used_in(facts)]
    count = footprint.parameters
    if count is not None:
        stored = facts.known.get("parameters_stored")
        if count.origin is not None:
            source = facts.source(count.origin.origin)
        elif stored is not None and stored.value == count.total:
            source = facts.source(stored.origin)
        else:
            source = text("documents.source.computed")
        trained_by = count.trainable_origin
        trained_source = source if trained_by is None else facts.source(trained_by.origin)
        lines += [
            Item(label=text(f"documents.parameters.{name}"), value=count_words(value), source=said)
            for name, value, said in (
                ("total", count.total, source),
                ("trainable", count.trainable if identity.trained else None, trained_source),
                ("active", count.active_per_token if count.active_per_token != count.total else None, source),
            )
            if value is not None
        ]
    if identity.is_adapter:
        lines += facts.items("parameters_stored")
    dtypes = facts.known.get("weight_dtypes")
    if dtypes is not None and isinstance(dtypes.value, dict) and dtypes.value:
        names = ", ".join(sorted(dtypes.value))
        lines.append(
            Item(label=text("documents.field.weight_dtypes"), value=names, source=facts.source(dtypes.origin))
        )
    size = facts.known.integer("weight_bytes")
    if size is not None:
        lines.append(
            Item(
                label=text("documents.field.weight_bytes"),
                value=byte_words(size.value),
                source=facts.source(size.origin),
            )
        )
    lines += [
        Item(
            label=text("documents.field.memory", bits=need.bits),
            value=text("documents.about", value=f"{number(float(f'{need.total_gb:.2g}'))} GB"),
            source=runs_on(need.runs_on) or text("documents.source.computed"),
        )
        for need in (footprint.fit.needs if footprint.fit is not None else ())
        if need.total_gb >= _WORTH_TELLING
    ]
    return tuple(lines)


def runs_on(devices: Sequence[str]) -> str:
    """Where it fits, in a few words: the smallest common device that holds it."""
    return text("documents.runs_on", device=devices[0]) if devices else ""


def versions(facts: CardFacts) -> tuple[Item, ...]:
    """Versions of the libraries that trained the model; config.json names the one that saved it."""
    listed = facts.mapping_items("versions")
    config = facts.known.get("config")
    if (
        config is None
        or not isinstance(config.value, dict)
        or any("ransformers" in one.label for one in listed)
    ):
        return listed
    saved = config.value.get("transformers_version")
    if not isinstance(saved, str) or not re.fullmatch(r"[\w.+-]{1,30}", saved):
        return listed
    return (Item(label="Transformers", value=saved, source=facts.source(config.origin)), *listed)


def count_words(value: int) -> str:
    """ "8,030,261,248 (8.0 billion)"; small counts alone."""
    return f"{grouped(value)} ({short_count(value)})" if value >= 10**5 else exact(value)


def byte_words(value: int) -> str:
    """A size with decimal units: "16.1 GB"."""
    for size, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value} bytes"
