# SPDX-License-Identifier: Apache-2.0
"""The scale as a picture: well formed, safe, readable without colour, the same each time."""

import datetime
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.scale_svg import Landmark, landmarks, scale_alternative, scale_svg
from core.domain.assessment import Assessment, RulebookStamp, Verdict
from core.domain.estimate import FlopEstimate
from core.domain.finding import EuSummary, Line
from core.domain.footprint import Accounts, Footprint
from core.reference import load_reference

SVG = "{http://www.w3.org/2000/svg}"
DAY = datetime.date(2026, 11, 23)


def estimate(central: int) -> FlopEstimate:
    return FlopEstimate(low=central // 2, central=central, high=2 * central, method="counted")


def line(label: str, value: int, **more: Any) -> Line:
    return Line(id=label, label=label, value=value, operator=">", account="own", **more)


def assessment(*lines: Line, **accounts: FlopEstimate) -> Assessment:
    return Assessment(
        on=DAY,
        footprint=Footprint(accounts=Accounts(**accounts)),
        eu=EuSummary(gpai="no", provider="no", systemic="no", open_source_exempt="no"),
        lines=lines,
        verdict=Verdict(headline="x"),
        rulebook=RulebookStamp(hash="0", checked_up_to=DAY),
    )


USUAL = assessment(
    line("EU: general-purpose model", 10**23, distance="about 30,000 times below"),
    line("EU: systemic risk", 10**25),
    line("A law to come", 10**26, in_force=False),
    own=estimate(3 * 10**18),
    base=estimate(7 * 10**23),
)


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def places(picture: str, kind: str, tag: str = "line") -> list[float]:
    return [
        float(one.get("x1") or one.get("x") or "nan")
        for one in parsed(picture).iter(f"{SVG}{tag}")
        if (one.get("class") or "").split()[:1] == [kind]
    ]


def test_lines_accounts_and_models_stand_where_they_belong() -> None:
    picture = scale_svg(USUAL, landmarks(load_reference()))
    # From 1e15 at 28 to 1e27 at 732: 58.67 for each power of ten.
    assert places(picture, "line") == [pytest.approx(28 + 704 * (e - 15) / 12, abs=0.1) for e in (23, 25, 26)]
    assert places(picture, "middle")[0] == pytest.approx(28 + 704 * 3.477 / 12, abs=0.1)
    assert places(picture, "own", "rect") == [pytest.approx(28 + 704 * 3.176 / 12, abs=0.1)]
    assert len(places(picture, "base", "rect")) == 1
    words = "".join(parsed(picture).itertext())
    for said in ("EU: general-purpose model", "not in force", "This training", "Llama-3.1-405B"):
        assert said in words


def test_a_line_not_in_force_is_dashed_and_said() -> None:
    kinds = [one.get("class") for one in parsed(scale_svg(USUAL)).iter(f"{SVG}line")]
    assert kinds.count("line soon") == 1


def test_everything_is_told_in_words_too() -> None:
    picture = parsed(scale_svg(USUAL))
    assert picture.get("role") == "img"
    ids = (picture.get("aria-labelledby") or "").split()
    assert [one.get("id") for one in picture if one.get("id")] == ids
    told = picture.find(f"{SVG}desc")
    assert told is not None
    assert told.text == scale_alternative(USUAL)
    assert "EU: general-purpose model is at 1.0 × 10²³. This model is about 30,000 times below." in (
        told.text or ""
    )
    assert "3.0 × 10¹⁸" in (told.text or "")


def test_light_and_dark_and_nothing_from_outside() -> None:
    picture = scale_svg(USUAL, landmarks(load_reference()))
    assert "prefers-color-scheme:dark" in picture
    assert not re.search(r"<script|href|url\(|@import|<image|<foreignObject|\son\w+=", picture)
    assert picture == scale_svg(USUAL, landmarks(load_reference()))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_can_be_read_on_both_papers() -> None:
    light, dark = scale_svg(USUAL).split("@media")
    for style in (light, dark):
        paper, ink, quiet = (
            re.search(rf"\.{name}{{fill:(#\w{{6}})}}", style) for name in ("paper", "ink", "quiet")
        )
        assert paper
        assert ink
        assert quiet
        assert contrast(paper[1], ink[1]) >= 7
        assert contrast(paper[1], quiet[1]) >= 4.5


def test_names_are_text_and_long_ones_are_cut_with_the_whole_in_a_title() -> None:
    long = "<b>& " + "law " * 60
    picture = scale_svg(assessment(line(long, 10**24), own=estimate(10**20)))
    labels = [one for one in parsed(picture).iter(f"{SVG}text") if one.find(f"{SVG}title") is not None]
    whole = labels[0].find(f"{SVG}title")
    assert whole is not None
    assert (whole.text or "").startswith(long)
    assert (whole.tail or "").endswith("…")
    assert "<b>" not in picture


def test_nothing_known_still_makes_a_picture() -> None:
    assert "Nothing is on the scale yet" in "".join(parsed(scale_svg(assessment())).itertext())


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(1, 10**40), max_size=12),
    own=st.integers(2, 10**40),
    models=st.lists(st.integers(1, 10**40), max_size=4),
)
def test_all_things_stay_inside_whatever_their_size(values: list[int], own: int, models: list[int]) -> None:
    lines = [line(f"law {index}", value) for index, value in enumerate(values)]
    picture = scale_svg(assessment(*lines, own=estimate(own)), [Landmark("m", value) for value in models])
    width = float(parsed(picture).get("width") or 0)
    for tag in ("line", "rect", "text"):
        for one in parsed(picture).iter(f"{SVG}{tag}"):
            for key in ("x", "x1", "x2"):
                assert 0 <= float(one.get(key) or 0) <= width
