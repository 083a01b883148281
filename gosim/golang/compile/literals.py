"""Composite literals."""

from __future__ import annotations

import ast

from gosim.golang import ast as go
from gosim.golang.compile.conversions import ConversionMixin
from gosim.golang.compile.layout import is_aggregate
from gosim.golang.compile.order import late
from gosim.golang.compile.rtypes import is_byte
from gosim.golang.types.types import Array, Map, Pointer, Slice, Struct, Type

__all__ = ["LiteralMixin"]

#: Cells beyond this are not written out one by one.
_LONG = 4096


class LiteralMixin(ConversionMixin):
    """``T{...}``."""

    def composite_lit(self, e: go.CompositeLit) -> ast.expr:
        """A composite literal; of an element whose type was left out and is a pointer: ``&T{}``."""
        t = self.typ(e)
        line = self.position(e.lbrace)
        u = t.underlying()
        if isinstance(u, Pointer):
            t = u.base
            return self.types.allocated(self._literal(e, t, line), t)
        return self._literal(e, t, line)

    def _literal(self, e: go.CompositeLit, t: Type, line: int) -> ast.expr:
        u = t.underlying()
        if isinstance(u, Struct):
            return self._struct(e, t, u, line)
        if isinstance(u, Map):
            return self._map(e, u)
        if isinstance(u, Slice):
            return self._slice_lit(e, u)
        assert isinstance(u, Array), t
        cells = self._cells(e, u.elem, u.len)
        return self.invoke("bytearray", cells) if is_byte(u.elem) else cells

    def _struct(self, e: go.CompositeLit, t: Type, u: Struct, line: int) -> ast.expr:
        if self.types.is_native(t) and not e.elts:
            return self.zero(t)
        given: dict[int, ast.expr] = {}
        if e.elts and isinstance(e.elts[0], go.KeyValueExpr):
            number = {f.name: i for i, f in enumerate(u.fields)}
            shown: list[go.Expr] = []
            for each in e.elts:
                assert isinstance(each, go.KeyValueExpr)
                assert isinstance(each.key, go.Ident)
                i = number[each.key.name]
                given[i] = self.value(each.value, u.fields[i].type)
                shown.append(each.value)
            given = dict(zip(given, late(self, shown, list(given.values())), strict=True))
        else:
            values = [self.value(each, u.fields[i].type) for i, each in enumerate(e.elts)]
            given = dict(enumerate(late(self, e.elts, values)))
        self.line = line
        self.types.line = line
        if not given:
            return self.zero(t)
        order = list(given)
        if order != sorted(order):
            # In the order in which they stand in the text.
            effects = [i for i in order if not isinstance(given[i], (ast.Constant, ast.Name))]
            if len(effects) > 1:
                return self._in_order(t, u, given)
        args = [given[i] if i in given else self.zero(f.type) for i, f in enumerate(u.fields)]
        return self.call(self.types.struct_class(t), *args)

    def _in_order(self, t: Type, u: Struct, given: dict[int, ast.expr]) -> ast.expr:
        names = {i: self.temp() for i in given}
        first = [self.bind(names[i], x) for i, x in given.items()]
        args = [
            self.name(names[i]) if i in given else self.zero(f.type) for i, f in enumerate(u.fields)
        ]
        made = self.call(self.types.struct_class(t), *args)
        return self.index(self.tuple([*first, made]), self.const(-1))

    def _cells(self, e: go.CompositeLit, elem: Type, length: int | None) -> ast.expr:
        """The elements as a list, zeros included; `length` is that of an array."""
        keyed = any(isinstance(x, go.KeyValueExpr) for x in e.elts)
        if not keyed:
            values = late(self, e.elts, [self.value(x, elem) for x in e.elts])
            missing = 0 if length is None else length - len(values)
            if not missing:
                return self.list(values)
            return self._padded(values, elem, missing)
        found: dict[int, ast.expr] = {}
        at = 0
        for x in e.elts:
            if isinstance(x, go.KeyValueExpr):
                at = int(self.info.types[x.key].value)
                x = x.value
            found[at] = self.value(x, elem)
            at += 1
        count = max(found, default=-1) + 1 if length is None else length
        if count > _LONG and len(found) < count // 4:
            pairs = self.dict([self.const(i) for i in found], list(found.values()))
            return self.invoke("sparse", self.types.elem(elem), self.const(count), pairs)
        return self.list([found[i] if i in found else self.zero(elem) for i in range(count)])

    def _padded(self, values: list[ast.expr], elem: Type, missing: int) -> ast.expr:
        if is_aggregate(elem):
            rest: ast.expr = self.method(self.types.elem(elem), "zeros", self.const(missing))
        else:
            rest = self.binary("*", self.list([self.zero(elem)]), self.const(missing))
        return self.binary("+", self.list(values), rest) if values else rest

    def _slice_lit(self, e: go.CompositeLit, u: Slice) -> ast.expr:
        cells = self._cells(e, u.elem, None)
        if self.types.counts:
            return self.invoke("literal", self.types.elem(u.elem), cells)
        return self.new_slice(cells, u.elem)

    def new_slice(self, cells: ast.expr, elem: Type) -> ast.expr:
        """A slice of new cells, a list."""
        if isinstance(cells, ast.List):
            n = self.const(len(cells.elts))
            if is_byte(elem):
                cells = self.invoke("bytearray", cells)
            if self.races:
                cells = self.invoke("made", cells)
            return self.invoke("Slice", cells, self.const(0), n, n)
        return self.invoke("literal", self.types.elem(elem), cells)

    def _map(self, e: go.CompositeLit, u: Map) -> ast.expr:
        keys: list[ast.expr] = []
        values: list[ast.expr] = []
        form = self.types.form(u.key)
        for each in e.elts:
            assert isinstance(each, go.KeyValueExpr)
            keys.append(self.value(each.key, u.key))
            values.append(self.value(each.value, u.elem))
        if form is None or not keys:
            return self.new_map(u, self.dict(keys, values))
        pairs = [self.tuple(pair) for pair in zip(keys, values, strict=True)]
        return self.invoke(
            "literal_form", form, self.list(pairs), self.new_map(u, self.dict((), ()))
        )

    def new_map(self, u: Map, entries: ast.expr, *hint: ast.expr) -> ast.expr:
        """A new map with some entries."""
        if self.types.counts:
            return self.invoke("new_map", self.types.map_type(u), entries, *hint)
        return self.invoke("Map", entries)
