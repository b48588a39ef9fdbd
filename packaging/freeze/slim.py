# SPDX-License-Identifier: Apache-2.0
"""Data files of the bundle in the shortest form that reads the same. Standard library only; runs in finish.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LICENCE_INDEX = "scancode-licensedb-index.json"
# What license_expression reads of its index to know SPDX ids; the rest are names of files on a website.
INDEX_KEYS = ("license_key", "spdx_license_key", "other_spdx_license_keys", "is_exception", "is_deprecated")


def slim_data(inside: Path) -> None:
    """Shorten package metadata and JSON tables under `inside`; our own resources stay as they are."""
    for file in sorted(inside.rglob("METADATA")):
        file.write_text(headers(file.read_text(encoding="utf-8")), encoding="utf-8")
    for file in sorted(inside.rglob(LICENCE_INDEX)):
        rows = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(compact([known_ids(row) for row in rows]), encoding="utf-8")


def headers(text: str) -> str:
    """Package metadata without its long description: what follows the first empty line is a README."""
    return text.split("\n\n", 1)[0].rstrip("\n") + "\n"


def known_ids(row: dict[str, Any]) -> dict[str, Any]:
    """One row of the licence index with the keys that are read; a reader takes an absent one as false or empty."""
    return {key: row[key] for key in INDEX_KEYS if row.get(key)}


def compact(value: object) -> str:
    """JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
