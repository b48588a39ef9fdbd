# SPDX-License-Identifier: Apache-2.0
"""From facts, answers and the table of base models to the network that was trained."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.compute.as_loaded import as_loaded
from core.compute.image_adapter import checked, image_adapter
from core.compute.network import ADAPTER_METHODS, Network, count_sequence
from core.compute.opened import opened
from core.compute.prompts import PROMPTS, usable
from core.domain.fact import AnyFact, Fact, Origin, OriginKind, any_fact
from core.domain.known import Known
from core.domain.names import FoundOnly
from core.domain.training_method import counted_as, method_of_peft
from core.errors import BadConfig
from core.reference import BaseModelRow, Reference
from core.texts import text

_VIRTUAL = 20
"""Virtual tokens in the examples of PEFT's own documentation (peft 0.21, tuners/*/config.py and model.py)."""

_SOUND_ENCODERS = frozenset({"wav2vec2", "hubert", "wavlm"})
_SOUND_HEADS = ("ForCTC", "ForSequenceClassification", "ForAudioFrameClassification", "ForXVector")


def resolve_network(known: Known, reference: Reference) -> Network:
    """Put together everything known about the network. Raises nothing: what cannot be known stays None."""
    adapter = _with_version(known, known.mapping(FoundOnly.ADAPTER_CONFIG))
    method_fact, method = _method(known, adapter)
    row = _row(known, reference)
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
    if config is None:
        config, config_fact, said = _config_of_family(known, row)
        guessed = guessed or config is not None
        assumptions.extend(said)
    if config is not None and frozen_base and adapter is not None:
        config = as_loaded(config, adapter, known.mapping(FoundOnly.END_SHAPES) or {})
    class_fact = known.text(FoundOnly.ARCHITECTURE_CLASS)
    model_class = class_fact.value if class_fact is not None and config_name == FoundOnly.CONFIG else None
    image = config is not None and "_class_name" in config
    if method == "prompt_tuning" and image:
        # Picture models learn a word: what the tools write for it is no PEFT configuration.
        adapter = {"peft_type": "TEXTUAL_INVERSION", "num_virtual_tokens": 1}
    elif method == "prompt_tuning" and adapter is not None and not usable(adapter):
        adapter = None
    if frozen_base and config is not None and adapter is None and not image:
        adapter = _told_adapter(known)
    if frozen_base and config is not None and adapter is None:
        if method == "prompt_tuning":
            adapter, assumed = _assumed_prompt(method_fact)
        else:
            adapter, assumed = _assumed_adapter(known, config if image else None)
        guessed = guessed or bool(assumed)
        assumptions.extend(filter(None, [assumed]))

    network = Network(
        method=method,
        method_fact=method_fact,
        config=config,
        config_fact=config_fact,
        model_class=model_class,
        adapter=adapter if frozen_base else None,
        row=row,
        opened=frozen_base and method != "prompt_tuning" and opened(known),
        guessed=guessed,
        assumptions=tuple(assumptions),
        warnings=_unread(known) if config is None else (),
    )
    return _with_parameters(known, _with_part(known, checked(known, _with_count(network))))


