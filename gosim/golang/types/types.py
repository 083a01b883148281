"""The types of Go, named as in Go's ``go/types``.

Types are compared with `gosim.golang.types.predicates.identical`; as dict keys they stand for
themselves (identity), `predicates.type_key` gives a key that is equal exactly for identical types.
A type may be incomplete while its declaration is being checked; only the checker sees that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gosim.golang.types.objects import Func, Package, TypeName, Var
    from gosim.golang.types.scope import Scope
    from gosim.golang.types.typeset import TypeSet

# Kinds of basic types; their order is Go's, untyped numeric kinds are ordered by generality.
INVALID = 0
BOOL = 1
INT = 2
INT8 = 3
INT16 = 4
INT32 = 5
INT64 = 6
UINT = 7
UINT8 = 8
UINT16 = 9
UINT32 = 10
UINT64 = 11
UINTPTR = 12
FLOAT32 = 13
FLOAT64 = 14
COMPLEX64 = 15
COMPLEX128 = 16
STRING = 17
UNSAFE_POINTER = 18
UNTYPED_BOOL = 19
UNTYPED_INT = 20
UNTYPED_RUNE = 21
UNTYPED_FLOAT = 22
UNTYPED_COMPLEX = 23
UNTYPED_STRING = 24
UNTYPED_NIL = 25
BYTE = UINT8
RUNE = INT32

# Properties of basic types (`Basic.info`).
IS_BOOLEAN = 1
IS_INTEGER = 2
IS_UNSIGNED = 4
IS_FLOAT = 8
IS_COMPLEX = 16
IS_STRING = 32
IS_UNTYPED = 64
IS_ORDERED = IS_INTEGER | IS_FLOAT | IS_STRING
IS_NUMERIC = IS_INTEGER | IS_FLOAT | IS_COMPLEX
IS_CONST_TYPE = IS_BOOLEAN | IS_NUMERIC | IS_STRING

# Directions of channels; not those of `gosim.golang.ast`.
SEND_RECV = 0
SEND_ONLY = 1
RECV_ONLY = 2


class Type:
    """A type; ``str()`` spells it with full package paths."""

    __slots__ = ("_key",)

    _key: Any

    def underlying(self) -> Type:
        """Return the underlying type, itself for everything but names and type parameters."""
        return self

    def __str__(self) -> str:
        from gosim.golang.types.typestring import type_string

        return type_string(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class Basic(Type):
    """A predeclared type, typed or untyped."""

    __slots__ = ("info", "kind", "name")

    def __init__(self, kind: int, info: int, name: str) -> None:
        self._key = None
        self.kind = kind
        self.info = info
        self.name = name


class Array(Type):
    """``[len]elem``; a negative length is unknown because of an error."""

    __slots__ = ("elem", "len")

    def __init__(self, len: int, elem: Type) -> None:
        self._key = None
        self.len = len
        self.elem = elem


class Slice(Type):
    """``[]elem``."""

    __slots__ = ("elem",)

    def __init__(self, elem: Type) -> None:
        self._key = None
        self.elem = elem


class Struct(Type):
    """``struct{...}``; `tags` is empty or has a text for each field."""

    __slots__ = ("fields", "tags")

    def __init__(self, fields: list[Var] | None = None, tags: list[str] | None = None) -> None:
        self._key = None
        self.fields: list[Var] = [] if fields is None else fields
        self.tags: list[str] = [] if tags is None else tags

    def tag(self, i: int) -> str:
        """Return the tag of field `i`, empty when it has none."""
        return self.tags[i] if i < len(self.tags) else ""


class Pointer(Type):
    """``*base``."""

    __slots__ = ("base",)

    def __init__(self, base: Type) -> None:
        self._key = None
        self.base = base


class Tuple(Type):
    """Parameters, results, or the type of an expression with several values."""

    __slots__ = ("vars",)

    def __init__(self, vars: list[Var] | None = None) -> None:
        self._key = None
        self.vars: list[Var] = [] if vars is None else vars

    def __len__(self) -> int:
        return len(self.vars)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Var]:
        return iter(self.vars)

    def __getitem__(self, i: int) -> Var:
        return self.vars[i]


class Signature(Type):
    """The type of a function or method; `recv` is None for functions.

    ``recv_old`` is the receiver that a method value has dropped. Lists of type parameters are empty
    where there are none.
    """

    __slots__ = (
        "params",
        "recv",
        "recv_old",
        "recv_type_params",
        "results",
        "scope",
        "type_params",
        "variadic",
    )

    def __init__(
        self,
        recv: Var | None = None,
        params: Tuple | None = None,
        results: Tuple | None = None,
        variadic: bool = False,
        type_params: list[TypeParam] | None = None,
        recv_type_params: list[TypeParam] | None = None,
    ) -> None:
        self._key = None
        self.recv = recv
        self.recv_old: Var | None = None
        self.params: Tuple = Tuple() if params is None else params
        self.results: Tuple = Tuple() if results is None else results
        self.variadic = variadic
        self.type_params: list[TypeParam] = [] if type_params is None else type_params
        self.recv_type_params: list[TypeParam] = (
            [] if recv_type_params is None else recv_type_params
        )
        self.scope: Scope | None = None

    def copy(self) -> Signature:
        """Return a shallow copy."""
        other = Signature(
            self.recv,
            self.params,
            self.results,
            self.variadic,
            self.type_params,
            self.recv_type_params,
        )
        other.recv_old = self.recv_old
        other.scope = self.scope
        return other


class Term:
    """A term ``T`` or ``~T``; without a type, in the term list of a type set, every type."""

    __slots__ = ("tilde", "type")

    def __init__(self, tilde: bool, type: Type | None) -> None:
        self.tilde = tilde
        self.type: Any = type

    def __str__(self) -> str:
        if self.type is None:
            return "𝓤"
        return f"~{self.type}" if self.tilde else str(self.type)


class Union(Type):
    """A union of terms, embedded in an interface."""

    __slots__ = ("terms",)

    def __init__(self, terms: list[Term]) -> None:
        self._key = None
        self.terms = terms


class Interface(Type):
    """``interface{...}``: explicit methods and embedded elements as written.

    Everything an interface means is in its type set (`type_set`). ``implicit`` marks the interface
    around a constraint literal such as ``~int|string``; `complete` that methods and embedded
    elements are set.
    """

    __slots__ = ("check", "complete", "embed_pos", "embeddeds", "implicit", "methods", "tset")

    def __init__(
        self, methods: list[Func] | None = None, embeddeds: list[Type] | None = None
    ) -> None:
        self._key = None
        self.check: Any = None
        self.methods: list[Func] = [] if methods is None else methods
        self.embeddeds: list[Type] = [] if embeddeds is None else embeddeds
        self.embed_pos: list[int] | None = None
        self.implicit = False
        self.complete = False
        self.tset: TypeSet | None = None

    def type_set(self) -> TypeSet:
        """Return the type set, computed once the interface is complete."""
        tset = self.tset
        if tset is None:
            from gosim.golang.types.typeset import compute_interface_type_set

            return compute_interface_type_set(self.check, 0, self)
        return tset

    def num_methods(self) -> int:
        """Return the number of methods of the type set."""
        return len(self.type_set().methods)

    def method(self, i: int) -> Func:
        """Return method `i` of the type set, sorted by name."""
        return self.type_set().methods[i]

    def empty(self) -> bool:
        """Whether every type implements it."""
        return self.type_set().is_all()

    def is_comparable(self) -> bool:
        """Whether all types of the type set are comparable."""
        return self.type_set().is_comparable(None)

    def is_method_set(self) -> bool:
        """Whether methods describe it fully."""
        return self.type_set().is_method_set()

    def cleanup(self) -> None:
        """Finish what was put off and forget the checker."""
        self.type_set()
        self.check = None
        self.embed_pos = None


class Map(Type):
    """``map[key]elem``."""

    __slots__ = ("elem", "key")

    def __init__(self, key: Type, elem: Type) -> None:
        self._key = None
        self.key = key
        self.elem = elem


class Chan(Type):
    """A channel type; `dir` is `SEND_RECV`, `SEND_ONLY` or `RECV_ONLY`."""

    __slots__ = ("can_recv", "can_send", "dir", "elem")

    def __init__(self, dir: int, elem: Type) -> None:
        self._key = None
        self.dir = dir
        self.elem = elem
        self.can_send = dir != RECV_ONLY
        self.can_recv = dir != SEND_ONLY


class Named(Type):
    """A defined type, or an instance of a generic one.

    Attributes
    ----------
    obj
        Its name. An instance has one of its own that stands where it was instantiated; the declared
        one is ``origin.obj``.
    origin
        The generic type of an instance; the type itself otherwise.
    type_args
        The type arguments of an instance, empty otherwise.
    methods
        The declared methods; those of an instance are made on demand by `method`.
    from_rhs
        The right side of the declaration, maybe another name; None until it is known.
    instances
        The instances made of a generic type, by the keys of their arguments.
    """

    __slots__ = (
        "_expanded",
        "_method_index",
        "_type_params",
        "_under",
        "allow_nil_rhs",
        "check",
        "from_rhs",
        "instances",
        "memo",
        "methods",
        "obj",
        "origin",
        "type_args",
        "valid",
    )

    def __init__(
        self,
        obj: TypeName,
        underlying: Type | None = None,
        methods: list[Func] | None = None,
        *,
        check: Any = None,
        from_rhs: Type | None = None,
        origin: Named | None = None,
        type_args: list[Type] | None = None,
    ) -> None:
        self._key = None
        self.obj = obj
        self.check = check
        self.origin: Named = self if origin is None else origin
        self.type_args: list[Type] = [] if type_args is None else type_args
        self.methods: list[Any] = [] if methods is None else methods
        self._type_params: list[TypeParam] = []
        self.from_rhs = from_rhs if underlying is None else underlying
        self._under: Type | None = underlying
        self.allow_nil_rhs = False
        self.instances: dict[Any, Named] | None = None
        self._method_index: dict[str, int] | None = None
        self._expanded = origin is None
        #: For stages after the checker.
        self.memo: dict[Any, Any] | None = None
        #: Whether the checker found it to be of finite size (its own note).
        self.valid: Any = None
        if obj.type is None:
            obj.type = self

    def unpack(self) -> Named:
        """Make sure that an instance has its right side."""
        if not self._expanded:
            rhs = self._expand_rhs()
            if rhs is not None:
                self.from_rhs = rhs
                self._expanded = True
        return self

    @property
    def type_params(self) -> list[TypeParam]:
        """The type parameters, those of its origin for an instance."""
        return self.origin._type_params

    @type_params.setter
    def type_params(self, params: list[TypeParam]) -> None:
        self._type_params = bind_type_params(params)

    def set_type_params(self, params: list[TypeParam]) -> None:
        """Give it its type parameters."""
        self._type_params = bind_type_params(params)

    def set_underlying(self, u: Type) -> None:
        """Give it its underlying type."""
        assert not isinstance(u, Named)
        self.from_rhs = u
        self._under = u

    def underlying(self) -> Type:
        u = self._under
        if u is not None:
            return u
        return self._resolve_underlying()

    def safe_underlying(self) -> Type | None:
        """Return the underlying type if it is known already."""
        return self._under

    def _resolve_underlying(self) -> Type:
        path: list[Named] = []
        rhs: Any = self
        while True:
            if type(rhs) is Alias:
                rhs = unalias(rhs)
            elif type(rhs) is Named:
                if rhs._under is not None:
                    u = rhs._under
                    break
                if rhs in path:
                    return TYP[INVALID]
                path.append(rhs)
                rhs.unpack()
                rhs = rhs.from_rhs
            elif rhs is None:
                # The declaration is still under way: nothing to remember yet.
                return None if self.from_rhs is None else TYP[INVALID]  # type: ignore[return-value]
            else:
                u = rhs
                break
        for t in path:
            t._under = u
        return u

    def num_methods(self) -> int:
        """Return the number of declared methods."""
        return len(self.origin.methods)

    def method(self, i: int) -> Func:
        """Return method `i`, of an instance with the receiver's type arguments put in."""
        origin = self.origin
        if origin is self:
            return self.methods[i]  # type: ignore[no-any-return]
        while len(self.methods) < len(origin.methods):
            self.methods.append(None)
        found = self.methods[i]
        if found is None:
            from gosim.golang.types.subst import expand_method

            found = self.methods[i] = expand_method(self, i)
        return found  # type: ignore[no-any-return]

    def all_methods(self) -> list[Func]:
        """Return every declared method."""
        return [self.method(i) for i in range(len(self.origin.methods))]

    def add_method(self, m: Func) -> None:
        """Add a method unless there is one of that name."""
        if self.method_index(m.name, False) < 0:
            index = self._method_index
            if index is not None and m.name != "_":
                index[m.name] = len(self.methods)
            self.methods.append(m)

    def method_index(self, name: str, fold_case: bool) -> int:
        """Return the index of the method of that name in the origin's methods, or -1."""
        if name == "_":
            return -1
        origin = self.origin
        if fold_case:
            folded = name.casefold()
            for i, m in enumerate(origin.methods):
                if m.name.casefold() == folded:
                    return i
            return -1
        index = origin._method_index
        if index is None:
            index = origin._method_index = {}
            for i, m in enumerate(origin.methods):
                index.setdefault(m.name, i)
        return index.get(name, -1)

    def lookup_method(
        self, pkg: Package | None, name: str, fold_case: bool = False
    ) -> tuple[int, Func | None]:
        """Return index and method of that name as `pkg` sees them, or (-1, None)."""
        i = self.method_index(name, fold_case)
        if i >= 0:
            own = self.obj.pkg
            if own is pkg or fold_case:
                return i, self.method(i)
            from gosim.golang.types.objects import is_exported, same_pkg

            if is_exported(name) or same_pkg(own, pkg):
                return i, self.method(i)
        return -1, None

    def _expand_rhs(self) -> Type | None:
        from gosim.golang.types.subst import expand_rhs

        return expand_rhs(self)

    def cleanup(self) -> None:
        """Finish what was put off and forget the checker."""
        if self.origin is self:
            self.underlying()
        self.check = None


