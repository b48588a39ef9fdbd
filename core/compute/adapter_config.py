# SPDX-License-Identifier: Apache-2.0
"""A PEFT adapter_config.json as read and checked (peft 0.21, config.py; also right for files of older versions)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.compute.adapter_matrices import MATRICES
from core.compute.adapter_rotations import ROTATIONS, Rotation, read_rotation
from core.compute.adapter_values import HIGHEST
from core.compute.name_pattern import CannotMatch, fits
from core.compute.notes import refuse

_HANDS_ON = (0, 14)
"""From this version of PEFT on, DoRA takes the result that the base layer gave (peft 0.14.0, lora/dora.py: base_result)."""
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")
_MOST_RANKS = 1000
_MOST_NAMES = 5000
"""Entries of a list of modules: each is compared with each module of the model."""
ROWS = "TRAINABLE_TOKENS"
_WORD_TABLES = ("embed_tokens", "wte", "word_embeddings", "shared", "embed_in")
_KINDS = {"LORA": 8, "LOHA": 8, "LOKR": 8, "ADALORA": 12, "VERA": 256, "IA3": 0, "LN_TUNING": 0,
          "OFT": 0, "BOFT": 0, "FOURIERFT": 0, "HRA": 0, ROWS: 0}  # fmt: skip
"""Kinds of adapters that sit on layers, and the rank when none is given (0: it has none)."""


class Lora(NamedTuple):
    """A LoRA configuration as read. `targets` is a list of names, a pattern, or None for every linear layer.
    `routers`: those are among them. `apart`: the matrices of experts, each trained by itself, with how many of the layers
    they hold side by side (see adapter_experts). `heads_too`: a last layer is one like any other (diffusers). `turns`: how an
    OFT or BOFT is cut, `matrix`: the settings of a FourierFT or HRA. `tokens`: rows that are trained of the table of words,
    `tables`: rows of tables by the ends of their names. `base_again`: DoRA runs the base layer a second time."""

    rank: int
    targets: tuple[str, ...] | str | None
    excluded: tuple[str, ...] | str = ()
    ranks: tuple[tuple[str, int], ...] = ()
    only_layers: tuple[int, ...] = ()
    layers_pattern: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    bias: str = "none"
    dora: bool = False
    base_again: bool = False
    lora_bias: bool = False
    kind: str = "LORA"
    parameters: tuple[str, ...] = ()
    tokens: int = 0
    tables: tuple[tuple[str, tuple[int, ...]], ...] = ()
    heads_kept: bool = False
    before: tuple[str, ...] | str = ()
    both: bool = False
    factor: int = -1
    routers: bool = False
    apart: Mapping[str, int] = {}
    heads_too: bool = False
    turns: Rotation | None = None
    matrix: Mapping[str, object] = {}


def read_adapter(config: Mapping[str, object]) -> Lora:
    """Read a PEFT adapter_config.json. Raises BadConfig when a value does not fit or the type is another one."""
    kind = config.get("peft_type", "LORA")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise refuse("adapter_type", value=kind)
    if config.get("layer_replication"):
        raise refuse("adapter", key="layer_replication", value=config.get("layer_replication"))
    if kind == ROWS:
        return _rows_of_a_table(config)
    parameters = _listed(config, "target_parameters")
    targets: tuple[str, ...] | str | None = _names(config, "target_modules")
    if isinstance(targets, str) and targets.lower() == "all-linear":
        targets = None
    elif not targets and not parameters:
        raise refuse("adapter", key="target_modules", value=config.get("target_modules"))
    ranks = config.get("rank_pattern") or {}
    if not isinstance(ranks, Mapping) or len(ranks) > _MOST_RANKS:
        raise refuse("adapter", key="rank_pattern", value=ranks)
    excluded = _names(config, "exclude_modules")
    saved = saved_modules(config)
    tokens = config.get("trainable_token_indices") or ()
    tables = _tables(tokens) if isinstance(tokens, Mapping) else ()
    if not isinstance(tokens, list | tuple | Mapping):
        raise refuse("adapter", key="trainable_token_indices", value=tokens)
    rank = "init_r" if kind == "ADALORA" else "r"
    factor = config.get("decompose_factor", -1)
    if type(factor) is not int or not (factor == -1 or 0 < factor <= HIGHEST):
        raise refuse("adapter", key="decompose_factor", value=factor)
    if config.get("use_effective_conv2d"):
        raise refuse("adapter", key="use_effective_conv2d", value=True)
    bias = config.get("bias") or "none"
    if bias not in ("none", "all", "lora_only"):
        raise refuse("adapter", key="bias", value=bias)
    dropout = config.get("lora_dropout") or 0
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout <= 1:
        raise refuse("adapter", key="lora_dropout", value=dropout)
    return Lora(
        rank=_rank(rank, config.get(rank, _KINDS[kind])) if _KINDS[kind] else 1,
        targets=targets,
        excluded=excluded,
        ranks=tuple(
            (rf"(?:.*\.)?(?:{_pattern('rank_pattern', key)})", _rank("rank_pattern", rank))
            for key, rank in ranks.items()
        ),
        only_layers=_layers(config.get("layers_to_transform")),
        layers_pattern=tuple(_pattern("layers_pattern", one) for one in _listed(config, "layers_pattern")),
        saved=saved,
        bias=str(bias),
        dora=_flag(config, "use_dora"),
        base_again=dropout > 0 or _before(config.get("peft_version"), _HANDS_ON),
        lora_bias=_flag(config, "lora_bias"),
        kind=kind,
        parameters=parameters,
        tokens=0 if isinstance(tokens, Mapping) else len(tokens),
        tables=tables,
        heads_kept=config.get("task_type") == "SEQ_CLS",
        before=_names(config, "feedforward_modules"),
        both=_flag(config, "decompose_both"),
        factor=factor,
        turns=read_rotation(kind, config) if kind in ROTATIONS else None,
        matrix=config if kind in MATRICES else {},
    )


def _before(version: object, first: tuple[int, int]) -> bool:
    """Whether the version of PEFT is known and older than `first`."""
    match = _VERSION.match(version) if isinstance(version, str) else None
    return match is not None and (int(match[1]), int(match[2])) < first


def _rows_of_a_table(config: Mapping[str, object]) -> Lora:
    """Only rows of the word table are trained (peft 0.21, tuners/trainable_tokens): no layer gets anything. Another table
    than that is refused."""
    tokens, targets = config.get("token_indices"), _listed(config, "target_modules")
    if not isinstance(tokens, list | tuple) or not tokens:
        raise refuse("adapter", key="token_indices", value=tokens)
    if any(name.rpartition(".")[2] not in _WORD_TABLES for name in targets):
        raise refuse("adapter", key="target_modules", value=targets)
    return Lora(rank=1, targets=(), kind=ROWS, tokens=len(tokens))


def _tables(named: Mapping[object, object]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The rows of each table that is named by itself ({"embed_tokens": [5, 6], "lm_head": [5]})."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for name, rows in named.items():
        if (
            not (isinstance(name, str) and name and isinstance(rows, list | tuple))
            or not all(type(row) is int for row in rows)
            or len(named) > _MOST_RANKS
        ):
            raise refuse("adapter", key="trainable_token_indices", value=named)
        if rows:
            found.append((name, tuple(rows)))
    return tuple(found)


def saved_modules(config: Mapping[str, object]) -> tuple[str, ...]:
    """Modules that are trained whole beside the adapter: those named, and the classifier where PEFT adds it."""
    saved = _listed(config, "modules_to_save")
    return (*saved, "classifier", "score") if config.get("task_type") in ("SEQ_CLS", "TOKEN_CLS") else saved


def _names(config: Mapping[str, object], key: str) -> tuple[str, ...] | str:
    value = config.get(key)
    if isinstance(value, str):
        return _pattern(key, value)
    return _listed(config, key)


def _listed(config: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = config.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if (
        not isinstance(value, list | tuple | set | frozenset)
        or len(value) > _MOST_NAMES
        or not all(type(one) is str for one in value)
    ):
        raise refuse("adapter", key=key, value=value)
    return tuple(sorted(value))


def _pattern(key: str, value: object) -> str:
    """A pattern whose parts are all understood; it takes bounded time (core.compute.name_pattern)."""
    try:
        if isinstance(value, str):
            fits(value, "model.layers.0.self_attn.q_proj")
            return value
    except CannotMatch:
        pass
    raise refuse("adapter", key=key, value=value)


def _rank(key: str, value: object) -> int:
    if type(value) is not int or not 0 < value <= HIGHEST:
        raise refuse("adapter", key=key, value=value)
    return value


def _layers(value: object) -> tuple[int, ...]:
    if value is None:
        return ()
    if type(value) is int:
        return (value,)
    if (
        not isinstance(value, list | tuple)
        or len(value) > _MOST_NAMES
        or not all(type(one) is int for one in value)
    ):
        raise refuse("adapter", key="layers_to_transform", value=value)
    return tuple(value)


def _flag(config: Mapping[str, object], key: str) -> bool:
    value = config.get(key)
    if value is not None and type(value) is not bool:
        raise refuse("adapter", key=key, value=value)
    return bool(value)
