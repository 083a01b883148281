"""Tri-colour marking: one machine for the collector and for the proof of leaks (Go: ``mgcmark.go``,
``mbarrier.go``).

White objects were not reached, grey ones were reached and not yet looked into, black ones were
looked into. Marking makes grey objects black and the white ones they refer to grey, until no grey
one is left; what is white then is garbage.

The program may run between two steps, and can hide an object from the collector: it stores the one
reference to a white object in a black one and deletes it where it came from. Against that stands
Go's write barrier, `Collector.barrier`: while marking is on, every store of a pointer into a value
of gosim.memory makes grey what is overwritten and what is written. Stores into Python's own
containers cannot be intercepted. Those that were reached are looked into again when marking ends
(`Collector.terminate`), with the world stopped, as Go did with stacks before 1.8; frames of
goroutines count among them. Objects made while marking is on are black from the start.

Invariants
----------
- An object is in ``marked`` if and only if it is not white. Whatever is marked is kept alive by
  ``queue`` or ``born``, so that no identity is used twice in a cycle.
- ``queue[:done]`` is black, ``queue[done:]`` grey.
- With the barrier on, what a black object on the heap refers to is not white; after
  `terminate` that holds for every black object, whatever it is and wherever it lies.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, Protocol

from gosim.memory.object import Object, Part

__all__ = [
    "ALLOCATED",
    "ATOMS",
    "HOOK",
    "NOTHING",
    "OBJECT",
    "OVERWRITTEN",
    "PLAIN",
    "REFERENCE",
    "RESCANNED",
    "ROOT",
    "SPECIAL",
    "WRITTEN",
    "Collector",
    "Edges",
    "Watcher",
]

PLAIN, NOTHING, HOOK, OBJECT, SPECIAL = range(5)
"""How an object is looked into: ``gc.get_referents``; not at all; ``__gosim_referents__()``; the
same for values of gosim.memory, whose stores pass the barrier; from `SPECIAL` on by
`Edges.special`."""

ROOT: Final = "root"
REFERENCE: Final = "reference"
OVERWRITTEN: Final = "overwritten"
WRITTEN: Final = "written"
RESCANNED: Final = "found when marking ended"
ALLOCATED: Final = "allocated"
"""Why an object is not white any more: a root, referred to by a grey object, shaded by the barrier
because a pointer to it was overwritten or written, referred to by a Python container or frame that
has changed since it was looked into, made while marking was on (that one is black at once)."""

ATOMS: Final[frozenset[type]] = frozenset(
    {bool, bytearray, bytes, complex, float, int, range, str, type(None), type(...)}
)
"""Types whose objects lead nowhere; such objects are never recorded as marked."""


class Edges:
    """What objects refer to: the edges of the graph that is marked.

    This one knows Python's containers and gosim.memory; a subclass adds frames, functions, ….

    Attributes
    ----------
    atoms : frozenset of type
        Their objects lead nowhere.
    kinds : dict
        How the objects of a type are looked into, filled by `classify` as types turn up.
    """

    def __init__(
        self, atoms: frozenset[type] = ATOMS, kinds: Mapping[type, int] | None = None
    ) -> None:
        self.atoms = atoms
        self.kinds: dict[type, int] = dict(kinds or {})

    def classify(self, kind: type) -> int:
        """Return how objects of a type met for the first time are looked into."""
        if issubclass(kind, type):
            return NOTHING  # runs no code and holds no data of a program made of such values
        if issubclass(kind, Object):
            return OBJECT
        if issubclass(kind, Part):
            return NOTHING
        return HOOK if hasattr(kind, "__gosim_referents__") else PLAIN

    def special(self, obj: Any, kind: int) -> Iterable[object]:
        """Return what an object of a kind from `SPECIAL` on refers to."""
        raise NotImplementedError

    def kind_of(self, obj: object) -> int:
        """Return how `obj` is looked into."""
        cls = type(obj)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kinds[cls] = self.classify(cls)
        return kind

    def referents(self, obj: Any) -> Iterable[object]:
        """Return what `obj` refers to, atoms included."""
        kind = self.kind_of(obj)
        if kind == PLAIN:
            return gc.get_referents(obj)
        if kind == NOTHING or type(obj) in self.atoms:
            return ()
        if kind <= OBJECT:
            return obj.__gosim_referents__()  # type: ignore[no-any-return]
        return self.special(obj, kind)


class Watcher(Protocol):
    """Who is told of every change of colour."""

    def grey(self, obj: object, why: str, by: object) -> None:
        """`obj` is grey now; `by` refers to it (None for a root and for the barrier)."""

    def black(self, obj: object) -> None:
        """`obj` is black now. One allocated while marking never was grey."""


class Collector:
    """The marking of one collection.

    Parameters
    ----------
    edges : Edges
        What objects refer to.
    barred : iterable of int
        Identities of objects that are never marked or passed.
    paths : bool
        Record how each object was reached.
    watcher : Watcher, optional
        Is told of every change of colour. Without one nothing is paid for that.
    barrier : bool
        False switches the write barrier off, to show what it is good for.

    Attributes
    ----------
    marked : set of int
        Identities of the objects that are not white.
    queue : list
        The objects reached, in order (breadth first, so that chains are short).
    done : int
        So many of them are black.
    born : list
        The objects made while marking was on.
    parents : dict or None
        By identity, the object that led to it; None for roots.

    Examples
    --------
    >>> from gosim.memory.heap import Block
    >>> a, b = Block(), Block()
    >>> a.refs = [b]
    >>> c = Collector(Edges())
    >>> c.begin([a])
    >>> c.colour(a), c.colour(b)
    ('grey', 'white')
    >>> c.step(1)
    False
    >>> c.colour(a), c.colour(b)
    ('black', 'grey')
    """

    def __init__(
        self,
        edges: Edges,
        barred: Iterable[int] = (),
        *,
        paths: bool = False,
        watcher: Watcher | None = None,
        barrier: bool = True,
    ) -> None:
        self.edges = edges
        self.barred = frozenset(barred)
        self.watcher = watcher
        self.barrier_on = barrier
        self.marked: set[int] = set()
        self.queue: list[object] = []
        self.done = 0
        self.born: list[object] = []
        self.parents: dict[int, object] | None = {} if paths else None

    # -- from white to grey -----------------------------------------------------------------------

    def begin(self, roots: Iterable[object]) -> None:
        """Make the roots grey."""
        self.add(roots)

    def add(self, objects: Iterable[object], by: object = None, why: str = ROOT) -> None:
        """Make `objects` grey, those of them that are white; `by` leads to them."""
        atoms, marked, barred = self.edges.atoms, self.marked, self.barred
        for obj in objects:
            if type(obj) in atoms:
                continue
            identity = id(obj)
            if identity not in marked and identity not in barred:
                marked.add(identity)
                self.queue.append(obj)
                if self.parents is not None:
                    self.parents[identity] = by
                if self.watcher is not None:
                    self.watcher.grey(obj, why, by)

    def shade(self, obj: object, why: str) -> None:
        """Make one object grey if it is white (Go: ``shade``)."""
        self.add((obj,), None, why)

    def barrier(self, old: object, new: object) -> None:
        """Say that a pointer to `old` is being overwritten by one to `new`.

        Go's hybrid barrier: what is overwritten may have been read before and be known only to a
        frame by now; what is written may be stored in a black object. Both become grey.
        """
        if self.barrier_on:
            self.add((old,), None, OVERWRITTEN)
            self.add((new,), None, WRITTEN)

    def allocated_black(self, obj: object) -> None:
        """Say that `obj` was made while marking is on: it is black and survives this cycle.

        Its first contents do not pass the barrier; they are looked into when marking ends.
        """
        identity = id(obj)
        if identity not in self.marked:
            self.marked.add(identity)
            self.born.append(obj)
            if self.watcher is not None:
                self.watcher.black(obj)

    # -- from grey to black -----------------------------------------------------------------------

    def step(self, work: int) -> bool:
        """Look into up to `work` grey objects; return whether no grey one is left."""
        self._work(self._grey(work))
        self.done = min(self.done + work, len(self.queue))
        return self.done == len(self.queue)

    def drain(self) -> None:
        """Look into grey objects until none is left."""
        self._work(self._grey(None))
        self.done = len(self.queue)

    def terminate(self, roots: Iterable[object]) -> None:
        """End the marking, with the world stopped: find what the barrier cannot see.

        Looks again at the roots as they are now, and into every frame and Python container that was
        reached (values of gosim.memory that lie in variables instead of on the heap are parts of
        frames), and into the objects made meanwhile; then drains. Marking that was never
        interrupted does not need it: `drain` is its end.
        """
        self.drain()
        kind_of = self.edges.kind_of
        again = []
        for obj in self.queue:
            kind = kind_of(obj)
            if kind == OBJECT:
                if not getattr(obj, "allocated", 0):
                    again.append(obj)
            elif kind != NOTHING:
                again.append(obj)
        self.add(roots)
        self._work(iter([*again, *self.born]), RESCANNED)
        self.drain()

    def _grey(self, limit: int | None) -> Iterator[object]:
        """Iterate over the grey objects, those included that turn grey meanwhile."""
        # A list's iterator follows a list that grows, and is faster than counting.
        grey = iter(self.queue)
        grey.__setstate__(self.done)  # type: ignore[attr-defined]
        return grey if limit is None else islice(grey, limit)

    def _work(self, grey: Iterator[object], why: str = REFERENCE) -> None:
        if self.watcher is None:
            self._scan(grey)
        else:
            self._scan_told(grey, why, self.watcher)

    def _scan(self, grey: Iterator[object]) -> None:
        """Mark what each object of `grey` refers to."""
        edges = self.edges
        queue, marked, barred, parents = self.queue, self.marked, self.barred, self.parents
        atoms, kinds = edges.atoms, edges.kinds
        get_referents: Callable[..., Collection[object]] = gc.get_referents
        obj: Any
        for obj in grey:
            cls = type(obj)
            kind = kinds.get(cls)
            if kind is None:
                kind = kinds[cls] = edges.classify(cls)
            if kind == PLAIN:
                children: Iterable[object] = get_referents(obj)
            elif kind == NOTHING:
                continue
            elif kind <= OBJECT:
                children = obj.__gosim_referents__()
            else:
                children = edges.special(obj, kind)
            for child in children:
                if type(child) in atoms:
                    continue
                identity = id(child)
                if identity not in marked and identity not in barred:
                    marked.add(identity)
                    queue.append(child)
                    if parents is not None:
                        parents[identity] = obj

    def _scan_told(self, grey: Iterator[object], why: str, watcher: Watcher) -> None:
        """Do the same and tell of it."""
        rescan = why == RESCANNED
        for obj in grey:
            self.add(self.edges.referents(obj), obj, why)
            if not rescan:
                watcher.black(obj)

    # -- questions --------------------------------------------------------------------------------

    def colour(self, obj: object) -> str:
        """Return ``white``, ``grey`` or ``black``. Takes time with the number of grey objects."""
        if id(obj) not in self.marked:
            return "white"
        return "grey" if any(x is obj for x in islice(self.queue, self.done, None)) else "black"

    def path_to(self, obj: object) -> list[object]:
        """Return the chain root, …, `obj` by which it was reached; [] if it was not.

        Raises
        ------
        ValueError
            The collector was not asked to record paths.
        """
        if self.parents is None:
            raise ValueError("no paths were recorded: Collector(..., paths=True)")
        if id(obj) not in self.parents:
            return []
        chain = [obj]
        while (by := self.parents.get(id(chain[-1]))) is not None:
            chain.append(by)
        return chain[::-1]
