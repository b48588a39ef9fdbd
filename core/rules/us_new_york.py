# SPDX-License-Identifier: Apache-2.0
"""New York: the RAISE Act in its final form (from 1 January 2027), its first text, and a bill on training data."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import flop_line, said_amount, shown
from core.rules.frontier import Frontier, frontier_line, judge_frontier
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.texts import text

_FIRST = "us_new_york.raise_original"
_BILL = "us_new_york.s_6955"

RAISE = Frontier(
    place="us_new_york.raise_act",
    line_id="us_new_york.raise_act",
    texts="raise",
    codes=(("report", False), ("incidents", False), ("framework", True), ("statement", True)),
    offered="offered_in_new_york",
    definition=("definition",),
    all_sources=("definition", "sections"),
)


def judge_new_york(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """The RAISE Act with its line, its first text, and a bill. Below the line it is "does not apply" at any time."""
    line = frontier_line(case, RAISE)
    findings = (
        judge_frontier(case, RAISE, line),
        conclude(case, _FIRST, _first_text(case)),
        conclude(case, _BILL, _bill(case)),
    )
    return findings, (line,)


def _first_text(case: Case) -> Ruling:
    """Compute and cost together, or a costly distillation of such a model. Replaced before it applied."""
    line = flop_line(case, _FIRST, "frontier_line", text("rules_world.us-ny-raise-original.line"))
    costly, first = said_amount(case, f"{_FIRST}.training_cost", "training_cost_usd")
    distilled, second = said_amount(case, f"{_FIRST}.distilled_cost", "training_cost_usd")
    child = case.yes("distilled") is True and distilled
    if (line.crossed and costly) or child:
        ruling = hit("over_line", "plan")
    elif line.crossed and costly is None:
        ruling = open_("cost_open")
    else:
        ruling = out("under_line")
    return ruling.but(lines=(line,), steps=(*shown(line), first, second), filled={"distance": line.distance})


def _bill(case: Case) -> Ruling:
    if case.private:
        return out("private")
    if case.generative is False:
        return out("labels")
    return hit("data_statement", "statement") if case.generative else open_("kind_open", "statement")
