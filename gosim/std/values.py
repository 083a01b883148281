"""What the doors to the simulated memory have in common: the heap, arguments, how values print.

Programs write Python's ``int``, ``str``, … for Go's types, and a Python ``str`` or ``bytes`` where
Go wants a string: it is a literal and takes nothing from the heap. What is wrong with an argument
is said in one sentence, with the line of the program; what Go itself would say is a Go panic.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from gosim.memory.array import Array
from gosim.memory.heap import Heap
from gosim.memory.map import GoMap, MapType, NilMap, make_map
from gosim.memory.pointer import OFF_HEAP, Box, ElementPointer, FieldPointer
from gosim.memory.slice import Slice
from gosim.memory.string import String, as_string
from gosim.memory.struct import Pointed, Struct, fields_of
from gosim.memory.types import Kind, Type, as_type, map_of, slice_of
from gosim.runtime import current
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import caller_line
from gosim.std import reflect

if TYPE_CHECKING:
    from gosim.runtime.proc import World

P = ParamSpec("P")
T = TypeVar("T")


def the_heap(what: str) -> Heap:
    """Return the heap of the program that runs now.

    Raises
    ------
    UsageError
        When no run is going on.
    """
    world = current.world
    if world is None:
        world = current.current_world(what)
    return world.heap


def _running_heap() -> Heap | None:
    return None if current.world is None else current.world.heap


OFF_HEAP.find = _running_heap


def wrong(what: str, error: Exception) -> UsageError:
    """Return the error of a program that calls `what` with the wrong arguments."""
    text = str(error).replace(f"{what}()", what, 1)
    return UsageError(text if text.startswith(what) else f"{what}: {text}", *caller_line(3))


def door(function: Callable[P, T]) -> Callable[P, T]:
    """Turn TypeError and ValueError, which this floor's rooms raise, into the program's mistake."""
    what = function.__name__.removesuffix("_")

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (TypeError, ValueError) as error:
            raise wrong(what, error) from None

    return checked


def checked(what: str, check: Callable[[object], T], value: object) -> T:
    """Return what `check` makes of an argument, for a door that also calls the program's code."""
    try:
        return check(value)
    except TypeError as error:
        raise wrong(what, error) from None


def integer(value: object, name: str) -> int:
    """Return `value`, the argument called `name`, which must be an int."""
    if not isinstance(value, int):
        raise TypeError(f"the {name} must be an int, not {value!r}")
    return value


def slice_value(value: object) -> Slice:
    """Return `value`, which must be a slice."""
    if isinstance(value, Slice):
        return value
    if isinstance(value, Array):
        raise TypeError(f"{value!r} is an array; a[:] is the slice of it")
    hint = "nil_slice(T) is an empty one" if value is None else "make_slice and slice_of make one"
    raise TypeError(f"{value!r} is no slice; {hint}")


def string_value(value: object) -> String:
    """Return `value` as a Go string."""
    if isinstance(value, (String, str, bytes)):
        return as_string(value)
    raise TypeError(f"{value!r} is no string")


def go_type_of(value: object) -> Type:
    """Return the type of a value of this room, or of a Python value that stands for a Go value."""
    own = getattr(value, "go_type", None)
    if isinstance(own, Type):
        return own
    if isinstance(value, Slice):
        return slice_of(value.elem)
    if isinstance(value, (GoMap, NilMap)):
        return map_of(as_type(value.typ.key_type), as_type(value.typ.elem_type))
    if isinstance(value, String):
        return as_type(str)
    return as_type(type(value))


# ------------------------------------------------------------------------------------------- maps


def map_value(value: object) -> GoMap | NilMap:
    """Return `value`, which must be a map."""
    if isinstance(value, (GoMap, NilMap)):
        return value
    raise TypeError(f"{value!r} is no map; make_map makes one")


