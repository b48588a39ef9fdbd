# SPDX-License-Identifier: Apache-2.0
"""Loading, keeping and giving back a rulebook; what a damaged or outdated one leads to."""

from pathlib import Path

import pytest

from core.errors import CannotRead, CannotWrite
from core.rules import load_rulebook
from core.rules.updates.changes import rule_changes
from core.rules.updates.installed import Shelf, in_use
from core.rules.updates.keys import key_text, read_key, shipped_keys
from core.rules.updates.pack import RefusedRulebook, open_pack
from tests.unit.rules.updates.making import INDICATOR, edited, pair, signed, ten_times_higher

KEY = pair()[1]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path / "data" / "rules")
    made.trust(key_text(KEY).encode())
    return made


def test_without_a_loaded_one_the_shipped_rules_are_in_use(tmp_path: Path) -> None:
    for place in (None, Shelf(tmp_path / "nowhere")):
        found = in_use(place)
        assert (found.book, found.loaded, found.problem) == (load_rulebook(), False, None)
    assert not (tmp_path / "nowhere").exists()


def test_a_loaded_rulebook_is_used_until_the_person_goes_back(shelf: Shelf) -> None:
    shelf.load(signed(ten_times_higher()))
    assert in_use(shelf).loaded
    assert in_use(shelf).book.edition.number == 2
    assert shelf.back()
    assert in_use(shelf).book == load_rulebook()
    assert not shelf.back()
    shelf.load(signed(ten_times_higher()))
    assert in_use(shelf).loaded


def test_a_refused_one_changes_nothing(shelf: Shelf) -> None:
    shelf.load(signed(ten_times_higher(3)))
    before = shelf.file.read_bytes()
    for data in (signed(ten_times_higher(2)), signed(ten_times_higher(4)).replace(b"10^24", b"10^22"), b""):
        with pytest.raises(RefusedRulebook):
            shelf.load(data)
        assert shelf.file.read_bytes() == before
    assert in_use(shelf).book.edition.number == 3


def test_one_that_was_damaged_on_the_disk_is_passed_over_and_said(shelf: Shelf) -> None:
    shelf.load(signed(ten_times_higher()))
    shelf.file.write_bytes(shelf.file.read_bytes()[:-10])
    found = in_use(shelf)
    assert found.book == load_rulebook()
    assert found.problem is not None
    assert "signature" in found.problem.why


def test_when_the_app_itself_is_newer_nothing_is_wrong(shelf: Shelf) -> None:
    shelf.folder.mkdir(exist_ok=True)
    shelf.file.write_bytes(signed(edited(number=1)))
    found = in_use(shelf)
    assert (found.book, found.loaded, found.problem) == (load_rulebook(), False, None)


def test_a_key_that_is_taken_away_takes_its_rulebook_with_it(shelf: Shelf) -> None:
    shelf.load(signed(ten_times_higher()))
    (shelf.folder / f"{KEY.id}.weighbridge-key").unlink()
    found = in_use(shelf)
    assert not found.loaded
    assert found.problem is not None
    assert KEY.id in found.problem.why


def test_damaged_keys_are_refused_and_passed_over(shelf: Shelf) -> None:
    text = key_text(KEY)
    for data in (b"", b"\xff\xfe", b"[]", text.replace(KEY.public, "AAAA").encode(), text.encode()[:40]):
        with pytest.raises(CannotRead):
            shelf.trust(data)
    for name in ("-before", "other"):  # one in front of the good key, one behind
        (shelf.folder / f"{name}.weighbridge-key").write_bytes(b"nonsense")
    assert shelf.trusted() == (*shipped_keys(), KEY)


def test_a_holder_with_quotes_survives() -> None:
    odd = KEY.replace(holder='He said "yes" \\ no: really')
    assert read_key(key_text(odd).encode()) == odd


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(CannotWrite):
        Shelf(tmp_path / "data" / "rules").trust(key_text(KEY).encode())


def test_changes_are_told_in_words() -> None:
    checked = (INDICATOR, "checked_on: 2026-10-31", "checked_on: 2026-11-20")
    delayed = ("us_new_york/raise_act/instrument.yaml", "2027-01-01", "2027-06-01")
    new = open_pack(signed(edited(checked, delayed)), [KEY])
    said = {one.id: one for one in rule_changes(load_rulebook(), new)}
    assert said["eu.ai_act.gpai_indicator"].kind == "sources"
    assert "2026-11-20" in said["eu.ai_act.gpai_indicator"].said
    law = said["us_new_york.raise_act"]
    assert law.kind == "law"
    assert "Until now" in law.said
    assert "from 2027-01-01" in law.said
    assert "from 2027-06-01" in law.said

    moved = open_pack(signed(ten_times_higher()), [KEY])
    changes = rule_changes(load_rulebook(), moved)
    assert [one.id for one in changes] == ["eu.ai_act.gpai_indicator", "eu.ai_act.stand_in_base"]
    assert "more than 10^23 FLOP" in changes[0].said
    assert "more than 10^24 FLOP" in changes[0].said
    assert rule_changes(load_rulebook(), load_rulebook()) == ()
