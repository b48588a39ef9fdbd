# SPDX-License-Identifier: Apache-2.0
"""New York: the RAISE Act in its final form, from 1 January 2027."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.frontier import Frontier, frontier_line, judge_frontier

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
    """The finding of the RAISE Act and its line. Below the line it is "does not apply", also before 2027."""
    line = frontier_line(case, RAISE)
    return (judge_frontier(case, RAISE, line),), (line,)
