"""go-facts 5.9 and 5.10 on whole programs: when collections come, when memory goes back.

Every row that was measured is told again by a program of gosim with the version it was measured
with; in 5.10 at every instant that was measured.  What the model leaves out, with numbers:

- "keeps allocating": where the first collection comes depends on the last one while the heap was
  built, and so on speeds: Go 1.21 needed 40 s, Go 1.27 and gosim less than 10 s, after which the
  scavenger needs 2 s. What is allocated and never written to is resident here (10 MiB a second
  until that collection).
- The number of collections of that row: 4.9 a second in Go, 2.5 here.
- While the background scavenger works figures are those of that instant: instants at which it was
  half done are not compared.
"""

from __future__ import annotations

from typing import Any

import pytest

import gosim as gs

from .facts import facts

MIB = 1 << 20
BLOCK = 16 << 10
SECOND = gs.time.Second
kept: list[Any] = []


# -- 5.9: pacing -----------------------------------------------------------------------------------


def measured() -> list[tuple[str, str, str, int, int]]:
    """Return version, GOGC, limit, live MiB and MiB of garbage of each row."""
    found = []
    for row in facts("gc_pacing"):
        words = dict(word.split("=") for word in row["setting"].split(" (")[0].split())
        found.append(
            (
                row["go"].removeprefix("go"),
                words["GOGC"],
                words.get("GOMEMLIMIT", "off"),
                int(words["live"]),
                int(row["garbage_MiB"]),
            )
        )
    return found


ROWS = dict(zip(measured(), facts("gc_pacing"), strict=True))


def cycles_in_any_version(gogc: str, limit: str, live: int) -> list[int]:
    return [row["gcs"] for key, row in ROWS.items() if key[1:4] == (gogc, limit, live)]


