# SPDX-License-Identifier: Apache-2.0
"""rng_state files: never opened; their names say how many processes trained together (total_flos.md, 3.6)."""

import re
from collections.abc import Iterator

from core.scan.guarded import Source
from core.scan.types import Entry, Found, Item
from core.texts import text

NAME = "rng_state"
EVERY_PLACE = False
_RANKED = re.compile(r"(?:rng_state_|random_states_)(\d{1,6})\.(?:pth|pkl)\Z")

_BY_ALL = re.compile(r"(?:^|/)(?:step|epoch)_\d{1,12}\Z")


def matches(entry: Entry) -> bool:
    """rng_state.pth of one process; rng_state_0.pth (random_states_0.pkl with accelerate) of several."""
    return entry.name == "rng_state.pth" or bool((match := _RANKED.match(entry.name)) and int(match[1]) == 0)


def read(source: Source) -> Iterator[Item]:
    """World size from the names alone: ranks 0 to n-1 must all be there.

    accelerate writes one file for each process that calls save_state, and the scripts of diffusers and sd-scripts call it on
    the first process alone (train_*.py: `if accelerator.is_main_process`). One file tells of one process only where the
    folder is named as by accelerate's and transformers' examples, which call it on all.
    """
    if source.entry.name == "rng_state.pth":
        if not any(name.startswith("rng_state_") for name in source.siblings):
            yield Found("world_size", 1, "", text("scan.rng.note"))
        return
    stem = source.entry.name.rpartition("_")[0]
    ranks = {
        int(match[1]) for name in source.siblings if name.startswith(stem) and (match := _RANKED.match(name))
    }
    if len(ranks) == 1 and stem == "random_states" and not _BY_ALL.search(source.entry.folder):
        return
    if ranks == set(range(len(ranks))):
        yield Found("world_size", len(ranks), "", text("scan.rng.note"))
