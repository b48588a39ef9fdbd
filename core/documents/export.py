# SPDX-License-Identifier: Apache-2.0
"""Documents into a folder: compared first, written whole or not at all, never over a user's file unasked."""

import difflib
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from core import files
from core.documents.check import read_back
from core.documents.formats import Format, Printer, files_of
from core.documents.kinds import MODEL_CARD, document_kind
from core.documents.manifest import MANIFEST_NAME, ManifestFile, merged, read_manifest
from core.documents.readme_parts import lines_of
from core.documents.render import render
from core.domain.assessment import Assessment
from core.domain.base import Frozen
from core.domain.document import RenderedDocument
from core.domain.project import Project
from core.errors import Cancelled, CannotRead, CannotWrite
from core.texts import text

IsCancelled = Callable[[], bool]


class ExportProgress(Frozen):
    """How far a comparison or a writing is; `name` is the file in hand."""

    done: int
    total: int
    name: str


Tell = Callable[[ExportProgress], object]


class FileAction(StrEnum):
    """What an export would do to a file."""

    CREATE = "create"
    UNCHANGED = "unchanged"
    REPLACE = "replace"


class PlannedFile(Frozen):
    """One file of a document and its place; `data` is what will stand there. `difference` is a unified diff, empty when nothing changes.

    `fingerprint` is the SHA-256 of what stood at `path` when the plan was made; None when nothing did.
    """

    document: RenderedDocument
    path: Path
    data: bytes
    action: FileAction
    difference: str
    fingerprint: str | None


class ExportPlan(Frozen):
    """What would be written. `manifest` is the content of weighbridge-manifest.json."""

    folder: Path
    items: tuple[PlannedFile, ...]
    manifest: bytes
    manifest_fingerprint: str | None


