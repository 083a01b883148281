"""Inference of type arguments (spec, "Type inference")."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: C419, SIM110
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gosim.golang.types.base import Base
from gosim.golang.types.lookup import has_all_methods
from gosim.golang.types.objects import TypeName, Var
from gosim.golang.types.operand import INVALID, Operand
from gosim.golang.types.predicates import default, is_typed, max_type
from gosim.golang.types.subst import make_rename_map, make_subst_map, subst
from gosim.golang.types.types import (
    Alias,
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Term,
    Tuple,
    Type,
    TypeParam,
    Union,
    unalias,
)
from gosim.golang.types.under import common_under
from gosim.golang.types.unify import ASSIGN, EXACT, Unifier

if TYPE_CHECKING:
    from gosim.golang.types.errors import ErrorDesc


class InferMixin(Base):
    """Inference for the checker."""

    def infer(
        self,
        pos: int,
        tparams: list[TypeParam],
        targs: Sequence[Type | None],
        params: Tuple,
        args: Sequence[Operand],
        reverse: bool,
        err: ErrorDesc,
    ) -> list[Any] | None:
        """Infer the type arguments of a call or assignment.

        Parameters
        ----------
        tparams, targs
            Type parameters and what is known of their arguments, from the left.
        params, args
            Parameters and arguments, as many.
        reverse
            For messages: the "argument" is the variable a function is assigned to.
        err
            Gets the reason for a failure.

        Returns
        -------
        list
            A type for each type parameter; None if that fails.
        """
        n = len(tparams)
        if len(targs) == n and None not in targs:
            return list(targs)
        for arg in args:
            if arg.mode == INVALID:
                return None
        targs = [*targs, *[None] * (n - len(targs))]
        if params.vars:
            params = subst(self, 0, params, make_subst_map(tparams, targs))  # type: ignore[assignment]
        u = Unifier(self, tparams, targs, self.allow_version(21))
        untyped = []
        for i, arg in enumerate(args):
            ptype = params.vars[i].type
            if is_parameterized(tparams, ptype) or is_parameterized(tparams, arg.type):
                if is_typed(arg.type):
                    if not u.unify(ptype, arg.type, ASSIGN):
                        self._mismatch(u, tparams, ptype, arg, reverse, err)
                        return None
                elif type(ptype) is TypeParam and not arg.is_nil():
                    # Untyped constants count only if nothing else is known.
                    untyped.append(i)
        if not self._infer_from_constraints(pos, tparams, u, err):
            return None
        # The most general kind of all untyped constants for a parameter.
        most: dict[TypeParam, Any] = {}
        for i in untyped:
            tpar = params.vars[i].type
            if u.at(tpar) is None:
                arg = args[i]
                known = most.get(tpar)
                general = arg.type if known is None else max_type(known, arg.type)
                if general is None:
                    err.addf(
                        arg,
                        "mismatched types %s and %s (cannot infer %s)",
                        known,
                        arg.type,
                        tpar,
                    )
                    return None
                most[tpar] = general
        for tpar, typ in most.items():
            u.set(tpar, default(typ))
        inferred = u.inferred(tparams)
        # What was found may mention type parameters: put in what they stand for.
        _kill_cycles(tparams, inferred)
        dirty = [i for i, typ in enumerate(inferred) if typ is not None and targs[i] is None]
        while dirty:
            smap = make_subst_map(tparams, inferred)
            still = []
            for i in dirty:
                before = inferred[i]
                after = subst(self, 0, before, smap)
                if after is not before:
                    # A generic function all of whose type parameters were replaced.
                    if (
                        type(after) is Signature
                        and after.type_params
                        and not is_parameterized(tparams, after)
                    ):
                        after.type_params = []
                    inferred[i] = after
                    still.append(i)
            dirty = still
        for i, typ in enumerate(inferred):
            if typ is None or is_parameterized(tparams, typ):
                obj = tparams[i].obj
                err.addf(pos, "cannot infer %s (declared at %s)", obj.name, self.place(obj.pos))
                return None
        return inferred

    def _mismatch(
        self,
        u: Unifier,
        tparams: list[TypeParam],
        tpar: Type,
        arg: Operand,
        reverse: bool,
        err: ErrorDesc,
    ) -> None:
        # Say what was inferred so far, if anything.
        targ = arg.type
        targs = u.inferred(tparams)
        if all([t is None for t in targs]):
            err.addf(
                arg,
                "type %s of %s does not match %s (cannot infer %s)",
                targ,
                arg.expr,
                tpar,
                type_params_string(tparams),
            )
            return
        inferred = subst(self, arg.pos, tpar, make_subst_map(tparams, targs))
        if inferred is tpar:
            err.addf(arg, "type %s of %s does not match %s", targ, arg.expr, tpar)
        elif reverse:
            err.addf(
                arg,
                "inferred type %s for %s does not match type %s of %s",
                inferred,
                tpar,
                targ,
                arg.expr,
            )
        else:
            err.addf(
                arg,
                "type %s of %s does not match inferred type %s for %s",
                targ,
                arg.expr,
                inferred,
                tpar,
            )

    def _infer_from_constraints(
        self, pos: int, tparams: list[TypeParam], u: Unifier, err: ErrorDesc
    ) -> bool:
        # Until nothing new is found.
        while True:
            before = u.unknowns()
            for tpar in tparams:
                tx = u.at(tpar)
                core, single = core_term(tpar)
                if core is not None:
                    if tx is not None:
                        if not u.unify(tx, core.type, 0):
                            err.addf(
                                pos,
                                "%s (type %s) does not satisfy %s",
                                tpar,
                                tx,
                                tpar.constraint,
                            )
                            return False
                    elif single and not core.tilde:
                        u.set(tpar, core.type)
                if tx is not None and not is_parameterized(tparams, tx):
                    ok, cause = has_all_methods(
                        self, tx, tpar.iface(), True, lambda x, y: u.unify(x, y, EXACT)
                    )
                    if not ok:
                        err.addf(
                            pos,
                            "%s (type %s) does not satisfy %s %s",
                            tpar,
                            tx,
                            tpar.constraint,
                            cause,
                        )
                        return False
            if u.unknowns() == before:
                return True

    def rename_tparams(
        self, pos: int, tparams: list[TypeParam], typ: Any
    ) -> tuple[list[TypeParam], Any]:
        """Return fresh type parameters and `typ` with them in place of `tparams`."""
        if not tparams:
            return [], typ
        fresh = []
        for p in tparams:
            name = TypeName(p.obj.pos, p.obj.pkg, p.obj.name, None)
            q = TypeParam(name)
            q.index = p.index
            fresh.append(q)
        smap = make_rename_map(tparams, fresh)
        for p, q in zip(tparams, fresh, strict=True):
            q.bound = subst(self, pos, p.bound, smap)
        return fresh, subst(self, pos, typ, smap)


def type_params_string(params: Sequence[TypeParam]) -> str:
    """Enumerate type parameters."""
    names = [p.obj.name for p in params]
    if len(names) <= 2:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def is_parameterized(tparams: Sequence[TypeParam], t: Any) -> bool:
    """Whether `t` mentions one of the type parameters."""
    cls = type(t)
    if cls is Basic:
        return False
    if cls is TypeParam:
        return t in tparams
    if cls is Named and not t.type_args:
        return False
    return _Walker(tparams).typ(t)


class _Walker:
    __slots__ = ("seen", "tparams")

    def __init__(self, tparams: Sequence[TypeParam]) -> None:
        self.tparams = tparams
        self.seen: dict[Any, bool] = {}

    def typ(self, t: Any) -> bool:
        """Whether a type mentions one of them."""
        cls = type(t)
        if cls is Basic:
            return False
        if cls is TypeParam:
            return t in self.tparams
        known = self.seen.get(t)
        if known is not None:
            return known
        self.seen[t] = False
        found = self.seen[t] = self.composite(cls, t)
        return found

    def composite(self, cls: Any, t: Any) -> bool:
        """As `typ` for types that contain others."""
        if cls is Named:
            return any([self.typ(each) for each in t.type_args])
        if cls is Pointer:
            return self.typ(t.base)
        if cls is Slice or cls is Array or cls is Chan:
            return self.typ(t.elem)
        if cls is Map:
            return self.typ(t.key) or self.typ(t.elem)
        if cls is Signature:
            # Its own type parameters and its receiver do not count.
            return self.variables(t.params.vars) or self.variables(t.results.vars)
        if cls is Struct:
            return self.variables(t.fields)
        if cls is Tuple:
            return self.variables(t.vars)
        if cls is Interface:
            tset = t.type_set()
            if any([self.typ(m.type) for m in tset.methods]):
                return True
            terms = tset.terms if tset.has_terms() else []
            return bool(terms) and all([self.typ(term.type) for term in terms])
        if cls is Alias:
            return self.typ(unalias(t))
        if cls is Union:
            return any([self.typ(term.type) for term in t.terms])
        assert t is None, t
        return False

    def variables(self, variables: list[Var]) -> bool:
        """Whether a variable's type mentions one of them."""
        for v in variables:
            if self.typ(v.type):
                return True
        return False


