# SPDX-License-Identifier: Apache-2.0
"""Reads single members of a zip file of any size: bounded directory, bounded members, nothing unpacked to disk.

Both headers of a member must agree, because scanners and loaders that trust different ones are how attacks get by.
Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14-16.
"""

import struct
import zlib
from dataclasses import dataclass

from core.errors import CannotRead
from core.scan.guarded import Source
from core.scan.refusal import refuse

MAX_DIRECTORY = 16_000_000
MAX_MEMBERS = 100_000
_END, _END64, _WHERE64, _CENTRAL, _LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2", b"PK\3\4"
_STORED, _DEFLATED = 0, 8
_BIG = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory. Sizes in bytes."""

    name: str
    method: int
    flags: int
    checksum: int
    packed: int
    size: int
    offset: int


def directory(source: Source) -> dict[str, Member]:
    """The members by name. Raises CannotRead for a broken, oversized or ambiguous directory."""
    start, length, count = _end(source)
    if length > MAX_DIRECTORY or count > MAX_MEMBERS:
        raise _bad("its list of parts is too long")
    data = source.part(start, length)
    if len(data) != length:
        raise _bad("its list of parts is cut off")
    members: dict[str, Member] = {}
    at = 0
    try:
        for _ in range(count):
            member, at = _central(data, at)
            if member.name in members:
                raise _bad("two parts have the same name")
            if member.offset + member.packed > source.size:
                raise _bad("a part lies beyond the end")
            members[member.name] = member
    except struct.error as error:
        raise _bad("its list of parts is cut off") from error
    return members


def read_member(source: Source, member: Member, cap: int, *, stored: bool = False) -> bytes:
    """The bytes of a member, at most `cap`. With `stored`, a compressed member is refused. Raises CannotRead."""
    if member.flags & 1:
        raise _bad("a part is encrypted")
    if member.size > cap or member.packed > cap:
        raise refuse("zip.large", of="scan_files", size=f"{member.size:,}", cap=f"{cap:,}")
    if member.method not in ((_STORED,) if stored else (_STORED, _DEFLATED)):
        raise _bad("a part is packed in an unusual way")
    data = source.part(_place(source, member), member.packed)
    if member.method == _DEFLATED:
        data = _inflate(data, member.size)
    if len(data) != member.size:
        raise _bad("a part is cut off")
    if zlib.crc32(data) != member.checksum:
        raise _bad("the checksum of a part is wrong")
    return data


def stored_place(source: Source, member: Member) -> tuple[int, int]:
    """Where the bytes of a member lie in the file, and how many they are. Raises CannotRead for one that is packed."""
    if member.flags & 1 or member.method != _STORED or member.size != member.packed:
        raise _bad("a part is packed in an unusual way")
    start = _place(source, member)
    if start + member.size > source.size:
        raise _bad("a part is cut off")
    return start, member.size


def _place(source: Source, member: Member) -> int:
    """The first byte of a member's content, behind its own description."""
    head = source.part(member.offset, 30)
    if len(head) < 30 or head[:4] != _LOCAL:
        raise _bad("a part is not where the list says")
    flags, method = struct.unpack_from("<2xHH", head, 4)
    name_length, extra_length = struct.unpack_from("<HH", head, 26)
    name = source.part(member.offset + 30, name_length)
    if (flags & 1, method, _name(name, flags)) != (member.flags & 1, member.method, member.name):
        raise _bad("its two descriptions of a part differ")
    return member.offset + 30 + int(name_length) + int(extra_length)


def _end(source: Source) -> tuple[int, int, int]:
    """Start, length and number of entries of the directory."""
    base = max(0, source.size - 65_557)
    tail = source.part(base, source.size - base)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < 22:
        raise _bad("its list of parts is missing")
    count, length, start = struct.unpack_from("<HII", tail, place + 10)
    if _BIG in (length, start) or count == 0xFFFF:
        where = tail[max(0, place - 20) : place]
        if len(where) < 20 or where[:4] != _WHERE64:
            return start, length, count
        record = source.part(struct.unpack_from("<Q", where, 8)[0], 56)
        if len(record) < 56 or record[:4] != _END64:
            raise _bad("its list of parts is missing")
        count, length, start = struct.unpack_from("<QQQ", record, 32)
    if start + length > source.size:
        raise _bad("its list of parts lies beyond the end")
    return start, length, count


def _central(data: bytes, at: int) -> tuple[Member, int]:
    if data[at : at + 4] != _CENTRAL:
        raise _bad("its list of parts is damaged")
    flags, method = struct.unpack_from("<HH", data, at + 8)
    checksum, packed, size, name_length, extra_length, note_length = struct.unpack_from(
        "<IIIHHH", data, at + 16
    )
    offset = struct.unpack_from("<I", data, at + 42)[0]
    after = at + 46 + name_length
    extra = data[after : after + extra_length]
    if len(extra) != extra_length:
        raise _bad("its list of parts is cut off")
    size, packed, offset = _wide(extra, size, packed, offset)
    name = _name(data[at + 46 : after], flags)
    return Member(name, method, flags, checksum, packed, size, offset), after + extra_length + note_length


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The three numbers with the 64-bit ones of the extra field in place of their stand-ins."""
    at, values = 0, [size, packed, offset]
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            place, end = at + 4, at + 4 + length
            for index, value in enumerate(values):
                if value == _BIG and place + 8 <= end:
                    values[index] = struct.unpack_from("<Q", extra, place)[0]
                    place += 8
        at += 4 + length
    return values[0], values[1], values[2]


def _name(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & 0x800 else "latin-1", "replace")


def _inflate(data: bytes, size: int) -> bytes:
    try:
        machine = zlib.decompressobj(-15)
        return machine.decompress(data, size + 1)
    except zlib.error as error:
        raise _bad("a part is damaged") from error


def _bad(rule: str) -> CannotRead:
    return refuse("zip.rule", of="scan_files", rule=rule)
