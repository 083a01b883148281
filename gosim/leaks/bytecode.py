"""What the text of a function says: which variables it stores to, calls, ranges over and enters.

Names and "the other side" of a wait come from here.  Reading the bytecode instead of the source
works for everything that runs (files, notebooks, compiled Go), and an instruction is exactly the
place that a channel or a suspended frame remembers.

One pass in order of the instructions keeps a stack of *expressions* instead of values.  It does not
follow loops and knows nothing of values, so an expression says what the code looks like, never
what happened.  What the pass does not understand becomes
None, and nothing is said about it.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any, Final, NamedTuple

from gosim.leaks import goforms
from gosim.runtime.traceback import line_of

Expr = tuple[Any, ...] | None
"""``("name", n)``, ``("global", n)``, ``("attr", base, n)``, ``("item", base, key)``,
``("call", offset)``, ``("await", e)``, ``("const", v)``, ``("func", code)``,
``("coll", kind, items, offset)``, ``("or", e, e)`` where branches meet, or None."""

_NULL: Final[Expr] = ("null",)
_SELF: Final[Expr] = ("self",)
_NAMES: Final = {"LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_AND_CLEAR", "LOAD_DEREF", "LOAD_NAME"}
_STORES: Final = {"STORE_FAST", "STORE_DEREF", "STORE_NAME", "STORE_GLOBAL"}
_ENDS: Final = {"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"}
_GOES: Final = {"JUMP_FORWARD", "JUMP_BACKWARD"}
_SILENT: Final = {
    "CACHE",
    "CLEANUP_THROW",
    "COPY_FREE_VARS",
    "END_SEND",
    "EXTENDED_ARG",
    "JUMP_BACKWARD_NO_INTERRUPT",
    "MAKE_CELL",
    "NOP",
    "PRECALL",
    "RESUME",
}
_POPS: Final = {"DELETE_SUBSCR", "END_FOR", "POP_EXCEPT", "POP_ITER", "POP_TOP"}
_PUSHES: Final = {
    "LOAD_ASSERTION_ERROR",
    "LOAD_BUILD_CLASS",
    "LOAD_CLOSURE",
    "LOAD_LOCALS",
}
_KINDS: Final = {"BUILD_LIST": "list", "BUILD_TUPLE": "list", "BUILD_SET": "set"}


class Call(NamedTuple):
    """One call in the text of a function."""

    offset: int
    line: int
    callee: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


class Use(NamedTuple):
    """Something else that is done with an expression at a place.

    `what` is ``range`` (``async for``), ``enter`` (``async with``), ``build`` (a list, tuple,
    set or dict), ``return`` or ``yield``.
    """

    offset: int
    line: int
    what: str
    target: Expr


class Scan:
    """What one pass over a function found.

    Attributes
    ----------
    stored
        Offset of a call, or of the instruction that builds a container → text of the first variable
        that its result was stored in.
    collected
        Expression → offset of the container that a comprehension puts it in.
    calls, uses
        In order of the instructions.
    stores
        (line, variable, expression) of each store.
    """

    __slots__ = ("calls", "collected", "stored", "stores", "uses")

    def __init__(self) -> None:
        self.stored: dict[int, str] = {}
        self.collected: dict[Expr, int] = {}
        self.calls: list[Call] = []
        self.uses: list[Use] = []
        self.stores: list[tuple[int, str, Expr]] = []


def text_of(expr: Expr) -> str | None:
    """Return an expression as it was written, if it is a variable, an attribute or an item.

    Examples
    --------
    >>> text_of(("attr", ("name", "self"), "mu"))
    'self.mu'
    """
    if expr is None:
        return None
    kind = expr[0]
    if kind in ("name", "global"):
        return str(expr[1])
    if kind == "attr":
        base = text_of(expr[1])
        return None if base is None else f"{base}.{expr[2]}"
    if kind == "item":
        base = text_of(expr[1])
        if base is None:
            return None
        key = expr[2]
        if key is not None and key[0] == "const":
            return f"{base}[{key[1]!r}]"
        return f"{base}[{text_of(key) or '…'}]"
    return None


def _either(a: Expr, b: Expr) -> Expr:
    return a if a == b else b if a is None else a if b is None else ("or", a, b)


@lru_cache(maxsize=4096)
def scan(code: CodeType) -> Scan:
    """Read a function once."""
    return _Pass(code).result


class _Pass:
    def __init__(self, code: CodeType) -> None:
        self.result = Scan()
        self.stack: list[Expr] = []
        self.at: dict[int, list[Expr]] = {}  # stacks at the targets of jumps seen so far
        self.keywords: tuple[str, ...] = ()
        self.consts = code.co_consts
        self.loops: set[int] = set()  # offsets of the ranges whose place is known
        self.line = code.co_firstlineno
        lines = {start: line for start, _, line in code.co_lines() if line is not None}
        reachable = True
        for ins in dis.get_instructions(code):
            self.line = lines.get(ins.offset, self.line)
            there = self.at.get(ins.offset)
            if not reachable:
                self.stack = there or []
            elif there is not None and len(there) == len(self.stack):
                self.stack = [_either(a, b) for a, b in zip(there, self.stack, strict=True)]
            self._step(ins)
            reachable = ins.opname not in _ENDS and ins.opname not in _GOES

    def pop(self, n: int = 1) -> Expr:
        """Drop `n` entries, return the last one dropped; an empty stack gives None."""
        found: Expr = None
        for _ in range(n):
            found = self.stack.pop() if self.stack else None
        return found

    def take(self, n: int) -> list[Expr]:
        """Drop `n` entries and return them, lowest first."""
        return [self.pop() for _ in range(n)][::-1]

    def push(self, *exprs: Expr) -> None:
        self.stack.extend(exprs)

    def _step(self, ins: dis.Instruction) -> None:
        op, arg = ins.opname, ins.argval
        if op == "YIELD_VALUE":
            top = self.stack[-1] if self.stack else None
            if top is not None and top[0] not in ("await", "const"):
                self._use(ins, "yield", top)
            return
        if op in _SILENT:
            return
        if op in _NAMES:
            self.push(("name", arg))
        elif op == "LOAD_FAST_LOAD_FAST":
            self.push(*(("name", name) for name in arg))
        elif op == "LOAD_GLOBAL":
            null = bool((ins.arg or 0) & 1)
            # Where the empty slot of a call stands does not matter to us.
            self.push(*([_NULL] if null else []), ("global", arg))
        elif op in ("LOAD_CONST", "KW_NAMES"):
            if op == "KW_NAMES":
                self.keywords = self.consts[ins.arg or 0]  # dis resolves it from 3.12 on only
            else:
                self.push(("const", arg))
        elif op == "PUSH_NULL":
            self.push(_NULL)
        elif op == "LOAD_METHOD" or (op == "LOAD_ATTR" and self._is_method(ins)):
            self.push(("attr", self.pop(), arg), _SELF)
        elif op == "LOAD_ATTR":
            self.push(("attr", self.pop(), arg))
        elif op == "BINARY_SLICE":
            self.pop(2)
            self.push(("item", self.pop(), None))
        elif op == "BINARY_SUBSCR":
            key = self.pop()
            self.push(("item", self.pop(), key))
        elif op in _STORES:
            self._store(arg, self.pop())
        elif op == "STORE_FAST_STORE_FAST":
            for name in arg:
                self._store(name, self.pop())
        elif op == "STORE_FAST_LOAD_FAST":
            self._store(arg[0], self.pop())
            self.push(("name", arg[1]))
        elif op == "STORE_ATTR":
            target = self.pop()
            self._store(text_of(("attr", target, arg)), self.pop())
        elif op == "STORE_SUBSCR":
            key, base = self.pop(), self.pop()
            self._store(text_of(("item", base, key)), self.pop())
        elif op == "COPY":
            self.push(self.stack[-arg] if len(self.stack) >= arg else None)
        elif op == "SWAP":
            if len(self.stack) >= arg:
                self.stack[-1], self.stack[-arg] = self.stack[-arg], self.stack[-1]
        elif op in ("CALL", "CALL_KW"):
            self._call(ins)
        elif op == "CALL_FUNCTION_EX":
            self.pop(2 if (ins.arg or 0) & 1 else 1)
            callee = [e for e in self.take(2) if e is not _NULL]
            self._called(ins.offset, callee[0] if callee else None, (), ())
        elif op == "GET_AWAITABLE":
            self.push(("await", self.pop()))
        elif op == "GET_AITER":
            expr = self.pop()
            self._use(ins, "range", expr)
            self.push(("aiter", expr))
        elif op == "GET_ANEXT":
            self.push(None)
            # The loop waits here again and again; GET_AITER ran once.
            for i in reversed(range(len(self.result.uses))):
                use = self.result.uses[i]
                if use.what == "range" and use.offset not in self.loops:
                    self.loops.add(ins.offset)
                    self.result.uses[i] = Use(ins.offset, use.line, use.what, use.target)
                    break
        elif op == "SEND":
            self.pop()
        elif op in ("BEFORE_ASYNC_WITH", "BEFORE_WITH"):
            expr = self.pop()
            self._use(ins, "enter", expr)
            self.push(None, expr)
        elif op in _KINDS:
            self._collect(ins, _KINDS[op], self.take(arg))
        elif op == "BUILD_MAP":
            self._collect(ins, "map", self.take(2 * arg)[1::2])
        elif op == "BUILD_CONST_KEY_MAP":
            self.pop()
            self._collect(ins, "map", self.take(arg))
        elif op == "UNPACK_SEQUENCE":
            whole = self.pop()
            if whole is not None and whole[0] == "coll" and len(whole[2]) == arg:
                self.push(*reversed(whole[2]))
            else:
                self.push(*(("item", whole, ("const", i)) for i in reversed(range(arg))))
        elif op in ("LIST_APPEND", "SET_ADD", "MAP_ADD"):
            value = self.pop()
            if op == "MAP_ADD":
                self.pop()
            whole = self.stack[-arg] if len(self.stack) >= arg else None
            if value is not None and whole is not None and whole[0] == "coll":
                self.result.collected[value] = whole[3]
        elif op == "MAKE_FUNCTION":
            made = self.pop()
            self.stack = self.stack[: len(self.stack) + dis.stack_effect(ins.opcode, ins.arg)]
            code = made[1] if made is not None and made[0] == "const" else None
            self.push(("func", code))
        elif op == "SET_FUNCTION_ATTRIBUTE":
            function = self.pop()
            captured = self.pop()
            if arg == 8:  # the closure, which is followed by the names of its variables
                self._unbuild(captured)
            self.push(function)
        elif op == "RETURN_VALUE":
            self._use(ins, "return", self.pop())
        elif op == "GET_ITER":
            self.push(self.pop())
        elif op == "FOR_ITER":
            self.at.setdefault(arg, [*self.stack[:-1]] if not _END_FOR else [*self.stack, None])
            self.push(("item", self.stack[-1] if self.stack else None, None))
        else:
            self._other(ins)

    @staticmethod
    def _is_method(ins: dis.Instruction) -> bool:
        return _ATTR_MAY_BE_METHOD and bool((ins.arg or 0) & 1)

    def _other(self, ins: dis.Instruction) -> None:
        """Take and give as many entries as the instruction does, all unknown."""
        arg = ins.arg if ins.opcode >= dis.HAVE_ARGUMENT else None
        jumps = ins.opcode in dis.hasjrel or ins.opcode in dis.hasjabs
        depth = len(self.stack)
        if jumps:
            there = depth + dis.stack_effect(ins.opcode, arg, jump=True)
            stack = self.stack[: max(there, 0)]
            self.at.setdefault(ins.argval, stack + [None] * (there - len(stack)))
        after = depth + dis.stack_effect(ins.opcode, arg, jump=False)
        # Whatever is pushed hides what was on top; some only push, some only remove.
        if jumps or ins.opname in _POPS or ins.opname in _PUSHES:
            keep = min(depth, after)
        else:
            keep = min(depth, after) - 1
        self.stack = self.stack[: max(keep, 0)]
        self.push(*[None] * max(after - len(self.stack), 0))

    def _call(self, ins: dis.Instruction) -> None:
        names: tuple[str, ...] = self.keywords
        self.keywords = ()
        if ins.opname == "CALL_KW":
            last = self.pop()
            names = last[1] if last is not None and last[0] == "const" else ()
        values = self.take(ins.arg or 0)
        callee = [e for e in self.take(2) if e is not _NULL and e is not _SELF]
        # A comprehension of 3.11 is called with its iterator where a method has its object.
        values = callee[1:] + values
        plain = len(values) - len(names)
        self._called(
            ins.offset,
            callee[0] if callee else None,
            tuple(values[:plain]),
            tuple(zip(names, values[plain:], strict=False)),
        )

    def _called(
        self,
        offset: int,
        callee: Expr,
        args: tuple[Expr, ...],
        keywords: tuple[tuple[str, Expr], ...],
    ) -> None:
        self.push(("call", offset))
        if goforms.is_range(callee, args):
            assert callee is not None
            self.result.uses.append(Use(offset, self.line, "range", callee[1]))
            return
        given = goforms.deferred(callee, args)
        if given is not None:
            self._unbuild(args[0])
            callee, args = ("global", "defer"), given
        for op, channel in goforms.cases(callee, args):
            self.result.calls.append(Call(offset, self.line, op, (channel,)))
        if callee == ("global", "go:select"):
            for arg in args:
                self._unbuild(arg)
            return
        callee, args = goforms.operation(callee, args)
        self.result.calls.append(Call(offset, self.line, callee, args, keywords))

    def _unbuild(self, made: Expr) -> None:
        """Forget a tuple that only carries arguments of a statement of Go, or a closure."""
        if made is not None and made[0] == "coll":
            for item in made[2]:
                self._unbuild(item)
            uses = self.result.uses
            uses[:] = [use for use in uses if use.what != "build" or use.target != made]

    def _collect(self, ins: dis.Instruction, kind: str, items: list[Expr]) -> None:
        made: Expr = ("coll", kind, tuple(items), ins.offset)
        if items:
            self._use(ins, "build", made)
        self.push(made)

    def _use(self, ins: dis.Instruction, what: str, target: Expr) -> None:
        self.result.uses.append(Use(ins.offset, self.line, what, target))

    def _store(self, name: str | None, value: Expr) -> None:
        if name is None:
            return
        self.result.stores.append((self.line, name, value))
        self._name(name, value)

    def _name(self, name: str, value: Expr) -> None:
        if value is None:
            return
        if value[0] == "await":
            self._name(name, value[1])
        elif value[0] == "or":
            self._name(name, value[1])
            self._name(name, value[2])
        elif value[0] == "call":
            self.result.stored.setdefault(value[1], name)
        elif value[0] == "item" and value[2] == ("const", 0):
            # ctx, cancel = with_cancel(...): the first of the results gives the name.
            self._name(name, value[1] if value[1] and value[1][0] in ("call", "await") else None)
        elif value[0] == "coll":
            self.result.stored.setdefault(value[3], name)
            for i, item in enumerate(value[2]):
                self._name(f"{name}[{i if value[1] == 'list' else '…'}]", item)


_END_FOR: Final = "END_FOR" in dis.opmap
_ATTR_MAY_BE_METHOD: Final = sys.version_info >= (3, 12)


# -- where a suspended frame can still go ----------------------------------------------------------


@lru_cache(maxsize=1024)
def _flow(code: CodeType) -> tuple[dict[int, tuple[int, ...]], dict[int, int]]:
    """Return successors of each instruction by offset, and the handler of an exception there.

    The inner loop of an ``await`` (send, yield, send again) is folded: a suspended await continues
    behind itself.
    """
    instructions = [i for i in dis.get_instructions(code) if i.opname != "CACHE"]
    jump = {
        i.offset: int(i.argval)
        for i in instructions
        if i.opcode in dis.hasjrel or i.opcode in dis.hasjabs
    }
    after: dict[int, tuple[int, ...]] = {}
    for i, ins in enumerate(instructions):
        following = instructions[i + 1].offset if i + 1 < len(instructions) else None
        ahead: list[int] = []
        if ins.opname == "JUMP_BACKWARD_NO_INTERRUPT":
            send = jump[ins.offset]
            ahead.append(jump.get(send, send))
        else:
            if ins.offset in jump:
                ahead.append(jump[ins.offset])
            if following is not None and ins.opname not in _ENDS and ins.opname not in _GOES:
                ahead.append(following)
        after[ins.offset] = tuple(ahead)
    handlers: dict[int, int] = {}
    for entry in dis.Bytecode(code).exception_entries:  # type: ignore[attr-defined]
        for offset in after:
            if entry.start <= offset < entry.end:
                handlers[offset] = entry.target
    return after, handlers


@lru_cache(maxsize=4096)
def reachable_from(code: CodeType, lasti: int, exceptions: bool = True) -> frozenset[int]:
    """Return the offsets that can still be executed when the frame goes on from `lasti`.

    `exceptions` says whether a jump into an exception handler counts as a way to go on.
    """
    after, handlers = _flow(code)
    if lasti not in after:
        earlier = [offset for offset in after if offset <= lasti]
        start = max(earlier) if earlier else -1
    else:
        start = lasti
    todo = [*after.get(start, tuple(after)[:1])]
    if exceptions and start in handlers:
        todo.append(handlers[start])
    seen: set[int] = set()
    while todo:
        offset = todo.pop()
        if offset in seen:
            continue
        seen.add(offset)
        todo.extend(after[offset])
        if exceptions and offset in handlers:
            todo.append(handlers[offset])
    return frozenset(seen)


@lru_cache(maxsize=4096)
def can_skip(code: CodeType, offset: int) -> bool:
    """Whether a function can return, without an exception, never having come to `offset`."""
    after, _ = _flow(code)
    ends = {i.offset for i in dis.get_instructions(code) if i.opname.startswith("RETURN_")}
    ends -= {i.offset for i in dis.get_instructions(code) if i.opname == "RETURN_GENERATOR"}
    todo = [*tuple(after)[:1]]
    seen = {offset}
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        if here in ends:
            return True
        seen.add(here)
        todo.extend(after[here])
    return False


@lru_cache(maxsize=4096)
def exits(code: CodeType, lasti: int = -1, avoid: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Return the lines at which a function can return without an exception.

    Parameters
    ----------
    code : code object
    lasti : int
        Where the frame stands; -1 is its beginning.
    avoid : frozenset of int
        Offsets that are known not to be executed on the way.
    """
    after, _ = _flow(code)
    lines = {
        i.offset: line_of(code, i.offset)
        for i in dis.get_instructions(code)
        if i.opname.startswith("RETURN_") and i.opname != "RETURN_GENERATOR"
    }
    start = max((offset for offset in after if offset <= lasti), default=-1)
    todo = list(after.get(start, tuple(after)[:1]))
    seen = set(avoid)
    found = set()
    while todo:
        offset = todo.pop()
        if offset in seen:
            continue
        seen.add(offset)
        if offset in lines:
            found.add(lines[offset])
        todo.extend(after[offset])
    return tuple(sorted(found))


def in_loop(code: CodeType, lasti: int) -> bool:
    """Whether a frame suspended at `lasti` can come back to the same place."""
    after, _ = _flow(code)
    here = max((offset for offset in after if offset <= lasti), default=-1)
    return here in reachable_from(code, lasti, exceptions=False)


def nested(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and every one inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)
