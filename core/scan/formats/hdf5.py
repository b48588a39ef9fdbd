# SPDX-License-Identifier: Apache-2.0
"""Groups, datasets and attributes of an HDF5 file by our own reading: names, shapes and number formats, no contents but small ones.

Layout: HDF5 File Format Specification 3.0 (superblocks 0 to 3, object headers 1 and 2, groups as symbol tables or as links in the
header). What h5py writes unless told otherwise is all in that; groups with links in a fractal heap are refused. Bounded in objects,
depth and bytes; an address is followed once, and never past the end of the file.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.scan.formats.hdf5_bytes import UNDEFINED, View, bad
from core.scan.formats.hdf5_values import Kind, attribute, dataspace, datatype, value_of
from core.scan.guarded import Source

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MAX_OBJECTS = 30_000
MAX_DEPTH = 32
_MAX_MESSAGES = 2_000
"""Messages of one object; a group of Keras has about ten."""
_SPACE, _LINK_INFO, _TYPE, _LINK, _LAYOUT, _ATTRIBUTE, _MORE, _TABLE = 1, 2, 3, 6, 8, 12, 16, 17


@dataclass(frozen=True, slots=True)
class Dataset:
    """One array: the names of its groups and its own, its shape, its number format, and where its bytes lie (0: unknown)."""

    path: tuple[str, ...]
    shape: tuple[int, ...]
    kind: Kind
    address: int
    attributes: dict[str, object]


@dataclass(slots=True)
class Hdf5:
    """The content of a file. `attributes` are those of the groups, by their path; only texts and lists of texts are kept."""

    datasets: list[Dataset] = field(default_factory=list)
    attributes: dict[tuple[str, ...], dict[str, object]] = field(default_factory=dict)
    groups: list[tuple[str, ...]] = field(default_factory=list)


def read_hdf5(source: Source, start: int = 0, length: int | None = None) -> tuple[Hdf5, View]:
    """What stands in the file, or in its part from `start` on. Raises CannotRead."""
    view = View(source, start, source.size - start if length is None else length)
    try:
        found = Hdf5()
        _walk(view, _root(view), found)
        return found, view
    except (struct.error, IndexError, ValueError, OverflowError, UnicodeError) as error:
        raise bad("it is cut off or damaged") from error


def whole_value(view: View, dataset: Dataset) -> int | None:
    """The one whole number of a dataset that is a number and no array; None for any other."""
    if dataset.shape or dataset.kind.letter not in "iu" or not dataset.address:
        return None
    value = value_of(view, dataset.kind, view.part(dataset.address, dataset.kind.size))
    return value if isinstance(value, int) else None


def _root(view: View) -> int:
    """Address of the root group's object header."""
    head = view.part(0, 96)
    if head[:8] != SIGNATURE:
        raise bad("the first bytes are not those of such a file")
    version = head[8]
    if version in (0, 1):
        sizes, at = (head[13], head[14]), 24 + 4 * version
        (base,) = struct.unpack_from("<Q", head, at)
        (root,) = struct.unpack_from("<Q", head, at + 40)
    elif version in (2, 3):
        sizes = (head[9], head[10])
        (base,) = struct.unpack_from("<Q", head, 12)
        (root,) = struct.unpack_from("<Q", head, 36)
    else:
        raise bad("the version is not known")
    if sizes != (8, 8) or base:
        raise bad("its addresses are of an unusual kind")
    return int(root)


def _walk(view: View, root: int, found: Hdf5) -> None:
    """All objects below the root. A group that is linked twice is read once."""
    waiting: list[tuple[int, tuple[str, ...]]] = [(root, ())]
    seen: set[int] = set()
    while waiting:
        address, path = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if len(seen) > MAX_OBJECTS or len(path) > MAX_DEPTH:
            raise bad("it holds too many objects")
        links = _object(view, address, path, found)
        waiting.extend((child, (*path, name)) for name, child in reversed(links))


def _object(view: View, address: int, path: tuple[str, ...], found: Hdf5) -> list[tuple[str, int]]:
    """Note one object; returns the names and addresses of what it links to."""
    shape: tuple[int, ...] | None = None
    kind: Kind | None = None
    place = 0
    group = False
    links: list[tuple[str, int]] = []
    attributes: dict[str, object] = {}
    for number, flags, data in _messages(view, address):
        if flags & 2:  # the message stands elsewhere, shared with other objects
            continue
        if number == _SPACE:
            shape = dataspace(data)
        elif number == _TYPE:
            kind = datatype(data)
        elif number == _LAYOUT:
            place = _contiguous(data)
        elif number == _ATTRIBUTE:
            attributes |= attribute(view, data)
        elif (members := _members(view, number, data)) is not None:
            group = True
            links.extend(members)
    if group:
        found.groups.append(path)
        if attributes:
            found.attributes[path] = attributes
    elif shape is not None and kind is not None:
        found.datasets.append(Dataset(path, shape, kind, place, attributes))
    return links


