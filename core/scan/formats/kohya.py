# SPDX-License-Identifier: Apache-2.0
"""kohya sd-scripts and musubi-tuner: texts named ss_… in the header of the weights, or a dump of them as JSON.

Sources: train_network.py of sd-scripts, hv_train_network.py of musubi-tuner. ss_total_batch_size is batch x processes x
accumulation. ss_max_train_steps and ss_num_epochs are plans; ss_steps counts optimizer steps done at this save.
Captions, tags, folder names, comments, titles and session ids stay where they are.
"""

import math
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import (
    base_name,
    family,
    family_facts,
    resolution,
    resolution_facts,
    sha256,
)
from core.scan.formats.kohya_data import data_facts
from core.scan.formats.licence_file import hub_licence
from core.scan.formats.named_base import base_facts
from core.scan.settings import OPTIMIZERS, SCHEDULERS, Settings, counts, hyperparameters, precision
from core.scan.types import Found, Item
from core.texts import text

NAME = "kohya"
_MARKS = (
    "ss_network_module",
    "ss_learning_rate",
    "ss_num_batches_per_epoch",
    "ss_max_train_steps",
    "ss_num_train_images",
)
_ALGORITHMS = {
    "lora": "lora", "locon": "lora", "loha": "loha", "lokr": "lokr", "ia3": "ia3", "dylora": "dylora",
    "glora": "glora", "glokr": "glokr", "diag-oft": "oft", "oft": "oft", "boft": "boft", "full": "full",
}  # fmt: skip
"""What LyCORIS calls its kinds (lycoris/kohya.py). With "full" it stores the change of every weight."""
_MODULES = {"oft": "oft", "oft_flux": "oft", "loha": "loha", "lokr": "lokr", "dylora": "dylora"}
"""Modules of sd-scripts and musubi-tuner that are not LoRA."""
_NUMBERS = (
    "ss_learning_rate", "ss_unet_lr", "ss_text_encoder_lr", "ss_network_alpha", "ss_seed", "ss_lr_warmup_steps",
    "ss_clip_skip", "ss_noise_offset", "ss_min_snr_gamma", "ss_max_grad_norm", "ss_fp8_base", "ss_discrete_flow_shift",
)  # fmt: skip


def is_mine(texts: Settings) -> bool:
    """Whether the texts are those of a training run with sd-scripts or musubi-tuner."""
    return sum(mark in texts for mark in _MARKS) >= 2


