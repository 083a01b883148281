"""Run-time types: what a value in an interface knows of its type (Go: ``internal/abi/type.go``).

The class of a value in an interface stands for its dynamic type; :func:`rtype` gives the
:class:`RType` of a class.  Identical types are one object.  A named type is made first and
completed when its underlying type is known, so that it can contain itself.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

# The kinds, numbered as in package reflect.
(
    INVALID,
    BOOL,
    INT,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINTPTR,
    FLOAT32,
    FLOAT64,
    COMPLEX64,
    COMPLEX128,
    ARRAY,
    CHAN,
    FUNC,
    INTERFACE,
    MAP,
    POINTER,
    SLICE,
    STRING,
    STRUCT,
    UNSAFE_POINTER,
) = range(27)


class Field(NamedTuple):
    """A field of a struct type.

    Attributes
    ----------
    name : str
        Go's name.
    type : RType
    attribute : str
        The attribute of the struct's object that holds it (or a function that gets its value).
    exported, embedded : bool
    tag : str
        As it stands, without the quotes (a Go string).
    """

    name: str
    type: RType
    attribute: str | Callable[[Any], Any]
    exported: bool = True
    embedded: bool = False
    tag: str = ""


class RType:
    """A Go type at run time.

    Attributes
    ----------
    kind : int
        One of the constants of this module.
    text : str
        What ``%T`` prints: ``main.T``, ``[]int``, ``map[string]*main.T``.
    name : str
        The name of a named or predeclared type, else "".
    pkg : str
        Import path of a named type's package.
    full : str
        Like `text` with import paths instead of package names.
    elem, key : RType or None
    length : int
        Of an array.
    direction : str
        Of a channel: ``""``, ``"send"`` or ``"recv"``.
    fields : tuple of Field
    params, results : tuple of RType
    variadic : bool
    methods : dict of str to str
        The method set: Go's name (unexported ones mangled) to the text of the signature,
        ``{"String": "func() string"}``; for an interface type what it asks for.
    boxed : bool
        Values in an interface are instances of a class with slot ``v``.
    """

    __slots__ = (
        "__weakref__",
        "_cls",
        "direction",
        "elem",
        "fields",
        "full",
        "key",
        "kind",
        "length",
        "methods",
        "name",
        "nil_box",
        "params",
        "pkg",
        "results",
        "text",
        "variadic",
    )

    def __init__(self, kind: int, text: str, full: str = "") -> None:
        self.kind = kind
        self.text = text
        self.full = full or text
        self.name = self.pkg = self.direction = ""
        self.elem: RType | None = None
        self.key: RType | None = None
        self.length = 0
        self.fields: tuple[Field, ...] = ()
        self.params: tuple[RType, ...] = ()
        self.results: tuple[RType, ...] = ()
        self.variadic = False
        self.methods: Mapping[str, str] = {}
        # The class of its values in interfaces (of a pointer to a struct: the struct's class),
        # and for such a pointer the class whose instances stand for nil.
        self._cls: type | None = None
        self.nil_box: type | None = None

    def __repr__(self) -> str:
        return f"<rtype {self.text}>"

    @property
    def cls(self) -> type:
        """The class whose instances are values of this type in an interface."""
        if self._cls is None:
            self._cls = make_box(self)
        return self._cls

    @cls.setter
    def cls(self, cls: type) -> None:
        self._cls = cls

    def box(self, value: Any) -> Any:
        """Return a value of this type as it stands in an interface."""
        if self.kind == INTERFACE:
            return value
        if value is None and self.kind == POINTER:
            if self.nil_box is None:
                self.nil_box = make_box(self)
            return self.nil_box(None)
        cls = self._cls or self.cls
        return cls(value) if issubclass(cls, Box) else value


class Box:
    """A value in an interface whose Python class alone would not tell its type."""

    __slots__ = ("v",)
    __rtype__: RType

    def __init__(self, v: Any) -> None:
        self.v = v

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and bool(self.v == other.v)

    def __hash__(self) -> int:
        return hash(self.v)


def make_box(t: RType) -> type:
    """Make the class of boxes for a type."""
    body = {"__slots__": (), "__rtype__": t, "__go_type__": t.text}  # gosim.std asks for the last
    return type(t.text, (BOXES.get(t.kind, Box),), body)


BOXES: dict[int, type] = {}
"""The base class of the boxes of a kind (`gosim.golang.values.interfaces` fills it)."""


_by_class: dict[type, RType] = {}


def rtype(cls: type) -> RType | None:
    """Return the type that a class stands for; None for a class that is none of Go's."""
    found: RType | None = getattr(cls, "__rtype__", None)
    return found or _by_class.get(cls)


