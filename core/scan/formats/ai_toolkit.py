# SPDX-License-Identifier: Apache-2.0
"""ai-toolkit (ostris): texts in the header of the weights, and the job's config.yaml beside them."""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import base_name, family_facts, largest
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.private import short_text
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item
from core.texts import text

NAME = "ai_toolkit"
_NETWORKS = {
    "lora": "lora", "locon": "lora", "dora": "dora", "lokr": "lokr", "loha": "loha", "lorm": "lorm",
}  # fmt: skip


def is_header(texts: Settings) -> bool:
    """Whether the texts of a header are ai-toolkit's."""
    return texts.inner("software").known("name", ("ai-toolkit",)) is not None


def header_facts(texts: Settings) -> Iterator[Item]:
    """Steps and epochs done at this save. Its ss_tag_frequency is made up and holds the trigger word."""
    yield Found(FoundOnly.TRAINING_TOOL, "ai-toolkit", "software.name")
    version = short_text(texts.inner("software").get("version"), 20)
    if version and all(part.isdigit() for part in version.split(".")):
        yield Found(FoundOnly.VERSIONS, {"ai-toolkit": version}, "software.version")
    progress = texts.inner("training_info")
    if steps := progress.count("step"):
        yield Found("steps", steps, "training_info.step", text("scan_tools.ai_toolkit.steps"))
    yield from family_facts(texts.get("ss_base_model_version"), "ss_base_model_version")


def is_mine(settings: Settings) -> bool:
    """Whether a YAML file is a job of ai-toolkit."""
    jobs = settings.part("config").parts("process", 1)
    return bool(jobs) and "train" in jobs[0] and "model" in jobs[0]


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """Facts of the job: what was planned. Its name, folders, trigger word and prompts stay where they are."""
    job = settings.part("config").parts("process", 1)[0]
    yield Found(FoundOnly.TRAINING_TOOL, "ai-toolkit", "config.process")
    train = job.part("train")
    yield from counts(train, (("batch_per_device", "batch_size"), (FoundOnly.STEPS_PLANNED, "steps")))
    # Both spellings exist; the first counts passes, as the second does.
    for key in ("gradient_accumulation", "gradient_accumulation_steps"):
        if count := train.count(key):
            yield Found("gradient_accumulation", count, f"train.{key}")
            break
    yield from precision(train, "dtype")
    if (again := train.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "train.gradient_checkpointing")
    network = job.part("network")
    kind = network.known("type", _NETWORKS)
    if kind:
        yield Found("training_method", _NETWORKS[kind], "network.type")
        if kind in ("lora", "dora"):
            yield from counts(network, (("lora_rank", "linear"), ("lora_rank", "rank")))
    elif not network.values:
        yield Found("training_method", "full", "network", text("scan_tools.ai_toolkit.full"))
    yield Found("origin", "fine_tune", "model.name_or_path")
    base = job.part("model").get("name_or_path")
    if base_name(base):
        yield from base_facts(base, "model.name_or_path")
    size = largest(item for part in job.parts("datasets") for item in part.listed("resolution"))
    if size:
        yield Found(FoundOnly.RESOLUTION, size, "datasets.resolution", text("scan_tools.largest"))
    picked = {
        **{key: train.get(key) for key in ("lr", "optimizer")},
        "linear_alpha": network.get("linear_alpha"),
    }
    yield from hyperparameters(Settings(picked), picked)
