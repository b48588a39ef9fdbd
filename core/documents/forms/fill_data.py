# SPDX-License-Identifier: Apache-2.0
"""Fields on the data: where it came from, how much, and the domains and data sets that must be named."""

from collections.abc import Callable

from core.documents.card.sections import datasets
from core.documents.context import Item
from core.documents.data_points import data_points
from core.documents.forms.case import Filled, FormCase, not_needed, plain, ticks
from core.documents.forms.fill_model import Fill, modalities_in, modalities_out
from core.documents.words import language_names, number
from core.rules import load_rulebook
from core.rules.eu.fines import domain_list, is_large_dataset
from core.rules.rulebook import Rules
from core.texts import text
from core.units import grouped, scientific, short_count

_KINDS = ("text", "image", "audio", "video", "other")
_SOURCES = (
    "web_crawl", "private", "user_data", "public_datasets", "synthetic", "other",
)  # fmt: skip
"""Boxes of field 26 of the Model Documentation Form."""
_BOX = {
    "licensed": "private",
    "private_third_party": "private",
    "user_interactions": "user_data",
    "user_services": "user_data",
}
# Upper ends of the size ranges of the summary (field 1.3 b), in tokens and images.
_RANGES = {"text": (10**9, 10**13), "image": (10**6, 10**9)}


def uses(case: FormCase, kind: str) -> bool | None:
    """Whether a kind of source was used; None while nobody said which were."""
    chosen = case.known.get("data_sources")
    if chosen is not None:
        return kind in case.known.strings("data_sources")
    synthetic = case.known.text("synthetic_data")
    if kind == "synthetic" and synthetic is not None:
        return synthetic.value == "private"
    return None


def kinds_of_data(case: FormCase) -> tuple[str, ...]:
    """Kinds of data: said, or what the task takes and makes."""
    said = case.known.strings("data_modalities")
    by_task = {*modalities_in(case), *modalities_out(case)}
    return said or tuple(kind for kind in _KINDS[:-1] if kind in by_task)


def domains_to_list(count: int, *, small: bool) -> int:
    """How many of `count` crawled domains the summary lists (Commission template, C(2025) 8311 final, footnote 16)."""
    return domain_list(_rules(), count, small=small)


def large_datasets(sizes: tuple[str, ...]) -> tuple[str, ...]:
    """Names of those data sets that hold more than 3 % of all (`name = size`); exactly 3 % is not more."""
    pairs = [(name.strip(), int(size)) for name, _, size in (one.rpartition("=") for one in sizes)]
    total = sum(size for _, size in pairs)
    return tuple(name for name, size in pairs if is_large_dataset(_rules(), size, total))


def _rules() -> Rules:
    book = load_rulebook()
    return book.at(book.checked_up_to)


def _provenance(case: FormCase, answer: str) -> Filled | None:
    chosen = case.known.strings(answer)
    boxes = tuple(_BOX.get(one, one) for one in chosen)
    return Filled(lines=(ticks(boxes, _SOURCES, "source"),)) if chosen else None


def _data_modalities(case: FormCase, answer: str) -> Filled | None:
    kinds = kinds_of_data(case)
    source = "" if case.known.said(answer) else text("forms.say.by_task")
    return Filled(lines=(ticks(kinds, _KINDS, "kind"),), source=source) if kinds else None


def _uses(kind: str) -> Fill:
    def fill(case: FormCase, _answer: str) -> Filled | None:
        used = uses(case, kind)
        return (
            None
            if used is None
            else Filled(lines=(text(f"documents.word.{'yes' if used else 'no'}").capitalize(),))
        )

    return fill


def _modalities_of(kinds: tuple[str, ...]) -> Fill:
    """Kinds of data of one source. With one kind in all, or one source in all, nobody need be asked."""

    def fill(case: FormCase, answer: str) -> Filled | None:
        used = [uses(case, kind) for kind in kinds]
        if not any(used):
            return None if None in used else not_needed("source")
        said, every = case.known.strings(answer), kinds_of_data(case)
        one_source = len(case.known.strings("data_sources")) == 1
        chosen = said or (every if one_source or len(every) == 1 else ())
        return Filled(lines=(ticks(chosen, _KINDS, "kind"),)) if chosen else None

    return fill


