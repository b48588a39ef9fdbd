# SPDX-License-Identifier: Apache-2.0
"""What both bills of materials say, taken once from facts and assessment. Nothing unknown is in it."""

from typing import Any

from core.documents.card.build import model_title
from core.documents.card.facts import CardFacts
from core.documents.card.identity import Identity, identify
from core.documents.card.sections import evaluation, hyperparameters, procedure
from core.documents.context import Item
from core.documents.forms.build import form_case
from core.documents.forms.hashes import weight_hashes
from core.documents.hub import is_hub_id, licence_label
from core.documents.privacy import Withheld
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import Gap, Severity
from core.domain.estimate import FlopEstimate, Quantity
from core.domain.finding import LicenceDuty
from core.domain.known import Known
from core.domain.project import Project
from core.licences.spdx import spdx_id
from core.texts import text

NAMESPACE = "weighbridge"


class Named(Frozen):
    """A licence: an SPDX id, or a name of its own with the place to read it."""

    spdx: str = ""
    name: str = ""
    url: str = ""


class Base(Frozen):
    """A base model by its hub id."""

    hub_id: str
    licence: Named | None = None


class BomRecord(Frozen):
    """One release for machines. `energy` in kWh, `co2` in kg, as the assessment gives them."""

    title: str
    identity: Identity
    licence: Named | None
    bases: tuple[Base, ...]
    datasets: tuple[Item, ...]
    data_summary: str
    supplier: str
    release_date: str
    version: str
    location: str
    use: str
    limits: tuple[str, ...]
    metrics: tuple[Item, ...]
    settings: tuple[Item, ...]
    files: tuple[tuple[str, str], ...]
    from_scratch: bool
    approach: str
    energy: Quantity | None
    co2: Quantity | None
    numbers: tuple[tuple[str, str], ...]
    model_type: str
    personal_data: bool | None

    @property
    def activity(self) -> str:
        """The stage that the energy went into, in CycloneDX's word."""
        return "training" if self.from_scratch else "fine-tuning"


def bom_record(project: Project, assessment: Assessment, withheld: Withheld) -> BomRecord:
    """The record; private things are noted in `withheld`."""
    known = Known(project)
    facts = CardFacts(known, withheld)
    identity = identify(known)
    case = form_case(project, assessment, withheld)
    stage, origin = known.text("training_stage"), known.text("origin")
    from_scratch = (origin is not None and origin.value == "from_scratch") or (
        stage is not None and stage.value == "pretraining"
    )
    name = facts.short("model_name")
    release, personal = known.text("release_date"), known.flag("personal_data")
    return BomRecord(
        title=model_title(project, facts) or text("documents.card.untitled"),
        identity=identity,
        licence=_own_licence(identity, facts),
        bases=_bases(identity, known, assessment),
        datasets=tuple(
            Item(label=one, value=one, url=f"https://huggingface.co/datasets/{one}" if is_hub_id(one) else "")
            for one in facts.strings("datasets")
        ),
        data_summary=facts.said("data_summary"),
        supplier=facts.short("legal_name") or facts.short("developers"),
        release_date=release.value if release is not None else "",
        version=facts.short("model_versions"),
        location=f"https://huggingface.co/{name}" if is_hub_id(name) else "",
        use=facts.said("intended_use"),
        limits=tuple(said for field in ("limitations", "out_of_scope_use") if (said := facts.said(field))),
        metrics=evaluation(facts),
        settings=(*procedure(facts), *hyperparameters(facts, procedure(facts))),
        files=weight_hashes(case.folder, case.weight_files),
        from_scratch=from_scratch,
        approach=_approach(stage.value if stage is not None else "", identity.pipeline_tag),
        energy=assessment.footprint.energy,
        co2=assessment.footprint.co2,
        numbers=tuple(_numbers(assessment)),
        model_type=facts.short("model_type"),
        personal_data=None if personal is None else personal.value,
    )


def record_gaps(record: BomRecord, kind: str) -> tuple[Gap, ...]:
    """What the SPDX AI profile wants of every model and nobody said."""
    wanted = {
        "developers": record.supplier,
        "release_date": record.release_date,
        "model_versions": record.version,
        "model_name": record.location,
    }
    return tuple(
        Gap(
            document=kind,
            field=field,
            severity=Severity.NICE,
            label=text(f"bom.gap.{field}.label"),
            how_to_fill=text(f"bom.gap.{field}.fill"),
            needed_by=text("bom.gap.needed_by"),
        )
        for field, value in wanted.items()
        if not value
    )


def _own_licence(identity: Identity, facts: CardFacts) -> Named | None:
    if not identity.license:
        return None
    link = identity.license_link if identity.license_link.startswith(("https://", "http://")) else ""
    if identity.license == "other":
        name = facts.short("license_name")
        return Named(name=name, url=link) if name else None
    found = spdx_id(identity.license)
    return Named(spdx=found) if found else Named(name=licence_label(identity.license), url=link)


def _bases(identity: Identity, known: Known, assessment: Assessment) -> tuple[Base, ...]:
    several = tuple(one for one in known.strings("base_models") if is_hub_id(one))
    names = several if len(several) > 1 and not known.said("base_model") else (identity.base_model,)
    duties = {duty.base_model.lower(): duty for duty in assessment.licences}
    return tuple(Base(hub_id=one, licence=_of_duty(duties.get(one.lower()))) for one in names if one)


def _of_duty(duty: LicenceDuty | None) -> Named | None:
    if duty is None or duty.licence_id == "unknown":
        return None
    found = spdx_id(duty.licence_id)
    url = duty.source.url if duty.source is not None and duty.source.url else ""
    return Named(spdx=found) if found else Named(name=duty.licence_name, url=url)


def _approach(stage: str, task: str) -> str:
    """The kind of learning as far as the stage tells; empty otherwise (preference methods such as DPO have no word)."""
    by_stage = {"pretraining": "self-supervised", "sft": "supervised", "grpo": "reinforcement-learning", "rloo": "reinforcement-learning",
                "ppo": "reinforcement-learning"}  # fmt: skip
    return by_stage.get(stage) or ("supervised" if not stage and task.endswith("-classification") else "")


def _numbers(assessment: Assessment) -> Any:
    """Compute and parameters as (name, exact value): the standards have no field for them."""
    footprint = assessment.footprint
    for name in ("own", "base", "cumulative"):
        estimate: FlopEstimate | None = getattr(footprint.accounts, name)
        if estimate is None:
            continue
        yield from (
            (f"training-compute-flop:{name}:{end}", str(getattr(estimate, end)))
            for end in ("low", "central", "high")
        )
        yield f"training-compute-flop:{name}:method", estimate.method
    for word, amount in (("energy-kwh", footprint.energy), ("co2-kg", footprint.co2)):
        if amount is not None:
            yield from ((f"{word}:{end}", repr(getattr(amount, end))) for end in ("low", "central", "high"))
            yield f"{word}:method", amount.method
    if footprint.parameters is not None:
        yield "parameters:total", str(footprint.parameters.total)
        if footprint.parameters.trainable is not None:
            yield "parameters:trained", str(footprint.parameters.trainable)
    yield "rulebook", assessment.rulebook.hash
    yield "assessed-on", assessment.on.isoformat()
