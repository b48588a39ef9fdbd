# SPDX-License-Identifier: Apache-2.0
"""A model's configuration, read key by key with limits, class defaults and a record of the defaults used."""

from collections.abc import Mapping

from core.compute.notes import Note, note, refuse

MOST_LAYERS = 10_000
LARGEST = 10**8
APART = "per_layer_config"
"""Where a configuration sets values of single layers."""
_OLD = frozenset({"n_embed"})
"""Other key names that a class still reads but no longer writes (BLOOM, Falcon)."""


class Config:
    """Reads values of a config.json. A missing key takes the class default, which is noted."""

    def __init__(
        self,
        values: Mapping[str, object],
        defaults: Mapping[str, object] | None = None,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.values = values
        self._defaults = defaults or {}
        self._aliases = aliases or {}
        self.notes: list[Note] = []
        self._noted: set[str] = set()
        self._each = False

    def use(self, defaults: Mapping[str, object], aliases: Mapping[str, str] | None = None) -> "Config":
        """Take the class defaults and other key names of a model type from here on."""
        self._defaults = defaults
        self._aliases = aliases or {}
        return self

    def also(self, defaults: Mapping[str, object], aliases: Mapping[str, str] | None = None) -> "Config":
        """Take more class defaults and key names beside those there are; those there win."""
        self._defaults = {**defaults, **self._defaults}
        self._aliases = {**(aliases or {}), **self._aliases}
        return self

    def inner(
        self, key: str, defaults: Mapping[str, object], aliases: Mapping[str, str] | None = None
    ) -> "Config":
        """The nested configuration under `key` (empty when missing), with its own defaults and the same notes."""
        part = Config(self.part(key), defaults, aliases)
        part.notes = self.notes
        return part

    def get(self, key: str) -> object:
        """The value of `key` (or of the other name it goes by), the class default when it is missing, or None.

        A null in the file is None: it switches a default off, as in the class itself.
        """
        for name in (key, self._aliases.get(key, key)):
            if name in self.values:
                return self.values[name]
        default = self._defaults.get(key)
        if default is not None and key not in self._noted and not isinstance(default, bool):
            self._noted.add(key)
            named = self._aliases.get(key, key)
            self.notes.append(note("default", key=key if named in _OLD else named, value=default))
        return default

    def has(self, key: str) -> bool:
        """Is the key itself in the file, with a value?"""
        return any(self.values.get(name) is not None for name in (key, self._aliases.get(key, key)))

    def count(self, key: str, default: int | None = None, *, low: int = 1, high: int = LARGEST) -> int:
        """A whole number. Raises BadConfig when it is missing, not a number, or out of low..high."""
        value = self.get(key)
        if value is None:
            value = default
        if value is None:
            raise refuse("missing", key=key)
        if type(value) is not int or not low <= value <= high:
            raise refuse("not_count", key=key, value=value, low=low, high=high)
        return value

    def layers(self, key: str = "num_hidden_layers") -> int:
        """A count of stacked layers. Raises BadConfig when some of them are set apart and nobody asked for `each_layer`."""
        if not self._each and self.values.get(APART):
            raise refuse("each_layer", key=APART)
        return self.count(key, high=MOST_LAYERS)

    def each_layer(self, keys: frozenset[str], key: str = "num_hidden_layers") -> list["Config"]:
        """The configuration of each layer: `per_layer_config` sets values of single ones (transformers since 5.2x,
        integrations/heterogeneity). Raises BadConfig when it sets others than `keys`."""
        self._each = True
        count, apart = self.layers(key), self.part(APART)
        own = {str(index): self for index in range(count)}
        for index, values in apart.items():
            if index not in own or not isinstance(values, Mapping) or not keys.issuperset(values):
                raise refuse("each_layer", key=APART)
            one = Config({**self.values, **values}, self._defaults, self._aliases)
            one.notes, one._noted = self.notes, self._noted
            own[index] = one
        return list(own.values())

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false. Raises BadConfig for anything else."""
        value = self.get(key)
        if value is None:
            return default
        if type(value) is not bool:
            raise refuse("not_flag", key=key, value=value)
        return value

    def word(self, key: str, default: str = "") -> str:
        """A text. Raises BadConfig for anything else."""
        value = self.get(key)
        if value is None:
            return default
        if type(value) is not str:
            raise refuse("not_choice", key=key, value=value)
        return value

    def part(self, key: str) -> Mapping[str, object]:
        """A nested configuration (empty when missing)."""
        value = self.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise refuse("not_object", key=key, value=value)
        return value

    def sides(self, key: str, *, high: int = LARGEST) -> tuple[int, int]:
        """Height and width, from one number or a list of two. Raises BadConfig for anything else."""
        value = self.get(key)
        if not isinstance(value, list | tuple):
            side = self.count(key, high=high)
            return side, side
        if len(value) != 2 or not all(type(one) is int and 0 < one <= high for one in value):
            raise refuse("not_list", key=key, value=value, count=2)
        return value[0], value[1]

    def words(self, key: str, count: int) -> tuple[str, ...] | None:
        """A list of `count` texts, or None when missing."""
        value = self.get(key)
        if value is None:
            return None
        if (
            not isinstance(value, list | tuple)
            or len(value) < count
            or not all(type(one) is str for one in value)
        ):
            raise refuse("not_list", key=key, value=value, count=count)
        return tuple(value[:count])

    def names(self, key: str) -> tuple[str, ...] | None:
        """A list of texts of any length but none, or None when missing."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_LAYERS:
            raise refuse("not_list", key=key, value=value, count=1)
        return self.words(key, len(value))

    def counts(self, key: str, *, low: int = 0, most: int = MOST_LAYERS) -> tuple[int, ...] | None:
        """A list of whole numbers, or None when missing."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) > most:
            raise refuse("not_list", key=key, value=value, count=most)
        if not all(type(one) is int and low <= one <= LARGEST for one in value):
            raise refuse("not_list", key=key, value=value, count=len(value))
        return tuple(value)

    def share(self, key: str, total: int, parts: int) -> int:
        """total / parts. Raises BadConfig when that leaves a rest."""
        if total % parts:
            raise refuse("not_divisible", key=key, value=total, other=parts)
        return total // parts

    def labels(self, default: int = 2) -> int:
        """Number of classes of a classification head: num_labels, else the id2label map, else the class's own default."""
        if self.values.get("num_labels") is not None:
            return self.count("num_labels")
        names = self.values.get("id2label")
        return len(names) if isinstance(names, Mapping) and names else default
