# SPDX-License-Identifier: Apache-2.0
"""emissions.csv of codecarbon: energy, seconds and devices, read by header. Place, region and owner are never read.

Columns: codecarbon/output_methods/file.py; their order and number differ by version. Other tables share the name.
"""

from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.scan.csvtext import number, table
from core.scan.guarded import Source
from core.scan.machine import device_facts
from core.scan.numbers import whole
from core.scan.private import short_text
from core.scan.types import Entry, Found, Item, Note, NotMine
from core.texts import text

NAME = "codecarbon"
EVERY_PLACE = False
_NEEDED = frozenset({"duration", "energy_consumed", "emissions"})


def matches(entry: Entry) -> bool:
    """emissions.csv, and the copies codecarbon keeps when its columns change."""
    return entry.name == "emissions.csv"


def newest(source: Source) -> tuple[int, str]:
    """The file nearest to the root first."""
    return (-source.entry.path.count("/"), source.entry.path)


def read(source: Source) -> Iterator[Item]:
    """Facts of the runs in the table; numbers of a single run only, because several may be tries. Raises CannotRead."""
    rows = table(source)
    if not rows or not rows[0].keys() >= _NEEDED:
        yield NotMine(text("scan_files.codecarbon.other"))
        return
    # A tracker that writes on the way repeats its run with growing totals.
    runs = {row.get("run_id") or str(index): row for index, row in enumerate(rows)}
    last = list(runs.values())[-1]
    energies = [energy for row in runs.values() if (energy := number(row.get("energy_consumed"))) is not None]
    if len(runs) == 1:
        yield from _run(last)
    else:
        total = sum(energies)
        yield Note(
            text(
                "scan_files.codecarbon.several",
                file=source.entry.path,
                count=len(runs),
                total=f"{total:.4g}",
                last=f"{number(last.get('energy_consumed')) or 0:.4g}",
            )
        )
    if version := short_text(last.get("codecarbon_version"), 20):
        yield Found(FoundOnly.VERSIONS, {"CodeCarbon": version}, "codecarbon_version")
    count = number(last.get("gpu_count"))
    yield from device_facts(last.get("gpu_model"), whole(count, 1), "gpu_model", "gpu_count")


def _run(row: dict[str, str]) -> Iterator[Item]:
    energy, seconds = number(row.get("energy_consumed")), number(row.get("duration"))
    if energy and energy > 0:
        yield Found("energy_kwh", energy, "energy_consumed", text("scan_files.codecarbon.energy"))
    if seconds and seconds > 0:
        yield Found(FoundOnly.WALL_SECONDS, seconds, "duration", text("scan_files.codecarbon.duration"))
