# SPDX-License-Identifier: Apache-2.0
"""Who is provider when several people have a part: Guidelines points 49, 55, 56 and 22, footnotes 12 and 13, and
designation by the Commission (Article 51(1)(b))."""

from core.domain.finding import TraceStep
from core.rules.case import Case
from core.rules.eu.answer import Answer, Three
from core.rules.eu.lines import EuLines
from core.rules.trace import step

_NOT_YOU = ("host", "made_for_other")


def by_role(case: Case, lines: EuLines, answer: Answer) -> Answer:
    """The model test, changed by this person's part. A consortium is settled in the scope (duties stay listed)."""
    role = case.word("role")
    if role in _NOT_YOU:
        steps = (*answer.steps, step(f"rules_eu.step.{role}"))
        return answer.replace(provider="no", systemic="no", reason=role, steps=steps)
    if role == "integrator":
        return _integrator(case, lines, answer)
    if case.yes("eu_designated") and answer.gpai in ("yes", "likely", "unclear"):
        answer = answer.replace(
            gpai="likely" if answer.gpai == "likely" else "yes",
            provider="yes",
            systemic="yes",
            reason="designated",
            steps=(*answer.steps, _designated(case)),
        )
    if answer.provider == "yes" and answer.systemic != "yes":
        answer = answer.replace(steps=(*answer.steps, *_reach(case)))
    if case.yes("trained_through_api") and answer.provider == "yes" and answer.modifier:
        steps = (*answer.steps, step("rules_eu.step.api"))
        return answer.replace(provider="unclear", reason="api", steps=steps)
    return answer


def _designated(case: Case) -> TraceStep:
    """Named by the Commission; wide reach is presumed from a number of business users on (Annex XIII)."""
    reach = case.rules.threshold("eu.ai_act.reach_users")
    users = f"{reach.value:,}"
    return step("rules_eu.step.designated", value=f"{reach.operator} {users}", users=users)


def _reach(case: Case) -> tuple[TraceStep, ...]:
    """Wide reach is one of the things the Commission looks at; it names the model, the number alone does not."""
    users = case.known.integer("eu_business_users")
    if users is None:
        return ()
    reach = case.rules.threshold("eu.ai_act.reach_users")
    name = "reach" if reach.crossed_by(users.value) else "no_reach"
    return (
        step(f"rules_eu.step.{name}", value=f"{reach.operator} {reach.value:,}", inputs=f"{users.value:,}"),
    )


def _integrator(case: Case, lines: EuLines, answer: Answer) -> Answer:
    """Builds somebody's model into a product: its maker is provider, unless they clearly kept it out of the EU."""
    general = lines.systemic.crossed is True or _base_general(case)
    if case.yes("base_excludes_eu") and general:
        systemic: Three = "yes" if lines.systemic.crossed else "no"
        return Answer(
            gpai="likely",
            provider="yes",
            systemic=systemic,
            reason="integrator_eu",
            steps=(step("rules_eu.step.integrator_eu"),),
        )
    return answer.replace(
        gpai="likely" if general else answer.gpai,
        provider="no",
        systemic="no",
        reason="integrator",
        steps=(step("rules_eu.step.integrator"),),
    )


def _base_general(case: Case) -> bool:
    base = case.accounts.base
    if case.yes("base_general") is True or case.yes("base_systemic") is True:
        return True
    return base is not None and case.rules.threshold("eu.ai_act.gpai_indicator").crossed_by(base.central)
