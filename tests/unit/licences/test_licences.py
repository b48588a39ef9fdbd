# SPDX-License-Identifier: Apache-2.0
"""Licence duties of a base: looked up by exact id, never a default."""

from dataclasses import dataclass

import pytest

from core.domain.answers import Answers
from core.domain.known import Known
from core.domain.project import Project
from core.errors import BadRules
from core.licences import find_licence, free_and_open, licence_duties
from core.licences.data import licences
from core.licences.schema import Licence
from core.licences.strict_yaml import parse
from core.reference import load_reference
from core.resources import read_text


def _known(**answers: object) -> Known:
    return Known(Project(answers=Answers.model_validate(answers)))


@dataclass
class Row:
    hub_id: str
    licence_id: str


class Table:
    def __init__(self, *rows: Row) -> None:
        self._rows = {row.hub_id: row for row in rows}

    def base_model(self, hub_id: str) -> Row | None:
        return self._rows.get(hub_id)


def test_llama_31() -> None:
    (duty,) = licence_duties(
        _known(origin="fine_tune", base_model="meta-llama/Llama-3.1-8B"), load_reference()
    )
    assert duty.licence_id == "llama3.1"
    assert duty.name_prefix == "Llama"
    assert duty.display_text == "Built with Llama"
    assert duty.notice is not None
    assert duty.notice.startswith("Llama 3.1 is licensed under the Llama 3.1 Community License")
    assert duty.free_and_open == "fail"
    assert duty.source is not None
    assert duty.source.locator == "section 1.b"
    assert any("700,000,000" in line for line in duty.duties)
    assert duty.caveat == ""


@pytest.mark.parametrize(
    ("licence", "prefix", "display"),
    [
        ("llama2", None, None),
        ("llama3", "Llama 3", "Built with Meta Llama 3"),
        ("llama3.1", "Llama", "Built with Llama"),
        ("llama3.2", "Llama", "Built with Llama"),
        ("llama3.3", "Llama", "Built with Llama"),
        ("llama4", "Llama", "Built with Llama"),
    ],
)
def test_each_llama_version_has_its_own_terms(licence: str, prefix: str | None, display: str | None) -> None:
    found = find_licence(licence)
    assert found is not None
    assert (found.name_prefix, found.display_text) == (prefix, display)


@pytest.mark.parametrize(
    "licence",
    "llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 gemma apache-2.0 mit openmdw-1.0 qwen qwen-research "
    "tongyi-qianwen mrl mnpl deepseek falcon-llm falcon-180b openrail creativeml-openrail-m openrail++ "
    "bigcode-openrail-m stabilityai-community flux-1-dev-non-commercial-license cc-by-nc-4.0 cc-by-sa-4.0 "
    "cc-by-4.0 nvidia-open tencent-hunyuan-community exaone modified-mit".split(),
)
def test_every_listed_licence_is_there_and_asks_something(licence: str) -> None:
    found = find_licence(licence)
    assert found is not None
    (duty,) = licence_duties(_known(origin="fine_tune", base_model="a/b"), Table(Row("a/b", licence)))
    assert duty.duties
    assert duty.source is not None


def test_unknown_base_gets_no_permission_and_no_default() -> None:
    (duty,) = licence_duties(_known(origin="fine_tune", base_model="me/secret-base"), load_reference())
    assert duty.licence_id == "unknown"
    assert "No permission found" in duty.duties[0]
    assert duty.free_and_open == "unclear"
    assert duty.source is None


def test_base_that_is_not_named_gets_no_permission() -> None:
    (duty,) = licence_duties(_known(origin="fine_tune"), load_reference())
    assert "No permission found for the base model" in duty.duties[0]


@pytest.mark.parametrize("licence", ["", "other", "other-check", "no-such-licence"])
def test_row_without_a_known_licence_is_no_permission(licence: str) -> None:
    (duty,) = licence_duties(_known(origin="fine_tune", base_model="a/b"), Table(Row("a/b", licence)))
    assert "No permission found" in duty.duties[0]
    assert duty.source is None


