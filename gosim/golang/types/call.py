"""Calls, selectors and the instantiation of functions (``types2/call.go``)."""

from __future__ import annotations

from typing import Any

from gosim.golang import ast
from gosim.golang.ast import node_pos, unparen
from gosim.golang.types.base import CONVERSION, EXPRESSION, STATEMENT
from gosim.golang.types.expr import NO_VALUES, new_target
from gosim.golang.types.index import indices_of
from gosim.golang.types.infer import is_parameterized
from gosim.golang.types.objects import (
    Object,
    Var,
    new_param,
)
from gosim.golang.types.operand import (
    BUILTIN,
    CONSTANT,
    INVALID,
    NOVALUE,
    TYPEXPR,
    VALUE,
    Operand,
)
from gosim.golang.types.predicates import (
    is_type_param,
)
from gosim.golang.types.selector import SelectorMixin
from gosim.golang.types.subst import make_subst_map
from gosim.golang.types.types import (
    Interface,
    Signature,
    Slice,
    Tuple,
    Type,
    TypeParam,
)
from gosim.golang.types.under import common_under
from gosim.golang.types.universe import PREDECLARED_FUNCS

__all__ = ["CallMixin"]

INVALID_OP = "invalid operation: "
_INDEX = (ast.IndexExpr, ast.IndexListExpr)
_KINDS = {"expression": EXPRESSION, "statement": STATEMENT}


class _ArgumentContext:
    """What an argument is called in errors; most calls have none, and spelling takes time."""

    __slots__ = ("fun",)

    def __init__(self, fun: ast.Expr) -> None:
        self.fun = fun

    def __str__(self) -> str:
        return "argument to " + ast.source_of(self.fun)


