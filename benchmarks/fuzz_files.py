# SPDX-License-Identifier: Apache-2.0
"""Fuzzing of every file a person opens that no reader of a folder takes: each input ends in a result or in plain words.

    python benchmarks/fuzz_files.py --each 10000 [--seed 1] [--minutes 30] [--only card]

project   a saved release: refused, or read, and written and read again as the same release; one in a hundred is then
          assessed, and all of its documents are written
answers   an answers file (YAML and JSON) beside a folder; one in a hundred is assessed like that
rulebook  a signed rulebook: its bytes changed (refused), or, one in ten, one of its files changed and signed again (refused
          or in use); of these, one in ten holds all of its files, the others the changed one alone
card      a README that is edited: refused, or edited, and then left alone when it is edited again; a few keys and sections
          are put in, and one in a hundred goes the whole way of the app, with all of them
check     a README that is checked

Most READMEs are short: the work grows with the length, and a change of one byte in a long one tries little. One in fifty
is as long as those the app writes.

Changes, limits and endings are those of benchmarks/fuzz_readers.py. Returns 1 when an input failed.
"""

import argparse
import base64
import dataclasses
import functools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.fuzz_guard import Guard, WithoutWords, limit_memory  # noqa: E402
from benchmarks.fuzz_mutate import Mutator  # noqa: E402
from core.assess import assess  # noqa: E402
from core.cli.target import read_answers  # noqa: E402
from core.documents import render  # noqa: E402
from core.documents.card.build import card_context  # noqa: E402
from core.documents.card.facts import CardFacts  # noqa: E402
from core.documents.card.identity import identify  # noqa: E402
from core.documents.metadata import Setting, settings  # noqa: E402
from core.documents.model_card import render_blocks  # noqa: E402
from core.documents.privacy import Withheld  # noqa: E402
from core.documents.readme_edit import BLOCKS, decode_readme, edit_card, new_card  # noqa: E402
from core.documents.readme_parts import split_readme  # noqa: E402
from core.domain.assessment import Assessment  # noqa: E402
from core.domain.known import Known  # noqa: E402
from core.domain.project import Project  # noqa: E402
from core.errors import WeighbridgeError  # noqa: E402
from core.lint import in_order, lint  # noqa: E402
from core.persist import dumps, loads  # noqa: E402
from core.reference import load_reference  # noqa: E402
from core.rules import load_rulebook  # noqa: E402
from core.rules.updates.pack import open_newer, pack  # noqa: E402
from core.scan import scan_path  # noqa: E402
from tests.unit.documents import samples  # noqa: E402
from tests.unit.lint.good_cards import good_cards  # noqa: E402
from tests.unit.rules.updates.making import pair, ten_times_higher  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures"
WHOLE = 100
"""One input in so many goes all the way to the documents."""
LONG = 50
"""One input in so many is made from a long file, where a kind has some."""
SHORT = 2000
"""Bytes of a short README, at most."""


