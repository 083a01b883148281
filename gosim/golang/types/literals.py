"""Basic, composite and function literals (``types2/literals.go``)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from gosim.golang import ast, token
from gosim.golang.types import constant
from gosim.golang.types.base import Base
from gosim.golang.types.errsupport import lookup_error
from gosim.golang.types.lookup import deref, field_path, lookup_field_or_method
from gosim.golang.types.objects import Var
from gosim.golang.types.operand import CONSTANT, INVALID, TYPEXPR, VALUE, Operand
from gosim.golang.types.predicates import identical, is_non_type_param_interface, is_valid
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.types import (
    TYP,
    UNTYPED_COMPLEX,
    UNTYPED_FLOAT,
    UNTYPED_INT,
    UNTYPED_RUNE,
    UNTYPED_STRING,
    Array,
    Basic,
    Map,
    Signature,
    Slice,
    Struct,
    Type,
)
from gosim.golang.types.under import common_under

__all__ = ["LiteralsMixin"]

#: Characters a number may have.
_LIMIT = 10_000

_LITERALS: dict[str, Basic] = {
    token.INT: TYP[UNTYPED_INT],
    token.FLOAT: TYP[UNTYPED_FLOAT],
    token.IMAG: TYP[UNTYPED_COMPLEX],
    token.CHAR: TYP[UNTYPED_RUNE],
    token.STRING: TYP[UNTYPED_STRING],
}
#: Well-formed numbers whose exponent may be too large.
_FLOAT = re.compile(
    r"(?:[0-9_]*\.?[0-9_]*e[+-]?[0-9_]+|0x[0-9a-f_]*\.?[0-9a-f_]*p[+-]?[0-9_]+)i?",
    re.IGNORECASE,
)
_NUMBERS = frozenset({token.INT, token.FLOAT, token.IMAG})


class LiteralsMixin(Base):
    """The checker's methods for literals."""

    def basic_lit(self, x: Operand, e: ast.BasicLit) -> None:
        """Check a number, rune or string."""
        kind = e.kind
        text = e.value
        if kind in _NUMBERS and len(text) > 2:
            if self.version < 13 and self.version:
                self.lang_compat(e)
            if len(text) > _LIMIT:
                self.errorf(
                    e,
                    "InvalidConstVal",
                    "excessively long constant: %s... (%d chars)",
                    text[:10],
                    len(text),
                )
                x.mode = INVALID
                return
        val = constant.from_literal(text, kind)
        if val is None:
            # The scanner has complained about others.
            if _FLOAT.fullmatch(text):
                self.errorf(e, "InvalidConstVal", "malformed constant: %s", text)
            x.mode = INVALID
            return
        x.mode = CONSTANT
        x.type = _LITERALS[kind]
        x.val = val
        if type(val) is int and val.bit_length() > 512:
            x.expr = e
            self.overflow(x, e.value_pos)

    def lang_compat(self, e: ast.BasicLit) -> None:
        """Report numbers in a form that the language version does not have."""
        text = e.value
        if "_" in text:
            self.verify_versionf(e, 13, "underscore in numeric literal")
        elif text[0] == "0":
            radix = text[1].lower()
            if radix == "b":
                self.verify_versionf(e, 13, "binary literal")
            elif radix == "o":
                self.verify_versionf(e, 13, "0o/0O-style octal literal")
            elif radix == "x" and e.kind != token.INT:
                self.verify_versionf(e, 13, "hexadecimal floating-point literal")

    def func_lit(self, x: Operand, e: ast.FuncLit) -> None:
        """Check a function literal; its body waits for the end of the statement."""
        sig = self.typ(e.type)
        if type(sig) is not Signature:
            self.errorf(e, "InvalidSyntaxTree", "invalid function literal %s", e)
            x.mode = INVALID
            return
        if not self.conf.ignore_func_bodies:
            # It belongs to the declaration around it. The body may refer to a type that is not
            # complete yet, but must not see what is declared after this statement.
            decl = self.decl
            iota = self.iota
            self.later(lambda: self.func_body(decl, "<function literal>", sig, e.body, iota))
        x.mode = VALUE
        x.type = sig

    def composite_lit(self, x: Operand, e: ast.CompositeLit, hint: Type | None) -> None:
        """Check ``T{...}``; `hint` is the type of an element that leaves it out."""
        is_elem = False
        typ: Type
        base: Type
        if e.type is not None:
            if type(e.type) is ast.ArrayType and type(e.type.len) is ast.Ellipsis:
                # [...]T: the elements will tell the length.
                typ = base = Array(-1, self.var_type(e.type.elt))
            else:
                typ = base = self.typ(e.type)
        elif hint is not None:
            typ = base = hint
            # *T stands for &T{}.
            u, _ = common_under(base, None)
            if u is not None:
                pointee, is_pointer = deref(u)
                if is_pointer:
                    base = pointee
            is_elem = True
        else:
            self.error(e, "UntypedLit", "missing type in composite literal")
            typ = base = TYP[INVALID_KIND]
        if not self.is_complete(base):
            x.mode = INVALID
            return
        utyp, _ = common_under(base, None)
        cls = type(utyp)
        if cls is Struct:
            if e.elts:
                self._struct_lit(x, e, base, utyp)
        elif cls is Slice:
            self.indexed_elts(e.elts, utyp.elem, -1)
        elif cls is Array:
            n = self.indexed_elts(e.elts, utyp.elem, utyp.len)
            if utyp.len < 0:
                utyp.len = n
                if e.type is not None:
                    self.record_type_and_value(e.type, TYPEXPR, utyp, None)
        elif cls is Map:
            self._map_lit(x, e, utyp)
        else:
            for each in e.elts:
                # The key may be a field's name.
                self.use(each.value if type(each) is ast.KeyValueExpr else each)
            if utyp is None or is_valid(utyp):
                self.errorf(
                    e,
                    "InvalidLit",
                    "invalid composite literal%s type %s%s",
                    " element" if is_elem else "",
                    typ,
                    " (no common underlying type)" if utyp is None else "",
                )
                x.mode = INVALID
                return
        x.mode = VALUE
        x.type = typ

    def _struct_lit(self, x: Operand, e: ast.CompositeLit, base: Type, utyp: Struct) -> None:
        fields = utyp.fields
        if type(e.elts[0]) is not ast.KeyValueExpr:
            self._positional(x, e, base, fields)
            return
        by_name: dict[str, tuple[int, Var]] = {f.name: (i, f) for i, f in enumerate(fields)}
        #: Paths of the fields set so far.
        visited: dict[tuple[int, ...], Var] = {}
        pkg = self.pkg
        for elt in e.elts:
            if type(elt) is not ast.KeyValueExpr:
                self.error(
                    elt,
                    "MixedStructLit",
                    "mixture of field:value and value elements in struct literal",
                )
                continue
            key = elt.key
            self.generic_expr(x, elt.value)
            if type(key) is not ast.Ident:
                self.errorf(elt, "InvalidLitField", "invalid field name %s in struct literal", key)
                continue
            name = key.name
            path: tuple[int, ...]
            direct = by_name.get(name)
            if direct is not None and name != "_" and (direct[1].pkg is pkg or direct[1].exported):
                path = (direct[0],)
                fld = direct[1]
            else:
                obj, index, indirect = lookup_field_or_method(utyp, False, pkg, name, False)
                if obj is None:
                    alt, _, _ = lookup_field_or_method(utyp, False, pkg, name, True)
                    self.error(key, "MissingLitField", lookup_error(self, base, name, alt, True))
                    continue
                if type(obj) is not Var:
                    self.errorf(key, "MissingLitField", "%s is not a field", key)
                    continue
                assert index is not None
                fld = obj
                path = tuple(index)
                if len(path) > 1 and not self.verify_versionf(
                    key,
                    27,
                    "use of promoted field %s in struct literal of type %s",
                    field_path(utyp, index),
                    base,
                ):
                    continue
                if indirect:
                    self.errorf(
                        key,
                        "InvalidLitField",
                        "invalid implicit pointer indirection to reach %s",
                        key,
                    )
                    continue
            self.record_use(key, fld)
            self.assignment(x, fld.type, "struct literal")
            self._note_field(elt, path, fld, visited)

    def _note_field(
        self,
        elt: ast.KeyValueExpr,
        path: tuple[int, ...],
        fld: Var,
        visited: dict[tuple[int, ...], Var],
    ) -> None:
        """Report a field that is set twice, by itself or by one around it."""
        if path in visited:
            self.errorf(
                elt, "DuplicateLitField", "duplicate field name %s in struct literal", fld.name
            )
            return
        for other, alt in visited.items():
            if other == path[: len(other)]:
                self.errorf(
                    elt,
                    "DuplicateLitField",
                    "cannot specify promoted field %s and enclosing embedded field %s",
                    fld.name,
                    alt.name,
                )
                return
            if len(path) < len(other) and other[: len(path)] == path:
                self.errorf(
                    elt,
                    "DuplicateLitField",
                    "cannot specify embedded field %s and enclosed promoted field %s",
                    fld.name,
                    alt.name,
                )
                return
        visited[path] = fld

    def _positional(self, x: Operand, e: ast.CompositeLit, base: Type, fields: list[Var]) -> None:
        pkg = self.pkg
        for i, elt in enumerate(e.elts):
            if type(elt) is ast.KeyValueExpr:
                self.error(
                    elt,
                    "MixedStructLit",
                    "mixture of field:value and value elements in struct literal",
                )
                continue
            self.generic_expr(x, elt)
            if i >= len(fields):
                self.errorf(
                    x, "InvalidStructLit", "too many values in struct literal of type %s", base
                )
                break
            fld = fields[i]
            if fld.pkg is not pkg and not fld.exported:
                self.errorf(
                    x,
                    "UnexportedLitField",
                    "implicit assignment to unexported field %s in struct literal of type %s",
                    fld.name,
                    base,
                )
                continue
            self.assignment(x, fld.type, "struct literal")
        if len(e.elts) < len(fields):
            hint = ""
            if any(f.pkg is not pkg and not f.exported for f in fields):
                hint = " (type has unexported fields - use key:value pairs)"
            self.errorf(
                e.rbrace,
                "InvalidStructLit",
                "too few values in struct literal of type %s%s",
                base,
                hint,
            )

    def _map_lit(self, x: Operand, e: ast.CompositeLit, utyp: Map) -> None:
        key_type, elem = utyp.key, utyp.elem
        # In an interface 1 and 1.0 are different keys.
        by_type = is_non_type_param_interface(key_type)
        visited: dict[Any, list[Type]] = {}
        for elt in e.elts:
            if type(elt) is not ast.KeyValueExpr:
                self.error(elt, "MissingLitKey", "missing key in map literal")
                continue
            self.generic_expr(x, elt.key, key_type)
            self.assignment(x, key_type, "map literal")
            if x.mode == INVALID:
                continue
            if x.mode == CONSTANT and x.val is not None:
                value = _key_value(x.val)
                seen = visited.setdefault(value, [])
                if by_type:
                    duplicate = any(identical(t, x.type) for t in seen)
                else:
                    duplicate = bool(seen)
                seen.append(x.type)
                if duplicate:
                    self.errorf(
                        x,
                        "DuplicateLitKey",
                        "duplicate key %s in map literal",
                        constant.string(x.val),
                    )
                    continue
            self.generic_expr(x, elt.value, elem)
            self.assignment(x, elem, "map literal")

    def indexed_elts(self, elts: list[ast.Expr], typ: Type, length: int) -> int:
        """Check the elements of an array or slice literal.

        Parameters
        ----------
        elts
            The elements, with or without index.
        typ
            What they must be assignable to.
        length
            The length of the array; negative if there is none.

        Returns
        -------
        int
            The largest index plus one.
        """
        visited: set[int] = set()
        index = most = 0
        x = Operand()
        for e in elts:
            valid = False
            value = e
            if type(e) is ast.KeyValueExpr:
                index_type, i = self.index(e.key, length)
                if is_valid(index_type):
                    if i >= 0:
                        index = i
                        valid = True
                    else:
                        self.errorf(
                            e, "InvalidLitIndex", "index %s must be integer constant", e.key
                        )
                value = e.value
            elif 0 <= length <= index:
                self.errorf(
                    e,
                    "OversizeArrayLit",
                    "index %d is out of bounds (>= %d)",
                    index,
                    length,
                )
            else:
                valid = True
            if valid:
                if index in visited:
                    self.errorf(
                        e,
                        "DuplicateLitKey",
                        "duplicate index %d in array or slice literal",
                        index,
                    )
                visited.add(index)
            index += 1
            if index > most:
                most = index
            x.val = None
            self.generic_expr(x, value, typ)
            self.assignment(x, typ, "array or slice literal")
        return most


def _key_value(val: Any) -> Any:
    """Return a dict key that is equal for equal constants of any kind."""
    if type(val) is bool:
        # Python's True equals 1.
        return (val,)
    if type(val) is constant.Complex:
        if val.im != 0:
            return (Fraction(val.re), Fraction(val.im))
        val = val.re
    return val
