# SPDX-License-Identifier: Apache-2.0
"""What the model is, in the Hub's own names. Nothing is guessed that the files or the person do not say."""

from core.documents.context import Item
from core.documents.hub import hub_names, is_hub_id, is_language
from core.domain.base import Frozen
from core.domain.known import Known
from core.domain.task import makes_pictures
from core.domain.training_method import ADAPTERS

_WEIGHT_FILES = (".gguf", ".safetensors", ".onnx", ".keras", ".h5", ".pt")


class Identity(Frozen):
    """The model in the Hub's names; empty means not known."""

    is_adapter: bool = False
    base_model: str = ""
    relation: str = ""
    library: str = ""
    pipeline_tag: str = ""
    license: str = ""
    license_name: str = ""
    license_link: str = ""
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    architecture: str = ""
    weight_file: str = ""
    """Plain name of the one weight file, where code must name it."""
    trained: bool = True
    """False for a merge or a conversion: nothing was trained here."""


def identify(known: Known) -> Identity:
    """The identity of the model described by `known`."""
    adapter = is_adapter(known)
    base = _text(known, "base_model")
    base = base if is_hub_id(base) else ""
    licence = _text(known, "license").lower()
    return Identity(
        is_adapter=adapter,
        base_model=base,
        relation=_relation(known, adapter) if base else "",
        library=_library(known, adapter),
        pipeline_tag=_pipeline(known),
        license=licence if licence in hub_names().licences and licence != "unknown" else "",
        license_name=_text(known, "license_name"),
        license_link=_text(known, "license_link"),
        languages=tuple(code for code in known.strings("languages") if is_language(code)),
        datasets=tuple(name for name in known.strings("datasets") if is_hub_id(name)),
        architecture=_text(known, "architecture_class"),
        weight_file=_weight_file(known),
        trained=_text(known, "origin") not in ("merge", "conversion") and not _is_gguf(known),
    )


def bases(known: Known) -> tuple[Item, ...]:
    """The models it builds on, with links: every parent of a merge, unless the person named the one."""
    several = tuple(name for name in known.strings("base_models") if is_hub_id(name))
    one = _text(known, "base_model")
    names = several if len(several) > 1 and not known.said("base_model") else (one,) if is_hub_id(one) else ()
    return tuple(Item(label=name, value=name, url=f"https://huggingface.co/{name}") for name in names)


def is_adapter(known: Known) -> bool:
    """Whether the folder holds an adapter and not a whole model."""
    if known.mapping("adapter_config") is not None:
        return True
    method = _text(known, "training_method")
    stored_whole = known.mapping("config") is not None and known.get("parameters_stored") is not None
    return method in ADAPTERS and not stored_whole


def _weight_file(known: Known) -> str:
    """The file that the tensors were counted in, when it is no shard of several."""
    for name in ("weight_dtypes", "parameters_stored", "parameters_total", "training_method"):
        fact = known.found(name)
        file = (fact.origin.file or "") if fact is not None else ""
        if "/" not in file and file.endswith(_WEIGHT_FILES) and "-of-" not in file:
            return file
    return ""


def _is_gguf(known: Known) -> bool:
    fact = known.found("weight_dtypes")
    return fact is not None and (fact.origin.file or "").endswith(".gguf")


def _relation(known: Known, adapter: bool) -> str:
    """One of adapter, merge, quantized, finetune; empty when nothing says how the model came from its base."""
    origin = _text(known, "origin")
    if origin == "merge":
        return "merge"
    if origin == "conversion":
        return "quantized" if known.mapping("quantization") is not None or _is_gguf(known) else ""
    if _is_gguf(known):
        return "quantized"
    if adapter:
        return "adapter"
    trained = origin in {"fine_tune", "continued_pretraining"} or bool(_text(known, "training_method"))
    return "finetune" if trained else ""


def _library(known: Known, adapter: bool) -> str:
    fact = known.text("library_name")
    said = fact.value if fact is not None and fact.value in hub_names().libraries else ""
    if known.mapping("adapter_config") is not None and said in {"", "transformers"}:
        return "peft"
    if said:
        return said
    if adapter and _makes_pictures(known):
        return "diffusers"
    config = known.mapping("config")
    if not adapter and config is not None and config.get("architectures"):
        return "transformers"
    return ""


def _pipeline(known: Known) -> str:
    """The task, as said or as the scan told it (core.scan.derive); empty for a word the Hub does not have."""
    said = known.text("pipeline_tag")
    return said.value if said is not None and said.value in hub_names().pipeline_tags else ""


def _makes_pictures(known: Known) -> bool:
    family = known.text("model_family")
    return makes_pictures(
        _text(known, "training_tool"),
        family.value if family is not None else None,
        known.strings("output_modalities"),
    )


def _text(known: Known, name: str) -> str:
    fact = known.text(name)
    return fact.value.strip() if fact is not None else ""
