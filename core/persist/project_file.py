# SPDX-License-Identifier: Apache-2.0
"""One project as one readable JSON file, named *.weighbridge.json."""

import json
from typing import Any

from pydantic import ValidationError

from core.domain.project import PROJECT_FORMAT, Project
from core.errors import CannotRead
from core.persist.migrations import upgrade
from core.texts import text

PROJECT_SUFFIX = ".weighbridge.json"
PROJECT_KIND = "weighbridge-project"
SIZE_LIMIT = 64_000_000
"""Bytes of a project file that are read; a project of a large folder stays far below 5 MB."""


def dumps(project: Project) -> bytes:
    """`project` as UTF-8 JSON. Equal projects give equal bytes; loads(dumps(p)) equals p."""
    data = project.model_dump(mode="json")
    # Questions nobody answered are left out: about 60 lines of null otherwise.
    data["answers"] = {name: value for name, value in data["answers"].items() if value is not None}
    written = json.dumps({"kind": PROJECT_KIND, **data}, indent=1, ensure_ascii=False) + "\n"
    # A folder's name may hold bytes that are no text (half of a pair in Python's str): \udce8 is the JSON of that.
    return written.encode("utf-8", "backslashreplace")


def loads(data: bytes) -> Project:
    """The project in `data`. Raises CannotRead for damage, another kind of file, and formats newer than this app."""
    loaded = _json(data)
    if not isinstance(loaded, dict) or loaded.get("kind") != PROJECT_KIND:
        raise CannotRead(text("persist.kind"), why=text("persist.kind_why"), todo=text("persist.kind_todo"))
    number = loaded.get("format")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise _damaged(text("persist.no_format"))
    if number > PROJECT_FORMAT:
        raise CannotRead(
            text("persist.newer"),
            why=text("persist.newer_why", number=number),
            todo=text("persist.newer_todo"),
        )
    try:
        upgraded = upgrade({key: value for key, value in loaded.items() if key != "kind"}, PROJECT_FORMAT)
        return Project.model_validate(upgraded)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _damaged(text("persist.field", place=place or "project")) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(text("persist.field", place=str(error))) from error


def _json(data: bytes) -> Any:
    if not data.strip(b"\x00 \t\r\n"):
        raise _damaged(text("persist.empty"))
    if len(data) > SIZE_LIMIT:
        raise _damaged(text("persist.too_large"))
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise CannotRead(text("persist.damaged"), why=text("persist.lfs_why"), todo=text("persist.lfs_todo"))
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise _damaged(text("persist.not_json")) from error


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _damaged(why: str) -> CannotRead:
    return CannotRead(text("persist.damaged"), why=why, todo=text("persist.damaged_todo"))
