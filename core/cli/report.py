# SPDX-License-Identifier: Apache-2.0
"""The Assessment as text for a terminal: the answer first, then the numbers, then the reasons."""

from core.cli.paragraph import paragraph
from core.cli.scan import print_troubles
from core.documents import MODEL_CARD
from core.domain.assessment import Assessment
from core.domain.document import Severity
from core.domain.estimate import FlopEstimate
from core.domain.finding import Outcome
from core.domain.footprint import Fit, counted_word
from core.domain.project import Project
from core.texts import text
from core.units import grouped, scientific
from core.verdict.parts import in_front


def print_assessment(project: Project, assessment: Assessment, *, explain: bool = False) -> None:
    """Print the verdict, the weight, what applies, and what is still open."""
    paragraph(
        f"{project.title or text('cli.untitled')} — {text('cli.judged_on', date=assessment.on.isoformat())}"
    )
    print()
    paragraph(assessment.verdict.headline)
    for words in assessment.verdict.body:
        paragraph(words)
    print()
    _weight(assessment)
    if explain:
        print()
        for step in assessment.footprint.explain:
            print(f"  {step.label}: {step.expression} = {step.result}")
        _items(assessment)
    print()
    for finding in assessment.findings:
        if not in_front(finding):
            continue
        paragraph(f"{_MARKS[finding.outcome]} {finding.title}: {finding.headline}", indent="  ")
    idle = sum(not in_front(one) for one in assessment.findings)
    if idle:
        paragraph(text("cli.idle", count=idle), indent="  ")
    _open_points(assessment)
    if project.scan is not None:
        print_troubles(project.scan)
    print()
    paragraph(
        text(
            "cli.checked",
            date=assessment.rulebook.checked_up_to.isoformat(),
            hash=assessment.rulebook.hash[:12],
        )
    )


def _items(assessment: Assessment) -> None:
    """What the accounts are made of, counted or not."""
    if not assessment.footprint.items:
        return
    print()
    print(text("cli.items"))
    for item in assessment.footprint.items:
        counted = text(f"cli.counted.{counted_word(item)}", points=item.points)
        flop = "" if item.flop is None else f" {scientific(item.flop)} FLOP,"
        paragraph(f"- {item.label}:{flop} {counted} {item.why}", indent="  ")


_MOST_POINTS = 5
"""Open points of one document that are listed one by one."""


def _open_points(assessment: Assessment) -> None:
    """What is still open, document by document; a long form takes one line."""
    gaps = [gap for gap in assessment.gaps if gap.severity is not Severity.NICE]
    if not gaps:
        return
    print()
    print(text("cli.still_open"))
    titles = {kind.id: kind.title for kind in assessment.documents}
    for document in dict.fromkeys(gap.document for gap in gaps):
        points = [gap for gap in gaps if gap.document == document]
        if len(points) > _MOST_POINTS and document != MODEL_CARD:
            title = titles.get(document, document)
            paragraph(text("cli.open_form", title=title, count=len(points)), indent="  ")
            continue
        for gap in points:
            paragraph(f"- {gap.label} ({gap.how_to_fill})", indent="  ")


_WORTH_TELLING = 0.1
"""GB below which any device will do; hours below which nobody asks."""

_MARKS = {
    Outcome.APPLIES: "[applies]",
    Outcome.DOES_NOT_APPLY: "[does not apply]",
    Outcome.NOT_YET: "[not yet]",
    Outcome.HISTORY_ONLY: "[history]",
    Outcome.UNCERTAIN: "[open question]",
}


def _weight(assessment: Assessment) -> None:
    footprint = assessment.footprint
    if footprint.parameters is not None:
        count = footprint.parameters
        trained = "" if count.trainable is None else text("cli.trained", count=grouped(count.trainable))
        print(text("cli.parameters", count=grouped(count.total)) + trained)
    for name in ("own", "base", "cumulative"):
        estimate: FlopEstimate | None = getattr(footprint.accounts, name)
        if estimate is None:
            print(text(f"cli.{name}", value=text("cli.not_known")))
        else:
            print(
                text(f"cli.{name}", value=f"{scientific(estimate.central)} FLOP")
                + text("cli.range", low=scientific(estimate.low), high=scientific(estimate.high))
            )
    for witness in footprint.witnesses:
        value = text("cli.not_known") if witness.estimate is None else scientific(witness.estimate.central)
        remark = f" — {witness.remark}" if witness.remark else ""
        paragraph(f"· {witness.title}: {value}{remark}", indent="  ")
    if footprint.agreement:
        paragraph(footprint.agreement, indent="  ")
    if footprint.energy is not None:
        energy = footprint.energy
        print(
            text(
                "cli.energy",
                low=f"{energy.low:.3g}",
                central=f"{energy.central:.3g}",
                high=f"{energy.high:.3g}",
            )
        )
    if footprint.fit is not None:
        _fit(footprint.fit)
    for warning in footprint.warnings:
        paragraph(f"! {warning}", indent="  ")


def _fit(fit: Fit) -> None:
    """What runs the model, and how long the same training would take; trifles are left out."""
    for need in fit.needs:
        if need.total_gb >= _WORTH_TELLING:
            least = text("cli.fit_on", device=need.runs_on[0]) if need.runs_on else text("cli.fit_on_none")
            paragraph(
                text(
                    "cli.fit" if need.cache_gb else "cli.fit_plain",
                    bits=need.bits,
                    size=f"{need.total_gb:.2g}",
                    context=fit.context,
                )
                + least
            )
    for again in fit.reruns:
        if again.central >= _WORTH_TELLING:
            low, central, high = (_hours(one) for one in (again.low, again.central, again.high))
            room = text("cli.rerun_no_room") if again.fits is False else ""
            paragraph(text("cli.rerun", device=again.device, low=low, central=central, high=high) + room)


def _hours(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.2g}"
