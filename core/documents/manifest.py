# SPDX-License-Identifier: Apache-2.0
"""weighbridge-manifest.json: which files the app wrote, from which rules, on which date."""

import json
from typing import Literal

from pydantic import ValidationError

from core.domain.base import Frozen

MANIFEST_NAME = "weighbridge-manifest.json"


class ManifestFile(Frozen):
    """One written file. `sha256` lets anybody see whether it was changed since."""

    name: str
    document: str
    sha256: str
    rulebook: str
    rules_checked_up_to: str
    assessed_on: str
    app_version: str | None = None


class Manifest(Frozen):
    """The manifest, format 1. Files of earlier exports stay listed until they are written again."""

    kind: Literal["weighbridge-manifest"] = "weighbridge-manifest"
    format: Literal[1] = 1
    files: tuple[ManifestFile, ...] = ()


def read_manifest(data: bytes | None) -> Manifest | None:
    """The manifest in `data`, or None when it is missing or not one of ours."""
    if data is None:
        return None
    try:
        return Manifest.model_validate(json.loads(data.decode("utf-8")))
    except (ValueError, ValidationError, RecursionError):
        return None


def merged(before: Manifest | None, written: tuple[ManifestFile, ...]) -> bytes:
    """The bytes of the new manifest: `written` replaces entries of the same name."""
    names = {entry.name for entry in written}
    kept = tuple(entry for entry in before.files if entry.name not in names) if before is not None else ()
    manifest = Manifest(files=tuple(sorted((*kept, *written), key=lambda entry: entry.name)))
    return (json.dumps(manifest.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n").encode("utf-8")
