"""The universe scope and package unsafe: what Go predeclares."""

from __future__ import annotations

from typing import NamedTuple

from gosim.golang.types.objects import (
    RECV_VAR,
    RESULT_VAR,
    Builtin,
    Const,
    Func,
    Nil,
    Object,
    Package,
    TypeName,
    Var,
    is_exported,
)
from gosim.golang.types.scope import Scope
from gosim.golang.types.types import (
    EMPTY_INTERFACE,
    STRING,
    TYP,
    UNIVERSE_BYTE,
    UNIVERSE_RUNE,
    UNTYPED_BOOL,
    UNTYPED_INT,
    Alias,
    Interface,
    Named,
    Signature,
    Tuple,
    Type,
)
from gosim.golang.types.typeset import COMPARABLE_TYPE_SET


class BuiltinInfo(NamedTuple):
    """Number of arguments (the least if variadic) and kind of a predeclared function."""

    nargs: int
    variadic: bool
    #: "expression" or "statement".
    kind: str


#: Predeclared functions by name; those of package unsafe begin upper case.
PREDECLARED_FUNCS: dict[str, BuiltinInfo] = {
    "append": BuiltinInfo(1, True, "expression"),
    "cap": BuiltinInfo(1, False, "expression"),
    "clear": BuiltinInfo(1, False, "statement"),
    "close": BuiltinInfo(1, False, "statement"),
    "complex": BuiltinInfo(2, False, "expression"),
    "copy": BuiltinInfo(2, False, "statement"),
    "delete": BuiltinInfo(2, False, "statement"),
    "imag": BuiltinInfo(1, False, "expression"),
    "len": BuiltinInfo(1, False, "expression"),
    "make": BuiltinInfo(1, True, "expression"),
    "max": BuiltinInfo(1, True, "expression"),
    "min": BuiltinInfo(1, True, "expression"),
    "new": BuiltinInfo(1, False, "expression"),
    "panic": BuiltinInfo(1, False, "statement"),
    "print": BuiltinInfo(0, True, "statement"),
    "println": BuiltinInfo(0, True, "statement"),
    "real": BuiltinInfo(1, False, "expression"),
    "recover": BuiltinInfo(0, False, "statement"),
    "Add": BuiltinInfo(2, False, "expression"),
    "Alignof": BuiltinInfo(1, False, "expression"),
    "Offsetof": BuiltinInfo(1, False, "expression"),
    "Sizeof": BuiltinInfo(1, False, "expression"),
    "Slice": BuiltinInfo(2, False, "expression"),
    "SliceData": BuiltinInfo(1, False, "expression"),
    "String": BuiltinInfo(2, False, "expression"),
    "StringData": BuiltinInfo(1, False, "expression"),
    # Only for the checker's own tests (`define_test_funcs`).
    "assert": BuiltinInfo(1, False, "statement"),
    "trace": BuiltinInfo(0, True, "statement"),
}

UNIVERSE = Scope(None, 0, 0, "universe")
UNSAFE = Package("unsafe", "unsafe", Scope(UNIVERSE, 0, 0, 'package "unsafe"'))
UNSAFE.complete = True


def _define(obj: Object) -> None:
    if " " in obj.name:
        return
    scope = UNIVERSE
    if is_exported(obj.name):
        scope = UNSAFE.scope
        obj.pkg = UNSAFE
    scope.insert(obj)


def _predeclare() -> None:
    for t in [*TYP, UNIVERSE_BYTE, UNIVERSE_RUNE]:
        _define(TypeName(0, None, t.name, t))
    # type error interface{ Error() string }
    obj = TypeName(0, None, "error", None)
    typ = Named(obj)
    recv = Var(0, None, "", typ, RECV_VAR)
    result = Var(0, None, "", TYP[STRING], RESULT_VAR)
    method = Func(0, None, "Error", Signature(recv, Tuple(), Tuple([result])))
    ityp = Interface([method])
    ityp.complete = True
    ityp.type_set()
    typ.set_underlying(ityp)
    _define(obj)
    # type any = interface{}
    obj = TypeName(0, None, "any", None)
    Alias(obj, EMPTY_INTERFACE).cleanup()
    _define(obj)
    # type comparable interface{ /* all comparable types */ }
    obj = TypeName(0, None, "comparable", None)
    ityp = Interface()
    ityp.complete = True
    ityp.tset = COMPARABLE_TYPE_SET
    Named(obj, ityp)
    _define(obj)
    _define(Const(0, None, "true", TYP[UNTYPED_BOOL], True))
    _define(Const(0, None, "false", TYP[UNTYPED_BOOL], False))
    _define(Const(0, None, "iota", TYP[UNTYPED_INT], 0))
    _define(Nil())
    for name in PREDECLARED_FUNCS:
        if name not in ("assert", "trace"):
            _define(Builtin(name))


_predeclare()


def _object(name: str) -> Object:
    obj = UNIVERSE.lookup(name)
    assert obj is not None
    return obj


universe_iota = _object("iota")
universe_nil = _object("nil")
universe_bool: Type = _object("bool").type
universe_byte: Type = UNIVERSE_BYTE
universe_rune: Type = UNIVERSE_RUNE
universe_error: Type = _object("error").type
universe_any = _object("any")
universe_comparable = _object("comparable")


def define_test_funcs() -> None:
    """Predeclare ``assert`` and ``trace``, which Go's own test files for checkers use."""
    if UNIVERSE.lookup("assert") is None:
        _define(Builtin("assert"))
        _define(Builtin("trace"))
