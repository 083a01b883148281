"""What stands left of ``=``: variables, fields, elements, map entries, what pointers point at."""

from __future__ import annotations

import ast
from collections.abc import Container
from typing import Any

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.base import Place
from gosim.golang.compile.conversions import ConversionMixin
from gosim.golang.compile.layout import attribute, is_aggregate
from gosim.golang.compile.methods import field_steps
from gosim.golang.types.objects import Var
from gosim.golang.types.types import Array, Map, Pointer, Slice, Struct, Type

__all__ = ["PlaceMixin"]


class _Variable(Place):
    """A variable."""

    def __init__(self, owner: Any, v: Var, t: Type) -> None:
        self.owner = owner
        self.v = v
        self.type = t

    def load(self) -> ast.expr:
        return self.owner.load_var(self.v)  # type: ignore[no-any-return]

    def store(self, value: ast.expr) -> list[ast.stmt]:
        return self.owner.store_var(self.v, value)  # type: ignore[no-any-return]


class _Target(Place):
    """An attribute or element of a Python object, which `make` spells anew each time."""

    def __init__(
        self, owner: Any, t: Type, make: Any, field: str = "", private: bool = False
    ) -> None:
        self.owner = owner
        self.type = t
        self.make = make
        self.field = field
        self.private = private or not owner.races

    def load(self) -> ast.expr:
        x = self.make()
        return x if self.private else self.owner.read(x, self.type, self.field)  # type: ignore[no-any-return]

    def store(self, value: ast.expr) -> list[ast.stmt]:
        owner = self.owner
        if not self.private:
            return owner.write(self.make(), value, self.type)  # type: ignore[no-any-return]
        if is_aggregate(self.type):
            return [owner.change(self.make(), value, self.type)]
        return [owner.assign(self.make(), value)]


class _Entry(Place):
    """An entry of a map."""

    def __init__(self, owner: Any, m: Map, x: Any, key: Any, original: Any, form: bool) -> None:
        self.owner = owner
        self.map = m
        self.type = m.elem
        self.x = x
        self.key = key
        self.original = original
        self.form = form

    def load(self) -> ast.expr:
        owner = self.owner
        d = owner.attr(owner.read_map(self.x()), "d")
        if is_aggregate(self.type):
            zero = owner.zero(self.type)
            return owner.method(d, "get", self.key(), zero)  # type: ignore[no-any-return]
        return owner.method(  # type: ignore[no-any-return]
            d, "get", self.key(), owner.zero(self.type)
        )

    def store(self, value: ast.expr) -> list[ast.stmt]:
        owner = self.owner
        if owner.races:
            kept = owner.temp()
            first = [owner.set(kept, value), owner.do(owner.write_map(self.x()))]
            return [*first, *self._stored(owner.name(kept))]
        return self._stored(value)

    def _stored(self, value: ast.expr) -> list[ast.stmt]:
        owner = self.owner
        if not self.form:
            return [owner.assign(owner.index(owner.attr(self.x(), "d"), self.key()), value)]
        return [owner.do(owner.invoke("set_form", self.x(), self.key(), self.original(), value))]


class _Blank(Place):
    """``_``."""

    def __init__(self, owner: Any, t: Type) -> None:
        self.owner = owner
        self.type = t

    def load(self) -> ast.expr:
        raise TypeError("cannot use _ as value")

    def store(self, value: ast.expr) -> list[ast.stmt]:
        return [self.owner.do(value)]


