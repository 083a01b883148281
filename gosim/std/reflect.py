"""How Python values stand for Go values: kinds, type names, parts (Go: ``reflect``, ``fmtsort``).

Each Python class has one :class:`View`, found once, that says which kind of Go value its instances
stand for, what ``%T`` calls them and how to take them apart.  Code that brings its own values
(compiled Go programs with their sized integers, structs and pointers) registers their classes with
:func:`register`; ``fmt`` needs no other change.

===========================  ==================================================================
Python                       Go
===========================  ==================================================================
``None``                     nil
``bool int float complex``   bool int float64 complex128
``str bytes``                string, []byte
``list`` / ``tuple``         slice / array of the common type of the elements, or of ``any``
``dict`` / ``set``           map / map to ``struct{}``
dataclass, named tuple       struct value; a field whose name begins with ``_`` is unexported
any other instance           pointer to a struct of its attributes
function, class              func
channel                      chan
===========================  ==================================================================

A class may say its Go type itself with ``__go_type__ = "time.Duration"``; one that begins with
``*`` is a pointer, to a struct of the attributes declared in ``__go_fields__ = ("err error",)``
if it has them, and otherwise to something opaque, as are all objects of gosim.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
import functools
import math
import sys
import types
import typing
import weakref
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gosim.runtime import current
from gosim.runtime.chan import Chan, NilChan, RecvOnly, SendOnly


class Kind(enum.Enum):
    """The kinds of Go values that print differently (``reflect.Kind``)."""

    NIL = enum.auto()
    BOOL = enum.auto()
    INT = enum.auto()
    UINT = enum.auto()
    FLOAT32 = enum.auto()
    FLOAT64 = enum.auto()
    COMPLEX64 = enum.auto()
    COMPLEX128 = enum.auto()
    STRING = enum.auto()
    BYTES = enum.auto()
    SLICE = enum.auto()
    ARRAY = enum.auto()
    MAP = enum.auto()
    STRUCT = enum.auto()
    POINTER = enum.auto()
    CHAN = enum.auto()
    FUNC = enum.auto()


ANY = "interface {}"


class Field(NamedTuple):
    """One field of a struct value.

    Attributes
    ----------
    name : str
    value
    exported : bool
        Go calls no methods of values in other fields.
    interface : str
        The static type of a field that holds None.
    """

    name: str
    value: Any
    exported: bool
    interface: str = ANY


OPAQUE = object()
"""What a pointer leads to when only its address can be shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """How the instances of one Python class are seen as Go values.

    Attributes
    ----------
    kind : Kind
    name : callable
        Gives the Go type of an instance, what ``%T`` prints.
    read : callable
        Gives the plain content: an int, float, complex, bool, str or bytes for the basic kinds;
        a sequence of elements for SLICE and ARRAY, or None for a nil slice; pairs of key and value
        for MAP, or None; :class:`Field` s for STRUCT; for POINTER what it points to, :data:`OPAQUE`
        or None for nil; for CHAN and FUNC None if it is nil.
    methods : bool
        Whether instances can have methods such as ``error()`` and ``string()``.
    """

    kind: Kind
    name: Callable[[Any], str]
    read: Callable[[Any], Any]
    methods: bool = True


_registered: dict[type, View] = {}
# Weak, because the classes of a program die with its run.
_derived: weakref.WeakKeyDictionary[type, View] = weakref.WeakKeyDictionary()


def register(cls: type, view: View) -> None:
    """Let `view` show the instances of `cls` and of its subclasses."""
    _registered[cls] = view
    _derived.clear()


def view_of(value: Any) -> View:
    """Return the View of a value."""
    cls = type(value)
    view = _registered.get(cls) or _derived.get(cls)
    if view is None:
        view = _derived[cls] = _derive(cls)
    return view


def type_name(value: Any) -> str:
    """Return the Go type of a value as ``%T`` prints it.

    Examples
    --------
    >>> [type_name(v) for v in (1, "a", [1, 2], [1, "a"], {"a": 1.5}, (True,))]
    ['int', 'string', '[]int', '[]interface {}', 'map[string]float64', '[1]bool']
    """
    return view_of(value).name(value)


