# SPDX-License-Identifier: Apache-2.0
"""Only numbers that could be true: a file may hold anything, and absurd numbers are treated as not known."""

from core.domain.fact import Fact
from core.domain.known import Known

LARGEST_COUNT = 10**30
"""As in core.domain.answers: nothing that is counted here comes near it."""
SMALLEST, LARGEST = 1e-9, 1e15
"""Hours, watts, rates and shares."""


class Readings(Known):
    """A view over `known` whose whole numbers lie in 0..1e30 and whose other numbers are 0 or in 1e-9..1e15."""

    def __init__(self, known: Known) -> None:
        self._found = known._found
        self._answers = known._answers
        self._unread = known._unread

    def integer(self, name: str) -> Fact[int] | None:
        """The fact as a whole number, or None when it is none or out of bounds."""
        found = super().integer(name)
        return found if found is not None and 0 <= found.value <= LARGEST_COUNT else None

    def number(self, name: str) -> Fact[float] | None:
        """The fact as a number, or None when it is none, not finite or out of bounds."""
        fact = self.get(name)
        if fact is None or isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
            return None
        # Not a number and infinity fail the comparison too.
        if fact.value != 0 and not SMALLEST <= fact.value <= LARGEST:
            return None
        return Fact[float](name=name, value=float(fact.value), origin=fact.origin)
