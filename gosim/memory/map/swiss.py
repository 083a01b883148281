"""Maps as Swiss tables (Go: ``internal/runtime/maps`` from 1.24).

Up to eight entries lie in one *group* of eight slots. Then there is a *table*: groups that double
from two to 128, filled to 7/8. A full table of 1024 slots is split in two by one more leading bit
of the hash, and a *directory* leads from those bits to the tables. Deleting from a group that was
once full leaves a *tombstone*, lest searches end there too soon.

Which slot an entry has matters only to what is deleted and in which order ranging comes by, so a
table that was only ever added to keeps a plain list, and finds the slots when it is first asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from gosim.memory.heap import Block, Heap, Object
from gosim.memory.map.base import EMPTY, Choose, GoMap, Never, first
from gosim.memory.map.layout import POINTER_BYTES, SLOTS, Layout, MapType

MAX_TABLE_CAPACITY: Final = 1024
_TABLE_BYTES: Final = 32
_MAX_LOAD: Final = 7  # of 8 slots of a group, on average
_MAX_ALLOC: Final = 1 << 48

_FIRST: Final = bytes((i & -i).bit_length() - 1 if i else 0 for i in range(256))
"""The number of the lowest bit set, by mask."""
_ALL: Final = 0xFF


class _Table:
    """A table, and its groups.

    Attributes
    ----------
    block, groups : Block
        The descriptor and the groups: the objects on the heap.
    placed : bool
        Whether each ident has its slot.
    slots : list
        What is in the slots; while not placed only the idents, in the order they came.
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
        "block",
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
        idents: list[Any],
        layout: Layout,
        heap: Heap,
    ) -> None:
        self.capacity = capacity
        self.mask = capacity // SLOTS - 1
        self.depth = depth
        self.index = index
        self.placed = False
        self.slots = idents
        self.growth_left = self.max_growth - len(idents)
        self.empty = self.dead = bytearray()
        self.block = heap.malloc(_TABLE_BYTES, False)
        self.groups = heap.malloc(capacity // SLOTS * layout.group_size, not layout.pointers)

    def __gosim_referents__(self) -> Iterable[object]:
        return self.block, self.groups

    @property
    def max_growth(self) -> int:
        """Slots that may be filled in an empty table."""
        # An empty slot ends a search: a table of one group, too, keeps one.
        return self.capacity * _MAX_LOAD // SLOTS

    def idents(self) -> list[Any]:
        """What is in it, in order."""
        if self.placed:
            return [ident for ident in self.slots if ident is not EMPTY]
        return self.slots

    def reset(self) -> None:
        """Empty the table; a range over its slots sees that they are empty."""
        self.slots[:] = [EMPTY] * len(self.slots)
        self.slots = []
        self.placed = False
        self.growth_left = self.max_growth

    def place(self, hashes: Callable[[list[Any]], list[int]]) -> list[Any]:
        """Return the slots, with each ident in its own."""
        if self.placed:
            return self.slots
        idents, mask = self.slots, self.mask
        slots = self.slots = [EMPTY] * self.capacity
        empty = self.empty = bytearray((_ALL,)) * (mask + 1)
        self.dead = bytearray(mask + 1)
        self.placed = True
        for ident, hash_ in zip(idents, hashes(idents), strict=True):
            group = (hash_ >> 7) & mask
            free = empty[group]
            step = 0
            while not free:
                step += 1
                group = (group + step) & mask
                free = empty[group]
            empty[group] = free & (free - 1)
            slots[group * SLOTS + _FIRST[free]] = ident
        return slots

    def add(self, ident: Any, hash_: int) -> bool:
        """Store an ident that is not there yet; return False if there is no room."""
        if not self.placed:
            if not self.growth_left:
                return False
            self.growth_left -= 1
            self.slots.append(ident)
            return True
        empty, mask = self.empty, self.mask
        group = (hash_ >> 7) & mask
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
        self.slots[slot] = ident
        return True

    def remove(self, ident: Any, hash_: int) -> bool:
        """Take out an ident of a placed table; return whether that left a tombstone."""
        slots, mask = self.slots, self.mask
        group = (hash_ >> 7) & mask
        step = 0
        while ident not in (within := slots[group * SLOTS : (group + 1) * SLOTS]):
            step += 1
            group = (group + step) & mask
        place = within.index(ident)
        slots[group * SLOTS + place] = EMPTY
        if self.empty[group]:
            self.empty[group] |= 1 << place
            self.growth_left += 1
            return False
        self.dead[group] |= 1 << place
        return True

    def prune(self, hash_of: Callable[[Any], int]) -> None:
        """Take away tombstones that no search needs, if that wins a tenth of the table."""
        if not self.placed:
            return
        empty, dead, mask = self.empty, self.dead, self.mask
        if sum(map(int.bit_count, dead)) * 10 < self.capacity:
            return
        needed = bytearray(mask + 1)
        for slot, ident in enumerate(self.slots):
            if ident is EMPTY or type(ident) is Never:
                continue  # nobody searches for a key that does not equal itself
            group = (hash_of(ident) >> 7) & mask
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
        "_group",
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
        self._small: list[Any] | None = None
        self._group: Block | None = None
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

    def _new_table(self, capacity: int, depth: int, index: int, idents: list[Any]) -> _Table:
        return _Table(capacity, depth, index, idents, self.layout, self.heap)

    def _set_directory(self, directory: list[_Table], depth: int) -> None:
        self._directory_block = self.heap.malloc(len(directory) * POINTER_BYTES, False)
        self._directory = directory
        self._depth = depth
        self._shift = 64 - depth

    def _table_memory(self) -> Iterator[Object]:
        if self._group is not None:
            yield self._group
        if self._directory_block is not None:
            yield self._directory_block
        for table in self._tables():
            yield table.block
            yield table.groups

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
            self._values[ident] = value if self._bare else self._change(ident, key, value)
            if self._update_grows and self._small is not None and len(self._values) == SLOTS:
                self._grow_to_table(self._small)
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
        if self._directory:
            # The leading bits of the hash; where it is negative, a place counted from the end.
            table = self._directory[hash_ >> self._shift]
            if table.growth_left and not table.placed:
                table.growth_left -= 1
                table.slots.append(ident)
            else:
                self._put(ident, hash_)
        else:
            self._put_small(ident, hash_)
        self._values[ident] = value

    __setitem__ = set

    def _put_small(self, ident: Any, hash_: int) -> None:
        small = self._small
        if small is None:
            small = self._small = [EMPTY] * SLOTS
            self._group = self.heap.malloc(self.layout.group_size, not self.layout.pointers)
        elif len(self._values) == SLOTS:
            self._grow_to_table(small)
            self._put(ident, hash_)
            return
        small[next(i for i, there in enumerate(small) if there is EMPTY)] = ident

    def _put(self, ident: Any, hash_: int) -> None:
        while True:
            table = self._directory[hash_ >> self._shift]
            if table.add(ident, hash_):
                return
            if self._prunes:
                table.prune(self._hash_of)
            if not table.growth_left:
                self._rehash(table)

    def delete(self, key: Any) -> None:
        """Do ``delete(m, key)``."""
        ident, known = self._known(key)
        if not known:
            return
        if self._small is not None:
            self._small[self._small.index(ident)] = EMPTY
        else:
            hash_ = self._hash_of(ident)
            table = self._directory[hash_ >> self._shift]
            table.place(self._hashes_of)
            if table.remove(ident, hash_):
                self._tombstones_possible = True
        self._forget(ident)

    def clear(self) -> None:
        """Do ``clear(m)``: the tables stay, as big as they are."""
        if not self._values and not (self._prunes and self._tombstones_possible):
            return
        if self._small is not None:
            self._small[:] = [EMPTY] * SLOTS
        for table in self._tables():
            table.reset()
        self._tombstones_possible = False
        self._forget_all()

    def _tables(self) -> Iterator[_Table]:
        """Each table once, in the order of the directory."""
        for i, table in enumerate(self._directory):
            if table.index == i:
                yield table

    # ---- growing ----

    def _grow_to_table(self, small: list[Any]) -> None:
        idents = [ident for ident in small if ident is not EMPTY]
        self._set_directory([self._new_table(2 * SLOTS, 0, 0, idents)], 0)
        self._small = self._group = None

    def _rehash(self, table: _Table) -> None:
        """Replace a full table by one twice as big, or by two."""
        idents = table.idents()
        if table.capacity < MAX_TABLE_CAPACITY:
            whole = self._new_table(2 * table.capacity, table.depth, table.index, idents)
            table.index = -1
            self._install(whole)
            return
        depth = table.depth + 1
        bit = 1 << (64 - depth)
        hashes = self._hashes_of(idents)
        zeros = [i for i, hash_ in zip(idents, hashes, strict=True) if not hash_ & bit]
        ones = [i for i, hash_ in zip(idents, hashes, strict=True) if hash_ & bit]
        left = self._new_table(MAX_TABLE_CAPACITY, depth, -1, zeros)
        right = self._new_table(MAX_TABLE_CAPACITY, depth, -1, ones)
        if table.depth == self._depth:
            self._double_directory()
        left.index = table.index
        right.index = table.index + (1 << (self._depth - depth))
        table.index = -1
        self._install(left)
        self._install(right)

    def _double_directory(self) -> None:
        doubled = [table for table in self._directory for _ in range(2)]
        for table in self._tables():
            table.index *= 2
        self._set_directory(doubled, self._depth + 1)

    def _install(self, table: _Table) -> None:
        for i in range(table.index, table.index + (1 << (self._depth - table.depth))):
            self._directory[i] = table

    # ---- ranging ----

    def _range(self, choose: Choose) -> Iterator[Any]:
        """Range over the tables in turn from a chosen one, over each from a chosen slot."""
        if self._small is not None:
            return self._walk_small(self._small, self._group, choose(SLOTS))
        # Go's offset is taken modulo each table's capacity.
        offset = choose(MAX_TABLE_CAPACITY)
        return self._walk(offset, choose(len(self._directory)))

    def _walk_small(self, small: list[Any], group: Block | None, offset: int) -> Iterator[Any]:
        for i in range(SLOTS):
            ident = small[(i + offset) % SLOTS]
            # The map may have grown since: the old group says which keys, the map what is there.
            if ident is not EMPTY and ident in self._values:
                yield ident
        del group  # up to here the range keeps it alive

    def _walk(self, offset: int, start: int) -> Iterator[Any]:
        done = 0  # entries of the directory, counted from `start`
        depth = self._depth
        while done < len(self._directory):
            here = (done + start) & (len(self._directory) - 1)
            # The table stays alive while the range is in it, also when the map has replaced it.
            table = self._directory[here]
            # The first choice may fall into the middle of a table's run.
            start -= here - table.index
            mask = table.capacity - 1
            slots = table.place(self._hashes_of)
            for i in range(offset, offset + table.capacity):
                ident = slots[i & mask]
                if ident is EMPTY or (table.index < 0 and ident not in self._values):
                    continue
                yield ident
                if depth != self._depth:
                    done <<= self._depth - depth
                    start <<= self._depth - depth
                    depth = self._depth
            # Past the whole run, also where the table was split meanwhile.
            done += 1 << (depth - table.depth)
