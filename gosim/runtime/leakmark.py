"""Which blocked goroutines nobody can release any more (Go: the leak profile's part of ``mgc.go``).

Go's ``goroutineleak`` profile is a collection that starts without the goroutines blocked on a
channel, a ``select`` or a lock.  It marks from all others, from globals and from pending timers.
A blocked goroutine joins when something it waits on was marked: somebody who can still reach the
channel might use it.  Then its stack is marked too, and so on until nothing changes.  Whoever did
not join is leaked.

This is the same fix-point over Python objects.  An edge is what a Python program could follow:

- containers, instances, closures, bound methods, ... : ``gc.get_referents``;
- a suspended frame: what it may still use (`gosim.runtime.roots`), not what it has in scope;
- a function: closure, defaults, attributes, but not the module's globals, which are roots once;
- a class: its attributes and bases if the user wrote it;
- an object with ``__gosim_referents__()``: what that yields.  A channel yields its buffer and not
  the goroutines queued on it: being waited on makes nobody reachable;
- modules, weak references, frame objects, tracebacks, goroutines and the world itself: nothing.

Invariant: a goroutine is live or an object marked only if a chain of such edges leads there from a
root or from a goroutine that was live in an earlier round.
"""

from __future__ import annotations

import gc
import sys
import types
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gosim.memory.collector import HOOK, NOTHING, OBJECT, PLAIN, SPECIAL, Collector, Edges
from gosim.memory.object import Object
from gosim.runtime.chan import NilChan
from gosim.runtime.g import G, Select
from gosim.runtime.roots import RootsUnknown, live_referents, precise_supported, unproved_frames

__all__ = ["MarkResult", "GoEdges", "held_by", "mark", "module_roots", "reachable", "waits_on"]

_FRAME, _FUNCTION, _CLASS, _SELECT = range(SPECIAL, SPECIAL + 4)

_ATOMS: Final[frozenset[type]] = frozenset(
    {
        bool,
        bytes,
        complex,
        float,
        int,
        range,
        str,
        type(None),
        type(...),
        type(NotImplemented),
        types.CodeType,
        types.ModuleType,
        types.FrameType,
        types.TracebackType,
    }
)
"""Types whose objects lead nowhere; such objects are never recorded as marked."""

_KINDS: Final[dict[type, int]] = {
    **dict.fromkeys(_ATOMS, NOTHING),
    list: PLAIN,
    dict: PLAIN,
    tuple: PLAIN,
    set: PLAIN,
    types.CellType: PLAIN,
    types.MethodType: PLAIN,
    types.FunctionType: _FUNCTION,
    types.CoroutineType: _FRAME,
    types.GeneratorType: _FRAME,
    types.AsyncGeneratorType: _FRAME,
    type: _CLASS,
    G: NOTHING,
    Select: _SELECT,
}

_WORLDS: Final = {"gosim.runtime.proc", "gosim.runtime.mgc", "gosim.memory.heap"}
"""Modules whose objects lead everywhere: a world, its memory, a heap with all it has allocated."""

_MODULE_NOISE: Final = {
    "__annotations__",
    "__builtins__",
    "__cached__",
    "__doc__",
    "__file__",
    "__loader__",
    "__name__",
    "__package__",
    "__path__",
    "__spec__",
}


def _belongs_to_us(module: object) -> bool:
    return isinstance(module, str) and (module == "gosim" or module.startswith("gosim."))


def _user_class(cls: type) -> bool:
    """Whether a class can have attributes a user's program wrote."""
    if not cls.__flags__ & (1 << 9):  # Py_TPFLAGS_HEAPTYPE: made by a class statement
        return False
    module = cls.__module__
    if _belongs_to_us(module):
        return False
    if isinstance(module, str) and module.partition(".")[0] in sys.stdlib_module_names:
        # A student's file may be called queue.py: only the real one's classes are the library's.
        home = getattr(sys.modules.get(module), cls.__qualname__.partition(".")[0], None)
        return home is None
    return True


