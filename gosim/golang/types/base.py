"""What the parts of the checker share: its state, and the methods that one file calls of another.

The checker is that of Go 1.27 (``cmd/compile/internal/types2``, the twin of ``go/types``): who
knows it finds every function under its name in snake_case, as a method of the mixin in the file of
the same name. Functions without a checker there are functions here. Conventions:

- ``at`` in the error methods is a position, a node, an operand or an object (`Base.at_pos`);
- language versions are the minor number (``22`` for go1.22), 0 for "do not check";
- values of constants are Python's (see constant.py), None is the unknown one;
- the environment of Go's checker lies flat on the checker (`save_environment` copies it);
- ``%s`` in a format takes types, operands, objects, nodes and anything with ``str()``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gosim.golang import ast
    from gosim.golang.types.errors import ErrorDesc, TypeError_
    from gosim.golang.types.info import Config, Info
    from gosim.golang.types.instantiate import Context
    from gosim.golang.types.mono import MonoGraph
    from gosim.golang.types.objects import (
        Const,
        Func,
        Object,
        Package,
        PkgName,
        TypeName,
        Var,
    )
    from gosim.golang.types.operand import Operand
    from gosim.golang.types.resolver import DeclInfo
    from gosim.golang.types.scope import Scope
    from gosim.golang.types.types import (
        Alias,
        Basic,
        Interface,
        Named,
        Signature,
        Struct,
        Tuple,
        Type,
        TypeParam,
        Union,
    )

__all__ = ["CONVERSION", "EXPRESSION", "STATEMENT", "Base", "ExprInfo"]

#: What `raw_expr` says about an expression (Go's exprKind).
CONVERSION, EXPRESSION, STATEMENT = 0, 1, 2


class ExprInfo:
    """What is known of an expression that has no final type yet."""

    __slots__ = ("is_lhs", "mode", "type", "val")

    def __init__(self, is_lhs: bool, mode: int, type: Basic, val: Any) -> None:
        #: It is the left operand of a shift whose check waits.
        self.is_lhs = is_lhs
        self.mode = mode
        self.type = type
        self.val = val


class Base:
    """State and interface of the checker; see check.py for the whole."""

    # --- for the life of the checker
    conf: Config
    ctxt: Context
    pkg: Package
    info: Info
    next_id: int
    #: Package-level objects and (non-interface) methods, in source order.
    obj_map: dict[Object, DeclInfo]
    obj_list: list[Object]
    imp_map: dict[str, Package]
    files: list[ast.File]
    imports: list[PkgName]
    dot_import_map: dict[tuple[Scope, str], PkgName]
    union_type_sets: dict[Union, Any]
    first_err: TypeError_ | None
    errors: list[TypeError_]
    #: Package-level type names → their non-blank methods.
    methods: dict[TypeName, list[Func]]
    #: Expressions without final type.
    untyped: dict[ast.Expr, ExprInfo]
    delayed: list[tuple[int, Callable[[], None]]]
    obj_path: list[Object]
    obj_path_idx: dict[Object, int]
    cleaners: list[Any]

    # --- environment of what is checked now
    decl: DeclInfo | None
    scope: Scope
    version: int
    iota: int | None
    #: Where an inherited constant initializer is used; 0 otherwise.
    errpos: int
    in_tparam_list: bool
    sig: Signature | None
    is_panic: set[ast.CallExpr]
    has_label: bool
    has_call_or_recv: bool
    #: The variables declared in the body being checked, to find unused ones.
    local_vars: list[Var]
    #: Defined types → whether their size depends on type parameters.
    var_sized: dict[Named, bool]
    #: Defined types → whether they are free of type parameters.
    closed: dict[Named, bool]
    #: Interface types that are not empty, as written.
    interface_types: list[ast.InterfaceType]
    #: For `monomorph`.
    mono: MonoGraph

    # --- errors.py
    def at_pos(self, at: Any) -> int:
        """Return the position an error at `at` is reported at."""
        raise NotImplementedError

    def place(self, pos: int) -> str:
        """Spell a position as Go does inside texts."""
        raise NotImplementedError

    def sprintf(self, format: str, *args: Any) -> str:
        """Format with Go's ``%s``, ``%q`` (names) and ``%d``; types are qualified."""
        raise NotImplementedError

    def text(self, x: Any) -> str:
        """Spell a type, operand, object, node or value as in an error."""
        raise NotImplementedError

    def qualifier(self, pkg: Package) -> str:
        """Return what stands before the names of `pkg` in errors."""
        raise NotImplementedError

    def new_error(self, code: str) -> ErrorDesc:
        """Begin an error of several lines: ``addf(at, format, *args)``, ``report()``."""
        raise NotImplementedError

    def error(self, at: Any, code: str, text: str) -> None:
        """Report `text` as it is; `code` is Go's name such as ``"UnusedVar"``."""
        raise NotImplementedError

    def errorf(self, at: Any, code: str, format: str, *args: Any) -> None:
        """Report a formatted text."""
        raise NotImplementedError

    def soft_errorf(self, at: Any, code: str, format: str, *args: Any) -> None:
        """Report an error that does not make types unknown."""
        raise NotImplementedError

    # --- version.py
    def allow_version(self, want: int) -> bool:
        """Say whether the language version of this file is at least `want`."""
        raise NotImplementedError

    def verify_versionf(self, at: Any, want: int, format: str, *args: Any) -> bool:
        """As `allow_version`, with an error "… requires go1.N or later"."""
        raise NotImplementedError

    # --- check.py: environment, delayed actions

    def lookup(self, name: str) -> Object | None:
        """Find `name` from the current scope outwards."""
        raise NotImplementedError

    def later(self, f: Callable[[], None]) -> None:
        """Put `f` off to the end of the statement or of the package."""
        raise NotImplementedError

    def process_delayed(self, top: int) -> None:
        """Run what was put off since the list had `top` entries."""
        raise NotImplementedError

    def push(self, obj: Object) -> None:
        """Put `obj` on the path of declarations under way."""
        raise NotImplementedError

    def pop(self) -> None:
        """Take the last one off."""
        raise NotImplementedError

    def needs_cleanup(self, cleaner: Any) -> None:
        """Have ``cleaner.cleanup()`` called at the end."""
        raise NotImplementedError

    def add_decl_dep(self, to: Object) -> None:
        """Note that the declaration being checked depends on `to`."""
        raise NotImplementedError

    def save_environment(self) -> tuple[Any, ...]:
        """Copy the environment."""
        raise NotImplementedError

    def restore_environment(self, saved: tuple[Any, ...]) -> None:
        """Put a copied environment back."""
        raise NotImplementedError

    def context(self) -> Context:
        """Return where instances are kept so that equal ones are one."""
        raise NotImplementedError

    # --- check.py: recording
    def record(self, x: Operand) -> None:
        """Record mode, type and value of ``x.expr``; untyped ones wait for their final type."""
        raise NotImplementedError

    def record_type_and_value(self, e: ast.Expr, mode: int, typ: Type, val: Any) -> None:
        """Record a final type."""
        raise NotImplementedError

    def record_builtin_type(self, f: ast.Expr, sig: Signature) -> None:
        """Record the signature of a builtin at one call."""
        raise NotImplementedError

    def record_comma_ok_types(self, e: ast.Expr, a: list[Operand]) -> None:
        """Give a comma-ok expression its tuple type."""
        raise NotImplementedError

    def record_instance(self, e: ast.Expr, targs: Sequence[Type], typ: Type) -> None:
        """Record an instantiation at the identifier in `e`."""
        raise NotImplementedError

    def record_def(self, id: ast.Ident, obj: Object | None) -> None:
        """Record what `id` declares."""
        raise NotImplementedError

    def record_use(self, id: ast.Ident, obj: Object) -> None:
        """Record what `id` refers to."""
        raise NotImplementedError

    def record_implicit(self, node: ast.Node, obj: Object) -> None:
        """Record what `node` declares without a name."""
        raise NotImplementedError

    def record_selection(
        self,
        x: ast.SelectorExpr,
        kind: str,
        recv: Type,
        obj: Object,
        index: list[int],
        indirect: bool,
    ) -> None:
        """Record a selector; `kind` is "field", "method" or "methodexpr"."""
        raise NotImplementedError

    def record_scope(self, node: ast.Node, scope: Scope) -> None:
        """Record the scope of `node`."""
        raise NotImplementedError

    # --- resolver.py, decl.py
    def declare(self, scope: Scope, id: ast.Ident | None, obj: Object, pos: int) -> None:
        """Insert `obj` into `scope`, or report a redeclaration; `pos` is where its scope begins."""
        raise NotImplementedError

    def obj_decl(self, obj: Object) -> None:
        """Type-check the declaration of `obj`."""
        raise NotImplementedError

    def cycle_error(self, cycle: list[Object], start: int) -> None:
        """Report a declaration that refers to itself."""
        raise NotImplementedError

    def is_complete(self, t: Type) -> bool:
        """Say whether `t` has an underlying type yet; report a cycle otherwise."""
        raise NotImplementedError

    def open_scope(self, node: ast.Node, comment: str) -> None:
        """Begin a block."""
        raise NotImplementedError

    def close_scope(self) -> None:
        """End it."""
        raise NotImplementedError

    def declare_type_param(self, name: ast.Ident, scope_pos: int) -> TypeParam:
        """Declare a type parameter in the current scope; its constraint comes later."""
        raise NotImplementedError

    def arity(
        self,
        pos: int,
        names: list[ast.Ident],
        inits: Sequence[ast.Expr],
        const_decl: bool,
        inherited: bool,
    ) -> None:
        """Check that there is one initializer for each name."""
        raise NotImplementedError

    def first_in_src(self, path: list[Object]) -> int:
        """Return the index of the object that is declared first."""
        raise NotImplementedError

    def unpack_recv(
        self, rtyp: ast.Expr, unpack_params: bool
    ) -> tuple[bool, ast.Expr, list[ast.Ident] | None]:
        """Take a receiver type apart: (pointer, base type, names of type parameters)."""
        raise NotImplementedError

    def decl_stmt(self, decl: ast.GenDecl) -> None:
        """Check declarations inside a function."""
        raise NotImplementedError

    # --- typexpr.py and the files of the kinds of types
    def ident(self, x: Operand, e: ast.Ident, want_type: bool) -> None:
        """Check a name."""
        raise NotImplementedError

    def typ(self, e: ast.Expr) -> Type:
        """Check a type expression; invalid types come back as ``TYP[INVALID]``."""
        raise NotImplementedError

    def var_type(self, e: ast.Expr) -> Type:
        """Check a type expression that must not be a constraint."""
        raise NotImplementedError

    def valid_var_type(self, e: ast.Expr, typ: Type) -> None:
        """Report constraint interfaces used as types of variables."""
        raise NotImplementedError

    def declared_type(self, e: ast.Expr, def_: TypeName | None) -> Type:
        """Check the right side of the declaration of `def_`."""
        raise NotImplementedError

    def generic_type(self, e: ast.Expr) -> tuple[Type, str]:
        """Check a type expression that must be generic: (type, cause why not)."""
        raise NotImplementedError

    def type_list(self, xs: list[ast.Expr]) -> list[Type] | None:
        """Check types; None when one is invalid."""
        raise NotImplementedError

    def array_length(self, e: ast.Expr) -> int:
        """Check an array length; -1 when it is invalid."""
        raise NotImplementedError

    def func_type(
        self,
        sig: Signature,
        recv: ast.FieldList | None,
        tparams: ast.FieldList | None,
        ftyp: ast.FuncType,
    ) -> None:
        """Check a signature and fill `sig`; its scope holds the parameters."""
        raise NotImplementedError

    def struct_type(self, styp: Struct, e: ast.StructType) -> None:
        """Check a struct type."""
        raise NotImplementedError

    def interface_type(self, ityp: Interface, e: ast.InterfaceType, def_: TypeName | None) -> None:
        """Check an interface type."""
        raise NotImplementedError

    def collect_type_params(
        self, fields: ast.FieldList, set_: Callable[[list[TypeParam]], None]
    ) -> None:
        """Declare type parameters in the current scope, then check their constraints."""
        raise NotImplementedError

    # --- stmt.py, assignments.py, range.py, returns.py, unused.py
    def func_body(
        self,
        decl: DeclInfo | None,
        name: str,
        sig: Signature,
        body: ast.BlockStmt,
        iota: int | None,
    ) -> None:
        """Check the body of a function."""
        raise NotImplementedError

    def stmt(self, s: ast.Stmt) -> None:
        """Check a statement."""
        raise NotImplementedError

    def assignment(self, x: Operand, target: Type | None, context: str) -> None:
        """Check that `x` can be assigned to `target` (None: any type), and convert it."""
        raise NotImplementedError

    def init_const(self, lhs: Const, x: Operand) -> None:
        """Give a constant its value."""
        raise NotImplementedError

    def init_var(self, lhs: Var, x: Operand, context: str) -> None:
        """Initialize a variable; gives it the type of `x` if it has none."""
        raise NotImplementedError

    def init_vars(
        self, lhs: list[Var], rhs: list[ast.Expr], return_: ast.ReturnStmt | None
    ) -> None:
        """Initialize several."""
        raise NotImplementedError

    def assign_var(
        self, lhs: ast.Expr, rhs: ast.Expr | None, x: Operand | None, context: str
    ) -> None:
        """Check ``lhs = rhs``, or ``lhs = x`` for an operand."""
        raise NotImplementedError

    def assign_vars(self, lhs: list[ast.Expr], rhs: list[ast.Expr]) -> None:
        """Check ``lhs = rhs`` for any number of both."""
        raise NotImplementedError

    def short_var_decl(self, pos: int, lhs: list[ast.Expr], rhs: list[ast.Expr]) -> None:
        """Check ``lhs := rhs``; `pos` is the operator's place."""
        raise NotImplementedError

    def types_summary(self, types: Sequence[Type], variadic: bool, has_dots: bool) -> str:
        """Spell the types of parameters, arguments or results for errors."""
        raise NotImplementedError

    def range_stmt(self, s: ast.RangeStmt) -> None:
        """Check ``for key, value tok range x {...}``."""
        raise NotImplementedError

    def usage(self, scope: Scope) -> None:
        """Report the unused variables of the function whose scope is `scope`."""
        raise NotImplementedError

    def is_terminating(self, s: ast.Stmt, label: str) -> bool:
        """Say whether control never passes behind `s`."""
        raise NotImplementedError

    def use(self, *args: ast.Expr) -> bool:
        """Evaluate expressions for what they use, after an error (call.py, T2)."""
        raise NotImplementedError

    def use_lhs(self, *args: ast.Expr) -> bool:
        """As `use` for left sides: does not mark variables as used (call.py, T2)."""
        raise NotImplementedError

    # --- expr.py (T2)
    def raw_expr(
        self,
        target: Any,
        x: Operand,
        e: ast.Expr,
        hint: Type | None,
        allow_generic: bool,
    ) -> int:
        """Check any expression; return CONVERSION, EXPRESSION or STATEMENT."""
        raise NotImplementedError

    def expr(self, target: Any, x: Operand, e: ast.Expr) -> None:
        """Check an expression that must be one value."""
        raise NotImplementedError

    def generic_expr(self, x: Operand, e: ast.Expr, target: Any = None) -> None:
        """As `expr`; the result may be a generic function."""
        raise NotImplementedError

    def multi_expr(self, e: ast.Expr, allow_comma_ok: bool) -> tuple[list[Operand], bool]:
        """Check an expression of any number of values: (operands, comma-ok form)."""
        raise NotImplementedError

    def expr_or_type(self, x: Operand, e: ast.Expr, allow_generic: bool) -> None:
        """Check an expression or a type."""
        raise NotImplementedError

    def non_generic(self, target: Any, x: Operand) -> None:
        """Instantiate a generic function for `target`; report generic types and functions."""
        raise NotImplementedError

    def expr_list(self, elist: list[ast.Expr]) -> list[Operand]:
        """Check expressions, or one call of several values."""
        raise NotImplementedError

    def generic_expr_list(
        self, elist: list[ast.Expr]
    ) -> tuple[list[Operand], list[list[Type] | None]]:
        """As `expr_list` for arguments that may be generic functions: with type arguments."""
        raise NotImplementedError

    def binary(
        self,
        x: Operand,
        e: ast.Expr | None,
        lhs: ast.Expr,
        rhs: ast.Expr,
        op: str,
    ) -> None:
        """Check ``lhs op rhs`` (`e` is None for ``lhs op= rhs``)."""
        raise NotImplementedError

    def comparison(self, x: Operand, y: Operand, op: str, switch_case: bool = False) -> None:
        """Check ``x op y``; `x` becomes the result."""
        raise NotImplementedError

    def match_types(self, x: Operand, y: Operand) -> None:
        """Convert untyped operands of a binary operation."""
        raise NotImplementedError

    def convert_untyped(self, x: Operand, target: Type) -> None:
        """Give an untyped operand the type `target`; invalid, with an error, if it cannot."""
        raise NotImplementedError

    def implicit_type_and_value(self, x: Operand, target: Type) -> tuple[Type | None, Any, str]:
        """Return (type, value, error code or "") of an implicit conversion."""
        raise NotImplementedError

    def invalid_conversion(self, code: str, x: Operand, target: Type) -> None:
        """Report a failed implicit conversion."""
        raise NotImplementedError

    def update_expr_type(self, e: ast.Expr, typ: Type, final: bool) -> None:
        """Hand the final type down to untyped subexpressions."""
        raise NotImplementedError

    def update_expr_val(self, e: ast.Expr, val: Any) -> None:
        """Update the value of an untyped expression."""
        raise NotImplementedError

    def single_value(self, x: Operand) -> None:
        """Report and invalidate tuples."""
        raise NotImplementedError

    def exclude(self, x: Operand, modeset: int) -> None:
        """Report operands of the wrong mode."""
        raise NotImplementedError

    def type_assertion(self, e: ast.Expr, x: Operand, typ: Type, type_switch: bool) -> None:
        """Report impossible type assertions."""
        raise NotImplementedError

    def chan_elem(self, pos: Any, x: Operand, recv: bool) -> Type | None:
        """Return the element type of a channel operand that can be used in this direction."""
        raise NotImplementedError

    # --- const.py, conversions.py (T2)
    def overflow(self, x: Operand, op_pos: int) -> None:
        """Report constants that their type cannot hold."""
        raise NotImplementedError

    def representable(self, x: Operand, typ: Basic) -> None:
        """Round or reject a constant for `typ`."""
        raise NotImplementedError

    def representation(self, x: Operand, typ: Basic) -> tuple[Any, str]:
        """Return the constant as `typ` holds it and "", or (None, error code)."""
        raise NotImplementedError

    def conversion(self, x: Operand, target: Type) -> None:
        """Check ``target(x)``."""
        raise NotImplementedError

    # --- call.py, builtins.py, index.py, literals.py (T2)
    def call_expr(self, x: Operand, call: ast.CallExpr) -> int:
        """Check a call or conversion; returns as `raw_expr`."""
        raise NotImplementedError

    def builtin(self, x: Operand, call: ast.CallExpr, id: str) -> bool:
        """Check the call of a builtin."""
        raise NotImplementedError

    def arguments(
        self,
        call: ast.CallExpr,
        sig: Signature,
        targs: list[Any],
        xlist: list[ast.Expr],
        args: list[Operand],
        atargs: list[Any],
    ) -> Signature:
        """Check the arguments of a call; return the signature, instantiated."""
        raise NotImplementedError

    def basic_lit(self, x: Operand, e: ast.BasicLit) -> None:
        """Check a number, rune or string."""
        raise NotImplementedError

    def func_lit(self, x: Operand, e: ast.FuncLit) -> None:
        """Check a function literal; its body waits for the end of the statement."""
        raise NotImplementedError

    def composite_lit(self, x: Operand, e: ast.CompositeLit, hint: Type | None) -> None:
        """Check ``T{...}``; `hint` is the type of an element that leaves it out."""
        raise NotImplementedError

    def index(self, index: ast.Expr, max: int) -> tuple[Type, int]:
        """Check an index that must be below `max` if that is not negative."""
        raise NotImplementedError

    def is_valid_index(self, x: Operand, code: str, what: str, allow_negative: bool) -> bool:
        """Check that `x` can be an index; `what` it is called in errors."""
        raise NotImplementedError

    def selector(self, x: Operand, e: ast.SelectorExpr, want_type: bool) -> None:
        """Check ``x.sel``."""
        raise NotImplementedError

    def index_expr(self, x: Operand, e: ast.Expr) -> bool:
        """Check ``x[i]``; true when it is the instantiation of a function."""
        raise NotImplementedError

    def slice_expr(self, x: Operand, e: ast.SliceExpr) -> None:
        """Check ``x[i:j]``."""
        raise NotImplementedError

    def func_inst(self, target: Any, pos: int, x: Operand, e: Any, infer: bool) -> Any:
        """Instantiate a function explicitly."""
        raise NotImplementedError

    # --- lookup.py, subst.py, instantiate.py, infer.py, named types (T1)
    def new_named(self, obj: TypeName, underlying: Type | None, methods: Any) -> Named:
        """Make a defined type; sets ``obj.type``."""
        raise NotImplementedError

    def new_alias(self, obj: TypeName, rhs: Type | None) -> Alias:
        """Make an alias; sets ``obj.type``."""
        raise NotImplementedError

    def new_type_param(self, obj: TypeName, constraint: Type) -> TypeParam:
        """Make a type parameter; sets ``obj.type``."""
        raise NotImplementedError

    def new_interface(self) -> Interface:
        """Make an interface that is completed at the end at the latest."""
        raise NotImplementedError

    def subst(
        self, pos: int, typ: Type, smap: dict[TypeParam, Type], expanding: Any, ctxt: Any
    ) -> Type:
        """Replace type parameters in `typ`."""
        raise NotImplementedError

    def instance(
        self, pos: int, orig: Any, targs: Sequence[Type], expanding: Any, ctxt: Any
    ) -> Type:
        """Instantiate a generic type or signature, without checking the constraints."""
        raise NotImplementedError

    def instantiate_signature(
        self,
        pos: int,
        expr: ast.Expr,
        targs: Sequence[Type],
        typ: Signature,
        xlist: Sequence[ast.Expr],
    ) -> Signature:
        """Instantiate a function and check the constraints (call.py, T2)."""
        raise NotImplementedError

    def validate_targ_len(self, pos: int, name: str, want: int, got: int) -> bool:
        """Report a wrong number of type arguments."""
        raise NotImplementedError

    def verify(
        self, pos: int, tparams: Sequence[TypeParam], targs: Sequence[Type], ctxt: Any
    ) -> tuple[int, str]:
        """Check type arguments against constraints: (-1, "") or (index, why not)."""
        raise NotImplementedError

    def implements(
        self, v: Type, t: Type, constraint: bool, *, static: bool = False
    ) -> tuple[bool, str]:
        """Say whether `v` implements the interface `t`, and why not."""
        raise NotImplementedError

    def infer(
        self,
        pos: int,
        tparams: list[TypeParam],
        targs: list[Type | None],
        params: Tuple,
        args: list[Operand],
        reverse: bool,
        err: ErrorDesc,
    ) -> list[Type] | None:
        """Infer type arguments; None, with the reason added to `err`, when that fails."""
        raise NotImplementedError

    def rename_tparams(
        self, pos: int, tparams: list[TypeParam], typ: Any
    ) -> tuple[list[TypeParam], Any]:
        """Return fresh type parameters and `typ` with them in place of `tparams`."""
        raise NotImplementedError

    def assertable_to(self, v: Type, t: Type) -> tuple[bool, str]:
        """Say whether a value of interface type `v` may hold a `t`, and why not."""
        raise NotImplementedError

    def missing_method(
        self, v: Type, t: Type, static: bool, equivalent: Callable[[Type, Type], bool]
    ) -> tuple[Func | None, str]:
        """Return a method of `t` that `v` lacks and why, or (None, "")."""
        raise NotImplementedError

    def valid_type(self, t: Named) -> None:
        """Report types that contain themselves."""
        raise NotImplementedError
