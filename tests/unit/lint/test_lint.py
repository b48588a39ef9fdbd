# SPDX-License-Identifier: Apache-2.0
"""Every planted fault is found by its rule; thirty good cards raise nothing."""

from pathlib import Path

import pytest

from core.documents.hub import hub_names
from core.errors import CannotRead
from core.lint import RULES, Level, lint
from core.texts import text
from tests.unit.lint.faults import FAULTS, Fault
from tests.unit.lint.good_cards import good_cards

IN_FOLDERS = {
    "card-missing", "base-model-differs", "relation-wrong", "notice-missing", "secret-file", "pickle-weights",
    "training-leftover", "file-unreadable",
}  # fmt: skip
"""Rules that need files beside the card: test_lint_folder.py."""


def test_there_are_thirty_good_cards_and_more_than_thirty_faults() -> None:
    assert len(good_cards()) == 30
    assert len(FAULTS) >= 30


def test_thirty_good_cards_raise_nothing(tmp_path: Path) -> None:
    """Good means: no error, no warning, and not even a note."""
    raised = {}
    for name, card in good_cards().items():
        path = tmp_path / f"{name}.md"
        path.write_text(card, encoding="utf-8")
        if found := [(one.rule, one.what) for one in lint(path).problems]:
            raised[name] = found
    assert raised == {}


@pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"{rule}-{number}" for number, (rule, _, _) in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found(fault: Fault, tmp_path: Path) -> None:
    rule, name, plant = fault
    path = tmp_path / "card.md"
    path.write_bytes(plant(good_cards()[name]).encode("utf-8"))
    report = lint(path)
    assert rule in {one.rule for one in report.problems}, [one.what for one in report.problems]
    assert report.clean is (RULES[rule] is Level.NOTE)


def test_every_rule_has_a_fault() -> None:
    untested = set(RULES) - {rule for rule, _, _ in FAULTS} - IN_FOLDERS
    assert untested == {
        *("key-useful", "compute-missing", "by-a-tool"),  # notes; below
        *("owed", "owed-unanswered"),  # test_lint_folder.py
    }


def test_notes_do_not_spoil_a_card(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    card = good_cards()["tabular"].replace("pipeline_tag: tabular-classification\n", "")
    path.write_text(card.replace(", well under 0.01 kWh", ""), encoding="utf-8")
    report = lint(path)
    assert {one.rule for one in report.problems} == {"key-useful", "compute-missing"}
    assert report.clean


def test_the_line_is_the_one_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    card = good_cards()["flux-lora"].replace("license: other", "license: othr")
    path.write_text(card, encoding="utf-8")
    (found,) = (one for one in lint(path).problems if one.rule == "license-unknown")
    assert card.splitlines()[(found.line or 0) - 1] == "license: othr"
    assert "other" in found.todo


def test_windows_line_ends_and_comments_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    for name in ("qwen-dpo", "from-scratch", "gemma-sft"):
        path.write_bytes(good_cards()[name].replace("\n", "\r\n").encode("utf-8"))
        assert lint(path).problems == ()


def test_switched_off_rules_keep_quiet(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text(good_cards()["vit-birds"].replace("license: mit\n", ""), encoding="utf-8")
    assert [one.rule for one in lint(path).problems] == ["license-missing"]
    assert lint(path, {"license-missing"}).problems == ()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00bad", b"version https://git-lfs.github.com/spec/v1\n", b"a\x00b"]
)
def test_what_is_no_text_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(content)
    with pytest.raises(CannotRead):
        lint(path)
    with pytest.raises(CannotRead):
        lint(tmp_path / "nothing.md")


@pytest.mark.parametrize("content", ["", "---\n", "---\n---\n", "---\nx: &a [*a]\n---\nhello\n", "---\nd: 2026-99-99\n---\n", "---\n? [a]\n: 1\n---\n", "---\n!!python/object:os.system x\n---\n", "---\nlicense: [1, {a: b}, null]\nlanguage: {a: 1}\ntags: 3\nbase_model: 7\nmodel-index: {a: 1}\nco2_eq_emissions: [1]\n---\n"])  # fmt: skip
def test_odd_cards_are_told_and_never_break(content: str, tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    path.write_text(content, encoding="utf-8")
    assert not lint(path).clean


def test_every_rule_has_its_words() -> None:
    for rule in RULES:
        assert text(f"lint.{rule}.title")
    assert "mit" in hub_names().licences


def test_the_rules_are_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "check.md").read_text(encoding="utf-8")
    for rule, level in RULES.items():
        assert f"| `{rule}` | {level.value} | {text(f'lint.{rule}.title')} |" in page
