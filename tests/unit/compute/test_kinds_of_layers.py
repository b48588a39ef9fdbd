# SPDX-License-Identifier: Apache-2.0
"""What each kind of layer holds and runs, and which attention is under a causal mask, for every type.

tests/fixtures/compute/kinds_of_layers.jsonl holds [parameters, active parameters, forward FLOP, backward FLOP] of each kind
for a small configuration of each type. The sums are measured (tests/fixtures/flops); how they are divided is how the table
behaves, to be read when it changes: UPDATE_GOLDEN=1 writes it anew.
"""

import json
import os
from pathlib import Path
from typing import Any

from core.compute.architectures import model_types
from core.compute.flops import count_flops
from core.compute.inputs import Inputs

TABLE = Path(__file__).parents[2] / "fixtures" / "compute" / "kinds_of_layers.jsonl"
ONE_WAY = frozenset(
    """apertus arcee biogpt bitnet bloom codegen cohere ctrl deepseek_v2 falcon gemma gemma2 gpt2 gptj gpt_neox granite llama
    mistral mixtral mpt nemotron olmo opt phi phi3 qwen2 qwen3 stablelm starcoder2 xglm""".split()
)
BOTH_WAYS = frozenset(
    """albert beit bert convbert deberta deit dinov2 distilbert electra esm hubert longformer mobilebert modernbert mpnet pvt
    roberta roformer sam segformer siglip_vision_model squeezebert swin swinv2 videomae vilt vit vit_mae vitdet wav2vec2
    wavlm yolos UNet2DConditionModel FluxTransformer2DModel DiTTransformer2DModel""".split()
)


def counted(row: dict[str, Any]) -> dict[str, Any]:
    inputs = Inputs(**{key: tuple(v) if isinstance(v, list) else v for key, v in row["inputs"].items()})
    got = count_flops(row["config"], inputs, model_class=row["model_class"], part=row["part"])
    lines = {
        label: [line.parameters, line.active, line.forward_flop, line.backward_flop]
        for label, line in sorted(got.lines.items())
    }
    rest = [got.parameters_active, got.parameters_embedding, got.attention_flop, got.causal_flop]
    return {"kinds": lines, "rest": [*rest, got.recompute_flop]}


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def name(row: dict[str, Any]) -> str:
    return str(row["config"].get("model_type") or row["config"]["_class_name"])


def test_what_each_kind_of_layer_holds_and_runs() -> None:
    changed, made = [], []
    for row in rows():
        found = counted(row)
        if found != {key: row.get(key) for key in found}:
            changed.append((row["model_class"], row["part"], found))
        made.append(json.dumps({**row, **found}))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        TABLE.write_text("\n".join(made) + "\n", "utf-8")
    assert not changed, changed[:2]
    assert {name(row) for row in rows()} <= set(model_types())
    assert len({name(row) for row in rows()}) >= 187


def test_a_decoder_looks_back_only_and_an_encoder_both_ways() -> None:
    for row in rows():
        *_, attention, causal, _ = row["rest"]
        if name(row) in ONE_WAY:
            assert 0 < causal == attention, row["model_class"]
        elif name(row) in BOTH_WAYS:
            assert causal == 0 < attention, row["model_class"]
