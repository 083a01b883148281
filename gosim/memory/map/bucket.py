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

from gosim.memory.heap import Block, Heap, Object
from gosim.memory.map.base import EMPTY, Choose, GoMap, first
from gosim.memory.map.layout import POINTER_BYTES, SLOTS, Layout, MapType
from gosim.memory.sizeclass import roundupsize

_EXTRA_BYTES: Final = 24
_SLICE_HEADER_BYTES: Final = 24
_EXACT_COUNT_BELOW_B: Final = 16
_MAX_ALLOC: Final = 1 << 48


class _PointerSlice:
    """The slice that keeps overflow buckets alive where buckets have no pointers.

    It grows as ``append`` makes it grow (``slice.go``, ``growslice``).

    Attributes
    ----------
    header, array : Block
        The slice itself and its backing array; None before the first pointer.
    buckets : list of Block
        The overflow buckets that are objects of their own; others lie in the array of buckets.
    """

    __slots__ = ("array", "buckets", "capacity", "header", "heap", "length")

    def __init__(self, heap: Heap) -> None:
        self.heap = heap
        self.length = 0
        self.capacity = 0
        self.buckets: list[Block] = []
        self.header = heap.malloc(_SLICE_HEADER_BYTES, False)
        self.array: Block | None = None

    def __gosim_referents__(self) -> Iterator[Object]:
        yield self.header
        if self.array is not None:
            yield self.array
        yield from self.buckets

    def append(self, bucket: Block | None) -> None:
        """Append a pointer to an overflow bucket; None for one in the array of buckets."""
        if bucket is not None:
            self.buckets.append(bucket)
        self.length += 1
        if self.length <= self.capacity:
            return
        capacity = self.capacity
        if capacity < 256:
            wanted = max(2 * capacity, 1)
        else:
            wanted = capacity + (capacity + 3 * 256) // 4
        size = wanted * POINTER_BYTES
        self.capacity = roundupsize(size, False, self.heap.features) // POINTER_BYTES
        self.array = self.heap.malloc(size, False)


