# SPDX-License-Identifier: Apache-2.0
"""Texts that a cross encoder runs for one row of its data: it reads pairs, the first column with each of the others.

Source: sentence-transformers 6.2, cross_encoder/losses/*.py (`get_in_batch_negatives`, `forward`) and the loss as the card writes it.
"""

import re

from pydantic import JsonValue

_CROSS = "www.sbert.net/docs/cross_encoder/"
_LOSS = re.compile(r"\* Loss: \[<code>(\w{1,60})</code>\]")
_NEGATIVES = re.compile(r'\s{0,12}"num_negatives": (\d{1,6}|null),?\s{0,4}\Z')
_IN_BATCH = frozenset({"MultipleNegativesRankingLoss", "CachedMultipleNegativesRankingLoss"})
_MOST = 48
"""Pairs beyond this are not listed."""


def as_run(body: str, part: str, columns: list[JsonValue]) -> list[JsonValue]:
    """The lengths of all texts of a row, given those of its columns and the card's `part` on the data; none where a card does not
    tell how many pairs there are. Of a model that reads each text by itself, the columns."""
    if _CROSS not in body or len(columns) < 2:
        return columns
    names = set(_LOSS.findall(part))
    pairs = [text for column in columns[1:] for text in (columns[0], column)]
    if not names & _IN_BATCH:
        return pairs
    told = [found[1] for line in part.splitlines() if len(line) < 60 and (found := _NEGATIVES.match(line))]
    if len(names) != 1 or len(set(told)) != 1 or not told[0].isdecimal():
        return []
    # Negatives are drawn from the other rows of the batch: from all columns but the first.
    count = int(told[0])
    return [*pairs, *(columns[0], columns[1]) * count] if count <= _MOST else []
