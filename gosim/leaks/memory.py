"""Who holds which bytes of a world, and which of them nobody can see: pinned and retained memory.

Ask while every goroutine is suspended.  *Pinned* bytes are alive only because something smaller
shares their memory (`gosim.memory.pinned`); *retained* bytes would be freed if one root alone were
gone (`gosim.memory.retained`).  Roots are the global variables, the goroutines and the pending
timers.

A finding is **permanent** while its holder is reachable from a global variable or from a goroutine
that is blocked for ever, otherwise **temporary**: it is freed with its named holder.  When and by
whom is seen, not guessed: while the world lives on without main, a :class:`Watch` looks after each
step who still refers to what was found.

What a `sync.Pool` keeps is no finding: the collector empties it.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from sys import getrefcount
from types import AsyncGeneratorType, CellType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.leaks import goforms
from gosim.leaks.explain import short
from gosim.leaks.goforms import as_written
from gosim.leaks.judge import PERMANENT, TEMPORARY, Ended, Judgement
from gosim.leaks.messages import say
from gosim.leaks.timers import MemoryLeak
from gosim.memory.goroutine import STACK_MIN, sudogs_of
from gosim.memory.heap import Block, Object
from gosim.memory.map import GoMap
from gosim.memory.pinned import CUT, MAP, Share, shares
from gosim.memory.pointer import Box
from gosim.memory.retained import Graph, chain_text, own_bytes
from gosim.memory.samples import Holding, MemoryRecord
from gosim.memory.sizeclass import PAGE_SIZE
from gosim.memory.slice import BackingArray
from gosim.memory.string import Text
from gosim.memory.struct import Struct
from gosim.memory.types import Kind
from gosim.runtime.g import G, Select
from gosim.runtime.leakmark import GoEdges, held_by, mark, module_roots
from gosim.runtime.panic import defers
from gosim.runtime.program import program_namespaces
from gosim.runtime.time import Entry, Wakeup
from gosim.runtime.traceback import function_name, is_runtime_file
from gosim.std.sync.pool import Pool
from gosim.std.time.duration import Duration

if TYPE_CHECKING:
    from gosim.memory.memstats import MemStats
    from gosim.runtime.proc import World

__all__ = [
    "Keepsake",
    "Pinned",
    "Root",
    "Survey",
    "Watch",
    "findings",
    "holdings",
    "pinned",
    "retained",
]

LEAST_BYTES: Final = 2048
"""Findings of fewer bytes are not told."""
LEAST_KEPT: Final = 4096
"""What goroutines keep alive is told from so many bytes on."""
LEAST_OWN: Final = 16_384
"""What goroutines and the runtime have for themselves is told from so many bytes on."""
LEAST_IDLE: Final = 1 << 20
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
        ``file:line`` where most of them were allocated; empty when that is not known.
    permanent : bool
        The holder is reachable for ever.
    type : str
        In Go's words: ``[]byte``, ``string``, ``map[string]int``.
    freed_ns : int or None
        Virtual ns since the program started at which the last of them was let go, after main
        returned; None if that was not seen.
    freed_by : str
        Who returned at that moment; empty if nobody did.
    front : bool
        What was cut off was cut off at the head of each.
    counted : int
        Those of the bytes lost that goroutines stuck for good keep, and that are told with them.
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
    freed_ns: int | None = None
    freed_by: str = ""
    chain: list[object] = field(default_factory=list, repr=False, compare=False)
    stores: list[Object] = field(default_factory=list, repr=False, compare=False)
    losses: list[int] = field(default_factory=list, repr=False, compare=False)
    sites: Counter[str] = field(default_factory=Counter, repr=False, compare=False)
    front: bool = True
    counted: int = 0

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
            "freed_ns": self.freed_ns,
            "freed_by": self.freed_by,
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
        self._gs = {g.id: g for g in world.allgs}

    def _roots(self, stuck: set[int]) -> dict[Root, list[object]]:
        world = self.world
        roots: dict[Root, list[object]] = {}
        for i, namespace in enumerate(program_namespaces(world.globals)):
            module = f"{namespace.get('__name__', '')}." if i else ""
            for name, value in module_roots(namespace).items():
                roots[Root("global", as_written(module + name))] = [value]
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
            return Graph(self.roots, self.edges, self.barred, self._bytes)

    @cached_property
    def _bytes(self) -> Callable[[object], int]:
        """Give the bytes an object has on the heap: none when it was freed.

        What is freed can be referred to where a lesson has switched the write barrier off.
        """
        memory = self.world.memory
        on_heap = set() if memory is None else set(map(id, memory.heap.objects))

        # No method: the graph keeps it, and a cycle would keep all it has found after the survey.
        def bytes_of(obj: object) -> int:
            amount = own_bytes(obj)
            return amount if amount and id(obj) in on_heap else 0

        return bytes_of

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
            group.at = _most(group.sites)
            group.chain = []
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
        """Return who holds how many bytes of what, the largest first, pages in no use last.

        Everything reachable is in it once.  What no root retains alone stands under the first that
        leads to it; goroutines of one function that wait for the same reason are one holder.
        Stacks and descriptors, and what the runtime keeps for itself, come to that where they
        matter.
        """
        graph = self.graph
        hidden = {id(share.store): share.held.pinned for share in self.shares}
        with no_collector():
            owner = _owners(graph)
        crowds = self._crowds()
        holder = ["", *(crowds.get(root.id) or _holder(root) for root in graph.names)]
        groups: dict[tuple[str, str], _Sum] = {}
        for node, obj, amount in self._amounts(graph.objects, graph.first):
            key = holder[owner[node]], self._word(obj)
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Sum()
            group.bytes += amount
            group.hidden += amount if id(obj) in self._behind else hidden.get(id(obj), 0)
            group.sizes[amount] = group.sizes.get(amount, 0) + 1
            site = self._site(obj)
            if site:
                group.sites[site] += amount
                if id(obj) in hidden:
                    group.unseen[site] += hidden[id(obj)]
        found = [
            Holding(
                name,
                _many(what, group.sizes),
                group.bytes,
                group.bytes - group.hidden,
                group.hidden,
                # Of what is a finding, the place that it names.
                _most(group.unseen) or _most(group.sites),
                places=max(1, len(group.sites)),
            )
            for (name, what), group in groups.items()
        ]
        found += self._own(crowds)
        return sorted(found, key=lambda h: (h.kind == "idle", -h.bytes, h.holder, h.what))

    def keeps(self, ids: Iterable[int]) -> tuple[int, str, int]:
        """Return the bytes that would be freed if some goroutines were gone, and what they are.

        Stacks and descriptors are not in it.  The third is the number of calls deferred in a loop
        that hold most of it, or 0.
        """
        wanted = set(ids)
        with no_collector():
            mine = self.graph.only_from(r for r in self.graph.names if r.id in wanted)
        groups: dict[str, _Sum] = {}
        first: dict[str, object] = {}
        for _, obj, amount in self._amounts(mine):
            word = self._word(obj)
            group = groups.setdefault(word, _Sum())
            first.setdefault(word, obj)
            group.bytes += amount
            group.sizes[amount] = group.sizes.get(amount, 0) + 1
            site = self._site(obj)
            if site:
                group.sites[site] += amount
        if not groups:
            return 0, "", 0
        what, most = max(groups.items(), key=lambda item: item[1].bytes)
        text = _many(what, most.sizes)
        site = _most(most.sites)
        if site:
            text = say("keeps.made", what=text, at=_places(site, len(most.sites)))
        _, way = self.graph.path(first[what]) or (None, [])
        waiting = [x for x in way if isinstance(x, defers) and x.records]
        calls = sum(len(x.calls) for x in mine if isinstance(x, defers)) if waiting else 0
        return sum(group.bytes for group in groups.values()), text, calls

    @cached_property
    def _tables(self) -> dict[int, int]:
        """The bytes of each map by its identity, with its table; and 0 for the parts."""
        tables: dict[int, int] = {}
        objects = self.graph.objects
        maps = {cls for cls in set(map(type, objects)) if issubclass(cls, GoMap)}
        if maps:
            for obj in objects:
                if type(obj) in maps:
                    assert isinstance(obj, GoMap)
                    memory = list(obj.memory())
                    tables.update((id(part), 0) for part in memory)
                    tables[id(obj)] = obj.allocated + sum(part.allocated for part in memory)
        return tables

    def _amounts(
        self, objects: Iterable[object], first: int = 0
    ) -> Iterator[tuple[int, object, int]]:
        """Yield the number of each object that takes memory, the object, its bytes."""
        tables = self._tables
        for i, obj in enumerate(objects, first):
            amount = tables.get(id(obj))
            if amount is None:
                amount = self._bytes(obj)
            if amount:
                yield i, obj, amount

    def _word(self, obj: object) -> str:
        kind = type(obj), obj.elem if isinstance(obj, BackingArray | Box) else None
        word = self._words.get(kind)
        if word is None or isinstance(obj, GoMap):
            word = self._words[kind] = _what(obj)
        return word

    @cached_property
    def _words(self) -> dict[tuple[type, object], str]:
        return {}

    def _alive(self) -> list[G]:
        return sorted((g for g in self.world.allgs if g.coro is not None), key=lambda g: g.id)

    def _crowds(self) -> dict[int, str]:
        """Name goroutines as holders, by ID: those that do the same have one name."""
        runnable = {g.id for g in self.world.runnable()}
        crowds: dict[tuple[str, str], list[int]] = {}
        for g in self._alive():
            reason = "" if g.id in runnable else g.wait_reason
            crowds.setdefault((_function(g), reason), []).append(g.id)
        names = {}
        for (function, reason), ids in crowds.items():
            name = say(
                f"holding.{'goroutines' if len(ids) > 1 else 'goroutine'}",
                id=ids[0],
                count=len(ids),
                function=function,
            )
            if reason:
                name = say("holding.waits", who=name, reason=reason)
            names.update(dict.fromkeys(ids, name))
        return names

    def _own(self, crowds: Mapping[int, str]) -> list[Holding]:
        """Return what goroutines have for themselves, and what the runtime keeps."""
        memory = self.world.memory
        if memory is None:
            return []
        stacks, kinds = memory.stacks, memory.heap.features
        runnable = {g.id for g in self.world.runnable()}
        groups: dict[str, _Sum] = {}
        used = records = 0
        for g in self._alive():
            group = groups.setdefault(crowds[g.id], _Sum())
            stack = stacks.size(g)
            record = kinds.g_struct_bytes
            if g.id not in runnable:
                record += kinds.sudog_bytes * _sudogs(g)
            used += stack
            records += record
            group.bytes += stack + record
            each = stack + record
            group.sizes[each] = group.sizes.get(each, 0) + 1
        found = [
            Holding(
                name,
                _many(say("holding.stacks"), group.sizes),
                group.bytes,
                group.bytes,
                0,
                kind="stacks",
            )
            for name, group in groups.items()
            if group.bytes >= LEAST_OWN
        ]
        runtime = say("holding.runtime")
        dead = _dead(self.world)
        stats = memory.read()
        for kind, what, amount, least in (
            (
                "dead",
                say("holding.dead", count=dead, size=size(kinds.g_struct_bytes)),
                dead * kinds.g_struct_bytes,
                LEAST_OWN,
            ),
            ("spare", say("holding.spare"), max(0, stacks.inuse - used), LEAST_IDLE),
            (
                "idle",
                say("holding.idle"),
                # Stacks are given back with pages that nobody has ever written to.
                stats.heap_idle - stats.heap_released - memory.heap.pages.untouched * PAGE_SIZE,
                max(LEAST_IDLE, stats.rss // 4),
            ),
        ):
            if amount >= least:
                found.append(Holding(runtime, what, amount, amount, 0, kind=kind))
        return found

    def _site(self, obj: object) -> str:
        """Return where a heap object was allocated; empty when that was not noted."""
        slot: Any = getattr(type(obj), "site", None)  # a struct answers its own getattr with advice
        try:
            site: str = slot.__get__(obj)
        except (AttributeError, TypeError):
            return ""
        return "" if site == "runtime" else site


@dataclass(slots=True)
class _Sum:
    """Bytes of things of one kind, those out of sight, and how many there are of each size."""

    bytes: int = 0
    hidden: int = 0
    sizes: dict[int, int] = field(default_factory=dict)
    sites: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)


def _most(sites: Counter[str]) -> str:
    """Return the site with the most behind it, the first by name if there are several."""
    return min(sites, key=lambda site: (-sites[site], site), default="")


def _places(at: str, count: int) -> str:
    """Return ``main.py:12``, and how many other places there are."""
    at = short(at)
    if count < 2:
        return at
    return say("places.two" if count == 2 else "places.many", at=at, others=count - 1)


def _sudogs(g: G) -> int:
    if type(g.waiting) is Select:
        return sudogs_of(g.wait_reason, len(g.waiting.parts()))
    return sudogs_of(g.wait_reason)


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
    key = share.kind, holder, kind
    group = groups.get(key)
    if group is None:
        group = Pinned(share.kind, 0, 0, 0, 0, 0, 0, holder, "", "", permanent, kind)
        groups[key] = group
    group.chain = chain
    group.stores.append(share.store)
    group.losses.append(share.lost)
    group.front = group.front and share.front
    if at:
        group.sites[at] += share.lost
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
    if len(chain) > 2 and isinstance(chain[-1], GoMap) and goforms.is_container(chain[-3]):
        chain = chain[:-1]  # the table of a map of Go lies behind its entries
    if len(chain) > 1 and goforms.is_container(chain[-2]):
        chain = chain[:-1]
    if holder.kind == "global":
        return as_written(holder.name + chain_text(chain))
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
    return as_written(name + chain_text(rest)) if name else ""


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
        "made": say("pinned.made", at=_places(p.at, len(p.sites))) if p.at else "",
        "bytes": size(p.bytes),
        "seen": size(p.seen),
        "unseen": size(p.hidden + p.out_of_reach),
        "behind": size(p.behind),
        "lost": size(p.lost),
        "type": p.type,
        "name": p.path or "x",
    }
    number = "many" if p.count > 1 else "one"
    if p.freed_ns is not None:
        facts["when"] = str(Duration(p.freed_ns))
        facts["by"] = p.freed_by
        until = say(f"pinned.until.{'returned' if p.freed_by else 'freed'}", **facts)
    elif p.holder.kind == "goroutine":
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
        fix=say(_fix(p), **facts),
        function=p.holder.name if p.holder.kind == "goroutine" else "",
        notes=(say(f"happens.pinned.{'map' if p.kind == MAP else 'whole'}"),)
        if p.kind != CUT
        else (say("promise.cut"),),
        bytes=p.lost,
        holder=p.holder.words(),
        counted=p.counted,
    )


def _fix(p: Pinned) -> str:
    """Return the key of the repair; what is done already is not proposed."""
    if p.kind == CUT and p.front and p.path.isidentifier():
        return "fix.pinned.cut.front"
    pointers = p.kind == MAP and p.type.partition("]")[2].startswith("*")
    return f"fix.pinned.{p.kind}{'.pointers' if pointers else ''}"


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
    if isinstance(obj, Text | str):
        return say("holding.text")
    if isinstance(obj, GoMap):
        return say("holding.map", type=obj.typ.name)
    if isinstance(obj, Block):
        return say("holding.block")
    if isinstance(obj, bytearray):
        return "[]byte"
    if isinstance(obj, list) or hasattr(obj, "chunks"):
        return say("holding.array")  # of a Go program: its cells do not know what they are of
    if hasattr(obj, "v"):
        return say("holding.variable")
    return _type(obj) or type(obj).__name__.removeprefix("class:")


def _many(what: str, sizes: Mapping[int, int]) -> str:
    """Return ``[]byte, 100 × 1 MiB``; without sizes when they differ."""
    count = sum(sizes.values())
    if len(sizes) == 1:
        (each,) = sizes
        return say("holding.each", what=what, count=count, size=size(each))
    return say("holding.many", what=what, count=count) if count > 1 else what


# -- what is found when main has returned, and what becomes of it ----------------------------------


class Watch:
    """Looks when what was pinned is let go, while a world lives on without main.

    Parameters
    ----------
    world : World
    found : list of Pinned
        Gets the moment and who returned then.
    """

    def __init__(self, world: World, found: Iterable[Pinned]) -> None:
        self.world = world
        self.watched = [(p, p.stores) for p in found]
        for p, _ in self.watched:
            p.stores = []

    @property
    def eager(self) -> bool:
        """Something may end soon: look after each step."""
        return any(not p.permanent for p, _ in self.watched)

    def look(self, ended: Sequence[Ended]) -> None:
        """Note what nobody refers to any more; `ended` are goroutines that ended in this step."""
        gone = False
        for p, stores in self.watched:
            while stores and _let_go(stores):
                stores.pop()
            if not stores:
                gone = True
                p.permanent = False
                p.freed_ns = self.world.now - self.world.started_at
                if ended:
                    last = ended[-1]
                    p.freed_by = say("who.one", id=last.id, function=last.function)
        if gone:
            self.watched = [(p, stores) for p, stores in self.watched if stores]

    def over(self, survey: Survey) -> None:
        """Say of what is left whether it stays for good; `survey` is of the world's end."""
        if self.watched and not survey.edges.unknown:
            forever = survey.graph.reached_from(survey.permanent)
            for p, stores in self.watched:
                p.permanent = survey.graph.path(stores[-1], forever) is not None
        self.watched = []


