"""Who holds which bytes of a world, and which of them nobody can see: pinned and retained memory.

Ask while every goroutine is suspended.  *Pinned* bytes are alive only because something smaller
shares their memory (`gosim.memory.pinned`); *retained* bytes would be freed if one root alone were
gone (`gosim.memory.retained`).  Roots are the global variables, the goroutines and the pending
timers.

A finding is **permanent** while its holder is reachable from a global variable or from a goroutine
that is blocked for ever, otherwise **temporary**: it is freed with its named holder.

What a `sync.Pool` keeps is no finding: the collector empties it.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from types import AsyncGeneratorType, CellType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.leaks.judge import PERMANENT, TEMPORARY
from gosim.leaks.messages import say
from gosim.leaks.timers import MemoryLeak
from gosim.memory.heap import Block, Object
from gosim.memory.map import GoMap
from gosim.memory.pinned import CUT, MAP, Share, shares
from gosim.memory.pointer import Box
from gosim.memory.retained import Graph, chain_text, own_bytes
from gosim.memory.samples import Holding, MemoryRecord
from gosim.memory.slice import BackingArray
from gosim.memory.string import Text
from gosim.memory.struct import Struct
from gosim.memory.types import Kind
from gosim.runtime.g import G
from gosim.runtime.leakmark import GoEdges, held_by, mark, module_roots
from gosim.runtime.program import program_namespaces
from gosim.runtime.time import Entry, Wakeup
from gosim.runtime.traceback import function_name, is_runtime_file
from gosim.std.sync.pool import Pool

if TYPE_CHECKING:
    from gosim.memory.memstats import MemStats
    from gosim.runtime.proc import World

__all__ = ["Pinned", "Root", "Survey", "findings", "holdings", "pinned", "retained"]

LEAST_BYTES: Final = 2048
"""Findings of fewer bytes are not told."""
LEAST_SHARE: Final = 0.5
"""A store counts when more than this part of it is out of sight: a slice that `append` has just
made twice as large is none."""


class Root(NamedTuple):
    """What keeps memory alive by itself.

    Attributes
    ----------
    kind : str
        ``global``, ``goroutine``, ``timer`` or ``event`` (of a simulation outside).
    name : str
        Of the variable, or of the goroutine's function.
    id : int
        Of the goroutine.
    """

    kind: str
    name: str
    id: int = 0

    def words(self) -> str:
        """Return it as sentences name it."""
        if self.kind == "goroutine":
            return say("who.one", id=self.id, function=self.name)
        return say(f"root.{self.kind}", name=self.name)


@dataclass(slots=True)
class Pinned:
    """Stores of one kind, made at one place, kept by one root, of which something is out of sight.

    Attributes
    ----------
    kind : str
        ``string``, ``slice``, ``buffer``, ``cut``, ``pointer`` or ``map``
        (see `gosim.memory.pinned`).
    count : int
        How many stores.
    bytes : int
        What they take from the heap.
    seen, hidden, out_of_reach : int
        Their bytes that somebody sees; in the capacity but beyond the length; that no slice and no
        string can come to any more.  Of a map, what a new one would need, and the rest.
    behind : int
        Bytes of other objects that only cells out of sight still refer to.
    holder : Root
        Who keeps them.
    path : str
        The first of them as the program writes it: ``cache["k"][3]``.
    at : str
        ``file:line`` where they were allocated; empty without a profile.
    permanent : bool
        The holder is reachable for ever.
    type : str
        In Go's words: ``[]byte``, ``string``, ``map[string]int``.
    """

    kind: str
    count: int
    bytes: int
    seen: int
    hidden: int
    out_of_reach: int
    behind: int
    holder: Root
    path: str
    at: str
    permanent: bool
    type: str
    chain: list[object] = field(default_factory=list, repr=False, compare=False)

    @property
    def lost(self) -> int:
        """Bytes that would go if only what is seen were kept."""
        return self.hidden + self.out_of_reach + self.behind

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``memory.pinned``."""
        return {
            "kind": self.kind,
            "count": self.count,
            "bytes": self.bytes,
            "seen": self.seen,
            "hidden": self.hidden,
            "out_of_reach": self.out_of_reach,
            "behind": self.behind,
            "holder": self.holder.words(),
            "path": self.path,
            "at": self.at,
            "permanent": self.permanent,
            "type": self.type,
        }


