# SPDX-License-Identifier: Apache-2.0
"""The offline file of wandb: records over block ends, a half-written end, and what stays unread."""

import struct
import time
from pathlib import Path

from core.domain.scan_result import FileOutcome
from core.scan import scan_path
from tests.hostile.events_maker import field, varint

NAME = "wandb/offline-run-20261126_111925-av66zh2f/run-av66zh2f.wandb"
MARK = "zqcanary"
_BLOCK = 32_768


def item(key: str, value: str) -> bytes:
    return field(1, field(1, key) + field(16, value))


def framed(records: list[bytes]) -> bytes:
    """The framing of a LevelDB log behind the seven bytes of wandb."""
    out = bytearray(b":W&B\xe1\xbe\x00")
    for record in records:
        rest, first = record, True
        while first or rest:
            room = _BLOCK - len(out) % _BLOCK
            if room < 7:
                out += bytes(room)
                room = _BLOCK
            piece, rest = rest[: room - 7], rest[room - 7 :]
            kind = (1 if first else 4) if not rest else (2 if first else 3)
            out += struct.pack("<IHB", 0, len(piece), kind) + piece
            first = False
    return bytes(out)


def records(long: int = 10) -> list[bytes]:
    secret = f'"hf_{MARK}AbCdEfGhIjKlMnOpQrStUvWxYz"'
    config = (
        item("per_device_train_batch_size", "4")
        + item("gradient_accumulation_steps", "2")
        + item("num_train_epochs", "3")
        + item("hub_token", secret)
        + item("output_dir", f'"/home/{MARK}/{"x" * long}"')
    )
    run = (
        field(2, MARK) + field(3, MARK) + field(4, config) + field(8, MARK) + field(9, f"{MARK}@example.org")
    )
    machine = (
        field(6, f"/home/{MARK}/train.py")
        + field(10, f"{MARK}")
        + field(11, f"{MARK}@example.org")
        + field(12, MARK)
        + field(18, "Tesla T4")
        + varint(19 << 3)
        + varint(1)
    )
    summary = item("train/global_step", "30") + item("train/train_runtime", "12.5") + item(MARK, secret)
    return [field(17, run), field(26, machine), field(3, summary)]


def write(root: Path, data: bytes) -> Path:
    path = root / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return root


def test_settings_summary_and_device_are_read(tmp_path: Path) -> None:
    for number, long in enumerate((10, 100_000)):  # the second goes over three blocks
        result = scan_path(write(tmp_path / str(number), framed(records(long))))
        found = {fact.name: fact.value for fact in result.facts}
        assert found["steps"] == 30
        assert found["batch_per_device"] == 4
        assert found["gradient_accumulation"] == 2
        assert found["train_runtime_seconds"] == 12.5
        assert found["device_name"] == "Tesla T4"
        assert MARK not in result.model_dump_json()


def test_every_cut_ends_in_a_result(tmp_path: Path) -> None:
    data = framed(records())
    for cut in range(0, len(data), 9):
        result = scan_path(write(tmp_path / str(cut), data[:cut]))
        assert len(result.files) == 1
    whole = scan_path(write(tmp_path / "half", data[:-3]))  # the last record is lost, the others count
    assert {fact.name: fact.value for fact in whole.facts}["batch_per_device"] == 4


def test_another_file_of_the_name_is_declined(tmp_path: Path) -> None:
    result = scan_path(write(tmp_path, b"something else"))
    assert result.files[0].outcome is FileOutcome.UNREADABLE
    assert "Weights & Biases" in result.files[0].what


def test_pieces_of_one_byte_and_records_of_many_small_fields_end_in_time(tmp_path: Path) -> None:
    """Hostile files that are nothing but heads of pieces, or of fields."""
    tiny = b"".join(struct.pack("<IHB", 0, 1, 3) + b"x" for _ in range(32_768 // 8 - 1))
    first = framed([])[:7] + struct.pack("<IHB", 0, 1, 2) + b"x"
    pieces = first + tiny[: 32_768 - len(first) - 7]
    pieces = pieces.ljust(32_768, b"\0") + tiny.ljust(32_768, b"\0") * 600
    fields = framed([field(2, item("k", "1") * 9_000)] * 300)
    for number, data in enumerate((pieces, fields)):
        folder = write(tmp_path / str(number), data)
        started = time.process_time()
        scan_path(folder)
        assert time.process_time() - started < 2