class CallMixin(SelectorMixin):
    """The checker's methods for calls and selectors."""

    #: How many faulty arguments may still be looked at twice.
    _again = 500

    # ------------------------------------------------------------- instantiation of functions

    def func_inst(
        self, target: Any, pos: int, x: Operand, inst: Any, infer: bool
    ) -> list[Type] | None:
        """Instantiate the generic function `x`.

        Parameters
        ----------
        target
            A `Target` to infer type arguments from; may be None if `inst` is given.
        inst
            The index expression with type arguments, or None.
        infer
            Find out missing type arguments; if not, and some are missing, `x` stays as it is.

        Returns
        -------
        list or None
            The type arguments given, if some are missing and `infer` is not set; otherwise None
            (`x` is instantiated, or invalid after an error).
        """
        at = pos
        if inst is not None:
            at = inst.lbrack
            x.expr = inst
        versions_ok = self.verify_versionf(at, 18, "function instantiation")
        targs: Any = []
        xlist: list[ast.Expr] = []
        if inst is not None:
            xlist = indices_of(inst)
            targs = self.type_list(xlist)
            if targs is None:
                x.mode = INVALID
                return None
        sig = x.type
        assert type(sig) is Signature
        got, want = len(targs), len(sig.type_params)
        if got > want:
            self.errorf(
                xlist[got - 1],
                "WrongTypeArgCount",
                "got %d type arguments but want %d",
                got,
                want,
            )
            x.mode = INVALID
            return None
        assert x.expr is not None
        if got < want:
            if not infer:
                return targs  # type: ignore[no-any-return]
            # `var v T = x` is like the call g(v) of a func g[type parameters of x](type of x).
            args: list[Operand] = []
            params: list[Var] = []
            reverse = False
            if target is not None and sig.type_params:
                if versions_ok:
                    self.verify_versionf(
                        at,
                        21,
                        "%s instantiated function in assignment",
                        "partially" if inst is not None else "implicitly",
                    )
                gsig = Signature(None, sig.params, sig.results, sig.variadic)
                params = [new_param(node_pos(x.expr), self.pkg, "", gsig)]
                what = ast.Ident(node_pos(x.expr), target.desc)
                args = [Operand(VALUE, what, target.sig)]
                reverse = True
            tparams, renamed = self.rename_tparams(pos, sig.type_params, Tuple(params))
            err = self.new_error("CannotInferTypeArgs")
            targs = self.infer(pos, tparams, targs, renamed, args, reverse, err)
            if targs is None:
                if not err.empty():
                    err.report()
                x.mode = INVALID
                return None
        x.type = self.instantiate_signature(node_pos(x.expr), x.expr, targs, sig, xlist)
        x.mode = VALUE
        return None

    def instantiate_signature(
        self,
        pos: int,
        expr: ast.Expr,
        targs: Any,
        typ: Signature,
        xlist: Any,
    ) -> Signature:
        """Instantiate a function type; whether the arguments satisfy is checked later."""
        inst = self.instance(pos, typ, targs, None, self.context())
        assert type(inst) is Signature
        self.record_instance(expr, targs, inst)

        def check_constraints() -> None:
            tparams = typ.type_params
            i, why = self.verify(pos, tparams, targs, self.context())
            if i >= 0:
                at: Any = xlist[i] if i < len(xlist) else pos
                self.soft_errorf(at, "InvalidTypeArg", "%s", why)
            else:
                self.mono.record_instance(self.pkg, pos, tparams, targs, xlist)

        self.later(check_constraints)
        return inst

    # ------------------------------------------------------------- calls

    def call_expr(self, x: Operand, call: ast.CallExpr) -> int:
        """Check a call, a conversion or the call of a builtin; returns as `raw_expr`."""
        fun = call.fun
        inst: Any = None
        if type(fun) in _INDEX:
            if self.index_expr(x, fun):
                # The arguments help to find the type arguments.
                inst = fun
            x.expr = fun
            self.record(x)
        else:
            self.expr_or_type(x, fun, True)
        mode = x.mode
        if mode == INVALID:
            self.use(*call.args)
            x.expr = call
            return STATEMENT
        if mode == TYPEXPR:
            self._convert(x, call)
            return CONVERSION
        if mode == BUILTIN:
            id = x.id
            if not self.builtin(x, call, id):
                x.mode = INVALID
            x.expr = call
            if x.mode != INVALID and x.mode != CONSTANT:
                self.has_call_or_recv = True
            return _KINDS[PREDECLARED_FUNCS[id].kind]

        sig: Any = x.type
        if type(sig) is not Signature:
            sig = self._callee(x)
            if sig is None:
                # gc does not look at the arguments then.
                x.mode = INVALID
                x.expr = call
                return STATEMENT
        was_generic = bool(sig.type_params)
        xlist: list[ast.Expr] = []
        targs: list[Any] = []
        if inst is not None:
            xlist = indices_of(inst)
            given = self.type_list(xlist)
            if given is None:
                self.use(*call.args)
                x.mode = INVALID
                x.expr = call
                return STATEMENT
            targs = given
            got, want = len(targs), len(sig.type_params)
            if got > want:
                self.errorf(
                    xlist[want],
                    "WrongTypeArgCount",
                    "got %d type arguments but want %d",
                    got,
                    want,
                )
                self.use(*call.args)
                x.mode = INVALID
                x.expr = call
                return STATEMENT
            if got == want and want > 0:
                # Known whatever the arguments turn out to be.
                self.verify_versionf(inst, 18, "function instantiation")
                sig = self.instantiate_signature(inst.lbrack, inst, targs, sig, xlist)
                targs = []
                xlist = []
        args, atargs = self.generic_expr_list(call.args)
        sig = self.arguments(call, sig, targs, xlist, args, atargs)
        if was_generic and not sig.type_params:
            self.record_type_and_value(fun, VALUE, sig, None)
        results = sig.results.vars
        n = len(results)
        if n == 1:
            typ = results[0].type
            if not self.is_complete(typ):
                x.mode = INVALID
                x.expr = call
                return STATEMENT
            x.mode = VALUE
            x.type = typ
        elif n == 0:
            x.mode = NOVALUE
        else:
            x.mode = VALUE
            x.type = sig.results
        x.expr = call
        self.has_call_or_recv = True
        # After failed inference type parameters may be left.
        if sig.type_params and x.mode == VALUE and is_parameterized(sig.type_params, x.type):
            x.mode = INVALID
        return STATEMENT

    def _callee(self, x: Operand) -> Signature | None:
        """Return the signature of a function that has another name; None after an error."""

        def callable_(t: Type | None, u: Type | None) -> str | None:
            if u is not None and type(u) is not Signature:
                return self.sprintf("%s is not a function", t)
            return None

        u, why = common_under(x.type, callable_)
        if why is not None:
            self.errorf(x, "InvalidCall", INVALID_OP + "cannot call %s: %s", x, why)
            return None
        return u  # type: ignore[no-any-return]

    def _convert(self, x: Operand, call: ast.CallExpr) -> None:
        """Check ``T(arg)``; `x` is the type."""
        self.non_generic(None, x)
        if x.mode == INVALID:
            return
        typ = x.type
        x.mode = INVALID
        args = call.args
        if not self.is_complete(typ):
            x.expr = call
            return
        if len(args) == 1:
            arg = args[0]
            self.expr(new_target(typ, "conversion"), x, arg)
            if x.mode != INVALID:
                t = typ.underlying()
                if type(t) is Interface and not is_type_param(typ) and not t.is_method_set():
                    self.errorf(
                        call,
                        "MisplacedConstraintIface",
                        "cannot use interface %s in conversion "
                        "(contains specific type constraints or is comparable)",
                        typ,
                    )
                elif call.ellipsis:
                    self.errorf(
                        arg,
                        "BadDotDotDotSyntax",
                        "invalid use of ... in conversion to %s",
                        typ,
                    )
                else:
                    self.conversion(x, typ)
        elif not args:
            self.errorf(call, "WrongArgCount", "missing argument in conversion to %s", typ)
        else:
            self.use(*args)
            self.errorf(args[-1], "WrongArgCount", "too many arguments in conversion to %s", typ)
        x.expr = call

    def expr_list(self, elist: list[ast.Expr]) -> list[Operand]:
        """Check expressions; a single one may have several values."""
        if len(elist) == 1:
            return self.multi_expr(elist[0], False)[0]
        found = []
        for e in elist:
            x = Operand()
            self.expr(None, x, e)
            found.append(x)
        return found

    def generic_expr_list(
        self, elist: list[ast.Expr]
    ) -> tuple[list[Operand], list[list[Type] | None]]:
        """Check arguments: generic functions too, and a single call may have several values.

        Returns
        -------
        tuple
            The operands; and for each one the type arguments of a generic function that lacks
            some (None for others; the list may be shorter).
        """
        # Before Go 1.21 all type arguments must be known here.
        infer = not (elist and self.allow_version(21))
        if len(elist) == 1:
            e = elist[0]
            x = Operand()
            if type(e) in _INDEX:
                partial = self._generic_arg(x, e, infer)
                if x.mode != VALUE or type(x.type) is not Tuple:
                    return [x], [partial]
            else:
                self.raw_expr(None, x, e, None, True)
                if x.mode != VALUE:
                    self.exclude(x, NO_VALUES)
            typ = x.type
            if type(typ) is Tuple and x.mode != INVALID:
                return [Operand(VALUE, e, v.type) for v in typ.vars], []
            return [x], []
        found: list[Operand] = []
        partials: list[list[Type] | None] = []
        for e in elist:
            x = Operand()
            if type(e) in _INDEX:
                partial = self._generic_arg(x, e, infer)
                if partial is not None and len(partials) < len(found):
                    partials.extend([None] * (len(found) - len(partials)))
                if partial is not None:
                    partials.append(partial)
            else:
                self.generic_expr(x, e)
            found.append(x)
        return found, partials

    def _generic_arg(self, x: Operand, e: Any, infer: bool) -> list[Type] | None:
        """Check an argument ``f[…]``; return its type arguments if some are missing."""
        reported = len(self.errors)
        if self.index_expr(x, e):
            assert x.expr is not None
            partial = self.func_inst(None, node_pos(x.expr), x, e, infer)
            x.expr = e
            if partial is None:
                self.record(x)
            return partial
        if len(self.errors) > reported and self._again:
            # gc looks at it a second time, which shows in what it prints about one line. Nested
            # ones would take for ever: there is an end to it here.
            self._again -= 1
            self.generic_expr(x, e)
            return None
        # An ordinary index expression: what raw_expr would do with it.
        x.expr = e
        self.record(x)
        self.exclude(x, NO_VALUES)
        self.single_value(x)
        return None

    def arguments(
        self,
        call: ast.CallExpr,
        sig: Signature,
        targs: list[Any],
        xlist: list[ast.Expr],
        args: list[Operand],
        atargs: list[list[Type] | None],
    ) -> Signature:
        """Check the arguments of a call.

        Parameters
        ----------
        call
            The call, for errors.
        sig, targs, xlist
            The callee, the type arguments given and their expressions.
        args, atargs
            The arguments, and type arguments of generic ones that lack some.

        Returns
        -------
        Signature
            The callee's, instantiated if it is generic; `sig` after an error.
        """
        nargs = len(args)
        params = sig.params.vars
        npars = len(params)
        ddd = bool(call.ellipsis)
        adjusted = False
        if sig.variadic:
            if ddd:
                if len(call.args) == 1 and nargs > 1:
                    self.errorf(
                        call,
                        "InvalidDotDotDot",
                        "cannot use ... with %d-valued %s",
                        nargs,
                        call.args[0],
                    )
                    return sig
            elif nargs >= npars - 1:
                # One parameter for each argument.
                last = params[npars - 1]
                assert type(last.type) is Slice
                elem = last.type.elem
                params = params[: npars - 1]
                for _ in range(nargs - npars + 1):
                    params.append(new_param(last.pos, last.pkg, last.name, elem))
                adjusted = True
                npars = nargs
            else:
                npars -= 1
        elif ddd:
            self.errorf(
                call,
                "NonVariadicDotDotDot",
                "cannot use ... in call to non-variadic %s",
                call.fun,
            )
            return sig
        if nargs != npars:
            at: Any = call
            what = "not enough"
            if nargs > npars:
                at = args[npars].expr
                what = "too many"
            elif nargs > 0:
                at = args[nargs - 1].expr
            err = self.new_error("WrongArgCount")
            err.addf(at, "%s arguments in call to %s", what, call.fun)
            have = self.types_summary([a.type for a in args], False, ddd)
            err.addf(0, "have %s", have)
            err.addf(
                0,
                "want %s",
                self.types_summary([v.type for v in sig.params.vars], sig.variadic, False),
            )
            err.report()
            return sig

        result = sig
        n = len(sig.type_params)
        generic_args = [
            i for i, a in enumerate(args) if type(a.type) is Signature and a.type.type_params
        ]
        if n or generic_args:
            found = self._infer_arguments(
                call, sig, targs, xlist, args, atargs, params, adjusted, generic_args
            )
            if found is None:
                return sig
            result, params = found
        if nargs:
            context: Any = _ArgumentContext(call.fun)
            for a, p in zip(args, params, strict=True):
                self.assignment(a, p.type, context)
        return result

    def _infer_arguments(
        self,
        call: ast.CallExpr,
        sig: Signature,
        targs: list[Any],
        xlist: list[ast.Expr],
        args: list[Operand],
        atargs: list[list[Type] | None],
        params: list[Var],
        adjusted: bool,
        generic_args: list[int],
    ) -> tuple[Signature, list[Var]] | None:
        """Infer what type arguments of callee and arguments are missing.

        Returns
        -------
        tuple or None
            Signature and parameters of the callee, instantiated; None after an error.
        """
        pos = call.lparen
        n = len(sig.type_params)
        tparams: list[TypeParam] = []
        sig_params = Tuple(params)
        targs = list(targs)
        if n:
            if isinstance(call.fun, _INDEX):
                self.verify_versionf(call.fun, 18, "function instantiation")
            else:
                self.verify_versionf(call, 18, "implicit function instantiation")
            # Recursive calls: the callee's are not those of the function around.
            tparams, sig_params = self.rename_tparams(pos, sig.type_params, sig_params)
            tparams = list(tparams)
            targs.extend([None] * (n - len(targs)))
        for i in generic_args:
            # In f(g, g) the two are different.
            arg = args[i]
            own, asig = self.rename_tparams(pos, arg.type.type_params, arg.type.copy())
            asig.type_params = own
            arg.type = asig
            tparams.extend(own)
            if i < len(atargs):
                targs.extend(atargs[i] or [])
            targs.extend([None] * (len(tparams) - len(targs)))
        if generic_args:
            self.verify_versionf(
                args[generic_args[0]], 21, "implicitly instantiated function as argument"
            )
        err = self.new_error("CannotInferTypeArgs")
        inferred = self.infer(pos, tparams, targs, sig_params, args, False, err)
        if inferred is None:
            if not err.empty():
                self.errorf(
                    err.pos(),
                    "CannotInferTypeArgs",
                    "in call to %s, %s",
                    call.fun,
                    err.msg(),
                )
            return None
        result = sig
        if n:
            result = self.instantiate_signature(pos, call.fun, inferred[:n], sig, xlist)
            if adjusted:
                changed = self.subst(
                    pos,
                    sig_params,
                    make_subst_map(tparams[:n], inferred[:n]),
                    None,
                    self.context(),
                )
                assert type(changed) is Tuple
                params = changed.vars
            else:
                params = result.params.vars
        else:
            params = sig_params.vars
        j = n
        for i in generic_args:
            arg = args[i]
            asig = arg.type
            k = j + len(asig.type_params)
            assert arg.expr is not None
            arg.type = self.instantiate_signature(pos, arg.expr, inferred[j:k], asig, [])
            self.record(arg)
            j = k
        return result, params

    # ------------------------------------------------------------- after errors

    def use(self, *args: ast.Expr) -> bool:
        """Check expressions for what they use; whether all are valid."""
        ok = True
        for e in args:
            ok &= self._use1(e, False)
        return ok

    def use_lhs(self, *args: ast.Expr) -> bool:
        """As `use`, but names of variables on their own do not count as used."""
        ok = True
        for e in args:
            ok &= self._use1(e, True)
        return ok

    def _use1(self, e: ast.Expr, lhs: bool) -> bool:
        x = Operand(VALUE)
        inner = unparen(e)
        if type(inner) is ast.Ident:
            if inner.name == "_":
                return True
            v: Object | None = None
            used = False
            if lhs:
                v = self.lookup(inner.name)
                if type(v) is Var and v.pkg is self.pkg:
                    used = v.used
                else:
                    v = None
            self.expr_or_type(x, inner, True)
            if v is not None:
                v.used = used  # type: ignore[attr-defined]
        else:
            self.raw_expr(None, x, e, None, True)
        return x.mode != INVALID
