# SPDX-License-Identifier: Apache-2.0
"""Fields on who publishes, on the model itself, and on how it is given to others."""

from collections.abc import Callable, Mapping
from typing import Any

from core.documents.card.sections import byte_words, family_name, technical, versions
from core.documents.context import Item
from core.documents.forms.case import Filled, FormCase, not_needed, plain, ticks
from core.documents.forms.hashes import weight_hashes
from core.documents.hub import hub_names, is_hub_id
from core.documents.modalities import of_task
from core.documents.words import number, source_words
from core.texts import text
from core.units import grouped, scientific

Fill = Callable[[FormCase, str], Filled | None]

_KINDS = ("text", "image", "audio", "video", "other")
_WHISPER_FRAME_SECONDS = 0.01
"""One spectrogram frame; the encoder halves their number (Radford et al. 2022, section 2.2)."""
_CONTEXT = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_target_positions")
# Size ranges of the form (field 14), upper ends in parameters.
_SIZES = (
    (500_000_000, "1-500M"), (5_000_000_000, "500M-5B"), (15_000_000_000, "5B-15B"), (50_000_000_000, "15B-50B"),
    (100_000_000_000, "50B-100B"), (500_000_000_000, "100B-500B"), (1_000_000_000_000, "500B-1T"),
)  # fmt: skip


def size_range(parameters: int) -> str:
    """The range of field 14 that holds `parameters`: "500M-5B"; a count on the line belongs to the lower range."""
    return next((words for end, words in _SIZES if parameters <= end), ">1T")


def modalities_in(case: FormCase) -> tuple[str, ...]:
    """Kinds of input: said, or by the task."""
    return case.known.strings("input_modalities") or of_task(case.identity.pipeline_tag)[0]


def modalities_out(case: FormCase) -> tuple[str, ...]:
    """Kinds of output: said, or by the task."""
    return case.known.strings("output_modalities") or of_task(case.identity.pipeline_tag)[1]


def model_config(case: FormCase) -> Mapping[str, Any]:
    """The configuration of the network that runs: the model's, or that of the base under an adapter."""
    return case.known.mapping("config") or case.known.mapping("base_config") or {}


def _model_name(case: FormCase, _answer: str) -> Filled | None:
    if not case.title and case.known.text("model_name") is None:
        return None
    name = case.title or case.facts.short("model_name")
    url = f"https://huggingface.co/{name}" if is_hub_id(name) else ""
    return Filled(items=(Item(label=name, value=name, url=url),), prose=case.facts.said("model_versions"))


