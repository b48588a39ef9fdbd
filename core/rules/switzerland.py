# SPDX-License-Identifier: Apache-2.0
"""Switzerland: no AI act; a draft is due by the end of 2026."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.ruling import conclude, out


def judge_switzerland(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Told for completeness; it asks nothing of a release."""
    return (conclude(case, "switzerland.no_ai_act", out("no_law")),), ()
