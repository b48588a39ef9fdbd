# SPDX-License-Identifier: Apache-2.0
"""The EU forms: every field there, filled, or a gap; the rules for domains and large data sets; when each is proposed."""

import re
from typing import Any

import pytest

from core.documents import find_gaps, propose, read_back, render
from core.documents.forms.build import FILLS, fill, form_case, form_gaps
from core.documents.forms.fill_compute import order_of_magnitude
from core.documents.forms.fill_data import domains_to_list, large_datasets
from core.documents.forms.fill_model import size_range
from core.documents.forms.schema import FORM_IDS, Form, load_form
from core.documents.privacy import Withheld
from core.domain.answers import Answers
from core.domain.document import RenderedDocument, Severity
from core.domain.finding import Duty, Finding, Outcome
from core.domain.form_answers import FormAnswers
from core.domain.known import Known
from core.domain.project import Project
from core.form_questions import TOGETHER, form_question
from core.questions import QuestionKind
from core.texts import catalogue
from tests.unit.documents import samples
from tests.unit.rules.readability import grade

# Written down from the forms themselves, not from our data: a field that we lose makes this test fail.
EVERYBODY, AUTHORITIES = "A, N, D", "A, N"
MODEL_FORM = {
    "0a": "", "0b": "",
    "1": EVERYBODY, "2": EVERYBODY, "3": AUTHORITIES, "4": EVERYBODY, "5": EVERYBODY, "6": EVERYBODY, "7": EVERYBODY,
    "8": AUTHORITIES, "9": EVERYBODY, "10": "D", "11": EVERYBODY, "12": "D", "13": "A", "14": "N, D", "15a": AUTHORITIES,
    "15b": "D", "16a": AUTHORITIES, "16b": "D", "16c": AUTHORITIES, "17": EVERYBODY, "18": EVERYBODY, "19": EVERYBODY,
    "20": EVERYBODY, "21": "D", "22": "D", "23": AUTHORITIES, "24": AUTHORITIES, "25": EVERYBODY, "26": EVERYBODY,
    "27": AUTHORITIES, "28a": "N", "28b": "A", "29": AUTHORITIES, "30": EVERYBODY, "31": AUTHORITIES, "32": AUTHORITIES,
    "33a": "N", "33b": "A", "34a": "N", "34b": "A", "35": AUTHORITIES, "36": AUTHORITIES, "37": AUTHORITIES,
    "38": AUTHORITIES, "39": AUTHORITIES,
}  # fmt: skip
SUMMARY = (
    "0a 0b 1.1a 1.1b 1.2a 1.2b 1.2c 1.3a 1.3b 1.3c 1.3d 1.3e 1.3f 1.3g 2.1a 2.1b 2.1c 2.1d 2.1e 2.2.1a 2.2.1b "
    "2.2.2a 2.2.2b 2.2.2c 2.2.2d 2.2.2e 2.3a 2.3b 2.3c 2.3d 2.3e 2.3f 2.3g 2.3h 2.3i 2.4a 2.4b 2.4c 2.4d 2.4e "
    "2.5a 2.5b 2.5c 2.5d 2.5e 2.6a 2.6b 2.6c 3.1a 3.1b 3.1c 3.2 3.3"
).split()
ANNEX_XII = "1a 1b 1c 1d 1e 1f 1g 1h 2a 2b 2c".split()
# What the Guidelines and Article 52 ask of a notice, and what a rebuttal should speak of.
NOTICE = (
    ("compute", "6"), ("way of estimating", "7"), ("approximations", "8"), ("architecture", "9"), ("parameters", "10"),
    ("amount of data", "11"), ("curation", "12"), ("techniques", "13"), ("input", "14"), ("output", "15"), ("tools", "16"),
    ("context length", "17"), ("benchmarks", "18"), ("arguments", "19"),
)  # fmt: skip
MEASURES = ("1.1", "1.2", "1.3", "1.4", "1.5")
TEXT = "What the developer says about this."


