"""The fields that Go's own types have, for those of which gosim has another model.

A mutex in a struct is printed with it: ``{{{} {0 0}} 5}``.
"""

from __future__ import annotations

import functools
from typing import Any

from gosim.golang.values import rtype as types
from gosim.golang.values.rtype import BASIC, Field, RType
from gosim.runtime import current
from gosim.std.time import Time

__all__ = ["fields"]

_PACKAGES = frozenset(("sync", "sync/atomic"))
#: Types of these whose only field stands for what a class of gosim's has.
_OPAQUE = frozenset(("context", "iter", "runtime", "time", "weak"))
_YEAR_1 = Time().unix()


def fields(t: RType) -> tuple[Field, ...]:
    """Return the fields of a struct type as they are printed."""
    if t.pkg in _PACKAGES:
        world = current.world
        shape = _shape(t.name, t, world is None or world.version.internal_sync)
        if shape is not None:
            return shape
    elif t.pkg in _OPAQUE and len(t.fields) == 1 and t.fields[0].name == "_":
        return _time() if t.name in ("Time", "time.Time") else ()
    return t.fields


def _zero(_: Any) -> int:
    return 0


def _same(value: Any) -> Any:
    return value


def _field(name: str, t: RType, get: Any = _same) -> Field:
    return Field(name, t, get, name[:1].isupper())


def _struct(name: str, *parts: Field) -> RType:
    package, _, short = name.rpartition(".")
    t = types.named("internal/" + package, package, short)
    types.complete(t, types.struct_of(parts, package))
    return t


_INT32, _UINT32 = BASIC["int32"], BASIC["uint32"]
_NO_COPY = _field("_", _struct("sync.noCopy"))
_ATOMIC_NO_COPY = _field("_", _struct("atomic.noCopy"))
_ALIGN = _field("_", _struct("atomic.align64"))


def _atomic(name: str, get: Any) -> Field:
    """A field that is an integer of sync/atomic."""
    bits = BASIC[name.lower()]
    align = (_ALIGN,) if name.endswith("64") else ()
    v = _field("v", bits, get)
    return _field("", _struct(f"atomic.{name}", _ATOMIC_NO_COPY, *align, v))


def _value(atomic: Any) -> Any:
    return atomic._value


def _state(mutex: Any) -> int:
    locked, woken, starving = int(mutex.locked), int(mutex.woken), int(mutex.starving)
    waiters: int = mutex.waiters
    return locked | woken << 1 | starving << 2 | waiters << 3


def _counters(group: Any) -> int:
    counter: int = group.counter
    waiters: int = group.waiters
    return counter << 32 | waiters


@functools.cache
def _time() -> tuple[Field, ...]:
    location = types.pointer_to(_struct("time.Location"))
    return (
        _field("wall", BASIC["uint64"], lambda t: t.ns % 1_000_000_000),
        _field("ext", BASIC["int64"], lambda t: t.unix() - _YEAR_1),
        _field("loc", location, _attribute("zone")),
    )


@functools.cache
def _mutex(new: bool) -> tuple[Field, ...]:
    parts = (_field("state", _INT32, _state), _field("sema", _UINT32, _zero))
    return (_NO_COPY, _field("mu", _struct("sync.Mutex", *parts))) if new else parts


def _named(name: str, f: Field) -> Field:
    return f._replace(name=name, exported=False)


def _attribute(name: str) -> Any:
    return lambda value: getattr(value, name)


@functools.cache
def _shape(name: str, t: RType, new: bool) -> tuple[Field, ...] | None:
    if name == "Mutex":
        return _mutex(new)
    mutex = _struct("sync.Mutex", *_mutex(new))
    if name == "RWMutex":
        return (
            _field("w", mutex, _attribute("w")),
            _field("writerSem", _UINT32, _zero),
            _field("readerSem", _UINT32, _zero),
            _named("readerCount", _atomic("Int32", _attribute("reader_count"))),
            _named("readerWait", _atomic("Int32", _attribute("reader_wait"))),
        )
    if name == "WaitGroup":
        no_copy = _named("noCopy", _NO_COPY)
        state = _named("state", _atomic("Uint64", _counters))
        return no_copy, state, _field("sema", _UINT32, _zero)
    if name == "Once":
        flag = _field("v", _UINT32, lambda once: int(once.done))
        done = _field("done", _struct("atomic.Bool", _ATOMIC_NO_COPY, flag))
        return _NO_COPY, done, _field("m", mutex, _attribute("m"))
    if name in ("Int32", "Uint32", "Uintptr"):
        return _ATOMIC_NO_COPY, _field("v", BASIC[name.lower()], _value)
    if name in ("Int64", "Uint64"):
        return _ATOMIC_NO_COPY, _ALIGN, _field("v", BASIC[name.lower()], _value)
    if name == "Bool":
        return _ATOMIC_NO_COPY, _field("v", _UINT32, lambda b: int(b._value))
    if name == "Value":
        return (_field("v", types.ANY, _value),)
    if name.startswith("Pointer[") and t.fields and t.fields[0].type.elem is not None:
        empty = types.array_of(0, t.fields[0].type)
        return (
            _field("_", empty, lambda _: ()),
            _ATOMIC_NO_COPY,
            _field("v", BASIC["unsafe.Pointer"], _value),
        )
    return None
