# SPDX-License-Identifier: Apache-2.0
"""What training programs write beside the weights of a PyTorch checkpoint: nanoGPT, Ultralytics, timm, Lightning.

Keys: nanoGPT train.py; ultralytics engine/trainer.py save_model; timm utils/checkpoint_saver.py; lightning
checkpoint_connector.py dump_checkpoint. Paths, names of runs and git data in them are never facts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.scan.formats import checkpoint_deepspeed
from core.scan.numbers import real, whole
from core.scan.private import short_text
from core.scan.types import Found, Item, Note
from core.texts import text

_NANOGPT_SETTINGS = ("learning_rate", "weight_decay", "beta1", "beta2", "grad_clip", "warmup_iters", "lr_decay_iters",
                     "min_lr", "decay_lr", "compile")  # fmt: skip
_ULTRALYTICS_SETTINGS = ("imgsz", "lr0", "lrf", "momentum", "weight_decay", "optimizer", "seed", "freeze", "dropout",
                         "close_mosaic", "fraction", "patience", "warmup_epochs", "cos_lr", "task")  # fmt: skip
_TIMM_SETTINGS = ("lr", "opt", "weight_decay", "seed", "img_size", "sched", "warmup_epochs", "smoothing")


def run_facts(top: Mapping[Any, Any]) -> Iterator[Item]:
    """Facts of the entries beside the weights, by the program whose keys they are."""
    if checkpoint_deepspeed.is_mine(top):
        yield from checkpoint_deepspeed.facts(top)
    elif isinstance(top.get("model_args"), dict) and "iter_num" in top:
        yield from _nanogpt(top)
    elif isinstance(top.get("train_args"), dict) and "version" in top:
        yield from _ultralytics(top)
    elif is_timm(top):
        yield from _timm(top)
    elif isinstance(top.get("pytorch-lightning_version"), str):
        yield from _lightning(top)


def is_timm(top: Mapping[Any, Any]) -> bool:
    """Whether timm's train.py saved it."""
    return isinstance(top.get("arch"), str) and "state_dict" in top and top.get("version") == 2


def _nanogpt(top: Mapping[Any, Any]) -> Iterator[Item]:
    """Steps, tokens and the GPT-2 shape. gradient_accumulation_steps in the file is the total over all devices."""
    shape = top["model_args"]
    settings = top["config"] if isinstance(top.get("config"), dict) else {}
    sizes = {
        "vocab_size": whole(shape.get("vocab_size"), 1),
        "n_positions": whole(shape.get("block_size"), 1),
        "n_embd": whole(shape.get("n_embd"), 1),
        "n_layer": whole(shape.get("n_layer"), 1),
        "n_head": whole(shape.get("n_head"), 1),
    }
    # With biases this is GPT-2 to the last weight; without, it runs the same products, and only the count of biases differs.
    if isinstance(shape.get("bias"), bool) and None not in sizes.values():
        config: dict[str, JsonValue] = {"model_type": "gpt2", **sizes, "tie_word_embeddings": True}
        yield Found(FoundOnly.CONFIG, config, "model_args", text("scan_files.torch.nanogpt"))
    yield Found("model_type", "gpt2", "model_args", text("scan_files.torch.nanogpt"))
    steps = whole(top.get("iter_num"), 0)
    if steps is not None:
        yield Found("steps", steps, "iter_num")
    counts = [whole(settings.get(key), 1) for key in ("batch_size", "gradient_accumulation_steps")]
    length = whole(settings.get("block_size") or shape.get("block_size"), 1)
    if length:
        yield Found("sequence_length", length, "config.block_size")
    if counts[0]:
        yield Found("batch_per_device", counts[0], "config.batch_size")
    if counts[0] and counts[1]:
        batch = counts[0] * counts[1]
        yield Found("global_batch", batch, "config", text("scan_files.torch.nanogpt_batch"))
        if steps and length:
            note = text("scan_files.torch.nanogpt_tokens")
            yield Found("tokens", steps * batch * length, "iter_num", note)
    if planned := whole(settings.get("max_iters"), 1):
        yield Found(FoundOnly.STEPS_PLANNED, planned, "config.max_iters")
    if settings.get("dtype") in ("float32", "float16", "bfloat16"):
        names = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}
        yield Found("precision", names[settings["dtype"]], "config.dtype")
    start = settings.get("init_from")
    if start == "scratch":
        yield Found("origin", "from_scratch", "config.init_from")
    elif isinstance(start, str) and start in ("gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"):
        yield Found("origin", "fine_tune", "config.init_from")
        name = "openai-community/" + start
        yield Found("base_model", name, "config.init_from")
    loss = real(top.get("best_val_loss"))
    if loss is not None and loss < 1e8:  # 1e9 is the start value: nothing was measured
        yield Found(FoundOnly.EVAL_METRICS, {"best_val_loss": loss}, "best_val_loss")
    if dataset := short_text(settings.get("dataset"), 60):
        yield Found("datasets", [dataset], "config.dataset")
    yield from _settings(settings, _NANOGPT_SETTINGS, "config")


