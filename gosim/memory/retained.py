"""What each root keeps alive alone: dominators of the heap's graph.

An object *dominates* another when every chain from the roots to that one passes through it. What a
root or an object *retains* is what it dominates: so much would be freed if it alone were gone. What
two roots share is retained by neither.

Dominators by Lengauer and Tarjan (1979), with path compression: time grows like m log n with n
objects and m references, whatever the shape; no recursion.
"""

from __future__ import annotations

import types
from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from gosim.memory.collector import Edges

__all__ = ["Graph", "chain_text", "dominators", "name_step", "own_bytes"]

K = TypeVar("K", bound=Hashable)


def own_bytes(obj: object) -> int:
    """Return the bytes of the heap that `obj` takes itself; Python's own objects take none.

    The values of Go programs are lists, strings and bytes of Python that have what an `Object` has.
    """
    return getattr(obj, "allocated", 0) if hasattr(type(obj), "part_held") else 0


class Graph(Generic[K]):
    """What is reachable from named roots, and by what.

    Node 0 leads to the roots, nodes 1 to ``len(names)`` are the roots, the others are objects, in
    the order in which they are reached (breadth first). Make it while nothing else runs; it keeps
    the objects alive.

    Parameters
    ----------
    roots : mapping
        For each root its name and what it holds.
    edges : Edges
        What objects refer to.
    barred : iterable of int
        Identities of objects that are not passed.
    size : callable
        The bytes of an object itself.

    Attributes
    ----------
    names : list
        The roots.
    objects : list
        The objects; number i is node ``i + first``.
    first : int
        Node of the first object.
    starts, targets : sequence of int
        Node i leads to ``targets[starts[i] : starts[i + 1]]``.
    reached_by : sequence of int
        The node that led to each node first.

    Examples
    --------
    >>> from gosim.memory.heap import Block, Heap
    >>> from gosim.memory.features import features
    >>> heap = Heap(features("1.27"))
    >>> mine, shared = heap.malloc(1000, True), heap.malloc(5000, True)
    >>> g = Graph({"a": [mine, shared], "b": [shared]}, Edges())
    >>> g.retained_by_roots()
    {'a': 1024, 'b': 0}
    """

    def __init__(
        self,
        roots: Mapping[K, Iterable[object]],
        edges: Edges,
        barred: Iterable[int] = (),
        size: Callable[[object], int] = own_bytes,
    ) -> None:
        self.names: list[K] = list(roots)
        self.edges = edges
        self.size = size
        self.objects: list[object] = []
        self.first: Final = 1 + len(self.names)
        self._numbers: dict[int, int] = {}
        self.starts = array("q", [0])
        self.targets = array("q", range(1, self.first))
        self.reached_by = array("q", [0] * self.first)
        self._retained: list[int] | None = None
        self._dominator: list[int] | None = None
        self._build(list(roots.values()), frozenset(barred))

    def _build(self, held: list[Iterable[object]], barred: frozenset[int]) -> None:
        edges = self.edges
        atoms, referents = edges.atoms, edges.referents
        objects, numbers, targets = self.objects, self._numbers, self.targets
        reached_by, starts = self.reached_by, self.starts
        count = self.first

        def lead(node: int, to: Iterable[object]) -> None:
            nonlocal count
            starts.append(len(targets))
            for obj in to:
                if type(obj) in atoms:
                    continue
                identity = id(obj)
                number = numbers.get(identity)
                if number is None:
                    if identity in barred:
                        continue
                    number = numbers[identity] = count
                    count += 1
                    objects.append(obj)
                    reached_by.append(node)
                targets.append(number)

        for node, things in enumerate(held, 1):
            lead(node, things)
        for node, obj in enumerate(objects, self.first):  # it grows meanwhile
            lead(node, referents(obj))
        starts.append(len(targets))

    def __len__(self) -> int:
        return self.first + len(self.objects)

    def number(self, obj: object) -> int | None:
        """Return the node of an object; None if it was not reached."""
        return self._numbers.get(id(obj))

    @property
    def dominator(self) -> list[int]:
        """The immediate dominator of each node; that of node 0 is 0. Computed when first used."""
        if self._dominator is None:
            self._dominator = dominators(self.starts, self.targets)
        return self._dominator

    @property
    def retained(self) -> list[int]:
        """Bytes that each node retains, its own included. Computed when first used."""
        if self._retained is None:
            total = [0] * self.first
            total += map(self.size, self.objects)
            self._retained = _summed(total, self.dominator)
        return self._retained

    def retained_by_roots(self) -> dict[K, int]:
        """Return the bytes that each root retains."""
        return dict(zip(self.names, self.retained[1 : self.first], strict=True))

    def reached_from(self, names: Iterable[K]) -> Sequence[int]:
        """Return the node that leads to each node first, starting from some of the roots only.

        -1 stands for what they do not lead to.
        """
        first = array("q", [-1]) * len(self)
        starts, targets = self.starts, self.targets
        wanted = set(names)
        queue = [node for node, name in enumerate(self.names, 1) if name in wanted]
        for node in queue:
            first[node] = 0
        for node in queue:  # it grows meanwhile
            for to in targets[starts[node] : starts[node + 1]]:
                if first[to] < 0:
                    first[to] = node
                    queue.append(to)
        return first

    def only_from(self, names: Iterable[K]) -> list[object]:
        """Return what some of the roots lead to and no other: what they retain together."""
        wanted = set(names)
        mine = self.reached_from(wanted)
        others = self.reached_from([name for name in self.names if name not in wanted])
        return [
            obj
            for node, obj in enumerate(self.objects, self.first)
            if mine[node] >= 0 and others[node] < 0
        ]

    def path(
        self, obj: object, reached_by: Sequence[int] | None = None
    ) -> tuple[K, list[object]] | None:
        """Return a shortest chain to an object: a root, and the objects from there on.

        None if it was not reached.

        Parameters
        ----------
        obj : object
            The object.
        reached_by : sequence of int, optional
            What `reached_from` returned; from all roots when left out.
        """
        node = self._numbers.get(id(obj))
        reached_by = self.reached_by if reached_by is None else reached_by
        if node is None or reached_by[node] < 0:
            return None
        chain = []
        while node >= self.first:
            chain.append(self.objects[node - self.first])
            node = reached_by[node]
        return self.names[node - 1], chain[::-1]


