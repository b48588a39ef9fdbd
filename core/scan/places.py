# SPDX-License-Identifier: Apache-2.0
"""Which folder inside the dropped one is the model, which are checkpoints of its run, and which file is its weights."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.scan.types import Entry

_CHECKPOINT = re.compile(
    r"(?:checkpoint|ckpt|epoch)[-_](\d{1,12})\Z"  # Trainer, SimpleTuner; torchtune names its saves epoch_0, epoch_1
    r"|global_step(\d{1,12})\Z"  # DeepSpeed
    r"|[\d_-]{8,30}-backup-(\d{1,12})-\d+-\d+\Z"  # OneTrainer: date, batches, epoch, batches of the epoch
)
_AITK, _AITK_SAVE = "aitk_meta.yaml", re.compile(r"_(\d{9})\Z")
"""ai-toolkit's saves of a pipeline: folders in the job's own one, those on the way numbered (StableDiffusion.save)."""
_STATE = re.compile(r"step_(\d{1,12})\Z")
"""Saves of transformers' scripts without a Trainer; others call whole models so."""
_OF_STATE = frozenset({"random_states_0.pkl", "optimizer.bin"})
"""What accelerate's save_state writes beside the weights (accelerate, checkpointing.py)."""
_PARTS = ("config", "weights", "save", "onetrainer_config", ".eval_results")
"""Folders inside the model's own one that belong to it, by the names that tools give them."""
_KEPT_BY = frozenset({"backup", "checkpoints"})
"""Folders that hold nothing but the checkpoints of the folder above."""
_STAGES = ("base_checkpoints", "mid_checkpoints", "chatsft_checkpoints", "chatrl_checkpoints")
"""nanochat's folders of stages, in the order of training."""
_SIGNS: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset({"adapter_config.json"}), 4),
    (frozenset({"trainer_state.json"}), 3),
    (frozenset({"training_state.json"}), 3),
    (frozenset({"args.yaml", "results.csv"}), 3),
    (frozenset({"args.yaml", "summary.csv"}), 3),
    (frozenset({"model_index.json"}), 2),
    (frozenset({"torchtune_config.yaml"}), 3),
    (frozenset({"hyperparameters.yaml", "model_config.yaml"}), 3),
    (frozenset({"training_args.yaml"}), 2),
    (frozenset({"training_parameters.json"}), 2),
    (frozenset({"trainer_log.jsonl"}), 2),
    (frozenset({"args.json", "logging.jsonl"}), 2),
    (frozenset({"sft_args.json"}), 1),
    (frozenset({"meta.json", "config.cfg"}), 2),
    (frozenset({"modules.json"}), 1),
    (frozenset({"mergekit_config.yml"}), 1),
    (frozenset({"mergekit_config.yaml"}), 1),
    (frozenset({"args.yaml"}), 1),
    (frozenset({"history.csv"}), 1),
    (frozenset({"llamaboard_config.yaml"}), 1),
    (frozenset({"config.json"}), 1),
    (frozenset({"train_results.json"}), 1),
    (frozenset({"all_results.json"}), 1),
    (frozenset({"meta.json"}), 1),
)
"""Names that make a folder a model's or a run's, with how sure that is."""
_LOGS = frozenset({"wandb", "mlruns"})
"""Folders of loggers: copies of settings and models in them are not the model, unless there is no other."""
_NANOCHAT = re.compile(r"meta_\d{1,12}\.json\Z")
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(\d\d)-(\d\d)-(\d\d)")
"""When OneTrainer saved (GenericTrainer.__save): 2026-08-19_21-38-17-save-480-4-0, the rest counts batches and epochs."""
_NUMBERED = re.compile(r"(.+)[-_]\d{4,12}\.safetensors\Z")
_SHARD = re.compile(r"(.+)-(\d{4,6})-of-(\d{4,6})\.safetensors\Z")
_MODULE = re.compile(r"\d+_[A-Z]\w*\Z")  # a part of a sentence-transformers model, such as 1_Pooling
_USUAL = (
    "model.safetensors", "adapter_model.safetensors", "adapters.safetensors", "diffusion_pytorch_model.safetensors",
)  # fmt: skip
_OTHER_WEIGHTS = (".gguf", ".onnx", ".keras", ".h5", ".hdf5", ".skops")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pth.tar", ".bin.index.json")
_NO_WEIGHTS = re.compile(
    r"(?:optim|scheduler|scaler|rng_state|random_states|sampler|trainer_state|recipe_state|(?:bf16_|fp16_)?zero_pp_rank_|training_args"
    r"|tokenizer|vocab|spiece)",
    re.I,
)
_ALONE = 2
"""Score from which the dropped folder itself is taken, whatever lies below it."""

