# SPDX-License-Identifier: Apache-2.0
"""LitGPT: hyperparameters.yaml, what a run was started with, beside model_config.yaml and the weights of each save.

Source: litgpt 0.5 (finetune/*.py, pretrain.py, args.py). A run leaves step-000100, step-000200, …, final, and
logs/csv/version_N/metrics.csv beside them, whose column `step` holds passes and not updates.
"""

import re
from collections.abc import Generator, Iterator

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.csvtext import number, table
from core.scan.formats import front_matter
from core.scan.formats.named_base import base_facts
from core.scan.formats.torch_file import read_torch
from core.scan.formats.torch_tensors import Collector, entries, state_dict
from core.scan.guarded import Source
from core.scan.numbers import LIMIT
from core.scan.private import hub_id
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Found, Item, Note
from core.texts import text

NAME = "litgpt"
TOKENS = "column total_tokens"
"""Key of the tokens that were counted without padding."""
_CAP = 500_000
_FILE = "hyperparameters.yaml"
_MOST_SAVES = 20
"""Earlier saves of a run that are looked at, the latest first."""
_OF_A_BATCH = (
    "devices",
    "num_nodes",
    "train.micro_batch_size",
    "train.global_batch_size",
    "train.max_seq_length",
)
_SAVE = re.compile(r"step-(\d{1,12})\Z")
_LOG = re.compile(r"logs/csv/version_(\d{1,6})\Z")
_METHODS = {
    "lit_model.pth.lora": "lora",
    "lit_model.pth.adapter": "adaption_prompt",
    "lit_model.pth.adapter_v2": "adapter",
}
"""Files of the trained part alone, and the method of each; LLaMA-Adapter V2 has no word of its own."""
_TARGETS = (
    ("lora_query", ("q_proj",)), ("lora_key", ("k_proj",)), ("lora_value", ("v_proj",)), ("lora_projection", ("o_proj",)),
    ("lora_mlp", ("gate_proj", "up_proj", "down_proj")), ("lora_head", ("lm_head",)),
)  # fmt: skip
"""Switches, and the matrices in transformers' words where those are Llama's (litgpt/lora.py)."""
_NAMED_AS_LLAMA = frozenset({"llama", "mistral", "gemma", "gemma2", "qwen2", "qwen3", "olmo", "olmo2"})
"""Types of models in transformers with the same names of matrices, among those that LitGPT knows."""
_FORMATS = {
    "bf16-true": "bf16",
    "bf16-mixed": "bf16",
    "32-true": "fp32",
    "16-true": "fp16",
    "16-mixed": "fp16",
}
_SETTINGS = ("lora_alpha", "lora_dropout", "seed", "train.lr_warmup_steps", "train.max_norm", "train.min_lr",
             "optimizer.init_args.lr", "optimizer.init_args.weight_decay")  # fmt: skip


_OTHERS = ("bias", "attn_bias", "lm_head_bias", "norm_qk", "parallel_residual", "post_attention_norm", "post_mlp_norm",
           "scale_embeddings")  # fmt: skip
"""Switches of which Llama has none."""


def is_mine(settings: Settings) -> bool:
    """Whether the keys are those of a run: batches of both kinds, and where the base or the shape comes from."""
    train = settings.part("train")
    batches = "global_batch_size" in train and "micro_batch_size" in train
    return batches and ("checkpoint_dir" in settings or "model_name" in settings)


