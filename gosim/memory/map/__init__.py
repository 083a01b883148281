"""Go's map as a value: its semantics, its growth, and its bytes, up to 1.23 and from 1.24 on.

Nothing here needs a run: what is random in Go (hash seeds, where an iteration starts) is given.

Examples
--------
>>> from gosim.memory.features import features
>>> m = make_map(MapType(STRING, INT, zero=int), features("1.27"))
>>> m.set("a", 1)
>>> m.get("a"), m.get_ok("b"), len(m), m.live_bytes
(1, (0, False), 1, 256)
"""

from __future__ import annotations

from gosim.memory.features import MemoryFeatures
from gosim.memory.map.base import Choose, GoMap, NilMap
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


def make_map(typ: MapType, go: MemoryFeatures, hint: int = 0, seed: int = 0) -> GoMap:
    """Return ``make(map[K]V, hint)``.

    Parameters
    ----------
    typ : MapType
        The map's type.
    go : MemoryFeatures
        Which Go.
    hint : int
        Entries to make room for; a negative or impossible number makes no room and is no error.
    seed : int
        What stands for the random seed of the hash.
    """
    return (SwissMap if go.swiss_maps else BucketMap)(typ, go, hint, seed)


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
