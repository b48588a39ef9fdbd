# SPDX-License-Identifier: Apache-2.0
"""The badge, the package and the upload command."""

import hashlib
import io
import json
import shlex
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.documents import (
    LostInWriting,
    badge_snippet,
    package_bytes,
    plan_export,
    read_back,
    render,
    upload_command,
)
from core.documents.kinds import BADGE
from core.domain.footprint import Accounts, Footprint
from tests.unit.documents import samples


def test_the_badge_says_compute_range_and_date() -> None:
    of = samples.project()
    assessment = samples.assessment(of)
    document = render(BADGE, of, assessment)
    read_back(document, of, assessment)
    picture = ElementTree.fromstring(document.content)
    words = " ".join(picture.itertext())
    for part in ("training compute", "1.2 × 10¹⁸ FLOP", "9.5 × 10¹⁷ to 1.6 × 10¹⁸", "rules of"):
        assert part in words
    assert "prefers-color-scheme:dark" in document.content
    assert badge_snippet(assessment).endswith("(training-compute-badge.svg)")
    with pytest.raises(LostInWriting):
        read_back(document.replace(content=document.content.replace("9.5 × 10¹⁷", "")), of, assessment)


def test_unknown_compute_is_not_zero() -> None:
    of = samples.project()
    document = render(BADGE, of, samples.assessment(of, footprint=Footprint(accounts=Accounts())))
    assert "not known" in document.content


def test_the_package_holds_every_file_with_its_hash(tmp_path: Path) -> None:
    of = samples.project()
    assessment = samples.assessment(of)
    plan = plan_export(of, assessment, tmp_path, app_version="7.7")
    data = package_bytes(plan, assessment.on)
    assert data == package_bytes(plan, assessment.on)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("weighbridge-manifest.json"))
        assert len(manifest["files"]) == len(archive.namelist()) - 1 >= 4
        for entry in manifest["files"]:
            assert hashlib.sha256(archive.read(entry["name"])).hexdigest() == entry["sha256"]
            assert (entry["rulebook"], entry["app_version"], entry["assessed_on"]) == (
                samples.HASH,
                "7.7",
                "2026-11-23",
            )
        assert archive.infolist()[0].date_time == (2026, 11, 23, 0, 0, 0)


@pytest.mark.parametrize("folder", ["out", "my model", "it's $HOME; rm -rf", 'a "b" `c`', "-x"])
def test_the_upload_command_is_quoted(folder: str) -> None:
    of = samples.project(samples.ANSWERS.replace(model_name="mira/Llama-3.1-8B-Cooking"))
    command = upload_command(of, folder)
    assert command is not None
    assert shlex.split(command) == [
        "hf",
        "upload",
        "mira/Llama-3.1-8B-Cooking",
        f"./{folder}" if folder == "-x" else folder,
        ".",
    ]


def test_the_upload_command_for_windows() -> None:
    of = samples.project(samples.ANSWERS.replace(model_name="mira/Llama-3.1-8B-Cooking"))
    assert (
        upload_command(of, r"C:\Users\Mira\my model", windows=True)
        == r"hf upload mira/Llama-3.1-8B-Cooking 'C:\Users\Mira\my model' ."
    )
    assert (
        upload_command(of, r"D:\it's $x", windows=True)
        == r"hf upload mira/Llama-3.1-8B-Cooking 'D:\it''s $x' ."
    )
    assert upload_command(of, r"C:\out", windows=True) == r"hf upload mira/Llama-3.1-8B-Cooking C:\out ."


def test_no_command_for_a_name_without_an_owner() -> None:
    assert upload_command(samples.project(), "out") is None
