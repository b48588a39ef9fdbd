# SPDX-License-Identifier: Apache-2.0
"""The folder around a card: weights, secrets, relation, notice. And the command with its exit codes and reports."""

import datetime
import json
from pathlib import Path

import jsonschema
import pytest

from core.cli import main
from core.lint import lint
from tests.unit.lint.good_cards import good_cards

ON = datetime.date(2026, 11, 23)
SCHEMA = Path(__file__).parents[2] / "fixtures" / "schemas" / "sarif-2.1.0.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a fault: card, adapter, notice."""
    model = tmp_path / "Llama-3.1-8B-NoRobots-LoRA"
    model.mkdir()
    (model / "README.md").write_text(good_cards()["llama-lora"], encoding="utf-8")
    (model / "NOTICE").write_text("Llama 3.1 is licensed …", encoding="utf-8")
    config = {"base_model_name_or_path": "meta-llama/Llama-3.1-8B-Instruct", "peft_type": "LORA", "r": 16}
    (model / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    return model


def rules(folder: Path) -> set[str]:
    return {one.rule for one in lint(folder).problems}


def test_a_good_folder_raises_nothing(folder: Path) -> None:
    assert rules(folder) == set()


def test_the_files_speak_against_the_card(folder: Path) -> None:
    config = folder / "adapter_config.json"
    config.write_text(
        config.read_text(encoding="utf-8").replace("3.1-8B-Instruct", "3.2-1B"), encoding="utf-8"
    )
    (folder / "NOTICE").unlink()
    card = folder / "README.md"
    card.write_text(
        card.read_text(encoding="utf-8").replace("relation: adapter", "relation: merge"), encoding="utf-8"
    )
    assert rules(folder) == {"base-model-differs", "notice-missing", "relation-wrong"}


def test_a_base_that_only_the_files_name(folder: Path) -> None:
    card = folder / "README.md"
    lines = card.read_text(encoding="utf-8").splitlines(keepends=True)
    card.write_text("".join(line for line in lines if not line.startswith("base_model")), encoding="utf-8")
    assert rules(folder) == {"base-model-missing"}


def test_secrets_and_weights(folder: Path) -> None:
    (folder / ".env").write_text("X=1", encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02}q\x00.")
    (folder / "optimizer.pt").write_bytes(b"\x80\x02}q\x00.")
    (folder / "run.log").write_text("HF_TOKEN=hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ\n", encoding="utf-8")
    (folder / "training_args.bin").write_bytes(
        b"\x80\x02X\x25\x00\x00\x00hf_" + b"QwErTyUiOpAsDfGhJkLzXcVbN\x00/home/anna/out\x00"
    )
    found = lint(folder).problems
    assert {one.rule for one in found} >= {
        "secret-file",
        "pickle-weights",
        "training-leftover",
        "secret",
        "private-path",
    }
    assert {one.file for one in found if one.rule == "secret"} == {"run.log", "training_args.bin"}
    shown = json.dumps([one.model_dump(mode="json") for one in found])
    assert "aBcDeFgHi" not in shown
    assert "QwErTyUi" not in shown


def test_without_a_card(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert "card-missing" in rules(folder)


def test_a_damaged_file_is_named(folder: Path) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")
    assert "file-unreadable" in rules(folder)


def test_exit_codes(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--off", "owed-unanswered"], today=ON) == 0
    assert "Nothing found" in capsys.readouterr().out
    (folder / "NOTICE").unlink()
    assert main(["check", str(folder)], today=ON) == 1
    assert "[notice-missing]" in capsys.readouterr().out
    assert main(["check", str(folder), "--off", "notice-missing"], today=ON) == 0
    assert main(["check", str(folder), "--off", "no-such-rule"], today=ON) == 2
    assert main(["check"], today=ON) == 2
    assert main(["check", str(tmp_path / "nothing")], today=ON) == 3


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "NOTICE").unlink()
    assert main(["check", str(folder), "--json"], today=ON) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["format"], said["clean"], said["counts"]) == (
        1,
        False,
        {"error": 0, "warning": 1, "note": 1},
    )
    assert said["problems"][0]["rule"] == "notice-missing"
    assert set(said["problems"][0]) == {"rule", "level", "file", "line", "what", "todo", "checked"}


def test_sarif_is_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = folder / "README.md"
    card.write_text(
        card.read_text(encoding="utf-8").replace("license: llama3.1", "license: banana"), encoding="utf-8"
    )
    (folder / "odd name %.pt").write_bytes(b"\x80\x02.")
    assert main(["check", str(folder), str(card), "--sarif"], today=ON) == 1
    log = json.loads(capsys.readouterr().out)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(log)
    results = log["runs"][0]["results"]
    assert {"license-unknown", "pickle-weights"} <= {one["ruleId"] for one in results}
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert any(
        place["artifactLocation"]["uri"].endswith("/README.md") and place["region"]["startLine"] == 2
        for place in places
    )
    assert not any(" " in place["artifactLocation"]["uri"] for place in places)
    for one in results:
        assert log["runs"][0]["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]


def owed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    """Findings on what is owed, as the command prints them."""
    main(["check", *arguments, "--json"], today=ON)
    found = json.loads(capsys.readouterr().out)["problems"]
    return [one for one in found if one["rule"].startswith("owed")]


def test_files_alone_give_one_note_for_each_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [one] = owed(capsys, str(folder))
    assert (one["rule"], one["level"], one["file"]) == (
        "owed-unanswered",
        "note",
        "training-data-statement.md",
    )
    (folder / "training-data-statement.md").write_text("# Training data\n", encoding="utf-8")
    assert owed(capsys, str(folder)) == []
    assert owed(capsys, str(folder / "README.md")) == []


def test_answers_bring_every_open_point(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("offered_in_california: true\npersonal_data: false\n", encoding="utf-8")
    found = owed(capsys, str(folder), "--answers", str(answers))
    labels = {one["what"].rpartition(": ")[2] for one in found}
    assert {one["level"] for one in found} == {"warning"}
    assert "Types of data points." in labels
    assert "Personal information." not in labels
    answers.write_text("offered_in_california: false\n", encoding="utf-8")
    assert not [
        one for one in owed(capsys, str(folder), "--answers", str(answers)) if "AB 2013" in one["what"]
    ]


def test_answers_are_for_one_release(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), str(folder), "--answers", "x.yaml"], today=ON) == 2
    assert "one release" in capsys.readouterr().err
