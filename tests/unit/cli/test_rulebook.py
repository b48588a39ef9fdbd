# SPDX-License-Identifier: Apache-2.0
"""weighbridge rulebook, and packaging/rulebook.py which makes what it loads."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import main
from core.places import DATA_FOLDER
from core.rules.updates.keys import key_text
from tests.unit.rules.updates.making import INDICATOR, STAND_IN, pair, shipped, signed, ten_times_higher

TODAY = datetime.date(2026, 11, 26)
ROOT = Path(__file__).parents[3]
EXAMPLE = str(ROOT / "resources" / "examples" / "tiny-llama-lora")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_FOLDER, str(tmp_path / "data"))
    (tmp_path / "newer.weighbridge-rules").write_bytes(signed(ten_times_higher()))
    (tmp_path / "maker.weighbridge-key").write_text(key_text(pair()[1]), encoding="utf-8")
    (tmp_path / "answers.yaml").write_text(
        "origin: from_scratch\nstated_flop: 500000000000000000000000\noutput_modalities: [text]\n"
    )
    return tmp_path


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words), today=TODAY)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_whole_way(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer, answers = str(place / "newer.weighbridge-rules"), str(place / "answers.yaml")
    code, _, err = _run(capsys, "rulebook", "check", newer)
    assert code == 3
    assert "do not trust" in err
    assert _run(capsys, "rulebook", "trust", str(place / "maker.weighbridge-key"))[0] == 0

    code, out, _ = _run(capsys, "rulebook", "check", newer, EXAMPLE)
    assert code == 0
    assert "more than 10^24 FLOP" in out
    assert "nothing changes" in out
    before = json.loads(_run(capsys, "weigh", "--answers", answers, "--json")[1])

    assert _run(capsys, "rulebook", "load", newer)[0] == 0
    after = json.loads(_run(capsys, "weigh", "--answers", answers, "--json")[1])
    assert (before["eu"]["gpai"], after["eu"]["gpai"]) == ("likely", "criterion_not_met")
    assert before["rulebook"]["hash"] != after["rulebook"]["hash"]
    rules = {row["id"]: row for row in json.loads(_run(capsys, "rules", "--json")[1])["parameters"]}
    assert rules["eu.ai_act.gpai_indicator"]["value"] == 10**24
    shown = json.loads(_run(capsys, "rulebook", "--json")[1])
    assert shown["loaded"]
    assert shown["rulebook"]["edition"] == 2

    assert _run(capsys, "rulebook", "back")[0] == 0
    again = json.loads(_run(capsys, "weigh", "--answers", answers, "--json")[1])
    assert again == before


def test_a_tampered_rulebook_is_refused_and_changes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "rulebook", "trust", str(place / "maker.weighbridge-key"))
    newer = place / "newer.weighbridge-rules"
    newer.write_bytes(newer.read_bytes().replace(b"10^24", b"10^20"))
    code, _, err = _run(capsys, "rulebook", "load", str(newer))
    assert code == 3
    assert "after it was signed" in err
    assert not json.loads(_run(capsys, "rulebook", "--json")[1])["loaded"]


def test_one_that_got_damaged_is_said_and_the_apps_own_rules_are_used(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "rulebook", "trust", str(place / "maker.weighbridge-key"))
    _run(capsys, "rulebook", "load", str(place / "newer.weighbridge-rules"))
    loaded = place / "data" / "rules" / "loaded.weighbridge-rules"
    loaded.write_bytes(loaded.read_bytes()[:5000])
    code, out, err = _run(capsys, "weigh", "--answers", str(place / "answers.yaml"), "--json")
    assert code == 0
    assert json.loads(out)["eu"]["gpai"] == "likely"
    assert "was not loaded" in err


def test_without_a_file_it_says_so(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "rulebook", "load")[0] == 2
    assert _run(capsys, "rulebook", "load", str(place / "nowhere"))[0] == 3


def test_a_made_pair_signs_what_the_command_line_loads(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = place / "rules"
    for name, text in ten_times_higher(7).items():
        (rules / name).parent.mkdir(parents=True, exist_ok=True)
        (rules / name).write_text(text, encoding="utf-8")
    secret, out = place / "secret", place / "seven.weighbridge-rules"
    make = [sys.executable, str(ROOT / "packaging" / "rulebook.py")]
    subprocess.run(
        [*make, "keygen", "--holder", "Makers", "--secret", str(secret)], check=True, capture_output=True
    )
    build = [*make, "build", "--secret", str(secret), "--rules", str(rules), "--out", str(out)]
    subprocess.run(build, check=True, capture_output=True)
    if os.name == "posix":
        assert secret.stat().st_mode & 0o077 == 0
    assert secret.read_text(encoding="ascii").strip().encode() not in out.read_bytes()
    _run(capsys, "rulebook", "trust", f"{secret}.weighbridge-key")
    code, said, _ = _run(capsys, "rulebook", "load", str(out), "--json")
    assert code == 0
    ids = {change["id"] for change in json.loads(said)["changes"]}
    assert ids == {
        f"eu.ai_act.{name.rsplit('/', 1)[1].removesuffix('.yaml')}" for name in (INDICATOR, STAND_IN)
    }
    assert len(shipped()) > 100

    inside = subprocess.run(
        [*make, "keygen", "--holder", "Makers", "--secret", str(ROOT / "secret")], capture_output=True
    )
    assert inside.returncode == 1
    assert not (ROOT / "secret").exists()