def type_name_of(kind: Any) -> str:
    """Return the Go type that a Python annotation or class stands for.

    Examples
    --------
    >>> type_name_of(int), type_name_of(list[str]), type_name_of(dict[str, int]), type_name_of(None)
    ('int', '[]string', 'map[string]int', 'interface {}')
    """
    if isinstance(kind, str):
        return kind
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is list and args:
        return "[]" + type_name_of(args[0])
    if origin is dict and len(args) == 2:
        return f"map[{type_name_of(args[0])}]{type_name_of(args[1])}"
    if not isinstance(kind, type) or kind in (object, type(None)):
        return ANY
    if kind in _BASIC_NAMES:
        return _BASIC_NAMES[kind]
    return ANY if kind in (list, tuple, dict, set) else _class_name(kind)


def method(value: Any, name: str) -> Callable[..., Any] | None:
    """Return the method that makes a value an error or Stringer, or None.

    Looked up in the class, so that a field called ``error`` is none.  A Python exception counts as
    an error, and a class of the program with its own ``__str__`` as a Stringer.
    """
    cls = type(value)
    found = getattr(cls, name, None)
    if callable(found) and not isinstance(found, type):
        return functools.partial(found, value)
    if name == "error" and isinstance(value, BaseException):
        return functools.partial(str, value)
    if name == "string" and cls.__str__ not in _BUILTIN_STR and not _is_ours(cls):
        return functools.partial(str, value)
    return None


# -- the table of classes ---------------------------------------------------------------------

# Instances of these and of their subclasses are values; those of other classes are pointers.
_VALUES = (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, enum.Enum)
_BASIC_NAMES: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "float64",
    complex: "complex128",
    str: "string",
    bytes: "[]uint8",
    bytearray: "[]uint8",
}
# Ways of being printed that no program has written itself.
_BUILTIN_STR: set[Callable[..., str]] = {
    c.__str__ for c in (object, str, bytes, bytearray, BaseException, enum.IntEnum, enum.StrEnum)
}


class Uint8(int):
    """An element of a byte slice."""

    __slots__ = ()


class _EmptyStruct:
    """``struct{}{}``, what the elements of a set map to."""


class _Pointee:
    """The struct behind an object that stands for a pointer."""

    __slots__ = ("owner",)

    def __init__(self, owner: Any) -> None:
        self.owner = owner


def _is_ours(cls: type) -> bool:
    """Tell whether a class is part of gosim (its scenarios are programs, not parts)."""
    module = cls.__module__
    return module.startswith("gosim.") and not module.startswith("gosim.scenarios")


def _package(cls: type) -> str:
    """Return the name in front of the dot of a Go type; a program's own types are in main."""
    parts = cls.__module__.split(".")
    if _is_ours(cls):
        return parts[2] if parts[1] == "std" else parts[1]
    return parts[0] if parts[0] in sys.stdlib_module_names and parts[0] != "__main__" else "main"


def _class_name(cls: type) -> str:
    given = getattr(cls, "__go_type__", None)
    if isinstance(given, str):
        return given
    name = f"{_package(cls)}.{cls.__name__}"
    by_value = dataclasses.is_dataclass(cls) or issubclass(cls, _VALUES)
    return name if by_value else "*" + name


def _common(values: Iterable[Any]) -> str:
    values = list(values)
    names = {type_name(v) for v in values}
    if len(names) == 1 and "<nil>" not in names:
        name = names.pop()
        # A list of errors is a []error, rarely a list of one kind of them.
        return "error" if name.startswith("*") and method(values[0], "error") else name
    return ANY


def _object_name(value: Any) -> str:
    return _class_name(type(value))


def _attributes(value: Any) -> list[Field]:
    names = [
        name
        for cls in reversed(type(value).__mro__)
        for name in _slots(cls)
        if hasattr(value, name) and not name.startswith("__")
    ]
    names += [name for name in getattr(value, "__dict__", ()) if name not in names]
    return [Field(name, getattr(value, name), not name.startswith("_")) for name in names]


