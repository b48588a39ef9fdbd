# SPDX-License-Identifier: Apache-2.0
"""How long all documents of a release take: whole cold processes, the median of several; with another checkout in pairs.

    python benchmarks/documents_time.py FOLDER [--runs 5] [--against CHECKOUT] [--as md,docx,pdf]

Every kind of document is written that the release can have (NOTICE only where a licence asks for it). The bar is
2 seconds of wall clock on a quiet machine; processor seconds are told too, because they hold on a busy one.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pairs import Cost, cold, in_turn, times  # noqa: E402

BAR_SECONDS = 2.0
KINDS = (
    "model_card", "what_applies", "what_applies_html", "ab2013", "compute_record", "risk_note", "checklist", "mof", "aibom",
    "aibom_17", "aibom_spdx", "eu_model_form", "eu_public_summary", "eu_copyright_policy", "eu_downstream", "eu_notification",
)  # fmt: skip


def write(checkout: Path, folder: Path, formats: str) -> Cost:
    """One cold run of the command in `checkout`."""
    out = Path(tempfile.mkdtemp())
    try:
        command = [sys.executable, "-m", "gui", "write", str(folder), "--out", str(out)]
        return cold([*command, "--only", ",".join(KINDS), "--as", formats], cwd=checkout)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--as", dest="formats", default="md,docx,pdf")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    ours = partial(write, ROOT, folder, chosen.formats)
    pairs = in_turn(
        ours,
        ours if chosen.against is None else partial(write, chosen.against, folder, chosen.formats),
        chosen.runs,
    )
    mine = [one for one, _ in pairs]
    wall, own = (statistics.median(getattr(one, what) for one in mine) for what in ("wall", "own"))
    print(
        f"{len(KINDS)} documents as {chosen.formats}: {wall:.2f} s of wall clock, {own:.2f} s of processor (median of {len(mine)})"
    )
    if chosen.against is not None:
        print(
            f"{chosen.against.name}: {times(pairs, lambda one: one.wall):.2f} times the wall clock, {times(pairs, lambda one: one.own):.2f} times the processor"
        )
    return 0 if wall <= BAR_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
