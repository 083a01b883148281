"""Operands: what the checker knows of an expression while it checks it."""

from __future__ import annotations

from typing import Any

from gosim.golang.ast import Expr, source_of
from gosim.golang.types import constant
from gosim.golang.types.predicates import (
    has_empty_typeset,
    has_name,
    identical,
    is_generic,
    is_untyped,
    is_valid,
)
from gosim.golang.types.types import (
    IS_UNTYPED,
    SEND_RECV,
    TYP,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_NIL,
    UNTYPED_RUNE,
    UNTYPED_STRING,
    Alias,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Term,
    Tuple,
    Type,
    TypeParam,
    Union,
    unalias,
)
from gosim.golang.types.typestring import Qualifier, TypeWriter

# Modes of operands.
INVALID = 0
NOVALUE = 1
BUILTIN = 2
TYPEXPR = 3
CONSTANT = 4
VARIABLE = 5
MAPINDEX = 6
VALUE = 7
NILVALUE = 8
COMMAOK = 9
COMMAERR = 10

#: What messages call the modes.
MODES = (
    "invalid operand",
    "no value",
    "built-in",
    "type",
    "constant",
    "variable",
    "map index expression",
    "value",
    "nil",
    "comma, ok expression",
    "comma, error expression",
)

_INVALID_TYPE = TYP[0]
_UNTYPED_NIL_TYPE = TYP[UNTYPED_NIL]
_LITERAL_KINDS = {
    "INT": UNTYPED_INT,
    "FLOAT": UNTYPED_FLOAT,
    "IMAG": UNTYPED_COMPLEX,
    "CHAR": UNTYPED_RUNE,
    "STRING": UNTYPED_STRING,
}
_COMPOSITE_KINDS: dict[type[Type], str] = {
    Array: "array",
    Slice: "slice",
    Struct: "struct",
    Pointer: "pointer",
    Signature: "func",
    Interface: "interface",
    Map: "map",
    Chan: "chan",
    Tuple: "tuple",
    Union: "union",
}


def composite_kind(t: Type) -> str:
    """Return the kind of a composite type, empty for basic ones."""
    return _COMPOSITE_KINDS.get(type(t.underlying()), "")


