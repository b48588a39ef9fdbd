# SPDX-License-Identifier: Apache-2.0
"""Measure models with PyTorch's counter, as rows that flops_truth.py reads.

Needs torch, transformers, peft and diffusers, which the app does not: run it in an environment of its own. Written
for torch 2.13, transformers 5.23, peft 0.21, diffusers 0.42.

The models hold no weights (meta device; those of ON_PROCESSOR look into their values, so they hold some), attention is
eager and experts run one by one (batched_mm). Speech encoders run as in training, but drop and mask nothing. The counter's
formula for the backward pass of a convolution is put right: each gradient costs what the forward pass costs, grouped
or not.
"""

import contextlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode
from transformers.models.auto import configuration_auto, modeling_auto

transformers.logging.set_verbosity_error()
aten = torch.ops.aten
MAPPINGS = [
    getattr(modeling_auto, name)
    for name in dir(modeling_auto)
    if name.startswith("MODEL_") and name.endswith("MAPPING_NAMES")
]

ON_PROCESSOR = frozenset("led longformer switch_transformers vilt xlnet".split())
"""Types that look into their values, so that no meta tensor will do."""
SPEECH = frozenset("hubert wav2vec2 wavlm".split())
"""Types that ask for the gradient of the sound itself, but only in training."""
_place = "meta"


def _conv_back(
    grad: Any,
    x: Any,
    w: Any,
    _bias: Any,
    _s: Any,
    _p: Any,
    _d: Any,
    transposed: bool,
    _o: Any,
    _g: Any,
    mask: Any,
    _out: Any = None,
    **_more: Any,
) -> int:
    rows = x if transposed else grad
    flop = 2 * rows[0] * w[0] * w[1]
    for size in (*w[2:], *rows[2:]):
        flop *= size
    return flop * (bool(mask[0]) + bool(mask[1]))


def pretend_tracing() -> None:
    """transformers looks into its masks unless it believes that it is traced; a meta tensor cannot be looked into."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("transformers") and "is_tracing" in vars(module):
            module.is_tracing = lambda *_a, **_k: True  # type: ignore[attr-defined]


def classes(model_type: str) -> list[str]:
    """Names of the classes that transformers offers for a type."""
    found: dict[str, None] = {}
    for mapping in MAPPINGS:
        named = mapping.get(model_type, ())
        for one in (named,) if isinstance(named, str) else named:
            found[one] = None
    return [one for one in found if hasattr(transformers, one)]


def fits(model_class: str, model_type: str) -> bool:
    """Is the class made for the configurations of this type? Some are listed that are for a part of them."""
    own = getattr(getattr(transformers, model_class), "config_class", None)
    return own is None or own is configuration_auto.CONFIG_MAPPING[model_type]


def config_of(values: Mapping[str, Any]) -> Any:
    """The configuration object of a config.json."""
    kind = configuration_auto.CONFIG_MAPPING[values["model_type"]]
    return kind.from_dict({k: v for k, v in values.items() if k != "model_type"})


def build(values: Mapping[str, Any], model_class: str) -> Any:
    """The model, without weights where it can be, every parameter to be trained. The batches made after it lie where it
    does."""
    global _place
    _place = "cpu" if values.get("model_type") in ON_PROCESSOR else "meta"
    if "_class_name" in values:
        import diffusers

        with torch.device("meta"):
            model = getattr(diffusers, model_class).from_config(dict(values))
        # Flux, Wan and their kin have processors of their own, which already make plain products here.
        if model_class.startswith(("UNet", "ControlNet", "Autoencoder")):
            from diffusers.models.attention_processor import AttnAddedKVProcessor, AttnProcessor

            with contextlib.suppress(Exception):
                model.set_attn_processor(
                    {
                        name: AttnAddedKVProcessor() if "AddedKV" in type(one).__name__ else AttnProcessor()
                        for name, one in model.attn_processors.items()
                    }
                )
        return model
    config = config_of(values)
    for one in _parts(config):
        one._experts_implementation = "batched_mm"
        one._attn_implementation = "eager"
        one.use_cache = False
    if values["model_type"] in SPEECH:
        config.layerdrop, config.apply_spec_augment = 0.0, False
    kind = getattr(transformers, model_class)
    with torch.device(_place):
        try:
            model = kind._from_config(
                config, attn_implementation="eager", experts_implementation="batched_mm"
            )
        except (TypeError, ValueError):
            model = kind._from_config(config, attn_implementation="eager")
    model = model.to(torch.float32)
    if _place == "meta":
        pretend_tracing()
    return model.train(values["model_type"] in SPEECH)


def _parts(config: Any) -> Iterator[Any]:
    yield config
    for value in vars(config).values():
        if isinstance(value, transformers.PretrainedConfig):
            yield from _parts(value)


def main_output(out: Any) -> Any:
    """The tensor a loss would read: logits where there are any, else the first output."""
    if torch.is_tensor(out):
        return out
    if isinstance(out, dict) or hasattr(out, "keys"):
        for name in (
            "logits",
            "start_logits",
            "prediction_logits",
            "pred_masks",
            "itm_score",
            "last_hidden_state",
            "logits_per_image",
            "sample",
        ):
            value = out.get(name) if hasattr(out, "get") else None
            if torch.is_tensor(value):
                if name == "start_logits":
                    return value.sum() + out["end_logits"].sum()
                return value
        for value in out.values():
            if torch.is_tensor(value):
                return value
    first = out[0]
    return main_output(first) if not torch.is_tensor(first) else first


def measure(run: Any, model: Any, *, backward: bool = True, whole: Any = None) -> dict[str, int | None]:
    """Parameters, forward and step of `run()`, which calls `model`."""
    owner = whole if whole is not None else model
    numbers: dict[str, int | None] = {
        "parameters": sum(p.numel() for p in owner.parameters()),
        "trainable": sum(p.numel() for p in owner.parameters() if p.requires_grad),
    }
    own = {aten.convolution_backward: _conv_back}
    # What makes no step may still hand back what asks for a gradient, which the counter does not bear without one.
    bare = torch.no_grad() if backward else contextlib.nullcontext()
    trained = [one for one in owner.parameters() if one.requires_grad]
    for one in trained:
        one.requires_grad_(False)
    with bare, FlopCounterMode(display=False, custom_mapping=own) as counter:
        run()
    for one in trained:
        one.requires_grad_(True)
    numbers["forward"] = counter.get_total_flops()
    numbers["step"] = None
    if backward:
        with FlopCounterMode(display=False, custom_mapping=own) as counter:
            out = main_output(run())
            if out.requires_grad:
                out.float().sum().backward()
        numbers["step"] = counter.get_total_flops()
    return numbers


def ids(*shape: int) -> torch.Tensor:
    """Token numbers; where there are any, none of them is padding."""
    return torch.zeros(shape, dtype=torch.long, device=_place) + (_place != "meta")


def counts(values: list[list[int]]) -> torch.Tensor:
    """Whole numbers that a model looks into."""
    return torch.tensor(values)


def pixels(*shape: int) -> torch.Tensor:
    """Floating-point input."""
    return torch.zeros(shape, device=_place)


def accepts(model: Any) -> set[str]:
    """Names of the arguments of a model's forward pass."""
    return set(inspect.signature(model.forward).parameters)
