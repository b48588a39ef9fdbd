# SPDX-License-Identifier: Apache-2.0
"""Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from core.lint.problem import RULES, Problem, Report
from core.texts import text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(reports: Sequence[tuple[str, Report]], app_version: str) -> dict[str, Any]:
    """One run over all that was checked: (path as given, report). Paths stay relative when they were given so."""
    names = list(RULES)
    results = [_result(path, report, one, names) for path, report in reports for one in report.problems]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Weighbridge",
                        "semanticVersion": app_version,
                        "rules": [_rule(name) for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": text(f"lint.{name}.title")},
        "defaultConfiguration": {"level": RULES[name].value},
    }


def _result(path: str, report: Report, one: Problem, names: list[str]) -> dict[str, Any]:
    place = PurePath(path)
    if report.name != one.file:  # a folder was given
        place = place / one.file
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.as_posix())}}
    if one.line is not None:
        location["region"] = {"startLine": one.line}
    said = f"{one.rule}\0{one.file}\0{one.what}".encode()
    return {
        "ruleId": one.rule,
        "ruleIndex": names.index(one.rule),
        "level": one.level.value,
        "message": {"text": f"{one.what} {one.todo}"},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"weighbridge/v1": hashlib.sha256(said).hexdigest()},
    }


def _uri(path: str) -> str:
    """A path as a relative URI: everything but unreserved signs and slashes as %XX (RFC 3986)."""
    return re.sub(
        r"[^A-Za-z0-9._~/-]",
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")),
        path,
    )
