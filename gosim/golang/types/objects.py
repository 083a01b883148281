"""What names stand for (Go's ``types.Object`` and ``types.Package``)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from gosim.golang.types.scope import Scope
from gosim.golang.types.types import (
    TYP,
    UNIVERSE_BYTE,
    UNIVERSE_RUNE,
    Basic,
    Named,
    Pointer,
    Signature,
    Type,
    TypeParam,
    unalias,
)

if TYPE_CHECKING:
    from gosim.golang.types.constant import Value

# Kinds of variables (`Var.kind`).
PACKAGE_VAR = 1
LOCAL_VAR = 2
RECV_VAR = 3
PARAM_VAR = 4
RESULT_VAR = 5
FIELD_VAR = 6

_VAR_KINDS = {
    PACKAGE_VAR: "package-level variable",
    LOCAL_VAR: "local variable",
    RECV_VAR: "receiver",
    PARAM_VAR: "parameter",
    RESULT_VAR: "result variable",
    FIELD_VAR: "struct field",
}


def is_exported(name: str) -> bool:
    """Whether a name begins with an upper-case letter."""
    first = name[:1]
    if first.isascii():
        return "A" <= first <= "Z"
    return unicodedata.category(first) == "Lu"


class Package:
    """A package: import path, name, scope of its declarations, direct imports.

    ``complete`` says that the scope has everything; `fake` that it stands for one that could not be
    imported; `absent` are the names that Go's package has and this model of it has not,
    ``*`` for whatever is missed.
    """

    __slots__ = (
        "absent",
        "complete",
        "fake",
        "go_version",
        "imports",
        "memo",
        "name",
        "path",
        "scope",
    )

    def __init__(
        self, path: str, name: str, scope: Scope | None = None, go_version: str = ""
    ) -> None:
        self.path = path
        self.name = name
        if scope is None:
            from gosim.golang.types.universe import UNIVERSE

            scope = Scope(UNIVERSE, 0, 0, f'package "{path}"')
        self.scope: Scope = scope
        self.imports: list[Package] = []
        self.complete: bool = False
        self.fake = False
        self.absent: frozenset[str] = frozenset()
        self.go_version = go_version
        #: For stages after the checker.
        self.memo: dict[Any, Any] | None = None

    def __str__(self) -> str:
        return f'package {self.name} ("{self.path}")'

    __repr__ = __str__


def same_pkg(a: Package | None, b: Package | None) -> bool:
    """Whether both are the same package."""
    return a is b or (a is not None and b is not None and a.path == b.path)


def object_id(pkg: Package | None, name: str) -> str:
    """Return what tells names of different packages apart unless they are exported."""
    if is_exported(name):
        return name
    path = pkg.path if pkg is not None and pkg.path else "_"
    return f"{path}.{name}"


class Object:
    """A named thing.

    Attributes
    ----------
    parent
        The scope it is declared in; None for methods and fields.
    pos
        Where its name stands in the declaration; 0 for predeclared ones.
    type
        Its type, None until known.
    order
        Its number among the declarations of the package, from 1.
    scope_pos
        From where on it is visible in its scope.
    """

    __slots__ = ("memo", "name", "order", "parent", "pkg", "pos", "scope_pos", "type")

    parent: Scope | None
    type: Any

    def __init__(self, pos: int, pkg: Package | None, name: str, type: Type | None) -> None:
        self.parent = None
        self.pos = pos
        self.pkg = pkg
        self.name = name
        self.type = type
        self.order = 0
        self.scope_pos = 0
        #: For stages after the checker.
        self.memo: Any = None

    @property
    def exported(self) -> bool:
        """Whether other packages see it."""
        return is_exported(self.name)

    def id(self) -> str:
        """Return its name, with the package's path if it is not exported."""
        return object_id(self.pkg, self.name)

    def same_id(self, pkg: Package | None, name: str, fold_case: bool = False) -> bool:
        """Whether `name` written in `pkg` is this one's."""
        if self.name != name:
            return fold_case and self.name.casefold() == name.casefold()
        own = self.pkg
        if own is pkg or fold_case or is_exported(name):
            return True
        return own is not None and pkg is not None and own.path == pkg.path

    def __str__(self) -> str:
        from gosim.golang.types.typestring import object_string

        return object_string(self)

    def __repr__(self) -> str:
        return f"<{self}>"


class PkgName(Object):
    """An imported package."""

    __slots__ = ("imported", "used")

    def __init__(self, pos: int, pkg: Package | None, name: str, imported: Package) -> None:
        super().__init__(pos, pkg, name, TYP[0])
        self.imported = imported
        self.used = False


class Const(Object):
    """A constant."""

    __slots__ = ("val",)

    def __init__(
        self, pos: int, pkg: Package | None, name: str, type: Type | None, val: Value = None
    ) -> None:
        super().__init__(pos, pkg, name, type)
        self.val: Value = val


