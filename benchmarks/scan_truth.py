# SPDX-License-Identifier: Apache-2.0
"""Folders that real tools wrote, against what is known to be true about them: found, missing or wrong, fact by fact.

    python benchmarks/scan_truth.py FOLDER_OF_FOLDERS [--bases FOLDER] [--only WORD] [--show]

Each folder holds a truth.json (number of parameters, steps, tokens, operations counted by PyTorch while it trained).
truth.json itself is hidden from the scan. The count of a run that recomputed (gradient checkpointing, TRL's head) is also shown
with that apart, and with the products that PyTorch's counter does not see put back (benchmarks/trl_head.py); that figure is
the one held against 5 %. `--bases` holds folders of base models; one with the name that an adapter
gives (the last part of a path or of a name on the Hub) is handed over, as a person would. Returns 1 when a fact is wrong or fewer than 95 % are found.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from core.assess import assess  # noqa: E402
from core.compute.recipe import recipe_of  # noqa: E402
from core.compute.trainer_head import Head  # noqa: E402
from core.compute.witnesses import gather  # noqa: E402
from core.domain.assessment import Assessment  # noqa: E402
from core.domain.known import Known  # noqa: E402
from core.domain.project import Project  # noqa: E402
from core.domain.scan_result import ScanResult  # noqa: E402
from core.domain.stage_run import WRITTEN  # noqa: E402
from core.reference import load_reference  # noqa: E402
from core.rules import load_rulebook  # noqa: E402
from core.scan import scan_path  # noqa: E402

BAR = 0.95
OPERATIONS = 0.05
PACKAGES = {"transformers": "Transformers", "torch": "Pytorch", "peft": "PEFT", "trl": "TRL",
            "datasets": "Datasets", "tokenizers": "Tokenizers", "sentence-transformers": "Sentence Transformers",
            "keras": "Keras", "lightning": "Lightning", "diffusers": "Diffusers", "spacy": "spaCy", "codecarbon": "CodeCarbon"}  # fmt: skip
_METHODS = {
    "dora": "dora",
    "lora": "lora",
    "loha": "loha",
    "ia3": "ia3",
    "prefix tuning": "prefix_tuning",
    "prompt tuning": "prompt_tuning",
}
"""Words of the given truths, and ours."""
Row = tuple[str, Any, Any, str]


def link(folder: Path, into: Path) -> Path:
    """A copy of the folder without truth.json (files are hard links or copies, never links out of the folder)."""
    target = into / folder.name
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "truth.json":
            place = target / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return target


def method_of(truth: dict[str, Any]) -> str | None:
    """The true method as one of our words. The given truths are free sentences."""
    words = str(truth.get("method", ""))
    if re.fullmatch(r"[a-z0-9_]+", words):
        return words
    if "merge" in words or not words:
        return None
    if "frozen" in words and truth.get("params_trainable", 0) < truth.get("params_total", 0):
        return "frozen_partial"
    return next((method for word, method in _METHODS.items() if word in words.lower()), "full")


def expected(truth: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and true value of each fact that the truth holds."""
    pairs = (
        ("parameters_total", "params_total"), ("parameters_trainable", "params_trainable"),
        ("steps", "optimizer_steps"), ("steps", "optimizer_steps_in_final_state"), ("steps", "steps"),
        ("epochs", "epochs"), ("global_batch", "global_batch"), ("global_batch", "global_batch_pairs"),
        ("sequence_length", "seq_len"), ("world_size", "world_size"), ("precision", "precision"),
        ("training_stage", "training_stage"), ("lora_rank", "lora_rank"),
    )  # fmt: skip
    for name, key in pairs:
        if truth.get(key) is not None:
            yield name, truth[key]
    if method := method_of(truth):
        yield "training_method", method
    if isinstance(base := truth.get("base_model"), str):
        yield "base_model", base
    if truth.get("tokens_input_incl_padding"):
        one = truth["tokens_input_incl_padding"] * (truth.get("world_size") or 1)
        yield "tokens", truth.get("tokens_all_ranks", one)
    if truth.get("samples_seen") and not truth.get("pairs"):
        yield (
            "samples",
            truth.get("samples_all_ranks", truth["samples_seen"] * (truth.get("world_size") or 1)),
        )
    if isinstance(truth.get("versions"), dict) and "optimizer_steps" in truth:
        yield "versions", truth["versions"]


def said(name: str, result: ScanResult, assessment: Assessment | None) -> Any:
    """What we say about it: a fact of the folder, else what weighing it gave."""
    fact = result.fact(name)
    if fact is not None:
        return fact.value
    parameters = assessment.footprint.parameters if assessment is not None else None
    if name == "parameters_total" and parameters is not None:
        return parameters.total
    if name == "parameters_trainable" and parameters is not None:
        return parameters.trainable
    if name == "base_model" and (other := result.fact("base_path_name") or result.fact("base_original")):
        return other.value
    return None


def judge(name: str, true: Any, ours: Any, truth: dict[str, Any], result: ScanResult) -> str:
    """found, missing or wrong. (`one` adds "not written": no file of the folder holds it.)"""
    if name == "tokens" and ours is None and (fact := result.fact("tokens_recorded")):
        plain = truth.get("tokens_non_padding"), true
        return "found" if fact.value in plain else "wrong"
    if ours is None:
        return "missing"
    if name == "versions":
        given = {package: ours.get(label) for package, label in PACKAGES.items() if package in true}
        if any(value and value.split("+")[0] != true[key].split("+")[0] for key, value in given.items()):
            return "wrong"
        return "found" if any(given.values()) else "missing"
    if name == "base_model":
        parts = (true, true.rstrip("/").rpartition("/")[2], true.removeprefix("https://huggingface.co/"))
        return "found" if ours in parts else "wrong"
    if name == "epochs":
        return "found" if abs(ours - true) <= 1e-3 * max(1, true) else "wrong"
    return "found" if ours == true else "wrong"


