# SPDX-License-Identifier: Apache-2.0
"""US export and investment rules: published weights are free, closed weights of very large models are not enforced,
investors have lines of their own, letters of 2026 named others."""

from core.domain.finding import Finding
from core.rules.case import Case
from core.rules.conditions import flop_line, shown
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.trace import day_words, step
from core.texts import text

_PUBLISHED = "us_federal.ear_published"
_CLOSED = "us_federal.ear_4e091"
_OUTBOUND = "us_federal.outbound_850"


def judge_export(case: Case) -> tuple[Finding, ...]:
    """15 CFR 734.7, ECCN 4E091 and the letters of June 2026."""
    return (
        conclude(case, _PUBLISHED, _published(case)),
        conclude(case, _CLOSED, _closed(case)),
        conclude(case, "us_federal.bis_letters_2026", out("named_others")),
    )


def _published(case: Case) -> Ruling:
    """Open to everyone, to pass on freely: outside the rules. A gate may break that."""
    form = case.word("release_form")
    if form == "gated":
        return open_("gated", "publish")
    if form == "open_weights" or (form is None and case.yes("weights_public")):
        return hit("published", aside=True)
    return out("shape_open" if form is None else "keeps_weights")


def _closed(case: Case) -> Ruling:
    line = flop_line(case, _CLOSED, "closed_line", text("rules_world.us-ear-4e091.line"))
    day = case.rules.date(f"{_CLOSED}.enforcement_planned")
    steps = (*shown(line), step("rules_why.step.followed", day=day_words(day)))
    form = case.word("release_form")
    if form == "open_weights" or (form is None and case.yes("weights_public")):
        ruling = out("published_out")
    elif line.crossed and _less_than_open(case):
        ruling = out("less_than_open")
    elif line.crossed:
        ruling = open_("closed_over", "licence")
    else:
        ruling = out("under_line" if line.crossed is False else "closed_unknown")
    return ruling.but(lines=(line,), steps=steps, filled={"distance": line.distance})


def _less_than_open(case: Case) -> bool:
    """A model that took no more than the most powerful published one is not controlled, however large it is."""
    largest, total = case.known.integer("largest_open_flop"), case.accounts.cumulative
    return largest is not None and total is not None and total.central <= largest.value


def judge_outbound(case: Case) -> Finding:
    """31 CFR part 850 is about money put into firms; the lines are on the firm's model."""
    name = "rules_world.us-outbound-850.line"
    notify = flop_line(case, _OUTBOUND, "notify_line", text(f"{name}.notify"))
    banned = flop_line(case, _OUTBOUND, "prohibit_line", text(f"{name}.banned"))
    biology = flop_line(case, _OUTBOUND, "prohibit_bio_line", text(f"{name}.biology"))
    lines = (notify, banned, biology)
    if not case.yes("investing_abroad"):
        ruling = out("no_investor")
    elif banned.crossed or (biology.crossed and case.yes("biological_data")):
        ruling = hit("invest_banned", "stop", forbidden=True)
    elif notify.crossed:
        ruling = hit("invest_notice", "notice")
    else:
        ruling = out("invest_small")
    return conclude(case, _OUTBOUND, ruling.but(lines=lines, steps=shown(*lines)))
