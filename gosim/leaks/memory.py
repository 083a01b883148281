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

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import AsyncGeneratorType, CellType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.leaks.judge import PERMANENT, TEMPORARY
from gosim.leaks.messages import say
from gosim.leaks.timers import MemoryLeak
from gosim.memory.collector import Collector
from gosim.memory.heap import Block
from gosim.memory.map import GoMap
from gosim.memory.pinned import CUT, MAP, Share, shares
from gosim.memory.pointer import Box
from gosim.memory.retained import Graph, chain_text, own_bytes
from gosim.memory.samples import Holding
from gosim.memory.slice import BackingArray
from gosim.memory.string import Text
from gosim.memory.struct import Struct
from gosim.runtime.g import G
from gosim.runtime.leakmark import GoEdges, held_by, module_roots
from gosim.runtime.program import program_namespaces
from gosim.runtime.time import Entry, Wakeup
from gosim.runtime.traceback import function_name, is_runtime_file
from gosim.std.sync.pool import Pool

if TYPE_CHECKING:
    from gosim.runtime.proc import World

__all__ = ["Pinned", "Root", "findings", "holdings", "pinned", "retained"]

LEAST_BYTES: Final = 1024
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
        In Go's words: ``[]uint8``, ``string``, ``map[string]int``.
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


@dataclass
class _Scene:
    """What is reachable in a world, and from which roots."""

    world: World
    roots: dict[Root, list[object]]
    permanent: set[Root]
    barred: list[int]
    edges: GoEdges = field(default_factory=GoEdges)

    @classmethod
    def of(cls, world: World, leaked: Collection[G] = ()) -> _Scene:
        """Find the roots; those that stay for ever come first."""
        roots: dict[Root, list[object]] = {}
        for i, namespace in enumerate(program_namespaces(world.globals)):
            module = f"{namespace.get('__name__', '')}." if i else ""
            for name, value in module_roots(namespace).items():
                roots[Root("global", module + name)] = [value]
        permanent = set(roots)
        alive = sorted((g for g in world.allgs if g.coro is not None), key=lambda g: g.id)
        stuck = {g.id for g in leaked}
        for g in sorted(alive, key=lambda g: g.id not in stuck):
            root = Root("goroutine", _function(g), g.id)
            roots[root] = held_by(g)
            if g.id in stuck:
                permanent.add(root)
        for item in sorted(world.env._queue, key=lambda item: item[:3]):
            event: Any = item[3]
            if type(event) is Entry:
                if event.timer is not None:
                    roots.setdefault(Root("timer", ""), []).append(event.timer)
            elif type(event) is not Wakeup:
                roots.setdefault(Root("event", ""), []).append(event)
        return cls(world, roots, permanent, [id(world), *(id(g) for g in world.allgs)])

    def mark(self) -> Collector:
        """Mark from one root after another, so that each chain comes from the first that leads."""
        collector = Collector(self.edges, self.barred, paths=True)
        last = None
        for root, things in self.roots.items():
            if last is not None and (root in self.permanent) != (last in self.permanent):
                collector.drain()  # what stays for ever anyway is said to do so
            collector.add(things)
            last = root
        collector.drain()
        return collector

    def names(self) -> dict[int, Root]:
        """Return the root that each object is held by directly, by identity."""
        found: dict[int, Root] = {}
        for root, things in self.roots.items():
            for thing in things:
                found.setdefault(id(thing), root)
        return found


def _function(g: G) -> str:
    code = getattr(g.coro, "cr_code", None)
    if code is not None and not is_runtime_file(code.co_filename):
        return function_name(code)
    return "main.main" if g.id == 1 else "main.func"


# -- pinned ---------------------------------------------------------------------------------------


def pinned(world: World, leaked: Collection[G] = ()) -> list[Pinned]:
    """Return what is alive only because something smaller shares its memory, the largest first.

    Parameters
    ----------
    world : World
        With every goroutine suspended.
    leaked : collection of G
        Those that are blocked for ever.
    """
    if world.memory is None:
        return []
    scene = _Scene.of(world, leaked)
    collector = scene.mark()
    if scene.edges.unknown:
        return []  # a frame runs: who holds what cannot be known
    found = shares(
        collector.queue,
        [x for things in scene.roots.values() for x in things],
        scene.edges,
        scene.barred,
    )
    names = scene.names()
    groups: dict[tuple[object, ...], Pinned] = {}
    for share in found:
        if share.held.pinned <= LEAST_SHARE * share.held.allocated and not share.behind:
            continue
        chain = collector.path_to(share.windows[0] if share.windows else share.store)
        if not chain or any(isinstance(x, Pool) for x in chain):
            continue
        holder = names[id(chain[0])]
        _add(groups, share, holder, chain, holder in scene.permanent)
    kept = [p for p in groups.values() if p.lost >= LEAST_BYTES]
    for group in kept:
        group.path = _path(group.holder, group.chain)
        group.chain = []  # plain data from here on
    return sorted(kept, key=lambda p: (-p.lost, p.holder, p.path))


