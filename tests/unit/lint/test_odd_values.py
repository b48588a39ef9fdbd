# SPDX-License-Identifier: Apache-2.0
"""A value of any kind under any key of the front matter is checked, and the card edited; never a crash."""

from pathlib import Path

import pytest

from core.documents import render
from core.lint import lint
from core.lint.problem import Report
from tests.unit.documents import samples
from tests.unit.lint.good_cards import good_cards

PROJECT = samples.project()
ASSESSMENT = samples.assessment(PROJECT)
VALUES = (
    "{a: b}",
    "[{a: b}, [c]]",
    "[]",
    "{}",
    "null",
    "true",
    "-1",
    "1e400",
    ".nan",
    "2024-01-01",
    "''",
    '"\\0"',
)
KEYS = (
    "license", "license_name", "license_link", "language", "library_name", "pipeline_tag", "tags", "datasets", "metrics", "base_model",
    "base_model_relation", "model-index", "model_name", "co2_eq_emissions", "extra_gated_fields", "extra_gated_eu_disallowed", "gated",
    "extra_gated_prompt", "new_version", "inference", "widget", "thumbnail", "licence",
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_value_of_any_kind(key: str, tmp_path: Path) -> None:
    body = good_cards()["llama-lora"].split("---\n", 2)[2]
    for value in VALUES:
        front = "".join(
            f"{name}: {'mit' if name == 'license' else 'x'}\n" for name in ("license", "tags") if name != key
        )
        card = tmp_path / "README.md"
        card.write_text(f"---\n{front}{key}: {value}\n---\n{body}", encoding="utf-8")
        assert isinstance(lint(card), Report)
        assert render("model_card", PROJECT, ASSESSMENT, existing=card.read_bytes()).content


@pytest.mark.parametrize("kind", ["[select]", "{type: [select]}", "{type: {a: b}}", "{type: null}", "[[a]]"])
def test_a_kind_of_gate_field_that_is_no_word_is_told(kind: str, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text(f"---\nlicense: mit\nextra_gated_fields:\n  Work: {kind}\n---\n# Owl\n", encoding="utf-8")
    assert "gate-field" in {found.rule for found in lint(card).problems}
