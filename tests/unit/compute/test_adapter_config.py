# SPDX-License-Identifier: Apache-2.0
"""An adapter_config.json as read: what is taken, what stands in for what is missing, what is refused."""

import contextlib
from typing import Any

import pytest

from core.compute.adapter_config import Lora, read_adapter, saved_modules
from core.compute.adapter_values import whole_setting
from core.errors import BadConfig

PLAIN: dict[str, Any] = {"peft_type": "LORA", "target_modules": ["q_proj"]}


def read(**more: Any) -> Lora:
    return read_adapter({**PLAIN, **more})


def test_what_a_file_leaves_out() -> None:
    assert read() == Lora(rank=8, targets=("q_proj",))
    assert read_adapter({"target_modules": "q_proj"}).kind == "LORA"
    assert read_adapter({"target_parameters": ["experts.up"]}).targets == ()


@pytest.mark.parametrize(
    ("kind", "rank"), [("LORA", 8), ("LOHA", 8), ("LOKR", 8), ("ADALORA", 12), ("VERA", 256), ("IA3", 1)]
)
def test_the_rank_of_each_kind(kind: str, rank: int) -> None:
    assert read(peft_type=kind).rank == rank
    key = "init_r" if kind == "ADALORA" else "r"
    assert read(peft_type=kind, **{key: 3}).rank == (1 if kind == "IA3" else 3)
    other = "r" if kind == "ADALORA" else "init_r"
    assert read(peft_type=kind, **{other: 3}).rank == rank


