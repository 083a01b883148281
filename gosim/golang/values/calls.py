"""What compiled functions call to start goroutines, to run deferred calls and to recover.

The deferred calls of one function call are a list of (function, arguments), innermost last. The
function runs them itself where it returns (`run`); if a panic passes through it, `unwind` does, and
comes back only when the panic was recovered. A function that calls ``recover`` has a parameter
``.panic`` that only `unwind` fills: so it recovers exactly where Go lets it, in a deferred call,
and not further down. Nothing here reacts to ``GeneratorExit``: what is left of a dead world runs no
more code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from functools import partial
from inspect import CO_COROUTINE, CO_ITERABLE_COROUTINE
from itertools import islice, repeat
from operator import length_hint
from types import CoroutineType, FunctionType, GeneratorType
from typing import Any, Final, NoReturn

from gosim.golang.values.panics import as_panic
from gosim.memory.errors import FatalError
from gosim.runtime import current
from gosim.runtime.errors import GosimError, Limit
from gosim.runtime.forms import operation
from gosim.runtime.g import CLOSED, HALT, PARK, G
from gosim.runtime.panic import GoExit, Panic, ProcessExit, runtime_error
from gosim.runtime.proc import _ending
from gosim.runtime.select import default, select
from gosim.runtime.traceback import unwinder

try:
    import resource
except ImportError:  # in a browser
    resource = None  # type: ignore[assignment]

__all__ = ["HELPERS", "TURNS", "enter", "is_awaitable", "recover", "run", "spin", "unwind"]

_AWAITABLE: Final = (CoroutineType, GeneratorType)
_COROUTINE: Final = CO_COROUTINE | CO_ITERABLE_COROUTINE

#: Exceptions that deferred calls run for; of these, some are none after all (`_fatal`).
PANICS: Final = (Exception, Panic, GoExit)

Calls = list[tuple[Any, tuple[Any, ...]]]


def is_awaitable(x: Any) -> bool:
    """Whether a call has given a coroutine: no Go value is one."""
    return isinstance(x, _AWAITABLE) or hasattr(x, "__await__")


# -- goroutines ------------------------------------------------------------------------------------


def spawn(coro: Any) -> None:
    """Start a goroutine of a call that was made but has not run yet (``go f(x)``)."""
    w: Any = current.world
    if type(coro) is not CoroutineType:
        coro = _whole(coro)
    frame = sys._getframe(1)
    w.spawn(coro, frame.f_code, frame.f_lasti)


def spawn_plain(function: Any, *args: Any) -> None:
    """Start a goroutine of a function that cannot block, or is not known."""
    w: Any = current.world
    coro: Any = _nil_function() if function is None else _plain(function, args)
    frame = sys._getframe(1)
    w.spawn(coro, frame.f_code, frame.f_lasti)


async def _whole(awaitable: Any) -> None:
    if is_awaitable(awaitable):
        await awaitable


async def _plain(function: Any, args: tuple[Any, ...]) -> None:
    result = function(*args)
    if is_awaitable(result):
        await result


@operation
def _nil_function() -> Generator[object, None, None]:
    world: Any = current.world
    world.fatal_text = "go of nil func value"
    yield HALT


# -- deferred calls --------------------------------------------------------------------------------


async def run(calls: Calls) -> None:
    """Run deferred calls where their function returns."""
    while calls:
        function, args = calls.pop()
        result = function(*args)
        if is_awaitable(result):
            await result


def run_plain(calls: Calls) -> None:
    """Run deferred calls that cannot block."""
    while calls:
        function, args = calls.pop()
        function(*args)


def _fatal(error: BaseException) -> bool:
    """Whether no deferred call runs for this exception."""
    return isinstance(error, (RecursionError, GosimError, MemoryError))


def _takes_panic(function: Any) -> bool:
    """Whether a deferred function calls ``recover`` itself."""
    while isinstance(function, partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    return code is not None and ".panic" in code.co_varnames[: code.co_argcount]


def _call(function: Any, args: tuple[Any, ...], panic: Panic | None) -> Any:
    """Call a deferred function; one that recovers gets the panic."""
    if panic is None:
        return function(*args)
    if _takes_panic(function):
        return function(*args, **{".panic": panic})
    plain = getattr(function, "__func__", function)
    code = getattr(plain, "__code__", None)
    if code is None or code.co_name != "<lambda>":
        return function(*args)
    # What stands between an interface and a method is no call of its own for ``recover``.
    for name in code.co_names:
        inner = plain.__globals__.get(name)
        if inner is not None and _takes_panic(inner):
            given = {**plain.__globals__, name: partial(inner, **{".panic": panic})}
            made = FunctionType(code, given, code.co_name, plain.__defaults__, plain.__closure__)
            me = getattr(function, "__self__", None)
            return made(*args) if plain is function else made(me, *args)
    return function(*args)


def _link(panic: Panic, earlier: Panic | None) -> None:
    """Put what was under way when `panic` began behind the end of its chain."""
    if earlier is None or panic is earlier:
        return
    last = panic
    while last.earlier is not None:
        if last.earlier is earlier:
            return
        last = last.earlier
    last.earlier = earlier


@unwinder
async def unwind(calls: Calls, error: BaseException) -> None:
    """Run the deferred calls of a function through which `error` passes; return if recovered."""
    if _fatal(error):
        calls.clear()
        raise error
    exiting = isinstance(error, GoExit)
    panic = None if exiting else as_panic(error)
    while calls:
        function, args = calls.pop()
        try:
            result = _call(function, args, panic)
            if is_awaitable(result):
                await result
        except GoExit:
            exiting, panic = True, None
        except PANICS as later:
            if _fatal(later):
                calls.clear()
                raise
            new = as_panic(later)
            _link(new, panic)
            panic = new
            continue
        if panic is not None and panic.recovered:
            panic = None
    _finish(panic, exiting, error)


@unwinder
def unwind_plain(calls: Calls, error: BaseException) -> None:
    """Do what `unwind` does where no deferred call can block."""
    if _fatal(error):
        calls.clear()
        raise error
    exiting = isinstance(error, GoExit)
    panic = None if exiting else as_panic(error)
    while calls:
        function, args = calls.pop()
        try:
            _call(function, args, panic)
        except GoExit:
            exiting, panic = True, None
        except PANICS as later:
            if _fatal(later):
                calls.clear()
                raise
            new = as_panic(later)
            _link(new, panic)
            panic = new
            continue
        if panic is not None and panic.recovered:
            panic = None
    _finish(panic, exiting, error)


def _finish(panic: Panic | None, exiting: bool, error: BaseException) -> None:
    if panic is not None:
        raise panic
    if exiting:
        raise error if isinstance(error, GoExit) else GoExit


def recover(panic: Panic | None) -> Any:
    """Return the value of the panic that runs here, and stop it; nil if there is none."""
    if panic is None or panic.recovered:
        return None
    panic.recovered = True
    return panic.value


# -- loops -----------------------------------------------------------------------------------------

#: So many turns a loop makes before it is looked at.
TURNS: Final = 100_000
#: So many looks make a time slice: others get their turn, and the clock goes on.
_SLICE_LOOKS: Final = 10
_SLICE_NS: Final = 10_000_000
#: The same for loops with operations, which cost more.
_BUSY_TURNS: Final = 10_000
_BUSY_STEPS: Final = 100
#: A look counts as so many steps of the scheduler's budget.
_STEPS: Final = 1_000


def turns() -> Any:
    """Return something to iterate over for so many turns."""
    return repeat(None, TURNS)


def many_turns() -> Iterator[None]:
    """Go on for ever, counting turns: where a loop cannot be preempted."""
    while True:
        yield from repeat(None, TURNS)
        _looked(current.world)


def _looked(w: Any) -> bool:
    """Count a look at a loop that goes on and on; True when a time slice is over."""
    w.steps += _STEPS
    if w.steps >= w.max_steps:
        raise Limit("steps")
    _weigh(w)
    looks = w.__dict__.get("looks", 0) + 1
    w.__dict__["looks"] = looks
    return bool(looks % _SLICE_LOOKS == 0)


#: KiB that a run may take: a program that grows for ever ends as it would on a small machine.
_MOST_KIB: Final = 4 << 20


def _weigh(w: Any) -> None:
    """End a process that has taken too much memory."""
    if resource is None:
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        peak >>= 10  # bytes there
    if peak - w.__dict__.setdefault("peak_at_first", peak) > _MOST_KIB:
        raise FatalError("runtime: out of memory")


@operation
def spin() -> Generator[object, None, None]:
    """Let others run, now and then, in a loop that goes on and on without any operation."""
    w: Any = current.world
    if _looked(w):
        yield from _preempt(w)


def _preempt(w: Any) -> Generator[object, None, None]:
    """Stop a goroutine that has computed for a time slice."""
    w.pass_time(_SLICE_NS)
    if w.mute:
        # Main has returned, and how long the world lives on is decided between picks.
        w.ready(G(0, _ending(Limit("steps"))))
    w.gosched_prepare(w.g)
    yield PARK


def busy_turns() -> Any:
    """Return something to iterate over for so many turns of a loop that has operations."""
    return repeat(None, _BUSY_TURNS)


def busy_part(it: Any) -> Any:
    """Return the next turns of a loop over a range that has operations."""
    return islice(it, _BUSY_TURNS)


def some_left(it: Any) -> bool:
    """Whether a range is not at its end."""
    return length_hint(it) > 0


@operation
def spin_busy() -> Generator[object, None, None]:
    """Let others run in a loop whose operations have not blocked for many turns."""
    w: Any = current.world
    w.steps += _BUSY_STEPS
    if w.steps >= w.max_steps:
        raise Limit("steps")
    _weigh(w)
    state = w.g.id, _picks(w)
    if w.__dict__.get("busy_state") == state:
        yield from _preempt(w)
        state = w.g.id, _picks(w)
    w.__dict__["busy_state"] = state


def _picks(w: Any) -> int:
    """Return a number that changes whenever the scheduler picks somebody."""
    if w.policy is not None:
        return 0  # under a policy everybody can be overtaken at every operation anyway
    frame: Any = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "_run" and "turns" in frame.f_code.co_varnames:
            variables = frame.f_locals
            left = length_hint(variables["turns"])
            if type(variables) is dict:
                variables.clear()  # up to Python 3.12 a snapshot that would keep things alive
            return int(left)
        frame = frame.f_back
    return 0


def spin_plain() -> None:
    """Count the turns of a loop in a function that cannot be preempted."""
    _looked(current.world)


# -- odds and ends ---------------------------------------------------------------------------------


class _Settled:
    """An awaitable that is done."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> _Settled:
        return self

    __iter__ = __await__

    def __next__(self) -> Any:
        raise StopIteration(self.value)


