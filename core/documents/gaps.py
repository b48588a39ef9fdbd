# SPDX-License-Identifier: Apache-2.0
"""What a document still lacks: listed apart with the way to fill it, never printed into the document."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.documents.card.identity import identify
from core.documents.card.licence import is_known
from core.documents.forms.build import owed_form_gaps
from core.documents.kinds import AB2013, MODEL_CARD, asked_by
from core.documents.metadata import metadata_problems
from core.documents.modalities import of_task
from core.documents.risk import risk_begun, risk_gaps
from core.documents.statement import statement_gaps
from core.domain.document import Gap, Severity
from core.domain.finding import Finding, LicenceDuty
from core.domain.footprint import Footprint
from core.domain.known import Known
from core.texts import text

# In the order of what readers look for first (Hugging Face user study 2022; Liang et al. 2024 on empty sections).
_PROSE = (
    ("summary", Severity.READERS),
    ("intended_use", Severity.READERS),
    ("limitations", Severity.READERS),
    ("out_of_scope_use", Severity.NICE),
    ("developers", Severity.NICE),
    ("contact", Severity.NICE),
)


def find_gaps(
    known: Known, footprint: Footprint, findings: tuple[Finding, ...], licences: tuple[LicenceDuty, ...]
) -> tuple[Gap, ...]:
    """Every gap of every document, what is owed first."""
    gaps = [
        *_licence_gaps(known, licences),
        *_identity_gaps(known),
        *_prose_gaps(known),
        *_compute_gaps(known, footprint),
    ]
    if asked_by(AB2013, findings):
        gaps += statement_gaps(known, findings)
    if risk_begun(known):
        gaps += risk_gaps(known)
    gaps += owed_form_gaps(known, footprint, findings)
    keys = {"license": "license", "pipeline_tag": "pipeline_tag", "language": "languages"}
    stated = {key: fact.value for key, name in keys.items() if (fact := known.get(name)) is not None}
    return with_problems(gaps, stated)


def gap(field: str, severity: Severity, key: str | None = None, needed_by: str = "", **values: str) -> Gap:
    """A gap of the model card; its words are the catalogue entries gap.<key>.label and gap.<key>.fill."""
    key = key or field
    return Gap(
        document=MODEL_CARD,
        field=field,
        severity=severity,
        label=text(f"documents.gap.{key}.label", **values),
        how_to_fill=text(f"documents.gap.{key}.fill", **values),
        needed_by=needed_by,
    )


def with_problems(gaps: Iterable[Gap], values: Mapping[str, Any]) -> tuple[Gap, ...]:
    """`gaps` with those of front matter values that the Hub would refuse; such a gap takes the place of a plain one."""
    result = list(gaps)
    for field, problem in metadata_problems(values):
        before = next((other for other in result if other.field == field), None)
        named = gap(
            field,
            before.severity if before is not None else Severity.READERS,
            "metadata",
            needed_by=before.needed_by if before is not None else "",
            problem=problem,
        )
        result = [other for other in result if other is not before] + [named]
    return tuple(sorted(result, key=lambda one: list(Severity).index(one.severity)))


def _licence_gaps(known: Known, licences: tuple[LicenceDuty, ...]) -> list[Gap]:
    gaps: list[Gap] = []
    identity = identify(known)
    bases = ", ".join(dict.fromkeys(duty.licence_name for duty in licences if is_known(duty)))
    unknown = [duty for duty in licences if not is_known(duty)]
    if unknown:
        gaps.append(gap("base_model", Severity.OWED, "base_licence", base=unknown[0].base_model))
    if not identity.license:
        gaps.append(gap("license", Severity.OWED if bases else Severity.READERS, needed_by=bases))
    elif identity.license == "other":
        gaps += [
            gap(field, Severity.READERS)
            for field, value in (
                ("license_name", identity.license_name),
                ("license_link", identity.license_link),
            )
            if not value
        ]
    name = known.text("model_name")
    for duty in licences:
        prefix = duty.name_prefix
        # Without a name of its own the release takes the folder's: then the duty is named all the same.
        if prefix and not (name is not None and name.value.rsplit("/", 1)[-1].startswith(prefix)):
            gaps.append(
                gap("model_name", Severity.OWED, "name_prefix", needed_by=duty.licence_name, prefix=prefix)
            )
            break
    return gaps


def _identity_gaps(known: Known) -> list[Gap]:
    identity = identify(known)
    gaps: list[Gap] = []
    if known.text("model_name") is None:
        gaps.append(gap("model_name", Severity.READERS))
    from_a_base = (
        identity.is_adapter or known.text("base_path_name") is not None or _is(known, "origin", "fine_tune")
    )
    if not identity.base_model and from_a_base:
        gaps.append(gap("base_model", Severity.READERS))
    if not identity.pipeline_tag:
        gaps.append(gap("pipeline_tag", Severity.READERS))
    pictures = {*of_task(identity.pipeline_tag)[1]} & {"image", "video"}  # no language is learned from them
    if (
        not identity.languages
        and not pictures
        and identity.pipeline_tag.startswith(("text-", "token-", "fill-", "question-"))
    ):
        gaps.append(gap("languages", Severity.READERS))
    if (
        identity.is_adapter
        and identity.pipeline_tag == "text-to-image"
        and known.text("trigger_words") is None
    ):
        gaps.append(gap("trigger_words", Severity.READERS))
    if not known.strings("datasets") and known.text("data_summary") is None:
        gaps.append(gap("data_summary", Severity.READERS))
    elif known.strings("datasets") and not identity.datasets and known.text("data_summary") is None:
        gaps.append(gap("datasets", Severity.NICE))
    return gaps


def _prose_gaps(known: Known) -> list[Gap]:
    return [gap(field, severity) for field, severity in _PROSE if known.text(field) is None]


def _compute_gaps(known: Known, footprint: Footprint) -> list[Gap]:
    gaps: list[Gap] = []
    own = footprint.accounts.own
    if own is not None and own.high == 0:
        return []  # nothing was trained: there is no energy to tell
    if own is None:
        gaps.append(gap("tokens", Severity.READERS, "compute"))
    if footprint.energy is None:
        field = "hours" if known.get("hours") is None else "hardware"
        gaps.append(gap(field, Severity.READERS, "energy"))
    elif footprint.co2 is None:
        gaps.append(gap("grid_g_per_kwh", Severity.NICE, "co2"))
    if known.get("hardware") is None and footprint.energy is not None:
        gaps.append(gap("hardware", Severity.NICE))
    return gaps


def _is(known: Known, name: str, value: str) -> bool:
    fact = known.text(name)
    return fact is not None and fact.value == value