class GoEdges(Edges):
    """What the objects of a Python program refer to, as the head of this module says.

    Attributes
    ----------
    unknown : list
        Running coroutines that were reached: their references cannot be known.
    """

    def __init__(self) -> None:
        super().__init__(_ATOMS, _KINDS)
        self.unknown: list[object] = []

    def classify(self, kind: type) -> int:
        """Return how objects of a type met for the first time are looked into."""
        if issubclass(kind, Object):
            return OBJECT
        if hasattr(kind, "__gosim_referents__"):
            return NOTHING if issubclass(kind, type) else HOOK
        if issubclass(kind, type):
            return _CLASS
        if issubclass(kind, weakref.ref | types.ModuleType | G):
            return NOTHING
        if kind.__module__ in _WORLDS:
            return NOTHING  # the world leads everywhere and releases nobody
        return PLAIN

    def special(self, obj: Any, kind: int) -> Iterable[object]:
        """Return what a frame, a function, a class or a select refers to."""
        if kind == _FRAME:
            try:
                return live_referents(obj)
            except RootsUnknown:
                self.unknown.append(obj)
                return gc.get_referents(obj)
        if kind == _FUNCTION:
            skip = obj.__globals__, obj.__builtins__
            return [x for x in gc.get_referents(obj) if x is not skip[0] and x is not skip[1]]
        if kind == _SELECT:
            return _of_select(obj)
        if _user_class(obj):
            return [*vars(obj).values(), *obj.__bases__]
        return ()


def _of_select(select: Select) -> list[object]:
    """What a goroutine blocked in a select holds by it: channels, and values it wants to send."""
    return [x for ch, _, value in select.parts() for x in (ch, value)]


def waits_on(g: Any) -> tuple[object, ...] | None:
    """Return the objects that can release a goroutine, by its ``waiting``; None if it is live.

    A nil channel and a ``select`` without live cases release nobody: the result is empty.
    """
    waiting = g.waiting
    if waiting is None:
        return None
    if isinstance(waiting, Select):
        return tuple(ch for ch, _, _ in waiting.parts())
    if isinstance(waiting, tuple | list):
        return tuple(x for x in waiting if not isinstance(x, NilChan))
    if isinstance(waiting, NilChan):
        return ()
    if any(base.__module__.startswith("simpy.") for base in type(waiting).__mro__):
        return None  # an event of the model outside: not a thing Go could call leaked
    return (waiting,)


@dataclass
class MarkResult:
    """What `mark` found.  True of the moment it was made; ask before the world goes on.

    Attributes
    ----------
    live, leaked
        The goroutines, in the order given to `mark`.
    rounds
        The goroutines that became live in each round; the first holds those that were not blocked.
    precise : bool
        Every frame was scanned precisely.  If not, more may be live here than can really run; what
        is in `leaked` is leaked all the same.
    unknown : list
        Running coroutines that were reached: their references cannot be known.  Then every
        goroutine counts as live, the last round holds those that nothing was found to reach.
    """

    live: list[Any]
    leaked: list[Any]
    rounds: list[list[Any]]
    precise: bool
    unknown: list[object]
    _marked: set[int] = field(repr=False)
    _live: set[int] = field(repr=False)
    _parents: dict[int, object] | None = field(repr=False)
    _names: dict[int, str] = field(repr=False)
    _roots: dict[int, object] = field(repr=False)

    def marked(self, obj: object) -> bool:
        """Whether `obj` was reached; for a goroutine, whether it is live.

        Numbers, strings and other objects that lead nowhere are not recorded: False.
        """
        return id(obj) in self._marked or id(obj) in self._live

    def path_to(self, obj: object) -> list[object]:
        """Return a shortest chain root, ..., `obj` that keeps it reachable; [] if nothing does.

        The root is a live goroutine or one of the roots given (see `root_name`).

        Raises
        ------
        ValueError
            `mark` was not asked to record paths.
        """
        if self._parents is None:
            raise ValueError("call mark(..., paths=True) to have paths recorded")
        if id(obj) not in self._parents:
            return [obj] if id(obj) in self._live else []
        chain = [obj]
        while (parent := self._parents.get(id(chain[-1]))) is not None:
            chain.append(parent)
        return chain[::-1]

    @property
    def reached(self) -> set[int]:
        """Identities of what was reached; goroutines are in `live`."""
        return self._marked

    def roots(self) -> list[tuple[object, str]]:
        """Return the roots that were given names, each with the first that it got."""
        return [(self._roots[identity], name) for identity, name in self._names.items()]

    def root_name(self, obj: object) -> str | None:
        """Return the name under which `obj` was given as a root, None if it was not."""
        return self._names.get(id(obj))


