"""What package sql needs of Python: to store into what a pointer of any type points at."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.library.fmt import native as fmt
from gosim.golang.library.fmt import reading
from gosim.golang.values import rtype as types
from gosim.golang.values.pointers import Cell
from gosim.runtime.current import current_world
from gosim.runtime.netpoll import works_for
from gosim.std import sql


def pointee(dest: Any) -> tuple[int, int, bool]:
    t = reading.type_of(dest)
    if t.kind != types.POINTER or t.elem is None:
        return types.INVALID, 0, True
    return t.elem.kind, fmt.pointee(dest)[1], types.unbox(dest) is not None


def same(dest: Any, src: Any) -> bool:
    """Whether `src` has the type that `dest` points at, or one of the same kind."""
    elem = reading.type_of(dest).elem
    t = None if src is None else reading.type_of(src)
    assert elem is not None
    if t is None or t is elem:
        return t is elem
    return elem.kind == t.kind and types.BOOL <= t.kind <= types.STRING and elem.elem is t.elem


def store(dest: Any, value: Any) -> None:
    t = reading.type_of(dest)
    raw = types.unbox(dest)
    assert t.elem is not None
    if t.elem.kind in (types.STRUCT, types.ARRAY):
        raw.assign(types.unbox(value))
    else:
        fmt.store(dest, value)


def inner(dest: Any) -> Any:
    """A new variable of the type that a pointer to a pointer leads to; None if it is a struct."""
    t = reading.type_of(dest).elem
    assert t is not None and t.elem is not None
    zeros = {types.STRING: "", types.BOOL: False, types.FLOAT32: 0.0, types.FLOAT64: 0.0}
    if types.INT <= t.elem.kind <= types.UINTPTR:
        return t.box(Cell(0))
    return t.box(Cell(zeros[t.elem.kind])) if t.elem.kind in zeros else None


def made(db: Any) -> None:
    sql.book_of(current_world("sql.OpenDB"), types.unbox(db), sys._getframe(1))


def taken(db: Any, conn: Any, what: str) -> None:
    world = current_world("sql")
    sql.note_taken(world, types.unbox(db), types.unbox(conn), what, sys._getframe(1))


def worksFor() -> None:
    world = current_world("sql")
    works_for(world, sys._getframe(1), world.next_goid)