def everything() -> Answers:
    """An answer for each field of each form."""
    values: dict[str, Any] = {
        "legal_name": "Mira Example", "contact": "On the model's page", "eu_release_date": "2026-11-30", "release_date": "2026-11-30",
        "small_firm": True, "code_signatory": False, "input_modalities": ("text",), "output_modalities": ("text",), "data_modalities": ("text", "image"),
        "data_latest": "09/2026", "data_goes_on": False, "dataset_sizes": ("mira/recipes = 12000", "mira/notes = 200"), "crawl_domain_count": 40,
        "data_sources": ("public_datasets", "licensed", "private_third_party", "web_crawl", "user_interactions", "user_services", "synthetic", "other"),
        "crawl_domains": ("example.org", "example.net"), "model_type": "llama", "pipeline_tag": "text-generation", "release_form": "open_weights",
        "hardware": "nvidia-rtx-4090", "device_count": 1, "samples": 28_800, "tokens": 59_000_000, "data_summary": TEXT, "data_cleaning": TEXT,
        "data_types": TEXT, "datasets": ("mira/recipes", "mira/notes"), "license_link": "https://example.org/licence", "energy_kwh": 3.0,
    }  # fmt: skip
    for name, field in FormAnswers.model_fields.items():
        if name not in values:
            kind = form_question(name, "label", "why", Known(Project())).kind
            values[name] = {QuestionKind.LIST: (TEXT,), QuestionKind.MULTI_CHOICE: ("text", "image")}.get(
                kind, TEXT
            )
            assert field.default is None
    return Answers.model_validate(samples.ANSWERS.model_dump() | values)


def form_of_duty(code: str) -> str | None:
    """The form that meets the EU duty with this code ("53(1)(d)"), or None."""
    return next((form_id for form_id in FORM_IDS if code in load_form(form_id).duties), None)


FULL = samples.project(
    everything(), (*samples.LORA_FACTS, samples.fact("base_config", {"max_position_embeddings": 8192}))
)
EMPTY = samples.project(Answers(), ())


def owed(*codes: str, outcome: Outcome = Outcome.APPLIES) -> tuple[Finding, ...]:
    duties = tuple(Duty(code=code, text="Do it.", document=form_of_duty(code)) for code in codes)
    return (
        Finding(
            instrument="eu_ai_act",
            jurisdiction="eu",
            title="EU AI Act",
            outcome=outcome,
            headline="Yes.",
            duties=duties,
        ),
    )


def written(form_id: str, project: Project, **changes: Any) -> RenderedDocument:
    assessment = samples.assessment(project, **changes)
    document = render(form_id, project, assessment)
    read_back(document, project, assessment)
    return document


def headings(document: RenderedDocument) -> dict[str, str]:
    """Field id -> recipients, as the reader sees them."""
    found = re.findall(r"(?m)^### (\S+) (.*?)(?: \(([AND, ]+)\))?$", document.content)
    return {name: to for name, _, to in found}


def test_the_fields_are_those_of_the_official_forms() -> None:
    ids = {form_id: [field.id for field in load_form(form_id).fields] for form_id in FORM_IDS}
    assert ids["eu_model_form"] == list(MODEL_FORM)
    assert ids["eu_public_summary"] == SUMMARY
    assert ids["eu_downstream"][1:] == ANNEX_XII
    assert ids["eu_notification"][5:] == [number for _, number in NOTICE]
    assert {re.match(r"\d\.\d", name)[0] for name in ids["eu_copyright_policy"]} == set(MEASURES)  # type: ignore[index]


@pytest.mark.parametrize("form_id", FORM_IDS)
@pytest.mark.parametrize("project", [FULL, samples.project(), EMPTY], ids=["full", "lora", "empty"])
def test_each_field_is_filled_or_a_gap(form_id: str, project: Project) -> None:
    form, document = load_form(form_id), written(form_id, project)
    shown, gaps = headings(document), {gap.field for gap in document.gaps}
    for field in form.fields:
        assert (field.id in shown) != (field.answer in gaps and field.id not in shown), field.id
        if field.id not in shown and not field.optional:
            assert re.search(rf"Not stated:.*{re.escape(field.id)} ", document.content), field.id
    assert "None" not in document.content
    assert not re.search(
        r"(?i)\b(?:tbd|todo|lorem|placeholder|more information needed|n/a)\b", document.content
    )


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_everything_said_leaves_no_gap(form_id: str) -> None:
    document = written(form_id, FULL)
    assert document.gaps == ()
    assert "Not stated" not in document.content


def test_the_doubt_about_the_letters_is_said_once() -> None:
    content = written("eu_model_form", FULL).content
    assert content.count("third draft of the form (March 2025)") == 1
    assert content.count("We read them in:") == 1
    assert "March 2025" not in written("eu_public_summary", FULL).content


def test_recipients_are_those_of_the_form() -> None:
    assert headings(written("eu_model_form", FULL)) == MODEL_FORM


@pytest.mark.parametrize(
    "name", sorted({f.answer for i in FORM_IDS for f in load_form(i).fields if f.answer})
)
def test_each_gap_can_be_answered_on_the_spot(name: str) -> None:
    assert catalogue("forms")[f"fill.{name}"]
    for asked in TOGETHER.get(name, (name,)):
        question = form_question(asked, "label", "why", Known(Project()))
        assert question.why
        assert question.unknown
        if question.kind is QuestionKind.MULTI_CHOICE:
            assert len(question.choices) >= 5