def _let_go(stores: list[Object]) -> bool:
    """Whether only the heap and this list refer to the last of them."""
    last = stores[-1]
    return getrefcount(last) <= _NOBODY


def _count_of_nobody() -> int:
    heap = [Object()]
    stores = list(heap)
    last = stores[-1]
    return getrefcount(last)


_NOBODY: Final = _count_of_nobody()


class Keepsake:
    """What is known of a world's memory when main has returned, or the run ends without that.

    Parameters
    ----------
    world : World
        With every goroutine suspended.
    returned : bool
        Main has returned; otherwise nothing is collected.
    suspended : bool
        Every goroutine is suspended: it can be told who holds what.

    Attributes
    ----------
    record : MemoryRecord or None
        None in a run without memory.
    pinned : list of Pinned
    retained : list of dict
        What each root keeps alive alone, the largest first.
    watch : Watch or None
        For the time after.

    Notes
    -----
    Figures are taken before and after two collections of their own, which are in no list of cycles;
    the second takes what the first has left in pools.
    """

    def __init__(self, world: World, returned: bool = True, suspended: bool = True) -> None:
        self.world = world
        self.record: MemoryRecord | None = None
        self.pinned: list[Pinned] = []
        self.retained: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.watch: Watch | None = None
        memory = world.memory
        if memory is None:
            return
        self.record = record = MemoryRecord(
            samples=memory.samples, stats=_plain(memory.read()), cycles=memory.cycles
        )
        memory.frozen = True
        if returned:
            memory.collect("runtime.GC")
            memory.collect("runtime.GC")
            record.stats_after_gc = _plain(memory.read())
        else:
            record.moment = "the run ends"
        if not suspended:
            return
        survey = _survey(world)
        record.holdings = survey.holdings()
        self.pinned = survey.pinned
        self.retained = _retained(survey)
        self.notes = _notes(world)
        if returned:
            self.watch = Watch(world, self.pinned)

    def settle(self, judgement: Judgement) -> list[MemoryLeak]:
        """Return the findings, and let goroutines and theirs have what they keep alive.

        Parameters
        ----------
        judgement : Judgement
            Of the world's end; it has to be alive still, with every goroutine suspended.
        """
        world = self.world
        if world.memory is None:
            return []
        survey = _survey(world)
        left = [(p, p.stores) for p in self.pinned] if self.watch is None else self.watch.watched
        if self.watch is not None:
            self.watch.over(survey)
        if not survey.edges.unknown:
            weigh(survey, judgement)
            _count_once(survey, judgement, left)
        leaks = [_finding(p) for p in self.pinned]
        leaks.sort(key=lambda leak: (leak.verdict != PERMANENT, -leak.bytes))
        return leaks