class Survey:
    """Who holds what in a world at one moment.  Everything is computed when first asked for.

    Parameters
    ----------
    world : World
        With every goroutine suspended until the last question.
    leaked : collection of G
        Those that are blocked for ever: what they hold is lost for good.
    """

    def __init__(self, world: World, leaked: Collection[G] = ()) -> None:
        self.world = world
        self.edges = GoEdges()
        self.permanent: list[Root] = []
        self.roots = self._roots({g.id for g in leaked}) if world.memory is not None else {}
        self.barred = [id(world), *(id(g) for g in world.allgs)]
        self._behind: set[int] = set()

    def _roots(self, stuck: set[int]) -> dict[Root, list[object]]:
        world = self.world
        roots: dict[Root, list[object]] = {}
        for i, namespace in enumerate(program_namespaces(world.globals)):
            module = f"{namespace.get('__name__', '')}." if i else ""
            for name, value in module_roots(namespace).items():
                roots[Root("global", module + name)] = [value]
        self.permanent += roots
        for g in sorted((g for g in world.allgs if g.coro is not None), key=lambda g: g.id):
            root = Root("goroutine", _function(g), g.id)
            roots[root] = held_by(g)
            if g.id in stuck:
                self.permanent.append(root)
        for item in sorted(world.env._queue, key=lambda item: item[:3]):
            event: Any = item[3]
            if type(event) is Entry:
                if event.timer is not None:
                    roots.setdefault(Root("timer", ""), []).append(event.timer)
            elif type(event) is not Wakeup:
                roots.setdefault(Root("event", ""), []).append(event)
        return roots

    @cached_property
    def graph(self) -> Graph[Root]:
        """What is reachable, and from where."""
        with no_collector():
            return Graph(self.roots, self.edges, self.barred)

    @cached_property
    def shares(self) -> list[Share]:
        """The stores of which something is out of sight."""
        roots = [x for things in self.roots.values() for x in things]
        with no_collector():
            return shares(self.graph.objects, roots, self.edges, self.barred, self._behind)

    @cached_property
    def pinned(self) -> list[Pinned]:
        """What is alive only because something smaller shares its memory, the largest first.

        Empty while a frame runs: who holds what cannot be known then.
        """
        graph = self.graph
        if self.edges.unknown:
            return []
        forever = graph.reached_from(self.permanent)
        groups: dict[tuple[object, ...], Pinned] = {}
        for share in self.shares:
            if share.held.pinned <= LEAST_SHARE * share.held.allocated and not share.behind:
                continue
            thing = share.windows[0] if share.windows else share.store
            path = graph.path(thing, forever)
            permanent = path is not None
            path = path or graph.path(thing)
            if path is None or any(isinstance(x, Pool) for x in path[1]):
                continue
            _add(groups, share, path, self._site(share.store), permanent)
        kept = [p for p in groups.values() if p.lost >= LEAST_BYTES]
        for group in kept:
            group.path = _path(group.holder, group.chain)
            group.chain = []  # plain data from here on
        return sorted(kept, key=lambda p: (-p.lost, p.holder, p.path))

    def findings(self) -> list[MemoryLeak]:
        """Return what is pinned as findings: permanent ones first, the largest first."""
        leaks = [_finding(p) for p in self.pinned]
        leaks.sort(key=lambda leak: (leak.verdict != PERMANENT, -leak.bytes))
        return leaks

    def retained(self) -> dict[G | str, int]:
        """Return the bytes of the heap that each goroutine and global variable keeps alive alone.

        So much would be freed if it alone were gone.  Variables that keep nothing are left out;
        stacks and descriptors of goroutines are not in it.
        """
        by_id = {g.id: g for g in self.world.allgs}
        with no_collector():
            found = self.graph.retained_by_roots()
        return {
            by_id[root.id] if root.kind == "goroutine" else root.name: amount
            for root, amount in found.items()
            if root.kind == "goroutine" or (root.kind == "global" and amount)
        }

    def holdings(self) -> list[Holding]:
        """Return who holds how many bytes of what, the largest first.

        Everything reachable is in it once.  What no root retains alone stands under the first that
        leads to it.
        """
        graph = self.graph
        hidden = {id(share.store): share.held.pinned for share in self.shares}
        behind = self._behind
        maps = {cls for cls in set(map(type, graph.objects)) if issubclass(cls, GoMap)}
        tables: dict[int, int] = {}  # bytes of each map, and 0 for its parts
        for obj in graph.objects:
            if type(obj) in maps:
                assert isinstance(obj, GoMap)
                memory = list(obj.memory())
                tables.update((id(part), 0) for part in memory)
                tables[id(obj)] = obj.allocated + sum(part.allocated for part in memory)
        with no_collector():
            owner = _owners(graph)
        words: dict[tuple[type, object], str] = {}
        groups: dict[tuple[int, str, str], _Sum] = {}
        for node, obj in enumerate(graph.objects, graph.first):
            amount = tables.get(id(obj), own_bytes(obj))
            if not amount:
                continue
            kind = type(obj), obj.elem if isinstance(obj, BackingArray | Box) else None
            what = words.get(kind)
            if what is None or type(obj) in maps:
                what = words[kind] = _what(obj)
            key = owner[node], what, self._site(obj)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Sum()
            group.bytes += amount
            group.hidden += amount if id(obj) in behind else hidden.get(id(obj), 0)
            group.sizes[amount] = group.sizes.get(amount, 0) + 1
        found = [
            Holding(
                _holder(graph.names[root - 1]),
                _many(what, group.sizes),
                group.bytes,
                group.bytes - group.hidden,
                group.hidden,
                at,
            )
            for (root, what, at), group in groups.items()
        ]
        return sorted(found, key=lambda h: (-h.bytes, h.holder, h.what))

    def _site(self, obj: object) -> str:
        """Return where a heap object was allocated; empty while no profile is kept."""
        memory = self.world.memory
        if memory is None or not memory.heap.profile:
            return ""
        try:
            return _SITE.__get__(obj)  # type: ignore[no-any-return]
        except AttributeError:
            return ""


