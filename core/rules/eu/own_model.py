# SPDX-License-Identifier: Apache-2.0
"""A model trained from scratch: the indicator (Guidelines points 17 and 20) and systemic risk (Article 51)."""

from core.domain.finding import TraceStep
from core.rules.case import TOKENS_BEYOND_ANY, Case
from core.rules.eu.answer import Answer, Gpai, Three
from core.rules.eu.lines import EuLines, example_hours
from core.rules.trace import line_step, step
from core.units import distance, scientific


def own_model(case: Case, lines: EuLines) -> Answer:
    """Whether a model trained from scratch is general-purpose, and whether it is presumed systemic."""
    crossed = _crossed(case, lines)
    steps = [line_step(lines.indicator)]
    filled = {"distance": lines.indicator.distance}
    if crossed is False and case.yes("very_general") is True:
        return very_general(lines, tuple(steps), filled)
    if crossed is False:
        if lines.indicator.model_value is None and case.accounts.cumulative is not None:
            filled = {"distance": distance(case.accounts.cumulative.central, lines.indicator.value)}
        return _answer("criterion_not_met", "no", "no", "below", filled, steps)
    if case.narrow is True:
        steps.append(step("rules_eu.step.narrow"))
        return _answer("no", "no", "no", "narrow", filled, steps)
    if case.indicator_kind is False:
        steps.append(step("rules_eu.step.kind"))
        return _answer("criterion_not_met", "no", "no", "kind", filled, steps)
    if crossed is None and case.too_small_for(lines.indicator):
        steps.append(small_step())
        return _answer("criterion_not_met", "no", "no", "too_small", filled, steps)
    if crossed is None:
        return _answer(
            "unclear",
            "unclear",
            "unclear",
            "compute_unknown",
            {"hours": example_hours(case, lines.indicator)},
            [*steps, *thumb_steps(case)],
        )
    systemic = systemic_own(lines)
    steps.append(line_step(lines.systemic))
    if case.indicator_kind is None:
        return _answer(
            "unclear", "unclear", "no" if systemic == "no" else "unclear", "kind_unknown", filled, steps
        )
    return _answer("likely", "yes", systemic, "over", filled, steps)


def very_general(lines: EuLines, steps: tuple[TraceStep, ...], filled: dict[str, str]) -> Answer:
    """Below the indicator, and yet general: the test of the law itself prevails (Article 3(63), point 20)."""
    return Answer(
        gpai="yes",
        provider="yes",
        systemic=systemic_own(lines),
        reason="very_general",
        filled=filled,
        steps=(*steps, step("rules_eu.step.very_general")),
    )


def thumb_steps(case: Case) -> tuple[TraceStep, ...]:
    """The older rule of thumb: a billion parameters trained on much data (recital 98, Guidelines point 18)."""
    parameters = case.footprint.parameters
    many = case.rules.threshold("eu.ai_act.many_parameters")
    if parameters is None or not many.crossed_by(parameters.total):
        return ()
    value, inputs = f"{many.operator} {many.value:,}", f"{parameters.total:,}"
    return (step("rules_eu.step.many_parameters", value=value, inputs=inputs),)


def small_step() -> TraceStep:
    """The bound that settles a small model whose compute is not known."""
    return step("rules_us.step.too_small", tokens=scientific(TOKENS_BEYOND_ANY, 1))


def systemic_own(lines: EuLines) -> Three:
    """Systemic by Article 51(2): cumulative compute strictly over the line; unknown stays unclear."""
    crossed = lines.systemic.crossed
    direct = lines.indicator.model_value
    if crossed is None and direct is not None and direct > lines.systemic.value:
        return "yes"  # what updated the model is part of the cumulative sum
    return "unclear" if crossed is None else "yes" if crossed else "no"


def _crossed(case: Case, lines: EuLines) -> bool | None:
    """The indicator; where only the cumulative sum is known and lies below, the direct part does too."""
    if lines.indicator.crossed is not None:
        return lines.indicator.crossed
    total = case.accounts.cumulative
    indicator = case.rules.threshold("eu.ai_act.gpai_indicator")
    return False if total is not None and not indicator.crossed_by(total.central) else None


def _answer(
    gpai: Gpai,
    provider: Three,
    systemic: Three,
    reason: str,
    filled: dict[str, str],
    steps: list[TraceStep],
) -> Answer:
    return Answer(
        gpai=gpai, provider=provider, systemic=systemic, reason=reason, filled=filled, steps=tuple(steps)
    )