def settle(x: Any) -> Any:
    """Return what can be awaited, for the result of a call that may have returned at once.

    No coroutine of its own: a lock remembers the frame that waits for the operation.
    """
    return x if is_awaitable(x) else _Settled(x)


def asynchronous(function: Any) -> Any:
    """Return a function that blocks, or may, for one that does not."""

    async def wrapped(*args: Any) -> Any:
        result = function(*args)
        return await result if is_awaitable(result) else result

    return wrapped


async def enter(functions: list[Any]) -> None:
    """Run the initializers, and main."""
    for function in functions:
        result = function()
        if is_awaitable(result):
            await result


_RANGE: Final = {
    1: "range function continued iteration after function for loop body returned false",
    2: "range function continued iteration after loop body panic",
    3: "range function continued iteration after whole loop exit",
    4: "range function recovered a loop body panic and did not resume panicking",
}


def range_wrong(state: int) -> NoReturn:
    """Panic: an iterator calls the body of a loop that is over."""
    raise runtime_error(_RANGE[state])


def each(s: Any) -> Any:
    """Return an iterator over the elements of a slice as they are when it comes to them."""
    n = s.n
    if not n:
        return ()
    a, o = s.a, s.o
    if o == 0:
        return a if n == len(a) and type(a) is bytearray else islice(a, n)
    return map(a.__getitem__, range(o, o + n))


#: By name, as `gosim.golang.values.helpers.HELPERS`.
HELPERS: dict[str, Any] = {
    "CLOSED": CLOSED,
    "Panics": PANICS,
    "ProcessExit": ProcessExit,
    "asynchronous": asynchronous,
    "default": default,
    "each": each,
    "many_turns": many_turns,
    "range_wrong": range_wrong,
    "recover": recover,
    "run": run,
    "run_plain": run_plain,
    "select": select,
    "settle": settle,
    "spawn": spawn,
    "spawn_plain": spawn_plain,
    "busy_part": busy_part,
    "busy_turns": busy_turns,
    "some_left": some_left,
    "spin": spin,
    "spin_busy": spin_busy,
    "spin_plain": spin_plain,
    "turns": turns,
    "unwind": unwind,
    "unwind_plain": unwind_plain,
}