def facts(texts: Settings) -> Iterator[Item]:
    """Facts of one save."""
    musubi = "ss_num_train_items" in texts
    yield Found(FoundOnly.TRAINING_TOOL, "musubi-tuner" if musubi else "kohya sd-scripts", "ss_*")
    yield from _method(texts, musubi)
    yield from _batches(texts)
    yield from data_facts(texts, musubi=musubi)
    yield from _progress(texts)
    yield from _base(texts)
    yield from precision(texts, "ss_mixed_precision")
    if (again := texts.flag("ss_gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "ss_gradient_checkpointing")
    yield from _hyper(texts)
    if licence := hub_licence(texts.get("modelspec.license")):
        yield Found("license", licence, "modelspec.license")


def _method(texts: Settings, musubi: bool) -> Iterator[Item]:
    yield Found("origin", "fine_tune", "ss_*")
    if "ss_network_module" not in texts:
        if musubi:
            yield Found("training_method", "full", "", text("scan_tools.kohya.full"))
        return
    arguments = texts.inner("ss_network_args")
    dora = arguments.flag("dora_wd") or arguments.flag("use_dora")
    module = str(texts.get("ss_network_module")).rpartition(".")[2].lower()
    algorithm = arguments.known("algo", _ALGORITHMS)
    if algorithm and "lycoris" in str(texts.get("ss_network_module")).lower():
        method, key = _ALGORITHMS[algorithm], "ss_network_args.algo"
    else:
        method, key = _MODULES.get(module, "lora"), "ss_network_module"
    yield Found("training_method", "dora" if dora and method == "lora" else method, key)
    if "conv_dim" not in arguments:
        yield from counts(texts, (("lora_rank", "ss_network_dim"),))


def _batches(texts: Settings) -> Iterator[Item]:
    each, total = texts.count("ss_batch_size_per_device"), texts.count("ss_total_batch_size")
    accumulation = texts.count("ss_gradient_accumulation_steps")
    sets = [Settings(item) for item in texts.inner_value("ss_datasets") or [] if isinstance(item, dict)]
    sizes = {size for part in sets if (size := part.count("batch_size_per_device"))}
    if each:
        yield Found("batch_per_device", each, "ss_batch_size_per_device")
    elif len(sizes) == 1:
        yield Found("batch_per_device", sizes.pop(), "ss_datasets.batch_size_per_device")
    if accumulation:
        yield Found("gradient_accumulation", accumulation, "ss_gradient_accumulation_steps")
    if total:
        yield Found("global_batch", total, "ss_total_batch_size")
        if each and accumulation and total % (each * accumulation) == 0:
            note = text("scan_tools.kohya.world")
            yield Found("world_size", total // (each * accumulation), "ss_total_batch_size", note)
    if shape := resolution(texts.get("ss_resolution")):
        yield Found(FoundOnly.RESOLUTION, shape, "ss_resolution")
    else:
        yield from resolution_facts((part.get("resolution") for part in sets), "ss_datasets.resolution")


def _progress(texts: Settings) -> Iterator[Item]:
    yield from counts(
        texts,
        ((FoundOnly.STEPS_PLANNED, "ss_max_train_steps"), (FoundOnly.EPOCHS_PLANNED, "ss_num_epochs")),
    )
    # With pictures for regularisation an epoch holds more than the pictures counted here.
    if not texts.count("ss_num_reg_images"):
        yield from counts(
            texts,
            ((FoundOnly.DATASET_SIZE, "ss_num_train_images"), (FoundOnly.DATASET_SIZE, "ss_num_train_items")),
        )
    batches, accumulation = (
        texts.count("ss_num_batches_per_epoch"),
        texts.count("ss_gradient_accumulation_steps"),
    )
    per_epoch = math.ceil(batches / accumulation) if batches and accumulation else None
    done, epoch, planned = texts.count("ss_steps"), texts.count("ss_epoch"), texts.count("ss_max_train_steps")
    before = None
    if done and (before := _epochs_before(epoch, per_epoch, done, planned)):
        done += before * (per_epoch or 0)
        note = text("scan_tools.kohya.earlier", steps=texts.count("ss_steps"), epochs=before)
        yield Found("steps", done, "ss_steps", note)
    elif done:
        yield Found("steps", done, "ss_steps")
    elif epoch and per_epoch:
        done = min(epoch * per_epoch, planned or epoch * per_epoch)
        yield Found("steps", done, "ss_epoch", text("scan_tools.kohya.steps"))
    if done and per_epoch:
        yield Found(
            "epochs", round(done / per_epoch, 4), "ss_num_batches_per_epoch", text("scan_tools.kohya.epochs")
        )
    started, finished = texts.number("ss_training_started_at"), texts.number("ss_training_finished_at")
    if before is None and started and finished and 0 < finished - started < 10**8:
        note = text("scan_tools.kohya.runtime")
        yield Found(
            FoundOnly.TRAIN_RUNTIME_SECONDS, round(finished - started, 3), "ss_training_finished_at", note
        )


def _epochs_before(epoch: int | None, per_epoch: int | None, done: int, planned: int | None) -> int | None:
    """Epochs that were over when the run was taken up again; None when it was not, as far as is told.

    sd-scripts goes on in the epoch of the saved state (or --initial_epoch), but counts the steps of a start from nothing
    (train_network.py: epoch_to_start, global_step). A save on the way says the epochs that are over, one at the end of an
    epoch that epoch too, so of the former one epoch less is found here than there was.
    """
    if not epoch or not per_epoch or not planned:
        return None
    before = max(0, epoch - math.ceil(done / per_epoch))
    return before if before and done + before * per_epoch <= planned else None


def _base(texts: Settings) -> Iterator[Item]:
    name = texts.get("ss_sd_model_name")
    if base_name(name):
        yield from base_facts(name, "ss_sd_model_name")
    yield from sha256(texts, "ss_new_sd_model_hash")
    # Of Stable Diffusion 3 sd-scripts writes the size alone there: "medium", "5-large" (sd3_train_network.py).
    keys = ("ss_base_model_version", "modelspec.architecture")
    if key := next((key for key in keys if family(texts.get(key))), None):
        yield from family_facts(texts.get(key), key)


def _hyper(texts: Settings) -> Iterator[Item]:
    values = dict(texts.values)
    optimizer = texts.get("ss_optimizer")
    if isinstance(optimizer, str):  # bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)
        values["ss_optimizer"] = optimizer.partition("(")[0].rpartition(".")[2]
    picked = {key.removeprefix("ss_"): values.get(key) for key in _NUMBERS}
    named = Settings(values)
    for key, words in (("ss_optimizer", OPTIMIZERS), ("ss_lr_scheduler", SCHEDULERS)):
        if word := named.known(key, words):
            picked[key.removeprefix("ss_")] = word
    if (reader := texts.inner("ss_network_args").flag("train_t5xxl")) is not None:
        picked["train_t5xxl"] = reader
    yield from hyperparameters(Settings(picked), picked)