@dataclasses.dataclass
class Kind:
    """A kind of file: whole ones to change, and what the app does with one. `act` gives the word for its ending."""

    files: list[bytes]
    act: Callable[[bytes, int], str]
    long: tuple[bytes, ...] = ()

    def file(self, number: int) -> bytes:
        """The file that input `number` is made from."""
        if self.long and number % LONG == 0:
            return self.long[number // LONG % len(self.long)]
        return self.files[number % len(self.files)]


class Changed(Exception):
    """What was read is not what is written and read again."""


def whole(project: Project) -> None:
    """The release from its assessment to each of its documents."""
    assessment = assess(project, rulebook=load_rulebook(), reference=load_reference(), today=samples.ON)
    for kind in assessment.documents:
        render(kind.id, project, assessment)


def a_project(data: bytes, number: int) -> str:
    """Read a saved release."""
    project = loads(data)
    if loads(dumps(project)) != project:
        raise Changed
    if number % WHOLE == 0:
        whole(project)
    return "read"


def an_answers_file(folder: Path, data: bytes, number: int) -> str:
    """Read an answers file; YAML and JSON by turns."""
    path = folder / ("answers.json" if data[:1] == b"{" else "answers.yaml")
    path.write_bytes(data)
    answers = read_answers(path)
    if number % WHOLE == 0:
        whole(samples.project(answers, samples.LORA_FACTS))
    return "read"


def a_rulebook(draw: random.Random, mutate: Mutator, data: bytes, number: int) -> str:
    """The bytes of a signed rulebook; one in ten has its rules changed before it is signed."""
    secret, key = pair()
    if number % 10 == 0:
        files = ten_times_higher()
        name = draw.choice(sorted(files))
        files[name] = mutate(files[name].encode()).decode(errors="replace")
        if (
            number % 100
        ):  # to load all of them takes a hundred times as long as to load the one that was changed
            files = {one: files[one] for one in {name, "edition.yaml", "coverage.yaml"}}
        # As pack() does, but for rules that pack() would refuse to sign.
        head, content = b"weighbridge-rulebook 1", json.dumps({"files": files}).encode()
        signature = base64.b64encode(secret.sign(head + b"\n\n" + content).signature)
        data = head + f"\nkey {key.id}\nsignature {signature.decode()}\n\n".encode() + content
    open_newer(data, [key], load_rulebook())
    return "read"


@dataclasses.dataclass
class Release:
    """What is put into cards: a release, and the keys and sections of its card."""

    project: Project
    assessment: Assessment
    settings: tuple[Setting, ...]
    sections: dict[str, str]

    @classmethod
    def sample(cls) -> "Release":
        """The release of the document tests."""
        project = samples.project()
        assessment = samples.assessment(project)
        known, withheld = Known(project), Withheld()
        identity = identify(known)
        context = card_context(project, assessment, identity, withheld)
        keys = settings(identity, assessment, CardFacts(known, withheld))
        return cls(project, assessment, keys, render_blocks(context))

    def some(self, draw: random.Random) -> tuple[tuple[Setting, ...], dict[str, str]]:
        """A few keys and a few sections."""
        keys = draw.sample(self.settings, draw.randint(0, 4))
        names = draw.sample(sorted(self.sections), draw.randint(0, 2))
        return tuple(keys), {name: self.sections[name] for name in names}

    def card(self, draw: random.Random) -> bytes:
        """A short card as the app writes it."""
        return new_card(*self.some(draw)).content.encode()


def a_card(draw: random.Random, release: Release, data: bytes, number: int) -> str:
    """Edit a README, and edit what came out."""
    if number % WHOLE == 0:

        def edit(existing: bytes) -> str:
            return render("model_card", release.project, release.assessment, existing=existing).content
    else:
        keys, sections = release.some(draw)
        always, first_of_all = draw.choice(((), ("licence",), BLOCKS)), draw.random() < 0.5

        def edit(existing: bytes) -> str:
            old = decode_readme(existing)
            return edit_card(old, keys, sections, always, first=first_of_all).content

    given, first = data.decode(errors="ignore"), edit(data)
    second = edit(first.encode())
    # The first time may see an own mark that was broken; what the second makes of it has to stay.
    if second != first and edit(second.encode()) != second:
        raise Changed
    if split_readme(given).opening and not split_readme(first).opening:
        raise Changed
    if split_readme(first).meta != split_readme(second).meta:
        raise Changed
    return "read"


def a_checked_card(folder: Path, data: bytes, _: int) -> str:
    """Check a README."""
    path = folder / "README.md"
    path.write_bytes(data)
    in_order(lint(path))
    return "read"


def kinds(folder: Path, draw: random.Random) -> dict[str, Kind]:
    """Each kind of file by its name."""
    projects = [path.read_bytes() for path in sorted((FIXTURES / "projects").glob("*.json"))]
    for one in sorted(path for path in (FIXTURES / "trained").iterdir() if path.is_dir()):
        projects.append(dumps(Project(scan=scan_path(one), answers=samples.ANSWERS)))
    said = {
        name: value for name, value in samples.ANSWERS.model_dump(mode="json").items() if value is not None
    }
    answers = [yaml.safe_dump(said).encode(), json.dumps(said).encode()]
    secret, key = pair()
    book = pack(ten_times_higher(), key, lambda message: secret.sign(message).signature)
    cards = [path.read_bytes() for path in sorted((FIXTURES / "cards").glob("[a-z]*.md"))]
    cards += [text.encode() for text in good_cards().values()]
    long = tuple(card for card in cards if len(card) > SHORT)
    cards = [card for card in cards if len(card) <= SHORT]
    release = Release.sample()
    cards += [release.card(draw) for _ in range(20)]
    rules = Mutator(draw, [text.encode() for text in ten_times_higher().values()])
    return {
        "project": Kind(projects, a_project),
        "answers": Kind(answers, functools.partial(an_answers_file, folder)),
        "rulebook": Kind([book], functools.partial(a_rulebook, draw, rules)),
        "card": Kind(cards, functools.partial(a_card, draw, release), long),
        "check": Kind(cards, functools.partial(a_checked_card, folder), long),
    }


def told(act: Callable[[bytes, int], str], data: bytes, number: int) -> str:
    """The ending of one input: "read" or "refused" in words. Any other exception is a finding."""
    try:
        return act(data, number)
    except WeighbridgeError as refusal:
        if not (refusal.what and (refusal.why or refusal.todo)):
            raise WithoutWords from refusal
        return "refused"


def main() -> int:
    """0 when no input failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=10_000, help="inputs for each kind of file")
    parser.add_argument("--minutes", type=float, default=24 * 60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one kind of file")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "weighbridge-fuzz-files")
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        listed = kinds(Path(name), draw)
        for kind in listed.values():  # texts, rules and tables are loaded before memory is counted
            for data in (*kind.files, *kind.long):
                told(kind.act, data, 0)
        mutate = Mutator(draw, [data for kind in listed.values() for data in (*kind.files, *kind.long)])
        guard = Guard(arguments.keep)
        limit_memory()
        begun, until = time.process_time(), time.monotonic() + 60 * arguments.minutes
        for number in range(1, arguments.each + 1):
            if time.monotonic() > until:
                break
            for label, kind in listed.items():
                if arguments.only in (None, label):
                    data = mutate(kind.file(number))
                    guard.watch((label,), label, data, functools.partial(told, kind.act, data, number))
            if number % 10_000 == 0:
                guard.report()
        seconds = time.process_time() - begun
    guard.report()
    guard.table()
    print(f"{guard.counts['inputs'] / seconds:.0f} inputs a second of processor")
    return 1 if guard.findings else 0


if __name__ == "__main__":
    sys.exit(main())
