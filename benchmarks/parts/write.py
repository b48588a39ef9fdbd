# SPDX-License-Identifier: Apache-2.0
"""Writing: every document of a release, and one field of a card beside huggingface_hub's metadata functions."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from huggingface_hub import metadata_load, metadata_save

from benchmarks.documents import KINDS
from benchmarks.pairs import Cost, Growth, Row, both, in_turn, middle, timed, times
from benchmarks.parts.weigh import example, judged
from core.documents import Format, export, plan_export
from core.documents.front_matter import FrontMatter
from core.documents.readme_parts import split_readme


def rows(_peers: Path | None, quick: bool) -> Iterator[Row]:
    """The bars of writing."""
    project = example()
    assessment = judged(project)
    for formats, words in (
        ((Format.MD,), "Markdown"),
        ((Format.MD, Format.DOCX), "Markdown and Word"),
    ):

        def whole(chosen: tuple[Format, ...] = formats) -> None:
            with tempfile.TemporaryDirectory() as folder:
                export(
                    plan_export(project, assessment, Path(folder), KINDS, formats=chosen),
                    accept_changes=False,
                )

        taken = middle(timed(whole, 3 if quick else 7))
        yield Row(
            "write",
            f"{len(KINDS)} documents of the example, {words}, into a folder",
            both(taken),
            "under 2 s",
            taken.own < 2,
            "make bench",
        )
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = _editors(Path(place), _card(40))
        pairs = in_turn(lambda: _time(ours), lambda: _time(theirs), 5 if quick else 31)
        mine = middle([one for one, _ in pairs])
        yield Row(
            "write",
            "one field of a card changed on disk, beside huggingface_hub's metadata_load and metadata_save",
            f"{times(pairs, lambda cost: cost.own):.2f} times as fast, {both(mine)}",
            "none set",
            None,
            "make bench",
        )


def growth(quick: bool) -> Iterator[Growth]:
    """Cards with longer and longer front matter."""
    points = []
    for keys in (10, 100, 1_000):
        with tempfile.TemporaryDirectory() as place:
            ours, theirs = _editors(Path(place), _card(keys))
            pairs = in_turn(
                lambda mine=ours: _time(mine), lambda other=theirs: _time(other), 3 if quick else 9
            )
            mine = middle([one for one, _ in pairs])
            points.append((f"{keys:,}", f"{both(mine)}, {times(pairs, lambda cost: cost.own):.1f} times"))
    yield Growth(
        "one field of a card changed on disk (and times as fast as huggingface_hub)",
        "keys of front matter",
        tuple(points),
    )


def _time(work: Callable[[], None]) -> Cost:
    return middle(timed(work, 3))


def _card(keys: int) -> str:
    lines = [f"key_{number}: [one, two, {number}]" for number in range(keys - 1)]
    return "\n".join(["---", "license: mit", *lines, "---", "# A model", "", "Some words. " * 400, ""])


def _editors(folder: Path, card: str) -> tuple[Callable[[], None], Callable[[], None]]:
    mine, other = folder / "ours.md", folder / "theirs.md"
    mine.write_text(card, encoding="utf-8")
    other.write_text(card, encoding="utf-8")
    names = ["apache-2.0", "mit"]

    def ours() -> None:
        parts = split_readme(mine.read_text(encoding="utf-8"))
        front = FrontMatter(parts.meta, parts.eol)
        names.reverse()
        front.set("license", names[0])
        mine.write_text(replace(parts, meta=front.text()).join(), encoding="utf-8")

    def theirs() -> None:
        values = metadata_load(other) or {}
        names.reverse()
        values["license"] = names[0]
        metadata_save(other, values)

    return ours, theirs
