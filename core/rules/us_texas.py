# SPDX-License-Identifier: Apache-2.0
"""Texas: TRAIGA (AI made for a banned aim). It turns on the aim, whatever the size."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import intimate
from core.rules.ruling import conclude, hit


def judge_texas(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Banned: abuse images, unlawful sexual deepfakes, pushing people to harm or crime, unlawful discrimination."""
    ruling = intimate(case, "aim")
    if case.yes("harmful_purpose"):
        ruling = hit("harmful", "aim", forbidden=True)
    return (conclude(case, "us_texas.traiga", ruling),), ()
