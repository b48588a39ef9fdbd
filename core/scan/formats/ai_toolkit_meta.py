# SPDX-License-Identifier: Apache-2.0
"""aitk_meta.yaml: what ai-toolkit knows of a model that it saved as folders (StableDiffusion.save, BaseModel.save_model)."""

from collections.abc import Iterator

from core.scan.formats import ai_toolkit, front_matter
from core.scan.formats.image_tools import said_by
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Entry, Item, NotMine
from core.texts import text

NAME = "ai_toolkit_meta"
EVERY_PLACE = False
_CAP = 500_000
"""Bytes of the file."""


def matches(entry: Entry) -> bool:
    """aitk_meta.yaml."""
    return entry.name == ai_toolkit.META


def read(source: Source) -> Iterator[Item]:
    """Steps, version and family. Raises CannotRead."""
    settings = Settings(front_matter.parse(source.text(_CAP), "settings"))
    if not ai_toolkit.is_header(settings):
        yield NotMine(text("scan_tools.yaml.other"))
        return
    yield from said_by(ai_toolkit.NAME, ai_toolkit.header_facts(settings, source))
