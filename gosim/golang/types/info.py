"""What the checker is told (`Config`) and what it finds out (`Info`), as in ``go/types``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gosim.golang.ast import Expr, File, Ident, Node, SelectorExpr
from gosim.golang.position import FileSet
from gosim.golang.types import operand

if TYPE_CHECKING:
    from gosim.golang.types.errors import TypeError_
    from gosim.golang.types.objects import Object, Package, Var
    from gosim.golang.types.scope import Scope
    from gosim.golang.types.types import Type

__all__ = ["Config", "Info", "Initializer", "Instance", "Selection", "TypeAndValue"]


@dataclass(slots=True)
class Config:
    """How a package is checked.

    Parameters
    ----------
    importer
        Gives the package of an import path; raises `ImportError` with the reason as text.
    go_version
        The language version, "1.21" to "1.27" (a leading ``go`` and a patch number are allowed);
        empty for no version checks.
    error
        Called with every error as it is found.
    ignore_func_bodies
        Check declarations only.
    compiler
        Refuse, too, what only gc refuses and ``go/types`` does not.
    complete
        Every function must have a body (gc's flag of that name).
    files
        Where positions lie; needed for the places that some texts name.
    """

    importer: Callable[[str], Package] | None = None
    go_version: str = "1.27"
    error: Callable[[TypeError_], None] | None = None
    ignore_func_bodies: bool = False
    compiler: bool = True
    complete: bool = False
    files: FileSet | None = None


class TypeAndValue:
    """Mode (`gosim.golang.types.operand`), type and, for constants, value of an expression."""

    __slots__ = ("mode", "type", "value")

    def __init__(self, mode: int, type: Type, value: Any) -> None:
        self.mode = mode
        self.type = type
        self.value = value

    def __repr__(self) -> str:
        value = "" if self.value is None else f" {self.value!r}"
        return f"<{operand.MODES[self.mode]} {self.type}{value}>"

    def is_void(self) -> bool:
        """Say whether it is a call without results."""
        return self.mode == operand.NOVALUE

    def is_type(self) -> bool:
        """Say whether it is a type."""
        return self.mode == operand.TYPEXPR

    def is_builtin(self) -> bool:
        """Say whether it is a builtin function."""
        return self.mode == operand.BUILTIN

    def is_value(self) -> bool:
        """Say whether it is a value."""
        return self.mode not in (
            operand.INVALID,
            operand.NOVALUE,
            operand.BUILTIN,
            operand.TYPEXPR,
        )

    def is_nil(self) -> bool:
        """Say whether it is ``nil``, with or without a type."""
        return self.mode == operand.NILVALUE

    def addressable(self) -> bool:
        """Say whether ``&`` may be applied."""
        return self.mode == operand.VARIABLE

    def assignable(self) -> bool:
        """Say whether it can stand left of ``=``."""
        return self.mode in (operand.VARIABLE, operand.MAPINDEX)

    def has_ok(self) -> bool:
        """Say whether it has a comma-ok form."""
        return self.mode in (operand.COMMAOK, operand.MAPINDEX)


class Instance:
    """A generic type or function with its type arguments."""

    __slots__ = ("type", "type_args")

    def __init__(self, type_args: Sequence[Type], type: Type) -> None:
        self.type_args = list(type_args)
        self.type = type


class Selection:
    """What ``x.f`` selects.

    Attributes
    ----------
    kind
        "field", "method" or "methodexpr".
    recv
        The type of ``x``.
    obj
        The field or method.
    index
        Indices of embedded fields on the way, then of the field or method.
    indirect
        Whether a pointer was followed on the way.
    """

    __slots__ = ("index", "indirect", "kind", "obj", "recv")

    def __init__(
        self, kind: str, recv: Type, obj: Object, index: list[int], indirect: bool
    ) -> None:
        self.kind = kind
        self.recv = recv
        self.obj = obj
        self.index = index
        self.indirect = indirect


class Initializer:
    """``var lhs = rhs`` at package level."""

    __slots__ = ("lhs", "rhs")

    def __init__(self, lhs: list[Var], rhs: Expr) -> None:
        self.lhs = lhs
        self.rhs = rhs


@dataclass(slots=True)
class Info:
    """The findings; see ``go/types.Info`` for what each map holds."""

    types: dict[Expr, TypeAndValue] = field(default_factory=dict)
    defs: dict[Ident, Object | None] = field(default_factory=dict)
    uses: dict[Ident, Object] = field(default_factory=dict)
    implicits: dict[Node, Object] = field(default_factory=dict)
    selections: dict[SelectorExpr, Selection] = field(default_factory=dict)
    instances: dict[Ident, Instance] = field(default_factory=dict)
    scopes: dict[Node, Scope] = field(default_factory=dict)
    init_order: list[Initializer] = field(default_factory=list)
    #: The minor language version of each file.
    file_versions: dict[File, int] = field(default_factory=dict)

    def type_of(self, e: Expr) -> Type | None:
        """Return the type of an expression or of what an identifier denotes."""
        found = self.types.get(e)
        if found is not None:
            return found.type
        obj = self.object_of(e) if isinstance(e, Ident) else None
        typ: Type | None = None if obj is None else obj.type
        return typ

    def object_of(self, id: Ident) -> Object | None:
        """Return what `id` declares or refers to."""
        return self.defs.get(id) or self.uses.get(id)