def _with_version(known: Known, adapter: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The adapter's settings with the version of PEFT, which only newer ones write there and older ones on the card."""
    version = (known.mapping(FoundOnly.VERSIONS) or {}).get("PEFT")
    return adapter if adapter is None or version is None else {"peft_version": version, **adapter}


def _with_part(known: Known, network: Network) -> Network:
    """Where layers were frozen: which, when the number of parameters that changed fits one part only."""
    if _usually_frozen(network):
        from core.compute.frozen_part import Part

        usual = Part((f"{network.model_type}.feature_extractor",))
        note = text("compute.assume.part_usual", part=usual.names[0])
        return replace(
            network, part=usual, open_part=True, cache={}, assumptions=(*network.assumptions, note)
        )
    said = known.integer("parameters_trainable")
    if network.method != "frozen_partial" or not network.counted or said is None:
        return network
    from core.compute.frozen_part import frozen_part

    part = frozen_part(network.config or {}, network.model_class, said.value)
    if (
        part is None
        or count_sequence(network.config or {}, network.model_class, None, 8, part).parameters_trainable
        != said.value
    ):
        return network
    kind = "kept" if part.kept else "still" if len(part.names) == 1 else "start"
    note = text(f"compute.assume.part_{kind}", part=part.names[-1], count=said.value)
    return replace(network, part=part, cache={}, assumptions=(*network.assumptions, note))


def _usually_frozen(network: Network) -> bool:
    """A sound encoder with a head of its own, where no optimizer's state tells what was trained: usual scripts freeze its
    first layers (transformers, examples/pytorch/speech-recognition and audio-classification: freeze_feature_encoder)."""
    fact = network.method_fact
    if network.method != "full" or not network.counted or fact is None:
        return False
    assumed = fact.origin.kind is OriginKind.ASSUMED
    return assumed and network.model_type in _SOUND_ENCODERS and network.named_class.endswith(_SOUND_HEADS)


def _row(known: Known, reference: Reference) -> BaseModelRow | None:
    """The base model's row: by its hub id, else by the folder it was loaded from."""
    base_id, folder = known.text("base_model"), known.text(FoundOnly.BASE_PATH_NAME)
    if base_id is not None:
        return reference.base_model(base_id.value)
    if folder is None:
        return None
    own = known.mapping(FoundOnly.CONFIG) if known.mapping(FoundOnly.ADAPTER_CONFIG) is None else None
    return reference.local_model(folder.value, known.mapping(FoundOnly.BASE_CONFIG) or own)


def _unread(known: Known) -> tuple[str, ...]:
    """A configuration that is there but cannot be read is said, not passed over."""
    record = known.unread("config.json")
    if record is None:
        return ()
    return (text("compute.warn.no_table", why=f"config.json: {record.what} {record.why}".strip()),)


def _method(known: Known, adapter: Mapping[str, Any] | None) -> tuple[AnyFact | None, str]:
    fact = known.get("training_method")
    if fact is not None and isinstance(fact.value, str):
        return fact, counted_as(fact.value)
    if adapter is None:
        return None, "full"
    method = method_of_peft(str(adapter.get("peft_type", "LORA")))
    if method == "lora" and adapter.get("use_dora"):
        method = "dora"
    origin = known.get(FoundOnly.ADAPTER_CONFIG)
    assert origin is not None
    return Fact(name="training_method", value=method, origin=origin.origin), counted_as(method)


def _config_of_family(
    known: Known, row: BaseModelRow | None
) -> tuple[dict[str, Any] | None, AnyFact | None, list[str]]:
    """A configuration from the word by which an image trainer names its family, or from the name of a known base."""
    from core.compute.families import config_of_base, config_of_family

    named, word = known.get(FoundOnly.MODEL_FAMILY), known.text(FoundOnly.MODEL_FAMILY)
    found = config_of_family(word.value) if word is not None else None
    if found is None and row is not None and row.modality.startswith("image"):
        found = config_of_family(row.hub_id.rpartition("/")[2])
        named = known.get("base_model") or known.get(FoundOnly.BASE_PATH_NAME)
    for name in ("base_model", FoundOnly.BASE_PATH_NAME):
        base = known.text(name) if found is None else None
        if base is not None:
            found = config_of_base(base.value, word.value if word is not None else "")
            named = known.get(name)
    if found is None:
        return None, None, []
    return found[1], named, [text("compute.assume.family", name=found[0])]


def _assumed_adapter(known: Known, pictures: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], str]:
    """The settings of an adapter when no file tells them; `pictures`: the configuration of a denoiser."""
    said = known.integer("lora_rank")
    rank = said.value if said is not None and said.value > 0 else None
    if pictures is not None:
        return image_adapter(known, rank, pictures)
    known_rank = "_of_rank" if rank else ""
    return {"peft_type": "LORA", "r": rank or 16, "target_modules": "all-linear"}, text(
        f"compute.assume.adapter{known_rank}", rank=rank or 16
    )


def _told_adapter(known: Known) -> Mapping[str, Any] | None:
    """A LoRA of one rank on the layers that the tool's settings name."""
    targets = known.mapping(FoundOnly.ADAPTER_TARGETS) or {}
    ranks = {
        rank for rank in targets.values() if isinstance(rank, int) and not isinstance(rank, bool) and rank > 0
    }
    if len(ranks) != 1 or len(targets) == 0:
        return None
    return {"peft_type": "LORA", "r": ranks.pop(), "target_modules": [*targets]}


def _assumed_prompt(method: AnyFact | None) -> tuple[Mapping[str, Any], str]:
    """The settings of a prompt when no file tells them."""
    named = str(method.value).upper() if method is not None else ""
    kind = named if named in PROMPTS else PROMPTS[0]
    return {"peft_type": kind, "num_virtual_tokens": _VIRTUAL}, text("compute.assume.prompt", count=_VIRTUAL)


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
        return int(count_sequence(dict(items), None, None, 8).parameters_total)
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
    skipped = text("compute.assume.layers_left_out") if count.skipped_flop else ""
    table: AnyFact = Fact(
        name="parameters_total",
        value=count.parameters_total,
        origin=Origin(kind=OriginKind.COMPUTED, note=text("compute.origin.table")),
    )
    return replace(
        network,
        counted=True,
        assumptions=(*network.assumptions, *filter(None, [skipped])),
        total=count.parameters_total,
        trainable=trainable if network.method != "frozen_partial" else None,
        active=count.parameters_active if count.parameters_active < count.parameters_total else None,
        embedding=count.parameters_embedding,
        origin=table,
        trainable_origin=table,
    )


