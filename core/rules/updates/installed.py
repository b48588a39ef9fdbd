# SPDX-License-Identifier: Apache-2.0
"""The rulebook in use: the newest of the one that ships with the app and the one the person loaded."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import CannotRead, WeighbridgeError
from core.files import cannot_write, replace, write_file
from core.places import data_folder
from core.rules.load import load_rulebook
from core.rules.rulebook import RuleBook
from core.rules.updates.keys import KEY_SUFFIX, Key, key_text, read_key, shipped_keys
from core.rules.updates.pack import RULEBOOK_SUFFIX, SIZE_LIMIT, RefusedRulebook, open_newer
from core.texts import text

_KEY_LIMIT = 10_000


@dataclass(frozen=True)
class InUse:
    """The rulebook to judge by; whether the person loaded it; and why a loaded one is not used, if so."""

    book: RuleBook
    loaded: bool = False
    problem: WeighbridgeError | None = None


@dataclass(frozen=True)
class Shelf:
    """The folder that keeps a loaded rulebook and the keys the person added. It is made when first written to."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where the loaded rulebook lies."""
        return self.folder / f"loaded{RULEBOOK_SUFFIX}"

    def trusted(self) -> tuple[Key, ...]:
        """The app's own keys and those the person added; a damaged key file counts as not there."""
        added = []
        for path in sorted(self.folder.glob(f"*{KEY_SUFFIX}")) if self.folder.is_dir() else ():
            try:
                added.append(read_key(read_limited(path, _KEY_LIMIT)))
            except CannotRead:
                continue
        return (*shipped_keys(), *added)

    def trust(self, data: bytes) -> Key:
        """Add the key in `data`. Raises CannotRead for no key, CannotWrite when it cannot be kept."""
        key = read_key(data)
        self._write(self.folder / f"{key.id}{KEY_SUFFIX}", key_text(key).encode("utf-8"))
        return key

    def load(self, data: bytes) -> RuleBook:
        """Use the rulebook in `data` from now on. Raises RefusedRulebook or CannotWrite; then nothing has changed."""
        book = open_newer(data, self.trusted(), in_use(self).book)
        self._write(self.file, data)
        return book

    def back(self) -> bool:
        """Use the app's own rulebook again. The loaded one stays beside it under another name; False without one.

        Raises CannotWrite.
        """
        if not self.file.exists():
            return False
        replace(self.file, self.folder / f"former{RULEBOOK_SUFFIX}")
        return True

    def _write(self, target: Path, data: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(target, error) from error
        write_file(target, data)


def own_shelf() -> Shelf:
    """The person's own shelf, in their data folder."""
    return Shelf(data_folder() / "rules")


def read_limited(path: Path, limit: int = SIZE_LIMIT) -> bytes:
    """The bytes of the file at `path`, at most one more than `limit`. Raises CannotRead."""
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise CannotRead(
            text("rulebook.unreadable", name=path.name),
            why=f"{error.strerror or error}.",
            todo=text("rulebook.unreadable_todo"),
        ) from error


def in_use(shelf: Shelf | None) -> InUse:
    """The rulebook to judge by. A loaded one that is damaged, older or no longer trusted is passed over and said."""
    ours = load_rulebook()
    if shelf is None or not shelf.file.exists():
        return InUse(ours)
    try:
        return InUse(open_newer(read_limited(shelf.file), shelf.trusted(), ours), loaded=True)
    except RefusedRulebook as problem:
        # An app that was brought up to date since: its own rules are the newer ones, and nothing is wrong.
        return InUse(ours, problem=None if problem.reason == "older" else problem)
    except CannotRead as problem:
        return InUse(ours, problem=problem)