TAKEN: list[tuple[dict[str, Any], str, object]] = [
    ({"r": 1}, "rank", 1),
    ({"r": 65_536}, "rank", 65_536),
    ({"target_modules": "all-linear"}, "targets", None),
    ({"target_modules": "ALL-LINEAR"}, "targets", None),
    ({"target_modules": ["v_proj", "q_proj"]}, "targets", ("q_proj", "v_proj")),
    ({"target_modules": r".*q_proj"}, "targets", r".*q_proj"),
    ({"target_modules": ["x"] * 5000}, "targets", ("x",) * 5000),
    ({"exclude_modules": ["b", "a"]}, "excluded", ("a", "b")),
    ({"exclude_modules": None}, "excluded", ()),
    ({"layers_to_transform": None}, "only_layers", ()),
    ({"layers_to_transform": 3}, "only_layers", (3,)),
    ({"layers_to_transform": [0, 2]}, "only_layers", (0, 2)),
    ({"layers_to_transform": [1] * 5000}, "only_layers", (1,) * 5000),
    ({"layers_pattern": "layers"}, "layers_pattern", ("layers",)),
    ({"layers_pattern": ["h", "blocks"]}, "layers_pattern", ("blocks", "h")),
    ({"modules_to_save": ["embed"]}, "saved", ("embed",)),
    ({"modules_to_save": "embed"}, "saved", ("embed",)),
    ({"bias": None}, "bias", "none"),
    ({"bias": "all"}, "bias", "all"),
    ({"bias": "lora_only"}, "bias", "lora_only"),
    ({"use_dora": True}, "dora", True),
    ({"use_dora": None}, "dora", False),
    ({"lora_dropout": 0}, "base_again", False),
    ({"lora_dropout": 0.0}, "base_again", False),
    ({"lora_dropout": None}, "base_again", False),
    ({"lora_dropout": 0.05}, "base_again", True),
    ({"lora_dropout": 1}, "base_again", True),
    ({"peft_version": "0.13.2"}, "base_again", True),
    ({"peft_version": "0.9.1.dev0"}, "base_again", True),
    ({"peft_version": "0.14.0"}, "base_again", False),
    ({"peft_version": "1.0.0"}, "base_again", False),
    ({"peft_version": "main"}, "base_again", False),
    ({"peft_version": 13}, "base_again", False),
    ({"lora_bias": True}, "lora_bias", True),
    ({"target_parameters": ["b", "a"]}, "parameters", ("a", "b")),
    ({"trainable_token_indices": [1, 2, 3]}, "tokens", 3),
    ({"trainable_token_indices": None}, "tokens", 0),
    ({"trainable_token_indices": {"embed": [1, 2], "head": []}}, "tables", (("embed", (1, 2)),)),
    ({"trainable_token_indices": {"embed": [1]}}, "tokens", 0),
    ({"task_type": "SEQ_CLS"}, "heads_kept", True),
    ({"task_type": "TOKEN_CLS"}, "heads_kept", False),
    ({"task_type": "CAUSAL_LM"}, "heads_kept", False),
    ({"feedforward_modules": ["down"]}, "before", ("down",)),
    ({"decompose_both": True}, "both", True),
    ({"decompose_factor": 1}, "factor", 1),
    ({"decompose_factor": 65_536}, "factor", 65_536),
    ({}, "factor", -1),
    ({"rank_pattern": {"q": 2}}, "ranks", ((r"(?:.*\.)?(?:q)", 2),)),
    ({"rank_pattern": {str(n): 1 for n in range(1000)}}, "rank", 8),
    ({"rank_pattern": None}, "ranks", ()),
]
REFUSED: list[dict[str, Any]] = [
    {"peft_type": "OTHER"},
    {"peft_type": 5},
    {"layer_replication": [[0, 4]]},
    {"use_effective_conv2d": True},
    *({"r": bad} for bad in (0, -1, 65_537, True, 8.0, "8")),
    *({"target_modules": bad} for bad in (None, [], "", ["a", 1], 5, {"a": 1}, ["x"] * 5001, "(")),
    *({"exclude_modules": bad} for bad in (5, [1], ["x"] * 5001)),
    *({"rank_pattern": bad} for bad in ("x", 5, ["q"], {"q": 0}, {"q": True}, {"(": 2})),
    {"rank_pattern": {str(n): 1 for n in range(1001)}},
    *(
        {"trainable_token_indices": bad}
        for bad in (5, "x", {"embed": 1}, {"embed": ["1"]}, {"": [1]}, {1: [1]})
    ),
    *({"decompose_factor": bad} for bad in (0, -2, 65_537, True, 2.0)),
    *({"bias": bad} for bad in ("some", 5, True)),
    *({"lora_dropout": bad} for bad in (True, -0.1, 1.1, "0.1")),
    *({"use_dora": bad} for bad in (1, "yes")),
    *({"layers_to_transform": bad} for bad in ("1", [1, "2"], [True], [1] * 5001, 2.0)),
    *({"layers_pattern": bad} for bad in (5, ["("])),
]


def test_values_that_are_taken() -> None:
    for more, name, wanted in TAKEN:
        assert getattr(read(**more), name) == wanted, str(more)[:80]


def test_values_that_are_refused() -> None:
    for more in REFUSED:
        got: object = None
        with contextlib.suppress(BadConfig):
            got = read(**more)
        assert got is None, str(more)[:80]


def test_a_classifier_is_saved_where_peft_adds_it() -> None:
    for kind in ("SEQ_CLS", "TOKEN_CLS"):
        assert saved_modules({"task_type": kind, "modules_to_save": ["x"]}) == ("x", "classifier", "score")
    assert saved_modules({"task_type": "CAUSAL_LM"}) == ()
    assert read(task_type="SEQ_CLS").saved == ("classifier", "score")


@pytest.mark.parametrize("value", [True, "4", 4.0, None, -1, 65_537])
def test_a_number_of_an_adapter_is_whole_and_within_its_limits(value: object) -> None:
    assert whole_setting({}, "r", 8) == 8
    assert whole_setting({"r": 65_536}, "r") == 65_536
    assert whole_setting({"r": 0}, "r", least=0) == 0
    assert whole_setting({"r": 65_537}, "r", most=70_000) == 65_537
    for config in ({"r": value}, {"r": 0}, {}):
        with pytest.raises(BadConfig):
            whole_setting(config, "r")
