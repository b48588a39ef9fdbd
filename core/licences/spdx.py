# SPDX-License-Identifier: Apache-2.0
"""Licence ids of the hub and of SPDX side by side, and expressions ("MIT OR Apache-2.0").

A plain id, which is all the hub takes, is answered by the table below. An expression goes through license-expression,
which is loaded only then (1.5 MB with boolean.py).
"""

import functools
import re
from collections.abc import Callable
from typing import Any

_SPDX = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd-3-clause-clear": "BSD-3-Clause-Clear",
    "isc": "ISC",
    "unlicense": "Unlicense",
    "zlib": "Zlib",
    "wtfpl": "WTFPL",
    "bsl-1.0": "BSL-1.0",
    "mpl-2.0": "MPL-2.0",
    "epl-2.0": "EPL-2.0",
    "eupl-1.2": "EUPL-1.2",
    "artistic-2.0": "Artistic-2.0",
    "postgresql": "PostgreSQL",
    "agpl-3.0": "AGPL-3.0-only",
    "gpl-2.0": "GPL-2.0-only",
    "gpl-3.0": "GPL-3.0-only",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "cc0-1.0": "CC0-1.0",
    "cc-by-3.0": "CC-BY-3.0",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-3.0": "CC-BY-SA-3.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
    "cc-by-nc-nd-4.0": "CC-BY-NC-ND-4.0",
    "cc-by-nd-4.0": "CC-BY-ND-4.0",
    "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
    "c-uda": "C-UDA-1.0",
}
_HUB = {spdx.lower(): hub for hub, spdx in _SPDX.items()}


def spdx_id(hub_id: str) -> str | None:
    """The SPDX id of a hub licence id, or None: a maker's own terms have none and go in as a plain name."""
    return _SPDX.get(hub_id.lower())


def licence_ids(expression: str) -> tuple[str, ...]:
    """The licences an expression names, as hub ids in lower case, in order.

    Every licence named is looked at, whether AND or OR stands between; an exception after WITH is none.
    "-or-later" is the licence itself. What is no expression counts as one licence that no table knows.
    """
    if _PLAIN.fullmatch(expression):
        return (_hub_id(expression),)
    return tuple(dict.fromkeys(_hub_id(key) for key in _keys(expression)))


def judged(expression: str, one: Callable[[str], str | None], order: tuple[str, ...]) -> str | None:
    """What an expression comes to when `one` judges each licence: of AND the worst counts, of OR the best.

    `order` lists the judgements from worst to best. None for what is no expression, and where a licence that `one`
    does not know decides.
    """
    licensing, error = _library()
    try:
        parsed = licensing.parse(expression)
    except (error, AttributeError, TypeError):
        return None
    return None if parsed is None else _judged(parsed, licensing, one, order)


def _judged(
    node: Any, licensing: Any, one: Callable[[str], str | None], order: tuple[str, ...]
) -> str | None:
    if not isinstance(node, licensing.AND | licensing.OR):
        return one(_hub_id(str(getattr(node, "license_symbol", node).key)))
    parts = [_judged(part, licensing, one, order) for part in node.args]
    known = sorted((part for part in parts if part is not None), key=order.index)
    if isinstance(node, licensing.OR):
        return known[-1] if known and (None not in parts or known[-1] == order[-1]) else None
    return known[0] if known and (None not in parts or known[0] == order[0]) else None


def is_plain(expression: str) -> bool:
    """Whether it is one id and no expression."""
    return _PLAIN.fullmatch(expression) is not None


def _hub_id(part: str) -> str:
    plain = part.strip().lower()
    plain = re.sub(r"(-or-later|-only|\+)$", "", plain) if plain.startswith(_GNU) else plain
    return _HUB.get(plain, plain)


def _keys(expression: str) -> tuple[str, ...]:
    licensing, error = _library()
    try:
        parsed = licensing.parse(expression)
    except (error, AttributeError, TypeError):
        return (expression,)
    if parsed is None:
        return ()
    # a licence WITH an exception is one symbol made of two: the licence is the first
    symbols = licensing.license_symbols(parsed, unique=True, decompose=False)
    return tuple(str(getattr(one, "license_symbol", one).key) for one in symbols)


@functools.cache
def _library() -> tuple[Any, type[Exception]]:
    """The library with all SPDX ids, loaded when an expression is more than one id (0.06 s, once)."""
    from license_expression import ExpressionError, get_spdx_licensing  # type: ignore[import-untyped]

    return get_spdx_licensing(), ExpressionError


_PLAIN = re.compile(r"\s*[^\s()]+\s*")
_GNU = ("gpl-", "lgpl-", "agpl-", "gfdl-")
