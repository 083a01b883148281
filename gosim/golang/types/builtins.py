"""Calls of predeclared functions and those of package unsafe (``types2/builtins.go``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from gosim.golang import ast
from gosim.golang.types import constant
from gosim.golang.types.objects import TypeName
from gosim.golang.types.operand import (
    BUILTIN,
    CONSTANT,
    INVALID,
    NOVALUE,
    TYPEXPR,
    VALUE,
    Operand,
)
from gosim.golang.types.predicates import (
    all_ordered,
    all_string,
    identical,
    is_boolean,
    is_numeric,
    is_string,
    is_type_param,
    is_untyped,
    is_valid,
)
from gosim.golang.types.types import (
    COMPLEX64,
    COMPLEX128,
    EMPTY_INTERFACE,
    FLOAT32,
    FLOAT64,
    INT,
    RECV_ONLY,
    TYP,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Term,
    Type,
    TypeParam,
    Union,
    unalias,
)
from gosim.golang.types.under import common_under, typeset, under_is
from gosim.golang.types.universe import PREDECLARED_FUNCS, universe_byte
from gosim.golang.types.unsafe import UnsafeMixin, make_sig

__all__ = ["BuiltinsMixin"]

INVALID_ARG = "invalid argument: "
INVALID_OP = "invalid operation: "

#: These look at their arguments themselves.
_SPECIAL = frozenset({"make", "new", "Offsetof", "trace"})


def _array_ptr_deref(typ: Type | None) -> Type | None:
    """Return the array a pointer points at; other types as they are."""
    p = unalias(typ) if typ is not None else None
    if type(p) is Pointer:
        a = p.base.underlying()
        if type(a) is Array:
            return a
    return typ


class BuiltinsMixin(UnsafeMixin):
    """The checker's methods for builtins: one for each, that returns whether the call is valid."""

    def builtin(self, x: Operand, call: ast.CallExpr, id: str) -> bool:
        """Check the call of a builtin; `x` becomes the result, its expression is not set.

        Returns
        -------
        bool
            Whether the call is valid; if not, the error was reported.
        """
        info = PREDECLARED_FUNCS[id]
        if call.ellipsis and id != "append":
            self.errorf(
                call,
                "InvalidDotDotDot",
                INVALID_OP + "invalid use of ... with built-in %s",
                id,
            )
            self.use(*call.args)
            return False
        # len(x) is a constant only if nothing is called in x.
        sized = id == "len" or id == "cap"
        saved = self.has_call_or_recv
        if sized:
            self.has_call_or_recv = False
        args: list[Operand] = []
        if id in _SPECIAL:
            nargs = len(call.args)
        else:
            args = self.expr_list(call.args)
            nargs = len(args)
            for a in args:
                if a.mode == INVALID:
                    if sized:
                        self.has_call_or_recv = saved
                    return False
            if nargs:
                x.assign(args[0])
        what = ""
        if nargs < info.nargs:
            what = "not enough"
        elif nargs > info.nargs and not info.variadic:
            what = "too many"
        if what:
            self.errorf(
                call,
                "WrongArgCount",
                INVALID_OP + "%s arguments for %s (expected %d, found %d)",
                what,
                call,
                info.nargs,
                nargs,
            )
            ok = False
        else:
            ok = self._BUILTINS[id](self, x, call, args, id)
        if sized:
            self.has_call_or_recv = saved
        return ok

    def _append(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        elem, why = self._slice_elem(x)
        if elem is None:
            self.errorf(x, "InvalidAppend", "invalid append: %s", why)
            return False
        sig: Signature | None = None
        if call.ellipsis and len(args) == 2:
            # append([]byte, string...)
            if x.assignable_to(self, Slice(universe_byte))[0]:
                y = args[1]
                has_string = False
                for _, u in typeset(y.type):
                    if type(u) is Slice and identical(u.elem, universe_byte):
                        continue
                    if u is not None and is_string(u):
                        has_string = True
                        continue
                    has_string = False
                    break
                if has_string:
                    sig = make_sig(x.type, x.type, y.type)
                    sig.variadic = True
        if sig is None:
            sig = make_sig(x.type, x.type, Slice(elem))
            sig.variadic = True
            self.arguments(call, sig, [], [], args, [])
        self.record_builtin_type(call.fun, sig)
        x.mode = VALUE
        return True

    def _len(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        mode = INVALID
        val = None
        under = x.type.underlying()
        t = _array_ptr_deref(under)
        cls = type(t)
        if cls is Slice or cls is Chan:
            mode = VALUE
        elif cls is Basic:
            if id == "len" and is_string(under):
                mode = VALUE
                if x.mode == CONSTANT:
                    mode = CONSTANT
                    val = None if x.val is None else len(x.val)
        elif cls is Map:
            if id == "len":
                mode = VALUE
        elif type(t) is Array:
            mode = VALUE
            if not self.has_call_or_recv:
                mode = CONSTANT
                val = t.len if t.len >= 0 else None
        elif cls is Interface and is_type_param(x.type):

            def sized(u: Type | None) -> bool:
                t = _array_ptr_deref(u)
                cls = type(t)
                if cls is Array or cls is Slice or cls is Chan:
                    return True
                return id == "len" and (cls is Map or (type(t) is Basic and is_string(t)))

            if under_is(x.type, sized):
                mode = VALUE
        if mode == INVALID:
            if is_valid(under):
                code = "InvalidLen" if id == "len" else "InvalidCap"
                self.errorf(x, code, INVALID_ARG + "%s for built-in %s", x, id)
            return False
        if mode != CONSTANT:
            self.record_builtin_type(call.fun, make_sig(TYP[INT], x.type))
        x.mode = mode
        x.type = TYP[INT]
        x.val = val
        return True

    def _clear(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 21, "clear")

        def clearable(u: Type | None) -> bool:
            if type(u) is Map or type(u) is Slice:
                return True
            self.errorf(
                x,
                "InvalidClear",
                INVALID_ARG + "cannot clear %s: argument must be (or constrained by) map or slice",
                x,
            )
            return False

        if not under_is(x.type, clearable):
            return False
        x.mode = NOVALUE
        self.record_builtin_type(call.fun, make_sig(None, x.type))
        return True

    def _close(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        def closeable(u: Type | None) -> bool:
            if type(u) is not Chan:
                self.errorf(x, "InvalidClose", INVALID_OP + "cannot close non-channel %s", x)
                return False
            if u.dir == RECV_ONLY:
                self.errorf(
                    x, "InvalidClose", INVALID_OP + "cannot close receive-only channel %s", x
                )
                return False
            return True

        if not under_is(x.type, closeable):
            return False
        x.mode = NOVALUE
        self.record_builtin_type(call.fun, make_sig(None, x.type))
        return True

    def _complex(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        y = args[1]
        if is_untyped(x.type) and is_untyped(y.type):
            if x.mode == CONSTANT and y.mode == CONSTANT:
                for a in (x, y):
                    if is_numeric(a.type) and _is_real(a.val):
                        a.type = TYP[UNTYPED_FLOAT]
            else:
                # A shift that waits for its type: it will not like this one.
                self.convert_untyped(x, TYP[FLOAT64])
                self.convert_untyped(y, TYP[FLOAT64])
        elif is_untyped(x.type):
            self.convert_untyped(x, y.type)
        elif is_untyped(y.type):
            self.convert_untyped(y, x.type)
        if x.mode == INVALID or y.mode == INVALID:
            return False
        if not identical(x.type, y.type):
            self.errorf(
                x,
                "InvalidComplex",
                INVALID_OP + "%s (mismatched types %s and %s)",
                call,
                x.type,
                y.type,
            )
            return False
        result = self._apply_type_func(_complex_of, x, id)
        if result is None:
            self.errorf(
                x,
                "InvalidComplex",
                INVALID_ARG + "arguments have type %s, expected floating-point",
                x.type,
            )
            return False
        if x.mode == CONSTANT and y.mode == CONSTANT:
            x.val = constant.make_complex(constant.to_float(x.val), constant.to_float(y.val))
        else:
            x.mode = VALUE
            self.record_builtin_type(call.fun, make_sig(result, x.type, x.type))
        x.type = result
        return True

    def _copy(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        dst, why = self._slice_elem(x)
        if dst is None:
            self.errorf(x, "InvalidCopy", "invalid copy: %s", why)
            return False
        y = args[1]
        special = False
        if x.assignable_to(self, Slice(universe_byte))[0]:
            special = all(
                (type(u) is Slice and identical(u.elem, universe_byte))
                or (u is not None and is_string(u))
                for _, u in typeset(y.type)
            )
        if not special:
            src, why = self._slice_elem(y)
            if src is None:
                # With a string the elements tell more.
                if not all_string(y.type):
                    self.errorf(y, "InvalidCopy", "invalid copy: %s", why)
                    return False
                src = universe_byte
            if not identical(dst, src):
                self.errorf(
                    x,
                    "InvalidCopy",
                    "invalid copy: arguments %s and %s have different element types %s and %s",
                    x,
                    y,
                    dst,
                    src,
                )
                return False
        self.record_builtin_type(call.fun, make_sig(TYP[INT], x.type, y.type))
        x.mode = VALUE
        x.type = TYP[INT]
        return True

    def _delete(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        map_ = x.type
        key: Type | None = None

        def keyed(u: Type | None) -> bool:
            nonlocal key
            if type(u) is not Map:
                self.errorf(x, "InvalidDelete", INVALID_ARG + "%s is not a map", x)
                return False
            if key is not None and not identical(u.key, key):
                self.errorf(
                    x,
                    "InvalidDelete",
                    INVALID_ARG + "maps of %s must have identical key types",
                    x,
                )
                return False
            key = u.key
            return True

        if not under_is(map_, keyed) or key is None:
            return False
        x.assign(args[1])
        self.assignment(x, key, "argument to delete")
        if x.mode == INVALID:
            return False
        x.mode = NOVALUE
        self.record_builtin_type(call.fun, make_sig(None, map_, key))
        return True

    def _real(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        if is_untyped(x.type):
            if x.mode == CONSTANT:
                # Every number is a complex one.
                if is_numeric(x.type):
                    x.type = TYP[UNTYPED_COMPLEX]
            else:
                self.convert_untyped(x, TYP[COMPLEX128])
                if x.mode == INVALID:
                    return False
        result = self._apply_type_func(_float_of, x, id)
        if result is None:
            self.errorf(
                x,
                "InvalidReal" if id == "real" else "InvalidImag",
                INVALID_ARG + "argument has type %s, expected complex type",
                x.type,
            )
            return False
        if x.mode == CONSTANT:
            if x.val is not None:
                x.val = constant.real(x.val) if id == "real" else constant.imag(x.val)
        else:
            x.mode = VALUE
            self.record_builtin_type(call.fun, make_sig(result, x.type))
        x.type = result
        return True

    def _make(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        arg0 = call.args[0]
        typ = self.var_type(arg0)
        if not is_valid(typ):
            return False
        u: Type | None = typ.underlying()
        if is_type_param(typ) or type(u) not in (Slice, Map, Chan):

            def made(_: Type | None, u: Type | None) -> str | None:
                if type(u) in (Slice, Map, Chan):
                    return None
                return "no specific type" if u is None else "type must be slice, map, or channel"

            u, why = common_under(typ, made)
            if why is not None:
                self.errorf(arg0, "InvalidMake", INVALID_ARG + "cannot make %s: %s", arg0, why)
                return False
        least = 2 if type(u) is Slice else 1
        nargs = len(call.args)
        if not least <= nargs <= least + 1:
            self.errorf(
                call,
                "WrongArgCount",
                INVALID_OP + "%s expects %d or %d arguments; found %d",
                call,
                least,
                least + 1,
                nargs,
            )
            return False
        types = [typ]
        known = []
        for arg in call.args[1:]:
            size_type, size = self.index(arg, -1)
            types.append(size_type)
            if size >= 0:
                known.append(size)
        if len(known) == 2 and known[0] > known[1]:
            self.error(call.args[1], "SwappedMakeArgs", INVALID_ARG + "length and capacity swapped")
        x.mode = VALUE
        x.type = typ
        self.record_builtin_type(call.fun, make_sig(typ, *types))
        return True

    def _min_max(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        self.verify_versionf(call.fun, 21, "built-in %s", id)
        op = "<" if id == "min" else ">"
        for i, a in enumerate(args):
            if a.mode == INVALID:
                return False
            if not all_ordered(a.type):
                self.errorf(a, "InvalidMinMaxOperand", INVALID_ARG + "%s cannot be ordered", a)
                return False
            if i == 0:
                continue
            self.match_types(x, a)
            if x.mode == INVALID:
                return False
            if not identical(x.type, a.type):
                self.errorf(
                    a,
                    "MismatchedTypes",
                    INVALID_ARG + "mismatched types %s (previous argument) and %s (type of %s)",
                    x.type,
                    a.type,
                    a.expr,
                )
                return False
            if x.mode == CONSTANT and a.mode == CONSTANT:
                if x.val is not None and a.val is not None and constant.compare(a.val, op, x.val):
                    x.assign(a)
            else:
                x.mode = VALUE
        if x.mode != CONSTANT:
            x.mode = VALUE
            # A value is typed.
            self.assignment(x, EMPTY_INTERFACE, "argument to built-in " + id)
            if x.mode == INVALID:
                return False
        for a in args:
            self.update_expr_type(a.expr, x.type, True)
        if x.mode != CONSTANT:
            self.record_builtin_type(call.fun, make_sig(x.type, *[x.type] * len(args)))
        return True

    def _new(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        arg = call.args[0]
        self.expr_or_type(x, arg, False)
        self.exclude(x, 1 << NOVALUE | 1 << BUILTIN)
        if x.mode == INVALID:
            return False
        if x.mode == TYPEXPR:
            self.valid_var_type(arg, x.type)
        else:
            # new(expr)
            if is_untyped(x.type):
                self.assignment(x, None, "argument to new")
                if x.mode == INVALID:
                    return False
            self.verify_versionf(call.fun, 26, "new(%s)", arg)
        typ = x.type
        x.mode = VALUE
        x.type = Pointer(typ)
        self.record_builtin_type(call.fun, make_sig(x.type, typ))
        return True

    def _panic(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        # What ends a function needs no return behind it.
        if self.sig is not None and self.sig.results.vars:
            self.is_panic.add(call)
        self.assignment(x, EMPTY_INTERFACE, "argument to panic")
        if x.mode == INVALID:
            return False
        x.mode = NOVALUE
        self.record_builtin_type(call.fun, make_sig(None, EMPTY_INTERFACE))
        return True

    def _print(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        types = []
        for a in args:
            self.assignment(a, None, "argument to built-in " + id)
            if a.mode == INVALID:
                return False
            types.append(a.type)
        x.mode = NOVALUE
        self.record_builtin_type(call.fun, make_sig(None, *types))
        return True

    def _recover(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        x.mode = VALUE
        x.type = EMPTY_INTERFACE
        self.record_builtin_type(call.fun, make_sig(x.type))
        return True

    # ------------------------------------------------------------- only in Go's tests of checkers

    def _assert(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        if x.mode != CONSTANT or not is_boolean(x.type):
            self.errorf(x, "Test", INVALID_ARG + "%s is not a boolean constant", x)
            return False
        if type(x.val) is not bool:
            self.errorf(x, "Test", "internal error: value of %s should be a boolean constant", x)
            return False
        if not x.val:
            self.errorf(call, "Test", "%s failed", call)
        return True

    def _trace(self, x: Operand, call: ast.CallExpr, args: list[Operand], id: str) -> bool:
        if not call.args:
            x.mode = NOVALUE
            return True
        into = x
        for arg in call.args:
            self.raw_expr(None, into, arg, None, False)
            into = Operand()
        return x.mode != INVALID

    _BUILTINS: ClassVar[dict[str, Callable[..., bool]]] = {
        "append": _append,
        "cap": _len,
        "clear": _clear,
        "close": _close,
        "complex": _complex,
        "copy": _copy,
        "delete": _delete,
        "imag": _real,
        "len": _len,
        "make": _make,
        "max": _min_max,
        "min": _min_max,
        "new": _new,
        "panic": _panic,
        "print": _print,
        "println": _print,
        "real": _real,
        "recover": _recover,
        "Add": UnsafeMixin.unsafe_add,
        "Alignof": UnsafeMixin.sizeof,
        "Offsetof": UnsafeMixin.offsetof,
        "Sizeof": UnsafeMixin.sizeof,
        "Slice": UnsafeMixin.unsafe_slice,
        "SliceData": UnsafeMixin.slice_data,
        "String": UnsafeMixin.unsafe_string,
        "StringData": UnsafeMixin.string_data,
        "assert": _assert,
        "trace": _trace,
    }

    # ------------------------------------------------------------- helpers

    def _slice_elem(self, x: Operand) -> tuple[Type | None, str]:
        """Return the element type of a slice operand, or None and why there is none."""
        elem: Type | None = None
        for _, u in typeset(x.type):
            if type(u) is not Slice:
                if x.is_nil():
                    return None, "argument must be a slice; have untyped nil"
                return None, self.sprintf("argument must be a slice; have %s", x)
            if elem is None:
                elem = u.elem
            elif not identical(elem, u.elem):
                return None, self.sprintf(
                    "mismatched slice element types %s and %s in %s", elem, u.elem, x
                )
        return elem, ""

    def _apply_type_func(
        self, f: Callable[[Type], Type | None], x: Operand, id: str
    ) -> Type | None:
        """Apply `f` to the type of `x`, for a type parameter to all types of its type set."""
        tp = unalias(x.type)
        if type(tp) is not TypeParam:
            return f(x.type)
        terms: list[Term] = []

        def each(term: Any) -> bool:
            result = None if term is None else f(term.type)
            if result is None:
                return False
            terms.append(Term(term.tilde, result))
            return True

        if not tp.is_(each):
            return None
        self.soft_errorf(
            x,
            {"real": "InvalidReal", "imag": "InvalidImag", "complex": "InvalidComplex"}[id],
            "%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)",
            x,
            id,
        )
        # The result is a type parameter that nobody wrote.
        name = TypeName(0, self.pkg, tp.obj.name, None)
        bound = Interface([], [Union(terms)])
        bound.complete = True
        result = self.new_type_param(name, bound)
        result.index = tp.index
        return result


def _is_real(val: Any) -> bool:
    return val is not None and constant.sign(constant.imag(val)) == 0


_COMPLEX = {
    FLOAT32: COMPLEX64,
    FLOAT64: COMPLEX128,
    UNTYPED_FLOAT: UNTYPED_COMPLEX,
}
_FLOAT = {of: part for part, of in _COMPLEX.items()}


def _complex_of(typ: Type) -> Type | None:
    u = typ.underlying()
    kind = _COMPLEX.get(u.kind) if type(u) is Basic else None
    return None if kind is None else TYP[kind]


def _float_of(typ: Type) -> Type | None:
    u = typ.underlying()
    kind = _FLOAT.get(u.kind) if type(u) is Basic else None
    return None if kind is None else TYP[kind]
