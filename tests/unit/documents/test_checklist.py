# SPDX-License-Identifier: Apache-2.0
from core.documents import read_back, render
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.texts import catalogue
from tests.unit.documents import samples
from tests.unit.rules.readability import grade


def lines(project: samples.Project) -> list[str]:
    assessment = samples.assessment(project)
    document = render("checklist", project, assessment)
    read_back(document, project, assessment)
    return [line for line in document.content.splitlines() if line.startswith("- ")]


def test_only_what_a_file_or_an_answer_shows_is_crossed() -> None:
    shown = lines(samples.project())
    assert '- [x] The name begins with "Llama".' in shown
    assert "- [x] A licence is chosen." in shown
    assert "- [ ] California AB 2013: Publish a summary of the data sets." in shown
    bare = lines(samples.project(samples.Answers(), ()))
    assert "- [ ] A licence is chosen." in bare
    assert not [line for line in bare if "[x]" in line]


def test_a_pickle_is_named() -> None:
    files = tuple(
        FileRecord(path=name, size=9, outcome=FileOutcome.READ)
        for name in ("model.safetensors", "old.pt", "training_args.bin")
    )
    project = samples.Project(scan=ScanResult(folder_name="x", files=files), answers=samples.ANSWERS)
    shown = "\n".join(lines(project))
    assert "old.pt can run code" in shown.replace("\\", "")
    assert "[ ] The weights are in a format that runs no code" in shown
    assert "training" in shown


def test_words_are_plain() -> None:
    for key, said in catalogue("checklist").items():
        if len(said.split()) >= 12:
            assert grade(said) <= 9, key