Folder = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Places:
    """`home` is the model's folder; `parts` belong to it by their names; `checkpoints` are those of its run, newest
    first; `others` hold other models."""

    home: str
    checkpoints: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """Folders to read, best first."""
        return (self.home, *self.parts, *self.checkpoints)


def by_folder(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """The files of each folder by name."""
    folders: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        folders[entry.folder][entry.name] = entry
    return dict(folders)


def choose(folders: Mapping[str, Folder]) -> Places:
    """The places to read. Without any sign of a model, the dropped folder itself."""
    checkpoints: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path in folders:
        parent, _, name = path.rpartition("/")
        state = folders[path].keys() >= _OF_STATE
        match = _CHECKPOINT.match(name) or (_STATE.match(name) if state else None)
        # The weights of diffusers' scripts lie below their save: checkpoint-500/unet, checkpoint-500/controlnet.
        if match and (state or _score(folders[path])):
            checkpoints[_keeper(parent)].append((int(match[match.lastindex or 1]), path))
        elif _AITK in folders[path] and "config.yaml" in folders.get(parent, {}):
            save = _AITK_SAVE.search(name)
            checkpoints[parent].append((int(save[1]) if save else 10**12, path))
        elif name == "pipeline" and "simpletuner_config.json" in folders[path]:
            checkpoints[parent].append((10**12, path))  # the finished model beside its checkpoints
    owned = {path for pairs in checkpoints.values() for _, path in pairs}
    scores, logged = dict[str, int](), dict[str, int]()
    for path in {*folders, *checkpoints} - owned:
        score = _score(folders.get(path, {}))
        if checkpoints.get(path):
            score = max(score, 3)
        if not score or any(path.startswith(f"{other}/") for other in owned):
            continue
        if not _LOGS & set(path.split("/")):
            scores[path] = score
        elif _holds_weights(folders.get(path, {})):
            logged[path] = score
    if not scores:
        kept = sorted(logged, key=lambda path: (-logged[path], path.count("/"), path))
        return Places("", others=tuple(kept[1:]), parts=tuple(kept[:1]))
    if scores.get("", 0) >= _ALONE:
        home = ""
    else:
        home = min(scores, key=lambda path: (-scores[path], path.count("/"), -_stage(path), path))
    inside = f"{home}/" if home else ""
    # fastai keeps its weights in models/, a word that others use for models of their own.
    named = (*_PARTS, "models") if "history.csv" in folders.get(home, {}) else _PARTS
    parts = tuple(path for part in named if (path := inside + part) in folders)
    others = [
        path
        for path, score in scores.items()
        if path != home
        and score >= _ALONE
        and path not in parts
        and not _MODULE.match(path.rpartition("/")[2])
        and not _before_final(path, home)
        and not (_stage(path) >= 0 and _stage(home) >= 0 and _tag(path) == _tag(home))
        and not ("model_index.json" in folders.get(home, {}) and path.startswith(inside))
    ]
    newest = tuple(
        place
        for _, path in sorted(checkpoints.get(home, ()), reverse=True)
        for place in (path, f"{path}/lora")  # OneTrainer's backups hold the adapter below (LoRASaverMixin)
        if place in folders or place == path
    )
    return Places(home, newest, tuple(sorted(others)), parts)


def _before_final(path: str, home: str) -> bool:
    """Whether it is a save of LitGPT on the way to the one at hand (step-000100 beside final)."""
    above, _, name = path.rpartition("/")
    return home.rpartition("/")[::2] == (above, "final") and re.fullmatch(r"step-\d{1,12}", name) is not None


def _score(folder: Folder) -> int:
    best = max((score for names, score in _SIGNS if names <= folder.keys()), default=0)
    if best >= _ALONE:
        return best
    weights = _holds_weights(folder)
    if (weights and "config.json" in folder) or any(_NANOCHAT.match(name) for name in folder):
        return 2
    return max(best, int(weights))


def _holds_weights(folder: Folder) -> bool:
    return any(
        name.lower().endswith((".safetensors", ".safetensors.index.json", *_OTHER_WEIGHTS))
        or is_pickled(name)
        for name in folder
    )


def _keeper(parent: str) -> str:
    """The folder whose run the checkpoints in `parent` belong to."""
    above, _, name = parent.rpartition("/")
    return above if name in _KEPT_BY else parent


def _stage(path: str) -> int:
    """The place of a nanochat folder in the order of training, or -1."""
    parts = path.split("/")
    return _STAGES.index(parts[-2]) if len(parts) > 1 and parts[-2] in _STAGES else -1


def _tag(path: str) -> tuple[str, str]:
    """The folder above the stages, and the model's tag: equal for the stages of one model."""
    parts = path.split("/")
    return "/".join(parts[:-2]), parts[-1]


def stages_of(folder: str) -> tuple[str, ...]:
    """The folders of all nanochat stages of the model in `folder`, in order; empty for another folder."""
    if _stage(folder) < 0:
        return ()
    above, tag = _tag(folder)
    return tuple(f"{above}/{stage}/{tag}" if above else f"{stage}/{tag}" for stage in _STAGES)


def weight_entry(folder: Folder, focus: str | None = None) -> Entry | None:
    """The one file to read for the weights: an index of shards, the usual names, else the only or last other file.

    `focus` is the file the person dropped; it wins, but a shard leads to the index of its set.
    """
    if focus is not None and focus in folder and focus.lower().endswith(".safetensors"):
        shard = _SHARD.match(focus)
        index = folder.get(f"{shard[1]}.safetensors.index.json") if shard else None
        return index or folder[focus]
    if focus is not None and focus in folder and is_pickled(focus):
        return folder[focus]
    if "adapter_config.json" in folder:
        for name in ("adapter_model.safetensors", "adapters.safetensors", "adapter_model.bin"):
            if name in folder:
                return folder[name]
    # model.safetensors before an index: a re-saved single file beside old shards is the newer one.
    for name in ("model.safetensors", "model.safetensors.index.json"):
        if name in folder:
            return folder[name]
    indexes = sorted(name for name in folder if name.endswith(".safetensors.index.json"))
    if indexes:
        return folder[indexes[0]]
    for name in _USUAL:
        if name in folder:
            return folder[name]
    saves = [name for name in folder if name.lower().endswith(".safetensors")]
    # A number in the model's own name is none of a save: style_2024 beside style_2024_000000250 (ai-toolkit).
    finals = {f"{match[1]}.safetensors" for name in saves if (match := _NUMBERED.match(name))}
    single = sorted(
        saves,
        # kohya, mlx and ai-toolkit number the saves on the way; the plain name is the last one.
        key=lambda name: (bool(_SHARD.match(name)), name not in finals, -_save_number(name), len(name), name),
    )
    return folder[single[0]] if single else _pickled_entry(folder)


def _pickled_entry(folder: Folder) -> Entry | None:
    """The pickled file to read where no safetensors file is: the usual names, else the last save."""
    for name in (
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
        "last.pt",
        "last.pth.tar",
        "ckpt.pt",
        "best.pt",
        "model.pt",
    ):
        if name in folder:
            return folder[name]
    listed = [
        name for name in folder if is_pickled(name) and not re.search(r"-\d{4,6}-of-\d{4,6}\.bin$", name)
    ]
    indexes = [name for name in listed if name.endswith(".index.json")]
    last = sorted(indexes or listed, key=lambda name: (_number(name), name), reverse=True)
    return folder[last[0]] if last else None


def _save_number(name: str) -> int:
    """The number of a save in a file name (000012, step00000012) or its time; a name without one is the final save."""
    if stamp := _STAMP.search(name):
        return int("".join(stamp.groups()))
    found = re.findall(r"\d{4,12}", name)
    return int(found[-1]) if found else 10**15


def other_weights(folder: Folder, chosen: Entry | None) -> tuple[str, ...]:
    """Files of safetensors beside the chosen one that are no saves of the same name on the way to it."""
    if chosen is None or not chosen.name.lower().endswith(".safetensors"):
        return ()
    own = _stem(chosen.name)
    return tuple(
        name
        for name in sorted(folder)
        if name.lower().endswith(".safetensors")
        and name != chosen.name
        and not _SHARD.match(name)
        and _stem(name) != own
        and not name.lower().startswith(("optimizer", "scheduler", "random_states"))
    )


def _stem(name: str) -> str:
    plain = re.sub(_STAMP.pattern + r"(?:-save-\d+-\d+-\d+)?", "", name.lower().removesuffix(".safetensors"))
    return re.sub(r"[-_.]?(?:(?:steps?|epoch|state)[-_]?\d{1,12}|[-_]?\d{4,12})[-_.]?", "", plain)


def _number(name: str) -> int:
    """The last number in a file name; a name without one is the final save."""
    found = re.findall(r"\d{1,12}", name.rpartition(".")[0])
    return int(found[-1]) if found else 10**12


def is_pickled(name: str) -> bool:
    """Whether a file of this name may hold weights pickled by PyTorch."""
    low = name.lower()
    return low.endswith(_PICKLED) and not _NO_WEIGHTS.match(low)


def is_shard(name: str) -> bool:
    """Whether the name is one of a numbered set (model-00001-of-00003.safetensors)."""
    return bool(_SHARD.match(name))


def base_folder(folders: Mapping[str, Folder], name: str, places: Places) -> str | None:
    """The folder of exactly this plain name that holds a model's configuration: the base beside its adapter."""
    fitting = [
        path
        for path, files in folders.items()
        if path.rpartition("/")[2] == name
        and ("config.json" in files or "model_index.json" in files)
        and path not in places.order
    ]
    return min(fitting, key=lambda path: (path.count("/"), path)) if fitting else None
