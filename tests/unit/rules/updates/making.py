# SPDX-License-Identifier: Apache-2.0
"""Rulebooks signed with keys that exist for one test."""

import base64
import datetime
import functools
import hashlib

from nacl.signing import SigningKey

from core.resources import resource
from core.rules.load import read_files
from core.rules.updates.keys import Key
from core.rules.updates.pack import pack

INDICATOR = "eu/ai_act/gpai_indicator.yaml"
STAND_IN = "eu/ai_act/stand_in_base.yaml"


@functools.cache
def shipped() -> dict[str, str]:
    """The texts of the rule files that ship with the app. Copy before changing."""
    return read_files(resource("rules"))


def pair(seed: str = "maker") -> tuple[SigningKey, Key]:
    """A key pair, the same for the same `seed`."""
    secret = SigningKey(hashlib.sha256(seed.encode()).digest())
    public = base64.b64encode(bytes(secret.verify_key)).decode()
    return secret, Key(holder=f"The {seed}", public=public, made_on=datetime.date(2026, 11, 1))


def edited(*edits: tuple[str, str, str], number: int = 2) -> dict[str, str]:
    """The shipped files with edits (file, old, new), as edition `number`."""
    files = dict(shipped())
    for name, old, new in (("edition.yaml", "number: 1", f"number: {number}"), *edits):
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new)
    return files


def ten_times_higher(number: int = 2) -> dict[str, str]:
    """The EU line at 10^24 instead of 10^23."""
    return edited((INDICATOR, '"10^23"', '"10^24"'), (STAND_IN, '"10^23"', '"10^24"'), number=number)


def signed(files: dict[str, str], seed: str = "maker") -> bytes:
    """`files` as one signed file."""
    secret, key = pair(seed)
    return pack(files, key, lambda message: secret.sign(message).signature)
