"""Words for selectors that denote nothing (``types2/errsupport.go``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.golang.types.objects import Func, Object, Var, is_exported

if TYPE_CHECKING:
    from gosim.golang.types.base import Base
    from gosim.golang.types.types import Type

__all__ = ["lookup_error"]


def lookup_error(check: Base, typ: Type, sel: str, obj: Object | None, struct_lit: bool) -> str:
    """Say why `sel` is neither field nor method of `typ`.

    Parameters
    ----------
    obj
        A field or method of nearly that name, or None.
    struct_lit
        Whether `sel` stands in a struct literal.
    """
    case = "missing"
    alt = ""
    if obj is not None:
        alt = obj.name
        if obj.pkg is check.pkg:
            case = "misspelled"
        elif is_exported(sel):
            if is_exported(alt):
                case = "misspelled"
            elif sel[1:] == alt[1:]:
                case = "unexported"
        elif is_exported(alt):
            if sel[1:] == alt[1:]:
                case = "misspelled"
        elif sel == alt:
            case = "inaccessible"
    name = check.text(typ)
    if struct_lit:
        if case == "inaccessible":
            return f"cannot refer to unexported field {alt} in struct literal of type {name}"
        text = f"unknown field {sel} in struct literal of type {name}"
        if case == "misspelled":
            return f"{text}, but does have {alt}"
        if case == "unexported":
            return f"{text}, but does have unexported {alt}"
        return text
    what = "object"
    if type(obj) is Var:
        what = "field"
    elif type(obj) is Func:
        what = "method"
    if case == "inaccessible":
        return f"cannot refer to unexported {what} {alt}"
    text = f"type {name} has no field or method {sel}"
    if case == "misspelled":
        return f"{text}, but does have {what} {alt}"
    if case == "unexported":
        return f"{text}, but does have unexported {what} {alt}"
    return text