def _slots(cls: type) -> Iterable[str]:
    slots = cls.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else slots


def _pointee_fields(pointee: _Pointee) -> list[Field]:
    owner = pointee.owner
    declared = getattr(type(owner), "__go_fields__", None)
    if declared is None:
        return _attributes(owner)
    return [
        Field(name, getattr(owner, name), name[:1].isupper(), kind)
        for name, _, kind in (field.partition(" ") for field in declared)
    ]


def _points_to(value: Any) -> Any:
    cls = type(value)
    if hasattr(cls, "__go_fields__"):
        return _Pointee(value)
    return OPAQUE if _is_ours(cls) or hasattr(cls, "__go_type__") else _Pointee(value)


def _dataclass_fields(value: Any) -> list[Field]:
    return [
        Field(f.name, getattr(value, f.name), not f.name.startswith("_"))
        for f in dataclasses.fields(value)
    ]


def _same(value: Any) -> Any:
    return value


def _chan_name(value: Any) -> str:
    arrow = {SendOnly: "chan<- ", RecvOnly: "<-chan "}.get(type(value), "chan ")
    return arrow + type_name_of(getattr(value, "ch", value).elem)


_EMPTY = _EmptyStruct()
# Exactly these classes: their instances have no methods that Go would call.
_BUILTIN: dict[type, View] = {
    type(None): View(Kind.NIL, lambda v: "<nil>", _same, methods=False),
    bool: View(Kind.BOOL, lambda v: "bool", _same, methods=False),
    int: View(Kind.INT, lambda v: "int", int.__int__, methods=False),
    float: View(Kind.FLOAT64, lambda v: "float64", float.__float__, methods=False),
    complex: View(Kind.COMPLEX128, lambda v: "complex128", complex.__complex__, methods=False),
    str: View(Kind.STRING, lambda v: "string", str.__str__, methods=False),
    **dict.fromkeys((bytes, bytearray), View(Kind.BYTES, lambda v: "[]uint8", bytes, False)),
    **dict.fromkeys(
        (list, collections.deque), View(Kind.SLICE, lambda v: "[]" + _common(v), list, False)
    ),
    tuple: View(Kind.ARRAY, lambda v: f"[{len(v)}]{_common(v)}", _same, methods=False),
    dict: View(
        Kind.MAP,
        lambda v: f"map[{_common(v)}]{_common(v.values())}",
        lambda v: list(v.items()),
        methods=False,
    ),
    **dict.fromkeys(
        (set, frozenset),
        View(
            Kind.MAP,
            lambda v: f"map[{_common(v)}]struct {{}}",
            lambda v: [(key, _EMPTY) for key in v],
            methods=False,
        ),
    ),
    **dict.fromkeys(
        (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, functools.partial),
        View(Kind.FUNC, lambda v: "func()", _same, methods=False),
    ),
    Chan: View(Kind.CHAN, _chan_name, lambda v: None if isinstance(v, NilChan) else v, False),
    **dict.fromkeys(
        (SendOnly, RecvOnly),
        View(Kind.CHAN, _chan_name, lambda v: None if isinstance(v.ch, NilChan) else v.ch, False),
    ),
    Uint8: View(Kind.UINT, lambda v: "uint8", int.__int__, methods=False),
    _EmptyStruct: View(Kind.STRUCT, lambda v: "struct {}", lambda v: [], methods=False),
    _Pointee: View(
        Kind.STRUCT, lambda v: type_name(v.owner).removeprefix("*"), _pointee_fields, methods=False
    ),
}
_registered.update(_BUILTIN)

_STRUCT = View(Kind.STRUCT, _object_name, _dataclass_fields)
_NAMED_TUPLE = View(
    Kind.STRUCT,
    _object_name,
    lambda v: [Field(n, x, not n.startswith("_")) for n, x in zip(v._fields, v, strict=True)],
)
_POINTER = View(Kind.POINTER, _object_name, _points_to)