def _when(kinds: tuple[str, ...], fill: Fill = plain) -> Fill:
    """A field that is only for those who used one of `kinds`."""

    def filled(case: FormCase, answer: str) -> Filled | None:
        used = [uses(case, kind) for kind in kinds]
        if any(used):
            return fill(case, answer)
        return None if None in used else not_needed("source")

    return filled


def _data_points(case: FormCase, _answer: str) -> Filled | None:
    lines = list(data_points(case.facts))
    size, seen = case.known.integer("dataset_size"), case.known.integer("samples")
    passes = case.known.number("epochs")
    exact = size or seen
    tokens = case.known.integer("tokens") or case.known.integer("tokens_recorded")
    figures = [
        text(f"forms.say.{what}", count=f"{scientific(fact.value)} ({grouped(fact.value)})", source=case.facts.source(fact.origin))
        for what, fact in (("sequences", exact), ("token_count", tokens))
        if fact is not None and fact.value > 0
    ]  # fmt: skip
    if size is None and seen is not None and seen.value > 0 and passes is not None and passes.value > 1:
        once = float(f"{seen.value / passes.value:.2g}")
        figures.append(text("forms.say.one_pass", count=number(once), passes=number(passes.value)))
    return Filled(lines=tuple(figures or lines)) if figures or lines else None


def _data_points_coarse(case: FormCase, _answer: str) -> Filled | None:
    lines = data_points(case.facts)
    return Filled(lines=lines) if lines else None


def _scope(case: FormCase, answer: str) -> Filled | None:
    parts = [part for part in (case.facts.said(answer), case.facts.said("data_scope")) if part]
    languages = case.facts.strings("languages")
    if not parts:
        return None
    lines = (text("forms.say.languages", names=language_names(languages)),) if languages else ()
    return Filled(prose="\n\n".join(parts), lines=lines, items=datasets(case.facts))


def _data_in_brief(case: FormCase, answer: str) -> Filled | None:
    kinds, came, care = (
        _data_modalities(case, "data_modalities"),
        _provenance(case, answer),
        case.facts.said("data_cleaning"),
    )
    if kinds is None or came is None or not care:
        return None
    return Filled(lines=(*kinds.lines, *came.lines), prose=care)