def facts(settings: Settings, source: Source) -> Iterator[Item]:
    """What was planned, and what was done by the name of the save and the log."""
    yield Found(FoundOnly.TRAINING_TOOL, "LitGPT", "train")
    yield Found(FoundOnly.LIBRARY_NAME, "litgpt", "train")
    fresh = "model_name" in settings and "initial_checkpoint_dir" not in settings
    yield Found("origin", "from_scratch" if fresh else "fine_tune", "checkpoint_dir")
    shape = _beside(source, "model_config.yaml")
    if not fresh:
        yield from _base(settings, shape)
    if fresh or source.sibling("config.json") is None:
        yield from _config(shape, tied=settings.flag("train.tie_embeddings") is True)
    # Of the scripts only pretrain.py names a model; the others train on instructions.
    whole = "model_name" in settings
    yield Found(
        "training_stage", "pretraining" if whole else "sft", "model_name" if whole else "checkpoint_dir"
    )
    yield from _method(settings, source, fresh)
    if _named_as_llama(shape, source):
        yield from _targets(settings)
    if word := settings.known("precision", _FORMATS):
        yield Found("precision", _FORMATS[word], "precision")
    train = settings.part("train")
    if changed := _changed(settings, source):
        yield Note(text("scan_tools.litgpt.changed", file=changed))
    accumulation = None if changed else (yield from _batches(settings))
    yield from counts(train, ((FoundOnly.EPOCHS_PLANNED, "epochs"), (FoundOnly.STEPS_PLANNED, "max_steps")))
    length = train.count("max_seq_length")
    if length and not whole:
        yield Found("sequence_length", length, "train.max_seq_length", text("scan.args.longest"))
    elif whole and (length := length or shape.count("block_size")):
        # Every sequence of a pretraining is cut out of the running text.
        key = "train.max_seq_length" if train.count("max_seq_length") else "model_config.yaml block_size"
        yield Found("sequence_length", length, key, text("scan_tools.packed"))
        yield Found(FoundOnly.HYPERPARAMETERS, {"packing": True}, "model_name")
    if changed:
        yield from _saved(source)
    elif whole and length and accumulation:
        yield from _read(settings, source, length, accumulation)
    else:
        yield from _done(settings, source, accumulation)
    yield from hyperparameters(settings, _SETTINGS)


def _changed(settings: Settings, source: Source) -> str | None:
    """The file of an earlier save of this run whose batches were others: it went on from there (--resume), and its passes are
    counted with those of the last start (pretrain.py, main)."""
    if "resume" not in settings or settings.flag("resume") is False:
        return None
    above = source.entry.folder.rpartition("/")[0]
    saves = sorted(
        (
            (int(match[1]), files[_FILE])
            for path, files in source.folders.items()
            if _FILE in files
            and path.rpartition("/")[0] == above
            and (match := _SAVE.match(path.rpartition("/")[2]))
        ),
        key=lambda save: save[0],
    )
    for _, entry in saves[-_MOST_SAVES:]:
        earlier = _beside(Source(entry, {_FILE: entry}), _FILE)
        if is_mine(earlier) and any(earlier.count(key) != settings.count(key) for key in _OF_A_BATCH):
            return entry.path
    return None


def _saved(source: Source) -> Iterator[Item]:
    """Updates by the name of a save on the way."""
    if match := _SAVE.match(source.entry.folder.rpartition("/")[2]):
        yield Found("steps", int(match[1]), "step-*", text("scan_tools.litgpt.save"))


