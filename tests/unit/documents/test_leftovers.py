# SPDX-License-Identifier: Apache-2.0
"""What a tool's template left is taken out of a card nobody edited; a person's words never are."""

from pathlib import Path

import pytest

from core.documents.leftovers import had_template_title, tool_lists, without_leftovers
from core.documents.readme_parts import split_readme

CARDS = Path(__file__).parents[2] / "fixtures" / "trained"
WORDS = (
    "more information needed",
    "model card for model id",
    "huggingface.co/none",
    'model="none"',
    "[optional]",
)


def body_of(folder: str) -> str:
    return split_readme((CARDS / folder / "README.md").read_text(encoding="utf-8")).body


@pytest.mark.parametrize(
    "folder", ["hf_trainer_full_llama_v4", "peft_lora_llama", "trl_sft_llama", "trl_dpo_llama"]
)
def test_no_placeholder_is_left(folder: str) -> None:
    body = body_of(folder)
    assert any(word in body.lower() for word in WORDS)
    cleaned = without_leftovers(body).lower()
    assert not [word for word in WORDS if word in cleaned]


def test_the_tools_lists_stay() -> None:
    cleaned = without_leftovers(body_of("hf_trainer_full_llama_v4"))
    assert "- learning_rate: 0.001\n" in cleaned
    assert "- Transformers 4.46.3\n" in cleaned
    assert "| 4.5996        | 1.0   | 10   |" in cleaned
    assert tool_lists(cleaned) == {"hyperparameters", "versions"}


def test_the_trainers_own_guess_about_the_base_goes() -> None:
    body = body_of("hf_trainer_full_llama_v4")
    assert "This model was trained from scratch on the generated dataset." in body
    assert "trained from scratch" not in without_leftovers(body)


def test_words_of_a_person_stay_in_the_same_card() -> None:
    body = body_of("peft_lora_llama").replace(
        "## Bias, Risks, and Limitations\n", "## Bias, Risks, and Limitations\n\nIt cannot count.\n", 1
    )
    cleaned = without_leftovers(body)
    assert "## Bias, Risks, and Limitations\n" in cleaned
    assert "It cannot count.\n" in cleaned
    assert "[More Information Needed]" not in cleaned


def test_a_card_without_template_marks_keeps_every_byte() -> None:
    body = "# Mine\r\n\r\n<!-- This section is mine -->\r\n\r\n## Empty\r\n\r\n\r\n\r\n\r\n## Next\r\n"
    assert without_leftovers(body) == body


def test_our_blocks_are_never_cut() -> None:
    block = "<!-- weighbridge:begin licence -->\n\n## Licence\n\nX\n\n<!-- weighbridge:end licence -->\n"
    body = "# T\n\n## Uses\n\n[More Information Needed]\n\n" + block
    assert block in without_leftovers(body)


def test_template_title() -> None:
    assert had_template_title(body_of("peft_lora_llama"))
    assert not had_template_title(body_of("hf_trainer_full_llama_v4"))
