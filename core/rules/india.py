# SPDX-License-Identifier: Apache-2.0
"""India: IT Rules on synthetic media bind platforms and services, not people who publish weights."""

from core.domain.finding import Finding, Line
from core.rules.case import Case
from core.rules.conditions import service
from core.rules.ruling import conclude


def judge_india(case: Case) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Reached by a service for people there."""
    return (conclude(case, "india.it_rules", service(case, "in", "label", media=True)),), ()
