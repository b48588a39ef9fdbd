# SPDX-License-Identifier: Apache-2.0
from datetime import date

from core.documents import read_back, render
from core.domain.finding import Outcome
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
    assert "- [x] The name begins with “Llama”." in shown
    assert "- [x] A licence is chosen." in shown
    assert "- [ ] Publish a summary of the data sets." in shown
    bare = lines(samples.project(samples.Answers(), ()))
    assert "- [ ] A licence is chosen." in bare
    assert not [line for line in bare if "[x]" in line]


def test_laws_that_are_open_or_come_later_are_on_the_list() -> None:
    project, law = samples.project(), samples.FINDINGS[1]
    findings = (
        law.replace(title="Law A"),
        law.replace(instrument="b", title="Law B", outcome=Outcome.NOT_YET, applies_from=date(2027, 1, 1)),
        law.replace(instrument="c", title="Law C", outcome=Outcome.UNCERTAIN),
        law.replace(instrument="d", title="Law D", outcome=Outcome.DOES_NOT_APPLY),
        law.replace(instrument="e", title="Law E", outcome=Outcome.UNCERTAIN, matters=False),
    )
    assessment = samples.assessment(project, findings=findings)
    content = render("checklist", project, assessment).content
    laws = content.split("## Laws that apply")[1].split("## When")[0]
    assert "### Law A\n\n- [ ] Publish" in laws
    assert "### Law B (from 1 January 2027)\n\n- [ ] Publish" in laws
    assert "### Not settled yet\n\n- [ ] Find out whether it covers this release: Law C." in laws
    assert "Law D" not in laws
    assert "Law E" not in laws


def test_a_name_is_asked_for_once_before_the_release() -> None:
    """What the licence asks of a later model, trained on the output of this one, comes afterwards."""
    output = "If you train another model on its output, the name of that model starts with “Llama” too."
    duty = samples.LICENCES[0].replace(duties=("The name of your model starts with “Llama”.", output))
    project = samples.project()
    content = render("checklist", project, samples.assessment(project, licences=(duty,))).content
    before, after = content.split("## Afterwards")
    assert before.count("Llama”") == 1
    assert f"Llama 3.1 Community License: {output}" in after


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
