"""Structs: classes with Go's layout (Go: spec "Struct types", ``cmd/compile/internal/types``).

:func:`define` makes a struct class of a class that has annotations. An instance stands for both a
variable of the struct type and a pointer to it, as Go lets the fields of both be selected alike:
what ``new`` returns lies on the heap and is compared as a pointer, what the class itself returns is
a value and is compared field by field. Python assigns references, so a program says where Go
copies: ``b = a.copy()``. What is stored in a slice, an array or another struct *by value* is copied
there.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, ClassVar, Final, TypeVar
from weakref import ref

from gosim.memory.array import Array, same_type
from gosim.memory.errors import Misuse
from gosim.memory.heap import Heap, Object
from gosim.memory.pointer import OFF_HEAP, Home, is_held, shade
from gosim.memory.types import Kind, Type, as_type, struct_of, taken, zero_value

S = TypeVar("S", bound="Struct")

_RESERVED: Final = {"copy", "go_type", "allocated", "span", "site"}
_MISSING: Final = object()
_PREFIX: Final = "_gs_"
_SLOT: Final = _PREFIX + "field_"  # no field's slot has the name of one of our own attributes


class Struct(Object):
    """Base of all struct classes.

    Attributes
    ----------
    go_type : Type
        Name, size, fields and pointers of the struct; of the class.
    """

    __slots__ = ("__weakref__", "_heap", "_owner")

    go_type: ClassVar[Type]
    #: Size and noscan, for the allocation of a million of them.
    _gs_size: ClassVar[int]
    _gs_noscan: ClassVar[bool]
    #: Slots of the fields that are structs and arrays.
    _gs_parts: ClassVar[tuple[str, ...]]
    #: The class of those on the heap; None if there is more to do there than to allocate.
    _gs_new: ClassVar[type[Struct] | None]
    _gs_pointer: ClassVar[type[Struct]]
    #: The class of those that are a part of something that a program has asked for them.
    _gs_part: ClassVar[type[Struct]]

    def copy(self: S) -> S:
        """Return a copy, as assigning the struct makes it; it is on no heap."""
        raise NotImplementedError

    def __gosim_is__(self, t: Type) -> bool:
        """Return whether this, or a pointer to it, is a value of type `t`."""
        if t.kind is not Kind.POINTER:
            return t == self.go_type
        if t.elem is None:  # a pointer to what was yet to be defined
            return t.name in (f"*{self.go_type.name}", "*None")
        return t.elem == self.go_type

    def __gosim_part__(self: S, home: Home) -> S:
        """Return the copy that is a part of something else: a field, an element."""
        part = self.copy()
        part.__gosim_move__(home)
        return part

    def __gosim_seen__(self: S, owner: object) -> S:
        """Return what a program gets that asks `owner` for this part of it: a pointer into it.

        From now on this keeps the owner alive, as collectors see it. Python's reference is a weak
        one: an owner and its part that refer to each other would outlive their last reference.
        """
        if type(self) is not self._gs_part:
            self.__class__ = self._gs_part  # type: ignore[assignment]
            self._owner = ref(owner)
        return self

    @property
    def part_held(self) -> bool:  # type: ignore[override]  # asked for, not stored
        """Whether somebody else refers to a part of this struct."""
        for slot in self._gs_parts:
            part = getattr(self, slot)
            if is_held(part):
                return True
        return False

    def __gosim_assign__(self, value: Struct) -> None:
        """Take the values of another, made for this: who points at this one sees them."""
        for f in self.go_type.fields:
            new = getattr(value, _SLOT + f.name)
            if f.type.changeable:
                getattr(self, _SLOT + f.name).__gosim_assign__(new)
            else:
                setattr(self, f.name, new)

    def __gosim_move__(self, home: Home) -> None:
        """Become a part of something at `home`, or lie there."""
        self._heap = home
        for slot in self._gs_parts:
            getattr(self, slot).__gosim_move__(home)

    def __getattr__(self, name: str) -> Any:
        """Return what a value that is not on the heap has instead; else name the fields."""
        if name == "allocated":
            return 0
        if name == "span":
            return None
        if name == "_heap":
            return OFF_HEAP
        raise NoField(self.go_type, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Struct) or isinstance(other, Pointed):
            return NotImplemented
        if self.go_type is not other.go_type:
            return NotImplemented
        return self is other or _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{f.name}: {_short(getattr(self, f.name))}" for f in self.go_type.fields)
        return f"{self.go_type.name}{{{shown}}}"


class Pointed(Struct):
    """Base of the classes of structs that lie on the heap, and of the pointers to them."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self) >> 4

    def __repr__(self) -> str:
        return f"&{super().__repr__()}"


class Part(Struct):
    """Base of the classes of structs that lie in an array or in another struct and were asked for:
    what refers to one is a pointer into that, and keeps all of it alive."""

    __slots__ = ()

    def __gosim_referents__(self) -> Iterable[object]:
        owner = self._owner()
        own = super().__gosim_referents__()
        return own if owner is None else (*own, owner)


