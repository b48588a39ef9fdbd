# SPDX-License-Identifier: Apache-2.0
"""From the name of a device, as a driver or a logger writes it, to the row of the accelerator table."""

import re
from collections.abc import Iterator

from core.domain.names import FoundOnly
from core.reference import Accelerator, load_reference
from core.scan.private import short_text
from core.scan.types import Found, Item, Note
from core.texts import text

_TIMES = re.compile(r"\A\s*(\d{1,4})\s*x\s+", re.I)
_LAPTOP = re.compile(r"\s+(?:Laptop GPU|Mobile|Max-Q)\b.*\Z", re.I)
_MEMORY = re.compile(r"[\s-]+(\d{1,3})\s?G(?:i?B)?\b", re.I)
_REST = re.compile(r"\((?:R|TM)\)|\bgraphics\b|\bGPU\b", re.I)


def device(name: str) -> Accelerator | None:
    """The row for a reported name such as "NVIDIA A100-SXM4-80GB" or "1 x Tesla T4", or None."""
    table = load_reference()
    plain = _REST.sub(" ", _TIMES.sub("", name)).strip()
    laptop = _LAPTOP.search(name)
    if laptop:
        return table.accelerator(_LAPTOP.sub("", _TIMES.sub("", name)).strip() + " Mobile")
    memory = _MEMORY.search(plain)
    spaced = _MEMORY.sub(lambda match: f" {match[1]} GB", plain)
    found = table.accelerator(plain) or table.accelerator(spaced)
    if found is None and memory:
        # A name with its memory, where the table has one size only.
        found = table.accelerator(_MEMORY.sub("", plain))
        found = found if found is not None and found.memory_gb == float(memory[1]) else None
    return found


def device_facts(name: object, count: int | None, key: str, count_key: str) -> Iterator[Item]:
    """Facts of the devices a logger saw in the machine. It does not say how many of several were used."""
    label = short_text(name, 80)
    if label is None:
        return
    yield Found(FoundOnly.DEVICE_NAME, label, key)
    row = device(label)
    if row is not None and row.kind != "cpu":
        yield Found("hardware", row.id, key, text("scan_files.machine.note"))
    if count == 1:
        yield Found("device_count", 1, count_key)
    elif count is not None and count > 1:
        yield Note(text("scan_files.machine.several", count=count, name=label))
