# SPDX-License-Identifier: Apache-2.0
"""Reads a pickle as text: opcodes become plain values, and every class or function stays a name. Nothing is run.

Only what torch.save writes is understood; anything else is refused. Bounded in bytes, opcodes and stack.
"""

import io
import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, cast

from core.scan.refusal import refuse

MAX_OPCODES = 200_000
MAX_BYTES = 8_000_000
MOST_OPCODES = 400_000
"""The most any caller may allow: about a second of work (a language model of 1,200 tensors needs 40,000)."""


TUPLE_STATE = "<state>"
"""Key under which a state that is a tuple stands (numpy's arrays: version, shape, …)."""


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function the pickle names. It is never looked up."""

    module: str
    name: str


@dataclass(slots=True)
class Made:
    """What a call in the pickle would make: the name called, its arguments, the state and the entries set on it."""

    of: Any
    arguments: Any = ()
    state: dict[Any, Any] = field(default_factory=dict)
    items: dict[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Symbols:
    """The value of a pickle, the modules whose code it names, and how many opcodes that took."""

    value: Any
    modules: frozenset[str]
    opcodes: int


class Readable(Protocol):
    """What pickletools asks of a file."""

    def read(self, size: int, /) -> bytes:
        """`size` bytes, fewer at the end."""

    def readline(self) -> bytes:
        """To the end of the line."""

    def tell(self) -> int:
        """The place of the next byte."""


_MARK = object()
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_PLAIN = frozenset(
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE "
    "SHORT_BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8".split()
)
_NOTHING = frozenset(("PROTO", "FRAME"))


def read_pickle(data: bytes) -> Symbols:
    """The one value of a pickle, symbolically. Raises CannotRead for what is not understood."""
    if len(data) > MAX_BYTES:
        raise refuse("pickle.large", cap=f"{MAX_BYTES:,}")
    return read_stream(io.BytesIO(data), most=MAX_OPCODES)


def read_stream(data: Readable, *, most: int, built: Callable[[Made, int], int] | None = None) -> Symbols:
    """The next pickle of `data`; the place after its end is where `data` stands then. Raises CannotRead.

    `built` is told of each object whose state is set, while `data` stands behind it (a file may go on with other bytes), and
    how many opcodes it may read itself; it returns how many it did.
    """
    machine = _Machine()
    inner = 0
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(cast("IO[bytes]", data))):
            if count + inner > most:
                raise refuse("pickle.large", cap=f"{MAX_BYTES:,}")
            if opcode.name == "STOP":
                return Symbols(machine.pop(), frozenset(machine.modules), count + inner)
            machine.step(opcode.name, argument)
            if built is not None and opcode.name == "BUILD" and isinstance(machine.stack[-1], Made):
                inner += built(machine.stack[-1], most - count - inner)
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        UnicodeError,
        RecursionError,
        MemoryError,
    ) as error:
        raise refuse("pickle.odd") from error
    raise refuse("pickle.odd")


class _Machine:
    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.modules: set[str] = set()

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise ValueError("a mark where a value belongs")
        return value

    def to_mark(self) -> list[Any]:
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] is _MARK:
                values = self.stack[index + 1 :]
                del self.stack[index:]
                return values
        raise ValueError("no mark")

    def step(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name in _PLAIN:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[int(argument)] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[int(argument)])
        elif name == "MARK":
            stack.append(_MARK)
        elif name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            self.to_mark()
        elif name == "DUP":
            stack.append(stack[-1])
        elif name not in _NOTHING and not self._container(name) and not self._object(name, argument):
            raise ValueError(name)

    def _container(self, name: str) -> bool:
        stack = self.stack
        match name:
            case "EMPTY_TUPLE":
                stack.append(())
            case "EMPTY_LIST" | "EMPTY_SET":
                stack.append([])
            case "EMPTY_DICT":
                stack.append({})
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                size = int(name[-1])
                stack[-size:] = [tuple(stack[-size:])]
            case "TUPLE":
                stack.append(tuple(self.to_mark()))
            case "FROZENSET":
                stack.append(self.to_mark())
            case "APPEND":
                value = self.pop()
                _items(stack[-1]).append(value)
            case "APPENDS" | "ADDITEMS":
                values = self.to_mark()
                _items(stack[-1]).extend(values)
            case "SETITEM":
                value, key = self.pop(), self.pop()
                _pairs(stack[-1])[_key(key)] = value
            case "SETITEMS":
                values = self.to_mark()
                target = _pairs(stack[-1])
                for key, value in zip(values[::2], values[1::2], strict=True):
                    target[_key(key)] = value
            case _:
                return False
        return True

    def _object(self, name: str, argument: Any) -> bool:
        stack = self.stack
        match name:
            case "GLOBAL":
                module, _, member = str(argument).partition(" ")
                self._name(module, member)
            case "STACK_GLOBAL":
                member, module = self.pop(), self.pop()
                # str() of a tuple that holds itself twice, forty times over, would never end.
                if not isinstance(module, str) or not isinstance(member, str):
                    raise TypeError("a name that is no text")
                self._name(module, member)
            case "REDUCE" | "NEWOBJ":
                arguments, called = self.pop(), self.pop()
                stack.append(Made(called, arguments))
            case "NEWOBJ_EX":
                self.pop()
                arguments, called = self.pop(), self.pop()
                stack.append(Made(called, arguments))
            case "BUILD":
                state = self.pop()
                if isinstance(stack[-1], Made) and isinstance(state, dict):
                    stack[-1].state = state
                elif isinstance(stack[-1], Made) and isinstance(state, tuple):
                    stack[-1].state = {TUPLE_STATE: state}
            case "BINPERSID":
                stack.append(Made(Name("torch", "storage"), self.pop()))
            case _:
                return False
        return True

    def _name(self, module: str, member: str) -> None:
        self.modules.add(module)
        self.stack.append(Name(module, member))


def _items(value: Any) -> list[Any]:
    # A list subclass or a set made by a call takes items too; they are of no interest here.
    return value if isinstance(value, list) else []


def _pairs(value: Any) -> dict[Any, Any]:
    if isinstance(value, Made):
        return value.items
    return value if isinstance(value, dict) else {}


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(type(value))
