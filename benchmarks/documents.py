# SPDX-License-Identifier: Apache-2.0
"""Every document of every folder: written, read back, checked; how much is filled without typing; how long it takes.

    python benchmarks/documents.py FOLDER_OF_FOLDERS [--office] [--show]

`--office` also opens each Word file with LibreOffice and compares every word that it shows. Exit 1 when a document fails a check.
"""

import argparse
import datetime
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.assess import assess  # noqa: E402
from core.documents import Format, plan_export  # noqa: E402
from core.documents.card.build import card_context  # noqa: E402
from core.documents.card.identity import identify  # noqa: E402
from core.documents.context import CardContext  # noqa: E402
from core.documents.docx_writer import docx_words  # noqa: E402
from core.documents.forms.build import fill, form_case  # noqa: E402
from core.documents.forms.schema import load_form  # noqa: E402
from core.documents.hub import hub_names  # noqa: E402
from core.documents.metadata import metadata_problems  # noqa: E402
from core.documents.privacy import Private, Withheld, find_private  # noqa: E402
from core.documents.readme_parts import split_readme  # noqa: E402
from core.domain.assessment import Assessment  # noqa: E402
from core.domain.known import Known  # noqa: E402
from core.domain.project import Project  # noqa: E402
from core.errors import WeighbridgeError  # noqa: E402
from core.reference import load_reference  # noqa: E402
from core.rules import load_rulebook  # noqa: E402
from core.scan import require_model, scan_path  # noqa: E402

KINDS = (
    "model_card", "eu_model_form", "eu_public_summary", "eu_copyright_policy", "eu_downstream", "eu_notification",
    "ab2013", "compute_record", "what_applies", "what_applies_html", "risk_note", "checklist",
)  # fmt: skip
FORM_FIELDS = "3 6 7 9 10 11 12 13 14 16a 16b 21 22 28a 28b 33a 33b 34a 34b 35 36 37 38 39".split()
"""Fields of the Model Documentation Form that files can answer (reference notes on the form)."""
PLACEHOLDER = re.compile(
    r"(?i:more information needed|\bTBD\b|\bTODO\b|lorem ipsum|sentence_transformers_model_id|\{\{ ?\w+ ?\}\}|\[model id\])|model=\"None"
)
PRIVATE = {Private.TOKEN, Private.PATH, Private.KEY_BLOCK, Private.LOGIN}


def card_fields(card: CardContext, known: Known) -> dict[str, bool]:
    """Fields of the Hub's template that its notes call answerable from files, and whether the card has them."""
    technical = {item.label for item in card.technical}
    return {
        "model_id": bool(card.title),
        "model_type": bool(card.details) or bool(technical & {"Model type", "Architecture"}),
        "base_model": bool(identify(known).base_model),
        "license": bool(card.licence.own),
        "get_started_code": card.snippet is not None,
        "training_data": bool(card.datasets or card.data_facts),
        "training_regime": bool(card.hyperparameters or card.procedure),
        "speeds_sizes_times": bool(technical & {"Size of the weights"}),
        "results": bool(card.evaluation),
        "hours_used": card.energy is not None and any("ime" in row.label for row in card.energy.rows),
        "hardware_type": card.energy is not None and any(row.label == "Hardware" for row in card.energy.rows),
        "co2_emitted": card.energy is not None and any("gases" in row.label for row in card.energy.rows),
        "model_specs": bool(technical & {"Parameters"}),
        "compute": card.compute is not None,
        "hardware_requirements": bool(technical & {"Size of the weights"}),
        "software": bool(card.versions),
    }


def answerable(folder: Path) -> set[str]:
    """Names of fields that some file of the folder can answer, judged from the files alone."""
    shown = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in folder.rglob("*")
        if path.suffix in (".md", ".json", ".csv", ".yaml", ".yml") and path.stat().st_size < 2_000_000
    )
    every = {path.name for path in folder.rglob("*")}
    found = {"model_id", "model_type", "model_specs", "get_started_code", "form 7", "form 13", "form 14"}
    found |= {"speeds_sizes_times", "hardware_requirements", "form 3", "form 21", "form 9", "form 11"}
    if re.search(r"(?m)^license: *\S", shown):
        found |= {"license", "form 16a", "form 16b"}
    if re.search(r'"?base_model(?:_name_or_path)?"?: *"?[\w-]+/[\w.-]+"?\s*[,\n]', shown):
        found |= {"base_model", "form 6"}
    if "config.json" in every:
        found |= {"form 10", "form 12", "software", "form 22", "form 38", "form 39"}
    if every & {"trainer_state.json", "training_args.bin"}:
        found |= {
            "training_data",
            "training_regime",
            "hours_used",
            "compute",
            "form 33a",
            "form 33b",
            "form 34a",
        }
        found |= {"form 34b", "form 35", "form 28a", "form 28b"}
    if re.search(r'"eval_(?!steps|delay|strategy|runtime|samples)\w+": *[\d.]+', shown):
        found |= {"results"}
    if every & {"emissions.csv", "wandb-metadata.json"}:
        found |= {"hardware_type", "co2_emitted", "form 36", "form 37"}
    return found


