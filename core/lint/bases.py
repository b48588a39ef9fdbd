# SPDX-License-Identifier: Apache-2.0
"""The card against its base: licence, required words, name. The licence table decides (core/licences)."""

import re
from collections.abc import Iterator

from core.documents.card.licence import named
from core.documents.hub import is_hub_id
from core.domain.fact import AnyFact, Fact, Origin, OriginKind
from core.domain.finding import LicenceDuty
from core.domain.known import Known
from core.domain.project import Project
from core.domain.scan_result import ScanResult
from core.licences import licence_conflicts, licence_duties
from core.lint.card import Card
from core.lint.problem import CARD, Problem, problem
from core.reference import load_reference
from core.texts import text

_ID = r"([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
# Only whole phrases of tools and careful writers: a card may name other models for many reasons.
_SAYS_BASE = re.compile(
    rf"fine-?tuned version of \[?\*{{0,2}}{_ID}|fine-?tuned from (?:model)?\s*:?\s*\*{{0,2}}\s*:?\s*\[?{_ID}"
    rf"|\bbase model\**\s*:\s*\**\s*\[?`?{_ID}|\(https://huggingface\.co/{_ID}\)",
    re.IGNORECASE,
)
_SAYS_TUNED = re.compile(r"fine-?tuned (?:version of|from)|\bbase model\**\s*:", re.IGNORECASE)
_TITLE = re.compile(r"^#\s+(?:model card for\s+)?(.+?)\s*#*\s*$", re.IGNORECASE | re.MULTILINE)


def bases_of(card: Card, found: Known | None) -> tuple[str, ...]:
    """Hub ids of the bases: those of the card, else those that the folder's files name."""
    named_ones = tuple(one for one in card.listed("base_model") if is_hub_id(one))
    if named_ones or found is None:
        return named_ones
    several = tuple(one for one in found.strings("base_models") if is_hub_id(one))
    single = found.text("base_model")
    return several or ((single.value,) if single is not None and is_hub_id(single.value) else ())


def base_problems(
    card: Card, found: Known | None, folder_name: str, has_notice: bool | None
) -> Iterator[Problem]:
    """Licence, words and name. `has_notice` is None when there is no folder to look into."""
    bases = bases_of(card, found)
    if not bases:
        if not card.broken and not card.listed("base_model") and (said := _said_base(card)):
            yield problem("base-model-missing", None, kind="said", base=said)
            bases = (said,)
        else:
            return
    licences = [str(one) for one in card.listed("license") if one not in (None, "")]
    known = _known(bases, " AND ".join(licences))
    duties = licence_duties(known, load_reference())
    line = card.line("license")
    said_once: set[str] = set()
    for clash in licence_conflicts(known, duties):
        if clash.instrument not in said_once:
            said_once.add(clash.instrument)
            yield _clash(clash.headline, clash.why, clash.todo, line)
    yield from _words(card, duties)
    yield from _notice(duties, has_notice)
    yield from _prefix(card, duties, folder_name)


def base_remarks(card: Card, found: Known | None) -> Iterator[str]:
    """Bases whose licence the table does not hold: nothing was compared."""
    for duty in (
        licence_duties(_known(bases_of(card, found), ""), load_reference()) if bases_of(card, found) else ()
    ):
        if duty.licence_id == "unknown":
            yield text("lint.remark.base", base=duty.base_model)


def _clash(headline: str, why: str, todo: str, line: int | None) -> Problem:
    made = problem("licence-conflict", line, why=headline)
    return made.replace(what=f"{headline} {why}".strip(), todo=todo or made.todo)


def _known(bases: tuple[str, ...], licence: str) -> Known:
    facts: list[AnyFact] = [_fact("base_model", bases[0]), _fact("origin", "fine_tune")]
    if len(bases) > 1:
        facts.append(_fact("base_models", [*bases]))
    if licence:
        facts.append(_fact("license", licence))
    return Known(Project(scan=ScanResult(folder_name="", facts=tuple(facts))))


def _fact(name: str, value: str | list[str]) -> AnyFact:
    plain: AnyFact = Fact(name=name, value=value, origin=Origin(kind=OriginKind.FILE, file=CARD))  # type: ignore[arg-type]
    return plain


def _said_base(card: Card) -> str:
    words = card.prose()
    if not _SAYS_TUNED.search(words):
        return ""
    for match in _SAYS_BASE.finditer(words):
        before = words[max(0, match.start() - 120) : match.end()]
        one = next(group for group in match.groups() if group).rstrip(".")
        if is_hub_id(one) and _SAYS_TUNED.search(before):
            return one
    return ""


def _words(card: Card, duties: tuple[LicenceDuty, ...]) -> Iterator[Problem]:
    flat = " ".join(re.sub(r"[*_`]", "", card.body).split()).casefold()
    for words in dict.fromkeys(duty.display_text for duty in duties if duty.display_text):
        # A licence may offer several wordings, and put the release's name into the sentence.
        wordings = re.split(r"\s+/\s+|\s+\(", named(words, "\0").replace('"', ""))
        if not any(one.strip("\0 .").casefold() in flat for one in wordings if len(one.strip("\0 .")) > 8):
            yield problem("display-text-missing", None, words=wordings[0].replace("\0", "…"))


def _notice(duties: tuple[LicenceDuty, ...], has_notice: bool | None) -> Iterator[Problem]:
    asking = next((duty for duty in duties if duty.notice), None)
    if asking is not None and has_notice is False:
        yield problem("notice-missing", None, licence=asking.licence_name, words=asking.notice or "")


def _prefix(card: Card, duties: tuple[LicenceDuty, ...], folder_name: str) -> Iterator[Problem]:
    duty = next((one for one in duties if one.name_prefix), None)
    if duty is None or duty.name_prefix is None:
        return
    name, line = model_name(card)
    name = name or folder_name
    if name and not name.rsplit("/", 1)[-1].startswith(duty.name_prefix):
        yield problem("name-prefix", line, name=name, prefix=duty.name_prefix, licence=duty.licence_name)


def model_name(card: Card) -> tuple[str, int | None]:
    """The release's own name as the card gives it, and its line; empty when the title is a sentence."""
    index = card.values.get("model-index")
    if card.values.get("model_name"):
        return str(card.values["model_name"]), card.line("model_name")
    if isinstance(index, list) and len(index) == 1 and isinstance(index[0], dict) and index[0].get("name"):
        return str(index[0]["name"]), card.line("model-index")
    for number, line, code in card.lines():
        if code or not (match := _TITLE.match(line)):
            continue
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", r"\1", match[1]).strip()
        plain = title.isascii() and len(title.split()) <= 3 and re.fullmatch(r"[\w./ +-]+", title)
        return (title, number) if plain and re.search(r"\d|-", title) else ("", None)
    return "", None