def _derive(cls: type) -> View:
    if dataclasses.is_dataclass(cls) and not issubclass(cls, (int, float, str)):
        return _STRUCT
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _NAMED_TUPLE
    for base in cls.__mro__:
        view = _registered.get(base)
        if view is None:
            continue
        if base not in _BUILTIN or base is Chan or cls.__module__ in sys.stdlib_module_names:
            return view
        # A type of the program's own: ``class Celsius(float)``.
        return dataclasses.replace(view, name=_object_name, methods=True)
    return _POINTER


# -- addresses --------------------------------------------------------------------------------

_HEAP = 0xC000010000


class _Addresses:
    """The addresses given out in one run."""

    def __init__(self) -> None:
        self.next = _HEAP
        self.known: dict[int, tuple[int, Any]] = {}

    def of(self, value: Any) -> int:
        key = id(value)
        entry = self.known.get(key)
        if entry is None:
            holder: Any
            try:
                # The entry goes with the object; its id may then belong to another one.
                holder = weakref.ref(value, lambda _: self.known.pop(key, None))
            except TypeError:
                holder = value  # lists and dicts know no weak references: kept until the run ends
            entry = self.known[key] = (self.next, holder)
            self.next += 16
        return entry[0]


_outside = _Addresses()


def address(value: Any) -> int:
    """Return the address that ``%p`` prints for an object.

    Go's addresses differ from run to run, so none is right; these count up in the order in which
    a run asks for them, so that they are the same whenever it is repeated.
    """
    if isinstance(value, _Pointee):
        value = value.owner
    elif isinstance(value, types.MethodType):
        value = value.__func__
    elif isinstance(value, (SendOnly, RecvOnly)):
        value = value.ch
    world = current.world
    # They belong to the run, so they are kept in its world, which goes when the run does.
    book = _outside if world is None else vars(world).setdefault("addresses", _Addresses())
    return int(book.of(value))


# -- the order of map keys --------------------------------------------------------------------


def _compare(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


def _compare_floats(a: float, b: float) -> int:
    if math.isnan(a) or math.isnan(b):
        return _compare(math.isnan(b), math.isnan(a))  # NaN is less than every number
    return _compare(a, b)


def compare_keys(a: Any, b: Any) -> int:
    """Compare two map keys in the order in which Go prints them; -1, 0 or 1.

    Nil first, then by type name (Go: by the type's address), false before true, NaN before the
    numbers, structs and arrays part by part, pointers and channels by address.
    """
    va, vb = view_of(a), view_of(b)
    if va.kind is Kind.NIL or vb.kind is Kind.NIL:
        return _compare(va.kind is not Kind.NIL, vb.kind is not Kind.NIL)
    name_a, name_b = va.name(a), vb.name(b)
    if name_a != name_b:
        return _compare(name_a, name_b)
    kind, x, y = va.kind, va.read(a), vb.read(b)
    if kind in (Kind.FLOAT32, Kind.FLOAT64):
        return _compare_floats(x, y)
    if kind in (Kind.COMPLEX64, Kind.COMPLEX128):
        return _compare_floats(x.real, y.real) or _compare_floats(x.imag, y.imag)
    if kind is Kind.STRING:
        return _compare(x.encode("utf-8", "surrogatepass"), y.encode("utf-8", "surrogatepass"))
    if kind is Kind.STRUCT:
        x, y = [f.value for f in x], [f.value for f in y]
    if kind in (Kind.STRUCT, Kind.ARRAY, Kind.SLICE):
        return next((c for c in map(compare_keys, x, y) if c), 0)
    if kind in (Kind.POINTER, Kind.CHAN, Kind.FUNC, Kind.MAP):
        return _compare(address(a), address(b))
    return _compare(x, y)


def sorted_items(items: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return the pairs of a map in the order in which Go prints them.

    Examples
    --------
    >>> sorted_items({"b": 1, "a": 2}.items())
    [('a', 2), ('b', 1)]
    """

    def compare(a: tuple[Any, Any], b: tuple[Any, Any]) -> int:
        return compare_keys(a[0], b[0])

    return sorted(items, key=functools.cmp_to_key(compare))
