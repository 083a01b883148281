"""What a suspended goroutine may still use: its live references (Go: ``stkframe.go``).

Go's collector scans a goroutine's stack with the compiler's liveness maps: a variable that is not
used again holds nothing, even while it is in scope.  CPython keeps every local until it is
overwritten, so the frame of a suspended coroutine refers to too much.  Here the references of one
frame are ``gc.get_referents(coroutine)``, without the variables that backward liveness over the
bytecode finds dead at the instruction where the frame stopped.

How a reference is told from a variable
---------------------------------------
``get_referents`` gives, after function and code, the variables in slot order, then the value stack,
then the exception being handled.  Empty slots are left out, so the order alone does not say which
value belongs to which slot.  A forward pass over the same bytecode therefore computes, for every
place where the frame can stop, which slots can be bound together and what the value stack looks
like; the number of references seen picks the possibilities that fit, and where that is not enough,
what they look like (a captured variable's slot holds a cell, a method to be called is a method).  A
reference is dropped only if it belongs to a dead variable in *every* possibility that fits.  So an
object that is in a dead and in a live slot stays, and where the passes cannot decide, everything
stays.

``f_locals`` is never read: up to Python 3.12 it leaves a snapshot in the frame that keeps dead
objects alive, and with a trace function set the snapshot is even written back.

Considered and put aside: reading slots through ``ctypes`` (depends on the build, not only on the
version), reading single keys of 3.13's write-through ``f_locals`` (needs a second way for 3.11 and
3.12 anyway; the tests use it as an oracle).

Limits, all on the safe side except the last
--------------------------------------------
- A function that mentions ``locals``, ``vars``, ``dir``, ``eval``, ``exec`` or frame introspection
  keeps all its variables.
- Everything on the value stack is live, but for the outer variables that an inlined comprehension
  (3.12) puts aside there; those are as live as the variable they go back to.
- A store into a captured variable ends the old value's life only if it is the variable's one store
  (a loop makes a new one each turn); otherwise the variable is live up to it, as in Go.
- A *callee* that looks into its caller's frame (``sys._getframe(1).f_locals``) is not seen.
"""

from __future__ import annotations

import gc
import opcode
import sys
import types
from collections.abc import Callable, Generator
from typing import Any, Final, NamedTuple

__all__ = ["RootsUnknown", "live_referents", "precise_supported", "unproved_frames"]

_KNOWN_VERSIONS: Final = {(3, 11), (3, 12), (3, 13)}
_NULL: Final = 0  # an empty stack entry: CPython pushes some, and get_referents skips them
_VALUE: Final = 1
_NONE: Final = 2  # the None that stands for "no exception was being handled before"
_METHOD: Final = 3  # of the pair (method, self) that an attribute loaded for a call may become,
_ATTRIBUTE: Final = 4  # or the attribute itself, with an empty entry beside it
_SAVED: Final = 5  # and above: a variable put aside by LOAD_FAST_AND_CLEAR number (symbol - _SAVED)
_SHAPES: Final = 32  # sets of bound slots kept apart per place before they are merged
_ANALYSES: Final = 4096  # code objects whose analysis is kept
_LOOKS: Final = 256  # decisions by the look of the references that are kept per code object


class RootsUnknown(Exception):
    """The references of this frame cannot be known: it is running, not suspended.

    While a frame runs, CPython shows neither its variables nor its value stack to the collector, so
    not even a conservative answer exists.  Ask when every goroutine is suspended; who must decide
    anyway has to take everything for live (`gosim.runtime.leakmark` does).
    """


# -- decoding -------------------------------------------------------------------------------------


class _Ins(NamedTuple):
    offset: int
    op: int
    name: str
    arg: int
    jump: int  # index of the jump target, -1 without one


class _Handler(NamedTuple):
    target: int  # index of its first instruction
    depth: int  # entries of the value stack that survive
    lasti: bool  # the place of the exception is pushed below the exception


class _Odd(Exception):
    """The bytecode does something this module does not understand."""