_SITE: Final[Any] = Object.__dict__["site"]  # the slot itself: a struct answers getattr with advice


@dataclass(slots=True)
class _Sum:
    """Bytes of things of one kind, those out of sight, and how many there are of each size."""

    bytes: int = 0
    hidden: int = 0
    sizes: dict[int, int] = field(default_factory=dict)


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep Python's own collector away while a large graph is built that is no garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def pinned(world: World, leaked: Collection[G] = ()) -> list[Pinned]:
    """Return `Survey.pinned` of a world."""
    return Survey(world, leaked).pinned


def findings(world: World, leaked: Collection[G] = ()) -> list[MemoryLeak]:
    """Return `Survey.findings` of a world."""
    return Survey(world, leaked).findings()


def retained(world: World) -> dict[G | str, int]:
    """Return `Survey.retained` of a world."""
    return Survey(world).retained()


def holdings(world: World, leaked: Collection[G] = ()) -> list[Holding]:
    """Return `Survey.holdings` of a world."""
    return Survey(world, leaked).holdings()


def _function(g: G) -> str:
    code = getattr(g.coro, "cr_code", None)
    if code is not None and not is_runtime_file(code.co_filename):
        return function_name(code)
    return "main.main" if g.id == 1 else "main.func"


def _add(
    groups: dict[tuple[object, ...], Pinned],
    share: Share,
    path: tuple[Root, list[object]],
    at: str,
    permanent: bool,
) -> None:
    holder, chain = path
    kind = _type(share.store)
    key = share.kind, at, holder, kind
    group = groups.get(key)
    if group is None:
        group = Pinned(share.kind, 0, 0, 0, 0, 0, 0, holder, "", at, permanent, kind)
        groups[key] = group
    group.chain = chain
    of = share.held
    group.count += 1
    group.bytes += of.allocated
    group.seen += of.seen
    group.hidden += of.hidden
    group.out_of_reach += of.out_of_reach
    group.behind += share.behind


def _type(obj: object) -> str:
    """Return the type of a heap object in Go's words."""
    if isinstance(obj, Text):
        return "string"
    if isinstance(obj, BackingArray):
        return "[]byte" if obj.elem.kind is Kind.UINT8 else f"[]{obj.elem}"
    if isinstance(obj, Struct):
        return obj.go_type.name
    if isinstance(obj, Box):
        return str(obj.elem)
    if isinstance(obj, GoMap):
        return obj.typ.name
    return ""


# -- names ----------------------------------------------------------------------------------------


def _path(holder: Root, chain: list[object]) -> str:
    """Return a chain from a root as the program would write its last object."""
    if holder.kind == "global":
        return holder.name + chain_text(chain)
    if holder.kind != "goroutine":
        return ""
    i = 0
    while i + 1 < len(chain) and isinstance(chain[i + 1], _CODE):
        i += 1
    if not isinstance(chain[i], _CODE) or i + 1 == len(chain):
        return ""
    rest = chain[i + 1 :]
    if isinstance(rest[0], CellType):
        del rest[0]
    if not rest:
        return ""
    name = _variable(chain[i], rest[0])
    return name + chain_text(rest) if name else ""


_CODE: Final = (CoroutineType, GeneratorType, AsyncGeneratorType)


def _variable(coro: Any, value: object) -> str:
    """Return the variable of a suspended frame that holds `value`; empty if none does."""
    frame: FrameType | None = None
    for name in ("cr_frame", "gi_frame", "ag_frame"):
        frame = getattr(coro, name, None) or frame
    if frame is None or is_runtime_file(frame.f_code.co_filename):
        return ""
    # Up to 3.12 the snapshot that f_locals leaves would keep dead objects alive: it is emptied.
    variables: Any = frame.f_locals
    found = next((name for name, x in variables.items() if x is value), "")
    if type(variables) is dict and variables is not frame.f_globals:
        variables.clear()
    return found if found.isidentifier() else ""


