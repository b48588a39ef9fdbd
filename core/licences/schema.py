# SPDX-License-Identifier: Apache-2.0
"""The shape of the licence data: what a licence asks of whoever publishes a model made from its model."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from core.domain.base import Frozen

Test = Literal["pass", "fail", "unclear"]
Day = Annotated[datetime.date, Field(strict=True)]


class LicenceSource(Frozen):
    """Where the text was read. `read`: the full text, a secondary source, or not read again for this table."""

    title: str
    locator: str
    url: str | None = None
    read: Literal["full", "secondary", "not_reread"]


class Licence(Frozen):
    """One licence. Amounts are exact; empty text or None means that the licence has no such term."""

    id: str
    also: tuple[str, ...] = ()
    """Other ids under which the same licence is listed (hub ids, ids of the base model table)."""
    bases: tuple[str, ...] = ()
    """Exact hub ids of base models under this licence, where the base model table is too coarse to tell."""
    name: str
    models: str
    text_date: str
    copy_of_licence: bool
    notice: str | None = None
    """Exact sentence for a file named Notice."""
    carry_notice: bool = False
    """A NOTICE file of the base is passed on."""
    attribution: str = ""
    state_changes: bool = False
    display_text: str | None = None
    name_prefix: str | None = None
    acceptable_use: str | None = None
    pass_on_limits: bool = False
    same_licence: bool = False
    non_commercial: bool = False
    user_limit: Annotated[int, Field(gt=0)] | None = None
    revenue_limit_usd: Annotated[int, Field(gt=0)] | None = None
    not_in_eu: str = ""
    outputs: str = ""
    extra: tuple[str, ...] = ()
    free_and_open: Test
    why: str
    source: LicenceSource
    checked_on: Day
