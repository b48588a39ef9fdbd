# SPDX-License-Identifier: Apache-2.0
"""What the EU AI Act asks of people who also ship a demo, app, bot or Space: Article 50, and two bans of Article 5.

Both bind systems. Weights alone are a model (recital 97); whether weights with a script are a system is open.
The open-source exemption for systems (Article 2(12)) leaves out Articles 5 and 50.
"""

import datetime

from core.domain.finding import Finding, TraceStep
from core.rules.case import Case
from core.rules.conditions import MEDIA, is_service, outputs
from core.rules.eu.fines import fine_step
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step

ARTICLE_50 = "eu.article_50"
ARTICLE_5 = "eu.article_5"


def judge_systems(case: Case) -> tuple[Finding, ...]:
    """Both articles."""
    return conclude(case, ARTICLE_50, _labels(case)), conclude(case, ARTICLE_5, _bans(case))


def _labels(case: Case) -> Ruling:
    outside = _outside(case)
    if outside is not None:
        return outside
    run = is_service(case)
    if run is not True:
        return out("files_only" if run is False else "files_assumed")
    if case.generative is False:
        return out("labels")
    if case.word("sexual_images") in ("real_people", "children"):
        return out("banned_anyway")
    kinds = outputs(case)
    talks = not kinds or bool(kinds & {"text", "audio"})
    duties = (*(("50(1)",) if talks else ()), "50(2)")
    steps: tuple[TraceStep, ...] = (fine_step(case.rules, ARTICLE_50, higher=False),)
    deadline = _more_time(case)
    if deadline is not None:
        steps = (step("rules_why.step.older_system", day=day_words(deadline)), *steps)
    reason = "demo_media" if kinds & MEDIA else "demo"
    ruling = hit(reason, *duties) if case.generative else open_("demo_kind_open", *duties)
    return ruling.but(steps=steps)


def _more_time(case: Case) -> datetime.date | None:
    """Systems placed before 2 August 2026 have until the deadline of Article 111(4) for the marks of 50(2)."""
    released = case.released
    deadline = case.rules.date(f"{ARTICLE_50}.older_deadline")
    older = released is not None and case.rules.falls(released, f"{ARTICLE_50}.older_cutoff")
    return deadline if older and case.rules.on < deadline else None


def _bans(case: Case) -> Ruling:
    outside = _outside(case)
    if outside is not None:
        return outside
    said = case.word("sexual_images")
    if said not in ("real_people", "children"):
        return out("not_intimate" if said == "no" else "no_such_system")
    code = "5(1)(ba)" if said == "real_people" else "5(1)(bb)"
    steps = (fine_step(case.rules, ARTICLE_5, higher=False),)
    if is_service(case):
        return hit(f"intimate_{said}", code, forbidden=True, steps=steps)
    return open_("weights_for_ban", code, forbidden=True, steps=steps)


def _outside(case: Case) -> Ruling | None:
    if case.private:
        return out("private")
    return out("not_in_eu") if case.yes("offered_in_eu") is False else None