class _Array:
    """One array of buckets, with the overflow buckets that hang on it.

    Attributes
    ----------
    block : Block
        The array on the heap.
    chains : list
        For each bucket what is in the slots of it and its overflow buckets, as far as they were
        ever filled; None before the first entry.
    holes : dict
        The empty slots within a chain's length, by bucket; only buckets that have some.
    evacuated : bytearray
        1 for each bucket whose entries have moved to the next array.
    spare : int
        Overflow buckets behind the regular ones that nobody took yet.
    own : dict
        By bucket, the overflow buckets in its chain that were allocated one by one, where buckets
        hold pointers.
    """

    __slots__ = ("block", "chains", "evacuated", "holes", "own", "spare", "spare_at_first")

    def __init__(self, b: int, layout: Layout, heap: Heap) -> None:
        total = buckets = 1 << b
        size = layout.bucket_size
        if b >= 4:
            total += buckets >> 4
            total = roundupsize(size * total, not layout.pointers, layout.features) // size
        self.spare_at_first = total - buckets
        self.chains: list[list[Any] | None] = [None] * buckets
        self.evacuated = bytearray()
        self.holes: dict[int, int] = {}
        self.own: dict[int, list[Block]] = {}
        self.spare = self.spare_at_first
        self.block = heap.malloc(size * total, not layout.pointers)

    def reset(self) -> None:
        """Empty it; a range that is at one of its chains sees that nothing is left there."""
        for chain in self.chains:
            if chain is not None:
                chain[:] = [EMPTY] * len(chain)
        self.chains = [None] * len(self.chains)
        self.holes.clear()
        self.own.clear()
        self.spare = self.spare_at_first

    def __gosim_referents__(self) -> Iterator[Object]:
        yield self.block
        for blocks in self.own.values():
            yield from blocks


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
        "_overflow_limit",
        "_overflow_ticks",
        "_extra",
        "_list",
        "_old_list",
        "_iterated",
        "_old_iterated",
    )

    def __init__(
        self,
        typ: MapType,
        heap: Heap,
        hint: int = 0,
        seed: int = 0,
        choose: Choose = first,
    ) -> None:
        super().__init__(typ, heap, seed, choose)
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
        self._extra: Block | None = None
        self._list: _PointerSlice | None = None
        self._old_list: _PointerSlice | None = None
        self._iterated = False
        self._old_iterated = False
        while hint > self._limit:
            self._b += 1
            self._limit = self._capacity(self._b)
        self._overflow_limit = 1 << min(self._b, 15)
        if self._b:
            self._array = self._new_array(self._b)

    def _capacity(self, b: int) -> int:
        """Return the entries that 2^b buckets may hold before the map grows."""
        if b == 0:
            return SLOTS
        if self.layout.features.map_load_factor_floor:
            return 6 << b
        return 13 << (b - 1)

    def _new_array(self, b: int) -> _Array:
        array = _Array(b, self.layout, self.heap)
        if array.spare:
            self._need_extra()
        return array

    def _need_extra(self) -> None:
        if self._extra is None:
            self._extra = self.heap.malloc(_EXTRA_BYTES, False)

    def _need_list(self) -> _PointerSlice:
        self._need_extra()
        if self._list is None:
            self._list = _PointerSlice(self.heap)
        return self._list

    def _table_memory(self) -> Iterator[Object]:
        if self._extra is not None:
            yield self._extra
        for part in (self._array, self._old, self._list, self._old_list):
            if part is not None:
                yield from part.__gosim_referents__()

    # ---- what programs do ----

    def set(self, key: Any, value: Any) -> None:
        """Do ``m[key] = value``.

        Raises
        ------
        GoRuntimeError
            "hash of unhashable type T".
        """
        classes = self._known_keys
        if classes is not None and type(key) not in classes:
            key = self._checked(key)
        classes = self._known_elems
        if classes is not None and type(value) not in classes:
            value = self._checked_elem(value)
        ident = key
        try:
            if not self._plain:
                ident = self._ident(key)
            known = ident in self._values
        except TypeError as error:
            self._cannot_hash(key, error, looked_up=False)
        if known:
            # Go moves two old buckets on for a store to a key that is there, too.
            if self._old is not None:
                self._grow_work(self._hash_of(ident))
            self._values[ident] = value if self._bare else self._change(ident, key, value)
            return
        if not self._bare:
            value = self._prepare(ident, key, value)
        if type(ident) is int:
            # As `mix` does.
            seed = self._seed
            x = ident ^ seed
            hash_ = hash((x * x, seed))
        else:
            hash_ = self._hashes[ident] = self._hash(ident)
        array = self._array
        if array is None:
            array = self._array = self._new_array(0)
        if self._old is not None:
            self._grow_work(hash_)
        if (
            len(self._values) >= self._limit or self._overflows >= self._overflow_limit
        ) and self._old is None:
            array = self._grow()
            self._grow_work(hash_)
        self._values[ident] = value
        chains = array.chains
        bucket = hash_ & (len(chains) - 1)
        chain = chains[bucket]
        if chain is None:
            chains[bucket] = [ident]
            return
        if bucket in array.holes:
            chain[next(i for i, there in enumerate(chain) if there is EMPTY)] = ident
            array.holes[bucket] -= 1
            if not array.holes[bucket]:
                del array.holes[bucket]
            return
        if not len(chain) % SLOTS:
            self._new_overflow(array, bucket)
        chain.append(ident)

    __setitem__ = set

    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``."""
        ident, known = self._known(key)
        if not self._values:
            return
        if self._old is not None:
            self._grow_work(self._hash_of(ident) if known else self._hash(ident))
        if not known:
            return
        array = self._array
        assert array is not None
        bucket = self._hash_of(ident) & ((1 << self._b) - 1)
        chain = array.chains[bucket]
        assert chain is not None
        chain[chain.index(ident)] = EMPTY
        array.holes[bucket] = array.holes.get(bucket, 0) + 1
        self._forget(ident)

    def clear(self) -> None:
        """Do ``clear(m)``: overflow buckets go, the array stays."""
        if not self._values:
            return
        for array in (self._array, self._old):
            if array is not None:
                array.reset()
        self._old = self._list = self._old_list = None
        self._same_size = False
        self._moved = self._overflows = 0
        self._forget_all()

    # ---- growing ----

    def _new_overflow(self, array: _Array, bucket: int) -> None:
        """Continue the chain of `bucket` in one more bucket."""
        layout = self.layout
        block: Block | None = None
        if array.spare:
            array.spare -= 1
        else:
            block = self.heap.malloc(layout.bucket_size, not layout.pointers)
            if layout.pointers:
                array.own.setdefault(bucket, []).append(block)
        if self._b < _EXACT_COUNT_BELOW_B:
            self._overflows += 1
        else:
            self._overflow_ticks += 1
            if not self._overflow_ticks % (1 << (self._b - 15)):
                self._overflows += 1
        if not layout.pointers:
            self._need_list().append(block)

    def _grow(self) -> _Array:
        """Start to double, or to spread over as many buckets anew."""
        self._same_size = len(self._values) < self._limit
        old = self._array
        assert old is not None
        if not self._same_size:
            self._b += 1
            self._limit = self._capacity(self._b)
            self._overflow_limit = 1 << min(self._b, 15)
        self._array = array = self._new_array(self._b)
        self._old = old
        old.evacuated = bytearray(len(old.chains))
        self._moved = 0
        self._overflows = 0
        self._old_iterated, self._iterated = self._iterated, False
        self._old_list, self._list = self._list, None
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
                    old.own.pop(bucket, None)
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
                self._same_size = False

    def _move(self, chain: list[Any], bucket: int, new_bit: int) -> None:
        """Move the entries of `chain` to one or two buckets of the new array, which are empty."""
        array = self._array
        assert array is not None
        low = idents = [ident for ident in chain if ident is not EMPTY]
        if new_bit:
            hashes = self._hashes_of(idents)
            low = [i for i, hash_ in zip(idents, hashes, strict=True) if not hash_ & new_bit]
            if len(low) < len(idents):
                high = [i for i, hash_ in zip(idents, hashes, strict=True) if hash_ & new_bit]
                array.chains[bucket + new_bit] = high
                if len(high) > SLOTS:
                    self._continue(array, bucket + new_bit, high)
        if low:
            array.chains[bucket] = low
            if len(low) > SLOTS:
                self._continue(array, bucket, low)

    def _continue(self, array: _Array, bucket: int, chain: list[Any]) -> None:
        """Allocate the overflow buckets of a chain that was moved."""
        for _ in range((len(chain) - 1) // SLOTS):
            self._new_overflow(array, bucket)

    # ---- ranging ----

    def _range(self, choose: Choose) -> Iterator[Any]:
        """Range over the buckets in turn from a chosen one, over each from a chosen slot."""
        assert self._array is not None
        start = choose(1 << self._b)
        offset = choose(SLOTS)
        if not self.layout.pointers:
            self._need_list()
        self._iterated = self._old_iterated = True
        return self._walk(self._array, self._b, start, offset, (self._list, self._old_list))

    def _walk(
        self,
        array: _Array,
        b: int,
        start: int,
        offset: int,
        overflow: tuple[_PointerSlice | None, _PointerSlice | None],
    ) -> Iterator[Any]:
        mask = (1 << b) - 1
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
                    ident = chain[slot] if slot < len(chain) else EMPTY
                    # Moved since: what the map has now under the key counts.
                    if ident is EMPTY or ident not in self._values:
                        continue
                    if not check or self._hash_of(ident) & mask == bucket:
                        yield ident
                block += SLOTS
        # Up to here the range keeps the overflow buckets alive that were there when it began.
        del overflow
