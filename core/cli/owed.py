# SPDX-License-Identifier: Apache-2.0
"""What a law or a licence asks for and nothing answers yet, as findings of `weighbridge check`."""

import datetime
from collections import Counter
from pathlib import Path

from core.assess import assess
from core.documents.kinds import MODEL_CARD, document_kind
from core.domain.document import Gap, Severity
from core.domain.project import Project
from core.lint import Problem, Report
from core.lint.problem import problem
from core.reference import load_reference
from core.rules import load_rulebook
from core.texts import text


def with_owed(report: Report, project: Project, today: datetime.date, *, answered: bool) -> Report:
    """`report` with what is owed. With answers every open point is told; files alone cannot tell which law applies."""
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=today)
    owed = [gap for gap in assessment.gaps if gap.severity is Severity.OWED]
    folder = Path(project.folder) if project.folder else None
    found = _each(owed) if answered else _by_document(owed, folder)
    return report.replace(problems=(*report.problems, *found))


def _each(owed: list[Gap]) -> tuple[Problem, ...]:
    return tuple(
        problem(
            "owed",
            file=document_kind(gap.document).file_name,
            label=gap.label,
            by=gap.needed_by or text("lint.owed.licence_of_base"),
            fill=gap.how_to_fill,
        )
        for gap in owed
    )


def _by_document(owed: list[Gap], folder: Path | None) -> tuple[Problem, ...]:
    """One line for each document that is not there. What the card lacks has rules of its own."""
    counts = Counter((gap.document, gap.needed_by) for gap in owed if gap.document != MODEL_CARD)
    return tuple(
        problem("owed-unanswered", file=name, by=by, count=str(count))
        for (document, by), count in counts.items()
        if not _is_there(folder, name := document_kind(document).file_name)
    )


def _is_there(folder: Path | None, name: str) -> bool:
    return folder is not None and (folder / name).is_file()
