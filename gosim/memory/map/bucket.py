"""Maps as chains of buckets of eight (Go: ``runtime/map.go`` up to 1.23).

The low bits of a key's hash choose one of 2^B buckets. A bucket that is full is continued in an
*overflow* bucket; some of these come with the array, behind the regular ones. Beyond 6.5 entries
for each bucket the map doubles, with too many overflow buckets it is spread anew over as many, and
in both cases the old array lives on until stores and deletions have emptied it, two buckets each.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain as chain_ranges
from typing import Any, Final

from gosim.memory.features import MemoryFeatures
from gosim.memory.map.base import (
    MASK64,
    MULTIPLIER_1,
    MULTIPLIER_2,
    Choose,
    Entry,
    GoMap,
)
from gosim.memory.map.layout import POINTER_BYTES, SLOTS, Layout, MapType
from gosim.memory.sizeclass import roundupsize

_EXTRA_BYTES: Final = 24
_SLICE_HEADER_BYTES: Final = 24
_EXACT_COUNT_BELOW_B: Final = 16
_MAX_ALLOC: Final = 1 << 48


class _PointerSlice:
    """The bytes of the slice that keeps overflow buckets alive where buckets have no pointers.

    It grows as ``append`` makes it grow (``slice.go``, ``growslice``).
    """

    __slots__ = ("length", "capacity", "bytes")

    def __init__(self) -> None:
        self.length = 0
        self.capacity = 0
        self.bytes = _SLICE_HEADER_BYTES

    def append(self, layout: Layout) -> int:
        """Append one pointer; return the bytes allocated for it."""
        self.length += 1
        if self.length <= self.capacity:
            return 0
        capacity = self.capacity
        if capacity < 256:
            wanted = max(2 * capacity, 1)
        else:
            wanted = capacity + (capacity + 3 * 256) // 4
        usable = roundupsize(wanted * POINTER_BYTES, False, layout.go)
        self.capacity = usable // POINTER_BYTES
        allocated = layout.bytes(wanted * POINTER_BYTES, True)
        self.bytes = _SLICE_HEADER_BYTES + allocated
        return allocated


class _Array:
    """One array of buckets, with the overflow buckets that hang on it.

    Attributes
    ----------
    chains : list
        For each bucket the slots of it and its overflow buckets, as far as they were ever filled;
        None before the first entry.
    holes : dict
        The empty slots within a chain's length, by bucket; only buckets that have some.
    evacuated : bytearray
        1 for each bucket whose entries have moved to the next array.
    spare : int
        Overflow buckets behind the regular ones that nobody took yet.
    own : dict
        By bucket, the overflow buckets in its chain that were allocated one by one.
    """

    __slots__ = ("chains", "holes", "evacuated", "bytes", "spare", "own")

    def __init__(self, b: int, layout: Layout) -> None:
        buckets = 1 << b
        size = layout.bucket_size
        self.spare = 0
        total = buckets
        if b >= 4:
            total += buckets >> 4
            total = roundupsize(size * total, not layout.pointers, layout.go) // size
            self.spare = total - buckets
        self.bytes = layout.bytes(size * total, layout.pointers)
        self.chains: list[list[Entry | None] | None] = [None] * buckets
        self.holes: dict[int, int] = {}
        self.evacuated = bytearray()
        self.own: dict[int, int] = {}


class BucketMap(GoMap):
    """A map of Go 1.23 or older; see :class:`gosim.memory.map.base.GoMap`.

    Parameters
    ----------
    hint : int
        The size given to ``make``.

    Notes
    -----
    From 2^16 buckets on Go counts overflow buckets at random, one in 2^(B-15); here every
    2^(B-15)-th is counted.
    """

    __slots__ = (
        "_b",
        "_limit",
        "_array",
        "_old",
        "_same_size",
        "_moved",
        "_overflows",
        "_overflow_ticks",
        "_extra",
        "_list",
        "_old_list",
        "_iterated",
        "_old_iterated",
        "_own_count",
        "_old_own_count",
    )

    def __init__(self, typ: MapType, go: MemoryFeatures, hint: int = 0, seed: int = 0) -> None:
        super().__init__(typ, go, seed)
        if hint < 0 or hint * self.layout.bucket_size > _MAX_ALLOC:
            hint = 0
        self._b = 0
        self._limit = self._capacity(0)
        self._array: _Array | None = None
        self._old: _Array | None = None
        self._same_size = False
        self._moved = 0
        self._overflows = 0
        self._overflow_ticks = 0
        self._extra = False
        self._list: _PointerSlice | None = None
        self._old_list: _PointerSlice | None = None
        self._iterated = False
        self._old_iterated = False
        self._own_count = 0
        self._old_own_count = 0
        while hint > self._limit:
            self._b += 1
            self._limit = self._capacity(self._b)
        if self._b:
            self._array = self._new_array(self._b)

    def _capacity(self, b: int) -> int:
        """Return the entries that 2^b buckets may hold before the map grows."""
        if b == 0:
            return SLOTS
        if self.layout.go.map_load_factor_floor:
            return 6 << b
        return 13 << (b - 1)

    def _new_array(self, b: int) -> _Array:
        array = _Array(b, self.layout)
        self._malloc(array.bytes)
        if array.spare:
            self._need_extra()
        return array

    def _need_extra(self) -> None:
        if not self._extra:
            self._extra = True
            self._malloc(_EXTRA_BYTES)

    def _need_list(self) -> _PointerSlice:
        self._need_extra()
        if self._list is None:
            self._list = _PointerSlice()
            self._malloc(_SLICE_HEADER_BYTES)
        return self._list

    def _table_bytes(self) -> int:
        size = _EXTRA_BYTES if self._extra else 0
        for array in (self._array, self._old):
            if array is not None:
                size += array.bytes
        for kept in (self._list, self._old_list):
            if kept is not None:
                size += kept.bytes
        own = self._own_count + self._old_own_count
        return size + own * self.layout.bytes(self.layout.bucket_size, self.layout.pointers)

    # ---- what programs do ----

    def set(self, key: Any, value: Any) -> None:
        """Do ``m[key] = value``.

        Raises
        ------
        GoRuntimeError
            "hash of unhashable type T".
        """
        ident = key
        try:
            if not self._plain:
                ident = self._ident(key)
            entry = self._entries.get(ident)
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=False)
        if entry is not None:
            # Go moves two old buckets on for a store to a key that is there, too.
            if self._old is not None:
                self._grow_work(entry.hash)
            entry.value = value
            if self._update_key:
                entry.key = key
            return
        if type(key) is int:
            x = ((key ^ self._seed) * MULTIPLIER_1) & MASK64
            x = ((x ^ (x >> 32)) * MULTIPLIER_2) & MASK64
            hash_ = x ^ (x >> 29)
        else:
            hash_ = self._hash(key)
        array = self._array
        if array is None:
            array = self._array = self._new_array(0)
        if self._old is not None:
            self._grow_work(hash_)
        if self._old is None and (
            len(self._entries) >= self._limit or self._too_many_overflow_buckets()
        ):
            array = self._grow()
            self._grow_work(hash_)
        entry = self._entries[ident] = Entry(key, value, ident, hash_)
        if self._outside:
            self._malloc_outside()
        bucket = hash_ & ((1 << self._b) - 1)
        chain = array.chains[bucket]
        if chain is None:
            entry.slot = 0
            array.chains[bucket] = [entry]
            return
        holes = array.holes
        if bucket in holes:
            slot = chain.index(None)
            chain[slot] = entry
            entry.slot = slot
            if holes[bucket] == 1:
                del holes[bucket]
            else:
                holes[bucket] -= 1
            return
        slot = len(chain)
        if slot % SLOTS == 0:
            self._new_overflow(array, bucket)
        entry.slot = slot
        chain.append(entry)

    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``."""
        entry = self._find(key)
        if not self._entries:
            return
        if self._old is not None:
            self._grow_work(self._hash(key) if entry is None else entry.hash)
        if entry is None:
            return
        array = self._array
        assert array is not None
        bucket = entry.hash & ((1 << self._b) - 1)
        chain = array.chains[bucket]
        assert chain is not None and chain[entry.slot] is entry
        chain[entry.slot] = None
        array.holes[bucket] = array.holes.get(bucket, 0) + 1
        del self._entries[entry.ident]
        if not self._entries:
            self._reseed()

    def clear(self) -> None:
        """Do ``clear(m)``: overflow buckets go, the array stays."""
        if not self._entries:
            return
        assert self._array is not None
        self._entries.clear()
        for array in (self._array, self._old):
            if array is not None:  # for iterations going on
                for chain in array.chains:
                    if chain is not None:
                        chain[:] = [None] * len(chain)
        self._old = self._list = self._old_list = None
        self._same_size = False
        self._moved = self._overflows = self._own_count = self._old_own_count = 0
        # Cleared in Go in place: the same bytes, and all spare overflow buckets again. An
        # iteration going on sees in the array it started on that nothing is left.
        fresh = _Array(self._b, self.layout)
        fresh.bytes = self._array.bytes
        self._array = fresh
        self._reseed()

    # ---- growing ----

    def _too_many_overflow_buckets(self) -> bool:
        return self._overflows >= 1 << min(self._b, 15)

    def _new_overflow(self, array: _Array, bucket: int) -> None:
        """Continue the chain of `bucket` in one more bucket."""
        layout = self.layout
        if array.spare:
            array.spare -= 1
        else:
            self._malloc(layout.bytes(layout.bucket_size, layout.pointers))
            array.own[bucket] = array.own.get(bucket, 0) + 1
            self._own_count += 1
        if self._b < _EXACT_COUNT_BELOW_B:
            self._overflows += 1
        else:
            self._overflow_ticks += 1
            if not self._overflow_ticks % (1 << (self._b - 15)):
                self._overflows += 1
        if not layout.pointers:
            allocated = self._need_list().append(layout)
            if allocated:
                self._malloc(allocated)

    def _grow(self) -> _Array:
        """Start to double, or to spread over as many buckets anew."""
        self._same_size = len(self._entries) < self._limit
        old = self._array
        assert old is not None
        if not self._same_size:
            self._b += 1
            self._limit = self._capacity(self._b)
        self._array = array = self._new_array(self._b)
        self._old = old
        old.evacuated = bytearray(len(old.chains))
        self._moved = 0
        self._overflows = 0
        self._old_iterated, self._iterated = self._iterated, False
        self._old_list, self._list = self._list, None
        self._old_own_count, self._own_count = self._own_count, 0
        return array

    def _grow_work(self, hash_: int) -> None:
        """Move the old bucket that belongs to `hash_`, and one more."""
        old = self._old
        assert old is not None
        self._evacuate(old, hash_ & (len(old.chains) - 1))
        if self._old is not None:
            self._evacuate(old, self._moved)

    def _evacuate(self, old: _Array, bucket: int) -> None:
        if not old.evacuated[bucket]:
            old.evacuated[bucket] = 1
            chain = old.chains[bucket]
            if chain is not None:
                self._move(chain, bucket, 0 if self._same_size else len(old.chains))
                if not self._old_iterated:
                    # No iteration can come back to the old bucket.
                    old.chains[bucket] = None
                    if self.layout.pointers:
                        self._old_own_count -= old.own.get(bucket, 0)
        if bucket == self._moved:
            self._moved = end = len(old.chains)
            still = old.evacuated.find(0, bucket + 1)
            if still >= 0:
                # Go looks 1024 buckets ahead at most.
                self._moved = min(still, bucket + 1 + 1024)
            elif bucket + 1 + 1024 < end:
                self._moved = bucket + 1 + 1024
            if self._moved == end:
                self._old = self._old_list = None
                self._old_own_count = 0
                self._same_size = False

    def _move(self, chain: list[Entry | None], bucket: int, new_bit: int) -> None:
        """Move the entries of `chain` to one or two buckets of the new array, which are empty."""
        low: list[Entry | None] = []
        high: list[Entry | None] = []
        for entry in chain:
            if entry is not None:
                target = high if entry.hash & new_bit else low
                entry.slot = len(target)
                target.append(entry)
        array = self._array
        assert array is not None
        for place, target in ((bucket, low), (bucket + new_bit, high)):
            if target:
                array.chains[place] = target
                for _ in range((len(target) - 1) // SLOTS):
                    self._new_overflow(array, place)

    # ---- ranging ----

    def iterate(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over the map: the buckets in turn from a chosen one, each from a chosen slot."""
        if not self._entries:
            return iter(())
        assert self._array is not None
        start = choose(1 << self._b)
        offset = choose(SLOTS)
        if not self.layout.pointers:
            self._need_list()
        self._iterated = self._old_iterated = True
        return self._walk(self._array, self._b, start, offset)

    def _walk(self, array: _Array, b: int, start: int, offset: int) -> Iterator[tuple[Any, Any]]:
        mask = (1 << b) - 1
        entries = self._entries
        for bucket in chain_ranges(range(start, mask + 1), range(start)):
            source, place, check = array, bucket, False
            old = self._old
            if old is not None and b == self._b:
                # Started while the map was growing: where the old bucket has not been moved, take
                # from it what is going to come to this one.
                old_place = bucket & (len(old.chains) - 1)
                if not old.evacuated[old_place]:
                    source, place, check = old, old_place, not self._same_size
            chain = source.chains[place]
            if chain is None:
                continue
            block = 0
            while block < len(chain):
                for i in range(SLOTS):
                    slot = block + ((i + offset) & (SLOTS - 1))
                    entry = chain[slot] if slot < len(chain) else None
                    if entry is None or (check and entry.hash & mask != bucket):
                        continue
                    # Moved since: what the map has now under the key counts.
                    current = entries.get(entry.ident)
                    if current is not None:
                        yield current.key, current.value
                block += SLOTS
