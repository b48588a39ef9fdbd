# SPDX-License-Identifier: Apache-2.0
"""The strict loader: every kind of fault is refused, and the message names file and key."""

import datetime
import shutil
from pathlib import Path

import pytest

from core.errors import BadRules
from core.rules import load_rulebook
from core.rules.load import load_from
from core.rules.schema import share, whole

RULES = Path(__file__).parents[3] / "resources" / "rules"
INDICATOR = "eu/ai_act/gpai_indicator.yaml"
INSTRUMENT = "eu/ai_act/instrument.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def _edit(root: Path, name: str, old: str, new: str) -> None:
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_untouched_copy_is_the_shipped_rulebook(rules: Path) -> None:
    assert load_from(rules).hash == load_rulebook().hash


FAULTS = {
    "unknown key": (INDICATOR, "unit: FLOP", "unit: FLOP\ncolour: red", "colour"),
    "unknown key in a value": (INDICATOR, "    status:", "    note: x\n    status:", "values.0.note"),
    "unknown key in a source": (INDICATOR, "    locator:", "    page: x\n    locator:", "sources.0.page"),
    "duplicate key": (INDICATOR, "unit: FLOP", "unit: FLOP\nunit: FLOP", "'unit'"),
    "duplicate key deep down": (INDICATOR, "    status:", "    status: in_force\n    status:", "'status'"),
    "checked_on missing": (INDICATOR, "checked_on: 2026-10-31\n", "", "checked_on"),
    "confidence unknown": (INDICATOR, "confidence: high", "confidence: sure", "confidence"),
    "status unknown": (INDICATOR, "status: in_force", "status: valid", "values.0.status"),
    "operator unknown": (INDICATOR, '">"', '"=>"', "values.0.operator"),
    "operator missing": (INDICATOR, '    operator: ">"\n', "", "needs an operator"),
    "bare number": (INDICATOR, '"10^23"', "100000000000000000000000", "values.0.value"),
    "float": (INDICATOR, '"10^23"', "1.0e+23", "values.0.value"),
    "float as text": (INDICATOR, '"10^23"', '"1e23"', "exact whole number"),
    "share as float": ("eu/ai_act/modification_share.yaml", '"1/3"', '"0.333"', "exact fraction"),
    "text for a date": ("eu/ai_act/fines_from.yaml", "value: 2026-08-02", 'value: "soon"', "does not fit"),
    "text for a check date": (INDICATOR, "checked_on: 2026-10-31", 'checked_on: "2026-11-23"', "checked_on"),
    "ends before it starts": (INDICATOR, "    status:", "    until: 2024-01-01\n    status:", "out of order"),
    "repealed without an end": (INDICATOR, "status: in_force", "status: repealed", "needs the day it ended"),
    "in force in the future": (INDICATOR, "from: 2025-08-02", "from: 2030-01-01", "write enacted"),
    "enacted in the past": (INDICATOR, "status: in_force", "status: enacted", "write in_force"),
    "two values at once": (
        INDICATOR,
        "values:\n",
        'values:\n  - from: 2024-01-01\n    value: "10^22"\n    operator: ">"\n    status: in_force\n',
        "must end by",
    ),
    "values in the wrong order": (
        INDICATOR,
        "sources:",
        '  - from: 2024-01-01\n    until: 2025-01-01\n    value: "10^22"\n    operator: ">"\n    status: repealed\nsources:',
        "out of order",
    ),
    "plain http": (INSTRUMENT, "url: https://", "url: http://", "https"),
    "id at the wrong place": (
        INDICATOR,
        "id: eu.ai_act.gpai_indicator",
        "id: eu.ai_act.indicator",
        "does not match",
    ),
    "key that is no word": (INDICATOR, "unit: FLOP", "unit: FLOP\non: x", "True"),
    "broken YAML": (INDICATOR, "unit: FLOP", "unit: [FLOP", "not readable as YAML"),
    "date that is none": (INDICATOR, "from: 2025-08-02", "from: 2025-02-30", "day is out of range"),
    "instrument without coverage": ("coverage.yaml", "us_federal.eo_14110", "us_federal.eo_1", "folder"),
    "coverage with an unknown key": ("coverage.yaml", "  covers:", "  by: me\n  covers:", "0.by"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_refused_with_file_and_key(rules: Path, fault: str) -> None:
    name, old, new, key = FAULTS[fault]
    _edit(rules, name, old, new)
    with pytest.raises(BadRules) as caught:
        load_from(rules)
    assert str(caught.value).startswith(name + ":"), str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize("instead", ["", "sources: []\n"])
def test_a_parameter_without_sources_is_refused(rules: Path, instead: str) -> None:
    file = rules / INDICATOR
    text = file.read_text(encoding="utf-8")
    start, end = text.index("sources:"), text.index("checked_on:")
    file.write_text(text[:start] + instead + text[end:], encoding="utf-8")
    with pytest.raises(BadRules, match=rf"{INDICATOR}: sources"):
        load_from(rules)


def test_folder_without_instrument_is_refused(rules: Path) -> None:
    (rules / INSTRUMENT).unlink()
    with pytest.raises(BadRules, match=r"eu/ai_act/instrument\.yaml"):
        load_from(rules)


def test_stray_file_is_refused(rules: Path) -> None:
    (rules / "eu/ai_act/notes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BadRules, match=r"eu/ai_act/notes\.txt"):
        load_from(rules)


def test_hash_follows_the_values_and_not_the_layout(rules: Path) -> None:
    before = load_from(rules).hash
    _edit(rules, INDICATOR, "values:", "\n# a remark\nvalues:")
    assert load_from(rules).hash == before
    _edit(rules, INDICATOR, '"10^23"', '"10^22"')
    assert load_from(rules).hash != before


def test_checked_up_to_is_the_oldest_check(rules: Path) -> None:
    _edit(rules, INDICATOR, "checked_on: 2026-10-31", "checked_on: 2026-01-05")
    assert load_from(rules).checked_up_to == datetime.date(2026, 1, 5)


def test_a_proposed_value_is_never_computed_with(rules: Path) -> None:
    _edit(rules, INDICATOR, "status: in_force", "status: in_force\n    until: 2027-01-01")
    _edit(
        rules,
        INDICATOR,
        "sources:",
        '  - from: 2027-01-01\n    value: "10^24"\n    operator: ">"\n    status: proposed\nsources:',
    )
    later = load_from(rules).at(datetime.date(2028, 1, 1)).threshold("eu.ai_act.gpai_indicator")
    assert later.value == 10**23
    assert later.standing == "ended"


def test_a_value_replaced_by_law_changes_on_its_day(rules: Path) -> None:
    _edit(rules, INDICATOR, "status: in_force", "status: in_force\n    until: 2027-01-01")
    _edit(
        rules,
        INDICATOR,
        "sources:",
        '  - from: 2027-01-01\n    value: "3*10^23"\n    operator: ">="\n    status: enacted\nsources:',
    )
    book = load_from(rules)
    assert book.at(datetime.date(2026, 12, 31)).threshold("eu.ai_act.gpai_indicator").value == 10**23
    new = book.at(datetime.date(2027, 1, 1)).threshold("eu.ai_act.gpai_indicator")
    assert (new.value, new.operator) == (3 * 10**23, ">=")
    assert new.crossed_by(3 * 10**23)


@pytest.mark.parametrize(
    ("text", "value"), [("10^26", 10**26), ("3*10^25", 3 * 10**25), ("500000000", 500000000)]
)
def test_whole_numbers_are_exact(text: str, value: int) -> None:
    assert whole(text) == value


@pytest.mark.parametrize("text", ["1e26", "1.5*10^3", "0", "-1", "10^", "", "10^26 "])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole(text)


@pytest.mark.parametrize("text", ["0.3", "1/0", "1/-3", "a/b"])
def test_other_shares_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="fraction"):
        share(text)


def test_rows_are_what_the_command_line_prints() -> None:
    rows = {row["id"]: row for row in load_rulebook().at(datetime.date(2026, 11, 23)).rows()}
    assert rows["eu.ai_act.gpai_indicator"]["value"] == "10^23"
    assert rows["us_new_york.raise_act.frontier_line"]["status"] == "not_yet"
    assert rows["us_federal.eo_14110.report_line"]["status"] == "ended"
    assert all(row["source"] for row in rows.values())


def test_one_more_than_a_line_is_told_apart() -> None:
    """float(10**26) == float(10**26 + 1): the comparison is on integers."""
    line = load_rulebook().at(datetime.date(2026, 11, 23)).threshold("us_california.sb_53.frontier_line")
    assert not line.crossed_by(10**26)
    assert line.crossed_by(10**26 + 1)
