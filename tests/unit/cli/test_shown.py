# SPDX-License-Identifier: Apache-2.0
"""What a person reads in the terminal: the words of each command, and of each way it can refuse."""

import datetime
import json
import sys
from pathlib import Path

import pytest

from core.cli import main
from core.domain.answers import Answers
from core.domain.project import Project
from core.persist import PROJECT_SUFFIX, dumps
from core.places import DATA_FOLDER
from core.rules.updates.keys import key_text
from tests.unit.rules.updates.making import pair, signed, ten_times_higher

TODAY = datetime.date(2026, 11, 26)
EXAMPLE = Path(__file__).parents[3] / "resources" / "examples" / "tiny-llama-lora"
SIZED = "origin: from_scratch\nparameters_total: 1000000000\ntokens: 20000000000\noutput_modalities: [text]\n"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words), today=TODAY)
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    return code, said.out, said.err


def config(folder: Path, data: str | bytes) -> str:
    path = folder / "config.json"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def test_flops_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "flops", str(EXAMPLE / "base-model"), "--seq", "8", "--batch", "2")
    as_json = json.loads(
        run(capsys, "flops", str(EXAMPLE / "base-model"), "--input", "seq_len=8", "--batch", "2", "--json")[1]
    )
    assert code == 0
    total = as_json["parameters"]["total"]
    assert f"Parameters: {total:,} ({total:,} trained)" in out
    assert f"Forward: {as_json['forward_flop']:,} FLOP" in out
    assert f"Forward and backward: {as_json['step_flop']:,} FLOP" in out


def test_flops_tells_what_it_had_to_assume(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys,
        "flops",
        config(tmp_path, '{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1}'),
    )
    assert "Note: " in out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "only a placeholder"),
        (b"{", "not readable JSON"),
        (b"[" * 100_000, "not readable JSON"),
        (b"[1]", "holds no list of settings"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
    ids=["pointer", "cut", "deep", "list", "large"],
)
def test_flops_says_why_a_config_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: str
) -> None:
    code, out, err = run(capsys, "flops", config(tmp_path, data))
    assert (code, out) == (3, "")
    assert words in err
    assert "config.json" in err


def test_flops_without_a_file_and_with_a_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "flops", str(tmp_path / "gone.json"))
    assert (code, "gone.json could not be opened" in err) == (3, True)
    code, _, err = run(capsys, "flops", str(EXAMPLE / "base-model"), "--input", "seq_len=many")
    assert code == 2
    assert "One of the inputs does not fit" in err


def test_scan_as_json_is_the_whole_result(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "scan", str(EXAMPLE), "--json")
    told = json.loads(out)
    assert (code, told["format"], told["complete"]) == (0, 1, True)
    assert {fact["name"] for fact in told["facts"]} >= {"training_method", "steps", "lora_rank"}


def test_scan_shows_what_disagrees_and_what_could_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "hidden_size": 8')
    (tmp_path / "adapter_config.json").write_text(
        '{"peft_type": "LORA", "base_model_name_or_path": "meta-llama/Llama-3.2-1B", "r": 8}'
    )
    (tmp_path / "README.md").write_text("---\nbase_model: mistralai/Mistral-7B-v0.1\n---\n# A model\n")
    code, out, _ = run(capsys, "scan", str(tmp_path))
    assert code == 0
    disagree, unread = out.index("Files disagree:"), out.index("Could not be read:")
    assert "base_model: " in out[disagree:unread]
    assert "meta-llama/Llama-3.2-1B" in out[disagree:unread]
    assert "mistralai/Mistral-7B-v0.1" in out[disagree:unread]
    assert "config.json: " in out[unread:]


def test_stages_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """They count like stages in an answers file, and a word that is none is named."""
    code, out, _ = run(
        capsys, "weigh", str(EXAMPLE), "--stages", "sft tokens 50M lora; dpo tokens 8M lora", "--json"
    )
    assert code == 0
    more = json.loads(out)["compute"]["own"]["central"]
    assert more > json.loads(run(capsys, "weigh", str(EXAMPLE), "--json")[1])["compute"]["own"]["central"]
    code, _, err = run(capsys, "weigh", str(EXAMPLE), "--stages", "sft tokens perhaps")
    assert code == 2
    assert "perhaps" in err


