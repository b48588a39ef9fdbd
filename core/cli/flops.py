# SPDX-License-Identifier: Apache-2.0
"""weighbridge flops: parameters and operations of one batch from config.json alone. Standard library only."""

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from core.compute.flops import FlopCount, count_flops
from core.compute.inputs import Inputs, parse_inputs
from core.errors import BadAnswers, CannotRead
from core.files import is_folder

_CONFIG_LIMIT = 5_000_000
"""Bytes. Real configurations with 21,000 labels have 2 MB; JSON takes up to 25 times its size in memory."""


def run(arguments: argparse.Namespace, _today: datetime.date) -> int:
    """Count and print; CannotRead or BadConfig (exit 3) when the config cannot be read or its type is not known."""
    path = Path(arguments.path)
    config = read_config(path / "config.json" if is_folder(path) else path)
    adapter = read_config(Path(arguments.adapter)) if arguments.adapter else None
    count = count_flops(
        config,
        _inputs(arguments),
        model_class=arguments.model_class,
        part=arguments.part,
        adapter=adapter,
    )
    if arguments.json:
        print(json.dumps(count_json(count), indent=1))
    else:
        _print(count)
    return 0


def _inputs(arguments: argparse.Namespace) -> Inputs:
    pairs = list(arguments.input)
    if arguments.seq is not None:
        pairs.append(f"seq_len={arguments.seq}")
    if arguments.batch is not None:
        pairs.append(f"batch={arguments.batch}")
    try:
        return parse_inputs(pairs)
    except ValueError as error:
        raise BadAnswers("One of the inputs does not fit.", why=str(error)) from error


def read_config(path: Path) -> dict[str, Any]:
    """A JSON object from `path`. Raises CannotRead: missing, too large, a git-lfs pointer, or not JSON."""
    try:
        if path.stat().st_size > _CONFIG_LIMIT:
            raise CannotRead(f"{path.name} is larger than 5 MB.", todo="Give the model's own config.json.")
        raw = path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path.name} could not be opened.", why=str(error.strerror or error)) from error
    if raw.startswith(b"version https://git-lfs"):
        raise CannotRead(
            f"{path.name} is only a placeholder.",
            why="The folder was copied without its large files (git-lfs).",
            todo="Run “git lfs pull” in it, then try again.",
        )
    try:
        loaded = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CannotRead(f"{path.name} is not readable JSON.", why=str(error)[:200]) from error
    if not isinstance(loaded, dict):
        raise CannotRead(f"{path.name} does not describe a model.", why="It holds no list of settings.")
    return loaded


def count_json(count: FlopCount) -> dict[str, Any]:
    """The documented object: FLOP as integers."""
    return {
        "format": 1,
        "parameters": {
            "total": count.parameters_total,
            "trainable": count.parameters_trainable,
            "active_per_token": count.parameters_active,
            "embedding": count.parameters_embedding,
        },
        "forward_flop": count.forward_flop,
        "backward_flop": count.backward_flop,
        "step_flop": count.step_flop,
        "attention_flop": count.attention_flop,
        "notes": [str(note) for note in count.notes],
    }


def _print(count: FlopCount) -> None:
    print(f"Parameters: {count.parameters_total:,} ({count.parameters_trainable:,} trained)")
    print(f"Forward: {count.forward_flop:,} FLOP")
    print(f"Forward and backward: {count.step_flop:,} FLOP")
    for note in count.notes:
        print(f"Note: {note}")
