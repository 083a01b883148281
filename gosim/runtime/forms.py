"""One body per operation, in two forms.

An operation is written once, in its *full* form: it announces itself to an exploring policy and
tells observers what it did, in blocks marked ``if OBSERVED:``.  A plain run needs none of that, so
``@two_forms`` derives the *fast* form of a class mechanically: the same source with every
``if OBSERVED:`` block folded away, compiled once at import with the line numbers of the original.
A world picks its form when it is made (``World.full``) and never tests again.

A world whose memory is simulated has work to do between two goroutines and when the clock moves;
the blocks for that are marked ``if MEMORY`` and are folded away in the fast form.  Only the class
``World`` has them, and a third form, ``Counted``, with these and without the others.

Considered and put aside: testing a flag in each operation (every channel operation would pay), and
two hand-written bodies (they drift apart).
"""

from __future__ import annotations

import marshal
import os
import sys
import types
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

OBSERVED: Final = True
"""True in the full form; the fast form is compiled as if it were False."""
MEMORY: Final = True
"""True in the full and in the counted form."""

_FORMS: Final = {
    "Fast": {"OBSERVED": False, "MEMORY": False},
    "Counted": {"OBSERVED": False, "MEMORY": True},
}

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)

Op = Generator[object, None, Any]
"""The body of an operation: a generator that yields only when the goroutine must stop."""

if TYPE_CHECKING:

    class Operation(Generator[object, None, R], Awaitable[R]):
        """What an operation is for its caller: programs await it, the runtime yields from it."""


operation_codes: set[types.CodeType] = set()
"""Code objects of all operations: how an operation that nobody awaited is recognised."""


def operation(function: Callable[P, Generator[object, None, R]]) -> Callable[P, Operation[R]]:
    """Make a generator function awaitable from ``async def`` code and register it."""
    made: Any = types.coroutine(function)
    operation_codes.add(made.__code__)
    return made  # type: ignore[no-any-return]


def two_forms(cls: C) -> C:
    """Give a class its fast form: ``cls.Fast``, a subclass without the ``if OBSERVED:`` blocks.

    Methods that have no such block are inherited, so the fast class holds only what differs.
    """
    return _with_form(cls, "Fast")


def three_forms(cls: C) -> C:
    """Give a class its fast form, and ``cls.Counted``, which keeps the ``if MEMORY:`` blocks."""
    return _with_form(_with_form(cls, "Fast"), "Counted")


def _with_form(cls: C, form: str) -> C:
    module = sys.modules[cls.__module__]
    code = _code_of(module, cls.__name__, form)
    local: dict[str, Any] = {}
    scope = module.__dict__
    scope["_full"] = cls
    try:
        exec(code, scope, local)
    finally:
        del scope["_full"]
    made = local[cls.__name__]
    made.__module__ = cls.__module__
    setattr(cls, form, made)
    return cls


def _code_of(module: types.ModuleType, name: str, form: str) -> types.CodeType:
    """Return the code that makes a form, from beside the ``.pyc`` files where it is kept.

    Folding and compiling would be a third of the start-up of ``gosim run``.
    """
    from gosim.runtime import fold

    values = _FORMS[form]
    file = module.__file__ or ""
    try:
        stat = os.stat(file)
    except OSError:  # imported from an archive
        return fold.compile_form(module, name, values)
    key = b"%d %d %d %d " % (sys.hexversion, fold.VERSION, stat.st_mtime_ns, stat.st_size)
    folder, base = os.path.split(file)
    kept = os.path.join(
        folder,
        "__pycache__",
        f"{base[:-3]}.{sys.implementation.cache_tag}.{form.lower()}-{name}",
    )
    try:
        with open(kept, "rb") as f:
            data = f.read()
        if data.startswith(key):
            code = marshal.loads(data[len(key) :])
            if isinstance(code, types.CodeType):
                return code
    except (OSError, EOFError, ValueError, TypeError):
        pass
    code = fold.compile_form(module, name, values)
    if not sys.dont_write_bytecode and sys.pycache_prefix is None:
        try:
            partial = f"{kept}.{os.getpid()}"
            with open(partial, "wb") as f:
                f.write(key + marshal.dumps(code))
            os.replace(partial, kept)
        except OSError:
            pass  # not ours to write: it is folded again next time
    return code


def in_form(cls: Any, world: Any) -> Any:
    """Return the form of `cls` that `world` uses; for the ``__new__`` of a two-form class."""
    if not world.full:
        cls = cls.__dict__.get("Fast", cls)
    if world.complaints is not None:
        from gosim.runtime.tracked import tracked_form

        return tracked_form(cls)
    return cls


def invoke(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Generator[Any, None, Any]:
    """Call a user's function that may be plain or a coroutine function; use with ``yield from``."""
    result = function(*args, **kwargs)
    if isinstance(result, types.GeneratorType | Awaitable):
        return (yield from _wait_for(result))
    return result


@types.coroutine
def _wait_for(awaitable: Any) -> Generator[Any, None, Any]:
    return (yield from (awaitable if hasattr(awaitable, "send") else awaitable.__await__()))
