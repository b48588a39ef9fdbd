# SPDX-License-Identifier: Apache-2.0
"""The sentences of the verdict, one function each."""

from dataclasses import dataclass

from core.domain.finding import Finding, LicenceDuty, Line, Outcome
from core.rules import Judgement
from core.rules.trace import day_words
from core.texts import text

EU = "eu-ai-act-gpai"
SB_53 = "us-ca-sb53"
RAISE = "us-ny-raise"
AB_2013 = "us-ca-ab2013"
LEADING = (EU, AB_2013, SB_53, RAISE)
"""The laws that decide the headline; what else is open is named after them."""


def in_front(finding: Finding) -> bool:
    """Whether a list shows the finding in full: it matters here, or everybody asks about that law."""
    return finding.matters or finding.instrument in LEADING


_MOST_NAMES = 2


@dataclass(frozen=True)
class Laws:
    """The findings by instrument."""

    judgement: Judgement

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding."""
        return self.judgement.findings

    @property
    def eu(self) -> Finding:
        """The EU chapter."""
        return self.of(EU)

    @property
    def open(self) -> tuple[Finding, ...]:
        """Leading findings without a certain answer."""
        return tuple(finding for finding in self._uncertain if finding.instrument in LEADING)

    @property
    def also_open(self) -> tuple[Finding, ...]:
        """Other findings without a certain answer that matter for this release."""
        asked = self.questions
        return tuple(
            one for one in self._uncertain if one.instrument not in LEADING and one.todo not in asked
        )

    @property
    def _uncertain(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.outcome is Outcome.UNCERTAIN and one.matters)

    @property
    def forbidding(self) -> tuple[Finding, ...]:
        """Laws that ban such a model today."""
        return tuple(one for one in self.findings if one.forbidden and one.outcome is Outcome.APPLIES)

    @property
    def questions(self) -> tuple[str, ...]:
        """What would settle the open findings; the same answer may settle several."""
        return tuple(dict.fromkeys(finding.todo for finding in self.open))

    @property
    def frontier(self) -> tuple[Finding, ...]:
        """The laws on very large models."""
        return self.of(SB_53), self.of(RAISE)

    def of(self, instrument: str) -> Finding:
        """The finding of one instrument."""
        return next(finding for finding in self.findings if finding.instrument == instrument)

    def line(self, name: str) -> Line | None:
        """One line of the scale."""
        return next((line for line in self.judgement.lines if line.id == name), None)

    def deciding_lines(self) -> tuple[Line, ...]:
        """The lines this model is measured against: the bar instead of the indicator when its base is general."""
        by_bar = self.judgement.eu.gpai in ("base_yes", "yes")
        return tuple(line for line in self.judgement.lines if not (by_bar and line.id == "eu.gpai_indicator"))


def headline(laws: Laws, licences: tuple[LicenceDuty, ...], clashes: tuple[Finding, ...] = ()) -> str:
    """The one sentence that matters most."""
    eu = laws.eu
    if laws.forbidding:
        return text("verdict.headline.forbidden")
    if eu.outcome is Outcome.APPLIES:
        return text("verdict.headline.provider" if len(eu.duties) > 1 else "verdict.headline.notify")
    for finding in laws.frontier:
        if finding.outcome is Outcome.APPLIES:
            return text("verdict.headline.frontier", name=short_name(finding))
    if laws.open:
        return text(f"verdict.headline.open.{len(laws.questions)}")
    if eu.outcome is Outcome.NOT_YET and eu.applies_from is not None:
        return text("verdict.headline.later", day=day_words(eu.applies_from))
    for finding in laws.frontier:
        if finding.outcome is Outcome.NOT_YET and finding.applies_from is not None:
            day = day_words(finding.applies_from)
            return text("verdict.headline.frontier_later", name=short_name(finding), day=day)
    if clashes:
        return text("verdict.headline.clash")
    if any(duty.licence_id == "unknown" or duty.source is None for duty in licences):
        return text("verdict.headline.licence")
    return text("verdict.headline.clear")


def eu_sentence(laws: Laws) -> str:
    """What the EU chapter says, with the distance where a line decides."""
    eu, summary = laws.eu, laws.judgement.eu
    if eu.outcome is Outcome.UNCERTAIN:
        return text("verdict.eu.open", why=f"{eu.headline} {eu.why}")
    if eu.outcome in (Outcome.APPLIES, Outcome.NOT_YET) and len(eu.duties) > 1:
        return text("verdict.eu.owes", why=eu.why)  # the headline has said who owes, and from when
    if eu.outcome is Outcome.DOES_NOT_APPLY and summary.provider == "no":
        bar, indicator = laws.line("eu.modification_bar"), laws.line("eu.gpai_indicator")
        if bar is not None and bar.model_value and bar.crossed is False and summary.gpai == "base_yes":
            return text("verdict.eu.below_bar", distance=bar.distance)
        if bar is not None and bar.model_value and bar.crossed is False and summary.gpai == "unclear":
            return text("verdict.eu.below_lowest_bar", distance=bar.distance)
        if bar is None and indicator is not None and indicator.crossed is False and summary.gpai != "unclear":
            return text("verdict.eu.below", distance=indicator.distance)
    return text("verdict.eu.other", headline=eu.headline, why=eu.why)


def open_sentences(laws: Laws) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why other laws are open; and what to tell us."""
    others = tuple(finding for finding in laws.open if finding.instrument != EU)
    said: list[Finding] = []
    for finding in others:
        if finding.todo != laws.eu.todo and finding.todo not in [other.todo for other in said]:
            said.append(finding)
    why = tuple(text("verdict.us.open", name=short_name(finding), why=finding.why) for finding in said)
    return why, tuple(text("verdict.ask", todo=todo) for todo in laws.questions)


def names(findings: tuple[Finding, ...]) -> str:
    """A few names of laws, and how many more."""
    said = [short_name(finding) for finding in findings]
    left = len(said) - _MOST_NAMES
    if left > 0:
        said = [*said[:_MOST_NAMES], text("verdict.more", count=left)]
    return "; ".join(said)


def ban_sentence(laws: Laws) -> str:
    """Which laws ban it."""
    return text("verdict.banned", list=names(laws.forbidding)) if laws.forbidding else ""


def clash_sentence(clashes: tuple[Finding, ...]) -> str:
    """The gravest clash of licences, and how many more there are."""
    if not clashes:
        return ""
    left = len(clashes) - 1
    more = text("verdict.clash_more.one") if left == 1 else ""
    more = text("verdict.clash_more.many", count=left) if left > 1 else more
    return " ".join(filter(None, (clashes[0].headline, more)))


def also_open_sentence(laws: Laws) -> str:
    """What else is open: one answer settles several laws, so the questions are told, then the laws."""
    if not laws.also_open:
        return ""
    return text("verdict.also_open", list=names(laws.also_open))


def us_sentence(laws: Laws) -> str:
    """How far below California's and New York's line, when both are certain."""
    line = laws.line("us_california.sb_53")
    below = all(finding.outcome is Outcome.DOES_NOT_APPLY for finding in laws.frontier)
    if not below or line is None:
        return ""
    if line.crossed is not False or not line.distance:
        return text("verdict.us.unmeasured", why=laws.of(SB_53).why)
    return text("verdict.us.both", distance=line.distance)


def short_name(finding: Finding) -> str:
    """The law's name before the colon."""
    return finding.title.split(":", 1)[0]
