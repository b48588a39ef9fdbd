# SPDX-License-Identifier: Apache-2.0
"""What goes into a model and what comes out, by its task on the Hub."""

from collections.abc import Mapping

_IN_OUT: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text-generation": (("text",), ("text",)),
    "text-classification": (("text",), ("label",)),
    "token-classification": (("text",), ("label",)),
    "zero-shot-classification": (("text",), ("label",)),
    "question-answering": (("text",), ("text",)),
    "summarization": (("text",), ("text",)),
    "translation": (("text",), ("text",)),
    "fill-mask": (("text",), ("text",)),
    "feature-extraction": (("text",), ("embedding",)),
    "sentence-similarity": (("text",), ("embedding",)),
    "text-ranking": (("text",), ("label",)),
    "text-to-image": (("text",), ("image",)),
    "image-to-image": (("image",), ("image",)),
    "unconditional-image-generation": ((), ("image",)),
    "text-to-video": (("text",), ("video",)),
    "image-to-video": (("image",), ("video",)),
    "text-to-speech": (("text",), ("audio",)),
    "text-to-audio": (("text",), ("audio",)),
    "automatic-speech-recognition": (("audio",), ("text",)),
    "audio-classification": (("audio",), ("label",)),
    "audio-to-audio": (("audio",), ("audio",)),
    "image-classification": (("image",), ("label",)),
    "zero-shot-image-classification": (("image", "text"), ("label",)),
    "object-detection": (("image",), ("label",)),
    "image-segmentation": (("image",), ("label",)),
    "image-to-text": (("image",), ("text",)),
    "image-text-to-text": (("image", "text"), ("text",)),
    "visual-question-answering": (("image", "text"), ("text",)),
    "video-text-to-text": (("video", "text"), ("text",)),
    "audio-text-to-text": (("audio", "text"), ("text",)),
}
"""(in, out) by the Hub's task (huggingface.js, packages/tasks)."""


def of_task(pipeline_tag: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds of input and of output; empty for a task that is not known."""
    return _IN_OUT.get(pipeline_tag, ((), ()))
