"""Package ``sync/atomic``: values read and changed in one step.

Methods are awaited.  Integers wrap around as in Go; what is stored is converted like ``int32(x)``.
A loop that only loads, waiting for another goroutine, would never let that one run; so after
10 000 operations without the clock moving a goroutine yields (`World.poll`), where a real process
would be preempted.

Go's counterpart: ``src/sync/atomic/type.go``, ``value.go``; memory model, "Atomic Values".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from gosim.runtime.forms import OBSERVED, Op, operation, two_forms
from gosim.runtime.g import CHOICE, PARK
from gosim.runtime.panic import gopanic
from gosim.std.iface import equal, same_type
from gosim.std.primitive import Primitive


class _Atomic(Primitive):
    """An object that holds one value."""

    __slots__ = ("_value",)

    package = "atomic"
    _value: Any

    def __copy__(self) -> Any:
        made = object.__new__(type(self))
        made.world, made._value = self.world, self._value
        made.made_like(self)
        return made

    def statistics(self) -> dict[str, Any]:
        """Return the value."""
        return {"value": self._value}

    def __gosim_referents__(self) -> Iterable[object]:
        return (self._value,)


@two_forms
class _Cell(_Atomic):
    """Loads and stores; subclasses say what a value is made into before it is kept."""

    __slots__ = ()

    def _convert(self, value: Any) -> Any:
        return value

    def _same(self, current: Any, old: Any) -> bool:
        return bool(current == old)

    @operation
    def load(self) -> Op:
        """Return the value."""
        w = self.world
        if w.g is None:
            w.misused(self, "load")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic load", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
        return self._value

    @operation
    def store(self, value: Any) -> Op:
        """Set the value."""
        value = self._convert(value)
        w = self.world
        if w.g is None:
            w.misused(self, "store")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("released", self, "atomic store")
        self._value = value
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)

    @operation
    def swap(self, new: Any) -> Op:
        """Set the value and return the one before."""
        new = self._convert(new)
        w = self.world
        if w.g is None:
            w.misused(self, "swap")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
            w.emit("released", self, "atomic")
        old, self._value = self._value, new
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return old

    @operation
    def compare_and_swap(self, old: Any, new: Any) -> Op:
        """Set the value to ``new`` if it is ``old``; return whether it was."""
        old, new = self._convert(old), self._convert(new)
        w = self.world
        if w.g is None:
            w.misused(self, "compare_and_swap")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
        if not self._same(self._value, old):
            return False
        if OBSERVED and w.observers:
            w.emit("released", self, "atomic")
        self._value = new
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return True


C = TypeVar("C", bound=type)


def _inherits_fast(cls: C) -> C:
    """Let the fast form of a class inherit the fast form of its base."""
    own = cls.__dict__.get("Fast", cls)
    base = cls.__mro__[1].__dict__["Fast"]
    made = type(cls.__name__, (own, base), {"__slots__": (), "__module__": cls.__module__})
    cls.Fast = made  # type: ignore[attr-defined]  # C is bound to type, which has no such name
    return cls


@_inherits_fast
@two_forms
class _Integer(_Cell):
    """An integer of ``bits`` bits, two's complement."""

    __slots__ = ()

    bits: ClassVar[int]
    signed: ClassVar[bool]

    def __init__(self, value: int = 0) -> None:
        self._value = self._convert(value)

    def _convert(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"atomic.{type(self).__name__} holds an int, not {value!r}")
        value &= (1 << self.bits) - 1
        if self.signed and value >> (self.bits - 1):
            value -= 1 << self.bits
        return int(value)

    @operation
    def add(self, delta: int) -> Op:
        """Add ``delta``, wrapping around, and return the new value."""
        w = self.world
        if w.g is None:
            w.misused(self, "add")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
            w.emit("released", self, "atomic")
        value = self._value = self._convert(self._value + delta)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return value

    @operation
    def and_(self, mask: int) -> Op:
        """Keep the bits in ``mask`` and return the value before (Go 1.23)."""
        w = self.world
        if w.g is None:
            w.misused(self, "and_")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
            w.emit("released", self, "atomic")
        old = self._value
        self._value = self._convert(old & mask)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return old
        yield

    @operation
    def or_(self, mask: int) -> Op:
        """Set the bits in ``mask`` and return the value before (Go 1.23)."""
        w = self.world
        if w.g is None:
            w.misused(self, "or_")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic store", self)
                yield CHOICE
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
            w.emit("released", self, "atomic")
        old = self._value
        self._value = self._convert(old | mask)
        if OBSERVED and w.observers:
            w.emit("lock_changed", self)
        return old
        yield


