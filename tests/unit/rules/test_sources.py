# SPDX-License-Identifier: Apache-2.0
"""Every sentence of law that a scenario can bring up rests on a source with a place in it."""

import functools

from core.domain.finding import Finding
from core.rules import load_rulebook
from tests.rules.scenario import run, scenarios

BOOK = load_rulebook()


@functools.cache
def _findings() -> tuple[Finding, ...]:
    """Every finding of every scenario, each in each wording once."""
    found = {}
    for scenario in scenarios():
        for finding in run(scenario, BOOK).findings:
            found.setdefault((finding.instrument, finding.headline, finding.why, finding.outcome), finding)
    return tuple(found.values())


def test_each_finding_has_a_source_with_a_place_and_a_day() -> None:
    for finding in _findings():
        assert finding.sources, finding.instrument
        for source in finding.sources:
            assert source.title, finding.instrument
            assert source.locator, finding.instrument
            assert source.url is None or source.url.startswith("https://")
            assert source.checked_on


def test_a_finding_shows_the_day_of_its_law() -> None:
    shown = {(one.instrument, source.checked_on) for one in _findings() for source in one.sources}
    for place, law in BOOK.instruments.items():
        days = {day for instrument, day in shown if instrument == law.id}
        assert days == {law.checked_on}, place


def test_doubtful_laws_say_so() -> None:
    """A law that was not read in a good copy tells the reader in one line."""
    for law in BOOK.instruments.values():
        if law.confidence != "high":
            said = [one for one in _findings() if one.instrument == law.id]
            assert all(one.caveat for one in said if one.matters), law.id
