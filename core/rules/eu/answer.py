# SPDX-License-Identifier: Apache-2.0
"""What the compute tests of the EU chapter say, before scope and dates."""

from typing import Literal

from pydantic import Field

from core.domain.base import Frozen
from core.domain.finding import TraceStep

Gpai = Literal["yes", "likely", "no", "criterion_not_met", "unclear", "base_yes"]
Three = Literal["yes", "no", "unclear"]


class Answer(Frozen):
    """The model test. `reason` names the entries reason.<reason>.headline and .why of the rules_eu texts."""

    gpai: Gpai
    provider: Three
    systemic: Three
    reason: str
    filled: dict[str, str] = Field(default_factory=dict)
    modifier: bool = False
    """Provider of a modification: duties are limited to it (recital 109, Guidelines point 65)."""
    steps: tuple[TraceStep, ...] = ()
