# SPDX-License-Identifier: Apache-2.0
"""The quick way through a header says the same as the strict one, or nothing."""

import gc
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CannotRead
from core.scan import strictjson
from core.scan.formats.safetensors_header import BITS, parse_header
from core.scan.formats.safetensors_quick import read_quickly

USUAL = '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}}'


def strictly(text: str, size: int) -> Any:
    try:
        header = parse_header(strictjson.parse(text.encode()), size)
    except CannotRead:
        return None
    return header.tensors, header.metadata


def test_the_usual_form() -> None:
    found = read_quickly(USUAL.encode(), 26, BITS)
    assert found is not None
    assert found == strictly(USUAL, 26)
    assert found[1] == {"format": "pt"}


def test_numbers_that_slid_from_one_place_into_the_next_are_no_places() -> None:
    slid = USUAL.replace("[0,24]", "[0]").replace("[24,26]", "[24,24,26]")
    assert read_quickly(slid.encode(), 26, BITS) is None
    assert strictly(slid, 26) is None


def test_the_collector_is_as_it_was() -> None:
    for before in (True, False):
        (gc.enable if before else gc.disable)()
        try:
            read_quickly(USUAL.encode(), 26, BITS)
            read_quickly(b"x", 26, BITS)
            assert gc.isenabled() is before
        finally:
            gc.enable()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"b":', '"a":'), ("[24,26]", "[23,25]"), ("[24,26]", "[24,27]"), ("[2,3]", "[2,03]"), ("[2,3]", "[2,,3]"),
        ("[2,3]", "[-2,3]"), ("[0,24]", "[00,24]"), ("F32", "F99"), ("[0,24]},", "[0,24]}}"), ('"a"', '"__metadata__"'),
        ('"a"', '"a\\\\u0061"'), ('"a"', '"a\n"'), ('"pt"}', '"pt","format":"x"}'), ('"pt"}', '"pt",}'), ('"pt"}', '"pt""x":"y"}'),
        ('{"__metadata__":{"format":"pt"},', '{"__metadata__":{"format":"pt"}'), ("]}}", "]},}"), ("]}}", "]}}x"),
        (',"b"', 'x"b"'), ('"shape":[2,3],', ""), ("[2,3]", "[2,3],[1]"), ('"dtype":"F32",', '"dtype":"F32","dtype":"F32",'),
        ('"pt"', "1"), ("[0,24]", "[0,24.0]"),
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_strict_parser(old: str, new: str) -> None:
    text = USUAL.replace(old, new, 1)
    assert text != USUAL
    assert read_quickly(text.encode(), 26, BITS) is None


PIECES = st.sampled_from(
    ['{', '}', ',', '"a":', '"b":', '"__metadata__":', '{"x":"y"}', '{"dtype":"U8","shape":[1],"data_offsets":[0,1]}',
     '{"dtype":"U8","shape":[1],"data_offsets":[1,2]}', '{"dtype":"U8","shape":[],"data_offsets":[0,1]}', '"', "[", "1", " "]
)  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=12), size=st.integers(0, 3))
def test_what_it_accepts_the_strict_parser_accepts_alike(pieces: list[str], size: int) -> None:
    text = "{" + "".join(pieces) + "}"
    found = read_quickly(text.encode(), size, BITS)
    if found is not None:
        assert found == strictly(text, size)


@given(
    names=st.lists(st.text(max_size=5), min_size=1, max_size=5, unique=True),
    metadata=st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3),
)
def test_headers_the_library_could_write(names: list[str], metadata: dict[str, str]) -> None:
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    for number, name in enumerate(names):
        header[name] = {"dtype": "F16", "shape": [1, 3], "data_offsets": [number * 6, number * 6 + 6]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False)
    try:
        found = read_quickly(text.encode(), 6 * len(names), BITS)
    except UnicodeEncodeError:
        return
    if found is not None:
        assert found == strictly(text, 6 * len(names))
    elif "\\" not in text and min(text) >= " " and "__metadata__" not in names:
        pytest.fail(text)
