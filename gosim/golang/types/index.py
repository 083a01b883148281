"""Index and slice expressions (``types2/index.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang import ast
from gosim.golang.types import constant
from gosim.golang.types.base import Base
from gosim.golang.types.const import CANNOT, represent
from gosim.golang.types.operand import (
    CONSTANT,
    INVALID,
    MAPINDEX,
    TYPEXPR,
    VALUE,
    VARIABLE,
    Operand,
)
from gosim.golang.types.predicates import (
    all_integer,
    identical,
    is_string,
    is_type_param,
    is_untyped,
    is_valid,
)
from gosim.golang.types.types import (
    INT,
    STRING,
    TYP,
    Array,
    Basic,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Type,
)
from gosim.golang.types.types import INVALID as INVALID_KIND
from gosim.golang.types.under import typeset, under_is
from gosim.golang.types.universe import universe_byte

__all__ = ["IndexMixin", "indices_of"]

INVALID_ARG = "invalid argument: "
INVALID_OP = "invalid operation: "


def indices_of(e: ast.IndexExpr | ast.IndexListExpr) -> list[ast.Expr]:
    """Return what stands between the brackets."""
    return e.indices if type(e) is ast.IndexListExpr else [e.index]  # type: ignore[union-attr]


class IndexMixin(Base):
    """The checker's methods for ``x[i]`` and ``x[i:j]``."""

    def index_expr(self, x: Operand, e: Any) -> bool:
        """Check ``x[i]``.

        Returns
        -------
        bool
            Whether it is the instantiation of a function, `x` being the generic function; the
            caller instantiates it.
        """
        self.expr_or_type(x, e.x, True)
        mode = x.mode
        if mode == INVALID:
            self.use(*indices_of(e))
            return False
        if mode == TYPEXPR:
            x.mode = INVALID
            # This looks at e.x again.
            x.type = self.var_type(e)
            if is_valid(x.type):
                x.mode = TYPEXPR
            return False
        under = x.type.underlying()
        cls = type(under)
        if cls is Signature and mode == VALUE and under.type_params:
            return True
        self.non_generic(None, x)
        if x.mode == INVALID:
            return False
        # The types involved must be complete.
        if not self.is_complete(x.type):
            x.mode = INVALID
            return False
        if (cls is Pointer and not self.is_complete(under.base)) or (
            cls is Map and not self.is_complete(under.elem)
        ):
            x.mode = INVALID
            return False

        valid = False
        length = -1
        if cls is Slice:
            valid = True
            x.mode = VARIABLE
            x.type = under.elem
        elif cls is Map:
            self._map_index(x, e, under.key, under.elem)
            return False
        elif cls is Array:
            valid = True
            length = under.len
            if mode != VARIABLE:
                x.mode = VALUE
            x.type = under.elem
        elif cls is Basic:
            if is_string(under):
                valid = True
                if mode == CONSTANT:
                    length = -1 if x.val is None else len(x.val)
                # A byte of a constant string is no constant.
                x.mode = VALUE
                x.type = universe_byte
        elif cls is Pointer:
            array = under.base.underlying()
            if type(array) is Array:
                valid = True
                length = array.len
                x.mode = VARIABLE
                x.type = array.elem
        elif cls is Interface and is_type_param(x.type):
            found = self._type_param_index(x)
            if found is not None:
                key, elem, result, length = found
                if key is not None:
                    self._map_index(x, e, key, elem)
                    return False
                valid = True
                x.mode = result
                x.type = elem
        if not valid:
            self.errorf(e.lbrack, "NonSliceableOperand", "cannot index %s", x)
            self.use(*indices_of(e))
            x.mode = INVALID
            return False
        index = self.single_index(e)
        if x.type is None:
            # Only in declarations that refer to themselves.
            x.type = TYP[INVALID_KIND]
        self.index(index, length)
        return False

    def _map_index(self, x: Operand, e: Any, key: Type, elem: Type) -> None:
        index = self.single_index(e)
        k = Operand()
        self.generic_expr(k, index)
        self.assignment(k, key, "map index")
        # After a wrong key the type of the element is known all the same.
        x.mode = MAPINDEX
        x.type = elem
        x.expr = e

    def _type_param_index(self, x: Operand) -> tuple[Type | None, Type, int, int] | None:
        """Return (key or None, element, mode, length) for a type parameter, None if it has none."""
        length = -1
        key: Type | None = None
        elem: Type | None = None
        mode = VARIABLE

        def each(u: Type | None) -> bool:
            nonlocal length, key, elem, mode
            n = -1
            k: Type | None = None
            el: Type | None = None
            if type(u) is Basic:
                if is_string(u):
                    el = universe_byte
                    mode = VALUE
            elif type(u) is Array:
                n = u.len
                el = u.elem
                if x.mode != VARIABLE:
                    mode = VALUE
            elif type(u) is Pointer:
                a = u.base.underlying()
                if type(a) is Array:
                    n = a.len
                    el = a.elem
            elif type(u) is Slice:
                el = u.elem
            elif type(u) is Map:
                k = u.key
                el = u.elem
            if el is None:
                return False
            if elem is None:
                length = n
                key, elem = k, el
                return True
            # Maps do not mix with others, nor do keys and elements.
            if (key is None) != (k is None) or (
                key is not None and k is not None and not identical(key, k)
            ):
                return False
            if not identical(elem, el):
                return False
            if 0 <= n < length:
                length = n
            return True

        if under_is(x.type, each) and elem is not None:
            return key, elem, mode, length
        return None

    def single_index(self, e: Any) -> ast.Expr:
        """Return the index of an index expression, the first after reporting several."""
        if type(e) is ast.IndexListExpr:
            self.error(e.indices[1], "InvalidIndex", INVALID_OP + "more than one index")
            return e.indices[0]
        return e.index  # type: ignore[no-any-return]

    def index(self, index: ast.Expr, max: int) -> tuple[Type, int]:
        """Check an index that must be below `max` if that is not negative.

        Returns
        -------
        tuple
            Its type (invalid after an error) and its value, -1 unless it is a valid constant.
        """
        x = Operand()
        self.expr(None, x, index)
        if not self.is_valid_index(x, "InvalidIndex", "index", False):
            return TYP[INVALID_KIND], -1
        if x.mode != CONSTANT:
            return x.type, -1
        v = x.val
        if v is None:
            return TYP[INVALID_KIND], -1
        if 0 <= max <= v:
            self.errorf(
                x,
                "InvalidIndex",
                INVALID_ARG + "index %s out of bounds [0:%d]",
                constant.string(v),
                max,
            )
            return TYP[INVALID_KIND], -1
        return x.type, v

    def is_valid_index(self, x: Operand, code: str, what: str, allow_negative: bool) -> bool:
        """Check that `x` can be an index; `what` it is called in errors."""
        if x.mode == INVALID:
            return False
        if is_untyped(x.type):
            self.convert_untyped(x, TYP[INT])
            if x.mode == INVALID:
                return False
        if not all_integer(x.type):
            self.errorf(x, code, INVALID_ARG + "%s %s must be integer", what, x)
            return False
        if x.mode == CONSTANT and x.val is not None:
            if not allow_negative and constant.sign(x.val) < 0:
                self.errorf(x, code, INVALID_ARG + "%s %s must not be negative", what, x)
                return False
            v = represent(x.val, TYP[INT])
            if v is CANNOT:
                self.errorf(x, code, INVALID_ARG + "%s %s overflows int", what, x)
                return False
            x.val = v
        return True

    def slice_expr(self, x: Operand, e: ast.SliceExpr) -> None:
        """Check ``x[low:high:max]``."""
        self.expr(None, x, e.x)
        bounds = (e.low, e.high, e.max)
        if x.mode == INVALID:
            self.use(*[b for b in bounds if b is not None])
            return
        cu = self._sliceable(x)
        under = x.type.underlying()
        if type(under) is Pointer and not self.is_complete(under.base):
            x.mode = INVALID
            return
        if cu is None:
            # It was reported.
            x.mode = INVALID
            return
        valid = False
        length = -1
        cls = type(cu)
        if cls is Slice:
            valid = True
        elif cls is Basic:
            if is_string(cu):
                if e.slice3:
                    at = e if e.max is None else e.max
                    self.error(at, "InvalidSliceExpr", INVALID_OP + "3-index slice of string")
                    x.mode = INVALID
                    return
                valid = True
                if x.mode == CONSTANT:
                    length = -1 if x.val is None else len(x.val)
                # Slicing an untyped string yields a typed one.
                if is_untyped(x.type):
                    x.type = TYP[STRING]
        elif cls is Array:
            valid = True
            length = cu.len
            if x.mode != VARIABLE:
                self.errorf(x, "NonSliceableOperand", "cannot slice unaddressable value %s", x)
                x.mode = INVALID
                return
            x.type = Slice(cu.elem)
        elif cls is Pointer:
            array = cu.base.underlying()
            if type(array) is Array:
                valid = True
                length = array.len
                x.type = Slice(array.elem)
        if not valid:
            self.errorf(x, "NonSliceableOperand", "cannot slice %s", x)
            x.mode = INVALID
            return
        x.mode = VALUE
        if e.slice3 and (e.high is None or e.max is None):
            self.error(e, "InvalidSyntaxTree", "2nd and 3rd index required in 3-index slice")
            x.mode = INVALID
            return
        # What is known of the bounds; the capacity is known only where it is the length.
        known = []
        for i, bound in enumerate(bounds):
            v = -1
            if bound is not None:
                v = self.index(bound, length + 1 if length >= 0 else -1)[1]
            elif i == 0:
                v = 0
            elif length >= 0:
                v = length
            known.append(v)
        for i, low in enumerate(known[:2]):
            if low <= 0:
                continue
            for j in range(i + 1, 3):
                if 0 <= known[j] < low:
                    # A default is never too small: this one was written.
                    self.errorf(
                        bounds[j],
                        "SwappedSliceIndices",
                        "invalid slice indices: %d < %d",
                        known[j],
                        low,
                    )
                    return

    def _sliceable(self, x: Operand) -> Any:
        """Return the one underlying type of all the types `x` may have; None after an error."""
        ct: Type | None = None
        cu: Any = None
        has_string = False
        for t, under in typeset(x.type):
            u = under
            if u is None:
                self.errorf(
                    x,
                    "NonSliceableOperand",
                    "cannot slice %s: no specific type in %s",
                    x,
                    x.type,
                )
                cu = None
                break
            # Strings are like slices of bytes here.
            if is_string(u):
                u = Slice(universe_byte)
                has_string = True
            if cu is None:
                ct, cu = t, u
                continue
            if not identical(cu, u):
                self.errorf(
                    x,
                    "NonSliceableOperand",
                    "cannot slice %s: %s and %s have different underlying types",
                    x,
                    ct,
                    t,
                )
                cu = None
                break
        if has_string:
            return TYP[STRING] if is_type_param(x.type) else x.type.underlying()
        return cu
