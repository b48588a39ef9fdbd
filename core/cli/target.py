# SPDX-License-Identifier: Apache-2.0
"""PATH and --answers of the command line turned into a Project."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from core.domain.answers import Answers
from core.domain.project import Project
from core.errors import BadAnswers, CannotRead
from core.files import is_folder
from core.persist import PROJECT_SUFFIX, loads
from core.scan import ScanProgress, require_model, scan_path
from core.stage_words import NotAStage, parse_stages

_ANSWERS_LIMIT = 1_000_000


def open_project(
    path: str | None, answers: str | None, base: str | None, stages: str | None = None
) -> Project:
    """The project for a folder, a model file or a saved project; without a path, for the answers alone.

    `stages` are the stages of the training in words (core.stage_words), instead of those in the answers.

    Raises CannotRead when nothing about a model can be read, BadAnswers when the answers do not fit.
    """
    said = read_answers(Path(answers)) if answers else Answers()
    if stages:
        said = _with_stages(said, stages)
    if path is None:
        if not answers and not stages:
            raise BadAnswers(
                "There is nothing to weigh.",
                todo="Give a model folder, or describe the model with --answers FILE.",
            )
        return Project(answers=said, by_hand=True)
    target = Path(path)
    if target.name.endswith(PROJECT_SUFFIX):
        saved = _saved(target, said if answers else None)
        if stages and not answers:
            saved = saved.replace(answers=_with_stages(saved.answers, stages))
        return saved
    base_folder = base or said.base_folder
    scan = scan_path(target, base_folder=Path(base_folder) if base_folder else None, progress=_show)
    _end_of_progress()
    require_model(scan)
    folder = target if is_folder(target) else target.parent
    return Project(folder=str(folder.resolve()), scan=scan, answers=said)


def _with_stages(answers: Answers, words: str) -> Answers:
    try:
        return answers.with_answer("stages", parse_stages(words) or None)
    except NotAStage as error:
        raise BadAnswers(error.what) from error


def _saved(target: Path, said: Answers | None) -> Project:
    try:
        data = target.read_bytes()
    except OSError as error:
        raise CannotRead(
            f"The project {target.name} could not be opened.", why=str(error.strerror or error)
        ) from error
    project = loads(data)
    return project if said is None else project.replace(answers=said)


def read_answers(path: Path) -> Answers:
    """The answers file (YAML or JSON in the fields of Answers). Raises BadAnswers with the field at fault."""
    schema = "See the fields with: weighbridge weigh --answers-schema"
    try:
        if path.stat().st_size > _ANSWERS_LIMIT:
            raise BadAnswers(f"The answers file {path.name} is larger than 1 MB.", todo=schema)
        raw = path.read_text(encoding="utf-8-sig")
        data: Any = json.loads(raw) if path.suffix == ".json" else yaml.safe_load(raw)
    except OSError as error:
        raise BadAnswers(
            f"The answers file {path.name} could not be opened.", why=str(error.strerror or error)
        ) from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise BadAnswers(
            f"The answers file {path.name} could not be read.",
            why=str(error).splitlines()[0] if str(error) else "",
            todo=schema,
        ) from error
    if not isinstance(data, dict):
        raise BadAnswers(f"The answers file {path.name} must list fields with their values.", todo=schema)
    try:
        return Answers.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadAnswers(
            f"The answer for {field} does not fit.", why=f"{first['msg']}.", todo=schema
        ) from error


def _show(progress: ScanProgress) -> None:
    if sys.stderr.isatty():
        print(f"\r{progress.files_seen} files seen", end="", file=sys.stderr, flush=True)


def _end_of_progress() -> None:
    if sys.stderr.isatty():
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
