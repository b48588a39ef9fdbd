# SPDX-License-Identifier: Apache-2.0
"""What a rule says about a release."""

import datetime
from enum import StrEnum

from core.domain.base import Frozen


class Outcome(StrEnum):
    """The five answers a rule can give."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"
    NOT_YET = "not_yet"
    HISTORY_ONLY = "history_only"
    UNCERTAIN = "uncertain"


class Source(Frozen):
    """Where a rule can be read. `locator` is the article, section or point."""

    title: str
    locator: str
    url: str | None = None
    checked_on: datetime.date
    read_in: str = ""
    """Empty when the original was read; else "secondary source" and the like, told to the user."""


class TraceStep(Frozen):
    """One step of the reasoning: rule, value used, input, result; a lawyer can follow it."""

    rule: str
    value: str = ""
    inputs: str = ""
    result: str = ""


class Duty(Frozen):
    """Something owed, in plain words. `code` is the article ("53(1)(d)"), stable for machines."""

    code: str
    text: str
    document: str | None = None
    """Id of the document Weighbridge can write for it."""
    short: str = ""
    """The same in a few words, for a list."""


class Line(Frozen):
    """A threshold and how far this model is from it. `account` is own, base, direct or cumulative."""

    id: str
    label: str
    value: int
    operator: str
    account: str
    model_value: int | None = None
    crossed: bool | None = None
    """None when the model's value is not known."""
    straddles: bool = False
    """The range of the estimate lies on both sides of the line."""
    distance: str = ""
    """Words: "about 140 times below"."""
    in_force: bool = True


class Finding(Frozen):
    """One instrument's answer for one release on one date."""

    instrument: str
    jurisdiction: str
    title: str
    outcome: Outcome
    headline: str
    """One plain line."""
    why: str = ""
    duties: tuple[Duty, ...] = ()
    relieved: tuple[Duty, ...] = ()
    applies_from: datetime.date | None = None
    ended_on: datetime.date | None = None
    deadline: datetime.date | None = None
    lines: tuple[Line, ...] = ()
    because: tuple[TraceStep, ...] = ()
    other_reading: str = ""
    """For UNCERTAIN: the second way to read it."""
    would_change: str = ""
    todo: str = ""
    caveat: str = ""
    sources: tuple[Source, ...] = ()
    matters: bool = True
    """Something to do or to settle for this release; the rest is listed after it, for completeness."""
    forbidden: bool = False
    """The law bans such a model; no paper makes it right."""


class EuSummary(Frozen):
    """The EU chapter in four answers. gpai: yes|likely|no|criterion_not_met|unclear|base_yes."""

    gpai: str
    provider: str
    """yes | no | unclear"""
    systemic: str
    open_source_exempt: str
    """yes | no | unclear | not_needed"""


class LicenceDuty(Frozen):
    """What the licence of a base model asks of whoever publishes a derivative."""

    base_model: str
    licence_id: str
    licence_name: str
    duties: tuple[str, ...]
    name_prefix: str | None = None
    display_text: str | None = None
    notice: str | None = None
    free_and_open: str = "unclear"
    """EU free-and-open test: pass | fail | unclear."""
    source: Source | None = None
    caveat: str = ""