def _written(folder: Path, base: str) -> bool:
    """Whether any file says the base's name. transformers 5 writes it nowhere for a whole model."""
    word = base.rstrip("/").rpartition("/")[2].encode()
    return any(word in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def apart(project: Project, assessment: Assessment, *, twice: bool = True) -> float:
    """FLOP to take off a count of what ran, to get the model's own: what ran twice, less what the counter did not see.

    `twice`: the count holds what gradient checkpointing ran again. TRL adds the gradients of its head with `addmm_`, which PyTorch's FlopCounterMode (2.13) passes over.
    """
    found = assessment.footprint.accounts
    if found.own is None:
        return 0.0
    again = found.hardware_own.central - found.own.central if twice and found.hardware_own is not None else 0
    run = gather(Known(project), load_reference())
    seen, network, recipe = run.seen, run.network, recipe_of(Known(project))
    if seen.head is not Head.LAST or not (network.counted and seen.samples and seen.tokens):
        return again
    mean = seen.tokens / seen.samples
    if run.stage in WRITTEN:
        # Answers are padded to the longest of their batch, and each text may be trained on several times.
        written = recipe.completion or 0
        mean = round(mean - written) + round(recipe.padded or written)
    length = max(1, round(mean))
    head = network.sequence(length).lines.get("output head")
    if head is None:
        return again
    rows = round(seen.samples * (length - 1) * (recipe.passes or 1 if run.stage in WRITTEN else 1))
    return (again or head.forward_flop * rows // length) - head.backward_flop * rows // length


def one(
    folder: Path, bases: Path | None, work: Path
) -> tuple[list[Row], tuple[float, float, bool] | None, ScanResult]:
    """Rows of one folder, operations over truth as counted and as the model's own (None: the truth has none, 0: we have
    none), whether the range holds the latter, and the scan."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    target = link(folder, work)
    result = scan_path(target)
    name = result.fact("base_path_name") or result.fact("base_model")
    base = bases / str(name.value).rpartition("/")[2] if bases is not None and name is not None else None
    if base is not None and base.is_dir():
        result = scan_path(target, base_folder=base)
    project = Project(folder=str(target), scan=result)
    assessment = assess(
        project,
        rulebook=load_rulebook(),
        reference=load_reference(),
        today=date.today(),  # noqa: DTZ011
    )
    rows: list[Row] = []
    for fact, true in expected(truth):
        ours = said(fact, result, assessment)
        verdict = judge(fact, true, ours, truth, result)
        if fact == "base_model" and verdict == "missing" and not _written(target, true):
            verdict = "not written"
        if "optimizer_steps_really_executed" in truth and fact in ("samples", "tokens"):
            verdict = "not written"  # work redone after a crash leaves no trace
        rows.append((fact, true, ours, verdict))
    measured = truth.get("flops_measured_FlopCounterMode_total")
    if not measured:
        return rows, None, result
    own = assessment.footprint.accounts.own
    ran = truth.get("flops_measured_all_ranks", measured * (truth.get("world_size") or 1))
    central = own.central if own is not None else 0
    # Where the truth gives a count with recomputation beside it, the other one was taken from a run without.
    model = ran * truth.get("flops_measured_without_recomputation", measured) / measured
    whole = "flops_with_recomputation" in truth
    model -= (
        0
        if whole
        else apart(
            project, assessment, twice=model == ran and "flops_measured_without_recomputation" not in truth
        )
    )
    inside = own is not None and own.low <= model <= own.high
    return rows, (central / ran, central / max(1, model), inside), result


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path)
    parser.add_argument("--bases", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true", help="every fact, not only those missing or wrong")
    arguments = parser.parse_args()
    totals: Counter[str] = Counter()
    by_fact: dict[str, Counter[str]] = {}
    outside = []
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(arguments.folders.glob("*/truth.json")):
            folder = path.parent
            if arguments.only not in folder.name:
                continue
            rows, ratio, _ = one(folder, arguments.bases, Path(work))
            shown = "" if ratio is None else f"operations {ratio[0]:.4f} of the truth"
            if ratio is not None and abs(ratio[0] - ratio[1]) > 5e-5:
                shown += f", {ratio[1]:.4f} with recomputation apart"
            counts = Counter(row[3] for row in rows)
            print(f"{folder.name:34} {dict(counts)} {shown}")
            if ratio is not None and abs(ratio[1] - 1) > OPERATIONS:
                outside.append(f"{folder.name} {ratio[1]:.3f}{'' if ratio[2] else ' NOT IN RANGE'}")
            for name, true, ours, verdict in rows:
                by_fact.setdefault(name, Counter())[verdict] += 1
                if arguments.show or verdict not in ("found", "not written"):
                    print(f"    {verdict:8} {name:22} true {str(true)[:60]!s:30} ours {str(ours)[:90]}")
            totals += counts
    for name, counts in sorted(by_fact.items()):
        print(f"{name:24} {dict(counts)}")
    every = sum(totals.values()) - totals["not written"]
    print(
        f"{totals['found']} of {every} found ({totals['found'] / max(every, 1):.1%}), {totals['wrong']} wrong"
    )
    print("operations further than 5 % away:", ", ".join(outside) or "none")
    return 1 if totals["wrong"] or totals["found"] < BAR * every else 0


if __name__ == "__main__":
    sys.exit(main())
