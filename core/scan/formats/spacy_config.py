# SPDX-License-Identifier: Apache-2.0
"""spaCy: config.cfg, the settings a pipeline was trained with. Read line by line; nothing in it is resolved."""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.formats.spacy_weights import weight_facts
from core.scan.guarded import Source
from core.scan.settings import Settings, counts, hyperparameters
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "spacy_config"
EVERY_PLACE = False
_SECTION = re.compile(r"\[([\w.]{1,120})\]\s*\Z")
_PAIR = re.compile(r"([\w-]{1,60})\s*=\s*(.{0,200})\Z")
_FROZEN = re.compile(r"\[(.*)\]\Z")
_CAP = 500_000


def matches(entry: Entry) -> bool:
    """config.cfg."""
    return entry.name == "config.cfg"


def read(source: Source) -> Iterator[Item]:
    """What was planned: max_steps is a limit, since training stops when it no longer helps. And the arrays beside it."""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in source.text(_CAP).splitlines():
        if section := _SECTION.match(line.strip()[:200]):
            current = sections.setdefault(section[1], {})
        elif len(line) < 400 and (pair := _PAIR.match(line.strip())):
            current.setdefault(pair[1], pair[2].strip().strip('"'))
    if "training" not in sections or "nlp" not in sections:
        yield NotMine(text("scan_tools.spacy.other"))
        return
    training = Settings(sections["training"])
    yield Found(FoundOnly.TRAINING_TOOL, "spaCy", "training")
    yield from counts(
        training,
        (
            (FoundOnly.STEPS_PLANNED, "max_steps"),
            (FoundOnly.EPOCHS_PLANNED, "max_epochs"),
            ("gradient_accumulation", "accumulate_gradient"),
        ),
    )
    if frozen := _FROZEN.match(sections["training"].get("frozen_components", "")):
        yield Found(
            "training_method", "frozen_partial" if frozen[1].strip() else "full", "training.frozen_components"
        )
    yield from hyperparameters(training, ("dropout", "patience", "eval_frequency", "seed"), "training")
    yield from weight_facts(source, sections, NAME)
