# SPDX-License-Identifier: Apache-2.0
"""Small changes that a test should notice: what benchmarks/mutation.py makes of a source file.

One mutant is one change of one node of the syntax tree, put into the text in place of the old words, so that nothing
else moves. Left out is what no test could or should see: annotations, docstrings and the words of messages, asserts
(they state what cannot happen), sizes of caches, lists of exported names, and imports for the type checker.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}


class Mutant(NamedTuple):
    """One change. `start` and `end` are places in the file's bytes. Its tests are found by the lines `first` to `last`
    of the statement around it; `function` is the first line of the function (0: none), `body` its first statement."""

    file: str
    line: int
    function: int
    body: int
    first: int
    last: int
    kind: str
    start: int
    end: int
    old: str
    new: str

    @property
    def name(self) -> str:
        """What it is called in benchmarks/equivalent.txt: the change without its place, since lines move."""
        return f"{self.file} {self.kind}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"

    def apply(self, source: bytes) -> bytes:
        """The file's bytes with this change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {_short(self.old)} -> {_short(self.new)}"


def mutants_of(root: Path, file: Path) -> list[Mutant]:
    """All mutants of one file, in the order of their places."""
    source = file.read_bytes()
    finder = _Finder(file.relative_to(root).as_posix(), source)
    finder.visit(ast.parse(source))
    return finder.found


class _Finder(ast.NodeVisitor):
    def __init__(self, file: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._file, self._source = file, source
        self._function = self._body = 0
        self._statement = (0, 0)
        self._starts = [0]
        for row in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(row))

    def visit(self, node: ast.AST) -> None:
        if _left_out(node):
            return
        outer = self._function, self._body, self._statement
        if isinstance(node, ast.stmt):
            inside = getattr(node, "body", None)
            last = inside[0].lineno - 1 if inside else node.end_lineno or node.lineno
            self._statement = node.lineno, max(last, node.lineno)
        self._visit(node)
        self._function, self._body, self._statement = outer

    def _visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._function = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            # A default is worked out when the file is loaded; whoever enters the function can see it.
            self._body = node.body[0].lineno
            self._statement = self._body, node.end_lineno or self._body
            for one in (*node.args.defaults, *node.args.kw_defaults):
                if one is not None:
                    self.visit(one)
            self._all(node.body)
        elif isinstance(node, ast.ClassDef):
            self._all(node.body)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.visit(node.value)
        elif isinstance(node, ast.Module):
            self._all(node.body)
        else:
            for kind, old, new in _changes(node):
                self._add(kind, old, new)
            self.generic_visit(node)

    def _all(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.visit(node)

    def _add(self, kind: str, old: ast.AST, new: str) -> None:
        place = vars(old)
        start = self._starts[place["lineno"] - 1] + place["col_offset"]
        end = self._starts[place["end_lineno"] - 1] + place["end_col_offset"]
        before = self._source[start:end].decode()
        where = (self._file, place["lineno"], self._function, self._body, *self._statement)
        self.found.append(Mutant(*where, kind, start, end, before, new))


def _left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr | ast.Assert | ast.Import | ast.ImportFrom | ast.Raise):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            return True
        return isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
    return False


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST, str]]:
    """(kind, node that goes, text that comes) for every change of this node."""
    if isinstance(node, ast.Compare):
        for number, one in enumerate(node.ops):
            other = copy.deepcopy(node)
            other.ops[number] = _COMPARE[type(one)]()
            yield "compare", node, f"({ast.unparse(other)})"
    elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        if not isinstance(node.left, ast.JoinedStr) and not isinstance(node.right, ast.JoinedStr):
            other_sum = ast.BinOp(node.left, _BINARY[type(node.op)](), node.right)
            yield "arithmetic", node, f"({ast.unparse(other_sum)})"
    elif isinstance(node, ast.BoolOp):
        join = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", node, f"({ast.unparse(ast.BoolOp(join, node.values))})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield "sign", node, f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "constant", node, str(not node.value)
        elif isinstance(node.value, int):
            yield "constant", node, str(node.value + 1)
        elif isinstance(node.value, float):
            yield "constant", node, repr(node.value * 1.25 if node.value else 1.0)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "condition", node.test, f"(not ({ast.unparse(node.test)}))"
    elif isinstance(node, ast.Return):
        empty = node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        if not empty:
            yield "result", node, "return None"
    elif isinstance(node, ast.AugAssign) and type(node.op) in _BINARY:
        other_step = ast.AugAssign(node.target, _BINARY[type(node.op)](), node.value)
        yield "arithmetic", node, ast.unparse(other_step)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "left out", node, "pass"
    elif isinstance(node, ast.Continue | ast.Break):
        yield "loop", node, "break" if isinstance(node, ast.Continue) else "continue"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name in _CALLED:
            called = ast.unparse(node.func)
            yield "function", node.func, called.removesuffix(name) + _CALLED[name]


def _short(words: str) -> str:
    one = " ".join(words.split())
    return one if len(one) <= 90 else f"{one[:87]}..."
