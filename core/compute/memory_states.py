# SPDX-License-Identifier: Apache-2.0
"""States of recurrent layers, and which layers attend and which recur, as a configuration lists them.

Mamba: channels x (state + window of its convolution). Mamba 2: the same with groups. Gated delta rule: heads x key size x
value size, and its convolution. Source: the cache classes of transformers 5.23, its configuration_falcon_h1.py and
configuration_nemotron_h.py; for Hymba arXiv 2411.13676 and the keys of its published configuration.
"""

from collections.abc import Mapping
from typing import Any

_RECURRENT = frozenset(("mamba", "mamba2", "linear_attention", "recurrent", "hybrid", "m"))
_ATTENDING = frozenset(
    ("attention", "full_attention", "sliding_attention", "sliding", "full", "global", "local", "hybrid", "*")
)
_MOST_LAYERS = 10_000
_STATE = ("state_size", "mamba_d_state", "ssm_state_size", "d_state")


def states(config: Mapping[str, Any], layers: int, *, pure: bool) -> int:
    """Numbers in the states of `layers` recurrent layers, for the kinds whose sizes are read here; 0 for the others.
    `pure`: no layer attends, so the configuration's one inner width is that of the state."""
    hidden = whole_number(config, "hidden_size", "d_model")
    values, size = (whole_number(config, f"linear_{key}") for key in ("num_value_heads", "value_head_dim"))
    if values and size:
        key = whole_number(config, "linear_key_head_dim")
        keys = whole_number(config, "linear_num_key_heads") * key
        window = whole_number(config, "linear_conv_kernel_dim")
        return layers * (values * key * size + (2 * keys + values * size) * window)
    state = whole_number(config, *_STATE)
    if not state:
        return 0
    kernel = whole_number(config, "conv_kernel", "mamba_d_conv", "d_conv") or 4
    heads, head = whole_number(config, "mamba_num_heads"), whole_number(config, "mamba_head_dim")
    inner = (
        whole_number(config, "mamba_d_ssm")
        or heads * head
        or (whole_number(config, "intermediate_size") if pure else 0)
        or hidden * (whole_number(config, "mamba_expand", "expand") or 2)
    )
    groups = whole_number(config, "n_groups", "mamba_n_groups", "mamba_ngroups")
    return layers * (inner * state + (inner + 2 * groups * state) * kernel)


def attending_of(config: Mapping[str, Any], layers: int) -> list[int]:
    """The places of the layers that keep keys and values of their own: those that attend, but for the followers of a
    group that shares them (Hymba)."""
    kinds = _kinds(config) or ["attention"] * layers
    groups = config.get("kv_reuse_group")
    followers = {
        place
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, list)
        for place in group[1:]
        if type(place) is int
    }
    return [place for place, kind in enumerate(kinds) if kind in _ATTENDING and place not in followers]


def recurrent_of(config: Mapping[str, Any], layers: int) -> int:
    """How many layers recur. Without a list, all of them where the configuration has a state at all: they stand beside
    the attention in every layer (Falcon H1, Hymba)."""
    kinds = _kinds(config)
    if kinds is not None:
        return sum(kind in _RECURRENT for kind in kinds)
    return layers if whole_number(config, *_STATE) else 0


def _kinds(config: Mapping[str, Any]) -> list[str] | None:
    """What each layer is, where the configuration lists recurrent ones by name or by letter (M, *)."""
    listed = (
        config.get("layers_block_type") or config.get("layer_types") or config.get("hybrid_override_pattern")
    )
    if (
        not isinstance(listed, str | list)
        or len(listed) > _MOST_LAYERS
        or not all(isinstance(one, str) for one in listed)
    ):
        return None
    kinds = [one.lower() for one in listed]
    return kinds if _RECURRENT.intersection(kinds) else None


def whole_number(config: Mapping[str, Any], *keys: str) -> int:
    """The first of `keys` that is a positive whole number, 0 when none is."""
    found = (config.get(key) for key in keys)
    return next((one for one in found if type(one) is int and 0 < one < 10**9), 0)
