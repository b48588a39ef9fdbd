# SPDX-License-Identifier: Apache-2.0
"""Brazil: PL 2338 is a bill."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_brazil(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "brazil.pl_2338", out("binds_state")),), ()