def test_from_scratch_owes_no_licence() -> None:
    assert licence_duties(_known(origin="from_scratch"), load_reference()) == ()
    assert licence_duties(_known(), load_reference()) == ()


def test_qwen_is_told_apart_by_exact_repository() -> None:
    table = load_reference()
    found = {
        base: licence_duties(_known(origin="fine_tune", base_model=base), table)[0].licence_id
        for base in ("Qwen/Qwen2-72B", "Qwen/Qwen2.5-72B", "Qwen/Qwen2.5-3B", "Qwen/Qwen2.5-7B")
    }
    assert found == {
        "Qwen/Qwen2-72B": "tongyi-qianwen",
        "Qwen/Qwen2.5-72B": "qwen-license",
        "Qwen/Qwen2.5-3B": "qwen-research",
        "Qwen/Qwen2.5-7B": "apache-2.0",
    }


def test_a_row_reached_by_another_name_is_said() -> None:
    class Renaming(Table):
        def base_model(self, hub_id: str) -> Row:
            return Row("a/b", "mit")

    (duty,) = licence_duties(_known(origin="fine_tune", base_model="c/b-Instruct"), Renaming())
    assert "a/b" in duty.caveat


def test_conflicts_with_the_answers_are_told() -> None:
    table = Table(Row("a/nc", "cc-by-nc-4.0"), Row("a/llama", "llama3.1"), Row("a/l4", "llama4"))
    (paid,) = licence_duties(_known(origin="fine_tune", base_model="a/nc", monetised=True), table)
    assert "commercial" in paid.caveat
    (free,) = licence_duties(_known(origin="fine_tune", base_model="a/nc", monetised=False), table)
    assert "commercial" not in free.caveat
    (named,) = licence_duties(
        _known(origin="fine_tune", base_model="a/llama", model_name="me/my-llama"), table
    )
    assert "does not start" in named.caveat
    (good,) = licence_duties(
        _known(origin="fine_tune", base_model="a/llama", model_name="me/Llama-mine"), table
    )
    assert good.caveat == ""
    (eu,) = licence_duties(_known(origin="fine_tune", base_model="a/l4", developer_in_eu=True), table)
    assert "EU" in eu.caveat


@pytest.mark.parametrize(
    ("licence", "test"),
    [
        ("apache-2.0", "pass"),
        ("MIT", "pass"),
        ("agpl-3.0", "pass"),
        ("cc-by-sa-4.0", "pass"),
        ("llama3.1", "fail"),
        ("cc-by-nc-4.0", "fail"),
        ("cc-by-nc-nd-4.0", "fail"),
        ("openrail", "unclear"),
        ("gemma", "unclear"),
        ("other", None),
        ("my-own", None),
    ],
)
def test_free_and_open(licence: str, test: str | None) -> None:
    assert free_and_open(licence) == test


LLAMA = read_text("licences/llama3.1.yaml")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("free_and_open: fail", "free_and_open: maybe", "free_and_open"),
        ("user_limit: 700000000", "user_limit: -1", "user_limit"),
        ("copy_of_licence: true", "copy_of_licence: true\nshape: round", "shape"),
        ("copy_of_licence: true", "copy_of_licence: true\ncopy_of_licence: false", "copy_of_licence"),
        ("  read: full", "  read: glanced", "source.read"),
        ("checked_on: 2026-11-23", "checked_on: lately", "checked_on"),
    ],
)
def test_damaged_licence_data_is_refused(old: str, new: str, key: str) -> None:
    assert old in LLAMA
    with pytest.raises(BadRules) as caught:
        parse(Licence, LLAMA.replace(old, new), "licences/llama3.1.yaml")
    assert str(caught.value).startswith("licences/llama3.1.yaml:")
    assert key in str(caught.value)


def test_every_id_is_found_in_any_case() -> None:
    for name, licence in licences().items():
        assert find_licence(name.upper()) is licence
