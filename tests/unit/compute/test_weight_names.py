# SPDX-License-Identifier: Apache-2.0
"""Names of modules and the weights each holds, as the class itself has them: adapters and freezing go by names."""

import collections
import hashlib
import json
from pathlib import Path

from core.compute.architectures import build
from core.compute.inputs import Inputs
from core.compute.layers import Block, Call

TABLE = Path(__file__).parents[2] / "fixtures" / "compute" / "weight_names.jsonl"


def held(block: Block, prefix: str = "") -> collections.Counter[str]:
    """Module → its weights. A bare parameter belongs to the module around it."""
    found: collections.Counter[str] = collections.Counter()
    for step in block.steps:
        if isinstance(step, Call):
            if not step.again:
                found.update(held(step.block, f"{prefix}{step.prefix}." if step.prefix else prefix))
        elif step.weights or step.bias:
            name = prefix + step.name
            bare = step.kind in ("free", "experts")
            found[name.rpartition(".")[0] if bare else name] += step.weights + step.bias
    return found


def digest(names: collections.Counter[str]) -> str:
    """Sixteen letters for all lines "module weights", sorted."""
    text = "\n".join(f"{name} {count}" for name, count in sorted(names.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_every_module_has_its_name_and_its_weights() -> None:
    wrong = []
    rows = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]
    for row in rows:
        block, _ = build(row["config"], Inputs(seq_len=8), model_class=row["model_class"])
        names = held(block)
        if digest(names) != row["names"]:
            wrong.append((row["model_class"], row["config"], sorted(names)[:8]))
    assert not wrong, wrong[:3]
    assert len(rows) > 500


def test_a_misplaced_weight_is_seen() -> None:
    block, _ = build({"model_type": "bert", "num_hidden_layers": 1}, Inputs(seq_len=8))
    names = held(block)
    assert names["encoder.layer.0.attention.self.query"] == 768 * 769
    names["encoder.layer.0.attention.self.query"] -= 1
    assert digest(names) != digest(held(block))
