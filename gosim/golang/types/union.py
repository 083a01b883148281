"""Unions of types in constraints (``types2/union.go``)."""

from __future__ import annotations

from gosim.golang.ast import BinaryExpr, Expr, UnaryExpr
from gosim.golang.types.errors import ErrorsMixin
from gosim.golang.types.operand import TYPEXPR
from gosim.golang.types.predicates import identical, is_interface, is_type_param, is_valid
from gosim.golang.types.types import INVALID, TYP, Interface, Term, Type, Union
from gosim.golang.types.universe import universe_comparable

__all__ = ["UnionMixin"]

INVALID_TYPE = TYP[INVALID]
#: As in Go, so that checks of unions stay quick.
_MAX_TERMS = 100


def _flatten(x: Expr) -> tuple[list[Expr], list[Expr]]:
    """Return the operations and the terms of ``A | B | C``, from the left."""
    operations: list[Expr] = []
    terms: list[Expr] = []
    while isinstance(x, BinaryExpr) and x.op == "|":
        operations.append(x)
        terms.append(x.y)
        x = x.x
    terms.append(x)
    operations.reverse()
    terms.reverse()
    return operations, terms


class UnionMixin(ErrorsMixin):
    """Checks unions."""

    def parse_union(self, uexpr: Expr) -> Type:
        """Check an embedded element: a type, ``~T`` or a union of them."""
        operations, written = _flatten(uexpr)
        terms: list[Term] = []
        u: Type | None = None
        for i, x in enumerate(written):
            term = self.parse_tilde(x)
            if len(written) == 1 and not term.tilde:
                return term.type  # type: ignore[no-any-return]
            if len(terms) >= _MAX_TERMS:
                if u is not INVALID_TYPE:
                    why = (
                        f"cannot handle more than {_MAX_TERMS} union terms "
                        "(implementation limitation)"
                    )
                    self.error(x, "InvalidUnion", why)
                    u = INVALID_TYPE
            else:
                terms.append(term)
                u = Union(list(terms))
            if i > 0:
                assert u is not None
                self.record_type_and_value(operations[i - 1], TYPEXPR, u, None)
        assert u is not None
        if u is not INVALID_TYPE:
            self.later(lambda: self._check_terms(written, terms))
        return u

    def _check_terms(self, written: list[Expr], terms: list[Term]) -> None:
        for i, t in enumerate(terms):
            at = written[i]
            if not is_valid(t.type):
                continue
            u = t.type.underlying()
            f = u if isinstance(u, Interface) else None
            if t.tilde:
                if f is not None:
                    why = "invalid use of ~ (%s is an interface)"
                    self.errorf(at, "InvalidUnion", why, t.type)
                    continue
                if not identical(u, t.type):
                    why = "invalid use of ~ (underlying type of %s is %s)"
                    self.errorf(at, "InvalidUnion", why, t.type, u)
                    continue
            if f is not None:
                tset = f.type_set()
                shown = self.term_text(t)
                if tset.methods:
                    why = f"cannot use {shown} in union ({shown} contains methods)"
                    self.error(at, "InvalidUnion", why)
                elif t.type is universe_comparable.type:
                    self.error(at, "InvalidUnion", "cannot use comparable in union")
                elif tset.comparable:
                    why = f"cannot use {shown} in union ({shown} embeds comparable)"
                    self.error(at, "InvalidUnion", why)
                continue
            other = self._overlapping(terms[:i], t)
            if other is not None:
                why = f"overlapping terms {self.term_text(t)} and {self.term_text(other)}"
                self.soft_errorf(at, "InvalidUnion", "%s", why)

    def term_text(self, t: Term) -> str:
        """Spell a term; its package stands in full, as in Go."""
        return str(t)

    def _overlapping(self, terms: list[Term], y: Term) -> Term | None:
        """Return the first term that shares types with `y`."""
        for x in terms:
            if is_interface(x.type):
                continue
            ux = x.type.underlying() if y.tilde else x.type
            uy = y.type.underlying() if x.tilde else y.type
            if identical(ux, uy):
                return x
        return None

    def parse_tilde(self, tx: Expr) -> Term:
        """Check one term."""
        x = tx
        tilde = False
        if isinstance(x, UnaryExpr) and x.op == "~":
            x = x.x
            tilde = True
        typ = self.typ(x)
        if is_type_param(typ):
            if tilde:
                why = "type in term %s cannot be a type parameter"
                self.errorf(x, "MisplacedTypeParam", why, tx)
            else:
                self.error(x, "MisplacedTypeParam", "term cannot be a type parameter")
            typ = INVALID_TYPE
        term = Term(tilde, typ)
        if tilde:
            self.record_type_and_value(tx, TYPEXPR, Union([term]), None)
        return term
