# SPDX-License-Identifier: Apache-2.0
"""training_args.bin: the settings a Trainer was started with. Read as opcodes (core.scan.symbolic), never loaded."""

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.numbers import real, whole
from core.scan.private import short_text
from core.scan.refusal import refuse
from core.scan.symbolic import MAX_BYTES, Made, Name, Symbols, read_pickle
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "training_args"
EVERY_PLACE = False
_STAGES = {
    "SFTConfig": "sft", "DPOConfig": "dpo", "ORPOConfig": "orpo", "KTOConfig": "kto", "GRPOConfig": "grpo",
    "CPOConfig": "cpo", "RLOOConfig": "rloo", "PPOConfig": "ppo", "RewardConfig": "reward",
}  # fmt: skip
"""SimPO is a loss of TRL's CPO trainer. Any other trainer of TRL is told as "other": each runs passes of its own."""
_SETTINGS = (
    "learning_rate", "weight_decay", "seed", "warmup_steps", "beta", "packing", "packing_strategy", "padding_free",
    "num_generations", "steps_per_generation", "vllm_importance_sampling_correction", "max_completion_length", "num_iterations", "num_ppo_epochs", "precompute_ref_log_probs", "reference_free",
    "max_prompt_length", "dataloader_drop_last", "use_vllm", "max_grad_norm", "lr_scheduler_type", "optim",
)  # fmt: skip
_ENTRIES = 2_000
_NONE = (None, "no")
_DEVICES = ("cpu", "cuda", "mps", "xpu", "npu", "hpu", "mlu", "neuron")
_TOOLS = {
    "transformers": "Hugging Face Trainer", "trl": "TRL", "sentence_transformers": "sentence-transformers",
    "setfit": "SetFit", "axolotl": "Axolotl", "llamafactory": "LLaMA-Factory", "unsloth": "Unsloth", "swift": "ms-swift",
}  # fmt: skip
"""Whose class the settings are of, by the first part of its module's name."""
_HARMLESS = frozenset({*_TOOLS, "torch", "accelerate", "collections", "peft", "copyreg", "copy_reg"})
_OWN = ("Axolotl", "Unsloth")
"""Tools that put their name before that of a class of TRL."""


_ON_TRL = ("trl", "unsloth", "axolotl", "swift")
"""Tools whose classes of settings are TRL's or bear its names (axolotl/core/training_args.py, swift/rlhf_trainers/arguments.py)."""


def matches(entry: Entry) -> bool:
    """training_args.bin."""
    return entry.name == "training_args.bin"


def read(source: Source) -> Iterator[Item]:
    """Facts from the settings of the Trainer or of a TRL trainer. Raises CannotRead."""
    symbols = read_pickle(_pickle_of(source.content(MAX_BYTES)))
    strange = sorted(module for module in symbols.modules if not _usual(module))
    if strange:
        named = ", ".join(short_text(module, 60) or "?" for module in strange[:5])
        yield Note(text("scan.args.strange", file=source.entry.path, modules=named))
    state = _state(symbols)
    if state is None:
        yield NotMine(text("scan.args.other"))
        return
    if any(isinstance(state.get(key), str) and state[key] for key in ("hub_token", "push_to_hub_token")):
        yield Note(text("scan.args.token", file=source.entry.path))
    yield from _run(state)
    again, made_of = state.get("gradient_checkpointing"), _class_of(symbols.value)
    # ms-swift enables it itself and tells the Trainer that it is off (swift/trainers/mixin.py); its args.json knows.
    if isinstance(again, bool) and not (isinstance(made_of, Name) and _maker(made_of) == "swift"):
        yield Found("gradient_checkpointing", again, "gradient_checkpointing")
    yield from _tool(made_of)
    yield from _stage(made_of, state)
    values: dict[str, JsonValue] = {key: _public(state.get(key)) for key in _SETTINGS}
    # A plan in updates, which takes the place of one in epochs.
    values["max_steps"] = whole(state.get("max_steps"), 1)
    loaded = state.get("model_init_kwargs")
    values["attn_implementation"] = (
        _public(loaded.get("attn_implementation")) if isinstance(loaded, dict) else None
    )
    values = {key: value for key, value in values.items() if value is not None}
    if values:
        yield Found(FoundOnly.HYPERPARAMETERS, values, "")


def _usual(module: str) -> bool:
    """Whether settings of this module are those of a known tool."""
    first = module.split(".", maxsplit=1)[0]
    return first in _HARMLESS or first.startswith("Unsloth")


