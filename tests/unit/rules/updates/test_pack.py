# SPDX-License-Identifier: Apache-2.0
"""A newer rulebook is believed only if the signature, the edition and the content are right."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadRules
from core.rules import load_rulebook
from core.rules.updates.pack import SIZE_LIMIT, RefusedRulebook, open_newer, open_pack, pack
from tests.unit.rules.updates.making import INDICATOR, edited, pair, shipped, signed, ten_times_higher

KEY = pair()[1]
GOOD = signed(ten_times_higher())
HEAD = GOOD.index(b"\n\n")


def _signature(data: bytes) -> bytes:
    lines = data[:HEAD].split(b"\n")
    good = GOOD[:HEAD].split(b"\n")
    if lines[:2] != good[:2] or len(lines) != 3 or not lines[2].startswith(b"signature "):
        return b""
    try:
        return base64.b64decode(lines[2].removeprefix(b"signature "), validate=True)
    except ValueError:
        return b""


def _reason(data: bytes) -> str:
    with pytest.raises(RefusedRulebook) as caught:
        open_newer(data, [KEY], load_rulebook())
    assert caught.value.what
    assert caught.value.why
    assert caught.value.todo
    return caught.value.reason


def test_a_signed_newer_rulebook_is_read_as_it_was_made() -> None:
    book = open_newer(GOOD, [pair("other")[1], KEY], load_rulebook())
    assert book.edition.number == 2
    assert book.parameters["eu.ai_act.gpai_indicator"].values[-1].value == "10^24"
    others = {name: one for name, one in book.parameters.items() if "gpai_indicator" not in name}
    same = {name: one for name, one in load_rulebook().parameters.items() if name in others}
    assert {name for name in others if others[name] != same[name]} == {"eu.ai_act.stand_in_base"}


def test_the_shipped_rules_survive_the_round_trip() -> None:
    assert open_pack(signed(dict(shipped())), [KEY]) == load_rulebook()


def test_any_changed_bit_is_refused() -> None:
    @given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
    def flipped(place: int, bit: int) -> None:
        data = bytearray(GOOD)
        data[place] ^= 1 << bit
        # The unused bits at the end of base64 may differ: those bytes decode to the same signature.
        if place < HEAD and _signature(bytes(data)) == _signature(GOOD):
            return
        _reason(bytes(data))

    flipped()


def test_a_line_moved_after_signing_is_refused() -> None:
    assert b"10^24" in GOOD
    assert _reason(GOOD.replace(b"10^24", b"10^20")) == "tampered"


@pytest.mark.parametrize("kept", [0, 5, 22, 40, 200, len(GOOD) // 2, len(GOOD) - 1])
def test_a_file_that_breaks_off_is_refused(kept: int) -> None:
    assert _reason(GOOD[:kept]) in ("kind", "unsigned", "tampered")


def test_other_files_and_missing_signatures_are_told_apart() -> None:
    head, _, content = GOOD.partition(b"\n\n")
    first, key, _ = head.split(b"\n")
    assert _reason(b"{}") == "kind"
    assert _reason(b"\x00" * 100) == "kind"
    assert _reason(GOOD + b" " * SIZE_LIMIT) == "kind"
    assert _reason(first + b"\n\n" + content) == "unsigned"
    assert _reason(first + b"\n" + key + b"\nsignature \n\n" + content) == "unsigned"
    assert _reason(first + b"\n" + key + b"\nsignature AAAA\n\n" + content) == "tampered"


def test_a_key_nobody_trusts_is_refused_and_named() -> None:
    stranger = signed(ten_times_higher(), "stranger")
    assert _reason(stranger) == "stranger"
    with pytest.raises(RefusedRulebook, match=pair("stranger")[1].id):
        open_newer(stranger, [KEY], load_rulebook())


def test_a_strangers_signature_under_a_trusted_name_is_refused() -> None:
    stranger = signed(ten_times_higher(), "stranger")
    assert _reason(stranger.replace(pair("stranger")[1].id.encode(), KEY.id.encode())) == "tampered"


def test_a_format_from_the_future_is_refused_even_with_a_good_signature() -> None:
    assert _reason(GOOD.replace(b"weighbridge-rulebook 1", b"weighbridge-rulebook 2", 1)) == "format"


def test_an_edition_that_is_not_newer_is_refused() -> None:
    assert _reason(signed(ten_times_higher(1))) == "older"


def test_older_means_older_than_the_one_in_use() -> None:
    third = open_newer(signed(ten_times_higher(3)), [KEY], load_rulebook())
    with pytest.raises(RefusedRulebook) as caught:
        open_newer(GOOD, [KEY], third)
    assert caught.value.reason == "older"


def test_a_rulebook_without_a_value_the_app_needs_is_refused() -> None:
    files = edited()
    del files[INDICATOR]
    assert _reason(signed(files)) == "misfit"


def test_a_value_in_another_unit_is_refused() -> None:
    assert _reason(signed(edited((INDICATOR, "unit: FLOP\n", "unit: USD\n")))) == "misfit"


def test_a_source_the_app_cites_must_stay() -> None:
    law = "eu/ai_act/instrument.yaml"
    name = next(iter(load_rulebook().instruments["eu.ai_act"].sources))
    assert _reason(signed(edited((law, f"\n  {name}:", "\n  renamed:")))) == "misfit"


def test_rules_that_do_not_load_are_not_signed() -> None:
    secret, key = pair()
    with pytest.raises(BadRules, match="colour"):
        pack(
            edited((INDICATOR, "unit: FLOP", "colour: red\nunit: FLOP")),
            key,
            lambda m: secret.sign(m).signature,
        )


def test_rules_that_do_not_load_are_refused_though_signed() -> None:
    secret, key = pair()
    files = edited((INDICATOR, "unit: FLOP", "colour: red\nunit: FLOP"))
    for content in (json.dumps({"files": files}), json.dumps({"files": {}}), "[]", "nonsense", "[" * 100_000):
        head = b"weighbridge-rulebook 1"
        message = head + b"\n\n" + content.encode()
        signature = base64.b64encode(secret.sign(message).signature)
        data = head + b"\nkey " + key.id.encode() + b"\nsignature " + signature + b"\n\n" + content.encode()
        assert _reason(data) == "rules"