class Alias(Type):
    """The name of an alias declaration, or an instance of a generic one.

    ``from_rhs`` is what is written on the right side, `actual` what it stands for in the end (None
    until known).
    """

    __slots__ = ("actual", "from_rhs", "instances", "obj", "origin", "type_args", "type_params")

    def __init__(self, obj: TypeName, from_rhs: Type | None = None) -> None:
        self._key = None
        self.obj = obj
        self.origin: Alias = self
        self.type_params: list[TypeParam] = []
        self.type_args: list[Type] = []
        self.from_rhs = from_rhs
        self.actual: Type | None = None
        self.instances: dict[Any, Type] | None = None
        if obj.type is None:
            obj.type = self

    def underlying(self) -> Type:
        return unalias(self).underlying()  # type: ignore[no-any-return]

    def set_type_params(self, params: list[TypeParam]) -> None:
        """Give it its type parameters."""
        self.type_params = bind_type_params(params)

    def cleanup(self) -> None:
        """Finish what was put off."""
        unalias(self)


class TypeParam(Type):
    """A type parameter; its underlying type is the interface of its constraint."""

    __slots__ = ("bound", "check", "id", "index", "obj")

    _last_id = 0

    def __init__(self, obj: TypeName, constraint: Type | None = None, check: Any = None) -> None:
        self._key = None
        TypeParam._last_id += 1
        self.id = TypeParam._last_id
        self.check = check
        self.obj = obj
        self.index = -1
        self.bound: Any = constraint
        if obj.type is None:
            obj.type = self
        if check is None and constraint is not None:
            self.iface()

    @property
    def constraint(self) -> Type:
        """The constraint as declared."""
        return self.bound  # type: ignore[no-any-return]

    def underlying(self) -> Type:
        return self.iface()

    def iface(self) -> Interface:
        """Return the constraint as an interface, wrapped if it is none."""
        bound = self.bound
        if bound is None:
            return EMPTY_INTERFACE
        u = bound.underlying()
        ityp: Interface | None = None
        if type(u) is Basic:
            if u is TYP[INVALID]:
                return EMPTY_INTERFACE
        elif type(u) is Interface:
            if type(unalias(bound)) is TypeParam:
                return EMPTY_INTERFACE
            ityp = u
        if ityp is None:
            ityp = Interface([], [bound])
            ityp.complete = True
            ityp.implicit = True
            self.bound = ityp
        if ityp.tset is None:
            from gosim.golang.types.typeset import compute_interface_type_set

            named = as_named(bound)
            pos = self.obj.pos if named is None else named.obj.pos
            compute_interface_type_set(self.check, pos, ityp)
        return ityp

    def is_(self, f: Callable[[Term | None], bool]) -> bool:
        """Whether `f` holds for all terms of the type set; it gets None if there are none."""
        return self.iface().type_set().is_(f)

    def typeset(self, f: Callable[[Type | None, Type | None], bool]) -> bool:
        """Whether `f` holds for all types of the type set and their underlying types."""
        return self.iface().type_set().all(f)

    def cleanup(self) -> None:
        """Finish what was put off and forget the checker."""
        self.iface()
        self.check = None


