"""Arrays: values, copied whole when assigned and passed (Go: spec "Array types").

An :class:`Array` stands for both a variable of an array type and a pointer to it, as Go lets both
be indexed alike. Python assigns references, so a program says where Go copies: ``b = a.copy()``.
Copies share their elements until one of them changes: a hundred copies of ``[1000000]int`` cost
nothing until they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, overload

from gosim.memory import types
from gosim.memory.errors import Misuse
from gosim.memory.heap import Heap
from gosim.memory.pointer import OFF_HEAP, ElementPointer, Home
from gosim.memory.slice import BackingArray, Slice, index_error, no_index
from gosim.memory.types import Kind, Type


def array_type(elem: Type, length: int) -> Type:
    """Return ``[length]elem`` as the type of a variable: its zero value can be changed.

    Raises
    ------
    ValueError
        For a negative length, with the compiler's words.
    """
    return replace(types.array_of(elem, length), make=Array)


class Array:
    """An array variable: a value, and at the same time what points at it.

    ``a[i]`` and ``a[i] = v`` index it, ``a[i:j]`` is a slice of it that shares the elements,
    ``for v in a`` ranges over a copy, as in Go.

    Parameters
    ----------
    go_type : Type
        Its type.
    store : BackingArray, optional
        Where the elements are; zeros of its own when left out.
    home : Heap or OffHeap
        Whose barrier stores pass.
    owner : object
        What it is a part of: a slice of this array keeps that alive.

    Attributes
    ----------
    store : BackingArray
        The elements. It is on the heap when the array was made with ``new``.

    Examples
    --------
    >>> a = Array(array_type(types.INT, 3))
    >>> b = a.copy()
    >>> b[0] = 7
    >>> list(a), list(b), a == b
    ([0, 0, 0], [7, 0, 0], False)
    """

    __slots__ = ("__weakref__", "_owner", "go_type", "store")

    def __init__(
        self,
        go_type: Type,
        store: BackingArray | None = None,
        *,
        home: Home = OFF_HEAP,
        owner: object = None,
    ) -> None:
        self.go_type = go_type
        self._owner = owner
        if store is None:
            assert go_type.elem is not None
            store = BackingArray(go_type.elem, go_type.length, home, on_stack=True)
        self.store = store

    @property
    def allocated(self) -> int:
        """Bytes taken from the heap; 0 if it does not lie there itself."""
        return self.store.allocated

    @property
    def value(self) -> Array:
        """The array itself, ``*p``; assigning copies into it."""
        return self

    @value.setter
    def value(self, value: Array) -> None:
        taken = same_type(value, self.go_type)
        if taken is not self:
            self.store.move(0, taken.store, 0, len(self))

    def copy(self) -> Array:
        """Return an array of the same values, as assigning it does; it shares them until written.

        The copy is on no heap.
        """
        return Array(self.go_type, self.store.copied())

    def copied_to(self, heap: Heap) -> Array:
        """Return a copy on the heap."""
        return Array(self.go_type, self.store.copied(heap=heap, on_stack=False))

    def __gosim_part__(self, home: Home) -> Array:
        """Return the copy that is a part of something else: a field, an element."""
        store = self.store.copied()
        store._heap = home
        return Array(self.go_type, store)

    def __gosim_seen__(self, owner: object) -> Array:
        """Return what a program gets that asks `owner` for this part of it."""
        return Array(self.go_type, self.store, owner=owner)

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this, or a pointer to it, is a value of type `t`."""
        return self.go_type == (t.elem if t.kind is Kind.POINTER else t)

    def __gosim_assign__(self, value: Array) -> None:
        """Take the values of another, made for this: who points at this one sees them."""
        self.store.move(0, value.store, 0, len(self))

    def __gosim_move__(self, home: Home) -> None:
        """Become a part of something at `home`, with all that was written."""
        self.store._heap = home
        if self.store._changeable:
            for cell in self.store.references():
                cell.__gosim_move__(home)

    def __len__(self) -> int:
        return self.go_type.length

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter(self.store.read(0, len(self)))

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Slice: ...
    def __getitem__(self, index: int | slice) -> Any:
        if type(index) is not int:
            if isinstance(index, slice):
                return self.slice(index.start, index.stop, index.step)
            index = self._checked(index)
        if not 0 <= index < self.go_type.length:
            raise index_error(index, len(self))
        return self.store.get(index)

    def __setitem__(self, index: int, value: Any) -> None:
        if type(index) is not int:
            index = self._checked(index)
        if not 0 <= index < self.go_type.length:
            raise index_error(index, len(self))
        self.store.set(index, value)

    def _checked(self, index: object) -> int:
        if not isinstance(index, int):
            raise no_index("array", index)
        return int(index)

    def slice(
        self, low: int | None = None, high: int | None = None, top: int | None = None
    ) -> Slice:
        """Return ``a[low:high:top]``; what is None is left out.

        Raises
        ------
        GoRuntimeError
            ``slice bounds out of range …``, with the length, as a slice says of its capacity.
        """
        self._keep_owner()
        whole = Slice(self.store.elem, self.store, 0, len(self), len(self))
        return whole.slice(low, high, top, limit_name="length")

    def _keep_owner(self) -> None:
        # Only now: an owner and its part that refer to each other outlive their last reference.
        if self._owner is not None:
            self.store.owner = self._owner

    def pointer(self, i: int) -> ElementPointer:
        """Return ``&a[i]``."""
        if not 0 <= self._checked(i) < len(self):
            raise index_error(i, len(self))
        self._keep_owner()
        return ElementPointer(self.store, i)

    def values(self) -> list[Any] | bytearray:
        """Return a Python copy of the elements; bytes as a bytearray."""
        return self.store.read(0, len(self))

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.store,) if self._owner is None else (self.store, self._owner)

    def __eq__(self, other: object) -> bool:
        """Compare element by element; two arrays made with ``new`` as pointers."""
        if self is other:
            return True
        if not isinstance(other, Array):
            return NotImplemented
        if self.allocated and other.allocated:
            return self.store is other.store
        return self.go_type == other.go_type and (
            self.store is other.store or self.values() == other.values()
        )

    def __hash__(self) -> int:
        if self.allocated:
            return hash(id(self.store))
        return hash(tuple(self.values()))

    def __repr__(self) -> str:
        shown = " ".join(repr(v) for v in self.store.read(0, min(len(self), 8)))
        more = " …" if len(self) > 8 else ""
        return f"<{'*' * (self.allocated > 0)}{self.go_type} [{shown}{more}]>"


