# SPDX-License-Identifier: Apache-2.0
"""tokens_state.json of Axolotl: tokens seen up to a checkpoint, padding included, all devices together."""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.guarded import Source
from core.scan.settings import Settings
from core.scan.types import Entry, Found, Item, NotMine
from core.texts import text

NAME = "tokens_state"
EVERY_PLACE = False


def matches(entry: Entry) -> bool:
    """tokens_state.json."""
    return entry.name == "tokens_state.json"


def read(source: Source) -> Iterator[Item]:
    """The total of the newest checkpoint; 0 means that nothing was counted."""
    state = Settings(source.json_object())
    if not {"total", "trainable"} & state.values.keys():
        yield NotMine(text("scan_tools.tokens_state.other"))
        return
    if total := state.count("total"):
        note = text("scan_tools.tokens_state.note")
        yield Found(FoundOnly.TOKENS_RECORDED, total, "total", note)
        yield Found("tokens", total, "total", note)
