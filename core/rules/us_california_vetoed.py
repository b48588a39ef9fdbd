# SPDX-License-Identifier: Apache-2.0
"""California SB 1047, vetoed on 29 September 2024: kept as history, and as an example of a law that measures a
fine-tune by its own compute and cost."""

from core.domain.finding import Finding
from core.rules.case import Case, Start
from core.rules.conditions import amount, flop_line, said_amount, shown
from core.rules.ruling import Ruling, conclude, hit, open_, out
from core.texts import text

PLACE = "us_california.sb_1047"


def judge_sb_1047(case: Case) -> Finding:
    """What it would have covered."""
    name = "rules_world.us-ca-sb1047.line"
    tuned = case.start in (Start.MODIFICATION, Start.MERGE)
    whole = flop_line(case, PLACE, "frontier_line", text(f"{name}.model"), "base" if tuned else "cumulative")
    tune = flop_line(case, PLACE, "tune_line", text(f"{name}.tune"), "own")
    costly, first = said_amount(case, f"{PLACE}.training_cost", "training_cost_usd")
    costly_tune, second = said_amount(case, f"{PLACE}.tune_cost", "training_cost_usd")
    peak, count = case.known.integer("device_peak_flops"), case.known.integer("device_count")
    total = peak.value * count.value if peak is not None and count is not None else None
    _, cluster = amount(case, f"{PLACE}.cluster_line", total)
    ruling = _ruling(
        crossed=bool(whole.crossed and (tune.crossed if tuned else True)),
        costly=costly_tune if tuned else costly,
    )
    return conclude(
        case,
        PLACE,
        ruling.but(
            lines=(whole, tune),
            steps=(*shown(whole, tune), first, second, cluster),
            filled={"distance": (tune if tuned else whole).distance},
        ),
    )


def _ruling(*, crossed: bool, costly: bool | None) -> Ruling:
    if not crossed or costly is False:
        return out("under_line")
    return open_("cost_open") if costly is None else hit("over_line", "plan")
