# SPDX-License-Identifier: Apache-2.0
"""The one door to the data files that ship with the app."""

import functools
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any


def resource(path: str) -> Traversable:
    """The data file or folder at `path` (relative, forward slashes) under resources/.

    Raises ValueError for absolute paths or "..": only our own files are reachable.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or any(part in ("", "..", ".") or "\\" in part for part in parts):
        raise ValueError(f"not a path inside resources: {path!r}")
    return resources.files("resources").joinpath(*parts)


@functools.cache
def read_text(path: str) -> str:
    """The text of a resource (UTF-8)."""
    return resource(path).read_text(encoding="utf-8")


def read_yaml(path: str) -> Any:
    """A YAML resource as plain data, by the safe loader, in C where there is one: eight times faster."""
    import yaml  # not for those who read no YAML

    return yaml.load(read_text(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def read_bytes(path: str) -> bytes:
    """The bytes of a resource."""
    return resource(path).read_bytes()
