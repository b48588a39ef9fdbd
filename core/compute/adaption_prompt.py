# SPDX-License-Identifier: Apache-2.0
"""LLaMA-Adapter: a trained prompt that the attention of the top layers looks at beside the text (peft 0.21,
tuners/adaption_prompt/layer.py and utils.py).

The attention runs as ever; then its queries are made again (Llama's way also makes values that nothing reads), look at keys
and values of the prompt, and what comes out goes through the output projection once more.
"""

from collections.abc import Mapping

from core.compute.adapter_values import whole_setting
from core.compute.layers import Block, Call, Op, Value
from core.compute.notes import refuse

_LABEL = "adapter"
_MODULES = {"llama": "self_attn", "mistral": "self_attn", "gpt2": "attn"}


def with_adaption_prompt(network: Block, config: Mapping[str, object], model_type: str) -> Block:
    """`network` with the prompts of an adapter_config.json. Raises BadConfig."""
    module = _MODULES.get(model_type)
    if module is None:
        raise refuse("adapter_type", value=f"ADAPTION_PROMPT ({model_type})")
    length, layers = (whole_setting(config, key) for key in ("adapter_len", "adapter_layers"))
    places = [place for place, step in enumerate(network.steps) if isinstance(step, Call) and step.layer]
    if layers > len(places):
        raise refuse("adapter", key="adapter_layers", value=layers)
    new = Block()
    new.shapes, new.inputs, new.outputs = list(network.shapes), network.inputs, network.outputs
    new.steps = list(network.steps)
    made: dict[int, Block] = {}
    for place in places[-layers:]:
        step = new.steps[place]
        assert isinstance(step, Call)
        if id(step.block) not in made:
            made[id(step.block)] = _layer(step.block, f"{module}.", length)
        new.steps[place] = step._replace(block=made[id(step.block)])
    return new


def _layer(old: Block, path: str, length: int) -> Block:
    t = Block()
    t.shapes, t.inputs, t.outputs = list(old.shapes), old.inputs, old.outputs
    own = {step.name: step for step in old.steps if isinstance(step, Op) and step.name.startswith(path)}
    fused = own.get(f"{path}c_attn")
    last = own[f"{path}{'c_proj' if fused else 'o_proj'}"]
    for step in old.steps:
        if step is not last:
            t.steps.append(step)
            continue
        out = t.value(t.shapes[last.output])
        t.steps.append(last._replace(output=out.slot))
        more = _look(t, path, own, fused, last, length)
        t.steps.append(Op("mix", "", "", (out.slot, more.slot), last.output, unfused=True))
    return t


def _look(t: Block, path: str, own: Mapping[str, Op], fused: Op | None, last: Op, length: int) -> Value:
    """What the prompt adds to the attention's output."""
    query = fused or own[f"{path}q_proj"]
    x = Value(query.inputs[0], t.shapes[query.inputs[0]])
    width = last.fan[0]
    prompt = t.added(f"{path}adaption_prompt", length * x.width, (1, length, x.width))
    gate = t.added(f"{path}adaption_gate", 1)
    if fused:
        keys = values = _again(t, fused, prompt)
        queries = _again(t, fused, x)
    else:
        keys, values = (_again(t, own[f"{path}{name}_proj"], prompt) for name in "kv")
        queries = _again(t, query, x)
        _again(t, own[f"{path}v_proj"], x)
        t.amend(detached=True)
    flop = 2 * x.rows * length * width
    scores = t.product(_LABEL, queries, keys, flop=flop, shape=(*x.shape[:-1], length))
    scores = t.mix(scores, gate, shape=scores.shape, keeps=True)
    seen = t.product(_LABEL, scores, values, flop=flop, shape=(*x.shape[:-1], width))
    return seen if fused else _again(t, last, seen)


def _again(t: Block, op: Op, x: Value) -> Value:
    """A layer of the base runs once more, on `x`; its weights stand still and were counted."""
    y = t.value((*x.shape[:-1], op.fan[1]))
    flop = 2 * x.rows * op.fan[0] * op.fan[1]
    t.steps.append(
        op._replace(
            inputs=(x.slot,), output=y.slot, flop=flop, name="", weights=0, bias=0, active=0, label=_LABEL
        )
    )
    return y
