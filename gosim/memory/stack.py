"""Stacks of goroutines (Go: ``stack.go``, and ``malg``, ``gfput``, ``gfget`` of ``proc.go``).

A goroutine starts with a stack of 2 KiB. A function that finds too little left of it gets one twice
as large, or larger, into which everything is copied; old and new exist at the same time while that
happens. Collections halve the stacks of which less than a quarter is in use. Stacks below 32 KiB
are cut from spans of 32 KiB, one kind for each size, and the processor keeps some of the free ones;
larger stacks have spans of their own, which go back at once.

A program of gosim has no frames of Go's, so it states their sizes where they matter. Only the
goroutines that did so are known one by one; of all others, alive or dead, there are numbers.

Simplifications: one processor; the free stacks of one size always lie together, so that no span of
32 KiB is kept by a few stacks scattered over many (real Go keeps 5 to 10 such spans after 50 000
goroutines have ended); what frees a stack while Go would be marking frees it when that is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Final

from gosim.memory.errors import StackOverflow
from gosim.memory.goroutine import STACK_MIN
from gosim.memory.heap import Heap, Span
from gosim.memory.sizeclass import PAGE_SIZE, round_to_pages

__all__ = ["BLOCKED", "MAX_STACK", "Stack", "Stacks"]

MAX_STACK: Final = 1_000_000_000
"""The most bytes a stack may have (``maxstacksize`` on 64-bit machines)."""

_SPAN_BYTES: Final = 32 << 10
"""A span of small stacks, and the most a processor keeps of one size (``_StackCacheSize``)."""
_NOSPLIT: Final = 800
_SMALL: Final = 128
_GUARD: Final = _NOSPLIT + _SMALL
"""What a function must find left: frames of `_SMALL` bytes need not count themselves."""

_WORD: Final = 8
_CALL: Final = _WORD  # the return address, which the call itself pushes
_FRAME_POINTER: Final = _WORD
_START: Final = 4 * _WORD + _CALL
"""In use before the first function of a goroutine: a gap, and the return to ``goexit``."""
_FIRST_FRAME: Final = 24
"""The frame of that function, as small as ``go func() { <-c }()`` has it."""

BLOCKED: Final = 192
"""Bytes that a goroutine blocked in a channel operation has in use below its own frames
(``chanrecv1``, ``chanrecv``, ``gopark``; 80 to 350 for the other ways to wait)."""
_CHECKED: Final = BLOCKED - 24
"""So far down of them the last function asks for room."""

_KEPT_DEAD: Final = 64
"""A processor keeps fewer dead goroutines than this; then it gives all but 31 away."""


class Stack:
    """The stack of a goroutine that has stated frames.

    Attributes
    ----------
    size : int
        Its bytes.
    used : int
        Bytes in use by the frames that are open.
    touched : int
        The most that was in use since it was copied here: only that much of it is resident.
    """

    __slots__ = ("size", "touched", "used")

    def __init__(self, size: int) -> None:
        self.size = size
        self.used = self.touched = _START + _FIRST_FRAME

    def __repr__(self) -> str:
        return f"<stack of {self.size} bytes, {self.used} in use>"


class _Large:
    """Stacks of one size from 32 KiB up: each has a span."""

    def __init__(self, heap: Heap, size: int) -> None:
        self.size = size
        self.taken = 0
        self._heap = heap
        self._spans: list[Span] = []

    @property
    def bytes(self) -> int:
        return len(self._spans) * max(self.size, _SPAN_BYTES)

    def take(self, n: int = 1) -> None:
        self.taken += n
        self._fit()

    def give(self, n: int = 1, untouched: int = 0) -> None:
        """Take `n` back; of all of them together `untouched` bytes were never used."""
        self.taken -= n
        self._fit(untouched // n if n else 0)

    def flush(self) -> None:
        """Empty the processor's cache, as every collection does."""

    def _wanted(self) -> int:
        return self.taken

    def _fit(self, untouched: int = 0) -> None:
        spans, heap, wanted = self._spans, self._heap, self._wanted()
        while len(spans) < wanted:
            spans.append(heap.allocate_manual(max(self.size, _SPAN_BYTES) // PAGE_SIZE))
        while len(spans) > wanted:
            # Whose stack it was makes no difference: of one size one is as good as the other.
            heap.free_manual(spans.pop(), untouched)


class _Small(_Large):
    """Stacks of one size below 32 KiB (``stackpool``, and the processor's ``stackcache``).

    `spans` of them are the process's own and not taken here.
    """

    def __init__(self, heap: Heap, size: int, spans: int = 0) -> None:
        super().__init__(heap, size)
        self.cached = 0
        self._given = spans
        self._per_span = _SPAN_BYTES // size
        self._per_refill = self._per_span // 2

    def take(self, n: int = 1) -> None:
        missing = n - self.cached
        if missing > 0:
            self.cached += -(-missing // self._per_refill) * self._per_refill
        self.cached -= n
        super().take(n)

    def give(self, n: int = 1, untouched: int = 0) -> None:
        self.cached += n
        if self.cached > self._per_span:  # one more than a full cache holds: half of it goes
            over = (self.cached - self._per_span - 1) % self._per_refill
            self.cached = self._per_refill + 1 + over
        super().give(n)

    def flush(self) -> None:
        self.cached = 0
        self._fit()

    def _wanted(self) -> int:
        return max(0, -(-(self.taken + self.cached) // self._per_span) - self._given)


class Stacks:
    """The stacks of all goroutines of a process.

    Parameters
    ----------
    heap : Heap
        Where their spans come from.

    Attributes
    ----------
    start : int
        Bytes of the stack that a goroutine gets which takes the place of a dead one
        (``startingStackSize``); one that is new starts with 2 KiB whatever this is.
    limit : int
        The most bytes a stack may have.
    scanned : int
        Bytes that the last collection found in use, without main's first frames and the runtime's
        own goroutines; the next goal depends on it.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> stacks = Stacks(Heap(features("1.27")))
    >>> stacks.enter("g", 8_000_000)
    >>> stacks.size("g"), stacks.used("g")
    (8388608, 8000080)
    >>> stacks.leave("g", 8_000_000)
    >>> stacks.collect()
    >>> stacks.size("g")
    4194304
    """

    def __init__(self, heap: Heap) -> None:
        self._heap = heap
        self.start = STACK_MIN
        self.limit = MAX_STACK
        self.scanned = 0
        self._alive = 0
        self._plain: Counter[int] = Counter()  # how many of those not known one by one, by size
        self._known: dict[Hashable, Stack] = {}
        self._dead: list[int] = []  # sizes of the stacks the processor's dead still have, or 0
        self._dead_elsewhere: Counter[int] = Counter()
        first = _Small(heap, STACK_MIN, spans=1)
        first.take(heap.features.system_stacks)
        self._pools: dict[int, _Large] = {STACK_MIN: first}

    def _pool(self, size: int) -> _Large:
        pool = self._pools.get(size)
        if pool is None:
            kind = _Small if size < _SPAN_BYTES else _Large
            pool = self._pools[size] = kind(self._heap, size)
        return pool

    # --- goroutines come and go -----------------------------------------------------------------

    @property
    def alive(self) -> int:
        """Goroutines alive, main among them and the runtime's own not.

        Set it to what is true to tell of all that were born since; those that died must have been
        told of before, one by one.
        """
        return self._alive

    @alive.setter
    def alive(self, n: int) -> None:
        if n > self._alive:
            self.born(n - self._alive)
        elif n < self._alive:
            self.died(n=self._alive - n)

    def born(self, n: int = 1) -> None:
        """`n` goroutines begin. The dead give them their places, with or without stacks (gfget)."""
        self._alive += n
        while n and (self._dead or self._dead_elsewhere):
            n -= 1
            size = self._next_dead()
            if size != self.start:
                if size:
                    self._pool(size).give()
                self._pool(self.start).take()
            self._plain[self.start] += 1
        if n:
            self._pool(STACK_MIN).take(n)
            self._plain[STACK_MIN] += n

    def died(self, key: Hashable = None, n: int = 1) -> None:
        """Goroutine `key` ends, or `n` of which nothing is known. Unusual stacks are freed (gfput).

        A key that never stated a frame counts as one of which nothing is known.
        """
        stack = None if key is None else self._known.pop(key, None)
        if stack is not None:
            self._alive -= 1
            self._bury(stack.size, _untouched(stack))
            return
        for _ in range(min(n, self._alive - len(self._known))):
            self._alive -= 1
            self._bury(self._some_plain())

    def more(self, size: int, n: int) -> None:
        """`n` more goroutines are there, with stacks of `size` bytes."""
        self._alive += n
        self._pool(size).take(n)
        self._plain[size] += n

    @property
    def taken(self) -> dict[int, int]:
        """How many stacks there are, by size."""
        return {size: pool.taken for size, pool in self._pools.items()}

    def _some_plain(self) -> int:
        """Take one of those not known one by one out of the count; return the size of its stack."""
        size = self._size_of_plain()
        if not size:  # nobody has told of it yet
            self.born()
            return self._some_plain()
        self._plain[size] -= 1
        return size

    def _size_of_plain(self) -> int:
        """Return a size that one of those has, the one they start with if possible; 0 for none."""
        if self._plain[self.start]:
            return self.start
        return next((size for size, n in self._plain.items() if n), 0)

    def _bury(self, size: int, untouched: int = 0) -> None:
        if size != self.start:
            self._pool(size).give(1, untouched)
            size = 0
        self._dead.append(size)
        if len(self._dead) == _KEPT_DEAD:
            keep = _KEPT_DEAD // 2 - 1
            self._dead_elsewhere.update(self._dead[keep:])
            del self._dead[keep:]

    def _next_dead(self) -> int:
        """Take the dead goroutine whose place is used next; return the size of its stack, or 0."""
        if not self._dead:
            others = self._dead_elsewhere
            for size in sorted(others, reverse=True):  # those with stacks first
                n = min(others[size], _KEPT_DEAD // 2 - len(self._dead))
                self._dead += [size] * n
                others[size] -= n
                if not others[size]:
                    del others[size]
        return self._dead.pop()

    # --- frames ---------------------------------------------------------------------------------

    def enter(self, key: Hashable, frame: int, *, leaf: int = 0) -> None:
        """Goroutine `key` calls a function with a frame of `frame` bytes.

        Parameters
        ----------
        key
            Names the goroutine.
        frame : int
            Arguments for the calls it makes, locals and temporaries; the return address and the
            saved frame pointer, 16 bytes, are added here.
        leaf : int
            So many more bytes are used by small functions that it calls, `BLOCKED` for an operation
            that may block.

        Raises
        ------
        StackOverflow
            The stack had to grow beyond the limit.
        """
        stack = self._known.get(key) or self._know(key)
        frame += _FRAME_POINTER
        at_entry = stack.used + _CALL
        while stack.size - at_entry - max(frame - _SMALL, 0) <= _GUARD:
            self._grow(stack, at_entry, frame)
        stack.used = at_entry + frame
        if leaf:
            deepest = stack.used + leaf - (BLOCKED - _CHECKED)
            while stack.size - deepest <= _GUARD:
                self._grow(stack, deepest, _SMALL)
        if stack.touched < stack.used + leaf:
            stack.touched = stack.used + leaf

    def leave(self, key: Hashable, frame: int) -> None:
        """The function that `key` entered last with `frame` bytes returns."""
        stack = self._known.get(key)
        if stack is None:
            return  # the goroutine is dead
        stack.used -= frame + _FRAME_POINTER + _CALL

    def _know(self, key: Hashable) -> Stack:
        stack = self._known[key] = Stack(self._some_plain())
        return stack

    def _grow(self, stack: Stack, used: int, frame: int) -> None:
        """Move `stack` to one that holds `used` bytes and a frame more (``newstack``)."""
        size = 2 * stack.size
        while size - used < frame + _GUARD:
            size *= 2
        if size > self.limit:
            raise StackOverflow(stack.size, used + _WORD, self.limit)
        self._pool(size).take()
        self._pool(stack.size).give(1, _untouched(stack))
        stack.size = size
        stack.touched = used

    def set_max(self, limit: int) -> int:
        """Set the most bytes a stack may have; return what it was (``debug.SetMaxStack``)."""
        before, self.limit = self.limit, limit
        return before

    # --- collections ----------------------------------------------------------------------------

    def collect(self) -> None:
        """Do what a collection does to stacks; every goroutine waits.

        Those of which less than a quarter is in use are halved (``shrinkstack``), the dead lose
        theirs, except the few that the processor keeps (``markrootFreeGStacks``), and goroutines
        that take the place of dead ones start with the average from now on
        (``gcComputeStartingStackSize``).
        """
        free: Counter[int] = Counter()
        unused: Counter[int] = Counter()
        for size, n in list(self._dead_elsewhere.items()):
            if size:
                free[size] += n
                del self._dead_elsewhere[size]
                self._dead_elsewhere[0] += n
        idle = _START + _FIRST_FRAME + BLOCKED
        of_runtime = idle * (1 + self._heap.features.system_stacks)  # with main
        scanned = idle * (self._plain.total() + self._heap.features.system_stacks)
        for stack in self._known.values():
            scanned += stack.used + BLOCKED
            if _shrinks(stack.size, stack.used + BLOCKED):
                free[stack.size] += 1
                unused[stack.size] += _untouched(stack)
                stack.size //= 2
                self._pool(stack.size).take()
                stack.touched = stack.used + BLOCKED
        self.scanned = max(0, scanned - of_runtime)
        for size, n in sorted(self._plain.items()):
            if n and _shrinks(size, idle):
                free[size] += n
                self._plain[size] = 0
                self._plain[size // 2] += n
                self._pool(size // 2).take(n)
        # While it marks, Go does not give the old ones back: for a moment there are both.
        for size, n in free.items():
            self._pool(size).give(n, unused[size])
        for pool in self._pools.values():
            pool.flush()
        stacks = self._alive + self._heap.features.system_stacks
        average = scanned // stacks + _GUARD if stacks else STACK_MIN
        self.start = STACK_MIN
        while self.start < min(average, self.limit):
            self.start *= 2

    # --- figures --------------------------------------------------------------------------------

    @property
    def inuse(self) -> int:
        """Bytes of the spans with stacks, without those that every process has.

        Together they are ``MemStats.stack_inuse``.
        """
        return sum(pool.bytes for pool in self._pools.values())

    @property
    def untouched(self) -> int:
        """Bytes of them that no frame has reached yet, so that they are not resident."""
        return sum(map(_untouched, self._known.values()))

    def size(self, key: Hashable) -> int:
        """Bytes of the stack of goroutine `key`.

        Of those that never stated a frame it is only known which sizes they have together, once
        goroutines do not start with 2 KiB any more: it is the size of one of them.
        """
        stack = self._known.get(key)
        return stack.size if stack is not None else self._size_of_plain() or self.start

    def used(self, key: Hashable) -> int:
        """Bytes of it that its frames use; what it uses while it is blocked comes to that."""
        stack = self._known.get(key)
        return _START + _FIRST_FRAME if stack is None else stack.used


def _untouched(stack: Stack) -> int:
    """Return the bytes at the far end of a stack that nothing has reached, in whole pages."""
    if stack.size < _SPAN_BYTES:
        return 0  # several share a span
    return stack.size - round_to_pages(min(stack.touched, stack.size))


def _shrinks(size: int, used: int) -> bool:
    return size > STACK_MIN and used + _NOSPLIT < size // 4
