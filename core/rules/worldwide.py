# SPDX-License-Identifier: Apache-2.0
"""What holds nearly everywhere: copyright in training data, and the general law on harm done with a tool."""

from core.domain.finding import Finding, Line
from core.rules.case import Case, Start
from core.rules.conditions import intimate
from core.rules.ruling import Ruling, conclude, hit, open_, out


def judge_worldwide(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Both records; the second is advice, not one law."""
    return (
        conclude(case, "worldwide.copyright", _copyright(case)),
        conclude(case, "worldwide.general_crimes", _harm(case)),
    ), ()


def _copyright(case: Case) -> Ruling:
    if case.start in (Start.MERGE, Start.CONVERSION):
        return out("no_data")
    said = case.word("data_rights")
    if said == "pirated":
        return hit("pirated", "sources")
    if said in ("mine", "open_licence"):
        return out("rights_clear")
    # courts of several countries differ, so it stays open for nearly everybody: told, not pressed
    return open_("rights_open", aside=said is None)


def _harm(case: Case) -> Ruling:
    if case.yes("harmful_purpose"):
        return hit("harmful", "aim", forbidden=True)
    ruling = intimate(case, "aim")
    return ruling if ruling.forbidden else out("honest_release")