def unbox(value: Any) -> Any:
    """Return the value itself of a value in an interface."""
    return value.v if isinstance(value, Box) else value


# -- making them ------------------------------------------------------------------------------

_known: weakref.WeakValueDictionary[Any, RType] = weakref.WeakValueDictionary()


def _cached(key: Any, make: Callable[[], RType]) -> RType:
    found = _known.get(key)
    if found is None:
        found = _known[key] = make()
    return found


def _declared(x: Any) -> bool:
    """Whether a type, or the key of one, mentions a type that some Go source declares."""
    if isinstance(x, RType):
        if x.pkg:
            return True
        parts: list[Any] = [x.elem, x.key, *x.params, *x.results, *(f.type for f in x.fields)]
        return any(map(_declared, parts))
    return isinstance(x, tuple) and any(map(_declared, x))


def forget_declared() -> None:
    """Forget the types made of what a program has declared: it is over.

    The table's keys lead to the program's classes, and so would keep all of it.
    """
    for key in list(_known):
        if _declared(key):
            del _known[key]


def _basic(kind: int, name: str) -> RType:
    t = RType(kind, name)
    t.name = name
    return t


KIND_NAMES = (
    "",
    "bool",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "array",
    "chan",
    "func",
    "interface",
    "map",
    "ptr",
    "slice",
    "string",
    "struct",
    "unsafe.Pointer",
)
"""The names of the kinds, at their numbers; nil has none."""

BASIC: dict[str, RType] = {
    name: _basic(kind, name) for kind, name in enumerate(KIND_NAMES[: COMPLEX128 + 1]) if kind
}
BASIC["string"] = _basic(STRING, "string")
BASIC["unsafe.Pointer"] = _basic(UNSAFE_POINTER, "unsafe.Pointer")
for _name, _cls in (
    ("bool", bool),
    ("int", int),
    ("float64", float),
    ("complex128", complex),
    ("string", str),
):
    BASIC[_name].cls = _cls
    _by_class[_cls] = BASIC[_name]


def slice_of(elem: RType) -> RType:
    """Return ``[]elem``."""

    def make() -> RType:
        t = RType(SLICE, "[]" + elem.text, "[]" + elem.full)
        t.elem = elem
        return t

    return _cached(("slice", elem), make)


def array_of(length: int, elem: RType) -> RType:
    """Return ``[length]elem``."""

    def make() -> RType:
        t = RType(ARRAY, f"[{length}]{elem.text}", f"[{length}]{elem.full}")
        t.elem, t.length = elem, length
        return t

    return _cached(("array", length, elem), make)


def pointer_to(elem: RType) -> RType:
    """Return ``*elem``."""

    def make() -> RType:
        t = RType(POINTER, "*" + elem.text, "*" + elem.full)
        t.elem = elem
        return t

    return _cached(("pointer", elem), make)


def map_of(key: RType, elem: RType) -> RType:
    """Return ``map[key]elem``."""

    def make() -> RType:
        t = RType(MAP, f"map[{key.text}]{elem.text}", f"map[{key.full}]{elem.full}")
        t.key, t.elem = key, elem
        return t

    return _cached(("map", key, elem), make)


