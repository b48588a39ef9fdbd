# SPDX-License-Identifier: Apache-2.0
"""EU law beside the AI Act: product liability when money is taken, data protection when weights may hold personal data."""

from core.domain.finding import Finding
from core.rules.case import Case, Start
from core.rules.ruling import Ruling, conclude, hit, open_, out

LIABILITY = "eu.product_liability"
DATA = "eu.data_protection"


def judge_patchwork(case: Case) -> tuple[Finding, ...]:
    """Both instruments."""
    return conclude(case, LIABILITY, _liability(case)), conclude(case, DATA, _data(case))


def _liability(case: Case) -> Ruling:
    """Directive (EU) 2024/2853: software supplied in the course of a business is a product."""
    if case.private:
        return out("private")
    if case.yes("offered_in_eu") is False:
        return out("not_in_eu")
    paid = case.takes_money is True or case.word("purpose") == "commercial"
    if not paid:
        known = case.takes_money is False or case.word("purpose") is not None
        return out("unpaid" if known else "unpaid_assumed")
    placed = case.released or case.rules.on
    after = case.rules.falls(placed, f"{LIABILITY}.placed_after")
    if case.released is not None and not after:
        return out("placed_before")
    # asked on the very last day before the rules, a release of tomorrow is covered: not yet
    return hit("paid", "product")


def _data(case: Case) -> Ruling:
    """EDPB Opinion 28/2024: weights trained on personal data may hold it; publishing is no household affair."""
    if case.start in (Start.MERGE, Start.CONVERSION):
        return out("no_data")
    said = case.yes("personal_data")
    if said is False:
        return out("no_personal_data")
    if case.private:
        return out("private_data")
    if said is None:
        return open_("personal_open", aside=not case.known.dont_know("personal_data"))
    if case.yes("developer_in_eu") is False:
        return open_("personal_abroad", "basis", "tell")
    return hit("personal", "basis", "tell")
