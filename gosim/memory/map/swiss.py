"""Maps as Swiss tables (Go: ``internal/runtime/maps`` from 1.24).

Up to eight entries lie in one *group* of eight slots. Then there is a *table*: groups that double
from two to 128, filled to 7/8. A full table of 1024 slots is split in two by one more leading bit
of the hash, and a *directory* leads from those bits to the tables. Deleting from a group that was
once full leaves a *tombstone*, lest searches end there too soon.

Which slot an entry has matters only to what is deleted and in which order ranging comes by, so a
table that was only ever added to keeps a plain list, and finds the slots when it is first asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from gosim.memory.heap import Block, Heap, Object
from gosim.memory.map.base import Choose, Entry, GoMap, Never, Slots, first
from gosim.memory.map.layout import POINTER_BYTES, SLOTS, Layout, MapType

MAX_TABLE_CAPACITY: Final = 1024
_TABLE_BYTES: Final = 32
_MAX_LOAD: Final = 7  # of 8 slots of a group, on average
_MAX_ALLOC: Final = 1 << 48

_FIRST: Final = bytes((i & -i).bit_length() - 1 if i else 0 for i in range(256))
"""The number of the lowest bit set, by mask."""
_ALL: Final = 0xFF


class _Table(Object):
    """A table: the descriptor of 32 bytes, and its groups.

    Attributes
    ----------
    groups : Slots
        The groups, an object of their own.
    placed : bool
        Whether each entry has its slot.
    slots : list
        The slots; while not placed only the entries, in the order they came.
    empty, dead : bytearray
        For each group the mask of its empty slots and of its tombstones, once placed. No group has
        both.
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
        "growth_left",
        "depth",
        "index",
        "groups",
        "placed",
        "slots",
        "empty",
        "dead",
    )

    def __init__(
        self,
        capacity: int,
        depth: int,
        index: int,
        entries: list[Entry | None],
        layout: Layout,
        heap: Heap,
    ) -> None:
        self.capacity = capacity
        self.mask = capacity // SLOTS - 1
        self.depth = depth
        self.index = index
        self.placed = False
        self.slots = entries
        self.growth_left = self.max_growth - len(entries)
        self.empty = self.dead = bytearray()
        heap.allocate(self, _TABLE_BYTES, False)
        self.groups = Slots(entries, layout, heap, capacity // SLOTS * layout.group_size)

    def __gosim_referents__(self) -> Iterable[object]:
        return (self.groups,)

    @property
    def max_growth(self) -> int:
        """Slots that may be filled in an empty table."""
        # An empty slot ends a search: a table of one group, too, keeps one.
        return self.capacity * _MAX_LOAD // SLOTS

    def reset(self) -> None:
        """Empty the table; a walk over its slots sees that they are empty."""
        self.slots[:] = [None] * len(self.slots)
        self.slots = self.groups.entries = []
        self.placed = False
        self.growth_left = self.max_growth

    def place(self) -> list[Entry | None]:
        """Return the slots, with each entry in its own."""
        if self.placed:
            return self.slots
        entries, mask = self.slots, self.mask
        slots = self.slots = self.groups.entries = [None] * self.capacity
        empty = self.empty = bytearray((_ALL,)) * (mask + 1)
        self.dead = bytearray(mask + 1)
        self.placed = True
        for entry in entries:
            assert entry is not None
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
        return slots

    def add(self, entry: Entry) -> bool:
        """Store an entry that is not there yet; return False if there is no room."""
        if not self.placed:
            if not self.growth_left:
                return False
            self.growth_left -= 1
            self.slots.append(entry)
            return True
        empty, mask = self.empty, self.mask
        group = (entry.hash >> 7) & mask
        free = empty[group]
        tombstone = -1
        step = 0
        while not free:
            # Only a group without an empty slot can have tombstones; the first one that the search
            # comes by is taken, but only after it has ended.
            if tombstone < 0 and self.dead[group]:
                tombstone = group
            step += 1
            group = (group + step) & mask
            free = empty[group]
        if tombstone >= 0:
            bits = self.dead[tombstone]
            self.dead[tombstone] = bits & (bits - 1)
            slot = tombstone * SLOTS + _FIRST[bits]
        elif self.growth_left:
            self.growth_left -= 1
            empty[group] = free & (free - 1)
            slot = group * SLOTS + _FIRST[free]
        else:
            return False
        self.slots[slot] = entry
        entry.slot = slot
        return True

    def remove(self, entry: Entry) -> bool:
        """Take an entry out; return whether that left a tombstone."""
        slots = self.place()
        slot = entry.slot
        assert slots[slot] is entry
        slots[slot] = None
        group = slot // SLOTS
        bit = 1 << (slot & (SLOTS - 1))
        if self.empty[group]:
            self.empty[group] |= bit
            self.growth_left += 1
            return False
        self.dead[group] |= bit
        return True

    def prune(self) -> None:
        """Take away tombstones that no search needs, if that wins a tenth of the table."""
        if not self.placed:
            return
        empty, dead, mask = self.empty, self.dead, self.mask
        if sum(map(int.bit_count, dead)) * 10 < self.capacity:
            return
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
        "_directory_block",
        "_depth",
        "_shift",
        "_tombstones_possible",
        "_prunes",
        "_update_grows",
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
        self._small: Slots | None = None
        self._directory: list[_Table] = []
        self._directory_block: Block | None = None
        self._depth = 0
        self._shift = 64
        self._tombstones_possible = False
        self._prunes = heap.features.map_prunes_tombstones
        self._update_grows = heap.features.map_update_grows
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
        self._set_directory([self._new_table(capacity, depth, i, []) for i in range(tables)], depth)

    def _new_table(
        self, capacity: int, depth: int, index: int, entries: list[Entry | None]
    ) -> _Table:
        table = _Table(capacity, depth, index, entries, self.layout, self.heap)
        if self._points and self.heap.marking:
            self._shade(entries, written=True)
        return table

    def _set_directory(self, directory: list[_Table], depth: int) -> None:
        block = self.heap.malloc(len(directory) * POINTER_BYTES, False)
        block.refs = directory
        if self.heap.marking:
            self.heap.barrier(self._small or self._directory_block, block)
        self._directory = directory
        self._directory_block = block
        self._depth = depth
        self._shift = 64 - depth

    def memory(self) -> Iterator[Object]:
        """Yield what the map has on the heap, beside the header and what entries have outside."""
        if self._small is not None:
            yield self._small
        if self._directory_block is not None:
            yield self._directory_block
        for table in self._tables():
            yield table
            yield table.groups

    def __gosim_referents__(self) -> Iterable[object]:
        held = self._directory_block or self._small
        return () if held is None else (held,)

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
            if self._bare:
                entry.value = value
            else:
                self._change(entry, key, value)
            if self._update_grows and self._small is not None and len(self._entries) == SLOTS:
                self._grow_to_table(self._small)
            return
        entry = Entry()
        entry.ident = ident
        entry.key = key
        entry.value = value
        if type(key) is int:
            # As `mix` does.
            seed = self._seed
            x = key ^ seed
            entry.hash = hash_ = hash((x * x, seed))
        else:
            entry.hash = hash_ = self._hash(key)
        if not self._bare:
            self._prepare(entry)
        if self._directory:
            # The leading bits of the hash; where it is negative, a place counted from the end.
            table = self._directory[hash_ >> self._shift]
            if table.growth_left and not table.placed:
                table.growth_left -= 1
                table.slots.append(entry)
            else:
                self._put(entry)
        else:
            self._put_small(entry)
        self._entries[ident] = entry

    __setitem__ = set

    def _put_small(self, entry: Entry) -> None:
        if self._small is None:
            size = self.layout.group_size
            small = self._small = Slots([None] * SLOTS, self.layout, self.heap, size)
        elif len(self._entries) == SLOTS:
            self._grow_to_table(self._small)
            self._put(entry)
            return
        else:
            small = self._small
        entry.slot = small.entries.index(None)
        small.entries[entry.slot] = entry

    def _put(self, entry: Entry) -> None:
        while True:
            table = self._directory[entry.hash >> self._shift]
            if table.add(entry):
                return
            if self._prunes:
                table.prune()
            if not table.growth_left:
                self._rehash(table)

    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``."""
        entry = self._find(key)
        if entry is None:
            return
        if self._points and self.heap.marking:
            self._shade((entry,), written=False)
        if self._small is not None:
            self._small.entries[entry.slot] = None
        elif self._directory[entry.hash >> self._shift].remove(entry):
            self._tombstones_possible = True
        del self._entries[entry.ident]
        if not self._entries:
            self._reseed()

    def clear(self) -> None:
        """Do ``clear(m)``: the tables stay, as big as they are."""
        if not self._entries and not (self._prunes and self._tombstones_possible):
            return
        if self._points and self.heap.marking:
            self._shade(self._entries.values(), written=False)
        self._entries.clear()
        if self._small is not None:
            self._small.entries[:] = [None] * SLOTS
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

    def _grow_to_table(self, small: Slots) -> None:
        entries = [entry for entry in small.entries if entry is not None]
        self._set_directory([self._new_table(2 * SLOTS, 0, 0, list(entries))], 0)
        self._small = None

    def _rehash(self, table: _Table) -> None:
        """Replace a full table by one twice as big, or by two."""
        entries = [entry for entry in table.slots if entry is not None]
        if table.capacity < MAX_TABLE_CAPACITY:
            whole = self._new_table(2 * table.capacity, table.depth, table.index, list(entries))
            table.index = -1
            self._install(whole, table)
            return
        depth = table.depth + 1
        bit = 1 << (64 - depth)
        zeros: list[Entry | None] = [entry for entry in entries if not entry.hash & bit]
        ones: list[Entry | None] = [entry for entry in entries if entry.hash & bit]
        left = self._new_table(MAX_TABLE_CAPACITY, depth, -1, zeros)
        right = self._new_table(MAX_TABLE_CAPACITY, depth, -1, ones)
        if table.depth == self._depth:
            self._double_directory()
        left.index = table.index
        right.index = table.index + (1 << (self._depth - depth))
        table.index = -1
        self._install(left, table)
        self._install(right, None)

    def _double_directory(self) -> None:
        doubled = [table for table in self._directory for _ in range(2)]
        for table in self._tables():
            table.index *= 2
        self._set_directory(doubled, self._depth + 1)

    def _install(self, table: _Table, replaced: _Table | None) -> None:
        if self.heap.marking:
            self.heap.barrier(replaced, table)
        for i in range(table.index, table.index + (1 << (self._depth - table.depth))):
            self._directory[i] = table

    # ---- ranging ----

    def _range(self, choose: Choose) -> Iterator[tuple[Any, Any]]:
        """Range over the tables in turn from a chosen one, over each from a chosen slot."""
        if self._small is not None:
            return self._walk_small(self._small, choose(SLOTS))
        # Go's offset is taken modulo each table's capacity.
        offset = choose(MAX_TABLE_CAPACITY)
        return self._walk(offset, choose(len(self._directory)))

    def _walk_small(self, small: Slots, offset: int) -> Iterator[tuple[Any, Any]]:
        for i in range(SLOTS):
            entry = small.entries[(i + offset) % SLOTS]
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
            # The table stays alive while the range is in it, also when the map has replaced it.
            table = self._directory[here]
            # The first choice may fall into the middle of a table's run.
            start -= here - table.index
            mask = table.capacity - 1
            slots = table.place()
            for i in range(offset, offset + table.capacity):
                entry = slots[i & mask]
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
