# SPDX-License-Identifier: Apache-2.0
"""Fields on who publishes, where and under which terms, and for which use."""

import datetime

from core.documents.context import Item
from core.documents.forms.case import Filled, FormCase, not_needed, plain, says_none
from core.documents.forms.fill_model import Fill
from core.documents.hub import hub_names, is_hub_id, licence_label
from core.documents.words import day
from core.domain.finding import Outcome
from core.licences.data import find_licence
from core.licences.spdx import spdx_id
from core.texts import text


def _provider(case: FormCase, answer: str) -> Filled | None:
    name, contact = case.facts.said(answer), case.facts.said("contact")
    parts = [part for part in (name, contact) if part]
    return Filled(prose="\n\n".join(parts), partly=len(parts) < 2) if parts else None


def _representative(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    in_eu = case.known.flag("developer_in_eu")
    if in_eu is not None and in_eu.value:
        return not_needed("in_eu")
    relieved = any(duty.code == "54" for finding in case.findings for duty in finding.relieved)
    return not_needed("open_source") if relieved else None


def _eu_release(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    date, form, reach = (case.known.text("release_date"), case.known.text("release_form"), case.known.flag("offered_in_eu"))  # fmt: skip
    public = form is not None and form.value == "open_weights" and (reach is None or reach.value)
    if date is None or not public:
        return None
    return Filled(lines=(day(datetime.date.fromisoformat(date.value)),), source=text("forms.say.same_day"))


def _channels(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    form, name = case.known.text("release_form"), case.facts.short("model_name")
    if form is None or not is_hub_id(name) or form.value not in ("open_weights", "gated"):
        return None
    url = f"https://huggingface.co/{name}"
    access = text(f"forms.say.{form.value}")
    return Filled(items=(Item(label=f"Hugging Face Hub, {name}: {access}", value=name, url=url),))


def _release(case: FormCase, answer: str) -> Filled | None:
    date, where = plain(case, "release_date"), _channels(case, answer)
    if date is None or where is None:
        return None
    return where.replace(lines=(*date.lines, *where.lines))


def _licence_link(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    own = case.identity.license
    if not own or own == "other":
        return None
    record, spdx = find_licence(own), spdx_id(own)
    url = (
        f"https://spdx.org/licenses/{spdx}.html" if spdx else record.source.url if record is not None else ""
    )
    return (
        Filled(items=(Item(label=url, value=url, url=url),), source=text("forms.say.by_licence"))
        if url
        else None
    )


def _licence(case: FormCase, _answer: str) -> Filled | None:
    own = case.identity.license
    name = case.identity.license_name if own == "other" else licence_label(own) if own else ""
    if not name:
        return None
    fact = case.known.get("license")
    return Filled(lines=(f"{name}.",), source=case.facts.source(fact.origin) if fact is not None else "")


def _uses(case: FormCase, answer: str) -> Filled | None:
    use, not_for = case.facts.said(answer), case.facts.said("out_of_scope_use")
    if not use:
        return None
    return Filled(prose=use, lines=(text("forms.say.ruled_out", uses=not_for),) if not_for else ())


def _tasks(case: FormCase, answer: str) -> Filled | None:
    said, use = case.facts.said(answer), case.facts.said("intended_use")
    task = hub_names().pipeline_tags.get(case.identity.pipeline_tag, "")
    if not said:
        return None
    return Filled(
        prose="\n\n".join(part for part in (use, said) if part), lines=(f"{task}.",) if task else ()
    )


def _infringing_uses(case: FormCase, answer: str) -> Filled | None:
    prose = case.facts.said(answer)
    return Filled(lines=(text("forms.say.no_infringement"),), prose="" if says_none(prose) else prose)


def _today(case: FormCase, _answer: str) -> Filled | None:
    return Filled(lines=(day(case.on) if case.on is not None else "",))


def _version(case: FormCase, answer: str) -> Filled | None:
    shown = case.on.isoformat() if case.on is not None else ""
    return Filled(lines=(text("forms.say.version", version=shown),), prose=case.facts.said(answer))


def _document_version(case: FormCase, _answer: str) -> Filled | None:
    shown = case.on.isoformat() if case.on is not None else ""
    return Filled(lines=(text("forms.say.version", version=shown),))


def _notice_due(case: FormCase, _answer: str) -> Filled | None:
    duties = [
        duty.text
        for finding in case.findings
        if finding.outcome is not Outcome.DOES_NOT_APPLY
        for duty in finding.duties
        if duty.code == "52(1)"
    ]
    return Filled(lines=(text("forms.say.notice"), *dict.fromkeys(duties)))


FILLS: dict[str, Fill] = {
    "provider": _provider,
    "representative": _representative,
    "eu_release": _eu_release,
    "channels": _channels,
    "release": _release,
    "licence_link": _licence_link,
    "licence": _licence,
    "uses": _uses,
    "tasks": _tasks,
    "infringing_uses": _infringing_uses,
    "today": _today,
    "version": _version,
    "document_version": _document_version,
    "notice_due": _notice_due,
}
