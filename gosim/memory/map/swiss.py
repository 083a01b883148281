"""Maps as Swiss tables (Go: ``internal/runtime/maps`` from 1.24).

Up to eight entries lie in one *group* of eight slots. Then there is a *table*: groups that double
from two to 128, filled to 7/8. A full table of 1024 slots is split in two by one more leading bit
of the hash, and a *directory* leads from those bits to the tables. Deleting from a group that was
once full leaves a *tombstone*, lest searches end there too soon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from gosim.memory.features import MemoryFeatures
from gosim.memory.map.base import (
    MASK64,
    MULTIPLIER_1,
    MULTIPLIER_2,
    Choose,
    Entry,
    GoMap,
    Never,
)
from gosim.memory.map.layout import POINTER_BYTES, SLOTS, MapType

MAX_TABLE_CAPACITY: Final = 1024
_TABLE_BYTES: Final = 32
_MAX_LOAD: Final = 7  # of 8 slots of a group, on average
_MAX_ALLOC: Final = 1 << 48

_FIRST: Final = bytes((i & -i).bit_length() - 1 if i else 0 for i in range(256))
"""The number of the lowest bit set, by mask."""
_ALL: Final = 0xFF

_PRUNES: Final = {"1.24": False, "1.25": True, "1.26": True, "1.27": True}
"""Tombstones nobody needs are taken away before a table grows, and ``clear`` of a map that is
already empty takes them away (Go issue 70886)."""

_STORES_INTO_FULL_GROUP: Final = {"1.24": False, "1.25": False, "1.26": False, "1.27": True}
"""Storing to a key that is there leaves a small map of eight small; before, it grew."""


class _Table:
    """A table.

    Attributes
    ----------
    empty, dead : bytearray
        For each group the mask of its empty slots and of its tombstones. No group has both.
    growth_left : int
        Slots that may be filled before the table grows; tombstones count as filled.
    depth : int
        Leading bits of the hash that all its entries share.
    index : int
        Its first place in the directory; -1 once it was replaced.
    """

    __slots__ = (
        "capacity",
        "mask",
        "used",
        "growth_left",
        "depth",
        "index",
        "slots",
        "empty",
        "dead",
    )

    def __init__(self, capacity: int, depth: int, index: int) -> None:
        self.capacity = capacity
        self.mask = capacity // SLOTS - 1
        self.depth = depth
        self.index = index
        self.slots: list[Entry | None] = [None] * capacity
        self.reset()

    @property
    def max_growth(self) -> int:
        """Slots that may be filled in an empty table."""
        # An empty slot ends a search: a table of one group, too, keeps one.
        return self.capacity * _MAX_LOAD // SLOTS

    def reset(self) -> None:
        """Empty the table; a walk over its slots sees that they are empty."""
        groups = self.mask + 1
        self.used = 0
        self.growth_left = self.max_growth
        self.slots[:] = [None] * self.capacity
        self.empty = bytearray((_ALL,)) * groups
        self.dead = bytearray(groups)

    def fill(self, entries: Iterable[Entry | None]) -> None:
        """Put entries that are not there yet into a table without tombstones."""
        slots, empty, mask = self.slots, self.empty, self.mask
        count = 0
        for entry in entries:
            if entry is None:
                continue
            count += 1
            group = (entry.hash >> 7) & mask
            free = empty[group]
            step = 0
            while not free:
                step += 1
                group = (group + step) & mask
                free = empty[group]
            empty[group] = free & (free - 1)
            slot = group * SLOTS + _FIRST[free]
            slots[slot] = entry
            entry.slot = slot
        self.used += count
        self.growth_left -= count

    def prune(self) -> None:
        """Take away tombstones that no search needs, if that wins a tenth of the table."""
        tombstones = self.max_growth - self.used - self.growth_left
        if tombstones * 10 < self.capacity:
            return
        empty, dead, mask = self.empty, self.dead, self.mask
        needed = bytearray(mask + 1)
        for slot, entry in enumerate(self.slots):
            if entry is None or type(entry.ident) is Never:
                continue  # nobody searches for a key that does not equal itself
            group = (entry.hash >> 7) & mask
            step = 0
            while group != slot // SLOTS:
                needed[group] = 1
                step += 1
                group = (group + step) & mask
        won = [g for g in range(mask + 1) if dead[g] and not needed[g]]
        if sum(dead[g].bit_count() for g in won) * 10 < self.capacity:
            return
        for group in won:
            self.growth_left += dead[group].bit_count()
            empty[group] |= dead[group]
            dead[group] = 0


class SwissMap(GoMap):
    """A map of Go 1.24 or newer; see :class:`gosim.memory.map.base.GoMap`.

    Parameters
    ----------
    hint : int
        The size given to ``make``.
    """

    __slots__ = (
        "_small",
        "_directory",
        "_depth",
        "_shift",
        "_tables_bytes",
        "_directory_bytes",
        "_tombstones_possible",
        "_prunes",
        "_update_grows",
    )

    def __init__(self, typ: MapType, go: MemoryFeatures, hint: int = 0, seed: int = 0) -> None:
        super().__init__(typ, go, seed)
        self._small: list[Entry | None] | None = None
        self._directory: list[_Table] = []
        self._depth = 0
        self._shift = 64
        self._tables_bytes = 0
        self._directory_bytes = 0
        self._tombstones_possible = False
        self._prunes = _PRUNES[go.go]
        self._update_grows = not _STORES_INTO_FULL_GROUP[go.go]
        if hint > SLOTS:
            self._make(hint)

    def _make(self, hint: int) -> None:
        """Make tables for `hint` entries."""
        slots = hint * SLOTS // _MAX_LOAD
        tables = 1 << (-(-slots // MAX_TABLE_CAPACITY) - 1).bit_length()
        if tables * MAX_TABLE_CAPACITY * self.layout.group_size > _MAX_ALLOC:
            return  # as if no hint had been given
        capacity = max(SLOTS, 1 << (slots // tables - 1).bit_length())
        depth = tables.bit_length() - 1
        self._set_directory([], depth, tables)
        self._directory = [self._new_table(capacity, depth, i) for i in range(tables)]

    def _table_size(self, capacity: int) -> int:
        groups = capacity // SLOTS
        return self.layout.bytes(groups * self.layout.group_size, self.layout.pointers)

    def _new_table(self, capacity: int, depth: int, index: int) -> _Table:
        size = self._table_size(capacity)
        self._malloc(_TABLE_BYTES)
        self._malloc(size)
        self._tables_bytes += _TABLE_BYTES + size
        return _Table(capacity, depth, index)

    def _drop_table(self, table: _Table) -> None:
        self._tables_bytes -= _TABLE_BYTES + self._table_size(table.capacity)
        table.index = -1

    def _set_directory(self, directory: list[_Table], depth: int, length: int) -> None:
        self._directory = directory
        self._depth = depth
        self._shift = 64 - depth
        self._directory_bytes = self._malloc(self.layout.bytes(length * POINTER_BYTES, True))

    def _table_bytes(self) -> int:
        if self._small is not None:
            return self._group_bytes()
        return self._tables_bytes + self._directory_bytes

    def _group_bytes(self) -> int:
        return self.layout.bytes(self.layout.group_size, self.layout.pointers)

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
            entry.value = value
            if self._update_key:
                entry.key = key
            if self._update_grows and self._small is not None and len(self._entries) == SLOTS:
                self._grow_to_table(self._small)
            return
        if type(key) is int:
            x = ((key ^ self._seed) * MULTIPLIER_1) & MASK64
            x = ((x ^ (x >> 32)) * MULTIPLIER_2) & MASK64
            hash_ = x ^ (x >> 29)
        else:
            hash_ = self._hash(key)
        entry = Entry(key, value, ident, hash_)
        if self._directory:
            self._put(entry, hash_)
        else:
            self._put_small(entry)
        self._entries[ident] = entry
        if self._outside:
            self._malloc_outside()

    def _put_small(self, entry: Entry) -> None:
        small = self._small
        if small is None:
            small = self._small = [None] * SLOTS
            self._malloc(self._group_bytes())
        if len(self._entries) == SLOTS:
            self._grow_to_table(small)
            self._put(entry, entry.hash)
            return
        entry.slot = small.index(None)
        small[entry.slot] = entry

    def _put(self, entry: Entry, hash_: int) -> None:
        """Store an entry that is not there yet."""
        while True:
            table = self._directory[hash_ >> self._shift]
            empty = table.empty
            mask = table.mask
            group = (hash_ >> 7) & mask
            free = empty[group]
            if not free:
                # Only a group without an empty slot can have tombstones; the first one that the
                # search comes by is taken, but only after it has ended.
                dead = table.dead
                step = 0
                tombstone = -1
                while not free:
                    if tombstone < 0 and dead[group]:
                        tombstone = group
                    step += 1
                    group = (group + step) & mask
                    free = empty[group]
                if tombstone >= 0:
                    bits = dead[tombstone]
                    dead[tombstone] = bits & (bits - 1)
                    slot = tombstone * SLOTS + _FIRST[bits]
                    break
            if not table.growth_left:
                if self._prunes:
                    table.prune()
                if not table.growth_left:
                    self._rehash(table)
                    continue
            table.growth_left -= 1
            empty[group] = free & (free - 1)
            slot = group * SLOTS + _FIRST[free]
            break
        table.used += 1
        table.slots[slot] = entry
        entry.slot = slot

    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``."""
        entry = self._find(key)
        if entry is None:
            return
        slot = entry.slot
        if self._small is not None:
            self._small[slot] = None
        else:
            table = self._directory[entry.hash >> self._shift]
            assert table.slots[slot] is entry
            group = slot // SLOTS
            bit = 1 << (slot & (SLOTS - 1))
            table.slots[slot] = None
            table.used -= 1
            if table.empty[group]:
                table.empty[group] |= bit
                table.growth_left += 1
            else:
                table.dead[group] |= bit
                self._tombstones_possible = True
        del self._entries[entry.ident]
        if not self._entries:
            self._reseed()

    def clear(self) -> None:
        """Do ``clear(m)``: the tables stay, as big as they are."""
        if not self._entries and not (self._prunes and self._tombstones_possible):
            return
        self._entries.clear()
        if self._small is not None:
            self._small[:] = [None] * SLOTS
        for table in self._tables():
            table.reset()
        self._tombstones_possible = False
        self._reseed()

    def _tables(self) -> Iterator[_Table]:
        """Each table once, in the order of the directory."""
        for i, table in enumerate(self._directory):
            if table.index == i:
                yield table

    # ---- growing ----

    def _grow_to_table(self, small: list[Entry | None]) -> None:
        table = self._new_table(2 * SLOTS, 0, 0)
        table.fill(small)
        self._small = None
        self._set_directory([table], 0, 1)

    def _rehash(self, table: _Table) -> None:
        """Replace a full table by one twice as big, or by two."""
        if table.capacity < MAX_TABLE_CAPACITY:
            bigger = self._new_table(2 * table.capacity, table.depth, table.index)
            bigger.fill(table.slots)
            self._drop_table(table)
            self._install(bigger)
            return
        depth = table.depth + 1
        left = self._new_table(MAX_TABLE_CAPACITY, depth, -1)
        right = self._new_table(MAX_TABLE_CAPACITY, depth, -1)
        bit = 1 << (64 - depth)
        entries = [entry for entry in table.slots if entry is not None]
        left.fill(entry for entry in entries if not entry.hash & bit)
        right.fill(entry for entry in entries if entry.hash & bit)
        if table.depth == self._depth:
            self._double_directory()
        left.index = table.index
        right.index = table.index + (1 << (self._depth - depth))
        self._drop_table(table)
        self._install(left)
        self._install(right)

    def _double_directory(self) -> None:
        doubled = [table for table in self._directory for _ in range(2)]
        for table in self._tables():
            table.index *= 2
        self._set_directory(doubled, self._depth + 1, len(doubled))

    def _install(self, table: _Table) -> None:
        for i in range(table.index, table.index + (1 << (self._depth - table.depth))):
            self._directory[i] = table

    # ---- ranging ----

    def iterate(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over the map: the tables in turn from a chosen one, each from a chosen slot."""
        if not self._entries:
            return iter(())
        if self._small is not None:
            return self._walk_small(self._small, choose(SLOTS))
        # Go's offset is taken modulo each table's capacity.
        offset = choose(MAX_TABLE_CAPACITY)
        return self._walk(offset, choose(len(self._directory)))

    def _walk_small(self, small: list[Entry | None], offset: int) -> Iterator[tuple[Any, Any]]:
        for i in range(SLOTS):
            entry = small[(i + offset) % SLOTS]
            if entry is not None and self._small is None:
                # Grown since: the old group says which keys, the map what is stored there now.
                entry = self._entries.get(entry.ident)
            if entry is not None:
                yield entry.key, entry.value

    def _walk(self, offset: int, start: int) -> Iterator[tuple[Any, Any]]:
        done = 0  # entries of the directory, counted from `start`
        depth = self._depth
        while done < len(self._directory):
            here = (done + start) & (len(self._directory) - 1)
            table = self._directory[here]
            # The first choice may fall into the middle of a table's run.
            start -= here - table.index
            mask = table.capacity - 1
            for i in range(table.capacity):
                entry = table.slots[(i + offset) & mask]
                if entry is None:
                    continue
                if table.index < 0:
                    entry = self._entries.get(entry.ident)
                    if entry is None:
                        continue
                yield entry.key, entry.value
                if depth != self._depth:
                    done <<= self._depth - depth
                    start <<= self._depth - depth
                    depth = self._depth
            # Past the whole run, also where the table was split meanwhile.
            done += 1 << (depth - table.depth)
