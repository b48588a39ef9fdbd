# SPDX-License-Identifier: Apache-2.0
"""A private word in every place that is read of one real run with all its loggers: no document of any kind shows it."""

import datetime
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from core.assess import assess
from core.documents import Format, convert, render
from core.documents.kinds import _FILES, MODEL_CARD, NOTICE, propose
from core.domain.assessment import Assessment
from core.domain.known import Known
from core.domain.project import Project
from core.reference import load_reference
from core.rules import load_rulebook
from core.scan import scan_path
from tests.hostile.events_maker import event, log, scalar, text_entry
from tests.hostile.torch_maker import T, Thing, save
from tests.unit.scan.test_wandb_file import framed, records

TRAINED = Path(__file__).parents[1] / "fixtures" / "trained"
MARK = "zqcanary"
HOME, TOKEN, MAIL = f"/home/{MARK}/runs", f"hf_{MARK}AbCdEfGhIjKlMnOpQrStUvWxYz", f"{MARK}@example.org"
HOST = f"{MARK}-workstation"
TODAY = datetime.date(2026, 11, 26)


def plant(root: Path) -> Path:
    """A full fine-tune as its tools left it, with the person's own words wherever a tool writes them."""
    folder = root / f"{MARK} of mira" / "tiny-model"
    shutil.copytree(TRAINED / "hf_trainer_full_llama_v4", folder)
    (folder / "truth.json").unlink()
    config = json.loads((folder / "config.json").read_text())
    config |= {"_name_or_path": f"{HOME}/base-model", "hub_token": TOKEN, "author": MAIL, "path": HOME}
    (folder / "config.json").write_text(json.dumps(config))
    state = json.loads((folder / "trainer_state.json").read_text())
    state |= {
        "best_model_checkpoint": HOME,
        "trial_name": MARK,
        "trial_params": {"dir": HOME, "token": TOKEN},
    }
    state["log_history"][0] |= {"note": MARK, f"eval_{MAIL}": 1.0, f"eval_{HOME}": 2.0}
    (folder / "trainer_state.json").write_text(json.dumps(state))
    settings = {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 2, "output_dir": HOME, "hub_token": TOKEN,
                "run_name": MARK, "optim": HOME, "lr_scheduler_type": MAIL, "logging_dir": f"{HOME}/{HOST}"}  # fmt: skip
    save(folder / "training_args.bin", Thing("transformers.training_args", "TrainingArguments", settings))
    kept = {"step": T((), "0"), "exp_avg": T((4,), "1"), MARK: HOME}
    save(
        folder / "checkpoint-20" / "optimizer.pt",
        {"state": {0: kept}, "param_groups": [{"params": [0], "x": TOKEN}]},
    )
    said = json.dumps({**settings, "_name_or_path": f"{HOME}/base-model", "model_type": "llama"})
    runs = folder / "runs" / f"Nov26_10-00-00_{HOST}"
    runs.mkdir(parents=True)
    (runs / f"events.out.tfevents.1795500000.{HOST}.11.0").write_bytes(
        log(event(1.0, 5, scalar("train/loss", 1.0)), event(9.0, 20, text_entry("args/text_summary", said)))
    )
    wandb = folder / "wandb" / "offline-run-20261126_111925-av66zh2f"
    (wandb / "files").mkdir(parents=True)
    (wandb / "run-av66zh2f.wandb").write_bytes(framed(records()))
    (wandb / "files" / "wandb-metadata.json").write_text(
        json.dumps({"host": HOST, "email": MAIL, "program": f"{HOME}/train.py", "args": ["--token", TOKEN],
                    "git": {"remote": f"https://{MARK}:pass@git.example/x.git"}, "gpu": f"Tesla T4 {MAIL}",
                    "username": MARK, "executable": f"{HOME}/bin/python", "python": HOME})
    )  # fmt: skip
    run = folder / "mlruns" / "1" / ("ab" * 16)
    (run / "params").mkdir(parents=True)
    (run / "meta.yaml").write_text(
        f"run_id: {'ab' * 16}\nuser_id: {MARK}\nartifact_uri: file://{HOME}\nrun_name: {MARK}\n"
    )
    (run / "params" / "learning_rate").write_text(TOKEN)
    (run / "params" / "optim").write_text(HOME)
    (folder / "emissions.csv").write_text(
        f"duration,energy_consumed,emissions,project_name,gpu_model,country_name,cloud_provider,longitude\n"
        f"60,0.1,0.05,{MARK},{MAIL},{HOME},{HOST},13.7\n"
    )
    readme = (folder / "README.md").read_text()
    assert "base_model" not in readme.split("---")[1]
    # A base whose licence asks for words of its own, so that there is a NOTICE to write.
    readme = readme.replace("tags:", "base_model: meta-llama/Llama-3.2-1B\ntags:", 1)
    readme = readme.replace("tags:", f"tags:\n- {HOME}\n- {MAIL}\n- base_model:adapter:{HOME}/x", 1)
    (folder / "README.md").write_text(f"{readme}\n- optimizer: {TOKEN}\n")
    (folder / "LICENSE").write_text(f"MIT License\n\nCopyright (c) 2026 {MAIL}\n")
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Assessment]:
    folder = plant(tmp_path_factory.mktemp("canaries"))
    result = scan_path(folder)
    assert len(result.facts) > 35
    read = {record.reader for record in result.files if record.outcome == "read"}
    assert read >= {"config", "trainer_state", "training_args", "tfevents", "wandb", "codecarbon", "readme"}
    project = Project(folder=str(folder), scan=result)
    return project, assess(project, rulebook=load_rulebook(), reference=load_reference(), today=TODAY)


def test_every_kind_is_rendered_below() -> None:
    kinds = {kind.id for kind in propose(Known(Project()), (), weighed=True)} | {NOTICE}
    assert kinds == set(_FILES)


@pytest.mark.parametrize("kind", sorted(_FILES))
def test_no_document_shows_what_is_private(kind: str, planted: tuple[Project, Assessment]) -> None:
    project, assessment = planted
    content = render(kind, project, assessment).content
    assert content
    assert MARK not in content.lower()
    assert not re.search(r"\bmira\b", content.lower())
    assert "13.7" not in content


@pytest.mark.parametrize(
    "kind", sorted(kind for kind, name in _FILES.items() if name.endswith(".md") and kind != MODEL_CARD)
)
def test_no_word_file_hides_it_either(kind: str, planted: tuple[Project, Assessment]) -> None:
    """Every part of the file, also those no reader sees."""
    project, assessment = planted
    data = convert(render(kind, project, assessment), Format.DOCX, TODAY)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).lower() for name in archive.namelist()}
    assert len(parts) > 3
    assert not [
        name for name, part in parts.items() if MARK.encode() in part or re.search(rb"\bmira\b", part)
    ]
