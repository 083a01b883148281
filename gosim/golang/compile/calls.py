"""Calls of functions, methods and function values (Go: spec "Calls")."""

from __future__ import annotations

import ast

from gosim.golang import ast as go
from gosim.golang.ast import unparen
from gosim.golang.compile.layout import method_name
from gosim.golang.compile.literals import LiteralMixin
from gosim.golang.compile.order import late
from gosim.golang.types import operand
from gosim.golang.types.info import Selection
from gosim.golang.types.objects import Func
from gosim.golang.types.predicates import identical
from gosim.golang.types.types import Interface, Signature, Slice, Tuple, Type

__all__ = ["CallMixin"]

_MAKE_STRINGS = {
    "fmt": ("Sprint", "Sprintf", "Sprintln"),
    "strconv": ("FormatFloat", "FormatInt", "Itoa", "Quote"),
    "strings": ("Clone", "Join", "Map", "Repeat", "Replace", "ReplaceAll", "ToLower", "ToUpper"),
}


class CallMixin(LiteralMixin):
    """Calls."""

    def call_expr(self, e: go.CallExpr) -> ast.expr:
        """A call, of a built-in function too, or a conversion."""
        tv = self.info.types.get(unparen(e.fun))
        if tv is not None:
            if tv.mode == operand.TYPEXPR:
                return self.conversion(e)
            if tv.mode == operand.BUILTIN:
                return self.builtin_call(e)
        f, args = self.call_parts(e)
        self.position(e.lparen)
        made = self.waited(e, self.call(f, *args))
        if self.types.counts and self._makes_string(e):
            return self.invoke("made_string", made)
        return made

    def _makes_string(self, e: go.CallExpr) -> bool:
        """Whether a function of the library is called that makes a string in Python."""
        fun = unparen(e.fun)
        if not isinstance(fun, go.SelectorExpr):
            return False
        f = self.info.uses.get(fun.sel)
        return (
            isinstance(f, Func)
            and f.pkg is not None
            and f.name in _MAKE_STRINGS.get(f.pkg.path, ())
        )

    def waited(self, e: go.CallExpr, made: ast.expr) -> ast.expr:
        """A call as it must be awaited, if so."""
        blocks, maybe = self.call_colour(e)
        if not blocks:
            return made
        return self.wait(self.invoke("settle", made) if maybe else made)

    def call_parts(self, e: go.CallExpr) -> tuple[ast.expr, list[ast.expr]]:
        """Function and arguments of a call that is no conversion."""
        fun = unparen(e.fun)
        tv = self.info.types.get(fun)
        if tv is not None and tv.mode == operand.BUILTIN:
            return self.builtin_parts(e)
        args: list[ast.expr] = []
        inner: go.Expr = fun
        if isinstance(fun, (go.IndexExpr, go.IndexListExpr)):
            inner = unparen(fun.x)
        f: ast.expr
        selection = self.info.selections.get(inner) if isinstance(inner, go.SelectorExpr) else None
        if isinstance(inner, go.SelectorExpr) and selection is not None:
            if selection.kind == "method":
                f, args = self._method(inner, selection)
            else:
                f = self.expr(fun)
        else:
            ident = inner.sel if isinstance(inner, go.SelectorExpr) else inner
            obj = self.info.uses.get(ident) if isinstance(ident, go.Ident) else None
            if isinstance(obj, Func) and isinstance(ident, go.Ident):
                f = self.function_value(ident, obj)
            else:
                f = self.expr(fun)
        sig = self.typ(fun).underlying()
        assert isinstance(sig, Signature), fun
        args += self.arguments(e, sig)
        return f, args

    def _method(self, e: go.SelectorExpr, selection: Selection) -> tuple[ast.expr, list[ast.expr]]:
        """Function of a method call and the receiver, if that is an argument."""
        f, type_args, at, path = self.method_of(selection)
        if isinstance(at.underlying(), Interface):
            x = self.fields(self.expr(e.x), self.resolve(selection.recv), path)
            self.position(e.sel.name_pos)
            return self.attr(x, method_name(f)), []
        me = self.receiver(e.x, f, selection)
        self.position(e.sel.name_pos)
        instance = self.info.instances.get(e.sel)
        if instance is not None:  # the method itself is generic
            type_args = type_args + [self.resolve(t) for t in instance.type_args]
        return self.func_ref(f, type_args), [me]

    def arguments(self, e: go.CallExpr, sig: Signature) -> list[ast.expr]:
        """The arguments of a call of a function of type `sig`, as it takes them."""
        params = [v.type for v in sig.params]
        if len(e.args) == 1:
            t = self.typ(e.args[0])
            if isinstance(t, Tuple):
                return self._spread(e.args[0], t, sig)
        if not sig.variadic or e.ellipsis:
            return late(
                self, e.args, [self.value(a, p) for a, p in zip(e.args, params, strict=True)]
            )
        fixed = len(params) - 1
        last = params[-1].underlying()
        assert isinstance(last, Slice)
        args = [self.value(a, params[i] if i < fixed else last.elem) for i, a in enumerate(e.args)]
        args = late(self, e.args, args)
        return [*args[:fixed], self._variadic(args[fixed:], last)]

    def _variadic(self, rest: list[ast.expr], t: Slice) -> ast.expr:
        if not rest:
            return self.helper("NIL_SLICE")
        return self.new_slice(self.list(rest), t.elem)

    def _spread(self, e: go.Expr, t: Tuple, sig: Signature) -> list[ast.expr]:
        """The results of one call as arguments of another."""
        params = [v.type for v in sig.params]
        sources = [self.resolve(v.type) for v in t]
        fixed = len(params) - 1 if sig.variadic else len(params)
        targets: list[Type] = params[:fixed]
        if sig.variadic:
            last = params[-1].underlying()
            assert isinstance(last, Slice)
            targets = targets + [last.elem] * (len(sources) - fixed)
        x = self.expr(e)
        if not sig.variadic and all(map(identical, sources, targets)):
            return [ast.Starred(x, ast.Load(), lineno=self.line, col_offset=0)]
        name = self.temp()
        made: list[ast.expr] = []
        for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
            whole = self.bind(name, x) if i == 0 else self.name(name)
            part = self.index(whole, self.const(i))
            made.append(self.convert(part, source, target))
        if not sig.variadic:
            return made
        if not made[fixed:]:
            return [*made, self.helper("NIL_SLICE")]
        last = params[-1].underlying()
        assert isinstance(last, Slice)
        return [*made[:fixed], self._variadic(made[fixed:], last)]

    # -- others' ----------------------------------------------------------------------------------

    def call_colour(self, e: go.CallExpr) -> tuple[bool, bool]:
        """Whether a call blocks, and whether what it gives may be no coroutine (functions.py)."""
        raise NotImplementedError

    def builtin_call(self, e: go.CallExpr) -> ast.expr:
        """See `BuiltinMixin`."""
        raise NotImplementedError

    def builtin_parts(self, e: go.CallExpr) -> tuple[ast.expr, list[ast.expr]]:
        """See `BuiltinMixin`."""
        raise NotImplementedError

    def function_value(self, e: go.Ident, f: Func) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError

    def method_of(self, selection: Selection) -> tuple[Func, list[Type], Type, list[int]]:
        """See `ExprMixin`."""
        raise NotImplementedError

    def fields(self, x: ast.expr, t: Type, index: list[int]) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError

    def receiver(self, e: go.Expr, f: Func, selection: Selection, own: bool = True) -> ast.expr:
        """See `ExprMixin`."""
        raise NotImplementedError
