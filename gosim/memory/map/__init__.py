"""Go's map as a value: its semantics, its growth, and its bytes, up to 1.23 and from 1.24 on.

Nothing here needs a run: what is random in Go (hash seeds, where an iteration starts) is given.

Examples
--------
>>> from gosim.memory.features import features
>>> from gosim.memory.heap import Heap
>>> m = make_map(MapType(STRING, INT, zero=int), heap=Heap(features("1.27")))
>>> m["a"] = 1
>>> m["a"], m.get_ok("b"), len(m), m.live_bytes
(1, (0, False), 1, 256)
"""

from __future__ import annotations

from gosim.memory.heap import Heap
from gosim.memory.map.base import Choose, GoMap, NilMap, first
from gosim.memory.map.bucket import BucketMap
from gosim.memory.map.layout import (
    ANY,
    BOOL,
    BYTE,
    EMPTY_STRUCT,
    FLOAT64,
    INT,
    INT32,
    POINTER,
    SLICE,
    STRING,
    Layout,
    MapType,
    Part,
)
from gosim.memory.map.swiss import SwissMap


def make_map(
    typ: MapType, hint: int = 0, *, heap: Heap, seed: int = 0, choose: Choose = first
) -> GoMap:
    """Return ``make(map[K]V, hint)``.

    Parameters
    ----------
    typ : MapType
        The map's type.
    hint : int
        Entries to make room for; a negative or impossible number makes no room and is no error.
    heap : Heap
        Where it lies; also says which Go.
    seed : int
        What stands for the random seed of the hash.
    choose : callable
        Given n, which of n starts ``for k, v in m.items()`` takes; the first when left out.
    """
    kind = SwissMap if heap.features.swiss_maps else BucketMap
    return kind(typ, heap, hint, seed, choose)


__all__ = [
    "make_map",
    "BucketMap",
    "Choose",
    "GoMap",
    "Layout",
    "MapType",
    "NilMap",
    "Part",
    "SwissMap",
    "ANY",
    "BOOL",
    "BYTE",
    "EMPTY_STRUCT",
    "FLOAT64",
    "INT",
    "INT32",
    "POINTER",
    "SLICE",
    "STRING",
]
