"""A world that has nothing but a heap, for tests of the doors to memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.runtime import current


@contextmanager
def heap_world(go: str = "1.27") -> Iterator[Heap]:
    """Let the doors find a new heap of Go `go`."""
    heap = Heap(features(go))
    world: Any = SimpleNamespace(heap=heap, streams={}, seed=0, choose=lambda n, kind: 0)
    previous = current.activate(world)
    try:
        yield heap
    finally:
        current.activate(previous)


def cost(heap: Heap, make: Callable[[], Any]) -> tuple[Any, int, int]:
    """Return what `make` makes, and the bytes and objects that it takes from the heap."""
    # Reading MemStats ends the block of tiny objects (``mcache.releaseAll``).
    heap._tiny_block = None
    total, mallocs = heap.total_alloc, heap.mallocs
    made = make()
    return made, heap.total_alloc - total, heap.mallocs - mallocs


def live(heap: Heap, *kept: object) -> int:
    """Return the heap bytes in use after a collection that finds only what is `kept`."""
    marked: dict[int, object] = {}
    todo = list(kept)
    while todo:
        value = todo.pop()
        if id(value) in marked or value is None:
            continue
        marked[id(value)] = value
        if isinstance(value, list | tuple):
            todo += value
        elif hasattr(value, "__gosim_referents__"):
            todo += value.__gosim_referents__()
    heap.sweep(marked.keys())
    return heap.live