#: The basic types by kind.
TYP: list[Basic] = [
    Basic(INVALID, 0, "invalid type"),
    Basic(BOOL, IS_BOOLEAN, "bool"),
    Basic(INT, IS_INTEGER, "int"),
    Basic(INT8, IS_INTEGER, "int8"),
    Basic(INT16, IS_INTEGER, "int16"),
    Basic(INT32, IS_INTEGER, "int32"),
    Basic(INT64, IS_INTEGER, "int64"),
    Basic(UINT, IS_INTEGER | IS_UNSIGNED, "uint"),
    Basic(UINT8, IS_INTEGER | IS_UNSIGNED, "uint8"),
    Basic(UINT16, IS_INTEGER | IS_UNSIGNED, "uint16"),
    Basic(UINT32, IS_INTEGER | IS_UNSIGNED, "uint32"),
    Basic(UINT64, IS_INTEGER | IS_UNSIGNED, "uint64"),
    Basic(UINTPTR, IS_INTEGER | IS_UNSIGNED, "uintptr"),
    Basic(FLOAT32, IS_FLOAT, "float32"),
    Basic(FLOAT64, IS_FLOAT, "float64"),
    Basic(COMPLEX64, IS_COMPLEX, "complex64"),
    Basic(COMPLEX128, IS_COMPLEX, "complex128"),
    Basic(STRING, IS_STRING, "string"),
    Basic(UNSAFE_POINTER, 0, "Pointer"),
    Basic(UNTYPED_BOOL, IS_BOOLEAN | IS_UNTYPED, "untyped bool"),
    Basic(UNTYPED_INT, IS_INTEGER | IS_UNTYPED, "untyped int"),
    Basic(UNTYPED_RUNE, IS_INTEGER | IS_UNTYPED, "untyped rune"),
    Basic(UNTYPED_FLOAT, IS_FLOAT | IS_UNTYPED, "untyped float"),
    Basic(UNTYPED_COMPLEX, IS_COMPLEX | IS_UNTYPED, "untyped complex"),
    Basic(UNTYPED_STRING, IS_STRING | IS_UNTYPED, "untyped string"),
    Basic(UNTYPED_NIL, IS_UNTYPED, "untyped nil"),
]

