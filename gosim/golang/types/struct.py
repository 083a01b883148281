"""Struct types (``types2/struct.go``)."""

from __future__ import annotations

from gosim.golang.ast import (
    BasicLit,
    Expr,
    Ident,
    IndexExpr,
    IndexListExpr,
    SelectorExpr,
    StarExpr,
    StructType,
    start_pos,
)
from gosim.golang.types import constant
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.objects import FIELD_VAR, Object, ObjSet, Var
from gosim.golang.types.predicates import is_type_param, is_valid
from gosim.golang.types.types import (
    INVALID,
    TYP,
    UNSAFE_POINTER,
    Basic,
    Interface,
    Pointer,
    Struct,
    Type,
    unalias,
)

__all__ = ["StructMixin", "embedded_field_ident"]


def embedded_field_ident(e: Expr) -> Ident | None:
    """Return the name that an embedded field of type `e` has."""
    if isinstance(e, Ident):
        return e
    if isinstance(e, StarExpr):
        return None if isinstance(e.x, StarExpr) else embedded_field_ident(e.x)
    if isinstance(e, SelectorExpr):
        return e.sel
    if isinstance(e, IndexExpr | IndexListExpr):
        return embedded_field_ident(e.x)
    return None


class StructMixin(ErrorsMixin):
    """Checks struct types."""

    def struct_type(self, styp: Struct, e: StructType) -> None:
        fields: list[Var] = []
        tags: list[str] = []
        fset = ObjSet()

        def add(ident: Ident, typ: Type, tag: str, embedded: bool) -> None:
            if tag and not tags:
                tags.extend([""] * len(fields))
            field = Var(ident.pos, self.pkg, ident.name, typ, FIELD_VAR, embedded)
            if ident.name == "_" or self.declare_in_set(fset, ident.pos, field):
                if tag or tags:
                    tags.append(tag)
                fields.append(field)
                self.record_def(ident, field)

        for f in e.fields.list:
            typ = self.var_type(f.type)
            tag = "" if f.tag is None else self.tag(f.tag)
            for ident in f.names:
                add(ident, typ, tag, False)
            if f.names:
                continue
            name = embedded_field_ident(f.type)
            if name is None:
                why = "invalid embedded field type %s"
                self.errorf(start_pos(f.type), "InvalidSyntaxTree", why, f.type)
                add(Ident(start_pos(f.type), "_"), TYP[INVALID], "", True)
                continue
            add(name, typ, tag, True)
            self._check_embedded(start_pos(f.type), typ)
        styp.fields = fields
        styp.tags = tags

    def _check_embedded(self, pos: int, typ: Type) -> None:
        """Report types that cannot be embedded, once all types are complete."""

        def check() -> None:
            t, is_ptr = unalias(typ), False
            if isinstance(t, Pointer):
                t, is_ptr = t.base, True
            u = t.underlying()
            if isinstance(u, Basic):
                if is_valid(t) and u.kind == UNSAFE_POINTER:
                    why = "embedded field type cannot be unsafe.Pointer"
                    self.error(pos, "InvalidPtrEmbed", why)
            elif isinstance(u, Pointer):
                self.error(pos, "InvalidPtrEmbed", "embedded field type cannot be a pointer")
            elif isinstance(u, Interface):
                if is_type_param(t):
                    why = "embedded field type cannot be a (pointer to a) type parameter"
                    self.error(pos, "MisplacedTypeParam", why)
                elif is_ptr:
                    why = "embedded field type cannot be a pointer to an interface"
                    self.error(pos, "InvalidPtrEmbed", why)

        self.later(check)

    def declare_in_set(self, oset: ObjSet, pos: int, obj: Object) -> bool:
        """Insert `obj`, or report that its name is taken."""
        alt = oset.insert(obj)
        if alt is None:
            return True
        err = self.new_error("DuplicateDecl")
        err.addf(pos, "%s redeclared", obj.name)
        err.add_alt_decl(alt)
        err.report()
        return False

    def tag(self, t: BasicLit) -> str:
        """Return the text of a field tag."""
        value = constant.from_literal(t.value, t.kind)
        if isinstance(value, str):
            return value
        self.error(t, "InvalidSyntaxTree", f'incorrect tag syntax: "{t.value}"')
        return ""
