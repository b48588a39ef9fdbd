# SPDX-License-Identifier: Apache-2.0
"""A model that began as somebody else's: the one-third rule (Guidelines points 59 to 63) and its edges."""

from core.domain.estimate import FlopEstimate
from core.domain.finding import Line, TraceStep
from core.rules.case import Case, Start
from core.rules.eu.answer import Answer, Gpai, Three
from core.rules.eu.lines import EuLines, example_hours
from core.rules.eu.own_model import own_model, small_step, very_general
from core.rules.rulebook import COMPARE
from core.rules.trace import line_step, part_of, step
from core.units import distance, scientific

_MOST_PARENTS = 100
"""No merge mixes more models than this; the trainings of all of them together are bounded by it."""


def modified_model(case: Case, lines: EuLines) -> Answer:
    """Whether changing somebody else's model made this person a provider.

    The rule speaks of general-purpose bases, so the lowest bar there is stands at one third of the indicator:
    a training below it is below every bar, whatever the base (points 17 and 60 read together).
    """
    if case.start is Start.UNKNOWN:
        return _start_unknown(case, lines)
    if case.accounts.base is None:
        return _base_unknown(case, lines)
    if case.yes("base_general") is False and _over_indicator(case):
        return _narrow_base(case, lines)
    if not _base_is_general(case):
        return _small_base(case, lines)
    return _general_base(case, lines)


def _general_base(case: Case, lines: EuLines) -> Answer:
    bar = _bar(lines)
    steps = (line_step(bar),)
    filled = {"distance": bar.distance}
    if case.start is Start.CONVERSION and bar.crossed is not True:
        return Answer(gpai="base_yes", provider="no", systemic="no", reason="conversion", steps=steps)
    if bar.crossed is None and case.start is not Start.MERGE:
        return _no_compute(case, lines, "base_yes")
    if bar.crossed:
        return _over_bar(case, lines, filled)
    if case.start is Start.MERGE:
        return Answer(gpai="base_yes", provider="unclear", systemic=_open(lines), reason="merge", steps=steps)
    chain = _chain(case, lines, steps)
    return chain or Answer(
        gpai="base_yes", provider="no", systemic="no", reason="below_bar", filled=filled, steps=steps
    )


def _chain(case: Case, lines: EuLines, steps: tuple[TraceStep, ...]) -> Answer | None:
    """Several people changed the model one after the other: whether their trainings add up is open (points 22, 60)."""
    earlier, update, bar = case.known.integer("earlier_tunes_flop"), case.update, _bar(lines)
    if earlier is None or update is None:
        return None
    total = update.central + earlier.value
    if not COMPARE[bar.operator](total, bar.value):
        return None
    return Answer(
        gpai="base_yes",
        provider="unclear",
        systemic=_open(lines),
        reason="chain",
        filled={"distance": bar.distance, "together": distance(total, bar.value)},
        steps=(*steps, step("rules_eu.step.chain", inputs=f"{scientific(total, 3)} FLOP")),
    )


def _narrow_base(case: Case, lines: EuLines) -> Answer:
    """A large base that is not general-purpose (point 20): the one-third rule does not speak of it."""
    if lines.indicator.crossed:
        return own_model(case, lines)
    steps = (step("rules_eu.step.narrow_base"), line_step(lines.indicator))
    return Answer(gpai="no", provider="no", systemic="no", reason="narrow_base", steps=steps)


def _over_bar(case: Case, lines: EuLines, filled: dict[str, str]) -> Answer:
    steps = (line_step(_bar(lines)), line_step(lines.systemic))
    if case.narrow is True:
        narrow = (*steps, step("rules_eu.step.narrow"))
        return Answer(gpai="no", provider="no", systemic="no", reason="narrow", filled=filled, steps=narrow)
    if case.indicator_kind is False:
        kind = (*steps, step("rules_eu.step.kind"))
        return Answer(gpai="no", provider="no", systemic="no", reason="kind", filled=filled, steps=kind)
    return Answer(
        gpai="yes",
        provider="yes",
        systemic=_systemic(case, lines),
        reason="over_bar_stand_in" if lines.stand_in else "over_bar",
        filled=filled,
        modifier=True,
        steps=steps,
    )


def _small_base(case: Case, lines: EuLines) -> Answer:
    """The base itself is below the indicator: the one-third rule does not speak of it (point 118, unresolved)."""
    steps: tuple[TraceStep, ...] = (step("rules_eu.step.small_base"), line_step(lines.indicator))
    if case.start is Start.CONVERSION:
        return Answer(
            gpai="criterion_not_met", provider="no", systemic="no", reason="conversion", steps=steps
        )
    if lines.indicator.crossed:
        return own_model(case, lines)  # this training alone is over the indicator
    base, update = case.accounts.base, case.update
    if base is None:
        raise ValueError("the base's compute is known here")
    if update is None and case.start is not Start.MERGE:
        return _no_compute(case, lines, "unclear")
    total = base.central + (update.central if update is not None else 0)
    indicator = case.rules.threshold("eu.ai_act.gpai_indicator")
    bar = _bar(lines)
    if indicator.crossed_by(total) and update is not None and bar.crossed is False and _lost_in(base, update):
        return Answer(
            gpai="unclear",
            provider="no",
            systemic="no",
            reason="below_bar",
            filled={"distance": bar.distance},
            steps=(step("rules_eu.step.rough_base"), line_step(lines.indicator), line_step(bar)),
        )
    filled = {"distance": distance(total, indicator.value)}
    if not indicator.crossed_by(total) and case.yes("very_general") is True:
        return very_general(lines, steps, filled)
    if not indicator.crossed_by(total) or case.indicator_kind is False:
        return Answer(
            gpai="criterion_not_met",
            provider="no",
            systemic="no",
            reason="small_base",
            filled=filled,
            steps=steps,
        )
    if case.narrow is True:
        return Answer(gpai="no", provider="no", systemic="no", reason="narrow", filled=filled, steps=steps)
    return Answer(
        gpai="unclear",
        provider="unclear",
        systemic=_open(lines),
        reason="small_base_sum",
        filled=filled,
        steps=steps,
    )


