# SPDX-License-Identifier: Apache-2.0
"""Code a reader can run, for the cases where it is known to work; the right one for the library and the task."""

from string import Template

from core.documents.card import snippet_code as code
from core.documents.card.identity import Identity
from core.documents.context import Snippet
from core.documents.markdown import literal
from core.texts import text

_PIPELINES = {
    "text-classification": '"This is a good day."',
    "token-classification": '"Ada Lovelace was born in London."',
    "feature-extraction": '"A sentence to turn into numbers."',
    "fill-mask": '"Paris is the " + run.tokenizer.mask_token + " of France."',
    "question-answering": 'question="Who wrote it?", context="Ada Lovelace wrote it."',
    "zero-shot-classification": '"This is a good day.", candidate_labels=["weather", "sport"]',
    "summarization": '"A long text goes here."',
    "translation": '"Good morning."',
    "image-classification": '"picture.jpg"',
    "image-segmentation": '"picture.jpg"',
    "object-detection": '"picture.jpg"',
    "depth-estimation": '"picture.jpg"',
    "image-to-text": '"picture.jpg"',
    "image-feature-extraction": '"picture.jpg"',
    "zero-shot-image-classification": '"picture.jpg", candidate_labels=["a cat", "a dog"]',
    "video-classification": '"clip.mp4"',
    "audio-classification": '"sound.wav"',
    "automatic-speech-recognition": '"sound.wav"',
}
_HEADS = {
    "text-classification": "AutoPeftModelForSequenceClassification",
    "token-classification": "AutoPeftModelForTokenClassification",
    "question-answering": "AutoPeftModelForQuestionAnswering",
}


def snippet(identity: Identity, model: str, trigger: str = "") -> Snippet | None:
    """Code that loads this model, or None when it would not run (an adapter without a known base, another library)."""
    if not model:
        return None
    found = _choose(identity)
    if found is None:
        return None
    intro, template = found
    task, file = identity.pipeline_tag, identity.weight_file
    names = {
        "model": literal(model),
        "base": literal(identity.base_model),
        "file": literal(file),
        "weight": f", weight_name={literal(file)}" if file else "",
        "task": literal(task),
        "example": _PIPELINES.get(task, ""),
        "auto": _HEADS.get(task, ""),
        "prompt": literal(", ".join(part for part in (trigger, "a lighthouse at dawn") if part)),
        "where": text("documents.snippet.where"),
    }
    shown = Template(template).substitute(names)
    return Snippet(intro=text(f"documents.snippet.{intro}"), code=shown)


def _choose(identity: Identity) -> tuple[str, str] | None:
    """The key of the sentence before the code, and the code."""
    library, task = identity.library, identity.pipeline_tag
    if identity.weight_file.endswith(".gguf"):
        return ("gguf", code.GGUF)
    if library == "peft":
        return _adapter(identity)
    if library == "diffusers" or (identity.is_adapter and task == "text-to-image"):
        return _diffusion(identity)
    if library == "mlx":
        if identity.is_adapter:
            return ("mlx", code.MLX_ADAPTER) if identity.base_model else None
        return ("mlx", code.MLX) if task == "text-generation" else None
    if identity.is_adapter:
        return None
    if library == "sentence-transformers":
        return ("sentences", code.RERANKER if task == "text-ranking" else code.SENTENCES)
    if library in ("keras", "ultralytics") and identity.weight_file:
        return (library, code.KERAS if library == "keras" else code.ULTRALYTICS)
    if library == "transformers":
        return _transformers(task)
    return ("onnx", code.ONNX) if identity.weight_file.endswith(".onnx") else None


def _transformers(task: str) -> tuple[str, str] | None:
    if task == "text-generation":
        return ("model", code.TEXT_GENERATION)
    if task == "image-text-to-text":
        return ("model", code.IMAGE_TEXT)
    if task in ("text-to-speech", "text-to-audio"):
        return ("model", code.SPEECH_OUT)
    return ("model", code.PIPELINE) if task in _PIPELINES else None


def _adapter(identity: Identity) -> tuple[str, str] | None:
    if not identity.base_model:
        return None
    if identity.pipeline_tag in _HEADS:
        return ("adapter", code.ADAPTER_HEAD)
    whole = {"text-generation": code.ADAPTER, "feature-extraction": code.ADAPTER_FEATURES}
    chosen = whole.get(identity.pipeline_tag)
    return None if chosen is None else ("adapter", chosen)


def _diffusion(identity: Identity) -> tuple[str, str] | None:
    if identity.is_adapter:
        return ("diffusion_lora", code.DIFFUSION_LORA) if identity.base_model else None
    if identity.pipeline_tag == "unconditional-image-generation":
        return ("diffusion", code.DIFFUSION_FREE)
    return ("diffusion", code.DIFFUSION) if identity.pipeline_tag == "text-to-image" else None