def test_every_form_answer_is_used_and_every_filler_exists() -> None:
    used = {field.answer for form_id in FORM_IDS for field in load_form(form_id).fields}
    used |= {name for names in TOGETHER.values() for name in names}
    assert set(FormAnswers.model_fields) - used == {"data_scope", "model_versions"} - used
    named = {field.fill for form_id in FORM_IDS for field in load_form(form_id).fields if field.fill}
    assert named == set(FILLS)


def test_gaps_are_owed_only_where_a_law_asks_for_the_form() -> None:
    project = samples.project()
    free = samples.assessment(project)
    assert not [gap for gap in free.gaps if gap.document in FORM_IDS]
    asked = find_gaps(Known(project), samples.footprint(), owed("53(1)(d)"), ())
    gaps = [gap for gap in asked if gap.document == "eu_public_summary"]
    assert {gap.severity for gap in gaps} == {Severity.OWED, Severity.NICE}
    assert {gap.needed_by for gap in gaps if gap.severity is Severity.OWED} == {"EU AI Act"}
    assert {gap.severity for gap in written("eu_public_summary", project).gaps} == {
        Severity.READERS,
        Severity.NICE,
    }


@pytest.mark.parametrize(
    ("codes", "forms"),
    [
        ((), []),
        (("53(1)(c)", "53(1)(d)", "53(3)"), ["eu_public_summary", "eu_copyright_policy"]),
        (("53(1)(a)", "53(1)(b)", "53(1)(c)", "53(1)(d)"), ["eu_model_form", "eu_public_summary", "eu_copyright_policy", "eu_downstream"]),
        (("52(1)",), ["eu_notification"]),
    ],
)  # fmt: skip
def test_only_what_the_outcome_requires_is_proposed(codes: tuple[str, ...], forms: list[str]) -> None:
    known = Known(samples.project())
    kinds = propose(known, owed(*codes))
    assert [kind.id for kind in kinds if kind.proposed and kind.id in FORM_IDS] == forms
    assert {kind.id for kind in kinds if kind.id in FORM_IDS} == set(FORM_IDS), (
        "the rest can be had on request"
    )
    assert kinds[0].id == "model_card"
    late = propose(known, owed(*codes, outcome=Outcome.NOT_YET))
    assert not [kind for kind in late if kind.proposed and kind.id in FORM_IDS]


@pytest.mark.parametrize(
    ("count", "small", "listed"),
    [(0, False, 0), (1, False, 1), (10, False, 1), (11, False, 2), (400, False, 40), (400, True, 20),
     (19_999, True, 1000), (20_000, True, 1000), (20_001, True, 1000), (20_000, False, 2000), (19_980, True, 999)],
)  # fmt: skip
def test_how_many_domains_are_listed(count: int, small: bool, listed: int) -> None:
    assert domains_to_list(count, small=small) == listed


def test_the_list_of_domains_is_cut_to_the_rule_and_a_short_one_is_a_gap() -> None:
    names = tuple(f"site{n}.example" for n in range(40))
    answers = everything().replace(crawl_domains=names, crawl_domain_count=400, small_firm=True)
    shown = written("eu_public_summary", samples.project(answers)).content
    assert "site19.example" in shown
    assert "site20.example" not in shown
    short = written("eu_public_summary", samples.project(answers.replace(crawl_domain_count=4000)))
    assert "crawl_domains" in {gap.field for gap in short.gaps}


def test_a_large_data_set_has_more_than_three_percent() -> None:
    assert large_datasets(("a = 3", "b = 97")) == ("b",)
    assert large_datasets(("a = 31", "b = 969")) == ("a", "b")
    assert large_datasets(()) == ()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (1, "1-500M"),
        (500_000_000, "1-500M"),
        (500_000_001, "500M-5B"),
        (7 * 10**9, "5B-15B"),
        (10**12, "500B-1T"),
        (10**12 + 1, ">1T"),
    ],
)
def test_size_ranges(parameters: int, words: str) -> None:
    assert size_range(parameters) == words


def test_orders_of_magnitude() -> None:
    assert [order_of_magnitude(n) for n in (1, 9, 10, 10**23 - 1, 10**23, 47 * 10**23)] == [
        0,
        0,
        1,
        22,
        23,
        24,
    ]