def _read(settings: Settings, source: Source, length: int, accumulation: int) -> Iterator[Item]:
    """Tokens and updates of a pretraining: to a save on the way by its name, to the end by the plan, which alone ends it
    (pretrain.py, fit). Passes after the last update count: they were run."""
    folder = source.entry.folder.rpartition("/")[2]
    train = settings.part("train")
    micro, most, devices = (
        train.count("micro_batch_size"),
        train.count("max_tokens"),
        settings.count("devices"),
    )
    if not micro or not devices:
        return
    if match := _SAVE.match(folder):
        yield Found("steps", int(match[1]), "step-*", text("scan_tools.litgpt.save"))
        passes = int(match[1]) * accumulation
    elif folder == "final" and most:
        passes = most // devices // (micro * length)
        yield Found("steps", passes // accumulation, "train.max_tokens", text("scan_tools.litgpt.final"))
    else:
        return
    rows = passes * micro * devices
    if 0 < rows * length <= LIMIT:
        yield Found("samples", rows, "train.max_tokens", text("scan_tools.litgpt.filled"))
        yield Found("tokens", rows * length, "train.max_tokens", text("scan_tools.litgpt.filled"))


def _beside(source: Source, name: str) -> Settings:
    """The settings in the neighbour of this name; empty when there are none."""
    sibling = source.sibling(name)
    if sibling is None:
        return Settings({})
    try:
        parsed = front_matter.parse_any(sibling.text(_CAP), "settings")
    except CannotRead:
        return Settings({})
    return Settings(parsed if isinstance(parsed, dict) else {})


def _base(settings: Settings, shape: Settings) -> Iterator[Item]:
    """The base by the id that the description of its shape keeps, else by the folder it was loaded from."""
    owner, name = shape.get("hf_config.org"), shape.get("hf_config.name")
    if isinstance(owner, str) and isinstance(name, str) and (found := hub_id(f"{owner}/{name}")):
        yield Found("base_model", found, "model_config.yaml hf_config")
        return
    key = "checkpoint_dir" if "checkpoint_dir" in settings else "initial_checkpoint_dir"
    path = settings.get(key)
    plain = re.sub(r"^(?:\./)?checkpoints/", "", path) if isinstance(path, str) else path
    yield from base_facts(plain, key)


def _config(shape: Settings, *, tied: bool) -> Iterator[Item]:
    """The shape in transformers' words, where the network is Llama's to the last weight."""
    if shape.get("norm_class_name") != "RMSNorm" or shape.get("mlp_class_name") != "LLaMAMLP":
        return
    if shape.count("n_expert") or "sliding_window_size" in shape or any(map(shape.flag, _OTHERS)):
        return
    keys = {"vocab_size": "padded_vocab_size", "hidden_size": "n_embd", "intermediate_size": "intermediate_size",
            "num_hidden_layers": "n_layer", "num_attention_heads": "n_head", "num_key_value_heads": "n_query_groups",
            "head_dim": "head_size", "max_position_embeddings": "block_size"}  # fmt: skip
    sizes: dict[str, JsonValue] = {name: shape.count(key) for name, key in keys.items()}
    if None not in sizes.values():
        config: dict[str, JsonValue] = {"model_type": "llama", **sizes, "tie_word_embeddings": tied}
        yield Found(FoundOnly.CONFIG, config, "model_config.yaml", text("scan_tools.litgpt.shape"))


def _method(settings: Settings, source: Source, fresh: bool) -> Iterator[Item]:
    """By the file of the trained part; a run that has one also writes the whole of a LoRA merged into its base."""
    name = next((name for name in _METHODS if name in source.siblings), None)
    if name is None and "lora_r" not in settings:
        yield Found("training_method", "full", "", text("scan_tools.litgpt.full") if not fresh else None)
        return
    method = _METHODS[name] if name else "lora"
    four_bit = str(settings.get("quantize")).startswith(("bnb.nf4", "bnb.fp4"))
    note = text("scan.adapter.named", kind="LLaMA-Adapter V2") if method == "adapter" else None
    yield Found(
        "training_method", "qlora" if method == "lora" and four_bit else method, name or "lora_r", note
    )
    if method == "lora":
        yield from counts(settings, (("lora_rank", "lora_r"),))
    part = source.sibling(name) if name else None
    if part is not None and (trained := _trained(part)):
        yield Found("parameters_trainable", trained, name or "", file=part.entry.path)


def _named_as_llama(shape: Settings, source: Source) -> bool:
    """Whether transformers names the matrices as in Llama: by the base's own config.json, which lies beside, else by the shape."""
    beside = source.sibling("config.json")
    if beside is None:
        return any(isinstance(item, Found) for item in _config(shape, tied=False))
    try:
        return Settings(beside.json_object(_CAP)).known("model_type", _NAMED_AS_LLAMA) is not None
    except CannotRead:
        return False


def _targets(settings: Settings) -> Iterator[Item]:
    """The layers of a LoRA by the script's switches."""
    targets = [name for key, names in _TARGETS for name in names if settings.flag(key)]
    if (rank := settings.count("lora_r")) and targets:
        yield Found(FoundOnly.ADAPTER_TARGETS, dict.fromkeys(targets, rank), "lora_r")


def _trained(part: Source) -> int:
    """Parameters in the file of the trained part alone; 0 when it cannot be read."""
    into = Collector(part.size)
    try:
        state_dict(entries(read_torch(part).symbols.value).get("model"), into)
    except CannotRead:
        return 0
    return sum(tensor.elements for tensor in into.tensors)


def _batches(settings: Settings) -> Generator[Item, None, int | None]:
    """Sizes of batches and the number of devices; returns the passes of an update."""
    train = settings.part("train")
    micro, whole_batch = train.count("micro_batch_size"), train.count("global_batch_size")
    devices, nodes = settings.count("devices"), settings.count("num_nodes") or 1
    yield from counts(train, (("batch_per_device", "micro_batch_size"),))
    accumulation = None
    if devices:
        yield Found("world_size", devices * nodes, "devices")
        if micro and whole_batch and nodes == 1 and (accumulation := whole_batch // devices // micro):
            # Rounded down twice, as args.py does; this is what really ran.
            yield Found("gradient_accumulation", accumulation, "train.global_batch_size")
            yield Found("global_batch", accumulation * micro * devices, "train.global_batch_size")
    return accumulation


def _done(settings: Settings, source: Source, accumulation: int | None) -> Iterator[Item]:
    """Updates and tokens: of a save in between by its name, of the end by the log."""
    above, _, folder = source.entry.folder.rpartition("/")
    yield from _saved(source)
    if folder != "final":
        return
    train = settings.part("train")
    if (
        (epochs := train.count("epochs"))
        and train.count("max_steps") is None
        and "checkpoint_dir" in settings
    ):
        yield Found("epochs", float(epochs), "train.epochs", text("scan_tools.litgpt.final"))
    start = f"{above}/" if above else ""
    logs = {
        int(match[1]): files["metrics.csv"]
        for path, files in source.folders.items()
        if path.startswith(start) and (match := _LOG.match(path[len(start) :])) and "metrics.csv" in files
    }
    if not logs or train.count("log_interval") != 1:
        return
    entry = logs[max(logs)]
    try:
        rows = table(Source(entry, {}))
    except CannotRead:
        return
    passes = max((value for row in rows if (value := number(row.get("iter"))) is not None), default=0)
    tokens = max((value for row in rows if (value := number(row.get("total_tokens"))) is not None), default=0)
    if passes and accumulation:
        note = text("scan_tools.litgpt.log")
        yield Found("steps", int(passes) // accumulation, "iter", note, file=entry.path)
    yield from _amounts(rows, settings, entry.path, int(tokens))


def _amounts(rows: list[dict[str, str]], settings: Settings, file: str, tokens: int) -> Iterator[Item]:
    """Tokens and samples. What ran on one device, padding included, newer versions hand to Lightning's monitor of the speed
    (finetune/*.py, throughput.update); the other devices ran as many samples of other lengths."""
    device = {name: max((value for row in rows if (value := number(row.get(name))) is not None), default=0.0)
              for name in ("lengths", "samples")}  # fmt: skip
    devices = settings.count("devices")
    if devices and settings.count("num_nodes") in (None, 1) and 1 <= device["lengths"] * devices <= LIMIT:
        yield Found(
            "tokens", int(device["lengths"]) * devices, "lengths", text("scan_tools.litgpt.run"), file=file
        )
        if 1 <= device["samples"] <= device["lengths"]:
            samples = int(device["samples"]) * devices
            yield Found("samples", samples, "samples", text("scan_tools.litgpt.run"), file=file)
    elif tokens >= 1:
        yield Found(FoundOnly.TOKENS_RECORDED, tokens, TOKENS, text("scan_tools.litgpt.tokens"), file=file)
