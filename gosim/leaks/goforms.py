"""How compiled Go writes operations, told as Python programs write them.

The rooms above read the text of a function (`gosim.leaks.bytecode`).  What the compiler makes of
``defer wg.Done()``, ``for v := range ch`` or a select is turned here into what the same thing looks
like in a Python program: ``defer(wg.done)``, a range over ``ch``, ``recv(ch)``.
"""

from __future__ import annotations

import keyword
import re
from typing import Any, Final, overload

from gosim.leaks.messages import spoken

Expr = tuple[Any, ...] | None

_METHOD: Final = re.compile(r"(?:sync|time|context|golang\.org/x/sync/\w+)\.\(\*\w+\)\.(\w+)")
_CASES: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS: Final = {
    "RLock": "rlock",
    "RUnlock": "runlock",
    "TryRLock": "try_rlock",
    "RLocker": "rlocker",
}
_INSIDE: Final = re.compile(r"\.a(?=\[…\])|\.d(?=\[)|\.v(?=$|\.|\[)")
_IDENTIFIER: Final = re.compile(r"\b([a-z]+)_(?=$|\.|\[)")
_KEEPS: Final = {"go:chan_len": "len", "go:chan_cap": "cap"}


def snake(name: str) -> str:
    """Return the Python spelling of a Go name.

    Examples
    --------
    >>> snake("WithCancelCause"), snake("RUnlock"), snake("TryLock")
    ('with_cancel_cause', 'runlock', 'try_lock')
    """
    return _WORDS.get(name) or _CASES.sub("_", name).lower()


def made_by(name: str) -> str:
    """Return the name of a function that makes something, without its package.

    Examples
    --------
    >>> made_by("context.WithTimeout"), made_by("class:sync.Mutex"), made_by("with_timeout")
    ('with_timeout', 'Mutex', 'with_timeout')
    """
    place, dot, last = name.rpartition(".")
    if not dot:
        return name
    return last if place.startswith(("class:", "zero:")) else snake(last)


def is_container(value: object) -> bool:
    """Whether a value is a map or slice of Go, which has no other name than what is inside it."""
    return any(
        cls.__name__ in ("Map", "Slice") and cls.__module__.startswith("gosim.golang.values.")
        for cls in type(value).__mro__
    )


@overload
def as_written(name: str) -> str: ...
@overload
def as_written(name: str | None) -> str | None: ...
def as_written(name: str | None) -> str | None:
    """Return a variable as the program writes it, for a program in Go.

    Nothing changes in one in Python.

    Examples
    --------
    >>> from gosim.leaks.messages import about
    >>> with about("go"):
    ...     as_written("main.queues.a[…]"), as_written("class_.mu"), as_written("p.v")
    ('queues[…]', 'class.mu', 'p')
    >>> as_written("main.jobs")
    'main.jobs'
    """
    if name is None or spoken() != "go":
        return name
    text = _INSIDE.sub("", name.removeprefix("main."))
    return _IDENTIFIER.sub(lambda m: m[1] if keyword.iskeyword(m[1]) else m[0], text)


def operation(callee: Expr, args: tuple[Expr, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """Return a call of a library method as a call of the receiver's attribute."""
    if callee is None or callee[0] != "global":
        return callee, args
    name = callee[1]
    if name in _KEEPS:
        return ("global", _KEEPS[name]), args
    method = _METHOD.fullmatch(name)
    if method is None or not args:
        return callee, args
    return ("attr", args[0], snake(method[1])), args[1:]


def is_range(callee: Expr, args: tuple[Expr, ...]) -> bool:
    """Whether a call receives for ``for v := range ch``."""
    return (
        callee is not None
        and callee[0] == "attr"
        and callee[2] == "recv"
        and args == (("global", "go:CLOSED"),)
    )


def cases(callee: Expr, args: tuple[Expr, ...]) -> list[tuple[Expr, Expr]]:
    """Return the cases of a select: ``send`` or ``recv``, and the channel."""
    if callee != ("global", "go:select"):
        return []
    found: list[tuple[Expr, Expr]] = []
    for arg in args:
        if arg is not None and arg[0] == "coll":
            found.append((("global", "send"), arg[2][0]))
        else:
            found.append((("global", "recv"), arg))
    return found


def deferred(callee: Expr, args: tuple[Expr, ...]) -> tuple[Expr, ...] | None:
    """Return what a defer statement was given: the function and its arguments."""
    if callee != ("attr", ("name", ".d"), "append") or len(args) != 1:
        return None
    entry = args[0]
    if entry is None or entry[0] != "coll" or len(entry[2]) != 2:
        return None
    function, given = entry[2]
    values = given[2] if given is not None and given[0] == "coll" else ()
    return (*operation(function, values)[:1], *operation(function, values)[1])
