"""The program's own text, where it is there: what the line at which somebody waits says.

A dump names file and line.  Where that file can be read, the line tells what the dump leaves out:
whether a receive listens to a ticker or to a context, whether a send takes a token, whether the
function that started the goroutine reads one answer and goes.  Nothing is guessed where it cannot.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

__all__ = ["Operation", "Sources", "Start"]

_MOST: Final = 4 << 20
_ENDINGS: Final = (".go", ".py")


@dataclass(frozen=True, slots=True)
class Operation:
    """What stands at a line.

    Attributes
    ----------
    op : str
        ``send``, ``receive``, ``range``, ``select``, ``lock``, ``wait`` or ``""``.
    channel : str
        The expression of the channel or lock, as written.
    cases : tuple of (str, str)
        Of a select, ``send`` or ``receive`` and the channel.
    token : bool
        The value sent is ``struct{}{}`` or a constant, as semaphores have it.
    again : bool
        The same function sends to the same channel more than once.
    takes_back : bool
        The same function receives from the channel that it sends to, as one that gives back a
        token does.
    holds : bool
        The function locks something else before this line.
    """

    op: str
    channel: str = ""
    cases: tuple[tuple[str, str], ...] = ()
    token: bool = False
    again: bool = False
    takes_back: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """How a ``go`` statement stands in its function.

    Attributes
    ----------
    looped : bool
        In a loop: one function starts many.
    receives : int
        Receives in the same function that are in no loop.
    drains : bool
        Receives in a loop.
    cancels_lost : bool
        The function throws a cancel function away.
    """

    looped: bool = False
    receives: int = 0
    drains: bool = False


@dataclass(slots=True)
class _File:
    lines: list[str] = field(default_factory=list)
    tree: Any = None
    files: Any = None


class Sources:
    """Finds and reads the files that a dump names.

    Parameters
    ----------
    roots : sequence of str
        Folders in which files are looked for that are not where the dump says: those of another
        machine, or of a build with ``-trimpath``.
    """

    def __init__(self, roots: Sequence[str] = ()) -> None:
        self.roots = tuple(roots)
        self._read: dict[str, _File | None] = {}
        self._operations: dict[tuple[str, int], Operation | None] = {}
        self._starts: dict[tuple[str, int], Start | None] = {}
        self.found = 0

    def text(self, file: str, line: int) -> str:
        """Return a line without blanks around it; ``""`` where the file is not there."""
        known = self._file(file)
        if known is None or not 0 < line <= len(known.lines):
            return ""
        return known.lines[line - 1].strip()[:300]

    def operation(self, file: str, line: int) -> Operation | None:
        """Return what stands at a line; None where nobody can say."""
        if (file, line) not in self._operations:
            self._operations[file, line] = self._said(self._file(file), line)
        return self._operations[file, line]

    @staticmethod
    def _said(known: _File | None, line: int) -> Operation | None:
        if known is None or not 0 < line <= len(known.lines):
            return None
        if known.tree is None:
            return _by_text(known.lines[line - 1])
        return _operation(known, line) or _by_text(known.lines[line - 1])

    def start(self, file: str, line: int) -> Start | None:
        """Return how the ``go`` statement at a line stands in its function."""
        if (file, line) not in self._starts:
            known = self._file(file)
            there = known is not None and known.tree is not None
            self._starts[file, line] = _start(known, line) if known and there else None
        return self._starts[file, line]

    def _file(self, name: str) -> _File | None:
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _load(self, name: str) -> _File | None:
        if not name.endswith(_ENDINGS) or "\0" in name:
            return None
        for path in self._candidates(name):
            try:
                about = os.stat(path)
                if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST:
                    continue
                with open(path, encoding="utf-8", errors="replace") as f:
                    text = f.read()
            except (OSError, ValueError):
                continue
            self.found += 1
            made = _File(text.splitlines())
            if name.endswith(".go"):
                made.tree, made.files = _parse(text)
            return made
        return None

    def _candidates(self, name: str) -> Iterator[str]:
        if os.path.isabs(name):
            yield name
        parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
        for root in self.roots:
            for i in range(len(parts)):
                yield os.path.join(root, *parts[i:])


def _parse(text: str) -> tuple[Any, Any]:
    from gosim.golang.parser import parse_source

    try:
        tree, files, errors = parse_source("source.go", text)
    except (RecursionError, ValueError):
        return None, None
    return (None, None) if errors else (tree, files)


# -- the line, read as text ------------------------------------------------------------------------

_PY_SEND: Final = re.compile(r"await ([\w.\[\]]+)\.send\(")
_PY_RECV: Final = re.compile(r"await ([\w.\[\]()]+)\.recv(?:_ok)?\(")
_PY_RANGE: Final = re.compile(r"async for .* in ([\w.\[\]()]+)\s*:")
_PY_SELECT: Final = re.compile(r"await select\(")
_PY_CASE: Final = re.compile(r"\b(recv|send)\(([\w.\[\]()]+?)[,)]")


def _by_text(line: str) -> Operation | None:
    """Read a line of Python, as programs for gosim are written."""
    if found := _PY_SEND.search(line):
        return Operation("send", found[1])
    if found := _PY_RECV.search(line):
        return Operation("receive", found[1])
    if found := _PY_RANGE.search(line):
        return Operation("range", found[1])
    if _PY_SELECT.search(line):
        cases = [("receive" if k == "recv" else "send", ch) for k, ch in _PY_CASE.findall(line)]
        return Operation("select", cases=tuple(cases))
    return None


# -- the line, in the tree -------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _indexed(tree: Any) -> tuple[Any, ...]:
    from gosim.golang import ast

    return tuple(ast.walk(tree))


def _line(known: _File, pos: int) -> int:
    return int(known.files.line(pos))


def _end(known: _File, node: Any) -> int:
    """Return the last line that a piece of syntax reaches."""
    from gosim.golang import ast

    last = _line(known, ast.start_pos(node))
    for inner in ast.walk(node):
        for name in ("rbrace", "rparen", "closing"):
            at = getattr(inner, name, 0)
            if at:
                last = max(last, _line(known, at))
    return last


def _function_of(known: _File, line: int) -> Any:
    """Return the innermost function that holds a line."""
    from gosim.golang import ast

    best = None
    size = 1 << 60
    for node in _indexed(known.tree):
        body = node.body if isinstance(node, ast.FuncDecl | ast.FuncLit) else None
        if body is None:
            continue
        low = _line(known, ast.start_pos(node))
        high = _line(known, body.rbrace) if body.rbrace else low
        if low <= line <= high and high - low < size:
            best, size = body, high - low
    return best


def _walk_function(body: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the nodes of a function without those of functions inside it, and if in a loop."""
    from gosim.golang import ast

    todo: list[tuple[Any, bool]] = [(body, False)]
    while todo:
        node, looped = todo.pop()
        yield node, looped
        for child in ast.children(node):
            if isinstance(child, ast.FuncLit):
                continue
            inside = looped or isinstance(node, ast.ForStmt | ast.RangeStmt)
            todo.append((child, inside))


