# SPDX-License-Identifier: Apache-2.0
"""ai-toolkit (ostris): texts in the header of the weights, aitk_meta.yaml of a pipeline, and the job's config.yaml beside them.

Sources: BaseSDTrainProcess (run, save, update_training_metadata), SDTrainer.hook_train_loop, toolkit/config_modules.py.
"""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import front_matter
from core.scan.formats.image_tools import base_name, family_facts, makes_videos, resolution_facts
from core.scan.formats.named_base import base_facts
from core.scan.guarded import Source
from core.scan.private import short_text
from core.scan.settings import Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "ai_toolkit"
META = "aitk_meta.yaml"
"""In a model that was saved as folders, it holds what else stands in the header of the weights."""
CARD = "[AI Toolkit by Ostris](https://github.com/ostris/ai-toolkit)"
"""Stands in its card, which names the licence of Stable Diffusion 1 for every base but FLUX.1 (_generate_readme)."""
_MOST_FRAMES = 10_000
_NETWORKS = {
    "lora": "lora",
    "locon": "lora",
    "dora": "dora",
    "lokr": "lokr",
    "loha": "loha",
    "lorm": "adapter",
}
_TRAINERS = frozenset({"sd_trainer", "ui_trainer", "diffusion_trainer"})
"""Processes that train the whole model when nothing else is set (BaseSDTrainProcess, is_fine_tuning)."""
_NUMBERED = re.compile(r".+_(\d{9})(?:\.safetensors)?\Z")
_CAP = 500_000
_SAVE_EVERY = 1000
"""What SaveConfig takes when nothing is set."""


def is_header(texts: Settings) -> bool:
    """Whether the texts of a header are ai-toolkit's."""
    return texts.inner("software").known("name", ("ai-toolkit",)) is not None


def header_facts(texts: Settings, source: Source) -> Iterator[Item]:
    """Steps done at this save. Its ss_tag_frequency is made up and holds the trigger word; its epoch counts the ends seen."""
    yield Found(FoundOnly.TRAINING_TOOL, "ai-toolkit", "software.name")
    version = short_text(texts.inner("software").get("version"), 20)
    if version and all(part.isdigit() for part in version.split(".")):
        yield Found(FoundOnly.VERSIONS, {"ai-toolkit": version}, "software.version")
    step = texts.inner("training_info").count("step", 0)
    if step is not None and (steps := _updates(step, source)):
        yield Found("steps", steps, "training_info.step", text("scan_tools.ai_toolkit.steps"))
    yield from family_facts(texts.get("ss_base_model_version"), "ss_base_model_version")
    if step is not None and (later := _later(step, source)):
        yield Note(text("scan_tools.ai_toolkit.later", file=source.entry.path, step=f"{step:,}", later=later))


def _later(step: int, source: Source) -> str | None:
    """A save on the way that got further than the last save at hand: the run was taken up again and did not end."""
    plain = source.entry.name.removesuffix(".safetensors")
    if _NUMBERED.match(source.entry.name):
        return None
    numbered = re.compile(re.escape(plain) + r"_(\d{9})\.safetensors\Z")
    further = [name for name in source.siblings if (match := numbered.match(name)) and int(match[1]) > step]
    return max(further, default=None)


def _updates(step: int, source: Source) -> int | None:
    """Updates done when a save says `step`.

    A save on the way is written at the end of the pass of that number, and the first pass is number 0; the last save, and
    one that was asked for in the window, say how many passes there were (BaseSDTrainProcess.run, DiffusionTrainer.maybe_save).
    """
    job = _job_of(source)
    name = source.entry.folder.rpartition("/")[2] if source.entry.name == META else source.entry.name
    match = _NUMBERED.match(name)
    every = job.part("save").count("save_every") or _SAVE_EVERY
    on_the_way = match is not None and int(match[1]) == step and bool(job.values) and step % every == 0
    each = _passes(job.part("train"))
    return (step + on_the_way) // each if each else None


def _passes(train: Settings) -> int | None:
    """Passes counted as steps of which one makes an update; None when each epoch makes one.

    gradient_accumulation_steps counts every pass as a step, gradient_accumulation only the updates (TrainConfig).
    """
    if train.get("gradient_accumulation_steps") is None or (train.count("gradient_accumulation") or 1) > 1:
        return 1
    return train.count("gradient_accumulation_steps")


def _job_of(source: Source) -> Settings:
    """The job whose config.yaml lies beside the weights, or above the folder of a pipeline; empty when there is none."""
    folder = source.entry.folder.rpartition("/")[0] if source.entry.name == META else source.entry.folder
    files = source.folders.get(folder, {})
    if "config.yaml" not in files:
        return Settings({})
    try:
        parsed = front_matter.parse_any(
            Source(files["config.yaml"], files, source.folders).text(_CAP), "settings"
        )
    except CannotRead:
        return Settings({})
    settings = Settings(parsed if isinstance(parsed, dict) else {})
    return settings.part("config").parts("process", 1)[0] if is_mine(settings) else Settings({})


def is_mine(settings: Settings) -> bool:
    """Whether a YAML file is a job of ai-toolkit."""
    jobs = settings.part("config").parts("process", 1)
    return bool(jobs) and "train" in jobs[0] and "model" in jobs[0]


