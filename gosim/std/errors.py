"""Error values (Go: package ``errors``).

An error is any value with a method ``error()`` that returns its text; None is "no error".
Errors are values and not Python exceptions: they are returned, compared and wrapped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Protocol, TypeVar, runtime_checkable

E = TypeVar("E")


@runtime_checkable
class Error(Protocol):
    """Go's interface ``error``; also a base class, which makes ``str(err)`` the error's text.

    Examples
    --------
    >>> class NotFound(Error):
    ...     def __init__(self, name): self.name = name
    ...     def error(self): return self.name + ": not found"
    >>> print(NotFound("a.txt"))
    a.txt: not found
    """

    def error(self) -> str:
        """Return the text of the error."""
        ...

    def __str__(self) -> str:
        return self.error()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.error()!r})"


class ErrorString(Error):
    """What :func:`new` returns: an error that is only a text.  Equal to nothing but itself."""

    __slots__ = ("s",)
    __go_type__ = "*errors.errorString"
    __go_fields__ = ("s string",)

    def __init__(self, text: str) -> None:
        self.s = text

    def error(self) -> str:
        """Return the text."""
        return self.s


class JoinError(Error):
    """What :func:`join` returns: several errors, one text per line."""

    __slots__ = ("errs",)
    __go_type__ = "*errors.joinError"
    __go_fields__ = ("errs []error",)

    def __init__(self, errs: list[Any]) -> None:
        self.errs = errs

    def error(self) -> str:
        """Return the texts of the errors, one per line."""
        return "\n".join(text(err) for err in self.errs)

    def unwrap(self) -> list[Any]:
        """Return the joined errors."""
        return self.errs


def new(text: str) -> Error:
    """Return an error with this text; each call makes an error distinct from all others.

    Examples
    --------
    >>> print(new("no such file"))
    no such file
    >>> new("x") == new("x")
    False
    """
    return ErrorString(text)


ErrUnsupported = new("unsupported operation")


def is_error(value: object) -> bool:
    """Tell whether `value` stands for a Go error: a method ``error()``, or a Python exception."""
    return callable(getattr(type(value), "error", None)) or isinstance(value, BaseException)


def text(err: Any) -> str:
    """Return the text of an error; a Python exception's is its message."""
    if callable(getattr(type(err), "error", None)):
        return str(err.error())
    return str(err)


def unwrap(err: Any) -> Any:
    """Return the error that `err` wraps, or None (``errors.Unwrap``).

    As in Go, an error that wraps several (from :func:`join`, or ``errorf`` with several ``%w``)
    gives None: its ``unwrap()`` returns a list.
    """
    wrapped = _unwrapped(err)
    return None if isinstance(wrapped, list | tuple) else wrapped


def _unwrapped(err: Any) -> Any:
    method = getattr(type(err), "unwrap", None)
    return method(err) if callable(method) else None


def _tree(err: Any) -> Iterator[Any]:
    """Yield `err` and all it wraps, in Go's order: depth first, from the outside in."""
    yield err
    wrapped = _unwrapped(err)
    if isinstance(wrapped, list | tuple):
        for inner in wrapped:
            if inner is not None:
                yield from _tree(inner)
    elif wrapped is not None:
        yield from _tree(wrapped)


def is_(err: Any, target: Any) -> bool:
    """Tell whether `err` or an error it wraps is `target` (``errors.Is``).

    Errors are the same when they are one object, or values of the same type that compare equal
    (dataclasses of comparable fields).  A method ``is_(target)`` of an error may say yes, too.

    Examples
    --------
    >>> from gosim.std import fmt
    >>> gone = new("gone")
    >>> is_(fmt.errorf("open %q: %w", "a.txt", gone), gone)
    True
    """
    if err is None or target is None:
        return err is target
    comparable = _comparable(target)
    for e in _tree(err):
        if e is target and (comparable or not _is_value(target)):
            return True
        if comparable and type(e) is type(target) and e == target:
            return True
        method = getattr(type(e), "is_", None)
        if callable(method) and method(e, target):
            return True
    return False


def _is_value(v: Any) -> bool:
    """Tell whether `v` stands for a Go struct value, which has no identity."""
    return dataclasses.is_dataclass(v)


def _comparable(v: Any) -> bool:
    """Tell whether Go could compare `v` with ``==``: no slice, map or function inside."""
    if isinstance(v, list | dict | set | bytes | bytearray):
        return False
    if isinstance(v, tuple):
        return all(_comparable(item) for item in v)
    if _is_value(v):
        return all(_comparable(getattr(v, f.name)) for f in dataclasses.fields(v))
    return True


def as_type(err: Any, kind: type[E]) -> tuple[E | None, bool]:
    """Return the first error in `err`'s tree that is a `kind`, and whether there is one.

    Go: ``errors.AsType`` (1.26).  An error's method ``as_(kind)`` may supply the value, too; it
    returns None when it has none.

    Examples
    --------
    >>> as_type(join(new("a"), ValueError("b")), ValueError)
    (ValueError('b'), True)
    """
    if err is not None:
        for e in _tree(err):
            if isinstance(e, kind):
                return e, True
            method = getattr(type(e), "as_", None)
            if callable(method):
                found = method(e, kind)
                if found is not None:
                    return found, True
    return None, False


def as_(err: Any, kind: type[E]) -> E | None:
    """Return the first error in `err`'s tree that is a `kind`, or None.

    Go's ``errors.As`` stores it in a variable and returns true; Python has no pointers to
    variables, so write ``if (e := errors.as_(err, PathError)) is not None:``.
    """
    return as_type(err, kind)[0]


def join(*errs: Any) -> Error | None:
    """Return an error that wraps those of `errs` that are not None; None if all are.

    Examples
    --------
    >>> print(join(new("first"), None, new("second")))
    first
    second
    >>> join(None, None) is None
    True
    """
    given = [err for err in errs if err is not None]
    return JoinError(given) if given else None
