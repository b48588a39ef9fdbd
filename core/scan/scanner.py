# SPDX-License-Identifier: Apache-2.0
"""From a folder, or one file of a model, to facts with their origins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.domain.fact import AnyFact
from core.domain.names import FoundOnly
from core.domain.scan_result import FileOutcome, FileRecord, ScanResult
from core.errors import Cancelled, CannotRead
from core.scan.derive import derive
from core.scan.guarded import Source
from core.scan.leftovers import leftovers
from core.scan.lineage import earlier_trainings
from core.scan.logged import LOG_RANK, kept_by, with_logs
from core.scan.merge import merge
from core.scan.names import shown
from core.scan.places import Folder, Places, by_folder, choose, is_shard, other_weights, weight_entry
from core.scan.places import base_folder as find_base
from core.scan.readers import LOG_READERS, READERS, WEIGHT_READERS
from core.scan.refusal import refuse
from core.scan.runs import add_runs
from core.scan.states import split_runs
from core.scan.taken_up import of_all_parts
from core.scan.types import (
    AlsoRead,
    Entry,
    Found,
    Log,
    LogRows,
    Note,
    NotMine,
    Reader,
    ScanProgress,
    Witness,
)
from core.scan.walk import Tree, reason, walk
from core.texts import text

MOST_ALIKE = 100
"""Files of one format that are read in one folder."""
_BASE_READERS = frozenset({"config", *WEIGHT_READERS, "diffusers"})
_BASE_NAMES = {
    FoundOnly.CONFIG: FoundOnly.BASE_CONFIG,
    "parameters_total": "base_parameters",
    FoundOnly.PARAMETERS_EMBEDDING: FoundOnly.BASE_EMBEDDING,
    FoundOnly.END_SHAPES: FoundOnly.BASE_END_SHAPES,
}
_OF_A_MODEL = frozenset(
    {
        "config.json", "adapter_config.json", "trainer_state.json", "README.md", "train_results.json",
        "all_results.json", "eval_results.json", "model.safetensors", "adapter_model.safetensors",
        "adapters.safetensors", "model.safetensors.index.json", "training_args.bin", "generation_config.json",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    }
)  # fmt: skip


def scan_path(
    path: Path,
    *,
    base_folder: Path | None = None,
    progress: Callable[[ScanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ScanResult:
    """Read what the training left in `path`: a folder, or one file of a model.

    For a file, its folder is the root: a file with one of a model's usual names is read with its neighbours of the
    same model, any other file alone. `base_folder` holds the base model of an adapter. Nothing outside the root and
    `base_folder` is opened, nothing is executed or unpickled. A file that cannot be read is recorded, not raised.
    Raises CannotRead when `path` is missing or cannot be listed, Cancelled when `cancelled` says so.
    """
    root, focus = _root(path)
    tree = walk(root, depth=0 if focus else 32, progress=progress, cancelled=cancelled)
    if not root.is_dir():  # gone while it was listed: what the list says of it would be odd
        raise refuse("folder.missing", name=shown(root.name))
    if focus:
        tree = _only(tree, focus)
    job = _Job(by_folder(tree.entries), focus, progress, cancelled, tree.seen)
    job.run(base_folder)
    name = (
        shown(Path(focus).stem)
        if focus and focus not in _OF_A_MODEL and not is_shard(focus)
        else shown(root.name)
    )
    return job.result(name, tree)


def _root(path: Path) -> tuple[Path, str | None]:
    try:
        real = path.resolve(strict=True)
        if real.is_dir():
            return real, None
        if real.is_file():
            # A link to a file (the hub cache is made of them) keeps its own name and neighbours.
            return path.parent.resolve(strict=True), path.name
    except FileNotFoundError as error:
        raise refuse("folder.missing", name=shown(path.name)) from error
    except (OSError, RuntimeError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "the path leads in a circle"
        raise refuse("folder.unreadable", reason=why) from error
    raise refuse("folder.special", name=shown(path.name))


def _only(tree: Tree, focus: str) -> Tree:
    label = shown(focus)
    together = focus in _OF_A_MODEL or is_shard(focus)
    tree.entries = [
        entry
        for entry in tree.entries
        if entry.name == label or (together and (entry.name in _OF_A_MODEL or is_shard(entry.name)))
    ]
    return tree


def _turns() -> tuple[tuple[Reader, ...], ...]:
    """Readers in their order; those of weights take one turn together, because one place gives the weights."""
    weights = tuple(reader for reader in READERS if reader.NAME in WEIGHT_READERS)
    apart = WEIGHT_READERS | {reader.NAME for reader in LOG_READERS}
    return (weights, *((reader,) for reader in READERS if reader.NAME not in apart))


@dataclass
class _Job:
    folders: Mapping[str, Folder]
    focus: str | None
    progress: Callable[[ScanProgress], None] | None
    cancelled: Callable[[], bool] | None
    seen: int
    witnesses: list[Witness] = field(default_factory=list)
    records: dict[str, FileRecord] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    logs: dict[str, LogRows] = field(default_factory=dict)
    earlier: tuple[tuple[Witness, ...], ...] = ()
    before: list[AnyFact] = field(default_factory=list)

    def run(self, base: Path | None) -> None:
        places = choose(self.folders)
        self._read_all(places)
        used = self._base(base, places)
        bases: set[str] = set()
        if used is not None:
            self.before, notes, bases = earlier_trainings(self.folders, places, used, self._alone)
            self.notes.extend(notes)
        self._leave(places, bases)

    def _read_all(self, places: Places) -> None:
        for readers in _turns():
            for rank, place in enumerate(places.order):
                folder = self.folders.get(place, {})
                given = [self._place(reader, folder, rank) for reader in readers]
                if any(given) and not readers[0].EVERY_PLACE:
                    break
        runs = split_runs(self.witnesses, self.logs)
        self.witnesses, self.earlier = runs.witnesses, runs.earlier
        self._logs(places)
        self.witnesses = of_all_parts(self.witnesses)

    def _alone(self, path: str) -> tuple[AnyFact, ...]:
        """The facts of the model in one folder of the tree, as if that folder had been dropped."""
        inside = {
            name: files for name, files in self.folders.items() if name == path or name.startswith(f"{path}/")
        }
        places = choose(inside)
        if places.home != path:
            return ()
        job = _Job(inside, None, self.progress, self.cancelled, self.seen)
        job._read_all(places)
        self.records = job.records | self.records
        return add_runs(derive(merge(job.witnesses)[0]), job.witnesses, job.earlier)[0]

    def _leave(self, places: Places, bases: set[str]) -> None:
        """Say what was left out, and why."""
        others = [other or "." for other in places.others if other not in bases]
        if others:
            self.notes.append(
                text("scan.places.others", home=places.home or ".", others=", ".join(others[:6]))
            )
        home = self.folders.get(places.home, {})
        if unused := other_weights(home, weight_entry(home, self.focus)):
            self.notes.append(text("scan_tools.weights.others", others=", ".join(unused[:6])))
        for record in leftovers(self.folders, places, self.records):
            self.records.setdefault(record.path, record)

    def _place(self, reader: Reader, folder: Folder, rank: int) -> bool:
        """Read the folder's files of this format; True when one of them gave facts."""
        if reader.NAME in WEIGHT_READERS:
            chosen = weight_entry(folder, self.focus)
            entries = [chosen] if chosen is not None and reader.matches(chosen) else []
        else:
            entries = sorted(
                (entry for entry in folder.values() if reader.matches(entry)), key=lambda entry: entry.name
            )
            if len(entries) > MOST_ALIKE:
                self.notes.append(
                    text("scan.walk.alike", kind=reader.NAME, count=MOST_ALIKE, seen=len(entries))
                )
                del entries[MOST_ALIKE:]
        given = False
        for entry in entries:
            given = self._read(reader, Source(entry, folder, self.folders), rank) or given
        return given

    def _logs(self, places: Places) -> None:
        """Read what loggers left anywhere below; it fills gaps and contradicts nobody.

        The run that kept the model comes first, then the latest.
        """
        elsewhere = tuple(f"{other}/" for other in places.others if other)
        for reader in LOG_READERS:
            listed = [
                Source(entry, folder, self.folders)
                for folder in self.folders.values()
                for entry in folder.values()
                if reader.matches(entry) and not entry.path.startswith(elsewhere)
            ]
            listed.sort(
                key=lambda source: (kept_by(source.entry.folder, places), reader.newest(source)), reverse=True
            )
            used: str | None = None
            for number, source in enumerate(listed[: 10 * MOST_ALIKE]):
                entry = source.entry
                if number >= MOST_ALIKE or (used is not None and entry.folder != used):
                    self._record(
                        entry, FileOutcome.SKIPPED, reader.NAME, ("", text("scan_files.log.earlier"), "")
                    )
                elif self._read(reader, source, LOG_RANK):
                    used = entry.folder
        home = self.folders.get(places.home, {})
        ended = weight_entry(home, self.focus) is not None or "model_index.json" in home
        self.witnesses = with_logs(self.witnesses, ended)

    def _read(self, reader: Reader, source: Source, rank: int) -> bool:
        entry = source.entry
        self._tick(entry)
        outcome, why = FileOutcome.READ, ""
        count = len(self.witnesses)
        try:
            for item in reader.read(source):
                match item:
                    case Found():
                        self.witnesses.append(Witness(item, item.reader or reader.NAME, entry.path, rank))
                    case Note():
                        self.notes.append(item.text)
                    case Log():
                        self.logs[entry.path] = item.rows
                    case AlsoRead():
                        self._also(item)
                    case NotMine():
                        outcome, why = FileOutcome.SKIPPED, item.why
        except CannotRead as trouble:
            self._record(
                entry, FileOutcome.UNREADABLE, reader.NAME, (trouble.what, trouble.why, trouble.todo)
            )
            return False
        self._record(entry, outcome, reader.NAME, ("", why, ""))
        return len(self.witnesses) > count

    def _also(self, item: AlsoRead) -> None:
        outcome = FileOutcome.UNREADABLE if item.trouble else FileOutcome.READ
        self._record(item.entry, outcome, item.reader, item.trouble or ("", "", ""))

    def _record(self, entry: Entry, outcome: FileOutcome, reader: str, words: tuple[str, str, str]) -> None:
        what, why, todo = words
        before = self.records.get(entry.path)
        if before is not None and outcome is FileOutcome.SKIPPED:
            # Two tools share a name: what one of them could read counts, else both reasons stand.
            if before.outcome is not FileOutcome.SKIPPED:
                return
            why = " ".join(dict.fromkeys(filter(None, (before.why, why))))
        self.records[entry.path] = FileRecord(
            path=entry.path, size=entry.size, outcome=outcome, reader=reader, what=what, why=why, todo=todo
        )

    def _base(self, chosen: Path | None, places: Places) -> str | None:
        """Read the base model: the folder the person chose, else one of the base's name inside the root."""
        if chosen is not None:
            self._chosen_base(chosen)
            return None
        for witness in self.witnesses:
            found = witness.found
            if found.name in (FoundOnly.BASE_PATH_NAME, "base_model") and isinstance(found.value, str):
                path = find_base(self.folders, found.value.rpartition("/")[2], places)
                if path is not None:
                    self._read_base(self.folders, path, "")
                    return path
        return None

    def _chosen_base(self, chosen: Path) -> None:
        try:
            root, _ = _root(chosen)
            tree = walk(root, depth=1, cancelled=self.cancelled)  # the parts of a pipeline lie one below
        except CannotRead as trouble:
            self.notes.append(text("scan.base.unreadable", reason=str(trouble)))
            return
        if not self._read_base(by_folder(tree.entries), "", f"{shown(root.name)}/"):
            self.notes.append(text("scan.base.empty", name=shown(root.name)))

    def _read_base(self, folders: Mapping[str, Folder], path: str, prefix: str) -> bool:
        """Read the configuration and weights of the base model in one of the folders under the names of a base."""
        inner = _Job(folders, None, self.progress, self.cancelled, self.seen)
        for reader in READERS:
            if reader.NAME in _BASE_READERS:
                inner._place(reader, folders.get(path, {}), 0)
        for witness in inner.witnesses:
            found = witness.found
            if found.name in _BASE_NAMES:
                file = prefix + found.file if found.file else None
                renamed = Found(_BASE_NAMES[found.name], found.value, found.key, found.note, file)
                self.witnesses.append(Witness(renamed, witness.reader, prefix + witness.file, witness.place))
        for record in inner.records.values():
            path = prefix + record.path
            self.records[path] = record.replace(path=path)
        return bool(inner.witnesses)

    def _tick(self, entry: Entry) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(text("scan.cancelled"))
        if self.progress is not None:
            self.progress(ScanProgress(self.seen, entry.path))

    def result(self, name: str, tree: Tree) -> ScanResult:
        facts, conflicts = merge(self.witnesses)
        facts, added = add_runs(derive(facts), self.witnesses, self.earlier)
        facts = (*facts, *self.before)
        return ScanResult(
            folder_name=name,
            facts=facts,
            conflicts=conflicts,
            files=tuple(self.records[path] for path in sorted(self.records)),
            notes=tuple(dict.fromkeys([*self.notes, *added, *tree.notes])),
            files_seen=len(tree.entries),
            files_ignored=tree.ignored,
            complete=tree.complete,
            kinds=tuple(tree.kinds.most_common(8)),
        )
