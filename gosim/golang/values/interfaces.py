"""Interface values: comparison, hashing, type assertions (Go: ``runtime/iface.go``, ``alg.go``)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

from gosim.golang.values import rtype as rt
from gosim.golang.values.maps import float_form, interface_form
from gosim.golang.values.panics import TypeAssertionError
from gosim.golang.values.rtype import Box, RType, rtype
from gosim.runtime.panic import Panic, plain_error, runtime_error

__all__ = ["Iface", "comparer", "interface_equal", "interface_text"]


def interface_equal(a: Any, b: Any) -> bool:
    """Return ``a == b`` for two interface values.

    Raises
    ------
    Panic
        "comparing uncomparable type".
    """
    return type(a) is type(b) and bool(a == b)


def comparer(t: RType) -> Callable[[Any, Any], bool]:
    """Return ``==`` of a type; it panics where the type has none."""
    kind = t.kind
    if kind == rt.INTERFACE:
        return interface_equal
    if kind == rt.STRUCT:
        return _struct_comparer(t)
    if kind == rt.ARRAY:
        assert t.elem is not None
        same = comparer(t.elem)
        return lambda a, b: all(map(same, a, b))
    if kind in (rt.SLICE, rt.MAP, rt.FUNC):
        return _uncomparable(t)
    if kind == rt.POINTER:
        assert t.elem is not None
        if t.elem.kind == rt.ARRAY:
            return _same_cells
        return operator.eq
    if kind == rt.CHAN:
        return operator.is_
    return operator.eq


def _same_cells(a: Any, b: Any) -> bool:
    return a is b or (not isinstance(a, (list, bytearray)) and bool(a == b))


def _uncomparable(t: RType) -> Callable[[Any, Any], bool]:
    def refuse(a: Any, b: Any) -> bool:
        raise runtime_error(f"comparing uncomparable type {t.text}")

    return refuse


def uncomparable(t: RType) -> bool:
    """Whether values of a type cannot be compared."""
    if t.kind == rt.STRUCT:
        return any(uncomparable(f.type) for f in t.fields)
    if t.kind == rt.ARRAY:
        assert t.elem is not None
        return uncomparable(t.elem)
    return t.kind in (rt.SLICE, rt.MAP, rt.FUNC)


def _struct_comparer(t: RType) -> Callable[[Any, Any], bool]:
    if uncomparable(t):
        return _uncomparable(t)
    fields: list[tuple[Any, Callable[[Any, Any], bool]]] = [
        (f.attribute, comparer(f.type)) for f in t.fields if f.name != "_"
    ]
    if t.fields and not fields:
        # A class of the library, which knows better, or a struct without anything to compare.
        return lambda a, b: hasattr(a, "__same__") or bool(a == b)

    def same(a: Any, b: Any) -> bool:
        return all(equal(getattr(a, name), getattr(b, name)) for name, equal in fields)

    return same


def former(t: RType) -> Callable[[Any], Any]:
    """Return what makes the key form (`gosim.golang.values.maps`) of a value of a type."""
    kind = t.kind
    if kind == rt.INTERFACE:
        return interface_form
    if kind in (rt.FLOAT32, rt.FLOAT64, rt.COMPLEX64, rt.COMPLEX128):
        return float_form
    if kind == rt.STRUCT:
        fields: list[tuple[Any, Callable[[Any], Any]]] = [
            (f.attribute, former(f.type)) for f in t.fields if f.name != "_"
        ]
        if t.fields and not fields:
            return lambda x: () if hasattr(x, "__same__") else x
        return lambda x: tuple([form(getattr(x, name)) for name, form in fields])
    if kind == rt.ARRAY:
        assert t.elem is not None
        form = former(t.elem)
        return lambda x: tuple(map(form, x))
    if kind == rt.POINTER:
        assert t.elem is not None
        if t.elem.kind == rt.ARRAY:
            return lambda x: id(x)
    return _itself


def _itself(x: Any) -> Any:
    return x


class ComparedBox(Box):
    """A box whose contents are compared and hashed by the rules of their type."""

    __slots__ = ()

    _same: Callable[[Any, Any], bool] | None = None
    _form: Callable[[Any], Any]

    @classmethod
    def _rules(cls) -> Callable[[Any, Any], bool]:
        t = cls.__rtype__
        cls._form = staticmethod(former(t))
        cls._same = same = staticmethod(comparer(t))
        return same

    def __eq__(self, other: object) -> bool:
        cls = type(self)
        if cls is not type(other):
            return False
        same = cls._same or cls._rules()
        return same(self.v, other.v)

    def __hash__(self) -> int:
        cls = type(self)
        if uncomparable(cls.__rtype__):
            raise runtime_error(f"hash of unhashable type {cls.__rtype__.text}")
        if cls._same is None:
            cls._rules()
        return hash(cls._form(self.v))


rt.BOXES.update(
    dict.fromkeys((rt.SLICE, rt.MAP, rt.FUNC, rt.STRUCT, rt.ARRAY, rt.POINTER), ComparedBox)
)


# -- type assertions ------------------------------------------------------------------------------


class Iface:
    """An interface type as type assertions test for it.

    Parameters
    ----------
    text : str
        As Go prints it.
    methods : dict
        Attribute to the text of the signature.
    """

    __slots__ = ("cache", "methods", "text")

    def __init__(self, text: str, methods: dict[str, str]) -> None:
        self.text = text
        self.methods = methods
        self.cache: dict[type, bool] = {type(None): False}

    def has(self, cls: type) -> bool:
        """Whether values of a class implement it."""
        found = self.cache.get(cls)
        if found is None:
            found = self.cache[cls] = self.missing(cls) is None
        return found

    def missing(self, cls: type) -> str | None:
        """Return the first method that a class lacks."""
        t = rtype(cls)
        for name in sorted(self.methods):
            if t is not None and t.methods:
                there = t.methods.get(name) == self.methods[name]
            else:
                there = callable(getattr(cls, name, None))
            if not there:
                return name
        return None


def implements(x: Any, target: Iface) -> bool:
    """Whether an interface value has the methods of an interface type."""
    found = target.cache.get(type(x))
    return target.has(type(x)) if found is None else found


def type_text(x: Any) -> str:
    """Return the text of the dynamic type of an interface value."""
    t = rtype(type(x))
    if t is not None:
        return t.text
    from gosim.std.reflect import type_name

    return type_name(x)


def assert_interface(x: Any, target: Iface) -> Any:
    """Return ``x.(I)``."""
    if implements(x, target):
        return x
    if x is None:
        raise Panic(
            TypeAssertionError(f"interface conversion: interface is nil, not {target.text}")
        )
    lacks = target.missing(type(x)) or ""
    raise Panic(
        TypeAssertionError(
            f"interface conversion: {type_text(x)} is not {target.text}: "
            f"missing method {lacks.rpartition('__')[2]}"
        )
    )


def assert_pointer(x: Any, t: RType, static: str) -> Any:
    """Return ``x.(*T)`` where `x` is not an instance of T's class: nil pointers are in boxes."""
    if x is not None and type(x) is t.nil_box:
        return None
    return assert_failed(x, t, static)


