# SPDX-License-Identifier: Apache-2.0
"""Limits and thresholds of the weighing, each looked at from both sides."""

import math
from typing import Any

import pytest

from core.compute import weigh
from core.compute.families import config_of_family
from core.compute.fit import HOLDERS
from core.compute.flops import count_flops
from core.compute.inputs import Inputs
from core.compute.memory import _by_keys, _Kept, _windows
from core.compute.memory_states import attending_of, recurrent_of, states, whole_number
from core.compute.ranges import Z90, estimate, sigma
from core.compute.reconcile import _combine, _gap
from core.compute.resolve import _active_of_experts, _apart
from core.compute.stages import _split, _whole
from core.compute.throughput import _same_part
from core.domain.answers import Answers
from core.domain.fact import Fact, Origin, OriginKind
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.reference import load_reference

B, T = 10**9, 10**12
OWN = 6 * B * T


def known(**found: Any) -> Known:
    origin = Origin(kind=OriginKind.FILE, file="x.json")
    facts = tuple(Fact[Any](name=name, value=value, origin=origin) for name, value in found.items())
    return Known(Project(scan=ScanResult(folder_name="x", facts=facts)))


def agreement(**answers: Any) -> str:
    typed: dict[str, Any] = {"parameters_total": B, "tokens": T, "epochs": 1, **answers}
    project = Project(answers=Answers.model_validate(typed))
    return weigh(Known(project), load_reference()).agreement


# --- a stated figure beside the counted one

