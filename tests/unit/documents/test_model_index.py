# SPDX-License-Identifier: Apache-2.0
"""Results of a card's front matter are shown to its readers, each once."""

from core.documents import MODEL_CARD, read_back, render
from core.documents.card.model_index import indexed
from core.documents.privacy import Withheld
from core.domain.answers import Answers
from tests.unit.documents import samples

META = """model-index:
- name: thing
  results:
  - task: {type: text-classification}
    dataset: {name: GLUE SST-2, type: glue}
    metrics:
    - {type: accuracy, value: 0.913, name: Accuracy}
    - {type: f1, value: "0.9"}
    - {type: loss, value: 1.05, name: Loss}
    - {type: accuracy, value: 0.913, name: Accuracy}
    - {type: bad, value: [1]}
    - {type: none}
"""
CARD = f"---\n{META}---\n# thing\n\nMy own words.\n".encode()


def test_each_result_is_a_row_with_its_data_set() -> None:
    rows = [(row.label, row.value) for row in indexed(META, Withheld())]
    assert rows == [
        ("Accuracy on GLUE SST-2", "0.913"),
        ("F1 score on GLUE SST-2", "0.9"),
        ("Loss on GLUE SST-2", "1.05"),
    ]
    assert indexed("a: [", Withheld()) == ()
    assert indexed("model-index: 3", Withheld()) == ()


def test_the_card_shows_them_and_the_front_matter_stays() -> None:
    project = samples.project(Answers(model_name="me/thing"), ())
    assessment = samples.assessment(project)
    document = render(MODEL_CARD, project, assessment, existing=CARD)
    read_back(document, project, assessment)
    assert META in document.content
    assert "| Accuracy on GLUE SST-2 | 0.913 | from the front matter of this card |" in document.content
    again = render(MODEL_CARD, project, assessment, existing=document.content.encode())
    assert again.content == document.content


def test_what_the_log_says_already_is_not_said_twice() -> None:
    facts = (samples.fact("eval_metrics", {"eval_loss": 1.0504}, "trainer_state.json"),)
    project = samples.project(Answers(model_name="me/thing"), facts)
    content = render(MODEL_CARD, project, samples.assessment(project), existing=CARD).content
    assert "| Loss | 1.0504 | from trainer_state.json |" in content
    assert "Loss on GLUE" not in content
    assert "Accuracy on GLUE" in content


def test_a_private_folder_in_a_name_stays_out() -> None:
    meta = META.replace("GLUE SST-2", "/home/mira/data/sst2")
    assert not any("mira" in row.label for row in indexed(meta, Withheld()))