class PlaceMixin(ConversionMixin):
    """Places."""

    #: Variables that the statement assigns to which is being compiled.
    reassigned: Container[Any] = ()

    def place(self, e: go.Expr, *, twice: bool = False) -> Place:
        """What stands left of ``=``."""
        e = unparen(e)
        if isinstance(e, go.Ident):
            if e.name == "_":
                return _Blank(self, self.typ(e) if e in self.info.types else _nothing())
            obj = self.info.uses.get(e) or self.info.defs.get(e)
            assert isinstance(obj, Var)
            self.position(e.name_pos)
            return _Variable(self, obj, self.resolve(obj.type))
        t = self.typ(e)
        private = self.races and self.private(e)
        if isinstance(e, go.StarExpr):
            x = self.operand(e.x, twice)
            if is_aggregate(t):
                return _Target(self, t, x)
            return _Target(self, t, lambda: self.attr(x(), "v"))
        if isinstance(e, go.SelectorExpr):
            return self._field_place(e, t, twice, private)
        assert isinstance(e, go.IndexExpr), e
        u = self.typ(e.x).underlying()
        if isinstance(u, Map):
            return self._entry_place(e, u, twice)
        return self._element_place(e, u, t, twice, private)

    def _field_place(self, e: go.SelectorExpr, t: Type, twice: bool, private: bool) -> Place:
        selection = self.info.selections.get(e)
        if selection is None:
            obj = self.info.uses[e.sel]
            assert isinstance(obj, Var)
            return _Variable(self, obj, t)
        recv = self.resolve(selection.recv)
        if len(selection.index) == 1:
            x = self.operand(e.x, twice)
            self.position(e.sel.name_pos)
        else:
            inner = self.fields(self.expr(e.x), recv, selection.index[:-1])
            self.position(e.sel.name_pos)
            x = self.kept(inner, twice)
        struct, i = field_steps(recv, selection.index)[-1]
        name = attribute(struct, i)
        field = struct.fields[i].name
        return _Target(self, t, lambda: self.attr(x(), name), field, private)

    def _element_place(
        self, e: go.IndexExpr, u: Type, t: Type, twice: bool, private: bool
    ) -> Place:
        known = self.range_of(e.index)
        if twice:
            # Where the element lies is found once; that it is there is tested now, or by the
            # first of load and store.
            xs, index = self.operand(e.x, True), self.operand(e.index, True)
            self.position(e.lbrack)
            first = [True]

            def make() -> ast.expr:
                if not first[0]:
                    if isinstance(u, Slice):
                        s = xs()
                        at = self.binary("+", self.attr(xs(), "o"), index())
                        return self.index(self.attr(s, "a"), at)
                    return self.index(xs(), index())
                first[0] = False
                return self._element(xs(), index(), u, known)

            return _Target(self, t, make, private=private)
        x, i = self.expr(e.x), self.expr(e.index)
        self.position(e.lbrack)
        return _Target(self, t, lambda: self._element(x, i, u, known), private=private)

    def _element(self, x: ast.expr, i: ast.expr, u: Type, known: tuple[int, int]) -> ast.expr:
        if isinstance(u, Slice):
            return self.slice_element(x, i, known[0])
        if isinstance(u, Pointer):
            u = u.base.underlying()
        assert isinstance(u, Array)
        return self.array_element(x, i, u, known)

    def _entry_place(self, e: go.IndexExpr, m: Map, twice: bool) -> Place:
        x = self.operand(e.x, twice)
        form = self.types.form(m.key)
        if form is None:
            if isinstance(unparen(e.index), go.Ident) and m.key is self.typ(e.index):
                key = self.operand(e.index, twice)
            else:
                key = self.kept(self.value(e.index, m.key), twice)
            return _Entry(self, m, x, key, None, False)
        original = self.kept(self.value(e.index, m.key), True)
        made = self.kept(self.call(form, original()), twice)
        return _Entry(self, m, x, made, original, True)

    def operand(self, e: go.Expr, twice: bool) -> Any:
        """As `kept` for an operand: a variable of this function alone needs no temporary.

        Nobody else can assign to it, and what the statement assigns to is in `reassigned`.
        """
        x = self.expr(e)
        inner = unparen(e)
        if twice and isinstance(inner, go.Ident) and isinstance(x, ast.Name):
            v = self.info.uses.get(inner)
            use = getattr(v, "memo", None)
            alone = use is not None and not getattr(use, "captured", True)
            if alone and v not in self.reassigned:
                return lambda: self.name(x.id)
        return self.kept(x, twice)

    def kept(self, x: ast.expr, twice: bool) -> Any:
        """A function that spells `x` each time it is called: by a temporary if `twice`."""
        if not twice:
            return lambda: x
        if isinstance(x, ast.Constant):
            return lambda: x
        if isinstance(x, ast.Name) and x.id.startswith("."):
            return lambda: self.name(x.id)
        name = self.temp()
        self.out.append(self.set(name, x))
        return lambda: self.name(name)

    def change(self, x: ast.expr, value: ast.expr, t: Type) -> ast.stmt:
        """Change a struct or array that somebody may point at."""
        if isinstance(t.underlying(), Struct):
            return self.do(self.method(x, "assign", value))
        u = t.underlying()
        assert isinstance(u, Array)
        if is_aggregate(u.elem):
            return self.do(self.call(self.types.assigner(t), x, value))
        return self.assign(self.index(x, self.slice(None, None)), value)

    # -- others' ----------------------------------------------------------------------------------

    def fields(self, x: ast.expr, t: Type, index: list[int]) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError

    def slice_element(self, x: ast.expr, i: ast.expr, low: int) -> ast.Subscript:
        """See `ExprMixin`."""
        raise NotImplementedError

    def array_element(
        self, x: ast.expr, i: ast.expr, t: Array, known: tuple[int, int]
    ) -> ast.Subscript:
        """See `ExprMixin`."""
        raise NotImplementedError


def _nothing() -> Type:
    from gosim.golang.types.types import TYP

    return TYP[0]
