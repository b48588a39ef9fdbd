# SPDX-License-Identifier: Apache-2.0
"""The texts that trainers leave in the header of a safetensors file (`__metadata__`), told apart by their keys."""

from collections.abc import Iterator, Mapping

from core.scan.formats import ai_toolkit, kohya, onetrainer, onetrainer_run, simpletuner
from core.scan.formats.image_tools import family_facts, said_by
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Item

_WHERE = "__metadata__"


def header_facts(metadata: Mapping[str, str], source: Source) -> Iterator[Item]:
    """Facts of the tool that wrote `metadata`; nothing for the plain {"format": "pt"}."""
    texts = Settings(metadata)
    if ai_toolkit.is_header(texts):
        yield from said_by(ai_toolkit.NAME, ai_toolkit.header_facts(texts, source), _WHERE)
    elif onetrainer.is_header(texts):
        yield from said_by(onetrainer.NAME, onetrainer.header_facts(texts), _WHERE)
        yield from said_by(onetrainer.NAME, onetrainer_run.save_facts(source, texts.inner("ot_config")))
    elif simpletuner.is_header(texts):
        yield from said_by(simpletuner.NAME, simpletuner.header_facts(texts), _WHERE)
    elif kohya.is_mine(texts):
        yield from said_by(kohya.NAME, kohya.facts(texts), _WHERE)
    elif "modelspec.architecture" in texts or "ss_base_model_version" in texts:
        word = "ss_base_model_version" if "ss_base_model_version" in texts else "modelspec.architecture"
        yield from said_by("safetensors", family_facts(texts.get(word), word), _WHERE)
