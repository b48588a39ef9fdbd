# SPDX-License-Identifier: Apache-2.0
"""ms-swift: args.json, every setting a run was started with, beside each save; before version 3, sft_args.json.

Sources: ms-swift 4.6 and 3.12 (arguments/base_args/base_args.py, save_args; arguments/rlhf_args.py, pretrain_args.py;
megatron/arguments), ms-swift 2.6 (llm/sft.py). `swift export` and `swift infer` leave files with the same keys, but
without those of a trainer.
"""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats.named_base import base_facts
from core.scan.private import hub_id, last_part
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "ms_swift"
_KINDS = ("tuner_type", "train_type", "sft_type")
"""The key of the method in versions 4, 3 and 2."""
_OF_A_TRAINER = ("gradient_accumulation_steps", "global_batch_size")
_STAGES = {
    "dpo": "dpo", "orpo": "orpo", "cpo": "cpo", "simpo": "cpo", "kto": "kto", "rm": "reward", "ppo": "ppo", "grpo": "grpo",
}  # fmt: skip
_SETTINGS = (
    "learning_rate", "lr", "optim", "lr_scheduler_type", "warmup_ratio", "weight_decay", "seed", "lora_alpha", "lora_dropout",
    "max_grad_norm", "beta", "num_generations", "max_completion_length", "num_iterations", "packing", "padding_free",
    "use_logits_to_keep", "dataloader_drop_last", "neftune_noise_alpha",
)  # fmt: skip
_SOME = ("freeze_parameters", "freeze_parameters_regex", "freeze_parameters_ratio", "lisa_activated_layers")
"""Settings that keep a part of a model still, when they are neither empty nor 0."""
_TOWERS = ("freeze_llm", "freeze_vit", "freeze_aligner")
_VERSION = re.compile(r"\d+\.\d[\w.+]*\Z", re.ASCII)
_PICTURES = re.compile(r"is_multimodal=(True|False)")
_TWINS = re.compile(r"ms_model_id='([^']{1,200})', hf_model_id='([^']{1,200})'")
_LONG = 2_000_000
"""Characters of the description of a family of models, which names all its members."""


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a training by ms-swift."""
    if _kind(settings) is None or not any(key in settings for key in _OF_A_TRAINER):
        return False
    return "swift_version" in settings or ("sft_type" in settings and "model_id_or_path" in settings.values)


def facts(settings: Settings) -> Iterator[Item]:
    """What was planned, and on how many devices it ran."""
    key = _kind(settings) or ""
    yield Found(FoundOnly.TRAINING_TOOL, "ms-swift", key)
    yield Found("origin", "fine_tune", key, text("scan_tools.starts_from"))
    version = settings.word("swift_version", 30)
    if version and _VERSION.match(version):
        yield Found(FoundOnly.VERSIONS, {"ms-swift": version}, "swift_version")
    if any(settings.get(name) for name in ("hub_token", "swanlab_token", "swanlab_secret")):
        yield Note(text("scan_tools.swift.token"))
    yield from _base(settings)
    yield from _method(settings, key)
    yield from _stage(settings)
    yield from _batches(settings)
    yield from _length(settings)
    for name in ("bf16", "fp16"):
        if settings.flag(name):
            yield Found("precision", name, name)
            break
    if (again := settings.flag("gradient_checkpointing")) is not None:
        yield Found("gradient_checkpointing", again, "gradient_checkpointing")
    for name in ("deepspeed", "fsdp"):
        if settings.get(name):
            yield Found(FoundOnly.SHARDED, True, name)
            yield Note(text("scan.args.sharded"))
            break
    yield from _datasets(settings)
    yield from hyperparameters(settings, _SETTINGS)
    if words := _words(settings):
        yield Found(FoundOnly.HYPERPARAMETERS, words, "attn_impl")


def _kind(settings: Settings) -> str | None:
    return next((key for key in _KINDS if settings.word(key, 30)), None)


def _base(settings: Settings) -> Iterator[Item]:
    """The base by its name on the Hugging Face Hub. ModelScope, from which ms-swift takes models unless told otherwise, may
    know it by another one; the description of the family names both."""
    key = "model" if "model" in settings else "model_id_or_path"
    named = settings.get(key)
    if hub_id(named) is None or settings.flag("use_hf"):
        yield from base_facts(named, key)
        return
    family = settings.get("model_meta")
    twins = _TWINS.findall(family[:_LONG]) if isinstance(family, str) else []
    twin = next((hub for other, hub in twins if other.casefold() == str(named).casefold()), None)
    if found := hub_id(twin):
        yield Found("base_model", found, key, text("scan_tools.swift.modelscope", name=str(named)))
    elif name := last_part(named):
        yield Found(FoundOnly.BASE_PATH_NAME, name, key)


def _method(settings: Settings, key: str) -> Iterator[Item]:
    """LoRA and full training; what else there is stands in the adapter's own files."""
    kind = settings.word(key, 30)
    if kind == "lora":
        four = settings.count("quant_bits") == 4 or settings.count("quantization_bit") == 4
        method = "dora" if settings.flag("use_dora") else "qlora" if four else "lora"
        yield Found("training_method", method, key)
        yield from counts(settings, (("lora_rank", "lora_rank"),))
    elif kind == "full":
        # The towers stand still by default, also in the settings of a model that has none.
        pictures, still = _pictures(settings), any(settings.flag(name) for name in _TOWERS)
        if any(settings.get(name) for name in _SOME) or (pictures and still):
            yield Found("training_method", "frozen_partial", key)
        elif pictures is False or not still:
            yield Found("training_method", "full", key)