def chan_of(direction: str, elem: RType) -> RType:
    """Return a channel type; `direction` is ``""``, ``"send"`` or ``"recv"``."""

    def make() -> RType:
        arrow = {"": "chan ", "send": "chan<- ", "recv": "<-chan "}[direction]
        text, full = elem.text, elem.full
        if direction != "recv" and elem.kind == CHAN and elem.direction == "recv" and not elem.name:
            text, full = f"({text})", f"({full})"
        t = RType(CHAN, arrow + text, arrow + full)
        t.elem, t.direction = elem, direction
        return t

    return _cached(("chan", direction, elem), make)


def signature_text(
    params: Sequence[str], results: Sequence[str], variadic: bool, word: str = "func"
) -> str:
    """Return the text of a function type from the texts of its parameters and results."""
    shown = list(params)
    if variadic:
        shown[-1] = "..." + shown[-1].removeprefix("[]")
    text = f"{word}({', '.join(shown)})"
    if len(results) == 1:
        return f"{text} {results[0]}"
    return f"{text} ({', '.join(results)})" if results else text


def func_of(params: Sequence[RType], results: Sequence[RType], variadic: bool = False) -> RType:
    """Return a function type; the last of variadic parameters is a slice."""
    params, results = tuple(params), tuple(results)

    def make() -> RType:
        t = RType(
            FUNC,
            signature_text([p.text for p in params], [r.text for r in results], variadic),
            signature_text([p.full for p in params], [r.full for r in results], variadic),
        )
        t.params, t.results, t.variadic = params, results, variadic
        return t

    return _cached(("func", params, results, variadic), make)


def struct_of(fields: Sequence[Field], pkg: str = "") -> RType:
    """Return a struct type; `pkg` is where it has unexported fields."""
    fields = tuple(fields)

    def make() -> RType:
        from gosim.std.strconv import quote

        def shown(full: bool) -> str:
            parts = []
            for f in fields:
                part = f.type.full if full else f.type.text
                if not f.embedded:
                    part = f"{f.name} {part}"
                parts.append(f"{part} {quote(f.tag)}" if f.tag else part)
            return "struct { " + "; ".join(parts) + " }" if parts else "struct {}"

        t = RType(STRUCT, shown(False), shown(True))
        t.fields = fields
        return t

    return _cached(("struct", fields, pkg), make)


def interface_of(methods: Mapping[str, str]) -> RType:
    """Return an interface type that asks for methods: name to text of the signature."""
    items = tuple(sorted(methods.items()))

    def make() -> RType:
        shown = "; ".join(name.replace("__", ".", 1) + text[4:] for name, text in items)
        t = RType(INTERFACE, f"interface {{ {shown} }}" if shown else "interface {}")
        t.methods = dict(items)
        return t

    return _cached(("interface", items), make)


def named(pkg: str, package: str, name: str, args: Sequence[RType] = ()) -> RType:
    """Begin a named type: import path, the package's name and its own; :func:`complete` it.

    Each call makes a new type: the generated program has one per declaration or instance.
    """
    if args:
        # In brackets reflect shows import paths, and no blank after the comma.
        name = f"{name}[{','.join(a.full for a in args)}]"
    t = RType(INVALID, f"{package}.{name}" if package else name, f"{pkg}.{name}" if pkg else name)
    t.name, t.pkg = name, pkg
    return t


def complete(t: RType, underlying: RType, methods: Mapping[str, str] | None = None) -> RType:
    """Give a named type its underlying type and its methods; returns it."""
    for slot in (
        "kind",
        "elem",
        "key",
        "length",
        "direction",
        "fields",
        "params",
        "results",
        "variadic",
    ):
        setattr(t, slot, getattr(underlying, slot))
    t.methods = dict(underlying.methods if methods is None else methods)
    return t


ANY = interface_of({})
ERROR = complete(named("", "", "error"), interface_of({"Error": "func() string"}))
"""The predeclared type ``error``."""