def _operation(known: _File, line: int) -> Operation | None:
    from gosim.golang import ast

    body = _function_of(known, line)
    found: Operation | None = None
    if body is None:
        return None
    for node, _ in _walk_function(body):
        if isinstance(node, ast.SelectStmt):
            low = _line(known, node.select)
            heads = [_line(known, c.case) for c in node.body.list if isinstance(c, ast.CommClause)]
            if line == low or line in heads:
                cases = [_case(c.comm) for c in node.body.list if isinstance(c, ast.CommClause)]
                return Operation("select", cases=tuple(c for c in cases if c is not None))
        elif isinstance(node, ast.SendStmt) and _line(known, node.arrow) == line:
            channel = ast.source_of(node.chan)
            sends = takes = 0
            for other, _ in _walk_function(body):
                if isinstance(other, ast.SendStmt) and ast.source_of(other.chan) == channel:
                    sends += 1
                elif _received(other) == channel:
                    takes += 1
            found = Operation("send", channel, token=_token(node.value), again=sends > 1,
                              takes_back=takes > 0)  # fmt: skip
        elif isinstance(node, ast.RangeStmt) and _line(known, node.for_) == line:
            found = Operation("range", ast.source_of(node.x))
        elif (taken := _received(node)) is not None and _line(known, node.op_pos) == line:
            found = found or Operation("receive", taken)
        elif isinstance(node, ast.CallExpr) and isinstance(node.fun, ast.SelectorExpr):
            name = node.fun.sel.name
            if name in ("Lock", "RLock") and _line(known, node.lparen) == line:
                holds = any(
                    isinstance(other, ast.CallExpr)
                    and isinstance(other.fun, ast.SelectorExpr)
                    and other.fun.sel.name in ("Lock", "RLock")
                    and _line(known, other.lparen) < line
                    and ast.source_of(other.fun.x) != ast.source_of(node.fun.x)
                    for other, _ in _walk_function(body)
                )
                found = Operation("lock", ast.source_of(node.fun.x), holds=holds)
            elif name == "Wait" and _line(known, node.lparen) == line:
                found = Operation("wait", ast.source_of(node.fun.x))
    return found


def _received(node: Any) -> str | None:
    from gosim.golang import ast

    if isinstance(node, ast.UnaryExpr) and node.op == "<-":
        return ast.source_of(node.x)
    return None


def _token(value: Any) -> bool:
    from gosim.golang import ast

    if isinstance(value, ast.CompositeLit):
        return isinstance(value.type, ast.StructType) and not value.elts
    return isinstance(value, ast.Ident) and value.name in ("true", "nil")


def _case(comm: Any) -> tuple[str, str] | None:
    from gosim.golang import ast

    if comm is None:
        return None
    if isinstance(comm, ast.SendStmt):
        return "send", ast.source_of(comm.chan)
    for node in ast.walk(comm):
        if (channel := _received(node)) is not None:
            return "receive", channel
    return None


def _start(known: _File, line: int) -> Start | None:
    from gosim.golang import ast

    body = _function_of(known, line)
    if body is None:
        return None
    looped = drains = False
    receives = 0
    for node, inside in _walk_function(body):
        if isinstance(node, ast.GoStmt) and _line(known, node.go) == line:
            looped = inside
        elif _received(node) is not None:
            receives += not inside
            drains = drains or inside
        elif isinstance(node, ast.RangeStmt) and isinstance(node.x, ast.Ident):
            drains = drains or node.key is None or node.value is None
    return Start(looped, receives, drains)
