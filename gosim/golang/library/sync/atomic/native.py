"""Atomic functions on variables: ``p`` is a pointer, an object with the variable in ``v``."""

from __future__ import annotations

from typing import Any

from gosim.golang.values.pointers import ElementPointer, FieldPointer
from gosim.runtime import current
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import CHOICE, PARK
from gosim.std.shared import Location


def _place(p: Any) -> Location:
    """Return the place that a pointer points at: the same for all pointers to it."""
    if type(p) is FieldPointer:
        return Location(p.of, p.name, p.name, type(p.of).__name__)
    if type(p) is ElementPointer:
        return Location(p.a, p.i, "", "elements")
    return Location(p, "v", "", "variable")


def _step(kind: str, p: Any) -> Op:
    """Let others come before, under an exploring policy or when this goroutine only spins."""
    w = current.world or current.current_world("sync/atomic")
    if w.policy is not None and w.must_announce():
        w.g.pending = (kind, _place(p))
        yield CHOICE
    if w.poll():
        w.gosched_prepare(w.g)
        yield PARK
    if w.observers:
        place = _place(p)
        writes = kind != "atomic load"
        w.emit("accessed", place, "atomic write" if writes else "atomic read")
        if kind != "atomic store":
            w.emit("acquired", place, "atomic")
        if writes:
            w.emit("released", place, "atomic store" if kind == "atomic store" else "atomic")


def _functions(bits: int, signed: bool) -> tuple[Any, ...]:
    mask = (1 << bits) - 1
    half = 1 << (bits - 1) if signed else 0

    @operation
    def add(p: Any, delta: int) -> Op:
        yield from _step("atomic change", p)
        value = p.v = ((p.v + delta + half) & mask) - half
        return value

    @operation
    def and_(p: Any, value: int) -> Op:
        yield from _step("atomic change", p)
        old = p.v
        p.v = old & value
        return old

    @operation
    def or_(p: Any, value: int) -> Op:
        yield from _step("atomic change", p)
        old = p.v
        p.v = old | value
        return old

    return add, and_, or_


@operation
def _load(p: Any) -> Op:
    yield from _step("atomic load", p)
    return p.v


@operation
def _store(p: Any, value: Any) -> Op:
    yield from _step("atomic store", p)
    p.v = value


@operation
def _swap(p: Any, new: Any) -> Op:
    yield from _step("atomic change", p)
    old, p.v = p.v, new
    return old


@operation
def _compare_and_swap(p: Any, old: Any, new: Any) -> Op:
    yield from _step("atomic change", p)
    if p.v != old:
        return False
    p.v = new
    return True


@operation
def CompareAndSwapPointer(p: Any, old: Any, new: Any) -> Op:
    """``atomic.CompareAndSwapPointer``."""
    yield from _step("atomic change", p)
    if p.v is not old:
        return False
    p.v = new
    return True


LoadPointer, StorePointer, SwapPointer = _load, _store, _swap

for _name, _bits, _signed in (
    ("Int32", 32, True),
    ("Int64", 64, True),
    ("Uint32", 32, False),
    ("Uint64", 64, False),
    ("Uintptr", 64, False),
):
    _add, _and, _or = _functions(_bits, _signed)
    globals().update(
        {
            f"Add{_name}": _add,
            f"And{_name}": _and,
            f"Or{_name}": _or,
            f"Load{_name}": _load,
            f"Store{_name}": _store,
            f"Swap{_name}": _swap,
            f"CompareAndSwap{_name}": _compare_and_swap,
        }
    )