def _authenticity(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    found = weight_hashes(case.folder, case.weight_files)
    items = tuple(Item(label=f"{name}: SHA-256 {digest}", value=digest) for name, digest in found)
    return Filled(items=items, source=text("forms.say.hashed")) if items else None


def _dependencies(case: FormCase, _answer: str) -> Filled | None:
    several = tuple(name for name in case.known.strings("base_models") if is_hub_id(name))
    names = several or ((case.identity.base_model,) if case.identity.base_model else ())
    if names:
        source = case.known.get("base_models" if several else "base_model")
        return Filled(
            items=tuple(Item(label=n, value=n, url=f"https://huggingface.co/{n}") for n in names),
            source="" if source is None else case.facts.source(source.origin),
        )
    return None if case.modifies or case.known.get("origin") is None else not_needed("from_scratch")


def _dependencies_summary(case: FormCase, answer: str) -> Filled | None:
    models = _dependencies(case, answer)
    if models is None or models.no_need:
        return models
    link = plain(case, answer)
    if link is None:
        return models.replace(lines=(text("forms.say.no_summary_link"),), partly=True)
    return models.replace(prose=link.prose)


def _architecture(case: FormCase, _answer: str) -> Filled | None:
    config = model_config(case)
    kind = case.facts.short("model_type") or family_name(case.facts.short("model_family"))
    name = case.facts.short("architecture_class")
    if not (kind or name):
        return _adapter_alone(case)
    words = f"{name} ({kind})" if name and kind else name or kind
    numbers = [
        text(f"forms.say.{what}", count=f"{value:,}")
        for what, keys in (
            ("layers", ("num_hidden_layers", "n_layer", "num_layers")),
            ("width", ("hidden_size", "n_embd", "d_model")),
            ("heads", ("num_attention_heads", "n_head")),
            ("experts", ("num_local_experts", "num_experts")),
        )
        if (value := _whole(config, *keys))
    ]
    if case.identity.is_adapter:
        numbers.append(text("forms.say.adapter"))
    found = case.known.get("architecture_class") or case.known.get("model_type")
    source = case.facts.source(found.origin) if found is not None else ""
    return Filled(lines=(", ".join([words, *numbers]) + ".",), source=source)


def _adapter_alone(case: FormCase) -> Filled | None:
    """An adapter without its base at hand: what it is and what it goes on."""
    base, method = case.identity.base_model, case.facts.item("training_method")
    if not (case.identity.is_adapter and base and method is not None):
        return None
    return Filled(lines=(text("forms.say.adapter_on", kind=method.value, base=base),), source=method.source)


def _whole(config: Mapping[str, Any], *keys: str) -> int | None:
    values = (config.get(key) for key in keys)
    return next((v for v in values if isinstance(v, int) and not isinstance(v, bool) and v > 0), None)


def _boxes(chosen: tuple[str, ...], *, said: bool, kinds: tuple[str, ...] = _KINDS) -> Filled | None:
    if not chosen:
        return None
    source = "" if said else text("forms.say.by_task")
    return Filled(lines=(ticks(chosen, kinds, "kind"),), source=source)


def _input_modalities(case: FormCase, answer: str) -> Filled | None:
    return _boxes(modalities_in(case), said=case.known.said(answer))


def _output_modalities(case: FormCase, answer: str) -> Filled | None:
    kinds = (*_KINDS[:-1], "label", "embedding", "other")
    return _boxes(modalities_out(case), said=case.known.said(answer), kinds=kinds)


def _modalities(case: FormCase, _answer: str) -> Filled | None:
    into, out = _input_modalities(case, "input_modalities"), _output_modalities(case, "output_modalities")
    if into is None or out is None:
        return None
    return Filled(
        lines=(text("forms.say.in", kinds=into.lines[0]), text("forms.say.out", kinds=out.lines[0]))
    )


def _max_size(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    kinds = modalities_in(case) if answer == "max_input" else modalities_out(case)
    if said is not None:
        return said
    if kinds and not set(kinds) & {"text", "image", "audio", "video"}:
        return not_needed("no_size")
    config = model_config(case)
    lines: list[str] = []
    if "text" in kinds and (tokens := _whole(config, *_CONTEXT)) is not None:
        lines.append(text("forms.say.tokens", count=f"{tokens:,}"))
    if "audio" in kinds and config.get("model_type") == "whisper":
        frames = _whole(config, "max_source_positions")
        if frames is not None:
            lines.append(text("forms.say.sound", seconds=number(2 * frames * _WHISPER_FRAME_SECONDS)))
    if "image" in kinds and (side := _whole(config, "image_size", "sample_size")) is not None:
        lines.append(text("forms.say.pixels", side=f"{side:,}"))
    if len(lines) < len(set(kinds)) or not kinds:
        return None
    name = "config" if case.known.mapping("config") is not None else "base_config"
    fact = case.known.get(name)
    return Filled(lines=tuple(lines), source=case.facts.source(fact.origin) if fact is not None else "")


def _max_sizes(case: FormCase, _answer: str) -> Filled | None:
    into, out = _max_size(case, "max_input"), _max_size(case, "max_output")
    both = _modalities(case, "")
    if into is None or out is None or both is None:
        return None
    sizes = (*((into.prose,) if into.prose else into.lines), *((out.prose,) if out.prose else out.lines))
    return both.replace(lines=(*both.lines, *dict.fromkeys(sizes)), source=into.source)


def _parameters(case: FormCase, _answer: str) -> Filled | None:
    count = case.footprint.parameters
    if count is None:
        return None
    source = (
        source_words(count.origin.origin) if count.origin is not None else text("documents.source.computed")
    )
    return Filled(
        lines=(text("forms.say.parameters", count=f"{scientific(count.total)}", exact=grouped(count.total)),),
        source=source,
    )


def _parameter_range(case: FormCase, _answer: str) -> Filled | None:
    count = case.footprint.parameters
    return (
        None
        if count is None
        else Filled(lines=(text("forms.say.parameter_range", range=size_range(count.total)),))
    )


def _integration(case: FormCase, answer: str) -> Filled | None:
    library = case.identity.library
    named = (text("forms.say.loads", library=hub_names().libraries.get(library, library)),) if library else ()
    prose = case.facts.said(answer)
    if not prose and not named:
        return None
    return Filled(prose=prose, lines=named, source="" if prose else text("forms.say.by_files"))


def _required_hardware(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    rows = [item for item in technical(case.facts, case.identity, case.footprint) if "bits" in item.label]
    size = case.known.integer("weight_bytes")
    lines = [f"{item.label}: {item.value}." for item in rows]
    if not lines and size is not None and size.value > 0:
        what = "adapter_weights" if case.identity.is_adapter else "weights"
        lines = [text(f"forms.say.{what}", size=byte_words(size.value))]
    return Filled(lines=tuple(lines), source=text("documents.source.computed")) if lines else None


def _required_software(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    rows = versions(case.facts)
    if rows:
        names = ", ".join(f"{item.label} {item.value}" for item in rows)
        return Filled(lines=(text("forms.say.versions", names=names),), source=rows[0].source)
    return _integration(case, "integration") if case.identity.library else None


def _architecture_parameters(case: FormCase, answer: str) -> Filled | None:
    kind, count = _architecture(case, answer), _parameters(case, answer)
    if kind is None or count is None:
        return None
    return kind.replace(lines=(*kind.lines, *count.lines))


def _technical_means(case: FormCase, answer: str) -> Filled | None:
    how, hardware = _integration(case, "integration"), _required_hardware(case, answer)
    if how is None or hardware is None:
        return None
    return hardware.replace(
        prose="\n".join(part for part in (how.prose, hardware.prose) if part),
        lines=(*how.lines, *hardware.lines),
    )


FILLS: dict[str, Fill] = {
    "model_name": _model_name,
    "authenticity": _authenticity,
    "dependencies": _dependencies,
    "dependencies_summary": _dependencies_summary,
    "architecture": _architecture,
    "input_modalities": _input_modalities,
    "output_modalities": _output_modalities,
    "modalities": _modalities,
    "max_input": _max_size,
    "max_output": _max_size,
    "max_sizes": _max_sizes,
    "parameters": _parameters,
    "parameter_range": _parameter_range,
    "integration": _integration,
    "required_hardware": _required_hardware,
    "required_software": _required_software,
    "architecture_parameters": _architecture_parameters,
    "technical_means": _technical_means,
}