def weigh(survey: Survey, judgement: Judgement) -> None:
    """Give goroutines, and the findings about them, what they keep alive beside what they are."""
    memory = survey.world.memory
    if memory is None or not judgement.goroutines:
        return
    alone = {g.id: n for g, n in survey.retained().items() if isinstance(g, G)}
    stacks = {g.id: memory.stacks.size(g) - STACK_MIN for g in survey.world.allgs}
    goroutines = judgement.goroutines
    for i, g in enumerate(goroutines):
        heap, more = alone.get(g.id, 0), stacks.get(g.id, 0)
        if heap or more:
            goroutines[i] = g._replace(
                retained_bytes=g.retained_bytes + more + heap, heap_bytes=heap
            )
    for leak in judgement.leaks:
        each = sum(alone.get(id, 0) for id in leak.goroutines)
        leak.heap_bytes, what, calls = survey.keeps(leak.goroutines)
        leak.retained_bytes += leak.heap_bytes - each
        if leak.heap_bytes >= LEAST_KEPT:
            if calls:
                what = say("keeps.deferred", what=what, count=calls)
                leak.fix = say("keeps.deferred.fix", fix=leak.fix)
            number = "many" if leak.count > 1 else "one"
            told = say(f"keeps.{number}", bytes=size(leak.heap_bytes), what=what)
            leak.explanation = f"{leak.explanation} {told}"


