# SPDX-License-Identifier: Apache-2.0
"""Code a reader can run, for the few cases where it is known to work."""

from core.documents.card.identity import Identity
from core.documents.context import Snippet
from core.documents.markdown import literal
from core.texts import text

_PIPELINES = {
    "text-classification": '"This is a good day."',
    "token-classification": '"Ada Lovelace was born in London."',
    "feature-extraction": '"A sentence to turn into numbers."',
    "image-classification": '"picture.jpg"',
    "object-detection": '"picture.jpg"',
    "audio-classification": '"sound.wav"',
    "automatic-speech-recognition": '"sound.wav"',
}

_TEXT_GENERATION = """\
from transformers import AutoModelForCausalLM, AutoTokenizer

model_id = {model}  # {where}
tokenizer = AutoTokenizer.from_pretrained(model_id)
model = AutoModelForCausalLM.from_pretrained(model_id)

inputs = tokenizer("Once upon a time", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=60)
print(tokenizer.decode(output[0], skip_special_tokens=True))
"""

_ADAPTER = """\
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base_id = {base}
adapter_id = {model}  # {where}
tokenizer = AutoTokenizer.from_pretrained(base_id)
base = AutoModelForCausalLM.from_pretrained(base_id)
model = PeftModel.from_pretrained(base, adapter_id)

inputs = tokenizer("Once upon a time", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=60)
print(tokenizer.decode(output[0], skip_special_tokens=True))
"""

_PIPELINE = """\
from transformers import pipeline

model_id = {model}  # {where}
run = pipeline({task}, model=model_id)
print(run({example}))
"""


def snippet(identity: Identity, model: str) -> Snippet | None:
    """Code that loads this model, or None when it would not run (an adapter without a known base, another library)."""
    if not model:
        return None
    names = {
        "model": literal(model),
        "base": literal(identity.base_model),
        "task": literal(identity.pipeline_tag),
        "example": _PIPELINES.get(identity.pipeline_tag, ""),
        "where": text("documents.snippet.where"),
    }
    if identity.library == "peft":
        if not identity.base_model or identity.pipeline_tag != "text-generation":
            return None
        return Snippet(intro=text("documents.snippet.adapter"), code=_ADAPTER.format(**names))
    if identity.library != "transformers" or identity.is_adapter:
        return None
    if identity.pipeline_tag == "text-generation":
        return Snippet(intro=text("documents.snippet.model"), code=_TEXT_GENERATION.format(**names))
    if names["example"]:
        return Snippet(intro=text("documents.snippet.model"), code=_PIPELINE.format(**names))
    return None
