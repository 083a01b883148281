"""Slices: windows on backing arrays, growth, and the functions of package ``slices``
(Go: ``runtime/slice.go``, ``slices/slices.go``, spec "Slice types", "Appending to and copying
slices").

A :class:`Slice` is a value of three words, as in Go: it is never changed, operations return another
one; what they share, and change, is the :class:`BackingArray`. Everything that allocates takes the
:class:`~gosim.memory.heap.Heap`. Simulated bytes cost nothing until they are written: a ``make`` of
a million zeros holds no cell.

Out-of-range operations raise :class:`~gosim.memory.errors.GoRuntimeError` with Go's text.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from itertools import chain
from typing import Any, Final, overload

from gosim.memory import types
from gosim.memory.errors import GoPanic, GoRuntimeError, Misuse
from gosim.memory.features import MemoryFeatures
from gosim.memory.heap import Heap, Object, Span
from gosim.memory.pointer import ElementPointer, Home, OffHeap, is_held, shade
from gosim.memory.sizeclass import roundupsize
from gosim.memory.types import BYTE, Kind, Type, taken, whole_number, zero_value

MAX_ALLOC: Final = 1 << 48
"""Bytes of the address space that the heap may use (linux/amd64)."""

STACK_BUFFER_BYTES: Final = 32
"""The buffer on the stack that a slice first grows into where it has one."""

_GROW_THRESHOLD: Final = 256
#: Elements of a backing array that come into being together at the first write to one of them.
_CHUNK_SHIFT: Final = 12
_CHUNK: Final = 1 << _CHUNK_SHIFT
_MASK: Final = _CHUNK - 1
_NOT_MADE: Final = object()
#: How Python's arrays name the numbers that chunks of them hold.
_CODES: Final = {
    Kind.INT: "q",
    Kind.INT8: "b",
    Kind.INT16: "h",
    Kind.INT32: "i",
    Kind.INT64: "q",
    Kind.UINT: "Q",
    Kind.UINT16: "H",
    Kind.UINT32: "I",
    Kind.UINT64: "Q",
    Kind.UINTPTR: "Q",
    Kind.FLOAT32: "f",
    Kind.FLOAT64: "d",
}
_REFUSALS: Final = (TypeError, ValueError, OverflowError)


class Place(Enum):
    """What escape analysis found out about the slice that an ``append`` makes."""

    HEAP = "escapes"
    STACK = "does not escape"
    """From 1.25 on, the first array is a buffer of 32 bytes on the stack."""
    MOVES = "escapes only when it is returned"
    """From 1.26 on it grows in such a buffer, and :func:`move_to_heap` copies it out."""


class BackingArray(Object):
    """An array that slices share; also where the elements of an array value are.

    Parameters
    ----------
    elem : Type
        Type of an element.
    length : int
        Number of elements.
    heap : Heap
        Where it lies, or whose barrier its stores pass.
    on_stack : bool
        It takes nothing from the heap: a buffer on a stack, a part of something else.

    Attributes
    ----------
    owner : object
        What it is a part of and keeps alive: the struct that an array is a field of.

    Notes
    -----
    Cells are kept in chunks made at the first write: bytearrays for bytes, Python's arrays for
    other numbers, lists otherwise. A chunk that does not exist is all zeros. A chunk of numbers
    refuses what is no such number; other values are checked. Elements that can be changed in place
    (structs, arrays) come into being one by one; None is a cell whose element does not exist yet.

    After :meth:`copied` two arrays have their chunks in common; each copies a chunk before it
    changes it. ``_mine`` then has the numbers of the chunks that are nobody else's.

    Pages of a large array are resident from the first write on. ``_touched`` has the numbers of the
    chunks that were written; None where all of it is resident from the start.
    """

    tells_writes = True

    __slots__ = (
        "__weakref__",
        "_changeable",
        "_chunks",
        "_code",
        "_heap",
        "_mine",
        "_plain",
        "_seen",
        "_touched",
        "_zero",
        "elem",
        "length",
        "on_stack",
        "owner",
    )

    def __init__(self, elem: Type, length: int, heap: Home, *, on_stack: bool = False) -> None:
        self.elem = elem
        self.length = length
        self.on_stack = on_stack
        self.owner: object = None
        self._heap = heap
        self._zero: Any = _NOT_MADE
        self._chunks: dict[int, Any] = {}
        self._mine: set[int] | None = None
        noscan = elem.ptrdata == 0
        self._changeable = elem.changeable
        self._seen = False  # a program has asked for an element that can be changed
        self._code = _CODES.get(elem.kind)
        # A chunk takes a store as it is: it needs neither copy nor check nor the barrier.
        self._plain = self._code is not None or elem.kind is Kind.UINT8
        if on_stack or isinstance(heap, OffHeap):
            self.allocated = 0
            self.span = None
        else:
            heap.allocate(self, length * elem.size, noscan)
        span = self.span
        self._touched: set[int] | None = set() if type(span) is Span and span.fresh else None

    @property
    def zero(self) -> Any:
        """The zero value of an element, made when first asked for: an array's may be large."""
        if self._zero is _NOT_MADE:
            self._zero = zero_value(self.elem)
        return self._zero

    @property
    def bytes(self) -> int:
        """Bytes of its elements."""
        return self.length * self.elem.size

    # ---- chunks ----

    def _empty(self, n: int) -> Any:
        """`n` cells of zeros."""
        if self.elem.kind is Kind.UINT8:
            return bytearray(n)
        if self._code is not None:
            return array(self._code, bytes(n * self.elem.size))
        return [None if self._changeable else self.zero] * n

    def _chunk(self, number: int) -> Any:
        """The chunk, to be written: made when missing, copied when another array has it too."""
        chunk = self._chunks.get(number)
        if chunk is None:
            if self._touched is not None:
                self._touch(number)
            chunk = self._empty(min(_CHUNK, self.length - (number << _CHUNK_SHIFT)))
        elif self._mine is None or number in self._mine:
            return chunk
        else:
            chunk = self._copy_of(chunk)
        if self._mine is not None:
            if not self._mine:
                self._chunks = dict(self._chunks)
            self._mine.add(number)
        self._chunks[number] = chunk
        return chunk

    def _touch(self, number: int) -> None:
        """The pages of a chunk are written to: they are resident from now on."""
        touched = self._touched
        if touched is not None and number not in touched:
            touched.add(number)
            cells = min(_CHUNK, self.length - (number << _CHUNK_SHIFT))
            assert isinstance(self._heap, Heap)
            self._heap.touched(self, cells * self.elem.size)

    def _copy_of(self, values: Any) -> Any:
        """Return what cells hold, for other cells of this array."""
        if not self._changeable:
            return values[:]
        return [None if v is None else self._taken(v) for v in values]

    def _taken(self, value: Any) -> Any:
        """Return the copy of a struct or array that lies in a cell of this array."""
        part = getattr(value, "__gosim_part__", None)
        if part is None or value.go_type != self.elem:
            raise Misuse(f"{value!r} is no {self.elem}")
        return part(self._heap)

    def _refused(self, values: Iterable[Any]) -> Exception:
        """Return what is wrong with values of which a chunk of numbers has refused one."""
        check = taken if self._code in ("f", "d") else whole_number
        for value in values:
            try:
                check(self.elem, value)
            except Misuse as error:
                return error
        return Misuse(f"those are no values of type {self.elem}")

    def copied(self, *, heap: Heap | None = None, on_stack: bool = True) -> BackingArray:
        """Return an array of the same values, which costs nothing until one of the two changes."""
        other = BackingArray(self.elem, self.length, heap or self._heap, on_stack=on_stack)
        other._chunks = self._chunks
        for one in (self, other):
            one._mine = set()
            one._plain = False
        if other._touched is not None:  # copying writes all of it
            assert heap is not None
            heap.touched(other, other.allocated)
            other._touched = None
        if heap is not None and not on_stack and heap.marking:
            shade(heap, other)
        return other

    # ---- elements ----

    def get(self, i: int) -> Any:
        """Return element `i`, which must exist; one that can be changed, itself."""
        if self._changeable:
            return self._made(i)
        chunk = self._chunks.get(i >> _CHUNK_SHIFT)
        return self.zero if chunk is None else chunk[i & _MASK]

    def _made(self, i: int) -> Any:
        """Element `i`, which can be changed in place and from now on exists."""
        chunk = self._chunk(i >> _CHUNK_SHIFT)
        value = chunk[i & _MASK]
        if value is None:
            value = chunk[i & _MASK] = self._taken(zero_value(self.elem))
        self._seen = True
        return value.__gosim_seen__(self)

    @property
    def part_held(self) -> bool:  # type: ignore[override]  # asked for, not stored
        """Whether somebody else refers to an element that lies here."""
        if self._seen:
            for chunk in self._chunks.values():
                for part in chunk:
                    if part is not None and is_held(part):
                        return True
        return False

    def set(self, i: int, value: Any) -> None:
        """Store element `i`, which must exist; of one that can be changed, a copy."""
        if not self.elem.size:
            return
        if self._changeable:
            value = self._taken(value)
        elif self._code is None and type(value) not in self.elem.known:
            value = taken(self.elem, value)
        chunk = self._chunk(i >> _CHUNK_SHIFT)
        i &= _MASK
        if self._seen and chunk[i] is not None:
            chunk[i].__gosim_assign__(value)
            return
        if self.elem.ptrdata and self._heap.marking:
            self._heap.barrier(chunk[i], value)
        try:
            chunk[i] = value
        except _REFUSALS:
            raise self._refused((value,)) from None

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Cut a range at chunk borders: chunk number, from and to within the chunk.

        Elements of no bytes hold nothing, however many there are: no pieces.
        """
        if not self.elem.size:
            return
        while start < end:
            number, low = start >> _CHUNK_SHIFT, start & _MASK
            high = min(_CHUNK, low + end - start)
            yield number, low, high
            start += high - low

    def read(self, start: int, end: int) -> list[Any] | bytearray:
        """Return a copy of elements `start` to `end`; bytes as a bytearray."""
        if self.elem.kind is Kind.UINT8:
            raw = bytearray(end - start)
            at = 0
            for number, low, high in self._pieces(start, end):
                chunk = self._chunks.get(number)
                if chunk is not None:
                    raw[at : at + high - low] = chunk[low:high]
                at += high - low
            return raw
        if self._changeable:
            return [self.get(i).copy() for i in range(start, end)]
        if not self.elem.size:
            return [self.zero] * (end - start)
        values: list[Any] = []
        for number, low, high in self._pieces(start, end):
            chunk = self._chunks.get(number)
            if chunk is None:
                values += [self.zero] * (high - low)
            else:
                values += chunk[low:high]
        return values

    def write(self, start: int, values: Sequence[Any]) -> None:
        """Store `values` from element `start` on; of those that can be changed, copies."""
        if self._changeable:
            values = [self._taken(v) for v in values]
        elif self._code is None and not self.elem.known.issuperset(map(type, values)):
            if self.elem.kind is not Kind.UINT8:
                values = [taken(self.elem, v) for v in values]
        self._write(start, values)

    def _write(self, start: int, values: Sequence[Any]) -> None:
        if self._code is not None:
            if type(values) is not array or values.typecode != self._code:
                try:
                    values = array(self._code, values)
                except _REFUSALS:
                    raise self._refused(values) from None
        elif self.elem.kind is Kind.UINT8 and not isinstance(values, (bytes, bytearray)):
            try:
                values = bytes(values)
            except _REFUSALS:
                raise self._refused(values) from None
        at = 0
        for number, low, high in self._pieces(start, start + len(values)):
            chunk = self._chunk(number)
            new = values[at : at + high - low]
            if self._seen:
                self._assign(chunk, low, new)
                at += high - low
                continue
            if self.elem.ptrdata and self._heap.marking:
                self._shade(chunk[low:high], new)
            chunk[low:high] = new
            at += high - low

    def _assign(self, chunk: list[Any], low: int, new: Sequence[Any]) -> None:
        """Store elements where somebody may point at those that are there."""
        for i, value in enumerate(new, low):
            if chunk[i] is None:
                chunk[i] = value
            else:
                chunk[i].__gosim_assign__(
                    self._taken(zero_value(self.elem)) if value is None else value
                )

    def _shade(self, old: Iterable[Any], new: Iterable[Any]) -> None:
        """Pass the write barrier for many stores (Go: ``bulkBarrierPreWrite``)."""
        barrier = self._heap.barrier
        for before, after in zip(old, new, strict=True):
            barrier(before, after)

    def clear(self, start: int, end: int) -> None:
        """Zero elements `start` to `end`."""
        for number, low, high in self._pieces(start, end):
            if number not in self._chunks:
                self._touch(number)
                continue
            chunk = self._chunk(number)
            zeros = self._empty(high - low)
            if self._seen:
                self._assign(chunk, low, zeros)
                continue
            if self.elem.ptrdata and self._heap.marking:
                self._shade(chunk[low:high], zeros)
            if high - low == len(chunk):
                del self._chunks[number]
            else:
                chunk[low:high] = zeros

    def move(self, start: int, source: BackingArray, low: int, high: int) -> None:
        """Copy elements `low` to `high` of `source` here from `start` on; they may overlap.

        Zeros that were never written stay so: nothing comes into being for them.
        """
        if source is self:
            if start != low and self.elem.size:
                self._write(start, self._cells(low, high))
            return
        for number, first, last in self._pieces(low, high):
            chunk = source._chunks.get(number)
            if chunk is None:
                self.clear(start, start + last - first)
            else:
                self._write(start, self._copy_of(chunk[first:last]))
            start += last - first

    def _cells(self, start: int, end: int) -> Any:
        """The contents of cells, copied."""
        if not self._changeable:
            return self.read(start, end)
        cells: list[Any] = []
        for number, low, high in self._pieces(start, end):
            chunk = self._chunks.get(number)
            cells += [None] * (high - low) if chunk is None else self._copy_of(chunk[low:high])
        return cells

    # ---- what it holds ----

    def __gosim_referents__(self) -> Iterable[Any]:
        """What its cells refer to, as a collector sees it: the whole array, whoever looks.

        That the part before, between and behind the windows counts too is why removed elements of
        a slice of pointers stay alive.
        """
        own = () if self.owner is None else (self.owner,)
        if self.elem.ptrdata == 0:
            return own
        # A list of the chunks, lest one come into being while the collector is looking.
        cells = chain.from_iterable(list(self._chunks.values()))
        return chain(own, cells) if own else cells

    def references(self) -> Iterator[Any]:
        """Yield what :meth:`__gosim_referents__` does, without nils and zeros."""
        zero = None if self._changeable or self.elem.noscan else self.zero
        for value in self.__gosim_referents__():
            if value is not None and value is not zero:
                yield value

    @property
    def written(self) -> int:
        """Cells that exist in Python; for tests of what zeros cost."""
        return sum(len(chunk) for chunk in self._chunks.values())


class Slice:
    """A slice value: a backing array, an offset in it, a length and a capacity.

    ``Slice(elem)`` is the nil slice. ``s[i]`` and ``s[i] = v`` index it, ``s[i:j]`` slices it, and
    the third place is Go's third index, the end of the capacity: ``s[i:j:max]``. Negative numbers
    are out of range as in Go. Bounds go by Go's rules: ``j`` may be as large as the capacity.

    Parameters
    ----------
    elem : Type
        Type of an element.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> from gosim.memory.types import INT
    >>> heap = Heap(features("1.27"))
    >>> s = append(Slice(INT), 1, 2, 3, heap=heap)
    >>> t = s[:1]
    >>> t = append(t, 9, heap=heap)
    >>> list(s), list(t), cap(t[1:])
    ([1, 9, 3], [1, 9], 2)
    """

    __slots__ = ("_cap", "_len", "_offset", "elem", "store")

    def __init__(
        self,
        elem: Type,
        store: BackingArray | None = None,
        offset: int = 0,
        length: int = 0,
        capacity: int = 0,
    ) -> None:
        self.elem = elem
        self.store = store
        self._offset = offset
        self._len = length
        self._cap = capacity

    @property
    def is_nil(self) -> bool:
        """Whether it equals nil."""
        return self.store is None

    @property
    def cap(self) -> int:
        """The capacity."""
        return self._cap

    @property
    def extent(self) -> tuple[int, int, int]:
        """Bytes in the backing array: start, end of the length, end of the capacity."""
        size = self.elem.size
        start = self._offset * size
        return start, start + self._len * size, start + self._cap * size

    def __len__(self) -> int:
        return self._len

    def __iter__(self) -> Iterator[Any]:
        """Yield the elements as ``range`` does: the length is taken once, elements as they are.

        Structs and arrays are copies.
        """
        if self.store is not None:
            get = self.store.get
            copies = self.elem.changeable
            for i in range(self._offset, self._offset + self._len):
                yield get(i).copy() if copies else get(i)

    def __repr__(self) -> str:
        shown = " ".join(repr(v) for v in self[: min(self._len, 8)])
        more = " …" if self._len > 8 else ""
        return f"<[]{self.elem} [{shown}{more}] len {self._len} cap {self._cap}>"

    def _at(self, i: int) -> int:
        if not isinstance(i, int):
            raise no_index("slice", i)
        if not 0 <= i < self._len:
            raise index_error(i, self._len)
        return self._offset + i

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Slice: ...
    def __getitem__(self, index: int | slice) -> Any:
        """Return an element, or the slice between two bounds.

        An element that can be changed in place, a struct or an array, is the one in the array, so
        that ``s[i].x = 1`` does what it does in Go. ``s[i].copy()`` is Go's ``x := s[i]``.
        """
        if type(index) is not int:
            if isinstance(index, slice):
                return self.slice(index.start, index.stop, index.step)
            index = int(self._at(index)) - self._offset
        if not 0 <= index < self._len:
            raise index_error(index, self._len)
        store = self.store
        assert store is not None
        if store._plain:
            index += self._offset
            chunk = store._chunks.get(index >> _CHUNK_SHIFT)
            return store.zero if chunk is None else chunk[index & _MASK]
        return store.get(self._offset + index)

    def __setitem__(self, index: int, value: Any) -> None:
        if type(index) is not int:
            index = int(self._at(index)) - self._offset
        if not 0 <= index < self._len:
            raise index_error(index, self._len)
        store = self.store
        assert store is not None
        index += self._offset
        if store._plain:
            chunk = store._chunks.get(index >> _CHUNK_SHIFT)
            if chunk is not None:
                try:
                    chunk[index & _MASK] = value
                except _REFUSALS:
                    raise store._refused((value,)) from None
                return
        store.set(index, value)

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.store,)

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return t.kind is Kind.SLICE and (t.elem is self.elem or t.elem == self.elem)

    __hash__ = None  # type: ignore[assignment]  # Go: unhashable type []T

    def __eq__(self, other: object) -> bool:
        """Compare with nil, the only thing that Go compares slices with."""
        if other is None:
            return self.store is None
        if not isinstance(other, Slice):
            return NotImplemented
        raise Misuse(
            "invalid operation: a slice can only be compared to nil; slices.equal compares elements"
        )

    def slice(
        self,
        low: int | None = None,
        high: int | None = None,
        top: int | None = None,
        *,
        limit_name: str = "capacity",
    ) -> Slice:
        """Return ``s[low:high:top]``; what is None is left out.

        Parameters
        ----------
        limit_name : str
            What the panic calls the capacity: an array has a length.

        Raises
        ------
        GoRuntimeError
            ``slice bounds out of range …`` for the first of the bounds from the right that is.
        """
        for bound in (low, high, top):
            if bound is not None and not isinstance(bound, int):
                raise Misuse(f"invalid slice index {bound!r}: it must be an int")
        if top is not None and high is None:
            raise Misuse("middle index required in 3-index slice")
        capacity = self._cap
        if top is None:
            limit = capacity
        else:
            limit = top
            if not 0 <= top <= capacity:
                raise _bounds_error(f"[::{{0}}] with {limit_name} {{1}}", "[::{0}]", top, capacity)
        if high is None:
            high = self._len
        elif not 0 <= high <= limit:
            if top is None:
                raise _bounds_error(f"[:{{0}}] with {limit_name} {{1}}", "[:{0}]", high, limit)
            raise _bounds_error("[:{0}:{1}]", "[:{0}:]", high, limit)
        if low is None:
            low = 0
        elif not 0 <= low <= high:
            if top is None:
                raise _bounds_error("[{0}:{1}]", "[{0}:]", low, high)
            raise _bounds_error("[{0}:{1}:]", "[{0}::]", low, high)
        # With no capacity left the pointer stays where it was: never behind the array.
        offset = self._offset + (low if limit > low else 0)
        return Slice(self.elem, self.store, offset, high - low, limit - low)

    def pointer(self, i: int) -> ElementPointer:
        """Return ``&s[i]``."""
        at = self._at(i)
        assert self.store is not None
        return ElementPointer(self.store, at)

    def values(self) -> list[Any] | bytearray:
        """Return a Python copy of the elements; bytes as a bytearray."""
        if self.store is None:
            return bytearray() if self.elem.kind is Kind.UINT8 else []
        return self.store.read(self._offset, self._offset + self._len)

    def to_array(self, length: int) -> list[Any] | bytearray:
        """Return the elements of ``[length]T(s)``.

        Raises
        ------
        GoRuntimeError
            The slice is shorter.
        """
        if self._len < length:
            raise GoRuntimeError(
                f"cannot convert slice with length {self._len} "
                f"to array or pointer to array with length {length}"
            )
        return self[:length].values()


def index_error(i: int, length: int) -> GoRuntimeError:
    """Return the panic for an index out of range."""
    tail = f" with length {length}" if i >= 0 else ""
    return GoRuntimeError(f"index out of range [{i}]{tail}")


def no_index(what: str, i: object) -> Misuse:
    """Return what is wrong with an index of something called `what` that is no int."""
    if isinstance(i, slice):
        return Misuse(f"a part of the {what} cannot be assigned to; copy(s[i:j], t) copies there")
    return Misuse(f"{'an' if what == 'array' else 'a'} {what} is indexed by an int, not by {i!r}")


def _bounds_error(text: str, negative: str, x: int, y: int) -> GoRuntimeError:
    form = text if x >= 0 else negative
    return GoRuntimeError("slice bounds out of range " + form.format(x, y))


def slice_type(elem: Type) -> Type:
    """Return ``[]elem`` as the type of a variable: its zero value is the nil slice."""
    return replace(types.slice_of(elem), make=lambda t: Slice(elem))


def cap(s: Slice) -> int:
    """Return the capacity of `s`."""
    return s.cap


# ------------------------------------------------------------------- make, append, copy, clear


def make_slice(elem: Type, length: int, capacity: int | None = None, *, heap: Heap) -> Slice:
    """Return ``make([]elem, length, capacity)`` (``runtime.makeslice``).

    Raises
    ------
    GoRuntimeError
        ``makeslice: len out of range`` or ``makeslice: cap out of range``.
    """
    room = length if capacity is None else capacity
    if length < 0 or room < length or room * elem.size > MAX_ALLOC:
        # The length is to blame when it alone would be too much.
        blame = "len" if length < 0 or length * elem.size > MAX_ALLOC else "cap"
        raise GoRuntimeError(f"makeslice: {blame} out of range")
    return Slice(elem, BackingArray(elem, room, heap), 0, length, room)


def slice_of_values(elem: Type, values: Sequence[Any], *, heap: Heap) -> Slice:
    """Return the slice literal ``[]elem{values...}``."""
    s = make_slice(elem, len(values), heap=heap)
    assert s.store is not None
    s.store.write(0, values)
    return s


def grown_capacity(new_length: int, old_capacity: int, elem: Type, features: MemoryFeatures) -> int:
    """Return the capacity ``append`` chooses (``runtime.growslice``, ``nextslicecap``).

    Up to 256 elements double; from there the factor falls smoothly towards 1.25. What is asked for
    in one go beyond twice the capacity is taken as it is. Then the memory's size class, or whole
    pages, decides how many elements really fit.

    Parameters
    ----------
    new_length : int
        Elements there must be room for, more than `old_capacity`.
    old_capacity : int
        The capacity that was too small.
    elem : Type
        Type of an element. Elements of no bytes need no room: the capacity is the length.
    features : MemoryFeatures
        The version.

    Raises
    ------
    GoRuntimeError
        ``growslice: len out of range``.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> from gosim.memory.types import INT
    >>> [grown_capacity(n + 1, n, INT, features("1.27")) for n in (0, 1, 512, 848)]
    [1, 2, 848, 1280]
    """
    if not elem.size:
        return new_length
    if new_length > 2 * old_capacity:
        wanted = new_length
    elif old_capacity < _GROW_THRESHOLD:
        wanted = 2 * old_capacity
    else:
        wanted = old_capacity
        while wanted < new_length:
            wanted += (wanted + 3 * _GROW_THRESHOLD) // 4
    if wanted * elem.size > MAX_ALLOC:
        raise GoRuntimeError("growslice: len out of range")
    return roundupsize(wanted * elem.size, elem.noscan, features) // elem.size


def append(s: Slice, *values: Any, heap: Heap, place: Place = Place.HEAP) -> Slice:
    """Return ``append(s, values...)``.

    Where the capacity suffices, the values go into the shared array, over whatever is there;
    otherwise into a new one (see :func:`grown_capacity`).

    Parameters
    ----------
    place : Place
        What is known of the slice; it changes the first capacities from 1.25 on.

    Raises
    ------
    GoRuntimeError
        ``growslice: len out of range``.
    Misuse
        A value is not of the element's type.
    """
    if not values:
        return s
    length = s._len
    if length < s._cap and len(values) == 1:
        # What nearly all calls are, in line.
        store, at = s.store, s._offset + length
        assert store is not None
        chunk = store._chunks.get(at >> _CHUNK_SHIFT) if store._plain else None
        if chunk is None:
            store.set(at, values[0])
        else:
            try:
                chunk[at & _MASK] = values[0]
            except _REFUSALS:
                raise store._refused(values) from None
        return Slice(s.elem, store, s._offset, length + 1, s._cap)
    s = _with_room(s, len(values), heap, place)
    assert s.store is not None
    if len(values) == 1:
        s.store.set(s._offset + length, values[0])
    else:
        s.store.write(s._offset + length, values)
    return s


def append_slice(s: Slice, t: Slice | bytes | bytearray, *, heap: Heap) -> Slice:
    """Return ``append(s, t...)``; `t` may be (part of) the same array, or bytes."""
    n = len(t)
    if not n:
        return s
    length = len(s)
    grown = _with_room(s, n, heap, Place.HEAP)
    assert grown.store is not None
    at = grown._offset + length
    if isinstance(t, Slice):
        assert t.store is not None
        grown.store.move(at, t.store, t._offset, t._offset + n)
    else:
        grown.store.write(at, t)
    return grown


def _with_room(s: Slice, n: int, heap: Heap, place: Place) -> Slice:
    """Return `s` longer by `n` elements, which are yet to be written."""
    length = len(s) + n
    if length <= s.cap:
        return Slice(s.elem, s.store, s._offset, length, s.cap)
    if place is not Place.HEAP:
        buffered = _in_stack_buffer(s, length, heap, place)
        if buffered is not None:
            return buffered
    capacity = grown_capacity(length, s.cap, s.elem, heap.features)
    store = BackingArray(s.elem, capacity, heap)
    if s.store is not None:
        store.move(0, s.store, s._offset, s._offset + len(s))
    return Slice(s.elem, store, 0, length, capacity)


def _in_stack_buffer(s: Slice, length: int, heap: Heap, place: Place) -> Slice | None:
    """Return `s` of `length` elements in its buffer on the stack, or None where it has none."""
    size = s.elem.size
    room = STACK_BUFFER_BYTES // size if size else 0
    if length > room:
        return None
    used = s.store is not None and s.store.on_stack
    if place is Place.STACK:
        if not heap.features.stack_buffer or used or len(s):
            return None
        return Slice(s.elem, BackingArray(s.elem, room, heap, on_stack=True), 0, length, room)
    if not heap.features.stack_buffer_moves:
        return None
    # One step up the size classes at a time, so that moving it to the heap wastes nothing.
    capacity = roundupsize(length * size, s.elem.noscan, heap.features) // size
    if used:
        store = s.store
        assert store is not None
    else:
        store = BackingArray(s.elem, room, heap, on_stack=True)
    if s.store is not None:
        store.move(0, s.store, s._offset, s._offset + len(s))
        store.clear(length, room)
    return Slice(s.elem, store, 0, length, capacity)


def move_to_heap(s: Slice, *, heap: Heap) -> Slice:
    """Return `s` as its function returns it: out of the buffer on the stack (``moveSlice``)."""
    if s.store is None or not s.store.on_stack:
        return s
    store = BackingArray(s.elem, s.cap, heap)
    store.move(0, s.store, s._offset, s._offset + s.cap)
    return Slice(s.elem, store, 0, len(s), s.cap)


def copy(dst: Slice, src: Slice | bytes | bytearray) -> int:
    """Copy as many elements as both have, as if through a third place; return how many.

    `src` may be bytes: the text of a string, for a slice of bytes.
    """
    n = min(len(dst), len(src))
    if n:
        assert dst.store is not None
        if isinstance(src, Slice):
            assert src.store is not None
            dst.store.move(dst._offset, src.store, src._offset, src._offset + n)
        else:
            dst.store.write(dst._offset, src[:n])
    return n


def clear(s: Slice) -> None:
    """Set the elements of `s` to zero; length and capacity stay."""
    if s.store is not None:
        s.store.clear(s._offset, s._offset + len(s))


# ------------------------------------------------------------------------------ package slices


def clone(s: Slice, *, heap: Heap) -> Slice:
    """Return ``slices.Clone(s)``: a copy with an array of its own.

    In 1.22 and 1.23 the clone of an empty slice kept the array of the original alive.
    """
    if s.is_nil:
        return s
    if heap.features.slices_clone_keeps_empty:
        return append_slice(s[0:0:0], s, heap=heap)
    return append_slice(make_slice(s.elem, 0, heap=heap), s, heap=heap)


def clip(s: Slice) -> Slice:
    """Return ``slices.Clip(s)``: no spare capacity to see; the array stays as large as it was."""
    return s[0 : len(s) : len(s)]


def grow(s: Slice, n: int, *, heap: Heap) -> Slice:
    """Return ``slices.Grow(s, n)``: room for `n` more elements.

    Raises
    ------
    GoPanic
        ``cannot be negative``.
    GoRuntimeError
        ``growslice: len out of range``.
    """
    if n < 0:
        raise GoPanic("cannot be negative")
    more = n - (s.cap - len(s))
    if more <= 0:
        return s
    return _with_room(s[: s.cap], more, heap, Place.HEAP)[: len(s)]


def insert(s: Slice, i: int, *values: Any, heap: Heap) -> Slice:
    """Return ``slices.Insert(s, i, values...)``.

    Raises
    ------
    GoRuntimeError
        `i` is out of range (up to 1.21 not when there is nothing to insert).
    """
    if heap.features.slices_check_first:
        s.slice(i)
    n, m = len(s), len(values)
    if not m:
        return s
    if i == n:
        return append(s, *values, heap=heap)
    if n + m > s.cap:
        kept = s[:i]
        if n + m < i:
            raise GoRuntimeError("makeslice: len out of range")
        grown = _with_room(kept, n + m - i, heap, Place.HEAP)
    else:
        grown = s[: n + m]
    # In this order: up to 1.21 it is here that an index out of range comes to light.
    copy(grown[i + m :], s[i:])
    assert grown.store is not None
    grown.store.write(grown._offset + i, values)
    return grown


def delete(s: Slice, i: int, j: int, *, heap: Heap) -> Slice:
    """Return ``slices.Delete(s, i, j)``: the tail moves down over the elements removed.

    What is left behind the new length is zeroed from 1.22 on; before, it stayed, and kept alive
    what it pointed at.

    Raises
    ------
    GoRuntimeError
        ``slice bounds out of range …``; which, depends on the version.
    """
    if not heap.features.slices_delete_clears:
        s.slice(i, j)
        return append_slice(s[:i], s[j:], heap=heap)
    s.slice(i, j, len(s))
    if i == j:
        return s
    shorter = append_slice(s[:i], s[j:], heap=heap)
    clear(s[len(shorter) :])
    return shorter


def delete_func(s: Slice, remove: Callable[[Any], bool], *, heap: Heap) -> Slice:
    """Return ``slices.DeleteFunc(s, remove)``; see :func:`delete` for what stays behind."""
    kept = 0
    for i, value in enumerate(s):
        if not remove(value):
            if kept != i:
                s[kept] = value
            kept += 1
    if heap.features.slices_delete_clears:
        clear(s[kept:])
    return s[:kept]


def index(s: Slice, value: Any) -> int:
    """Return ``slices.Index(s, value)``: where the first element equal to `value` is, or -1."""
    return next((i for i, v in enumerate(s) if v == value), -1)


def reverse(s: Slice) -> None:
    """Reverse the elements in place (``slices.Reverse``)."""
    if s.store is not None:
        s.store.write(s._offset, s.values()[::-1])


def sort(s: Slice, key: Callable[[Any], Any] | None = None) -> None:
    """Sort the elements in place (``slices.Sort``); NaN comes before all numbers."""
    if s.store is None:
        return
    if key is None and s.elem.kind in (Kind.FLOAT32, Kind.FLOAT64):
        key = _nan_first
    s.store.write(s._offset, sorted(s.values(), key=key))


def _nan_first(x: float) -> tuple[bool, float]:
    return (True, x) if x == x else (False, 0.0)


def equal(s: Slice, t: Slice) -> bool:
    """Return ``slices.Equal(s, t)``: same length and equal elements; nil and empty are equal."""
    return len(s) == len(t) and all(a == b for a, b in zip(s, t, strict=True))


def byte_slice(data: bytes, *, heap: Heap) -> Slice:
    """Return ``[]byte(string)`` that escapes: the capacity is all that the size class has."""
    if not data:
        return make_slice(BYTE, 0, heap=heap)
    capacity = roundupsize(len(data), True, heap.features)
    s = make_slice(BYTE, len(data), capacity, heap=heap)
    assert s.store is not None
    s.store.write(0, data)
    return s
