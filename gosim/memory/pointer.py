"""Pointers: what ``new`` returns, ``&s[i]`` and ``&x.field`` (Go: spec "Address operators").

A pointer to a struct or an array is the changeable struct or array itself. The classes here point
at what Python cannot change in place: a variable of its own (:class:`Box`), an element of an array,
a field of a struct. A pointer into the middle of an object keeps the whole object alive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from sys import getrefcount
from typing import TYPE_CHECKING, Any, Final

from gosim.memory.heap import Heap, Object
from gosim.memory.types import Kind, Type, taken, zero_value

if TYPE_CHECKING:
    from gosim.memory.slice import BackingArray


def _no_heap() -> None:
    return None


class OffHeap:
    """Stands for the heap in values that do not lie there: their stores pass its barrier all the
    same, because the collector does not look at them again.

    Attributes
    ----------
    find : callable
        Returns the heap of the program that runs now, or None. This floor knows of no programs;
        ``gosim.std.values`` says what to call.
    """

    __slots__ = ("find",)

    def __init__(self) -> None:
        self.find: Callable[[], Heap | None] = _no_heap

    @property
    def marking(self) -> bool:
        """Whether a collector is marking."""
        heap = self.find()
        return heap is not None and heap.marking

    def barrier(self, old: object, new: object) -> None:
        """Tell it that a pointer to `old` is overwritten by one to `new`."""
        heap = self.find()
        if heap is not None:
            heap.barrier(old, new)


OFF_HEAP: Final = OffHeap()

Home = Heap | OffHeap
"""Whose write barrier a value's stores pass."""


def is_held(part: Any) -> bool:
    """Whether a struct that lies in something is referred to from elsewhere, too, in whole or part.

    The caller has it in one variable.
    """
    return type(part) is getattr(part, "_gs_part", None) and (
        getrefcount(part) > _HELD_BY_PLACE or part.part_held
    )


def _count_of_one_place() -> int:
    """What `is_held` counts of a part that only its place and the caller refer to."""

    def count(part: object) -> int:
        return getrefcount(part)

    place = [Object()]
    part = place[0]
    return count(part)


_HELD_BY_PLACE: Final = _count_of_one_place()


def shade(heap: Heap, made: Object) -> None:
    """Pass the barrier for what an object that was just made refers to: it is black already."""
    for referent in made.__gosim_referents__():
        heap.barrier(None, referent)


class Box(Object):
    """A variable on the heap that holds one value: what ``new(int)`` points at, and the pointer.

    Parameters
    ----------
    elem : Type
        Type of the variable.
    value : object
        What it holds; the zero value when left out.
    heap : Heap
        Where it is allocated.

    Examples
    --------
    >>> from gosim.memory.features import features
    >>> from gosim.memory.types import INT
    >>> p = Box(INT, heap=Heap(features("1.27")))
    >>> p.value += 5
    >>> p.value, p.allocated
    (5, 16)
    """

    __slots__ = ("__weakref__", "_heap", "_value", "elem")

    def __init__(self, elem: Type, value: Any = None, *, heap: Heap) -> None:
        self.elem = elem
        self._heap = heap
        if value is None:
            value = zero_value(elem)
        elif type(value) not in elem.known:
            value = taken(elem, value)
        self._value = value
        heap.allocate(self, elem.size, elem.noscan)
        if heap.marking:
            shade(heap, self)

    @property
    def value(self) -> Any:
        """What it points at, ``*p``."""
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        if type(value) not in self.elem.known:
            value = taken(self.elem, value)
        if self._heap.marking and not self.elem.noscan:
            self._heap.barrier(self._value, value)
        self._value = value

    def __gosim_referents__(self) -> Iterable[object]:
        return () if self.elem.noscan else (self._value,)

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return t.kind is Kind.POINTER and t.elem == self.elem

    def __repr__(self) -> str:
        return f"<*{self.elem} to {self._value!r}>"


class ElementPointer:
    """A pointer to an element, ``&s[i]``: it keeps the whole backing array alive.

    Attributes
    ----------
    store : BackingArray
        The array.
    index : int
        The element in the array.
    """

    __slots__ = ("index", "store")

    def __init__(self, store: BackingArray, index: int) -> None:
        self.store = store
        self.index = index

    @property
    def value(self) -> Any:
        """What it points at, ``*p``."""
        return self.store.get(self.index)

    @value.setter
    def value(self, value: Any) -> None:
        self.store.set(self.index, value)

    @property
    def extent(self) -> tuple[int, int, int]:
        """Bytes of the element: start and, twice, end."""
        size = self.store.elem.size
        end = (self.index + 1) * size
        return end - size, end, end

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.store,)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ElementPointer):
            return NotImplemented
        return self.store is other.store and self.index == other.index

    def __hash__(self) -> int:
        return hash((id(self.store), self.index))

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return t.kind is Kind.POINTER and t.elem == self.store.elem

    def __repr__(self) -> str:
        return f"<*{self.store.elem} to element {self.index} of {self.store.length}>"


class FieldPointer:
    """A pointer to a field, ``&x.field``: it keeps the whole struct alive.

    Attributes
    ----------
    store : Struct
        The struct.
    name : str
        The field.
    """

    __slots__ = ("name", "store")

    def __init__(self, store: Any, name: str) -> None:
        self.store = store
        self.name = name

    @property
    def value(self) -> Any:
        """What it points at, ``*p``."""
        return getattr(self.store, self.name)

    @value.setter
    def value(self, value: Any) -> None:
        setattr(self.store, self.name, value)

    @property
    def go_type(self) -> Type:
        """The type of the field."""
        t: Type = self.store.go_type
        return next(f.type for f in t.fields if f.name == self.name)

    @property
    def extent(self) -> tuple[int, int, int]:
        """Bytes of the field: start and, twice, end."""
        start = self.store.go_type.offsetof(self.name)
        end = start + self.go_type.size
        return start, end, end

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.store,)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FieldPointer):
            return NotImplemented
        return self.store is other.store and self.name == other.name

    def __hash__(self) -> int:
        return hash((id(self.store), self.name))

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this is a value of type `t`."""
        return t.kind is Kind.POINTER and t.elem == self.go_type

    def __repr__(self) -> str:
        return f"<pointer to {self.store.go_type}.{self.name}>"
