# SPDX-License-Identifier: Apache-2.0
"""The facts at hand while others are worked out from them."""

from pydantic import JsonValue

from core.domain.fact import AnyFact, Fact, Origin, OriginKind


class Table:
    """Facts by name; what is added comes behind them."""

    def __init__(self, facts: tuple[AnyFact, ...]) -> None:
        self.values = {fact.name: fact for fact in facts}
        self.added: list[AnyFact] = []
        self.gone: set[str] = set()

    def whole(self, name: str) -> int | None:
        """The value as a whole number, or None."""
        value = self.value(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def number(self, name: str) -> float | None:
        """The value as a number, or None."""
        value = self.value(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def word(self, name: str) -> str | None:
        """The value as a text, or None."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    def value(self, name: str) -> JsonValue:
        """The value, or None."""
        fact = self.values.get(name)
        return fact.value if fact is not None else None

    def drop(self, name: str) -> None:
        """Forget a file's reading, because something better follows."""
        self.values.pop(name, None)

    def take_back(self, name: str) -> None:
        """Leave out a file's reading altogether: it is not what its name says."""
        if self.values.pop(name, None) is not None:
            self.gone.add(name)

    def add(
        self, name: str, value: JsonValue, note: str, *, assumed: bool = False, of: str | None = None
    ) -> None:
        """Add a fact unless a file gave one. `of` names the fact whose file stands as the origin's file."""
        if name in self.values:
            return
        source = self.values.get(of) if of else None
        origin = Origin(
            kind=OriginKind.ASSUMED if assumed else OriginKind.COMPUTED,
            file=source.origin.file if source else None,
            key=source.origin.key if source else None,
            note=note,
        )
        fact: AnyFact = Fact(name=name, value=value, origin=origin)
        self.values[name] = fact
        self.added.append(fact)
