# SPDX-License-Identifier: Apache-2.0
"""EU AI Act, Chapter V: who is provider of a general-purpose AI model, and what is owed.

Order of questions (as in the law): is it general-purpose, who is provider, systemic risk, scope, relief, dates.
"""

from core.domain.base import Frozen
from core.domain.finding import EuSummary, Finding, Line
from core.rules.case import Case, Start
from core.rules.eu.answer import Answer
from core.rules.eu.duties import provider_duties
from core.rules.eu.lines import PLACE, EuLines, eu_lines
from core.rules.eu.modified_model import modified_model
from core.rules.eu.open_source import Relief, relief
from core.rules.eu.own_model import own_model
from core.rules.eu.patchwork import judge_patchwork
from core.rules.eu.roles import by_role
from core.rules.eu.scope import Scope, scope
from core.rules.eu.systems import judge_systems
from core.rules.trace import caveat, unique
from core.texts import text

_MODEL_SOURCES = {
    Start.SCRATCH: ("indicator", "definition"),
    Start.MODIFICATION: ("modifier", "indicator"),
    Start.MERGE: ("modifier", "initial_weights"),
    Start.CONVERSION: ("modifier",),
    Start.UNKNOWN: ("indicator", "modifier"),
}

_ROLE_SOURCES = {
    "host": ("roles",),
    "made_for_other": ("roles",),
    "integrator": ("not_for_eu",),
    "integrator_eu": ("not_for_eu",),
    "api": ("roles",),
    "designated": ("designation",),
    "chain": ("roles",),
}


class EuResult(Frozen):
    """The finding on the chapter, the findings beside it, the four answers, and the lines."""

    finding: Finding
    beside: tuple[Finding, ...]
    eu: EuSummary
    lines: tuple[Line, ...]


def judge_eu(case: Case) -> EuResult:
    """Judge one release under Chapter V on the rules' day."""
    lines = eu_lines(case)
    answer = own_model(case, lines) if case.start is Start.SCRATCH else modified_model(case, lines)
    answer = by_role(case, lines, answer)
    open_source = relief(case, answer.systemic) if answer.provider == "yes" else None
    where = scope(case, answer)
    finding = _finding(case, answer, where, open_source, lines)
    provider = where.provider
    return EuResult(
        finding=finding,
        beside=(*judge_systems(case, answer.gpai), *judge_patchwork(case)),
        eu=EuSummary(
            gpai=answer.gpai,
            provider=provider,
            systemic=answer.systemic,
            open_source_exempt="not_needed"
            if open_source is None or provider == "no"
            else open_source.summary,
        ),
        lines=lines.all,
    )


def _finding(case: Case, answer: Answer, where: Scope, open_source: Relief | None, lines: EuLines) -> Finding:
    # a modifier of a general-purpose base is measured against the bar, not against the indicator
    measured_by_bar = answer.gpai in ("base_yes", "yes")
    deciding = tuple(line for line in lines.all if not (measured_by_bar and line is lines.indicator))
    instrument = case.rules.instruments[PLACE]
    duties, relieved = where.duties, where.duties[:0]
    if where.owes_all and open_source is not None:
        duties, relieved = provider_duties(case, answer, open_source)
    names = (*_MODEL_SOURCES[case.start], *where.sources)
    if open_source is not None and where.owes_all:
        names = (*names, "duties", "open_source", *(("systemic",) if answer.systemic != "no" else ()))
    names = (*names, *_ROLE_SOURCES.get(answer.reason, ()))
    if answer.reason == "small_base_sum":
        names = (*names, "initial_weights")
    sources = unique(case.rules.sources(PLACE, *names))
    return Finding(
        instrument=instrument.id,
        jurisdiction=instrument.jurisdiction,
        title=instrument.title,
        outcome=where.outcome,
        headline=where.headline,
        why=where.why,
        duties=duties,
        relieved=relieved,
        applies_from=where.applies_from,
        deadline=where.deadline,
        lines=lines.all,
        because=(*answer.steps, *where.steps, *(open_source.steps if open_source and where.owes_all else ())),
        other_reading=" ".join(
            part for part in (where.other_reading, _judgement(open_source, where)) if part
        ),
        would_change=where.would_change or _relief_hint(open_source, where),
        todo=where.todo,
        caveat=caveat(deciding, sources),
        sources=sources,
    )


def _judgement(open_source: Relief | None, where: Scope) -> str:
    if open_source is not None and where.owes_all and open_source.status == "judgement":
        return text("rules_eu.open.judgement")
    return ""


def _relief_hint(open_source: Relief | None, where: Scope) -> str:
    if open_source is not None and where.owes_all and open_source.status == "unclear":
        return text("rules_eu.open.hint")
    return ""
