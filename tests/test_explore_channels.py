"""Exploration of random small programs, held against every interleaving.

What makes two interleavings one trace is told here once more, from the table in
``docs/exploration.md``, on nothing but the names of the steps and what they touched.
"""

from __future__ import annotations

import random
from typing import Any

import explore_lab as lab
import pytest

import gosim as gs
from gosim.explore.optimal import Optimal
from gosim.runtime.program import Function

INDEPENDENT = {
    # unbuffered channels
    ("meet", "meet"),
    ("meet", "look"),
    # closed ones
    ("recv", "close"),
    ("zero", "zero"),
    ("refused", "refused"),
    ("zero", "refused"),
    # default, TryLock that fails
    ("look", "look"),
    ("try-", "try-"),
    # locks and groups
    ("rlock", "rlock"),
    ("rlock", "runlock"),
    ("runlock", "runlock"),
    ("add", "add"),
    ("done", "done"),
    ("wait", "wait"),
    # goroutines that come and go
    ("population", "population"),
    # variables
    ("read", "read"),
}


def depend(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two accesses to one object depend on each other, by the table."""
    x, y = one[0], other[0]
    if {x, y} == {"send", "recv"}:
        send, recv = (one, other) if x == "send" else (other, one)
        # the value that is received, or the room that the receive made
        return bool(send[1] == recv[1] or send[1] == recv[1] + recv[2])
    if "reclose" in (x, y):
        return "close" in (x, y)
    return (x, y) not in INDEPENDENT and (y, x) not in INDEPENDENT


def class_of(steps: list[Any]) -> Any:
    """The steps by name, and the order of those that depend."""
    taken: dict[str, int] = {}
    events = []
    for step in steps:
        label, who, accesses = tuple(step.label), step.who, step.accesses
        events.append((label, tuple(taken.get(g, 0) for g in who), frozenset(accesses)))
        for g in who:
            taken[g] = taken.get(g, 0) + 1
    pairs = set()
    for j, later in enumerate(steps):
        for i, earlier in enumerate(steps[:j]):
            if any(
                key == k and depend(mode, m)
                for key, mode in earlier.accesses
                for k, m in later.accesses
            ):
                pairs.add((events[i], events[j]))
    return frozenset(events), frozenset(pairs)


def program(seed: int) -> lab.Main:
    """A small program with channels of all kinds, selects, locks and groups."""
    rnd = random.Random(f"channels/{seed}")
    caps = [rnd.choice([0, 0, 0, 1, 1, 2, None]) for _ in range(rnd.randint(1, 3))]
    shut = [cap is not None and rnd.random() < 0.15 for cap in caps]
    kinds = (
        ["send", "recv"] * 4
        + ["close", "lock", "try", "rlock", "wlock", "add", "done", "wait", "print"]
        + ["select", "poll"] * 3
    )

    def body(most: int) -> list[tuple[str, Any]]:
        made: list[tuple[str, Any]] = []
        for _ in range(rnd.randint(1, most)):
            kind = rnd.choice(kinds)
            cases = [
                (rnd.choice(["send", "recv"]), rnd.randrange(len(caps)))
                for _ in range(rnd.randint(1, 3))
            ]
            made.append((kind, cases if kind in ("select", "poll") else rnd.randrange(len(caps))))
        return made

    bodies = [body(2) for _ in range(rnd.randint(1, 3))]
    own = body(2)

    async def main() -> None:
        chans = [gs.nil_chan(int) if cap is None else gs.chan(int, cap) for cap in caps]
        for ch, closed in zip(chans, shut, strict=True):
            if closed:
                await ch.close()
        mu, rw, wg = gs.sync.Mutex(), gs.sync.RWMutex(), gs.sync.WaitGroup()
        await wg.add(1)

        async def works(todo: list[tuple[str, Any]], i: int) -> None:
            for kind, what in todo:
                if kind == "send":
                    await chans[what].send(i)
                elif kind == "recv":
                    await chans[what].recv()
                elif kind == "close":
                    await chans[what].close()
                elif kind == "lock":
                    await mu.lock()
                    await mu.unlock()
                elif kind == "try":
                    if await mu.try_lock():
                        await mu.unlock()
                elif kind == "rlock":
                    await rw.rlock()
                    await rw.runlock()
                elif kind == "wlock":
                    await rw.lock()
                    await rw.unlock()
                elif kind == "add":
                    await wg.add(1)
                elif kind == "done":
                    await wg.done()
                elif kind == "wait":
                    await wg.wait()
                elif kind == "print":
                    print(i)
                else:
                    cases = [
                        gs.send(chans[c], i) if way == "send" else gs.recv(chans[c])
                        for way, c in what
                    ]
                    await gs.select(*cases, *([gs.default] if kind == "poll" else []))

        for i, todo in enumerate(bodies):
            gs.go(works, todo, i)
        await works(own, 9)

    return main


def ending(run: Any) -> Any:
    left = sorted((g.function, g.wait_reason, g.at) for g in run.goroutines)
    died = run.outcome in ("panic", "fatal")
    return run.outcome, run.stdout, run.stderr.partition("\n")[0], () if died else tuple(left)


def compare(seed: int, most: int) -> bool:
    """Hold one program's exploration against all its interleavings; False if they are too many."""
    main = Function(program(seed))
    every = lab.Every()
    classes, endings = set(), set()
    for n in range(most + 1):
        if n == most:
            return False
        control, run = lab.once(main, every, told=False)
        classes.add(class_of(control.steps))
        endings.add(ending(run))
        if not every.advance(control):
            break
    search = Optimal()
    explored = []
    found = set()
    while True:
        control, run = lab.once(main, search, told=False)
        if not search.cut:
            explored.append(class_of(control.steps))
            found.add(ending(run))
        if not search.advance(control):
            break
    assert found == endings
    assert len(explored) == len(set(explored)), "two executions of one class"
    assert set(explored) == classes
    assert search.blocked == 0
    return True


@pytest.mark.parametrize("seed", range(60))
def test_small_programs_have_the_traces_and_outcomes_of_all_interleavings(seed: int) -> None:
    compare(seed, 120)


@pytest.mark.slow
def test_three_hundred_programs_have_the_traces_and_outcomes_of_all_interleavings() -> None:
    held = 0
    seed = 100
    while held < 300:
        held += compare(seed, 3000)
        seed += 1
    assert seed < 1000
