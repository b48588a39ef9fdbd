# SPDX-License-Identifier: Apache-2.0
"""Answers of an unchanging object that are worked out once."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

_S = TypeVar("_S")
_A = TypeVarTuple("_A")
_R = TypeVar("_R")


def kept(method: Callable[[_S, *_A], _R]) -> Callable[[_S, *_A], _R]:
    """Keep what `method` gives for each set of arguments, with the object, for as long as the object lives.

    For objects that never change and methods that are asked for the same few things again and again (a keystroke asks
    the rules some thousand times). What raises is not kept. `Frozen.replace` makes its copy from the fields: the
    copy begins with nothing kept.
    """
    place = f"_kept_{method.__name__}"

    @functools.wraps(method)
    def once(self: _S, *arguments: *_A) -> _R:
        own: dict[str, Any] = self.__dict__
        answers = own.get(place)
        if answers is None:
            answers = own[place] = {}
        try:
            answer: _R = answers[arguments]
        except KeyError:
            answer = answers[arguments] = method(self, *arguments)
        return answer

    return once