def _decode(code: types.CodeType) -> tuple[list[_Ins], dict[int, int]]:
    """Return the instructions without caches, and the index of the one at each offset."""
    raw = code.co_code  # unspecialised and uninstrumented, whatever runs at the moment
    jumps = set(opcode.hasjrel)
    found: list[tuple[int, int, int]] = []
    arg, start = 0, 0
    for offset in range(0, len(raw), 2):
        op = raw[offset]
        if op == 0:  # CACHE
            continue
        if not arg:
            start = offset
        arg = arg << 8 | raw[offset + 1]
        if op == opcode.EXTENDED_ARG:
            continue
        found.append((start, op, arg))
        arg = 0
    index: dict[int, int] = {}
    for i, (offset, _, _) in enumerate(found):
        index[offset] = i
    ends = [start for start, _, _ in found[1:]] + [len(raw)]
    out = []
    for (offset, op, arg), end in zip(found, ends, strict=True):
        name = opcode.opname[op]
        jump = -1
        if op in jumps:
            jump = index[end - 2 * arg if "JUMP_BACKWARD" in name else end + 2 * arg]
        elif op in opcode.hasjabs:
            raise _Odd(f"absolute jump {name}")
        out.append(_Ins(offset, op, name, arg, jump))
    return out, index


def _handlers(
    code: types.CodeType, ins: list[_Ins], index: dict[int, int]
) -> list[_Handler | None]:
    """Return for each instruction the handler of an exception raised there."""
    table = iter(code.co_exceptiontable)

    def varint() -> int:
        byte = next(table)
        value = byte & 63
        while byte & 64:
            byte = next(table)
            value = value << 6 | byte & 63
        return value

    out: list[_Handler | None] = [None] * len(ins)
    while True:
        try:
            start = varint() * 2
        except StopIteration:
            return out
        end = start + varint() * 2
        target = index[varint() * 2]
        depth = varint()
        handler = _Handler(target, depth >> 1, bool(depth & 1))
        for i, instruction in enumerate(ins):
            if start <= instruction.offset < end:
                out[i] = handler