class ExportResult(Frozen):
    """What was written, and what already stood there like that."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]


def plan_export(
    project: Project,
    assessment: Assessment,
    folder: Path,
    only: Sequence[str] | None = None,
    *,
    app_version: str | None = None,
    formats: tuple[Format, ...] = (Format.MD,),
    printer: Printer | None = None,
    progress: Tell | None = None,
    cancelled: IsCancelled | None = None,
) -> ExportPlan:
    """Render the documents (`only` these ids, else the proposed ones), read them back and compare with `folder`.

    The card starts from README.md of `folder`, else from README.md of the model folder. Writes nothing. Raises
    CannotWrite (folder), CannotRead (a README that is no UTF-8 text), BadAnswers (unknown id, PDF without `printer`),
    LostInWriting (a bug), Cancelled.
    """
    files.check_folder(folder)
    wanted = (
        tuple(dict.fromkeys(only))
        if only is not None
        else tuple(kind.id for kind in assessment.documents if kind.proposed)
    )
    items = []
    for place, kind_id in enumerate(wanted):
        _go_on(progress, cancelled, place, len(wanted), document_kind(kind_id).file_name)
        document = _rendered(kind_id, project, assessment, folder)
        for name, data in files_of(document, formats, assessment.on, printer):
            _go_on(progress, cancelled, place, len(wanted), name)
            items.append(_planned_file(document, name, data, folder))
    there = files.read_target(folder / MANIFEST_NAME)
    entries = tuple(
        ManifestFile(
            name=item.path.name,
            document=item.document.kind.id,
            sha256=files.fingerprint(item.data),
            rulebook=assessment.rulebook.hash,
            rules_checked_up_to=assessment.rulebook.checked_up_to.isoformat(),
            assessed_on=assessment.on.isoformat(),
            app_version=app_version,
        )
        for item in items
    )
    before = read_manifest(there)
    if there is not None and before is None:  # somebody else's file of the same name
        raise CannotWrite(
            text("documents.write.needs_consent", name=MANIFEST_NAME),
            why=text("documents.write.foreign_why"),
            todo=text("documents.write.foreign_todo"),
        )
    return ExportPlan(
        folder=folder,
        items=tuple(items),
        manifest=merged(before, entries),
        manifest_fingerprint=None if there is None else files.fingerprint(there),
    )


def export(
    plan: ExportPlan,
    *,
    accept_changes: bool,
    progress: Tell | None = None,
    cancelled: IsCancelled | None = None,
) -> ExportResult:
    """Write the plan. Every file is finished beside its place first; only then are they put in place.

    Until then it can be stopped (Cancelled). Raises CannotWrite when a file changed since the plan was made, when a file would be replaced without
    `accept_changes`, or when the system refuses; what stood there then still does.
    """
    changing = [item for item in plan.items if item.action is not FileAction.UNCHANGED]
    for item in changing:
        if item.action is FileAction.REPLACE and not accept_changes:
            raise CannotWrite(
                text("documents.write.needs_consent", name=item.path.name),
                why=text("documents.write.needs_consent_why"),
                todo=text("documents.write.needs_consent_todo"),
            )
    files.check_folder(plan.folder)
    manifest = plan.folder / MANIFEST_NAME
    jobs = [(item.path, item.data, item.fingerprint) for item in changing]
    if files.fingerprint(plan.manifest) != plan.manifest_fingerprint:
        jobs.append((manifest, plan.manifest, plan.manifest_fingerprint))
    _write_all(jobs, [(item.path, item.fingerprint) for item in plan.items], progress, cancelled)
    return ExportResult(
        written=tuple(item.path for item in changing),
        unchanged=tuple(item.path for item in plan.items if item.action is FileAction.UNCHANGED),
    )


def _write_all(
    jobs: list[tuple[Path, bytes, str | None]],
    compared: list[tuple[Path, str | None]],
    progress: Tell | None,
    cancelled: IsCancelled | None,
) -> None:
    """Every file is finished beside its place, and so is a copy of each that it replaces; then they change places.

    When the system refuses in the middle of that, those that were put in place give it back.
    """
    ready: list[tuple[Path, Path]] = []
    former: dict[Path, Path | None] = {}
    changed: list[Path] = []
    try:
        for place, (target, data, planned) in enumerate(jobs):
            _go_on(progress, cancelled, place, len(jobs), target.name)
            ready.append((files.write_beside(target, data), target))
            there = None if planned is None else files.read_target(target)
            former[target] = None if there is None else files.write_beside(target, there)
        for target, planned in (*compared, *((target, planned) for target, _, planned in jobs)):
            _still_as_planned(target, planned)
        _go_on(None, cancelled, len(jobs), len(jobs), "")
        for beside, target in ready:  # from here on all of it or, when the system refuses, what stood there
            files.replace(beside, target)
            changed.append(target)
    except BaseException as error:
        lost = [target for target in reversed(changed) if not _gives_back(target, former)]
        if lost:
            raise _half_written(lost, former) from error
        raise
    finally:
        for path in (*(beside for beside, _ in ready), *former.values()):
            if path is not None:
                files.remove(path)
    if jobs:
        files.sync_folder(jobs[0][0].parent)
        files.sweep(jobs[0][0].parent, [target for target, _, _ in jobs])


def _gives_back(target: Path, former: dict[Path, Path | None]) -> bool:
    """Put back what stood at `target` before; False when the system refuses that too."""
    before = former[target]
    try:
        if before is None:
            target.unlink(missing_ok=True)
        else:
            before.replace(target)
    except OSError:
        return False
    return True


def _half_written(lost: list[Path], former: dict[Path, Path | None]) -> CannotWrite:
    """The disk failed twice: some files are the new ones now. What they replaced is left beside them, and said."""
    kept = [before for target in lost if (before := former.pop(target)) is not None]
    return CannotWrite(
        text("documents.write.half", names=", ".join(target.name for target in reversed(lost))),
        why=text("documents.write.half_why", names=", ".join(path.name for path in kept)) if kept else "",
        todo=text("documents.write.half_todo"),
    )


def _go_on(progress: Tell | None, cancelled: IsCancelled | None, done: int, total: int, name: str) -> None:
    """Say how far it is; raises Cancelled when the person asked to stop."""
    if cancelled is not None and cancelled():
        raise Cancelled(text("scan.cancelled"))
    if progress is not None:
        progress(ExportProgress(done=done, total=total, name=name))


def _still_as_planned(target: Path, planned: str | None) -> None:
    there = files.read_target(target)
    if (None if there is None else files.fingerprint(there)) != planned:
        raise CannotWrite(
            text("documents.write.changed", name=target.name),
            why=text("documents.write.changed_why"),
            todo=text("documents.write.changed_todo"),
        )


def _rendered(kind_id: str, project: Project, assessment: Assessment, folder: Path) -> RenderedDocument:
    existing = files.read_target(folder / document_kind(kind_id).file_name)
    if existing is None and kind_id == MODEL_CARD:
        existing = _card_of_the_model_folder(project)
    document = render(kind_id, project, assessment, existing=existing)
    read_back(document, project, assessment)
    return document


def _planned_file(document: RenderedDocument, name: str, data: bytes, folder: Path) -> PlannedFile:
    path = folder / name
    there = files.read_target(path)
    if there is None:
        action = FileAction.CREATE
    else:
        action = FileAction.UNCHANGED if there == data else FileAction.REPLACE
    shown = ""
    if action is FileAction.REPLACE:
        readable = name == document.file_name
        shown = difference(there, document.content, name) if readable else text("formats.differs", name=name)
    return PlannedFile(
        document=document,
        path=path,
        data=data,
        action=action,
        difference=shown,
        fingerprint=None if there is None else files.fingerprint(there),
    )


def _card_of_the_model_folder(project: Project) -> bytes | None:
    """The author's README next to the weights: their prose comes along into another folder."""
    if project.folder is None:
        return None
    source = Path(project.folder) / "README.md"
    try:
        return source.read_bytes() if source.is_file() else None
    except OSError as error:
        raise CannotRead(
            text("documents.write.cannot_compare", name=source.name),
            why=error.strerror or "",
            todo=text("documents.write.cannot_compare_todo"),
        ) from error


def difference(before: bytes | None, after: str, name: str) -> str:
    """A unified diff a person can read; a file that is no text is named as such."""
    old = (before or b"").decode("utf-8", errors="replace")
    lines: list[str] = []
    for line in difflib.unified_diff(
        lines_of(old), lines_of(after), f"{name} (now)", f"{name} (new)", lineterm="\n"
    ):
        bare = line.rstrip("\r\n")
        lines.append(bare + "\n")
        if bare == line:
            lines.append("\\ " + text("documents.write.no_newline") + "\n")
    return "".join(lines)