def size(n: int) -> str:
    """Return bytes as people read them: ``512 B``, ``7.9 MiB``, ``112 MiB``."""
    amount, unit = float(n), 0
    while amount >= (1023.5 if unit else 1024) and unit < len(_UNITS) - 1:
        amount /= 1024
        unit += 1
    digits = f"{amount:.{1 if amount < 99.95 else 0}f}"
    return f"{digits.removesuffix('.0')} {_UNITS[unit]}"


_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


# -- words ----------------------------------------------------------------------------------------


def _finding(p: Pinned) -> MemoryLeak:
    facts: dict[str, object] = {
        "count": p.count,
        "what": p.path or say(f"pinned.noname.{p.kind}"),
        "holder": p.holder.words(),
        "made": say("pinned.made", at=p.at) if p.at else "",
        "bytes": size(p.bytes),
        "seen": size(p.seen),
        "unseen": size(p.hidden + p.out_of_reach),
        "behind": size(p.behind),
        "lost": size(p.lost),
        "type": p.type,
        "name": p.path or "x",
    }
    number = "many" if p.count > 1 else "one"
    if p.holder.kind == "goroutine":
        until = say(f"pinned.until.{'stuck' if p.permanent else 'goroutine'}", **facts)
    else:
        until = say(f"pinned.until.{p.holder.kind}", **facts)
    return MemoryLeak(
        kind="memory",
        count=p.count,
        wait_reason="",
        at=p.at,
        verdict=PERMANENT if p.permanent else TEMPORARY,
        explanation=say(
            "pinned.sentence", what=say(f"pinned.{p.kind}.{number}", **facts), until=until
        ),
        fix=say(f"fix.pinned.{p.kind}", **facts),
        function=p.holder.name if p.holder.kind == "goroutine" else "",
        notes=(say(f"happens.pinned.{'map' if p.kind == MAP else 'whole'}"),)
        if p.kind != CUT
        else (say("promise.cut"),),
        bytes=p.lost,
        holder=p.holder.words(),
    )


def _owners(graph: Graph[Root]) -> list[int]:
    """Return for each node the root that it is counted for."""
    owner = [0] * len(graph)
    dominator = graph.dominator
    for root in range(1, graph.first):
        owner[root] = root
    for node in range(graph.first, len(graph)):  # what led to it comes before it
        way = []
        at = node
        while not owner[at]:
            way.append(at)
            at = dominator[at] or graph.reached_by[at]
        for x in way:
            owner[x] = owner[at]
    return owner


def _holder(root: Root) -> str:
    """Return a root as charts and tables name it."""
    if root.kind == "goroutine":
        return say("holding.goroutine", id=root.id, function=root.name)
    return say(f"holding.{root.kind}", name=root.name)


def _what(obj: object) -> str:
    if isinstance(obj, Text):
        return say("holding.text")
    if isinstance(obj, GoMap):
        return say("holding.map", type=obj.typ.name)
    if isinstance(obj, Block):
        return say("holding.block")
    return _type(obj) or type(obj).__name__


def _many(what: str, sizes: Mapping[int, int]) -> str:
    """Return ``[]byte, 100 × 1 MiB``; without sizes when they differ."""
    count = sum(sizes.values())
    if len(sizes) == 1:
        (each,) = sizes
        return say("holding.each", what=what, count=count, size=size(each))
    return say("holding.many", what=what, count=count) if count > 1 else what


def remember(
    world: World,
) -> tuple[MemoryRecord | None, list[dict[str, Any]], list[MemoryLeak]]:
    """Return the record of a world's memory when main has returned, what is pinned, the findings.

    Figures are taken before and after a collection of their own, which is in no list of cycles.
    """
    memory = world.memory
    if memory is None:
        return None, [], []
    stats = _plain(memory.read())
    memory.frozen = True
    memory.collect("runtime.GC")
    record = MemoryRecord(
        samples=memory.samples,
        stats=stats,
        stats_after_gc=_plain(memory.read()),
        cycles=memory.cycles,
    )
    alive = sorted((g for g in world.allgs if g.coro is not None), key=lambda g: g.id)
    roots: list[object] = [
        value
        for namespace in program_namespaces(world.globals)
        for value in module_roots(namespace).values()
    ]
    roots += [item[3] for item in world.env._queue]
    survey = Survey(world, mark(alive, roots, runnable=world.runnable()).leaked)
    record.holdings = survey.holdings()
    return record, [p.to_dict() for p in survey.pinned], survey.findings()


def _plain(stats: MemStats) -> dict[str, int]:
    figures = asdict(stats)
    del figures["by_size"]
    return figures
