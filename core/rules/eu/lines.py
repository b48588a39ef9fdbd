# SPDX-License-Identifier: Apache-2.0
"""The three lines of the EU chapter for one model."""

from dataclasses import dataclass

from core.domain.estimate import FlopEstimate
from core.domain.finding import Line
from core.rules.case import Case, Start
from core.rules.schema import Standing
from core.rules.trace import compare, part_of
from core.texts import text
from core.units import times

PLACE = "eu.ai_act"


@dataclass(frozen=True)
class EuLines:
    """Indicator, systemic presumption, and the one-third bar where there is a base."""

    indicator: Line
    systemic: Line
    bar: Line | None
    stand_in: bool
    """The bar rests on a stand-in because the base's compute is not known (Guidelines point 61)."""

    @property
    def all(self) -> tuple[Line, ...]:
        """Every line, for the scale."""
        return tuple(line for line in (self.indicator, self.bar, self.systemic) if line is not None)


def eu_lines(case: Case) -> EuLines:
    """Compare this model with the indicator (point 17), the bar (points 60, 61) and Article 51(2)."""
    rules = case.rules
    margin, _ = rules.share("eu.ai_act.error_margin")
    on = rules.standing(PLACE)[0] is Standing.IN_FORCE
    indicator = rules.threshold("eu.ai_act.gpai_indicator")
    systemic = rules.threshold("eu.ai_act.systemic_presumption")
    bar, stand_in = _bar(case, on)
    return EuLines(
        indicator=compare(
            name="eu.gpai_indicator",
            label=text("rules_eu.line.indicator"),
            value=indicator.value,
            operator=indicator.operator,
            account="direct",
            estimate=direct_of(case),
            margin=margin,
            in_force=indicator.standing is Standing.IN_FORCE,
        ),
        systemic=compare(
            name="eu.systemic_presumption",
            label=text("rules_eu.line.systemic"),
            value=systemic.value,
            operator=systemic.operator,
            account="cumulative",
            estimate=case.accounts.cumulative,
            margin=margin,
            in_force=systemic.standing is Standing.IN_FORCE,
        ),
        bar=bar,
        stand_in=stand_in,
    )


def direct_of(case: Case) -> FlopEstimate | None:
    """Operations of this training that updated the model; a conversion trains nothing."""
    if case.update is None and case.start is Start.CONVERSION:
        return FlopEstimate(low=0, central=0, high=0, method="no training")
    return case.update


def example_hours(case: Case, line: Line) -> str:
    """How long the Guidelines' example device (annex A.3) would need to reach the line, in words."""
    return times(line.value / case.rules.whole("eu.ai_act.example_hour"))


def _bar(case: Case, on: bool) -> tuple[Line | None, bool]:
    if case.start in (Start.SCRATCH, Start.UNKNOWN):
        return None, False
    share, operator = case.rules.share("eu.ai_act.modification_share")
    margin, _ = case.rules.share("eu.ai_act.error_margin")
    operator = operator or ">"
    base = case.accounts.base
    if base is not None:
        # Who types 2 on the way to 2e23 must not meet a line of 0, from which nothing has a distance.
        value = max(1, part_of(base.central, share, operator))
        spread = (part_of(base.low, share, operator), part_of(base.high, share, operator))
    else:
        systemic = case.yes("base_systemic") is True
        name = "eu.ai_act.stand_in_base_systemic" if systemic else "eu.ai_act.stand_in_base"
        value = part_of(case.rules.whole(name), share, operator)
        spread = (value, value)
    line = compare(
        name="eu.modification_bar",
        label=text("rules_eu.line.bar" if base is not None else "rules_eu.line.bar_stand_in"),
        value=value,
        operator=operator,
        account="direct",
        estimate=direct_of(case),
        margin=margin,
        in_force=on,
        spread=spread,
    )
    return line, base is None
