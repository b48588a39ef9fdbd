# SPDX-License-Identifier: Apache-2.0
"""Settings as loggers (TensorBoard, wandb, mlflow) copy them, by the Trainer's names and by those that people give them
in loops of their own: an allow-list, the rest stays unread."""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.named_base import base_facts
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item
from core.texts import text

_SETTINGS = ("weight_decay", "seed", "warmup_steps", "beta", "num_generations", "max_completion_length",
             "max_prompt_length", "max_grad_norm", "lr_scheduler_type", "optim", "optimizer")  # fmt: skip
_OWN = (
    ("per_device_train_batch_size", "batch_size"),
    ("num_train_epochs", "epochs"),
    ("learning_rate", "lr"),
)
"""Settings of the Trainer, and what people call the same."""

_FORMATS = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}
_NOT_SET = ("none", "null", "")


def setting_facts(settings: Settings) -> Iterator[Item]:
    """What was planned: by the Trainer's name of a setting, else by the plain one."""
    note = text("scan_files.log.planned")
    batch, passes, rate = (plain if usual not in settings else usual for usual, plain in _OWN)
    yield from counts(
        settings, (("batch_per_device", batch), ("gradient_accumulation", "gradient_accumulation_steps"))
    )
    planned = settings.count("max_steps")
    if planned:
        yield Found(FoundOnly.STEPS_PLANNED, planned, "max_steps", note)
    epochs = settings.number(passes)
    if epochs and epochs < 10**6 and not planned:
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, passes, note)
    for precision in ("bf16", "fp16"):
        if settings.flag(precision) is True or settings.known("mixed_precision", (precision,)):
            yield Found("precision", precision, precision)
            yield Found(FoundOnly.MIXED_PRECISION, precision, precision)
            break
    else:
        if settings.flag("bf16") is False and settings.flag("fp16") is False:
            yield Found(FoundOnly.MIXED_PRECISION, "no", "bf16, fp16")
            yield from _plain(settings)
    checkpointing = settings.flag("gradient_checkpointing")
    if checkpointing is not None:
        yield Found("gradient_checkpointing", checkpointing, "gradient_checkpointing")
    yield from hyperparameters(settings, (rate, *_SETTINGS))
    version = settings.word("transformers_version", 30)
    if version and version[0].isdigit():
        yield Found(FoundOnly.VERSIONS, {"Transformers": version}, "transformers_version")
    # transformers hands its whole configuration to the logger, with the start of the training.
    if _by_transformers(settings):
        yield from base_facts(settings.get("_name_or_path"), "_name_or_path")


def _by_transformers(settings: Settings) -> bool:
    """Whether the model's configuration stands among the settings of the Trainer."""
    return settings.word("model_type") is not None and "per_device_train_batch_size" in settings


def _plain(settings: Settings) -> Iterator[Item]:
    """Without mixed precision the numbers are computed in the format of the model, which its configuration tells.

    transformers 5 loads a model in the format it was saved in; before, it was 32 bits unless the script said else, and
    then the configuration says it too: 32 bits are sure either way. Packed weights are computed in another format.
    """
    word = settings.known("dtype", _FORMATS) or settings.known("torch_dtype", _FORMATS)
    packed = settings.get("quantization_config")
    if word is None or not _by_transformers(settings):
        return
    if packed is not None and str(packed).strip().lower() not in _NOT_SET:
        return
    major = (settings.word("transformers_version", 30) or "").partition(".")[0]
    if word == "float32" or (major.isdecimal() and int(major) >= 5):
        note = text("scan.derived.precision")
        yield Found("precision", _FORMATS[word], "bf16, fp16, dtype", note)