def same_type(value: object, go_type: Type) -> Array:
    """Return `value` if it is an array of this type.

    Raises
    ------
    TypeError
        It is not.
    """
    if not isinstance(value, Array) or value.go_type != go_type:
        raise Misuse(f"{value!r} is no {go_type}")
    return value


def array_of_values(go_type: Type, values: Sequence[Any], *, home: Home = OFF_HEAP) -> Array:
    """Return the array literal ``[n]T{values...}``; what is left out is zero.

    Raises
    ------
    ValueError
        There are more values than elements, with the compiler's words.
    """
    if len(values) > go_type.length:
        n = go_type.length
        raise ValueError(f"index {n} is out of bounds (>= {n}): {go_type} has {n} elements")
    made = Array(go_type, home=home)
    made.store.write(0, values)
    return made


def from_slice(s: Slice, length: int, *, home: Home = OFF_HEAP) -> Array:
    """Return ``[length]T(s)``.

    Raises
    ------
    GoRuntimeError
        The slice is shorter.
    """
    return array_of_values(array_type(s.elem, length), s.to_array(length), home=home)


def new_array(go_type: Type, *, heap: Heap) -> Array:
    """Return ``new([n]T)``: an array of zeros on the heap."""
    assert go_type.elem is not None
    return Array(go_type, BackingArray(go_type.elem, go_type.length, heap))