async def pacing(live: int, garbage: int) -> None:
    """The program that was measured: live blocks of 16 KiB, two collections, then garbage."""
    kept.clear()
    kept.extend(gs.make_slice(gs.types.BYTE, BLOCK) for _ in range(live * MIB // BLOCK))
    own = gs.make_slice(gs.types.BYTE, 32 << 10)  # the slice of what is live, texts to print
    await gs.runtime.gc()
    await gs.runtime.gc()
    start = gs.runtime.read_mem_stats()
    most = 0
    for i in range(garbage * MIB // BLOCK):
        gs.make_slice(gs.types.BYTE, BLOCK)
        if i % 64 == 63:  # a megabyte
            await gs.runtime.gosched()
            most = max(most, gs.runtime.read_mem_stats().heap_alloc)
    end = gs.runtime.read_mem_stats()
    print(start.next_gc, end.num_gc - start.num_gc, most)
    gs.runtime.keep_alive(own)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(map(str, row)))
def test_the_goal_and_the_number_of_collections_are_those_measured(
    row: tuple[str, str, str, int, int],
) -> None:
    version, gogc, limit, live, garbage = row
    run = gs.run(pacing, live, garbage, go=version, gogc=gogc, memlimit=limit)
    kept.clear()
    assert run.exit_code == 0, run.stderr
    goal, cycles, most = map(int, run.stdout.split())
    fact = ROWS[row]
    # With the collector off the goal is a number without meaning, 8 532 210 231 538 MiB.
    assert goal / MIB == pytest.approx(fact["nextgc_MiB"], abs=0.2, rel=1e-9)
    counts = cycles_in_any_version(gogc, limit, live)
    assert min(counts) <= cycles <= max(counts)
    if gogc == "off" and limit == "off":
        assert most / MIB == pytest.approx(fact["peak_heap_MiB"], abs=1)
    elif limit != "8MiB":
        assert most / MIB <= fact["nextgc_MiB"] + 1


# -- 5.10: memory back to the system ---------------------------------------------------------------

INSTANTS = (0, 1, 2, 5, 10, 20, 30, 45, 60, 90, 119, 125, 130, 140, 150, 180, 240, 300, 360, 380,
            420)  # fmt: skip


def rows_of(version: str, mode: str) -> dict[int, dict[str, Any]]:
    return {
        row["t_s"]: row
        for row in facts("memory_return_to_os")
        if (row["go"], row["mode"]) == (version, mode)
    }


def returned(mode: str) -> Any:
    """Return the program that was measured: 512 MiB are built up and dropped."""

    def written() -> Any:
        """A megabyte of which every page is resident."""
        block = gs.make_slice(gs.types.BYTE, MIB)
        for i in range(0, MIB, 4096):
            block[i] = 1
        return block

    async def main() -> None:
        def tell(t: int) -> None:
            ms = gs.runtime.read_mem_stats()
            print(t, ms.heap_alloc, ms.heap_idle, ms.heap_released, ms.rss, ms.num_gc)

        live = [written() for _ in range(512)]
        await gs.time.sleep(1)
        tell(-1)
        del live
        if mode == "free":
            await gs.debug.free_os_memory()
        for _ in range({"gc": 1, "gc2": 2}.get(mode, 0)):
            await gs.runtime.gc()
        past = 0
        for t in INSTANTS:
            while past < t:
                step = 1 if mode == "busy" else t - past
                await gs.time.sleep(step * SECOND)
                past += step
                if mode == "busy":
                    for _ in range(10):
                        written()
            tell(t)

    return main


def told(version: str, mode: str) -> dict[int, dict[str, float]]:
    run = gs.run(returned(mode), go=version)
    assert run.exit_code == 0, run.stderr
    found = {}
    for line in run.stdout.splitlines():
        t, alloc, idle, released, rss, cycles = map(int, line.split())
        found[t] = {
            "heap_alloc_MiB": alloc / MIB,
            "heap_idle_MiB": idle / MIB,
            "released_MiB": released / MIB,
            "rss_MiB": rss / MIB,
            "num_gc": cycles,
        }
    return found


@pytest.mark.parametrize("mode", ["free", "gc", "gc2", "nogc"])
@pytest.mark.parametrize("version", ["1.21", "1.27"])
def test_dropped_memory_goes_back_when_it_did(version: str, mode: str) -> None:
    want, found = rows_of(version, mode), told(version, mode)
    at_work = {t for t, row in want.items() if 8 < row["released_MiB"] < 500}
    assert set(want) <= set(found)
    for t, row in want.items():
        now = found[t]
        assert now["heap_alloc_MiB"] == pytest.approx(row["heap_alloc_MiB"], abs=2), t
        assert now["heap_idle_MiB"] == pytest.approx(row["heap_idle_MiB"], abs=6), t
        if t not in at_work:
            assert now["released_MiB"] == pytest.approx(row["released_MiB"], abs=8), t
            assert now["rss_MiB"] == pytest.approx(row["rss_MiB"], abs=12), t
        # The collections since the heap was built.
        assert now["num_gc"] - found[-1]["num_gc"] == row["num_gc"] - want[-1]["num_gc"], t


@pytest.mark.parametrize("version", ["1.21", "1.27"])
def test_a_program_that_goes_on_allocating_gives_it_back_after_its_next_collection(
    version: str,
) -> None:
    want, found = rows_of(version, "busy"), told(version, "busy")
    for t, row in want.items():
        if version == "1.21" and 10 <= t <= 30:
            # Its last collection while the heap was built came at another size, so the next one
            # comes at 810 MiB after 30 s; here, as in 1.27, before 10 s are over.
            assert found[t]["heap_alloc_MiB"] < 12 < row["heap_alloc_MiB"], t
            continue
        assert found[t]["heap_alloc_MiB"] == pytest.approx(row["heap_alloc_MiB"], abs=11), t
        if t <= 5:  # measured: the garbage was never written to, so it is not resident
            grown = found[t]["heap_alloc_MiB"] - found[-1]["heap_alloc_MiB"]
            assert found[t]["rss_MiB"] - grown == pytest.approx(row["rss_MiB"], abs=12), t
        elif t > 10:
            assert found[t]["rss_MiB"] == pytest.approx(row["rss_MiB"], abs=20), t