def _values(x: Struct) -> tuple[Any, ...]:
    return tuple(getattr(x, f.name) for f in x.go_type.fields)


def _short(value: object) -> str:
    # A list of structs that point at each other has no end.
    if isinstance(value, Pointed):
        return f"<*{value.go_type.name}>"
    return "nil" if value is None else repr(value)


def no_field(t: Type, name: str) -> str:
    """Return the sentence that says that a struct has no such field, and which it has."""
    names = [f.name for f in t.fields]
    close = difflib.get_close_matches(name, names, 1)
    if close:
        return f"{t.name} has no field {name}; did you mean {close[0]}?"
    return f"{t.name} has no field {name}; its fields are {', '.join(names) or 'none'}"


class NoField(AttributeError):
    """A struct has no such field. The sentence is made when somebody reads it: heap profiles and
    collectors ask every object for what few have."""

    def __init__(self, t: Type, name: str) -> None:
        super().__init__(t, name)

    def __str__(self) -> str:
        return no_field(*self.args)


# ------------------------------------------------------------------------------ making a class


class ItSelf:
    """What the name of a struct means in its own annotations."""

    def __init__(self, name: str) -> None:
        self.name = name


def define(
    cls: type,
    names: Mapping[str, Any],
    *,
    resolve: Callable[[Any], Type] = as_type,
) -> type[Struct]:
    """Return the struct class that `cls` describes.

    Parameters
    ----------
    cls : type
        A class whose annotations are the fields, in order; it may have methods.
    names : mapping
        What names in annotations mean that are kept as text, as all are after
        ``from __future__ import annotations``.
    resolve : callable
        Makes a type of an annotation.

    Raises
    ------
    TypeError
        It has a base class, a default, an annotation that is no Go type, ….

    Examples
    --------
    >>> class Point:
    ...     x: int
    ...     y: int
    >>> P = define(Point, {})
    >>> a = P(x=1)
    >>> b = a.copy()
    >>> b.y = 2
    >>> a, b, P.go_type.size
    (Point{x: 1, y: 0}, Point{x: 1, y: 2}, 16)
    """
    if not isinstance(cls, type):
        raise TypeError(f"{cls!r} is no class; a struct is a class with annotations")
    name = cls.__name__
    if cls.__bases__ != (object,):
        base = cls.__bases__[0].__name__
        raise TypeError(
            f"the struct {name} cannot inherit from {base}: in Go a struct has it as a field"
        )
    members = []
    annotations = inspect.get_annotations(cls)
    for field, annotation in annotations.items():
        if field in _RESERVED or field.startswith((_PREFIX, "__")):
            raise TypeError(f"a field of the struct {name} cannot be called {field}")
        if field in cls.__dict__:
            raise TypeError(
                f"{name}.{field} cannot have a default: Go's is the zero value of its type"
            )
        members.append((field, _field_type(name, field, annotation, names, resolve)))
    t = struct_of(*members, name=name)
    made: type[Struct] = type(name, (Struct,), _namespace(cls, t, annotations))
    made.go_type = replace(t, make=lambda _: made())
    about = {"__slots__": (), "__module__": cls.__module__, "__qualname__": cls.__qualname__}
    made._gs_pointer = type(name, (made, Pointed), about)
    made._gs_part = type(name, (Part, made), about)
    made._gs_new = None if made._gs_parts else made._gs_pointer
    made.copy.__globals__["cls"] = made
    return made


def _field_type(
    struct: str,
    field: str,
    annotation: Any,
    names: Mapping[str, Any],
    resolve: Callable[[Any], Type],
) -> Type:
    where = f"{struct}.{field}"
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, {**names, struct: ItSelf(struct)})
        except Exception as error:
            raise TypeError(f"{where}: cannot read the type {annotation!r}: {error}") from None
    if isinstance(annotation, ItSelf) or annotation == struct:
        raise TypeError(f"invalid recursive type {struct}: {where} holds it; use ptr({struct!r})")
    try:
        return resolve(annotation)
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from None


