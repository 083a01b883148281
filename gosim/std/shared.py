"""A plain variable that several goroutines use, for programs in Python.

In Go any variable may be shared; in Python programs one is written as ``x = gs.Shared(0)``, so
that exploration can let another goroutine come between two accesses, and a race of data can be
seen: ``x += 1`` is ``await x.set(await x.get() + 1)``, a read and a write.  Nothing else is
different from a variable: reading and writing it orders nothing (memory model, "Data races").  For
values that are synchronised there is `gosim.std.atomic`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, PARK
from gosim.std.primitive import Primitive

__all__ = ["Location", "Shared"]

T = TypeVar("T")


class Location(NamedTuple):
    """Where a variable of a compiled program lies.

    Attributes
    ----------
    of
        The object that it is a part of.
    part
        A field, or the index of an element; None for the whole.
    name : str
        What it is called in reports.
    kind : str
        Stands for objects of which nobody has said who made them: the same in every schedule.
    """

    of: Any
    part: Any
    name: str
    kind: str


@two_forms
class Shared(Primitive, Generic[T]):
    """A variable that goroutines share without synchronisation.

    Parameters
    ----------
    value
        What it holds at first.
    name : str
        What it is called in reports.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     x = gs.Shared(1)
    ...     await x.set(await x.get() + 1)
    ...     print(await x.get())
    >>> gs.run(main).stdout
    '2\\n'
    """

    __slots__ = ("_value", "name")

    package = "gosim"
    _value: T

    def __init__(self, value: T, name: str = "") -> None:
        self._value = value
        self.name = name

    def __copy__(self) -> Shared[T]:
        made: Shared[T] = Shared(self._value, self.name)
        made.made_like(self)
        return made

    @operation
    def get(self) -> Op:
        """Read the variable."""
        w = self.world
        if w.g is None:
            w.misused(self, "read")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("read", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("accessed", self, "read")
        return self._value

    @operation
    def set(self, value: T) -> Op:
        """Write the variable."""
        w = self.world
        if w.g is None:
            w.misused(self, "write")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("write", self)
                yield CHOICE
        if OBSERVED and w.observers:
            w.emit("accessed", self, "write")
        self._value = value
        return
        yield

    def statistics(self) -> dict[str, Any]:
        """Return the value."""
        return {"value": self._value}

    def __gosim_referents__(self) -> Iterable[object]:
        return (self._value,)
