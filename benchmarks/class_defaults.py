# SPDX-License-Identifier: Apache-2.0
"""The defaults that the layer table takes for a config.json that names only its type, against those of the class.

    /tmp/venv-flops/bin/python benchmarks/class_defaults.py [--write]

Needs the environment of flops_differential.py. Each default that is noted is looked for in the configuration that
transformers or diffusers make; those it holds otherwise are printed. A few are no misses: keys that go by another name
there, "auto" that is worked out, lists that are told by their rule. With --write the table of the tests is written.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flops_cases as drawn
import flops_measure as measured

from core.compute.architectures import build, model_types
from core.compute.inputs import Inputs

TABLE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "compute" / "default_values.jsonl"
NEEDED: dict[str, dict[str, Any]] = {
    "HunyuanDiT2DModel": {"hidden_size": 1408},
    "deepseek_v2": {"num_experts_per_tok": 6},
    "esm": {"vocab_size": 33},
}
"""What a type needs to make a model at all."""


def noted(name: str) -> list[tuple[str, dict[str, str]]]:
    """Remarks on a configuration that holds nothing but its type."""
    _, reader = build({"model_type": name, **NEEDED.get(name, {})}, Inputs(seq_len=8))
    return [(one.key, dict(one.values)) for one in reader.notes]


def values_of(name: str) -> dict[str, list[Any]]:
    """Key → its values in the class's own configuration and in the parts of it."""
    usual = drawn.usual_of(name)
    if not name[0].isupper():
        config = measured.config_of({"model_type": name, **NEEDED.get(name, {})})
        usual |= {key: getattr(config, key, None) for key in getattr(config, "attribute_map", {})}
    found: dict[str, list[Any]] = {}

    def walk(part: dict[str, Any]) -> None:
        for key, value in part.items():
            found.setdefault(key, []).append(value)
            if isinstance(value, dict):
                walk(value)

    walk(usual | NEEDED.get(name, {}))
    return found


def alike(text: str, value: object) -> bool:
    """Is this the value, lists and tuples being one?"""
    return text in (str(value), str(tuple(value)) if isinstance(value, list | tuple) else "")


def main() -> int:
    """Compare, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true")
    lines = []
    write = parser.parse_args().write
    compared = apart = 0
    for name in model_types():
        said, theirs = noted(name), values_of(name)
        for key, one in said:
            if key == "default":
                compared += 1
                if not any(alike(one["value"], value) for value in theirs.get(one["key"], [])):
                    apart += 1
                    print(f"{name} {one['key']}: {one['value']} here, {theirs.get(one['key'])} there")
        defaults = [f"{one['key']}={one['value']}" for key, one in said if key == "default"]
        rest = [f"{key} {' '.join(one.values())}".strip() for key, one in said if key != "default"]
        lines.append(json.dumps({"model_type": name, "defaults": defaults, "notes": rest}))
    if write:
        TABLE.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{compared - apart} of {compared} defaults are found as they are")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
