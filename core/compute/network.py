# SPDX-License-Identifier: Apache-2.0
"""The network that was trained: its layer table where a configuration allows one, else its parameter counts."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.domain.fact import AnyFact
from core.domain.footprint import ParameterCount
from core.reference import BaseModelRow

if TYPE_CHECKING:
    from core.compute.flops import FlopCount
    from core.compute.frozen_part import Part
    from core.compute.inputs import Inputs

_REMEMBERED = 256
"""Counts kept: a few lengths for each of a few models."""

ADAPTER_METHODS = ("lora", "qlora", "dora", "prompt_tuning")

SEQ2SEQ = frozenset(
    "t5 mt5 umt5 longt5 bart mbart pegasus pegasus_x marian m2m_100 blenderbot led prophetnet fsmt "
    "switch_transformers nllb_moe encoder-decoder t5gemma".split()
)
NOT_TOKENS = frozenset(
    "vit vit_mae vit_msn beit data2vec-vision deit swin swinv2 dinov2 dinov3_vit clip siglip siglip2 whisper wav2vec2 "
    "wav2vec2-bert wavlm hubert convnext convnextv2 segformer detr rt_detr conditional_detr videomae vivit timesformer "
    "resnet regnet mobilenet_v2 mobilevit efficientnet yolos dpt sam sam2 mask2former maskformer speecht5 "
    "speech_to_text encodec audio-spectrogram-transformer timm_wrapper depth_anything".split()
)
"""Model types whose main input is pixels or sound, which the Trainer counts as if each number were a token."""


DIFFUSION = frozenset(
    "UNet2DConditionModel UNet2DModel ControlNetModel SD3Transformer2DModel FluxTransformer2DModel "
    "DiTTransformer2DModel HunyuanDiT2DModel PixArtTransformer2DModel QwenImageTransformer2DModel "
    "ZImageTransformer2DModel Flux2Transformer2DModel ChromaTransformer2DModel Lumina2Transformer2DModel "
    "WanTransformer3DModel HunyuanVideoTransformer3DModel".split()
)
"""Denoisers: their input is a noised picture or clip, made by a frozen autoencoder, beside a text."""
PER_SAMPLE = NOT_TOKENS | DIFFUSION
"""Model types counted by pictures or clips seen, not by tokens."""


@dataclass(frozen=True)
class Network:
    """The network that was trained. Counts are parameters; None is "not known"."""

    method: str
    """full, lora, qlora, dora, frozen_partial or prompt_tuning."""
    method_fact: AnyFact | None
    config: Mapping[str, Any] | None = None
    config_fact: AnyFact | None = None
    model_class: str | None = None
    adapter: Mapping[str, Any] | None = None
    total: int | None = None
    trainable: int | None = None
    active: int | None = None
    embedding: int | None = None
    origin: AnyFact | None = None
    trainable_origin: AnyFact | None = None
    row: BaseModelRow | None = None
    counted: bool = False
    """Whether the layer table can count this network, so that operations are exact for a known length."""
    part: "Part | None" = None
    """The part that stood still, or alone was trained, when the number of parameters changed tells it."""
    open_part: bool = False
    """Whether that part is only what usual scripts freeze: it may have been trained too."""
    opened: bool = False
    """Whether gradients of an adapter run back through the first layer, to what the table of words gives."""
    guessed: bool = False
    """Whether the configuration or the adapter had to be put together from a table or an assumption."""
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cache: dict[object, "FlopCount"] = field(default_factory=dict, compare=False, repr=False)

    @property
    def model_type(self) -> str:
        """The architecture family of config.json (of a diffusers one: its class), or ""."""
        config = self.config or {}
        return str(config.get("model_type") or config.get("_class_name") or "")

    @property
    def working(self) -> int | None:
        """Parameters at work for one token: the active ones, else all."""
        return self.active or self.total

    @property
    def is_adapter(self) -> bool:
        """Whether the base was frozen and something small was trained beside it."""
        return self.method in ADAPTER_METHODS

    def sequence(self, length: int, *, with_adapter: bool = True) -> "FlopCount":
        """Operations of one sequence of `length` tokens. Only for a counted network."""
        key = (length, with_adapter)
        if key not in self.cache:
            self.cache[key] = count_sequence(
                self.config or {},
                self.model_class,
                self.adapter if with_adapter else None,
                length,
                self.part,
                opened=self.opened,
            )
        return self.cache[key]

    @property
    def named_class(self) -> str:
        """The class of the model: of the run, else the first that the configuration names; empty where none is named."""
        classes = (self.config or {}).get("architectures")
        return str(self.model_class or (classes[0] if isinstance(classes, list) and classes else ""))

    def square_share(self, length: int) -> float:
        """Share of one sequence's operations that grows with the square of its length (attention)."""
        once, twice = self.sequence(length).step_flop, self.sequence(2 * length).step_flop
        return max(0.0, min(1.0, (twice - 2 * once) / 2 / once)) if once else 0.0

    def sample(self, inputs: "Inputs", *, with_adapter: bool = True) -> "FlopCount":
        """Operations of one batch of `inputs`. Only for a counted network. Raises BadConfig when it does not fit."""
        key = (inputs, with_adapter)
        if key not in self.cache:
            adapter = self.adapter if with_adapter else None
            self.cache[key] = count_sample(
                self.config or {}, self.model_class, adapter, inputs, self.part, opened=self.opened
            )
        return self.cache[key]

    def parameters(self) -> ParameterCount | None:
        """The counts for people, or None when the size is not known."""
        if self.total is None:
            return None
        return ParameterCount(
            total=self.total,
            trainable=self.trainable,
            active_per_token=self.active,
            embedding=self.embedding,
            origin=self.origin,
            trainable_origin=self.trainable_origin if self.trainable is not None else None,
        )


def count_sequence(
    config: Mapping[str, Any],
    model_class: str | None,
    adapter: Mapping[str, Any] | None,
    length: int,
    part: "Part | None" = None,
    *,
    opened: bool = False,
) -> "FlopCount":
    """Operations of one sequence of `length` tokens. Raises BadConfig when the layer table cannot read `config`."""
    from core.compute.inputs import Inputs

    return count_sample(config, model_class, adapter, Inputs(batch=1, seq_len=length), part, opened=opened)


def count_sample(
    config: Mapping[str, Any],
    model_class: str | None,
    adapter: Mapping[str, Any] | None,
    inputs: "Inputs",
    part: "Part | None" = None,
    *,
    opened: bool = False,
) -> "FlopCount":
    """Operations of one batch of `inputs`. Raises BadConfig when the layer table cannot read `config`.

    Remembered by the configurations' own text: while somebody types, the same model is counted at each key.
    """
    told = json.dumps(dict(adapter)) if adapter else ""
    return _count_sample(json.dumps(dict(config)), model_class, told, inputs, part, opened)


@functools.lru_cache(maxsize=_REMEMBERED)
def _count_sample(
    config: str, model_class: str | None, adapter: str, inputs: "Inputs", part: "Part | None", opened: bool
) -> "FlopCount":
    from core.compute.flops import count_flops
    from core.compute.trained import FULL

    count = count_flops(
        json.loads(config),
        inputs,
        model_class=model_class,
        adapter=json.loads(adapter) if adapter else None,
        trained=part.trained() if part is not None else FULL,
        opened=opened,
    )
    # A training step is counted as it runs on average: without the layers that are left out at random.
    return count._replace(step_flop=count.step_flop - count.skipped_flop)