def _with_parameters(known: Known, network: Network) -> Network:
    """Let files and answers speak before the table, and fill what the table cannot know."""
    network = _of_adapter(known, network) if network.is_adapter else _of_whole(known, network)
    total, trainable = network.total, network.trainable
    active = known.integer("parameters_active")
    chosen = active.value if active is not None else network.active
    if chosen is None and not network.counted:
        chosen = network.row.parameters_active if network.row is not None else None
        chosen = chosen or _active_of_experts(network.config, total)
    return replace(
        network,
        total=total if total else None,
        trainable=min(trainable, total) if trainable is not None and total else trainable,
        active=chosen if chosen and total and chosen < total else None,
    )


def _of_adapter(known: Known, network: Network) -> Network:
    """What the adapter's own file stores was trained; the total is said, or the base's and that."""
    warnings = list(network.warnings)
    stored = known.integer(FoundOnly.PARAMETERS_STORED)
    said = known.integer("parameters_trainable")
    trainable = said.value if said else network.trainable
    trained = any_fact(said) if said else network.trainable_origin
    total, origin = network.total, network.origin
    if said is None and stored is not None and known.mapping(FoundOnly.ADAPTER_CONFIG) is not None:
        table = network.trainable if network.counted else None
        if network.method == "prompt_tuning" and table and stored.value < table and total is not None:
            # The network that made the prompt was trained too, but only what it made is saved and runs.
            total += stored.value - table
        else:
            if table and _apart(stored.value, table):
                warnings.append(text("compute.warn.adapter_count", file=stored.value, table=table))
            trainable, trained = stored.value, any_fact(stored)
    said_total = known.integer("parameters_total")
    if said_total is not None:
        total, origin = said_total.value, any_fact(said_total)
    elif total is None:
        base = known.integer("base_parameters")
        if base is not None:
            total, origin = base.value + (trainable or 0), any_fact(base)
        elif network.row is not None and network.row.parameters_total is not None:
            total = network.row.parameters_total + (trainable or 0)
            origin = _row_fact(network.row, total)
    return _sized(network, (total, origin), (trainable, trained), warnings)


def _of_whole(known: Known, network: Network) -> Network:
    """The size that is said or stored, unless the weights are packed; with full training all of it is trained."""
    warnings = list(network.warnings)
    said = known.integer("parameters_trainable")
    trainable = said.value if said else network.trainable
    trained = any_fact(said) if said else network.trainable_origin
    total, origin = network.total, network.origin
    read = known.integer("parameters_total") or known.integer(FoundOnly.PARAMETERS_STORED)
    packed = known.get(FoundOnly.QUANTIZATION) is not None and read is not None and not known.said(read.name)
    if read is not None and read.value > 0 and not (packed and network.counted):
        if network.counted and total is not None and _apart(read.value, total):
            warnings.append(text("compute.warn.table_differs", file=read.value, table=total))
        total, origin = read.value, any_fact(read)
    elif total is None and network.row is not None and network.row.parameters_total is not None:
        total, origin = network.row.parameters_total, _row_fact(network.row, network.row.parameters_total)
    if network.method == "full":
        trainable, trained = (trainable, trained) if said and trainable else (total, origin)
    return _sized(network, (total, origin), (trainable, trained), warnings)


def _sized(
    network: Network,
    total: tuple[int | None, AnyFact | None],
    trainable: tuple[int | None, AnyFact | None],
    warnings: Iterable[str],
) -> Network:
    """The network with both counts, each with the fact it rests on."""
    return replace(
        network,
        total=total[0],
        origin=total[1],
        trainable=trainable[0],
        trainable_origin=trainable[1],
        warnings=tuple(warnings),
    )


def _apart(one: int, other: int) -> bool:
    """More than half a percent apart."""
    return abs(one - other) * 200 > max(one, other)


def _row_fact(row: BaseModelRow, total: int) -> AnyFact:
    note = text("compute.origin.row", hub_id=row.hub_id)
    return Fact(name="parameters_total", value=total, origin=Origin(kind=OriginKind.REFERENCE, note=note))


def _active_of_experts(config: Mapping[str, Any] | None, total: int | None) -> int | None:
    """Parameters at work for one token when experts are named in a configuration the table cannot read.

    Takes the usual gated expert of three matrices in every layer (compute methods, section 3).
    """
    if config is None or total is None:
        return None
    experts = _first(config, "num_local_experts", "num_experts", "n_routed_experts")
    chosen = _first(config, "num_experts_per_tok", "num_experts_per_token", "moe_top_k")
    width = _first(config, "moe_intermediate_size", "intermediate_size")
    layers, hidden = _first(config, "num_hidden_layers"), _first(config, "hidden_size")
    if not (experts and chosen and width and layers and hidden) or chosen >= experts:
        return None
    active = total - layers * (experts - chosen) * 3 * hidden * width
    return active if 0 < active < total else None


def _first(config: Mapping[str, Any], *keys: str) -> int:
    found = (config.get(key) for key in keys)
    return next((value for value in found if isinstance(value, int) and not isinstance(value, bool)), 0)