def checks(name: str, content: str) -> Iterator[str]:
    """What is wrong with a written document."""
    for found in PLACEHOLDER.findall(content):
        yield f"{name}: placeholder {found!r}"
    for spot in find_private(content):
        if spot.kind in PRIVATE:
            yield f"{name}: private {content[spot.start : spot.end]!r}"
    if name == "README.md":
        meta = yaml.safe_load(split_readme(content).meta) or {}
        yield from (f"{name}: {words}" for _, words in metadata_problems(meta))
        if meta.get("base_model_relation", "merge") not in hub_names().relations:
            yield f"{name}: relation {meta['base_model_relation']!r}"


def opened(folder: Path) -> tuple[Project, Assessment]:
    """The folder as a project and its assessment."""
    scan = scan_path(folder)
    require_model(scan)
    project = Project(folder=str(folder), scan=scan)
    today = datetime.date.today()  # noqa: DTZ011
    return project, assess(project, rulebook=load_rulebook(), reference=load_reference(), today=today)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path)
    parser.add_argument("--office", action="store_true")
    parser.add_argument("--show", action="store_true", help="which fields are empty, by folder")
    chosen = parser.parse_args()
    problems: list[str] = []
    shares: dict[str, tuple[int, int]] = {}
    whole: dict[str, int] = {}
    empty: Counter[str] = Counter()
    seconds: list[float] = []
    for folder in sorted(
        path for path in chosen.folders.iterdir() if path.is_dir() and path.name[0] not in "._"
    ):
        try:
            project, assessment = opened(folder)
        except WeighbridgeError as error:
            print(f"{folder.name}: {error.what}")
            continue
        with tempfile.TemporaryDirectory() as out:
            begun = time.process_time()
            plan = plan_export(project, assessment, Path(out), KINDS, formats=(Format.MD, Format.DOCX))
            seconds.append(time.process_time() - begun)
            for item in plan.items:
                if not item.path.name.endswith(".docx"):
                    problems += [
                        f"{folder.name}: {one}" for one in checks(item.path.name, item.document.content)
                    ]
                elif chosen.office:
                    item.path.write_bytes(item.data)
            if chosen.office:
                problems += [f"{folder.name}: {fault}" for fault in _office(Path(out))]
        known = Known(project)
        card = card_context(project, assessment, identify(known), Withheld())
        filled = card_fields(card, known)
        form = load_form("eu_model_form")
        values = {field.id: value for field, value in fill(form, form_case(project, assessment, Withheld()))}
        filled |= {f"form {name}": values[name] is not None for name in FORM_FIELDS}
        can = answerable(folder)
        shares[folder.name] = (sum(filled[name] for name in can), len(can))
        whole[folder.name] = sum(filled.values())
        missing = [name for name, full in filled.items() if not full and name in can]
        empty.update(missing)
        if chosen.show:
            print(f"{folder.name}: empty: {', '.join(missing)}")
    for name, (have, of) in shares.items():
        print(
            f"{name:32} {have:3} of {of} that files can answer = {have / of:.0%}; {whole[name]} of 40 in all"
        )
    have, of = sum(one for one, _ in shares.values()), sum(one for _, one in shares.values())
    print(f"all: {have} of {of} = {have / of:.0%}; most often empty: {empty.most_common(12)}")
    print(
        f"{len(KINDS)} documents, Markdown and Word: {min(seconds):.2f} to {max(seconds):.2f} s of CPU, median {statistics.median(seconds):.2f}"
    )
    print(*problems, sep="\n")
    print(f"{len(problems)} problems in {len(shares)} folders")
    return 1 if problems else 0


def _office(folder: Path) -> list[str]:
    """Word files that LibreOffice cannot turn into a PDF file, or whose words it loses on the way."""
    office = shutil.which("soffice")
    names = sorted(path.name for path in folder.glob("*.docx"))
    if office is None or not names:
        return ["LibreOffice is not installed:"]
    for kind in ("pdf", "txt:Text (encoded):UTF8"):
        subprocess.run(
            [office, "--headless", "--convert-to", kind, *names], cwd=folder, check=False, capture_output=True
        )
    faults = [f"{name} did not convert" for name in names if not (folder / name).with_suffix(".pdf").exists()]
    for name in names:
        read = (folder / name).with_suffix(".txt")
        there = read.read_text(encoding="utf-8-sig").split() if read.exists() else []
        if (lost := first_lost(docx_words((folder / name).read_bytes()).split(), there)) is not None:
            faults.append(f"{name}: LibreOffice shows no {lost!r} where it should stand")
    return faults


def first_lost(words: list[str], shown: list[str]) -> str | None:
    """The first of `words` that does not stand in `shown` in its turn; marks of lists may stand between."""
    rest = iter(shown)
    return next((word for word in words if word not in rest), None)


if __name__ == "__main__":
    raise SystemExit(main())