def core_term(tpar: TypeParam) -> tuple[Term | None, bool]:
    """Return the only term of a type parameter and True; or its core type and False, or None."""
    tset = tpar.iface().type_set()
    if not tset.has_terms():
        return None, False
    terms = tset.terms
    if len(terms) == 1:
        return terms[0], True
    typ, _ = common_under(tpar, None)
    if typ is None:
        return None, False
    return Term(any([t.tilde for t in terms]), typ), False


def _kill_cycles(tparams: list[TypeParam], inferred: list[Any]) -> None:
    """Forget what was inferred for type parameters that stand for something with themselves."""
    finder = _CycleFinder(tparams, inferred)
    for t in tparams:
        finder.typ(t)


class _CycleFinder:
    __slots__ = ("inferred", "seen", "tparams")

    def __init__(self, tparams: list[TypeParam], inferred: list[Any]) -> None:
        self.tparams = tparams
        self.inferred = inferred
        self.seen: set[Any] = set()

    def typ(self, t: Any) -> None:
        """Walk a type."""
        t = unalias(t)
        cls = type(t)
        if cls is Basic or (cls is Named and not t.type_args):
            return
        if t in self.seen:
            # Cycles through anything but type parameters are legal.
            if cls is TypeParam and t in self.tparams:
                self.inferred[self.tparams.index(t)] = None
            return
        self.seen.add(t)
        if cls is TypeParam:
            if t in self.tparams:
                found = self.inferred[self.tparams.index(t)]
                if found is not None:
                    self.typ(found)
        elif cls is Named:
            for each in t.type_args:
                self.typ(each)
        elif cls is Pointer:
            self.typ(t.base)
        elif cls is Slice or cls is Array or cls is Chan:
            self.typ(t.elem)
        elif cls is Map:
            self.typ(t.key)
            self.typ(t.elem)
        elif cls is Struct:
            self.variables(t.fields)
        elif cls is Tuple:
            self.variables(t.vars)
        elif cls is Signature:
            self.variables(t.params.vars)
            self.variables(t.results.vars)
        elif cls is Union:
            for term in t.terms:
                self.typ(term.type)
        elif cls is Interface:
            for m in t.methods:
                self.typ(m.type)
            for each in t.embeddeds:
                self.typ(each)
        self.seen.discard(t)

    def variables(self, variables: list[Var]) -> None:
        """Walk the types of variables."""
        for v in variables:
            self.typ(v.type)
