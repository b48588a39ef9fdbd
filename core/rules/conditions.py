# SPDX-License-Identifier: Apache-2.0
"""The questions that size-blind laws share: is it a service, for whom, whose face, whose data, how many, how much."""

from core.domain.finding import Line, TraceStep
from core.rules.case import Case
from core.rules.rulebook import COMPARE
from core.rules.ruling import Ruling, hit, open_, out
from core.rules.schema import Standing
from core.rules.trace import Account, compare, line_step
from core.texts import text

MEDIA = frozenset({"image", "audio", "video"})
_BY_TAG = {
    "text-to-image": "image",
    "image-to-image": "image",
    "unconditional-image-generation": "image",
    "text-to-video": "video",
    "image-to-video": "video",
    "text-to-speech": "audio",
    "text-to-audio": "audio",
}


def outputs(case: Case) -> frozenset[str]:
    """Kinds of output, as said or by the task; empty when unknown."""
    if case.modalities:
        return frozenset(case.modalities)
    by_task = _BY_TAG.get(case.word("pipeline_tag") or "")
    if by_task is not None:
        return frozenset({by_task})
    return frozenset({"text"}) if case.generative and case.word("pipeline_tag") else frozenset()


def is_service(case: Case) -> bool | None:
    """Whether people use it in a demo, an app or through an API; None when nobody said."""
    if case.word("release_form") == "api_or_app":
        return True
    return case.yes("with_demo")


def serves(case: Case, country: str) -> bool | None:
    """Whether the demo is meant for people in `country` (a value of demo_countries)."""
    if case.known.get("demo_countries") is None:
        return None
    return country in case.known.strings("demo_countries")


def service(case: Case, country: str, *duties: str, media: bool = False) -> Ruling:
    """A law about services for people of one country. `media`: only those that make images, sound or video."""
    if case.private:
        return out("private")
    run = is_service(case)
    if run is not True:
        return out("files_only" if run is False else "files_assumed")
    if case.generative is False:
        return out("labels")
    kinds = outputs(case)
    if media and kinds and not kinds & MEDIA:
        return out("no_media")
    there = serves(case, country)
    if there is None:
        return open_("where", *duties)
    return hit("serves", *duties) if there else out("not_there")


def likeness(case: Case, *duties: str) -> Ruling:
    """A law about the face or voice of one real person."""
    said = case.word("real_person")
    if said == "without_consent":
        return hit("likeness", *duties, forbidden=True)
    if said == "with_consent":
        return out("consent")
    if said == "no":
        return out("nobody")
    return open_("likeness_open") if _may_make(case, MEDIA) else out("nobody_assumed")


def intimate(case: Case, *duties: str) -> Ruling:
    """A law about sexual images of real people or of children."""
    said = case.word("sexual_images")
    if said in ("real_people", "children"):
        return hit(f"intimate_{said}", *duties, forbidden=True)
    if said == "no":
        return out("not_intimate")
    return open_("intimate_open") if _may_make(case, frozenset({"image", "video"})) else out("no_images")


def _may_make(case: Case, kinds: frozenset[str]) -> bool:
    return bool(outputs(case) & kinds)


def flop_line(case: Case, place: str, name: str, label: str, account: Account = "cumulative") -> Line:
    """The model against one FLOP line of `place`."""
    threshold = case.rules.threshold(f"{place}.{name}")
    margin, _ = case.rules.share("eu.ai_act.error_margin")
    estimate = getattr(case.accounts, account)
    return compare(
        name=f"{place}.{name}",
        label=label,
        value=threshold.value,
        operator=threshold.operator,
        account=account,
        estimate=estimate,
        margin=margin,
        in_force=threshold.standing in (Standing.IN_FORCE, Standing.NOT_YET),
    )


def amount(case: Case, parameter: str, number: int | None) -> tuple[bool | None, TraceStep]:
    """A number of people, money and so on against its line: crossed or not (None: not told), and the step."""
    threshold = case.rules.threshold(parameter)
    unit = case.rules.parameters[parameter].unit
    crossed = None if number is None else COMPARE[threshold.operator](number, threshold.value)
    result = "unknown" if crossed is None else "over" if crossed else "under"
    return crossed, TraceStep(
        rule=threshold.title,
        value=f"{threshold.operator} {threshold.value:,} {unit}",
        inputs="" if number is None else f"{number:,} {unit}",
        result=text(f"rules_why.amount.{result}"),
    )


def said_amount(case: Case, parameter: str, answer: str) -> tuple[bool | None, TraceStep]:
    """The same with the number taken from an answer."""
    fact = case.known.integer(answer)
    return amount(case, parameter, None if fact is None else fact.value)


def shown(*lines: Line) -> tuple[TraceStep, ...]:
    """Lines as steps of the trace."""
    return tuple(line_step(line) for line in lines)
