# SPDX-License-Identifier: Apache-2.0
"""NOTICE: the exact words that the licences of the bases want in it. Text that stands there already is kept."""

from core.documents.card.licence import named
from core.documents.gaps import gap
from core.documents.kinds import NOTICE, document_kind, wants_notice
from core.documents.markdown import clean
from core.documents.model_card import report_kept
from core.documents.privacy import Withheld
from core.documents.readme_edit import decode_readme
from core.domain.assessment import Assessment
from core.domain.document import Gap, RenderedDocument, Severity
from core.domain.finding import LicenceDuty
from core.domain.known import Known
from core.domain.project import Project
from core.errors import BadAnswers
from core.texts import text


def render_notice(project: Project, assessment: Assessment, existing: bytes | None) -> RenderedDocument:
    """The file, or `existing` with the missing words added at its end.

    Raises BadAnswers when no licence asks for words, CannotRead when `existing` is no UTF-8 text.
    """
    if not wants_notice(assessment.licences):
        raise BadAnswers(text("documents.notice.nothing"), todo=text("documents.notice.nothing_todo"))
    withheld = Withheld()
    old = decode_readme(existing, document_kind(NOTICE).file_name) if existing is not None else ""
    name = proposed_name(project, assessment.licences, withheld)
    words = required_words(assessment.licences, name)
    if not old.strip("\ufeff \t\r\n"):
        head = [name] if name else []
        content = "\n\n".join([*head, *_from_bases(assessment.licences, withheld), *words]) + "\n"
    else:
        report_kept(old, withheld, ())
        eol = "\r\n" if "\r\n" in old else "\n"
        flat = " ".join(old.split())
        missing = [one for one in words if " ".join(one.split()) not in flat]
        end = "" if old.endswith(("\n", "\r")) else eol
        content = old if not missing else old + end + "".join(f"{eol}{one}{eol}" for one in missing)
    kind = document_kind(NOTICE)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=content,
        gaps=_gaps(project, assessment.licences),
        withheld=withheld.remarks,
    )


def required_words(licences: tuple[LicenceDuty, ...], name: str) -> tuple[str, ...]:
    """The notices and the sentences to show, to the letter, each once."""
    said: dict[str, None] = {}
    for duty in licences:
        for words in (duty.notice, duty.display_text):
            if words:
                said[named(words, name)] = None
    return tuple(said)


def proposed_name(project: Project, licences: tuple[LicenceDuty, ...], withheld: Withheld) -> str:
    """The name of the release, begun the way a licence asks; empty when nothing names it or the name is private."""
    said = " ".join(clean(project.title).split()).rsplit("/", 1)[-1]
    name = withheld.value(said, text("documents.field.model_name"))
    prefix = _prefix(licences)
    if not name or prefix is None or name.startswith(prefix.name_prefix or ""):
        return name
    joint = " " if " " in (prefix.name_prefix or "") else "-"
    return f"{prefix.name_prefix}{joint}{name}"


def _prefix(licences: tuple[LicenceDuty, ...]) -> LicenceDuty | None:
    return next((duty for duty in licences if duty.name_prefix), None)


def _from_bases(licences: tuple[LicenceDuty, ...], withheld: Withheld) -> list[str]:
    """A line for each base whose licence asks for words."""
    where = text("documents.where.licence")
    return [
        text("documents.notice.from_base", base=base, licence=duty.licence_name)
        for duty in licences
        if (duty.notice or duty.display_text) and (base := withheld.value(clean(duty.base_model), where))
    ]


def _gaps(project: Project, licences: tuple[LicenceDuty, ...]) -> tuple[Gap, ...]:
    """The name, when it does not begin as a licence asks: the file then shows a proposal."""
    duty = _prefix(licences)
    name = Known(project).text("model_name")
    if duty is None or duty.name_prefix is None:
        return ()
    if name is not None and name.value.rsplit("/", 1)[-1].startswith(duty.name_prefix):
        return ()
    owed = gap(
        "model_name", Severity.OWED, "name_prefix", needed_by=duty.licence_name, prefix=duty.name_prefix
    )
    return (owed.replace(document=NOTICE),)