_ENDS: Final = {"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "INTERPRETER_EXIT"}
_ALWAYS_JUMPS: Final = {"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}
_CANNOT_RAISE: Final = {
    "CACHE",
    "COPY",
    "COPY_FREE_VARS",
    "JUMP_BACKWARD_NO_INTERRUPT",
    "JUMP_FORWARD",
    "KW_NAMES",
    "LOAD_CLOSURE",
    "LOAD_CONST",
    "LOAD_FAST_AND_CLEAR",
    "LOAD_FAST_LOAD_FAST",
    "NOP",
    "POP_EXCEPT",
    "POP_TOP",
    "PRECALL",
    "PUSH_EXC_INFO",
    "PUSH_NULL",
    "RETURN_CONST",
    "RETURN_VALUE",
    "STORE_DEREF",
    "STORE_FAST",
    "STORE_FAST_LOAD_FAST",
    "STORE_FAST_STORE_FAST",
    "SWAP",
}
_USES: Final = {
    "LOAD_FAST",
    "LOAD_FAST_CHECK",
    "LOAD_DEREF",
    "LOAD_CLOSURE",
    "LOAD_CLASSDEREF",
    "LOAD_FROM_DICT_OR_DEREF",
}
_CELL_STORES: Final = {"STORE_DEREF", "DELETE_DEREF"}
_CALLS: Final = {"CALL": 2, "CALL_FUNCTION_EX": 3, "CALL_KW": 3}  # entries popped beside arguments
# Functions that look at all variables of their caller, and attributes that lead to a frame.
_SEE_ALL: Final = {"locals", "vars", "dir", "eval", "exec", "_getframe", "currentframe"}
_LEAD_TO_FRAMES: Final = {"_getframe", "currentframe", "f_locals"}


def _argument_slots(code: types.CodeType) -> int:
    """How many slots are bound when a call begins: they come first."""
    count = code.co_argcount + code.co_kwonlyargcount
    return count + bool(code.co_flags & 4) + bool(code.co_flags & 8)  # *args, **kwargs


# Learned from the running interpreter by _self_test, not from its version number.
_handled_leaves_none = True
_codes_before_slots = 1


# -- the two passes -------------------------------------------------------------------------------

_State = tuple[tuple[int, ...], int, int, int]
"""Value stack (symbols), handled exception (see below), slots surely bound, slots maybe bound."""

# What a frame holds as its handled exception: nothing; an exception; the None that 3.11 and 3.12
# leave there when a handler has ended.  It comes last among the references, which often tells.
_NOT_HANDLING, _HANDLING, _HANDLED = range(3)
# What the last reference looks like.
_TAIL_OTHER, _TAIL_EXCEPTION, _TAIL_NONE = range(3)


class _Analysis:
    """Both passes over one code object, and what they say about each place it can stop at."""

    def __init__(self, code: types.CodeType) -> None:
        self.code = code  # keeps the id, which is the key in the cache, from being reused
        self.plans: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self.undecided: set[tuple[int, int, int]] = set()  # plans that the number leaves open
        self.looks: dict[tuple[int, int, int, _Seen], tuple[int, ...]] = {}
        self.failed = ""
        self.yields: dict[int, int] = {}  # f_lasti -> index of the YIELD_VALUE it stopped at
        self.created: set[int] = set()  # f_lasti before the first step
        self.only = -1
        try:
            self._prepare()
            self._forward()
            self._backward()
        except (_Odd, KeyError, IndexError, ValueError) as odd:
            self.failed = repr(odd)

    def _prepare(self) -> None:
        code = self.code
        self.ins, index = _decode(code)
        self.handler = _handlers(code, self.ins, index)
        captured = [name for name in code.co_cellvars if name not in code.co_varnames]
        self.names = (*code.co_varnames, *captured, *code.co_freevars)
        for i, instruction in enumerate(self.ins):
            # Up to 3.12 f_lasti is the instruction that stopped the frame, since 3.13 the next one.
            if instruction.name == "YIELD_VALUE":
                self.yields[instruction.offset] = self.yields[self.ins[i + 1].offset] = i
            elif instruction.name == "RETURN_GENERATOR":
                self.created |= {-1, instruction.offset, self.ins[i + 1].offset}
        if len(set(self.yields.values())) == 1:
            self.only = min(self.yields)
        self.sites = {
            i: n
            for n, i in enumerate(
                i for i, x in enumerate(self.ins) if x.name == "LOAD_FAST_AND_CLEAR"
            )
        }
        self.always = self._always_live()
        first = next(i for i, x in enumerate(self.ins) if x.name == "RETURN_GENERATOR")
        free = len(code.co_freevars)
        self.cells = {*range(len(self.names) - free, len(self.names))}
        self.cells |= {x.arg for x in self.ins[:first] if x.name == "MAKE_CELL"}
        stores = [x.arg for x in self.ins if x.name == "STORE_DEREF"]
        stores += range(_argument_slots(code))
        stores += range(len(self.names) - free, len(self.names))
        self.reassigned = sum(1 << slot for slot in set(stores) if stores.count(slot) > 1)
        # Inside an inlined comprehension such a slot may hold the comprehension's plain variable.
        self.cells -= {self.ins[i].arg for i in self.sites}

    def _always_live(self) -> int:
        names = self.code.co_names
        if not _LEAD_TO_FRAMES.isdisjoint(names) or any(
            x.name == "LOAD_GLOBAL" and names[x.arg >> 1] in _SEE_ALL for x in self.ins
        ):
            return (1 << len(self.names)) - 1
        if "super" not in names:
            return 0
        for i, instruction in enumerate(self.ins):
            if self._is_super(instruction) and self.ins[i + 1].name not in {
                "PRECALL",
                "CALL",
                "PUSH_NULL",
                "LOAD_DEREF",
            }:
                return self._super_slots()  # stored away, to be called who knows where
        return 0

    def _is_super(self, instruction: _Ins) -> bool:
        if instruction.name != "LOAD_GLOBAL":
            return False
        return self.code.co_names[instruction.arg >> 1] == "super"

    def _super_slots(self) -> int:
        """The variables that ``super()`` without arguments looks up in the frame."""
        mask = 1
        if "__class__" in self.names:
            mask |= 1 << self.names.index("__class__")
        return mask

    # Which slots are bound, and what is on the value stack, before each instruction.

    def _forward(self) -> None:
        count = len(self.ins)
        exact: list[dict[tuple[tuple[int, ...], int], set[tuple[int, int]]]]
        exact = [{} for _ in range(count)]
        merged: list[dict[tuple[tuple[int, ...], int], tuple[int, int]]]
        merged = [{} for _ in range(count)]
        # What each store (a fused one has two) may put back of what a comprehension put aside.
        self.restores: dict[tuple[int, int], set[int]] = {}
        self.unbound: list[bool] = [False] * count  # a LOAD_FAST that may find nothing
        depth = [-1] * count
        work: list[tuple[int, _State]] = []

        def reach(i: int, state: _State) -> None:
            stack, handling, must, may = state
            if depth[i] < 0:
                depth[i] = len(stack)
            elif depth[i] != len(stack):
                raise _Odd(f"two stack depths at {self.ins[i].offset}")
            key = stack, handling
            if key in merged[i]:
                old = merged[i][key]
                new = old[0] & must, old[1] | may
                if new == old:
                    return
                merged[i][key] = new
            else:
                pairs = exact[i].setdefault(key, set())
                if (must, may) in pairs:
                    return
                pairs.add((must, may))
                new = must, may
                if len(pairs) > _SHAPES:
                    for other in pairs:
                        new = new[0] & other[0], new[1] | other[1]
                    merged[i][key] = new
                    del exact[i][key]
            work.append((i, (stack, handling, *new)))

        bound = (1 << _argument_slots(self.code)) - 1
        reach(0, ((), _NOT_HANDLING, bound, bound))
        while work:
            i, state = work.pop()
            instruction = self.ins[i]
            handler = self.handler[i]
            if handler is not None and self._may_raise(i, state):
                stack, *rest = state
                if len(stack) < handler.depth:
                    raise _Odd(f"short stack at {instruction.offset}")
                pushed = (_VALUE, _VALUE) if handler.lasti else (_VALUE,)
                reach(handler.target, (stack[: handler.depth] + pushed, *rest))  # type: ignore[arg-type]
            if instruction.name in _ENDS:
                continue
            if instruction.jump >= 0:
                for after in self._step(i, state, True):
                    reach(instruction.jump, after)
            if instruction.name not in _ALWAYS_JUMPS:
                for after in self._step(i, state, False):
                    reach(i + 1, after)

        self.states: dict[int, list[_State]] = {}
        for i in set(self.yields.values()):
            found: list[_State] = []
            for (stack, handling), pairs in exact[i].items():
                found += [(stack[:-1], handling, *pair) for pair in pairs]
            for (stack, handling), pair in merged[i].items():
                found.append((stack[:-1], handling, *pair))
            self.states[i] = found

    def _may_raise(self, i: int, state: _State) -> bool:
        instruction = self.ins[i]
        if instruction.name == "LOAD_FAST":
            if not state[2] >> instruction.arg & 1:
                self.unbound[i] = True
                return True
            return False
        return instruction.name not in _CANNOT_RAISE

    def _step(self, i: int, state: _State, jump: bool) -> list[_State]:
        """Return the states after instruction `i`; more than one where it depends on the values."""
        _, op, name, arg, _ = self.ins[i]
        stack, handling, must, may = state
        below: list[int] = list(stack)

        def store(slot: int, symbol: int, half: int = 0) -> None:
            nonlocal must, may
            bit = 1 << slot
            if symbol == _NULL:
                must, may = must & ~bit, may & ~bit
            else:
                must, may = must | bit, may | bit
                if symbol >= _SAVED:
                    self.restores.setdefault((i, half), set()).add(symbol - _SAVED)

        if name == "STORE_FAST":
            store(arg, below.pop())
        elif name == "STORE_FAST_STORE_FAST":
            store(arg >> 4, below.pop())
            store(arg & 15, below.pop(), 1)
        elif name == "STORE_FAST_LOAD_FAST":
            store(arg >> 4, below.pop())
            below.append(_VALUE)
        elif name == "DELETE_FAST":
            store(arg, _NULL)
        elif name == "LOAD_FAST_AND_CLEAR":
            bit = 1 << arg
            saved = _SAVED + self.sites[i]
            out: list[_State] = []
            if may & bit:
                out.append(((*stack, saved), handling, must & ~bit, may & ~bit))
            if not must & bit:
                out.append(((*stack, _NULL), handling, must & ~bit, may & ~bit))
            return out
        elif name == "MAKE_CELL":
            store(arg, _VALUE)
        elif name == "COPY_FREE_VARS":
            for slot in range(len(self.names) - arg, len(self.names)):
                store(slot, _VALUE)
        elif name == "SWAP":
            below[-1], below[-arg] = below[-arg], below[-1]
        elif name == "COPY":
            below.append(below[-arg])
        elif name == "PUSH_NULL":
            below.append(_NULL)
        elif name == "LOAD_GLOBAL":
            below += [_NULL, _VALUE] if arg & 1 else [_VALUE]
        elif name == "RETURN_GENERATOR":
            below.append(_VALUE)
        elif name == "PUSH_EXC_INFO":
            below[-1:] = [_VALUE if handling == _HANDLING else _NONE, _VALUE]
            handling = _HANDLING
        elif name == "POP_EXCEPT":
            if below.pop() != _NONE:
                handling = _HANDLING
            else:
                handling = _HANDLED if _handled_leaves_none else _NOT_HANDLING
        elif name in _CALLS:
            popped = _CALLS[name] + (arg & 1 if name == "CALL_FUNCTION_EX" else arg)
            del below[len(below) - popped :]
            below.append(_VALUE)
        elif name == "PRECALL":
            pass
        elif (
            name == "LOAD_METHOD"
            or (name == "LOAD_ATTR" and arg & 1 and sys.version_info >= (3, 12))
            or (name == "LOAD_SUPER_ATTR" and arg & 1)
        ):
            # Either (method, self) or one attribute and an empty entry.
            del below[len(below) - (3 if name == "LOAD_SUPER_ATTR" else 1) :]
            return [
                ((*below, _METHOD, _VALUE), handling, must, may),
                ((*below, _NULL, _ATTRIBUTE), handling, must, may),
            ]
        else:
            effect = opcode.stack_effect(op, arg if _has_arg(op) else None, jump=jump)
            if effect >= 0:
                below += [_VALUE] * effect
            elif len(below) + effect < 0:
                raise _Odd(f"stack too short for {name}")
            else:
                del below[effect:]
        return [(tuple(below), handling, must, may)]

    # Which slots are used again, before each instruction.

    def _backward(self) -> None:
        ins, handler = self.ins, self.handler
        count = len(ins)
        before = [0] * count
        after = [0] * count
        raises = [
            self.unbound[i] if x.name == "LOAD_FAST" else x.name not in _CANNOT_RAISE
            for i, x in enumerate(ins)
        ]
        changed = True
        while changed:
            changed = False
            for i in range(count - 1, -1, -1):
                instruction = ins[i]
                live = 0
                if instruction.name not in _ENDS:
                    if instruction.jump >= 0:
                        live |= before[instruction.jump]
                    if instruction.name not in _ALWAYS_JUMPS and i + 1 < count:
                        live |= before[i + 1]
                after[i] = live
                live = self._uses(i, live)
                caught = handler[i]
                if caught is not None and raises[i]:
                    live |= before[caught.target]
                if live != before[i]:
                    before[i] = live
                    changed = True
        self.live: dict[int, int] = {}
        for i in set(self.yields.values()):
            caught = handler[i]
            thrown = before[caught.target] if caught is not None else 0
            self.live[i] = after[i] | thrown | self.always

    def _uses(self, i: int, live: int) -> int:
        """Return the slots live before instruction `i`, given those live after it."""
        name, arg = self.ins[i].name, self.ins[i].arg
        slots = len(self.names)

        def store(slot: int, half: int = 0) -> None:
            nonlocal live
            bit = 1 << slot
            if live & bit:
                live &= ~bit
                # A value that was put aside is as live as the variable it goes back to.
                for site in self.restores.get((i, half), ()):
                    live |= 1 << (slots + site)

        if name in _USES:
            live |= 1 << arg
        elif name == "DELETE_FAST":
            live &= ~(1 << arg)
        elif name in _CELL_STORES:
            # Go captures a variable that is assigned again by reference, and then a later
            # assignment needs the variable, old value and all; one that is only ever declared is
            # captured by value, and a new turn of a loop declares a new one.
            bit = 1 << arg
            live = live | bit if self.reassigned & bit else live & ~bit
        elif name == "STORE_FAST":
            store(arg)
        elif name == "LOAD_FAST_LOAD_FAST":
            live |= 1 << (arg >> 4) | 1 << (arg & 15)
        elif name == "STORE_FAST_LOAD_FAST":
            live |= 1 << (arg & 15) if arg & 15 != arg >> 4 else 0
            store(arg >> 4)
        elif name == "STORE_FAST_STORE_FAST":
            store(arg & 15, 1)
            store(arg >> 4)
        elif name == "LOAD_FAST_AND_CLEAR":
            saved = 1 << (slots + self.sites[i])
            live = live & ~(1 << arg) | (1 << arg if live & saved else 0)
            live &= ~saved
        elif name == "COPY_FREE_VARS":
            for slot in range(slots - arg, slots):
                live &= ~(1 << slot)
        elif self._is_super(self.ins[i]):
            live |= self._super_slots()
        return live

    # What both passes say together.

    def dead(self, lasti: int, count: int, tail: int, seen: _Seen | None = None) -> tuple[int, ...]:
        """Return which of the `count` references after the code are dead, last one first.

        Parameters
        ----------
        lasti
            Where the frame stopped.
        count
            Number of references in slots, on the value stack and as handled exception together.
        tail
            What the last of them looks like.
        seen
            What all of them look like, where the number does not decide.
        """
        i = self.yields[lasti]
        live = self.live[i]
        slots = len(self.names)
        anywhere = -1
        cell, method, attribute = seen or (anywhere, anywhere, anywhere)
        common: set[int] | None = None
        # In an await the top of the stack is what is awaited, never None.
        awaiting = i > 0 and self.ins[i - 1].name == "SEND"
        for stack, handling, must, may in self.states[i]:
            if (handling == _HANDLING and tail != _TAIL_EXCEPTION) or (
                handling == _HANDLED and tail != _TAIL_NONE
            ):
                continue
            entries = [
                _Entry(
                    bool(must >> slot & 1),
                    not live >> slot & 1,
                    cell if slot in self.cells else anywhere,
                )
                for slot in range(slots)
                if may >> slot & 1
            ]
            for symbol in stack:
                if symbol >= _SAVED:
                    dead = not live >> (slots + symbol - _SAVED) & 1
                    entries.append(_Entry(True, dead, anywhere))
                elif symbol == _METHOD:
                    entries.append(_Entry(True, False, method))
                elif symbol == _ATTRIBUTE:
                    entries.append(_Entry(True, False, attribute))
                elif symbol != _NULL:
                    entries.append(_Entry(True, False, anywhere))
            if handling:
                entries.append(_Entry(True, False, anywhere))
            found = None
            if not (handling == _NOT_HANDLING and tail == _TAIL_NONE and awaiting):
                found = _surely_dead(entries, count)
            if handling == _NOT_HANDLING and tail == _TAIL_NONE:
                # A plain function called from here that handled an exception leaves its None.
                behind = _surely_dead([*entries, _Entry(True, False, anywhere)], count)
                if found is None or behind is None:
                    found = found if behind is None else behind
                else:
                    found &= behind
            if found is not None:
                if must != may or (common is not None and common != found):
                    self.undecided.add((lasti, count, tail))
                common = found if common is None else common & found
        if common is None:
            self.failed = f"{count} references do not fit at {lasti}"
            return ()
        return tuple(sorted(common, reverse=True))

    def look(self, lasti: int, tail: int, items: list[object]) -> tuple[int, ...]:
        """Decide by what the references look like where their number is not enough."""
        seen = _look_at(items)
        key = lasti, tail, len(items), seen
        dead = self.looks.get(key)
        if dead is None:
            if len(self.looks) >= _LOOKS:
                self.looks.clear()
            dead = self.looks[key] = self.dead(lasti, len(items), tail, seen)
        return dead


_Seen = tuple[int, int, int]
"""Bit sets of positions: cells, what can be the method of a pair, what can be called."""


def _look_at(items: list[object]) -> _Seen:
    cell = method = attribute = 0
    for position, item in enumerate(items):
        bit = 1 << position
        kind = type(item)
        if kind is types.CellType:
            cell |= bit
        if kind.__flags__ & (1 << 17):  # Py_TPFLAGS_METHOD_DESCRIPTOR
            method |= bit
        if callable(item):
            attribute |= bit
    return cell, method, attribute


class _Entry(NamedTuple):
    """One slot, or one entry of the value stack, that a reference may belong to."""

    there: bool  # surely bound
    dead: bool
    where: int  # bit set of the positions it can have


def _surely_dead(entries: list[_Entry], count: int) -> set[int] | None:
    """Return the positions that fall on dead entries however `count` positions are dealt out.

    None if they cannot be dealt out to these entries at all.
    """
    total = len(entries)
    if sum(entry.there for entry in entries) > count or total < count:
        return None
    # Bit p of left[i]: the first i entries can take p positions; of right[i]: the others the rest.
    left = [1]
    for entry in entries:
        left.append((left[-1] & entry.where) << 1 | (0 if entry.there else left[-1]))
    if not left[-1] >> count & 1:
        return None
    right = [0] * total + [1 << count]
    for i in range(total - 1, -1, -1):
        entry = entries[i]
        right[i] = right[i + 1] >> 1 & entry.where | (0 if entry.there else right[i + 1])
    alive = 0
    for i, entry in enumerate(entries):
        if not entry.dead:
            alive |= left[i] & right[i + 1] >> 1 & entry.where
    return {p for p in range(count) if not alive >> p & 1}


if sys.version_info >= (3, 12):
    _with_arg: frozenset[int] = frozenset(opcode.hasarg)

    def _has_arg(op: int) -> bool:
        return op in _with_arg

else:

    def _has_arg(op: int) -> bool:
        return op >= opcode.HAVE_ARGUMENT


# -- the door -------------------------------------------------------------------------------------

_analyses: dict[int, _Analysis] = {}
_supported: bool | None = None


def _analysis(code: types.CodeType) -> _Analysis:
    found = _analyses.get(id(code))
    if found is None:
        if len(_analyses) >= _ANALYSES:
            _analyses.clear()
        found = _analyses[id(code)] = _Analysis(code)
    return found


def unproved_frames() -> list[str]:
    """Return the functions whose frames are scanned conservatively because a pass gave up.

    Empty as long as this module understands the bytecode it meets; tests hold it so.
    """
    return [
        f"{a.code.co_qualname} ({a.code.co_filename}:{a.code.co_firstlineno}): {a.failed}"
        for a in _analyses.values()
        if a.failed
    ]


def live_referents(coro: Any) -> list[object]:
    """Return the objects that a suspended coroutine, generator or async generator may still use.

    Code, function, globals and builtins are left out; what it awaits is in the result as the object
    on its value stack, and is to be asked in turn.  Only this one frame is looked at.

    Parameters
    ----------
    coro
        Suspended: its live references.  Created and not started: all its arguments.  Finished:
        nothing.

    Raises
    ------
    RootsUnknown
        The frame is running.

    Notes
    -----
    On a Python version that `precise_supported` does not know, all references are returned.
    The spec's counterpart is Go's stack scan: ``runtime.scanframeworker`` in ``mgcmark.go``.
    """
    if _supported is None:
        precise_supported()
    kind = type(coro)
    lasti = -2
    if kind is types.CoroutineType:
        code = coro.cr_code
        if coro.cr_suspended:
            analysis = _analyses.get(id(code)) or _analysis(code)
            if analysis.only < 0:
                lasti = coro.cr_frame.f_lasti
            else:
                lasti = analysis.only
        elif coro.cr_running:
            raise RootsUnknown(f"{coro.__qualname__} is running")
        elif coro.cr_frame is None:
            return []
    elif kind is types.GeneratorType:
        code = coro.gi_code
        if coro.gi_suspended:
            analysis = _analyses.get(id(code)) or _analysis(code)
            if analysis.only < 0:
                lasti = coro.gi_frame.f_lasti
            else:
                lasti = analysis.only
        elif coro.gi_running:
            raise RootsUnknown(f"{coro.__qualname__} is running")
        elif coro.gi_frame is None:
            return []
    elif kind is types.AsyncGeneratorType:
        # ag_running says that somebody awaits it, suspended or not: the frame has to tell.
        code = coro.ag_code
        frame = coro.ag_frame
        if frame is None:
            return []
        analysis = _analyses.get(id(code)) or _analysis(code)
        if frame.f_back is not None:
            raise RootsUnknown(f"{coro.__qualname__} is running")
        if frame.f_lasti not in analysis.created:
            lasti = frame.f_lasti
            if _supported and not analysis.failed and lasti not in analysis.yields:
                raise RootsUnknown(f"{coro.__qualname__} is running")
    else:
        raise TypeError(f"not a coroutine, generator or async generator: {coro!r}")

    items: list[object] = gc.get_referents(coro)
    start = _first_slot(items, code)
    if lasti == -2 or not _supported or analysis.failed or start < 0:
        return items[start:] if start > 0 else items
    del items[:start]
    count = len(items)
    if not count:
        return items
    last = items[-1]
    if last is None:
        tail = _TAIL_NONE
    else:
        tail = _TAIL_EXCEPTION if issubclass(type(last), BaseException) else _TAIL_OTHER
    dead = analysis.plans.get((lasti, count, tail))
    if dead is None:
        dead = analysis.plans[lasti, count, tail] = analysis.dead(lasti, count, tail)
    if analysis.undecided and (lasti, count, tail) in analysis.undecided:
        dead = analysis.look(lasti, tail, items)
    for position in dead:
        del items[position]
    return items


def _first_slot(items: list[object], code: types.CodeType) -> int:
    """Return where the slots begin in the references of a frame; -1 if that cannot be told."""
    left = _codes_before_slots
    for position, item in enumerate(items[:10]):
        if item is code:
            left -= 1
            if not left:
                return position + 1
    return -1


# -- what the running interpreter does ------------------------------------------------------------


@types.coroutine
def _stop() -> Generator[None, None, None]:
    yield


async def _dead_then_live(dead: object, live: object) -> object:
    await _stop()
    return live


async def _after_handler(live: object) -> object:
    try:
        raise LookupError
    except LookupError:
        pass
    await _stop()
    return live


async def _maybe_unbound(flag: bool, dead: object, live: object) -> object:
    if flag:
        extra = dead
    await _stop()
    if not flag:
        extra = live
    return extra, live


def _learn() -> None:
    """Find out the order of a frame's references and what a finished handler leaves behind."""
    global _codes_before_slots, _handled_leaves_none
    mark = object()
    coro: Any = _dead_then_live(mark, mark)
    coro.send(None)
    items = gc.get_referents(coro)
    first = next(i for i, item in enumerate(items) if item is mark)
    _codes_before_slots = sum(item is coro.cr_code for item in items[:first])
    coro.close()
    coro = _after_handler(mark)
    coro.send(None)
    _handled_leaves_none = gc.get_referents(coro)[-1] is None
    coro.close()


def _self_test() -> bool:
    """Whether frames of known contents give what they must."""
    a, b = [1], [2]
    cases: list[tuple[Callable[..., Any], tuple[object, ...], list[object], list[object]]] = [
        (_dead_then_live, (a, b), [b], [a]),
        (_after_handler, (a,), [a], []),
        (_maybe_unbound, (True, a, b), [b, True, a], []),
        (_maybe_unbound, (False, a, b), [b, False], [a]),
    ]
    for function, arguments, live, dead in cases:
        coro = function(*arguments)
        coro.send(None)
        found = {id(item) for item in live_referents(coro)}
        coro.close()
        if any(id(item) not in found for item in live) or any(id(item) in found for item in dead):
            return False
    return not unproved_frames()


def precise_supported() -> bool:
    """Whether this Python is one whose frames are scanned precisely (CPython 3.11 to 3.13).

    A known version must also pass a self-test; elsewhere `live_referents` returns every reference
    of a frame, and a verdict built on it is at best unproven.
    """
    global _supported
    if _supported is None:
        _supported = False
        if sys.implementation.name == "cpython" and sys.version_info[:2] in _KNOWN_VERSIONS:
            try:
                _learn()
                _supported = True
                _supported = _self_test()
            except Exception:
                _supported = False
    return _supported
