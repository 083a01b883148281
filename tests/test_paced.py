"""The scheduler under which computing takes time."""

from __future__ import annotations

import gosim as gs
from gosim.runtime.paced import Paced
from gosim.runtime.token import decode

MANNERS = range(6)


async def overtaken() -> None:
    """A timer of a millisecond against a goroutine that hands over values for a while."""
    ch, done = gs.chan(int, 1), gs.chan(int)

    async def works() -> None:
        for i in range(3_000):
            await ch.send(i)
            await ch.recv()
        await done.send(0)

    gs.go(works)
    i, _, _ = await gs.select(gs.recv(done), gs.recv(gs.time.after(gs.time.Millisecond)))
    print("done" if i == 0 else "timeout")


async def sleeps() -> None:
    for ms in (3, 1, 2):

        async def nap(ms: int = ms) -> None:
            await gs.time.sleep(ms * gs.time.Millisecond)
            print(ms)

        gs.go(nap)
    await gs.time.sleep(gs.time.Second)


def test_timers_overtake_computation_where_steps_take_long() -> None:
    assert gs.run(overtaken).stdout == gs.run(overtaken, policy="random").stdout == "done\n"
    seen = {gs.run(overtaken, policy="paced", seed=seed).stdout for seed in range(12)}
    assert seen == {"done\n", "timeout\n"}


def test_the_pace_decides() -> None:
    slow, fast = Paced(0), Paced(0)
    slow.pace, fast.pace = 100_000.0, 1.0
    assert gs.run(overtaken, policy=slow).stdout == "timeout\n"
    assert gs.run(overtaken, policy=fast).stdout == "done\n"


def test_sleepers_wake_in_the_order_of_their_deadlines_when_nothing_is_computed() -> None:
    for seed in MANNERS:
        policy = Paced(seed)
        policy.pace = 1.0
        assert gs.run(sleeps, policy=policy).stdout == "1\n2\n3\n"


def test_a_seed_is_a_schedule_and_its_token_repeats_it() -> None:
    for seed in MANNERS:
        run = gs.run(overtaken, policy="paced", seed=seed)
        assert run.digest() == gs.run(overtaken, policy="paced", seed=seed).digest()
        assert decode(run.schedule).mode == "paced"
        assert run.digest()[1:] == gs.run(overtaken, replay=run.schedule).digest()[1:]


def test_deadlocks_and_leaks_are_found_as_ever() -> None:
    async def stuck() -> None:
        await gs.chan(int).recv()

    async def leaks() -> None:
        gs.go(stuck)
        await gs.gosched()

    for seed in MANNERS:
        assert gs.run(stuck, policy="paced", seed=seed).outcome == "deadlock"
        assert gs.run(leaks, policy="paced", seed=seed).outcome == "leak"
