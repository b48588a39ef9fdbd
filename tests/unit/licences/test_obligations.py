# SPDX-License-Identifier: Apache-2.0
"""The licence data against a second reading of the same 31 licences, field by field."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.licences.data import find_licence

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "licences" / "obligations.yaml").read_text(encoding="utf-8")
)


def test_there_are_thirty_one() -> None:
    assert len(ROWS) == 31


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["row"])
def test_a_licence_asks_what_was_read(row: dict[str, Any]) -> None:
    licence = find_licence(row["licence"])
    assert licence is not None
    ours = {
        "copy": licence.copy_of_licence,
        "notice": bool(licence.notice or licence.carry_notice or licence.attribution),
        "changes": licence.state_changes,
        "display": bool(licence.display_text),
        "prefix": licence.name_prefix,
        "non_commercial": licence.non_commercial,
        "users": licence.user_limit,
        "revenue": licence.revenue_limit_usd,
        "pass_on": licence.pass_on_limits,
        "same_licence": licence.same_licence,
        "not_in_eu": bool(licence.not_in_eu),
        "outputs": bool(licence.outputs),
        "eu": licence.free_and_open,
    }
    assert ours == {name: row[name] for name in ours}
