# SPDX-License-Identifier: Apache-2.0
"""Legal scenarios in YAML: what is known of a release, a day, and what the rules must say.

Numbers are exact text: "10^23", "7.2*10^23", "10^26 + 1". `flop` gives own and base (and direct and cumulative
where they differ from own and own + base); a number left out is not known. `enact` puts plans and vetoed texts in
force, so that their lines can be tried.
"""

import datetime
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from core.domain.answers import Answers
from core.domain.estimate import FlopEstimate
from core.domain.finding import Finding
from core.domain.footprint import Accounts, Footprint, ParameterCount
from core.domain.known import Known
from core.domain.project import Project
from core.rules import Judgement, RuleBook, judge
from core.rules.whatif import moved

HERE = Path(__file__).parent
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KEYS = {"name", "day", "answers", "flop", "parameters", "enact", "expect"}
FINDING_KEYS = {
    "outcome",
    "duties",
    "relieved",
    "from",
    "until",
    "deadline",
    "says",
    "says_not",
    "other_reading",
    "matters",
    "forbidden",
}
LINE_KEYS = {"crossed", "straddles", "in_force", "value", "operator", "distance"}


def exact(text: Any) -> int:
    """The whole number of a sum of terms such as "1.2*10^26 + 10^20"."""
    total = Fraction(0)
    for sign, term in re.findall(r"([+-]?)\s*([0-9.*^ ]+?)\s*(?=[+-]|$)", str(text)):
        value = Fraction(1)
        for factor in term.split("*"):
            base, _, power = factor.strip().partition("^")
            value *= Fraction(base) ** int(power or 1)
        total += -value if sign == "-" else value
    if total.denominator != 1:
        raise ValueError(f"{text!r} is not whole")
    return int(total)


def scenarios(folder: str | None = None) -> list[dict[str, Any]]:
    """Every scenario of one jurisdiction, or of all."""
    found = []
    for path in sorted(HERE.glob(f"{folder or '*'}/*.yaml")):
        for scenario in yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER):
            unknown = set(scenario) - KEYS
            if unknown:
                raise ValueError(f"{path.name}: {scenario.get('name')}: unknown keys {sorted(unknown)}")
            found.append(scenario | {"file": f"{path.parent.name}/{path.stem}"})
    return found


def estimate(text: Any) -> FlopEstimate | None:
    """One number, or {low, central, high}; "unknown" and None are not known."""
    if text is None or text == "unknown":
        return None
    if isinstance(text, dict):
        return FlopEstimate(
            **{name: exact(text[name]) for name in ("low", "central", "high")}, method="scenario"
        )
    number = exact(text)
    return FlopEstimate(low=number, central=number, high=number, method="scenario")


def footprint(scenario: dict[str, Any]) -> Footprint:
    """The size, and the accounts: direct defaults to own, cumulative to own + base when everything in it is known."""
    flop = scenario.get("flop", {})
    parameters = ParameterCount(total=scenario["parameters"]) if "parameters" in scenario else None
    own, base = estimate(flop.get("own")), estimate(flop.get("base"))
    direct = estimate(flop["direct"]) if "direct" in flop else own
    if "cumulative" in flop:
        cumulative = estimate(flop["cumulative"])
    elif own is None or (flop.get("base") == "unknown"):
        cumulative = None
    else:
        total = own.central + (base.central if base is not None else 0)
        cumulative = FlopEstimate(low=total, central=total, high=total, method="scenario")
    return Footprint(
        parameters=parameters, accounts=Accounts(own=own, base=base, direct=direct, cumulative=cumulative)
    )


def known(scenario: dict[str, Any]) -> Known:
    """The answers, which must be real fields."""
    return Known(Project(answers=Answers.model_validate(scenario.get("answers", {}))))


def run(scenario: dict[str, Any], book: RuleBook) -> Judgement:
    """Judge the scenario by `book` on its day."""
    on = scenario["day"]
    assert isinstance(on, datetime.date), scenario["name"]
    if "enact" in scenario:
        book, _ = moved(book, [f"{law}=in_force" for law in scenario["enact"]], on)
    return judge(known(scenario), footprint(scenario), book.at(on))


def mismatches(scenario: dict[str, Any], judgement: Judgement) -> list[str]:
    """Every difference between what is expected and what is said; empty when all is right."""
    expect = scenario["expect"]
    wrong = []
    for name, value in expect.get("eu", {}).items():
        said = getattr(judgement.eu, name)
        if said != value:
            wrong.append(f"eu.{name}: {said}, expected {value}")
    for instrument, wanted in expect.get("findings", {}).items():
        finding = next(one for one in judgement.findings if one.instrument == instrument)
        wrong += [f"{instrument}.{line}" for line in _finding(finding, wanted)]
    for name, wanted in expect.get("lines", {}).items():
        everywhere = (*judgement.lines, *(line for one in judgement.findings for line in one.lines))
        line = next((one for one in everywhere if one.id == name), None)
        if line is None or wanted is None:
            if (line is None) != (wanted is None):
                wrong.append(f"{name}: there is {'no' if line is None else 'a'} such line")
            continue
        assert set(wanted) <= LINE_KEYS, wanted
        for key, value in wanted.items():
            value = exact(value) if key == "value" else value
            if getattr(line, key) != value:
                wrong.append(f"{name}.{key}: {getattr(line, key)}, expected {value}")
    return wrong


def _finding(finding: Finding, wanted: dict[str, Any]) -> list[str]:
    assert set(wanted) <= FINDING_KEYS, wanted
    said: dict[str, Any] = {
        "outcome": finding.outcome.value,
        "duties": [duty.code for duty in finding.duties],
        "relieved": [duty.code for duty in finding.relieved],
        "from": finding.applies_from,
        "until": finding.ended_on,
        "deadline": finding.deadline,
        "other_reading": bool(finding.other_reading),
        "matters": finding.matters,
        "forbidden": finding.forbidden,
    }
    everything = " ".join(
        (
            finding.headline,
            finding.why,
            finding.other_reading,
            finding.would_change,
            finding.todo,
            finding.caveat,
            *(duty.text for duty in finding.duties),
            *(f"{step.rule} {step.value} {step.inputs} {step.result}" for step in finding.because),
        )
    )
    wrong = [
        f"{key}: {said[key]}, expected {value}"
        for key, value in wanted.items()
        if key not in ("says", "says_not") and said[key] != value
    ]
    wrong += [f"says {word!r}" for word in wanted.get("says_not", ()) if word in everything]
    return wrong + [f"says nothing of {word!r}" for word in wanted.get("says", ()) if word not in everything]
