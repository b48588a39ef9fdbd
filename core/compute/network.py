# SPDX-License-Identifier: Apache-2.0
"""What is known about the network: its layer table where a configuration allows one, else its parameter counts."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.footprint import ParameterCount
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.errors import BadConfig
from core.reference import BaseModelRow, Reference
from core.texts import text

if TYPE_CHECKING:
    from core.compute.flops import FlopCount

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
    row: BaseModelRow | None = None
    counted: bool = False
    """Whether the layer table can count this network, so that operations are exact for a known length."""
    guessed: bool = False
    """Whether the configuration or the adapter had to be put together from a table or an assumption."""
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cache: dict[tuple[int, bool], "FlopCount"] = field(default_factory=dict, compare=False, repr=False)

    @property
    def model_type(self) -> str:
        """The architecture family of config.json, or ""."""
        return str((self.config or {}).get("model_type") or "")

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
            self.cache[key] = _count(
                self.config or {}, self.model_class, self.adapter if with_adapter else None, length
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
        )


def _count(
    config: Mapping[str, Any], model_class: str | None, adapter: Mapping[str, Any] | None, length: int
) -> "FlopCount":
    from core.compute.flops import Inputs, count_flops

    inputs = Inputs(batch=1, seq_len=length)
    return count_flops(
        dict(config), inputs, model_class=model_class, adapter=dict(adapter) if adapter else None
    )


def resolve_network(known: Known, reference: Reference) -> Network:
    """Put together everything known about the network. Raises nothing: what cannot be known stays None."""
    adapter = known.mapping(FoundOnly.ADAPTER_CONFIG)
    method_fact, method = _method(known, adapter)
    base_id = known.text("base_model")
    row = reference.base_model(base_id.value) if base_id is not None else None
    frozen_base = method in ADAPTER_METHODS
    assumptions: list[str] = []
    guessed = False
    if method_fact is None:
        assumptions.append(text("compute.assume.full"))

    config_name = FoundOnly.BASE_CONFIG if frozen_base else FoundOnly.CONFIG
    config = known.mapping(config_name)
    config_fact = known.get(config_name)
    if config is None and frozen_base:
        config, config_fact = known.mapping(FoundOnly.CONFIG), known.get(FoundOnly.CONFIG)
    if config is None and row is not None:
        config, config_fact = _config_of(row), None
        if config is not None:
            guessed = True
            assumptions.append(text("compute.assume.config_from_row", hub_id=row.hub_id))
    class_fact = known.text(FoundOnly.ARCHITECTURE_CLASS)
    model_class = class_fact.value if class_fact is not None and config_name == FoundOnly.CONFIG else None
    if frozen_base and config is not None and adapter is None and method != "prompt_tuning":
        adapter, assumed = _assumed_adapter(known)
        guessed = True
        assumptions.append(assumed)

    network = Network(
        method=method,
        method_fact=method_fact,
        config=config,
        config_fact=config_fact,
        model_class=model_class,
        adapter=adapter if frozen_base else None,
        row=row,
        guessed=guessed,
        assumptions=tuple(assumptions),
    )
    return _with_parameters(known, _with_count(network))


def _method(known: Known, adapter: Mapping[str, Any] | None) -> tuple[AnyFact | None, str]:
    fact = known.get("training_method")
    if fact is not None and isinstance(fact.value, str):
        return fact, fact.value
    if adapter is None:
        return None, "full"
    kind = str(adapter.get("peft_type", "LORA")).upper()
    method = "prompt_tuning" if kind in ("PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING") else "lora"
    if adapter.get("use_dora"):
        method = "dora"
    origin = known.get(FoundOnly.ADAPTER_CONFIG)
    assert origin is not None
    return Fact(name="training_method", value=method, origin=origin.origin), method


def _assumed_adapter(known: Known) -> tuple[Mapping[str, Any], str]:
    rank = known.integer("lora_rank")
    r = rank.value if rank is not None and rank.value > 0 else 16
    return {"peft_type": "LORA", "r": r, "target_modules": "all-linear"}, text(
        "compute.assume.adapter", rank=r
    )


def _config_of(row: BaseModelRow) -> dict[str, Any] | None:
    """A Llama-shaped configuration from a row's numbers. Kept only when its parameters come out as the row says."""
    numbers = (row.layers, row.hidden, row.heads, row.kv_heads, row.ffn, row.vocab)
    if row.parameters_total is None or row.modality != "text" or None in numbers:
        return None
    layers, hidden, heads, kv_heads, ffn, vocab = numbers
    shape = {
        "model_type": "llama",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "intermediate_size": ffn,
        "vocab_size": vocab,
        "max_position_embeddings": row.context,
    }
    for tied in (False, True):
        config = shape | {"tie_word_embeddings": tied}
        total = _parameters_of(config)
        if total is not None and abs(total - row.parameters_total) * 200 <= row.parameters_total:
            return config
    return None