class TypeName(Object):
    """The name of a type, an alias or a type parameter."""

    __slots__ = ()

    def is_alias(self) -> bool:
        """Whether it is only another name."""
        t = self.type
        if t is None:
            return False
        if type(t) is Basic:
            if self.pkg is not None and self.pkg.path == "unsafe":
                return False
            return (
                self.pkg is not None
                or t.name != self.name
                or t is UNIVERSE_BYTE
                or t is UNIVERSE_RUNE
            )
        if type(t) is Named or type(t) is TypeParam:
            return self is not t.obj
        return True


class Var(Object):
    """A variable, parameter, result or field; `origin` is the one it was instantiated from."""

    __slots__ = ("_origin", "embedded", "kind", "used")

    def __init__(
        self,
        pos: int,
        pkg: Package | None,
        name: str,
        type: Type | None,
        kind: int = PACKAGE_VAR,
        embedded: bool = False,
    ) -> None:
        super().__init__(pos, pkg, name, type)
        self._origin: Var | None = None
        self.kind = kind
        self.embedded = embedded
        self.used = False

    @property
    def is_field(self) -> bool:
        """Whether it is a field of a struct."""
        return self.kind == FIELD_VAR

    @property
    def origin(self) -> Var:
        """The declared one."""
        return self if self._origin is None else self._origin

    def clone(self, type: Type) -> Var:
        """Return a copy of another type."""
        other = Var(self.pos, self.pkg, self.name, type, self.kind, self.embedded)
        other.parent = self.parent
        other.order = self.order
        other.scope_pos = self.scope_pos
        other.used = self.used
        other._origin = self.origin
        return other


def new_var(kind: int, pos: int, pkg: Package | None, name: str, type: Type | None) -> Var:
    """Return a variable of a kind."""
    return Var(pos, pkg, name, type, kind)


def new_param(pos: int, pkg: Package | None, name: str, type: Type | None) -> Var:
    """Return a parameter."""
    return Var(pos, pkg, name, type, PARAM_VAR)


class Func(Object):
    """A function or method, abstract ones of interfaces too."""

    __slots__ = ("_origin", "has_ptr_recv_")

    def __init__(
        self, pos: int, pkg: Package | None, name: str, type: Signature | None = None
    ) -> None:
        super().__init__(pos, pkg, name, type)
        self._origin: Func | None = None
        #: For methods that have no type yet.
        self.has_ptr_recv_ = False

    @property
    def origin(self) -> Func:
        """The declared one."""
        return self if self._origin is None else self._origin

    @property
    def signature(self) -> Signature:
        """Its type, an empty one while it has none."""
        return self.type if self.type is not None else Signature()

    def has_ptr_recv(self) -> bool:
        """Whether the receiver is a pointer."""
        sig = self.type
        if type(sig) is Signature and sig.recv is not None:
            return type(unalias(sig.recv.type)) is Pointer
        return self.has_ptr_recv_

    def clone(self, type: Type) -> Func:
        """Return a copy of another type."""
        other = Func(self.pos, self.pkg, self.name)
        other.type = type
        other.parent = self.parent
        other.order = self.order
        other.scope_pos = self.scope_pos
        other.has_ptr_recv_ = self.has_ptr_recv_
        other._origin = self.origin
        return other


class Label(Object):
    """A label."""

    __slots__ = ("used",)

    def __init__(self, pos: int, pkg: Package | None, name: str) -> None:
        super().__init__(pos, pkg, name, TYP[0])
        self.used = False


class Builtin(Object):
    """A predeclared function; `id_` is its name (those of unsafe begin upper case)."""

    __slots__ = ("id_",)

    def __init__(self, name: str) -> None:
        super().__init__(0, None, name, TYP[0])
        self.id_ = name


class Nil(Object):
    """``nil``."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(0, None, "nil", TYP[25])


class ObjSet:
    """Objects by `Object.id`."""

    __slots__ = ("_objects",)

    def __init__(self) -> None:
        self._objects: dict[str, Object] = {}

    def insert(self, obj: Object) -> Object | None:
        """Add an object; return the one that is there under its id, if any, instead."""
        key = obj.id()
        other = self._objects.get(key)
        if other is None:
            self._objects[key] = obj
        return other


def object_kind(obj: Object) -> str:
    """Return a description of the kind of `obj` for messages."""
    match obj:
        case PkgName():
            return "package name"
        case Const():
            return "constant"
        case TypeName():
            if obj.is_alias():
                return "type alias"
            return "type parameter" if type(obj.type) is TypeParam else "defined type"
        case Var():
            return _VAR_KINDS[obj.kind]
        case Func():
            return "function" if obj.signature.recv is None else "method"
        case Label():
            return "label"
        case Builtin():
            return "built-in function"
        case Nil():
            return "untyped nil"
    return "unknown symbol"
