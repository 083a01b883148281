"""What differs between Go versions about memory, as named features.

The sibling of ``gosim.runtime.version`` on the ground floor: this room imports nothing, so its
callers say which Go is simulated by passing a :class:`MemoryFeatures`. The record is looked up, not
computed: no file but ``runtime/version.py`` compares versions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class MemoryFeatures:
    """How one toolchain lays out and grows memory.

    Attributes
    ----------
    go : str
        The toolchain's release family, for display.
    malloc_headers : bool
        An object with pointers of more than 512 bytes has an 8-byte type pointer in front, and the
        heap bitmap of smaller ones lies at the end of their span (1.22).
    inline_mark_bits : bool
        Spans of objects from 16 to 512 bytes keep their mark bits in 128 bytes of the span (1.26:
        the Green Tea collector).
    stack_buffer : bool
        A slice that does not escape first grows into a buffer of 32 bytes on the stack (1.25).
    stack_buffer_moves : bool
        A slice built in such a buffer is moved to the heap when it is returned (1.26); before, it
        escaped and had no buffer.
    slices_delete_clears : bool
        ``slices.Delete``, ``DeleteFunc`` and the others zero the elements they cut off (1.22).
    slices_check_first : bool
        ``slices.Insert`` checks its index even when there is nothing to insert (1.22).
    slices_clone_keeps_empty : bool
        ``slices.Clone`` of an empty slice that is not nil still points at the original's array
        (1.22 and 1.23; Go issue 68488).
    strings_repeat_shares : bool
        ``strings.Repeat`` of blanks, dashes, zeros, equals signs and tabs shares a constant of the
        program when the result is short (1.23).
    strings_builder_rounds : bool
        ``strings.Builder.Grow`` makes all of the size class the capacity (1.23).
    strings_trim_forgets : bool
        ``strings.TrimSpace`` of nothing but space does not point into the string any more (1.26).
    swiss_maps : bool
        Maps are Swiss tables (1.24), not chains of buckets.
    map_load_factor_floor : bool
        The limit of 6.5 entries for each bucket was computed as 6 (1.21).
    map_update_grows : bool
        Storing to a key that is there makes a Swiss map of eight entries grow (up to 1.26).
    map_prunes_tombstones : bool
        A Swiss table takes away tombstones that no search needs before it grows, and ``clear`` of a
        map that is empty already takes them away, too (1.25; Go issue 70886).
    map_key_check_text : bool
        Reading or deleting a key that cannot be hashed in an empty map panics with another text
        than storing it does (1.25).
    g_struct_bytes, sudog_bytes : int
        Heap bytes of a goroutine descriptor and of one entry in a wait queue.
    defer_bytes : int
        Heap bytes of the record of a ``defer`` in a loop.
    system_stacks : int
        Stacks of 2 KiB that the runtime's own goroutines have taken when main starts.
    stack_variable_limit : int
        A variable of more bytes lies on the heap, never on a stack (``ir.MaxStackVarSize``): 10
        MiB, 128 KiB since 1.24. Arguments and results are not variables in this sense.
    hchan_bytes : int
        Bytes of a channel's own record, its buffer not counted and nothing rounded.
    timer_bytes, channel_timer_bytes : int
        Heap bytes of the timer that a goroutine sleeps on, and of one that a program makes
        (``time.Timer``), its channel not counted.
    timer_slot_bytes : int
        Bytes of one place in a processor's heap of timers.
    """

    go: str
    malloc_headers: bool
    inline_mark_bits: bool
    stack_buffer: bool
    stack_buffer_moves: bool
    slices_delete_clears: bool
    slices_check_first: bool
    slices_clone_keeps_empty: bool
    strings_repeat_shares: bool
    strings_builder_rounds: bool
    strings_trim_forgets: bool
    swiss_maps: bool
    map_load_factor_floor: bool
    map_update_grows: bool
    map_prunes_tombstones: bool
    map_key_check_text: bool
    g_struct_bytes: int
    sudog_bytes: int
    defer_bytes: int
    heap_padding_pages: int
    scavenge_page_ns: int
    settings_take_plus: bool
    system_stacks: int
    stack_variable_limit: int
    hchan_bytes: int
    timer_bytes: int
    channel_timer_bytes: int
    timer_slot_bytes: int


_GO_1_21: Final = MemoryFeatures(
    go="1.21",
    malloc_headers=False,
    inline_mark_bits=False,
    stack_buffer=False,
    stack_buffer_moves=False,
    slices_delete_clears=False,
    slices_check_first=False,
    slices_clone_keeps_empty=False,
    strings_repeat_shares=False,
    strings_builder_rounds=False,
    strings_trim_forgets=False,
    swiss_maps=False,
    map_load_factor_floor=True,
    map_update_grows=False,
    map_prunes_tombstones=False,
    map_key_check_text=False,
    g_struct_bytes=416,
    sudog_bytes=96,
    defer_bytes=80,
    heap_padding_pages=0,
    scavenge_page_ns=290,
    settings_take_plus=False,
    system_stacks=10,
    stack_variable_limit=10 << 20,
    hchan_bytes=96,
    timer_bytes=80,
    channel_timer_bytes=80,
    timer_slot_bytes=8,
)
_GO_1_22: Final = replace(
    _GO_1_21,
    go="1.22",
    malloc_headers=True,
    slices_delete_clears=True,
    slices_check_first=True,
    slices_clone_keeps_empty=True,
    map_load_factor_floor=False,
    g_struct_bytes=448,
    defer_bytes=48,
    scavenge_page_ns=223,
)
_GO_1_23: Final = replace(
    _GO_1_22,
    go="1.23",
    strings_repeat_shares=True,
    strings_builder_rounds=True,
    hchan_bytes=104,
    timer_bytes=96,
    channel_timer_bytes=112,
    timer_slot_bytes=16,
)
_GO_1_24: Final = replace(
    _GO_1_23,
    go="1.24",
    swiss_maps=True,
    map_update_grows=True,
    slices_clone_keeps_empty=False,
    stack_variable_limit=128 << 10,
)
_GO_1_25: Final = replace(
    _GO_1_24,
    go="1.25",
    stack_buffer=True,
    map_prunes_tombstones=True,
    map_key_check_text=True,
    hchan_bytes=112,
)
_GO_1_26: Final = replace(
    _GO_1_25,
    go="1.26",
    strings_trim_forgets=True,
    inline_mark_bits=True,
    stack_buffer_moves=True,
    g_struct_bytes=480,
    sudog_bytes=112,
    heap_padding_pages=256,
    settings_take_plus=True,
    system_stacks=11,
)
_GO_1_27: Final = replace(_GO_1_26, go="1.27", map_update_grows=False)

_BY_FAMILY: Final = {
    record.go: record
    for record in (_GO_1_21, _GO_1_22, _GO_1_23, _GO_1_24, _GO_1_25, _GO_1_26, _GO_1_27)
}


def features(go: str) -> MemoryFeatures:
    """Return how Go `go` deals with memory.

    Parameters
    ----------
    go : str
        A release family as ``Version.go`` names it, ``"1.21"`` to ``"1.27"``.

    Raises
    ------
    ValueError
        For any other text.

    Examples
    --------
    >>> features("1.23").swiss_maps, features("1.24").swiss_maps
    (False, True)
    """
    try:
        return _BY_FAMILY[go]
    except KeyError:
        known = ", ".join(_BY_FAMILY)
        raise ValueError(f"no memory features for Go {go!r}; known: {known}") from None
