# SPDX-License-Identifier: Apache-2.0
"""The duties of a provider: Articles 52 to 55, in plain words with their article."""

from core.domain.finding import Duty
from core.rules.case import Case
from core.rules.eu.answer import Answer
from core.rules.eu.open_source import Relief
from core.texts import text

_DOCUMENTS = {
    "53(1)(a)": "eu_model_form",
    "53(1)(b)": "eu_downstream",
    "53(1)(c)": "eu_copyright_policy",
    "53(1)(d)": "eu_public_summary",
    "52(1)": "eu_notification",
}
"""The document (core.documents) that meets a duty."""

_SYSTEMIC = ("52(1)", "55(1)(a)", "55(1)(b)", "55(1)(c)", "55(1)(d)")


def duty(case: Case, code: str, *, modifier: bool = False) -> Duty:
    """One duty. A modifier's papers cover the modification only (recital 109)."""
    narrowed = modifier and code in ("53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)")
    said = text(f"rules_eu.duty.{code}", days=case.rules.whole("eu.ai_act.notice_days"))
    document = _DOCUMENTS.get(code)
    return Duty(
        code=code,
        document=document,
        text=f"{said} {text('rules_eu.duty.modifier_only')}" if narrowed else said,
    )


def provider_duties(case: Case, answer: Answer, relief: Relief) -> tuple[tuple[Duty, ...], tuple[Duty, ...]]:
    """What a provider owes, and what the open-source relief takes away (or may, where it is a judgement)."""
    lighter = relief.status in ("yes", "judgement")
    representative = ("54",) if case.yes("developer_in_eu") is False else ()
    if lighter:
        owed: tuple[str, ...] = ("53(1)(c)", "53(1)(d)", "53(3)")
        off: tuple[str, ...] = ("53(1)(a)", "53(1)(b)", "54")
    else:
        owed = ("53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)", "53(3)", *representative)
        off = ()
    if answer.systemic == "yes":
        owed = (*owed, *_SYSTEMIC)
    return (
        tuple(duty(case, code, modifier=answer.modifier) for code in owed),
        tuple(duty(case, code, modifier=answer.modifier) for code in off),
    )


def notify(case: Case) -> tuple[Duty, ...]:
    """What is owed before release once the systemic line is met or will be: Article 52(1)."""
    return (duty(case, "52(1)"),)