def _data_size(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None:
        return said
    kinds = kinds_of_data(case)
    lines: list[str] = []
    tokens = case.known.integer("tokens") or case.known.integer("tokens_recorded")
    passes = case.known.number("epochs")
    once = None if tokens is None else max(1, round(tokens.value / max(1.0, passes.value if passes else 1.0)))
    items = case.known.integer("dataset_size")
    for kind, value in (("text", once), ("image", None if items is None else items.value)):
        if kind in kinds and value:
            low, high = _RANGES[kind]
            where = "low" if value < low else "middle" if value <= high else "high"
            about = text(f"forms.say.about_{kind}", count=short_count(value))
            lines.append(f"{text(f'forms.range.{kind}.{where}')} {about}")
    return (
        Filled(lines=tuple(lines), source=text("documents.source.computed"))
        if len(lines) == len(kinds) > 0
        else None
    )


def _data_latest(case: FormCase, answer: str) -> Filled | None:
    month, goes_on = case.known.text(answer), case.known.flag("data_goes_on")
    if month is None:
        return None
    words = () if goes_on is None else (text(f"forms.say.goes_on_{'yes' if goes_on.value else 'no'}"),)
    return Filled(lines=(f"{month.value}.", *words))


def _languages(case: FormCase, answer: str) -> Filled | None:
    kinds = kinds_of_data(case)
    if kinds and not set(kinds) & {"text", "audio", "video"}:
        return not_needed("no_language")
    codes = case.facts.strings(answer)
    return Filled(lines=(language_names(codes) + ".",)) if codes else None


def _named_datasets(case: FormCase) -> tuple[Item, ...]:
    """Public data sets that must be named: the large ones when sizes are known, else all."""
    named = datasets(case.facts)
    large = set(large_datasets(case.known.strings("dataset_sizes")))
    return tuple(item for item in named if item.label in large) if large else named


def _large(case: FormCase, _answer: str) -> Filled | None:
    named = _named_datasets(case)
    sized = bool(case.known.strings("dataset_sizes"))
    return (
        Filled(items=named, lines=(text(f"forms.say.datasets_{'large' if sized else 'all'}"),))
        if named
        else None
    )


def _others(case: FormCase, answer: str) -> Filled | None:
    said = plain(case, answer)
    if said is not None or not datasets(case.facts):
        return said
    return not_needed("no_others") if len(_named_datasets(case)) == len(datasets(case.facts)) else None


def _crawl_domains(case: FormCase, answer: str) -> Filled | None:
    listed, count = case.facts.strings(answer), case.known.integer("crawl_domain_count")
    if not listed:
        return None
    small = case.known.flag("small_firm")
    total = count.value if count is not None else len(listed)
    wanted = domains_to_list(total, small=small is not None and small.value)
    items = tuple(Item(label=name, value=name) for name in listed[:wanted])
    lines = [text("forms.say.domains", shown=grouped(len(items)), count=grouped(total))]
    if len(items) < wanted:
        lines.append(text("forms.say.domains_short", wanted=grouped(wanted)))
    return Filled(items=items, lines=tuple(lines), partly=len(items) < wanted)


def _private_known(case: FormCase, answer: str) -> Filled | None:
    return plain(case, answer) or (
        not_needed("no_known") if case.known.text("private_data_description") else None
    )


def _private_described(case: FormCase, answer: str) -> Filled | None:
    return plain(case, answer) or (
        not_needed("no_unknown") if case.known.strings("private_datasets") else None
    )


def _synthetic(other: str) -> Callable[[FormCase, str], Filled | None]:
    def fill(case: FormCase, answer: str) -> Filled | None:
        return plain(case, answer) or (
            not_needed("no_such_model") if case.known.get(other) is not None else None
        )

    return fill


def _access(key: str) -> Fill:
    """A measure on crawling: what the provider says, or that nobody crawls."""

    def fill(case: FormCase, answer: str) -> Filled | None:
        used = uses(case, "web_crawl")
        if used is False:
            return Filled(lines=(text(f"forms.say.no_crawl_{key}"),))
        return plain(case, answer) if used else None

    return fill


def _signatory(case: FormCase, answer: str) -> Filled | None:
    said = case.known.flag(answer)
    return (
        None
        if said is None
        else Filled(lines=(text(f"documents.word.{'yes' if said.value else 'no'}").capitalize(),))
    )


_PRIVATE, _CRAWL = ("private_third_party",), ("web_crawl",)
_USERS = ("user_interactions", "user_services")
_MADE = ("synthetic",)

FILLS: dict[str, Fill] = {
    "provenance": _provenance,
    "data_modalities": _data_modalities,
    "data_points": _data_points,
    "data_points_coarse": _data_points_coarse,
    "scope": _scope,
    "data_in_brief": _data_in_brief,
    "data_size": _data_size,
    "data_latest": _data_latest,
    "languages": _languages,
    "uses_public": _uses("public_datasets"),
    "public_modalities": _modalities_of(("public_datasets",)),
    "large_datasets": _when(("public_datasets",), _large),
    "other_datasets": _when(("public_datasets",), _others),
    "uses_licensed": _uses("licensed"),
    "licensed_modalities": _modalities_of(("licensed",)),
    "uses_private": _uses("private_third_party"),
    "private_modalities": _modalities_of(_PRIVATE),
    "private_known": _when(_PRIVATE, _private_known),
    "private_described": _when(_PRIVATE, _private_described),
    "uses_crawl": _uses("web_crawl"),
    "crawl_answer": _when(_CRAWL),
    "crawl_modalities": _modalities_of(_CRAWL),
    "crawl_domains": _when(_CRAWL, _crawl_domains),
    "uses_interactions": _uses("user_interactions"),
    "uses_services": _uses("user_services"),
    "user_services": _when(("user_services",)),
    "user_modalities": _modalities_of(_USERS),
    "uses_synthetic": _uses("synthetic"),
    "synthetic_modalities": _modalities_of(_MADE),
    "synthetic_models": _when(_MADE, _synthetic("synthetic_other_models")),
    "synthetic_others": _when(_MADE, _synthetic("synthetic_models")),
    "uses_other": _uses("other"),
    "if_public": _when(("public_datasets",)),
    "if_private": _when(_PRIVATE),
    "if_synthetic": _when(_MADE),
    "if_users": _when(_USERS),
    "other_sources": _when(("other",)),
    "signatory": _signatory,
    "lawful_access": _access("access"),
    "crawl_optouts": _access("optouts"),
}