def facts(settings: Settings, _source: Source) -> Iterator[Item]:
    """Facts of the job: what was planned. Its name, folders, trigger word and prompts stay where they are."""
    job = settings.part("config").parts("process", 1)[0]
    yield Found(FoundOnly.TRAINING_TOOL, "ai-toolkit", "config.process")
    train = job.part("train")
    yield from _batches(job, train)
    if passes := _beside(job, train):
        yield Found(FoundOnly.PASSES_BESIDE, passes, "train")
    yield from precision(train, "dtype")
    if (again := train.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "train.gradient_checkpointing")
    network = job.part("network")
    yield from _method(job, network)
    yield Found("origin", "fine_tune", "model.name_or_path")
    base = job.part("model").get("name_or_path")
    if base_name(base):
        yield from base_facts(base, "model.name_or_path")
    sets = job.parts("datasets")
    sizes = [item for part in sets for item in part.listed("resolution") or [512]]
    yield from resolution_facts(sizes, "datasets.resolution", text("scan_tools.largest"))
    kept = {_is_kept(part) for part in sets}
    if len(kept) == 1:
        yield Found(FoundOnly.LATENTS_CACHED, kept.pop(), "datasets.cache_latents")
    # Either all sets keep the texts' outputs or none may (validate_configs).
    if train.flag("cache_text_embeddings") or any(part.flag("cache_text_embeddings") for part in sets):
        yield Found(FoundOnly.TEXT_OUTPUTS_CACHED, True, "cache_text_embeddings")
    model = job.part("model")
    moving = makes_videos(model.get("arch")) or makes_videos(base)
    if (frames := _frames(job)) and (moving or frames != [1]):
        note = text("scan_tools.ai_toolkit.frames")
        yield Found(FoundOnly.FRAMES, [*frames], "datasets.num_frames", note)
    picked = {
        **{key: train.get(key) for key in ("lr", "optimizer")},
        "linear_alpha": network.get("linear_alpha"),
    }
    yield from hyperparameters(Settings(picked), picked)


def _is_kept(part: Settings) -> bool:
    """Whether a data set's pictures are encoded once: never where they are changed at random (DatasetConfig)."""
    changed = part.listed("augments") or part.listed("augmentations")
    return not changed and any(part.flag(key) is True for key in ("cache_latents", "cache_latents_to_disk"))


def _batches(job: Settings, train: Settings) -> Iterator[Item]:
    """Batch and accumulation; each is 1 where nothing is set (TrainConfig). A data set may have a batch of its own."""
    usual = train.count("batch_size") or 1
    sizes = {part.count("batch_size") or usual for part in job.parts("datasets")} or {usual}
    if len(sizes) == 1 and not train.flag("short_and_long_captions"):
        yield Found("batch_per_device", sizes.pop(), "train.batch_size")
    each, planned = _passes(train), train.count("steps")
    if accumulation := each if each != 1 else train.count("gradient_accumulation") or 1:
        key = "gradient_accumulation" if each == 1 else "gradient_accumulation_steps"
        yield Found("gradient_accumulation", accumulation, f"train.{key}")
    if planned and each:
        yield Found(FoundOnly.STEPS_PLANNED, planned // each, "train.steps")


def _beside(job: Settings, train: Settings) -> int:
    """Forward passes at most beside each training pass, a second training pass counted as three (SDTrainer)."""
    passes = 0
    if train.flag("diff_output_preservation") or train.flag("blank_prompt_preservation"):
        passes += 4
    elif train.flag("inverted_mask_prior") or any(part.flag("prior_reg") for part in job.parts("datasets")):
        passes += 1
    if train.flag("do_cfg") or train.flag("do_random_cfg"):
        passes += 3
    return passes + (2 if train.flag("do_guidance_loss") else 0)


def _method(job: Settings, network: Settings) -> Iterator[Item]:
    """A network, a learned word, or the whole model. What an adapter of another kind trains is not told here."""
    if network.values:
        kind = network.known("type", _NETWORKS) if network.get("type") else "lora"
        if kind:
            yield Found("training_method", _NETWORKS[kind], "network.type")
        if kind in ("lora", "dora"):
            yield from counts(network, (("lora_rank", "rank" if "rank" in network else "linear"),))
    elif job.part("embedding").values:
        yield Found("training_method", "prompt_tuning", "embedding")
    elif (
        job.known("type", _TRAINERS)
        and not job.part("adapter").values
        and not job.part("decorator").values
        and job.part("train").flag("train_unet") is not False
    ):
        yield Found("training_method", "full", "network", text("scan_tools.ai_toolkit.full"))


def _frames(job: Settings) -> list[int]:
    """Lengths of the clips, shortest first: a set without `num_frames` is read as pictures (toolkit/config_modules.py,
    DatasetConfig). Empty when one does not fit."""
    lengths: set[int] = set()
    for part in job.parts("datasets"):
        length = part.count("num_frames") if "num_frames" in part else 1
        # With auto_frame_count each video keeps a length of its own.
        if length is None or length > _MOST_FRAMES or part.flag("auto_frame_count"):
            return []
        lengths.add(length)
    return sorted(lengths)
