# SPDX-License-Identifier: Apache-2.0
"""Numbers as people write them, in the manners of several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import NotANumber, parse_count, parse_number

BILLION = 10**9


@pytest.mark.parametrize(
    ("written", "decimal", "value"),
    [
        ("7b", ".", 7 * BILLION),
        ("8B", ".", 8 * BILLION),
        ("1.5T", ".", 1_500 * BILLION),
        ("1,5T", ",", 1_500 * BILLION),
        ("1,5T", ".", 1_500 * BILLION),
        ("7 000 000 000", ".", 7 * BILLION),
        ("7\u00a0000\u202f000\u2009000", ",", 7 * BILLION),
        ("7'000'000'000", ".", 7 * BILLION),
        ("7,0e9", ",", 7 * BILLION),
        ("7.0E+9", ".", 7 * BILLION),
        ("7 × 10^9", ".", 7 * BILLION),
        ("7,000,000,000", ".", 7 * BILLION),
        ("7.000.000.000", ",", 7 * BILLION),
        ("7.000.000.000", ".", 7 * BILLION),
        ("8,030,261,248", ".", 8_030_261_248),
        ("30 million", ".", 30_000_000),
        ("30 Mio", ",", 30_000_000),
        ("40M", ".", 40_000_000),
        ("2_048", ".", 2048),
        ("2,048", ".", 2048),
        ("2.048", ",", 2048),
        ("2.048", ".", 2048),
        ("1,500M", ".", 1_500_000_000),
        ("1,500M", ",", 1_500_000),
        ("1.500M", ".", 1_500_000),
        ("1.234,5k", ",", 1_234_500),
        ("1,234.5k", ".", 1_234_500),
        ("0", ".", 0),
        ("  24 ", ".", 24),
        ("٧٠٠٠", ".", 7000),
        ("٧٬٠٠٠", ".", 7000),
        ("７Ｂ".replace("Ｂ", "b"), ".", 7 * BILLION),
        ("1e25", ".", 10**25),
        ("100000000000000000000000001", ".", 10**26 + 1),
    ],
)
def test_counts(written: str, decimal: str, value: int) -> None:
    assert parse_count(written, decimal) == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        "seven",
        "7x",
        "7bb",
        "1e999",
        "--7",
        "7..0",
        "1,2,3",
        "b",
        "e9",
        "0x10",
        "7,00,000.1.2",
        "nan",
        "9" * 99,
    ],
)
def test_what_is_no_number_says_what_to_write(written: str) -> None:
    with pytest.raises(NotANumber, match="7b"):
        parse_count(written)


def test_a_count_is_whole_and_not_negative() -> None:
    with pytest.raises(NotANumber, match="whole"):
        parse_count("0.5")
    with pytest.raises(NotANumber, match="below zero"):
        parse_count("-3")


@pytest.mark.parametrize(
    ("written", "decimal", "value"),
    [
        ("5.5", ".", 5.5),
        ("5,5", ",", 5.5),
        ("5,5", ".", 5.5),
        (".5", ".", 0.5),
        ("1 200,25", ",", 1200.25),
        ("1,200", ".", 1200.0),
        ("1,200", ",", 1.2),
        ("0,125", ".", 0.125),
        ("380", ".", 380.0),
    ],
)
def test_numbers(written: str, decimal: str, value: float) -> None:
    assert parse_number(written, decimal) == value


@given(st.integers(min_value=0, max_value=10**30), st.sampled_from(",. _'\u202f"), st.sampled_from(".,"))
def test_every_grouping_reads_back(value: int, sign: str, decimal: str) -> None:
    assert parse_count(f"{value:,}".replace(",", sign), decimal) == value


@given(st.text(max_size=20), st.sampled_from(".,"))
def test_never_anything_but_a_number_or_a_plain_refusal(written: str, decimal: str) -> None:
    try:
        value = parse_count(written, decimal)
    except NotANumber:
        return
    assert value >= 0


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234567890123456789012345678901234567", 1234567890123456789012345678901234567),
        ("1.234567890123456789012345678901234567e36", 1234567890123456789012345678901234567),
        ("1234567890123456789012345678901234567k", 1234567890123456789012345678901234567000),
        ("1000000000000000000000000000000000001M", 1000000000000000000000000000000000001000000),
    ],
)
def test_no_digit_of_a_long_count_is_lost(written: str, value: int) -> None:
    assert parse_count(written) == value
