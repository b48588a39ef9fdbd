# SPDX-License-Identifier: Apache-2.0
"""What the EU AI Act asks of people who also ship a demo, app, bot or Space: Article 50, and two bans of Article 5;
Article 25(4) on parts of high-risk systems stands in component.py.

Both bind systems. Weights alone are a model (recital 97); whether weights with a script are a system is open.
The open-source exemption for systems (Article 2(12)) leaves out Articles 5 and 50.
"""

import datetime

from core.domain.finding import Finding, TraceStep
from core.rules.case import Case
from core.rules.conditions import MEDIA, is_service, outputs
from core.rules.eu.component import judge_component
from core.rules.eu.fines import fine_step
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step

ARTICLE_50 = "eu.article_50"
ARTICLE_5 = "eu.article_5"


def judge_systems(case: Case, gpai: str) -> tuple[Finding, ...]:
    """The three articles. `gpai` is what the chapter on models says of the model."""
    return (
        conclude(case, ARTICLE_50, _labels(case)),
        conclude(case, ARTICLE_5, _bans(case)),
        judge_component(case, gpai),
    )


def _labels(case: Case) -> Ruling:
    outside = _outside(case)
    if outside is not None:
        return outside
    shows = ("50(4)",) if case.word("shows_ai") in ("deepfakes", "public_texts") else ()
    run = is_service(case)
    if run is not True or case.generative is False:
        none = "labels" if run else "files_only" if run is False else "files_assumed"
        return hit("shows_made", *shows) if shows else out(none)
    if case.word("sexual_images") in ("real_people", "children"):
        return out("banned_anyway")
    kinds = outputs(case)
    talks = not kinds or bool(kinds & {"text", "audio"})
    exempt = case.word("marking_exempt")
    marks = ("50(2)",) if exempt is None else ()
    duties = (*(("50(1)",) if talks else ()), *marks, *shows)
    if not duties:
        return out("no_marks_needed")
    deadline = _more_time(case) if marks else None
    ruling = hit("demo_media" if kinds & MEDIA else "demo", *duties)
    if not case.generative:
        ruling = open_("demo_kind_open", *duties)
    return ruling.but(steps=_label_steps(case, deadline, exempt), deadline=deadline)


def _label_steps(case: Case, deadline: datetime.date | None, exempt: str | None) -> tuple[TraceStep, ...]:
    """What else a lawyer wants to know: more time, what needs no mark, the open licence, the code, the fine."""
    detectors = day_words(case.rules.date(f"{ARTICLE_50}.detectors_by"))
    return (
        *(() if deadline is None else (step("rules_why.step.older_system", day=day_words(deadline)),)),
        *(() if exempt is None else (step("rules_why.step.no_mark"),)),
        step("rules_why.step.open_system"),
        step("rules_why.step.mark_code", day=detectors),
        fine_step(case.rules, ARTICLE_50, higher=False),
    )


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
        if case.yes("undress_easy") and is_service(case):
            steps = (fine_step(case.rules, ARTICLE_5, higher=False),)
            return hit("undress_easy", "5(1)(ba)", forbidden=True, steps=steps)
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
