# SPDX-License-Identifier: Apache-2.0
"""Runs of Weights & Biases: the offline file run-*.wandb, and the JSON, YAML and list of packages below wandb/run-*/files.

E-mail, host, program, command line and git data in them are never read as facts; of the packages only those the run used.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from core.domain.names import FoundOnly
from core.errors import CannotRead
from core.scan.formats import front_matter, transformers_script
from core.scan.formats.diffusers_script import is_script, script_facts
from core.scan.formats.logged_settings import setting_facts
from core.scan.formats.wandb_file import read_run
from core.scan.guarded import Source
from core.scan.machine import device_facts
from core.scan.numbers import real, whole
from core.scan.private import last_part, short_text
from core.scan.settings import Settings
from core.scan.types import AlsoRead, Entry, Found, Item, NotMine
from core.texts import text

NAME = "wandb"
EVERY_PLACE = False
_RUN = re.compile(r"(?:offline-)?run-(\d{8}_\d{6})-[\w-]+")
_OFFLINE = re.compile(r"run-[\w-]{1,128}\.wandb\Z")
_NO_TRAINING = re.compile(r"(?:eval|infer|predict|generate|serve|benchmark|convert)", re.I)
_CONFIG_CAP = 500_000
_PACKAGE = re.compile(r"([A-Za-z0-9_.-]{1,60})==(\d[\w.+!-]{0,30})\Z")
_FRAMEWORKS = {"torch": "Pytorch", "tensorflow": "TensorFlow", "jax": "JAX"}
_OF_TRANSFORMERS = {"transformers": "Transformers", "datasets": "Datasets", "tokenizers": "Tokenizers"}
_OF_DIFFUSERS = {"diffusers": "Diffusers", "transformers": "Transformers"}


def matches(entry: Entry) -> bool:
    """run-*.wandb, wandb-summary.json, wandb-metadata.json; config.yaml only below a run of wandb."""
    if entry.name in ("wandb-summary.json", "wandb-metadata.json") or _OFFLINE.match(entry.name):
        return True
    return entry.name == "config.yaml" and _RUN.search(entry.folder) is not None


def newest(source: Source) -> tuple[str, str]:
    """The date in the folder's name: of several runs the latest is read first."""
    found = _RUN.search(source.entry.folder)
    return (found[1] if found else "", source.entry.folder)


def read(source: Source) -> Iterator[Item]:
    """Facts of one file of a run. Raises CannotRead."""
    if source.entry.name == "wandb-summary.json":
        yield from _summary(source.json_object(not_finite=True), is_script(_settings_beside(source)))
    elif source.entry.name.endswith(".wandb"):
        run = read_run(source)
        yield from _machine(run.machine)
        settings = Settings(run.config)
        yield from _setting_facts(settings, source)
        yield from _summary(run.summary, is_script(settings))
        yield from _packages(source.near("files", "requirements.txt"), settings)
    elif source.entry.name == "wandb-metadata.json":
        metadata = source.json_object()
        if _evaluated(metadata):
            yield NotMine(text("scan_files.wandb.evaluation"))
            return
        yield from _machine(metadata)
        yield from _packages(source.sibling("requirements.txt"), _settings_beside(source))
    else:
        settings = _settings(source)
        if not settings.values:
            yield NotMine(text("scan_files.log.no_training"))
            return
        yield from _setting_facts(settings, source)


def _setting_facts(settings: Settings, source: Source) -> Iterator[Item]:
    if is_script(settings):
        return script_facts(settings)
    if transformers_script.is_script(settings):
        return transformers_script.script_facts(settings, transformers_script.limits_near(source))
    return setting_facts(settings)


def _settings(source: Source) -> Settings:
    """Settings of the run, each of which stands under `value`; empty for another file. Raises CannotRead."""
    parsed = front_matter.parse_any(source.text(_CONFIG_CAP), "settings")
    if not isinstance(parsed, dict) or ("wandb_version" not in parsed and "_wandb" not in parsed):
        return Settings({})
    return Settings(
        {key: item["value"] for key, item in parsed.items() if isinstance(item, dict) and "value" in item}
    )


def _settings_beside(source: Source) -> Settings:
    config = source.sibling("config.yaml")
    try:
        return _settings(config) if config is not None else Settings({})
    except CannotRead:
        return Settings({})


