"""The small multigraph and its cycles agree with networkx."""

from __future__ import annotations

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.leaks.multigraph import MultiGraph, simple_cycles

NODES = st.integers(0, 6)
EDGES = st.lists(st.tuples(NODES, NODES), max_size=14)


def turned(cycle: list[int]) -> tuple[int, ...]:
    least = cycle.index(min(cycle))
    return tuple(cycle[least:] + cycle[:least])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(EDGES)
def test_cycles_are_those_of_networkx_each_from_its_first_node(
    edges: list[tuple[int, int]],
) -> None:
    successors = {a: sorted({b for x, b in edges if x == a}) for a in range(7)}
    ours = simple_cycles(successors, 10**9)
    theirs = networkx.simple_cycles(networkx.DiGraph(edges))
    assert sorted(map(tuple, ours)) == sorted(turned(cycle) for cycle in theirs)


def test_cycles_stop_at_the_limit() -> None:
    everything = {a: [b for b in range(9) if b != a] for a in range(9)}
    assert len(simple_cycles(everything, 100)) == 100


@settings(derandomize=True, deadline=None)
@given(EDGES, st.lists(NODES, max_size=2))
def test_the_small_graph_answers_like_networkx(
    edges: list[tuple[int, int]], removed: list[int]
) -> None:
    ours, theirs = MultiGraph(name="x"), networkx.MultiDiGraph(name="x")
    for i, (a, b) in enumerate(edges):
        for graph in (ours, theirs):
            graph.add_edge(str(a), str(b), kind=f"kind {i}")
            graph.add_node(str(a), seen=i)
    for node in map(str, removed):
        if node in ours:
            ours.remove_node(node)
            theirs.remove_node(node)
    turned_into = ours.to_networkx()
    assert list(ours.nodes(data=True)) == list(theirs.nodes(data=True))
    assert list(ours.edges(data=True)) == list(theirs.edges(data=True))
    assert list(ours.edges(data="kind")) == list(theirs.edges(data="kind"))
    assert list(turned_into.edges(data=True)) == list(theirs.edges(data=True))
    assert ours.graph == theirs.graph
    for node in ours.nodes:
        assert list(ours.out_edges(node)) == list(theirs.out_edges(node))
        # networkx orders these by when their first node was met
        assert sorted(ours.in_edges(node)) == sorted(theirs.in_edges(node))
        assert ours.degree(node) == theirs.degree(node)
        for other in ours.nodes:
            data = ours.get_edge_data(node, other, default={})
            assert data == theirs.get_edge_data(node, other, default={})