def _count_once(
    survey: Survey, judgement: Judgement, left: Iterable[tuple[Pinned, Sequence[Object]]]
) -> None:
    """Note of what is pinned for good how much of it findings about goroutines have counted."""
    left = [(p, stores) for p, stores in left if p.permanent and stores]
    if not any(p.holder.kind == "goroutine" for p, _ in left):
        return
    graph = survey.graph
    for leak in judgement.leaks:
        if leak.verdict != PERMANENT:
            continue
        ids = set(leak.goroutines)
        with no_collector():
            kept = set(map(id, graph.only_from(root for root in graph.names if root.id in ids)))
        for p, stores in left:
            told = zip(stores, p.losses, strict=False)  # what was let go was at the end
            p.counted += sum(lost for store, lost in told if id(store) in kept)


def _survey(world: World) -> Survey:
    """Return the survey of a world in which main is gone, or what goes on without it."""
    alive = sorted((g for g in world.allgs if g.coro is not None), key=lambda g: g.id)
    roots: list[object] = [
        value
        for namespace in program_namespaces(world.globals)
        for value in module_roots(namespace).values()
    ]
    roots += [item[3] for item in world.env._queue]
    return Survey(world, mark(alive, roots, runnable=world.runnable()).leaked)


def _retained(survey: Survey) -> list[dict[str, Any]]:
    """Return the JSON of ``memory.retained``."""
    with no_collector():
        found = survey.graph.retained_by_roots()
    kept = sorted(((root, n) for root, n in found.items() if n), key=lambda pair: -pair[1])
    return [
        {"kind": root.kind, "name": root.name, "id": root.id, "holder": root.words(), "bytes": n}
        for root, n in kept
    ]


def _notes(world: World) -> list[str]:
    """Return what a reader should know of the runtime's own memory."""
    memory = world.memory
    dead = _dead(world)
    if memory is None or dead < _MANY_DEAD:
        return []
    each = memory.heap.features.g_struct_bytes
    return [say("note.dead", count=dead, bytes=size(dead * each), each=each)]


_MANY_DEAD: Final = 1000


def _dead(world: World) -> int:
    """Return how many descriptors wait for a goroutine to come; main's, which has returned, not."""
    main_gone = world.main is not None and world.main not in world.allgs
    return max(0, len(world.free_slots) + len(world.more_free_slots) - main_gone)


def _plain(stats: MemStats) -> dict[str, int]:
    figures = asdict(stats)
    del figures["by_size"]
    return figures