class Operand:
    """An intermediate value of the checker.

    Attributes
    ----------
    mode
        `INVALID`, `NOVALUE`, … `COMMAERR`.
    expr
        The expression, None for some made up by the checker.
    type
        Its type.
    val
        Its value if the mode is `CONSTANT`; None there is an unknown value.
    id
        The name of the function if the mode is `BUILTIN`.
    """

    __slots__ = ("expr", "id", "mode", "type", "val")

    # What is there depends on the mode, which a type checker of Python cannot follow.
    type: Any
    expr: Any
    val: Any

    def __init__(
        self,
        mode: int = INVALID,
        expr: Expr | None = None,
        type: Type | None = None,
        val: constant.Value = None,
        id: str = "",
    ) -> None:
        self.mode = mode
        self.expr = expr
        self.type = type
        self.val = val
        self.id = id

    def copy(self) -> Operand:
        """Return a copy."""
        return Operand(self.mode, self.expr, self.type, self.val, self.id)

    def assign(self, other: Operand) -> None:
        """Become what `other` is (Go's ``*x = *y``)."""
        self.mode = other.mode
        self.expr = other.expr
        self.type = other.type
        self.val = other.val
        self.id = other.id

    @property
    def pos(self) -> int:
        """Where the expression begins, 0 if there is none."""
        return 0 if self.expr is None else self.expr.pos

    def is_valid(self) -> bool:
        """Whether no error was found in it."""
        return self.mode != INVALID

    def invalidate(self) -> None:
        """Say that an error was found in it."""
        self.mode = INVALID

    def is_nil(self) -> bool:
        """Whether it is ``nil``."""
        return self.mode == NILVALUE

    # ------------------------------------------------------------------ text

    def describe(self, qualifier: Qualifier = None, place: Any = None) -> str:
        """Describe it as messages do: ``x (variable of type int)``."""
        mode = self.mode
        t = self.type
        writer = TypeWriter(qualifier, place)
        if mode == NILVALUE:
            if t is None or t is _INVALID_TYPE:
                return "nil (with invalid type)"
            if t is _UNTYPED_NIL_TYPE:
                return "nil"
            return f"nil (of type {writer.type(t)})"
        source = ""
        if self.expr is not None:
            source = source_of(self.expr)
        elif mode == BUILTIN:
            source = self.id
        elif mode == TYPEXPR:
            source = writer.type(t)
        elif mode == CONSTANT:
            source = constant.string(self.val)
        text = ""
        has_type = False
        if mode not in (INVALID, NOVALUE, BUILTIN, TYPEXPR) and t is not None:
            if is_untyped(t):
                text = t.name + " "
            else:
                has_type = True
        text += MODES[mode]
        if mode == CONSTANT:
            value = constant.string(self.val)
            if value != source:
                text += " " + value
        if has_type:
            text += self._type_description(t, writer)
        return f"{source} ({text})" if source else text

    def _type_description(self, typ: Type, writer: TypeWriter) -> str:
        t: Any = typ
        if not is_valid(t):
            return " with invalid type"
        what = "generic " if is_generic(t) else ""
        tpar = unalias(t)
        if type(tpar) is not TypeParam:
            if type(t) is Alias or type(t) is Named:
                basic: Any = t.underlying()
                what += (composite_kind(t) or basic.name) + " "
            return f" of {what}type {writer.type(t)}"
        text = f" of {what}type {writer.type(t)} constrained by {writer.type(tpar.bound)}"
        if has_empty_typeset(tpar):
            text += " with empty type set"
        return text

    def __str__(self) -> str:
        return self.describe()

    def __repr__(self) -> str:
        return f"<{self}>"

    # ------------------------------------------------------------------ assignability

    def assignable_to(self, check: Any, target: Type) -> tuple[bool, str, str]:
        """Say whether it can be assigned to a variable of type `target` (spec, "Assignability").

        Returns
        -------
        tuple
            Whether; Go's name of the kind of error if not; why not, maybe empty.
        """
        v = self.type
        if v is target or self.mode == INVALID or not is_valid(target):
            return True, "", ""
        v = unalias(v)
        t = unalias(target)
        if identical(v, t):
            return True, "", ""
        vu = v.underlying()
        tu = t.underlying()
        v_param = type(v) is TypeParam
        t_param = type(t) is TypeParam
        if type(vu) is Basic and vu.info & IS_UNTYPED:
            if t_param:

                def fits(term: Term | None) -> bool:
                    return (
                        term is not None
                        and check.implicit_type_and_value(self, term.type)[0] is not None
                    )

                return t.is_(fits), "IncompatibleAssign", ""
            ok = check.implicit_type_and_value(self, t)[0] is not None
            return ok, "IncompatibleAssign", ""
        # Identical underlying types, one of them without a name.
        if (
            not v_param
            and not t_param
            and type(vu) is type(tu)
            and (not has_name(v) or not has_name(t))
            and identical(vu, tu)
        ):
            return True, "", ""
        cause = ""
        # An interface that the operand implements; pointers to interfaces for the message.
        if (type(tu) is Interface and not t_param) or (
            type(tu) is Pointer and type(tu.base.underlying()) is Interface
        ):
            ok, cause = check.implements(v, t, False)
            if ok:
                return True, "", ""
            if not v_param:
                return False, "InvalidIfaceAssign", cause
            cause = ""
        if type(vu) is Interface and not v_param and check.implements(t, v, False)[0]:
            return False, "IncompatibleAssign", "need type assertion"
        # A bidirectional channel, one of the types without a name.
        if (
            type(vu) is Chan
            and vu.dir == SEND_RECV
            and type(tu) is Chan
            and identical(vu.elem, tu.elem)
        ):
            return not has_name(v) or not has_name(t), "InvalidChanAssign", ""
        if not v_param and not t_param:
            return False, "IncompatibleAssign", cause
        return self._assignable_to_terms(check, v, t, target)

    def _assignable_to_terms(
        self, check: Any, v: Any, t: Any, target: Type
    ) -> tuple[bool, str, str]:
        # One of the two is a type parameter.
        ok, code, cause = False, "IncompatibleAssign", ""
        if not has_name(v) and type(t) is TypeParam:

            def to_term(term: Term | None) -> bool:
                nonlocal ok, code, cause
                if term is None:
                    return False
                ok, code, cause = self.assignable_to(check, term.type)
                if not ok:
                    text = check.sprintf("cannot assign %s to %s (in %s)", self.type, term.type, t)
                    cause = f"{text}\n\t{cause}" if cause else text
                return ok

            t.is_(to_term)
            return ok, code, cause
        if type(v) is TypeParam and not has_name(t):
            x = self.copy()

            def from_term(term: Term | None) -> bool:
                nonlocal ok, code, cause
                if term is None:
                    return False
                x.type = term.type
                ok, code, cause = x.assignable_to(check, t)
                if not ok:
                    text = check.sprintf("cannot assign %s (in %s) to %s", term.type, v, target)
                    cause = f"{text}\n\t{cause}" if cause else text
                return ok

            v.is_(from_term)
            return ok, code, cause
        return False, code, cause
