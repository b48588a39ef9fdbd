# SPDX-License-Identifier: Apache-2.0
"""What the model is, in the Hub's own names. Nothing is guessed that the files or the person do not say."""

from core.documents.hub import hub_names, is_hub_id, is_language
from core.domain.base import Frozen
from core.domain.fact import OriginKind
from core.domain.known import Known

_ADAPTER_METHODS = frozenset({"lora", "qlora", "dora", "prompt_tuning"})

# Hub task by the head that transformers puts on a model (suffix of the class name), huggingface.js tasks.
_TASK_BY_HEAD = (
    ("ForCausalLM", "text-generation"),
    ("LMHeadModel", "text-generation"),
    ("ForSequenceClassification", "text-classification"),
    ("ForTokenClassification", "token-classification"),
    ("ForQuestionAnswering", "question-answering"),
    ("ForMaskedLM", "fill-mask"),
    ("ForImageClassification", "image-classification"),
    ("ForObjectDetection", "object-detection"),
    ("ForAudioClassification", "audio-classification"),
    ("ForCTC", "automatic-speech-recognition"),
)
_TASK_BY_CLASS = {
    "GPT2LMHeadModel": "text-generation",
    "WhisperForConditionalGeneration": "automatic-speech-recognition",
}
_TASK_BY_PEFT = {
    "CAUSAL_LM": "text-generation",
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "FEATURE_EXTRACTION": "feature-extraction",
}


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
    )


def is_adapter(known: Known) -> bool:
    """Whether the folder holds an adapter and not a whole model."""
    if known.mapping("adapter_config") is not None:
        return True
    method = _text(known, "training_method")
    stored_whole = known.mapping("config") is not None and known.get("parameters_stored") is not None
    return method in _ADAPTER_METHODS and not stored_whole


def _relation(known: Known, adapter: bool) -> str:
    """One of adapter, merge, quantized, finetune; empty when nothing says how the model came from its base."""
    origin = _text(known, "origin")
    if origin == "merge":
        return "merge"
    if origin == "conversion":
        return "quantized" if known.mapping("quantization") is not None else ""
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
    config = known.mapping("config")
    if not adapter and config is not None and config.get("architectures"):
        return "transformers"
    return ""


def _pipeline(known: Known) -> str:
    said = known.text("pipeline_tag")
    if said is not None and said.value in hub_names().pipeline_tags:
        return said.value
    if said is not None and said.origin.kind is OriginKind.USER:
        return ""
    adapter = known.mapping("adapter_config") or {}
    by_peft = _TASK_BY_PEFT.get(str(adapter.get("task_type")), "")
    name = _text(known, "architecture_class")
    by_class = _TASK_BY_CLASS.get(name) or next(
        (tag for head, tag in _TASK_BY_HEAD if name.endswith(head)), ""
    )
    return by_class or by_peft


def _text(known: Known, name: str) -> str:
    fact = known.text(name)
    return fact.value.strip() if fact is not None else ""