@_inherits_fast
class Int32(_Integer):
    """A signed 32-bit integer."""

    __slots__ = ()
    bits, signed = 32, True


@_inherits_fast
class Int64(_Integer):
    """A signed 64-bit integer."""

    __slots__ = ()
    bits, signed = 64, True


@_inherits_fast
class Uint32(_Integer):
    """An unsigned 32-bit integer."""

    __slots__ = ()
    bits, signed = 32, False


@_inherits_fast
class Uint64(_Integer):
    """An unsigned 64-bit integer."""

    __slots__ = ()
    bits, signed = 64, False


@_inherits_fast
class Uintptr(_Integer):
    """An unsigned integer of the size of an address, 64 bits."""

    __slots__ = ()
    bits, signed = 64, False


@_inherits_fast
class Bool(_Cell):
    """A truth value; new ones are false."""

    __slots__ = ()

    def __init__(self, value: bool = False) -> None:
        self._value = self._convert(value)

    def _convert(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError(f"atomic.Bool holds True or False, not {value!r}")
        return value


@_inherits_fast
class Pointer(_Cell):
    """A reference to an object, None at first; compared by identity, as pointers are."""

    __slots__ = ()

    def __init__(self, value: Any = None) -> None:
        self._value = value

    def _same(self, current: Any, old: Any) -> bool:
        return current is old


@two_forms
class Value(_Atomic):
    """Any value, all of one type after the first store (``src/sync/atomic/value.go``)."""

    __slots__ = ()

    def __init__(self) -> None:
        self._value = None

    @operation
    def load(self) -> Op:
        """Return the value stored last, None before the first."""
        w = self.world
        if w.g is None:
            w.misused(self, "load")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = ("atomic load", self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")
        return self._value

    @operation
    def store(self, value: Any) -> Op:
        """Set the value; panics for None and for another type than was stored first."""
        if value is None:
            gopanic("sync/atomic: store of nil value into Value")
        yield from self._step("atomic store")
        if self._value is not None and not same_type(self._value, value):
            gopanic("sync/atomic: store of inconsistently typed value into Value")
        self._put(value)

    @operation
    def swap(self, new: Any) -> Op:
        """Set the value and return the one before; panics like `store`."""
        if new is None:
            gopanic("sync/atomic: swap of nil value into Value")
        yield from self._step("atomic store")
        old = self._value
        if old is not None and not same_type(old, new):
            gopanic("sync/atomic: swap of inconsistently typed value into Value")
        self._put(new)
        return old

    @operation
    def compare_and_swap(self, old: Any, new: Any) -> Op:
        """Set the value to ``new`` if it equals ``old``; return whether it did.

        Panics like `store`, and when ``old`` and ``new`` differ in type or cannot be compared.
        """
        if new is None:
            gopanic("sync/atomic: compare and swap of nil value into Value")
        if old is not None and not same_type(old, new):
            gopanic("sync/atomic: compare and swap of inconsistently typed values")
        yield from self._step("atomic store")
        current = self._value
        if current is None:
            if old is not None:
                return False
        else:
            if not same_type(current, new):
                gopanic("sync/atomic: compare and swap of inconsistently typed value into Value")
            if not equal(current, old):
                return False
        self._put(new)
        return True

    def _step(self, kind: str) -> Op:
        w = self.world
        if w.g is None:
            w.misused(self, "change")
        if OBSERVED:
            if w.policy is not None and w.must_announce():
                w.g.pending = (kind, self)
                yield CHOICE
        if w.poll():
            w.gosched_prepare(w.g)
            yield PARK
        if OBSERVED and w.observers:
            w.emit("acquired", self, "atomic")

    def _put(self, value: Any) -> None:
        if OBSERVED and self.world.observers:
            self.world.emit("released", self, "atomic")
        self._value = value
        if OBSERVED and self.world.observers:
            self.world.emit("lock_changed", self)
