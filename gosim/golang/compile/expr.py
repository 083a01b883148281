"""Expressions: values, names, selectors, elements, function values.

`ExprMixin` is all of C1's part of `FuncCompiler`; operators, calls, conversions, literals and
places are in files of their own.
"""

from __future__ import annotations

import ast
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.builtins import BuiltinMixin
from gosim.golang.compile.generics import substitute
from gosim.golang.compile.layout import attribute, is_aggregate, method_name
from gosim.golang.compile.methods import field_steps
from gosim.golang.compile.places import PlaceMixin
from gosim.golang.compile.rtypes import is_byte
from gosim.golang.types import operand
from gosim.golang.types.info import Selection
from gosim.golang.types.objects import Func, Nil, Var
from gosim.golang.types.types import (
    Array,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    as_named,
    unalias,
)

__all__ = ["ExprMixin"]

_SIMPLE = (ast.Name, ast.Constant)


class ExprMixin(PlaceMixin, BuiltinMixin):
    """Every form of expression."""

    # -- types -------------------------------------------------------------------------------------

    def resolve(self, t: Type) -> Type:
        """`t` with the type parameters of this instance replaced."""
        return substitute(t, self.subst) if self.subst else t

    def typ(self, e: go.Expr) -> Type:
        """The type of an expression."""
        tv = self.info.types.get(e)
        if tv is not None:
            t = tv.type
        else:
            found = self.info.type_of(e)
            assert found is not None, e
            t = found
        return substitute(t, self.subst) if self.subst else t

    # -- values ------------------------------------------------------------------------------------

    def expr(self, e: go.Expr) -> ast.expr:
        """The value of `e` of its own type."""
        while type(e) is go.ParenExpr:
            e = e.x
        tv = self.info.types.get(e)
        if tv is not None and tv.value is not None:
            return self.constant(tv.value, self.resolve(tv.type))
        return _FORMS[type(e)](self, e)  # type: ignore[no-any-return]

    def value(self, e: go.Expr, target: Type | None = None) -> ast.expr:
        """The value of `e` as a variable of type `target` takes it."""
        x = self.expr(e)
        source = self.typ(e)
        if self.is_nil(e):
            return self.zero(source if target is None else target)
        if isinstance(source, Tuple):
            return x
        if is_aggregate(source) and not self.fresh(e):
            x = self.types.copied(self.read_all(x, source, e), source)
        return x if target is None else self.convert(x, source, target)

    def is_nil(self, e: go.Expr) -> bool:
        """Whether `e` is the predeclared nil."""
        e = unparen(e)
        return isinstance(e, go.Ident) and isinstance(self.info.uses.get(e), Nil)

    def fresh(self, e: go.Expr) -> bool:
        """Whether the struct or array that `e` gives is nobody else's."""
        e = unparen(e)
        if isinstance(e, go.CallExpr):
            tv = self.info.types.get(unparen(e.fun))
            if tv is not None and tv.mode == operand.TYPEXPR:
                return self.converts_anew(e)
            return True
        if isinstance(e, go.UnaryExpr):
            return e.op == "<-"
        return isinstance(e, go.CompositeLit)

    def zero(self, t: Type) -> ast.expr:
        """A new zero value."""
        self.types.line = self.line
        return self.types.zero(t)

    def copied(self, x: ast.expr, t: Type) -> ast.expr:
        """A copy of a struct or array."""
        self.types.line = self.line
        return self.types.copied(x, t)

    # -- helpers for code that reads an operand several times --------------------------------------

    def simple(self, x: ast.expr) -> bool:
        """Whether reading `x` twice is cheap and gives the same."""
        return isinstance(x, _SIMPLE)

    def twice(self, x: ast.expr) -> tuple[ast.expr, ast.expr]:
        """`x` to be evaluated first, and what to read it by afterwards."""
        if isinstance(x, ast.Name):
            return x, self.name(x.id)
        if isinstance(x, ast.Constant):
            return x, x
        name = self.temp()
        return self.bind(name, x), self.name(name)

    # -- names -------------------------------------------------------------------------------------

    def _ident(self, e: go.Ident) -> ast.expr:
        self.position(e.name_pos)
        obj = self.info.uses.get(e) or self.info.defs.get(e)
        if isinstance(obj, Var):
            return self.load_var(obj)
        if isinstance(obj, Func):
            return self.function_value(e, obj)
        if isinstance(obj, Nil):
            return self.zero(self.typ(e))
        raise TypeError(f"{e.name} is no value: {obj!r}")

    def function_value(self, e: go.Ident, f: Func) -> ast.expr:
        """A declared function as a value, or to be called."""
        instance = self.info.instances.get(e)
        args = [] if instance is None else [self.resolve(t) for t in instance.type_args]
        return self.func_ref(f, args)

    def _paren(self, e: go.ParenExpr) -> ast.expr:
        return self.expr(e.x)

    def _func_lit(self, e: go.FuncLit) -> ast.expr:
        return self.func_lit(e)

    # -- selectors ---------------------------------------------------------------------------------

    def _selector(self, e: go.SelectorExpr) -> ast.expr:
        selection = self.info.selections.get(e)
        if selection is None:
            return self._ident(e.sel)
        if selection.kind == "field":
            x = self.expr(e.x)
            self.position(e.sel.name_pos)
            private = self.races and self.private(e.x)
            return self.fields(x, self.resolve(selection.recv), selection.index, private)
        if selection.kind == "method":
            return self._method_value(e, selection)
        return self._method_expr(e, selection)

    def fields(self, x: ast.expr, t: Type, index: list[int], private: bool = False) -> ast.expr:
        """``x.f.g``: the fields on a path from `x` of type `t`; `private`: nobody else sees `x`."""
        for struct, i in field_steps(t, index):
            x = self.attr(x, attribute(struct, i))
            if self.races:
                field = struct.fields[i]
                private = private and not isinstance(t.underlying(), Pointer)
                t = self.resolve(field.type)
                if not private:
                    x = self.read(x, t, field.name)
        return x

    def method_of(self, selection: Selection) -> tuple[Func, list[Type], Type, list[int]]:
        """Return a selected method as declared, the type arguments of its receiver's type, the type
        that it is called on, and the path of embedded fields to that."""
        t = self.resolve(selection.recv)
        path = selection.index[:-1]
        obj = selection.obj
        if self.subst and t is not selection.recv:
            from gosim.golang.types.lookup import lookup_field_or_method

            found, index, _ = lookup_field_or_method(t, True, obj.pkg, obj.name)
            if found is not None and index is not None:
                obj, path = found, index[:-1]
        for struct, i in field_steps(t, path):
            t = struct.fields[i].type
        at = unalias(t)
        if isinstance(at, Pointer):
            at = unalias(at.base)
        named = as_named(at)
        args = [] if named is None else list(named.type_args)
        assert isinstance(obj, Func)
        return obj.origin, args, unalias(t), path

    def receiver(self, e: go.Expr, f: Func, selection: Selection, own: bool = True) -> ast.expr:
        """The receiver for a call of `f` by ``e.f``: a value, copied, or a pointer."""
        _, _, at, path = self.method_of(selection)
        t = self.resolve(selection.recv)
        if f.has_ptr_recv():
            if isinstance(at, Pointer):
                return self.fields(self.expr(e), t, path)
            if is_aggregate(at):
                return self.fields(self.expr(e), t, path)
            return self._address_of_path(e, t, path)
        x = self.fields(self.expr(e), t, path)
        if isinstance(at, Pointer):
            base = at.base
            if not is_aggregate(base):
                return self.read(self.attr(x, "v"), base)
            return self.copied(self.read_all(x, base, go.StarExpr(e.pos, e)), base)
        if is_aggregate(at) and own and not (not path and self.fresh(e)):
            return self.copied(self.read_all(x, at, e), at)
        return x

    def _address_of_path(self, e: go.Expr, t: Type, path: list[int]) -> ast.expr:
        """The address of an embedded field, or of `e`, that is no struct or array."""
        if not path:
            return self.address(e)
        x = self.fields(self.expr(e), t, path[:-1])
        struct, i = field_steps(t, path)[-1]
        return self.invoke("field_pointer", x, self.const(attribute(struct, i)))

    def _method_value(self, e: go.SelectorExpr, selection: Selection) -> ast.expr:
        f, args, at, path = self.method_of(selection)
        if isinstance(at.underlying(), Interface):
            x = self.fields(self.expr(e.x), self.resolve(selection.recv), path)
            return self.attr(x, method_name(f))
        return self.invoke("method_value", self.func_ref(f, args), self.receiver(e.x, f, selection))

    def _method_expr(self, e: go.SelectorExpr, selection: Selection) -> ast.expr:
        f, args, at, path = self.method_of(selection)
        t = unalias(self.resolve(selection.recv))
        sig = self.typ(e)
        assert isinstance(sig, Signature)
        names = [f".{i}" for i in range(len(sig.params))]
        me = self.fields(self.name(names[0]), t, path)
        rest = [self.name(n) for n in names[1:]]
        if isinstance(at.underlying(), Interface):
            return self.lambda_(names, self.method(me, method_name(f), *rest))
        function = self.func_ref(f, args)
        if not path and isinstance(t, Pointer) == f.has_ptr_recv():
            return function
        if not f.has_ptr_recv() and isinstance(at, Pointer):
            me = self.copied(me, at.base) if is_aggregate(at.base) else self.attr(me, "v")
        elif not f.has_ptr_recv():
            me = self.copied(me, at)
        return self.lambda_(names, self.call(function, me, *rest))

    # -- elements ----------------------------------------------------------------------------------

    def _index(self, e: go.IndexExpr) -> ast.expr:
        tv = self.info.types.get(e.index)
        if tv is not None and tv.mode == operand.TYPEXPR:
            return self._instance(e)
        t = self.typ(e.x)
        u = t.underlying()
        if isinstance(u, Map):
            return self._map_index(e, u)
        x = self.expr(e.x)
        i = self.expr(e.index)
        self.position(e.lbrack)
        low = self.range_of(e.index)[0]
        if isinstance(u, Slice):
            return self.read(self.slice_element(x, i, low), u.elem)
        if isinstance(u, Pointer):
            u = u.base.underlying()
        if isinstance(u, Array):
            element = self.array_element(x, i, u, self.range_of(e.index))
            if self.races and not self.private(e):
                return self.read(element, u.elem)
            return element
        return self._string_element(x, i, low)

    def _instance(self, e: go.IndexExpr | go.IndexListExpr) -> ast.expr:
        """A generic function with type arguments."""
        inner = unparen(e.x)
        name = inner.sel if isinstance(inner, go.SelectorExpr) else inner
        assert isinstance(name, go.Ident)
        f = self.info.uses[name]
        assert isinstance(f, Func)
        return self.function_value(name, f)

    def slice_element(self, x: ast.expr, i: ast.expr, low: int) -> ast.Subscript:
        """``x[i]`` of a slice; `low`: `i` is known not to be less."""
        first_x, x = self.twice(x)
        first_i, i = self.twice(i)
        n = self.attr(x, "n")
        if low >= 0:
            test = self.compare(n, ">", first_i)
        else:
            test = self.compare(n, ">", first_i, ">=", self.const(0))
        checked = self.if_(test, i, self.invoke("index_panic", i, self.attr(x, "n")))
        return self.index(self.attr(first_x, "a"), self.binary("+", self.attr(x, "o"), checked))

    def array_element(
        self, x: ast.expr, i: ast.expr, t: Array, known: tuple[int, int]
    ) -> ast.Subscript:
        """``x[i]`` of an array, of which `i` is in the range `known`."""
        if known[0] >= 0 and known[1] < t.len:
            return self.index(x, i)
        first, i = self.twice(i)
        n = self.const(t.len)
        if known[0] >= 0:
            test = self.compare(first, "<", n)
        else:
            test = self.compare(self.const(0), "<=", first, "<", n)
        return self.index(x, self.if_(test, i, self.invoke("index_panic", i, n)))

    def _string_element(self, x: ast.expr, i: ast.expr, low: int) -> ast.expr:
        first_x, x = self.twice(x)
        first_i, i = self.twice(i)
        n = self.invoke("len", first_x)
        test = (
            self.compare(n, ">", first_i)
            if low >= 0
            else self.compare(n, ">", first_i, ">=", self.const(0))
        )
        found = self.invoke("ord", self.index(x, i))
        return self.if_(test, found, self.invoke("index_panic", i, self.invoke("len", x)))

    def map_key(self, e: go.Expr, m: Map) -> ast.expr:
        """The key form of a key expression."""
        key = self.value(e, m.key)
        form = self.types.form(m.key)
        return key if form is None else self.call(form, key)

    def _map_index(self, e: go.IndexExpr, m: Map) -> ast.expr:
        d = self.attr(self.read_map(self.expr(e.x)), "d")
        key = self.map_key(e.index, m)
        self.position(e.lbrack)
        tv = self.info.types[e]
        if isinstance(tv.type, Tuple):
            t = self.temp()
            if self.never_none(m.elem):
                found = self.bind(t, self.method(d, "get", key))
                test = self.compare(found, "is not", self.const(None))
            else:
                found = self.bind(t, self.method(d, "get", key, self.helper("MISSING")))
                test = self.compare(found, "is not", self.helper("MISSING"))
            there = self.tuple([self.copied(self.name(t), m.elem), self.const(True)])
            return self.if_(test, there, self.tuple([self.zero(m.elem), self.const(False)]))
        if is_aggregate(m.elem):
            t = self.temp()
            found = self.bind(t, self.method(d, "get", key))
            test = self.compare(found, "is not", self.const(None))
            return self.if_(test, self.name(t), self.zero(m.elem))
        zero = self.zero(m.elem)
        if isinstance(zero, ast.Constant) and zero.value is None:
            return self.method(d, "get", key)
        return self.method(d, "get", key, zero)

    def never_none(self, t: Type) -> bool:
        """Whether None is no value of a type."""
        u = t.underlying()
        if isinstance(u, (Struct, Array, Slice, Map)):
            return True
        zero = self.types.zero(t)
        return not (isinstance(zero, ast.Constant) and zero.value is None)

    def _slice(self, e: go.SliceExpr) -> ast.expr:
        x = self.expr(e.x)
        bounds = [None if b is None else self.expr(b) for b in (e.low, e.high, e.max)]
        self.position(e.lbrack)
        while bounds and bounds[-1] is None:
            bounds.pop()
        args = [self.const(None) if b is None else b for b in bounds]
        if not args or bounds[0] is None:
            args[:1] = [self.const(0)]
        u = self.typ(e.x).underlying()
        if isinstance(u, Slice):
            return self.invoke("slice_expr", self.types.elem(u.elem), x, *args)
        if isinstance(u, (Array, Pointer)):
            return self.invoke("slice_array", x, *args)
        return self.invoke("slice_string", x, *args)

    # -- pointers ----------------------------------------------------------------------------------

    def _star(self, e: go.StarExpr) -> ast.expr:
        x = self.expr(e.x)
        self.position(e.star)
        u = self.typ(e.x).underlying()
        assert isinstance(u, Pointer)
        if is_aggregate(u.base):
            if isinstance(x, ast.Name):
                return self.if_(
                    self.compare(x, "is not", self.const(None)),
                    self.name(x.id),
                    self.invoke("nil_panic"),
                )
            return self.invoke("check_nil", x)
        return self.read(self.attr(x, "v"), u.base)

    def address(self, e: go.Expr) -> ast.expr:
        """``&e``."""
        e = unparen(e)
        t = self.typ(e)
        if isinstance(e, go.CompositeLit):
            return self.types.allocated(self.expr(e), t)
        if isinstance(e, go.StarExpr):
            return self.expr(e.x)
        if is_aggregate(t):
            return self.expr(e)
        if isinstance(e, go.Ident):
            obj = self.info.uses.get(e) or self.info.defs.get(e)
            assert isinstance(obj, Var)
            return self.var_cell(obj)
        if isinstance(e, go.SelectorExpr):
            selection = self.info.selections.get(e)
            if selection is None:
                obj = self.info.uses[e.sel]
                assert isinstance(obj, Var)
                return self.var_cell(obj)
            recv = self.resolve(selection.recv)
            x = self.fields(self.expr(e.x), recv, selection.index[:-1])
            struct, i = field_steps(recv, selection.index)[-1]
            return self.invoke("field_pointer", x, self.const(attribute(struct, i)))
        if isinstance(e, go.IndexExpr):
            x, at = self.expr(e.x), self.expr(e.index)
            u = self.typ(e.x).underlying()
            helper = "element_pointer" if isinstance(u, Slice) else "array_pointer"
            return self.invoke(helper, x, at)
        raise TypeError(f"no address of {e!r}")

    # -- type assertions ---------------------------------------------------------------------------

    def _type_assert(self, e: go.TypeAssertExpr) -> ast.expr:
        assert e.type is not None
        x = self.expr(e.x)
        self.position(e.lparen)
        target = self.typ(e.type)
        static = self.typ(e.x)
        first, x = self.twice(x)
        if isinstance(self.info.types[e].type, Tuple):
            value = self.unbox(x, target)
            no = self.tuple([self.zero(target), self.const(False)])
            return self.if_(
                self.type_test(x, target, first), self.tuple([value, self.const(True)]), no
            )
        return self._assert(first, x, target, static)

    def _assert(self, first: ast.expr, x: ast.expr, target: Type, static: Type) -> ast.expr:
        from gosim.golang.compile.layout import text

        types = self.types
        if isinstance(target.underlying(), Interface):
            return self.invoke("assert_interface", first, types.iface(target))
        shown = self.const(text(static))
        if types.is_struct_pointer(target):
            fail = self.invoke("assert_pointer", x, types.rtype(target), shown)
        else:
            fail = self.invoke("assert_failed", x, types.rtype(target), shown)
        test = self.class_test(first, target)
        return self.if_(test, self.unbox_class(x, target), fail)

    def class_test(self, x: ast.expr, target: Type) -> ast.expr:
        """Whether `x` is an instance of the class of a concrete type (nil pointers are not)."""
        types = self.types
        if types.is_struct_pointer(target):
            base = unalias(target)
            assert isinstance(base, Pointer)
            if types.is_native(base.base):
                return self.invoke("isinstance", x, types.struct_class(base.base))
        return self.compare(self.invoke("type", x), "is", types.box(target))

    def unbox_class(self, x: ast.expr, target: Type) -> ast.expr:
        """The value that an instance of the class of `target` holds."""
        types = self.types
        if types.plain(target) is not None or types.is_struct_pointer(target):
            return x
        return self.attr(x, "v")

    def type_test(
        self, x: ast.expr, target: Type | None, first: ast.expr | None = None
    ) -> ast.expr:
        """Whether the interface value `x` has dynamic type `target` or implements it."""
        first = x if first is None else first
        if target is None:
            return self.compare(first, "is", self.const(None))
        if isinstance(target.underlying(), Interface):
            return self.invoke("implements", first, self.types.iface(target))
        test = self.class_test(first, target)
        if self.types.is_struct_pointer(target):
            nil = self.invoke("is_nil_of", x, self.types.rtype(target))
            return self.or_(test, nil)
        return test

    def unbox(self, x: ast.expr, target: Type) -> ast.expr:
        """The value of type `target` that the interface value `x`, which has it, holds."""
        types = self.types
        if isinstance(target.underlying(), Interface):
            return x
        if types.is_struct_pointer(target):
            return self.invoke("pointer_in", x)
        return self.copied(self.unbox_class(x, target), target)


_FORMS: dict[type[go.Expr], Any] = {
    go.Ident: ExprMixin._ident,
    go.ParenExpr: ExprMixin._paren,
    go.FuncLit: ExprMixin._func_lit,
    go.SelectorExpr: ExprMixin._selector,
    go.IndexExpr: ExprMixin._index,
    go.IndexListExpr: ExprMixin._instance,
    go.SliceExpr: ExprMixin._slice,
    go.StarExpr: ExprMixin._star,
    go.TypeAssertExpr: ExprMixin._type_assert,
    go.CallExpr: ExprMixin.call_expr,
    go.UnaryExpr: ExprMixin.unary_expr,
    go.BinaryExpr: ExprMixin.binary_expr,
    go.CompositeLit: ExprMixin.composite_lit,
    go.BasicLit: ExprMixin.basic_lit,
}

__all__ += ["is_byte"]
