# SPDX-License-Identifier: Apache-2.0
"""Six people and one who knows nothing: from the folder to the written card, by keyboard alone, and by mouse
from a drop on.

Their folders are small and made by rule: what the training tools write, with made-up sizes.
"""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.app import App
from gui.pages.form_page import FormPage
from tests.gui.driver import ANSWERS, click, fill, key, running, settle, wait
from tests.gui.test_scan import drop
from tests.gui.test_walk import _enter_outside_long_text

TRAINED = Path(__file__).resolve().parent.parent / "fixtures" / "trained"
ASKING = ("model", "training", "release")


def safetensors(path: Path, tensors: dict[str, list[int]], metadata: dict[str, str]) -> None:
    """A file of zeros with this header."""
    header: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for name, shape in tensors.items():
        size = 2
        for side in shape:
            size *= side
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    told = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(told)) + told + bytes(end))


def lora(folder: Path) -> None:
    shutil.copytree(TRAINED / "peft_lora_llama", folder, dirs_exist_ok=True)


def full(folder: Path) -> None:
    shutil.copytree(TRAINED / "hf_trainer_full_llama_v4", folder, dirs_exist_ok=True)


def sdxl_kohya(folder: Path) -> None:
    told = {
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_sd_model_name": "sd_xl_base_1.0.safetensors",
        "ss_network_module": "networks.lora",
        "ss_network_dim": "8",
        "ss_steps": "1600",
        "ss_num_train_images": "400",
        "ss_num_epochs": "4",
        "ss_resolution": "(1024, 1024)",
    }
    name = "lora_unet_mid_block_attentions_1_proj_in"
    safetensors(
        folder / "style.safetensors",
        {f"{name}.lora_down.weight": [8, 16], f"{name}.lora_up.weight": [16, 8]},
        told,
    )


def whisper(folder: Path) -> None:
    config = {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "d_model": 32,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
        "vocab_size": 128,
        "num_mel_bins": 16,
        "max_source_positions": 50,
        "max_target_positions": 32,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    state = {"epoch": 2.0, "global_step": 16, "train_batch_size": 2, "max_steps": 16, "log_history": []}
    (folder / "trainer_state.json").write_text(json.dumps(state), encoding="utf-8")


def merge(folder: Path) -> None:
    (folder / "mergekit_config.yml").write_text(
        "merge_method: linear\nmodels:\n- model: org/one\n  parameters: {weight: 0.5}\n"
        "- model: org/two\n  parameters: {weight: 0.5}\ndtype: float16\n",
        encoding="utf-8",
    )
    safetensors(folder / "model.safetensors", {"model.embed_tokens.weight": [16, 8]}, {"format": "pt"})


def nanogpt(folder: Path) -> None:
    arguments = {"n_layer": 2, "n_head": 2, "n_embd": 16, "block_size": 32, "vocab_size": 65, "bias": False}
    told = {"model_args": arguments, "iter_num": 2000, "config": {"batch_size": 12, "block_size": 32}}
    with zipfile.ZipFile(folder / "ckpt.pt", "w") as file:
        file.writestr("ckpt/data.pkl", pickle.dumps(told, protocol=2))
        file.writestr("ckpt/version", "3\n")


PEOPLE: dict[str, tuple[Callable[[Path], None], dict[str, Any]]] = {
    "LoRA on Llama": (lora, {}),
    "full fine-tune": (full, {"training_method": "full"}),
    "SDXL LoRA with kohya": (sdxl_kohya, {"output_modalities": "image", "base_model": "stabilityai/sdxl"}),
    "Whisper": (whisper, {"training_method": "full", "base_model": "openai/whisper-tiny"}),
    "merge": (merge, {"origin": "merge", "base_model": "org/one"}),
    "nanoGPT": (nanogpt, {"origin": "from_scratch", "training_method": "full", "tokens": "300M"}),
}


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")  # a list that opens
@pytest.mark.parametrize("by_keyboard", [True, False], ids=["keyboard", "mouse"])
@pytest.mark.parametrize("person", PEOPLE)
def test_from_the_folder_to_the_card(
    qapp: QApplication, tmp_path: Path, person: str, by_keyboard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, own = PEOPLE[person]
    folder = tmp_path / "model"
    folder.mkdir()
    make(folder)
    with running(qapp, tmp_path / "home") as app:
        if by_keyboard:  # Enter on the first button; the system's own dialog gives the folder
            monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
            key(app.window, Qt.Key.Key_Return)
        else:
            drop(app.home.zone, folder)
        if person == "nanoGPT":
            _describe(app)
        assert wait(lambda: app.wizard.current in ("found", "model"))
        pages = _walk(app, folder, by_keyboard=by_keyboard, answers=ANSWERS | own)
        assert (folder / "README.md").is_file()
        assert (folder / "what-applies.md").is_file()
        answered = app.store.project.answers.model_dump(exclude_none=True, exclude_defaults=True)
        assert len(answered) <= 15, sorted(answered)
        assert len(pages) <= 10, pages


def test_who_knows_nothing_gets_through_too(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    nanogpt(folder)
    with running(qapp, tmp_path / "home") as app:
        app.open(str(folder))
        _describe(app)
        _walk(app, folder, by_keyboard=True, answers=None)
        assert (folder / "README.md").is_file()
        assert app.derive.assessment is not None
        assert app.derive.assessment.verdict.headline


def _describe(app: App) -> None:
    """A bare PyTorch checkpoint is not read: the page says so and offers to describe the model by hand."""
    assert wait(lambda: "No model was found" in app.board.message), app.board.message
    key(app.window, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    assert wait(lambda: app.wizard.current == "model")


def _walk(app: App, folder: Path, *, by_keyboard: bool, answers: dict[str, Any] | None) -> list[str]:
    """Go on to the end and write; the pages seen. Without answers each question gets "I don't know"."""
    seen = ["folder"]
    for _ in range(14):
        seen.append(app.wizard.current)
        if app.wizard.current in ASKING and answers is not None:
            fill(app, by_keyboard=by_keyboard, answers=answers)
        elif app.wizard.current in ASKING:
            _dont_know(app)
        if app.wizard.current == "export":
            break
        here = app.wizard.current
        _go_on(app, by_keyboard=by_keyboard)
        assert app.wizard.current != here, app.wizard.sheet.summary.accessibleName()
    assert seen[-1] == "export"
    settle()
    page = app.wizard.page
    if not page.path.text():  # type: ignore[attr-defined]
        QTest.keyClicks(page.path, str(folder))  # type: ignore[attr-defined]
        _go_on(app, by_keyboard=by_keyboard)
    assert wait(lambda: not page._unseen.isActive())  # type: ignore[attr-defined]
    if not (folder / "README.md").is_file() or "Written" not in app.board.message:
        _go_on(app, by_keyboard=by_keyboard)
    assert wait(lambda: "Written" in app.board.message or "README.md" in app.board.message), app.board.message
    return seen


def _go_on(app: App, *, by_keyboard: bool) -> None:
    if by_keyboard:
        _enter_outside_long_text(app)
    else:
        click(app.wizard.sheet.forward)


def _dont_know(app: App) -> None:
    page = app.wizard.page
    assert isinstance(page, FormPage)
    for _ in range(20):
        rows = [
            row
            for row in page.form.rows
            if not row.question.optional
            and getattr(app.store.project.answers, row.question.name) is None
            and row.question.name not in app.store.project.answers.dont_know
        ]
        if not rows:
            return
        rows[0].unknown.setFocus()
        QTest.keyClick(rows[0].unknown, Qt.Key.Key_Space)
        settle()
    raise AssertionError("the questions never end")
