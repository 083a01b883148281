"""Calls of the functions of package unsafe (``types2/builtins.go``)."""

from __future__ import annotations

from gosim.golang import ast
from gosim.golang.ast import unparen
from gosim.golang.types import sizes
from gosim.golang.types.base import Base
from gosim.golang.types.lookup import deref_struct_ptr, lookup_field_or_method
from gosim.golang.types.objects import RESULT_VAR, Func, new_param, new_var
from gosim.golang.types.operand import (
    CONSTANT,
    INVALID,
    VALUE,
    VARIABLE,
    Operand,
)
from gosim.golang.types.predicates import (
    default,
)
from gosim.golang.types.types import (
    STRING,
    TYP,
    UINTPTR,
    UNSAFE_POINTER,
    Array,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    TypeParam,
    unalias,
)
from gosim.golang.types.under import common_under
from gosim.golang.types.universe import universe_byte

__all__ = ["UnsafeMixin", "make_sig"]

INVALID_ARG = "invalid argument: "


def make_sig(res: Type | None, *args: Type) -> Signature:
    """Return the signature a builtin has in one call; untyped arguments have their default type."""
    params = Tuple([new_param(0, None, "", default(t)) for t in args])
    results = Tuple([]) if res is None else Tuple([new_var(RESULT_VAR, 0, None, "", res)])
    return Signature(None, params, results)


class UnsafeMixin(Base):
    """One method for each function; returns whether the call is valid."""

    def unsafe_add(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 17, "unsafe.Add")
        self.assignment(x, TYP[UNSAFE_POINTER], "argument to unsafe.Add")
        if x.mode == INVALID:
            return False
        y = args[1]
        if not self.is_valid_index(y, "InvalidUnsafeAdd", "length", True):
            return False
        x.mode = VALUE
        x.type = TYP[UNSAFE_POINTER]
        self.record_builtin_type(call.fun, make_sig(x.type, x.type, y.type))
        return True

    def sizeof(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.assignment(x, None, "argument to unsafe." + id)
        if x.mode == INVALID:
            return False
        if self.has_var_size(x.type):
            x.mode = VALUE
            self.record_builtin_type(call.fun, make_sig(TYP[UINTPTR], x.type))
        else:
            n = sizes.sizeof(x.type) if id == "Sizeof" else sizes.alignof(x.type)
            if n < 0:
                self.errorf(x, "TypeTooLarge", "%s is too large", x)
                return False
            x.mode = CONSTANT
            x.val = n
        x.type = TYP[UINTPTR]
        return True

    def offsetof(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        arg0 = call.args[0]
        selx = unparen(arg0)
        if type(selx) is not ast.SelectorExpr:
            self.errorf(
                arg0,
                "BadOffsetofSyntax",
                INVALID_ARG + "%s is not a selector expression",
                arg0,
            )
            self.use(arg0)
            return False
        self.expr(None, x, selx.x)
        if x.mode == INVALID:
            return False
        base = deref_struct_ptr(x.type)
        sel = selx.sel.name
        obj, index, indirect = lookup_field_or_method(base, False, self.pkg, sel, False)
        if obj is None:
            self.errorf(
                x,
                "MissingFieldOrMethod",
                INVALID_ARG + "%s has no single field %s",
                base,
                sel,
            )
            return False
        assert index is not None
        if type(obj) is Func:
            self.errorf(arg0, "InvalidOffsetof", INVALID_ARG + "%s is a method value", arg0)
            return False
        if indirect:
            self.errorf(
                x,
                "InvalidOffsetof",
                INVALID_ARG + "field %s is embedded via a pointer in %s",
                sel,
                base,
            )
            return False
        self.record_selection(selx, "field", base, obj, index, False)
        mode = VARIABLE if x.mode == VARIABLE else VALUE
        self.record(Operand(mode, selx, obj.type))
        if self.has_var_size(base):
            x.mode = VALUE
            self.record_builtin_type(call.fun, make_sig(TYP[UINTPTR], obj.type))
        else:
            n = sizes.offsetof(base, index)
            if n < 0:
                self.errorf(x, "TypeTooLarge", "%s is too large", x)
                return False
            x.mode = CONSTANT
            x.val = n
        x.type = TYP[UINTPTR]
        return True

    def unsafe_slice(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 17, "unsafe.Slice")
        ptr, _ = common_under(x.type, None)
        if type(ptr) is not Pointer:
            self.errorf(x, "InvalidUnsafeSlice", INVALID_ARG + "%s is not a pointer", x)
            return False
        y = args[1]
        if not self.is_valid_index(y, "InvalidUnsafeSlice", "length", False):
            return False
        x.mode = VALUE
        x.type = Slice(ptr.base)
        self.record_builtin_type(call.fun, make_sig(x.type, ptr, y.type))
        return True

    def slice_data(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 20, "unsafe.SliceData")
        slice_, _ = common_under(x.type, None)
        if type(slice_) is not Slice:
            self.errorf(x, "InvalidUnsafeSliceData", INVALID_ARG + "%s is not a slice", x)
            return False
        x.mode = VALUE
        x.type = Pointer(slice_.elem)
        self.record_builtin_type(call.fun, make_sig(x.type, slice_))
        return True

    def unsafe_string(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 20, "unsafe.String")
        self.assignment(x, Pointer(universe_byte), "argument to unsafe.String")
        if x.mode == INVALID:
            return False
        y = args[1]
        if not self.is_valid_index(y, "InvalidUnsafeString", "length", False):
            return False
        x.mode = VALUE
        x.type = TYP[STRING]
        self.record_builtin_type(call.fun, make_sig(x.type, Pointer(universe_byte), y.type))
        return True

    def string_data(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 20, "unsafe.StringData")
        self.assignment(x, TYP[STRING], "argument to unsafe.StringData")
        if x.mode == INVALID:
            return False
        x.mode = VALUE
        x.type = Pointer(universe_byte)
        self.record_builtin_type(call.fun, make_sig(x.type, TYP[STRING]))
        return True

    def has_var_size(self, t: Type) -> bool:
        """Say whether type parameters, or a cycle not yet reported, leave the size open."""
        t = unalias(t)
        if type(t) is TypeParam:
            return True
        if type(t) is Array:
            return self.has_var_size(t.elem)
        if type(t) is Struct:
            return any(self.has_var_size(f.type) for f in t.fields)
        if type(t) is Named:
            known = self.var_sized.get(t)
            if known is not None:
                return known
            at = self.obj_path_idx.get(t.obj)
            if at is not None:
                cycle = self.obj_path[at:]
                self.cycle_error(cycle, self.first_in_src(cycle))
                return True
            self.push(t.obj)
            t.unpack()
            found = t.from_rhs is not None and self.has_var_size(t.from_rhs)
            self.pop()
            self.var_sized[t] = found
            return found
        return False
