"""Conversions ``T(x)`` (``types2/conversions.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang.types import constant
from gosim.golang.types.base import Base
from gosim.golang.types.const import CANNOT, represent
from gosim.golang.types.operand import CONSTANT, INVALID, VALUE, Operand
from gosim.golang.types.predicates import (
    all_string,
    default,
    identical,
    identical_ignore_tags,
    is_complex,
    is_const_type,
    is_integer,
    is_integer_or_float,
    is_non_type_param_interface,
    is_string,
    is_type_param,
    is_untyped,
)
from gosim.golang.types.types import (
    BYTE,
    RUNE,
    UINTPTR,
    UNSAFE_POINTER,
    Array,
    Basic,
    Pointer,
    Slice,
    Type,
    TypeParam,
    unalias,
)
from gosim.golang.types.under import under_is

__all__ = ["ConversionsMixin"]

_REPLACEMENT = "\ufffd".encode().decode("latin-1")


def _is_kind(typ: Type, kind: int) -> bool:
    return type(typ) is Basic and typ.kind == kind


def is_bytes_or_runes(typ: Type) -> bool:
    """Say whether the underlying type is a slice of bytes or runes."""
    u = typ.underlying()
    if type(u) is not Slice:
        return False
    elem = u.elem.underlying()
    return type(elem) is Basic and (elem.kind == BYTE or elem.kind == RUNE)


def _spell_rune(val: Any) -> str:
    """Return the UTF-8 bytes of a code point, those of U+FFFD when it is none."""
    if type(val) is int and 0 <= val <= 0x10FFFF and not 0xD800 <= val <= 0xDFFF:
        return chr(val).encode().decode("latin-1")
    return _REPLACEMENT


def _convert_constant(x: Operand, typ: Type) -> Any:
    """Return the constant `x` converted to a basic type, or `CANNOT`."""
    t = typ.underlying()
    if type(t) is not Basic:
        return CANNOT
    v = represent(x.val, t)
    if v is CANNOT and is_integer(x.type) and is_string(t):
        return _spell_rune(x.val)
    return v


class ConversionsMixin(Base):
    """The checker's methods for conversions."""

    def conversion(self, x: Operand, target: Type) -> None:
        """Check ``target(x)`` and make `x` the result; invalid after an error."""
        const_arg = x.mode == CONSTANT
        ok = False
        cause = ""
        if const_arg and is_const_type(target):
            v = _convert_constant(x, target)
            ok = v is not CANNOT
            if ok:
                x.val = v
            elif is_integer(target) and not is_integer(x.type):
                # A whole number has become an integer by now; errors show its digits.
                whole = constant.to_int(x.val)
                x.val = x.val if whole is None else whole
            elif is_integer(target):
                # Only overflow can be the reason.
                self.errorf(
                    x,
                    "InvalidConversion",
                    "constant %s overflows %s",
                    constant.string(x.val),
                    target,
                )
                x.mode = INVALID
                return
        elif const_arg and is_type_param(target):

            def convertible(u: Type | None) -> bool:
                nonlocal cause
                if u is None:
                    cause = self.sprintf("%s does not contain specific types", target)
                    return False
                if is_string(x.type) and is_bytes_or_runes(u):
                    return True
                if _convert_constant(x, u) is not CANNOT:
                    return True
                if is_integer(x.type) and is_integer(u):
                    cause = self.sprintf(
                        "constant %s overflows %s (in %s)", constant.string(x.val), u, target
                    )
                else:
                    cause = self.sprintf("cannot convert %s to type %s (in %s)", x, u, target)
                return False

            ok = under_is(target, convertible)
            # Type parameters are no constants.
            x.mode = VALUE
        else:
            ok, cause = self.convertible_to(x, target)
            if ok:
                x.mode = VALUE
        if not ok:
            if cause:
                self.errorf(
                    x,
                    "InvalidConversion",
                    "cannot convert %s to type %s: %s",
                    x,
                    target,
                    cause,
                )
            else:
                self.errorf(x, "InvalidConversion", "cannot convert %s to type %s", x, target)
            x.mode = INVALID
            return
        if is_untyped(x.type):
            final = target
            if x.is_nil():
                pass
            elif is_non_type_param_interface(target) or (const_arg and not is_const_type(target)):
                # In []byte("foo") the constant is a string.
                final = default(x.type)
            elif x.mode == CONSTANT and is_integer(x.type) and all_string(target):
                final = x.type
            self.update_expr_type(x.expr, final, True)
        x.type = target

    def convertible_to(self, x: Operand, target: Type) -> tuple[bool, str]:
        """Say whether a value can be converted to `target`, and if not perhaps why."""
        ok, _, cause = x.assignable_to(self, target)
        if ok:
            return True, ""
        orig = target
        v = unalias(x.type)
        t = unalias(target)
        vu = v.underlying()
        tu = t.underlying()
        vp = v if type(v) is TypeParam else None
        tp = t if type(t) is TypeParam else None
        if vp is None and tp is None and identical_ignore_tags(vu, tu):
            return True, ""
        if (
            type(v) is Pointer
            and type(t) is Pointer
            and identical_ignore_tags(v.base.underlying(), t.base.underlying())
            and not is_type_param(v.base)
            and not is_type_param(t.base)
        ):
            return True, ""
        if is_integer_or_float(vu) and is_integer_or_float(tu):
            return True, ""
        if is_complex(vu) and is_complex(tu):
            return True, ""
        if is_string(tu) and (is_integer(vu) or is_bytes_or_runes(vu)):
            return True, ""
        if is_string(vu) and is_bytes_or_runes(tu):
            return True, ""
        # unsafe.Pointer from and to pointers and uintptr.
        if _is_kind(tu, UNSAFE_POINTER) and (type(vu) is Pointer or _is_kind(vu, UINTPTR)):
            return True, ""
        if _is_kind(vu, UNSAFE_POINTER) and (type(tu) is Pointer or _is_kind(tu, UINTPTR)):
            return True, ""
        if type(vu) is Slice:
            if type(tu) is Array and identical(vu.elem, tu.elem):
                if self.allow_version(20):
                    return True, ""
                return False, "conversion of slice to array requires go1.20 or later"
            if type(tu) is Pointer:
                a = tu.base.underlying()
                if type(a) is Array and identical(vu.elem, a.elem):
                    if self.allow_version(17):
                        return True, ""
                    return False, "conversion of slice to array pointer requires go1.17 or later"
        if vp is None and tp is None:
            return False, cause

        def explain(format: str, *args: Any) -> None:
            nonlocal cause
            text = self.sprintf(format, *args)
            cause = text + "\n\t" + cause if cause else text

        def to_terms(x: Operand, source: TypeParam | None) -> bool:
            def each(term: Any) -> bool:
                nonlocal cause
                if term is None:
                    return False
                ok, why = self.convertible_to(x, term.type)
                if ok:
                    return True
                cause = why or cause
                if source is not None:
                    explain(
                        "cannot convert %s (in %s) to type %s (in %s)",
                        x.type,
                        source,
                        term.type,
                        tp,
                    )
                else:
                    explain("cannot convert %s to type %s (in %s)", x.type, term.type, tp)
                return False

            assert tp is not None
            return tp.is_(each)

        if vp is None:
            return to_terms(x, None), cause

        def from_term(term: Any) -> bool:
            nonlocal cause
            if term is None:
                return False
            y = Operand(x.mode, x.expr, term.type, x.val)
            if tp is not None:
                return to_terms(y, vp)
            ok, why = self.convertible_to(y, t)
            if ok:
                return True
            cause = why or cause
            explain("cannot convert %s (in %s) to type %s", term.type, vp, orig)
            return False

        return vp.is_(from_term), cause