def map_of_types(key: Type, elem: Type) -> MapType:
    """Return ``map[key]elem``, which names Go's types where a key cannot be hashed."""
    return replace(MapType.of(key, elem), type_name=_dynamic_name)


def _dynamic_name(value: object) -> str:
    """The name of the dynamic type of a value in an interface."""
    if isinstance(value, (list, set, frozenset)):
        return "[]interface {}"
    if isinstance(value, dict):
        return "map[interface {}]interface {}"
    try:
        return _named(go_type_of(value))
    except TypeError:
        return f"main.{type(value).__name__}"


def new_map(typ: MapType, hint: int, what: str) -> GoMap:
    """Return a new map of the program that runs now; where iterations start is its choice."""
    heap = the_heap(what)
    world = current.current_world(what)

    def choose(n: int) -> int:
        return world.choose(n, "map")

    return make_map(typ, hint, heap=heap, seed=_hash_seed(world), choose=choose)


def _hash_seed(world: World) -> int:
    """Draw the random seed of a map's hash; no choice for a policy, nobody could explore 2**60."""
    stream = world.streams.get("map seed")
    if stream is None:
        stream = world.streams["map seed"] = random.Random(f"map seed/{world.seed}").random
    return int(stream() * (1 << 60))


# -------------------------------------------------------------------------------- how they print


def _named(t: Type) -> str:
    """The name of a type as ``%T`` prints it: a program's own types are in package main."""
    match t.kind:
        case Kind.STRUCT if not t.name.startswith("struct {"):
            return f"main.{t.name}"
        case Kind.SLICE if t.elem is not None:
            return f"[]{_named(t.elem)}"
        case Kind.ARRAY if t.elem is not None:
            return f"[{t.length}]{_named(t.elem)}"
        case Kind.MAP if t.key is not None and t.elem is not None:
            return f"map[{_named(t.key)}]{_named(t.elem)}"
        case Kind.POINTER:
            if t.elem is not None:
                return f"*{_named(t.elem)}"
            return f"*main.{t.name.removeprefix('*')}"
        case Kind.INTERFACE if t.name == "any":
            return "interface {}"
    return t.name


class _Pointee:
    """The struct that a pointer leads to, for printing."""

    __slots__ = ("at",)

    def __init__(self, at: Struct) -> None:
        self.at = at


def _fields(x: Struct) -> list[reflect.Field]:
    types = {f.name: f.type for f in x.go_type.fields}
    return [
        reflect.Field(name, value, not name.startswith("_"), _named(types[name]))
        for name, value in fields_of(x)
    ]


def _elements(s: Slice) -> list[Any] | None:
    return None if s.is_nil else list(s.values())


def _text(s: String) -> str:
    return s.bytes.decode("utf-8", "surrogateescape")


def _register() -> None:
    kinds, view = reflect.Kind, reflect.View

    def opaque(pointer: object) -> object:
        return reflect.OPAQUE

    for cls, seen in {
        String: view(kinds.STRING, lambda v: "string", _text, methods=False),
        Slice: view(kinds.SLICE, lambda v: "[]" + _named(v.elem), _elements, methods=False),
        Array: view(kinds.ARRAY, lambda v: _named(v.go_type), Array.values, methods=False),
        Struct: view(kinds.STRUCT, lambda v: _named(v.go_type), _fields),
        Pointed: view(kinds.POINTER, lambda v: "*" + _named(v.go_type), _Pointee),
        _Pointee: view(kinds.STRUCT, lambda v: _named(v.at.go_type), lambda v: _fields(v.at)),
        Box: view(kinds.POINTER, lambda v: "*" + _named(v.elem), opaque, methods=False),
        ElementPointer: view(
            kinds.POINTER, lambda v: "*" + _named(v.store.elem), opaque, methods=False
        ),
        FieldPointer: view(kinds.POINTER, lambda v: "*" + _named(v.go_type), opaque, methods=False),
    }.items():
        reflect.register(cls, seen)


_register()