def mark(
    goroutines: Iterable[Any],
    roots: Iterable[object] | Mapping[str, object] = (),
    *,
    wakeable: Callable[[Any], Iterable[object] | None] = waits_on,
    runnable: Collection[Any] = (),
    paths: bool = False,
) -> MarkResult:
    """Find the goroutines that nothing live can release.

    Parameters
    ----------
    goroutines
        All that are alive, each with ``coro`` and ``waiting``; a value in transit in ``elem`` is
        followed too.  The order of the results is theirs.
    roots
        Globals (`module_roots`) and pending timers; a mapping gives them names.
    wakeable
        ``wakeable(g)`` is what can release `g`, None if it is not blocked on anything that can be
        leaked (it runs, is runnable, sleeps, waits for the outside world).
    runnable
        Goroutines that are running or runnable, whatever their ``waiting`` still says.
    paths
        Record how each object was reached, for `MarkResult.path_to`.

    Notes
    -----
    Call it while every goroutine is suspended.  Time and memory grow with the objects reached; no
    recursion.  Go: ``findGoroutineLeaks`` and ``gcDiscoverMoreStackRoots`` in ``mgc.go``.
    """
    everyone = list(goroutines)
    running = {id(g) for g in runnable}
    edges = GoEdges()
    marker = Collector(edges, [id(g) for g in everyone], paths=paths)
    watchers: dict[int, list[int]] = {}
    for number, g in enumerate(everyone):
        needs = None if id(g) in running else wakeable(g)
        if needs is None:
            running.add(id(g))
            continue
        for obj in needs:
            watchers.setdefault(id(obj), []).append(number)

    names: dict[int, str] = {}
    named: dict[int, object] = {}
    if isinstance(roots, Mapping):
        for name, obj in roots.items():
            names.setdefault(id(obj), name)
            named[id(obj)] = obj
        roots = roots.values()
    marker.add(roots)
    live: set[int] = set()
    rounds: list[list[Any]] = []
    joined = [g for g in everyone if id(g) in running]
    seen = 0
    # Marking makes a frame object for every goroutine and no garbage: Python's collector would
    # look at all of them again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        while joined or not rounds:
            rounds.append(joined)
            for g in joined:
                live.add(id(g))
                marker.add(held_by(g), g)
            marker.drain()
            woken: set[int] = set()
            if watchers:
                for obj in marker.queue[seen:]:
                    numbers = watchers.pop(id(obj), None)
                    if numbers is not None:
                        woken.update(numbers)
            seen = len(marker.queue)
            joined = [everyone[k] for k in sorted(woken) if id(everyone[k]) not in live]
    finally:
        if collecting:
            gc.enable()

    if edges.unknown:
        rest = [g for g in everyone if id(g) not in live]
        if rest:
            rounds.append(rest)
            live.update(id(g) for g in rest)
    return MarkResult(
        live=[g for g in everyone if id(g) in live],
        leaked=[g for g in everyone if id(g) not in live],
        rounds=rounds,
        precise=precise_supported() and not edges.unknown and not unproved_frames(),
        unknown=edges.unknown,
        _marked=marker.marked,
        _live=live,
        _parents=marker.parents,
        _names=names,
        _roots=named,
    )


def sends_beside(g: Any) -> bool:
    """Whether a blocked goroutine sends from the block of memory that leads to the channel.

    Go's profile takes that for reachable (`gosim.runtime.chan.Chan.send_beside`).
    """
    awaitable = g.coro
    while awaitable is not None:
        inner = getattr(awaitable, "cr_await", None) or getattr(awaitable, "gi_yieldfrom", None)
        code = getattr(awaitable, "gi_code", None)
        if code is not None and code.co_name == "send_beside":
            return True
        awaitable = inner
    return False


def held_by(g: Any) -> list[object]:
    """What a live goroutine holds: its frames, and a value or select that is in transit."""
    held = [g.coro] if g.coro is not None else []
    elem = getattr(g, "elem", None)
    if elem is not None:
        held.append(elem)
    if isinstance(g.waiting, Select):
        held.append(g.waiting)
    return held


def reachable(objects: Iterable[object], stop: Iterable[object] = ()) -> list[object]:
    """Return what can be reached from `objects` (them included) without passing through `stop`.

    The edges are those of `mark`; goroutines are not passed.  Numbers, strings and the like are
    left out.  The order is breadth first.

    Raises
    ------
    RootsUnknown
        A running frame was reached.
    """
    edges = GoEdges()
    marker = Collector(edges, [id(x) for x in stop])
    marker.add(objects)
    marker.drain()
    if edges.unknown:
        raise RootsUnknown(f"{edges.unknown[0]!r} is running")
    return marker.queue


def module_roots(namespace: Mapping[str, Any]) -> dict[str, object]:
    """Return the global variables of a user's module that can keep something alive, by name.

    Imported modules, everything that is gosim's or the standard library's own (functions, classes)
    and values that lead nowhere are left out.  A class or function of the user is a root: its
    attributes, its closure and its defaults are as global as a variable.
    """
    found: dict[str, object] = {}
    for name, value in namespace.items():
        if name in _MODULE_NOISE or type(value) in _ATOMS:
            continue
        if isinstance(value, types.ModuleType | types.BuiltinFunctionType):
            continue
        if isinstance(value, type):
            if not _user_class(value):
                continue
        elif isinstance(value, types.FunctionType) and _belongs_to_us(value.__module__):
            continue
        found[name] = value
    return found
