"""A small directed multigraph, so that printing a run need not load networkx.

Importing networkx takes longer than everything else that ``gosim run`` does on a small lesson.
`MultiGraph` has those methods of ``networkx.MultiDiGraph`` that `gosim.leaks.graph` uses, with the
same meaning and the same order, and turns into one on request.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import networkx

N = TypeVar("N", bound=Hashable)


class _Nodes(dict[str, dict[str, Any]]):
    """Node attributes; called, it yields nodes like networkx's node view."""

    def __call__(self, data: bool = False) -> Any:
        return self.items() if data else self.keys()


class MultiGraph:
    """Nodes and parallel directed edges with attributes, in the order they were added.

    Attributes
    ----------
    graph : dict
        Attributes of the graph itself.
    nodes : mapping
        Name to attributes.
    """

    def __init__(self, **attributes: Any) -> None:
        self.graph: dict[str, Any] = attributes
        self.nodes = _Nodes()
        self._out: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        self._in: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}

    def __contains__(self, node: object) -> bool:
        return node in self.nodes

    def add_node(self, node: str, **attributes: Any) -> None:
        """Add a node, or attributes to one that is there."""
        self.nodes.setdefault(node, {}).update(attributes)
        self._out.setdefault(node, [])
        self._in.setdefault(node, [])

    def add_edge(self, a: str, b: str, **attributes: Any) -> None:
        """Add an edge beside those that lead from `a` to `b` already."""
        self.add_node(a)
        self.add_node(b)
        edge = (a, b, attributes)
        self._out[a].append(edge)
        self._in[b].append(edge)

    def remove_node(self, node: str) -> None:
        """Take out a node and its edges."""
        for _, b, _ in self._out.pop(node):
            self._in[b] = [e for e in self._in[b] if e[0] != node]
        for a, _, _ in self._in.pop(node):
            if a != node:
                self._out[a] = [e for e in self._out[a] if e[1] != node]
        del self.nodes[node]

    def edges(self, data: bool | str = False) -> Iterator[Any]:
        """Yield all edges, by their first node."""
        for node in self.nodes:
            yield from _shown(self._grouped(self._out[node], 1), data)

    def out_edges(self, node: str, data: bool | str = False) -> Iterator[Any]:
        """Yield the edges that leave a node."""
        return _shown(self._grouped(self._out[node], 1), data)

    def in_edges(self, node: str, data: bool | str = False) -> Iterator[Any]:
        """Yield the edges that lead to a node."""
        return _shown(self._grouped(self._in[node], 0), data)

    @staticmethod
    def _grouped(edges: list[Any], end: int) -> list[Any]:
        """Put parallel edges side by side, as networkx does."""
        first: dict[str, int] = {}
        for edge in edges:
            first.setdefault(edge[end], len(first))
        return sorted(edges, key=lambda edge: first[edge[end]])

    def degree(self, node: str) -> int:
        """Return the number of ends of edges at a node."""
        return len(self._out[node]) + len(self._in[node])

    def get_edge_data(self, a: str, b: str, *, default: Any = None) -> Any:
        """Return the attributes of the edges from `a` to `b` by number, or `default`."""
        between = [data for _, other, data in self._out.get(a, ()) if other == b]
        return dict(enumerate(between)) if between else default

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Return the same graph as networkx knows it."""
        import networkx

        graph = networkx.MultiDiGraph(**self.graph)
        graph.add_nodes_from(self.nodes.items())
        graph.add_edges_from(self.edges(data=True))
        return graph


def _shown(edges: Sequence[Any], data: bool | str) -> Iterator[Any]:
    for a, b, attributes in edges:
        if data is True:
            yield a, b, attributes
        elif data:
            yield a, b, attributes.get(data)
        else:
            yield a, b


def simple_cycles(successors: Mapping[N, Sequence[N]], limit: int) -> list[list[N]]:
    """Return up to `limit` elementary cycles, each from its first node (in the mapping's order).

    D. B. Johnson, "Finding all the elementary circuits of a directed graph" (1975): nodes from
    which no new cycle can be closed stay blocked until one of their successors is unblocked, so
    the time per cycle is linear in the size of the graph.
    """
    order = {node: i for i, node in enumerate(successors)}
    found: list[list[N]] = []
    # Most nodes of a large graph are in no cycle: only knots are searched, each by itself.
    knot: dict[N, set[N]] = {}
    for nodes in _knots(successors):
        knot.update(dict.fromkeys(nodes, nodes))
    for start in successors:
        if start not in knot:
            continue
        at = order[start]
        later = {n: successors[n] for n in knot[start] if order[n] >= at}
        component = _component(later, start)
        if len(component) == 1 and start not in successors[start]:
            continue
        blocked, waiting = {start}, {n: set[N]() for n in component}
        path, closed = [start], set[N]()
        stack = [iter([n for n in successors[start] if n in component])]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                left = path.pop()
                if left in closed:
                    _unblock(left, blocked, waiting)
                else:
                    for n in successors[left]:
                        if n in component:
                            waiting[n].add(left)
                if path and left in closed:
                    closed.add(path[-1])
            elif node == start:
                found.append(list(path))
                if len(found) == limit:
                    return found
                closed.add(path[-1])
            elif node not in blocked:
                blocked.add(node)
                closed.discard(node)
                path.append(node)
                stack.append(iter([n for n in successors[node] if n in component]))
    return found


def _unblock(node: N, blocked: set[N], waiting: dict[N, set[N]]) -> None:
    todo = [node]
    while todo:
        node = todo.pop()
        if node in blocked:
            blocked.discard(node)
            todo.extend(waiting[node])
            waiting[node].clear()


def _knots(successors: Mapping[N, Sequence[N]]) -> Iterator[set[N]]:
    """Yield the strongly connected components that have a cycle.

    R. E. Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
    """
    number: dict[N, int] = {}
    low: dict[N, int] = {}
    path: list[N] = []
    on_path: set[N] = set()
    for root in successors:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        stack = [(root, iter(successors[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    path.append(other)
                    on_path.add(other)
                    stack.append((other, iter(successors[other])))
                    break
                if other in on_path:
                    low[node] = min(low[node], number[other])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[node])
                if low[node] == number[node]:
                    nodes = set()
                    while node not in nodes:
                        nodes.add(path.pop())
                    on_path -= nodes
                    if len(nodes) > 1 or node in successors[node]:
                        yield nodes


def _component(successors: Mapping[N, Sequence[N]], start: N) -> set[N]:
    """Return the nodes that `start` reaches and that reach `start`."""
    reached = _reach(successors, start)
    backwards: dict[N, list[N]] = {n: [] for n in reached}
    for a in reached:
        for b in successors[a]:
            if b in reached:
                backwards[b].append(a)
    return _reach(backwards, start)


def _reach(successors: Mapping[N, Sequence[N]], start: N) -> set[N]:
    reached, todo = {start}, [start]
    while todo:
        for b in successors.get(todo.pop(), ()):
            if b not in reached and b in successors:
                reached.add(b)
                todo.append(b)
    return reached
