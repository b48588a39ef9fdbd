# SPDX-License-Identifier: Apache-2.0
"""JSON files of training tools that are known by their keys rather than by a name of their own."""

import re
from collections.abc import Iterator

from core.scan.formats import (
    autotrain,
    kohya,
    ms_swift,
    nanochat,
    onetrainer,
    onetrainer_run,
    simpletuner,
    spacy_meta,
    text_webui,
)
from core.scan.formats.image_tools import said_by
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Entry, Item, NotMine
from core.texts import text

NAME = "tool_json"
EVERY_PLACE = False
CAP = 5_000_000
"""Bytes of a file of settings."""
_OTHERS = re.compile(
    r"(?:adapter_config|trainer_state|training_state|tokens_state|(?:train|eval|all)_results|generation_config"
    r"|tokenizer.*|special_tokens_map|vocab|added_tokens|merges|model_index|modules|preprocessor_config"
    r"|processor_config|config_setfit|config_sentence_transformers|.*\.index|wandb-.*|truth|package(?:-lock)?"
    r"|scheduler_config|chat_template|video_preprocessor_config)\.json\Z",
    re.I,
)


def matches(entry: Entry) -> bool:
    """Any *.json but those that other readers know by name."""
    return entry.name.lower().endswith(".json") and not _OTHERS.match(entry.name)


def read(source: Source) -> Iterator[Item]:
    """Facts of the tool whose keys these are."""
    settings = Settings(source.json_object(CAP, not_finite=True))
    if kohya.is_mine(settings):
        yield from said_by(kohya.NAME, kohya.facts(settings))
    elif onetrainer.is_mine(settings):
        yield from said_by(onetrainer.NAME, onetrainer_run.config_facts(settings, source))
    elif simpletuner.is_config(settings):
        yield from said_by(simpletuner.NAME, simpletuner.config_facts(settings))
    elif spacy_meta.is_mine(settings):
        yield from said_by(spacy_meta.NAME, spacy_meta.facts(settings))
    elif text_webui.is_parameters(settings, source.entry.name):
        yield from said_by(text_webui.NAME, text_webui.parameter_facts(settings))
    elif text_webui.is_log(settings, source.entry.name):
        yield from said_by(text_webui.NAME, text_webui.log_of(settings, source))
    elif nanochat.is_mine(settings):
        yield from said_by(nanochat.NAME, nanochat.facts(settings, source))
    elif ms_swift.is_mine(settings):
        yield from said_by(ms_swift.NAME, ms_swift.facts(settings))
    elif autotrain.is_mine(settings):
        yield from said_by(autotrain.NAME, autotrain.facts(settings))
    else:
        yield NotMine(text("scan_tools.json.other"))
