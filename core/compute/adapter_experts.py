# SPDX-License-Identifier: Apache-2.0
"""LoRA on routed experts, by the names they had when each was a module of its own (transformers 4).

PEFT 0.21 with transformers 5, which keeps all experts in one matrix, turns such names into the matrices that hold them
(peft/utils/transformers_weight_conversion.py): the fused one at twice the rank, and the router. It writes what it made of
them into the adapter_config.json it saves. So a saved file that still has the old names and no matrices was trained with
each expert by itself.
"""

from collections.abc import Mapping

from core.compute.adapter_config import Lora
from core.compute.adapter_kinds import Wrap
from core.compute.layers import Block, Op, Value
from core.compute.name_pattern import fits

_MIXTRAL = {"gate_up_proj": ("w1", "w3"), "down_proj": ("w2",)}
_QWEN = {"gate_up_proj": ("gate_proj", "up_proj"), "down_proj": ("down_proj",)}
_OLD_NAMES = {"mixtral": _MIXTRAL, "minimax": _MIXTRAL} | dict.fromkeys(
    "deepseek_v2 deepseek_v3 deepseek_v32 ernie4_5_moe glm4_moe olmoe qwen2_moe qwen3_moe qwen3_next".split(),
    _QWEN,
)
_NO_WORDS = ("hubert", "wav2vec2", "wavlm")
_NOT_TURNED = ("qwen2_moe",)
"""Types that PEFT 0.21 has no entry for."""
_MODULES = {"switch_transformers": ("wi", "wo")}
"""Types whose experts are modules of their own to this day, and the layers of each."""


def for_experts(lora: Lora, model_type: str, config: Mapping[str, object]) -> Lora:
    """`lora` with targets that name experts turned into what PEFT trains for them."""
    if model_type[:1].isupper() or model_type in _NO_WORDS:
        # "all-linear" spares the output layer of transformers' classes only, and of those that have a word table.
        return lora._replace(heads_too=True)
    layers = _MODULES.get(model_type)
    if layers and lora.kind == "LORA":
        return lora._replace(apart={one: int(_reaches(lora.targets, one)) for one in layers}, routers=True)
    names = _OLD_NAMES.get(model_type)
    if lora.kind != "LORA" or not names or lora.parameters or isinstance(lora.targets, str):
        return lora
    if "base_model_name_or_path" in config or "inference_mode" in config:
        found = tuple(one for fused in names.values() for one in fused if _named(lora.targets, one))
        return lora._replace(apart={new: sum(o in found for o in old) for new, old in names.items()})
    if model_type in _NOT_TURNED:
        return lora
    old_names = tuple(one for fused in names.values() for one in fused)
    if lora.targets is None:
        if isinstance(lora.excluded, str):
            return lora
        turned = tuple(names)
        lora = lora._replace(excluded=(*lora.excluded, *old_names), routers=True)
    else:
        found = tuple(one for one in old_names if _named(lora.targets, one))
        turned = tuple(new for new, old in names.items() if all(one in found for one in old))
        rest = (one for one in lora.targets if one.rpartition(".")[2] not in old_names)
        lora = lora._replace(targets=tuple(rest))
    ranks = lora.ranks
    if "gate_up_proj" in turned:
        ranks = (*ranks, (r".*\.gate_up_proj", 2 * lora.rank))
    return lora._replace(parameters=turned, ranks=ranks)


def _reaches(targets: tuple[str, ...] | str | None, layer: str) -> bool:
    """Does the adapter sit on this layer of the experts?"""
    if targets is None or isinstance(targets, tuple):
        return targets is None or layer in targets
    return fits(targets, f"encoder.block.1.layer.1.mlp.experts.expert_0.{layer}")


def _named(targets: tuple[str, ...] | str | None, name: str) -> bool:
    return isinstance(targets, tuple) and any(one == name or one.endswith(f".{name}") for one in targets)


def on_each(count: int, dora: bool = False) -> Wrap:
    """LoRA on each expert by itself, which runs for the tokens sent to it: on `count` of the layers that this matrix
    holds side by side. With `dora` each expert that a token is sent to takes the norm of its matrix in every pass."""

    def wrap(t: Block, op: Op, rank: int) -> None:
        narrow, wide = op.fan
        experts, side = op.weights // (narrow * wide), wide // 2 if op.name.endswith("gate_up_proj") else wide
        out = Value(op.output, t.shapes[op.output])
        base, low = t.value(out.shape), t.value((*out.shape[:-1], count * rank))
        t.steps.append(op._replace(output=base.slot, name=f"{op.name}.base_layer"))
        parts = (("lora_A", low, op.inputs[0], narrow), ("lora_B", t.value(out.shape), low.slot, side))
        for name, value, given, across in parts:
            one = count * rank * across
            made = Op("linear", "adapter", f"{op.name}.{name}.default", (given,), value.slot, trained=True)
            active = op.active // (narrow * wide) * one
            t.steps.append(made._replace(flop=2 * out.rows * one, weights=experts * one, active=active))
        slots = [base.slot, parts[1][1].slot]
        if dora:
            once = 2 * narrow * rank * (narrow + side) * count * min(experts, out.rows)
            norm = Op("product", "adapter", "", (), t.value((1,)).slot, flop=once)
            t.steps.append(norm._replace(detached=True, unfused=True))
            slots.append(t.added(f"{op.name}.lora_magnitude_vector", experts * count * side, (side,)).slot)
        t.steps.append(Op("mix", "", "", tuple(slots), out.slot, unfused=not dora))

    return wrap