@functools.lru_cache(maxsize=64)
def _total_of(items: tuple[tuple[str, Any], ...]) -> int | None:
    try:
        return int(_count(dict(items), None, None, 8).parameters_total)
    except BadConfig:
        return None


def _parameters_of(config: Mapping[str, Any]) -> int | None:
    return _total_of(tuple(sorted(config.items())))


def _with_count(network: Network) -> Network:
    """Try the layer table."""
    if network.config is None:
        return network
    try:
        count = network.sequence(8)
        if network.adapter is not None:
            network.sequence(8, with_adapter=False)
    except BadConfig as error:
        return replace(network, warnings=(*network.warnings, text("compute.warn.no_table", why=error.what)))
    trainable = count.parameters_trainable
    return replace(
        network,
        counted=True,
        total=count.parameters_total,
        trainable=trainable if network.method != "frozen_partial" else None,
        active=count.parameters_active if count.parameters_active < count.parameters_total else None,
        embedding=count.parameters_embedding,
        origin=Fact(
            name="parameters_total",
            value=count.parameters_total,
            origin=Origin(kind=OriginKind.COMPUTED, note=text("compute.origin.table")),
        ),
    )


def _with_parameters(known: Known, network: Network) -> Network:
    """Let files and answers speak before the table, and fill what the table cannot know."""
    warnings = list(network.warnings)
    stored = known.integer(FoundOnly.PARAMETERS_STORED)
    said_trainable = known.integer("parameters_trainable")
    trainable = said_trainable.value if said_trainable else network.trainable
    total, origin = network.total, network.origin
    if network.is_adapter:
        if (
            said_trainable is None
            and stored is not None
            and known.mapping(FoundOnly.ADAPTER_CONFIG) is not None
        ):
            if network.counted and network.trainable and _apart(stored.value, network.trainable):
                warnings.append(
                    text("compute.warn.adapter_count", file=stored.value, table=network.trainable)
                )
            trainable = stored.value
        said_total = known.integer("parameters_total")
        if said_total is not None:
            total, origin = said_total.value, _any(said_total)
        elif total is None:
            base = known.integer("base_parameters")
            if base is not None:
                total, origin = base.value + (trainable or 0), _any(base)
            elif network.row is not None and network.row.parameters_total is not None:
                total = network.row.parameters_total + (trainable or 0)
                origin = _row_fact(network.row, total)
    else:
        read = known.integer("parameters_total") or stored
        packed = (
            known.get(FoundOnly.QUANTIZATION) is not None and read is not None and not known.said(read.name)
        )
        if read is not None and read.value > 0 and not (packed and network.counted):
            if network.counted and total is not None and _apart(read.value, total):
                warnings.append(text("compute.warn.table_differs", file=read.value, table=total))
            total, origin = read.value, _any(read)
        elif total is None and network.row is not None and network.row.parameters_total is not None:
            total, origin = network.row.parameters_total, _row_fact(network.row, network.row.parameters_total)
        if network.method == "full":
            trainable = total
    active = known.integer("parameters_active")
    chosen = active.value if active is not None else network.active
    if chosen is None and network.row is not None and not network.counted:
        chosen = network.row.parameters_active
    return replace(
        network,
        total=total if total else None,
        origin=origin,
        trainable=min(trainable, total) if trainable is not None and total else trainable,
        active=chosen if chosen and total and chosen < total else None,
        warnings=tuple(warnings),
    )


def _apart(one: int, other: int) -> bool:
    """More than half a percent apart."""
    return abs(one - other) * 200 > max(one, other)


def _any(fact: Fact[int]) -> AnyFact:
    return Fact(name=fact.name, value=fact.value, origin=fact.origin)


def _row_fact(row: BaseModelRow, total: int) -> AnyFact:
    note = text("compute.origin.row", hub_id=row.hub_id)
    return Fact(name="parameters_total", value=total, origin=Origin(kind=OriginKind.REFERENCE, note=note))
