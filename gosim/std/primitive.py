"""What the objects of ``sync``, ``atomic``, ``errgroup`` and ``semaphore`` share."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from types import CodeType, TracebackType
from typing import Any, ClassVar, Protocol

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op, in_form, operation
from gosim.runtime.g import G
from gosim.runtime.panic import Panic, caller_line
from gosim.runtime.proc import World
from gosim.runtime.traceback import is_runtime_file, line_of


class Locker(Protocol):
    """Anything with awaitable ``lock`` and ``unlock``."""

    def lock(self) -> Any:
        """Lock it."""

    def unlock(self) -> Any:
        """Unlock it."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One goroutine's hold on a lock.

    Attributes
    ----------
    g
        The goroutine that took it; it may be gone by now.
    role
        ``"holder"`` (a mutex), ``"writer"``, ``"reader"``, or ``"pending writer"``: a writer that
        waits for readers to leave and keeps new ones out.
    code, lasti
        Where it was taken: a code object and the offset of the instruction in it.
    """

    g: G
    role: str
    code: CodeType
    lasti: int

    @property
    def line(self) -> int:
        """The source line where it was taken."""
        return line_of(self.code, self.lasti)


def held(g: G, role: str, code: CodeType, lasti: int) -> Hold:
    """Return a hold; one taken by a goroutine that is nothing but the operation (``go(mu.lock)``)
    was taken at its go statement.
    """
    if g.go_code is not None and is_runtime_file(code.co_filename):
        code, lasti = g.go_code, g.go_lasti
    return Hold(g, role, code, lasti)


class Primitive:
    """An object of a world that remembers where it was made."""

    __slots__ = ("__weakref__", "made_code", "made_lasti", "world")

    package: ClassVar[str] = "sync"
    Fast: ClassVar[type]
    world: World
    made_code: CodeType
    made_lasti: int

    def __new__(cls, *args: object, **kwargs: object) -> Any:
        w = current_world(f"{cls.package}.{cls.__name__}()")
        self = object.__new__(in_form(cls, w))
        self.world = w
        frame = sys._getframe(1)
        code = frame.f_code
        if code.co_filename == "<string>" and code.co_name == "__init__" and frame.f_back:
            frame = frame.f_back  # the __init__ that @dataclass generates
        self.made_code = frame.f_code
        self.made_lasti = frame.f_lasti
        if w.policy is not None:
            w.policy.made(self)
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self.__copy__()

    def __copy__(self) -> Any:
        raise NotImplementedError

    def made_like(self, other: Primitive) -> None:
        """Be seen as made where `other` was."""
        self.made_code, self.made_lasti = other.made_code, other.made_lasti

    def __gosim_referents__(self) -> Iterable[object]:
        """What Go's collector would reach from here: never the waiters, never the holder."""
        return ()

    def __repr__(self) -> str:
        return f"{self.package}.{type(self).__name__}"


class Scoped:
    """Locking for the length of an ``async with`` block."""

    __slots__ = ()

    def lock(self) -> Any:
        """Lock it."""
        raise NotImplementedError

    def unlock(self) -> Any:
        """Unlock it."""
        raise NotImplementedError

    def held_at(self, g: G, code: CodeType, lasti: int) -> None:
        """Say where `g` locked it, when it was locked on its behalf (``Cond.wait``)."""

    def __enter__(self) -> Any:
        text = "a lock is held with `async with`, because locking may wait"
        raise UsageError(text, *caller_line())

    def __exit__(self, *_: object) -> None:
        """Be a context manager, for the error of ``__enter__``."""

    def __aenter__(self) -> Any:
        return self.lock()

    def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> Any:
        # GeneratorExit: the world is over and its coroutines are being closed.
        return self.unlock() if kind is not GeneratorExit else _nothing()


class Lock(Scoped, Primitive):
    """A lock that knows who holds it."""

    __slots__ = ()

    def holders(self) -> tuple[Hold, ...]:
        """Who holds it."""
        raise NotImplementedError

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation of this kind would have to wait now, else None.

        For policies that pick a goroutine only when the operation it announced can go on.
        """
        raise NotImplementedError


@operation
def _nothing() -> Op:
    return
    yield


def repanic(panic: Panic) -> Panic:
    """Recover from ``panic`` and panic again with its value, as Go code does in a deferred call."""
    panic.recovered = True
    again = Panic(panic.value)
    again.earlier = panic
    return again
