"""Underlying types of all types that a type stands for (Go's ``under.go``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gosim.golang.types.types import SEND_RECV, Alias, Chan, Type, TypeParam, unalias


class TypeCause:
    """Why a type will not do, spelt only when somebody wants to know.

    ``check.text(cause)`` qualifies types for the checked package, ``str()`` gives full paths.
    """

    __slots__ = ("args", "format")

    def __init__(self, format: str, *args: Any) -> None:
        self.format = format
        self.args = args

    def __str__(self) -> str:
        return self.format % tuple([str(each) for each in self.args])

    def __bool__(self) -> bool:
        return bool(self.format)


#: A reason without words.
EMPTY_CAUSE = TypeCause("")


def under_is(t: Type, f: Callable[[Any], bool]) -> bool:
    """Whether `f` holds for the underlying type of `t`; for a type parameter, for all of them."""
    if type(t) is Alias:
        t = unalias(t)
    if type(t) is TypeParam:
        return t.typeset(lambda _, u: f(u))
    return f(t.underlying())


def typeset(t: Type) -> list[tuple[Any, Any]]:
    """Return the types of `t` and their underlying types, [(None, None)] for "any"."""
    p = unalias(t)
    if type(p) is not TypeParam:
        # Messages name an alias, not what it stands for.
        return [(t, t.underlying())]
    found: list[tuple[Any, Any]] = []

    def add(t: Any, u: Any) -> bool:
        found.append((t, u))
        return True

    p.typeset(add)
    return found


def common_under(
    t: Type, cond: Callable[[Any, Any], Any] | None = None
) -> tuple[Any, TypeCause | str | None]:
    """Return the underlying type that all types of `t` share, channel directions aside.

    Parameters
    ----------
    cond
        Asked for every type and its underlying one (None for no specific type); what it returns
        other than None is the reason to fail.

    Returns
    -------
    tuple
        (type, None), or (None, reason).
    """
    from gosim.golang.types.predicates import identical

    if type(unalias(t)) is not TypeParam:
        u = t.underlying()
        if cond is not None:
            reason = cond(t, u)
            if reason is not None:
                return None, reason
        return u, None
    ct: Any = None
    cu: Any = None
    for each, u in typeset(t):
        if cond is not None:
            reason = cond(each, u)
            if reason is not None:
                return None, reason
        if u is None:
            return None, TypeCause("no specific type")
        if cu is None:
            ct, cu = each, u
            continue
        if type(cu) is Chan and type(u) is Chan:
            if not identical(cu.elem, u.elem):
                return None, TypeCause("channels %s and %s have different element types", ct, each)
            if cu.dir != u.dir:
                if cu.dir == SEND_RECV:
                    ct, cu = each, u
                elif u.dir != SEND_RECV:
                    return None, TypeCause(
                        "channels %s and %s have conflicting directions", ct, each
                    )
            continue
        if not identical(cu, u):
            return None, TypeCause("%s and %s have different underlying types", ct, each)
    return cu, None
