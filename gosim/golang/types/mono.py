"""Instantiations without end (``types2/mono.go``).

A graph whose vertices are type parameters, and types declared inside generic functions; an edge
says that a type argument made from one reaches the other, with weight 1 if it is made larger on the
way. A cycle of positive weight would need infinitely many instances.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gosim.golang.ast import Expr, start_pos
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import Package, TypeName
from gosim.golang.types.types import (
    Array,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
    TypeParam,
    unalias,
)
from gosim.golang.types.typestring import type_string

__all__ = ["MonoGraph", "MonoMixin"]


class _Vertex:
    __slots__ = ("len", "obj", "pre", "weight")

    def __init__(self, obj: TypeName) -> None:
        self.obj = obj
        #: Weight of the heaviest path known, its last edge and its length.
        self.weight = 0
        self.pre = 0
        self.len = 0


class MonoGraph:
    """The graph of one package."""

    def __init__(self) -> None:
        self.vertices: list[_Vertex] = []
        # (to, from, weight, position, type)
        self.edges: list[tuple[int, int, int, int, Type]] = []
        #: Type parameters of receivers → those of their types.
        self.canon: dict[TypeParam, TypeParam] = {}
        self.index: dict[TypeName, int] = {}
        #: Types that mention no type parameter.
        self.closed: set[Type] = set()

    def record_canon(self, mpar: TypeParam, tpar: TypeParam) -> None:
        """Say that `mpar`, of a method, is `tpar` of its type."""
        self.canon[mpar] = tpar

    def record_instance(
        self,
        pkg: Package,
        pos: int,
        tparams: Sequence[TypeParam],
        targs: Sequence[Type],
        xlist: Sequence[Expr],
    ) -> None:
        """Note an instantiation."""
        for i, tparam in enumerate(tparams):
            if tparam.obj.pkg is pkg:
                at = start_pos(xlist[i]) if i < len(xlist) else pos
                self._assign(pkg, at, tparam, targs[i])

    def _assign(self, pkg: Package, pos: int, tparam: TypeParam, targ: Type) -> None:
        closed = self.closed

        def flow(src: int, typ: Type) -> None:
            weight = 0 if typ is targ else 1
            self.edges.append((self._param_vertex(tparam), src, weight, pos, targ))

        def walk(typ: Any) -> None:
            typ = unalias(typ)
            if isinstance(typ, TypeParam):
                flow(self._param_vertex(typ), typ)
            elif isinstance(typ, Named):
                if typ in closed:
                    return
                before = len(self.edges)
                src = self._named_vertex(pkg, typ.origin)
                if src >= 0:
                    flow(src, typ)
                for each in typ.type_args:
                    walk(each)
                if len(self.edges) == before:
                    closed.add(typ)
            elif isinstance(typ, Array | Slice | Chan):
                walk(typ.elem)
            elif isinstance(typ, Map):
                walk(typ.key)
                walk(typ.elem)
            elif isinstance(typ, Pointer):
                walk(typ.base)
            elif isinstance(typ, Interface):
                for m in typ.type_set().methods:
                    walk(m.type)
            elif isinstance(typ, Signature):
                for v in [*typ.params, *typ.results]:
                    walk(v.type)
            elif isinstance(typ, Struct):
                for v in typ.fields:
                    walk(v.type)

        walk(targ)

    def _named_vertex(self, pkg: Package, named: Named) -> int:
        """Return the vertex of a type declared in a generic function, else -1."""
        obj = named.obj
        if obj.pkg is not pkg or obj.parent is pkg.scope:
            return -1
        if obj in self.index:
            return self.index[obj]
        found = -1
        scope = obj.parent
        while scope is not None and scope is not pkg.scope:
            for each in scope.elems.values():
                if (
                    isinstance(each, TypeName)
                    and isinstance(each.type, TypeParam)
                    and each.pos < obj.pos
                ):
                    if found < 0:
                        found = len(self.vertices)
                        self.vertices.append(_Vertex(obj))
                    src = self._param_vertex(each.type)
                    self.edges.append((found, src, 1, obj.pos, each.type))
            scope = scope.parent
        self.index[obj] = found
        return found

    def _param_vertex(self, tparam: TypeParam) -> int:
        tparam = self.canon.get(tparam, tparam)
        obj = tparam.obj
        found = self.index.get(obj)
        if found is None:
            found = self.index[obj] = len(self.vertices)
            self.vertices.append(_Vertex(obj))
        return found


class MonoMixin(ErrorsMixin):
    """Reports cycles of instantiations."""

    def monomorph(self) -> None:
        """Look for a cycle of positive weight (Bellman and Ford's way, heaviest paths)."""
        vertices = self.mono.vertices
        again = True
        while again:
            again = False
            for i, (to, from_, weight, _, _) in enumerate(self.mono.edges):
                src, dst = vertices[from_], vertices[to]
                w = src.weight + weight
                if w <= dst.weight:
                    continue
                dst.pre = i
                dst.len = src.len + 1
                if dst.len == len(vertices):
                    self._report_instance_loop(to)
                    return
                dst.weight = w
                again = True

    def _report_instance_loop(self, v: int) -> None:
        vertices, edges = self.mono.vertices, self.mono.edges
        stack: list[int] = []
        while v not in stack:
            stack.append(v)
            v = edges[vertices[v].pre][1]
        stack = stack[stack.index(v) :]
        err = self.new_error("InvalidInstanceCycle")
        err.addf(vertices[v].obj, "instantiation cycle:")
        for each in stack:
            to, _, _, pos, typ = edges[vertices[each].pre]
            obj = vertices[to].obj
            shown = type_string(typ, lambda pkg: "" if pkg is self.pkg else pkg.path)
            how = "instantiated as"
            if isinstance(obj.type, Named):
                how = "implicitly parameterized by"
            err.addf(pos, "%s", f"{obj.name} {how} {shown}")
        err.report()