# -- dominators -----------------------------------------------------------------------------------


def dominators(starts: Sequence[int], targets: Sequence[int]) -> list[int]:
    """Return the immediate dominator of each node of a graph whose node 0 leads to all.

    Parameters
    ----------
    starts, targets : sequence of int
        Node i leads to ``targets[starts[i] : starts[i + 1]]``.

    Raises
    ------
    ValueError
        Node 0 does not lead to all.
    """
    n = len(starts) - 1
    order, parent, number = _depth_first(starts, targets)
    if len(order) != n:
        raise ValueError(f"{n - len(order)} nodes cannot be reached from node 0")
    # From here on a node is its place in the depth-first order: ancestors have smaller numbers.
    # Who leads to it is kept for those that more than one leads to; the others are simple.
    came = [0] * n
    for to in targets:
        came[to] += 1
    sources: list[list[int] | None] = [None] * n
    for i, node in enumerate(order):
        for to in targets[starts[node] : starts[node + 1]]:
            if came[to] > 1:
                w = number[to]
                into = sources[w]
                if into is None:
                    sources[w] = [i]
                else:
                    into.append(i)
    semi = list(range(n))
    best = list(range(n))  # on the compressed path upwards, the node with the least semi
    above = [-1] * n  # the forest that is compressed
    dominator = parent[:]
    waiting: dict[int, list[int]] = {}  # by semidominator
    for w in range(n - 1, 0, -1):
        p = parent[w]
        into = sources[w]
        least = p
        if into is not None:
            for v in into:
                if v > w:
                    if above[above[v]] >= 0:
                        _compress(v, above, best, semi)
                    v = semi[best[v]]
                if v < least:
                    least = v
        semi[w] = least
        above[w] = p
        if least != p:
            waiting.setdefault(least, []).append(w)
        if p in waiting:
            for v in waiting.pop(p):
                if above[above[v]] >= 0:
                    _compress(v, above, best, semi)
                u = best[v]
                dominator[v] = u if semi[u] < semi[v] else p
    result = [0] * n
    for w in range(1, n):
        d = dominator[w]
        if d != semi[w]:
            d = dominator[w] = dominator[d]
        result[order[w]] = order[d]
    return result


def _depth_first(
    starts: Sequence[int], targets: Sequence[int]
) -> tuple[list[int], list[int], list[int]]:
    """Return the nodes in depth-first order, the parent of each (by place), the place of each."""
    number = [-1] * (len(starts) - 1)
    order: list[int] = []
    parent: list[int] = []
    nodes, froms = [0], [0]
    while nodes:
        node, above = nodes.pop(), froms.pop()
        if number[node] >= 0:
            continue
        place = number[node] = len(order)
        order.append(node)
        parent.append(above)
        # Whoever was pushed last and not visited since is the parent: a true depth-first tree.
        for to in targets[starts[node] : starts[node + 1]]:
            if number[to] < 0:
                nodes.append(to)
                froms.append(place)
    return order, parent, number


