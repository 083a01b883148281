"""Constants, conversions ``T(x)``, and what goes into interfaces."""

from __future__ import annotations

import ast
import math
from fractions import Fraction
from typing import Any

from gosim.golang import ast as go
from gosim.golang.compile.accesses import AccessMixin
from gosim.golang.compile.escape import HEAP, STACK, Escapes
from gosim.golang.compile.layout import attribute, basic_name, is_aggregate, noscan, size
from gosim.golang.compile.operators import BITS, OperatorMixin, int_range
from gosim.golang.compile.rtypes import is_byte
from gosim.golang.errors import Unsupported
from gosim.golang.types.predicates import identical, type_key
from gosim.golang.types.types import (
    IS_BOOLEAN,
    IS_COMPLEX,
    IS_FLOAT,
    IS_INTEGER,
    IS_STRING,
    IS_UNSIGNED,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    unalias,
)
from gosim.golang.values.floats import f32, int_to_f32

__all__ = ["ConversionMixin"]


class ConversionMixin(OperatorMixin, AccessMixin):
    """Conversions, explicit and implicit."""

    function: Any

    # -- constants --------------------------------------------------------------------------------

    def constant(self, value: Any, t: Type) -> ast.expr:
        """A constant of type `t`."""
        u = t.underlying()
        if not isinstance(u, Basic):
            if isinstance(u, Interface):
                return self._constant_in_interface(value)
            raise TypeError(f"no constant of type {t}")
        return self._constant(value, u)

    def _constant(self, value: Any, u: Basic) -> ast.expr:
        info = u.info
        if info & (IS_BOOLEAN | IS_STRING):
            return self.const(value)
        if info & IS_INTEGER:
            return self.const(int(value.re if hasattr(value, "re") else value))
        if info & IS_COMPLEX:
            single = basic_name(u) == "complex64"
            re, im = (value.re, value.im) if hasattr(value, "re") else (value, 0)
            return self.const(complex(_float(re, single), _float(im, single)))
        if info & IS_FLOAT:
            return self.const(_float(value, basic_name(u) == "float32"))
        return self.const(value)

    def _constant_in_interface(self, value: Any) -> ast.expr:
        if isinstance(value, (bool, str, int)):
            return self.const(value)
        if hasattr(value, "re"):
            return self.const(complex(_float(value.re, False), _float(value.im, False)))
        return self.const(_float(value, False))

    def basic_lit(self, e: go.BasicLit) -> ast.expr:
        """A literal without a recorded value does not happen in a checked program."""
        raise TypeError(f"literal {e.value} has no value")

    # -- into interfaces --------------------------------------------------------------------------

    def convert(self, x: ast.expr, source: Type, target: Type) -> ast.expr:
        """`x` of type `source` assigned to type `target`."""
        if source is target:
            return x
        u = target.underlying()
        if isinstance(u, Interface):
            if isinstance(source.underlying(), Interface):
                return x
            return self.box_value(x, source)
        if isinstance(u, (Struct, Array)) and not identical(source, target):
            return self.recast(x, source, target)
        return x

    def box_value(self, x: ast.expr, t: Type) -> ast.expr:
        """A value of type `t` as it stands in an interface."""
        types = self.types
        types.line = self.line
        t = unalias(t)
        if isinstance(t, Tuple):
            raise TypeError("several values do not go into an interface")
        if types.counts and not isinstance(x, ast.Constant) and not types.is_struct_pointer(t):
            x = self._counted(x, t)
        if types.plain(t) is not None:
            return x
        if isinstance(t, Basic) and t.name == "untyped nil":
            return self.const(None)
        if isinstance(t, Basic) and t.name == "untyped rune":
            return self.call(types.box(t), x)
        if types.is_struct_pointer(t):
            types.rtype(t)
            if self._is_new(x):
                return x
            first, x = self.twice(x)
            test = self.compare(first, "is not", self.const(None))
            return self.if_(test, x, types.nil_box(t))
        return self.call(types.box(t), x)

    def _counted(self, x: ast.expr, t: Type) -> ast.expr:
        """`x` as it is copied to the heap on its way into an interface."""
        u = t.underlying()
        if isinstance(u, (Pointer, Map, Chan, Signature)):
            return x  # a word that is a pointer
        if isinstance(u, Basic) and (u.name == "bool" or size(t) == 1):
            return x  # one of those that the runtime has ready
        if isinstance(u, Basic) and u.info & IS_STRING:
            x = self.invoke("str", x)
        return self.invoke("boxed", x, self.const(size(t)), self.const(noscan(t)))

    def _is_new(self, x: ast.expr) -> bool:
        """Whether `x` makes a struct, so that it is not nil."""
        return (
            isinstance(x, ast.Call)
            and isinstance(x.func, ast.Name)
            and x.func.id.startswith("class:")
        )

    def recast(self, x: ast.expr, source: Type, target: Type) -> ast.expr:
        """A struct or array of another type with the same parts."""
        su, tu = source.underlying(), target.underlying()
        if isinstance(tu, Struct) and isinstance(su, Struct):
            if type_key(unalias(source)) == type_key(unalias(target)):
                return x
            name = self.temp()
            parts: list[ast.expr] = []
            for i, (old, new) in enumerate(zip(su.fields, tu.fields, strict=True)):
                me = self.bind(name, x) if i == 0 else self.name(name)
                part: ast.expr = self.attr(me, attribute(su, i))
                part = self.types.copied(part, old.type)
                parts.append(self.convert(part, old.type, new.type))
            return self.call(self.types.struct_class(target), *parts)
        return x

    # -- conversions ------------------------------------------------------------------------------

    def converts_anew(self, e: go.CallExpr) -> bool:
        """Whether a conversion makes a new struct or array."""
        source, target = self.typ(e.args[0]), self.typ(e)
        if isinstance(source.underlying(), Slice):
            return True
        if isinstance(source.underlying(), Struct) and not identical(source, target):
            return True
        return self.fresh(e.args[0])

    def conversion(self, e: go.CallExpr) -> ast.expr:
        """``T(x)``."""
        arg = e.args[0]
        target = self.typ(e)
        if self.is_nil(arg):
            return self.zero(target)
        source = self.typ(arg)
        tv = self.info.types.get(arg)
        if tv is not None and tv.value is not None:
            made = self._converted_constant(tv.value, source, target)
            if made is not None:
                return made
        x = self.expr(arg)
        self.position(e.lparen)
        made = self.converted(x, source, target, self.range_of(arg), arg)
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name):
            name = made.func.id
            if name == "go:byte_slice" and isinstance(x, ast.Constant):
                made.func.id = "go:exact_bytes"
            elif name == "go:byte_slice" and self.slice_place(e) == STACK:
                # Bytes that nobody changes are those of the string.
                changed = self.escapes().is_changed(self.function.func, e)
                made.func.id = "go:byte_slice_on_stack" if changed else "go:exact_bytes"
            elif name == "go:rune_slice" and self.slice_place(e) == STACK:
                made.func.id = "go:rune_slice_on_stack"
        return made

    def slice_place(self, e: go.CallExpr) -> int:
        """Where the array must be that a call makes (`gosim.golang.compile.escape`)."""
        f = self.function.func
        if f is None:
            return HEAP
        return self.escapes().place(f, e)

    def escapes(self) -> Escapes:
        """What is known of slices that stay in their functions."""
        found = self.types.escapes
        if found is None:
            found = self.types.escapes = Escapes(self.program.colours.decls)
        return found

    def _converted_constant(self, value: Any, source: Type, target: Type) -> ast.expr | None:
        """A constant converted where the result is none: to a type parameter's argument."""
        su, tu = source.underlying(), target.underlying()
        if not isinstance(tu, Basic) or not isinstance(su, Basic):
            return None
        numeric = IS_INTEGER | IS_FLOAT | IS_COMPLEX
        if tu.info & numeric and su.info & numeric:
            if tu.info & IS_INTEGER:
                number = value.re if hasattr(value, "re") else value
                if Fraction(number).denominator != 1:
                    return None
                low, high = int_range(tu)
                if not low <= int(number) <= high:
                    return None
            return self._constant(value, tu)
        return None

    def converted(
        self,
        x: ast.expr,
        source: Type,
        target: Type,
        known: tuple[int, int],
        e: go.Expr | None = None,
    ) -> ast.expr:
        """`x` of type `source`, an integer in the range `known`, converted to `target`."""
        su, tu = source.underlying(), target.underlying()
        if isinstance(tu, Interface):
            if e is not None and is_aggregate(source) and not self.fresh(e):
                x = self.types.copied(x, source)
            return self.convert(x, source, target)
        if isinstance(tu, Basic):
            if isinstance(su, Basic):
                return self._basic(x, su, tu, known)
            if tu.info & IS_STRING and isinstance(su, Slice):
                helper = "string_of_bytes" if is_byte(su.elem) else "string_of_runes"
                return self.invoke(helper, x)
            return x
        if isinstance(tu, Slice) and isinstance(su, Basic) and su.info & IS_STRING:
            return self.invoke("byte_slice" if is_byte(tu.elem) else "rune_slice", x)
        if isinstance(su, Slice):
            if isinstance(tu, Array):
                return self.invoke("to_array", self.types.elem(tu.elem), x, self.const(tu.len))
            if isinstance(tu, Pointer):
                array = tu.base.underlying()
                assert isinstance(array, Array)
                return self.invoke("to_array_pointer", x, self.const(array.len))
            return x
        if isinstance(tu, Struct) and not identical(source, target):
            return self.recast(x, source, target)
        if isinstance(tu, Pointer) and isinstance(su, Pointer):
            self._check_pointers(su, tu, e)
        return x

    def _check_pointers(self, su: Pointer, tu: Pointer, e: go.Expr | None) -> None:
        """Pointers to structs are the structs: their class cannot change."""
        a, b = unalias(su.base), unalias(tu.base)
        if isinstance(a.underlying(), Struct) and type_key(a) != type_key(b):
            self.unsupported(
                e.pos if e is not None else 0,
                f"the conversion of *{a} to *{b} (a pointer to another struct type)",
            )

    def unsupported(self, pos: int, what: str) -> None:
        """Refuse the program."""
        raise Unsupported(pos, what)

    def _basic(self, x: ast.expr, su: Basic, tu: Basic, known: tuple[int, int]) -> ast.expr:
        s, t = su.info, tu.info
        if t & IS_STRING:
            return self.invoke("encode_rune", x) if s & IS_INTEGER else x
        if t & IS_INTEGER:
            if s & IS_INTEGER:
                return self._to_integer(x, tu, known)
            if s & IS_FLOAT:
                return self._float_to_integer(x, tu)
            return self.invoke("address", x) if basic_name(su) == "unsafe.Pointer" else x
        if t & IS_FLOAT:
            single = basic_name(tu) == "float32"
            if s & IS_INTEGER:
                return self.invoke("int_to_f32" if single else "float", x)
            if single and basic_name(su) != "float32":
                return self.invoke("f32", x)
            return x
        if t & IS_COMPLEX and basic_name(tu) == "complex64" != basic_name(su):
            return self.invoke("c64", x)
        return x

    def _to_integer(self, x: ast.expr, t: Basic, known: tuple[int, int]) -> ast.expr:
        low, high = int_range(t)
        if low <= known[0] and known[1] <= high:
            return x
        if not low:
            return self.binary("&", x, self.const(high))
        return self.wrapped(x, t, known)

    def _float_to_integer(self, x: ast.expr, t: Basic) -> ast.expr:
        bits = BITS[basic_name(t)]
        unsigned = bool(t.info & IS_UNSIGNED)
        if bits == 64:
            if unsigned:
                return self.invoke("float_to_uint64", x)
            name = self.temp()
            # Nearly all floats are small.
            test = self.compare(
                self.const(-9.0e18), "<", self.bind(name, x), "<", self.const(9.0e18)
            )
            return self.if_(
                test,
                self.invoke("int", self.name(name)),
                self.invoke("float_to_int", self.name(name)),
            )
        if bits == 32 and unsigned:
            return self.binary("&", self.invoke("float_to_int", x), self.const((1 << 32) - 1))
        made = self.invoke("float_to_int32", x)
        if bits == 32:
            return made
        if unsigned:
            return self.binary("&", made, self.const((1 << bits) - 1))
        return self.invoke(f"wrap_int{bits}", made)

    # -- others' -----------------------------------------------------------------------------------

    def fresh(self, e: go.Expr) -> bool:
        """See `ExprMixin`."""
        raise NotImplementedError


def _float(value: Any, single: bool) -> float:
    """A constant as a floating-point number, rounded once."""
    if isinstance(value, int):
        return int_to_f32(value) if single else _division(value, 1)
    if single:
        # The nearest float32: by way of float64 unless that lies half-way between two.
        near = _division(value.numerator, value.denominator)
        rounded = f32(near)
        if Fraction(near) != value and not math.isinf(rounded):
            for other in (
                f32(math.nextafter(near, math.inf)),
                f32(math.nextafter(near, -math.inf)),
            ):
                if not math.isinf(other) and abs(Fraction(other) - value) < abs(
                    Fraction(rounded) - value
                ):
                    rounded = other
        return rounded
    return _division(value.numerator, value.denominator)


def _division(n: int, d: int) -> float:
    try:
        return n / d
    except OverflowError:
        return math.inf if n > 0 else -math.inf
