# SPDX-License-Identifier: Apache-2.0
"""Whose signature on a rulebook counts: Ed25519 keys (RFC 8032), shipped with the app or added by the person."""

import base64
import binascii
import hashlib
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from core.domain.base import Frozen
from core.errors import BadRules, CannotRead
from core.licences.strict_yaml import first_fault, read_yaml
from core.resources import read_text
from core.rules.schema import Day, Text
from core.texts import text

KEY_SUFFIX = ".weighbridge-key"
SHIPPED = "keys/rulebook_keys.yaml"
_BYTES = 32


def raw(value: str) -> bytes:
    """The 32 bytes of a public key in base64. Raises ValueError for anything else."""
    try:
        decoded = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(decoded) != _BYTES:
        raise ValueError(f"a public key has {_BYTES} bytes, not {len(decoded)}")
    return decoded


def _checked(value: str) -> str:
    raw(value)
    return value


class Key(Frozen):
    """A public key, who holds it, and the day it was made."""

    holder: Text
    public: Annotated[Text, AfterValidator(_checked)]
    made_on: Day

    @property
    def id(self) -> str:
        """The first 16 hex digits of the key's SHA-256, to read aloud and compare."""
        return hashlib.sha256(raw(self.public)).hexdigest()[:16]


def shipped_keys() -> tuple[Key, ...]:
    """The keys that come with the app. Raises BadRules when their file is damaged."""
    data = read_yaml(read_text(SHIPPED), SHIPPED)
    try:
        return TypeAdapter(tuple[Key, ...]).validate_python(data or ())
    except ValidationError as error:
        raise BadRules(f"{SHIPPED}: {first_fault(error)}") from error


def read_key(data: bytes) -> Key:
    """A key file that somebody handed on. Raises CannotRead when it is no such file."""
    try:
        return Key.model_validate(read_yaml(data.decode("utf-8"), "key"))
    except (UnicodeDecodeError, BadRules, ValidationError, RecursionError) as error:
        raise CannotRead(
            text("rulebook.key.damaged"),
            why=text("rulebook.key.damaged_why"),
            todo=text("rulebook.key.damaged_todo"),
        ) from error


def key_text(key: Key) -> str:
    """The key as the text of a key file; read_key reads it back."""
    return (
        f"holder: {_quoted(key.holder)}\npublic: {_quoted(key.public)}\nmade_on: {key.made_on.isoformat()}\n"
    )


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