def assert_failed(x: Any, t: RType, static: str) -> NoReturn:
    """Panic: the dynamic type of `x`, of interface type `static`, is not `t`."""
    if x is None:
        raise Panic(TypeAssertionError(f"interface conversion: {static} is nil, not {t.text}"))
    text = type_text(x)
    tail = ""
    if text == t.text:
        found = rtype(type(x))
        other = found is None or found.full != t.full
        tail = f" (types from different {'packages' if other else 'scopes'})"
    raise Panic(TypeAssertionError(f"interface conversion: {static} is {text}, not {t.text}{tail}"))


def nil_receiver(package: str, name: str, method: str) -> NoReturn:
    """Panic: a value method was called by way of a nil pointer in an interface."""
    raise plain_error(f"value method {package}.{name}.{method} called using nil *{name} pointer")


def interface_text(x: Any) -> str:
    """Return what the text of an error or Stringer in an interface is, for panics."""
    return str(x)


# -- what the prelude of a program makes -----------------------------------------------------------


def struct_pointer(base: RType, cls: type) -> RType:
    """Return the type ``*base``, whose values in interfaces are the instances of `cls`."""
    t = rt.pointer_to(base)
    t.cls = cls
    cls.__rtype__ = t  # type: ignore[attr-defined]
    return t


def nil_class(t: RType) -> type:
    """Return the class of the nil pointer of a type in an interface."""
    return type(t.box(None))


def equal_values(a: Any, b: Any) -> bool:
    """Return ``a == b`` where Python's is Go's."""
    return bool(a == b)


def is_same(a: Any, b: Any) -> bool:
    """Whether two pointers are the same."""
    return a is b


def pointer_equal(a: Any, b: Any) -> bool:
    """Return ``a == b`` for pointers to what is no struct."""
    return _same_cells(a, b) if isinstance(a, (list, bytearray)) else bool(a == b)


def pointer_form(x: Any) -> Any:
    """Return the key form of a pointer to an array."""
    return id(x) if isinstance(x, (list, bytearray)) else x


def array_comparer(same: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return == of arrays from that of their elements."""
    return lambda a, b: all(map(same, a, b))


def array_form(form: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the maker of key forms of arrays from that of their elements."""
    return lambda x: tuple(map(form, x))


def array_assigner(assign: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return ``assign(to, from)`` of arrays whose elements can be changed in place."""

    def each(to: Any, source: Any) -> None:
        for a, b in zip(to, source, strict=True):
            assign(a, b)

    return each


def assign_array(to: Any, source: Any) -> None:
    """Copy the elements of an array into another."""
    to[:] = source


def copy_array(x: Any) -> Any:
    """Return a copy of an array of elements that cannot be changed in place."""
    return x[:]
