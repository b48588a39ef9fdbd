# SPDX-License-Identifier: Apache-2.0
"""Arguments of the training scripts that come with diffusers (examples/*/train_*.py, textual_inversion.py).

The scripts hand all their arguments to accelerate's tracker, which keeps them as hparams.yml (TensorBoard) or as the settings
of a run (wandb). Prompts, folders and tokens among them are never read: only what is listed here is.
"""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.image_tools import resolution
from core.scan.formats.named_base import base_facts
from core.scan.private import hub_id
from core.scan.settings import Settings, hyperparameters
from core.scan.types import Found, Item
from core.texts import text

_SETTINGS = ("learning_rate", "text_encoder_lr", "lr_scheduler", "lr_warmup_steps", "max_grad_norm", "adam_weight_decay", "seed", "rank",
             "lora_alpha", "snr_gamma", "noise_offset", "prior_loss_weight", "train_text_encoder", "use_8bit_adam", "use_ema",
             "center_crop", "random_flip", "guidance_scale")  # fmt: skip

_GUIDED = ("conditioning_image_column", "edit_prompt_column", "edited_image_column")
"""Arguments of scripts whose pictures are made from a picture, too."""


_BASES = ("pretrained_model_name_or_path", "pretrained_teacher_model")
"""Arguments that name the base; of the scripts for consistency distillation it is the teacher."""
_DISTILLED = ("num_ddim_timesteps", "timestep_scaling_factor")
"""Arguments of train_lcm_distill_*.py; the weighing knows the distillation by the first."""


def is_script(settings: Settings) -> bool:
    """Whether these are the arguments of such a script."""
    named = any(key in settings for key in _BASES)
    return named and all(key in settings for key in ("train_batch_size", "max_train_steps"))


def script_facts(settings: Settings) -> Iterator[Item]:
    """What was planned. The scripts work out max_train_steps and num_train_epochs before they hand them over.

    With prior preservation a picture of the class is read beside each picture of the thing (train_dreambooth.py,
    collate_fn): a batch holds twice as many.
    """
    note = text("scan_files.log.planned")
    base = next(key for key in _BASES if key in settings)
    yield Found(FoundOnly.TRAINING_TOOL, "diffusers", base)
    yield Found(FoundOnly.LIBRARY_NAME, "diffusers", base)
    yield Found("origin", "fine_tune", base)
    yield from base_facts(settings.get(base), base)
    batch = settings.count("train_batch_size")
    if batch and settings.flag("with_prior_preservation"):
        doubled = text("scan_tools.diffusers.prior")
        yield Found("batch_per_device", 2 * batch, "train_batch_size, with_prior_preservation", doubled)
    elif batch:
        yield Found("batch_per_device", batch, "train_batch_size")
    for name, key in (
        ("gradient_accumulation", "gradient_accumulation_steps"),
        (FoundOnly.STEPS_PLANNED, "max_train_steps"),
    ):
        if count := settings.count(key):
            yield Found(name, count, key, note if name == FoundOnly.STEPS_PLANNED else None)
    if epochs := settings.number("num_train_epochs"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_train_epochs", note)
    if sides := resolution(settings.get("resolution")):
        yield Found(FoundOnly.RESOLUTION, sides, "resolution")
        yield Found("output_modalities", ["image"], "resolution")
        if not any(key in settings for key in _GUIDED):
            yield Found("pipeline_tag", "text-to-image", "resolution")
    if mixed := settings.known("mixed_precision", ("no", "bf16", "fp16")):
        yield Found(FoundOnly.MIXED_PRECISION, mixed, "mixed_precision")
        if mixed != "no":
            yield Found("precision", mixed, "mixed_precision")
    if (checkpointing := settings.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", checkpointing, "gradient_checkpointing")
    if "placeholder_token" in settings:
        yield Found("training_method", "prompt_tuning", "placeholder_token")
    if dataset := hub_id(settings.get("dataset_name")):
        yield Found("datasets", [dataset], "dataset_name")
    yield from hyperparameters(settings, (*_SETTINGS, *_DISTILLED))
