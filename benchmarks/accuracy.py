# SPDX-License-Identifier: Apache-2.0
"""How far each witness is from published training compute, and how often its 90 % range holds it.

    python benchmarks/accuracy.py [training_compute.csv] [--write docs/accuracy.md] [--rows]

Default data: tests/fixtures/compute/training_compute.csv (its PROVENANCE.md says whose it is).
"""

import argparse
import csv
import math
import statistics
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.crossfit import LeftOut, bounds, left_out, shortest  # noqa: E402
from core.compute import weigh  # noqa: E402
from core.domain.answers import Answers  # noqa: E402
from core.domain.estimate import FlopEstimate  # noqa: E402
from core.domain.known import Known  # noqa: E402
from core.domain.project import Project  # noqa: E402
from core.reference import load_reference  # noqa: E402

DATA = ROOT / "tests" / "fixtures" / "compute" / "training_compute.csv"
HARDWARE = {
    "NVIDIA A100": "nvidia-a100-sxm4-80-gb",
    "NVIDIA A800": "nvidia-a100-sxm4-80-gb",
    "NVIDIA A100 80GB": "nvidia-a100-sxm4-80-gb",
    "NVIDIA A100 PCIe 40GB": "nvidia-a100-pcie-40-gb",
    "NVIDIA H100": "nvidia-h100-sxm5-80gb",
    "NVIDIA H800 SXM5": "nvidia-h100-sxm5-80gb",
    "NVIDIA H200 SXM": "nvidia-h200-sxm-141gb",
    "NVIDIA V100": "nvidia-tesla-v100-sxm2-32-gb",
    "NVIDIA V100 16GB": "nvidia-tesla-v100-sxm2-16-gb",
    "NVIDIA V100 32GB": "nvidia-tesla-v100-sxm2-32-gb",
    "NVIDIA Tesla V100 DGXS 16 GB": "nvidia-tesla-v100-sxm2-16-gb",
    "NVIDIA Tesla V100 DGXS 32 GB": "nvidia-tesla-v100-sxm2-32-gb",
    "NVIDIA P100": "nvidia-tesla-p100-sxm2",
    "NVIDIA RTX A6000": "nvidia-rtx-a6000",
    "Google TPU v2": "google-tpu-v2",
    "Google TPU v3": "google-tpu-v3",
    "Google TPU v4": "google-tpu-v4",
    "Google TPU v5e": "google-tpu-v5e",
}
MODALITIES = {
    "Language": ["text"],
    "Image generation": ["image"],
    "Video": ["video"],
    "Vision": ["label"],
    "Speech": ["audio"],
    "Audio": ["audio"],
}


class Case(NamedTuple):
    """One published run: its compute, and each witness's and the combined estimate."""

    name: str
    group: str
    published: float
    operations: FlopEstimate | None
    hardware: FlopEstimate | None
    throughput: FlopEstimate | None
    combined: FlopEstimate | None


class Score(NamedTuple):
    """Median |log10 error|, published values inside the range, mean width of the range in decades; the same for each
    run when the middle and the width are fitted without its organisation."""

    count: int
    error: float
    inside: int
    width: float
    left_out: LeftOut

    @property
    def covered(self) -> float:
        """Share of published values inside the range."""
        return self.inside / self.count