def _members(view: View, number: int, data: bytes) -> list[tuple[str, int]] | None:
    """The links in a message of a group; None for a message of another kind."""
    if number == _TABLE:
        return list(_table(view, *struct.unpack_from("<QQ", data)))
    if number == _LINK:
        return _link(data)
    if number == _LINK_INFO:
        (heap,) = struct.unpack_from("<Q", data, 2 + 8 * (data[1] & 1))
        if heap != UNDEFINED:
            raise bad("a group keeps its names in a way that is not read here")
        return []
    return None


def _messages(view: View, address: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, flags and bytes of each message of an object header."""
    head = view.part(address, 34)
    if head[:4] == b"OHDR":
        flags = head[5]
        at = 6 + (16 if flags & 32 else 0) + (4 if flags & 16 else 0)
        width = 1 << (flags & 3)
        length = int.from_bytes(head[at : at + width], "little")
        yield from _blocks(view, address + at + width, length, 6 if flags & 4 else 4, new=True)
    elif head[:1] == b"\1":
        (length,) = struct.unpack_from("<I", head, 8)
        yield from _blocks(view, address + 16, length, 8, new=False)
    else:
        raise bad("an object has no header")


def _blocks(view: View, start: int, length: int, head: int, *, new: bool) -> Iterator[tuple[int, int, bytes]]:
    blocks, number = [(start, length)], 0
    seen: set[int] = set()
    while blocks:
        start, length = blocks.pop()
        if start in seen:
            raise bad("a header continues in a circle")
        seen.add(start)
        data = view.part(start, length)
        at = 0
        while at + head <= len(data):
            number += 1
            if number > _MAX_MESSAGES:
                raise bad("an object has too many parts")
            if new:
                kind, size, flags = struct.unpack_from("<BHB", data, at)
            else:
                kind, size, flags = struct.unpack_from("<HHB", data, at)
            content = data[at + head : at + head + size]
            at += head + size
            if kind != _MORE:
                yield kind, flags, content
                continue
            place, room = struct.unpack_from("<QQ", content)
            # A continued block of the newer form begins with OCHK and ends with a checksum.
            blocks.append((place + 4, room - 8) if new else (place, room))


def _contiguous(data: bytes) -> int:
    """Where the bytes of an array lie, when they lie in one piece (layout of version 3 or 4, class 1)."""
    if len(data) >= 18 and data[0] in (3, 4) and data[1] == 1:
        (address,) = struct.unpack_from("<Q", data, 2)
        return 0 if address == UNDEFINED else int(address)
    return 0


def _link(data: bytes) -> list[tuple[str, int]]:
    """The link in a message; nothing for one that is no hard link (those lead to names or other files)."""
    flags = data[1]
    at = 2
    if flags & 8:
        if data[at]:
            return []
        at += 1
    at += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    length = int.from_bytes(data[at : at + width], "little")
    at += width
    name = data[at : at + min(length, 500)].decode("utf-8", "replace")
    (address,) = struct.unpack_from("<Q", data, at + length)
    return [(name, int(address))]


def _table(view: View, tree: int, heap: int) -> Iterator[tuple[str, int]]:
    """The links of a group that keeps them in a B-tree of symbol tables and their names in a local heap."""
    head = view.part(heap, 32)
    if head[:4] != b"HEAP":
        raise bad("a group has no list of names")
    size, _, names = struct.unpack_from("<QQQ", head, 8)
    waiting, seen = [tree], {tree}
    count = 0
    while waiting:
        address = waiting.pop()
        node = view.part(address, 24)
        if node[:4] == b"SNOD":
            (entries,) = struct.unpack_from("<H", node, 6)
            count += entries
            if count > MAX_OBJECTS:
                raise bad("it holds too many objects")
            data = view.part(address + 8, 40 * entries)
            for at in range(0, 40 * entries, 40):
                offset, child, cached = struct.unpack_from("<QQI", data, at)
                if cached != 2 and offset < size:  # 2: a soft link, which is only a name
                    yield view.name(names + offset, size - offset), int(child)
        elif node[:4] == b"TREE":
            (entries,) = struct.unpack_from("<H", node, 6)
            data = view.part(address + 24, 16 * entries + 8)
            for at in range(8, 16 * entries, 16):
                (child,) = struct.unpack_from("<Q", data, at)
                if child not in seen:
                    seen.add(child)
                    waiting.append(int(child))
            if len(seen) > MAX_OBJECTS:
                raise bad("it holds too many objects")
        else:
            raise bad("a group has no table of its members")
