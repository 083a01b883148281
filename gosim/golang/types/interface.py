"""Interface types (``types2/interface.go``)."""

from __future__ import annotations

from gosim.golang.ast import FuncType, InterfaceType, start_pos
from gosim.golang.types.objects import RECV_VAR, Func, TypeName, Var
from gosim.golang.types.predicates import is_valid
from gosim.golang.types.types import Interface, Signature, Type, as_named
from gosim.golang.types.typeset import (
    TOP_TYPE_SET,
    compute_interface_type_set,
    sort_methods,
)
from gosim.golang.types.union import UnionMixin

__all__ = ["InterfaceMixin"]


class InterfaceMixin(UnionMixin):
    """Checks interface types."""

    def new_interface(self) -> Interface:
        typ = Interface()
        typ.check = self
        self.needs_cleanup(typ)
        return typ

    def interface_type(self, ityp: Interface, e: InterfaceType, def_: TypeName | None) -> None:
        methods: list[Func] = []
        recv: Type = ityp
        if def_ is not None:
            # Errors name the declared type.
            named = as_named(def_.type)
            if named is not None:
                recv = named
        for f in e.methods.list:
            if not f.names:
                ityp.embeddeds.append(self.parse_union(f.type))
                if ityp.embed_pos is None:
                    ityp.embed_pos = []
                ityp.embed_pos.append(start_pos(f.type))
                continue
            name = f.names[0]
            if name.name == "_":
                why = "methods must have a unique non-blank name"
                self.error(name, "BlankIfaceMethod", why)
                continue
            if isinstance(f.type, FuncType) and f.type.type_params is not None:
                self.error(
                    f.type.type_params, "InvalidSyntaxTree", "method must have no type parameters"
                )
            sig = self.typ(f.type)
            if not isinstance(sig, Signature):
                if is_valid(sig):
                    why = "%s is not a method signature"
                    self.errorf(f.type, "InvalidSyntaxTree", why, sig)
                continue
            sig.recv = Var(name.pos, self.pkg, "", recv, RECV_VAR)
            m = Func(name.pos, self.pkg, name.name, sig)
            self.record_def(name, m)
            methods.append(m)
        ityp.methods = methods
        ityp.complete = True
        if not methods and not ityp.embeddeds:
            ityp.tset = TOP_TYPE_SET
            return
        self.interface_types.append(e)
        sort_methods(methods)
        self.later(lambda: _compute(self, e, ityp))


def _compute(check: InterfaceMixin, e: InterfaceType, ityp: Interface) -> None:
    compute_interface_type_set(check, e.pos, ityp)
