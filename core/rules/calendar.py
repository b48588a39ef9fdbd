# SPDX-License-Identifier: Apache-2.0
"""What starts and what ends, and when: every date of the rule data after a day, in order."""

import datetime

from core.domain.base import Frozen
from core.rules.rulebook import RuleBook
from core.rules.schema import Status

_FIRM = (Status.IN_FORCE, Status.ENACTED, Status.PASSED, Status.UNENFORCED)


class Event(Frozen):
    """One day in the calendar. `kind` is starts, ends or date; `sure` is False while a signature is not verified."""

    day: datetime.date
    kind: str
    instrument: str
    what: str
    sure: bool = True


def calendar(book: RuleBook, on: datetime.date, *, until: datetime.date | None = None) -> tuple[Event, ...]:
    """Everything that starts, ends or falls due after `on` (and up to `until`), earliest first. Plans are left out."""
    events = []
    for place, law in book.instruments.items():
        for period in law.periods:
            if period.status not in _FIRM:
                continue
            sure = period.status is not Status.PASSED
            events.append(
                Event(day=period.start, kind="starts", instrument=law.id, what=law.title, sure=sure)
            )
            if period.until is not None:
                events.append(Event(day=period.until, kind="ends", instrument=law.id, what=law.title))
        firm = law.periods[-1].status
        for parameter in book.parameters.values():
            if parameter.id.rsplit(".", 1)[0] != place or parameter.unit != "date" or firm not in _FIRM:
                continue
            for entry in parameter.values:
                if isinstance(entry.value, datetime.date):
                    what = f"{law.short}: {parameter.title}"
                    sure = firm is not Status.PASSED
                    events.append(
                        Event(day=entry.value, kind="date", instrument=law.id, what=what, sure=sure)
                    )
    ahead = {one for one in events if one.day > on and (until is None or one.day <= until)}
    return tuple(sorted(ahead, key=lambda one: (one.day, one.instrument, one.kind, one.what)))


def due_for_checking(
    book: RuleBook, on: datetime.date, *, days: int = 180
) -> tuple[tuple[str, datetime.date], ...]:
    """Instruments whose data was last checked more than `days` before `on`: (id, checked_on), oldest first."""
    limit = on - datetime.timedelta(days=days)
    old = [(law.id, law.checked_on) for law in book.instruments.values() if law.checked_on < limit]
    return tuple(sorted(old, key=lambda one: (one[1], one[0])))
