# SPDX-License-Identifier: Apache-2.0
"""Fuzzing of every reader, binary and text: each input ends in a result or a typed refusal, in 2 s and 200 MB.

    python benchmarks/fuzz_readers.py --each 10000 [--seed 1]        so many inputs for each reader
    python benchmarks/fuzz_readers.py --each 1000000 --minutes 90    as many of them as fit into the time
    python benchmarks/fuzz_readers.py --only pickled gguf            the files of these readers alone

One input is one file, true but for a few changes, given to every reader that takes its name; the reader that was given
the fewest is next. One in fifty goes over the disk, one in a hundred through a scan of its whole folder. Guided by
coverage: benchmarks/fuzz_atheris.py. An input that fails is kept in --keep with its traceback; returns 1 when there
is one, or when a reader got none.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.fuzz_guard import Guard, Seed, limit_memory, seeds  # noqa: E402
from benchmarks.fuzz_mutate import Mutator  # noqa: E402
from core.scan.readers import READERS  # noqa: E402


def names_of(one: Seed) -> set[str]:
    """The readers that take this file."""
    return {reader.NAME for reader in one.readers}


def mutations(guard: Guard, listed: list[Seed], each: int, seed: int, minutes: float) -> None:
    """Random changes until each reader was given `each` inputs, or the time is over."""
    draw = random.Random(seed)
    mutate = Mutator(draw, [one.data for one in listed])
    of_reader = {
        reader.NAME: files
        for reader in READERS
        if (files := [one for one in listed if reader.NAME in names_of(one)])
    }
    turn: Counter[str] = Counter(dict.fromkeys(of_reader, 0))
    number, until = 0, time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        lacking = [name for name in of_reader if guard.readers[name] < each]
        if not lacking:
            return
        for name in lacking:
            # Some of the readers stand in line behind those that were given less.
            if guard.readers[name] > guard.counts["rounds"]:
                continue
            files = of_reader[name]
            one = files[turn[name] % len(files)]
            turn[name] += 1
            number += 1
            how = "folder" if number % 100 == 99 else "disk" if number % 50 == 49 else "memory"
            guard.run(one, mutate(one.data), how)
            if number % 100_000 == 0:
                guard.report()
        guard.counts["rounds"] = min(guard.readers[name] for name in of_reader)


def main() -> int:
    """0 when no input failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=10_000, help="inputs for each reader")
    parser.add_argument("--minutes", type=float, default=24 * 60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=sorted(reader.NAME for reader in READERS), default=[])
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "weighbridge-fuzz")
    arguments = parser.parse_args()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        listed = seeds(Path(folder))
        names = {name for one in listed for name in names_of(one)}
        print(f"{len(listed)} files, {len(names)} of {len(READERS)} readers", flush=True)
        guard = Guard(arguments.keep)
        limit_memory()
        begun = time.process_time()
        chosen = [one for one in listed if not arguments.only or names_of(one) & set(arguments.only)]
        mutations(guard, chosen, arguments.each, arguments.seed, arguments.minutes)
        seconds = time.process_time() - begun
    guard.report()
    guard.table()
    print(f"{guard.counts['inputs'] / seconds:.0f} inputs a second of processor")
    missing = {reader.NAME for reader in READERS} - names
    if missing:
        print("no file for:", *sorted(missing))
    return 1 if guard.findings or missing else 0


if __name__ == "__main__":
    sys.exit(main())
