# SPDX-License-Identifier: Apache-2.0
import pytest

from core.documents import MODEL_CARD, WHAT_APPLIES, WHAT_APPLIES_HTML, LostInWriting, read_back, render
from tests.unit.documents import samples


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (MODEL_CARD, "license: llama3.1\n"),
        (MODEL_CARD, "base_model: meta-llama/Llama-3.1-8B\n"),
        (MODEL_CARD, "1.2 × 10¹⁸ FLOP"),
        (MODEL_CARD, "5.5 × 10²³ to 9.4"),
        (MODEL_CARD, "3.04 kWh"),
        (MODEL_CARD, "likely between 0.6 and 1.7 kg"),
        (MODEL_CARD, "Built with Llama"),
        (WHAT_APPLIES, "Nothing stops this release."),
        (WHAT_APPLIES, samples.HASH),
        (WHAT_APPLIES, "Publish a summary of the data sets."),
        (WHAT_APPLIES_HTML, "about 190,000 times below the line"),
        (WHAT_APPLIES_HTML, "Keep the notice in a file named Notice."),
    ],
)
def test_a_lost_fact_is_noticed(kind: str, fact: str) -> None:
    project = samples.project()
    assessment = samples.assessment(project)
    document = render(kind, project, assessment)
    read_back(document, project, assessment)
    assert fact in document.content
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace(fact, "")), project, assessment)


def test_a_changed_value_is_noticed() -> None:
    project = samples.project()
    assessment = samples.assessment(project)
    document = render(MODEL_CARD, project, assessment)
    with pytest.raises(LostInWriting, match="license"):
        read_back(
            document.replace(content=document.content.replace("llama3.1", "mit", 1)), project, assessment
        )
