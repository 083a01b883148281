"""Calls of predeclared functions (Go: spec "Built-in functions") and of package unsafe."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.accesses import shown
from gosim.golang.compile.calls import CallMixin
from gosim.golang.compile.escape import HEAP, MOVES, MOVES_OR_STACK, STACK, STACK_BUFFER
from gosim.golang.compile.layout import is_aggregate, size, text
from gosim.golang.types import operand
from gosim.golang.types.objects import Builtin
from gosim.golang.types.types import (
    EMPTY_INTERFACE,
    IS_FLOAT,
    Array,
    Basic,
    Chan,
    Map,
    Pointer,
    Slice,
    Tuple,
    Type,
)

__all__ = ["BuiltinMixin"]


class BuiltinMixin(CallMixin):
    """Built-in functions."""

    def builtin_name(self, e: go.CallExpr) -> str:
        """The name of the built-in function that is called."""
        fun = unparen(e.fun)
        ident = fun.sel if isinstance(fun, go.SelectorExpr) else fun
        assert isinstance(ident, go.Ident)
        obj = self.info.uses[ident]
        assert isinstance(obj, Builtin)
        return obj.id_

    def builtin_call(self, e: go.CallExpr) -> ast.expr:
        """The call of a built-in function."""
        name = self.builtin_name(e)
        make = _BUILTINS.get(name)
        if make is None:
            self.unsupported(e.pos, f"unsafe.{name}")
            raise AssertionError
        made = make(self, e)
        self.position(e.lparen)
        return made

    def builtin_parts(self, e: go.CallExpr) -> tuple[ast.expr, list[ast.expr]]:
        """A built-in function as ``go`` and ``defer`` take it: arguments are evaluated now."""
        name = self.builtin_name(e)
        if name in ("print", "println"):
            return self.helper(name), self._printed(e)
        if name == "panic":
            return self.helper("gopanic"), [self.value(e.args[0], EMPTY_INTERFACE)]
        if name == "close":
            return self.helper("close"), [self.expr(e.args[0])]
        if name == "recover":
            return self.lambda_((), self.const(None)), []
        # The arguments as parameters of a lambda, the call inside it.
        values: list[ast.expr] = []
        names: list[str] = []
        races, self.races = self.races, False  # nothing can be awaited in a lambda
        made = self.builtin_call(e)
        self.races = races
        if isinstance(made, ast.Call):
            if isinstance(made.func, ast.Attribute):
                names.append(f".{len(names)}")
                values.append(made.func.value)
                made.func.value = self.name(names[-1])
            for i, arg in enumerate(made.args):
                if not isinstance(arg, ast.Constant):
                    names.append(f".{len(names)}")
                    values.append(arg)
                    made.args[i] = self.name(names[-1])
        return self.lambda_(names, made), values

    # -- each -------------------------------------------------------------------------------------

    def _type(self, e: go.Expr) -> Type:
        return self.typ(e).underlying()

    def _len(self, e: go.CallExpr) -> ast.expr:
        x = self.expr(e.args[0])
        u = self._type(e.args[0])
        if isinstance(u, Slice):
            return self.attr(x, "n")
        if isinstance(u, Map):
            return self.invoke("len", self.attr(self.read_map(x), "d"))
        if isinstance(u, Chan):
            return self.invoke("chan_len", x)
        if isinstance(u, Pointer):
            return self._length_after(x, u.base.underlying())
        if isinstance(u, Array):
            return self._length_after(x, u)
        return self.invoke("len", x)

    def _length_after(self, x: ast.expr, t: Type) -> ast.expr:
        """The length of an array whose operand must be evaluated."""
        assert isinstance(t, Array)
        if self.simple(x):
            return self.const(t.len)
        return self.index(self.tuple([x, self.const(t.len)]), self.const(1))

    def _cap(self, e: go.CallExpr) -> ast.expr:
        u = self._type(e.args[0])
        if isinstance(u, Slice):
            return self.attr(self.expr(e.args[0]), "c")
        if isinstance(u, Chan):
            return self.invoke("chan_cap", self.expr(e.args[0]))
        return self._len(e)

    def _append(self, e: go.CallExpr) -> ast.expr:
        t = self.typ(e)
        u = t.underlying()
        assert isinstance(u, Slice)
        s = self.value(e.args[0], t)
        elem = self.types.elem(u.elem)
        rest = e.args[1:]
        if not rest:
            return s
        if e.ellipsis:
            if self.is_nil(rest[0]):
                return s
            other = self._type(rest[0])
            helper = "append_string" if isinstance(other, Basic) else "append_slice"
            more = self.expr(rest[0])
            if self.races:
                return self._appended(helper, elem, s, -1, more)
            return self.invoke(helper, elem, s, more)
        values = [self.value(a, u.elem) for a in rest]
        self.position(e.lparen)
        if self.races and len(values) == 1:
            helper = "append1_struct" if is_aggregate(u.elem) else "append1"
            return self._appended(helper, elem, s, 1, values[0])
        if self.races:
            return self._appended("append", elem, s, len(values), self.tuple(values))
        place = self.slice_place(e) if size(u.elem) <= STACK_BUFFER else HEAP
        if place != HEAP:
            stays = self.const(place in (STACK, MOVES_OR_STACK))
            moves = self.const(place in (MOVES, MOVES_OR_STACK))
            if len(values) == 1 and not is_aggregate(u.elem):
                return self.invoke("append1_on_stack", elem, s, values[0], stays, moves)
            return self.invoke("append_on_stack", elem, s, self.tuple(values), stays, moves)
        if len(values) == 1:
            helper = "append1_struct" if is_aggregate(u.elem) else "append1"
            return self.invoke(helper, elem, s, values[0])
        return self.invoke("append", elem, s, self.tuple(values))

    def _appended(
        self, helper: str, elem: ast.expr, s: ast.expr, count: int, value: ast.expr
    ) -> ast.expr:
        """``append`` of `count` values, as a step of its own; -1: as many as `value` has."""
        f, n, name = self.helper(helper), self.const(count), self.const(shown(s))
        return self.access("appended", f, n, name, elem, s, value)

    def _copy(self, e: go.CallExpr) -> ast.expr:
        u = self._type(e.args[0])
        assert isinstance(u, Slice)
        to, source = self.expr(e.args[0]), self.expr(e.args[1])
        if isinstance(self._type(e.args[1]), Basic):
            return self.invoke("copy_string", to, source)
        elem = self.types.elem(u.elem)
        if self.races:
            name = self.const(shown(to))
            return self.access("copied", self.helper("copy_slice"), name, elem, to, source)
        return self.invoke("copy_slice", elem, to, source)

    def _clear(self, e: go.CallExpr) -> ast.expr:
        u = self._type(e.args[0])
        x = self.expr(e.args[0])
        if isinstance(u, Map):
            return self.invoke("clear_map", self.write_map(x))
        assert isinstance(u, Slice)
        return self.invoke("clear_slice", self.types.elem(u.elem), x)

    def _close(self, e: go.CallExpr) -> ast.expr:
        return self.wait(self.invoke("close", self.expr(e.args[0])))

    def _delete(self, e: go.CallExpr) -> ast.expr:
        u = self._type(e.args[0])
        assert isinstance(u, Map)
        m = self.write_map(self.expr(e.args[0]))
        key = self.map_key(e.args[1], u)
        if self.types.form(u.key) is not None:
            return self.invoke("delete_form", m, key)
        return self.method(self.attr(m, "d"), "pop", key, self.const(None))

    def _make(self, e: go.CallExpr) -> ast.expr:
        t = self.typ(e)
        u = t.underlying()
        sizes = [self._size(a) for a in e.args[1:]]
        self.position(e.lparen)
        if isinstance(u, Slice):
            return self.invoke("make_slice", self.types.elem(u.elem), *sizes)
        if isinstance(u, Map):
            if self.types.counts:
                return self.new_map(u, self.dict((), ()), *sizes)
            empty = self.invoke("Map", self.dict((), ()))
            if sizes and not isinstance(sizes[0], ast.Constant):
                return self.index(self.tuple([sizes[0], empty]), self.const(1))
            return empty
        assert isinstance(u, Chan)
        elem = self.types.chan_elem(u.elem)
        return self.invoke("chan", elem, *(sizes or [self.const(0)]))

    def _size(self, e: go.Expr) -> ast.expr:
        x = self.expr(e)
        u = self._type(e)
        if isinstance(x, ast.Constant):
            value: Any = x.value
            return self.const(int(value))
        if isinstance(u, Basic) and u.info & IS_FLOAT:
            return self.invoke("int", x)
        return x

    def _new(self, e: go.CallExpr) -> ast.expr:
        arg = e.args[0]
        tv = self.info.types.get(unparen(arg))
        if tv is not None and tv.mode == operand.TYPEXPR:
            t = self.typ(arg)
            x = self.zero(t)
        else:  # new(value), 1.26
            u = self.typ(e).underlying()
            assert isinstance(u, Pointer)
            t = u.base
            x = self.value(arg, t)
        return self.types.allocated(x, t)

    def _panic(self, e: go.CallExpr) -> ast.expr:
        x = self.value(e.args[0], EMPTY_INTERFACE)
        self.position(e.lparen)
        return self.invoke("gopanic", x)

    def _recover(self, e: go.CallExpr) -> ast.expr:
        return self.recover_call()

    def _print(self, e: go.CallExpr) -> ast.expr:
        return self.invoke(self.builtin_name(e), *self._printed(e))

    def _printed(self, e: go.CallExpr) -> list[ast.expr]:
        """Arguments of ``print``: pairs of a kind and a value."""
        made: list[ast.expr] = []
        for arg in e.args:
            t = self.typ(arg)
            if isinstance(t, Tuple):
                name = self.temp()
                whole: ast.expr = self.bind(name, self.expr(arg))
                for i, var in enumerate(t):
                    kind = self._printed_kind(self.resolve(var.type))
                    made += [self.const(kind), self.index(whole, self.const(i))]
                    whole = self.name(name)
                continue
            made += [self.const(self._printed_kind(t)), self.expr(arg)]
        return made

    def _printed_kind(self, t: Type) -> str:
        u = t.underlying()
        return text(u) if isinstance(u, Basic) else type(u).__name__.lower()

    def _min_max(self, e: go.CallExpr) -> ast.expr:
        name = self.builtin_name(e)
        t = self.typ(e)
        args = [self.value(a, t) for a in e.args]
        u = t.underlying()
        if len(args) == 1:
            return args[0]
        if isinstance(u, Basic) and u.info & IS_FLOAT:
            return self.invoke(f"float_{name}", *args)
        if len(args) == 2 and all(map(self.simple, args)):
            x, y = args
            return self.if_(self.compare(x, "<=" if name == "min" else ">=", y), x, y)
        return self.invoke(name, *args)

    def _complex(self, e: go.CallExpr) -> ast.expr:
        return self.invoke("complex", *[self.expr(a) for a in e.args])

    def _real(self, e: go.CallExpr) -> ast.expr:
        return self.attr(self.expr(e.args[0]), "real")

    def _imag(self, e: go.CallExpr) -> ast.expr:
        return self.attr(self.expr(e.args[0]), "imag")

    # -- others' ----------------------------------------------------------------------------------

    def map_key(self, e: go.Expr, m: Map) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError

    def recover_call(self) -> ast.expr:
        """What ``recover()`` is here (functions.py)."""
        raise NotImplementedError


_BUILTINS: dict[str, Callable[[Any, go.CallExpr], ast.expr]] = {
    "append": BuiltinMixin._append,
    "cap": BuiltinMixin._cap,
    "clear": BuiltinMixin._clear,
    "close": BuiltinMixin._close,
    "complex": BuiltinMixin._complex,
    "copy": BuiltinMixin._copy,
    "delete": BuiltinMixin._delete,
    "imag": BuiltinMixin._imag,
    "len": BuiltinMixin._len,
    "make": BuiltinMixin._make,
    "max": BuiltinMixin._min_max,
    "min": BuiltinMixin._min_max,
    "new": BuiltinMixin._new,
    "panic": BuiltinMixin._panic,
    "print": BuiltinMixin._print,
    "println": BuiltinMixin._print,
    "real": BuiltinMixin._real,
    "recover": BuiltinMixin._recover,
}