def _add(
    groups: dict[tuple[object, ...], Pinned],
    share: Share,
    holder: Root,
    chain: list[object],
    permanent: bool,
) -> None:
    at = _site(share.store)
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


def _site(obj: object) -> str:
    return getattr(obj, "site", None) or ""


def _type(obj: object) -> str:
    """Return the type of a heap object in Go's words."""
    if isinstance(obj, Text):
        return "string"
    if isinstance(obj, BackingArray):
        return f"[]{obj.elem}"
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


# -- findings -------------------------------------------------------------------------------------


def findings(
    world: World, leaked: Collection[G] = (), found: Iterable[Pinned] | None = None
) -> list[MemoryLeak]:
    """Return what is pinned as findings: permanent ones first, the largest first.

    Parameters
    ----------
    world : World
        With every goroutine suspended.
    leaked : collection of G
        Those that are blocked for ever.
    found : iterable of Pinned, optional
        What `pinned` returned, if it was asked before.
    """
    if found is None:
        found = pinned(world, leaked)
    leaks = [_finding(p) for p in found]
    leaks.sort(key=lambda leak: (leak.verdict != PERMANENT, -leak.bytes))
    return leaks


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


# -- retained -------------------------------------------------------------------------------------


def retained(world: World) -> dict[G | str, int]:
    """Return the bytes of the heap that each goroutine and each global variable keeps alive alone.

    So much would be freed if it alone were gone.  Variables that keep nothing are left out; stacks
    and descriptors of goroutines are not in it.
    """
    if world.memory is None:
        return {}
    scene = _Scene.of(world)
    graph = Graph(scene.roots, scene.edges, scene.barred)
    by_id = {g.id: g for g in world.allgs}
    return {
        by_id[root.id] if root.kind == "goroutine" else root.name: amount
        for root, amount in graph.retained_by_roots().items()
        if root.kind == "goroutine" or (root.kind == "global" and amount)
    }


def holdings(world: World, leaked: Collection[G] = ()) -> list[Holding]:
    """Return who holds how many bytes of what, the largest first.

    Everything reachable is in it once.  What no root retains alone stands under the first that
    leads to it (globals first, then goroutines blocked for ever).
    """
    if world.memory is None:
        return []
    scene = _Scene.of(world, leaked)
    graph = Graph(scene.roots, scene.edges, scene.barred)
    roots = [x for things in scene.roots.values() for x in things]
    behind: set[int] = set()
    hidden = {
        id(share.store): share.held.pinned
        for share in shares(graph.objects, roots, scene.edges, scene.barred, behind)
    }
    parts: set[int] = set()
    for obj in graph.objects:
        if isinstance(obj, GoMap):
            parts.update(map(id, obj.memory()))
    owner = _owners(graph)
    groups: dict[tuple[int, str, str], list[int]] = {}
    sizes: dict[tuple[int, str, str], dict[int, int]] = {}
    for node, obj in enumerate(graph.objects, graph.first):
        amount = own_bytes(obj)
        if not amount or id(obj) in parts:
            continue
        if isinstance(obj, GoMap):
            amount += sum(part.allocated for part in obj.memory())
        key = owner[node], _what(obj), _site(obj)
        sums = groups.setdefault(key, [0, 0])
        sums[0] += amount
        sums[1] += amount if id(obj) in behind else hidden.get(id(obj), 0)
        count = sizes.setdefault(key, {})
        count[amount] = count.get(amount, 0) + 1
    made = [
        Holding(
            _holder(graph.names[root - 1]),
            _many(what, sizes[root, what, at]),
            total,
            total - unseen,
            unseen,
            at,
        )
        for (root, what, at), (total, unseen) in groups.items()
    ]
    return sorted(made, key=lambda h: (-h.bytes, h.holder, h.what))


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
