# SPDX-License-Identifier: Apache-2.0
"""Fuzzing of every reader guided by coverage: atheris keeps the inputs that reach new code and changes those further.

    python benchmarks/fuzz_atheris.py --inputs 1000000     (a venv with `pip install -r requirements.lock atheris`)

The same files, endings and limits as benchmarks/fuzz_readers.py. Half of the changes are libFuzzer's, half ours, which
keep a file well formed. Only core is measured. An input that fails is kept in --keep; returns 1 when there is one.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import atheris  # a tool of the developer, in no list of packages

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["core"]):
    from benchmarks.fuzz_guard import Guard, Seed, limit_memory, seeds
from benchmarks.fuzz_mutate import Mutator  # noqa: E402

_HEAD = 2
"""Bytes before the content that choose the file."""
_LONGEST = 20_000


class Target:
    """Hands inputs to the readers and stops when enough were given."""

    def __init__(self, guard: Guard, listed: list[Seed], inputs: int) -> None:
        self.guard, self.listed, self.inputs = guard, listed, inputs
        self.draw = random.Random(1)
        self.mutate = Mutator(self.draw, [one.data for one in listed])

    def one_input(self, data: bytes) -> None:
        """Two bytes choose the file, the rest is its content."""
        done = self.guard.counts["inputs"]
        if done % 5_000 == 0:
            limit_memory()  # what libFuzzer keeps is not the reader's
        self.guard.run(self._file(data), data[_HEAD:], "memory")
        if done % 50_000 == 49_999:
            self.guard.report()
        if done + 1 >= self.inputs:
            self.guard.report()
            self.guard.table()
            os._exit(
                1 if self.guard.findings else 0
            )  # libFuzzer gives no other way out that keeps the ending

    def change(self, data: bytes, longest: int, seed: int) -> bytes:
        """A change of libFuzzer's, or one of ours to the content alone."""
        self.draw.seed(seed)
        if len(data) <= _HEAD or self.draw.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        try:
            return (data[:_HEAD] + self.mutate(data[_HEAD:]))[:longest]
        except Exception:  # noqa: BLE001  (ours fails on odd input of its own; an exception here hangs atheris)
            return bytes(atheris.Mutate(data, longest))

    def _file(self, data: bytes) -> Seed:
        return self.listed[int.from_bytes(data[:_HEAD], "little") % len(self.listed)]


def main() -> None:
    """Does not return."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "weighbridge-atheris")
    arguments = parser.parse_args()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        listed = seeds(Path(folder, "files"))
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, one in enumerate(listed):
            (corpus / str(number)).write_bytes(number.to_bytes(_HEAD, "little") + one.data)
        target = Target(Guard(arguments.keep), listed, arguments.inputs)
        # -timeout=0: the clocks are the guard's. libFuzzer would take SIGALRM for itself.
        options = [f"-max_len={_LONGEST}", "-timeout=0", "-rss_limit_mb=0", "-len_control=0", "-verbosity=0"]
        atheris.Setup([sys.argv[0], str(corpus), *options], target.one_input, custom_mutator=target.change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
