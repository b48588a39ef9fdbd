# SPDX-License-Identifier: Apache-2.0
"""Rules on the text: what a template left behind, and sections that readers look for first."""

import re
from collections.abc import Iterator

from core.lint.card import Card
from core.lint.problem import Problem, problem
from core.scan.formats.card_body import written_by_tool

# What templates of the Hub, PEFT, TRL and the Trainer print where nobody wrote anything; (pattern, also inside code).
_PLACEHOLDERS: tuple[tuple[re.Pattern[str], bool], ...] = (
    (re.compile(r"\[?more information needed\]?", re.IGNORECASE), False),
    (re.compile(r"model card for model id\b", re.IGNORECASE), False),
    (re.compile(r"""model(?:_id)?\s*=\s*["'](?:None|)["']|huggingface\.co/None\b|\]\(None\)"""), True),
    (re.compile(r"\bon (?:the |an )?(?:None|unknown) dataset\b"), False),
    (re.compile(r"\{\{\s*[\w.]+\s*(?:\|[^{}]*)?\}\}"), False),
    (re.compile(r"\b(?:TODO|FIXME|TBD|TBA)\b|\b[Ll]orem ipsum\b"), False),
    (re.compile(r"\[(?:your|insert|add|describe|fill)\b[^\]\n]{0,60}\](?![(\[:])", re.IGNORECASE), False),
    (re.compile(r"<(?:your|insert)[ _-][\w -]{1,40}>", re.IGNORECASE), False),
    (re.compile(r"\byour[-_]?(?:user|org|hf)?[-_]?name/[\w-]+|\b(?:username|your-org)/(?:your-)?(?:model|repo)[\w-]*", re.IGNORECASE), True),
)  # fmt: skip
_CODE_SPAN = re.compile(r"`[^`]*`")

_USE = re.compile(
    r"\b(?:us(?:e|age|ing)|how to|get(?:ting)? started|quick ?start|inference|example|demo|run(?:ning)?|generat)"
)
_LIMITS = re.compile(
    r"limit|\bbias|\brisk|caveat|ethic|safety|disclaimer|scope|responsib|harm|known issue|consideration|warning"
)
_LIMITS_SAID = re.compile(
    r"\blimitations?\b|\bnot (?:intended|suitable|recommended|designed|meant|reliable)\b|\bhallucinat|\bbias(?:es|ed)?\b"
    r"|\b(?:may|can|might|could) (?:still )?(?:produce|generate|output|make|contain|give|invent|fail)\b|\bdo not use\b",
    re.IGNORECASE,
)
_DATA = re.compile(r"\bdata|corpus|corpora|training")
_DATA_SAID = re.compile(
    r"\b(?:pre-?trained|fine-?tuned|trained|distilled|tuned|adapted)\b[^.\n]{0,80}?\b(?:on|with|using|from|over)\b|\bdatasets?\b|\bcorpus\b",
    re.IGNORECASE,
)
_EVALUATION = re.compile(r"eval|result|benchmark|performance|metric|score|accuracy|comparison|validation")
_COMPUTE_SAID = re.compile(
    r"FLOP|\bGPU[- ]?hours?\b|\bkWh\b|CO2|CO₂|carbon|\bhours?\b[^.\n]{0,40}\b(?:A100|H100|V100|GPU|TPU)|\b(?:A10G?|A40|A100|A6000|H100|H200|B200|L4|L40S?|T4|P100|V100|MI\d{3}X?|TPU)\b|\b[RG]TX\b|hours used",
    re.IGNORECASE,
)
_LEAST_PROSE = 80
"""Letters of prose below which a card tells nothing."""


def prose_problems(card: Card, *, packed: bool, merged: bool) -> Iterator[Problem]:
    """`packed`: a quantised copy, whose base's card tells of training; `merged`: nothing was trained."""
    yield from _placeholders(card)
    if tool := written_by_tool(card.body):
        yield problem("by-a-tool", None, tool=tool)
    words = card.prose()
    if len(re.sub(r"[#*\-|\s]", "", words)) < _LEAST_PROSE:
        yield problem("body-empty", card.body_line)
        return
    heads = [head for head in card.headings() if head.strip()]
    has_code = any(code for _, _, code in card.lines())
    if (
        not has_code
        and not _any(_USE, heads)
        and not re.search(r"\bpip install\b|from_pretrained", card.body)
    ):
        yield problem("how-to-use-missing")
    if not packed and not _any(_LIMITS, heads) and not _LIMITS_SAID.search(words):
        yield problem("limits-missing")
    trained = not packed and not merged
    if trained and not card.listed("datasets") and not _any(_DATA, heads) and not _DATA_SAID.search(words):
        yield problem("data-missing")
    if trained and "model-index" not in card.values and not _any(_EVALUATION, heads):
        yield problem("evaluation-missing")
    if trained and "co2_eq_emissions" not in card.values and not _COMPUTE_SAID.search(card.body):
        yield problem("compute-missing")


def _any(pattern: re.Pattern[str], heads: list[str]) -> bool:
    return any(pattern.search(head) for head in heads)


def _placeholders(card: Card) -> Iterator[Problem]:
    """One finding for each kind of leftover: its first line, and how often it stands there."""
    found: dict[int, list[tuple[int, str]]] = {}
    for number, line, code in card.lines():
        for kind, (pattern, in_code) in enumerate(_PLACEHOLDERS):
            if code and not in_code:
                continue
            shown = line if in_code else _CODE_SPAN.sub(" ", line)
            found.setdefault(kind, []).extend((number, match[0]) for match in pattern.finditer(shown))
    for key, value in card.values.items():
        if isinstance(value, str) and re.search(
            r"more information needed|\{\{.*\}\}|^<.*>$", value, re.IGNORECASE
        ):
            yield problem("placeholder", card.line(key), kind="key", words=value, key=key)
    for spots in found.values():
        if spots:
            count = len(spots)
            yield problem(
                "placeholder",
                spots[0][0],
                kind="many" if count > 1 else "",
                words=spots[0][1],
                count=str(count),
            )
