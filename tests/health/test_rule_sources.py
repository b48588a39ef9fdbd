# SPDX-License-Identifier: Apache-2.0
"""What is told of a law rests on a source with a place in it, and says when that was last checked.

`pytest tests/health/test_rule_sources.py -rP` prints what is due to be checked again.
"""

import datetime

from core.licences.data import licences
from core.rules import load_rulebook
from core.rules.calendar import due_for_checking

BOOK = load_rulebook()
SOON, STALE = 180, 400
"""Days after which data is due to be checked again, and after which it must not ship."""


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def test_no_finding_claims_a_later_check_than_what_it_rests_on() -> None:
    """The day shown with a law is not later than the last check of any of its values, nor of its coverage."""
    rows = {row.folder: row.checked_on for row in BOOK.coverage}
    for place, law in BOOK.instruments.items():
        assert rows[place] >= law.checked_on, place
        for name, parameter in BOOK.parameters.items():
            if name.rsplit(".", 1)[0] == place:
                assert parameter.checked_on >= law.checked_on, name


def test_what_the_book_says_it_was_checked_up_to_is_its_oldest_check() -> None:
    days = [law.checked_on for law in BOOK.instruments.values()]
    assert BOOK.checked_up_to == min(days)


def test_what_is_due_for_checking() -> None:
    today = _today()
    due = due_for_checking(BOOK, today, days=SOON)
    old = sorted({(one.id, one.checked_on) for one in licences().values()}, key=lambda one: one[1])
    for name, day in (*due, *(pair for pair in old if (today - pair[1]).days > SOON)):
        print(f"due: {name}, last checked on {day}")
    assert due_for_checking(BOOK, today, days=STALE) == ()
    later = BOOK.checked_up_to + datetime.timedelta(days=SOON + 1)
    assert due_for_checking(BOOK, later, days=SOON), "half a year on, something is due"
    assert not due_for_checking(BOOK, later - datetime.timedelta(days=1), days=SOON)


def test_every_licence_has_its_source() -> None:
    for licence in licences().values():
        assert licence.source.locator, licence.id
        assert licence.checked_on <= _today()