def _ultralytics(top: Mapping[Any, Any]) -> Iterator[Item]:
    """`epoch` counts from 0 and is -1 after the training has ended, when the last row of the results tells."""
    settings = top["train_args"]
    done = whole(top.get("epoch"), 0)
    rows = top.get("train_results")
    listed = rows.get("epoch") if isinstance(rows, dict) else None
    if isinstance(listed, list) and listed and (last := real(listed[-1], 1)):
        yield Found("epochs", last, "train_results.epoch")
    elif done is not None and done < 10**6:
        yield Found("epochs", float(done + 1), "epoch", text("scan_files.torch.from_zero"))
    if planned := real(settings.get("epochs"), 1):
        yield Found(FoundOnly.EPOCHS_PLANNED, planned, "train_args.epochs")
    if batch := whole(settings.get("batch"), 1):
        yield Found("global_batch", batch, "train_args.batch")
    if isinstance(settings.get("amp"), bool):
        note = text("scan_files.torch.amp")
        yield Found("precision", "fp16" if settings["amp"] else "fp32", "train_args.amp", note)
    licence = top.get("license")
    if isinstance(licence, str) and "agpl-3.0" in licence.lower():
        yield Found("license", "agpl-3.0", "license", text("scan_files.torch.agpl"))
    yield Found(FoundOnly.LIBRARY_NAME, "ultralytics", "version")
    if version := short_text(top.get("version"), 40):
        yield Found(FoundOnly.VERSIONS, {"Ultralytics": version}, "version")
    metrics = top.get("train_metrics")
    if isinstance(metrics, dict):
        numbers = {
            key: number
            for key, value in list(metrics.items())[:60]
            if isinstance(key, str) and short_text(key, 60) and (number := real(value)) is not None
        }
        if numbers:
            yield Found(FoundOnly.EVAL_METRICS, dict(numbers), "train_metrics")
    yield from _settings(settings, _ULTRALYTICS_SETTINGS, "train_args")


def _timm(top: Mapping[Any, Any]) -> Iterator[Item]:
    if name := short_text(top["arch"], 80):
        yield Found(FoundOnly.ARCHITECTURE_CLASS, name, "arch")
    yield Found(FoundOnly.LIBRARY_NAME, "timm", "arch")
    done = whole(top.get("epoch"), 0)
    if done is not None and done < 10**6:
        yield Found("epochs", float(done + 1), "epoch", text("scan_files.torch.from_zero"))
    found = top.get("args")
    settings = getattr(found, "state", found)
    if isinstance(settings, dict):
        if planned := real(settings.get("epochs"), 1):
            yield Found(FoundOnly.EPOCHS_PLANNED, planned, "args.epochs")
        if batch := whole(settings.get("batch_size"), 1):
            yield Found("batch_per_device", batch, "args.batch_size")
        # init_distributed_device writes the number of processes into the settings before the first save.
        if world := whole(settings.get("world_size"), 1):
            yield Found("world_size", world, "args.world_size")
        yield from _settings(settings, _TIMM_SETTINGS, "args")


def _lightning(top: Mapping[Any, Any]) -> Iterator[Item]:
    if steps := whole(top.get("global_step"), 1):
        yield Found("steps", steps, "global_step")
    if version := short_text(top["pytorch-lightning_version"], 40):
        yield Found(FoundOnly.VERSIONS, {"Lightning": version}, "pytorch-lightning_version")
    yield Found(FoundOnly.LIBRARY_NAME, "lightning", "pytorch-lightning_version")
    states, loops = top.get("optimizer_states"), top.get("loops")
    fit = loops.get("fit_loop") if isinstance(loops, dict) else None
    if isinstance(fit, dict) and (epochs := _epochs_of(fit)):
        yield Found("epochs", epochs, "loops.fit_loop.epoch_progress.total.processed")
    if isinstance(loops, dict) and isinstance(states, list) and len(states) > 1:
        yield Note(text("scan_files.torch.optimizers"))


def _epochs_of(fit: Mapping[Any, Any]) -> float | None:
    """Whole epochs of Lightning's loop; None in the middle of one, where the share is not written."""
    batches, progress = fit.get("epoch_loop.batch_progress"), fit.get("epoch_progress")
    total = progress.get("total") if isinstance(progress, dict) else None
    if (
        not isinstance(batches, dict)
        or batches.get("is_last_batch") is not True
        or not isinstance(total, dict)
    ):
        return None
    done = whole(total.get("processed"), 1)
    return float(done) if done is not None and done < 10**6 else None


def _settings(settings: Mapping[Any, Any], names: tuple[str, ...], key: str) -> Iterator[Item]:
    values: dict[str, JsonValue] = {}
    for name in names:
        value = settings.get(name)
        if isinstance(value, bool) or real(value) is not None:
            values[name] = value
        elif word := short_text(value, 40):
            values[name] = word
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, key)