def cases(path: Path) -> list[Case]:
    """Every row of tiers A and B that publishes compute, or hours beside parameters and tokens."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["test_tier"] in ("A", "B")]
    return [case for row in rows if (case := _case(row)) is not None]


def _number(row: dict[str, str], key: str) -> float | None:
    try:
        value = float(row[key])
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def _case(row: dict[str, str]) -> Case | None:
    active, total = _number(row, "params_active"), _number(row, "params_total")
    size = active or total
    tokens = _number(row, "data_size") if row["data_unit"] == "tokens" else None
    hours = _number(row, "gpu_hours")
    if hours is None and (count := _number(row, "hw_count")) and (wall := _number(row, "wall_hours")):
        hours = count * wall
    published, circular = _number(row, "flop"), False
    if published is None and size and tokens:
        # Hours without a figure: judged by 6ND, which then is no witness of its own.
        published, circular = 6 * size * tokens, True
    if published is None:
        return None
    answers = _answers(row, total, active, None if circular else tokens, hours)
    footprint = weigh(Known(Project(answers=Answers.model_validate(answers))), load_reference())
    by_id = {str(witness.id): witness.estimate for witness in footprint.witnesses}
    operations, hardware = by_id["operations"], by_id["hardware"]
    if operations is None and hardware is None:
        return None
    group = row["organisation"]
    return Case(
        row["name"], group, published, operations, hardware, by_id.get("throughput"), footprint.accounts.own
    )


def _answers(
    row: dict[str, str], total: float | None, active: float | None, tokens: float | None, hours: float | None
) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "origin": "fine_tune" if row["run_type"] in ("finetune", "rl", "distill") else "from_scratch"
    }
    if total or active:
        answers["parameters_total"] = round(total or active or 0)
    if active and total and active < total:
        answers["parameters_active"] = round(active)
    if tokens:
        answers["tokens"] = round(tokens)
    first = row["domain"].split(",")[0]
    if row["domain"] in MODALITIES or first in MODALITIES:
        answers["output_modalities"] = MODALITIES.get(row["domain"]) or MODALITIES[first]
    name = HARDWARE.get(row["hardware"], row["hardware"])
    device = load_reference().accelerator(name) if name else None
    if device is not None and hours:
        answers |= {"hardware": device.id, "device_count": 1, "hours": hours}
    return answers


def score(pairs: list[tuple[Case, FlopEstimate]]) -> Score | None:
    """How well estimates meet the published values they stand beside."""
    if not pairs:
        return None
    ratios = [(case.group, math.log10(case.published / found.central)) for case, found in pairs]
    inside = [found.low <= case.published <= found.high for case, found in pairs]
    widths = [math.log10(found.high / max(1, found.low)) for _, found in pairs]
    return Score(
        len(pairs),
        statistics.median(abs(ratio) for _, ratio in ratios),
        sum(inside),
        statistics.mean(widths),
        left_out(ratios),
    )


def scores(found: list[Case]) -> dict[str, Score | None]:
    """By witness, and on the runs where both spoke: the narrowest of the two, and the two combined."""
    both = [case for case in found if case.operations and case.hardware and case.combined]
    narrowest = [
        (
            case,
            min(
                (one for one in (case.operations, case.hardware, case.throughput) if one is not None),
                key=lambda one: one.high / max(1, one.low),
            ),
        )
        for case in both
    ]
    return {
        "Operations from parameters and tokens": score(
            [(case, case.operations) for case in found if case.operations]
        ),
        "Device hours": score([(case, case.hardware) for case in found if case.hardware]),
        "Published speed times hours": score([(case, case.throughput) for case in found if case.throughput]),
        "Narrowest of them, where data and hours speak": score(narrowest),
        "Combined, where data and hours speak": score(
            [(case, case.combined) for case in both if case.combined]
        ),
    }


def fitted(found: list[Case]) -> dict[str, tuple[float, float]]:
    """What the rule gives for the two widths in the product that are fitted: factors on the central figure."""
    return {
        name: tuple(10**end for end in shortest([math.log10(published / one) for published, one in pairs]))  # type: ignore[misc]
        for name, pairs in (
            ("operations", [(case.published, case.operations.central) for case in found if case.operations]),
            ("throughput", [(case.published, case.throughput.central) for case in found if case.throughput]),
        )
    }


def page(found: dict[str, Score | None], fits: dict[str, tuple[float, float]]) -> str:
    """docs/accuracy.md."""
    rows = [
        f"| {name} | {one.count} | {one.error:.2f} | {one.inside} ({one.covered:.0%}) | {10**one.width:.1f} "
        f"| {one.left_out.error:.2f} | {one.left_out.inside} ({one.left_out.inside / one.count:.0%}) "
        f"| {10**one.left_out.width:.1f} |"
        for name, one in found.items()
        if one is not None
    ]
    combined = list(found.values())[-1]
    assert combined is not None
    least, most = bounds(combined.inside, combined.count)
    return _PAGE.format(
        rows="\n".join(rows), inside=combined.inside, count=combined.count, least=least, most=most, **fits
    )


_PAGE = """# How accurate the figures are

Written by `python benchmarks/accuracy.py --write docs/accuracy.md`. Do not edit.

Published training compute against what Weighbridge says when it is given only the published parameters and tokens, or only the hardware
and hours (tiers A and B of the table). Runs that publish hours, parameters and tokens but no figure are judged by 6ND, and only their
hours speak. A range is meant to hold the published value nine times in ten.

| witness | runs | median error, powers of ten | published value in the range | mean range, high over low | left out: error | left out: in the range | left out: range |
|---|---|---|---|---|---|---|---|
{rows}

**Left out** is the test that counts: the middle and the width are fitted on all runs but those of one organisation, and those are then
judged by the fit, one organisation after the other. The rule of the fit is the shortest range of published over central that holds nine
in ten (`benchmarks/crossfit.py`). Two widths in the program are such fits: that of typed sizes and tokens, and that of published speed
({operations[0]:.2f} to {operations[1]:.2f} and {throughput[0]:.2f} to {throughput[1]:.2f} times the central figure, rounded outwards). The shares of the peak for device hours
are taken from tables of reported utilisation, not fitted here.

**How sure the shares are.** With so few runs a share is itself a range: {inside} of {count} combined means a true share between {least:.0%} and {most:.0%}
(exact binomial bounds, nine in ten). The test fails when the bounds of any row lie wholly outside 85 to 95 %.

An error of 0.10 is a factor of 1.26; 0.30 is a factor of 2. A folder with its log is far surer than this: sequences of a known length
are counted layer by layer.

Data: Epoch AI, *Data on AI Models*, epoch.ai (CC BY 4.0), selected, and extended with single figures of model cards and papers.
"""


def main() -> int:
    """Print the table; with --write, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rows", action="store_true")
    given = parser.parse_args()
    found = cases(given.data)
    if given.rows:
        for case in found:
            for name, one in (
                ("ops", case.operations),
                ("hw", case.hardware),
                ("speed", case.throughput),
                ("both", case.combined),
            ):
                if one is not None:
                    inside = "in " if one.low <= case.published <= one.high else "OUT"
                    print(f"{name:5} {inside} {case.published / one.central:8.3f}  {case.name}")
    result = page(scores(found), fitted(found))
    print(result)
    if given.write:
        given.write.write_text(result, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