def test_a_modification_says_so_and_links_the_base() -> None:
    shown = written("eu_public_summary", samples.project())
    assert "covers the change only" in shown.content
    assert "meta-llama/Llama-3.1-8B" in shown.content
    assert "base_summary_link" in {gap.field for gap in shown.gaps}
    linked = written(
        "eu_public_summary",
        samples.project(samples.ANSWERS.replace(base_summary_link="https://example.org/summary")),
    )
    assert "https://example.org/summary" in linked.content
    own = written("eu_public_summary", samples.project(samples.ANSWERS.replace(origin="from_scratch"), ()))
    assert "covers the change only" not in own.content
    assert "was not made from another one" in own.content


def test_a_notice_that_is_not_due_does_not_say_that_the_line_is_met() -> None:
    free = written("eu_notification", samples.project()).content
    assert "no such notice is due" in free
    assert "meets, or will meet" not in free
    due = written("eu_notification", samples.project(), findings=owed("52(1)")).content
    assert "meets, or will meet" in due
    assert "no such notice is due" not in due


def test_annex_xii_gives_no_compute_and_no_energy() -> None:
    shown = written("eu_downstream", FULL).content
    assert "FLOP" not in shown
    assert "kWh" not in shown


def test_nobody_who_crawls_nothing_is_asked_about_crawlers() -> None:
    answers = samples.ANSWERS.replace(data_sources=("public_datasets",))
    gaps = {gap.field for gap in written("eu_public_summary", samples.project(answers)).gaps}
    assert not [
        name
        for name in gaps
        if name.startswith(("crawl", "private", "user", "synthetic")) and not name.endswith("comments")
    ]
    policy = written("eu_copyright_policy", samples.project(answers))
    assert "crawl_behaviour" not in {gap.field for gap in policy.gaps}


def test_private_things_stay_out_of_the_forms() -> None:
    answers = samples.ANSWERS.replace(
        data_obtained="Copied from /home/mira/private and hf_abcdefghijklmnopqrstuvwxyz0123"
    )
    document = written("eu_model_form", samples.project(answers))
    assert "/home/mira" not in document.content
    assert "hf_abc" not in document.content
    assert document.withheld


@pytest.mark.parametrize("key", sorted(catalogue("forms")))
def test_words_are_plain(key: str) -> None:
    said = re.sub(r"\{\w+\}", "law", catalogue("forms")[key])
    if len(said.split()) >= 12 and not key.endswith("intro"):
        assert grade(said) <= 9, (key, said)


def test_fields_without_use_are_told_once_with_their_reason() -> None:
    said = samples.project(samples.ANSWERS.replace(data_sources=("public_datasets",)))
    content = written("eu_public_summary", said).content
    crawled = content.split("## 2.3 ")[1].split("## 2.4 ")[0]
    assert crawled.count("Not applicable") == 1
    assert "### 2.3b" not in crawled
    assert "2.3b Names of the crawlers; 2.3c" in crawled
    assert "?;" not in content, "a question in a list of fields needs no mark"


def test_none_is_an_answer_in_words() -> None:
    project = samples.project(samples.ANSWERS.replace(acceptable_use="none"))
    assert "17 Acceptable use policy (A, N, D)\n\nThere is none." in written("eu_model_form", project).content
    policy = written("eu_copyright_policy", project).content
    assert "1.4b Uses that breach copyright\n\nNobody may use" in policy


def under(field: str, document: RenderedDocument) -> str:
    """What stands under the heading of a field."""
    return re.split(r"(?m)^#{2,3} ", document.content.split(f"### {field} ")[1])[0]


def test_a_notice_explains_all_of_its_compute() -> None:
    """Field 6 gives the sum with the base; an explanation of the run alone was of another figure."""
    told = under("7", written("eu_notification", samples.project()))
    assert "The compute was worked out like this:" in told
    assert "Operations of each layer times the samples seen: 1.2 × 10¹⁸ FLOP" in told
    assert "Base model: 7.2 × 10²³ FLOP (operations)" in told
    assert "Base model" not in under("35", written("eu_model_form", samples.project()))


def test_an_adapter_needs_more_than_its_own_size() -> None:
    assert "It runs with the base model, which needs more." in under(
        "21", written("eu_model_form", samples.project())
    )


def test_gap_of_two_forms_is_filled_in_both() -> None:
    form: Form = load_form("eu_model_form")
    before = samples.project()
    case = form_case(before, samples.assessment(before), Withheld())
    assert "data_safety" in {gap.field for gap in form_gaps(form, case)}
    after = samples.project(samples.ANSWERS.replace(data_safety=TEXT))
    for form_id, field_id in (("eu_model_form", "31"), ("eu_public_summary", "3.2")):
        case = form_case(after, samples.assessment(after), Withheld())
        filled = {field.id: value for field, value in fill(load_form(form_id), case)}
        assert filled[field_id] is not None
