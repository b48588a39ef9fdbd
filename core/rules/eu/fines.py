# SPDX-License-Identifier: Apache-2.0
"""Fines and sizes: Article 101(1) (providers of models: the higher of two), Article 99(6) (systems: small firms the
lower), and how many domains a summary of training content lists (Commission template, footnote 16)."""

from core.domain.base import Frozen
from core.domain.finding import TraceStep
from core.rules.rulebook import COMPARE, Rules
from core.rules.trace import step


class FineCeiling(Frozen):
    """The highest fine in whole euro. `rule` is higher_of or lower_of the amount and the share of turnover."""

    amount_eur: int
    share_percent: int
    rule: str
    ceiling_eur: int


def fine_ceiling(
    rules: Rules, place: str, *, turnover_eur: int | None = None, small: bool = False
) -> FineCeiling:
    """The ceiling for a breach under `place` ("eu.ai_act", "eu.article_50", "eu.article_5").

    `small`: a small or medium firm or start-up. It lowers fines for systems only, not those for models
    (Article 99(6) covers Article 99 alone). Without a turnover the amount itself is the ceiling.
    """
    amount = rules.whole(f"{place}.fine_amount")
    share, _ = rules.share(f"{place}.fine_share")
    lower = small and place != "eu.ai_act"
    part = None if turnover_eur is None else int(turnover_eur * share)
    ceiling = amount if part is None else min(amount, part) if lower else max(amount, part)
    return FineCeiling(
        amount_eur=amount,
        share_percent=int(share * 100),
        rule="lower_of" if lower else "higher_of",
        ceiling_eur=ceiling,
    )


def fine_step(rules: Rules, place: str, *, higher: bool) -> TraceStep:
    """The ceiling as one step of the trace. `higher`: the higher of the two counts for everybody."""
    ceiling = fine_ceiling(rules, place)
    key = "rules_why.step.fine_higher" if higher else "rules_why.step.fine_small"
    return step(key, amount=f"{ceiling.amount_eur:,}", share=ceiling.share_percent)


def is_large_dataset(rules: Rules, size: int, total: int) -> bool:
    """Whether a public data set of `size` in `total` of its kind must be named in a summary of training content."""
    share, operator = rules.share("eu.ai_act.large_dataset_share")
    assert operator is not None
    return COMPARE[operator](size * share.denominator, share.numerator * total)


def domain_list(rules: Rules, domains: int, *, small: bool) -> int:
    """How many crawled domains a summary of training content lists, of `domains` in all (rounded up).

    The largest tenth by size of content; for small firms the largest twentieth, at most a thousand.
    """
    if not small:
        share, _ = rules.share("eu.ai_act.domain_share")
        return (domains * share).__ceil__()
    share, _ = rules.share("eu.ai_act.domain_share_small")
    return min((domains * share).__ceil__(), rules.whole("eu.ai_act.domain_most_small"))