def _packages(listed: Source | None, settings: Settings) -> Iterator[Item]:
    """Versions of what the run used, by the list of what was installed: the only framework, and the libraries by whose names
    the settings go."""
    if listed is None:
        return
    try:
        lines = listed.text(_CONFIG_CAP).splitlines()
    except CannotRead as trouble:
        yield AlsoRead(listed.entry, NAME, (trouble.what, trouble.why, trouble.todo))
        return
    yield AlsoRead(listed.entry, NAME)
    installed = {found[1].lower(): found[2] for line in lines if (found := _PACKAGE.match(line.strip()))}
    frameworks = {name: title for name, title in _FRAMEWORKS.items() if name in installed}
    used = dict(frameworks) if len(frameworks) == 1 else {}
    if is_script(settings):
        used |= _OF_DIFFUSERS
    elif "per_device_train_batch_size" in settings:
        used |= _OF_TRANSFORMERS
    versions: dict[str, JsonValue] = {
        title: installed[name] for name, title in used.items() if name in installed
    }
    if versions:
        yield Found(FoundOnly.VERSIONS, versions, "", file=listed.entry.path)


def _summary(summary: Mapping[str, Any], by_script: bool) -> Iterator[Item]:
    """The last of each logged number. The scripts of diffusers log with the number of updates as wandb's own step."""
    found = False
    for name, keys in (
        (FoundOnly.TRAIN_RUNTIME_SECONDS, ("train/train_runtime", "train_runtime")),
        (FoundOnly.SAMPLES_PER_SECOND, ("train/train_samples_per_second", "train_samples_per_second")),
        (FoundOnly.STEPS_PER_SECOND, ("train/train_steps_per_second", "train_steps_per_second")),
        (FoundOnly.TRAIN_LOSS, ("train/train_loss", "train_loss")),
        ("epochs", ("train/epoch",)),
    ):
        for key in keys:
            value = real(summary.get(key), 0)
            if value:
                found = True
                yield Found(name, value, key)
                break
    steps_of = ("_step",) if by_script and summary.keys() & {"train_loss", "loss"} else ()
    for key in ("train/global_step", "trainer/global_step", *steps_of):
        steps = whole(summary.get(key), 1)
        if steps:
            found = True
            yield Found("steps", steps, key)
            break
    flos = real(summary.get("train/total_flos", summary.get("total_flos")), 1)
    if flos:
        yield Found(FoundOnly.RECORDED_FLOS, round(flos), "total_flos")
    tokens = whole(summary.get("train/num_input_tokens_seen"), 1)
    if tokens:
        yield Found(FoundOnly.TOKENS_RECORDED, tokens, "train/num_input_tokens_seen")
    seconds = real(summary.get("_runtime"), 0)
    if seconds and found:
        yield Found(FoundOnly.WALL_SECONDS, seconds, "_runtime", text("scan_files.log.wall"))
    if not found:
        yield NotMine(text("scan_files.log.no_training"))


def _evaluated(metadata: Mapping[str, Any]) -> bool:
    """Whether the program's name says that it tried a model out."""
    program = last_part(metadata.get("codePath") or metadata.get("program")) or ""
    return _NO_TRAINING.search(program) is not None and "train" not in program.lower()


def _machine(metadata: Mapping[str, Any]) -> Iterator[Item]:
    """The graphics card. `gpu_nvidia` lists each card in newer files; `apple` describes a Mac."""
    count = whole(metadata.get("gpu_count"), 1)
    name, key = metadata.get("gpu"), "gpu"
    listed = metadata.get("gpu_nvidia")
    if not isinstance(name, str) and isinstance(listed, list) and listed and isinstance(listed[0], dict):
        name, key, count = listed[0].get("name"), "gpu_nvidia", count or len(listed)
    apple = metadata.get("apple")
    if not isinstance(name, str) and isinstance(apple, dict):
        name, key, count = apple.get("name"), "apple.name", 1
    yield from device_facts(name, count, key, "gpu_count")
    python = metadata.get("python")
    if isinstance(python, str) and (version := short_text(python.rpartition(" ")[2], 20)):
        yield Found(FoundOnly.VERSIONS, {"Python": version}, "python")
