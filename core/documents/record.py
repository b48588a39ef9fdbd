# SPDX-License-Identifier: Apache-2.0
"""The compute record: every figure with range and method, every step and input, on one page to keep as evidence."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from core.documents.card.compute import fact_items
from core.documents.card.facts import CardFacts
from core.documents.context import Item, WitnessRow
from core.documents.engine import markdown_page
from core.documents.kinds import COMPUTE_RECORD, document_kind
from core.documents.privacy import Withheld
from core.documents.words import day, flop, for_readers, quantity, quantity_cell, range_cell
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import RenderedDocument
from core.domain.estimate import ArithmeticStep, FlopEstimate, Quantity
from core.domain.fact import AnyFact, Origin, OriginKind, public_file
from core.domain.footprint import ParameterCount, Witness, counted_word
from core.domain.known import Known
from core.domain.project import Project
from core.texts import text
from core.units import grouped

TEMPLATE = "compute_record/1/text.md.j2"
_SHOWN = 8
"""Entries of a table or a list that a line shows."""
_ACCOUNTS = ("own", "hardware_own", "base", "direct", "cumulative")


class AccountRow(Frozen):
    """One account or amount with its range and the way it was worked out."""

    label: str
    value: str
    range: str
    method: str


class LineRow(Frozen):
    """One thing that was run, and whether it counts."""

    label: str
    flop: str
    counted: str
    why: str


class RecordContext(Frozen):
    """Everything the record says."""

    title: str
    stamp: str
    accounts: tuple[AccountRow, ...]
    lines: tuple[LineRow, ...]
    unknown: tuple[str, ...]
    parameters: tuple[Item, ...]
    steps: tuple[ArithmeticStep, ...]
    inputs: tuple[Item, ...]
    assumptions: tuple[str, ...]
    witnesses: tuple[WitnessRow, ...]
    agreement: str
    digits: tuple[Item, ...]
    """Every figure of the tables once, to the digit: too long for a column of a page."""
    amounts: tuple[AccountRow, ...]
    warnings: tuple[str, ...]
    rulebook: str


def render_record(project: Project, assessment: Assessment) -> RenderedDocument:
    """The record as Markdown."""
    withheld = Withheld()
    context = record_context(project, assessment, withheld)
    content = markdown_page(TEMPLATE, doc=context)
    kind = document_kind(COMPUTE_RECORD)
    return RenderedDocument(
        kind=kind,
        file_name=kind.file_name,
        content=withheld.prose(content, text("documents.section.compute_record")),
        withheld=withheld.remarks,
    )


def record_context(project: Project, assessment: Assessment, withheld: Withheld) -> RecordContext:
    """The words of the record; private things are noted in `withheld`."""
    facts = _RecordFacts(Known(project), withheld)
    footprint = assessment.footprint
    estimates: dict[str, FlopEstimate | None] = {
        name: getattr(footprint.accounts, name) for name in _ACCOUNTS
    }
    if estimates["hardware_own"] == estimates["own"]:
        estimates["hardware_own"] = None  # nothing was done twice
    amounts = [one for one in (footprint.energy, footprint.co2) if one is not None]
    witnessed = [one.estimate for one in footprint.witnesses if one.estimate is not None]
    known = [one for one in estimates.values() if one is not None]
    made_of: list[FlopEstimate | Quantity] = [*known, *witnessed, *amounts]
    name = withheld.value(project.title, text("documents.field.model_name"))
    return RecordContext(
        title=name or text("documents.record.unnamed"),
        stamp=text("documents.record.stamp", on=day(assessment.on)),
        accounts=_accounts(estimates),
        lines=tuple(
            LineRow(
                label=one.label,
                flop=text("documents.record.not_weighed") if one.flop is None else flop(one.flop),
                counted=text(f"documents.record.counted.{counted_word(one)}", points=_points(one.points)),
                why=one.why,
            )
            for one in footprint.items
        ),
        unknown=tuple(
            text("documents.record.not_known", account=text(f"documents.record.account.{name}"))
            for name in ("own", "base", "cumulative")
            if estimates[name] is None and not (name == "base" and _from_nothing(project))
        ),
        parameters=_parameters(footprint.parameters, facts, trained=not footprint.untrained),
        steps=_steps((*footprint.explain, *(step for one in made_of for step in one.steps))),
        inputs=fact_items(facts, (fact for one in made_of for fact in _with_files(one.inputs))),
        assumptions=tuple(dict.fromkeys(said for one in made_of for said in one.assumptions if said)),
        witnesses=tuple(
            WitnessRow(
                title=one.title,
                value=flop(one.estimate.central) if one.estimate else text("documents.record.none"),
                range=range_cell(one.estimate) if one.estimate else text("documents.record.none"),
                note=_note(one),
            )
            for one in (() if footprint.untrained else footprint.witnesses)
        ),
        agreement="" if footprint.untrained else for_readers(footprint.agreed),
        digits=_digits(
            [(text(f"documents.record.account.{name}"), one) for name, one in estimates.items()]
            + [(one.title, one.estimate) for one in footprint.witnesses],
            [(one.label, one.flop) for one in footprint.items],
        ),
        amounts=tuple(
            _amount(key, one) for key, one in (("energy", footprint.energy), ("co2", footprint.co2)) if one
        ),
        warnings=footprint.warnings,
        rulebook=text(
            "documents.record.rulebook",
            hash=assessment.rulebook.hash,
            checked=day(assessment.rulebook.checked_up_to),
        ),
    )


class _RecordFacts(CardFacts):
    """Facts with the exact place: file and key."""

    def source(self, origin: Origin) -> str:
        """The file and the key in it; anything else in words."""
        if not origin.file or (origin.kind is not OriginKind.FILE and not origin.key):
            return super().source(origin)
        place = ", ".join(part for part in (public_file(origin.file), origin.key) if part)
        if origin.kind is not OriginKind.FILE:
            place = text("documents.record.worked_out", how=super().source(origin), place=place)
        return self.withheld.prose(place, text("documents.where.a_source"))


def _with_files(inputs: Iterable[AnyFact]) -> Iterable[AnyFact]:
    """Inputs as they are, lists and tables in a line; a whole configuration is named by its file instead of being printed."""
    for fact in inputs:
        if not isinstance(fact.value, dict | list):
            yield fact
        elif fact.origin.key:
            yield fact.replace(value=_line(fact.value))
        else:
            yield fact.replace(value=text("documents.record.whole_file"))


def _line(value: dict[str, JsonValue] | list[JsonValue]) -> str:
    """The first entries of a table or a list in one line."""
    if isinstance(value, dict):
        entries = [f"{name}: {one}" for name, one in value.items() if not isinstance(one, dict | list)]
    else:
        entries = [str(one) for one in value if not isinstance(one, dict | list)]
    if len(entries) != len(value) or not entries:
        return text("documents.record.table", count=len(value))
    more = len(entries) - _SHOWN
    shown = ", ".join(entries[:_SHOWN])
    return shown if more <= 0 else text("documents.record.more", shown=shown, count=more)


def _accounts(estimates: Mapping[str, FlopEstimate | None]) -> tuple[AccountRow, ...]:
    """A row for each account; those with the same figures and method share one."""
    names: dict[tuple[int, int, int, str], list[str]] = {}
    for name, one in estimates.items():
        if one is not None:
            label = text(f"documents.record.account.{name}")
            names.setdefault((one.low, one.central, one.high, one.method), []).append(label)
    return tuple(
        AccountRow(
            label=_joined(labels),
            value=flop(central),
            range=range_cell(FlopEstimate(low=low, central=central, high=high, method=method)),
            method=method,
        )
        for (low, central, high, method), labels in names.items()
    )


def _joined(labels: list[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    others = ", ".join(label[:1].lower() + label[1:] for label in labels[1:])
    return text("documents.record.same", name=labels[0], others=others)


def _points(points: str) -> str:
    """ "point 118", "points 115, 116"."""
    key = "point" if points.isdigit() else "points"
    return text(f"documents.record.{key}", points=points)


def _amount(key: str, amount: Quantity) -> AccountRow:
    return AccountRow(
        label=text(f"documents.energy.{key}"),
        value=quantity(amount.central, amount.unit),
        range=quantity_cell(amount),
        method=amount.method,
    )


def _from_nothing(project: Project) -> bool:
    """Whether there is no base model whose compute could be known."""
    origin = Known(project).text("origin")
    return origin is not None and origin.value == "from_scratch"


def _parameters(count: ParameterCount | None, facts: CardFacts, *, trained: bool) -> tuple[Item, ...]:
    if count is None:
        return ()
    trained_by = count.trainable_origin or count.origin
    named = (
        ("total", count.total, count.origin),
        ("trainable", count.trainable, trained_by),
        ("active", count.active_per_token, count.origin),
    )
    return tuple(
        Item(
            label=text(f"documents.parameters.{name}"),
            value=grouped(value),
            source=facts.source(origin.origin) if origin is not None else text("documents.source.computed"),
        )
        for name, value, origin in named
        if value is not None and (trained or name != "trainable")
    )


def _steps(steps: Iterable[ArithmeticStep]) -> tuple[ArithmeticStep, ...]:
    return tuple(dict.fromkeys(steps))


def _digits(
    estimates: Iterable[tuple[str, FlopEstimate | None]], counts: Iterable[tuple[str, int | None]]
) -> tuple[Item, ...]:
    """Each figure under the first name it goes by; a later one with the same digits says nothing new."""
    found: dict[str, Item] = {}
    single = set[int]()
    for label, one in estimates:
        if one is None:
            continue
        single.add(one.central)
        key = "exact" if one.low == one.high else "ends"
        words = text(
            f"documents.record.{key}",
            value=grouped(one.central),
            low=grouped(one.low),
            high=grouped(one.high),
        )
        found.setdefault(words, Item(label=label, value=words))
    for label, count in counts:
        if count is not None and count not in single:
            words = text("documents.record.exact", value=grouped(count))
            found.setdefault(words, Item(label=label, value=words))
    return tuple(found.values())


def _note(witness: Witness) -> str:
    notes = [witness.remark]
    if witness.estimate is not None:
        notes.insert(0, text("documents.record.used") if witness.used else text("documents.compute.not_used"))
    if witness.raw is not None:
        notes.append(text("documents.compute.raw", raw=f"{grouped(witness.raw)} FLOP"))
    return " ".join(note for note in notes if note)
