# SPDX-License-Identifier: Apache-2.0
"""The layer table against PyTorch's counter on configurations with one key changed, for text models.

    python benchmarks/flops_differential.py llama bert t5 [--out misses.jsonl]

Needs torch, transformers, peft and diffusers in an environment of its own (see flops_measure.py). For each type: class
defaults with four layers, every class transformers offers, then each key of the configuration changed by itself. A
difference is printed, and written as a row that flops_truth.py reads.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flops_measure as measured
import flops_truth as table

LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers", "decoder_layers")
TWO_HALVES = frozenset(
    "bart blenderbot m2m_100 marian mbart mt5 pegasus t5 umt5 longt5 switch_transformers prophetnet".split()
)
LARGEST = 10**6


def changes(value: object) -> list[Any]:
    """Other values of a key."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int) and value < LARGEST:
        return [value * 2, value // 2] if value > 4 else [value + 1]
    return []


def cases(model_type: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Small configurations of a type, with what was changed."""
    usual = measured.config_of({"model_type": model_type}).to_dict()
    base: dict[str, Any] = {"model_type": model_type}
    base |= {key: 4 for key in LAYERS if isinstance(usual.get(key), int) and usual[key] > 4}
    yield "base", base
    for key, value in usual.items():
        for one in changes(value):
            yield f"{key}={one}", {**base, key: one}


def row(name: str, values: dict[str, Any], model_class: str) -> dict[str, Any]:
    """One configuration, measured."""
    model = measured.build(values, model_class).eval()
    if values["model_type"] in TWO_HALVES:
        inputs = {"batch": 2, "encoder_len": 37, "decoder_len": 21}
        given = {"input_ids": measured.ids(2, 37), "decoder_input_ids": measured.ids(2, 21)}
    else:
        inputs = {"batch": 1, "seq_len": 45}
        given = {"input_ids": measured.ids(1, 45)}
    taken = measured.accepts(model)
    given = {key: value for key, value in given.items() if key in taken}
    numbers = measured.measure(lambda: model(**given), model)
    rest = {"part": "main", "variant": "full", "peft": {}, "inputs": inputs, "config": values}
    return {"name": name, "model_class": model_class, **rest, **numbers}


def main() -> int:
    """Print what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("types", nargs="+")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found: list[table.Check] = []
    lines: list[str] = []
    unmeasured = 0
    for model_type in given.types:
        classes = [one for one in measured.classes(model_type) if not one.endswith("MultipleChoice")]
        for number, (name, values) in enumerate(cases(model_type)):
            for model_class in classes if number == 0 else classes[:1]:
                try:
                    made = row(name, values, model_class)
                except Exception:  # noqa: BLE001  # values that make no model, or operations without a meta kernel
                    unmeasured += 1
                    continue
                checks = table.checks(made)
                found += checks
                for one in checks:
                    if not one.met:
                        print(f"{one.kind}: {model_class} {name}: {one.counted} for {one.measured}")
                if not all(one.met for one in checks):
                    lines.append(json.dumps(made))
    if given.out:
        given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for kind, (met, count) in table.shares(found).items():
        print(f"{kind:32} {met:5} of {count:5} = {met / count:6.1%}")
    print(f"not measured: {unmeasured}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