def _namespace(cls: type, t: Type, annotations: dict[str, Any]) -> dict[str, Any]:
    """The class body of a struct: slots, properties and the methods that touch every field."""
    left_out = {"__dict__", "__weakref__"}
    body = {key: value for key, value in cls.__dict__.items() if key not in left_out}
    slots = []
    scope: dict[str, Any] = {
        "MISSING": _MISSING, "Array": Array, "home": OFF_HEAP, "same_type": same_type
    }  # fmt: skip
    parameters, first, copied, referents, parts = [], [], [], [], []
    for i, f in enumerate(t.fields):
        pointers = not f.type.noscan
        slot = _SLOT + f.name
        slots.append(slot)
        scope[f"type{i}"] = f.type
        if f.type.changeable:
            parts.append(slot)
            kept = ".store" if f.type.kind is Kind.ARRAY else ""
            scope[f"make{i}"] = f.type.make
            scope[f"taken{i}"] = taker = _taker(f.name, f.type)
            parameters.append(f"{f.name}=MISSING")
            first.append(
                f"self.{slot} = make{i}(type{i}) if {f.name} is MISSING "
                f"else taken{i}({f.name}, home)"
            )
            copied.append(f"new.{slot} = self.{slot}.__gosim_part__(home)")
            if pointers:
                referents.append(f"self.{slot}{kept}")
            body[f.name] = _part_property(slot, taker)
            continue
        checked = f.type.kind is not Kind.INTERFACE
        if checked:
            scope[f"known{i}"] = f.type.known
            scope[f"check{i}"] = _checker(f.name, f.type)
            first.append(
                f"if type({f.name}) not in known{i}"
                + (f" and {f.name} is not None" if _made_each_time(f.type) else "")
                + f": {f.name} = check{i}({f.name})"
            )
        scope[f"zero{i}"] = None if _made_each_time(f.type) else zero_value(f.type)
        parameters.append(f"{f.name}=zero{i}")
        if _made_each_time(f.type):
            scope[f"make{i}"] = f.type.make
            first.append(f"self.{slot} = make{i}(type{i}) if {f.name} is None else {f.name}")
        else:
            first.append(f"self.{slot} = {f.name}")
        copied.append(f"new.{slot} = self.{slot}")
        if pointers:
            referents.append(f"self.{slot}")
        body[f.name] = _field_property(slot, f.name, f.type)
    star = "*, " if parameters else ""
    source = "\n".join(
        [
            f"def __init__(self, {star}{', '.join(parameters)}):",
            *(f"    {line}" for line in first or ["pass"]),
            "def copy(self):",
            "    new = make_new(cls)",
            *(f"    {line}" for line in copied),
            "    return new",
            "def __gosim_referents__(self):",
            f"    return ({''.join(r + ', ' for r in referents)})",
        ]
    )
    scope["make_new"] = object.__new__
    exec(compile(source, __file__, "exec"), scope)
    for method in ("__init__", "copy", "__gosim_referents__"):
        function = scope[method]
        function.__qualname__ = f"{cls.__qualname__}.{method}"
        function.__module__ = cls.__module__
        body[method] = function
    body.update(
        __slots__=tuple(slots),
        __annotations__=annotations,
        _gs_size=t.size,
        _gs_noscan=t.noscan,
        _gs_parts=tuple(parts),
    )
    return body


def _made_each_time(t: Type) -> bool:
    """Whether a zero value cannot be shared although it is not changed: a nil map or channel."""
    return t.make is not None and t.kind in (Kind.MAP, Kind.CHAN)


def _taker(name: str, t: Type) -> Callable[[Any, Home], Any]:
    """Return what makes the part of a struct of a value that a program stores there."""

    def part(value: Any, home: Home) -> Any:
        if getattr(value, "go_type", None) != t:
            raise Misuse(f"the field {name} is a {t}, not {value!r}")
        return value.__gosim_part__(home)

    return part


def _checker(name: str, t: Type) -> Callable[[Any], Any]:
    """Return what a field of type `t` makes of a value that a program stores there."""

    def check(value: Any) -> Any:
        try:
            return taken(t, value)
        except Misuse as error:
            raise Misuse(f"the field {name}: {error}") from None

    return check


def _field_property(slot: str, name: str, t: Type) -> property:
    """A field: stores are checked, and pass the write barrier if the collector looks at it
    (``mbarrier.go``)."""
    scope: dict[str, Any] = {"known": t.known, "check": _checker(name, t)}
    check = """
    if type(value) not in known:
        value = check(value)
"""
    barrier = f"""
    if self._heap.marking:
        self._heap.barrier(self.{slot}, value)
"""
    source = f"""
def setter(self, value):
{"" if t.kind is Kind.INTERFACE else check}
{"" if t.noscan else barrier}
    self.{slot} = value
"""
    exec(compile(source, __file__, "exec"), scope)
    return property(attrgetter(slot), scope["setter"])


def _part_property(slot: str, taken: Callable[[Any, Home], Any]) -> property:
    def getter(self: Struct) -> Any:
        return getattr(self, slot).__gosim_seen__(self)

    def setter(self: Struct, value: Any) -> None:
        getattr(self, slot).__gosim_assign__(taken(value, self._heap))

    return property(getter, setter)


# ------------------------------------------------------------------------------------ new


def new_struct(cls: type[S], fields: Mapping[str, Any] | None = None, *, heap: Heap) -> S:
    """Return ``&T{fields...}``: a struct on the heap."""
    made = cls._gs_pointer(**fields or {})
    _allocate(made, heap)
    return made  # type: ignore[return-value]


def copied_to(heap: Heap, x: S) -> S:
    """Return a copy of a struct on the heap."""
    made = x.copy()
    made.__class__ = x._gs_pointer  # type: ignore[assignment]
    _allocate(made, heap)
    return made


def _allocate(x: Struct, heap: Heap) -> None:
    x.__gosim_move__(heap)
    heap.allocate(x, x._gs_size, x._gs_noscan)
    if heap.marking:
        shade(heap, x)


def fields_of(x: Struct) -> Iterable[tuple[str, Any]]:
    """Yield the names and values of the fields, in order."""
    for f in x.go_type.fields:
        yield f.name, getattr(x, f.name)