AGREES, BASE_IN, BASE_OUT = "figure agrees", "holds the training of the base", "this training alone"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (OWN, True),
        (OWN * 6 // 5, True),
        (OWN * 6 // 5 + 10**15, False),
        (OWN * 5 // 6, True),
        (OWN * 5 // 6 - 10**15, False),
    ],
)
def test_a_fifth_more_or_less_agrees(stated: int, said: bool) -> None:
    assert (AGREES in agreement(stated_flop=stated)) is said


@pytest.mark.parametrize(
    ("base", "stated", "words"),
    [
        (OWN, 2 * OWN, BASE_IN),
        (OWN, 2 * OWN * 6 // 5, BASE_IN),
        (OWN, 2 * OWN * 6 // 5 + 10**15, ""),
        (OWN, 2 * OWN * 5 // 6, BASE_IN),
        (OWN, OWN, BASE_OUT),
        (OWN, OWN * 13 // 10, BASE_OUT),
        (OWN, OWN * 13 // 10 + 10**15, ""),
        (OWN, OWN * 10 // 13 + 10**8, BASE_OUT),
        (OWN, OWN * 10 // 13 - 10**15, ""),
        # A base that adds less than three tenths explains nothing.
        (OWN * 3 // 10, OWN * 13 // 10, ""),
        (OWN * 3 // 10 + 10**15, OWN * 13 // 10, BASE_IN),
    ],
)
def test_the_base_explains_a_stated_figure(base: int, stated: int, words: str) -> None:
    found = agreement(base_flop=base, stated_flop=stated, origin="fine_tune")
    for one in (BASE_IN, BASE_OUT):
        assert (one in found) is (one == words), found


# --- ranges


def test_the_gap_between_ranges() -> None:
    one, near = estimate(100, 0.5, 1.5, method="counted"), estimate(300, 0.5, 2.0, method="counted")
    assert (_gap(one, near), _gap(near, one)) == (1.0, 1.0)
    far = estimate(600, 0.5, 2.0, method="counted")
    assert (_gap(one, far), _gap(far, one)) == (2.0, 2.0)


def test_witnesses_are_weighted_by_how_sure_they_are() -> None:
    sure, rough = estimate(1000, 0.9, 1.1, method="counted"), estimate(4000, 0.25, 4.0, method="counted")
    both = _combine([sure, rough])
    weights = [1 / sigma(one) ** 2 for one in (sure, rough)]
    logs = [math.log(1000), math.log(4000)]
    mean = sum(w * x for w, x in zip(weights, logs, strict=True)) / sum(weights)
    assert both.central == round(math.exp(mean))
    assert both.low == pytest.approx(both.central * math.exp(-Z90 / math.sqrt(sum(weights))), abs=1.1)
    assert both.high == pytest.approx(both.central * math.exp(Z90 / math.sqrt(sum(weights))), abs=1.1)
    apart = _combine([sure, estimate(3000, 0.9, 1.1, method="counted")])
    assert apart.low < 1000 * 1.3 < 3000 / 1.3 < apart.high


def test_half_a_percent_apart() -> None:
    assert not _apart(200, 199)
    assert _apart(200, 198)
    assert not _apart(1000, 995)
    assert _apart(1000, 994)


def test_lengths_add_up() -> None:
    assert _split(10, 3) == [(3, 2), (4, 1)]
    assert _split(9, 3) == [(3, 3)]
    assert _split(2, 3) == [(1, 2)]
    assert _whole(10, 4) == [(4, 2), (2, 1)]
    assert _whole(8, 4) == [(4, 2)]
    assert _whole(3, 4) == [(3, 1)]


@pytest.mark.parametrize(
    ("pace", "steps", "same"),
    [
        (1.0, 3600, True),
        (0.9, 3600, True),
        (0.89, 3600, False),
        (1.1, 3600, True),
        (1.11, 3600, False),
        (0.001, 10**6, True),
        (0.002, 10**6, False),
        (1.0, 0, True),
        (None, 10, True),
        (5.0, None, True),
    ],
)
def test_a_logged_speed_is_of_this_part_of_the_run(pace: float | None, steps: int | None, same: bool) -> None:
    found = {key: one for key, one in (("steps_per_second", pace), ("steps", steps)) if one is not None}
    assert _same_part(known(**found), 1.0) is same


EXPERTS = {
    "num_local_experts": 4,
    "num_experts_per_tok": 1,
    "intermediate_size": 10,
    "num_hidden_layers": 2,
    "hidden_size": 5,
}


def test_active_parameters_of_experts() -> None:
    idle = 2 * 3 * 3 * 5 * 10
    assert _active_of_experts(EXPERTS, idle + 1) == 1
    assert _active_of_experts(EXPERTS, idle) is None
    assert _active_of_experts(EXPERTS, None) is None
    assert _active_of_experts(None, 10**6) is None
    assert _active_of_experts({**EXPERTS, "moe_intermediate_size": 1}, 1000) == 1000 - idle // 10
    assert _active_of_experts({**EXPERTS, "num_experts_per_tok": 4}, 10**6) is None
    for key in EXPERTS:
        assert _active_of_experts({**EXPERTS, key: 0}, 10**6) is None
        assert _active_of_experts({**EXPERTS, key: True}, 10**6) is None


# --- what a conversation takes


def test_whole_numbers_of_a_configuration() -> None:
    config = {"a": 0, "b": 1, "c": B - 1, "d": B, "e": True, "f": 2.0, "g": -1}
    assert [whole_number(config, key) for key in "abcdefgh"] == [0, 1, B - 1, 0, 0, 0, 0, 0]
    assert whole_number(config, "a", "h", "b", "c") == 1


WINDOWS: list[tuple[dict[str, Any], str, int, list[int]]] = [
    ({}, "", 3, [0, 0, 0]),
    ({"sliding_window": 8}, "", 3, [8, 8, 8]),
    ({"sliding_window": 8, "use_sliding_window": False}, "", 2, [0, 0]),
    ({"attention_window_size": 7}, "", 1, [7]),
    ({"window_size": 6}, "", 1, [6]),
    ({"sliding_window": 8}, "gemma2", 4, [8, 0, 8, 0]),
    ({"sliding_window": 8}, "gemma3", 7, [8, 8, 8, 8, 8, 0, 8]),
    ({"sliding_window": 8}, "gemma3_text", 6, [8, 8, 8, 8, 8, 0]),
    ({"sliding_window": 8}, "cohere2", 4, [8, 8, 8, 0]),
    ({"sliding_window": 8}, "gpt_oss", 2, [8, 0]),
    ({"sliding_window": 8, "sliding_window_pattern": 3}, "gemma2", 3, [8, 8, 0]),
    ({"sliding_window": 8, "_sliding_window_pattern": 1}, "", 2, [0, 0]),
    ({"sliding_window": 8, "layer_types": ["full_attention", "sliding_attention"]}, "", 2, [0, 8]),
    ({"sliding_window": 8, "layer_types": ["mamba", "full", "sliding", "local"]}, "", 3, [0, 8, 8]),
    ({"sliding_window": 8, "attention_layers": ["global", "local", "attention"]}, "", 3, [0, 8, 0]),
    ({"sliding_window": 8, "layer_types": ["chunked_attention", "full_attention"]}, "", 3, [8, 8, 8]),
    ({"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 1}, "", 3, [0, 8, 8]),
    ({"sliding_window": 8, "max_window_layers": 1}, "", 3, [8, 8, 8]),
    ({"sliding_window": 8, "global_attn_idx": [0, 2], "num_hidden_layers": 3}, "", 3, [0, 8, 0]),
    ({"sliding_window": 8, "global_attn_idx": [0], "num_hidden_layers": 4}, "", 3, [8, 8, 8]),
]


def test_windows_of_layers() -> None:
    for config, kind, layers, wanted in WINDOWS:
        assert _windows(config, kind, layers) == wanted, config


def test_layers_by_the_usual_keys() -> None:
    config: dict[str, Any] = {"num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 32}
    assert _by_keys(config) == ([_Kept(64)] * 2, 0)
    assert _by_keys({**config, "num_key_value_heads": 2}) == ([_Kept(32)] * 2, 0)
    assert _by_keys({**config, "num_kv_heads": 1, "head_dim": 5}) == ([_Kept(10)] * 2, 0)
    assert _by_keys({**config, "num_hidden_layers": 9_999}) is not None
    for change in ({"num_hidden_layers": 0}, {"num_hidden_layers": 10_000}, {"num_attention_heads": 0}):
        assert _by_keys({**config, **change}) is None
    assert _by_keys({"n_layer": 1, "n_head": 2, "n_embd": 8}) == ([_Kept(16)], 0)
    assert _by_keys({"num_layers": 1, "num_attention_heads": 2, "d_model": 8}) == ([_Kept(16)], 0)
    assert _by_keys({**config, "mamba_d_state": 4}) == ([_Kept(64)] * 2, 2)


def test_layers_that_attend_and_that_recur() -> None:
    kinds = {"layer_types": ["linear_attention", "Full_Attention", "hybrid", "m"]}
    assert (attending_of(kinds, 4), recurrent_of(kinds, 4)) == ([1, 2], 3)
    letters = {"hybrid_override_pattern": "M-*M"}
    assert (attending_of(letters, 4), recurrent_of(letters, 4)) == ([2], 2)
    plain = {"layer_types": ["full_attention", "sliding_attention"]}
    assert (attending_of(plain, 2), recurrent_of(plain, 2)) == ([0, 1], 0)
    assert attending_of({"kv_reuse_group": [[0, 1], [2, 3, 4], "x", [5, "y"]]}, 6) == [0, 2, 5]
    for bad in ({"layer_types": ["mamba", 5]}, {"layer_types": 5}, {"layer_types": ["mamba"] * 10_001}):
        assert (attending_of(bad, 3), recurrent_of(bad, 3)) == ([0, 1, 2], 0)
    assert recurrent_of({"layer_types": ["mamba"] * 10_000}, 3) == 10_000
    for key in ("state_size", "mamba_d_state", "ssm_state_size", "d_state"):
        assert recurrent_of({key: 4}, 3) == 3


STATES: list[tuple[dict[str, Any], bool, int]] = [
    ({}, False, 0),
    ({"hidden_size": 10}, False, 0),
    ({"hidden_size": 10, "state_size": 3}, False, 20 * 3 + 20 * 4),
    ({"d_model": 10, "d_state": 3, "expand": 5, "d_conv": 2}, False, 50 * 3 + 50 * 2),
    ({"hidden_size": 10, "state_size": 3, "intermediate_size": 7}, True, 7 * 3 + 7 * 4),
    ({"hidden_size": 10, "state_size": 3, "intermediate_size": 7}, False, 20 * 3 + 20 * 4),
    ({"mamba_num_heads": 2, "mamba_head_dim": 6, "ssm_state_size": 3}, False, 12 * 3 + 12 * 4),
    ({"mamba_d_ssm": 9, "mamba_d_state": 3, "n_groups": 2}, False, 9 * 3 + (9 + 12) * 4),
    (
        {"linear_num_value_heads": 4, "linear_value_head_dim": 5, "linear_num_key_heads": 2}
        | {"linear_key_head_dim": 3, "linear_conv_kernel_dim": 7},
        False,
        4 * 3 * 5 + (2 * 6 + 20) * 7,
    ),
]


def test_numbers_in_states() -> None:
    for config, pure, wanted in STATES:
        assert states(config, 1, pure=pure) == wanted, config
        assert states(config, 3, pure=pure) == 3 * wanted


def test_common_devices_stand_by_the_room_they_have() -> None:
    assert [round(one.room, 2) for one in HOLDERS] == [
        *(4.0, 4.8, 7.36, 11.2, 11.28, 15.2, 23.04, 24.0, 30.72, 48.0, 77.6),
    ]


FAMILIES = ("sd_v1", "stable-diffusion-2", "sdxl")


def test_families_of_pictures_cost_what_they_cost() -> None:
    """Forward FLOP of one picture of the usual size with its 77 words. PyTorch counts the same for the first and the last."""
    found = []
    for word in FAMILIES:
        made = config_of_family(word)
        assert made is not None
        found.append(count_flops(made[1], Inputs(text_len=77)).forward_flop)
    assert found == [803_273_441_280, 2_149_105_745_920, 6_761_236_398_080]
    assert config_of_family("nothing of that name") is None
