# SPDX-License-Identifier: Apache-2.0
"""The text catalogue: every sentence core can show, by key, in files under resources/texts/<language>/.

A catalogue file is a flat YAML mapping `key: text`; its file name is the first part of the key, so
`rules.eu.headline` is the entry `eu.headline` of rules.yaml. Placeholders are named: `{distance}`.
"""

import functools

import yaml

from core.resources import resource

_LANGUAGE = "en"


@functools.cache
def catalogue(name: str, language: str = _LANGUAGE) -> dict[str, str]:
    """The entries of resources/texts/<language>/<name>.yaml."""
    loaded = yaml.load(
        resource(f"texts/{language}/{name}.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),  # noqa: S506 - the safe loader, in C where there is one
    )
    # YAML 1.1 reads a bare `on` or `no` as a truth value: such a key must not pass.
    if not isinstance(loaded, dict) or not all(
        isinstance(part, str) for pair in loaded.items() for part in pair
    ):
        raise TypeError(f"texts/{language}/{name}.yaml must map keys to texts")
    return loaded


def text(key: str, /, **values: object) -> str:
    """The sentence for `key` ("file.entry") with its placeholders filled.

    Raises KeyError when the key or a placeholder's value is missing: a gap in a text is a bug, never shown.
    """
    name, entry = key.split(".", 1)
    return catalogue(name)[entry].format_map(values)
