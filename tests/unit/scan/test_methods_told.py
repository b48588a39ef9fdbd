# SPDX-License-Identifier: Apache-2.0
"""Which layers were trained, by what Keras and spaCy write down of it."""

import json
import zipfile
from pathlib import Path

import pytest

from core.scan import scan_path
from tests.unit.scan.test_spacy_weights import copied

KERAS = Path(__file__).resolve().parents[2] / "fixtures" / "trained" / "keras_mlp" / "model.keras"


def method(folder: Path) -> object:
    fact = scan_path(folder).fact("training_method")
    return None if fact is None else fact.value


@pytest.mark.parametrize(("frozen", "told"), [(False, "full"), (True, "frozen_partial")])
def test_layers_that_keras_was_told_not_to_train(tmp_path: Path, frozen: bool, told: str) -> None:
    with zipfile.ZipFile(KERAS) as given, zipfile.ZipFile(tmp_path / "m.keras", "w") as changed:
        for name in given.namelist():
            data = given.read(name)
            if name == "config.json":
                config = json.loads(data)
                config["config"]["layers"][1]["config"]["trainable"] = not frozen
                data = json.dumps(config).encode()
            changed.writestr(name, data)
    assert method(tmp_path) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("frozen_components = []", "full"),
        ('frozen_components = ["tok2vec"]', "frozen_partial"),
        ("frozen_components = ${frozen}", None),
        ("", None),
    ],
)
def test_parts_that_spacy_was_told_not_to_train(tmp_path: Path, line: str, told: str | None) -> None:
    folder = copied(tmp_path)
    config = (folder / "config.cfg").read_text()
    assert "frozen_components = []" in config
    (folder / "config.cfg").write_text(config.replace("frozen_components = []", line))
    assert method(folder) == told
