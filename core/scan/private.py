# SPDX-License-Identifier: Apache-2.0
"""Keeps private things out of facts: paths of this machine, tokens, addresses. And tells hub ids from paths."""

import math
import re
from typing import Any

from pydantic import JsonValue

_PATH = re.compile(
    r"^\s*(?:/|~[/\\]|[A-Za-z]:[\\/]|\\\\|file:|\.\.?[\\/])"
    r"|/(?:home|Users|root|mnt|media|kaggle|content|workspace|data|tmp|dev/shm|private|var|srv|opt)/"
    r"|\\Users\\|[A-Za-z]:\\"
)
# One letter before the @ is enough to find an address; "+" there took quadratic time in a long text (found by fuzzing).
_SECRET = re.compile(
    r"hf_[A-Za-z0-9]{20,}|api_org_[A-Za-z0-9]{10,}|sk-[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{12,}|gh[pousr]_[A-Za-z0-9]{20,}"
    r"|github_pat_[A-Za-z0-9_]{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{8,}|wandb_v\d_\w+|-----BEGIN |\b[0-9a-f]{40}\b"
    r"|//[^/\s:@]+:[^/\s@]+@|[\w.+-]@[\w-]+\.[A-Za-z]{2,}|\b(?:\d{1,3}\.){3}\d{1,3}\b"
)
_PRIVATE_KEY = re.compile(
    r"(?:token|secret|password|passwd|api_?key|_name_or_path|_path|_dir|host(?:name)?|user(?:name)?|email)$",
    re.I,
)
_PUBLIC_KEYS = frozenset({"pad_token", "eos_token", "bos_token", "unk_token", "sep_token", "cls_token", "mask_token",
                          "num_experts_per_token"})  # fmt: skip
_HUB = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\Z", re.ASCII)
_LOCAL_OWNERS = frozenset(
    "output outputs out model models checkpoint checkpoints ckpt ckpts result results run runs data datasets save saves "
    "saved saved_model saved_models pretrained pretrained_models weights base bases base_model base_models tmp temp home "
    "content workspace mnt root users opt srv var kaggle cache hub llm llms lora loras adapter adapters train training "
    "trained work exp exps experiments logs src huggingface hf local downloads documents desktop".split()
)
_CHECKPOINT = re.compile(r"(?:checkpoint|ckpt|epoch|step)[-_]?\d+\Z", re.I)
_WEIGHTS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf")
_CACHE = re.compile(r"models--(?P<owner>[\w.-]+?)--(?P<name>[\w.-]+)\Z", re.ASCII)
_LONGEST_PATH = 4096
"""Characters of a path (PATH_MAX of Linux); a longer text is none, and takes no time."""
_DEPTH = 40


def is_private(text: str) -> bool:
    """Whether `text` holds a path of a machine, a token, an e-mail or an IP address."""
    return bool(_PATH.search(text) or _SECRET.search(text))


def hub_id(text: object) -> str | None:
    """`text` as a public id `owner/name`, or None when it is a path or something else.

    A path into the hub's own cache (`models--owner--name`) gives its id. `outputs/checkpoint-10` is a path.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_PATH:
        return None
    for part in re.split(r"[\\/]", text):
        if cached := _CACHE.match(part):
            text = f"{cached['owner']}/{cached['name']}"
            break
    if not _HUB.match(text) or _SECRET.search(text):
        return None
    owner, name = text.split("/")
    # A repository may be called so, but a file of weights in a folder of this machine is far more common.
    if name.lower().endswith(_WEIGHTS):
        return None
    if owner.lower() in _LOCAL_OWNERS or _CHECKPOINT.match(name) or ".." in text:
        return None
    return text


def last_part(path: object) -> str | None:
    """The last part of a path or id, when it is a short harmless name."""
    if not isinstance(path, str) or len(path) > _LONGEST_PATH:
        return None
    parts = [part for part in re.split(r"[\\/]+", path.strip()) if part not in ("", ".", "..", "~")]
    if len(parts) < 1 or (len(parts) == 1 and re.match(r"[A-Za-z]:\Z", parts[0])):
        return None
    # A home folder's own name is the person's name.
    if len(parts) == 2 and parts[0].lower() in ("home", "users"):
        return None
    name = parts[-1]
    return name if len(name) <= 96 and name.isprintable() and not is_private(name) else None


def short_text(value: object, limit: int = 200) -> str | None:
    """`value` as one short public line, or None."""
    if not isinstance(value, str):
        return None
    line = value.encode("utf-8", "replace").decode("utf-8").strip()
    return line if 0 < len(line) <= limit and line.isprintable() and not is_private(line) else None


def public_json(value: Any) -> JsonValue:
    """A copy of parsed JSON without private texts, private keys, numbers that are not finite, or deep nesting."""
    kept = _public(value, 0)
    return None if kept is _DROP else kept


_DROP: Any = object()


def _public(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        clean = value.encode("utf-8", "replace").decode("utf-8")
        return _DROP if is_private(clean) else clean
    if isinstance(value, float):
        return value if math.isfinite(value) else _DROP
    if isinstance(value, dict):
        if depth >= _DEPTH:
            return _DROP
        pairs = (
            (_public(key, depth), _public(item, depth + 1)) for key, item in value.items() if not _hidden(key)
        )
        return {key: item for key, item in pairs if key is not _DROP and item is not _DROP}
    if isinstance(value, list):
        if depth >= _DEPTH:
            return _DROP
        return [item for item in (_public(each, depth + 1) for each in value) if item is not _DROP]
    return value


def _hidden(key: str) -> bool:
    return key not in _PUBLIC_KEYS and bool(_PRIVATE_KEY.search(key))
