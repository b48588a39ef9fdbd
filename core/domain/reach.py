# SPDX-License-Identifier: Apache-2.0
"""Which misuse a model of a kind and size can serve at all: only that is asked about."""

from typing import get_args

from core.domain.known import Known
from core.domain.risk import Misuse

WRITES_PROGRAMS = 10**9
"""Parameters from which a language model is asked about malware: smaller ones hardly write a working program."""
HOLDS_KNOWLEDGE = 3 * 10**10
"""Parameters from which a language model is asked about dangerous know-how, unless biology is its subject.

Both are this app's own judgement, no rule: they only decide what is asked."""

_BY_OUTPUT: dict[str, tuple[Misuse, ...]] = {
    "text": ("fraud", "disinformation", "malware", "dangerous_knowledge", "private_data"),
    "image": ("deepfakes", "intimate_images", "disinformation", "private_data"),
    "video": ("deepfakes", "intimate_images", "disinformation"),
    "audio": ("voice_cloning", "fraud", "disinformation"),
    "label": ("unfair_decisions", "private_data"),
    "embedding": ("private_data",),
}
_BY_TASK = {
    "text-to-image": "image",
    "image-to-image": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "audio",
    "text-to-audio": "audio",
    "text-generation": "text",
    "image-text-to-text": "text",
    "translation": "text",
    "summarization": "text",
    "automatic-speech-recognition": "text",
    "sentence-similarity": "embedding",
    "feature-extraction": "embedding",
}
_TOO_NARROW = {"translation", "summarization", "automatic-speech-recognition", "fill-mask"}
"""Tasks that write text and yet nothing of their own: no programs, no know-how."""


def misuses_in_reach(known: Known) -> tuple[Misuse, ...]:
    """The misuses to think about, by what the model makes and how large it is; all of them when that is not known."""
    task = known.text("pipeline_tag")
    name = "" if task is None else task.value
    makes = set(known.strings("output_modalities"))
    if name in _BY_TASK:
        makes.add(_BY_TASK[name])
    if "classification" in name or name == "object-detection":
        makes.add("label")
    reach = {misuse for kind in makes for misuse in _BY_OUTPUT.get(kind, ())}
    if not reach:
        return get_args(Misuse)
    size = known.integer("parameters_total")
    too_small = size is not None and size.value < WRITES_PROGRAMS
    if too_small or name in _TOO_NARROW:
        reach.discard("malware")
    biology = known.flag("biological_data")
    about_biology = biology is not None and biology.value
    if about_biology:
        reach.add("dangerous_knowledge")
    elif name in _TOO_NARROW or (size is not None and size.value < HOLDS_KNOWLEDGE):
        reach.discard("dangerous_knowledge")
    return tuple(misuse for misuse in get_args(Misuse) if misuse in reach)
