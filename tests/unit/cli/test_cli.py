# SPDX-License-Identifier: Apache-2.0
"""The command line as a person or a CI job uses it: outputs, exit codes, no tracebacks."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.domain.answers import Answers

TODAY = datetime.date(2026, 11, 23)
ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "resources" / "examples" / "tiny-llama-lora"
EXAMPLE_TRUTH = json.loads((ROOT / "tests" / "fixtures" / "example_truth.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv), today=TODAY)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return code, captured.out, captured.err


def run_json(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    code, out, err = run(capsys, *argv, "--json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    assert loaded["format"] == 1
    return loaded


def answers_file(folder: Path, text: str) -> str:
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_weigh_example_is_exact(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "weigh", str(EXAMPLE))
    assert result["parameters"]["total"] == EXAMPLE_TRUTH["params_total"]
    assert result["parameters"]["trainable"] == EXAMPLE_TRUTH["params_trainable"]
    own = result["compute"]["own"]
    assert own["central"] == pytest.approx(EXAMPLE_TRUTH["flops_measured"], rel=0.001)
    assert isinstance(own["central"], int)
    assert own["low"] <= own["central"] <= own["high"]
    recorded = next(w for w in result["compute"]["witnesses"] if w["id"] == "recorded")
    assert recorded["raw"] == EXAMPLE_TRUTH["total_flos_recorded"]
    assert recorded["remark"]


def test_weigh_json_holds_what_the_contract_names(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "weigh", str(EXAMPLE))
    assert {"compute", "parameters", "energy_kwh", "co2_kg", "findings", "eu", "gaps", "rulebook"} <= set(
        result
    )
    assert {"own", "base", "direct", "cumulative", "witnesses"} <= set(result["compute"])
    for finding in result["findings"]:
        assert {
            "instrument",
            "outcome",
            "duties",
            "relieved",
            "from",
            "deadline",
            "because",
            "sources",
        } <= set(finding)
    assert {"gpai", "provider", "systemic", "open_source_exempt"} == set(result["eu"])
    for gap in result["gaps"]:
        assert {"document", "field", "severity", "how_to_fill"} <= set(gap)
    assert len(result["rulebook"]["hash"]) == 64


def test_text_report_starts_with_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "weigh", str(EXAMPLE), "--explain")
    assert code == 0
    assert "Your training:" in out
    assert "not legal advice" in out


def test_by_hand_needs_no_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answers = answers_file(
        tmp_path,
        "model_name: Tiny\norigin: from_scratch\nparameters_total: 124000000\ntokens: 10000000000\n"
        "output_modalities: [text]\ntraining_method: full\nlicense: unknown\n",
    )
    result = run_json(capsys, "weigh", "--answers", answers)
    assert result["compute"]["own"]["central"] == 6 * 124_000_000 * 10_000_000_000
    outcomes = {finding["instrument"]: finding["outcome"] for finding in result["findings"]}
    assert outcomes["us-ca-sb53"] == "does_not_apply"
    assert outcomes["us-ca-ab2013"] == "applies"


def test_everything_unknown_is_still_answered(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fields = [name for name in Answers.model_fields if name != "dont_know"]
    answers = answers_file(tmp_path, "".join(f"{name}: unknown\n" for name in fields))
    result = run_json(capsys, "weigh", "--answers", answers)
    assert result["compute"]["own"] is None
    assert result["verdict"]["headline"]


def test_scan_lists_facts_with_file_and_key(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "scan", str(EXAMPLE))
    assert code == 0
    assert "trainer_state.json, global_step" in out


def test_flops_counts_a_batch(capsys: pytest.CaptureFixture[str]) -> None:
    config = EXAMPLE / "base-model" / "config.json"
    result = run_json(capsys, "flops", str(config), "--seq", "64", "--batch", "4")
    assert result["parameters"]["total"] == EXAMPLE_TRUTH["params_base"]
    assert result["step_flop"] > result["forward_flop"] > 0


def test_rules_on_a_date(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "rules", "--on", "2026-11-23")
    assert result["on"] == "2026-11-23"
    values = {str(row["value"]) for row in result["parameters"]}
    assert str(10**23) in values
    assert str(10**26) in values


def test_write_writes_and_never_replaces_unasked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out_folder = tmp_path / "out"
    code, out, err = run(capsys, "write", str(EXAMPLE), "--out", str(out_folder))
    assert code == 0, err
    card = out_folder / "README.md"
    assert card.exists()
    assert str(card) in out
    mine = b"# Mine\r\n\r\nMy words.\r\n"
    card.write_bytes(mine)
    code, out, _ = run(capsys, "write", str(EXAMPLE), "--out", str(out_folder))
    assert code == 1
    assert card.read_bytes() == mine
    assert "+" in out
    code, _, _ = run(capsys, "write", str(EXAMPLE), "--out", str(out_folder), "--replace")
    assert code == 0
    assert b"My words.\r\n" in card.read_bytes()


def _truncated(folder: Path) -> None:
    source = (EXAMPLE / "adapter_model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(source[: len(source) // 3])


def _photos(folder: Path) -> None:
    for number in range(12):
        (folder / f"IMG_{number:04}.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))


def _pointer(folder: Path) -> None:
    (folder / "config.json").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 711\n",
        encoding="utf-8",
    )


BAD = [
    (lambda folder: None, "empty"),
    (_photos, "pictures"),
    (_truncated, "model.safetensors"),
    (_pointer, "lfs"),
]


@pytest.mark.parametrize(("make", "word"), BAD)
@pytest.mark.parametrize("command", ["scan", "weigh"])
def test_bad_folders_get_a_clear_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, make: Any, word: str, command: str
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    make(folder)
    code, _, err = run(capsys, command, str(folder))
    assert code == 3
    assert word in err.lower()
    assert len(err.strip().splitlines()) >= 2, "what happened and what to do"


def test_missing_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "weigh", str(tmp_path / "nowhere"))
    assert code == 3
    assert "nowhere" in err


def test_nan_trainer_state_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    folder = ROOT / "tests" / "fixtures" / "trained" / "hf_trainer_nan_loss"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    result = run_json(capsys, "weigh", str(folder))
    assert result["parameters"]["total"] == truth["params_total"]
    code, out, _ = run(capsys, "weigh", str(folder))
    assert code == 0
    assert "Note: The training log holds losses that are no numbers" in out


def test_weigh_says_what_it_could_not_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A half-copied weights file beside a good configuration: the verdict comes, and the file is named with the way out."""
    source = ROOT / "tests" / "fixtures" / "trained" / "hf_trainer_full_llama_v4"
    (tmp_path / "config.json").write_bytes((source / "config.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes((7000).to_bytes(8, "little") + b'{"a":')
    code, out, err = run(capsys, "weigh", str(tmp_path))
    assert (code, err) == (0, "")
    told = out[out.index("Could not be read:") :]
    assert "model.safetensors: " in told
    assert "again" in told


def test_output_folder_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    code, _, err = run(capsys, "write", str(EXAMPLE), "--out", str(blocked / "out"))
    assert code == 3
    assert err.strip()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("steps: -1\n", "steps"),
        ("stepz: 1\n", "stepz"),
        ("- a\n- b\n", "fields"),
        ("a: [\n", "could not be read"),
        ("dont_know:\n- [steps]\n", "dont_know"),
        ("dont_know: 7\n", "dont_know"),
        ("dont_know: steps\n", "valid tuple"),
    ],
)
def test_answers_that_do_not_fit(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, word: str
) -> None:
    code, _, err = run(capsys, "weigh", str(EXAMPLE), "--answers", answers_file(tmp_path, text))
    assert code == 2
    assert word in err


@pytest.mark.parametrize(
    "argv", [[], ["weigh"], ["nonsense"], ["weigh", "x", "--on", "soon"], ["write", "x"]]
)
def test_usage(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert run(capsys, *argv)[0] == 2


def test_version_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[1].startswith("weighbridge ")
    code, out, _ = run(capsys, "weigh", "--answers-schema")
    assert code == 0
    assert "base_model" in json.loads(out)["properties"]


def test_write_packs_and_says_how_to_upload(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("model_name: mira/tiny\n", encoding="utf-8")
    package, out_folder = tmp_path / "release.zip", tmp_path / "my out"
    where = (
        "write",
        str(EXAMPLE),
        "--answers",
        str(answers),
        "--out",
        str(out_folder),
        "--zip",
        str(package),
    )
    code, out, err = run(capsys, *where)
    assert code == 0, err
    assert f"hf upload mira/tiny '{out_folder}' ." in out
    assert package.read_bytes().startswith(b"PK")
    package.write_bytes(b"mine")
    code, _, err = run(capsys, *where)
    assert (code, package.read_bytes()) == (3, b"mine")
    assert "--replace" in err
    code, _, _ = run(capsys, *where, "--replace")
    assert code == 0
    assert package.read_bytes() != b"mine"
