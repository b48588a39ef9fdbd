# SPDX-License-Identifier: Apache-2.0
"""Values written as YAML lines that every reader (YAML 1.1 and 1.2) takes for the same value."""

import json
import re
from collections.abc import Mapping, Sequence

import yaml

from core.documents.markdown import clean

MetaValue = str | int | float | Sequence[str] | Mapping[str, str | int | float]
"""What this app sets: a text, a number, a list of texts, or one flat mapping."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+-]+)*")
_YAML_11_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan"})


def scalar(value: str | int | float) -> str:
    """One scalar on one line, quoted when a reader could take it for something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # A plain decimal form: YAML 1.1 takes 1e-5 for a text.
        return f"{value:.12f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
    shown = clean(value)
    if _PLAIN.fullmatch(shown) and shown.lower() not in _YAML_11_WORDS and yaml.safe_load(shown) == shown:
        return shown
    return json.dumps(shown, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\x85", "\\x85")


def flow_list(values: Sequence[str]) -> str:
    """`[a, "b c"]`."""
    return "[" + ", ".join(scalar(value) for value in values) + "]"


def flow(value: MetaValue) -> str:
    """A value on one line, as it stands inside braces."""
    if isinstance(value, str | int | float):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)}: {scalar(item)}" for name, item in value.items()) + "}"
    return flow_list(value)


def entry(key: str, value: MetaValue, eol: str, indent: str = "") -> str:
    """The lines of `key: value`, each ended by `eol`, in the style the Hub writes."""
    if isinstance(value, str | int | float):
        return f"{indent}{key}: {scalar(value)}{eol}"
    if isinstance(value, Mapping):
        lines = [f"{indent}{key}:", *(f"{indent}  {name}: {scalar(item)}" for name, item in value.items())]
    else:
        lines = [f"{indent}{key}:", *(f"{indent}- {scalar(item)}" for item in value)]
    return "".join(line + eol for line in lines)
