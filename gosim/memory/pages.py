"""Pages of the heap: which are taken, which are backed by memory (Go: ``mpagealloc.go``).

The heap's address space is cut into *chunks* of 512 pages (4 MiB). A chunk has two bitmaps: pages
that are taken, and pages that the system has taken back (*scavenged*: they cost nothing until they
are used again). Both are Python integers of 512 bits. Space is taken first-fit, at the lowest
address with enough free pages, and never given up: the heap only grows.

Invariants: ``taken + idle == mapped``; ``released <= idle``; a taken page is never scavenged.
"""

from __future__ import annotations

from typing import Final

CHUNK_PAGES: Final = 512
_FULL: Final = (1 << CHUNK_PAGES) - 1
_DENSE: Final = 496
"""Pages taken from which on a chunk counts as dense (``scavChunkHiOccPages``, 96.875 %)."""
_HUGE: Final = 256
"""Pages of a huge page of the system (2 MiB): released whole where that is possible."""


class Full(Exception):
    """The address space is used up.

    Attributes
    ----------
    pages : int
        By how many pages it had to grow.
    """

    def __init__(self, pages: int) -> None:
        super().__init__(pages)
        self.pages = pages


class Pages:
    """The page heap.

    Attributes
    ----------
    mapped : int
        Pages in the address space of the heap.
    taken : int
        Pages of spans.
    released : int
        Pages that the system has back, or has not been asked for yet.
    untouched : int
        Idle pages that are not released, but were never written to either (the far end of a stack
        that nobody needed): the runtime counts them as backed, the system does not.
    most : int or None
        So many pages there are at most; None for no end.
    """

    def __init__(self) -> None:
        self.mapped = 0
        self.taken = 0
        self.released = 0
        self.untouched = 0
        self.most: int | None = None
        self._used: list[int] = []
        self._scavenged: list[int] = []
        self._untouched: dict[int, int] = {}  # by chunk, where there are any
        self._count: list[int] = []  # taken pages of each chunk, at its last change ...
        self._before: list[int] = []  # ... and at the end of the generation before that
        self._changed: list[int] = []  # the generation of the last change
        self._generation = 0
        self._top = -1  # no chunk above has anything for the background scavenger
        self._first: dict[int, int] = {}  # by pages: no such run begins in a chunk below

    @property
    def idle(self) -> int:
        """Pages that are not taken."""
        return self.mapped - self.taken

    # -- taking and giving back --------------------------------------------------------------

    def allocate(self, pages: int) -> tuple[int, int, int]:
        """Take a run of pages.

        Returns
        -------
        tuple of int
            Its first page, how many of its pages had to be asked from the system, and by how many
            pages the heap grew for it.

        Raises
        ------
        Full
            There are not so many pages.
        """
        grown = 0
        start = self._find(pages)
        if start < 0:
            grown = self._grow(pages)
            start = self._find(pages)
        backed = 0
        generation = self._generation
        for chunk, mask, n in _pieces(start, pages):
            self._used[chunk] |= mask
            gone = self._scavenged[chunk] & mask
            if gone:
                self._scavenged[chunk] ^= gone
                backed += gone.bit_count()
            if self._changed[chunk] != generation:
                self._before[chunk] = self._count[chunk]
                self._changed[chunk] = generation
            self._count[chunk] += n
            if self._untouched:
                self._touch(chunk, mask)
        self.taken += pages
        self.released -= backed
        return start, backed, grown

    def free(self, start: int, pages: int, untouched: int = 0) -> None:
        """Give a run of pages back; they stay backed by memory.

        The first `untouched` of them nobody has written to.
        """
        generation = self._generation
        for chunk, mask, n in _pieces(start, pages):
            self._used[chunk] ^= mask
            if self._changed[chunk] != generation:
                self._before[chunk] = self._count[chunk]
                self._changed[chunk] = generation
            self._count[chunk] -= n
        for chunk, mask, n in _pieces(start, untouched) if untouched > 0 else ():
            self._untouched[chunk] = self._untouched.get(chunk, 0) | mask
            self.untouched += n
        self.taken -= pages
        if self._first:
            self._first = {}

    def _touch(self, chunk: int, mask: int) -> None:
        """Forget that pages were never written to: somebody has them now, or the system."""
        untouched = self._untouched.get(chunk, 0)
        if untouched & mask:
            self.untouched -= (untouched & mask).bit_count()
            self._untouched[chunk] = untouched & ~mask

    def _grow(self, pages: int) -> int:
        """Map whole chunks for `pages` pages, whatever is free at the end (``mheap.grow``)."""
        chunks = -(-pages // CHUNK_PAGES)
        if self.most is not None and self.mapped + chunks * CHUNK_PAGES > self.most:
            raise Full(chunks * CHUNK_PAGES)
        self._used += [0] * chunks
        self._scavenged += [_FULL] * chunks
        for numbers in (self._count, self._before, self._changed):
            numbers += [0] * chunks
        grown = chunks * CHUNK_PAGES
        self.mapped += grown
        self.released += grown
        return grown

    def _find(self, pages: int) -> int:
        """The lowest page at which a run of `pages` free ones begins; -1 if there is none."""
        used = self._used
        run = 0  # free pages just below this chunk
        for chunk in range(self._first.get(pages, 0), len(used)):
            bits = used[chunk]
            if not bits:
                run += CHUNK_PAGES
                if run >= pages:
                    return self._found(pages, (chunk + 1) * CHUNK_PAGES - run)
                continue
            if bits == _FULL:
                run = 0
                continue
            if run + (bits & -bits).bit_length() - 1 >= pages:
                return self._found(pages, chunk * CHUNK_PAGES - run)
            inside = _first_run(~bits & _FULL, pages)
            if inside >= 0:
                return self._found(pages, chunk * CHUNK_PAGES + inside)
            run = CHUNK_PAGES - bits.bit_length()
        self._first[pages] = max(0, len(used) - 1 - run // CHUNK_PAGES)
        return -1

    def _found(self, pages: int, start: int) -> int:
        self._first[pages] = start // CHUNK_PAGES
        return start

    def pad(self, pages: int) -> None:
        """Leave `pages` pages at the beginning unused for ever (the heap's base is random)."""
        self.allocate(pages)
        self.taken -= pages
        self.released += pages

    # -- scavenging --------------------------------------------------------------------------

    def next_generation(self) -> None:
        """Begin a new generation, as a collection does when its marking has ended."""
        self._generation += 1
        self._top = len(self._used) - 1

    def scavenge(self, pages: int, force: bool) -> int:
        """Give at least `pages` pages back to the system, from the highest address down.

        Parameters
        ----------
        pages : int
            How many; more where that gives a whole huge page back, fewer where there are no more.
        force : bool
            Also from chunks that were dense a generation ago: they will soon be filled again.

        Returns
        -------
        int
            Pages released.
        """
        released = 0
        top = chunk = len(self._used) - 1 if force else min(self._top, len(self._used) - 1)
        while released < pages and chunk >= 0:
            if force or not self._was_dense(chunk):
                n = self._scavenge_one(chunk, pages - released)
                if n:
                    released += n
                    continue
            chunk -= 1
        if not force and chunk < top:
            self._top = chunk
        self.released += released
        return released

    def _was_dense(self, chunk: int) -> bool:
        if self._count[chunk] >= _DENSE:
            return True
        return self._changed[chunk] == self._generation and self._before[chunk] >= _DENSE

    def _scavenge_one(self, chunk: int, most: int) -> int:
        backed = ~(self._used[chunk] | self._scavenged[chunk]) & _FULL
        if not backed:
            return 0
        end = backed.bit_length()
        run = end - (~backed & ((1 << end) - 1)).bit_length()
        start = end - min(run, most)
        if -(-start // _HUGE) * _HUGE <= end:
            huge = start // _HUGE * _HUGE
            if huge >= end - run:
                start = huge
        mask = (1 << end) - (1 << start)
        self._scavenged[chunk] |= mask
        if self._untouched:
            self._touch(chunk, mask)
        return end - start


def _pieces(start: int, pages: int) -> list[tuple[int, int, int]]:
    """The parts of a run in each chunk: the chunk, a mask of its pages, how many."""
    chunk, first = divmod(start, CHUNK_PAGES)
    if first + pages <= CHUNK_PAGES:
        return [(chunk, ((1 << pages) - 1) << first, pages)]
    parts = []
    while pages > 0:
        n = min(pages, CHUNK_PAGES - first)
        parts.append((chunk, ((1 << n) - 1) << first, n))
        pages -= n
        first = 0
        chunk += 1
    return parts


def _first_run(free: int, pages: int) -> int:
    """The lowest bit at which `pages` set bits begin; -1 if there is none."""
    if pages > CHUNK_PAGES:
        return -1
    have = 1
    while have < pages and free:
        step = min(have, pages - have)
        free &= free >> step
        have += step
    return (free & -free).bit_length() - 1