def _pickle_of(data: bytes) -> bytes:
    """The one data.pkl of torch's zip: stored, not larger than allowed, the same in both directories."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            wanted = [member for member in members if member.filename.endswith("/data.pkl")]
            if len(members) > _ENTRIES or len(wanted) != 1:
                raise refuse("pickle.zip")
            member = wanted[0]
            if (
                member.compress_type != zipfile.ZIP_STORED
                or member.file_size > MAX_BYTES
                or member.flag_bits & 1
            ):
                raise refuse("pickle.zip")
            return archive.read(member)  # refuses a local header that differs, checks the sum
    except CannotRead:
        raise
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
    ) as error:
        raise refuse("pickle.zip") from error


def _state(symbols: Symbols) -> dict[str, Any] | None:
    value = symbols.value
    if not isinstance(value, Made) or "per_device_train_batch_size" not in value.state:
        return None
    return {key: item for key, item in value.state.items() if isinstance(key, str)}


def _run(state: dict[str, Any]) -> Iterator[Item]:
    counts = (
        ("batch_per_device", "per_device_train_batch_size"),
        ("gradient_accumulation", "gradient_accumulation_steps"),
        (FoundOnly.STEPS_PLANNED.value, "max_steps"),
    )
    for name, key in counts:
        if count := whole(state.get(key), 1):
            yield Found(name, count, key)
    epochs = real(state.get("num_train_epochs"), 0)
    if epochs and not whole(state.get("max_steps"), 1):
        yield Found(FoundOnly.EPOCHS_PLANNED, epochs, "num_train_epochs")
    yield from _precision(state)
    shared = state.get("distributed_state")
    if isinstance(shared, Made) and (world := whole(shared.state.get("num_processes"), 1)):
        yield Found("world_size", world, "distributed_state.num_processes")
    if isinstance(shared, Made) and (kind := _device(shared.state.get("device"))):
        yield Found(FoundOnly.DEVICE_KIND, kind, "distributed_state.device")
    if state.get("deepspeed") or state.get("fsdp"):
        yield Found(FoundOnly.SHARDED, True, "deepspeed" if state.get("deepspeed") else "fsdp")
        yield Note(text("scan.args.sharded"))


def _device(value: Any) -> str | None:
    """The first word of a torch.device."""
    words = value.arguments if isinstance(value, Made) and isinstance(value.arguments, tuple) else ()
    return words[0] if words and words[0] in _DEVICES else None


def _precision(state: dict[str, Any]) -> Iterator[Item]:
    """The format of the mixed precision; without any, the numbers are those of the weights (core.scan.derive)."""
    for precision in ("bf16", "fp16", "fp8"):
        if state.get(precision) is True or state.get("mixed_precision") == precision:
            yield Found("precision", precision, precision)
            yield Found(FoundOnly.MIXED_PRECISION, precision, precision)
            return
    if state.get("bf16") is False and state.get("fp16") is False and state.get("mixed_precision") in _NONE:
        if state.get("tf32") is True:
            yield Found("precision", "tf32", "tf32")
        yield Found(FoundOnly.MIXED_PRECISION, "no", "bf16, fp16")


def _tool(made_of: Any) -> Iterator[Item]:
    if isinstance(made_of, Name) and (tool := _TOOLS.get(_maker(made_of))):
        yield Found(FoundOnly.TRAINING_TOOL, tool, "", made_of.name)


def _class_of(value: Made) -> Any:
    """The class of the settings. Unsloth has classes that it put its own in place of made through copyreg (models/rl.py,
    _reduce_pristine_rl_config)."""
    if (
        isinstance(value.of, Name)
        and value.of.name == "_reconstructor"
        and isinstance(value.arguments, tuple)
    ):
        return value.arguments[0] if value.arguments else None
    return value.of


def _maker(made_of: Name) -> str:
    # Unsloth writes its own copies of TRL's classes into modules such as UnslothSFTTrainer.
    first = made_of.module.split(".")[0]
    return "unsloth" if first.lower().startswith("unsloth") else first


def _stage(made_of: Any, state: dict[str, Any]) -> Iterator[Item]:
    if not isinstance(made_of, Name) or _maker(made_of) not in _ON_TRL:
        return
    name = next((made_of.name[len(own) :] for own in _OWN if made_of.name.startswith(own)), made_of.name)
    if name.endswith("Config"):
        yield Found("training_stage", _STAGES.get(name, "other"), "", made_of.name)
    for key in ("max_length", "max_seq_length"):
        if length := whole(state.get(key), 1):
            yield Found("sequence_length", length, key, text("scan.args.longest"))
            return


def _public(value: Any) -> str | int | float | bool | None:
    """A number, a switch, or the word of a choice (an enum's one argument)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Made) and isinstance(value.arguments, tuple) and len(value.arguments) == 1:
        value = value.arguments[0]
    if isinstance(value, str):
        return short_text(value, 60)
    return value if isinstance(value, int | float) and real(value) is not None else None