def _compress(v: int, above: list[int], best: list[int], semi: list[int]) -> None:
    """Let `v` and all above it hang directly below the root of their tree."""
    path = []
    while above[above[v]] >= 0:
        path.append(v)
        v = above[v]
    for v in reversed(path):
        a = above[v]
        if semi[best[a]] < semi[best[v]]:
            best[v] = best[a]
        above[v] = above[a]


def _summed(total: list[int], dominator: Sequence[int]) -> list[int]:
    """Add to each node what it dominates."""
    n = len(total)
    left = [0] * n
    for d in dominator:
        left[d] += 1
    left[0] -= 1  # node 0 is its own
    ready = [v for v in range(1, n) if not left[v]]
    for v in ready:  # it grows meanwhile
        d = dominator[v]
        total[d] += total[v]
        left[d] -= 1
        if not left[d] and d:
            ready.append(d)
    return total


# -- names ----------------------------------------------------------------------------------------


def name_step(holder: Any, held: object) -> str:
    """Return how `holder` refers to `held`, as a program would write it behind the holder's name.

    ``[3]``, ``["key"]``, ``.field``, ``.name`` of an attribute; empty when there is nothing to
    write, because the two are one thing for a program (a slice and its backing array) or because it
    cannot be told.
    """
    if isinstance(holder, list | tuple):
        return next((f"[{i}]" for i, x in enumerate(holder) if x is held), "")
    if isinstance(holder, dict):
        return next((f"[{_key(k)}]" for k, x in holder.items() if x is held), "")
    if isinstance(holder, types.FunctionType):
        cells = zip(holder.__code__.co_freevars, holder.__closure__ or (), strict=False)
        return next((f".{name}" for name, cell in cells if cell is held), "")
    if isinstance(holder, types.CellType):
        return ""
    fields = getattr(type(holder), "go_type", None)
    if fields is not None:
        for f in getattr(fields, "fields", ()):
            value = getattr(holder, f.name, None)
            if value is held or getattr(value, "store", None) is held:
                return f".{f.name}"
    chunks = getattr(holder, "_chunks", None)
    if isinstance(chunks, dict):
        return _in_chunks(chunks, held)
    for name in _slots(type(holder)):
        if not name.startswith("_") and getattr(holder, name, None) is held:
            return "" if name == "store" else f".{name}"
    values = getattr(holder, "__dict__", None)
    if isinstance(values, dict) and values is not held:
        return next((f".{name}" for name, x in values.items() if x is held), "")
    return ""


def chain_text(chain: Sequence[Any]) -> str:
    """Return how the last of a chain of objects is reached, to be written behind the first's name.

    Examples
    --------
    >>> inner = [7]
    >>> middle = [0, inner]
    >>> chain_text([{"a": middle}, middle, inner])
    '["a"][1]'
    """
    text = ""
    i = 0
    while i + 1 < len(chain):
        holder, held = chain[i], chain[i + 1]
        i += 1
        values = getattr(holder, "_values", None)
        if isinstance(values, dict) and hasattr(holder, "_keys"):  # a map
            found = [holder._keys.get(ident, ident) for ident, v in values.items() if v is held]
            text += f"[{_key(found[0])}]" if found else ""
            continue
        attributes = isinstance(held, dict) and getattr(holder, "__dict__", None) is held
        if attributes and i + 1 < len(chain):
            i += 1
            text += name_step(held, chain[i]).replace('["', ".").replace('"]', "")
            continue
        step = name_step(holder, held)
        if i > 1 and step.startswith("[") and getattr(chain[i - 2], "store", None) is holder:
            step = _seen_from(chain[i - 2], step)
        text += step
    return text


def _seen_from(window: Any, step: str) -> str:
    """Return the index in a slice of what has an index in its array."""
    extent = getattr(window, "extent", None)
    if extent is None:
        return step
    each = window.store.elem.size
    index = int(step[1:-1]) - extent[0] // each
    return f"[{index}]" if 0 <= index < (extent[2] - extent[0]) // each else "[…]"


def _in_chunks(chunks: dict[int, Any], held: object) -> str:
    at = 0
    for number in sorted(chunks):
        chunk = chunks[number]
        at = number * 4096
        if isinstance(chunk, list):
            for i, x in enumerate(chunk):
                if x is held:
                    return f"[{at + i}]"
    return ""


def _key(key: object) -> str:
    if hasattr(key, "store") and hasattr(key, "extent"):
        key = str(key)
    if isinstance(key, str):
        return '"' + (key if len(key) <= 20 else key[:19] + "…") + '"'
    text = repr(key)
    return text if len(text) <= 20 else text[:19] + "…"


def _slots(cls: type) -> list[str]:
    found: list[str] = []
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        found += [slots] if isinstance(slots, str) else slots
    return found
