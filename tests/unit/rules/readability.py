# SPDX-License-Identifier: Apache-2.0
"""Flesch-Kincaid grade, with names and terms of law counted as one short word each."""

import re

# Names, and the few terms a reader meets again and again: they cannot be replaced by shorter words.
_NAMES = re.compile(
    r"California(?:'s|ns)?|New York(?:'s)?|RAISE Act|EU AI Act|AB 2013|SB 53|Executive Order \d+|"
    r"European Commission|Commission|Guidelines|Community Licen[cs]e|Chapter V|Cal\. Civ\. Code|"
    r"general-purpose(?: AI)?(?: models?)?|open[- ]source|provider|fine-tun(?:ing|e|ed)|"
    r"University|Article \d+(?:\(\w+\))*|\w+(?:/[\w.-]+)+|https?://\S+|“[^”]*”|"
    r"\d[\d,.]*(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?: FLOP)?(?: thousand| million| billion| trillion)?",
    re.IGNORECASE,
)
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Groups of vowels, a silent e left out; at least one."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) > 2 and word.endswith("e") and not word.endswith(("le", "ee")):
        word = word[:-1]
    if len(word) > 3 and word.endswith("ed") and not word.endswith(("ted", "ded")):
        word = word[:-2]
    return max(1, len(_VOWELS.findall(word)))


def grade(text: str) -> float:
    """0.39 × words per sentence + 11.8 × syllables per word - 15.59 (Kincaid et al., 1975).

    Remarks in brackets are references and are left out; names count as one word of one syllable; "; (2)" ends
    an item of a list as a full stop does.
    """
    plain = re.sub(r";?\s*\(\d\)\s", ". ", text)
    plain = re.sub(r"\([^)]*\)", " ", plain)
    plain = _NAMES.sub("law", plain)
    sentences = [part for part in re.split(r"[.!?:;]+(?:\s|$)", plain) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", plain)
    if not words:
        return 0.0
    return (
        0.39 * len(words) / max(1, len(sentences))
        + 11.8 * sum(syllables(word) for word in words) / len(words)
        - 15.59
    )
