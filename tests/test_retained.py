"""Dominators: what each root keeps alive alone, and by which chain."""

from __future__ import annotations

import time
from dataclasses import dataclass

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.memory.collector import Edges
from gosim.memory.features import features
from gosim.memory.heap import Block, Heap
from gosim.memory.retained import Graph, dominators, name_step, own_bytes


def new_heap() -> Heap:
    return Heap(features("1.27"))


def rows(graph: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return a graph given as lists of successors in the form `dominators` takes."""
    starts, targets = [0], []
    for to in graph:
        targets += to
        starts.append(len(targets))
    return starts, targets


@st.composite
def rooted(draw: st.DrawFn) -> list[list[int]]:
    """Random graphs of which node 0 leads to all."""
    n = draw(st.integers(1, 12))
    graph: list[list[int]] = [[] for _ in range(n)]
    names = [0, *draw(st.permutations(range(1, n)))]
    for i in range(1, n):
        graph[names[draw(st.integers(0, i - 1))]].append(names[i])
    node = st.integers(0, n - 1)
    for a, b in draw(st.lists(st.tuples(node, node), max_size=2 * n)):
        graph[a].append(b)
    return graph


@settings(max_examples=300, deadline=None, derandomize=True)
@given(rooted())
def test_dominators_are_those_of_networkx(graph: list[list[int]]) -> None:
    digraph = networkx.DiGraph((a, b) for a, to in enumerate(graph) for b in to)
    digraph.add_node(0)
    expected = {**networkx.immediate_dominators(digraph, 0), 0: 0}
    assert dominators(*rows(graph)) == [expected[i] for i in range(len(graph))]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rooted())
def test_retained_is_what_would_be_freed_if_the_root_alone_were_gone(
    graph: list[list[int]],
) -> None:
    # The definition, by brute force: take one root away and look what is not reached any more.
    heap = new_heap()
    blocks = [heap.malloc(16 << i % 5, False) for i in range(len(graph))]
    for block, to in zip(blocks, graph, strict=True):
        block.refs = [blocks[i] for i in to]
    roots = {i: [blocks[i]] for i in range(0, len(graph), 2)}

    def reached(names: list[int]) -> set[int]:
        seen: set[int] = set()
        todo = list(names)
        while todo:
            if (i := todo.pop()) not in seen:
                seen.add(i)
                todo += graph[i]
        return seen

    every = reached(list(roots))
    expected = {
        name: sum(blocks[i].allocated for i in every - reached([x for x in roots if x != name]))
        for name in roots
    }
    assert Graph(roots, Edges()).retained_by_roots() == expected


def test_dominators_refuse_a_graph_that_does_not_hang_together() -> None:
    with pytest.raises(ValueError, match="1 nodes cannot be reached"):
        dominators(*rows([[0], [0]]))


def test_what_two_roots_share_is_retained_by_neither() -> None:
    heap = new_heap()
    a, b, shared = (heap.malloc(n, True) for n in (1024, 2048, 4096))
    graph = Graph({"x": [a, shared], "y": [[b], {"k": shared}]}, Edges())
    assert graph.retained_by_roots() == {"x": 1024, "y": 2048}
    both = Graph({"xy": [a, b, shared]}, Edges())
    assert both.retained_by_roots() == {"xy": 7168}


def test_a_root_that_leads_to_nothing_retains_nothing() -> None:
    assert Graph({"x": [], "y": [1, "text", None]}, Edges()).retained_by_roots() == {"x": 0, "y": 0}
    assert Graph({}, Edges()).retained_by_roots() == {}


def test_barred_objects_are_not_passed() -> None:
    heap = new_heap()
    inner = heap.malloc(64, True)
    door = [inner]
    graph = Graph({"x": [door]}, Edges(), [id(door)])
    assert graph.retained_by_roots() == {"x": 0} and graph.path(inner) is None


def test_objects_retain_what_hangs_on_them() -> None:
    heap = new_heap()
    leaf = heap.malloc(1024, True)
    node = Block([leaf])
    heap.allocate(node, 16, False)
    graph = Graph({"x": [node]}, Edges())
    number = graph.number(node)
    assert number is not None and graph.retained[number] == 1040
    assert own_bytes(node) == 16 and own_bytes([node]) == 0


def test_the_path_is_a_shortest_one() -> None:
    heap = new_heap()
    target = heap.malloc(64, True)
    long = [[[target]]]
    short = {"key": target}
    graph = Graph({"long": [long], "short": [short]}, Edges())
    assert graph.path(target) == ("short", [short, target])
    assert graph.path([]) is None


@dataclass
class Server:
    cache: object = None


class Slotted:
    __slots__ = ("buf",)

    def __init__(self, buf: object) -> None:
        self.buf = buf


def test_steps_have_the_names_that_a_program_writes() -> None:
    held = Block()
    assert name_step([1, held], held) == "[1]"
    assert name_step((held,), held) == "[0]"
    assert name_step({"k": held}, held) == '["k"]'
    assert name_step({3: held}, held) == "[3]"
    assert name_step({"a" * 50: held}, held) == '["aaaaaaaaaaaaaaaaaaa…"]'
    assert name_step(Server(held), held) == ".cache"
    assert name_step(Slotted(held), held) == ".buf"
    assert name_step({held}, held) == ""
    f = lambda: held  # noqa: E731
    assert f.__closure__ is not None
    assert name_step(f, f.__closure__[0]) == ".held"
    assert name_step(f.__closure__[0], held) == ""


def test_values_of_the_heap_have_names_too() -> None:
    from gosim.memory.pointer import Box
    from gosim.memory.slice import slice_of_values
    from gosim.memory.struct import define, new_struct
    from gosim.memory.types import ANY, INT, pointer_to

    class Node:
        value: int
        next: object

    heap = new_heap()
    struct = define(Node, {}, resolve=lambda t: INT if t == "int" or t is int else pointer_to(None))
    last = new_struct(struct, {}, heap=heap)
    first = new_struct(struct, {"next": last}, heap=heap)
    assert name_step(first, last) == ".next"
    box = Box(ANY, last, heap=heap)
    s = slice_of_values(ANY, [None, box], heap=heap)
    assert name_step(s, s.store) == "" and name_step(s.store, box) == "[1]"


def test_a_long_list_needs_no_recursion_and_little_time() -> None:
    # A list with an index beside it: all of it hangs on the index, whatever the depth.
    heap = new_heap()
    index: list[Block] = []
    for i in range(100_000):
        block = heap.malloc(16, False)
        block.refs = index[i - 1 :]
        index.append(block)
    began = time.process_time()
    graph = Graph({"last": [index[-1]], "index": [index]}, Edges())
    retained = graph.retained_by_roots()
    assert time.process_time() - began < 8  # about 0.5 here; a million take 5
    assert retained == {"last": 0, "index": 0}
    assert Graph({"last": [index[-1]]}, Edges()).retained_by_roots() == {"last": 1_600_000}
