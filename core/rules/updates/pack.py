# SPDX-License-Identifier: Apache-2.0
"""A rulebook as one signed file.

Three lines (kind and format, id of the key, Ed25519 signature in base64), an empty line, then the rule files as JSON:

    weighbridge-rulebook 1
    key 0123456789abcdef
    signature …

    {"files": {"coverage.yaml": "…", "edition.yaml": "…", "eu/ai_act/gpai_indicator.yaml": "…"}}

The signature covers the first line and everything after the empty line, byte for byte. It is checked before the
content is parsed; the content then goes through the same strict loader as the rules that ship with the app.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import Field, ValidationError

from core.domain.base import Frozen
from core.errors import BadRules, CannotRead
from core.rules.load import load_files
from core.rules.rulebook import RuleBook
from core.rules.updates.keys import Key, raw
from core.texts import text

RULEBOOK_SUFFIX = ".weighbridge-rules"
FORMAT = 1
SIZE_LIMIT = 16_000_000
"""Bytes of a rulebook file that are read; today's has well under one million."""
_HEAD = re.compile(
    rb"\Aweighbridge-rulebook ([1-9][0-9]{0,3})\nkey ([0-9a-f]{16})\nsignature ([A-Za-z0-9+/=]{1,200})\n\n"
)
_KIND = b"weighbridge-rulebook "


class RefusedRulebook(CannotRead):
    """A rulebook file that is not used. The one in use stays as it is.

    `reason`: kind, unsigned, format, stranger, tampered, rules, older or misfit.
    """

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(
            text("rulebook.refused"),
            why=text(f"rulebook.{reason}_why", **values),
            todo=text(f"rulebook.{reason}_todo", **values),
        )
        self.reason = reason


class _Content(Frozen):
    files: dict[str, str] = Field(min_length=1)


def pack(files: Mapping[str, str], key: Key, sign: Callable[[bytes], bytes]) -> bytes:
    """The rule `files` as one file signed by `sign`, whose public half is `key`. Raises BadRules for bad rules."""
    load_files(files)
    content = json.dumps({"files": dict(sorted(files.items()))}, indent=0, ensure_ascii=False).encode("utf-8")
    head = _KIND + str(FORMAT).encode()
    signature = base64.b64encode(sign(_signed(head, content))).decode("ascii")
    return head + f"\nkey {key.id}\nsignature {signature}\n\n".encode("ascii") + content


def open_pack(data: bytes, keys: Iterable[Key]) -> RuleBook:
    """The rulebook in `data` if one of `keys` signed it.

    Raises RefusedRulebook for another kind of file, a newer format, no or a wrong signature, a key nobody
    trusts, and rules that do not load.
    """
    if len(data) > SIZE_LIMIT or not data.startswith(_KIND):
        raise RefusedRulebook("kind")
    head = _HEAD.match(data)
    if head is None:
        raise RefusedRulebook("unsigned")
    if int(head[1]) != FORMAT:
        raise RefusedRulebook("format")
    name = head[2].decode("ascii")
    key = next((one for one in keys if one.id == name), None)
    if key is None:
        raise RefusedRulebook("stranger", key=name)
    content = data[head.end() :]
    if not _verified(key, _signed(_KIND + head[1], content), head[3]):
        raise RefusedRulebook("tampered")
    try:
        return load_files(_Content.model_validate_json(content).files)
    except (ValidationError, BadRules, ValueError, RecursionError) as error:
        raise RefusedRulebook("rules", fault=_fault(error)) from error


def open_newer(data: bytes, keys: Iterable[Key], now: RuleBook) -> RuleBook:
    """Like open_pack, for a rulebook that is to replace `now`.

    Raises RefusedRulebook also when it is not newer, or lacks a value or a source that this app asks for (or holds
    it in another unit): then it was made for another version of the app.
    """
    book = open_pack(data, keys)
    if book.edition.number <= now.edition.number:
        raise RefusedRulebook("older", theirs=book.edition.number, ours=now.edition.number)
    missing = next(_missing(book, now), None)
    if missing is not None:
        raise RefusedRulebook("misfit", name=missing)
    return book


def _missing(book: RuleBook, now: RuleBook) -> Iterator[str]:
    for name, parameter in now.parameters.items():
        if name not in book.parameters or book.parameters[name].unit != parameter.unit:
            yield name
    for place, law in now.instruments.items():
        other = book.instruments.get(place)
        if other is None or other.id != law.id or not law.sources.keys() <= other.sources.keys():
            yield place


def _signed(head: bytes, content: bytes) -> bytes:
    return head + b"\n\n" + content


def _verified(key: Key, message: bytes, signature: bytes) -> bool:
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(raw(key.public)).verify(message, base64.b64decode(signature, validate=True))
    except (BadSignatureError, ValueError, binascii.Error):
        return False
    return True


def _fault(error: Exception) -> str:
    return error.what if isinstance(error, BadRules) else "JSON"