#: ``byte`` and ``rune`` are types of their own for messages and identical to uint8 and int32.
UNIVERSE_BYTE = Basic(BYTE, IS_INTEGER | IS_UNSIGNED, "byte")
UNIVERSE_RUNE = Basic(RUNE, IS_INTEGER, "rune")

#: ``interface{}``; its type set is filled in by `gosim.golang.types.typeset`.
EMPTY_INTERFACE = Interface()
EMPTY_INTERFACE.complete = True


def unalias(t: Any) -> Any:
    """Return the type an alias stands for, any other type as it is."""
    if type(t) is not Alias:
        return t
    if t.actual is not None:
        return t.actual
    rhs: Any = t
    seen = 0
    while type(rhs) is Alias:
        seen += 1
        if seen > 1000:
            return TYP[INVALID]
        rhs = rhs.from_rhs
    if rhs is not None:
        t.actual = rhs
    return rhs


def as_named(t: Any) -> Named | None:
    """Return `t` without aliases if it is a defined type."""
    if type(t) is Alias:
        t = unalias(t)
    return t if type(t) is Named else None


def bind_type_params(params: list[TypeParam]) -> list[TypeParam]:
    """Number type parameters in their order."""
    for i, p in enumerate(params):
        assert p.index < 0, "type parameter bound more than once"
        p.index = i
    return params


def safe_underlying(t: Type) -> Any:
    """Return the underlying type, None for a defined type whose underlying type is not known."""
    named = as_named(t)
    return named._under if named is not None else t.underlying()
