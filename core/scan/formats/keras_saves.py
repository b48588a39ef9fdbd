# SPDX-License-Identifier: Apache-2.0
"""Several saves of one Keras run: ModelCheckpoint puts the epoch into the name, counted from 1.

Source: keras/src/callbacks/model_checkpoint.py, _get_file_path (epoch + 1).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Mark = tuple[tuple[int, ...], str, bytes]
"""Shape, number format and first bytes of one array."""
Save = tuple[str, int]
"""A name without its ending, and its first number."""
_NUMBER = re.compile(r"\d{1,9}")
_LAST = 5
"""So many of the last saves are looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One save: updates by its optimizer (None: it holds none), the model's arrays, whether passes were counted."""

    steps: int | None
    marks: tuple[Mark, ...]
    passes: bool
    """The optimizer gathers gradients of several passes for one update, and counts the passes."""


def steps_of_saves(
    stems: Iterable[str], look: Callable[[str], Seen | None], epochs: int | None
) -> int | None:
    """Updates of the whole run by what each save counted; None when the saves do not fit one run.

    `epochs` is the end by the table of the run. Every save must have counted as many updates for each epoch, and the
    last one must be the end: by the table, else by a save without a number that counted the same. Without a save for
    each epoch, all must be of one moment.
    """
    saves, others = _series(stems)
    seen = {stem: look(stem) for stem in [*(stem for stem, _ in saves), *others]}
    if any(save is not None and save.passes for save in seen.values()):
        return None
    if not saves:
        return _one_moment(list(seen.values()))
    counts = {stem: (save.steps or 0) if save is not None else 0 for stem, save in seen.items()}
    if saves[0][1] < 1:
        return None
    each, rest = divmod(counts[saves[0][0]], saves[0][1])
    if rest or not each or any(counts[stem] != each * epoch for stem, epoch in saves):
        return None
    last = counts[saves[-1][0]]
    ended = saves[-1][1] == epochs if epochs else any(counts[stem] == last for stem in others)
    # A save beside the series is the end or the best; one that counted further is of another moment.
    return last if ended and all(0 < counts[stem] <= last for stem in others) else None


def _one_moment(seen: list[Seen | None]) -> int | None:
    """The count of saves that hold the same model: the counts that there are must agree, and so must every array.

    Two models that were trained equally long differ in their arrays; a save after more updates does too.
    """
    known = [save for save in seen if save is not None]
    counts = {save.steps for save in known if save.steps is not None}
    if len(known) < len(seen) or len(counts) != 1:
        return None
    first = known[0].marks
    told = any(head.strip(b"\0") for _, _, head in first)
    return counts.pop() if told and all(save.marks == first for save in known) else None


def _series(stems: Iterable[str]) -> tuple[list[Save], list[str]]:
    """The last saves of the one series, in order, and the names outside of it; no names when there are two series
    or too many saves."""
    series: dict[str, list[Save]] = defaultdict(list)
    for stem in stems:
        number = _NUMBER.search(stem)
        series[_NUMBER.sub("#", stem)].append((stem, int(number[0]) if number else 0))
    rows = [saves for saves in series.values() if len(saves) > 1]
    others = [saves[0][0] for saves in series.values() if len(saves) == 1]
    if len(rows) > 1 or len(others) > _LAST:
        return [], []
    saves = sorted(rows[0] if rows else [], key=lambda save: save[1])
    return saves[-_LAST:], others
