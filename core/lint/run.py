# SPDX-License-Identifier: Apache-2.0
"""Runs every rule over a card, alone or in its folder. Pure reading: nothing is written, opened on the network or run."""

from collections.abc import Collection
from pathlib import Path

from core.documents.readme_edit import decode_readme
from core.domain.known import Known
from core.domain.project import Project
from core.errors import CannotRead
from core.files import is_folder
from core.lint.bases import base_problems, base_remarks
from core.lint.card import Card, read_card
from core.lint.emissions import emission_problems
from core.lint.folder import (
    Tree,
    folder_problems,
    private_in_files,
    private_problems,
    read_tree,
    relation_problems,
)
from core.lint.front import front_problems
from core.lint.problem import CARD, Level, Problem, Report, problem
from core.lint.prose import prose_problems
from core.scan import scan_path
from core.texts import text

_PACKED_LIBRARIES = frozenset({"gguf", "llama.cpp", "llama-cpp-python", "ctranslate2", "onnx"})


def lint(path: Path, off: Collection[str] = ()) -> Report:
    """Check a README or a model folder; rules named in `off` are left out.

    Raises CannotRead when there is nothing at `path`, or a card that is no UTF-8 text.
    """
    try:
        is_card = path.is_file()
    except OSError:  # a path too long
        is_card = False
    if is_folder(path):
        report = _folder(path)
    elif is_card:
        report = _card_alone(path)
    else:
        raise CannotRead(text("lint.nothing", name=path.name), todo=text("lint.nothing_todo"))
    return in_order(report, off)


def in_order(report: Report, off: Collection[str] = ()) -> Report:
    """`report` without the rules named in `off`, the gravest first, each finding once."""
    order = list(Level)
    kept = [one for one in report.problems if one.rule not in off]
    kept.sort(
        key=lambda one: (
            order.index(one.level),
            one.file != report.name and one.file != CARD,
            one.file,
            one.line or 0,
        )
    )
    return report.replace(problems=tuple(dict.fromkeys(kept)))


def _card_alone(path: Path) -> Report:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotRead(
            text("lint.closed", name=path.name), why=error.strerror or "", todo=text("lint.nothing_todo")
        ) from error
    content = decode_readme(data, path.name)
    card = read_card(content)
    beside = path.name.lower() == CARD.lower()
    has_licence = True if beside and any(path.parent.glob("LICEN[CS]E*")) else None
    found = _card_problems(card, None, "", has_licence, None, packed=_packed(card, None))
    found += private_problems(CARD, content, is_card=True)
    named = tuple(one.replace(file=path.name) if one.file == CARD else one for one in found)
    return Report(name=path.name, problems=named, remarks=tuple(base_remarks(card, None)), files_read=1)


def _folder(path: Path) -> Report:
    tree = read_tree(path)
    scan = scan_path(path)
    known = Known(Project(scan=scan))
    counted = [0]
    found: list[Problem] = [*folder_problems(tree, scan), *private_in_files(tree, counted)]
    name = next((one for one in tree.files if one.lower() == CARD.lower()), None)
    if name is None:
        found.append(problem("card-missing"))
        return Report(name=path.resolve().name, problems=tuple(found), files_read=counted[0])
    content = decode_readme((path / name).read_bytes(), name)
    card = read_card(content)
    found += _card_problems(
        card,
        known,
        "" if _is_checkpoint(path) else path.resolve().name,
        tree.has(r"LICEN[CS]E[\w.-]*"),
        tree.has(r"NOTICE[\w.-]*"),
        packed=_packed(card, tree),
    )
    found += relation_problems(card, tree, known)
    found += private_problems(CARD, content, is_card=True)
    return Report(
        name=path.resolve().name,
        problems=tuple(found),
        remarks=tuple(base_remarks(card, known)),
        files_read=counted[0] + 1,
    )


def _card_problems(
    card: Card,
    known: Known | None,
    folder_name: str,
    has_licence: bool | None,
    has_notice: bool | None,
    *,
    packed: bool,
) -> list[Problem]:
    found = [*card.problems]
    if not card.broken:
        found += front_problems(card, has_licence)
        found += emission_problems(card, _hours(known))
    found += base_problems(card, known, folder_name, has_notice)
    merged = (
        card.values.get("base_model_relation") == "merge"
        or "merge" in card.listed("tags")
        or "mergekit" in card.listed("tags")
    )
    found += prose_problems(card, packed=packed, merged=merged)
    return found


def _hours(known: Known | None) -> float | None:
    if known is None:
        return None
    hours, seconds = known.number("hours"), known.number("train_runtime_seconds")
    return hours.value if hours is not None else seconds.value / 3600 if seconds is not None else None


def _packed(card: Card, tree: Tree | None) -> bool:
    """A quantised or converted copy of somebody's model: its base's card tells of training and limits."""
    if card.values.get("base_model_relation") == "quantized" or not _PACKED_LIBRARIES.isdisjoint(
        str(name) for name in card.listed("library_name")
    ):
        return True
    tags = {str(tag).lower() for tag in card.listed("tags")}
    if tags & {"gguf", "gptq", "awq", "exl2"}:
        return True
    return tree is not None and any(name.lower().endswith(".gguf") for name in tree.files)


def _is_checkpoint(path: Path) -> bool:
    name = path.resolve().name.lower()
    return name.startswith(("checkpoint", "output", "model", "result", "final", "tmp"))
