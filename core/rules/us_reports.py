# SPDX-License-Identifier: Apache-2.0
"""US reports on very large training: Executive Order 14110 (30 October 2023 to 20 January 2025) and the draft rule
under it, which never became law. History, never a duty."""

from core.domain.finding import Finding, Line, TraceStep
from core.rules.case import Case
from core.rules.conditions import amount, flop_line, said_amount, shown
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.rules.schema import Standing
from core.rules.trace import compare
from core.texts import text

_ORDER = "us_federal.eo_14110"
_DRAFT = "us_federal.bis_2024_nprm"


def judge_reports(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Both findings, and the order's line for the scale."""
    line = _order_line(case)
    run = flop_line(case, _DRAFT, "run_line", text("rules_world.us-bis-2024-nprm.line"), "own")
    return (
        conclude(case, _ORDER, _ruling(case, _ORDER, line)),
        conclude(case, _DRAFT, _ruling(case, _DRAFT, run)),
    ), (line,)


def _order_line(case: Case) -> Line:
    """Models trained mainly on biological sequences have a line of their own."""
    name = "bio_line" if case.yes("biological_data") else "report_line"
    threshold = case.rules.threshold(f"{_ORDER}.{name}")
    margin, _ = case.rules.share("eu.ai_act.error_margin")
    return compare(
        name=_ORDER,
        label=text("rules_us.eo14110.line"),
        value=threshold.value,
        operator=threshold.operator,
        account="cumulative",
        estimate=case.accounts.cumulative,
        margin=margin,
        in_force=case.rules.standing(_ORDER)[0] is Standing.IN_FORCE,
    )


def _ruling(case: Case, place: str, line: Line) -> Ruling:
    large, steps = _cluster(case, place)
    if large:
        ruling = hit("cluster", "cluster")
    elif line.crossed is None:
        ruling = open_("compute_unknown")
    elif line.crossed:
        ruling = hit("over_line", "4.2(a)" if place == _ORDER else "notice")
    else:
        ruling = out("under_line")
    if large and line.crossed:
        ruling = ruling.but(duties=("4.2(a)" if place == _ORDER else "notice", "cluster"))
    filled = {"distance": line.distance}
    return ruling.but(lines=(line,), steps=(*shown(line), *steps), filled=filled)


def _cluster(case: Case, place: str) -> tuple[bool, tuple[TraceStep, ...]]:
    """Peak of all devices together, and the speed of the links between them, where both are known."""
    peak, count = case.known.integer("device_peak_flops"), case.known.integer("device_count")
    total = peak.value * count.value if peak is not None and count is not None else None
    fast, first = amount(case, f"{place}.cluster_line", total)
    linked, second = said_amount(case, f"{place}.cluster_network", "network_gbit_s")
    return bool(fast and linked), (first, second)
