# SPDX-License-Identifier: Apache-2.0
"""SHA-256 of files on request."""

import hashlib
import os
from pathlib import Path

import pytest

from core.errors import Cancelled
from core.scan import HashProgress, hash_files, hashing
from tests.hostile.scan_maker import POINTER


def test_hashes_with_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_CHUNK", 1000)
    one, two = tmp_path / "a.bin", tmp_path / "b.bin"
    one.write_bytes(os.urandom(3500))
    two.write_bytes(b"")
    seen: list[HashProgress] = []
    found = hash_files([one, two], seen.append)
    assert [item.sha256 for item in found] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, two)
    ]
    assert [item.size for item in found] == [3500, 0]
    assert [step.done for step in seen] == sorted(step.done for step in seen)
    assert seen[-1].done == seen[-1].total == 3500
    assert len(seen) >= 4


def test_stopping(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(Cancelled):
        hash_files([tmp_path / "a"], cancelled=lambda: True)


def test_what_has_no_hash_has_a_reason(tmp_path: Path) -> None:
    (tmp_path / "pointer").write_bytes(POINTER)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "good").write_bytes(b"x")
    (tmp_path / "link").symlink_to("good")
    paths = [tmp_path / name for name in ("pointer", "loop", "gone", ".", "good", "link")]
    found = {item.path.name: item for item in hash_files(paths)}
    for name in ("pointer", "loop", "gone"):
        assert not found[name].sha256
        assert found[name].trouble is not None
    assert found["link"].sha256 == found["good"].sha256 == hashlib.sha256(b"x").hexdigest()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.timeout(10)
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert hash_files([tmp_path / "pipe"])[0].trouble is not None


def test_a_file_that_changes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_CHUNK", 10)
    path = tmp_path / "grows"
    path.write_bytes(b"x" * 25)

    def grow(step: HashProgress) -> None:
        if step.done == 10:
            with path.open("ab") as file:
                file.write(b"more")

    trouble = hash_files([path], grow)[0].trouble
    assert trouble is not None
    assert "changed" in trouble[0]