def test_a_saved_project_is_a_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it was saved; with an answers file, that one speaks instead; with stages, those are added."""
    saved = tmp_path / f"mine{PROJECT_SUFFIX}"
    answers = Answers(
        origin="from_scratch", parameters_total=10**9, tokens=2 * 10**10, output_modalities=("text",)
    )
    saved.write_bytes(dumps(Project(answers=answers, by_hand=True)))
    other = tmp_path / "answers.yaml"
    other.write_text(SIZED.replace("tokens: 20000000000", "tokens: 40000000000"))

    def own(*words: str) -> int:
        code, out, err = run(capsys, "weigh", str(saved), *words, "--json")
        assert code == 0, err
        central: int = json.loads(out)["compute"]["own"]["central"]
        return central

    plain = own()
    assert own("--answers", str(other)) == pytest.approx(2 * plain, rel=0.05)
    assert own("--stages", "pretraining tokens 60B") == pytest.approx(3 * plain, rel=0.05)


def test_a_project_that_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "weigh", str(tmp_path / f"gone{PROJECT_SUFFIX}"))
    assert code == 3
    assert f"The project gone{PROJECT_SUFFIX} could not be opened." in err


def test_an_answers_file_that_is_too_large_or_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "large.yaml"
    large.write_text("#" * 1_000_001)
    for path, words in ((large, "is larger than 1 MB"), (tmp_path / "gone.yaml", "could not be opened")):
        code, _, err = run(capsys, "weigh", "--answers", str(path))
        assert code == 2
        assert path.name in err
        assert words in err


def test_progress_is_shown_to_a_person_and_cleared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the count of files runs on one line, which is empty again before the report."""
    assert run(capsys, "scan", str(EXAMPLE))[2] == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, out, err = run(capsys, "weigh", str(EXAMPLE))
    assert " files seen" in err
    assert err.endswith("\r" + " " * 40 + "\r")
    assert "files seen" not in out


def test_hours_give_energy_in_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(SIZED + "hardware: nvidia-h100-sxm5-80gb\ndevice_count: 8\nhours: 100\n")
    code, out, err = run(capsys, "weigh", "--answers", str(answers))
    assert code == 0, err
    assert "kWh (between" in out
    said = " ".join(out.split())
    assert (
        "Memory to run it at 16 bits: about" in said
    )  # its layers are not known, so no conversation is counted
    assert "GB is enough)" in said
    assert "The same training on one NVIDIA GeForce RTX 4090: about" in said


def test_rules_as_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rules", "--on", "2026-11-26")
    rows = json.loads(run(capsys, "rules", "--on", "2026-11-26", "--json")[1])["parameters"]
    assert code == 0
    assert out.startswith("Rules on 2026-11-26 (checked up to ")
    listed = out.splitlines()[1:]
    assert [line.split(":")[0].strip() for line in listed] == [row["id"] for row in rows]


def test_what_if_for_my_own_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line moved below my training catches me; one moved far above changes nothing, and both are said."""
    answers = tmp_path / "answers.yaml"
    answers.write_text(SIZED)
    code, out, err = run(
        capsys, "rules", "--what-if", "eu.ai_act.gpai_indicator=10^19", "--answers", str(answers)
    )
    assert code == 0, err
    assert "Your model, " in out
    code, out, _ = run(
        capsys, "rules", "--what-if", "eu.ai_act.systemic_presumption=10^26", "--answers", str(answers)
    )
    assert "For your model nothing changes." in out
    assert "no longer caught: " in out


def test_what_if_nobody_is_moved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rules", "--what-if", "eu.ai_act.error_margin=31/100")
    assert code == 0
    assert "is caught by anything new, and none is freed." in out


def test_the_rulebook_in_use_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which one, where it came from, whose key is trusted, what it changed; and a damaged one is told, not used."""
    monkeypatch.setenv(DATA_FOLDER, str(tmp_path / "data"))
    newer, key, answers = (
        tmp_path / name for name in ("newer.weighbridge-rules", "k.weighbridge-key", "a.yaml")
    )
    newer.write_bytes(signed(ten_times_higher()))
    key.write_text(key_text(pair()[1]), encoding="utf-8")
    answers.write_text(
        "origin: from_scratch\nstated_flop: 500000000000000000000000\noutput_modalities: [text]\n"
    )
    shipped = run(capsys, "rulebook", "show")[1]
    assert run(capsys, "rulebook", "load")[0] == 2
    assert run(capsys, "rulebook", "trust", str(key))[0] == 0
    code, out, _ = run(capsys, "rulebook", "check", str(newer), str(EXAMPLE), "--answers", str(answers))
    assert code == 0
    assert "10^24" in out
    assert run(capsys, "rulebook", "load", str(newer))[0] == 0
    loaded = run(capsys, "rulebook", "show")[1]
    assert loaded != shipped
    assert pair()[1].holder in loaded
    assert pair()[1].holder not in shipped
    (kept,) = (
        path
        for path in (tmp_path / "data").rglob("*")
        if path.is_file() and path.suffix != ".weighbridge-key"
    )
    kept.write_bytes(kept.read_bytes()[:-1])
    damaged = run(capsys, "rulebook", "show")[1]
    assert damaged.startswith(shipped.split(",")[0])
    assert len(damaged.splitlines()) > len(loaded.splitlines())
