# SPDX-License-Identifier: Apache-2.0
"""A guard inside the interpreter watches a scan: nothing is imported from the folder, run, unpickled, or sent."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.hostile import gguf_maker
from tests.hostile.events_maker import event, log, scalar, text_entry
from tests.hostile.joblib_maker import WAYS, Array, joblib_file
from tests.hostile.tool_maker import FOLDERS, build
from tests.hostile.torch_maker import T, Thing, pickled, save
from tests.unit.scan.test_wandb_file import framed, records
from tests.unit.scan.test_wandb_file import write as write_wandb

TRAINED = Path(__file__).parents[1] / "fixtures" / "trained"
GUARD = """
import builtins, sys
from pathlib import Path
root, planted = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
from core.scan import scan_path, require_model
from core.scan.readers import READERS
from core.reference import load_reference
from core.texts import catalogue
scan_path(planted)
catalogue("scan"), catalogue("scan_tools"), load_reference().base_model("none/none")
"".encode("cp437")  # zipfile's own codec, loaded from the standard library at first use
events = []
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir"):
        path = args[0]  # a number is a handle that an earlier event opened by its path
        inside = isinstance(path, int) or any(
            Path(str(path)).resolve().is_relative_to(one) for one in (root, planted)
        )
        if not inside:
            events.append((event, str(path)))
    elif event.split(".")[0] in ("socket", "subprocess", "pickle", "ctypes", "marshal", "shutil", "winreg") or event in (
        "exec", "compile", "import", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "os.remove",
        "os.rename", "os.mkdir", "os.truncate", "os.chmod", "code.__new__",
    ):
        events.append((event, str(args)[:200]))
sys.addaudithook(watch)
facts = 0
folders = [path for above in (root, planted, planted / "tools") for path in sorted(above.iterdir()) if path.is_dir()]
for folder in [planted, *folders]:
    facts += len(scan_path(folder).facts)
found = list(events)
read = {record.reader for folder in [planted, *folders] for record in scan_path(folder).files if record.outcome == "read"}
print(facts)
print(found)
print("readers that read nothing:", sorted({reader.NAME for reader in READERS} - read - {"gguf", "keras"}))
sys.exit(1 if found or facts < 600 or not read >= {"wandb", "mlflow", "optimizer_file", "sklearn_model", "tfevents"} else 0)
"""
ATTACK = """
import os
class Run:
    def __reduce__(self):
        return (os.system, ("touch '{mark}'",))
"""


def plant(folder: Path, mark: Path) -> None:
    """Files that would run code if they were imported, unpickled or followed."""
    import pickle

    space: dict[str, type] = {}
    exec(ATTACK.format(mark=mark), space)
    bomb = pickle.dumps(space["Run"]())
    for name in ("training_args.bin", "pytorch_model.bin", "rng_state.pth", "optimizer.pt", "model.pkl"):
        (folder / name).write_bytes(bomb)
    for name in ("yaml.py", "json.py", "modeling_custom.py", "__init__.py", "sitecustomize.py"):
        (folder / name).write_text(f"open({str(mark)!r}, 'w')")
    (folder / "config.json").write_text(
        '{"model_type": "llama", "hidden_size": 8, "auto_map": {"AutoModel": "modeling_custom.Model"}}'
    )
    (folder / "README.md").write_text(
        "---\nlicense: !!python/object/apply:os.system ['true']\n---\n{{ 7*7 }}\n"
    )
    (folder / "chat_template.jinja").write_text("{{ ''.__class__ }}")
    (folder / "tokenizer_config.json").write_text('{"vocab_file": "/etc/passwd"}')


def plant_formats(root: Path) -> None:
    """One folder for each other format, with files that try something where the format lets them."""
    state = {"w": T((4, 4), "0")}
    for name, bad in (
        ("torch", state | {"x": Thing("os", "system", {})}),
        ("run", {"model": state, "path": "/etc/passwd"}),
    ):
        (root / name).mkdir()
        save(root / name / "model.pt", bad)
    (root / "small").mkdir()
    gguf_maker.write(root / "small" / "m.gguf", *gguf_maker.llama())
    (root / "pickles").mkdir()
    (root / "pickles" / "m.pkl").write_bytes(pickled(Thing("sklearn.svm", "SVC", {"C": 1.0})))
    attack = Array((1,), "O8", b"\x80\x02cos\nsystem\nX\x05\x00\x00\x00false\x85R.")
    (root / "pickles" / "m.joblib").write_bytes(
        joblib_file("sklearn.x", "Ridge", {"coef_": attack, "alpha": 1})
    )
    (root / "small" / "m.onnx").write_bytes(b"\x08\x09\x3a\x00")
    shutil.copyfile(
        TRAINED.parent / "hdf5" / "other.h5", root / "small" / "m.h5"
    )  # links to a file beside it
    shutil.copyfile(TRAINED.parent / "hdf5" / "cnn.keras", root / "pickles" / "m.keras")
    packed = joblib_file("sklearn.x", "Ridge", {"coef_": attack, "alpha": 1})
    for name, pack in WAYS.items():
        (root / "pickles" / f"{name}.joblib").write_bytes(pack(packed))
    (root / "small" / "events.out.tfevents.1.host.1.0").write_bytes(
        log(event(1.0, 2, scalar("train/loss", 1.0)), event(2.0, 2, text_entry("args/text_summary", "{}")))
    )
    write_wandb(root / "small", framed(records()))
    trained = {"state": {0: {"exp_avg": T((4,), "0")}}, "param_groups": [{"params": [0]}]}
    save(root / "run" / "optimizer.pt", trained)
    (root / "run" / "trainer_state.json").write_text('{"global_step": 3}')
    schema = {"__class__": "Ridge", "__module__": "sklearn.linear_model._ridge",
              "content": {"coef_": {"file": "/etc/passwd.npy"}, "loader": {"__module__": "os"}}}  # fmt: skip
    with zipfile.ZipFile(root / "small" / "m.skops", "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
    run = root / "small" / "mlruns" / "1" / ("ab" * 16)
    (run / "params").mkdir(parents=True)
    (run / "meta.yaml").write_text(f"run_id: {'ab' * 16}\nartifact_uri: file:///etc\n")
    (run / "params" / "optim").write_text("adamw_torch")
    (root / "small" / "emissions.csv").write_text("duration,energy_consumed,emissions\n1,2,3\n")
    (root / "small" / "wandb-metadata.json").write_text('{"gpu": "Tesla T4", "program": "/etc/passwd"}')


def test_nothing_runs_and_nothing_outside_is_opened(tmp_path: Path) -> None:
    planted, mark = tmp_path / "planted", tmp_path / "ran"
    planted.mkdir()
    plant(planted, mark)
    plant_formats(planted)
    for name, files in FOLDERS.items():
        build(planted / "tools" / name, files)
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(TRAINED), str(planted)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not mark.exists()