def _pictures(settings: Settings) -> bool | None:
    """Whether the model reads pictures or sound as well, by its description."""
    for name in ("model_info", "model_meta"):
        value = settings.get(name)
        if isinstance(value, str) and (found := _PICTURES.search(value[:_LONG])):
            return found[1] == "True"
    return None


def _stage(settings: Settings) -> Iterator[Item]:
    """`swift pt` is training on all tokens of plain texts (pretrain_args.py); the rest without a method of RLHF is SFT."""
    if "rlhf_type" in settings:
        if word := settings.known("rlhf_type", _STAGES):
            yield Found("training_stage", _STAGES[word], "rlhf_type")
        return
    if settings.word("task_type", 30) not in (None, "causal_lm") or "sft_type" in settings:
        return
    plain = settings.flag("use_chat_template")
    if plain is False and settings.word("loss_scale", 30) == "all":
        yield Found("training_stage", "pretraining", "use_chat_template", text("scan_tools.swift.plain"))
    elif plain:
        yield Found("training_stage", "sft", "use_chat_template")


def _batches(settings: Settings) -> Iterator[Item]:
    device = (
        settings.count("per_device_train_batch_size")
        or settings.count("batch_size")
        or settings.count("micro_batch_size")
    )
    world = settings.count("global_world_size")
    if world:
        yield Found("world_size", world, "global_world_size")
    if device:
        yield Found("batch_per_device", device, "per_device_train_batch_size")
    yield from counts(
        settings,
        (
            ("gradient_accumulation", "gradient_accumulation_steps"),
            ("global_batch", "global_batch_size"),
            (FoundOnly.STEPS_PLANNED, "max_steps"),
            (FoundOnly.STEPS_PLANNED, "train_iters"),
        ),
    )
    # Devices that share out one sequence read the same rows (swift/sequence_parallel).
    shared, accumulation = (
        settings.count("sequence_parallel_size") or 1,
        settings.count("gradient_accumulation_steps"),
    )
    if shared > 1 and device and world and accumulation and world % shared == 0:
        batch = device * accumulation * (world // shared)
        yield Found("global_batch", batch, "sequence_parallel_size", text("scan_tools.swift.shared"))
    if (epochs := settings.number("num_train_epochs")) and not settings.count("max_steps"):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_train_epochs")


def _length(settings: Settings) -> Iterator[Item]:
    if settings.flag("packing"):
        key = "packing_length" if settings.count("packing_length") else "max_length"
        if length := settings.count(key):
            yield Found("sequence_length", length, key, text("scan_tools.packed"))
    elif length := settings.count("max_length"):
        yield Found("sequence_length", length, "max_length", text("scan.args.longest"))


def _datasets(settings: Settings) -> Iterator[Item]:
    """Ids before the subset (:) and the number of rows (#); without a hub's mark they are of the hub that is set."""
    found: list[JsonValue] = []
    elsewhere = False
    for item in settings.listed("dataset", 100):
        name = re.split(r"[:#]", re.sub(r"\A(?:HF|MS)::", "", str(item)[:300]), maxsplit=1)[0]
        if public := hub_id(name):
            found.append(public)
            elsewhere |= str(item).startswith("MS::") or not (
                str(item).startswith("HF::") or settings.flag("use_hf")
            )
    if found:
        yield Found("datasets", found, "dataset", text("scan_tools.swift.their_hub") if elsewhere else None)


def _words(settings: Settings) -> dict[str, JsonValue]:
    """Of packed runs, what tells how texts were joined, and how attention ran, in the words of TRL and transformers."""
    words: dict[str, JsonValue] = {}
    if settings.flag("packing"):
        words["packing_strategy"] = settings.known("packing_strategy", ("binpack", "sequential")) or "binpack"
    attention = settings.known(
        "attn_impl", ("sdpa", "eager", "flash_attn", "flash_attention_2", "flash_attention_3")
    )
    if attention:
        words["attn_implementation"] = "flash_attention_2" if attention == "flash_attn" else attention
    return words