def _lost_in(base: FlopEstimate, update: FlopEstimate) -> bool:
    """Whether the update is under a thousandth of how far the base's figure may be off.

    Such an update does not take a sum over a line: either the base is over it, and one third of that base is the bar, or both
    together are not, but for one case in a thousand.
    """
    return update.central * 1_000 < base.high - base.low


def _base_unknown(case: Case, lines: EuLines) -> Answer:
    bar = _bar(lines)
    steps = (line_step(bar),)
    filled = {"distance": bar.distance}
    if case.start is Start.CONVERSION:
        return Answer(gpai="unclear", provider="no", systemic="no", reason="conversion", steps=steps)
    if case.start is Start.MERGE and case.too_small_for(lines.indicator, models=_MOST_PARENTS):
        small = (line_step(lines.indicator), small_step())
        return Answer(
            gpai="criterion_not_met", provider="no", systemic="no", reason="too_small_merge", steps=small
        )
    if case.start is Start.MERGE and bar.crossed is not True:
        return Answer(gpai="unclear", provider="unclear", systemic="unclear", reason="merge", steps=steps)
    if bar.crossed is None:
        return _no_compute(case, lines, "unclear")
    if not bar.crossed:
        return Answer(
            gpai="base_yes" if _base_is_general(case) else "unclear",
            provider="no",
            systemic="no",
            reason="below_lowest_bar",
            filled=filled,
            steps=steps,
        )
    if base_cannot_be_known(case):
        return _over_bar(case, lines, filled)
    return Answer(
        gpai="unclear",
        provider="unclear",
        systemic="unclear",
        reason="base_unknown",
        filled=filled,
        steps=steps,
    )


def base_cannot_be_known(case: Case) -> bool:
    """The person said that the base's compute is not told, and neither are its size or its tokens.

    Only then do the stand-ins of point 61 apply; a base that can be estimated has its own bar.
    """
    known = case.known
    return known.dont_know("base_flop") and (
        known.dont_know("base_tokens") or known.dont_know("base_parameters")
    )


def _start_unknown(case: Case, lines: EuLines) -> Answer:
    """Neither a base nor "from scratch" was said: both readings must agree to answer."""
    update = case.update
    if update is None:
        return _no_compute(case, lines, "unclear")
    share, operator = case.rules.share("eu.ai_act.modification_share")
    lowest = part_of(case.rules.whole("eu.ai_act.stand_in_base"), share, operator or ">")
    steps = (
        line_step(lines.indicator),
        step("rules_eu.step.lowest_bar", value=f"{scientific(lowest, 3)} FLOP"),
    )
    if not COMPARE[operator or ">"](update.central, lowest):
        return Answer(
            gpai="unclear",
            provider="no",
            systemic="no",
            reason="below_both",
            filled={"distance": distance(update.central, lowest)},
            steps=steps,
        )
    return Answer(gpai="unclear", provider="unclear", systemic="unclear", reason="start_unknown", steps=steps)


def _no_compute(case: Case, lines: EuLines, gpai: Gpai) -> Answer:
    line = lines.bar or lines.indicator
    if case.too_small_for(line):
        return Answer(
            gpai=gpai,
            provider="no",
            systemic="no",
            reason="too_small",
            filled={},
            steps=(line_step(line), small_step()),
        )
    return Answer(
        gpai=gpai,
        provider="unclear",
        systemic="unclear" if lines.systemic.crossed is not False else "no",
        reason="compute_unknown_base" if lines.bar is not None else "compute_unknown",
        filled={"hours": example_hours(case, line)},
        steps=(line_step(line),),
    )


def _systemic(case: Case, lines: EuLines) -> Three:
    """A base with systemic risk, changed beyond its bar, stays systemic (points 67, 68); else the sum decides."""
    base = case.accounts.base
    line = case.rules.threshold("eu.ai_act.systemic_presumption")
    if case.yes("base_systemic") is True or (base is not None and line.crossed_by(base.central)):
        return "yes"
    own = case.update
    if base is None and case.yes("base_systemic") is False and own is not None:
        return "yes" if line.crossed_by(own.central) else "no"  # the stand-in of point 61 is no systemic base
    return "yes" if lines.systemic.crossed else _open(lines)


def _open(lines: EuLines) -> Three:
    """For a provider who is not certain: only a sum below the line settles it."""
    return "no" if lines.systemic.crossed is False else "unclear"


def _base_is_general(case: Case) -> bool:
    if case.yes("base_systemic") is True or case.yes("base_general") is True:
        return True
    return _over_indicator(case)


def _over_indicator(case: Case) -> bool:
    base = case.accounts.base
    return base is not None and case.rules.threshold("eu.ai_act.gpai_indicator").crossed_by(base.central)


def _bar(lines: EuLines) -> Line:
    if lines.bar is None:
        raise ValueError("a model with a base has a bar")
    return lines.bar
